"""Which answers are worth another try, and how often (rows F50 and F51)."""

from __future__ import annotations

import pickle

import pytest

from clio_async.errors import RateLimited
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.retry import Retry
from clio_async.protocol.retry import may_resend
from tests.origin import BASE, Wire, client, ok, script


def refused() -> Response:
    return Response(429, Headers({"Retry-After": "0"}), b"x", verdict="again")


class Chain:
    """Answer with these, one after the other."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.error: Exception | None = None
        """What comes after the last of them."""
        self.seen: list[Request] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        if not self.answers and self.error is not None:
            raise self.error
        return self.answers.pop(0)


@pytest.mark.parametrize(("status", "times"), [(401, 1), (429, 10), (200, 0), (503, 0)])
def test_a_request_is_repeated_so_often(status: int, times: int) -> None:
    """By what was answered."""
    assert [True] * times + [False] == [may_resend(status, count) for count in range(1, times + 2)]


async def test_an_answer_passes_as_it_is() -> None:
    """The same object, and one request."""
    answer = Response(500)
    chain = Chain(answer)
    assert answer is await Retry()(Request("GET", "/"), chain)
    assert 1 == len(chain.seen)


async def test_a_repetition_says_what_it_repeats() -> None:
    """Every one names the request of the caller, not the one before."""
    chain = Chain(refused(), Response(401, verdict="again"), refused(), ok())
    request = Request("POST", "/", body=b"{}")
    assert 200 == (await Retry()(request, chain)).status
    assert [None, request, request, request] == [each.resent for each in chain.seen]
    assert [b"{}"] * 4 == [each.body for each in chain.seen]


async def test_the_last_answer_is_the_answer() -> None:
    """Without the verdict: nobody above has to know."""
    chain = Chain(*[refused() for _ in range(11)])
    response = await Retry()(Request("GET", "/"), chain)
    assert (429, b"x", None, 11) == (response.status, response.body, response.verdict, len(chain.seen))


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
    """A 401 is no reason to wait; and an error of a layer that has an answer keeps it."""
    kept = RateLimited("x", status=429, response=ok())
    for answers, error in ((Response(401, verdict="again"), RateLimited("x", status=429)), (refused(), kept)):
        chain = Chain(answers)
        chain.error = error
        before = error.response
        with pytest.raises(RateLimited, match=r"^x$") as caught:
            await Retry()(Request("GET", "/"), chain)
        assert before is caught.value.response


async def test_the_last_429_is_the_one_that_is_told() -> None:
    """Not the first."""
    first, last = refused(), Response(429, Headers(), b"last", verdict="again")
    chain = Chain(first, last)
    chain.error = RateLimited("GET / was not sent again: why. What to do.", status=429)
    with pytest.raises(RateLimited, match=r"^GET / was answered 429\. It was not sent again: why\. What") as caught:
        await Retry()(Request("GET", "/"), chain)
    assert last is caught.value.response
