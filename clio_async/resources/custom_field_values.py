"""What sets custom fields by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import AmbiguousCustomField, InvalidArgument, SchemaError, UnknownCustomField, UnknownPicklistOption
from ..models import registry
from ..models.selection import select_own
from ..protocol.custom_fields import Definition, Held, Option, change, contradicted, resolve, settled
from ..protocol.shapes import is_array, is_mapping
from . import arguments
from .base import ResourceBase
from .kept_definitions import Whose
from .kinds import refuse_other

if TYPE_CHECKING:
    from .base import HasId

__all__ = ["SetsCustomFields"]

_VALUES = "custom_field_values{id,field_name,value,custom_field,picklist_option}"
_OF_VALUES = ("id", "custom_field_values", "custom_field_values{id}", "custom_field_values{custom_field}")
_DEFINITIONS = "id,name,field_type,parent_type,deleted,picklist_options{id,option,deleted_at}"
_OF_DEFINITIONS = ("id", "name", "field_type", "picklist_options", "picklist_options{id}", "picklist_options{option}")
"""What a server may not refuse of these two selections; without the rest less is noticed."""
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
        this client, or purged. When a name or a label is not among them they are read once more, ten seconds later at
        the earliest; and at any time when the record contradicts them: a field that is meant, or one of its name, has
        another name there, or its option another label. Where nothing would show that labels were exchanged, since a
        picklist is given by a label, they are read again after 30 s. A field that was renamed less than five minutes
        ago is written under its old name where the record has no value of it.

        A value that the record shows is written by its own id. What it does not show may have been left out by
        ``custom_field_ids=``, or set since: before anything is created, or an absent value taken for cleared, the
        values are read again, in one request, unless `whole` says that the record shows all of them and was just read.
        Somebody else may still set a field between that and the write: ``If-Match`` is known to guard a record's own
        attributes only, and may let it pass.

        :raises UnknownCustomField: if the firm has no custom field of that name or id, for this kind of record.
        :raises AmbiguousCustomField: if it has two of that name, or the record two values, or some whose field cannot
            be told.
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
        known, wanted, kept = await self._resolved(values)
        held = await self._held(record, wanted, whole)
        if kept and contradicted(known, [definition for definition, _ in wanted], held):
            wanted = self._checked(await self._read_again(), values)
            held = await self._held(record, wanted, whole)
        changes = [change(definition, value, held) for definition, value in wanted]
        return [found for found in changes if found is not None]

    # -- definitions --------------------------------------------------------------------------------------------------

    async def _resolved(
        self, values: Mapping[Any, Any]
    ) -> tuple[tuple[Definition, ...], list[tuple[Definition, Any]], bool]:
        """Return the definitions, what is meant by them, and whether they had been kept."""
        kept = self._caller.learned.custom_fields
        found = kept.find(self._whose)
        if found is not None:
            try:
                wanted = self._checked(found.definitions, values)
            except _CURABLE:
                if not kept.may_be_outdated(found):
                    raise
            else:
                labelled = any(
                    one.type == "picklist" and isinstance(given, str)
                    for (one, _), given in zip(wanted, values.values(), strict=True)
                )
                if not (labelled and kept.may_mislabel(found)):
                    return found.definitions, wanted, True
        definitions = await self._read_again()
        return definitions, self._checked(definitions, values), False

    @property
    def _whose(self) -> Whose:
        return self._caller.base_url, self._caller.scope, registry.resource(self._name).schema or ""

    async def _read_again(self) -> tuple[Definition, ...]:
        kept, whose = self._caller.learned.custom_fields, self._whose
        begun = kept.begin()
        definitions = await _Definitions(self._caller).of(whose[2])
        kept.keep(whose, definitions, begun)
        return definitions

    def _checked(self, definitions: Iterable[Definition], values: Mapping[Any, Any]) -> list[tuple[Definition, Any]]:
        found = resolve(definitions, values, self._name)
        for (definition, _), given in zip(found, values.values(), strict=True):
            path = _NAMED.get(definition.type)
            if path is not None:
                refuse_other(given, {path}, f"The value of {definition.name!r}")
        return found

    # -- values -------------------------------------------------------------------------------------------------------

    async def _held(self, record: Any, wanted: list[tuple[Definition, Any]], whole: bool) -> tuple[Held, ...]:
        if record is None:
            return ()
        shown = _shown(record)
        if shown is not None and (whole or all(settled(definition, value, shown) for definition, value in wanted)):
            return shown
        operation = self._operation("get")
        selection = select_own(operation.schema or "", _VALUES, _OF_VALUES, strict=self._caller.strict)
        query = arguments.query(operation, selection, {}, None)
        path = arguments.path(operation, (record,))
        found = _shown(await self._caller.read(operation, path, query, selection), asked=True)
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
        operation = self._operation("list")
        selection = select_own(operation.schema or "", _DEFINITIONS, _OF_DEFINITIONS, strict=self._caller.strict)
        pages = self._pages(operation, selection, (), None, None, 0, {"parent_type": parent.lower()}, None)
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
    name = getattr(row, "field_name", None)
    empty = getattr(row, "value", _ABSENT) is None and name is not None
    chosen = getattr(row, "picklist_option", None)
    option = None if getattr(chosen, "option", None) is None else _option(chosen)
    number = getattr(row, "id", "")  # what does not show it may be a value
    return Held(number, _number(getattr(row, "custom_field", None)), empty, name, option)


def _number(reference: Any) -> int | None:
    """Return the id of a definition, which may come as a text. None if it cannot be told."""
    found = getattr(reference, "id", None)
    if isinstance(found, str) and found.isascii() and found.isdecimal():
        return int(found)
    return found if type(found) is int else None
