"""What was handled already: `Seen`. Clio sends an event again when the answer to it was late or lost."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal, TypeAlias

from ..errors import InvalidArgument

__all__ = ["Claim", "MemorySeen", "Seen"]

Claim: TypeAlias = Literal["new", "again", "handled", "busy"]

_TTL = 2 * 3600.0  # seconds; Clio tries five times in about an hour
_MOST = 100_000


class Seen(ABC):
    """Remembers deliveries by `key`, and which one was the last of its record, by `place`.

    A delivery has neither number nor time, so that a repetition is known by its bytes, the tag among them. It is passed
    over only while no other delivery of its record has been handled since: a late one is handled again, which costs a
    read, and a record that was changed there and back may have its first tag again.
    """

    @abstractmethod
    async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
        """Claim the handling of a delivery: "new", or "again" for one that was handled before, must be released.

        "handled": there is nothing to do; never said when `always` is true. "busy": somebody else has claimed it and
        not released it yet; who keeps claims outside of the process ends those of whoever is gone.
        """

    @abstractmethod
    async def release(self, key: str, place: str, *, handled: bool) -> None:
        """End a claim. What was not handled may be claimed again as if it had never been.

        What Clio did not send is noted here, when it was handled, without a claim.
        """


class MemorySeen(Seen):
    """Remembers in this process: for `ttl` seconds, and of at most `most` deliveries."""

    def __init__(self, *, ttl: float = _TTL, most: int = _MOST, clock: Callable[[], float] = time.monotonic) -> None:
        if not ttl > 0 or most < 1:
            raise InvalidArgument("ttl is a positive number of seconds, and most a positive number of deliveries.")
        self._ttl = ttl
        self._most = most
        self._clock = clock
        self._claimed: set[str] = set()
        self._handled: OrderedDict[str, tuple[float, str]] = OrderedDict()  # the oldest first
        self._last: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._handled)

    async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
        if key in self._claimed:
            return "busy"
        self._expire()
        known = key in self._handled
        if known and not always and self._last.get(place) == key:
            return "handled"
        self._claimed.add(key)
        return "again" if known else "new"

    async def release(self, key: str, place: str, *, handled: bool) -> None:
        self._claimed.discard(key)
        if handled:
            self._handled[key] = (self._clock(), place)
            self._handled.move_to_end(key)
            self._last[place] = key
            if len(self._handled) > self._most:
                self._forget()

    def _expire(self) -> None:
        now = self._clock()
        while self._handled and now - next(iter(self._handled.values()))[0] >= self._ttl:
            self._forget()

    def _forget(self) -> None:
        key, (_, place) = self._handled.popitem(last=False)
        if self._last.get(place) == key:
            del self._last[place]
