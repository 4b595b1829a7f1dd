"""What headers remember, and read late: it is what it would be if they did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from clio_async.messages import Headers
from clio_async.protocol import conditional

from .origin import Wire, client, not_modified, ok, script

NAMES = st.sampled_from([b"ETag", b"etag", b"Date", b"X-Api-Version", b"Vary"])
VALUES = st.sampled_from([b"a", b"b", b"", b"caf\xe9", b"caf\xc3\xa9"])
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=6)


def parsed(fields: list[tuple[bytes, bytes]]) -> CIMultiDictProxy[str]:
    """Return what aiohttp's parser makes of the fields: text as UTF-8, with surrogates for what is none."""
    return CIMultiDictProxy(
        CIMultiDict((name.decode(), value.decode("utf-8", "surrogateescape")) for name, value in fields)
    )


@given(FIELDS, st.sampled_from(["etag", "date", "x-api-version", "vary", "age"]))
def test_a_look_up_is_the_same_with_and_without_a_parser(fields: list[tuple[bytes, bytes]], name: str) -> None:
    """What the parser has read is a short cut, and never another text: one character is one byte of the wire."""
    plain, quick = Headers.from_raw(fields), Headers.from_raw(fields, parsed(fields))
    assert plain.lookup(name) == quick.lookup(name)
    assert plain.single(name) == quick.single(name)
    assert plain == quick


@given(FIELDS, FIELDS, st.booleans())
def test_a_difference_is_never_missed(
    fields: list[tuple[bytes, bytes]], before: list[tuple[bytes, bytes]], looked: bool
) -> None:
    """Whether a field has changed is told as from the index, but for one that repeats the value that is held."""
    plain, quick = Headers.from_raw(fields), Headers.from_raw(fields, parsed(fields))
    held, besides = Headers.from_raw(before).index, frozenset({"date"})
    if looked:
        assert quick.index == plain.index
    repeats = len(plain.index) < len(fields)
    if not repeats or looked or quick.differs(held, besides):
        assert plain.differs(held, besides) == quick.differs(held, besides)


@pytest.mark.parametrize(("seconds", "shown"), [(-1.0, "0"), (2.9, "2")])
def test_an_answer_given_again_says_how_old_it_is(seconds: float, shown: str) -> None:
    """Its age is in whole seconds, and never negative; the other fields are those that are held (RFC 9111 §5.1)."""
    stored = Headers([("ETag", '"a"'), ("Date", "today")])
    assert {"etag": '"a"', "date": "today", "age": shown} == dict(conditional.aged(stored, seconds))


def test_headers_remember_what_they_mean() -> None:
    """The key and the plainness of one object of headers are found out once, and are those of an equal object."""
    headers = Headers([("Accept", "application/json"), ("X-API-VERSION", "4.0.13")])
    key = conditional.key("https://app.clio.com/api/v4/matters/1.json", headers)
    assert headers.traits == conditional.traits(Headers(headers.pairs))
    assert "'4.0.13' 'application/json' None https://app.clio.com/api/v4/matters/1.json" == key
    assert conditional.is_plain(headers)
    assert not conditional.is_plain(headers.having("Range", "bytes=0-"))


async def test_each_question_carries_the_fields_of_its_own_request() -> None:
    """The fields that an entry was asked about with are used again for the same ones alone, and for the same tag."""
    answers = [ok(ETag='"a"'), *[not_modified(ETag='"a"')] * 3, not_modified(ETag='W/"a"', Cache_Control="private")]
    wire = Wire(script(*answers, not_modified(ETag='"a"')))
    async with client(wire) as clio:
        for trace in ("1", "2", "2", None, None, "3"):
            headers = None if trace is None else {"X-Trace": trace}
            assert 200 == (await clio.request("GET", "/things/1", headers=headers)).status
    assert ["1", "2", "2", None, None, "3"] == wire.sent("X-Trace")
    assert [None, *['"a"'] * 5] == wire.sent("If-None-Match")
