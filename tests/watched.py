"""Parts of a client with something to see: a limiter that waits, an auth that renews, hooks that note."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
from attrs import evolve, field, frozen

from clio_async.events import Attempt, Exchange, Hooks, QuotaPause, QuotaWait, RefreshOutcome, TokenRefresh
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Request, Response
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret


class Notes(Hooks):
    """Write down what is told."""

    def __init__(self, name: str = "", told: list[tuple[str, object]] | None = None) -> None:
        self.name = name
        self.told: list[tuple[str, object]] = [] if told is None else told

    def note(self, what: str, event: object) -> None:
        self.told.append((self.name + what, event))

    def call_began(self, request: Request, /) -> object:
        self.note("began", request)
        return f"{self.name}{request.method}"

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        self.note("ended", (exchange, begun))

    def attempted(self, attempt: Attempt, /) -> None:
        self.note("attempted", attempt)

    def waited(self, wait: QuotaWait, /) -> None:
        self.note("waited", wait)

    def paused(self, pause: QuotaPause, /) -> None:
        self.note("paused", pause)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        self.note("refreshed", refresh)

    def names(self) -> list[str]:
        return [name for name, _ in self.told]

    def of(self, name: str) -> list[object]:
        return [event for what, event in self.told if what == name]


class Patient(LocalLimiter):
    """Let a request through at once, or after `wait`; ask for another try after a 429."""

    def __init__(self, wait: Callable[[], Awaitable[object]] | None = None) -> None:
        super().__init__()
        self.wait = wait
        self.paused = False

    def passes(self, request: Request) -> bool:
        return self.wait is None and not self.paused

    async def turn(self, request: Request) -> None:
        if self.wait is not None:
            await self.wait()
        self.paused = False

    def answered(self, request: Request, response: Response) -> Response:
        if response.status != 429:
            return response
        self.paused = True
        return evolve(response, verdict="again")


@frozen(eq=False)
class Renewing:
    """Hand out one token, and another one once it was refused. Renewing runs in a task of its own."""

    base: str
    tokens: tuple[str, ...] = ("token-1", "token-2")
    outcome: RefreshOutcome = "refreshed"
    state: dict[str, int] = field(factory=lambda: {"now": 0})

    def principal(self, base: str, /) -> Principal:
        return Principal(base, grant="g")

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        return Secret(self.tokens[self.state["now"]])

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        if again:
            return False
        done = anyio.Event()

        async def renew(keep: Callable[[], None]) -> None:
            started = channel.clock()
            try:
                await channel.send(Request("POST", f"{self.base}/oauth/token", body=b"grant_type=refresh_token"))
                self.state["now"] += 1
            finally:
                channel.refreshed(TokenRefresh("f" * 32, self.outcome, started, channel.clock()))
                done.set()

        channel.detach(renew)
        await done.wait()
        return True
