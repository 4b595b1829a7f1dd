"""What clients of many firms share, and what they do not."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import pytest
from attrs import fields

from clio_async.client import Clio
from clio_async.errors import AuthError, ClientClosed, InvalidArgument, RateLimited, ReauthRequired, UsageError
from clio_async.events import Exchange, Hooks, TokenRefresh
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.options import OptionChanges, Options
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret
from clio_async.transport.memory import MemoryTransport
from tests.origin import BASE, Clock, Gate, Origin, Wire, client, ok


@pytest.mark.parametrize("limiter", [LocalLimiter, object(), 5, "burst"])
def test_a_limiter_is_one(limiter: object) -> None:
    """What is none is refused before anything is built."""
    with pytest.raises(InvalidArgument, match="limiter"):
        Clio("token", limiter=limiter)  # type: ignore[arg-type]


@pytest.mark.parametrize("hooks", [5, [Hooks], [object()], Hooks()])
def test_hooks_are_hooks(hooks: object) -> None:
    """What is none is refused before anything is built."""
    with pytest.raises(InvalidArgument, match="hooks"):
        Clio("token", hooks=hooks)  # type: ignore[arg-type]


async def test_without_a_limiter_a_429_is_the_answer() -> None:
    """Nobody waits, nobody repeats, and there is no quota to read."""
    wire = Wire(lambda request: Response(429))
    clio = client(wire, limiter=None)
    with pytest.raises(UsageError, match="limiter=None"):
        _ = clio.quota
    with pytest.raises(RateLimited):
        await clio.request("GET", "/x")
    assert 1 == len(wire.seen)


async def test_one_client_serves_firms_of_other_regions() -> None:
    """`with_auth` takes a region: the request goes there, under a principal of its own."""
    wire = Wire(lambda request: ok())
    clio = Clio("token-a", region="us", transport=wire)
    there = clio.with_auth("token-b", region="eu")
    await clio.request("GET", "/x")
    await there.request("GET", "/x")
    assert ["https://app.clio.com/api/v4/x", "https://eu.app.clio.com/api/v4/x"] == [seen.url for seen in wire.seen]
    assert "https://eu.app.clio.com/api/v4" == there.principal.origin == there.base_url
    assert BASE == clio.with_auth("token-c", base_url=BASE).base_url
    with pytest.raises(InvalidArgument, match="region"):
        clio.with_auth("token-d", region="mars")


def test_a_grant_knows_its_region() -> None:
    """Nobody has to name it twice; what is named is taken at its word."""

    class Grant(Renewing):
        base_url = "https://eu.app.clio.com/api/v4"

    clio = Clio(Grant())
    assert Grant.base_url == clio.base_url
    assert "https://app.clio.com/api/v4" == Clio("token").base_url == clio.with_auth(Grant(), region="us").base_url
    assert Grant.base_url == Clio("token").with_auth(Grant()).base_url == clio.with_auth("token").base_url


def test_the_options_that_a_type_checker_knows_are_all_there_are() -> None:
    """`Clio.options` is typed by name."""
    assert {field.name for field in fields(Options)} == {*OptionChanges.__annotations__}


async def test_purge_takes_a_principal() -> None:
    """Another principal's answers can be forgotten, and then only those are."""
    origin = Origin()
    origin.put("/x", b"{}")
    wire = Wire(origin.answer)
    clio = client(wire)
    other = clio.with_auth("token-b")
    for each in (clio, other):
        await each.request("GET", "/x")
    await clio.purge(other.principal)
    for each in (clio, other):
        await each.request("GET", "/x")
    tag = origin.tag("/x")
    assert [None, None, tag, None] == wire.sent("If-None-Match")


class Seeing(Hooks):
    """Keep what is told."""

    def __init__(self) -> None:
        self.calls: list[Exchange] = []
        self.begun: list[object] = []

    def call_began(self, request: Request, /) -> object:
        return f"{request.method} {len(self.calls)}"

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        self.calls.append(exchange)
        self.begun.append(begun)


async def test_a_call_is_seen_to_end_in_whatever_way() -> None:
    """Answered, failed or cancelled: every call that began has an end, in its own task."""
    seeing, gate = Seeing(), Gate(lambda request: ok())
    clio = client(Wire(gate), hooks=[seeing])
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(clio.request, "GET", "/x")
            await anyio.wait_all_tasks_blocked()
            scope.cancel()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.request, "GET", "/y")
        await anyio.wait_all_tasks_blocked()
        gate.waiting[-1].set()
    assert ["GET 0", "GET 1"] == seeing.begun
    assert [(None, "CancelledError"), (200, None)] == [(call.status, call.error) for call in seeing.calls]
    assert clio.principal.fingerprint == seeing.calls[0].principal


