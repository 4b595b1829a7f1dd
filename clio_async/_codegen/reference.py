"""`python -m clio_async._codegen.reference FOLDER`: write the API reference, made of docstrings and annotations.

There is a page for each package that a caller imports from, one for the verbs of each resource, one for its records,
and an index that leads to all of them.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

import pdoc.doc
import pdoc.render
from attrs import frozen

from ..models import registry
from ..models._generated import MODULES
from ..resources._generated import RESOURCES
from .tables import record_name

__all__ = ["Link", "Package", "Row", "main", "packages", "rows", "write"]

PACKAGES = ("clio_async", "clio_async.testing", "clio_async.webhooks", "clio_async.otel")
_BASES = ("clio_async.models.record",)
_TEMPLATES = Path(__file__).parent / "templates" / "pages"
_UNRESOLVED = ("Failed to run TYPE_CHECKING", "Error parsing type annotation")
"""What is said of annotations that cannot be resolved, such as those that name types of stubs: they stay text."""


@frozen
class Link:
    """A name, and where it is explained."""

    text: str
    module: str
    anchor: str = ""

    @property
    def address(self) -> str:
        """Return the address of the page, relative to the index."""
        page = f"{self.module.replace('.', '/')}.html"
        return f"{page}#{self.anchor}" if self.anchor else page


@frozen
class Row:
    """What the index says of a resource."""

    name: Link
    verbs: tuple[Link, ...]
    records: tuple[Link, ...]


@frozen
class Package:
    """What the index says of a package."""

    name: str
    address: str
    first: str
    """The first line of its docstring."""
    names: tuple[Link, ...]


def rows() -> Iterator[Row]:
    """Yield what the index says of each resource, in the order of their names."""
    for name, (module, of) in sorted(RESOURCES.items()):
        cls: type[object] = getattr(import_module(module, "clio_async.resources._generated"), of)
        yield Row(Link(f"clio.{name}", cls.__module__, of), tuple(_verbs(cls)), tuple(_records(name)))


def _verbs(cls: type[object]) -> Iterator[Link]:
    """Yield the verbs of a resource, each where its docstring is: its own before those that others have, too."""
    found: set[str] = set()
    for base in cls.__mro__[:-1]:
        for name in vars(base):
            if not name.startswith("_") and name not in found and callable(getattr(cls, name)):
                found.add(name)
                yield Link(name, base.__module__, f"{base.__qualname__}.{name}")


def _records(resource: str) -> Iterator[Link]:
    """Yield the classes of the records that a resource reads: its own one first."""
    found = registry.resource(resource)
    schemas = [found.schema, *(operation.schema for operation in found.operations.values())]
    for name in dict.fromkeys(record_name(schema) for schema in schemas if schema is not None):
        yield Link(name, f"clio_async.models._generated.{MODULES[name]}", name)


def packages() -> Iterator[Package]:
    """Yield what the index says of the packages that a caller imports from."""
    for name in PACKAGES:
        module = import_module(name)
        vars(module).update({one: getattr(module, one) for one in module.__all__})  # pdoc does not ask for lazy names
        links = tuple(Link(one, name, one) for one in sorted(module.__all__, key=str.casefold) if one[0] != "_")
        first = (module.__doc__ or "").partition("\n")[0].replace("``", "")
        yield Package(name, Link(name, name).address, first, links)


def _modules(found: Iterable[Row]) -> list[str]:
    """Return the names of the modules that get a page: whatever the index leads to."""
    linked = [link.module for row in found for link in (row.name, *row.verbs, *row.records)]
    records = [f"clio_async.models._generated.{module}" for module in MODULES.values()]
    return [*dict.fromkeys((*PACKAGES, *_BASES, *sorted({*linked, *records})))]


def write(folder: Path) -> None:
    """Write all pages into a folder."""
    table, imported = [*rows()], [*packages()]
    pages = {name: pdoc.doc.Module.from_name(name) for name in _modules(table)}
    pdoc.render.configure(include_undocumented=False, show_source=False, template_directory=_TEMPLATES)
    for name, module in pages.items():
        page = folder / Link(name, name).address
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(pdoc.render.html_module(module, pages), "utf-8")
    index = pdoc.render.env.get_template("index.html.jinja2")
    (folder / "index.html").write_text(index.render(rows=table, packages=imported, search=True), "utf-8")
    (folder / "search.js").write_text(pdoc.render.search_index(pages), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the reference; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m clio_async._codegen.reference")
    parser.add_argument("folder", type=Path, help="where the pages go")
    options = parser.parse_args(arguments)
    with warnings.catch_warnings():
        for message in _UNRESOLVED:
            warnings.filterwarnings("ignore", message=message)
        write(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
