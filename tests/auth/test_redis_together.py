"""Tokens, cached answers and quota of two processes through one server: each part upon the same `RedisServer`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from attrs import frozen

from clio_async import (
    Clio,
    MemoryTransport,
    RedisCache,
    RedisLimiter,
    RedisServer,
    RedisTokenStore,
    capture_responses,
)
from clio_async.auth.oauth import OAuthApp
from clio_async.testing.simulator import App, Regime, Simulator
from tests.redis_server import RedisProcess

CALLBACK = "http://127.0.0.1/callback"
BASE = "http://localhost/api/v4"
ONCE = Regime(refresh_token="new", rotation_reuse="revoke", rate_limit=(50, 60.0))


@frozen
class Worker:
    """What one process has: all of it upon one server."""

    server: RedisServer
    store: RedisTokenStore
    app: OAuthApp
    transport: MemoryTransport

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Clio]:
        grant = await self.app.open(self.store, "firm")
        parts = {"cache": RedisCache(self.server), "limiter": RedisLimiter(self.server)}
        async with self.server, Clio(grant, base_url=BASE, transport=self.transport, **parts) as clio:  # type: ignore[arg-type]
            yield clio


def worker(simulator: Simulator, app: App, url: str) -> Worker:
    server, transport = RedisServer(url, timeout=2.0), MemoryTransport(simulator.handler)
    here = OAuthApp(
        app.client_id, app.client_secret, redirect_uri=CALLBACK, base_url=BASE, pkce=False, transport=transport
    )
    return Worker(server, RedisTokenStore(server), here, transport)


async def source(clio: Clio, number: int) -> tuple[str, str | None]:
    """Read a matter. Return where the answer came from, and its description."""
    with capture_responses() as seen:
        matter = await clio.matters.get(number, fields="id,etag,description")
    return str(seen[-1].source), matter.description


async def test_two_processes_share_all_there_is(redis_process: RedisProcess) -> None:
    """One refresh for both; what one has read the other asks for by its tag; what one writes the other sees; one quota;
    and all of it goes on when the server was emptied (F30, F44, F48)."""
    simulator = Simulator(regime=ONCE)
    app = simulator.app(redirect_uris=[CALLBACK])
    number = simulator.firm(1).table("matters").last
    one, two = (worker(simulator, app, redis_process.url) for _ in range(2))
    approval = one.app.authorize()
    callback = simulator.approve(app.client_id, redirect_uri=CALLBACK, state=approval.state)
    await one.app.exchange(callback, approval, one.store, "firm")
    async with one.client() as ann, two.client() as ben:
        assert ann.principal == ben.principal
        assert "network" == (await source(ann, number))[0]
        assert "revalidated" == (await source(ben, number))[0]
        simulator.expire_all()
        for clio in (ann, ben):
            assert "revalidated" == (await source(clio, number))[0]
        assert 1 == simulator.token_calls["refresh_token", "ok"]
        await ann.matters.update(number, description="by ann")
        assert ("network", "by ann") == await source(ben, number)
        assert (50, 50) == (ann.quota.limit, ben.quota.limit)
        with redis_process.client() as client:
            assert {b"tokens", b"cache"} <= {key.split(b":")[1] for key in client.keys("clio_async:*")}
            client.flushall()
        simulator.expire_all()
        assert "by ann" == (await source(ben, number))[1]
        assert "by ann" == (await source(ann, number))[1]
        assert 2 == simulator.token_calls["refresh_token", "ok"]
        assert 3 == simulator.token_calls.total()
