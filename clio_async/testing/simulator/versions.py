"""The versions of a document: rows that belong to it. What the document is, its latest complete one is."""

from __future__ import annotations

from mimetypes import MimeTypes
from typing import Any, Final

from .contents import made_up
from .draw import hexadecimal
from .things import Record, Row

__all__ = [
    "add_version",
    "complete_of",
    "kind_of",
    "path_of",
    "replace_version",
    "settled",
    "version_of",
    "versions_of",
]

_KEY: Final = "#versions"
_KINDS: Final = MimeTypes()
UNKNOWN: Final = "application/octet-stream"


def kind_of(filename: Any) -> str:
    """Return the content type of a file by the end of its name."""
    return (_KINDS.guess_type(str(filename))[0] if filename else None) or UNKNOWN


def versions_of(document: Record) -> tuple[Row, ...]:
    """Return the versions of a document, oldest first: one or two of a made-up one."""
    written = document.written.get(_KEY)
    if written is not None or document.blank:
        return written or ()
    return tuple(_made(document, index) for index in range(1 + document.draw.number(_KEY, 2)))


def _made(document: Record, index: int) -> Row:
    version = document.row(document.schema.fields["latest_document_version"], index)
    names = {name: document.made(name) for name in ("filename", "content_type")}
    version.written.update(names, size=len(made_up(path_of(document, version))))
    return version


def version_of(document: Record, id: int) -> Row | None:
    """Return the version of that id, None if the document has none."""
    return next((version for version in versions_of(document) if version.number == id), None)


def complete_of(document: Record) -> Row | None:
    """Return the latest version whose bytes are there, None if there is none."""
    return next((version for version in reversed(versions_of(document)) if version.get("fully_uploaded")), None)


def add_version(document: Record, **values: Any) -> Row:
    """Add a version to a document, as its latest."""
    version = document.firm.new_row(document, document.schema.fields["latest_document_version"])
    before = versions_of(document)
    version.written.update(
        document_id=document.number,
        version_number=len(before) + 1,
        uuid=hexadecimal(version.draw.key),
        fully_uploaded=False,
    )
    version.written.update(values)
    document.written[_KEY] = (*before, version)
    document.table.keep(document)
    if version.written["fully_uploaded"]:
        settled(document)
    return version


def settled(document: Record) -> None:
    """Let a document have the size, type and file name of its latest complete version."""
    latest = complete_of(document)
    names = ("filename", "size", "content_type") if latest else ()
    document.written.update({name: latest and latest.get(name) for name in names})


def replace_version(document: Record, version: Row) -> None:
    """Put a version in the place of the one of its id."""
    kept = tuple(version if held.number == version.number else held for held in versions_of(document))
    document.written[_KEY] = kept
    document.table.keep(document)


def path_of(document: Record, version: Row) -> str:
    """Return where the bytes of a version are."""
    return f"/{document.firm.account}/documents/{document.number}/{version.number}"
