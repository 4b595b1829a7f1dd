"""The stored form of an entry: what comes back is what was kept, for whoever kept it, or nothing (F39, F47, F49)."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import msgspec
import pytest
from attrs import asdict, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.caches import stored
from clio_async.caches.base import Entry
from clio_async.caches.stored import packed, secret_of, unpacked
from clio_async.errors import InvalidArgument
from clio_async.messages import Headers
from clio_async.secrets import Secret

NOW, OFFSET = 5000.0, 1.7e9
KEY = "4.0.13 application/json None https://h/matters/1?fields=id"
SECRET = b"0123456789abcdef"

LATIN = st.text(st.characters(max_codepoint=255))
FIELD = st.tuples(LATIN, LATIN)
VALUE = st.text(st.sampled_from('\t !~aZ"W/\xa0\xff'))
NAMES = st.text()  # with lone surrogates
ENTRIES = st.builds(
    Entry,
    key=NAMES,
    headers=st.lists(FIELD, max_size=5).map(Headers),
    body=st.binary(max_size=300),
    validator=st.none() | st.tuples(st.sampled_from(["If-None-Match", "If-Modified-Since"]), VALUE),
    vary=st.lists(st.tuples(LATIN, st.none() | LATIN), max_size=3).map(tuple),
    validated_at=st.floats(0, NOW),
    expires_at=st.floats(0, 1e9),
    age=st.floats(0, 1e9),
    redacted=st.booleans(),
)


def entry(**changes: Any) -> Entry:
    made = Entry(KEY, Headers([("ETag", '"1"')]), b'{"data":{}}', ("If-None-Match", '"1"'), (), 1000.0, 4600.0)
    return evolve(made, **changes)


def read(value: object, principal: str = "ann", key: str = KEY, **changes: Any) -> Entry | None:
    return unpacked(value, principal, key, **{"offset": OFFSET, "now": NOW, **changes})


def shown(found: Entry) -> dict[str, Any]:
    return {**asdict(found, recurse=False), "headers": found.headers.pairs}


@settings(deadline=None)
@given(NAMES, ENTRIES, st.binary(max_size=40), st.none() | st.just(SECRET))
def test_what_was_kept_comes_back(principal, kept, bound, secret):
    """All but the decoded records, for any names and bytes; times to a microsecond."""
    kept.memo["decoded"] = object()
    value = packed(principal, kept, bound=bound, offset=OFFSET, secret=secret)
    found = unpacked(value, principal, kept.key, bound=bound, offset=OFFSET, now=NOW, secret=secret)
    assert found is not None
    for name in ("validated_at", "expires_at"):
        assert math.isclose(getattr(kept, name), getattr(found, name), rel_tol=1e-9, abs_tol=1e-6)
        setattr(found, name, getattr(kept, name))
    assert shown(evolve(kept, memo={})) == shown(found)


@settings(deadline=None)
@given(NAMES, NAMES, NAMES, NAMES, st.binary(max_size=9), st.binary(max_size=9))
def test_a_value_is_of_one_place(principal, key, other, other_key, bound, other_bound):
    """Under another principal, key or generation it is not there, however the names are joined."""
    value = packed(principal, entry(key=key), bound=bound, offset=OFFSET)
    is_same = (principal, key, bound) == (other, other_key, other_bound)
    assert is_same == (read(value, other, other_key, bound=other_bound) is not None)


@pytest.mark.parametrize("place", [("a", "bc", b"d"), ("ab", "c", b"d"), ("a", "b", b"cd"), ("", "abc", b"d")])
def test_names_that_join_to_one_text_are_kept_apart(place):
    """The lengths count: hypothesis would hardly find these."""
    value = packed("ab", entry(key="cd"), bound=b"", offset=OFFSET)
    assert None is read(value, place[0], place[1], bound=place[2])


@settings(deadline=None)
@given(st.data())
def test_a_value_that_was_changed_is_not_there(data):
    """One changed byte anywhere, a missing tail or something more: it is not the answer (F47)."""
    value = packed("ann", entry(), offset=OFFSET)
    where = data.draw(st.integers(0, len(value) - 1))
    flipped = bytes([value[where] ^ data.draw(st.integers(1, 255))])
    assert None is read(value[:where] + flipped + value[where + 1 :])
    assert None is read(value[:where])
    assert None is read(value + data.draw(st.binary(min_size=1, max_size=9)))
    assert read(value) is not None


@given(st.binary() | st.text() | st.none() | st.integers() | st.floats() | st.lists(st.integers()))
def test_what_is_no_value_is_not_there(value):
    """Whatever a store returns, reading it raises nothing."""
    assert None is read(value)


def signed(head: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """Make a value as somebody may who can write to the store and knows the format."""
    size = (len(head) if length is None else length).to_bytes(4, "big")
    digest = stored._digest("ann", KEY, b"", None, size, head, body)
    return stored._FORMAT + digest + size + head + body


GOOD: list[Any] = [[["ETag", '"1"']], ["If-None-Match", '"1"'], [], 1000 + OFFSET, 4600 + OFFSET, 0, False]


def with_(place: int, value: Any) -> bytes:
    return msgspec.json.encode([*GOOD[:place], value, *GOOD[place + 1 :]])


HOSTILE = {
    "empty": b"",
    "no JSON": b"\x80abc",
    "too deep": b"[" * 100_000,
    "an object": b"{}",
    "too short": msgspec.json.encode(GOOD[:-1]),
    "too long": msgspec.json.encode([*GOOD, 1]),
    "headers": with_(0, [["ETag"]]),
    "header values": with_(0, [["ETag", 1]]),
    "another condition": with_(1, ["If-Match", "*"]),
    "a field smuggled in": with_(1, ["If-None-Match", '"1"\r\nAuthorization: x']),
    "a tag that has no bytes": with_(1, ["If-None-Match", '"\u20ac"']),
    "vary": with_(2, [["accept", 1]]),
    "from the future": with_(3, NOW + OFFSET + 1.5),
    "no number": with_(3, None),
    "text": with_(3, "1"),
    "infinite": with_(3, 0).replace(b",0,", b",1e999,"),
    "endless": with_(4, 0).replace(b",0,", b",-1e999,", 1),
    "a negative age": with_(5, -1),
    "redacted": with_(6, 0),
    "a lone surrogate": with_(2, []).replace(b"ETag", rb"\ud800"),
}


def test_the_format_is_as_it_is_written_here():
    """The control: a value made by hand is read, so what is wrong with the hostile ones is what their names say."""
    assert entry(body=b"x").headers == read(signed(msgspec.json.encode(GOOD), b"x")).headers


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_is_not_there(name):
    """A digest that matches makes nothing true: types, times and conditions are checked (F49)."""
    assert None is read(signed(HOSTILE[name]))


def test_a_length_that_leads_out_of_the_value_is_refused():
    """The length of the head is not believed."""
    assert None is read(signed(msgspec.json.encode(GOOD), length=2**32 - 1))


def test_a_clock_that_was_put_back_makes_nothing_fresh():
    """An entry of a later time is not there; a difference of a second is none (F76)."""
    value = packed("ann", entry(validated_at=NOW), offset=OFFSET)
    assert [True, True, False] == [read(value, now=NOW - ahead) is not None for ahead in (0, 1, 1.1)]


@pytest.mark.parametrize("times", [{"validated_at": math.nan}, {"expires_at": math.inf}, {"age": math.nan}])
def test_times_that_are_no_numbers_are_not_there(times):
    """Not a number is neither fresh nor stale."""
    assert None is read(packed("ann", entry(**times), offset=OFFSET))


def test_nobody_makes_a_value_without_the_key():
    """With a key, values without one, of another key, or made by hand are not there; without it, those with one."""
    mine = packed("ann", entry(), offset=OFFSET, secret=SECRET)
    plain = packed("ann", entry(), offset=OFFSET)
    by_hand = signed(msgspec.json.encode(GOOD))
    found = [read(value, secret=SECRET) is not None for value in (mine, plain, by_hand)]
    assert [True, False, False] == found
    assert [None, None] == [read(mine), read(mine, secret=SECRET[::-1])]


def test_the_digest_is_sha_256():
    """Another implementation can read it: lengths, names, generation, length of the head, head and body."""
    value = packed("ann", entry(), bound=b"7", offset=OFFSET)
    whole = b"3 %d 1 ann%b7" % (len(KEY), KEY.encode()) + value[33:]
    assert b"\x01" + hashlib.sha256(whole).digest() == value[:33]


def test_a_key_is_bytes_or_a_secret():
    """Sixteen bytes or more; the text of a secret counts as UTF-8."""
    assert [None, SECRET, SECRET] == [secret_of(None), secret_of(SECRET), secret_of(Secret(SECRET.decode()))]
    for wrong in ("0123456789abcdef", b"short", 5, Secret("short")):
        with pytest.raises(InvalidArgument) as caught:
            secret_of(wrong)
        assert "short" not in str(caught.value)
