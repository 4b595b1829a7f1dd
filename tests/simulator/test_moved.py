"""Practice areas under one of two paths, the other of which leads there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clio_async.messages import Headers, Request
from clio_async.testing import Simulator
from clio_async.testing.simulator import Regime

from .caller import ORIGIN, caller

HERE, MOVED = "/practice_areas", "/practice_areas_with_categories"
PATHS: list[tuple[Any, str, str]] = [("here", HERE, MOVED), ("moved", MOVED, HERE)]


@pytest.mark.parametrize(("regime", "serves", "leads"), PATHS)
@pytest.mark.parametrize("rest", ["", ".json", "/3", "/3.json?fields=id,name", "?limit=1", "/999", "/3/unknown"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_one_path_leads_to_the_other(regime: Any, serves: str, leads: str, rest: str, method: str) -> None:
    """307 to any method, with the rest of the URL, and nothing done; the quota is spent, and the version said."""
    asks = caller(Regime(practice_areas=regime, rate_limit=(50, 60.0)))
    before = asks.simulator.record("practice_areas", 3)
    response = asks.ask(method, f"{leads}{rest}", {"data": {"name": "x"}})
    assert (307, f"{ORIGIN}/api/v4{serves}{rest}", b"") == (
        response.status,
        response.headers["location"],
        response.body,
    )
    assert ("49", "4.0.13") == (response.headers["x-ratelimit-remaining"], response.headers["x-api-version"])
    assert before == asks.simulator.record("practice_areas", 3)
    assert 307 != asks.ask(method, f"{serves}{rest}", {"data": {"name": "x"}}).status


@pytest.mark.parametrize(("regime", "serves", "leads"), PATHS)
def test_the_one_that_serves_does_all_that_is_documented(regime: Any, serves: str, leads: str) -> None:
    """Reads, pages whose links stay there, conditions and writes."""
    asks = caller(Regime(practice_areas=regime))
    plain = caller()
    assert plain.data(f"{HERE}/3.json") == asks.data(f"{serves}/3.json")
    assert plain.walk(f"{HERE}.json?limit=2&order=id(asc)") == asks.walk(f"{serves}.json?limit=2&order=id(asc)")
    page = json.loads(asks.get(f"{serves}.json?limit=2").body)
    assert f"{ORIGIN}/api/v4{serves}.json" == page["meta"]["paging"]["next"].partition("?")[0]
    tag = asks.get(f"{serves}/3").headers["etag"]
    assert 304 == asks.get(f"{serves}/3", if_none_match=tag).status
    made = json.loads(asks.post(f"{serves}.json", {"name": "Wills"}).body)["data"]
    assert 412 == asks.patch(f"{serves}/{made['id']}", {"name": "x"}, if_match='"other"').status
    assert 200 == asks.patch(f"{serves}/{made['id']}", {"name": "x"}).status
    assert 204 == asks.delete(f"{serves}/{made['id']}").status
    assert 404 == asks.get(f"{serves}/{made['id']}").status


@pytest.mark.parametrize("path", ["/practice_areas_too", "/practice_areasx/3", "/matters/3", "/x/practice_areas", "/"])
@pytest.mark.parametrize("regime", ["here", "moved"])
def test_nothing_else_is_led_away(regime: Any, path: str) -> None:
    """What is no practice area is answered where it is."""
    assert 307 != caller(Regime(practice_areas=regime), matters=5).get(path).status


def test_who_may_not_ask_is_not_led_away() -> None:
    """A token that is none, and a version that is not served, come first."""
    asks = caller(Regime(practice_areas="moved"))
    assert 410 == asks.get(HERE, x_api_version="4.0.4").status
    asks.simulator.expire(asks.token)
    assert 401 == asks.get(HERE).status


@pytest.mark.parametrize("prefix", ["", "/clio/api"])
def test_a_simulator_elsewhere_leads_within_its_own_prefix(prefix: str) -> None:
    """Wherever the API begins."""
    simulator = Simulator(regime=Regime(practice_areas="moved"), prefix=prefix)
    headers = Headers({"Authorization": f"Bearer {simulator.token()}"})
    first = simulator.answer(Request("GET", f"http://localhost:81{prefix}{HERE}/3", headers))
    assert f"http://localhost:81{prefix}{MOVED}/3" == first.headers["location"]
    assert 200 == simulator.answer(Request("GET", first.headers["location"], headers)).status
    outside = simulator.answer(Request("GET", f"http://localhost:81/elsewhere{HERE}/3", headers))
    assert 404 == outside.status
