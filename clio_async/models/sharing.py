"""Whether what is decoded once may be given to many."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs
from attrs import Factory

from ..codec.plan import Plan
from .durations import AsTime
from .projection import made_class

__all__ = ["is_immutable"]


def is_immutable(plan: Plan) -> bool:
    """Whether what a plan builds cannot be changed: records, and frozen classes that hold nothing mutable."""
    if not plan.keeps_extra:
        if not _is_frozen(made_class(plan)):
            return False
        if any(slot.convert is not None and not _is_constant(slot.convert) for slot in plan.slots):
            return False
    return all(slot.plan is None or is_immutable(slot.plan) for slot in plan.slots)


def _is_frozen(cls: type[Any]) -> bool:
    """Whether what attrs makes of a class is frozen, and holds nothing but what it is given or what all share."""
    if cls.__setattr__.__name__ != "_frozen_setattrs" or hasattr(cls, "__attrs_init__"):
        return False
    if hasattr(cls, "__attrs_post_init__") or hasattr(cls, "__attrs_pre_init__"):
        return False
    made: Any = Factory  # a function to type checkers
    return not any(one.converter is not None or isinstance(one.default, made) for one in attrs.fields(cls))


def _is_constant(convert: Callable[[Any], Any]) -> bool:
    """Whether what this makes cannot be changed."""
    if convert is frozenset or isinstance(convert, AsTime):
        return True
    return isinstance(convert, type) and issubclass(convert, Enum)
