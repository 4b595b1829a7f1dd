"""Documents and folders: where they are, what is in the trash, what was never uploaded.

What is in a folder is thrown away with it, however deep, and restored with it; what was in the trash before stays
there. Clio's documentation leaves that open: it is what people expect of a trash.

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
    for name in sorted(FILED):
        table = folder.firm.table(name)
        for number in [*table.ids()]:
            record = table.get(number)
            if record is None or (name, number) == ("folders", folder.number) or not is_inside(record, folder.number):
                continue
            if when is not None and not is_trashed(record):
                yield record, {"deleted_at": when, _WITH: folder.number}
            elif when is None and record.written.get(_WITH) == folder.number:
                yield record, {"deleted_at": None, _WITH: None}


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
    return {"parent": found} if kind == "Folder" else {"parent": Ref("folders", ROOT), kind.lower(): found}


def _at(record: Record, table: str, id: Any) -> Ref | None:
    number = whole(id) if isinstance(id, str) else id
    if not isinstance(number, int) or isinstance(number, bool) or record.firm.table(table).get(number) is None:
        return None
    return Ref(table, number)
