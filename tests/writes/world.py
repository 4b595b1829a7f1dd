"""A firm on a bad line: a simulated server that remembers what has landed, and clients that are told the half of it."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias

import anyio
import anyio.abc
from attrs import define, field, frozen

from clio_async import (
    Clio,
    MaybeSent,
    MemoryTransport,
    OutcomeUnknown,
    PreconditionFailed,
    PreconditionUnusable,
    RateLimited,
    Request,
    Response,
    ServerError,
    TransportError,
    UnexpectedRedirect,
)
from clio_async.testing import Fault, Faults, Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH, Clock

__all__ = ["Call", "Landed", "Verdict", "Watched", "World", "bad_line", "each", "expected_of", "judged", "told"]

Verdict: TypeAlias = Literal["done", "unknown", "conflict", "unusable", "failed"]
"""What a caller was told of a write. All but the first two say that nothing was written."""

BASE = "http://localhost/api/v4"


@frozen
class Landed:
    """A write that the firm has carried out."""

    method: str
    path: str
    data: dict[str, Any]
    guarded: bool


class Watched(Simulator):
    """A simulator that remembers the writes that it has carried out, whatever its clients were told of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.landed: list[Landed] = []

    def _answered(self, request: Request) -> Any:
        outcome, response = super()._answered(request)
        if request.method != "GET" and response.status < 300:
            path = "/" + request.url.partition("://")[2].partition("/")[2].partition("?")[0]
            data = json.loads(request.body)["data"] if request.body else {}
            self.landed.append(Landed(request.method, path, data, "if-match" in request.headers))
        return outcome, response


def bad_line(seed: int) -> tuple[Fault, ...]:
    """Return what goes wrong on a line: answers that end at any byte, gateways, waits, and refused connections."""
    dice = random.Random(f"line {seed}")
    broken = [Fault.lost_before(), Fault.lost_after(), Fault.refused()]
    broken += [Fault.lost_after(dice.randrange(400)) for _ in range(4)]
    broken += [Fault.truncated(dice.randrange(300)) for _ in range(3)]
    gateways = [Fault.status(status, applied=applied) for status in (502, 503, 504) for applied in (True, False)]
    gateways += [Fault.status(502, html=True, applied=True), Fault.status(503, retry_after="2")]
    waits = [Fault.delayed(before=dice.uniform(0.1, 5.0)), Fault.delayed(after=dice.uniform(0.1, 5.0))]
    return (*broken, *gateways, *waits, Fault.delayed(after=90.0))


@define
class World:
    """A firm in virtual time, and how requests get there.

    A request is under way for up to a fifth of a second. `rate` is the share of requests of which something goes wrong;
    `late` that of writes that arrive when their sender has long been told that the connection broke.
    """

    seed: int
    rate: float = 0.3
    late: float = 0.02
    regime: Regime = field(factory=Regime)
    settings: dict[str, Any] = field(factory=dict[str, Any])
    """What else clients are built with."""
    simulator: Watched = field(init=False)
    dice: random.Random = field(init=False)
    requests: Counter[str] = field(factory=Counter[str], init=False)
    """By the name of the client, how many it has sent."""
    faults: Counter[str] = field(factory=Counter[str], init=False)
    group: anyio.abc.TaskGroup | None = field(default=None, init=False)
    """Where late writes arrive."""

    def __attrs_post_init__(self) -> None:
        self.dice = random.Random(f"world {self.seed}")
        plan = Faults.seeded(self.seed, self.rate, bad_line(self.seed))
        clock = Clock(lambda: EPOCH + anyio.current_time())
        sizes = {"matters": 2, "contacts": 3, "tasks": 2, "users": 2}
        self.simulator = Watched(regime=self.regime, clock=clock, faults=plan, **sizes)

    def client(self, name: str = "", *, token: str | None = None, **more: Any) -> Clio:
        """Return a client with a core of its own: nothing that it knows is known to another."""
        transport = MemoryTransport(partial(self.carry, name), clock=anyio.current_time)
        settings: dict[str, Any] = {
            "limiter": None,
            "clock": anyio.current_time,
            "wall_clock": lambda: EPOCH + anyio.current_time(),
            "random": random.Random(f"client {self.seed} {self.dice.random()}").random,
        }
        token = token or self.simulator.token()
        return Clio(token, base_url=BASE, transport=transport, **{**settings, **self.settings, **more})

    async def carry(self, name: str, request: Request) -> Response:
        """Carry a request to the firm, and what comes back of the answer."""
        self.requests[name] += 1
        await anyio.sleep(self.dice.uniform(0.001, 0.2))
        if request.method != "GET" and self.group is not None and self.dice.random() < self.late:
            self.faults["late"] += 1
            self.group.start_soon(self._arrive, request, self.dice.choice([0.5, 3.0, 120.0]))
            raise MaybeSent("the connection broke, and the request goes on")
        return await self.simulator.handler(request)

    async def _arrive(self, request: Request, seconds: float) -> None:
        await anyio.sleep(seconds)
        self.simulator.answer(request)

    def met(self) -> Counter[str]:
        """Return how often each fault was met."""
        named = Counter(entry.fault for entry in self.simulator.log.entries if entry.fault)
        return named + self.faults


@frozen
class Call:
    """A write of one unique value, and what its caller was told."""

    value: str
    verdict: Verdict
    requests: int
    others: int
    """Writes of others that landed while it was under way."""
    error: BaseException | None = None


async def told(write: Awaitable[object]) -> tuple[Verdict, BaseException | None]:
    """Carry out a write; return what its caller is told. Whatever is not in the contract passes through."""
    try:
        await write
    except OutcomeUnknown as error:
        return "unknown", error
    except PreconditionFailed as error:
        return "conflict", error
    except PreconditionUnusable as error:
        return "unusable", error
    except (TransportError, ServerError, RateLimited, UnexpectedRedirect) as error:
        return "failed", error
    return "done", None


def expected_of(call: Call) -> frozenset[int]:
    """Return how often the value of a call may be in the final state."""
    if isinstance(call.error, OutcomeUnknown):
        return frozenset({1}) if call.error.accepted else frozenset({0, 1})
    return frozenset({1 if call.verdict == "done" else 0})


def judged(calls: Sequence[Call], state: Sequence[str]) -> list[str]:
    """Say what was not true of what the callers were told, given the values that are there in the end."""
    counts = Counter(state)
    problems = [
        f"{call.value} was reported as {call.verdict} ({call.error!r}) and is there {counts[call.value]} times"
        for call in calls
        if counts[call.value] not in expected_of(call)
    ]
    lonely = [call.value for call in calls if call.verdict == "conflict" and call.others == 0]
    problems += [f"{value} was reported as a conflict, and nobody else has written" for value in lonely]
    strangers = counts.keys() - {call.value for call in calls}
    return problems + [f"{value} is there, and nobody wrote it" for value in strangers]


async def each(world: World, programs: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Run programs side by side, and wait for what arrives late."""
    async with anyio.create_task_group() as late:
        world.group = late
        async with anyio.create_task_group() as group:
            for program in programs:
                group.start_soon(program)
        world.group = None
