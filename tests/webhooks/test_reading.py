"""What is read of a request to a webhook, and what is none."""

from __future__ import annotations

import contextlib
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import HandshakeRefused, MalformedEvent
from clio_async.messages import Headers
from clio_async.models import registry
from clio_async.protocol.webhooks import (
    RESOURCES,
    Told,
    digest,
    key_of,
    offered_secret,
    place,
    read_event,
    read_handshake,
    webhook_of,
)
from tests.webhooks.signing import KEY, SECRET, delivery, handshake

GOOD: dict[str, Any] = {"data": {"id": 42, "etag": '"t"', "name": "x"}, "meta": {"event": "updated", "webhook_id": 7}}


def _with(place: str, key: str, value: Any) -> bytes:
    return json.dumps({**GOOD, place: {**GOOD[place], key: value}}).encode()


def _without(place: str, key: str) -> bytes:
    return json.dumps({**GOOD, place: {name: one for name, one in GOOD[place].items() if name != key}}).encode()


def test_an_event_is_its_record_its_tag_and_what_happened() -> None:
    """The fields of the record are passed over: a read tells them."""
    assert Told("updated", 42, '"t"', 7) == read_event(json.dumps(GOOD).encode())
    assert Told("matter_merged", 1, None, 7) == read_event(delivery(1, "matter_merged", etag=None, deep=[{"a": [1.5]}]))


MALFORMED = {
    "empty": b"",
    "text": b"hello",
    "null": b"null",
    "a list": b"[1]",
    "a list of records": b'{"data": [{"id": 1}], "meta": {"event": "updated", "webhook_id": 7}}',
    "no data": b'{"meta": {"event": "updated", "webhook_id": 7}}',
    "no meta": b'{"data": {"id": 42}}',
    "no id": _without("data", "id"),
    "no event": _without("meta", "event"),
    "no webhook": _without("meta", "webhook_id"),
    "id is text": _with("data", "id", "42"),
    "id is a fraction": _with("data", "id", 42.5),
    "id is true": _with("data", "id", True),
    "id is null": _with("data", "id", None),
    "id is 0": _with("data", "id", 0),
    "id is negative": _with("data", "id", -1),
    "id is huge": _with("data", "id", 10**40),
    "id is an object": _with("data", "id", {"id": 1}),
    "etag is a number": _with("data", "etag", 5),
    "etag is endless": _with("data", "etag", "x" * 501),
    "event is a number": _with("meta", "event", 5),
    "event is empty": _with("meta", "event", ""),
    "event is endless": _with("meta", "event", "x" * 101),
    "webhook is text": _with("meta", "webhook_id", "7"),
    "webhook is 0": _with("meta", "webhook_id", 0),
    "NaN": json.dumps(GOOD).replace('"x"', "NaN").encode(),
    "cut off": json.dumps(GOOD).encode()[:-1],
    "a tail": json.dumps(GOOD).encode() + b"{}",
    "deep in what is passed over": json.dumps(GOOD).replace('"x"', "[" * 200_000 + "]" * 200_000).encode(),
    "deep in the id": json.dumps(GOOD).replace("42", "[" * 200_000 + "]" * 200_000).encode(),
    "deep objects": b'{"data":' * 200_000,
    "utf-16": json.dumps(GOOD).encode("utf-16"),
    "invalid UTF-8 in the event": json.dumps(GOOD).encode().replace(b"updated", b"\xff\xfe"),
    "half a surrogate": json.dumps(GOOD).encode().replace(b"updated", b"\\ud800"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_event_is_refused_with_a_typed_error(body: bytes) -> None:
    """Whatever a parser says of it; and none of it is in the error."""
    with pytest.raises(MalformedEvent) as raised:
        read_event(body)
    assert raised.value.__cause__ is None
    assert "no id, event and webhook_id" in str(pickle.loads(pickle.dumps(raised.value)))


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_any_bytes_are_an_event_or_a_typed_error(body: bytes) -> None:
    """Nothing else comes out of the readers."""
    for reader, refused in ((read_event, MalformedEvent), (read_handshake, HandshakeRefused)):
        read: Callable[[bytes], object] = reader
        with contextlib.suppress(refused):
            read(body)
    assert webhook_of(body) is None or webhook_of(body)


def test_a_handshake_names_its_webhook_in_data_or_meta() -> None:
    """Clio's guide shows the first; the second is where events have it."""
    assert 7 == read_handshake(handshake())
    assert 8 == read_handshake(b'{"meta": {"webhook_id": 8}}')
    assert 7 == read_handshake(b'{"data": {"webhook_id": 7}, "meta": {"webhook_id": 8}}')


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"data": {"webhook_id": "7"}}', b'{"data": {"webhook_id": 0}}', b"[" * 200_000]
)
def test_a_handshake_that_names_none_is_refused(body: bytes) -> None:
    """It could be for any."""
    with pytest.raises(HandshakeRefused, match="which webhook"):
        read_handshake(body)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ([("X-Hook-Secret", SECRET)], True),
        ([("x-hook-secret", "a")], True),
        ([("X-Hook-Secret", "with a space")], True),
        ([("X-Hook-Secret", "x" * 512)], True),
        ([("X-Hook-Secret", SECRET), ("X-Hook-Secret", SECRET)], True),
        ([], False),
        ([("X-Hook-Secret", "")], False),
        ([("X-Hook-Secret", " ")], False),
        ([("X-Hook-Secret", "a\r\nSet-Cookie: b=c")], False),
        ([("X-Hook-Secret", "a\n")], False),
        ([("X-Hook-Secret", "schlüssel")], False),
        ([("X-Hook-Secret", "x" * 513)], False),
        ([("X-Hook-Secret", SECRET), ("X-Hook-Secret", "another")], False),
    ],
)
def test_an_offered_secret_is_one_that_can_be_given_back(fields: list[tuple[str, str]], taken: bool) -> None:
    """In a header field, as it came: one line of visible characters, once."""
    if taken:
        assert fields[0][1] == offered_secret(Headers(fields)).reveal()
    else:
        with pytest.raises(HandshakeRefused, match="X-Hook-Secret"):
            offered_secret(Headers(fields))


