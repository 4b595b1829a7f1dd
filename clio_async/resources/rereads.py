"""How a record is read again after a write whose answer does not tell what is there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..models import registry
from ..models.comparing import field_of
from ..models.plans import full
from ..models.record import Validators
from ..models.schema import Field, Operation
from ..models.selection import Fields, Selection, Unchecked, both, select_own, select_records
from ..protocol.fields import format_fields
from ..protocol.shapes import is_dict, is_list
from . import arguments
from .caller import Reread

__all__ = ["reread"]


def reread(
    operation: Operation,
    target: object,
    fields: Fields,
    shown: Selection[Any] | None,
    sent: Mapping[str, Any],
    if_match: str | None,
    *,
    strict: bool,
) -> Reread | None:
    """Return how the record of a write is read again; None if it cannot be read singly.

    It is read with what the caller wants of it, its own keys, and what the write names, rows with the keys they were
    sent with. `target` is None for a record that is about to be made, `shown` for one that is about to go.
    """
    reading = _reading(operation)
    if reading is None or (target is None and reading.many):
        return None
    wanted = select_records(reading.schema or "", fields, strict=strict) if shown is None else shown
    path = reading.path if target is None or reading.many else arguments.path(reading, (target,))
    prepare = partial(_prepared, reading, target, fields, wanted, sent)
    earlier = None if isinstance(target, int | str) else target
    return Reread(reading, path, wanted, prepare, sent, _header_tag(target, if_match), earlier)


def _prepared(
    reading: Operation, target: object, fields: Fields, wanted: Selection[Any], sent: Mapping[str, Any]
) -> tuple[Selection[Any], str]:
    whole = _whole(reading.schema or "", fields, wanted, sent)
    return whole, arguments.query(reading, whole, {"ids": [target]} if reading.many else {}, None)


def _reading(operation: Operation) -> Operation | None:
    """Return the show of the records that an operation writes, or their list, if it can be narrowed to one of them."""
    found = registry.resource(operation.resource)
    show, listing = found.operations.get("get"), found.operations.get("list")
    if show is not None and show.path == f"{found.path}/{{id}}.json" and operation.schema in {show.schema, None}:
        return show
    narrows = listing is not None and "ids" in listing.filters and operation.schema in {listing.schema, None}
    return listing if narrows else None


def _header_tag(target: object, if_match: str | None) -> str | None:
    """Return the form that the ETag header had of the tag of a record, if that is what guards the write."""
    validators = getattr(target, "validators", None)
    guards = if_match is not None and getattr(target, "etag", None) == if_match
    return validators.etag if guards and isinstance(validators, Validators) else None


def _whole(schema: str, fields: Fields, wanted: Selection[Any], sent: Mapping[str, Any]) -> Selection[Any]:
    more = [one for one in fields if isinstance(one, Unchecked)] if isinstance(fields, Sequence) else []
    said = {one.name.partition("{")[0] for one in more}  # the caller has decided what stands in their braces
    tree = {**wanted.tree}
    for field, inner in _named(schema, sent):
        if field.name not in said:
            tree[field.name] = both(field, tree[field.name], inner) if field.name in tree else inner
    text, strict = format_fields(tree), wanted.ledger.strict
    if wanted.default_of is not None:
        return select_own(schema, text, registry.own_keys(schema), strict=strict)
    return select_records(schema, [text, *more] if more else text, strict=strict)


def _named(schema: str, sent: Mapping[str, Any]) -> Iterator[tuple[Field, tuple[str, ...] | None]]:
    """Yield the fields that show what was sent, with what has to stand in their braces."""
    for name, value in sent.items():
        field = field_of(schema, name)
        if field is not None:
            yield field, _inner(field, value)


def _inner(field: Field, value: Any) -> tuple[str, ...] | None:
    if field.schema is None:
        return None
    said = {"id", "type"} if len(registry.collections_of(field.schema)) > 1 else {"id"}
    said = said.union(*[row for row in (value if is_list(value) else [value]) if is_dict(row)])
    return tuple(key for key in registry.schema(full(field.schema)).fields if key in said) or None
