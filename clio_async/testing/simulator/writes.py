"""What a write does to a record, and to its tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from ...models.schema import Field, Operation
from .answers import Refusal
from .firm import Table
from .regime import Regime
from .things import Record, Ref, Row, is_rows
from .values import KEEP, argument_error, coerced

__all__ = ["Changes", "apply", "create", "delete", "read_changes"]

Changes = dict[str, Any]

# Where the document requires what depends on the rest of the body.
_CONDITIONAL: Final = frozenset({("notes", "matter"), ("notes", "contact")})
_ROWS: Final = frozenset({"email_addresses", "phone_numbers", "addresses"})
MAX_ROWS: Final = 20
"""A contact holds so many e-mail addresses, phone numbers and addresses each."""
_OWNERS: Final = ("matter", "contact")


def read_changes(record: Record, data: Mapping[str, Any], operation: Operation | None) -> Changes:
    """Return the values that a body asks for. Unknown keys are dropped, as Clio does.

    Without an operation every field of the schema may be set: that is for the test itself.

    :raises Refusal: 422, if one of them cannot be.
    """
    changes: Changes = {}
    for name, value in data.items():
        field = record.schema.fields.get(name)
        if field is None or (operation is not None and name not in operation.attributes):
            continue
        made = coerced(record, field, value)
        if made is not KEEP:
            changes[name] = made
    return changes


def create(table: Table, data: Mapping[str, Any], operation: Operation, regime: Regime, now: float) -> Record:
    """Create a record.

    :raises Refusal: 422, if something required is missing or wrong. Nothing is created then.
    """
    for attribute in operation.attributes.values():
        if (
            attribute.required
            and (table.name, attribute.name) not in _CONDITIONAL
            and data.get(attribute.name) in (None, "")
        ):
            raise argument_error(f"'{attribute.name}' can't be blank")
    draft = Record(table, table.last + 1, blank=True)
    changes = _started(table, read_changes(draft, data, operation))
    _checked(draft, changes, now)
    record = table.add(now)
    record.written.update(changes)
    _touch_owners(record, regime, now)
    return record


def _started(table: Table, changes: Changes) -> Changes:
    """Add what a new record has without being told."""
    status = table.schema.fields.get("status")
    if table.name in {"matters", "tasks"} and status is not None:
        return {"status": "Open" if table.name == "matters" else "pending", **changes}
    return changes


def apply(record: Record, changes: Changes, regime: Regime, now: float, *, checked: bool = True) -> bool:
    """Write `changes`; say whether the record has another tag now.

    The tag moves with own attributes; with rows of collections only under `children_move_tag`; never with derived ones.

    :raises Refusal: 422, if the record does not allow it. Nothing is written then.
    """
    if checked:
        _checked(record, changes, now)
    different = {name: value for name, value in changes.items() if not _same(record.get(name), value)}
    if not different:
        return False
    record.written.update(different)
    record.table.keep(record)
    moves = any(_moves(record.schema.fields[name], regime) for name in different)
    if moves:
        _touch(record, now)
    _touch_owners(record, regime, now)
    return moves


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, Row):
        return old.same(new)
    return _same_rows(old, new) if is_rows(old) else bool(old == new)


def _same_rows(old: Sequence[Any], new: Sequence[Any]) -> bool:
    return len(old) == len(new) and all(map(_same, old, new))


def _moves(field: Field, regime: Regime) -> bool:
    return not field.derived and (not field.many or field.schema is None or regime.children_move_tag)


def _touch(record: Record, now: float) -> None:
    record.version += 1
    record.written["updated_at"] = datetime.fromtimestamp(now, UTC)
    record.table.keep(record)


def _touch_owners(record: Record, regime: Regime, now: float) -> None:
    if not regime.children_move_tag:
        return
    for name in _OWNERS:
        field = record.schema.fields.get(name)
        held = record.value(field) if field is not None else None
        owner = record.firm.find(held) if isinstance(held, Ref) else None
        if owner is not None:
            _touch(owner, now)


def delete(record: Record, regime: Regime, now: float) -> None:
    """Delete a record; a bill moves to its next state instead.

    :raises Refusal: 422, if it cannot be deleted.
    """
    if record.table.name == "bills":
        return _unmake_bill(record, regime, now)
    if record.table.name == "contacts" and any(True for _ in record.firm.children("matters", "client", record.number)):
        raise argument_error("the contact is the client of a matter")
    _touch_owners(record, regime, now)
    record.table.remove(record.number)
    return None


def _unmake_bill(bill: Record, regime: Regime, now: float) -> None:
    """A draft is deleted, an issued bill voided, and neither happens to a paid one."""
    after = {"draft": "deleted", "awaiting_approval": "deleted", "awaiting_payment": "void"}.get(bill.get("state"))
    if after is None:
        raise argument_error("the bill cannot be deleted or voided in its state")
    apply(bill, {"state": after}, regime, now)


# -- what single resources insist on ------------------------------------------------------------------------------


def _checked(record: Record, changes: Changes, now: float) -> None:
    rule = _CHECKS.get(record.table.name)
    if rule is not None:
        rule(record, changes, now)


def _contact(contact: Record, changes: Changes, _: float) -> None:
    for name in _ROWS & changes.keys():
        if len(changes[name]) > MAX_ROWS:
            raise argument_error(f"a contact has at most {MAX_ROWS} {name}")
    parts = {name: changes.get(name, contact.get(name)) for name in ("first_name", "last_name")}
    if changes.keys() & parts.keys():
        changes.setdefault("name", " ".join(part for part in parts.values() if part))
    elif changes.get("name") and changes.get("type", contact.get("type")) == "Person":
        changes["first_name"], _, changes["last_name"] = changes["name"].partition(" ")
        if not changes["last_name"]:
            raise argument_error("'name' cannot be split into a first and a last name")
    if not changes.get("name", contact.get("name")):
        raise argument_error("'name' can't be blank")


def _task(task: Record, changes: Changes, now: float) -> None:
    if "status" in changes and "completed_at" not in changes:
        done = changes["status"] == "complete"
        held = task.get("completed_at") if task.get("status") == "complete" else None
        changes["completed_at"] = (held or datetime.fromtimestamp(now, UTC)) if done else None


def _activity(activity: Record, changes: Changes, _: float) -> None:
    if changes and not activity.blank and activity.get("billed"):
        raise argument_error("the activity is billed")


def _note(note: Record, changes: Changes, _: float) -> None:
    kind = changes.get("type", note.get("type"))
    if kind and changes.get(kind.lower(), note.get(kind.lower())) is None:
        raise Refusal(422, "ArgumentError", f"A note of type {kind} needs a {kind.lower()}")


_CHECKS: Final[dict[str, Callable[[Record, Changes, float], None]]] = {
    "contacts": _contact,
    "tasks": _task,
    "activities": _activity,
    "notes": _note,
}
