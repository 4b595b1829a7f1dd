"""A store for many processes and machines: `RedisCache`, on a Redis or Valkey server."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ..errors import InvalidArgument
from ..redis import RedisServer, Reply
from ..secrets import Secret
from .base import Begun, CacheStore, Entry, Generation
from .redis_scripts import BEGIN, COMMIT, OUTDATE, TOUCH
from .stored import packed, secret_of, unpacked

__all__ = ["RedisCache"]

_MARK_LIFE = 86_400_000  # milliseconds: once in that time what depends on a mark is read in full
_LONGEST_LIFE = 10 * 366 * 86_400.0
_BACK = 1.0  # seconds by which the server's clock may go back unseen: what its reckoning may be wrong by
_DRIFT = 0.001  # and what two clocks may come apart by in a second
_CHUNK = 1_000  # marks in one script, which nothing else on the server interrupts


class _Generation(NamedTuple):
    run: str
    marks: bytes

    @property
    def bound(self) -> bytes:
        return b"%s %s" % (self.run.encode(), self.marks)


class _Held(NamedTuple):
    """What an entry was found with."""

    generation: _Generation
    digest: bytes


class RedisCache(CacheStore):
    """Keep entries in a server, for all processes and machines that are given the same server, prefix and key.

    `server` is its URL, or a `RedisServer` that others use, too; one that is made here is closed with the store. Each
    operation is one round trip and one atomic step. What the server forgets (evicted, flushed, expired, restarted) is a
    miss, and what a write has outdated is never found again, also if an old snapshot comes back: its memory may be
    bounded with any policy of eviction. Times are the server's, so that machines need no common clock. If that one is
    put back, each process that has used the server before sees it with its next call, and nothing of before is found
    again; if there is none, answers of before look younger by as much. Put no old copy of the keys into a server that
    goes on running (see `RedisServer`) without a `purge`.

    A write that the server could not be told of is told by this process with its next call that the server answers: an
    idle process tells nothing (see `Policy.fresh_for` for how long others may go by what was true before).

    Names of keys are digests, and tell nothing of records or users. Values hold the answers as they are, confidential
    data included: what is outdated or purged stays in the server, found by nobody, until it is read for, has expired or
    is evicted. `key` (16 bytes or more, not in the server) authenticates values, and hides what the names are made of:
    without it, whoever can write to the server can make answers up. `max_entry_bytes` bounds the stored form of one,
    and `clock` is that of the client.

    :raises InvalidArgument: for a bound that is no number of bytes, or a key that is too short.
    """

    def __init__(
        self,
        server: str | Secret | RedisServer,
        *,
        prefix: str = "cache",
        max_entry_bytes: int = 8 * 1024 * 1024,
        key: bytes | Secret | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if not isinstance(max_entry_bytes, int) or max_entry_bytes < 0:
            raise InvalidArgument("The bounds of a cache are numbers of bytes, zero or more.")
        server = Secret(server) if isinstance(server, str) else server  # a traceback may show what this frame holds
        self._secret = secret_of(key)
        self._owns = not isinstance(server, RedisServer)
        self._server = server if isinstance(server, RedisServer) else RedisServer(server)
        self._prefix = f"{prefix}:1:"  # the format: another one has keys of its own
        self._hash = hashlib.blake2b(
            digest_size=16, key=b"" if self._secret is None else hashlib.sha256(self._secret).digest()
        )
        self._max_entry = max_entry_bytes
        self._clock = clock
        self._random = random
        self._held: WeakKeyDictionary[Entry, _Held] = WeakKeyDictionary()
        self._who = random(8).hex()
        self._offset = ("", 0.0, 0.0)
        """The run of the server that answered last, by how much its clock is ahead of this one, and how much more that
        may be (seconds)."""
        self._heard_at = 0.0
        self._put_back = False  # the server's clock was, and nobody could be told yet

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        keys, random, sent_at = self._keys(principal, key, tags), self._random(16), self._clock()
        reply = await self._server.call(BEGIN, keys, (random, _MARK_LIFE))
        now = self._clock()
        seconds, micros, marks, *found = reply.value.split(b" ", 4)
        server_now = int(seconds) + int(micros) / 1e6
        offset = self._offset_of(reply.run, server_now - now, server_now - sent_at, now)
        if self._put_back:  # what was kept before looks younger than it is, to everybody
            await self._outdate(keys[1:2])
            self._put_back = False
            return await self.begin(principal, key, tags)
        generation = _Generation(reply.run, marks)
        if not found:
            return Begun(None, generation)
        digest, value = found
        entry = unpacked(value, principal, key, bound=generation.bound, offset=offset, now=now, secret=self._secret)
        if entry is not None:
            self._held[entry] = _Held(generation, digest)
        return Begun(entry, generation)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if not isinstance(generation, _Generation):
            return False
        digest = hashlib.blake2b(entry.body, digest_size=16).hexdigest().encode()
        arguments = self._arguments(principal, entry, _Held(generation, digest))
        if arguments is None:
            return False
        reply = await self._server.call(COMMIT, self._keys(principal, key, tags), arguments)
        return bool(reply.value == 1 and reply.run == generation.run)

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        held = self._held.get(entry)
        arguments = None if held is None else self._arguments(principal, entry, held)
        if arguments is not None and arguments[3]:
            await self._server.call(TOUCH, self._keys(principal, key, ())[:1], arguments)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        for start in range(0, len(tags), _CHUNK):
            await self._outdate([self._mark(principal, tag) for tag in tags[start : start + _CHUNK]])

    async def purge(self, principal: str) -> None:
        await self._outdate([f"{self._prefix}p{self._digest(principal)}"])

    async def aclose(self) -> None:
        """Close the connections, if the store has made the server's. What it keeps stays for the others."""
        if self._owns:
            await self._server.aclose()

    def _offset_of(self, run: str, least: float, most: float, now: float) -> float:
        """Return by how much the server's clock is ahead: as before, unless this answer shows that it is not so.

        A reckoning that moved with every answer would put two requests in the wrong order.
        """
        of, offset, _ = self._offset
        if of == run and offset - most > _BACK + _DRIFT * (now - self._heard_at):
            self._put_back = True
        self._heard_at = now
        if of != run or not least <= offset <= most:
            offset = least
        self._offset = run, offset, most - offset
        return offset

    async def _outdate(self, marks: list[str]) -> Reply:
        return await self._server.call(OUTDATE, marks)

    def _arguments(self, principal: str, entry: Entry, held: _Held) -> tuple[bytes | float | int, ...] | None:
        """Return what keeps an entry. None if times cannot be told, or there is none left."""
        generation, (run, offset, more) = held.generation, self._offset
        life = min(entry.expires_at - self._clock(), _LONGEST_LIFE)
        if run != generation.run or life <= 0:
            return None
        form = packed(principal, entry, bound=generation.bound, offset=offset, secret=self._secret)
        if len(form) > self._max_entry:
            form = b""
        own, life_ms = entry.validated_at, max(1, int(life * 1000))
        return generation.marks, own + offset, held.digest, form, life_ms, self._who.encode(), more, own

    def _keys(self, principal: str, key: str, tags: Sequence[str]) -> list[str]:
        """Return the name of an entry, and those of the marks that it depends on."""
        prefix, whose = self._prefix, self._digest(principal)
        keys = [f"{prefix}e{whose}{self._digest(key)}", f"{prefix}a", f"{prefix}p{whose}"]
        for tag in tags:
            what = self._digest(tag)
            keys += (f"{prefix}t{what}", f"{prefix}b{whose}{what}")
        return keys

    def _mark(self, principal: str | None, tag: str) -> str:
        what = self._digest(tag)
        return f"{self._prefix}t{what}" if principal is None else f"{self._prefix}b{self._digest(principal)}{what}"

    def _digest(self, text: str) -> str:
        digest = self._hash.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()
