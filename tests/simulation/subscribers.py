"""A firm that others write to, and applications that keep a copy of its matters by webhooks, in virtual time.

An application has a memory that outlives its process: the copy, and the store of subscriptions. A process is a client,
a receiver, and whatever keeps the webhook; it may be killed at any moment, and another one begins where it was.
"""

from __future__ import annotations

import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.abc
from attrs import define, field

from clio_async import Clio, Headers, MaybeSent, MemoryTransport, NotSent, Request, Response
from clio_async.testing import Clock, Fault, Faults, Mishaps, Regime, Simulator, asgi, delivering
from clio_async.testing.simulator import MishapPlan
from clio_async.testing.simulator.clock import EPOCH
from clio_async.webhooks import Event, MemorySeen, MemorySubscriptions, Receiver, Seen
from clio_async.webhooks.asgi import WebhookApp

URL = "https://receiver.example/clio"
FIELDS = "id,etag,description,status"
HOUR = 3_600.0
MATTERS = 8
CHECK = 1_500.0
"""Seconds between two looks at a webhook: two of them are less than Clio takes to give an event up."""


def now() -> float:
    return EPOCH + anyio.current_time()


@define
class Firm:
    """A simulated Clio, and what happens to it."""

    seed: int
    regime: Regime = field(factory=Regime)
    mishaps: MishapPlan | None = None
    """What goes wrong with events at Clio; something of every kind, unless told otherwise."""
    loss: float = 0.05
    """The share of requests to the receiver that do not arrive, and of answers that do not come back."""
    simulator: Simulator = field(init=False)
    token: str = field(init=False, repr=False)
    dice: random.Random = field(init=False)
    door: Callable[[Request], Awaitable[Response]] | None = None
    """What receives; None while the receiver is down."""
    cut_off: bool = False
    """Whether nothing arrives at the receiver, though its process lives."""
    intruder: Callable[[], Awaitable[None]] | None = None
    """Who comes to the door before Clio does, once."""
    arrived: list[Request] = field(factory=list[Any])
    """All requests that came to the door while it was open."""

    def __attrs_post_init__(self) -> None:
        self.dice = random.Random(f"firm {self.seed}")
        clock = Clock(lambda: EPOCH + anyio.current_time())
        self.simulator = Simulator(seed=self.seed, matters=MATTERS, contacts=3, regime=self.regime, clock=clock)
        rates = {"late": 0.3, "twice": 0.2, "unheard": 0.1}
        self.simulator.deliveries.mishaps = self.mishaps or Mishaps.seeded(self.seed, within=1_200.0, **rates)
        self.token = self.simulator.token()

    def client(self) -> Clio:
        return Clio(
            self.token,
            base_url="http://localhost/api/v4",
            transport=MemoryTransport(self._carry, clock=anyio.current_time),
            limiter=None,
            clock=anyio.current_time,
            wall_clock=now,
            random=random.Random(self.dice.random()).random,
        )

    async def _carry(self, request: Request) -> Response:
        await anyio.sleep(self.dice.uniform(0.001, 0.3))
        response = await self.simulator.handler(request)
        await anyio.sleep(self.dice.uniform(0.001, 0.3))
        return response

    async def knock(self, request: Request) -> Response:
        """Carry what Clio sends to the receiver: some of it gets lost on its way, or its answer does."""
        await anyio.sleep(self.dice.uniform(0.001, 0.5))
        if self.intruder is not None:
            intruder, self.intruder = self.intruder, None
            await intruder()
        door = None if self.cut_off else self.door
        if door is None or self.dice.random() < self.loss:
            raise NotSent("nobody is there")
        self.arrived.append(request)
        response = await door(request)
        if self.dice.random() < self.loss:
            raise MaybeSent("the answer was lost")
        return response

    async def write(self, hours: float, pause: float, *, deletes: bool = True) -> None:
        """Let others write to matters for some hours, with a pause of about so many seconds in between."""
        end = anyio.current_time() + hours * HOUR
        kinds = ["change"] * 8 + ["back", "add"] + ["delete"] * deletes
        while anyio.current_time() < end:
            self._write(self.dice.choice(kinds))
            await anyio.sleep(self.dice.expovariate(1 / pause))

    def _write(self, kind: str) -> None:
        there = [*self.simulator.firm().table("matters").ids()]
        if kind == "add" or not there:
            self.simulator.add("matters", description="added", status="Open")
            return
        number = self.dice.choice(there)
        if kind == "delete":
            self.simulator.delete("matters", number)
            return
        text = "back" if kind == "back" else f"text {self.dice.random()}"
        self.simulator.change(
            "matters", number, description=text, status=self.dice.choice(["Open", "Pending", "Closed"])
        )

    async def outage(self, seconds: float) -> None:
        """Let Clio's API be down for a while. It goes on sending."""
        self.simulator.faults = Faults.when(lambda _: True, Fault.refused(), times=None)
        await anyio.sleep(seconds)
        self.simulator.faults = Faults.none

    def webhooks(self) -> list[int]:
        """Return the ids of the webhooks that somebody made."""
        return [number for number in self.simulator.firm().table("webhooks").ids() if number > 12]

    def truth(self) -> dict[int, dict[str, Any]]:
        """Return what the server has, by id."""
        ids = self.simulator.firm().table("matters").ids()
        return {number: self.simulator.record("matters", number, fields=FIELDS) for number in ids}


