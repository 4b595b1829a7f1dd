"""`events`: hooks see everything in pairs and in order, do no harm, and cost nothing when nobody looks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import nullcontext

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async import events
from clio_async.client import Clio
from clio_async.errors import ClioError, MaybeSent, NotFound
from clio_async.events import Attempt, Exchange, Hooks, QuotaPause, QuotaWait, TokenRefresh, Watch
from clio_async.messages import Headers, Request, Response
from clio_async.middleware import observe
from clio_async.middleware.observe import capture_responses
from clio_async.options import Policy
from clio_async.transport.memory import MemoryTransport

from .origin import BASE, Clock, Gate, Origin, Wire, client, ok, script
from .watched import Notes, Patient

MATTER = b'{"data":{"id":42,"etag":"\\"x\\"","display_number":"1-Bond"}}'


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def debug(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG, "clio_async"):
        yield


def origin() -> Origin:
    served = Origin()
    served.put("/matters/42", MATTER)
    served.put("/users/1", MATTER)
    return served


class Stranger(Exception):
    """It says more than it should."""


class Failing(Hooks):
    """Raise whatever is asked for."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def fail(self, *_: object) -> object:
        raise self.error

    call_began = call_ended = attempted = waited = paused = refreshed = fail


WAIT = QuotaWait("f" * 32, "batch", "sent", 1.0, 3.5)
PAUSE = QuotaPause("f" * 32, 12.0)
REFRESH = TokenRefresh("f" * 32, "refreshed", 1.0, 1.5)


def test_somebody_looks_if_there_is_a_hook_or_the_log_is_at_debug(caplog):
    """Truth is whether events of single calls are wanted; it follows the level of the log at once."""
    assert not Watch()
    assert not Watch([])
    assert Watch([Hooks()])
    watch = Watch()
    with caplog.at_level(logging.DEBUG, "clio_async"):
        assert watch
        logging.disable(logging.DEBUG)
        assert not watch
        logging.disable(logging.NOTSET)
    with caplog.at_level(logging.INFO, "clio_async"):
        assert not watch


@pytest.fixture
def no_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes an event of a call fails."""

    def made(*_: object) -> None:
        raise AssertionError("an event was made")

    monkeypatch.setattr(events, "Attempt", made)
    monkeypatch.setattr(events, "Exchange", made)


@pytest.mark.usefixtures("no_events")
async def test_nothing_is_made_when_nobody_looks():
    """Without hooks and below DEBUG, neither answers nor failures nor fresh hits make an event."""
    wire = Wire(origin().answer)
    clio = client(wire, policy=Policy(fresh_for={"users": 60.0}))
    for _ in range(2):
        await clio.matters.get(42)
        await clio.users.get(1)
    assert 3 == len(wire.seen)
    with pytest.raises(NotFound):
        await clio.request("GET", "/nothing")
    with pytest.raises(MaybeSent):
        await client(Wire(script(MaybeSent("x"))), retry=None).matters.get(1)


@pytest.mark.usefixtures("no_events")
@pytest.mark.parametrize("way", ["hook", "log", "capture"])
async def test_the_same_check_sees_an_event(way, caplog):
    """The control: with a hook, at DEBUG, or in a capture, the events would be made."""
    clio = client(Wire(origin().answer), hooks=[Hooks()] if way == "hook" else [])
    level = logging.DEBUG if way == "log" else logging.INFO
    capture = capture_responses() if way == "capture" else nullcontext()
    with caplog.at_level(level, "clio_async"), capture, pytest.raises(AssertionError):
        await clio.matters.get(42)


async def test_hooks_are_told_in_order_and_of_the_end_in_reverse():
    """What wraps first unwraps last; each gets back what it returned itself."""
    told: list[tuple[str, object]] = []
    clio = client(Wire(origin().answer), hooks=[Notes("a ", told), Notes("b ", told)])
    await clio.matters.get(42)
    assert ["a began", "b began", "a attempted", "b attempted", "b ended", "a ended"] == [name for name, _ in told]
    (_, (first, begun)), (_, (second, other)) = told[-1], told[-2]
    assert ("a GET", "b GET") == (begun, other)
    assert first is second
    assert isinstance(first, Exchange)


async def test_what_is_rare_is_always_told():
    """Waits, pauses and renewals reach hooks and log, also when nobody looks at calls."""
    watch, notes = Watch(), Notes()
    assert not watch
    for one in (watch, Watch([notes])):
        one.waited(WAIT)
        one.paused(PAUSE)
        one.refreshed(REFRESH)
    assert [("waited", WAIT), ("paused", PAUSE), ("refreshed", REFRESH)] == notes.told


async def test_an_exchange_says_what_happened():
    """All that a hook is told of a call, and of the request in it."""
    clock = Clock()
    headers = {
        "ETag": '"h"',
        "X-API-VERSION": "4.0.13",
        "X-Request-Id": "abc-1",
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": "1800000000",
    }

    def answer(_: Request) -> Response:
        clock.now += 2.0
        return Response(200, Headers(headers), MATTER, wire_bytes=17)

    notes = Notes()
    clio = client(Wire(answer), hooks=[notes], clock=clock)
    await clio.matters.get(42, fields="id")
    attempt, (exchange, _) = notes.of("attempted")[0], notes.of("ended")[0]
    whom, path = clio.principal.fingerprint, f"{BASE}/matters/42.json"
    assert Attempt("GET", path, "matters", whom, 200, None, 1000.0, 1002.0, 17, "abc-1", "/matters/{id}") == attempt
    limit = exchange.rate_limit
    assert (50, 49, 1800000000) == (limit.limit, limit.remaining, limit.reset)
    assert ("GET", path, 200, "network", '"h"', "4.0.13") == (
        exchange.method,
        exchange.path,
        exchange.status,
        exchange.source,
        exchange.etag,
        exchange.api_version,
    )
    assert (2.0, len(MATTER), "matters", whom, "abc-1", None, "/matters/{id}") == (
        exchange.elapsed,
        exchange.bytes,
        exchange.resource,
        exchange.principal,
        exchange.request_id,
        exchange.error,
        exchange.template,
    )


async def test_a_failure_is_told_by_its_class():
    """A call that ended without an answer has no status and no source, and names the class of the error."""
    notes = Notes()
    clio = client(Wire(script(MaybeSent("secret"))), hooks=[notes], retry=None)
    with pytest.raises(MaybeSent):
        await clio.matters.get(42)
    attempt, (exchange, _) = notes.of("attempted")[0], notes.of("ended")[0]
    assert (None, "MaybeSent", 0, None) == (attempt.status, attempt.error, attempt.wire_bytes, attempt.request_id)
    assert (None, None, "MaybeSent", None) == (exchange.status, exchange.source, exchange.error, exchange.rate_limit)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/matters/42", "/matters/{id}"),
        ("/matters/42.json?fields=id", "/matters/{id}"),
        ("//matters//42/", "/matters/{id}"),
        ("/users/who_am_i", "/users/who_am_i"),
        ("/anything/of/yours", None),
        ("/matters/42/nothing", None),
    ],
)
async def test_the_template_is_the_path_in_the_registry(path, template):
    """However a path is spelt, its template is the registry's; a path that is not in it has none."""
    notes = Notes()
    await client(Wire(lambda _: ok()), hooks=[notes]).request("GET", path)
    attempt, (exchange, _) = notes.of("attempted")[0], notes.of("ended")[0]
    assert (template, template) == (attempt.template, exchange.template)


