"""The API reference: every resource has a row in its index, and whatever the index names is on the page it leads to."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from clio_async._codegen.reference import PACKAGES
from clio_async.models._generated import MODULES
from clio_async.resources._generated import RESOURCES

ROOT = Path(__file__).parents[2]


class Page(HTMLParser):
    """The addresses that a page leads to, its anchors, its table row by row, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        self.links += [given["href"] or ""] if tag == "a" and "href" in given else []
        self.rows += [[]] * (tag == "tr")
        if tag in {"td", "th"}:
            self.rows[-1] = [*self.rows[-1], ""]

    def handle_data(self, data: str) -> None:
        self.words += data.split()
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(self.words)


def test_make_docs_writes_pages_that_lead_to_each_other(tmp_path: Path) -> None:
    """In a process of its own, where warnings are errors; what it wrote is looked at here, since it takes a while."""
    command = [sys.executable, "-W", "error", "-m", "clio_async._codegen.reference", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    every_resource_has_a_row_that_leads_to_its_verbs_and_records(tmp_path)
    a_record_is_shown_with_its_attributes_and_their_types(tmp_path)
    the_page_of_a_verb_names_the_documented_values(tmp_path)


def every_resource_has_a_row_that_leads_to_its_verbs_and_records(pages: Path) -> None:
    """In the index, in the order of their names; the page and the place on it are there for each link."""
    index = Page(pages / "index.html")
    told = [row[0].strip() for row in index.rows[1:]]
    assert [f"clio.{name}" for name in sorted(RESOURCES)] == told
    assert all(cell.strip() for row in index.rows[1:] for cell in row)
    known = {"": index}
    for link in index.links:
        name, _, anchor = link.partition("#")
        page = known.setdefault(name, Page(pages / name) if name not in known else index)
        assert not anchor or anchor in page.anchors, link
    assert {*PACKAGES} <= index.anchors
    matters = dict(zip(told, index.rows[1:], strict=True))["clio.matters"]
    verbs, records = ({one.strip() for one in cell.split(",")} for cell in matters[1:3])
    assert {"list", "get", "create", "update", "delete", "edit", "get_many"} <= verbs
    assert {"Matter"} == records


def a_record_is_shown_with_its_attributes_and_their_types(pages: Path) -> None:
    """Those of a matter, each with a place of its own; what is private is not shown."""
    page = Page(pages / "clio_async/models/_generated/matters.html")
    assert {"Matter.id", "Matter.status", "Matter.client", "Matter.custom_field_values"} <= page.anchors
    assert "class Matter ( Record ):" in page.text
    assert "location : str | None" in page.text
    assert "open_date : datetime.date | None" in page.text
    assert not [anchor for anchor in page.anchors if "._" in anchor.removesuffix(".__init__")]
    assert "../../../index.html" in page.links
    assert all((pages / f"clio_async/models/_generated/{module}.html").is_file() for module in MODULES.values())


def the_page_of_a_verb_names_the_documented_values(pages: Path) -> None:
    """Of its filters and of what it takes; what lists can be ordered by stands on a line of its own."""
    text = Page(pages / "clio_async/resources/_generated/matters.html").text
    assert "status (open, closed, pending)" in text
    assert "Orders, each with (asc) or (desc): display_number, custom_number, id," in text
