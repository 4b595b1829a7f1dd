"""What an update does besides setting values: documents get their bytes, line items change their activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from . import writes
from .call import Call
from .things import Record, Ref
from .uploads import foreseen_upload, uploaded

__all__ = ["follow", "foreseen"]

_TRUE: Final = (True, "true")


def foreseen(call: Call, record: Record | None, data: Mapping[str, Any]) -> None:
    """Check what a write asks for besides, before anything is written.

    :raises Refusal: if it is about an upload that cannot be.
    """
    if call.table.name == "documents":
        foreseen_upload(call, record, data)


def follow(call: Call, record: Record, data: Mapping[str, Any]) -> None:
    """Do what an update asks for besides."""
    if call.table.name == "documents" and data.get("uuid") is not None:
        uploaded(call, record, data)
    if call.table.name == "line_items" and data.get("update_original_record") in _TRUE:
        _push(call, record, data)


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