async def test_a_path_on_another_server_than_clios_has_no_template():
    """The same words mean something else there: what has no resource has no template."""
    notes = Notes()
    clio = Clio("t", base_url="http://localhost", transport=Wire(lambda _: ok()), hooks=[notes])
    await clio.request("GET", "/matters/42")
    attempt, (exchange, _) = notes.of("attempted")[0], notes.of("ended")[0]
    assert (None, None, None, None) == (attempt.resource, attempt.template, exchange.resource, exchange.template)


async def test_a_request_to_nobody_has_no_template():
    """A request without a principal (to an authorization server) is told with an empty one."""
    notes = Notes()
    layer = observe.Observe(client(Wire(origin().answer)).stats, Watch([notes]), Clock())

    async def answered(_: Request) -> Response:
        return Response(200)

    await layer(Request("POST", "https://h/oauth/token?x=1", resource="matters"), answered)
    attempt = notes.of("attempted")[0]
    assert ("", None, "https://h/oauth/token") == (attempt.principal, attempt.template, attempt.path)


async def test_a_fresh_hit_is_told_in_a_pair():
    """An answer that was not asked for begins and ends like any other call."""
    notes = Notes()
    clio = client(Wire(origin().answer), hooks=[notes], policy=Policy(fresh_for={"users": 60.0}))
    await clio.users.get(1)
    await clio.users.get(1)
    assert ["began", "attempted", "ended", "began", "ended"] == notes.names()
    assert ["network", "cache"] == [exchange.source for exchange, _ in notes.of("ended")]


async def test_a_shared_answer_is_told_in_a_pair():
    """Who waits for another's request has a call, and no attempt, of its own."""
    notes = Notes()
    gate = Gate(origin().answer)
    clio = client(Wire(gate), hooks=[notes])
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(clio.matters.get, 42)
        while not gate.waiting or 2 != len(notes.of("began")):
            await checkpoint()
        await anyio.wait_all_tasks_blocked()
        gate.waiting[0].set()
    assert 1 == len(notes.of("attempted"))
    assert ["network", "shared"] == sorted(exchange.source for exchange, _ in notes.of("ended"))


