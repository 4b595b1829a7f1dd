"""Who may do what: tokens, permissions, versions, limits, redaction."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.messages import Headers, Request
from clio_async.testing import Clock, Regime, Simulator
from clio_async.testing.simulator.tokens import fingerprint

from .caller import Caller, caller, error

# -- tokens -------------------------------------------------------------------------------------------------------


def unauthorized(simulator: Simulator, url: str = "https://app.clio.com", **headers: str) -> str:
    response = simulator.answer(Request("GET", f"{url}/api/v4/matters/1.json", Headers(headers)))
    assert 401 == response.status
    body = json.loads(response.body)
    assert "invalid_token" == body["error"]
    assert response.headers["www-authenticate"].startswith("Bearer")
    return body["error_description"]


def test_401_has_the_shape_of_oauth() -> None:
    """Without a valid token `error` is a string; nothing else of the request is looked at."""
    simulator = Simulator()
    token = simulator.token()
    for headers in (
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": token},
        {"authorization": f"Basic {token}"},
    ):
        assert "invalid" in unauthorized(simulator, **headers)
    simulator.expire(token)
    assert "expired" in unauthorized(simulator, authorization=f"Bearer {token}")
    simulator.token(text=token)
    assert (
        200
        == simulator.answer(
            Request("GET", "https://x/api/v4/matters/1", Headers({"authorization": f"bearer {token}"}))
        ).status
    )


def test_the_hosts_of_all_regions_lead_to_the_same_firms() -> None:
    """A token that was made for a region works at its host, and at no other; what it reads is one firm for all."""
    simulator = Simulator(region="ca")
    hosts = {"us": "app.clio.com", "eu": "eu.app.clio.com", "ca": "localhost"}
    seen: set[bytes] = set()
    for region in hosts:
        token = simulator.token(region=None if region == "ca" else region)
        for other, host in hosts.items():
            url = f"https://{host}/api/v4/matters/1.json?fields=etag"
            answer = simulator.answer(Request("GET", url, Headers({"authorization": f"Bearer {token}"})))
            assert (200 if region == other else 401) == answer.status
            seen |= {answer.body} if region == other else set()
    assert 1 == len(seen)


def test_time_stands_still_or_runs() -> None:
    """By default a window of quota ends when the clock is told to go on; with a clock that runs, by itself."""
    seconds = [1_000.0]
    for clock in (None, Clock(lambda: seconds[0])):
        asks = caller(Regime(rate_limit=(1, 60.0)), clock=clock)
        assert [200, 429] == [asks.get("/matters/1.json").status for _ in range(2)]
        seconds[0] += 61
        assert (200 if clock else 429) == asks.get("/matters/1.json").status
        asks.simulator.clock.advance(61)
        assert 200 == asks.get("/matters/1.json").status


def test_a_token_is_of_one_region() -> None:
    """A token of another region, or at the host of another one, is invalid."""
    simulator = Simulator()
    assert "invalid" in unauthorized(simulator, authorization=f"Bearer {simulator.token(region='eu')}")
    token = simulator.token()
    assert "invalid" in unauthorized(simulator, "https://eu.app.clio.com", authorization=f"Bearer {token}")
    assert 200 == Caller(simulator).get("/matters/1.json").status


def test_tokens_speak_for_accounts_and_users() -> None:
    """Two accounts are two firms; two users are two persons in one."""
    simulator = Simulator()
    one, colleague, other = Caller(simulator), Caller(simulator, user=2), Caller(simulator, account=2)
    assert [1, 2, 1] == [asks.data("/users/who_am_i.json")["id"] for asks in (one, colleague, other)]
    other.patch("/matters/1.json", {"description": "ours"})
    assert "ours" == other.data("/matters/1.json?fields=description")["description"]
    assert "ours" != one.data("/matters/1.json?fields=description")["description"]
    assert one.data("/matters/1.json") == colleague.data("/matters/1.json")
    assert (404, "NotFoundError") == error(Caller(simulator, user=99).get("/users/who_am_i.json"))[:2]


def test_permissions_are_for_areas() -> None:
    """An area that the token does not have is 403, also for what rides along; `:read` does not write."""
    simulator = Simulator()
    asks = Caller(simulator, permissions={"matters", "contacts:read"})
    assert [200, 200, 200] == [asks.get(path).status for path in ("/matters.json", "/notes/1.json", "/contacts/1.json")]
    assert 200 == asks.patch("/matters/1.json", {}).status
    forbidden = [
        asks.patch("/contacts/1.json", {}),
        asks.get("/users/who_am_i.json"),
        asks.get("/bills.json"),
        asks.delete("/contacts/1.json"),
    ]
    for response in forbidden:
        assert (403, "ForbiddenError", "User is forbidden from taking that action") == error(response)


def test_no_secret_stands_in_the_log() -> None:
    """Of a token there is a fingerprint."""
    asks = caller()
    asks.get("/matters/1.json?fields=id", if_none_match='"x"')
    (entry,) = asks.simulator.entries()
    assert asks.token not in json.dumps(entry.as_dict())
    assert fingerprint(asks.token) == entry.token
    assert ("GET", "/api/v4/matters/1.json", "fields=id", 200) == (entry.method, entry.path, entry.query, entry.status)
    assert {"if-none-match": '"x"'} == entry.headers
    assert [] == asks.simulator.entries(after=entry.index)


def test_the_log_is_bounded_and_its_counts_are_not() -> None:
    """The oldest entries make room; the sums stay."""
    asks = caller(log_size=3)
    sizes = [len(asks.get("/matters/1.json").body) for _ in range(5)]
    assert [2, 3, 4] == [entry.index for entry in asks.simulator.entries()]
    stats = asks.simulator.stats()
    assert (5, sum(sizes), {"200": 5}, {"GET": 5}) == (
        stats["requests"], stats["bytes_out"], stats["statuses"], stats["methods"],
    )  # fmt: skip


# -- paths --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("OPTIONS", "/matters.json"), ("PUT", "/matters/1.json"), ("GET", "/nonsense.json"), ("GET", "/matters/x.json"),
        ("GET", "/matters/0.json"), ("GET", "/matters/-1.json"), ("GET", "/matters/٣"), ("POST", "/matters/1.json"),
        ("GET", "/matters/" + "9" * 5_000), ("GET", "/"), ("HEAD", "/matters/1"), ("GET", "/contacts/x/phone_numbers"),
        ("GET", "/contacts/999/email_addresses.json"), ("GET", "/matters/999/client.json"), ("DELETE", "/users/1.json"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(method: str, path: str) -> None:
    """Unknown paths, methods and ids are all NotFoundError; OPTIONS is no exception."""
    assert (404, "NotFoundError", "Not Found") == error(caller().ask(method, path))


def test_the_api_begins_at_its_prefix() -> None:
    """Other paths are not found."""
    asks = caller()
    for path in ("/matters/1.json", "/api/v3/matters/1.json", "/api/v4matters/1.json", "/"):
        request = Request("GET", f"https://app.clio.com{path}", Headers({"authorization": f"Bearer {asks.token}"}))
        assert 404 == asks.simulator.answer(request).status


def test_nested_records_are_those_of_their_parent() -> None:
    """The client of a matter is its client, and the first of its contacts."""
    asks = caller()
    client = asks.data("/matters/1.json?fields=client{id}")["client"]
    assert client == asks.data("/matters/1/client.json?fields=id")
    contacts = asks.data("/matters/1/contacts.json?fields=id,is_client")
    assert {**client, "is_client": True} in contacts
    assert 404 == caller(contacts=0).get("/matters/1/client.json").status


# -- versions -----------------------------------------------------------------------------------------------------


def test_the_version_is_echoed() -> None:
    """With the asked one, without one the default; on lists, 304 and refusals as well."""
    asks = caller()
    assert "4.0.13" == asks.get("/matters/1.json").headers["x-api-version"]
    for response in (
        asks.get("/matters.json", x_api_version="4.0.9"),
        asks.get("/matters/1.json", x_api_version="4.0.9", if_none_match="*"),
        asks.get("/matters/999.json", x_api_version="4.0.9"),
    ):
        assert "4.0.9" == response.headers["x-api-version"]


@pytest.mark.parametrize("version", ["4.0.5", "4.0.99", "4", "", "nonsense", "4.0.13.0"])
def test_an_invalid_or_retired_version_is_410(version: str) -> None:
    """Nothing is read, written, or echoed."""
    asks = caller()
    before = asks.simulator.record("matters", 1)
    for response in (
        asks.get("/matters/1.json", x_api_version=version),
        asks.patch("/matters/1.json", {"description": "x"}, x_api_version=version),
        asks.get("/nonsense.json", x_api_version=version),
    ):
        assert (410, "GoneError") == error(response)[:2]
        assert "x-api-version" not in response.headers
    assert before == asks.simulator.record("matters", 1)


def test_versions_come_and_go() -> None:
    """A release moves the default; a retired version is gone at once."""
    asks = caller()
    assert 410 == asks.get("/matters/1.json", x_api_version="4.0.14").status
    asks.simulator.release("4.0.14", default=False)
    assert "4.0.14" == asks.get("/matters/1.json", x_api_version="4.0.14").headers["x-api-version"]
    assert "4.0.13" == asks.get("/matters/1.json").headers["x-api-version"]
    asks.simulator.release("4.0.15")
    assert "4.0.15" == asks.get("/matters/1.json").headers["x-api-version"]
    asks.simulator.retire("4.0.13")
    assert 410 == asks.get("/matters/1.json", x_api_version="4.0.13").status
    assert "4.0.12" == caller(Regime(answered_version="4.0.12")).get("/matters/1.json").headers["x-api-version"]


@pytest.mark.parametrize(
    ("form", "begins"),
    [("envelope", b'{"error":{"type"'), ("oauth", b'{"error":"'), ("html", b"<!DOCTYPE html>"), ("empty", b"")],
)
def test_the_body_of_a_410(form: Any, begins: bytes) -> None:
    """Any of the shapes it might have."""
    response = caller(Regime(gone_body=form)).get("/matters/1.json", x_api_version="4.0.1")
    assert 410 == response.status
    assert response.body.startswith(begins)
    assert bool(response.body) == bool(begins)


# -- rate limits --------------------------------------------------------------------------------------------------


def test_a_window_is_used_up_and_comes_back() -> None:
    """The headers count down, 429 says how long to wait, and after that there is a new window."""
    asks = caller(Regime(rate_limit=(3, 60.0)))
    remaining = [asks.get("/matters/1.json").headers["x-ratelimit-remaining"] for _ in range(3)]
    assert ["2", "1", "0"] == remaining
    refused = asks.patch("/matters/1.json", {"description": "x"})
    assert (429, "RateLimited") == error(refused)[:2]
    assert ("3", "0") == (refused.headers["x-ratelimit-limit"], refused.headers["x-ratelimit-remaining"])
    assert "x" != asks.simulator.record("matters", 1)["description"]
    wait = int(refused.headers["retry-after"])
    now = asks.simulator.clock.now()
    assert now < int(refused.headers["x-ratelimit-reset"]) <= now + 60
    asks.simulator.clock.advance(wait)
    assert 200 == asks.get("/matters/1.json").status


def test_each_token_has_a_window_of_its_own() -> None:
    """Two tokens of one user do not share quota."""
    simulator = Simulator(regime=Regime(rate_limit=(1, 60.0)))
    one, other = Caller(simulator), Caller(simulator)
    assert [200, 429, 200] == [
        one.get("/matters/1").status,
        one.get("/matters/1").status,
        other.get("/matters/1").status,
    ]


@given(
    limit=st.integers(1, 5), seconds=st.floats(1, 120), kind=st.sampled_from(["fixed", "sliding"]),
    pauses=st.lists(st.floats(0, 50), max_size=40),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_no_window_lets_more_through(limit: int, seconds: float, kind: Any, pauses: list[float]) -> None:
    """Sliding: never more than the limit within its length. Fixed: never more between resets. The wait suffices."""
    asks = caller(Regime(rate_limit=(limit, seconds), rate_window=kind))
    clock = asks.simulator.clock
    passed: list[float] = []
    for pause in pauses:
        clock.advance(pause)
        response = asks.get("/matters/1.json")
        if response.status == 200:
            passed.append(clock.now())
            continue
        clock.advance(int(response.headers["retry-after"]))
        assert 200 == asks.get("/matters/1.json").status
        passed.append(clock.now())
    for now in passed:
        windowed = [
            then
            for then in passed
            if (now - seconds < then <= now if kind == "sliding" else then // seconds == now // seconds)
        ]
        assert len(windowed) <= limit


def test_what_costs_quota() -> None:
    """304 and 4xx do, or do not."""
    for costs in (True, False):
        asks = caller(Regime(rate_limit=(50, 60.0), quota_304=costs, quota_4xx=costs))
        asks.get("/matters/1.json", if_none_match="*")
        asks.get("/matters/999.json")
        expected = "47" if costs else "49"
        assert expected == asks.get("/matters/1.json").headers["x-ratelimit-remaining"]


def test_retry_after_in_each_form() -> None:
    """Seconds, a date that is late enough, or nothing."""
    for form in ("seconds", "date", "absent"):
        asks = caller(Regime(rate_limit=(1, 60.0), retry_after=form))
        asks.get("/matters/1")
        headers = asks.get("/matters/1").headers
        if form == "absent":
            assert "retry-after" not in headers
        elif form == "date":
            assert parsedate_to_datetime(headers["retry-after"]).timestamp() >= int(headers["x-ratelimit-reset"])
        else:
            assert 0 < int(headers["retry-after"]) <= 60


def test_without_a_limit_there_are_no_such_headers() -> None:
    """Nothing is counted then."""
    assert not [name for name in caller().get("/matters/1").headers if "ratelimit" in name]


@pytest.mark.parametrize("form", ["html", "empty"])
def test_error_bodies_in_other_shapes(form: Any) -> None:
    """412, 422 and 429 need not have Clio's envelope; 400 and 404 keep it."""
    asks = caller(Regime(error_body=form, rate_limit=(4, 60.0)))
    answers = [
        asks.patch("/matters/1.json", {}, if_match='"x"'), asks.get("/matters.json?limit=0"),
        asks.get("/matters.json?fields=x"), asks.get("/matters/999"), asks.get("/matters/1"),
    ]  # fmt: skip
    assert [412, 422, 400, 404, 429] == [answer.status for answer in answers]
    for answer in (answers[0], answers[1], answers[4]):
        assert answer.body[:1] == (b"<" if form == "html" else b"")
    assert {400, 404} == {error(answer)[0] for answer in answers[2:4]}


