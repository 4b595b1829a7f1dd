"""What is remembered of URLs for the life of a program: those of records that are read again, and no texts of users."""

from __future__ import annotations

import gc
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from clio_async import asking
from clio_async.caches import sqlite_names
from clio_async.caches.sqlite import SQLiteCache
from clio_async.messages import Headers, Request
from clio_async.models import registry
from clio_async.models.selection import select
from clio_async.options import Policy
from clio_async.protocol import conditional
from clio_async.protocol.urls import is_read_again
from clio_async.transport import wire as on_the_wire
from tests.origin import BASE, Wire, client, ok

CANARY = "ann.canary@example.com"
MEMOS: list[Callable[..., Any]] = [
    asking._known,
    asking._known_key,
    conditional._known,
    on_the_wire._known,
    sqlite_names._known,
]


def remembered() -> list[str]:
    """Return every text that a memo of URLs refers to, near or far."""
    found, left, seen = list[str](), list[Any](MEMOS), set[int]()
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | FunctionType):
            continue
        seen.add(id(one))
        if isinstance(one, str):
            found.append(one)
        left += gc.get_referents(one)
    return found


async def test_no_text_of_a_user_outlives_a_client(tmp_path: Any) -> None:
    """What a list was filtered by is in no memo, neither after `purge` nor after `aclose`."""
    store = SQLiteCache(tmp_path / "cache.db")
    wire = Wire(lambda request: _located(request.url))
    async with store:
        for cache in (store, ...):
            async with client(wire, cache=cache, policy=Policy(fresh_for={"contacts": 60})) as clio:
                await clio.contacts.list(query=CANARY).collect()
                await clio.contacts.get(7, extra_query={"note": CANARY})
                await clio.request("GET", "/contacts", params={"query": CANARY})
                await clio.contacts.get(7)
                await clio.purge()
    assert 1 <= sum("/contacts/7.json?fields=" in text for text in remembered())
    assert [] == [text for text in remembered() if CANARY in text or CANARY.replace("@", "%40") in text]


def _located(url: str) -> Any:
    on_the_wire.locate(_request(url))
    listed = "/contacts?" in url or "/contacts.json?" in url
    return ok(b'{"data":[],"meta":{}}' if listed else b'{"data":{"id":7}}', ETag='"1"')


def _request(url: str) -> Request:
    return Request("GET", url, Headers([]))


def test_a_memo_of_every_url_would_hold_it() -> None:
    """The control: the same memo, asked without looking, is seen to hold what it was given."""
    url = f"{BASE}/contacts.json?query={CANARY}"
    try:
        asking._known(BASE, "/x", "", (url,))
        assert url in remembered()
    finally:
        asking._known.cache_clear()


@pytest.mark.parametrize("resource", registry.resource_names())
def test_the_default_fields_of_a_record_are_remembered(resource: str) -> None:
    """What is read again and again by most is short enough, wherever the server is."""
    if registry.resource(resource).schema is None:
        return
    query = select(resource).query
    url = f"https://{'x' * 200}.example/api/v4/{resource}/123456789012.json?{query}"
    assert is_read_again(url)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields=id,name", True),
        ("fields=id&limit=200", False),
        ("limit=200&fields=id", False),
        ("query=ann", False),
        ("ids[]=1&ids[]=2", False),
        ("fields=" + "a" * 2_000, False),
    ],
)
def test_pages_and_long_urls_are_not_remembered(query: str, expected: bool) -> None:
    """Of what is asked once nothing is kept, and no entry of a memo is longer than a kilobyte."""
    url = f"{BASE}/matters.json?{query}"
    key = conditional.key(url, Headers([("Accept", "application/json")]))
    assert [expected] * 2 == [is_read_again(url), is_read_again(key)]


def test_what_is_not_remembered_is_found_out_all_the_same() -> None:
    """A target and a place in a file are those that a memo would give."""
    url = f"{BASE}/matters.json?fields=id&limit=200"
    assert on_the_wire._parsed(url) == on_the_wire.locate(_request(url))
    assert sqlite_names._digest("p", "entry", url) == sqlite_names.place_of("p", url)
