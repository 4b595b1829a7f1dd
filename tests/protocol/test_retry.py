"""What may be sent once more: a table, written down a second time (F3, F4, F14 to F19, F50)."""

from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import errors
from clio_async.messages import Headers, Request, Response
from clio_async.options import Options, RetryPolicy
from clio_async.protocol.retry import (
    LEAST,
    Missed,
    care_of,
    creates_nothing,
    ending_of,
    may_repeat,
    may_resend,
    missed,
    pause,
    told,
)

URL = "https://app.clio.com/api/v4/matters/42"

PRECONDITIONS = {
    "none": (),
    "strong": (("If-Match", '"1"'),),
    "twice the same": (("If-Match", '"1"'), ("if-match", '"1"')),
    "weak": (("If-Match", 'W/"1"'),),
    "any": (("If-Match", "*"),),
    "list": (("If-Match", '"1", "2"'),),
    "two": (("If-Match", '"1"'), ("If-Match", '"2"')),
    "unquoted": (("If-Match", "1"),),
    "a reader's": (("If-None-Match", '"1"'),),
}
HARMLESS = {
    "no body": None,
    "own attributes": b'{"data":{"description":"x","tags":["a","b"],"rate":1.5}}',
    "empty": b"{}",
    "no data": b'{"data":null}',
    "references": b'{"data":{"client":{"id":1},"responsible_attorney":{"id":null}}}',
    "items that are there": b'{"data":{"custom_field_values":[{"id":"text-1","value":"x"},{"id":2,"_destroy":true}]}}',
    "nested items": b'{"data":{"client":{"id":1,"addresses":[{"id":2,"city":"x"}]}}}',
    "beside data": b'{"data":{"name":"x"},"options":{"id":7},"all":[1,[2]]}',
}
NO_IDS = ('""', '" "', "0", "-1", "false", "true", "1.5", "[]")
CREATING = {
    "a new item": b'{"data":{"custom_field_values":[{"custom_field":{"id":1},"value":"x"}]}}',
    "an item without an id yet": b'{"data":{"addresses":[{"id":null,"city":"x"}]}}',
    "an item that is nothing": b'{"data":{"addresses":[{"id":null}]}}',
    **{f"an item with {value} for an id": b'{"data":{"x":[{"id":%s,"a":1}]}}' % value.encode() for value in NO_IDS},
    "an empty item": b'{"data":{"addresses":[{}]}}',
    "an item among others": b'{"data":{"addresses":[{"id":1},{"city":"x"}]}}',
    "an item in a list in a list": b'{"data":{"grid":[[{"id":1}],[{"city":"x"}]]}}',
    "an item of a record": b'{"data":{"client":{"id":1,"addresses":[{"city":"x"}]}}}',
    "a new record": b'{"data":{"client":{"name":"x"}}}',
    "a new record with a null id": b'{"data":{"client":{"id":null,"name":"x"}}}',
    "an id that is a new record": b'{"data":{"client":{"id":{"name":"x"}}}}',
    "data in a list": b'{"data":[{"name":"x"}]}',
    "a record beside data": b'{"data":{"id":1},"more":{"name":"x"}}',
    "no object": b'[{"id":1}]',
    "a word": b'"x"',
    "no JSON": b"name=x",
    "nothing": b"",
    "no UTF-8": b'{"data":{"name":"\xff"}}',
    "too deep": b'{"data":' + b"[" * 100_000,
    "too deep to look through": b'{"data":' + b"[" * 900 + b"]" * 900 + b"}",
}
BODIES = {**HARMLESS, **CREATING}
METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE", "get")

NOT_SENT = (errors.NotSent("x"), errors.NotSentTimeout("x"))
GATEWAYS = (502, 503, 504)
OTHERS = (100, 200, 204, 301, 304, 400, 401, 404, 409, 410, 412, 422, 429, 499, 500, 501, 505, 511, 599)
LOST = (errors.MaybeSent("x"), errors.MaybeSentTimeout("x"), errors.ResponseBroken("x"), errors.ResponseTimeout("x"))
FINAL = (
    errors.ResponseTooLarge("x", status=502),
    errors.ResponseTooLarge("x"),
    errors.TransportError("x"),
    errors.DecodeError("x"),
    errors.RateLimited("x", status=429),
    errors.AuthError("x"),
    errors.ClientClosed("x"),
    *[Response(status) for status in OTHERS],
)


