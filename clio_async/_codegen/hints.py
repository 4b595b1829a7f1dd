"""Annotations of what calls take: filters, and the bodies of writes as typed dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword

from attrs import frozen

from ..models.schema import Attribute, Filter, Operation
from ..resources.names import RESERVED

__all__ = ["TypedDict", "TypedDicts", "camel", "filter_hint"]

_FILTERS = {
    "integer": "int",
    "string": "str",
    "boolean": "bool",
    "decimal": "Number",
    "date": "dt.date",
    "datetime": "dt.datetime",
    "json": "Any",
}
_BODIES = _FILTERS | {"object": "Mapping[str, Any]"}


def camel(name: str) -> str:
    """Return the name of a class: ``bank_accounts`` becomes ``BankAccounts``."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def filter_hint(found: Filter) -> str:
    """Return the annotation of a filter."""
    if found.wire.endswith("[{}]"):
        return "Mapping[int, Any]"
    inner = _literal(found.enum) or _FILTERS[found.kind]
    if found.comparison:
        return f"Compared[{inner}]"
    if found.kind == "integer" and found.name.endswith("_id"):
        inner = "int | HasId"
    if found.many:
        inner = f"Iterable[{inner}]"
    if found.comma:
        inner = f"{inner} | Iterable[{inner}]"
    return f"{inner} | None" if found.nullable else inner


def _literal(values: tuple[str, ...]) -> str:
    return f"Literal[{', '.join(repr(value) for value in values)}] | str" if values else ""


@frozen
class TypedDict:
    """One typed dictionary."""

    name: str
    entries: list[str]


class TypedDicts:
    """The typed dictionaries of one module, collected while its verbs are written."""

    def __init__(self) -> None:
        self.written: list[TypedDict] = []

    def filters(self, name: str, filters: Mapping[str, Filter]) -> str:
        """Write the keyword arguments of a read; return the name, or nothing when there are none."""
        return self._write(name, {key: (filter_hint(found), found.required) for key, found in filters.items()})

    def write(self, name: str, operation: Operation) -> str:
        """Write the keyword arguments of a write: its body, and what else goes into its query; return the name."""
        hints = {_argument(key): hint for key, hint in self._hints(name, operation.attributes).items()}
        filters = {key: (filter_hint(found), found.required) for key, found in operation.filters.items()}
        return self._write(name, filters | hints)

    def _hints(self, owner: str, attributes: Mapping[str, Attribute]) -> dict[str, tuple[str, bool]]:
        return {key: (self._hint(owner, found), found.required) for key, found in attributes.items()}

    def _hint(self, owner: str, found: Attribute) -> str:
        inner = _literal(found.enum) or _BODIES[found.kind]
        if found.attributes:
            inner = self._object(owner, found)
        if found.many:
            inner = f"Sequence[{inner}]"
        return inner if inner == "Any" else f"{inner} | None"

    def _object(self, owner: str, found: Attribute) -> str:
        if [*found.attributes] == ["id"] and found.attributes["id"].kind == "integer":
            return "Associated"
        name = f"{owner}{camel(found.name)}"
        self._write(name, self._hints(name, found.attributes))
        return f"{name} | HasId" if "id" in found.attributes else name

    def _write(self, name: str, entries: Mapping[str, tuple[str, bool]]) -> str:
        if not entries:
            return ""
        lines = [f"{key}: {f'Required[{hint}]' if required else hint}" for key, (hint, required) in entries.items()]
        self.written.append(TypedDict(name, lines))
        return name


def _argument(key: str) -> str:
    return f"{key}_" if iskeyword(key) or key in RESERVED else key
