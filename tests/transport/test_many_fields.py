"""Heads that hold too much, or one thing twice (F12)."""

from __future__ import annotations

import random

import pytest

from clio_async import Clio, ClioError, ResponseBroken, RetryPolicy
from clio_async.messages import Request
from clio_async.testing.wire import Answer, serve
from tests.faults.loopback import TRANSPORTS, lab, reply, transport

BODY = b'{"data":{"id":1}}'


def head(*fields: tuple[str, str], status: str = "200 OK") -> Answer:
    return Answer(reply(status, BODY, ("Content-Type", "application/json"), *fields))


@TRANSPORTS
@pytest.mark.parametrize(
    "fields",
    [[(f"X-{number}", "y" * 10) for number in range(50_000)], [("X", "y" * 600_000)], [("X" * 600_000, "y")]],
    ids=["many", "a long value", "a long name"],
)
async def test_a_head_of_half_a_megabyte_is_no_answer(kind: str, fields: list[tuple[str, str]]) -> None:
    """F12: it is refused, typed; and the next answer, of another connection, is read."""
    answers = [head(*fields), head()]
    async with serve(lambda _: answers.pop(0)) as server, transport(kind) as wire:
        with pytest.raises(ResponseBroken):
            await wire.send(Request("GET", server.url))
        assert BODY == (await wire.send(Request("GET", server.url))).body


ODD = (
    ("ETag", '"a"'), ("ETag", '"b"'), ("ETag", ""), ("ETag", "W/"), ("Retry-After", "0"), ("Retry-After", "soon"),
    ("Retry-After", "-1"), ("Last-Modified", "yesterday"), ("Date", "0"), ("X-RateLimit-Limit", "many"),
    ("X-RateLimit-Remaining", "-5"), ("X-RateLimit-Remaining", "9" * 40), ("X-RateLimit-Reset", "inf"),
    ("X-API-VERSION", "4"), ("X-API-VERSION", "?"), ("Age", "x"), ("Cache-Control", 'no-store="'), ("Vary", "*"),
    ("Content-Type", "text/plain"), ("Content-Encoding", "identity"), ("Set-Cookie", "a=b"), ("Location", "//evil"),
    ("Link", "<"), ("X-Request-Id", "\xe9" * 300), ("Connection", "x"), ("Warning", "299"),
)  # fmt: skip


@TRANSPORTS
@pytest.mark.filterwarnings("ignore::clio_async.ClioWarning")
async def test_fields_that_contradict_each_other_end_typed(kind: str) -> None:
    """F12: any of them, once or twice, in any order, with any status: an answer, or an error of ours."""
    dice = random.Random(12)
    statuses = ("200 OK", "200 OK", "304 Not Modified", "412 Precondition Failed", "429 Wait", "503 Busy", "410 Gone")

    def answer(_: object) -> Answer:
        return head(*dice.choices(ODD, k=dice.randrange(8)), status=dice.choice(statuses))

    ends = {"answered": 0, "failed": 0}
    policy = RetryPolicy(attempts=2, first_pause=0.0, longest_pause=0.0)
    async with lab(kind, answer, retry=policy, api_version=None) as (clio, _):
        for number in range(600):
            user: Clio = clio.with_auth(f"token-{number // 3}").options(max_wait=0.0)  # three calls on one quota
            try:
                await user.request("GET", "/matters/1")
                ends["answered"] += 1
            except ClioError:
                ends["failed"] += 1
    assert min(ends.values()) >= 100