class Tasks(Hooks):
    """Note in which task calls begin and end."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.ended: list[tuple[int, object, str | None]] = []

    def call_began(self, request: Request, /) -> object:
        self.began.append(anyio.get_current_task().id)
        return len(self.began)

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        self.ended.append((anyio.get_current_task().id, begun, exchange.error))


class Cutter:
    """Cancel a scope at the n-th of all places at which a call can be cancelled."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.reached = 0
        self.scope = anyio.CancelScope()

    async def step(self) -> None:
        self.reached += 1
        if self.reached == self.at:
            self.scope.cancel()
        await checkpoint()

    async def layer(self, request, call_next):
        await self.step()
        response = await call_next(request)
        await self.step()
        return response

    def transport(self, answer) -> MemoryTransport:
        async def handler(request: Request) -> Response:
            await self.step()
            await self.step()
            return answer(request)

        return MemoryTransport(handler)


@pytest.mark.parametrize("write", [False, True])
async def test_a_call_that_is_cancelled_anywhere_is_told_in_a_pair(write):
    """At every place at which a call can be cancelled: one beginning, one end, in the same task."""
    at = cut = 0
    while True:
        at += 1
        hook, cutter = Tasks(), Cutter(at)
        clio = client(
            cutter.transport(origin().answer),
            hooks=[hook],
            middleware=[cutter.layer],
            limiter=Patient(cutter.step),
        )
        with cutter.scope:
            if write:
                await clio.matters.update(42, description="x", if_match='"x"')
            else:
                await clio.matters.get(42)
        (begun,), ((ended, given, error),) = hook.began, hook.ended
        assert (begun, 1) == (ended, given)
        assert (error is not None) == cutter.scope.cancelled_caught
        if at > cutter.reached:
            break
        cut += cutter.scope.cancelled_caught
    assert 5 == cut  # the layer twice, the limiter, the transport twice


async def test_one_who_waits_for_anothers_request_is_told_of_in_a_pair_when_cancelled():
    """Cancelled as leader or as waiter, each call has one end."""
    hook, gate = Tasks(), Gate(origin().answer)
    clio = client(Wire(gate), hooks=[hook])
    scopes = [anyio.CancelScope(), anyio.CancelScope(), anyio.CancelScope()]

    async def call(scope: anyio.CancelScope) -> None:
        with scope:
            await clio.matters.get(42)

    async with anyio.create_task_group() as tasks:
        for scope in scopes:
            tasks.start_soon(call, scope)
            await anyio.wait_all_tasks_blocked()
        scopes[1].cancel()
        await anyio.wait_all_tasks_blocked()
        scopes[0].cancel()
        await anyio.wait_all_tasks_blocked()
        gate.waiting[-1].set()
    assert sorted(hook.began) == sorted(task for task, _, _ in hook.ended)
    assert 2 == sum(error is not None for _, _, error in hook.ended)


async def test_a_hook_that_fails_changes_nothing(caplog):
    """The call goes on, others are told, and the log names the class of the error, never its text."""
    notes = Notes()
    clio = client(Wire(origin().answer), hooks=[Failing(Stranger("CANARY")), notes])
    await clio.matters.get(42)
    assert ["began", "attempted", "ended"] == notes.names()
    lines = [record.getMessage() for record in caplog.records]
    assert ["The hook Failing.fail failed: Stranger"] * 3 == lines
    assert not any(record.exc_info for record in caplog.records)
    watch = Watch([Failing(Stranger("CANARY")), notes])
    watch.waited(WAIT)
    watch.paused(PAUSE)
    watch.refreshed(REFRESH)
    assert ["waited", "paused", "refreshed"] == notes.names()[3:]


class Refusing(logging.Filter):
    """A filter of an application that fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        raise Stranger


@pytest.mark.usefixtures("debug")
async def test_a_log_that_fails_changes_nothing():
    """What an application hangs on the logger cannot break a call."""
    refusing, log = Refusing(), logging.getLogger("clio_async")
    log.addFilter(refusing)
    try:
        assert 42 == (await client(Wire(origin().answer), hooks=[Failing(Stranger())]).matters.get(42)).id
    finally:
        log.removeFilter(refusing)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
async def test_what_is_no_exception_passes(kind):
    """A hook cannot swallow the end of the program."""
    with pytest.raises(kind):
        Watch([Failing(kind())]).paused(PAUSE)


async def test_a_refused_call_is_told_as_the_answer_that_it_got():
    """An error status is an answer: it has a status, and no error."""
    notes = Notes()
    clio = client(Wire(origin().answer), hooks=[notes])
    with pytest.raises(ClioError):
        await clio.matters.get(7)
    ((exchange, _),) = notes.of("ended")
    assert (404, None, "network") == (exchange.status, exchange.error, exchange.source)
