"""Archives of documents: what is to be in one, and its bytes.

See https://docs.developers.clio.com/api-reference/ (Document Archives).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any, Final

from ...protocol.filenames import safe_filename
from .call import Call
from .contents import Counted, Joined, length_of, pieces_of
from .filing import is_inside, is_trashed, is_uploaded
from .papers import zipped
from .storage import Storage
from .things import Record
from .values import argument_error, is_list, is_object, whole
from .versions import complete_of, path_of

__all__ = ["packed"]

LARGEST: Final = 1024 * 1024
"""Bytes of a file that an archive holds; what is larger is one line, which says how large."""
_TABLES: Final = {"Document": "documents", "Folder": "folders"}


def packed(call: Call, items: Any) -> bytes:
    """Return an archive of documents, and of folders with all documents in them, as they are now.

    :raises Refusal: 422, if there is none, or one of them does not exist, is in the trash, or has no bytes.
    """
    if not is_list(items) or not items:
        raise argument_error("'items' can't be blank")
    found = [_item(call, given if is_object(given) else {}) for given in items]
    return zipped(_distinct(entry for record in found for entry in _entries(call, record)))


def _item(call: Call, given: dict[str, Any]) -> Record:
    kind = given.get("type")
    table = _TABLES.get(kind) if isinstance(kind, str) else None
    number = whole(str(given.get("id")))
    record = None if table is None or number is None else call.firm.table(table).get(number)
    if record is None or not _can_be_had(call, record):
        raise argument_error("an item of 'items' does not exist")
    return record


def _can_be_had(call: Call, record: Record) -> bool:
    return not is_trashed(record) and is_uploaded(record) and not call.viewer.hides(record)


def _entries(call: Call, record: Record) -> Iterator[tuple[str, bytes]]:
    name = _name_of(record)
    if record.table.name == "documents":
        yield name, _bytes_of(call.storage, record)
        return
    yield f"{name}/", b""
    documents = call.firm.table("documents")
    for document in map(documents.get, documents.ids()):
        if document is not None and is_inside(document, record.number) and _can_be_had(call, document):
            yield f"{name}/{_name_of(document)}", _bytes_of(call.storage, document)


def _name_of(record: Record) -> str:
    return safe_filename(str(record.get("name") or "") or None)


def _bytes_of(storage: Storage, document: Record) -> bytes:
    version = complete_of(document)
    file = None if version is None else storage.file(path_of(document, version))
    if file is None:
        return b""
    size = length_of(file)
    if isinstance(file, Counted | Joined) or size > LARGEST:
        return f"In the place of {size} bytes.\n".encode()
    return b"".join(pieces_of(file, 0, size))


def _distinct(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Give files of one name others, with numbers; folders of one name are one, and so are names that differ in their
    case alone.
    """
    taken: set[str] = set()
    for name, content in files:
        path, number, found = PurePath(name), 1, name
        if name.endswith("/") and name.casefold() in taken:
            continue
        while found.casefold() in taken:
            number += 1
            found = f"{name.removesuffix(path.suffix)} ({number}){path.suffix}"
        taken.add(found.casefold())
        yield found, content
