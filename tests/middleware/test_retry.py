"""Which answers are worth another try, and how often (rows F50 and F51)."""

from __future__ import annotations

import pytest

from clio_async.errors import RateLimited
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.retry import Retry
from clio_async.protocol.retry import may_resend
from tests.origin import Wire, client, ok


def refused() -> Response:
    return Response(429, Headers({"Retry-After": "0"}), b"x", verdict="again")


class Chain:
    """Answer with these, one after the other."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.seen: list[Request] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request)
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
