"""What a process has learnt of a server, or of a principal, and shares between all clients of one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import Factory, define, field

from .kept_creations import KeptCreations
from .kept_definitions import KeptDefinitions
from .kept_refusals import KeptRefusals

if TYPE_CHECKING:
    from ..protocol.batches import Bounds

__all__ = ["Learned"]


@define(eq=False, repr=False)
class Learned:
    """Findings that save later requests. Each is only a hint: forgetting one costs a request, never a wrong answer."""

    _clock: Callable[[], float] = time.monotonic
    batches: dict[tuple[str, str], Bounds] = field(factory=dict[tuple[str, str], "Bounds"])
    """By base URL and resource, how many ids one request was seen to be answered for, or refused for."""
    if_match: dict[str, str] = field(factory=dict[str, str])
    """By base URL, which form of a tag it was seen to take for `If-Match` where the `etag` of a record was refused."""
    created: KeptCreations = field(factory=KeptCreations)
    """What was created, as far as an answer told which record that is."""
    told: set[str] = field(factory=set[str])
    """The versions of the API of which was told what they count in another unit."""
    refused: KeptRefusals = field(init=False, default=Factory(lambda self: KeptRefusals(self._clock), takes_self=True))
    """What was refused to each principal of selections that the SDK had chosen."""
    custom_fields: KeptDefinitions = field(
        init=False, default=Factory(lambda self: KeptDefinitions(self._clock), takes_self=True)
    )
    """What custom fields each principal was shown."""

    def forget(self, principal: str) -> None:
        """Forget what was learnt of a principal, by its fingerprint."""
        self.custom_fields.forget(principal)
        self.refused.forget(principal)

    def written(self, base: str, resource: str | None) -> None:
        """Forget what a write to a resource may have made untrue."""
        if resource == "custom_fields":
            self.custom_fields.outdate(base)
