"""Eight processes share one grant in a file store, and a server lets each refresh token work once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from attrs import frozen

from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import FileTokenStore
from clio_async.testing.simulator import Regime, Simulator, serve

PROCESSES = 8
EXPIRIES = 1_000
REGIME = Regime(refresh_token="new", rotation_reuse="revoke")  # a token used twice ends the grant
CALLBACK = "http://127.0.0.1/callback"


@frozen
class Caller:
    """A process, and what it says."""

    process: Process
    said: BufferedByteReceiveStream

    async def line(self) -> str:
        return (await self.said.receive_until(b"\n", 1_000)).decode()

    async def call(self, outcomes: list[str]) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send(b"\n")
        outcomes.append(await self.line())


@asynccontextmanager
async def caller(base_url: str, directory: Path, client_id: str, secret: str) -> AsyncIterator[Caller]:
    command = [sys.executable, "-m", "tests.auth.refresher", base_url, str(directory), client_id]
    async with await anyio.open_process(command, stdin=subprocess.PIPE, stderr=None) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        one = Caller(process, BufferedByteReceiveStream(process.stdout))
        await process.stdin.send(f"{secret}\n".encode())
        assert "ready" == await one.line()
        yield one
        await process.stdin.aclose()
        await process.wait()


async def outcomes_of(callers: list[Caller]) -> list[str]:
    """Let all of them make a call at once."""
    outcomes: list[str] = []
    async with anyio.create_task_group() as tasks:
        for one in callers:
            tasks.start_soon(one.call, outcomes)
    return outcomes


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_processes_refresh_once_for_each_expiry(tmp_path: Path) -> None:
    """F30: one refresh for each of a thousand expiries, every call is answered, and the grant is not lost."""
    simulator = Simulator(regime=REGIME)
    app = simulator.app(redirect_uris=[CALLBACK])
    async with serve(simulator) as address:
        base_url = f"{address.url}/api/v4"
        here = OAuthApp(app.client_id, app.client_secret, redirect_uri=CALLBACK, base_url=base_url, pkce=False)
        approval = here.authorize()
        callback = simulator.approve(app.client_id, redirect_uri=CALLBACK, state=approval.state)
        await here.exchange(callback, approval, FileTokenStore(tmp_path / "tokens"), "firm")
        async with anyio.create_task_group() as tasks:
            callers: list[Caller] = []
            ended = anyio.Event()
            done = [anyio.Event() for _ in range(PROCESSES)]

            async def keep(number: int) -> None:
                async with caller(base_url, tmp_path / "tokens", app.client_id, app.client_secret) as one:
                    callers.append(one)
                    done[number].set()
                    await ended.wait()

            for number in range(PROCESSES):
                tasks.start_soon(keep, number)
            for each in done:
                await each.wait()
            for expiry in range(EXPIRIES):
                simulator.expire_all()
                assert ["ok"] * PROCESSES == await outcomes_of(callers), f"after expiry {expiry}"
                assert expiry + 1 == simulator.token_calls["refresh_token", "ok"], simulator.token_calls
            ended.set()
    assert EXPIRIES + 1 == simulator.token_calls.total()
