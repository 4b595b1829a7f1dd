"""`protocol.conditional`: what may be sent, kept and freshened (RFC 9110 §13, RFC 9111 §3 and §4)."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.messages import NO_HEADERS, Headers
from clio_async.protocol import conditional
from clio_async.protocol.conditional import (
    age,
    cache_directives,
    delivered,
    freshened,
    has_own_condition,
    is_plain,
    kept,
    key,
    names_other,
    storable,
    validator,
    vary,
    vary_matches,
)

TOKEN = st.text("abcdefgh-", min_size=1, max_size=8)
QUOTED = st.text(st.sampled_from('ab, no-store="\\'), max_size=12).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
SPACE = st.sampled_from(["", " ", "\t", "  "])
DIRECTIVE = st.tuples(SPACE, TOKEN, st.one_of(st.none(), TOKEN, QUOTED), SPACE)


@given(st.lists(DIRECTIVE, max_size=6), st.booleans())
def test_directives_are_found_whatever_stands_in_quoted_strings(directives, upper):
    """Commas, equal signs and names inside a quoted string belong to it (RFC 9110 §5.6.4, RFC 9111 §5.2)."""
    text = ",".join(f"{a}{name}{'' if value is None else '=' + value}{b}" for a, name, value, b in directives)
    found = cache_directives(Headers([("Cache-Control", text.upper() if upper else text)]))
    assert found - {""} == {name for _, name, _, _ in directives}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], False),
        ([("Cache-Control", "No-Store")], True),
        ([("Cache-Control", "private"), ("cache-control", "no-store")], True),
        ([("Cache-Control", 'private="x, no-store"')], False),
        ([("Cache-Control", 'private="x\\", no-store", max-age=0')], False),
        ([("Cache-Control", 'a="x\\\\", no-store')], True),
        ([("Cache-Control", 'a="x, no-store')], True),
        ([("Cache-Control", "no-store=1")], True),
        ([("Cache-Control", "xno-store, no-storex")], False),
        ([("Cache-Control", "")], False),
    ],
)
def test_no_store_is_seen_where_it_is_said(fields, expected):
    """Case, repetition and broken quotes do not hide `no-store`; a quoted string does."""
    assert ("no-store" in cache_directives(Headers(fields))) is expected
    assert storable(200, NO_HEADERS, Headers(fields)) is not expected
    assert storable(200, Headers(fields), NO_HEADERS) is not expected


def test_splitting_at_every_comma_would_see_what_is_not_there():
    """The control: a naive parser finds `no-store` in a quoted string."""
    assert "no-store" in {part.strip(' "') for part in ['private="x', ' no-store"']}


@pytest.mark.parametrize(
    ("status", "fields", "expected"),
    [
        (200, [], True),
        (206, [], False),
        (203, [], False),
        (204, [], False),
        (404, [], False),
        (200, [("Content-Range", "bytes 0-1/2")], False),
        (200, [("Vary", "*")], False),
        (200, [("Vary", "Accept")], True),
        (200, [("Cache-Control", "no-cache, private, max-age=0")], True),
    ],
)
def test_only_whole_answers_that_nobody_forbids_are_kept(status, fields, expected):
    """RFC 9111 §3: a 200, whole, not forbidden, chosen by what is known."""
    assert storable(status, NO_HEADERS, Headers(fields)) is expected


FIELD = st.one_of(
    st.none(), st.sampled_from(["", "None", "de", "x, de", "a x", "'", "' '", "\\'"]), st.text(max_size=6)
)
ASKED = st.tuples(FIELD, FIELD, FIELD)


def headers_of(asked: tuple[str | None, str | None, str | None]) -> Headers:
    names = "X-API-VERSION", "Accept", "Accept-Language"
    return Headers([(name, value) for name, value in zip(names, asked, strict=True) if value is not None])


@given(ASKED, ASKED)
def test_what_differs_in_one_field_has_another_key(one, other):
    """Version, media type and language are told apart wherever blanks stand in them, and absent is no value (F39)."""
    assert (one == other) is (key("https://h/a", headers_of(one)) == key("https://h/a", headers_of(other)))


def test_fields_joined_by_blanks_would_meet():
    """The control: what ends one field may begin the next, and `None` may be said."""
    assert "{} {}".format("text/a x,", "de") == "{} {}".format("text/a", "x, de")
    assert f"{None}" == "None"


NOW = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)


@given(st.integers(-5, 5), st.sampled_from(["%a, %d %b %Y %H:%M:%S GMT", None]))
def test_last_modified_is_strong_two_seconds_later(seconds, form):
    """`Last-Modified` is asked about only if `Date` was at least 2 s later, with the server's own text (F43)."""
    modified = NOW.strftime(form) if form else format_datetime(NOW.astimezone(dt.timezone(dt.timedelta(hours=5))))
    date = format_datetime(NOW + dt.timedelta(seconds=seconds), usegmt=True)
    expected = ("If-Modified-Since", modified) if seconds >= 2 else None
    assert validator(Headers([("Last-Modified", modified), ("Date", date)])) == expected