# -- redaction ----------------------------------------------------------------------------------------------------


def test_a_hidden_record_is_redacted_where_it_is_an_association() -> None:
    """Only id and `redacted` are left, without being asked for; other users see it whole; the tag is the same."""
    simulator = Simulator()
    one, other = Caller(simulator), Caller(simulator, user=2)
    path = "/matters/1.json?fields=id,etag,client{id,name}"
    client = one.data(path)["client"]["id"]
    simulator.hide("contacts", client, user=2)
    assert {"id": client, "redacted": True} == other.data(path)["client"]
    assert "name" in one.data(path)["client"]
    assert one.data(path)["etag"] == other.data(path)["etag"]
    simulator.hide("contacts", client, user=2, hidden=False)
    assert one.data(path) == other.data(path)


def test_a_hidden_matter_keeps_its_number() -> None:
    """`display_number` stays if it was asked for."""
    asks = caller()
    matter = asks.data("/tasks/1.json?fields=matter{id}")["matter"]["id"]
    asks.simulator.hide("matters", matter, user=1)
    shown = asks.data("/tasks/1.json?fields=matter{id,display_number,description}")["matter"]
    assert {"id", "display_number", "redacted"} == set(shown)
    assert {"id", "redacted"} == set(asks.data("/tasks/1.json?fields=matter{description}")["matter"])


