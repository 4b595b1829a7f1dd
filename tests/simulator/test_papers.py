"""Reports and archives: each is a file of the format that it says, and of what was asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Jobs

from .caller import Caller, caller, error

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def firm(**options: Any) -> Caller:
    return caller(jobs=Jobs(seconds=0), **options)


def begun(asks: Caller, resource: str, data: Any) -> int:
    answer = asks.post(f"/{resource}.json", data)
    assert 201 == answer.status, answer.body
    number: int = json.loads(answer.body)["data"]["id"]
    return number


def had(asks: Caller, resource: str, number: int) -> Response:
    url = asks.get(f"/{resource}/{number}/download.json").headers["location"]
    return asks.simulator.answer(Request("GET", url, Headers({})))


def report(asks: Caller, wanted: str) -> bytes:
    return had(asks, "reports", begun(asks, "reports", {"kind": "trust_ledger", "format": wanted})).body


def names_in(content: bytes) -> list[str]:
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def entry(content: bytes, name: str) -> bytes:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


# -- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "kind", "start"),
    [
        ("csv", "text/csv", b"Matter,Client,Amount\r\n"),
        ("html", "text/html", b"<!DOCTYPE html>"),
        ("json", "application/json", b"{"),
        ("pdf", "application/pdf", b"%PDF-1."),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
        ("zip", "application/zip", b"PK\x03\x04"),
    ],
)
def test_a_report_is_of_its_format(wanted: str, kind: str, start: bytes) -> None:
    """Its content type says so, and its first bytes; one that is downloaded again is the same."""
    asks = firm()
    number = begun(asks, "reports", {"kind": "trust_ledger", "format": wanted})
    answer = had(asks, "reports", number)
    assert (200, kind, start) == (answer.status, answer.headers["content-type"], answer.body[: len(start)])
    asks.simulator.change("matters", 1, display_number="Another")
    again = had(asks, "reports", number)
    assert (answer.body, kind) == (again.body, again.headers["content-type"])


def rows_of(asks: Caller) -> list[list[str]]:
    return list(csv.reader(io.StringIO(report(asks, "csv").decode(), newline="")))


def test_a_report_is_about_the_firm() -> None:
    """Five matters by their numbers, each with its client and an amount; fewer where there are fewer."""
    asks = firm()
    heading, *rows = rows_of(asks)
    assert ["Matter", "Client", "Amount"] == heading
    shown = [asks.data(f"/matters/{number}.json?fields=display_number,client{{name}}") for number in range(1, 6)]
    assert [[it["display_number"], it["client"]["name"]] for it in shown] == [row[:2] for row in rows]
    assert all(re.fullmatch(r"\d+\.\d\d", row[2]) for row in rows)
    assert 2 == len(rows_of(firm(matters=1)))


def test_json_and_html_hold_the_same_rows() -> None:
    """Whoever reads them finds what the table says."""
    asks = firm()
    found = json.loads(report(asks, "json"))
    assert "Trust ledger" == found["report"]
    assert ["matter", "client", "amount"] == list(found["rows"][0])
    assert [row[:2] for row in rows_of(asks)[1:]] == [[row["matter"], row["client"]] for row in found["rows"]]
    cells = Cells()
    cells.feed(report(asks, "html").decode())
    assert ["Matter", "Client", "Amount"] == cells.found[:3]
    assert [row["client"] for row in found["rows"]] == cells.found[4::3]


class Cells(HTMLParser):
    """The texts of the cells of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in {"td", "th"}:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self.found and data.strip():
            self.found[-1] += data


def check_pdf(content: bytes) -> bytes:
    """Follow a PDF as a reader does: from its end to its objects. Return the stream of the page."""
    end = re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", content)
    assert end is not None
    table = content[int(end[1]) :]
    size = int(re.match(rb"xref\n0 (\d+)\n", table)[1])  # type: ignore[index]  # pyright: ignore[reportOptionalSubscript]
    entries = re.findall(rb"(\d{10}) (\d{5}) ([nf]) \n", table)
    assert size == len(entries)
    assert (b"0000000000", b"65535", b"f") == entries[0]
    for number, (place, _, kind) in enumerate(entries[1:], 1):
        assert b"n" == kind
        assert content[int(place) :].startswith(b"%d 0 obj\n" % number)
    assert b"/Size %d /Root 1 0 R" % size in table
    stream = re.search(rb"<< /Length (\d+) >>\nstream\n", content)
    assert stream is not None
    body = content[stream.end() : stream.end() + int(stream[1])]
    assert content[stream.end() + len(body) :].startswith(b"endstream\nendobj\n")
    return body