class Renewing:
    """An Auth whose refresh runs in a task of its own, and takes as long as the test wants."""

    def __init__(self) -> None:
        self.gate = anyio.Event()
        self.saved = False

    def principal(self, base: str, /) -> Principal:
        return Principal(base, user="7")

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        async def job(keep: Callable[[], None]) -> None:
            keep()
            await self.gate.wait()
            await channel.send(Request("POST", "http://localhost/oauth/token"))
            self.saved = True
            channel.refreshed(TokenRefresh("", "refreshed", 0.0, channel.clock()))

        channel.detach(job)
        return Secret("token")

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        raise AuthError("No token can be had now.")


async def test_a_client_that_closes_waits_for_a_token_that_is_being_renewed() -> None:
    """Where a refresh token works once, one that is on its way and not saved would be lost."""
    auth, wire = Renewing(), Wire(lambda request: ok())
    clio = Clio(auth, base_url=BASE, transport=wire)
    await clio.request("GET", "/x")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.aclose)
        await anyio.wait_all_tasks_blocked()
        assert not auth.saved
        auth.gate.set()
    assert auth.saved
    assert (2, 1) == (clio.stats.requests, clio.stats.refreshes)


class Revoked(Renewing):
    """An Auth whose grant is gone after the first call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        self.calls += 1
        if self.calls == 2:
            raise ReauthRequired("The user has to approve the app again.")
        return Secret("token")


async def test_what_is_kept_of_a_grant_that_is_gone_is_purged() -> None:
    """F31: an answer from before is not given, and no validator of it is sent, afterwards."""
    origin, auth, clock = Origin(), Revoked(), Clock()
    origin.put("/x", b"{}")
    wire = Wire(origin.answer)
    clio = Clio(auth, base_url=BASE, transport=wire, clock=clock)
    await clio.request("GET", "/x")
    with pytest.raises(ReauthRequired):
        await clio.request("GET", "/x")
    await clio.request("GET", "/x")
    assert [None, None] == wire.sent("If-None-Match")


async def test_a_token_that_cannot_be_renewed_is_an_error_of_its_own() -> None:
    """A 401 for which the authorization server has no answer ends as its error, not as the 401."""
    auth, wire = Renewing(), Wire(lambda request: Response(401))
    clio = Clio(auth, base_url=BASE, transport=wire)
    with pytest.raises(AuthError, match="No token"):
        await clio.request("PATCH", "/x", json={})
    auth.gate.set()
    await clio.aclose()


class Replaced(Renewing):
    """An Auth that has a newer token by the time the first one is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.token = "old"

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        return Secret(self.token)

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        self.token = "new"
        return True


async def test_the_repetition_after_a_401_takes_from_the_quota_too() -> None:
    """It passes the limiter: where one request is left, it is not sent but refused."""

    def answer(request: Request) -> Response:
        left = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1060"}
        return Response(401 if request.headers["authorization"] == "Bearer old" else 200, Headers(left))

    wire, clock = Wire(answer), Clock(1000.0)
    clio = Clio(Replaced(), base_url=BASE, transport=wire, clock=clock, wall_clock=clock)
    with pytest.raises(RateLimited) as caught:
        await clio.request("GET", "/x")
    assert 1 == len(wire.seen)
    assert 1061.0 >= (caught.value.retry_at or 0.0) >= 1060.0


async def test_what_fails_to_close_keeps_nothing_else_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connections to where files are fail to close: those to Clio are closed all the same, and it is raised."""
    closed: list[str] = []
    clio = Clio("token")

    class Storage(MemoryTransport):
        async def aclose(self) -> None:
            closed.append("storage")
            raise OSError("broken")

    async def close() -> None:
        closed.append("transport")

    monkeypatch.setattr(clio._core.transport, "sibling", lambda: Storage(lambda _request: Response(200)))
    monkeypatch.setattr(clio._core.transport, "aclose", close)
    clio._core.storage()
    with pytest.raises(OSError, match="broken"):
        await clio.aclose()
    assert ["storage", "transport"] == closed


async def test_what_forgets_may_be_the_first_call_and_not_the_last() -> None:
    """`purge` and `invalidate` make the client at home like a request; a closed one outdates and lends nothing."""
    for forget in (lambda clio: clio.purge(), lambda clio: clio.invalidate("matters", 42)):
        clio = client(Wire(lambda request: ok(b"x")))
        await forget(clio)
        assert clio._core._residence._home.is_here()  # type: ignore[union-attr]
        await clio.aclose()
        with pytest.raises(ClientClosed):
            await clio.invalidate("matters", 42)
        with pytest.raises(ClientClosed):
            clio._core.storage()
