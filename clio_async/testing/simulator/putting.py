"""What a test puts in the place of a file, as another user would."""

from __future__ import annotations

from .answers import Refusal
from .storage import Storage
from .things import Record
from .versions import add_version, kind_of, path_of
from .writes import touch

__all__ = ["put_file"]

_WITH_FILES = frozenset({"documents", "document_templates", "document_archives", "reports"})


def put_file(storage: Storage, record: Record, content: bytes | int, now: float) -> str:
    """Give a record another file; a number is the size of one that is made up. Return its path.

    :raises Refusal: 422, if records of that kind have none.
    """
    if record.table.name not in _WITH_FILES:
        raise Refusal(422, "ArgumentError", f"{record.table.name} have no files")
    size = content if isinstance(content, int) else len(content)
    path = _versioned(record, size) if record.table.name == "documents" else _single(record, size)
    if isinstance(content, int):
        storage.make(path, content)
    else:
        storage.files[path] = content
    touch(record, now)
    return path


def _versioned(document: Record, size: int) -> str:
    name = document.get("filename")
    version = add_version(document, filename=name, content_type=kind_of(name), size=size, fully_uploaded=True)
    return path_of(document, version)


def _single(record: Record, size: int) -> str:
    if "size" in record.schema.fields:
        record.written["size"] = size
    return f"/{record.firm.account}/{record.table.name}/{record.number}"