def test_a_pdf_can_be_followed_from_its_end() -> None:
    """Each place that its table names is that of the object, and the text is on the page."""
    body = check_pdf(report(firm(), "pdf"))
    assert body.startswith(b"BT ")
    assert body.endswith(b"ET\n")
    assert b"(Trust ledger) '" in body
    assert 3 + 5 == body.count(b") '\n")


def check_workbook(content: bytes) -> list[list[str]]:
    """Follow a workbook from its relations to its sheet, and return what the cells hold."""
    assert "[Content_Types].xml" == names_in(content)[0]
    parts = {name: ElementTree.fromstring(entry(content, name)) for name in names_in(content)}
    assert "xl/workbook.xml" == parts["_rels/.rels"][0].attrib["Target"]
    (sheet,) = parts["xl/workbook.xml"].iter(f"{SHEET}sheet")
    relation = parts["xl/_rels/workbook.xml.rels"][0].attrib
    assert relation["Id"] in sheet.attrib.values()
    named = {each.attrib["PartName"] for each in parts["[Content_Types].xml"] if "PartName" in each.attrib}
    assert {"/xl/workbook.xml", f"/xl/{relation['Target']}"} == named
    rows = parts[f"xl/{relation['Target']}"].iter(f"{SHEET}row")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def test_a_workbook_can_be_followed_from_its_relations() -> None:
    """Its sheet has the rows, and amounts are numbers."""
    asks = firm()
    content = report(asks, "xlsx")
    found = check_workbook(content)
    assert [row[:2] for row in rows_of(asks)] == [row[:2] for row in found]
    sheet = ElementTree.fromstring(entry(content, "xl/worksheets/sheet1.xml"))
    kinds = [cell.attrib.get("t") for cell in list(sheet.iter(f"{SHEET}row"))[1]]
    assert ["inlineStr", "inlineStr", None] == kinds


def test_a_zipped_report_holds_its_table() -> None:
    """One file, and it is the CSV."""
    content = report(firm(), "zip")
    assert ["Trust ledger.csv"] == names_in(content)
    assert entry(content, "Trust ledger.csv").startswith(b"Matter,Client,Amount\r\n")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_leaves_a_file_sound(number: str, client: str) -> None:
    """Whatever matters and clients are called, every format can be read, and holds the same."""
    asks = firm(matters=1, contacts=1)
    asks.simulator.change("matters", 1, display_number=number)
    contacts = asks.simulator.firm().table("contacts")
    contact = contacts.get(1)
    assert contact is not None
    contact.written["name"] = client  # also one that no request could give it
    contacts.keep(contact)
    check_pdf(report(asks, "pdf"))
    shown = json.loads(report(asks, "json"))["rows"][0]
    row = check_workbook(report(asks, "xlsx"))[1]
    assert [shown["matter"], shown["client"]] == [row[0], row[1]] or "\r" in number + client
    assert [shown["matter"], shown["client"]] == rows_of(asks)[1][:2]
    Cells().feed(report(asks, "html").decode())


def test_a_text_in_a_pdf_cannot_end_it() -> None:
    """Brackets and backslashes are marked, line ends are spaces, and what the font has not is a question mark."""
    asks = firm(matters=1)
    asks.simulator.change("matters", 1, display_number=") ET\\ (x\r\nyé漢")
    assert rb"(\) ET\\ \(x  y" + "é".encode("cp1252") + b"?   " in check_pdf(report(asks, "pdf"))


def test_a_report_of_no_format_is_a_table() -> None:
    """As a test may add one; so is one of a firm, and of a client, that are not there any more."""
    asks = firm()
    number = asks.simulator.add("reports")
    asks.simulator.firm().table("matters").remove(1)
    asks.simulator.change("matters", 2, client=None)
    asks.data(f"/reports/{number}.json")
    answer = had(asks, "reports", number)
    assert "text/csv" == answer.headers["content-type"]
    heading, first, *_ = answer.body.decode().splitlines()
    assert "Matter,Client,Amount" == heading
    assert asks.data("/matters/2.json?fields=display_number")["display_number"] == first.split(",")[0]
    assert "" == first.split(",")[1]