GOOD = "Thu, 29 Feb 2024 12:00:00 GMT"
LATER = "Thu, 29 Feb 2024 13:00:00 GMT"


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Last-Modified", GOOD)],
        [("Date", LATER)],
        [("Last-Modified", "yesterday"), ("Date", LATER)],
        [("Last-Modified", GOOD), ("Date", "soon")],
        [("Last-Modified", "Thu, 29 Feb 2024 12:00:00 -0000"), ("Date", LATER)],
        [("Last-Modified", GOOD), ("Last-Modified", LATER), ("Date", LATER)],
        [("ETag", "*"), ("Last-Modified", GOOD), ("Date", LATER)],
        [("ETag", '"1"'), ("ETag", '"2"'), ("Last-Modified", GOOD), ("Date", LATER)],
        [("ETag", ""), ("Last-Modified", GOOD), ("Date", LATER)],
    ],
)
def test_without_a_sure_validator_nothing_is_asked(fields):
    """A date alone, a broken date, an ambiguous or unsendable tag: the answer is read in full (F12, F21, F43)."""
    assert validator(Headers(fields)) is None


def test_a_tag_always_wins():
    """`If-None-Match` and `If-Modified-Since` are never sent together (RFC 9110 §13.1.3, F43)."""
    fields = [("ETag", 'W/"1"'), ("Last-Modified", GOOD), ("Date", LATER)]
    assert validator(Headers(fields)) == ("If-None-Match", 'W/"1"')
    assert validator(Headers([("ETag", '"1"'), ("etag", '"1"')])) == ("If-None-Match", '"1"')