@define
class Application:
    """Keeps a copy of all matters. What it is told it asks for, and keeps what it is answered."""

    firm: Firm
    closes_gaps: bool = True
    seen: Callable[[], Seen] = field(default=lambda: MemorySeen(clock=anyio.current_time))
    copy: dict[int, dict[str, Any]] = field(factory=dict[int, dict[str, Any]])
    subscriptions: MemorySubscriptions = field(factory=MemorySubscriptions)
    events: list[Event] = field(factory=list[Any])
    did: list[str] = field(factory=list[Any])
    """What became of the webhook, look by look, except where it was kept."""
    process: anyio.CancelScope | None = None

    async def load(self) -> None:
        """Read everything once."""
        async with self.firm.client() as clio:
            async for matter in clio.matters.list(fields=FIELDS):
                self.copy[matter.id] = matter.to_dict()

    async def run(self, **how: Any) -> None:
        """Be a process, until it is killed."""
        with anyio.CancelScope() as self.process:
            async with self.firm.client() as clio, anyio.create_task_group() as tasks:
                receiver = self.receiver(clio)
                self.firm.door = self._behind(tasks, asgi(WebhookApp(receiver)))
                try:
                    await self.keep(clio, receiver, **how)
                finally:
                    self.firm.door = None

    def kill(self) -> None:
        assert self.process is not None
        self.process.cancel()

    def receiver(self, clio: Clio) -> Receiver:
        async def handle(event: Event) -> None:
            self.events.append(event)
            await self.refresh(clio, event)

        return Receiver(self.subscriptions, handle, invalidate=clio, seen=self.seen(), wall_clock=now)

    async def refresh(self, clio: Clio, event: Event) -> None:
        record = await event.read(clio, fields=FIELDS)
        if record is None:
            self.copy.pop(event.id, None)
        else:
            self.copy[event.id] = record.to_dict()

    async def keep(self, clio: Clio, receiver: Receiver, *, by: str = "ensure", days: float = 1.0) -> None:
        """Keep the webhook, by `keep`, or by `ensure`, which says of what kind a gap is."""
        wanted: dict[str, Any] = {"model": "matter", "url": URL, "store": self.subscriptions, "days": days}
        wanted |= {"check_every": CHECK, "fields": "id,etag"}
        if by == "keep":
            await clio.webhooks.keep(receiver, **wanted)
        while True:
            try:
                ensured = await clio.webhooks.ensure(**wanted)
                self.did += [ensured.did] if ensured.did != "kept" else []
                if ensured.enabled and self.closes_gaps:
                    await self._close(ensured, receiver)
                pause = ensured.next_at.timestamp() - now()
            except (NotSent, MaybeSent, OSError):
                pause = 60.0
            await anyio.sleep(max(pause, 1.0))

    async def _close(self, ensured: Any, receiver: Receiver) -> None:
        changes = ensured.missed(fields="id,etag")
        if changes is None:
            return
        changed = {record.id async for record in changes}
        unseen = {*self.copy} if ensured.unseen else set[int]()
        for number in changed | unseen:
            await receiver.deliver(ensured.event(number))
        await ensured.covered()

    def _behind(
        self, tasks: anyio.abc.TaskGroup, app: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return a door that ends with the process: whoever waits for an answer then waits in vain."""

        async def door(request: Request) -> Response:
            answered, response = anyio.Event(), list[Response]()

            async def answer() -> None:
                try:
                    response.append(await app(request))
                finally:
                    answered.set()

            tasks.start_soon(answer)
            await answered.wait()
            if not response:
                raise MaybeSent("the process was killed")
            return response[0]

        return door

    def wrong(self) -> dict[int, tuple[Any, Any]]:
        """Return what differs from the server: by id, what is there and what is in the copy."""
        truth = self.firm.truth()
        ids = sorted(truth.keys() | self.copy.keys())
        return {each: (truth.get(each), self.copy.get(each)) for each in ids if truth.get(each) != self.copy.get(each)}


@define
class Hoarder:
    """What no application should be: it keeps what events say, in the order in which they come."""

    copy: dict[int, dict[str, Any]] = field(factory=dict[int, dict[str, Any]])

    async def receive(self, request: Request) -> Response:
        secret = request.headers.get("x-hook-secret")
        if secret is not None:
            return Response(200, Headers({"X-Hook-Secret": secret}))
        told = json.loads(request.body or b"")
        if told["meta"]["event"] == "deleted":
            self.copy.pop(told["data"]["id"], None)
        else:
            self.copy[told["data"]["id"]] = told["data"]
        return Response(200)


@asynccontextmanager
async def sending(firm: Firm) -> AsyncGenerator[anyio.abc.TaskGroup, None]:
    """Let Clio send while the block runs; what is started in the group it yields ends with it."""
    async with delivering(firm.simulator, firm.knock), anyio.create_task_group() as tasks:
        yield tasks
        tasks.cancel_scope.cancel()