def test_a_file_of_the_tests_own_is_in_the_place() -> None:
    """Of the report's content type; what was removed is gone."""
    asks = firm()
    number = begun(asks, "reports", {"kind": "revenue", "format": "json"})
    path = asks.simulator.put_file("reports", number, b"[]")
    answer = had(asks, "reports", number)
    assert (b"[]", "application/json") == (answer.body, answer.headers["content-type"])
    asks.simulator.put_file("reports", number, b"{}")
    assert b"{}" == had(asks, "reports", number).body
    asks.simulator.storage.remove(path)
    assert 404 == had(asks, "reports", number).status


# -- archives --------------------------------------------------------------------------------------------------------


def archive(asks: Caller, *items: Any) -> bytes:
    """Return an archive; what its record says of its size is so, before it is had and after."""
    number = begun(asks, "document_archives", {"items": [*items]})
    size = asks.data(f"/document_archives/{number}.json?fields=size")["size"]
    answer = had(asks, "document_archives", number)
    assert (200, "application/zip") == (answer.status, answer.headers["content-type"])
    assert size == len(answer.body) == asks.data(f"/document_archives/{number}.json?fields=size")["size"]
    return answer.body


def document(number: int) -> dict[str, Any]:
    return {"id": number, "type": "Document"}


def filed(asks: Caller, name: str, content: bytes | int, **values: Any) -> int:
    number = asks.simulator.add("documents", name=name, filename=name, **values)
    asks.simulator.put_file("documents", number, content)
    return number


def test_an_archive_holds_the_documents() -> None:
    """Each under its name, with its bytes, as it was when the archive was asked for."""
    asks = firm()
    first, second = filed(asks, "a.txt", b"one"), filed(asks, "b.bin", 1000)
    content = archive(asks, document(first), document(second))
    assert ["a.txt", "b.bin"] == names_in(content)
    assert (b"one", 1000) == (entry(content, "a.txt"), len(entry(content, "b.bin")))

    asks.simulator.jobs = Jobs(reads=2)
    number = begun(asks, "document_archives", {"items": [document(first)]})
    asks.simulator.put_file("documents", first, b"two")
    for _ in range(2):
        asks.data(f"/document_archives/{number}.json")
    assert b"one" == entry(had(asks, "document_archives", number).body, "a.txt")


def test_names_in_an_archive_lead_nowhere_else_and_differ() -> None:
    """Whatever documents are called: none is above the place where it is unpacked, and none hides another."""
    asks = firm()
    names = ["../../etc/passwd", "/etc/passwd", "a.txt", "A.TXT", "a.txt", "C:\\x", ".."]
    numbers = [filed(asks, name, b"x") for name in names]
    found = names_in(archive(asks, *map(document, numbers)))
    assert len(names) == len({name.casefold() for name in found})
    assert not [name for name in found if "/" in name or "\\" in name or ":" in name or name.startswith(".")]
    assert ["a.txt", "A (2).TXT", "a (3).txt"] == found[2:5]


def test_a_large_document_is_a_line_in_an_archive() -> None:
    """An archive stays small; the line says how large the document is. So it is where bytes were not kept."""
    asks = firm()
    large, limit = filed(asks, "a", 5 * 2**30), filed(asks, "b", 2**20)
    content = archive(asks, document(large), document(limit))
    assert b"In the place of 5368709120 bytes.\n" == entry(content, "a")
    assert 2**20 == len(entry(content, "b"))
    asks.simulator.storage.kept = 0
    announced = asks.post(
        "/documents.json?fields=id,latest_document_version{uuid,put_url,put_headers}",
        {"name": "c", "parent": {"id": 1, "type": "Matter"}},
    )
    made = json.loads(announced.body)["data"]
    version = made["latest_document_version"]
    fields = {row["name"]: row["value"] for row in version["put_headers"]}
    asks.simulator.answer(Request("PUT", version["put_url"], Headers(fields), b"abc"))
    asks.patch(f"/documents/{made['id']}.json", {"uuid": version["uuid"], "fully_uploaded": True})
    assert b"In the place of 3 bytes.\n" == entry(archive(asks, document(made["id"])), "c")


