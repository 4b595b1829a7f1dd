"""How each verb of the public API is called: with what its own types say it takes.

The values are made of the signatures and typed dictionaries that type checkers read, so that what they promise is what
is sent.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from inspect import Parameter
from itertools import chain
from pathlib import Path
from typing import Any, Literal, Required, Union, get_args, get_origin, get_overloads, get_type_hints, is_typeddict

from attrs import field, frozen

from clio_async import Clio, Pages, Ref
from clio_async.models import Document
from clio_async.resources import base

__all__ = ["Arguments", "Tagged", "Verb", "carried_out", "verbs"]

ID = 7
DAY = dt.date(2025, 3, 30)
MOMENT = dt.datetime(2025, 3, 30, 1, 59, 59, 250_000, dt.timezone(dt.timedelta(hours=-4)))


@frozen
class Tagged:
    """What `update` takes beside a record."""

    id: int = ID
    etag: str = '"0123456789abcdef"'


@frozen
class Arguments:
    """Of one call."""

    positional: tuple[Any, ...]
    keywords: dict[str, Any] = field(factory=dict[str, Any])


_COUNTS_TIME = {"type": "TimeEntry", "kind": "Service"}
"""What an activity and a line of a bill have to be for their quantity to be a time."""
_COUNTS_PIECES = {"type": "ExpenseEntry", "kind": "Expense"}
"""What they have to be for it to be any number: seconds are whole."""


@frozen(eq=False)
class Verb:
    """A method of a resource, and what type checkers know of it."""

    resource: str
    name: str
    positional: Mapping[str, Any]
    """The hints of what is given by position."""
    named: Mapping[str, Any]
    """The hints of the keyword arguments that a verb has by name: ``fields``, ``limit`` …"""
    rest: Mapping[str, Any]
    """The hints of the other keyword arguments: filters and attributes."""

    def __str__(self) -> str:
        return f"{self.resource}.{self.name}"

    def least(self) -> Arguments:
        """Return the arguments without which it is a type error."""
        required = {name: hint for name, hint in self.rest.items() if get_origin(hint) is Required}
        if self.name == "update":  # it has nothing that is required, and has to be told something
            required = dict([*self.rest.items()][:1])
        return Arguments(self._positions(0), _row(required))

    def all(self) -> Iterator[Arguments]:
        """Yield arguments that are all given, in turn of every type that they may have."""
        count = max(len(_choices(hint)) for hint in chain([int], self.positional.values(), self.rest.values()))
        for index, given in enumerate(_rows(self.rest, count)):
            kinds = _COUNTS_TIME if isinstance(given.get("quantity"), dt.timedelta) else _COUNTS_PIECES
            given |= {name: value for name, value in kinds.items() if name in given and "quantity" in given}
            yield Arguments(self._positions(index), given)

    def nulls(self) -> Iterator[Arguments]:
        """Yield arguments with None wherever the types allow it: at the top, and within objects."""
        for deep in (False, True):
            given = {name: _nulled(hint, deep) for name, hint in self.rest.items()}
            yield Arguments(self._positions(0), given)

    def _positions(self, index: int) -> tuple[Any, ...]:
        return tuple(found[index % len(found)] for found in map(_choices, self.positional.values()))


async def carried_out(clio: Clio, verb: Verb, given: Arguments, **more: Any) -> Any:
    """Call a verb; walk what it lists."""
    found = getattr(getattr(clio, verb.resource), verb.name)(*given.positional, **given.keywords, **more)
    return await found.collect() if isinstance(found, Pages) else await found


# -- values of types ----------------------------------------------------------------------------------------------


def _rows(hints: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """Return `count` dictionaries that hold every key, with one choice after the other."""
    choices = {name: [ID, "7-2025"] if (name, hint) == ("id", Any) else _choices(hint) for name, hint in hints.items()}
    return [{name: found[index % len(found)] for name, found in choices.items()} for index in range(count)]


def _row(hints: Mapping[str, Any]) -> dict[str, Any]:
    return _rows(hints, 1)[0]


_ONE: Mapping[Any, list[Any]] = {
    Any: ["x", Decimal("1.5"), True, 3],
    int: [ID],
    bool: [True, False],
    str: ["a text, with ümläuts & more"],
    float: [0.1],
    Decimal: [Decimal("12345678901234567.10")],
    dt.date: [DAY],
    dt.datetime: [MOMENT],
    dt.timedelta: [dt.timedelta(hours=1, minutes=30)],
    base.HasId: [Ref(ID)],
    base.HasETag: [Tagged()],
    type(None): [],
    Mapping[str, Any]: [{"any": "thing"}],
    Mapping[int, Any]: [{12: "x"}, {12: Decimal("1.5")}, {12: {">=": 3, "<": 5}}, {12: (DAY, None)}, {12: True}],
}


def _choices(hint: Any) -> list[Any]:
    """Return a value of each type that a hint allows, but null."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Required:
        return _choices(inner[0])
    if hint in _ONE:
        return _ONE[hint]
    if origin in {Union, types.UnionType}:
        return _compared(inner) if tuple in map(get_origin, inner) else _united(inner)
    if origin is Literal:
        return list(inner)
    if origin in {Sequence, Iterable, list}:
        return [_choices(inner[0])]
    if is_typeddict(hint):
        hints = _hints(hint)
        return _rows(hints, max(map(len, map(_choices, hints.values()))))
    raise AssertionError(f"no value is known for {hint}")


