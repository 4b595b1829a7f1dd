"""The seam to a cache store: `CacheStore`, and the `Entry` it keeps."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from anyio.abc import AsyncResource
from attrs import define, field

from ..messages import Headers
from ..protocol.conditional import cache_directives

__all__ = ["Begun", "CacheStore", "Entry", "Generation"]

Generation: TypeAlias = object
"""An opaque, hashable value. None means unknown: it equals nothing, and nothing is kept under it."""


@define(eq=False)
class Entry:
    """A stored answer (status 200). Times are seconds on the client's monotonic clock.

    A store in the process keeps the object itself; one outside keeps all but `memo` and `asking`.
    """

    key: str
    """The key it is stored under, repeated."""
    headers: Headers
    body: bytes = field(repr=False)
    validator: tuple[str, str] | None
    """The header field that asks whether this is still current; None where the answer had no usable validator."""
    vary: tuple[tuple[str, str | None], ...]
    """Request fields that the answer was chosen by, with the values they had."""
    validated_at: float
    """When the request was sent that the server last answered with this, or confirmed it to."""
    expires_at: float
    """From when on it is asked for in full, whatever its validator: this bounds how long a withdrawn permission can go
    unseen."""
    age: float = 0.0
    """For how many seconds other caches had held it by then (RFC 9111 §5.1)."""
    redacted: bool = False
    """Whether something in the body may be withheld from this principal, so that it can change under one tag."""
    memo: dict[Any, Any] = field(factory=dict[Any, Any], repr=False)
    """Decoded forms of the body, shared by all answers that carry it."""
    asking: Headers | None = field(default=None, repr=False)
    """The fields of the last request that asked whether this is current. The next one is most often the same."""

    def is_fresh(self, now: float, seconds: float) -> bool:
        """Say whether this may be given again without asking, if an answer may be so many seconds old."""
        return (
            now - self.validated_at + self.age < seconds
            and now < self.expires_at
            and "no-cache" not in cache_directives(self.headers)
        )


class Begun(NamedTuple):
    """What a store knows when a read begins."""

    entry: Entry | None
    generation: Generation


class CacheStore(AsyncResource):
    """Keep answers per principal, and say when a record was written.

    Every tag has a generation that `delete_tags` replaces. A read begins under the generation of all its tags; its
    answer is kept, and found again, only while that generation is current. So an answer that was on its way while the
    record was written is never kept, whoever wrote it, and invalidation needs no index of entries.

    Two rules make this safe. A store that has forgotten a generation (evicted, flushed, restarted) must answer with one
    that equals no earlier one. And `delete_tags` may return only when every later `begin`, in any process, will see it.

    There is no way to read without a principal. Nothing that is read from outside the process is trusted: an entry that
    does not repeat its key, or whose body does not match its digest, is not there.
    """

    in_process: bool = False
    """True promises that no method ever suspends or fails, so the client needs no time budget around it."""

    answers_promptly: bool = False
    """True promises that `begin` itself ends within a moment, so the client needs no time budget around that one."""

    @abstractmethod
    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        """Return the entry stored under `principal` and `key`, if it is current, and the generation of `tags`."""

    @abstractmethod
    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        """Keep `entry` unless the generation of `tags` is no longer the one given. Say whether it was kept.

        Of two answers under one generation the one to the later request is kept (`Entry.validated_at`): what was slow
        does not replace what is newer.
        """

    @abstractmethod
    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        """Record that a 304 freshened `entry`: its headers or times have changed in place."""

    @abstractmethod
    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        """Give `tags` a new generation: for everybody, or for one principal alone.

        From then on no entry stored under an earlier one is found, and no read that began earlier can store.
        """

    @abstractmethod
    async def purge(self, principal: str) -> None:
        """Forget everything of a principal, and let no read that it has under way be stored."""