def test_a_document_whose_bytes_are_gone_is_empty() -> None:
    """A test has taken them away."""
    asks = firm()
    number = asks.simulator.add("documents", name="a")
    asks.simulator.storage.remove(asks.simulator.put_file("documents", number, b"x"))
    assert b"" == entry(archive(asks, document(number)), "a")


def test_a_folder_is_archived_with_all_in_it() -> None:
    """However deep, and without what is in the trash, hidden, or was never uploaded; one without any is empty."""
    asks = Caller(firm(counts={"documents": 0, "folders": 1}).simulator, user=2)
    simulator = asks.simulator
    top = simulator.add("folders", name="Top", parent={"id": 1, "type": "Folder"})
    inner = simulator.add("folders", name="Inner", parent={"id": top, "type": "Folder"})
    filed(asks, "a.txt", b"a", parent={"id": top, "type": "Folder"})
    filed(asks, "b.txt", b"b", parent={"id": inner, "type": "Folder"})
    filed(asks, "elsewhere.txt", b"c")
    simulator.delete("documents", filed(asks, "gone.txt", b"d", parent={"id": inner, "type": "Folder"}))
    simulator.hide("documents", filed(asks, "hidden.txt", b"e", parent={"id": inner, "type": "Folder"}), user=2)
    simulator.add("documents", name="empty", parent={"id": inner, "type": "Folder"})
    simulator.firm().table("documents").remove(filed(asks, "deleted", b"f", parent={"id": top, "type": "Folder"}))
    content = archive(asks, {"id": top, "type": "Folder"}, {"id": top, "type": "Folder"})
    assert ["Top/", "Top/a.txt", "Top/b.txt", "Top/a (2).txt", "Top/b (2).txt"] == names_in(content)
    bare = simulator.add("folders", name="Bare", parent={"id": 1, "type": "Folder"})
    assert ["Bare/"] == names_in(archive(asks, {"id": bare, "type": "Folder"}))


@pytest.mark.parametrize(
    "items",
    [
        None,
        [],
        {},
        "1",
        [7],
        [{}],
        [{"id": 1}],
        [{"id": 1, "type": "Matter"}],
        [{"id": 1, "type": ["Document"]}],
        [{"id": 4_000, "type": "Document"}],
        [{"id": "x", "type": "Document"}],
        [{"id": None, "type": "Folder"}],
        [{"id": 1, "type": "Document"}, {"id": 4_000, "type": "Folder"}],
    ],
)
def test_an_archive_of_nothing_is_refused(items: Any) -> None:
    """422, and none is begun; also where one of several items does not exist."""
    asks = firm()
    before = asks.simulator.firm().table("document_archives").total
    assert (422, "ArgumentError") == error(asks.post("/document_archives.json", {"items": items}))[:2]
    assert before == asks.simulator.firm().table("document_archives").total


def test_what_cannot_be_had_cannot_be_archived() -> None:
    """In the trash, hidden from the user, or never uploaded."""
    asks = Caller(firm().simulator, user=2)
    simulator = asks.simulator
    trashed, hidden, empty = filed(asks, "a", b"x"), filed(asks, "b", b"x"), simulator.add("documents", name="c")
    simulator.delete("documents", trashed)
    simulator.hide("documents", hidden, user=2)
    for number in (trashed, hidden, empty):
        assert 422 == asks.post("/document_archives.json", {"items": [document(number)]}).status
    assert 201 == Caller(simulator).post("/document_archives.json", {"items": [document(hidden)]}).status


def test_an_archive_that_nobody_asked_for_is_one_too() -> None:
    """Those that a firm has from the beginning hold a document; each another."""
    asks = firm()
    for number in (1, 2):
        asks.simulator.change("document_archives", number, state="completed")
    first, second = (had(asks, "document_archives", number).body for number in (1, 2))
    assert ["Document.txt"] == names_in(first)
    assert entry(first, "Document.txt") != entry(second, "Document.txt")
