"""What a process has learnt of a server, or of a principal, and shares between all clients of one core."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import Factory, define, field

from ..protocol.batches import Bounds
from .kept_definitions import KeptDefinitions

__all__ = ["Learned"]


@define(eq=False)
class Learned:
    """Findings that save later requests. Each is only a hint: forgetting one costs a request, never a wrong answer."""

    _clock: Callable[[], float] = time.monotonic
    batches: dict[tuple[str, str], Bounds] = field(factory=dict[tuple[str, str], Bounds])
    """By base URL and resource, how many ids one request was seen to be answered for, or refused for."""
    refused: dict[tuple[str, str | None, str], frozenset[str]] = field(
        factory=dict[tuple[str, str | None, str], frozenset[str]]
    )
    """By base URL, API version and schema, what the server was seen to refuse of a default selection: ``location``, or
    ``client{type}``."""
    custom_fields: KeptDefinitions = field(
        init=False, default=Factory(lambda self: KeptDefinitions(self._clock), takes_self=True)
    )
    """What custom fields each principal was shown."""

    def forget(self, principal: str) -> None:
        """Forget what was learnt of a principal, by its fingerprint."""
        self.custom_fields.forget(principal)

    def written(self, base: str, resource: str | None) -> None:
        """Forget what a write to a resource may have made untrue."""
        if resource == "custom_fields":
            self.custom_fields.outdate(base)
