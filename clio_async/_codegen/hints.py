"""Annotations of what calls take: filters, and the bodies of writes as typed dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from keyword import iskeyword
from textwrap import wrap

from attrs import frozen

from ..models.schema import Attribute, Filter, Operation
from ..resources.names import RESERVED

__all__ = ["Alias", "TypedDict", "TypedDicts", "argument", "camel"]

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


_GLUE = "\N{NO-BREAK SPACE}"
"""Stands for a space at which no line may end."""


@frozen
class Alias:
    """The name for a list of documented values."""

    name: str
    values: tuple[str, ...]

    @property
    def source(self) -> str:
        """Return its definition, on as few lines as it takes within a block."""
        head = f"{self.name}: TypeAlias = Literal["
        lines = self._lines
        if len(lines) == 1 and len(head + lines[0]) <= 115:
            return f"{head}{lines[0]}]"
        return "\n        ".join([head, *lines]) + "\n    ]"

    @property
    def _lines(self) -> list[str]:
        text = ", ".join(f'"{value}"'.replace(" ", _GLUE) for value in self.values)
        return [line.replace(_GLUE, " ") for line in wrap(text, 110, break_long_words=False, break_on_hyphens=False)]


@frozen
class TypedDict:
    """One typed dictionary."""

    name: str
    entries: list[str]


_FEW = 4
"""So many values are written where they are needed; more get a name."""


class TypedDicts:
    """The typed dictionaries of one module, and the names for values in them, collected while verbs are written."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.written: list[TypedDict] = []
        self.aliases: list[Alias] = []
        self._taken = {*taken}

    def filters(self, name: str, filters: Mapping[str, Filter]) -> str:
        """Write the keyword arguments of a read; return the name, or nothing when there are none."""
        return self._write(name, self._filter_hints(name, filters))

    def write(self, name: str, operation: Operation) -> str:
        """Write the keyword arguments of a write: its body, and what else goes into its query; return the name."""
        hints = {argument(key): hint for key, hint in self._hints(name, operation.attributes).items()}
        return self._write(name, self._filter_hints(name, operation.filters) | hints)

    def _filter_hints(self, owner: str, filters: Mapping[str, Filter]) -> dict[str, tuple[str, bool]]:
        return {key: (self._filter_hint(owner, found), found.required) for key, found in filters.items()}

    def _filter_hint(self, owner: str, found: Filter) -> str:
        if found.wire.endswith("[{}]"):
            return "Mapping[int, Any]"
        inner = self._literal(owner, found.name, found.enum) or _FILTERS[found.kind]
        if found.comparison:
            return f"Compared[{inner}]"
        if found.kind == "integer" and found.name.endswith("_id"):
            inner = "int | HasId"
        if found.name == "ids":
            inner = "int | HasId" if found.kind == "integer" else "int | str | HasId"
        if found.many:
            inner = f"Iterable[{inner}]"
        if found.comma:
            inner = f"{inner} | Iterable[{inner}]"
        return f"{inner} | None" if found.nullable else inner

    def _hints(self, owner: str, attributes: Mapping[str, Attribute]) -> dict[str, tuple[str, bool]]:
        return {key: (self._hint(owner, found), found.required) for key, found in attributes.items()}

    def _hint(self, owner: str, found: Attribute) -> str:
        inner = self._literal(owner, found.name, found.enum) or _BODIES[found.kind]
        if found.unit:
            inner = f"{inner} | dt.timedelta"
        if found.attributes:
            inner = self._object(owner, found)
        if found.many:
            inner = f"Sequence[{inner}]"
        refuses_null = inner == "Any" or found.null == "never" or found.required
        return inner if refuses_null else f"{inner} | None"

    def _object(self, owner: str, found: Attribute) -> str:
        if [*found.attributes] == ["id"] and found.attributes["id"].kind == "integer":
            return "Associated"
        name = f"{owner}{camel(found.name)}"
        hints = self._hints(name, found.attributes)
        known = next((other.name for other in self.written if other.entries == _entries(hints)), "")
        of = known or self._write(name, hints)
        return f"{of} | HasId" if "id" in found.attributes else of

    def _literal(self, owner: str, name: str, values: tuple[str, ...]) -> str:
        if not values:
            return ""
        if len(values) <= _FEW:
            return f"Literal[{', '.join(repr(value) for value in values)}] | str"
        known = next((alias.name for alias in self.aliases if alias.values == values), None)
        return f"{known or self._alias(owner, name, values)} | str"

    def _alias(self, owner: str, name: str, values: tuple[str, ...]) -> str:
        chosen = next(found for found in (camel(name), f"{owner}{camel(name)}") if found not in self._taken)
        self._taken.add(chosen)
        self.aliases.append(Alias(chosen, values))
        return chosen

    def _write(self, name: str, entries: Mapping[str, tuple[str, bool]]) -> str:
        if not entries:
            return ""
        self.written.append(TypedDict(name, _entries(entries)))
        return name


def _entries(hints: Mapping[str, tuple[str, bool]]) -> list[str]:
    return [f"{key}: {f'Required[{hint}]' if required else hint}" for key, (hint, required) in hints.items()]


def argument(key: str) -> str:
    """Return the keyword argument for a name on the wire."""
    return f"{key}_" if iskeyword(key) or key in RESERVED else key
