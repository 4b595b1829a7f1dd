"""What a write does to a record, and to its tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from attrs import evolve

from ...models.schema import Field, Operation
from . import jobs
from .answers import Refusal
from .custom_writes import changed_values
from .filing import FILED, ROOT, moved_along, placed, restored, taken_along, thrown_away
from .firm import Table
from .hooks import checked_hook, model_of
from .regime import Regime
from .things import Record, Ref, Row, is_rows
from .values import KEEP, argument_error, coerced, is_list

__all__ = ["Changes", "apply", "create", "delete", "drafted", "read_changes", "touch"]

Changes = dict[str, Any]

# Where the document requires what depends on the rest of the body.
_CONDITIONAL: Final = frozenset({("notes", "matter"), ("notes", "contact"), ("contacts", "name")})
_REQUIRED: Final = frozenset({("contacts", "type")})
_ROWS: Final = frozenset({"email_addresses", "phone_numbers", "addresses"})
MAX_ROWS: Final = 20
"""A contact holds so many e-mail addresses, phone numbers and addresses each."""
_OWNERS: Final = ("matter", "contact")


def read_changes(
    record: Record, data: Mapping[str, Any], operation: Operation | None, regime: Regime | None = None
) -> Changes:
    """Return the values that a body asks for. Unknown keys are dropped, as Clio does.

    Without an operation every field of the schema may be set: that is for the test itself.

    :raises Refusal: 422, if one of them cannot be.
    """
    changes: Changes = {}
    for name, value in data.items():
        if operation is None or name in operation.attributes:
            made = _change(record, name, value, operation, regime or Regime())
            # A place also says whose something is, which gives way to what is said of that itself.
            changes = {**made, **changes} if name == "parent" else {**changes, **made}
    if operation is not None and "restore" in operation.attributes:
        changes.update(restored(data))
    if operation is not None and _is_fixed(record, regime or Regime()):
        changes.pop("quantity", None)
    return changes


def _is_fixed(record: Record, regime: Regime) -> bool:
    """Say whether a record keeps its quantity whatever is written: a line item, under its activity."""
    return (
        record.table.name == "line_items" and regime.line_quantity == "ignored" and record.get("activity") is not None
    )


def _change(record: Record, name: str, value: Any, operation: Operation | None, regime: Regime) -> Changes:
    """Return what comes of one attribute."""
    place = (record.table.name, name)
    if place in _SPECIAL:
        return _SPECIAL[place](record, value)
    field, value = _meant(record, name, value)
    if field is None:
        return {}
    if field.schema is not None and not field.many and value in (None, {"id": None}):
        made = _cleared(name, value, operation, regime)
    else:
        made = coerced(record, _writable(field, operation, name), value)
    return {} if made is KEEP else {field.name: made}


def _writable(field: Field, operation: Operation | None, name: str) -> Field:
    """Return a field with the values that a write takes besides those that answers are documented to have."""
    more = () if operation is None else operation.attributes[name].enum
    return evolve(field, enum=(*field.enum, *more)) if field.enum and not set(more) <= set(field.enum) else field


def _meant(record: Record, name: str, value: Any) -> tuple[Field | None, Any]:
    """Return the field that an attribute sets: `matter_id` is the id of `matter`, where nothing else is known of it."""
    fields = record.schema.fields
    if name in fields:
        return fields[name], value
    one, many = fields.get(name.removesuffix("_id")), fields.get(f"{name.removesuffix('_ids')}s")
    if name.endswith("_id") and one is not None and one.schema is not None and not one.many:
        return one, None if value is None else {"id": value}
    if name.endswith("_ids") and many is not None and many.many and is_list(value):
        return many, [{"id": each} for each in value]
    return None, value


def _cleared(name: str, value: Any, operation: Operation | None, regime: Regime) -> Any:
    """Return what comes of an association that is to be none."""
    if operation is None:
        return None
    if value is not None:
        if operation.attributes[name].null == "by_id":
            return None
        raise argument_error(f"'{name}' can't be cleared")
    if regime.null_association == "refused":
        raise argument_error(f"null is not valid for '{name}'")
    return None if regime.null_association == "cleared" else KEEP


def create(table: Table, data: Mapping[str, Any], operation: Operation, regime: Regime, now: float) -> Record:
    """Create a record.

    :raises Refusal: 422, if something required is missing or wrong. Nothing is created then.
    """
    changes = drafted(table, data, operation, regime, now)
    record = table.add(now)
    record.written.update(changes)
    jobs.start(record, now)
    _touch_owners(record, regime, now)
    return record


def drafted(table: Table, data: Mapping[str, Any], operation: Operation, regime: Regime, now: float) -> Changes:
    """Return the values that a new record would have.

    :raises Refusal: 422, if something required is missing or wrong.
    """
    for attribute in operation.attributes.values():
        place = (table.name, attribute.name)
        if (
            (attribute.required or place in _REQUIRED)
            and place not in _CONDITIONAL
            and data.get(attribute.name) in (None, "")
        ):
            raise argument_error(f"'{attribute.name}' can't be blank")
    draft = Record(table, table.last + 1, blank=True)
    changes = _started(table, read_changes(draft, data, operation, regime), now)
    _checked(draft, changes, now)
    return changes


def _started(table: Table, changes: Changes, now: float) -> Changes:
    """Add what a new record has without being told."""
    first = {"start_time": _moment(now)} if table.name == "timer" else _FIRST.get(table.name, {})
    return {**first, **changes}


def apply(record: Record, changes: Changes, regime: Regime, now: float, *, checked: bool = True) -> bool:
    """Write `changes`; say whether the record has another tag now.

    The tag moves with own attributes; with rows of collections only under `children_move_tag`; never with derived ones.

    :raises Refusal: 422, if the record does not allow it. Nothing is written then.
    """
    if checked:
        if _is_kept(record, regime):
            return False
        _checked(record, changes, now)
    notes = {name: value for name, value in changes.items() if name.startswith("#")}
    if notes:
        record.written.update(notes)
        record.table.keep(record)
    fields = record.schema.fields
    different = {
        name: value for name, value in changes.items() if name in fields and not _same(record.get(name), value)
    }
    if not different:
        return False
    record.written.update(different)
    record.table.keep(record)
    moves = any(_moves(fields[name], regime) for name in different)
    if moves:
        touch(record, now)
    _touch_owners(record, regime, now)
    if record.table.name == "folders":
        _carry(record, different, regime, now)
    return moves


def _carry(folder: Record, different: Changes, regime: Regime, now: float) -> None:
    """Do to what is in a folder what was done to the folder."""
    if "deleted_at" in different:
        for inside, more in taken_along(folder):
            apply(inside, more, regime, now, checked=False)
    if not different.keys().isdisjoint(_OWNERS):
        for inside, more in moved_along(folder):
            apply(inside, more, regime, now, checked=False)


def _is_kept(record: Record, regime: Regime) -> bool:
    return record.table.name == "activities" and regime.billed_activity == "ignored" and bool(record.get("billed"))


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, Row):
        return old.same(new)
    return _same_rows(old, new) if is_rows(old) else bool(old == new)


def _same_rows(old: Sequence[Any], new: Sequence[Any]) -> bool:
    return len(old) == len(new) and all(map(_same, old, new))


def _moves(field: Field, regime: Regime) -> bool:
    return not field.derived and (not field.many or field.schema is None or regime.children_move_tag)


def touch(record: Record, now: float) -> None:
    """Give a record another tag, as of now."""
    record.version += 1
    record.written["updated_at"] = _moment(now)
    record.table.keep(record)


def _touch_owners(record: Record, regime: Regime, now: float) -> None:
    if not regime.children_move_tag:
        return
    for name in _OWNERS:
        field = record.schema.fields.get(name)
        held = record.value(field) if field is not None else None
        owner = record.firm.find(held) if isinstance(held, Ref) else None
        if owner is not None:
            touch(owner, now)


def delete(record: Record, regime: Regime, now: float) -> None:
    """Delete a record; a bill moves to its next state instead, a document or folder to the trash.

    :raises Refusal: 422, if it cannot be deleted; 400, for a folder; 404, for what is in the trash.
    """
    if record.table.name == "bills":
        return _unmake_bill(record, regime, now)
    if record.table.name in FILED:
        apply(record, thrown_away(record, now), regime, now)
        return None
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
        changes["completed_at"] = (held or _moment(now)) if done else None


def _activity(activity: Record, changes: Changes, _: float) -> None:
    if changes and not activity.blank and activity.get("billed"):
        raise argument_error("the activity is billed")


def _note(note: Record, changes: Changes, _: float) -> None:
    kind = changes.get("type", note.get("type"))
    if kind and changes.get(kind.lower(), note.get(kind.lower())) is None:
        raise Refusal(422, "ArgumentError", f"A note of type {kind} needs a {kind.lower()}")


_FIRST: Final[Mapping[str, Changes]] = {
    "matters": {"status": "Open"},
    "tasks": {"status": "pending"},
    "webhooks": {"status": "pending"},
    "reports": {"source": "reports"},
    "documents": {"type": "Document"},
    "folders": {"type": "Folder", "parent": Ref("folders", ROOT)},
}
_SPECIAL: Final[Mapping[tuple[str, str], Callable[[Record, Any], Changes]]] = {
    ("documents", "parent"): placed,
    ("folders", "parent"): placed,
    ("matters", "custom_field_values"): changed_values,
    ("contacts", "custom_field_values"): changed_values,
    ("webhooks", "model"): model_of,
}
_CHECKS: Final[dict[str, Callable[[Record, Changes, float], None]]] = {
    "contacts": _contact,
    "tasks": _task,
    "activities": _activity,
    "notes": _note,
    "webhooks": checked_hook,
}