@given(st.text(st.characters(max_codepoint=255), max_size=40), st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_date_makes_it_fail(modified, date):
    """Dates are the server's: whatever they are, there is a validator or there is none (F8, F12)."""
    found = validator(Headers([("Last-Modified", modified), ("Date", date)]))
    assert found in (None, ("If-Modified-Since", modified))


@pytest.mark.parametrize(
    ("varies", "expected"),
    [
        (None, ()),
        ("", ()),
        (" , ,", ()),
        ("*", None),
        ("Accept, *", None),
        (", *", None),
        ("Accept-Encoding, accept,ACCEPT", (("accept", "a"), ("accept-encoding", None))),
    ],
)
def test_vary_names_what_the_answer_was_chosen_by(varies, expected):
    """Names without case, once each, with the values they had; `*` is not known (RFC 9110 §12.5.5)."""
    response = Headers([] if varies is None else [("Vary", varies)])
    assert vary(Headers([("Accept", "a")]), response) == expected


NAMES = st.sampled_from(["Accept", "ACCEPT", "x-a", "X-A", "X-B"])
REQUEST = st.lists(st.tuples(NAMES, st.sampled_from(["1", "2", "", "1, 2"])), max_size=4)


@given(REQUEST, REQUEST, st.lists(NAMES, max_size=3))
def test_a_stored_answer_is_for_requests_that_agree_on_what_it_varies_by(first, second, names):
    """All nominated fields match, present or absent alike, repeated or joined (RFC 9111 §4.1)."""

    def values(fields: list[tuple[str, str]], name: str) -> list[str] | None:
        found = [value for key, value in fields if key.lower() == name.lower()]
        return ", ".join(found).split(", ") if found else None

    stored = vary(Headers(first), Headers([("Vary", name) for name in names]))
    assert stored is not None
    assert vary_matches(stored, Headers(first))
    agree = all(values(first, name) == values(second, name) for name in names)
    assert vary_matches(stored, Headers(second)) == agree


@pytest.mark.parametrize(
    ("sent", "fields", "expected"),
    [
        (("If-None-Match", '"1"'), [], False),
        (("If-None-Match", '"1"'), [("ETag", '"1"')], False),
        (("If-None-Match", '"1"'), [("ETag", 'W/"1"')], False),
        (("If-None-Match", 'W/"1"'), [("ETag", '"1"')], False),
        (("If-None-Match", '"1"'), [("ETag", '"2"')], True),
        (("If-None-Match", '"1"'), [("ETag", '"1"'), ("ETag", 'W/"1"')], False),
        (("If-None-Match", '"1"'), [("ETag", '"1"'), ("ETag", '"2"')], True),
        (("If-None-Match", '"1"'), [("ETag", '""1""')], True),
        (("If-None-Match", '"1"'), [("Last-Modified", LATER)], False),
        (("If-Modified-Since", GOOD), [], False),
        (("If-Modified-Since", GOOD), [("Last-Modified", GOOD)], False),
        (("If-Modified-Since", GOOD), [("Last-Modified", LATER)], True),
        (("If-Modified-Since", GOOD), [("ETag", '"1"')], True),
    ],
)
def test_a_304_that_names_another_representation_is_seen(sent, fields, expected):
    """Weak comparison, and no guess where the 304 says nothing (RFC 9111 §4.3.4, F42)."""
    assert names_other(sent, Headers(fields)) is expected


HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
NOT_UPDATED = HOP | {"content-encoding", "content-length", "content-range", "content-type", "etag"}
FIELD = st.tuples(
    st.sampled_from(
        ["ETag", "Date", "date", "X-A", "x-a", "X-B", "Content-Type", "Content-Foo", "content-length", "Vary", "TE",
         "Cache-Control", "Connection", "Keep-Alive", "X-RateLimit-Remaining", "Set-Cookie", "Content-Location", "Age"]
    ),
    st.sampled_from(["1", "2", "x-a", "close, X-B", ""]),
)  # fmt: skip
FIELDS = st.lists(FIELD, max_size=7)


def as_dict(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name.lower(), []).append(value)
    return found


def reference_update(stored: list[tuple[str, str]], update: list[tuple[str, str]]) -> dict[str, str]:
    """RFC 9111 §3.2, word by word: add each field of the 304, replacing what is there, except for those excluded."""
    result, new = as_dict(stored), as_dict(update)
    nominated = {name.strip().lower() for value in new.get("connection", []) for name in value.split(",")}
    result.update({name: values for name, values in new.items() if name not in NOT_UPDATED | nominated})
    return {name: ", ".join(values) for name, values in result.items()}


@given(FIELDS, FIELDS)
def test_a_304_updates_the_headers_as_the_rfc_says(stored, update):
    """What is delivered is the stored answer with every field of the 304 that may update it (RFC 9111 §3.2, F43)."""
    held = Headers(stored)
    given_ = delivered(held, Headers(update))
    assert dict(given_) == reference_update(stored, update)
    assert held.pairs == tuple(stored), "the stored headers are never changed"
    fresh = freshened(held, Headers(update))
    volatile = {"date", "x-ratelimit-remaining", "age", "set-cookie"}
    assert without(fresh, volatile) == without(given_, volatile)
    assert fresh.get("age") == held.get("age"), "an age is of one answer alone"
    assert fresh.get("set-cookie") == held.get("set-cookie"), "and so is a cookie"
    if all(held.get(name) == value or name in volatile | NOT_UPDATED for name, value in Headers(update).items()):
        assert fresh is held, "a store is written only when something that matters changed"


def without(headers: Headers, names: set[str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def test_order_and_repetition_survive_an_update():
    """Fields that did not change stay where they were; a repeated field is replaced as a whole."""
    stored = Headers([("X-A", "1"), ("X-B", "2"), ("x-a", "3"), ("ETag", '"1"')])
    fresh = freshened(stored, Headers([("X-A", "9"), ("X-A", "8"), ("ETag", 'W/"1"')]))
    assert fresh.pairs == (("X-B", "2"), ("ETag", '"1"'), ("X-A", "9"), ("X-A", "8"))


def test_the_delivered_headers_are_made_once():
    """The merge happens when they are first read, and once."""
    given_ = delivered(Headers([("A", "1")]), Headers([("B", "2")]))
    assert given_.pairs is given_.pairs
    assert given_ == Headers([("a", "1"), ("b", "2")])


@given(FIELDS)
def test_what_is_about_the_transfer_is_not_kept(fields):
    """Hop-by-hop fields, those that `Connection` names, cookies and the age are left out, the rest stays (§3.1)."""
    nominated = {
        name.strip().lower() for key_, value in fields if key_.lower() == "connection" for name in value.split(",")
    }
    expected = tuple(pair for pair in fields if pair[0].lower() not in HOP | nominated | {"age", "set-cookie"})
    assert kept(Headers(fields)).pairs == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        ("7", 7),
        ("0", 0),
        ("-1", 0),
        ("1.5", 0),
        ("\xb2", 0),
        ("x", 0),
        ("", 0),
        ("9" * 9, 999_999_999),
        ("9" * 5000, 0),
    ],
)
def test_an_age_is_a_number_of_seconds(value, expected):
    """ASCII digits, not too many: anything else says nothing (RFC 9111 §5.1, F12)."""
    assert age(Headers([] if value is None else [("Age", value)])) == expected


def test_an_ambiguous_age_says_nothing():
    """Two different ages are none (F12)."""
    assert age(Headers([("Age", "1"), ("Age", "2")])) == 0


def test_versions_have_keys_of_their_own():
    """One URL in two API versions, in none, or in another language is kept under different keys (F39, F54)."""
    variants = [{"Accept": "text/html"}, {"Accept-Language": "fr"}, {"X-API-VERSION": "4.0.13"}, {}]
    assert len({key("u", Headers(variant)) for variant in [*variants, {"X-Api-Version": "4.0.12"}]}) == 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("If-None-Match", True),
        ("if-modified-since", True),
        ("IF-MATCH", True),
        ("If-Unmodified-Since", True),
        ("If-Range", True),
        ("Range", True),
        ("X-If-Match", False),
        ("Accept-Ranges", False),
    ],
)
def test_conditions_of_the_caller_are_seen(name, expected):
    """No cache meddles with a request that the caller made conditional or partial (F41)."""
    headers = Headers([(name, "x")])
    assert has_own_condition(headers) is expected
    assert is_plain(headers) is not expected


def test_a_request_that_says_nothing_about_caching_is_plain():
    """`Cache-Control` is no condition, but it is something to look at."""
    assert is_plain(Headers([("Accept", "x")]))
    assert not is_plain(Headers([("cache-control", "no-cache")]))


def test_the_statuses_after_which_nothing_is_kept():
    """What may not be seen or is not there any more is dropped (F35)."""
    assert {401, 403, 404, 410} == conditional.DROPPING