@pytest.mark.parametrize(("status", "kind"), [(404, "NotFoundError"), (403, "ForbiddenError")])
def test_a_hidden_record_is_not_shown_itself(status: Any, kind: str) -> None:
    """It is missing in lists, and 404 or 403 by its id, for reads and writes."""
    asks = caller(Regime(hidden_status=status), contacts=10)
    asks.simulator.hide("contacts", 3, user=1)
    body = json.loads(asks.get("/contacts.json").body)
    assert [1, 2, 4, 5, 6, 7, 8, 9, 10] == [contact["id"] for contact in body["data"]]
    assert 9 == body["meta"]["records"]
    assert (status, kind) == error(asks.get("/contacts/3.json"))[:2]
    assert (status, kind) == error(asks.patch("/contacts/3.json", {"title": "x"}))[:2]


def test_a_hidden_calendar_entry_is_shown_without_its_values() -> None:
    """It stays in lists; all but id and etag is null, and `redacted` is true."""
    asks = caller()
    asks.simulator.hide("calendar_entries", 2, user=1)
    entry = asks.data("/calendar_entries.json?fields=id,etag,summary,matter{id}")[1]
    assert ("2", None, None, True) == (entry["id"], entry["summary"], entry["matter"], entry["redacted"])
    assert entry == asks.data("/calendar_entries/2.json?fields=id,etag,summary,matter{id}")
    assert 100 == json.loads(asks.get("/calendar_entries.json").body)["meta"]["records"]


# -- sizes --------------------------------------------------------------------------------------------------------


def test_a_gateway_may_refuse_a_long_url() -> None:
    """414 in HTML, before anything else is looked at."""
    asks = caller(Regime(max_url=2_000))
    long = asks.get("/matters.json?" + "&".join(f"ids[]={number}" for number in range(300)))
    assert (414, b"<") == (long.status, long.body[:1])
    assert 200 == asks.get("/matters.json?ids[]=1").status