def repeated(method: str, precondition: str, body: str, vouched: bool, machine: bool, came: object) -> bool:
    """The table, in other words than the code has it: who may do what again after what."""
    if came in NOT_SENT:
        return True
    if came in FINAL:
        return False
    reads = method in ("GET", "HEAD", "OPTIONS")
    status = getattr(came, "status", None)
    if came not in LOST and status not in GATEWAYS:  # a broken answer with a status of its own
        return reads
    if reads or (method, machine) == ("DELETE", False):
        return True
    if body in CREATING:
        return False
    if method == "PATCH" and precondition in ("strong", "twice the same"):
        return True
    return vouched and method in ("PUT", "PATCH", "DELETE")


CAME = (
    *NOT_SENT,
    *LOST,
    *FINAL,
    *[Response(status) for status in GATEWAYS],
    *[errors.ResponseBroken("x", status=status) for status in (*GATEWAYS, *OTHERS)],
    errors.ResponseTimeout("x", status=200),
)


@pytest.mark.parametrize("method", METHODS)
def test_the_table_is_this_table(method: str) -> None:
    """Every method, precondition and body, vouched for or not, after every end of an attempt: F3, F4, F16 to F19."""
    rows = 0
    for precondition, (body, content), vouched, machine in product(
        PRECONDITIONS, BODIES.items(), (False, True), (False, True)
    ):
        request = Request(
            method, URL, Headers(PRECONDITIONS[precondition]), content, options=Options(idempotent=vouched)
        )
        care = care_of(request, moves_states=machine)
        for came in CAME:
            rows += 1
            expected = repeated(method, precondition, body, vouched, machine, came)
            assert expected == may_repeat(ending_of(came), care), (method, precondition, body, vouched, machine, came)
    assert len(PRECONDITIONS) * len(BODIES) * 4 * len(CAME) == rows


def test_a_request_without_options_is_not_vouched_for() -> None:
    """Nobody said so."""
    assert "once" == care_of(Request("PUT", URL), moves_states=False)


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS)
def test_what_names_only_what_is_there_creates_nothing(body: bytes | None) -> None:
    """A second time, it changes nothing more."""
    assert creates_nothing(body)


@pytest.mark.parametrize("body", CREATING.values(), ids=CREATING)
def test_what_may_create_is_not_taken_for_harmless(body: bytes) -> None:
    """In doubt it creates; and no body makes the check fail."""
    assert not creates_nothing(body)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
NAMED = st.fixed_dictionaries({"id": st.integers(1)})
THERE = st.recursive(
    st.one_of(SCALARS, NAMED, st.just({"id": None})),
    lambda inner: st.one_of(
        st.lists(inner.filter(lambda item: item != {"id": None}), max_size=3),
        st.builds(
            lambda more, identity: {**more, "id": identity},
            st.dictionaries(st.text(max_size=3), inner, max_size=3),
            st.integers(1),
        ),
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=3), THERE, max_size=4), st.integers(0, 5), st.text(min_size=1, max_size=3))
def test_one_new_object_anywhere_is_found(attributes: dict[str, object], places: int, name: str) -> None:
    """A body of named records is harmless; with one nameless object anywhere in it, it is not."""
    body = {"data": attributes}
    assert creates_nothing(json.dumps(body).encode())
    new: object = {"value": 1}
    for place in range(places):
        new = [new] if place % 2 else {"id": 1, "inner": new}
    body["data"][f"new {name}"] = new
    assert not creates_nothing(json.dumps(body).encode())


@pytest.mark.parametrize(("status", "times"), [(401, 1), (429, 10), (200, 0), (503, 0)])
def test_a_request_is_repeated_so_often(status: int, times: int) -> None:
    """By what it was refused with."""
    assert [True] * times + [False] == [may_resend(status, count) for count in range(1, times + 2)]