@pytest.mark.parametrize(
    ("target", "key"),
    [
        (f"?subscription={KEY}", KEY),
        (f"subscription={KEY}", KEY),
        (f"/clio/webhooks?subscription={KEY}", KEY),
        (f"/clio/webhooks?firm=3&subscription={KEY}&x", KEY),
        ("?subscription=a%20b", "a b"),
        ("?subscription=", ""),
        (f"?subscription={KEY}&subscription=other", ""),
        (f"?subscription={KEY}&subscription={KEY}", ""),
        ("?" + "a=1&" * 50 + f"subscription={KEY}", ""),
        ("", None),
        ("/clio/webhooks", None),
        ("/clio/webhooks?firm=3", None),
        (f"/subscription={KEY}", None),
    ],
)
def test_the_address_says_which_subscription(target: str, key: str | None) -> None:
    """Once, in a parameter of its query; what is ambiguous names one that does not exist."""
    assert key == key_of(target)


def test_every_model_is_of_a_resource() -> None:
    """The ten models that Clio's guide names, each with the resource that reads its records."""
    assert 10 == len(RESOURCES)
    assert all("get" in registry.resource(name).operations for name in RESOURCES.values())


def test_two_deliveries_are_told_apart_by_webhook_and_bytes() -> None:
    """A digest holds nothing of the body."""
    one = place("p", "key", 7, 42)
    assert digest(one, delivery()) == digest(one, delivery())
    others = {digest(place("p", "key", 8, 42), delivery()), digest(one, delivery(43))}
    assert 3 == len({digest(one, delivery()), *others})


def test_a_place_is_a_record_as_one_subscription_tells_of_it() -> None:
    """Another record, webhook, subscription or principal is another place; the key of the subscription is not shown."""
    places = {
        place(whose, key, webhook, number)
        for whose in ("p", "q")
        for key in ("key", "other")
        for webhook in (7, 8)
        for number in (42, 43)
    }
    assert 16 == len(places)
    assert not any("key" in one or "other" in one for one in places)
    assert place("p", "key", None, 42) == place("p", "key", 0, 42)
