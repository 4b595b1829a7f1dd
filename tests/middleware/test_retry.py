"""The layer that repeats: how often, after which pause, and what it tells (F3, F14, F16 to F19, F50, F51)."""

from __future__ import annotations

import contextlib
import gc
import pickle
from itertools import pairwise
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from clio_async.errors import (
    AuthError,
    ClientClosed,
    ClioError,
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    NotSentTimeout,
    RateLimited,
    ResponseBroken,
    ResponseTooLarge,
    TransportError,
)
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.retry import Retry
from clio_async.options import Options, RetryPolicy
from clio_async.principal import Principal
from clio_async.protocol.budgets import RetryBudget
from tests.origin import BASE, Wire, client, ok, script
from tests.virtual import VirtualLoop


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """No moment passes while a task can go on, on either backend."""
    if request.param == "trio":
        return "trio", {"clock": MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": VirtualLoop}


PRINCIPAL = Principal(BASE, user="1")


def asked(method: str = "GET", *, resource: str | None = None, path: str = "/tasks/1.json", **more: Any) -> Request:
    return Request(method, BASE + path, **{"options": Options(), "principal": PRINCIPAL, "resource": resource, **more})


GUARDED = {"headers": Headers({"If-Match": '"1"'}), "body": b'{"data":{"name":"x"}}'}


def layer(budget: RetryBudget | None = None, chance: float = 0.5) -> Retry:
    """One on the clock of the event loop."""
    return Retry(budget or RetryBudget(), anyio.current_time, lambda: 1_800_000_000.0, lambda: chance)


def refused(status: int = 429) -> Response:
    return Response(status, Headers({"Retry-After": "0"}), b"x", verdict="again")


class Chain:
    """Answer with these, one after the other, and note when."""

    def __init__(self, *answers: Response | BaseException) -> None:
        self.answers = list(answers)
        self.seen: list[Request] = []
        self.times: list[float] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        self.times.append(anyio.current_time())
        if isinstance(self.answers[0], Response):
            return self.answers.pop(0)  # type: ignore[return-value]
        raise self.answers.pop(0)  # type: ignore[misc]  # and no name for it: it would be a cycle

    @property
    def pauses(self) -> list[float]:
        return [round(after - before, 3) for before, after in pairwise(self.times)]


async def test_an_answer_passes_as_it_is() -> None:
    """The same object, and one request."""
    for status in (200, 304, 404, 412, 500, 501):
        answer = Response(status)
        chain = Chain(answer)
        assert answer is await layer()(asked(), chain)
        assert 1 == len(chain.seen)


async def test_what_a_gateway_could_not_answer_is_asked_again() -> None:
    """F1: after half of half a second, then of a second."""
    chain = Chain(Response(502), MaybeSent("x"), ok())
    assert 200 == (await layer()(asked(), chain)).status
    assert [0.25, 0.5] == chain.pauses


async def test_a_repetition_says_what_it_repeats() -> None:
    """Every one names the request of the caller, not the one before; from a 401 on, that it has another token."""
    chain = Chain(NotSent("x"), refused(), refused(401), refused(), NotSent("x"), ok())
    request = asked("POST", body=b"{}")
    assert 200 == (await layer()(request, chain)).status
    assert [None, *[request] * 5] == [each.resent for each in chain.seen]
    assert [False, False, False, True, True, True] == [each.renewed for each in chain.seen]
    assert [b"{}"] * 6 == [each.body for each in chain.seen]


async def test_a_repetition_behind_a_redirect_is_one_of_what_was_asked() -> None:
    """Its waits for quota count as those of the request that was redirected."""
    chain = Chain(Response(503), ok())
    request = asked()
    await layer()(asked(path="/tasks/2.json", resent=request), chain)
    assert [request, request] == [each.resent for each in chain.seen]
    assert [f"{BASE}/tasks/2.json"] * 2 == [each.url for each in chain.seen]


async def test_the_last_answer_is_the_answer() -> None:
    """Without the verdict: nobody above has to know."""
    chain = Chain(*[refused() for _ in range(11)])
    response = await layer()(asked(), chain)
    assert (429, b"x", None, 11) == (response.status, response.body, response.verdict, len(chain.seen))


@pytest.mark.parametrize("attempts", [1, 2, 3, 5])
async def test_there_are_so_many_attempts(attempts: int) -> None:
    """The first one counts. The last failure is told, and waiting for quota is no failure."""
    policy, last = RetryPolicy(attempts=attempts), MaybeSent("last")
    chain = Chain(refused(), *[Response(503) for _ in range(attempts - 1)], last)
    with pytest.raises(MaybeSent) as caught:
        await layer()(asked(options=Options(retry=policy)), chain)
    assert last is caught.value
    assert attempts + 1 == len(chain.seen)


@pytest.mark.parametrize("options", [None, Options(retry=None)])
async def test_without_a_policy_there_is_one_attempt(options: Options | None) -> None:
    """But quota and tokens are waited for."""
    for failure in (Response(503), NotSent("x"), ResponseBroken("x")):
        chain = Chain(refused(), refused(401), failure)
        try:
            assert failure is await layer()(asked(options=options), chain)
        except ClioError as error:
            assert failure is error  # noqa: PT017
        assert 3 == len(chain.seen)


@pytest.mark.parametrize("left", [0.2, 0.25, 0.255])
async def test_no_attempt_begins_behind_the_deadline(left: float) -> None:
    """F5: the call ends at once with what there is, not when its time is over."""
    begin = anyio.current_time()
    answer = Response(503)
    chain = Chain(answer)
    assert answer is await layer()(asked(deadline=begin + left), chain)
    assert begin == anyio.current_time()
    chain = Chain(answer, ok())
    assert 200 == (await layer()(asked(deadline=anyio.current_time() + 0.3), chain)).status


async def test_what_the_server_asks_for_is_kept_to_or_nothing_is_sent() -> None:
    """F50: no second request before the moment that `Retry-After` names, and none at all if that is too far away."""
    chain = Chain(Response(503, Headers({"Retry-After": "7"})), ok())
    await layer()(asked(), chain)
    assert [7.25] == chain.pauses
    for far in ("31", "86400"):
        answer = Response(503, Headers({"Retry-After": far}))
        assert answer is await layer()(asked(), Chain(answer))


async def test_a_closed_connection_is_replaced_at_once() -> None:
    """F3: whatever the method, if no byte has left; a second time, there is a pause."""
    for method in ("GET", "POST", "PATCH", "DELETE", "PURGE"):
        chain = Chain(NotSent("x"), NotSent("x"), ok())
        assert 200 == (await layer()(asked(method), chain)).status
        assert [0.0, 0.5] == chain.pauses


async def test_time_that_is_over_is_over() -> None:
    """F5: a timeout is not repeated, whatever it says of what was sent."""
    for error in (NotSentTimeout("x"), MaybeSentTimeout("x")):
        chain = Chain(error)
        with pytest.raises(TimeoutError):
            await layer(chance=0.0)(asked(deadline=anyio.current_time()), chain)
        assert 1 == len(chain.seen)


async def test_a_pause_is_cancelled_with_its_call() -> None:
    """F71: at once, and nothing more is sent."""
    chain = Chain(Response(503))
    with anyio.move_on_after(0.1) as scope:
        await layer()(asked(), chain)
    assert scope.cancelled_caught
    assert 1 == len(chain.seen)


# -- writes -----------------------------------------------------------------------------------------------------------


async def test_a_write_that_could_matter_twice_is_not_sent_twice() -> None:
    """F17, F18, F19: no POST, no PATCH without a condition, no bill."""
    bill = {"resource": "bills", "path": "/bills/1.json"}
    for request in (
        asked("POST", body=b"{}"),
        asked("PATCH", body=b"{}"),
        asked("PATCH", headers=GUARDED["headers"], body=b'{"data":{"addresses":[{"city":"x"}]}}'),
        asked("DELETE", **bill),
        asked("PURGE", options=Options(idempotent=True)),
    ):
        for failure in (MaybeSent("x"), ResponseBroken("x"), Response(502)):
            chain = Chain(failure)
            try:
                assert failure is await layer()(request, chain)
            except ClioError as error:
                assert failure is error  # noqa: PT017


async def test_a_write_that_could_not_matter_twice_is() -> None:
    """F14, F17, F19: guarded, vouched for, or gone after the first time."""
    for request in (
        asked("PATCH", **GUARDED),
        asked("PATCH", body=b"{}", options=Options(idempotent=True)),
        asked("DELETE"),
        asked("DELETE", resource="tasks"),
        asked("DELETE", resource="tasks", path="/nowhere/1.json"),
        asked("DELETE", resource="tasks", principal=None),
        asked("DELETE", resource="bills", path="/bills/1.json", options=Options(idempotent=True)),
    ):
        chain = Chain(MaybeSent("x"), Response(502), ok())
        assert (200, 3) == ((await layer()(request, chain)).status, len(chain.seen))


async def test_a_refusal_after_a_doubt_is_marked() -> None:
    """F14: the 412 of a second attempt may be the doing of the first; without one, it is what it says."""
    for doubt, verdict in (((MaybeSent("x"),), "ambiguous"), ((NotSent("x"),), None), ((refused(),), None), ((), None)):
        response = await layer()(asked("PATCH", **GUARDED), Chain(*doubt, Response(412)))
        assert (412, verdict) == (response.status, response.verdict)


async def test_a_doubt_outlives_what_comes_between() -> None:
    """A 429, or a renewed token, says nothing of the first attempt; neither does one that never left."""
    for between in (refused(), refused(401), NotSent("x")):
        chain = Chain(MaybeSent("x"), between, Response(412))
        assert "ambiguous" == (await layer()(asked("PATCH", **GUARDED), chain)).verdict


async def test_an_unanswered_refusal_after_a_doubt_is_marked_too() -> None:
    """The last 429 of many, and a 401 that no new token helps."""
    for refusals in ([refused() for _ in range(11)], [refused(401), refused(401)], [Response(401)]):
        response = await layer()(asked("PATCH", **GUARDED), Chain(MaybeSent("x"), *refusals))
        assert "ambiguous" == response.verdict


@pytest.mark.parametrize(
    "error", [NotSent("x"), RateLimited("x", status=429), AuthError("x"), ClientClosed("x"), ResponseTooLarge("x")]
)
async def test_a_doubt_is_not_replaced_by_an_error(error: ClioError) -> None:
    """Else the caller would be told that nothing was done."""
    doubt = MaybeSent("first")
    policy = Options(retry=RetryPolicy(attempts=2))
    with pytest.raises(MaybeSent) as caught:
        await layer()(asked("PATCH", **GUARDED, options=policy), Chain(doubt, error))
    assert doubt is caught.value
    response = await layer()(asked("PATCH", **GUARDED, options=policy), Chain(Response(502), error))
    assert (502, "ambiguous") == (response.status, response.verdict)


TWICE = Options(retry=RetryPolicy(attempts=2))


async def test_a_time_that_is_over_after_a_doubt_is_a_timeout() -> None:
    """Whatever the doubt was: who catches `TimeoutError` is told."""
    for doubt in (Response(502), MaybeSent("x")):
        with pytest.raises(MaybeSent) as caught:
            await layer()(asked("PATCH", **GUARDED, options=TWICE), Chain(doubt, NotSentTimeout("late")))
        assert isinstance(caught.value, TimeoutError)


class Foreign(Exception):
    """What a token store of the application's raises."""


async def test_a_foreign_error_after_a_doubt_is_its_cause() -> None:
    """It says that the second attempt failed, and nothing of the first. Without a doubt it is what is raised."""
    for doubt in (Response(502), MaybeSent("first"), ResponseBroken("first")):
        with pytest.raises(TransportError) as caught:
            await layer()(asked("PATCH", **GUARDED), Chain(doubt, Foreign()))
        assert doubt is caught.value or isinstance(doubt, Response)
        assert isinstance(caught.value.__cause__, Foreign)
    for first, method in ((NotSent("x"), "PATCH"), (Response(502), "GET")):
        with pytest.raises(Foreign):
            await layer()(asked(method), Chain(first, Foreign()))
    with pytest.raises(KeyboardInterrupt):
        await layer()(asked("PATCH", **GUARDED), Chain(Response(502), KeyboardInterrupt()))


async def test_the_first_doubt_is_the_one_that_is_told() -> None:
    """Of several."""
    first, second = MaybeSent("first"), ResponseBroken("second")
    with pytest.raises(MaybeSent) as caught:
        await layer()(asked("PATCH", **GUARDED), Chain(first, second, AuthError("x")))
    assert first is caught.value


async def test_a_record_that_is_away_was_deleted() -> None:
    """F19: 404 after a doubt is a success; without one, or for a bill, it is not."""
    done = await layer()(asked("DELETE", resource="tasks"), Chain(MaybeSent("x"), Response(404)))
    assert (204, "done") == (done.status, done.verdict)
    plain = await layer()(asked("DELETE", resource="tasks"), Chain(NotSent("x"), Response(404)))
    assert (404, None) == (plain.status, plain.verdict)
    vouched = asked("DELETE", resource="bills", path="/bills/1.json", options=Options(idempotent=True))
    bill = await layer()(vouched, Chain(MaybeSent("x"), Response(404)))
    assert (404, "ambiguous") == (bill.status, bill.verdict)


async def test_a_read_knows_no_doubt() -> None:
    """It changes nothing: its last answer is its answer."""
    response = await layer()(asked(), Chain(MaybeSent("x"), Response(404)))
    assert (404, None) == (response.status, response.verdict)


# -- the budget -------------------------------------------------------------------------------------------------------


async def fail(retry: Retry, calls: int, principal: Principal | None = PRINCIPAL) -> int:
    """Make calls of which every attempt fails; return how many attempts there were."""
    chain = Chain(*[Response(503)] * calls * 3)
    for _ in range(calls):
        await retry(asked(principal=principal), chain)
    return len(chain.seen)


async def test_in_an_outage_there_are_hardly_more_requests_than_calls() -> None:
    """F51: a tenth more, and ten; without a budget, there would be three for each call."""
    assert 1000 + 100 + 10 >= await fail(layer(), 1000) >= 1000 + 100


async def test_the_outage_of_one_tenant_leaves_the_others_their_attempts() -> None:
    """F52: the call of another principal has all of its attempts."""
    retry = layer()
    await fail(retry, 200)
    assert 3 == await fail(retry, 1, Principal(BASE, user="2"))
    assert await fail(retry, 1) < 3


async def test_requests_without_a_principal_share_one_budget_per_server() -> None:
    """They have to count somewhere."""
    budget = RetryBudget()
    await fail(layer(budget), 1, None)
    assert {"": 20, "http://localhost": 20} == dict(budget.owed)


async def test_calls_pay_back_what_was_owed() -> None:
    """One that succeeds as well as one that fails; where nothing is owed, nothing is kept."""
    budget = RetryBudget()
    retry = layer(budget)
    await fail(retry, 1)
    for _ in range(19):
        await retry(asked(), Chain(ok()))
    assert [1, 1] == list(budget.owed.values())
    await retry(asked(), Chain(ok()))
    assert not budget.owed


async def test_what_is_not_repeated_costs_nothing() -> None:
    """Neither a refusal nor a wait for quota."""
    budget = RetryBudget()
    for chain in (Chain(refused(), refused(401), Response(404)), Chain(Response(503, Headers({"Retry-After": "99"})))):
        await layer(budget)(asked(), chain)
    assert not budget.owed


# -- 429 --------------------------------------------------------------------------------------------------------------


async def test_a_server_that_always_refuses_ends_as_an_error() -> None:
    """F51: the second pause in a row is longer than the server says, and than the caller may wait."""
    wire = Wire(lambda _: Response(429, Headers({"Retry-After": "0"})))
    clio = client(wire).options(max_wait=0.1)
    with pytest.raises(RateLimited) as caught:
        await clio.request("GET", "/matters")
    assert caught.value.retry_at is not None
    assert 2 == len(wire.seen)


ENVELOPE = b'{"error":{"type":"RateLimited","message":"Please wait 60 seconds."}}'


def limited(seconds: int) -> Response:
    return Response(429, Headers({"Retry-After": str(seconds), "X-API-VERSION": "4.0.13"}), ENVELOPE)


async def test_a_request_that_may_not_wait_to_be_repeated_tells_what_it_was_answered() -> None:
    """It was sent: the error says so, and holds the answer."""
    with pytest.raises(RateLimited) as caught:
        await client(Wire(script(limited(60)))).request("GET", "/matters")
    error = caught.value
    assert (
        f"GET {BASE}/matters was answered 429 (RateLimited: Please wait 60 seconds.). It was not sent again: after "
        "a 429, nothing is sent for another 60 s. Call again at retry_at, or let the call wait longer: max_wait=, "
        "timeout=."
    ) == str(error)
    assert error.response is not None
    assert (429, ENVELOPE) == (error.response.status, error.response.body)
    assert ("RateLimited", "Please wait 60 seconds.", "4.0.13") == (error.type, error.message, error.api_version)
    assert None is not error.retry_at
    assert (str(error), error.message) == (str(pickle.loads(pickle.dumps(error))), error.message)


async def test_one_that_was_answered_something_else_does_not() -> None:
    """A 401 is no reason to wait, nor is a 503; and an error of a layer that has an answer keeps it."""
    kept = RateLimited("x", status=429, response=ok())
    for answer, error in (
        (refused(401), RateLimited("x", status=429)),
        (Response(503), RateLimited("x", status=429)),
        (NotSent("x"), RateLimited("x", status=429)),
        (refused(), kept),
    ):
        before = error.response
        with pytest.raises(RateLimited, match=r"^x$") as caught:
            await layer()(asked(), Chain(answer, error))
        assert before is caught.value.response


async def test_the_last_429_is_the_one_that_is_told() -> None:
    """Not the first."""
    last = Response(429, Headers(), b"last", verdict="again")
    chain = Chain(refused(), last, RateLimited("GET / was not sent again: why. What to do.", status=429))
    with pytest.raises(RateLimited, match=r"^GET .* was answered 429\. It .* why\. What") as caught:
        await layer()(asked(), chain)
    assert last is caught.value.response


# -- in passing -------------------------------------------------------------------------------------------------------


class Lost(MaybeSent):
    """One that can be told from those of other tests."""


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_an_error_leaves_no_cycle_behind(method: str) -> None:
    """F77: what a failed call held is freed when its error is, not when the collector comes."""
    rest = {"GET": [Lost("x"), Lost("x")], "PATCH": [AuthError("x")]}
    request, chain = asked(method, **GUARDED), Chain(Lost("x"), *rest.pop(method))
    gc.collect()
    gc.disable()
    rest.clear()
    try:
        with contextlib.suppress(Lost):
            await layer()(request, chain)
        assert [] == [each for each in gc.get_objects() if isinstance(each, Lost)]
    finally:
        gc.enable()