NOW = 1_800_000_000.0
POLICY = RetryPolicy(attempts=9, first_pause=0.5, longest_pause=30.0)


def paused(times: int, came: Response | errors.ClioError, *, chance: float = 0.5) -> float | None:
    return pause(POLICY, times, came, chance=chance, now=NOW)


def test_a_pause_is_any_part_of_one_that_doubles() -> None:
    """F51: full jitter, up to the longest pause, however often, without an overflow."""
    lost = errors.MaybeSent("x")
    assert [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0] == [paused(times, lost) for times in range(1, 9)]
    assert (0.0, 15.0) == (paused(5, lost, chance=0.0), paused(10**9, lost))


def test_what_never_left_is_repeated_at_once_and_once() -> None:
    """F3: an idle connection that the server had closed costs no pause; a server that is down does. So does waiting."""
    assert [0.0, 0.5] == [paused(times, errors.NotSent("x")) for times in (1, 2)]
    assert 0.25 == paused(1, errors.NotSentTimeout("x"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("0", 0.25),
        ("5", 5.25),
        ("30", 30.0),
        ("31", None),
        ("999999999999999", None),
        ("9" * 400, None),
        ("Fri, 15 Jan 2027 08:00:10 GMT", 10.25),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.25),
        ("Fri, 15 Jan 2027 09:00:00 GMT", None),
        ("-5", 0.25),
        ("5.5", 0.25),
        ("inf", 0.25),
        ("nan", 0.25),
        ("\u0665", 0.25),
        ("", 0.25),
        ("soon", 0.25),
    ],
)
def test_a_server_that_asks_for_a_pause_gets_it_or_no_second_request(asked: str, expected: float | None) -> None:
    """F50: seconds in ASCII digits or an IMF-fixdate, with the jitter on top; never shorter, never above the cap."""
    assert expected == paused(1, Response(503, Headers({"Retry-After": asked})))


@given(
    st.integers(1, 100), st.floats(0, 1, exclude_max=True), st.floats(0, 1e9), st.floats(0, 1e9), st.integers(0, 10**9)
)
def test_no_pause_is_longer_than_the_longest_or_shorter_than_asked(
    times: int, chance: float, first: float, longest: float, asked: int
) -> None:
    """Whatever the policy."""
    policy = RetryPolicy(first_pause=first, longest_pause=longest)
    for came in (errors.MaybeSent("x"), Response(503, Headers({"Retry-After": str(asked)}))):
        seconds = pause(policy, times, came, chance=chance, now=NOW)
        least = asked if isinstance(came, Response) else 0
        assert least > longest if seconds is None else least <= seconds <= longest


@pytest.mark.parametrize(
    ("came", "rest", "longest"),
    [
        (Response(503), 0.0, 1.0),
        (Response(503, Headers({"Retry-After": "7"})), 7.0, 8.0),
        (errors.MaybeSent("x"), 0.0, 1.0),
        (errors.NotSent("x"), 0.0, 1.0),
        (errors.ResponseBroken("x", status=200), 0.0, 1.0),
    ],
    ids=repr,
)
def test_a_read_lacked_time_if_it_had_less_than_the_longest_pause(
    came: Response | errors.ClioError, rest: float, longest: float
) -> None:
    """And the least that an attempt takes: no call that had more was ended by its deadline."""
    assert Missed(rest, longest + LEAST) == missed(RetryPolicy(), came, longest, now=NOW)
    assert None is missed(RetryPolicy(), came, longest + LEAST, now=NOW)


@pytest.mark.parametrize(
    ("policy", "came"),
    [
        (None, Response(503)),
        (RetryPolicy(attempts=1), Response(503)),
        (RetryPolicy(), Response(503, Headers({"Retry-After": "31"}))),
        (RetryPolicy(), Response(404)),
        (RetryPolicy(), Response(429)),
        (RetryPolicy(), errors.ClientClosed("x")),
    ],
    ids=repr,
)
def test_time_is_not_what_is_missing_where_there_is_no_second_attempt(
    policy: RetryPolicy | None, came: Response | errors.ClioError
) -> None:
    """By the table, by the policy, or by the pause that the server asks for."""
    assert None is missed(policy, came, 0.0, now=NOW)


