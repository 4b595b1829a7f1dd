"""What an update does besides setting values: documents get their bytes, line items change their activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from . import writes
from .call import Call
from .things import Record, Ref, Row
from .values import argument_error, is_list, is_object
from .versions import HEADERS, add_version, path_of, replace_version, versions_of

__all__ = ["announce", "follow", "foreseen"]

_TRUE: Final = (True, "true")


def foreseen(call: Call, record: Record | None, data: Mapping[str, Any]) -> None:
    """Check what a write to a document asks for besides, before anything is written.

    :raises Refusal: 422, if there is no upload of its `uuid`, or a part has no number.
    """
    if call.table.name != "documents":
        return
    if record is not None and (data.get("fully_uploaded") in _TRUE or data.get("uuid") is not None):
        _waiting(record, data.get("uuid"))
    parts: Any = data.get("multiparts") or []
    if not is_list(parts) or not all(map(_is_part, parts)):
        raise argument_error("multiparts are a list, each with a part_number")


def _is_part(given: Any) -> bool:
    return is_object(given) and isinstance(given.get("part_number"), int)


def _waiting(document: Record, uuid: Any) -> Row:
    for version in versions_of(document):
        if version.get("uuid") == uuid:
            return version
    raise argument_error("there is no upload of that uuid")


def follow(call: Call, record: Record, data: Mapping[str, Any]) -> None:
    """Do what an update asks for besides."""
    if call.table.name == "documents" and data.get("uuid") is not None:
        _uploaded(call, record, data)
    if call.table.name == "line_items" and data.get("update_original_record") in _TRUE:
        _push(call, record, data)


def announce(call: Call, document: Record, data: Mapping[str, Any]) -> None:
    """Add a version to a document that waits for its bytes, with the address to put them to."""
    filename = data.get("filename") or data.get("name")
    version = add_version(document, filename=filename, content_type=data.get("content_type"))
    version.written["put_url"] = call.storage.signed("PUT", path_of(document, version), call.now)
    version.written["put_headers"] = _headers(version)
    version.written["multiparts"] = _parts(call, document, version, data)


def _parts(call: Call, document: Record, version: Row, data: Mapping[str, Any]) -> tuple[Row, ...]:
    return tuple(_part(call, document, version, given["part_number"]) for given in data.get("multiparts") or ())


def _part(call: Call, document: Record, version: Row, number: int) -> Row:
    url = call.storage.signed("PUT", f"{path_of(document, version)}/{number}", call.now)
    return _row(version, "multiparts", part_number=number, put_url=url, put_headers=_headers(version))


def _headers(version: Row) -> tuple[Row, ...]:
    return tuple(_row(version, "put_headers", name=name, value=value) for name, value in HEADERS)


def _row(owner: Row, of: str, **values: Any) -> Row:
    row = owner.firm.new_row(owner, owner.schema.fields[of])
    row.written.update(values)
    return row


def _uploaded(call: Call, document: Record, data: Mapping[str, Any]) -> None:
    """Take in the bytes of a version, or hand out addresses for further parts of them."""
    version = _waiting(document, data["uuid"]).copy()
    if version.get("fully_uploaded"):
        return
    if data.get("fully_uploaded") in _TRUE:
        size = len(call.storage.content(path_of(document, version)))
        version.written.update(fully_uploaded=True, put_url=None, put_headers=(), multiparts=(), size=size)
        writes.touch(document, call.now)
    else:
        version.written["multiparts"] = _parts(call, document, version, data)
    replace_version(document, version)


_PUSHED: Final = ("date", "note", "price")


def _push(call: Call, item: Record, data: Mapping[str, Any]) -> None:
    """Change the activity of a line item along with it: hours there are seconds here."""
    held = item.get("activity")
    activity = item.firm.find(held) if isinstance(held, Ref) else None
    if activity is None:
        return
    changes = {name: item.get(name) for name in _PUSHED if name in data}
    if "quantity" in data and call.regime.line_quantity == "taken":
        changes["quantity"] = item.get("quantity") * (3_600 if item.get("kind") == "Service" else 1)
    writes.apply(activity, changes, call.regime, call.now, checked=False)
