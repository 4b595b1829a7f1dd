"""A simulated firm whose time is the event loop's, a transport that counts its places, and what is left of a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import sniffio

from clio_async import Clio, LocalLimiter, MemoryTransport, OAuthApp, Policy, Request, Response
from clio_async.limiters.base import Limiter
from clio_async.testing import Jobs, Simulator
from clio_async.testing.simulator import Clock
from clio_async.testing.simulator.clock import EPOCH
from clio_async.transport.base import StreamedResponse, Transport

__all__ = ["BASE", "CALLBACK", "Pool", "World", "left_by", "left_in_limiter", "left_in_loop"]

BASE = "http://localhost/api/v4"
HALF_A_DAY = 43_200.0  # seconds
CALLBACK = "http://127.0.0.1/callback"


class Pool(Transport):
    """Carry requests to a simulator, each in a place of its own, which takes a moment on the way there and back."""

    def __init__(self, simulator: Simulator, delay: float = 0.01) -> None:
        self.held = 0
        self.seen: list[Request] = []
        self.delay = delay
        self.closed = 0
        self._inner = MemoryTransport(self._answer, clock=anyio.current_time)
        self._simulator = simulator

    async def _answer(self, request: Request) -> Response:
        self.seen.append(request)
        response = await self._simulator.handler(request)
        await anyio.sleep(self.delay)  # what was carried out is on its way back
        return response

    @contextmanager
    def _place(self) -> Generator[None]:
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    async def send(self, request: Request) -> Response:
        with self._place():
            await anyio.sleep(self.delay)
            return await self._inner.send(request)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        with self._place():
            await anyio.sleep(self.delay)
            async with self._inner.stream(request) as response:
                yield response

    async def aclose(self) -> None:
        self.closed += 1
        await self._inner.aclose()


class World:
    """One firm, one client of it, and what the calls of one case keep in `kept`.

    `fresh` has what is held given again without asking: then nothing but an invalidation shows what was written.
    """

    def __init__(
        self, path: Path, *, fresh: bool = False, delay: float = 0.01, pool: type[Pool] = Pool, **options: Any
    ) -> None:
        self.path = path
        self.kept = SimpleNamespace()
        self.began = anyio.current_time()
        self.simulator = Simulator(
            matters=7,
            contacts=3,
            tasks=3,
            users=2,
            clock=Clock(source=lambda: EPOCH + anyio.current_time() - self.began),
            jobs=Jobs(reads=2),
        )
        self.simulator.storage.smallest_part = 1
        self.pool = pool(self.simulator, delay)
        self.limiter = LocalLimiter(clock=anyio.current_time, wall_clock=self.wall, random=lambda: 0.5)
        fresh_for: dict[str, float] = (
            dict.fromkeys(("matters", "contacts", "tasks", "documents", "webhooks"), 1e6) if fresh else {}
        )
        self.settings: dict[str, Any] = {
            "base_url": BASE,
            "transport": self.pool,
            "limiter": self.limiter,
            "policy": Policy(fresh_for=fresh_for),
            "clock": anyio.current_time,
            "wall_clock": self.wall,
            "random": lambda: 0.5,
            **options,
        }
        self.token = self.simulator.token()
        self.clio = Clio(self.token, **self.settings)

    def wall(self) -> float:
        """Return seconds since the epoch."""
        return self.simulator.clock.now()

    async def sleep(self, seconds: float) -> None:
        """Let time pass, in steps that a virtual loop does not take for forever."""
        while seconds > 0:
            await anyio.sleep(min(seconds, HALF_A_DAY))
            seconds -= HALF_A_DAY

    def app(self) -> OAuthApp:
        """Return an app of this firm, which asks over the same transport."""
        registered = self.simulator.app(redirect_uris=[CALLBACK])
        return OAuthApp(
            registered.client_id,
            registered.client_secret,
            redirect_uri=CALLBACK,
            base_url=BASE,
            pkce=False,
            transport=self.pool,
            clock=anyio.current_time,
            wall_clock=self.wall,
            random=lambda: 0.5,
        )

    def stranger(self) -> Clio:
        """Return a client that holds nothing, and sees what the firm has."""
        return self.simulator.client(cache=None, limiter=None, clock=anyio.current_time)

    async def shown(self, clio: Clio, resource: str, id: int | None) -> Any:
        """Return a record as a client is shown it, or the ids of a list; the type of the error if it is refused."""
        verbs = getattr(clio, resource)
        try:
            return [each.id for each in await verbs.list().collect()] if id is None else await verbs.get(id)
        except Exception as error:
            return type(error)

    async def untruths(self, *reads: tuple[str, int | None]) -> list[str]:
        """Say which of these the client is shown otherwise than the firm has it."""
        stranger, found = self.stranger(), list[str]()
        for resource, number in reads:
            mine, true = await self.shown(self.clio, resource, number), await self.shown(stranger, resource, number)
            if mine != true:
                found.append(f"{resource} {number} is shown as {mine}, and is {true}")
        return found

    async def aclose(self) -> None:
        """Close the client."""
        await self.clio.aclose()

    def tasks(self) -> list[str]:
        """Say what still runs in this event loop."""
        return left_in_loop() if sniffio.current_async_library() == "asyncio" else []

    def files(self) -> list[str]:
        """Return the names of the files that are there."""
        return sorted(one.name for one in self.path.iterdir())

    def left(self) -> list[str]:
        """Say what calls that have ended have left behind."""
        return left_by(self.clio, self.pool)


def left_by(clio: Clio, pool: Pool | None = None) -> list[str]:
    """Say what calls that have ended have left behind in a client: places, flights, turns, tasks."""
    core = clio._core
    counts = {
        "places of the transport": 0 if pool is None else pool.held,
        "flights": len(core._flights),
        "questions whether a version is gone": len(core._versions.pending),
        "turns": len(core.turns),
        "tasks of their own": len(core._detached._running),
    }
    return [f"{count} {name}" for name, count in counts.items() if count] + left_in_limiter(core.limiter)


def left_in_limiter(limiter: Limiter | None) -> list[str]:
    """Say which requests a limiter takes for waiting or under way."""
    found: list[str] = []
    for tenant in getattr(limiter, "_tenants", {}).values():
        if tenant.flying or tenant.budget.in_flight:
            found.append(f"{len(tenant.flying)} requests under way, {tenant.budget.in_flight} of them counted")
        if tenant.line:
            found.append(f"{len(tenant.line)} calls that wait for quota")
        if tenant._watches:
            found.append(f"{len(tenant._watches)} who watch a request")
    return found


def left_in_loop() -> list[str]:
    """Say what still runs in this event loop of asyncio: tasks, and generators that nobody has closed."""
    loop: Any = asyncio.get_running_loop()
    tasks = [task.get_name() for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    open_ones = [
        each.__qualname__ for each in loop._asyncgens if each.ag_frame is not None and each.ag_running is False
    ]
    return [f"task {name}" for name in tasks] + [f"generator {name}" for name in open_ones]
