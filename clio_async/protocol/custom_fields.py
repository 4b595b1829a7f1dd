"""Custom fields by their definitions: which one a name means, and what a write of it has to say.

A record has a *value* for a custom field, whose id (``text_line-1``) is not that of the *definition* (``1``): a value
that is there is written by its own id, a new one by the id of the definition.
See https://docs.developers.clio.com/clio-manage/api-reference/#tag/Matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn

from attrs import frozen

from ..errors import AmbiguousCustomField, InvalidArgument, UnknownCustomField, UnknownPicklistOption
from .shapes import is_mapping

__all__ = ["Definition", "Held", "Option", "change", "contradicted", "resolve", "settled"]


@frozen
class Option:
    """An option of a picklist."""

    id: int
    label: str
    deleted: bool = False


@frozen
class Definition:
    """What a firm has made a custom field to be."""

    id: int
    name: str
    type: str
    deleted: bool = False
    options: tuple[Option, ...] = ()


@frozen
class Held:
    """What a record shows of one of its values."""

    id: str | None
    """None for a field that was never set; empty if it is not shown whether it was."""
    definition: int | None
    """The id of the definition, None where Clio withholds it."""
    empty: bool = False
    """It is known to be null."""
    name: str | None = None
    """What the field is called, None if that is not shown."""
    option: Option | None = None
    """What is chosen from a picklist, None if that is not shown."""


# -- names --------------------------------------------------------------------------------------------------------


def resolve(
    definitions: Iterable[Definition], wanted: Mapping[str | int, Any], where: str
) -> list[tuple[Definition, Any]]:
    """Return the definitions that are meant, each with the value as JSON. `where` says whose custom fields they are.

    :raises UnknownCustomField: if there is no definition of a name or id.
    :raises AmbiguousCustomField: if two have one name.
    :raises UnknownPicklistOption: if a picklist has no option of the label or id that is given.
    :raises InvalidArgument: if a value is not of the definition's type. No error repeats a value.
    """
    known = [*definitions]
    found = [(_find(known, key, where), value) for key, value in wanted.items()]
    seen: set[int] = set()
    for definition, _ in found:
        if definition.id in seen:
            raise InvalidArgument(f"The custom field {definition.name!r} is given twice, by its name and by its id.")
        seen.add(definition.id)
    return [(definition, _written(definition, value, where)) for definition, value in found]


def _find(definitions: Sequence[Definition], key: object, where: str) -> Definition:
    if type(key) is int:
        matching = [one for one in definitions if one.id == key]
        known: list[str] = []
        hint = f"Ids are those of definitions of {where}, not of values."
    elif isinstance(key, str):
        matching = [one for one in definitions if one.name == key and not one.deleted]
        known = [one.name for one in definitions if not one.deleted]
        deleted = any(one.name == key for one in definitions)
        hint = "The one of that name was deleted." if deleted else ""
    else:
        raise InvalidArgument("Custom fields are given by name, or by the id of the definition.")
    if not matching:
        raise UnknownCustomField(str(key), known, where=where, hint=hint)
    if len(matching) > 1:
        ids = [one.id for one in matching]
        text = (
            f"{len(ids)} custom fields of {where} are called {key!r}: give the id of the one that is meant, of {ids}."
        )
        raise AmbiguousCustomField(text, name=key, ids=ids)
    return matching[0]


# -- shapes -------------------------------------------------------------------------------------------------------


def change(definition: Definition, value: Any, held: Iterable[Held]) -> dict[str, Any] | None:
    """Return what a write says to set a field to a value, or with None to clear it; None if nothing is to be said.

    `held` are all values that the record has.

    :raises AmbiguousCustomField: if it has two of this definition, or some that cannot be told from it.
    """
    rows = [row for row in held if row.id is not None]
    own = [row for row in rows if row.definition == definition.id]
    if len(own) > 1:
        text = f"The record has {len(own)} values of the custom field {definition.name!r}. Write them by their ids."
        raise AmbiguousCustomField(text, name=definition.name, ids=[definition.id])
    if any(not row.id for row in own):
        text = f"The record does not say whether it has a value of the custom field {definition.name!r}, or which."
        raise AmbiguousCustomField(text, name=definition.name, ids=[definition.id])
    if own and value is not None:
        return {"id": own[0].id, "value": value}
    if own:
        return None if own[0].empty else {"id": own[0].id, "_destroy": True}
    if any(row.definition is None for row in rows):
        raise AmbiguousCustomField(
            f"The record has values that do not say of which custom field they are, and one may be of "
            f"{definition.name!r}. Clio withholds it: the app may lack access to custom fields.",
            name=definition.name,
            ids=[definition.id],
        )
    return None if value is None else {"custom_field": {"id": definition.id}, "value": value}


def settled(definition: Definition, value: Any, shown: Iterable[Held]) -> bool:
    """Whether a record that may be old, or not show all, suffices for `change`: it shows the value to be written."""
    own = [row for row in shown if row.id is not None and row.definition == definition.id]
    return any(value is not None or not row.empty for row in own)


def contradicted(known: Iterable[Definition], meant: Iterable[Definition], held: Iterable[Held]) -> bool:
    """Whether values show that definitions are outdated: of a field that is meant, or of one that bears its name.

    It is called otherwise there, or the label of its option is another one.
    """
    by_id = {one.id: one for one in known}
    ids = {one.id for one in meant}
    names = {by_id[number].name for number in ids}
    return any(
        _differs(by_id.get(row.definition), row)
        for row in held
        if row.definition is not None and (row.definition in ids or row.name in names)
    )


def _differs(known: Definition | None, row: Held) -> bool:
    if known is None or (row.name is not None and row.name != known.name):
        return True
    shown = row.option
    return shown is not None and all((shown.id, shown.label) != (one.id, one.label) for one in known.options)


# -- values -------------------------------------------------------------------------------------------------------


def _written(definition: Definition, value: Any, where: str) -> Any:
    if value is None:
        return None
    if definition.deleted:
        hint = "It was deleted: it can be cleared (None), and not be set."
        raise UnknownCustomField(definition.name, (), where=where, hint=hint)
    if isinstance(value, Enum):
        value = value.value
    write = _WRITE.get(definition.type)
    return value if write is None else write(definition, value)


def _refuse(definition: Definition, wanted: str, value: object) -> NoReturn:
    """Say what is wrong. A value is confidential: its type has to do."""
    text = (
        f"The custom field {definition.name!r} is a {definition.type}: it takes {wanted}, not {type(value).__name__}."
    )
    raise InvalidArgument(text)


def _truth(definition: Definition, value: Any) -> bool:
    return value if isinstance(value, bool) else _refuse(definition, "True or False", value)


def _number(definition: Definition, value: Any) -> int | Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    exact = Decimal(repr(float(value))) if isinstance(value, float) else value
    if not isinstance(exact, Decimal) or not exact.is_finite():
        _refuse(definition, "a finite number", value)
    return exact


def _day(definition: Definition, value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        _refuse(definition, "a date without a time", value)
    return value.isoformat()


def _text(definition: Definition, value: Any) -> str:
    return str(value) if isinstance(value, str) else _refuse(definition, "a text", value)


def _time(definition: Definition, value: Any) -> str:
    return str(value) if isinstance(value, str) else _refuse(definition, "a text, in the form that Clio shows", value)


def _id_in(value: Any) -> int | None:
    """Return the id that a value is, or has."""
    found = value.get("id") if is_mapping(value) else value if isinstance(value, int) else getattr(value, "id", None)
    return int(found) if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63 else None


def _reference(definition: Definition, value: Any) -> int:
    return _id_in(value) or _refuse(definition, f"a {definition.type}, or the id of one", value)


def _option(definition: Definition, value: Any) -> int:
    if isinstance(value, str):
        matching = [one for one in definition.options if one.label == value and not one.deleted]
    else:
        number = _id_in(value) or _refuse(definition, "the label of an option, or its id", value)
        matching = [one for one in definition.options if one.id == number and not one.deleted]
    if len(matching) == 1:
        return matching[0].id
    if matching:
        ids = [one.id for one in matching]
        text = f"{len(ids)} options of the custom field {definition.name!r} have that label: give an id, of {ids}."
        raise AmbiguousCustomField(text, name=definition.name, ids=[definition.id])
    raise _no_option(definition, value)


def _no_option(definition: Definition, value: Any) -> UnknownPicklistOption:
    from difflib import get_close_matches  # for a mistake alone

    labels = [one.label for one in definition.options if not one.deleted]
    near = get_close_matches(value, labels, n=3, cutoff=0.5) if isinstance(value, str) else []
    advice = f" Did you mean {' or '.join(map(repr, near))}?" if near else f" It has {len(labels)}."
    what = "of that label" if isinstance(value, str) else "of that id"
    text = f"The custom field {definition.name!r} has no option {what}.{advice}"
    return UnknownPicklistOption(text, name=definition.name, near=near)


_WRITE: Mapping[str, Callable[[Definition, Any], Any]] = {
    "checkbox": _truth,
    "contact": _reference,
    "currency": _number,
    "date": _day,
    "email": _text,
    "matter": _reference,
    "numeric": _number,
    "picklist": _option,
    "text_area": _text,
    "text_line": _text,
    "time": _time,
    "url": _text,
}
