"""Rate limits in every form that Clio's might have."""

from __future__ import annotations

import base64
import json
import math
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.messages import Response
from clio_async.testing.simulator import Regime

from .caller import Caller, caller

FIRST = Regime(rate_limit=(2, 60.0), rate_window="first")


def exhausted(regime: Regime, limit: int = 1) -> tuple[Caller, Response]:
    """Use up a window; give the caller and the answer to one request more."""
    asks = caller(evolve(regime, rate_limit=(limit, 60.0)))
    for _ in range(limit):
        assert 200 == asks.get("/matters/1.json").status
    return asks, asks.patch("/matters/1.json", {"description": "beyond"})


@pytest.mark.parametrize(("form", "status"), [("wrapped", 429), ("wrapped-200", 200)])
def test_a_gateway_may_wrap_the_refusal(form: Any, status: int) -> None:
    """The error is there in base64, whatever the status says; nothing was written, and nothing is left."""
    asks, answer = exhausted(Regime(limited_body=form, error_body="html"))
    assert status == answer.status
    body = json.loads(answer.body)
    assert {"metadata": {"encodingDecoded": "text/plain"}, "data": body["data"]} == body
    inner = json.loads(base64.b64decode(body["data"], validate=True))
    assert "RateLimited" == inner["error"]["type"]
    assert "beyond" != asks.simulator.record("matters", 1)["description"]
    assert "0" == answer.headers["x-ratelimit-remaining"]
    asks.simulator.clock.advance(int(answer.headers["retry-after"]))
    assert 200 == asks.patch("/matters/1.json", {"description": "beyond"}).status


def test_what_a_gateway_wraps_is_the_limit_alone() -> None:
    """Other refusals and successes are as ever."""
    for form in ("wrapped", "wrapped-200"):
        asks = caller(Regime(limited_body=form))  # type: ignore[arg-type]
        assert b'{"data":{"id":1' == asks.get("/matters/1.json").body[:15]
        assert "NotFoundError" == json.loads(asks.get("/matters/999.json").body)["error"]["type"]


@pytest.mark.parametrize("kind", ["fixed", "sliding", "first"])
def test_the_end_of_a_window_in_each_rounding(kind: Any) -> None:
    """Up, so that it is over then; down, so that it may not be; or not told at all, with the wait told still."""
    told: dict[str, str | None] = {}
    for form in ("ceil", "floor", "absent"):
        asks = caller(Regime(rate_limit=(1, 60.25), rate_window=kind, rate_reset=form))
        asks.simulator.clock.advance(7.5)
        told[form] = asks.get("/matters/1.json").headers.get("x-ratelimit-reset")
        refused = asks.get("/matters/1.json")
        assert told[form] == refused.headers.get("x-ratelimit-reset")
        assert {"retry-after", "x-ratelimit-limit", "x-ratelimit-remaining"} < {
            name.lower() for name in refused.headers
        }
        asks.simulator.clock.advance(int(refused.headers["retry-after"]))
        assert 200 == asks.get("/matters/1.json").status
    assert told["absent"] is None
    assert 1 == int(told["ceil"] or 0) - int(told["floor"] or 0)


def test_a_window_may_begin_with_the_first_request() -> None:
    """Nothing counts before it, and the next window begins with the first request after its end."""
    asks = caller(FIRST)
    asks.simulator.clock.advance(59)
    now = asks.simulator.clock.now()
    first = asks.get("/matters/1.json")
    assert str(math.ceil(now + 60)) == first.headers["x-ratelimit-reset"]
    asks.simulator.clock.advance(59)
    assert [200, 429] == [asks.get("/matters/1.json").status for _ in range(2)]
    asks.simulator.clock.advance(1 + 30)
    assert "1" == asks.get("/matters/1.json").headers["x-ratelimit-remaining"]
    asks.simulator.clock.advance(59.5)
    assert [200, 429] == [asks.get("/matters/1.json").status for _ in range(2)]
    asks.simulator.clock.advance(0.5)
    assert [200, 200, 429] == [asks.get("/matters/1.json").status for _ in range(3)]


def test_a_window_that_has_not_begun_would_end_a_window_from_now() -> None:
    """Where a refused request costs nothing, nothing begins with it."""
    asks = caller(evolve(FIRST, quota_4xx=False))
    for _ in range(2):
        asks.simulator.clock.advance(30)
        answer = asks.get("/matters/999.json")
        assert "2" == answer.headers["x-ratelimit-remaining"]
        assert str(int(asks.simulator.clock.now()) + 60) == answer.headers["x-ratelimit-reset"]


@given(limit=st.integers(1, 4), pauses=st.lists(st.floats(0, 50), max_size=40))
@settings(max_examples=100, deadline=None)
def test_windows_that_begin_with_a_request_follow_their_law(limit: int, pauses: list[float]) -> None:
    """Against a model: a request passes exactly if fewer than the limit passed since the window began."""
    asks = caller(evolve(FIRST, rate_limit=(limit, 60.0)))
    began, used = -math.inf, 0
    for pause in pauses:
        asks.simulator.clock.advance(pause)
        now = asks.simulator.clock.now()
        if now >= began + 60:
            began, used = now, 0
        passes = used < limit
        used += passes
        answer = asks.get("/matters/1.json")
        assert (200 if passes else 429) == answer.status
        assert str(limit - used) == answer.headers["x-ratelimit-remaining"]
        assert str(math.ceil(began + 60)) == answer.headers["x-ratelimit-reset"]


@pytest.mark.parametrize("skew", [90.0, -90.0, 0.25, 0.0])
def test_clio_may_have_a_clock_of_its_own(skew: float) -> None:
    """Every moment that is told is by that clock; a wait in seconds is as long as ever, and so is a sliding window."""
    asks, answer = exhausted(Regime(rate_window="sliding", retry_after="date", clock_skew=skew))
    theirs = asks.simulator.clock.now() + skew
    assert math.floor(theirs) == parsedate_to_datetime(answer.headers["date"]).timestamp()
    assert math.ceil(theirs + 60) == int(answer.headers["x-ratelimit-reset"])
    assert math.ceil(theirs) + 60 == parsedate_to_datetime(answer.headers["retry-after"]).timestamp()
    asks.simulator.clock.advance(60)
    written = asks.patch("/matters/1.json", {"description": "x"})
    assert 200 == written.status
    assert math.floor(theirs + 60) == parsedate_to_datetime(written.headers["last-modified"]).timestamp()
    asks.simulator.clock.advance(60)
    asks.simulator.change("matters", 2, description="by somebody else")
    modified = asks.get("/matters/2.json").headers["last-modified"]
    assert math.floor(theirs + 120) == parsedate_to_datetime(modified).timestamp()
