"""Checks of what a 304 may change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...caches.base import CacheStore
from ...messages import Headers
from .expect import (
    ANN,
    BEN,
    LIST,
    RECORD,
    TAGS,
    URL,
    alone,
    answer,
    keep,
    must_equal,
    must_find,
    must_have,
    must_not_find,
)


@alone
async def a_touch_keeps_what_a_304_said(store: CacheStore) -> None:
    """The entry is found with the headers, validator and times that it was given (F43)."""
    await keep(store, ANN, URL, TAGS, answer(b"body"))
    entry = await must_have(store, ANN)
    entry.headers = Headers([("ETag", '"1"'), ("Cache-Control", "private")])
    entry.validated_at, entry.expires_at = 2000.0, 5000.0
    await store.touch(ANN, URL, entry)
    must_equal(await must_have(store, ANN), entry)


@alone
async def a_touch_brings_nothing_back(store: CacheStore) -> None:
    """A 304 to a read that a write or a purge overtook does not make its answer current again (F44)."""
    outdating: list[Callable[[], Awaitable[None]]] = [
        lambda: store.delete_tags([LIST]),
        lambda: store.delete_tags([RECORD], principal=ANN),
        lambda: store.purge(ANN),
    ]
    for outdate in outdating:
        await keep(store, ANN, URL, TAGS, answer(b"old"))
        entry = (await store.begin(ANN, URL, TAGS)).entry
        await outdate()
        await store.touch(ANN, URL, entry or answer(b"old"))
        await must_not_find(store, ANN, "The record was outdated before the 304 came")


@alone
async def a_touch_replaces_nothing_newer(store: CacheStore) -> None:
    """A late 304 does not put the answer that it confirmed in the place of the one read after a write (F44)."""
    await keep(store, ANN, URL, TAGS, answer(b"old"))
    entry = (await store.begin(ANN, URL, TAGS)).entry
    await store.delete_tags(TAGS)
    await keep(store, ANN, URL, TAGS, answer(b"new"))
    await store.touch(ANN, URL, entry or answer(b"old"))
    await must_find(store, ANN, b"new")


@alone
async def a_touch_gives_nothing_to_others(store: CacheStore) -> None:
    """What is touched is found by its own principal alone, and only if it was there (F39, F41)."""
    await keep(store, ANN, URL, TAGS, answer(b"of Ann"))
    await store.touch(BEN, URL, answer(b"of Ann"))
    await store.touch(ANN, f"{URL}&x=1", answer(b"of Ann"))
    await must_not_find(store, BEN, "Ann has stored an answer")
