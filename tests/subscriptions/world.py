"""A firm, its webhooks at Clio, and clients that keep them, under one clock: that of the event loop."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import anyio

from clio_async import Clio, Headers, MemoryTransport, Request, Response
from clio_async.resources.subscriptions.ensured import Ensured
from clio_async.testing import Simulator
from clio_async.testing.simulator.clock import EPOCH, Clock
from clio_async.webhooks import MemorySubscriptions, Subscription, SubscriptionStore

__all__ = ["BASE", "DAY", "HOUR", "URL", "World", "refusal"]

BASE = "http://localhost/api/v4"
URL = "https://hooks.test/clio?tenant=7"
HOUR = 3600.0
DAY = 24 * HOUR


def refusal(status: int, type: str = "ArgumentError", message: str = "no") -> Response:
    """Return an answer as Clio refuses."""
    body = json.dumps({"error": {"type": type, "message": message}}).encode()
    return Response(status, Headers([("Content-Type", "application/json")]), body)


Wrap = Callable[[Request, Callable[[Request], Any]], Any]


class World:
    """`answering` stands between clients and Clio: it may change, lose or count what passes."""

    def __init__(self, **settings: Any) -> None:
        self._began: float | None = None
        self._tokens: dict[int, str] = {}
        sizes = {"matters": 6, "contacts": 3, "tasks": 3, "users": 2} | settings
        self.simulator = Simulator(clock=Clock(source=self.now), **sizes)
        self.store: SubscriptionStore = MemorySubscriptions()
        self.sent: list[tuple[str, str]] = []
        self.answering: Wrap | None = None
        self.random: Callable[[], float] = random.Random("subscriptions").random
        self.clio = self.client()

    def now(self) -> float:
        """Return seconds since the epoch."""
        try:
            moment = anyio.current_time()
        except RuntimeError:  # before the loop runs
            return EPOCH
        if self._began is None:
            self._began = moment
        return EPOCH + moment - self._began

    async def sleep(self, seconds: float) -> None:
        """Let time pass, in steps that a virtual loop does not take for forever."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:  # noqa: ASYNC110 - the time is all that is waited for
            await anyio.sleep(min(left, DAY / 2))

    def client(self, *, user: int = 1, token: str | None = None, **options: Any) -> Clio:
        if user not in self._tokens:
            self._tokens[user] = self.simulator.token(user=user)
        return Clio(
            token or self._tokens[user],
            base_url=BASE,
            transport=MemoryTransport(self._answer),
            clock=self.now,
            wall_clock=self.now,
            random=lambda: self.random(),
            **options,
        )

    async def _answer(self, request: Request) -> Response:
        self.sent.append((request.method, request.url.removeprefix(BASE).partition("?")[0]))
        if self.answering is not None:
            return await self.answering(request, self.simulator.handler)
        return await self.simulator.handler(request)

    async def ensure(self, clio: Clio | None = None, **changes: Any) -> Ensured:
        given = {"model": "matter", "url": URL, "store": self.store} | changes
        return await (clio or self.clio).webhooks.ensure(**given)

    async def held(self) -> Subscription:
        """Return the only subscription of the store."""
        (one,) = await self.store.all()
        return one

    async def hooks(self, url: str = URL) -> list[Any]:
        """Return the webhooks that Clio has for the address, by their ids."""
        found = await self.client().webhooks.list().collect()
        return [one for one in found if (one.url or "").startswith(url)]

    def calls(self, method: str) -> list[str]:
        """Return the paths of what was sent by a method."""
        return [path for sent, path in self.sent if sent == method]