# -- what is told after a doubt ---------------------------------------------------------------------------------------

DOUBTS = (errors.MaybeSent("x"), errors.ResponseBroken("x"), errors.ResponseBroken("x", status=502), Response(503))


def said(method: str, came: object, doubt: object, *, machine: bool = False, version: str | None = None) -> object:
    request = Request(method, URL, Headers([] if version is None else [("X-API-VERSION", version)]))
    return told(request, came, doubt, moves_states=machine)  # type: ignore[arg-type]


@pytest.mark.parametrize("came", CAME, ids=repr)
def test_without_a_doubt_the_last_attempt_is_the_answer(came: object) -> None:
    """Untouched."""
    assert came is said("PATCH", came, None)


@pytest.mark.parametrize("doubt", DOUBTS, ids=repr)
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_after_a_doubt_only_success_is_the_truth(method: str, doubt: object) -> None:
    """F14: no refusal of a second attempt says what became of the first. F16: a success does."""
    for status in range(200, 300):
        came = Response(status)
        assert came is said(method, came, doubt)
    for status in range(300, 600):
        if (method, status) == ("DELETE", 404):
            continue
        answer = said(method, Response(status, body=b"x"), doubt, version="4.0.13")
        assert isinstance(answer, Response)
        assert (status, b"x", "ambiguous") == (answer.status, answer.body, answer.verdict)


@pytest.mark.parametrize("doubt", DOUBTS, ids=repr)
def test_a_record_that_is_away_was_deleted(doubt: object) -> None:
    """F19: 404 to the second DELETE is what the first one was for. A 410 may mean the version that was sent instead."""
    for status, machine, version, expected in (
        (404, False, "4.0.13", (204, "done")),
        (404, False, None, (204, "done")),
        (404, True, None, (404, "ambiguous")),
        (410, False, None, (204, "done")),
        (410, False, "4.0.13", (410, "ambiguous")),
        (410, True, None, (410, "ambiguous")),
    ):
        answer = said("DELETE", Response(status), doubt, machine=machine, version=version)
        assert isinstance(answer, Response)
        assert expected == (answer.status, answer.verdict)


HARMLESS_ENDS = (
    errors.NotSent("x"),
    errors.RateLimited("x", status=429),
    errors.AuthError("x"),
    errors.ClientClosed("x"),
    errors.ResponseBroken("x", status=412),
    errors.ResponseTooLarge("x", status=404),
    errors.ResponseTooLarge("x"),
)


@pytest.mark.parametrize("came", HARMLESS_ENDS, ids=repr)
def test_an_error_that_says_that_nothing_was_done_does_not_replace_a_doubt(came: errors.ClioError) -> None:
    """The earlier attempt may have been applied: that is what the caller has to know."""
    for doubt in DOUBTS:
        answer = said("PATCH", came, doubt)
        if isinstance(doubt, Response):
            assert isinstance(answer, Response)
            assert (503, "ambiguous") == (answer.status, answer.verdict)
        else:
            assert doubt is answer


def test_a_doubt_that_ends_with_the_time_is_a_timeout() -> None:
    """It says both: that the write may have been applied, and that the time was over."""
    for late in (errors.NotSentTimeout("x"), errors.ResponseTimeout("x", status=404)):
        assert isinstance(said("PATCH", late, DOUBTS[0]), errors.MaybeSentTimeout)
    newer = errors.MaybeSentTimeout("newer")
    assert newer is said("PATCH", newer, DOUBTS[0])


@pytest.mark.parametrize("kind", [errors.ResponseBroken, errors.ResponseTooLarge, errors.ResponseTimeout])
def test_an_answer_that_began_with_success_ends_the_doubt(kind: type[errors.ResponseBroken]) -> None:
    """Its status came: the write was applied."""
    came = kind("x", status=200)
    for doubt in DOUBTS:
        assert came is said("PATCH", came, doubt)
