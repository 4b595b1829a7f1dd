"""A receiver of webhooks that keeps what comes, for tests of the simulator alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from attrs import define, field

from clio_async.messages import Headers, Request, Response
from clio_async.testing import Simulator, deliver_due
from clio_async.testing.simulator import Regime, sign

from .caller import Caller

URL = "https://receiver.example/clio?key=a%2Fb&x"
MADE_UP = 12
"""How many webhooks a firm begins with: the first one that is made has the next id."""


@define
class Receiver:
    """It echoes handshakes, and answers events as it is told."""

    answers: Callable[[int], int | Exception] = lambda _: 200
    """Takes the index of a request; returns the status of the answer, or what is raised in its place."""
    echoes: bool = True
    requests: list[Request] = field(factory=list[Request])

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers(len(self.requests) - 1)
        if isinstance(answer, Exception):
            raise answer
        secret = request.headers.get("x-hook-secret")
        return Response(answer, Headers({"X-Hook-Secret": secret} if secret and self.echoes else {}))

    @property
    def events(self) -> list[Any]:
        """The bodies of all events, in the order in which they came."""
        return [json.loads(each.body or b"") for each in self.requests if "x-hook-signature" in each.headers]

    @property
    def heard(self) -> list[tuple[str, int]]:
        """What happened, and to what, by those events."""
        return [(event["meta"]["event"], event["data"]["id"]) for event in self.events]


@define
class Setting:
    """A simulator with one user's token, one webhook and its receiver."""

    asks: Caller
    receiver: Receiver

    @property
    def simulator(self) -> Simulator:
        return self.asks.simulator

    async def deliver(self) -> int:
        return await deliver_due(self.simulator, self.receiver.send)

    def status(self, id: int = MADE_UP + 1) -> str:
        return str(self.simulator.record("webhooks", id, fields="status")["status"])

    def secret(self, id: int = MADE_UP + 1) -> str:
        return str(self.simulator.record("webhooks", id, fields="shared_secret")["shared_secret"])

    def signed(self, request: Request, form: str = "hex") -> bool:
        return sign(request.body or b"", self.secret(), form) == request.headers.get("x-hook-signature")


def setting(regime: Regime | None = None, receiver: Receiver | None = None, **hook: Any) -> Setting:
    """Make a webhook on matters, pending as yet."""
    made = Setting(Caller(Simulator(regime=regime, matters=20)), receiver or Receiver())
    body = {"url": URL, "model": "matter", "fields": "id,etag", **hook}
    assert 201 == made.asks.post("/webhooks.json", body).status
    return made


async def enabled(regime: Regime | None = None, receiver: Receiver | None = None, **hook: Any) -> Setting:
    """Make a webhook on matters whose handshake is done."""
    made = setting(regime, receiver, **hook)
    assert 1 == await made.deliver()
    assert "enabled" == made.status()
    return made
