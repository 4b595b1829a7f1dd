"""What sets custom fields by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import AmbiguousCustomField, InvalidArgument, SchemaError, UnknownCustomField, UnknownPicklistOption
from ..models import registry
from ..models.record import Record
from ..protocol.custom_fields import Definition, Held, Option, change, resolve, settled
from ..protocol.shapes import is_array, is_mapping
from . import arguments
from .base import ResourceBase

if TYPE_CHECKING:
    from .base import HasId

__all__ = ["SetsCustomFields"]

_VALUES = "custom_field_values{id,field_name,value,custom_field}"
_DEFINITIONS = "id,name,field_type,parent_type,deleted,picklist_options{id,option,deleted_at}"
_CURABLE = (UnknownCustomField, UnknownPicklistOption, AmbiguousCustomField)
"""Errors that a newer reading of the definitions may not give."""


_NAMED = {"contact": "/contacts", "matter": "/matters", "picklist": "/custom_fields"}
"""The collections whose records such a field takes."""

Wanted: TypeAlias = Mapping[Any, Any]  # by str and int; a checker would not take a dict of one of them for both


class SetsCustomFields(ResourceBase):
    """A resource whose records have custom fields."""

    __slots__ = ()

    async def custom_field_changes(
        self, record: int | HasId | None, values: Wanted, /, *, whole: bool = False
    ) -> list[Any]:
        """Return what ``custom_field_values=`` takes to set custom fields of a record to values.

            changes = await clio.matters.custom_field_changes(matter, {"Status": "Won", "Fee": None})
            if changes:
                await clio.matters.update(matter, custom_field_values=changes)

        Fields are given by name, or by the id of the definition (`int`). A checkbox takes `bool`, numeric and currency
        a number, a date a `date`, a picklist the label of an option or its id, a contact or matter a record or its
        id, the others `str`; None clears. An empty list says that there is nothing to write. Without a record (None)
        it is for one that is to be created.

        The definitions are read once for each principal and kept for five minutes, unless they are written through
        this client, or purged; when a name or a label is not among them they are read once more, ten seconds later at
        the earliest.

        A value that the record shows is written by its own id. What it does not show may have been left out by
        ``custom_field_ids=``, or set since: before anything is created, or an absent value taken for cleared, the
        values are read again, in one request, unless `whole` says that the record shows all of them and was just read.
        Somebody else may still set a field between that and the write: ``If-Match`` is known to guard a record's own
        attributes only, and may let it pass.

        :raises UnknownCustomField: if the firm has no custom field of that name or id, for this kind of record.
        :raises AmbiguousCustomField: if it has two of that name, or the record two values.
        :raises UnknownPicklistOption: if a picklist has no such option.
        :raises InvalidArgument: if a value is not of the field's type. No error repeats a value.
        """
        if not is_mapping(values):
            raise InvalidArgument("Custom fields are a mapping of names, or ids of definitions, to values.")
        if record is not None:
            arguments.id_of(self._operation("get"), record)
        values = {**values}
        if not values:
            return []
        wanted = await self._resolved(values)
        held = await self._held(record, wanted, whole)
        changes = [change(definition, value, held) for definition, value in wanted]
        return [found for found in changes if found is not None]

    # -- definitions --------------------------------------------------------------------------------------------------

    async def _resolved(self, values: Mapping[Any, Any]) -> list[tuple[Definition, Any]]:
        kept = self._caller.learned.custom_fields
        parent = registry.resource(self._name).schema or ""
        whose = (self._caller.base_url, self._caller.scope, parent)
        found = kept.find(whose)
        if found is not None:
            try:
                return self._checked(found.definitions, values)
            except _CURABLE:
                if not kept.may_be_outdated(found):
                    raise
        begun = kept.begin()
        definitions = await _Definitions(self._caller).of(parent)
        kept.keep(whose, definitions, begun)
        return self._checked(definitions, values)

    def _checked(self, definitions: Iterable[Definition], values: Mapping[Any, Any]) -> list[tuple[Definition, Any]]:
        found = resolve(definitions, values, self._name)
        for (definition, _), given in zip(found, values.values(), strict=True):
            path = _NAMED.get(definition.type)
            if path is not None and isinstance(given, Record) and not _is_of(path, given):
                text = f"The custom field {definition.name!r} is a {definition.type}: no {type(given).__name__} fits."
                raise InvalidArgument(text)
        return found

    # -- values -------------------------------------------------------------------------------------------------------

    async def _held(self, record: Any, wanted: list[tuple[Definition, Any]], whole: bool) -> tuple[Held, ...]:
        if record is None:
            return ()
        shown = _shown(record)
        if shown is not None and (whole or all(settled(definition, value, shown) for definition, value in wanted)):
            return shown
        found = _shown(await self._read("get", (record,), _VALUES, {}, None), asked=True)
        if found is None:
            path = "data.custom_field_values"
            raise SchemaError("The answer does not show which values of custom fields the record has.", path=path)
        return found


class _Definitions(ResourceBase):
    """The list of definitions, without the rest of that resource."""

    __slots__ = ()
    _name = "custom_fields"

    async def of(self, parent: str) -> tuple[Definition, ...]:
        """Read those for one kind of record."""
        pages = self._list("list", (), _DEFINITIONS, None, None, 0, {"parent_type": parent.lower()}, None)
        return tuple([made for found in await pages.collect() if (made := _definition(found, parent)) is not None])


def _definition(found: Any, parent: str) -> Definition | None:
    """Return what is needed of a definition; None for one that cannot be meant."""
    number, name = getattr(found, "id", None), getattr(found, "name", None)
    if type(number) is not int or not isinstance(name, str) or getattr(found, "parent_type", parent) != parent:
        return None
    options = getattr(found, "picklist_options", None)
    return Definition(
        number,
        name,
        str(getattr(found, "field_type", None)),
        getattr(found, "deleted", None) is True,
        tuple(map(_option, options)) if is_array(options) else (),
    )


def _option(found: Any) -> Option:
    label = getattr(found, "option", None)
    deleted = getattr(found, "deleted_at", None) is not None
    return Option(getattr(found, "id", 0), label if isinstance(label, str) else "", deleted)


def _is_of(path: str, record: Record) -> bool:
    """Whether a record can be one of a collection."""
    collections = registry.collections_of(type(record).__schema__)
    return not collections or path in collections


def _shown(record: Any, *, asked: bool = False) -> tuple[Held, ...] | None:
    """Return what a record shows of its values; None if it does not show whose they are.

    `asked` says that it was asked for that: then Clio withholds what is not there.
    """
    rows = getattr(record, "custom_field_values", _ABSENT)
    if rows is None:
        return ()
    if not is_array(rows) or not (asked or all(_tells(row) for row in rows)):
        return None
    return tuple(map(_row, rows))


_ABSENT = object()


def _tells(row: Any) -> bool:
    """Whether a value shows its id and its definition, or may not."""
    return (hasattr(row, "id") and hasattr(row, "custom_field")) or getattr(row, "redacted", None) is True


def _row(row: Any) -> Held:
    definition = getattr(getattr(row, "custom_field", None), "id", None)
    empty = getattr(row, "value", _ABSENT) is None and getattr(row, "field_name", None) is not None
    return Held(getattr(row, "id", None), definition, empty)
