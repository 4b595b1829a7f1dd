"""What is repeated helps, and never harms: over real sockets, against the simulator, and in virtual time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from trio.testing import MockClock

from clio_async import (
    Clio,
    ClioError,
    MaybeSent,
    MemoryTransport,
    NotFound,
    NotSent,
    OutcomeUnknown,
    PreconditionFailed,
    Request,
    Response,
    ResponseBroken,
    RetryPolicy,
    ServerError,
)
from clio_async.messages import Headers
from clio_async.middleware.base import Handler
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret
from clio_async.testing import Fault, Faults, Simulator
from clio_async.testing.wire import Answer, Received
from tests.virtual import VirtualLoop

from .loopback import TRANSPORTS, lab, reply, transport

BASE = "http://localhost/api/v4"
AT_ONCE = RetryPolicy(first_pause=0.0)
DONE = reply("200 OK", b'{"data":{"id":1}}', ("Content-Type", "application/json"))
CREATED = reply("201 Created", b'{"data":{"id":1}}', ("Content-Type", "application/json"))
WHOLE = '{"data":{"id":1}}'
GUARD = {"headers": {"If-Match": '"1"'}, "json": {"data": {"description": "x"}}}


class Cuts:
    """Answer the first request for a path with so many bytes of an answer, the second in full."""

    def __init__(self, answer: bytes, then: Any) -> None:
        self.answer = answer
        self.then = then
        self.seen: Counter[str] = Counter()

    def __call__(self, received: Received) -> Answer:
        place = received.target
        self.seen[place] += 1
        if self.seen[place] > 1:
            return Answer(self.answer)
        return Answer(self.answer[: int(place.removeprefix("/"))], self.then)


def tenants(clio: Clio) -> Iterator[Clio]:
    """Clients of one core after the other, each of which has a budget of its own."""
    number = 0
    while True:
        number += 1
        yield clio.with_auth(f"token-{number}")


@TRANSPORTS
@pytest.mark.parametrize("then", ["close", "reset"])
async def test_a_read_survives_a_cut_at_every_byte(kind: str, then: str) -> None:
    """F1: the answer that the caller gets is whole, and it costs one request more."""
    cuts = Cuts(DONE, then)
    async with lab(kind, cuts, retry=AT_ONCE) as (clio, _):
        for cut, tenant in zip(range(len(DONE)), tenants(clio), strict=False):
            assert WHOLE == (await tenant.request("GET", f"/{cut}")).body.decode()
    assert {f"/{cut}": 2 for cut in range(len(DONE))} == cuts.seen


@TRANSPORTS
@pytest.mark.parametrize("then", ["close", "reset"])
async def test_a_creation_is_sent_once_whatever_becomes_of_its_answer(kind: str, then: str) -> None:
    """F18: cut at every byte, the server sees one POST; that it was applied is told as soon as it is sure."""
    cuts = Cuts(CREATED, then)
    accepted = []
    async with lab(kind, cuts, retry=AT_ONCE) as (clio, _):
        for cut, tenant in zip(range(len(CREATED)), tenants(clio), strict=False):
            with pytest.raises(OutcomeUnknown) as caught:
                await tenant.request("POST", f"/{cut}", json={"data": {"name": "x"}})
            accepted.append(caught.value.accepted)
    assert {f"/{cut}": 1 for cut in range(len(CREATED))} == cuts.seen
    behind_the_head = CREATED.index(b"\r\n\r\n") + 4
    assert all(accepted[behind_the_head:])
    assert not any(accepted[: len(b"HTTP/1.1 201")])


@TRANSPORTS
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_a_server_that_is_not_there_is_tried_three_times(kind: str, method: str) -> None:
    """F3: nothing was sent, so any method may be; and the error says that nothing was."""
    async with lab(kind, lambda _: Answer(DONE)) as (_, server):
        address = server.url
    async with transport(kind) as wire:
        clio = Clio("t", base_url=address, transport=wire, retry=AT_ONCE)
        with pytest.raises(NotSent):
            await clio.request(method, "/x")
        assert 3 == clio.stats.requests
        with pytest.raises(NotSent):
            await clio.options(retry=None).request(method, "/x")
        assert 4 == clio.stats.requests


@TRANSPORTS
async def test_a_connection_that_was_closed_while_idle_duplicates_nothing(kind: str) -> None:
    """F3: the next POST is sent once on a new connection, or its outcome is unknown; it is never sent twice."""
    async with lab(kind, lambda _: Answer(CREATED, "close"), retry=AT_ONCE) as (clio, server):
        unknown = 0
        for number in range(20):
            try:
                await clio.request("POST", f"/{number}", json={})
            except OutcomeUnknown:
                unknown += 1
        seen = Counter(received.target for received in server.received)
    assert {1} == set(seen.values())
    assert len(seen) + unknown >= 20


@TRANSPORTS
@pytest.mark.parametrize(
    "lost",
    [Answer(then="reset"), Answer(DONE[:9], "close"), Answer(reply("502 Bad Gateway", b"<html>"))],
    ids=["reset", "cut", "502"],
)
async def test_a_guarded_change_is_sent_again_and_its_refusal_is_not_believed(kind: str, lost: Answer) -> None:
    """F14, F16: the second time under the same tag; 200 is a success, 412 is no conflict, since it may be our own."""
    for second, expected in ((DONE, None), (reply("412 Precondition Failed", b"{}"), OutcomeUnknown)):
        answers = [lost, Answer(second)]
        async with lab(kind, lambda _, left=answers: left.pop(0), retry=AT_ONCE) as (clio, server):
            if expected is None:
                assert 200 == (await clio.request("PATCH", "/x", **GUARD)).status
            else:
                with pytest.raises(expected) as caught:
                    await clio.request("PATCH", "/x", **GUARD)
                assert not isinstance(caught.value, PreconditionFailed)
                assert '"1"' == caught.value.etag
        assert [['"1"'], ['"1"']] == [received.values_of("if-match") for received in server.received]


@TRANSPORTS
async def test_the_same_refusal_without_a_doubt_is_one(kind: str) -> None:
    """The control of F14: 412 to a first attempt is a conflict, in one request."""
    async with lab(kind, lambda _: Answer(reply("412 Precondition Failed", b"{}"))) as (clio, server):
        with pytest.raises(PreconditionFailed):
            await clio.request("PATCH", "/x", **GUARD)
    assert 1 == len(server.received)


@TRANSPORTS
async def test_an_unguarded_change_is_sent_once_unless_the_caller_vouches_for_it(kind: str) -> None:
    """F17: it could overwrite what somebody else has written meanwhile; `idempotent=True` says that it may."""
    answers = [Answer(then="reset"), Answer(then="reset"), Answer(DONE)]
    async with lab(kind, lambda _: answers.pop(0), retry=AT_ONCE) as (clio, server):
        with pytest.raises(OutcomeUnknown):
            await clio.request("PATCH", "/x", json={"data": {"name": "x"}})
        assert 1 == len(server.received)
        vouched = clio.options(idempotent=True)
        assert 200 == (await vouched.request("PATCH", "/x", json={"data": {"name": "x"}})).status
    assert 3 == len(server.received)


@TRANSPORTS
async def test_a_deletion_is_sent_again_and_is_done_when_there_is_nothing_left(kind: str) -> None:
    """F19: a 404 to the second attempt is a success; to the first it is an error."""
    answers = [Answer(then="reset"), Answer(reply("404 Not Found", b"{}")), Answer(reply("404 Not Found", b"{}"))]
    async with lab(kind, lambda _: answers.pop(0), retry=AT_ONCE) as (clio, server):
        assert 204 == (await clio.request("DELETE", "/x")).status
        with pytest.raises(NotFound):
            await clio.request("DELETE", "/x")
    assert 3 == len(server.received)


@TRANSPORTS
async def test_a_bill_is_deleted_once(kind: str) -> None:
    """F19: a second DELETE of a bill could be another step: https://docs.developers.clio.com/api-reference/#tag/Bills."""
    async with lab(kind, lambda _: Answer(then="reset"), retry=AT_ONCE) as (clio, server):
        with pytest.raises(OutcomeUnknown):
            await clio.with_auth("t", base_url=f"{server.url}/api/v4").request("DELETE", "/bills/1.json")
        assert 1 == len(server.received)
        with pytest.raises(OutcomeUnknown):
            await clio.with_auth("t", base_url=f"{server.url}/api/v4").request("DELETE", "/tasks/1.json")
    assert 4 == len(server.received)