def _united(inner: tuple[Any, ...]) -> list[Any]:
    # A text beside documented values is for those that Clio adds: the document cannot know them.
    documented = any(get_origin(one) is Literal for one in inner)
    found = [value for one in inner if not (documented and one is str) for value in _choices(one)]
    keys = next((_hints(one) for one in inner if is_typeddict(one)), {})
    return [_reference(keys) if value == Ref(ID) else value for value in found]


def _reference(keys: Mapping[str, Any]) -> Any:
    """Return a record for where an object with these keys may stand, too: of the right type, with the right id."""
    kinds = _choices(keys["type"]) if "type" in keys else [None]
    if kinds == _ONE[str]:
        return Document(id=ID)
    ids = _row(keys)["id"] if "id" in keys else ID
    return Ref(ids, type=kinds[0])


def _compared(inner: tuple[Any, ...]) -> list[Any]:
    (one,) = _choices(inner[0])
    return [one, str(one), f"<={one}", (one, one), (one, None), (None, one), {">=": one, "<": one}, [one, f">{one}"]]


def _nulled(hint: Any, deep: bool) -> Any:
    """Return None if the hint allows it; else, or if it is to be deep, an object with nulls in it."""
    of = _object_in(hint)
    if type(None) in get_args(_bare(hint)) and not (deep and of is not None):
        return None
    if of is None:
        return _choices(hint)[0]
    inner = {name: _nulled(one, deep) for name, one in _hints(of).items()}
    return [inner] if isinstance(_choices(hint)[0], list) else inner


def _object_in(hint: Any) -> Any:
    """Return the typed dictionary in a hint, also that of the items of a list."""
    if is_typeddict(hint):
        return hint
    return next((found for one in get_args(hint) if (found := _object_in(one)) is not None), None)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Required else hint


# -- what type checkers see ---------------------------------------------------------------------------------------


@cache
def verbs() -> tuple[Verb, ...]:
    """Return every verb of every resource that stands for one operation."""
    clio = Clio("nobody")
    found: list[Verb] = []
    for name in dir(clio):
        if not name.startswith("_") and isinstance(resource := getattr(clio, name), base.ResourceBase):
            found += _verbs_of(name, type(resource))
    return tuple(found)


_COMPOSED = frozenset({"iter_changes"})
"""Verbs that call others."""


def _verbs_of(resource: str, cls: type) -> Iterator[Verb]:
    for of in cls.__mro__:
        own = [name for name, value in vars(of).items() if inspect.isfunction(value) and not name.startswith("_")]
        if "._generated." in of.__module__:
            seen = _as_checked(of.__module__)
            methods = [getattr(seen[of.__name__], name) for name in own if name not in _COMPOSED]
            yield from [_verb(resource, method, seen) for method in methods]


def _verb(resource: str, method: Callable[..., Any], seen: dict[str, Any]) -> Verb:
    overloads = get_overloads(method)
    signature = inspect.signature(overloads[-1] if overloads else method)
    parameters = [found for name, found in signature.parameters.items() if name != "self"]

    def hints(*kinds: Any) -> dict[str, Any]:
        return {found.name: _evaluated(found.annotation, seen) for found in parameters if found.kind in kinds}

    unpacked = [str(found.annotation) for found in parameters if found.kind is Parameter.VAR_KEYWORD]
    rest = [re.fullmatch(r"Unpack\[(\w+)\]", text) for text in unpacked]
    assert all(rest), f"{resource}.{method.__name__} says nothing of its keyword arguments"
    positional = hints(Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    known = _hints(seen[rest[0][1]]) if rest and rest[0] else {}
    return Verb(resource, method.__name__, positional, hints(Parameter.KEYWORD_ONLY), known)


def _evaluated(annotation: Any, seen: dict[str, Any]) -> Any:
    return eval(annotation, seen) if isinstance(annotation, str) else annotation


_SEEN: dict[str, dict[str, Any]] = {}


def _hints(of: Any) -> dict[str, Any]:
    """Return the keys of a typed dictionary and their types."""
    return get_type_hints(of, globalns=_SEEN.get(of.__module__), include_extras=True)


def _as_checked(module: str) -> dict[str, Any]:
    """Return the names of a module as type checkers see them: with all that is for them alone."""
    name = f"{module} (checked)"
    if name not in _SEEN:
        real = sys.modules[module]
        source = Path(str(real.__file__)).read_text()
        namespace: dict[str, Any] = {"__name__": name, "__package__": real.__package__}
        _SEEN[name] = namespace
        marked = source.replace("if TYPE_CHECKING:", "if True:")
        exec(compile(marked, str(real.__file__), "exec"), namespace)
    return _SEEN[name]
