"""The versions of a document: rows that belong to it, the last of which is what the document is."""

from __future__ import annotations

from typing import Any, Final

from .draw import hexadecimal
from .things import Record, Row

__all__ = ["HEADERS", "add_version", "path_of", "replace_version", "version_of", "versions_of"]

_KEY: Final = "#versions"
HEADERS: Final = (("x-amz-server-side-encryption", "AES256"), ("Content-Type", "application/octet-stream"))
"""What has to be sent along with the bytes of a version."""


def versions_of(document: Record) -> tuple[Row, ...]:
    """Return the versions of a document, oldest first: one or two of a made-up one."""
    written = document.written.get(_KEY)
    if written is not None or document.blank:
        return written or ()
    field = document.schema.fields["latest_document_version"]
    return tuple(document.row(field, index) for index in range(1 + document.draw.number(_KEY, 2)))


def version_of(document: Record, id: int) -> Row | None:
    """Return the version of that id, None if the document has none."""
    return next((version for version in versions_of(document) if version.number == id), None)


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
    return version


def replace_version(document: Record, version: Row) -> None:
    """Put a version in the place of the one of its id."""
    kept = tuple(version if held.number == version.number else held for held in versions_of(document))
    document.written[_KEY] = kept
    document.table.keep(document)


def path_of(document: Record, version: Row) -> str:
    """Return where the bytes of a version are."""
    return f"/{document.firm.account}/documents/{document.number}/{version.number}"