# -- the simulator, whose truth can be looked at ----------------------------------------------------------------------

FAULTS = (
    Fault.refused(),
    Fault.lost_before(),
    Fault.lost_after(),
    Fault.lost_after(keep=20),
    Fault.truncated(0),
    Fault.truncated(9),
    Fault.garbage(),
    Fault.status(502, html=True),
    Fault.status(502, html=True, applied=True),
    Fault.status(503, retry_after="0"),
    Fault.status(503, retry_after="86400", applied=True),
    Fault.status(504, applied=True),
    Fault.status(500, applied=True),
    Fault.content_type("text/html"),
)
POSTS, TASKS = 2_000, 20


class Naive:
    """Send again whatever failed, as many a client does."""

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        for _ in range(3):
            try:
                response = await call_next(request)
            except (NotSent, MaybeSent, ResponseBroken):
                continue
            if response.status < 500:
                return response
        return await call_next(request)


def shaky(seed: int, *, rate: float, **options: Any) -> tuple[Simulator, Clio, Counter[str]]:
    """A firm behind a bad line, a client of it, and what went wrong for which method."""
    simulator = Simulator(seed=seed, matters=TASKS, tasks=0)
    plan, faulted = Faults.seeded(seed, rate, FAULTS), Counter[str]()

    def counting(index: int, request: Request) -> Fault | None:
        fault = plan(index, request)
        faulted[request.method] += fault is not None
        return fault

    simulator.faults = counting
    wire = MemoryTransport(simulator.handler)
    return simulator, Clio(simulator.token(), base_url=BASE, transport=wire, retry=AT_ONCE, **options), faulted


