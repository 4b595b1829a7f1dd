"""Compile a plan into one loop over objects of the expected shape.

The loop takes every key by name, checks every type, and hands an object with any surprise (a key more or less, another
type) to `structure`. Both give the same; the compiled loop costs about as much as parsing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any, TypeAlias

from .frozen import freeze
from .plan import Plan, Slot
from .values import STRUCTURE

__all__ = ["Loop", "compile_plan"]

Loop: TypeAlias = Callable[[list[Any], Callable[[Any, int], Any]], list[Any]]
"""Builds objects from documents; the second argument builds one that is not of the expected shape, given its index."""

_TYPES = {"integer": "int", "string": "str", "etag": "str", "boolean": "bool"}


def compile_plan(plan: Plan) -> Loop:
    """Return the loop for a plan."""
    writer = _Writer()
    lines = [
        "def loop(items, other):",
        " out = []",
        " for d in items:",
        "  try:",
        *(f"   {line}" for line in writer.object(plan, "d", "r")),
        "  except Exception:",  # a surprise, or a class of the caller that refuses: `structure` says which
        "   pass",
        "  else:",
        "   out.append(r)",
        "   continue",
        "  out.append(other(d, len(out)))",
        " return out",
    ]
    exec(compile("\n".join(lines), f"<decoder of {plan.schema}>", "exec"), writer.names)  # noqa: S102 - our own text, made of schema names
    loop: Loop = writer.names["loop"]
    return loop


class _Writer:
    """Writes the lines that build one object; anything unexpected raises an error, which the loop catches."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "instant": datetime.fromisoformat,
            "day": date.fromisoformat,
            "freeze": freeze,
            "Decimal": Decimal,
        }
        self._numbers = count()

    def _fresh(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def _bind(self, prefix: str, value: Any) -> str:
        name = self._fresh(prefix)
        self.names[name] = value
        return name

    def object(self, plan: Plan, source: str, target: str) -> Iterator[str]:
        """Yield lines that build `target` from the dict called `source`."""
        variables = [self._fresh("v") for _ in plan.slots]
        yield f"if type({source}) is not dict or len({source}) != {len(plan.slots) + len(plan.unused)}: raise KeyError"
        for slot, variable in zip(plan.slots, variables, strict=True):
            yield f"{variable} = {source}[{slot.key!r}]"
        checks = [_check(slot, variable) for slot, variable in zip(plan.slots, variables, strict=True)]
        yield f"if not ({' and '.join(check for check in checks if check) or True}): raise TypeError"
        for slot, variable in zip(plan.slots, variables, strict=True):
            yield from self._value(slot, variable)
        yield from self._made(plan, variables, target)

    def _made(self, plan: Plan, variables: list[str], target: str) -> Iterator[str]:
        build = self._bind("build", plan.build)
        if not plan.keeps_extra:
            given = zip(plan.slots, variables, strict=True)
            yield f"{target} = {build}({', '.join(f'{plan.names[slot.key]}={variable}' for slot, variable in given)})"
            return
        yield f"{target} = {self._bind('blank', plan.blank)}()"
        for slot, variable in zip(plan.slots, variables, strict=True):
            yield f"{target}.{slot.key} = {variable}"
        yield f"{target}.__class__ = {build}"

    def _value(self, slot: Slot, variable: str) -> Iterator[str]:
        lines = [*self._converted(slot, variable)]
        if lines and slot.nullable:
            yield f"if {variable} is not None:"
            lines = [f" {line}" for line in lines]
        yield from lines

    def _converted(self, slot: Slot, variable: str) -> Iterator[str]:
        if slot.many:
            yield f"if type({variable}) is not list: raise TypeError"
            yield f"{variable} = tuple({self._items(slot)}({variable}))"
        elif slot.plan is not None:
            yield from self.object(slot.plan, variable, variable)
        elif slot.kind == "datetime":
            yield f"{variable} = instant({variable})"
            yield f"if {variable}.tzinfo is None: raise ValueError"
        elif slot.kind == "date":
            yield f"if len({variable}) != 10 or {variable}[7] != '-': raise ValueError"
            yield f"{variable} = day({variable})"
        elif slot.kind == "decimal":
            yield f"if type({variable}) is not Decimal:"
            yield f" if type({variable}) is not int: raise TypeError"
            yield f" {variable} = Decimal({variable})"
        elif slot.kind in {"json", "object"}:
            yield f"{variable} = freeze({variable})"
        if slot.convert is not None:
            yield f"{variable} = {self._bind('convert', slot.convert)}({variable})"

    def _items(self, slot: Slot) -> str:
        """Return the name of a function from a list to the list of its built items."""
        if slot.plan is None:
            return self._bind("items", partial(_scalars, STRUCTURE[slot.kind]))
        return self._bind("items", partial(_objects, compile_plan(slot.plan)))


def _check(slot: Slot, variable: str) -> str:
    """Return the expression that is true for a type which needs no conversion, and nothing for the other types."""
    expected = _TYPES.get(slot.kind)
    if expected is None or slot.many or slot.plan is not None:
        return ""
    return f"(type({variable}) is {expected}{f' or {variable} is None' if slot.nullable else ''})"


def _scalars(structure: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    return [structure(item) for item in items]


def _objects(loop: Loop, items: list[Any]) -> list[Any]:
    return loop(items, _refuse)


def _refuse(_document: Any, _index: int) -> Any:
    # An item with a surprise: the object that holds it is built by `structure` as a whole.
    raise TypeError
