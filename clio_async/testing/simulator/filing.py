"""Documents and folders: where they are, what is in the trash, what was never uploaded.

What is in a folder is thrown away with it, however deep, and restored with it; what was in the trash before stays
there. What is in the folder of a matter or contact is of that one, too, and goes with the folder when that moves.
Clio's documentation leaves both open: it is what people expect of a trash, and of folders.

See https://docs.developers.clio.com/api-reference/ (Documents, Folders).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from .answers import Refusal
from .things import Record, Ref
from .values import argument_error, is_object, whole
from .versions import versions_of

__all__ = [
    "FILED",
    "ROOT",
    "is_gone",
    "is_inside",
    "is_trashed",
    "is_uploaded",
    "moved_along",
    "placed",
    "restored",
    "taken_along",
    "thrown_away",
]

FILED: Final = frozenset({"documents", "folders"})
ROOT: Final = 1
"""The id of the folder that everything is in."""
KEPT: Final = 30 * 86_400
"""Seconds that the trash keeps what is in it."""
_PARENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "documents": {"Folder": "folders", "Matter": "matters", "Contact": "contacts", "Document": "documents"},
    "folders": {"Folder": "folders", "Matter": "matters", "Contact": "contacts"},
}
_OWNERS: Final = ("matter", "contact")
"""What a document or folder is of, because its place is."""
_DEEPEST: Final = 64
_WITH: Final = "#with"
"""The folder with which a record was thrown away."""


def is_trashed(record: Record) -> bool:
    """Say whether a record is in the trash."""
    return record.table.name in FILED and record.get("deleted_at") is not None


def is_gone(record: Record, now: float) -> bool:
    """Say whether a record was in the trash for so long that it is deleted."""
    return is_trashed(record) and now >= record.get("deleted_at").timestamp() + KEPT


def is_uploaded(record: Record) -> bool:
    """Say whether there are bytes of a document. A folder needs none."""
    return record.table.name != "documents" or any(version.get("fully_uploaded") for version in versions_of(record))


def is_inside(record: Record, folder: int) -> bool:
    """Say whether a record is in a folder, however deep."""
    held = record.get("parent")
    for _ in range(_DEEPEST):
        if not isinstance(held, Ref):
            return False
        if held.id == folder:
            return True
        above = record.firm.find(held)
        held = None if above is None else above.get("parent")
    return False


def thrown_away(record: Record, now: float) -> dict[str, Any]:
    """Return what changes when a record is put into the trash.

    :raises Refusal: 400, for a folder that cannot be; 404, for what is there already.
    """
    if is_trashed(record):
        raise Refusal(404, "NotFoundError", "Not Found")
    if record.table.name == "folders" and (record.get("root") or record.get("locked")):
        raise Refusal(400, "DeleteFailed", "The folder cannot be deleted")
    return {"deleted_at": datetime.fromtimestamp(now, UTC), _WITH: None}


def restored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changes when a body asks to take a record out of the trash."""
    return {"deleted_at": None} if data.get("restore") in (True, "true") else {}


def taken_along(folder: Record) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Yield what is in a folder that was thrown away just now, or restored, and what changes of it."""
    when = folder.get("deleted_at")
    for record in _below(folder):
        if when is not None and not is_trashed(record):
            yield record, {"deleted_at": when, _WITH: folder.number}
        elif when is None and record.written.get(_WITH) == folder.number:
            yield record, {"deleted_at": None, _WITH: None}


def moved_along(folder: Record) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Yield what is in a folder that is of another matter or contact now, and what changes of it."""
    for record in _below(folder):
        yield record, _belonging(folder)


def _below(folder: Record) -> Iterator[Record]:
    for name in sorted(FILED):
        table = folder.firm.table(name)
        for number in [*table.ids()]:
            record = table.get(number)
            if record is not None and (name, number) != ("folders", folder.number) and is_inside(record, folder.number):
                yield record


def _belonging(folder: Record) -> dict[str, Any]:
    """Return what a folder, and so all that is in it, is of."""
    return {name: folder.get(name) for name in _OWNERS}


def placed(record: Record, value: Any) -> dict[str, Any]:
    """Return what changes when a record is put somewhere: ``{"id": 1, "type": "Matter"}``.

    A document whose parent is a document is a version of that one; whoever creates it sees to that.

    :raises Refusal: 422, if there is no such place.
    """
    place = value if is_object(value) else {}
    kind = place.get("type") or "Folder"
    table = _PARENTS[record.table.name].get(kind) if isinstance(kind, str) else None
    found = None if table is None else _at(record, table, place.get("id"))
    if found is None:
        raise argument_error(f"{str(value)[:40]!r} is not a valid parent")
    if kind == "Document":
        return {}
    where = Ref(found.table.name, found.number)
    if kind == "Folder":
        return {"parent": where, **_belonging(found)}
    return {"parent": Ref("folders", ROOT), **dict.fromkeys(_OWNERS), kind.lower(): where}


def _at(record: Record, table: str, id: Any) -> Record | None:
    number = whole(id) if isinstance(id, str) else id
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return record.firm.table(table).get(number)