async def created(simulator: Simulator, clio: Clio) -> tuple[Counter[str], Counter[str]]:
    """Let many tasks create records; return what they were told by name, and how often each is there."""
    told: dict[str, str] = {}

    async def create(names: list[str]) -> None:
        for name in names:
            try:
                response = await clio.request("POST", "/task_types.json", json={"data": {"name": name}})
                told[name] = f"{response.status}"
            except OutcomeUnknown as error:
                told[name] = "accepted" if error.accepted else "unknown"
            except ClioError as error:
                told[name] = type(error).__name__

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            tasks.start_soon(create, [f"{number}/{index}" for index in range(POSTS // TASKS)])
    simulator.faults = Faults.none
    names = [str(kind.name) async for kind in clio.task_types.list(fields="name")]
    there = Counter(name for name in names if name in told)
    return Counter(f"{said} {there[name]}" for name, said in told.items()), there


@pytest.mark.parametrize("seed", range(2))
async def test_no_fault_makes_two_of_one(seed: int) -> None:
    """F4, F18: of 2 000 POSTs, most of which meet a fault, none is carried out twice, or called what it is not.

    What is said to be done, or accepted, is there; what is said not to have been sent is not; of the rest either.
    """
    simulator, clio, faulted = shaky(seed, rate=0.6)
    told, there = await created(simulator, clio)
    assert faulted["POST"] >= 1_000
    assert 1 == max(there.values())
    assert {"201 1", "accepted 1", "unknown 0", "unknown 1"} == told.keys() - {"NotSent 0"}


async def test_a_naive_client_makes_two_of_one() -> None:
    """The control of F4 and F18: one that sends again what failed creates records several times."""
    simulator, clio, _ = shaky(0, rate=0.6, middleware=[Naive()])
    _, there = await created(simulator, clio)
    assert sum(count > 1 for count in there.values()) > 100


async def test_no_guarded_change_is_called_what_it_is_not() -> None:
    """F4, F14, F17: where nobody else writes, there is no conflict; done is done, not sent is not done.

    Each task has a record of its own, and reads it before every change.
    """
    _, clio, faulted = shaky(3, rate=0.4)
    calm = clio.options(cache="bypass")
    told: Counter[str] = Counter()

    async def change(number: int) -> None:
        for index in range(25):
            matter = await read(calm, number)
            before, after = matter["location"], f"{number}/{index}"
            guard = {"If-Match": matter["etag"]}
            path, body = f"/matters/{number}.json", {"data": {"location": after}}
            try:
                await clio.request("PATCH", path, json=body, headers=guard)
                said = "done"
            except OutcomeUnknown as error:
                said = "accepted" if error.accepted else "unknown"
            except ClioError as error:
                said = type(error).__name__
            now = (await read(calm, number))["location"]
            assert now in {before, after}
            told[f"{said} {now == after}"] += 1

    async with anyio.create_task_group() as tasks:
        for number in range(1, TASKS + 1):
            tasks.start_soon(change, number)
    assert faulted["PATCH"] >= 200
    assert {"done True", "accepted True", "unknown True", "unknown False"} == told.keys() - {"NotSent False"}


async def read(clio: Clio, number: int) -> dict[str, Any]:
    """Read a matter, however long it takes."""
    while True:
        try:
            response = await clio.request("GET", f"/matters/{number}.json", params={"fields": "etag,location"})
            return response.json()["data"]  # type: ignore[no-any-return]
        except ClioError:
            await checkpoint()


# -- in virtual time, on both backends --------------------------------------------------------------------------------


VIRTUAL = pytest.mark.parametrize(
    "anyio_backend",
    [("asyncio", {"loop_factory": VirtualLoop}), ("trio", {"clock": MockClock(autojump_threshold=0)})],
    ids=["asyncio", "trio"],
)


class Down:
    """A server that answers 503 until a moment, and counts who asked."""

    def __init__(self, until: float = 1e9) -> None:
        self.until = until
        self.seen: Counter[str] = Counter()

    async def __call__(self, request: Request) -> Response:
        self.seen[request.headers["authorization"]] += 1
        await checkpoint()
        if anyio.current_time() < self.until:
            return Response(503)
        return Response(200, body=b'{"data":{"id":1}}')


def timed(server: Down, **options: Any) -> Clio:
    """A client of it on the clock of the event loop."""
    wire = MemoryTransport(server, clock=anyio.current_time)
    dice = random.Random(1).random
    return Clio("t", base_url=BASE, transport=wire, clock=anyio.current_time, random=dice, **options)


@VIRTUAL
async def test_an_outage_is_not_made_worse(anyio_backend: object) -> None:
    """F51: a thousand calls in an outage are at most 1 110 requests; without a budget they would be 3 000."""
    server = Down()
    clio = timed(server)

    async def call(number: int) -> None:
        with pytest.raises(ServerError):
            await clio.request("GET", f"/{number}")

    async with anyio.create_task_group() as tasks:
        for number in range(1000):
            tasks.start_soon(call, number)
    assert 1000 < sum(server.seen.values()) <= 1110


@VIRTUAL
async def test_a_short_outage_is_not_noticed(anyio_backend: object) -> None:
    """The control of F51: a call that may try again gets its answer; one that may not gets the error."""
    begin = anyio.current_time()
    clio = timed(Down(begin + 0.4), retry=RetryPolicy(attempts=9))
    with pytest.raises(ServerError):
        await clio.options(retry=None).request("GET", "/x")
    assert 200 == (await clio.request("GET", "/x")).status


@VIRTUAL
async def test_who_waits_for_a_repetition_survives_the_one_who_makes_it(anyio_backend: object) -> None:
    """F45: the caller that is cancelled in a pause leaves the read to the next, who makes his own attempts."""
    server = Down(anyio.current_time() + 0.6)
    clio = timed(server, retry=RetryPolicy(attempts=9))
    answers: list[int] = []

    async def call() -> None:
        answers.append((await clio.request("GET", "/x")).status)

    async with anyio.create_task_group() as tasks:
        with anyio.move_on_after(0.05):
            async with anyio.create_task_group() as led:
                led.start_soon(call)
                await checkpoint()
                for _ in range(5):
                    tasks.start_soon(call)
                await anyio.sleep(1)
    assert [200] * 5 == answers
    assert sum(server.seen.values()) <= 9


@VIRTUAL
async def test_calls_of_another_policy_have_a_flight_of_their_own(anyio_backend: object) -> None:
    """What one caller leaves to chance must not be what another one is told."""
    one, same, none = RetryPolicy(attempts=2), RetryPolicy(attempts=2), None
    for policies, requests in (((one, same), 2), ((one, none), 3), ((none, none), 1)):
        server = Down()
        clio = timed(server)

        async def call(policy: RetryPolicy | None, clio: Clio = clio) -> None:
            with pytest.raises(ServerError):
                await clio.options(retry=policy).request("GET", "/x")

        async with anyio.create_task_group() as tasks:
            for policy in policies:
                tasks.start_soon(call, policy)
        assert requests == sum(server.seen.values())


class Renewing:
    """An `Auth` whose token can be renewed; it notes what it was asked."""

    over = False

    def __init__(self) -> None:
        self.number = 1
        self.asked: list[bool] = []

    def principal(self, base: str, /) -> Principal:
        return Principal(base, user="1")

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        return Secret(f"token-{self.number}")

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        self.asked.append(again)
        self.number += not again
        return not again


@VIRTUAL
@pytest.mark.parametrize(
    ("statuses", "asked"),
    [
        ((503, 401, 200), [False]),
        ((429, 401, 200), [False]),
        ((401, 503, 200), [False]),
        ((401, 429, 401), [False, True]),
        ((401, 401), [False, True]),
    ],
)
async def test_a_repetition_for_another_reason_does_not_use_up_the_one_for_a_new_token(
    anyio_backend: object, statuses: tuple[int, ...], asked: list[bool]
) -> None:
    """F27: a token that is refused is renewed once for each call, in whatever company the 401 comes."""
    left, auth = list(statuses), Renewing()
    wire = MemoryTransport(lambda _: Response(left.pop(0), Headers({"Retry-After": "0"})), clock=anyio.current_time)
    clio = Clio(auth, base_url=BASE, transport=wire, clock=anyio.current_time)
    if statuses[-1] == 200:
        assert 200 == (await clio.request("GET", "/x")).status
    else:
        with pytest.raises(ClioError):
            await clio.request("GET", "/x")
    assert (asked, []) == (auth.asked, left)


@VIRTUAL
async def test_a_doubtful_write_is_unknown_whatever_comes_then(anyio_backend: object) -> None:
    """F14: a redirect, a refusal, a version that has ended, an error below: none of them says that nothing was done."""
    refusals = [Response(status) for status in (300, 302, 304, 307, 409, 410, 428)]
    for second in (*refusals, NotSent("x")):
        left: list[Response | ClioError] = [MaybeSent("x"), second, NotSent("x")]

        def answer(_: Request, left: list[Response | ClioError] = left) -> Response:
            step = left.pop(0)
            if isinstance(step, Response):
                return step
            raise step

        wire = MemoryTransport(answer, clock=anyio.current_time)
        clio = Clio("t", base_url=BASE, transport=wire, clock=anyio.current_time)
        with pytest.raises(OutcomeUnknown):
            await clio.request("PATCH", "/matters/1.json", **GUARD)
