"""`Bounded`: a client all of whose calls end by one deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from .asking import Asking
from .calls import Calls
from .messages import Request

if TYPE_CHECKING:
    from .options import Options

__all__ = ["Bounded"]


class Bounded(Calls):
    """The same client, with all its calls under the deadline of a call that begins now."""

    __slots__ = ("_deadline",)

    def __init__(self, calls: Calls, options: Options) -> None:
        for name in Asking.__slots__:
            setattr(self, name, getattr(calls, name))
        self._deadline = None if options.timeout is None else self._core.clock() + options.timeout
        self._options = options

    def bounded(self) -> Calls:
        return self

    def _remaining(self) -> float | None:
        return None if self._deadline is None else self._deadline - self._core.clock()

    def _built(self, *given: Any, **named: Any) -> Request:
        return evolve(super()._built(*given, **named), deadline=self._deadline)
