"""Asking: one request after another, within the quota, whatever comes back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from attrs import define, evolve, field

from ...errors import ClioError, NotSent
from ...headers import Headers
from ...messages import Request
from ...protocol.rate_limit import number, retry_at, seconds_until, wrapped
from ...protocol.requests import base_headers
from ...protocol.versions import PINNED
from ...secrets import Secret
from ...transport.base import Transport
from .exchanges import Evidence, Exchange

__all__ = ["READS", "Asker", "is_limited"]

READS = 20
"""The most requests of the questions that only read."""

_PATIENCE = 30.0  # seconds for one answer
_LONGEST = 120.0  # seconds of a pause
_UNTOLD = 60.0  # seconds of a pause whose end is not told
_LEFT = 5  # a fifth of the quota is left to others, and never fewer requests than these
_SILENCES = 3

Query = Sequence[tuple[str, str]]


@define(kw_only=True)
class Asker:
    """Asks one server on behalf of one token, and keeps what it answers. It raises nothing that a server can cause.

    It goes below the client: nothing is cached, repeated or followed. It pauses before a read when little of the quota
    is left, and once when there is none; a write is never put off, nor sent again: what it writes was read just before,
    and may be another text after a pause. After three requests in a row without an answer, after a 429 that a pause
    does not help, or when the token is refused, it asks nothing more.
    """

    transport: Transport
    base: str
    token: Secret = field(repr=False)
    say: Callable[[str], None]
    clock: Callable[[], float]
    """That of the transport, in seconds."""
    wall_clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    most: int = READS
    """How many requests may be sent."""
    evidence: Evidence
    sent: int = 0
    _silent: int = 0
    _stopped: str = ""
    _last: Exchange | None = None

    async def ask(
        self,
        name: str,
        path: str,
        query: Query = (),
        *,
        method: str = "GET",
        version: str | None = PINNED,
        headers: Mapping[str, str] | None = None,
        change: Mapping[str, Any] | None = None,
        token: Secret | None = None,
    ) -> Exchange | None:
        """Ask, and keep the answer under `name`. None if nothing may be asked any more; why is kept, too."""
        why = self._stopped or (f"the {self.most} requests of the probe were used up" if self.sent >= self.most else "")
        if why:
            self.skip(name, why)
            return None
        target = f"{path}?{urlencode(query, safe='{},()')}" if query else path
        body = None if change is None else json.dumps({"data": change}).encode()
        fields = {**(headers or {}), **({} if body is None else {"Content-Type": "application/json"})}
        request = Request(method, self.base + target, self._fields(version, fields, token), body)
        exchange = await self._exchanged(Exchange(name=name, method=method, target=target), request)
        if is_limited(exchange):
            exchange = await self._again(exchange, request)
        self.evidence = evolve(self.evidence, exchanges={**self.evidence.exchanges, name: exchange})
        self._look(exchange, own=token is None)
        return exchange

    def skip(self, name: str, why: str) -> None:
        """Note why something is not asked."""
        self.evidence = evolve(self.evidence, skipped={**self.evidence.skipped, name: why})

    def _fields(self, version: str | None, more: Mapping[str, str], token: Secret | None) -> Headers:
        made = base_headers(version)
        for name, value in more.items():
            made = made.having(name, value)
        return made.having("Authorization", f"Bearer {(token or self.token).reveal()}")

    async def _exchanged(self, exchange: Exchange, request: Request) -> Exchange:
        if request.method == "GET":
            await self._leave_some()
        self.sent += 1
        request = evolve(request, deadline=self.clock() + _PATIENCE)
        sent_at = self.wall_clock()
        try:
            response = await self.transport.send(request)
        except ClioError as error:
            return evolve(exchange, failure=_failure(error), sent_at=sent_at, received_at=self.wall_clock())
        return evolve(
            exchange,
            status=response.status,
            headers=response.headers,
            body=response.body,
            sent_at=sent_at,
            received_at=self.wall_clock(),
        )

    async def _again(self, exchange: Exchange, request: Request) -> Exchange:
        """Wait as a 429 says, and ask once more if it was a read and that is in bounds."""
        if self.evidence.limited is None:
            self.evidence = evolve(self.evidence, limited=exchange)
        until = retry_at(exchange.headers, exchange.received_at)
        pause = _UNTOLD if until is None else until - exchange.received_at
        if request.method != "GET" or pause > _LONGEST or self.sent >= self.most:
            return exchange
        await self._pause(pause)
        return await self._exchanged(
            Exchange(name=exchange.name, method=exchange.method, target=exchange.target), request
        )

    async def _leave_some(self) -> None:
        """Wait for the next window when little of this one is left."""
        last, self._last = self._last, None
        if last is None:
            return
        left, limit = (number(last.headers, f"x-ratelimit-{name}") for name in ("remaining", "limit"))
        if left is None or left > max(_LEFT, (limit or 0) // 5):
            return
        reset = number(last.headers, "x-ratelimit-reset")
        pause = _UNTOLD if reset is None else seconds_until(last.headers, reset, last.received_at)
        await self._pause(min(pause, _LONGEST))

    async def _pause(self, seconds: float) -> None:
        self.say(f"Little of the quota is left: waiting {seconds + 1:.0f} s for more …")
        await self.sleep(seconds + 1)  # both ends are told in whole seconds

    def _look(self, exchange: Exchange, *, own: bool) -> None:
        """See whether there is any use in asking on."""
        self._silent = self._silent + 1 if exchange.failure else 0
        if not exchange.failure:
            self._last = exchange
        if self._silent == _SILENCES or (exchange.failure and self.sent == 1):
            self._stopped = f"the server does not answer ({exchange.failure})"
        if is_limited(exchange):
            self._stopped = "the quota is used up (429), by others or for long"
        if exchange.status == 401 and own:
            self._stopped = "the token is refused (401): is it of this region, and has it ended?"


def is_limited(exchange: Exchange) -> bool:
    """Say whether an answer is a 429, or one in another guise."""
    return exchange.status == 429 or wrapped(exchange.body) is not None


def _failure(error: ClioError) -> str:
    kind = type(error).__name__
    return f"nothing could be sent: {kind}" if isinstance(error, NotSent) else f"no complete answer came: {kind}"
