"""Eight processes share one grant through a real Redis, and a server lets each refresh token work once (F30)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.to_thread import run_sync
from attrs import frozen

from clio_async import RedisTokenStore, Token
from clio_async.auth.oauth import OAuthApp
from clio_async.testing.simulator import App, Regime, Simulator, serve
from tests.redis_server import RedisProcess

PROCESSES = 8
EXPIRIES = 12
ONCE = Regime(refresh_token="new", rotation_reuse="revoke")  # a token used twice ends the grant
CALLBACK = "http://127.0.0.1/callback"


@frozen
class Caller:
    """A process, and what it says."""

    process: Process
    said: BufferedByteReceiveStream

    async def line(self) -> str:
        return (await self.said.receive_until(b"\n", 1_000)).decode()

    async def tell(self) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send(b"\n")

    async def call(self, outcomes: list[str]) -> None:
        await self.tell()
        outcomes.append(await self.line())


class Service(NamedTuple):
    """A simulator on a socket, an app of it, and a grant in a Redis."""

    simulator: Simulator
    app: App
    base_url: str
    redis_url: str

    def refreshes(self) -> int:
        return sum(count for (kind, _), count in self.simulator.token_calls.items() if kind == "refresh_token")

    def refused(self) -> int:
        return self.simulator.stats()["statuses"].get("401", 0)

    async def stored(self) -> Token:
        store = RedisTokenStore(self.redis_url)
        found = await store.load("firm")
        await store.aclose()
        assert found is not None
        return found

    @asynccontextmanager
    async def callers(self, count: int, *, lease: float = 10.0, mode: str = "plain") -> AsyncIterator[list[Caller]]:
        async with AsyncExitStack() as stack:
            opened = [await stack.enter_async_context(self._caller(lease, mode)) for _ in range(count)]
            for one in opened:
                assert "ready" == await one.line()
            yield opened

    @asynccontextmanager
    async def _caller(self, lease: float, mode: str) -> AsyncIterator[Caller]:
        command = [sys.executable, "-m", "tests.auth.redis_worker", self.base_url, self.redis_url]
        command += [self.app.client_id, str(lease), mode]
        async with await anyio.open_process(command, stdin=subprocess.PIPE, stderr=None) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            await process.stdin.send(f"{self.app.client_secret}\n".encode())
            try:
                yield Caller(process, BufferedByteReceiveStream(process.stdout))
                if process.returncode is None:
                    await process.stdin.aclose()
                    await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()


@asynccontextmanager
async def service(redis_url: str, regime: Regime = ONCE) -> AsyncIterator[Service]:
    simulator = Simulator(regime=regime)
    app = simulator.app(redirect_uris=[CALLBACK])
    async with serve(simulator) as address:
        base_url = f"{address.url}/api/v4"
        here = OAuthApp(app.client_id, app.client_secret, redirect_uri=CALLBACK, base_url=base_url, pkce=False)
        approval = here.authorize()
        callback = simulator.approve(app.client_id, redirect_uri=CALLBACK, state=approval.state)
        store = RedisTokenStore(redis_url)
        await here.exchange(callback, approval, store, "firm")
        await store.aclose()
        yield Service(simulator, app, base_url, redis_url)


async def outcomes_of(callers: list[Caller]) -> list[str]:
    """Let all of them make a call at once."""
    outcomes: list[str] = []
    async with anyio.create_task_group() as tasks:
        for one in callers:
            tasks.start_soon(one.call, outcomes)
    return outcomes


async def test_processes_refresh_once_for_each_expiry(redis_process: RedisProcess) -> None:
    """F30: one refresh for each expiry, one 401 for each process at most, every call answered, the grant not lost."""
    async with service(redis_process.url) as made, made.callers(PROCESSES) as callers:
        for expiry in range(1, EXPIRIES + 1):
            made.simulator.expire_all()
            assert ["ok"] * PROCESSES == await outcomes_of(callers), f"after expiry {expiry}"
            assert expiry == made.refreshes()
        assert made.refused() <= EXPIRIES * PROCESSES
        assert EXPIRIES == (await made.stored()).renewals


async def test_processes_without_the_lock_refresh_more_often(redis_process: RedisProcess) -> None:
    """The control of F30: where each process is for itself, one expiry costs more than one refresh sooner or later."""
    regime = Regime(refresh_token="new", rotation_reuse="grace")
    async with service(redis_process.url, regime) as made, made.callers(4, mode="unlocked") as callers:
        expiry = 0
        while made.refreshes() <= expiry < 50:
            expiry += 1
            made.simulator.expire_all()
            await outcomes_of(callers)
        assert made.refreshes() > expiry


async def test_a_process_that_is_killed_with_the_lock_holds_nobody_up_for_long(redis_process: RedisProcess) -> None:
    """The lock of a process that died before it asked is another's when the lease is over; one refresh is made."""
    async with (
        service(redis_process.url) as made,
        made.callers(1, lease=0.3, mode="asking") as (holder,),
        made.callers(2, lease=0.3) as others,
    ):
        made.simulator.expire_all()
        await holder.tell()
        assert "asking" == await holder.line()
        async with anyio.create_task_group() as tasks:
            outcomes: list[str] = []
            for one in others:
                tasks.start_soon(one.call, outcomes)
            while made.refused() < 3:  # all of them want another token
                await anyio.lowlevel.checkpoint()
            assert ([], 0) == (outcomes, made.refreshes())
            holder.process.kill()
        assert ["ok"] * 2 == outcomes
        assert 1 == made.refreshes()


async def test_a_process_that_was_stopped_with_its_answer_replaces_no_newer_token(redis_process: RedisProcess) -> None:
    """While it was stopped another one had the lock and renewed: it goes on with that token, and so do all others."""
    regime = Regime(refresh_token="new", rotation_reuse="grace")
    async with (
        service(redis_process.url, regime) as made,
        made.callers(1, lease=0.3, mode="answered") as (late,),
        made.callers(2, lease=0.3) as others,
    ):
        made.simulator.expire_all()
        await late.tell()
        await run_sync(os.waitid, os.P_PID, late.process.pid, os.WSTOPPED | os.WNOWAIT)
        assert ["ok"] * 2 == await outcomes_of(others)
        newer = await made.stored()
        assert (2, 1) == (made.refreshes(), newer.renewals)
        late.process.send_signal(signal.SIGCONT)
        assert "ok" == await late.line()
        before = made.refused()
        assert ["ok"] * 3 == await outcomes_of([late, *others])
        assert newer == await made.stored()
        assert (before, 2) == (made.refused(), made.refreshes())


async def test_a_server_that_is_restarted_empty_ends_no_grant(redis_process: RedisProcess) -> None:
    """Whoever is first puts its token back; the others go on with what comes of it."""
    async with service(redis_process.url) as made, made.callers(3) as callers:
        for expiry in (1, 2, 3):
            redis_process.stop()
            redis_process.start()
            made.simulator.expire_all()
            assert ["ok"] * 3 == await outcomes_of(callers)
            assert expiry == made.refreshes()
