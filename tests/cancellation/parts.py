"""What applications give to a client, or use beside it: grants, stores, receivers, caches, limiters, transports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
from attrs import evolve

from clio_async import (
    AuthError,
    Clio,
    Entry,
    FileTokenStore,
    Headers,
    MemoryTransport,
    Options,
    ReauthRequired,
    Request,
    Response,
    SQLiteCache,
    StaticToken,
    TokenStore,
)
from clio_async.caches.memory import MemoryCache
from clio_async.principal import Channel
from clio_async.webhooks import FileSubscriptions, MemorySeen, MemorySubscriptions, Receiver, SubscriptionStore
from clio_async.webhooks.asgi import WebhookApp
from tests.webhooks.signing import KEY, delivery, signed, subscription

from .faulted import granted
from .sweep import Case, Step
from .world import BASE, CALLBACK, World

PARTS: dict[str, Case] = {}
_THREAD = ("",)
_SAVING = ("OAuthApp._finished:",)
"""A code is used up, or a token ended: what follows from that is saved, which a scope of anyio waits for."""
THREADS: dict[str, Any] = {"threads": True, "waits": _THREAD}


def part(*covers: str, **more: Any) -> Callable[[Step], Step]:
    """Make a case of a call, named like its function."""

    def made(call: Step) -> Step:
        PARTS[call.__name__] = Case(name=call.__name__, covers=covers, call=call, **more)
        return call

    return made


# -- grants -------------------------------------------------------------------------------------------------------


async def _approved(world: World, store: TokenStore | None = None) -> None:
    await granted(world)
    world.kept.tokens = store or world.kept.tokens
    app = world.kept.app
    approval = world.kept.approval = app.authorize()
    world.kept.callback = world.simulator.approve(
        app._issuer.app.client_id, redirect_uri=CALLBACK, state=approval.state
    )


async def _grant_is_whole(world: World) -> list[str]:
    """What is stored, if anything is, can be opened and works."""
    try:
        grant = await world.kept.app.open(world.kept.tokens, "new")
    except ReauthRequired:
        return []
    clio = Clio(grant, **world.settings)
    await clio.users.who_am_i()
    return []


@part("OAuthApp.exchange", before=_approved, check=_grant_is_whole, detaches=True, waits=_SAVING)
async def exchange(world: World) -> None:
    kept = world.kept
    try:
        await kept.app.exchange(kept.callback, kept.approval, kept.tokens, "new")
    except AuthError as error:  # a code works once: it may have been used by the call that was cancelled
        kept.refused = error


async def _approved_in_file(world: World) -> None:
    await _approved(world, FileTokenStore(world.path / "tokens"))


PARTS["exchange_into_file"] = evolve(
    PARTS["exchange"],
    name="exchange_into_file",
    before=_approved_in_file,
    waits=_THREAD,
    threads=True,
    files=("tokens", "tokens.lock"),
)


@part("OAuthApp.open", "MemoryTokenStore.load", before=granted)
async def open_grant(world: World) -> None:
    await world.kept.app.open(world.kept.tokens, "firm")


@part("OAuthApp.deauthorize", "MemoryTokenStore.lock", before=granted, detaches=True, waits=_SAVING)
async def deauthorize(world: World) -> None:
    await world.kept.app.deauthorize(world.kept.tokens, "firm")


def _channel(world: World) -> Channel:
    core = world.clio._core
    return Channel(world.pool.send, core.detach, core.clock, core.wall_clock, core.random, core._refreshed)


async def _one_refresh(world: World) -> list[str]:
    count = world.simulator.token_calls["refresh_token", "ok"]
    return [] if count <= 1 else [f"{count} renewals"]


async def _worn(world: World) -> None:
    await granted(world)
    world.simulator.expire_all()


@part("OAuthGrant.rejected", before=_worn, detaches=True, check=_one_refresh, again=False)
async def rejected(world: World) -> None:
    channel = _channel(world)
    token = await world.kept.grant.access_token(channel)
    assert await world.kept.grant.rejected(token, channel)


async def _over(world: World) -> None:
    await granted(world)
    await world.sleep(86_400.0 * 40)


@part("OAuthGrant.access_token", before=_over, detaches=True, check=_one_refresh)
async def access_token(world: World) -> None:
    await world.kept.grant.access_token(_channel(world))


@part("StaticToken.access_token", "StaticToken.rejected")
async def static_token(world: World) -> None:
    token = StaticToken("token")
    channel = _channel(world)
    assert not await token.rejected(await token.access_token(channel), channel)


# -- token stores -------------------------------------------------------------------------------------------------


async def _stored_in_file(world: World) -> None:
    await granted(world)
    token = await world.kept.tokens.load("firm")
    world.kept.tokens = FileTokenStore(world.path / "tokens")
    assert await world.kept.tokens.save("firm", token, previous=None)


TOKEN_FILES: dict[str, Any] = {**THREADS, "files": ("tokens", "tokens.lock")}


@part("MemoryTokenStore.save", "TokenStore.restore", "TokenStore.lock", before=granted)
async def token_replaced(world: World) -> None:
    store = world.kept.tokens
    token = await store.load("firm")
    async with store.lock("firm"):
        await anyio.sleep(0.01)
        assert await store.save("firm", evolve(token, revision=f"at {anyio.current_time()}"), previous=token)
    await store.restore("firm", token, found=await store.load("firm"))


PARTS["token_replaced_in_file"] = evolve(
    PARTS["token_replaced"],
    name="token_replaced_in_file",
    covers=("FileTokenStore.load", "FileTokenStore.save", "FileTokenStore.lock"),
    before=_stored_in_file,
    **TOKEN_FILES,
)


# -- webhooks that come ------------------------------------------------------------------------------------------


async def _desk(world: World, store: SubscriptionStore | None = None) -> None:
    async def handle(event: Any) -> None:
        await anyio.sleep(0.01)
        world.kept.handled.append(event.id)

    kept = world.kept
    kept.handled, kept.seen, kept.store = [], MemorySeen(), store or MemorySubscriptions()
    await kept.store.replace(None, subscription(principal=world.clio.principal.fingerprint))
    kept.receiver = Receiver(kept.store, handle, invalidate=world.clio, seen=kept.seen, wall_clock=world.wall)


async def _desk_is_clear(world: World) -> list[str]:
    kept, handling = world.kept, world.kept.receiver._handling
    left = {"claims": len(kept.seen._claimed), "lines": len(handling._lines)}
    return [f"{count} {name}" for name, count in left.items() if count]


DESK: dict[str, Any] = {"before": _desk, "check": _desk_is_clear}
TARGET = f"/hooks?subscription={KEY}"


@part("Receiver.receive", "MemorySeen.claim", "MemorySeen.release", **DESK)
async def receive(world: World) -> None:
    body = delivery(1)
    assert 200 == (await world.kept.receiver.receive("POST", TARGET, signed(body), body)).status
    assert world.kept.handled


@part("Receiver.answer", **DESK)
async def answer(world: World) -> None:
    body = delivery(2)

    async def read() -> bytes:
        await anyio.sleep(0.01)
        return body

    assert 200 == (await world.kept.receiver.answer("POST", TARGET, Headers(signed(body)), read)).status


@part("Receiver.deliver", **DESK)
async def deliver(world: World) -> None:
    from clio_async.webhooks import Event

    await world.kept.receiver.deliver(Event("missed", "matter", 3))


@part("WebhookApp.__call__", **DESK)
async def asgi_app(world: World) -> None:
    body, sent = delivery(4), list[Any]()
    never = anyio.Event()
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        await anyio.sleep(0.01)
        if not parts:
            await never.wait()
        return parts.pop()

    async def send(message: Any) -> None:
        await anyio.sleep(0.01)
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in signed(body).items()]
    path, _, query = TARGET.partition("?")
    scope = {"type": "http", "method": "POST", "path": path, "query_string": query.encode(), "headers": headers}
    await WebhookApp(world.kept.receiver)({**scope, "raw_path": path.encode()}, receive, send)
    assert 200 == sent[0]["status"]


@part("MemorySubscriptions.get", "MemorySubscriptions.all", "MemorySubscriptions.replace", before=_desk)
async def subscriptions(world: World) -> None:
    store = world.kept.store
    (held,) = await store.all()
    assert held == await store.get(KEY)
    assert await store.replace(held, evolve(held, days=held.days) if hasattr(held, "days") else held)


async def _desk_of_files(world: World) -> None:
    await _desk(world, FileSubscriptions(world.path / "hooks"))


PARTS["subscriptions_in_file"] = evolve(
    PARTS["subscriptions"],
    name="subscriptions_in_file",
    covers=("FileSubscriptions.get", "FileSubscriptions.all", "FileSubscriptions.replace"),
    before=_desk_of_files,
    files=("hooks", "hooks.lock"),
    **THREADS,
)

# -- caches, limiters, transports ---------------------------------------------------------------------------------


async def _memory(world: World) -> None:
    world.kept.cache = MemoryCache()


async def _sqlite(world: World) -> None:
    world.kept.cache = SQLiteCache(world.path / "cache")
    world.settings["cache"] = world.kept.cache
    world.clio = Clio(world.token, **world.settings)


@part(
    "MemoryCache.begin",
    "MemoryCache.commit",
    "MemoryCache.touch",
    "MemoryCache.delete_tags",
    "MemoryCache.purge",
    "MemoryCache.aclose",
    before=_memory,
)
async def cache(world: World) -> None:
    store = world.kept.cache
    begun = await store.begin("p", "k", ("t",))
    entry = Entry(
        key="k",
        headers=Headers(),
        body=b"{}" * 20_000,
        validator=("ETag", '"1"'),
        vary=(),
        redacted=False,
        validated_at=0.0,
        age=0.0,
        expires_at=1e9,
        memo={},
    )
    assert await store.commit("p", "k", ("t",), begun.generation, entry)
    await store.touch("p", "k", entry)
    await store.delete_tags([f"tag-{number}" for number in range(50)])
    await store.purge("p")
    assert (await store.begin("p", "k", ("t",))).entry is None
    await store.aclose()


async def _promptly_or_not(world: World) -> None:
    """A file that is not open after a tenth of a second is passed by, which a busy machine may do."""
    try:
        await cache(world)
    except TimeoutError as error:
        world.kept.late = error


async def _closed_cache(world: World) -> list[str]:
    await world.kept.cache.aclose()
    return []


PARTS["cache_in_sqlite"] = evolve(
    PARTS["cache"],
    name="cache_in_sqlite",
    covers=tuple(f"SQLiteCache.{name}" for name in ("begin", "commit", "touch", "delete_tags", "purge", "aclose")),
    call=_promptly_or_not,
    before=_sqlite,
    check=_closed_cache,
    files=("cache", "cache-wal", "cache-shm", "cache-lock"),
    **THREADS,
)


def _asking(world: World) -> Request:
    principal = world.clio.principal
    return Request("GET", f"{BASE}/matters", principal=principal, options=Options(max_wait=None), deadline=None)


async def _full(world: World) -> None:
    """Have the quota used up for ten seconds."""
    request = _asking(world)
    await world.limiter.turn(request)
    world.limiter.answered(request, Response(429, Headers([("Retry-After", "10")])))


@part("LocalLimiter.turn", "Limiter.settle", before=_full)
async def limiter_turn(world: World) -> None:
    request, limiter = _asking(world), world.limiter
    await limiter.turn(request)
    try:
        await limiter.settle(request)
        await anyio.sleep(0.01)
    finally:
        limiter.failed(request, sent=False)


@part("MemoryTransport.send", "MemoryTransport.stream", "MemoryTransport.aclose")
async def memory_transport(world: World) -> None:
    transport = MemoryTransport(world.simulator.handler, clock=anyio.current_time)
    authorization = {"Authorization": f"Bearer {world.token}"}
    request = _asking(world).having("Authorization", authorization["Authorization"])
    try:
        assert 200 == (await transport.send(request)).status
        async with transport.stream(request) as streamed:
            assert [piece async for piece in streamed.chunks()]
    finally:
        await transport.aclose()
    assert not transport._exchanges.under_way()


@part("Clio.aclose", "Clio.__aenter__", "Clio.__aexit__")
async def client_in_block(world: World) -> None:
    async with Clio(world.token, **world.settings) as clio:
        await clio.matters.get(1)


async def _closing(world: World) -> None:
    world.kept.clio = Clio(world.token, **world.settings)
    await world.kept.clio.matters.get(1)


@part("Clio.aclose", before=_closing)
async def client_closed(world: World) -> None:
    await world.kept.clio.aclose()
    await world.kept.clio.aclose()
