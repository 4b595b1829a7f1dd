"""Checks of what is kept."""

from __future__ import annotations

from ...caches.base import CacheStore
from ...messages import Headers
from .expect import ANN, RECORD, TAGS, URL, alone, answer, keep, must, must_equal, must_find, must_have, must_not_find


@alone
async def an_empty_store_has_no_entry(store: CacheStore) -> None:
    """A read of what was never stored finds nothing, and may store under a generation that is known."""
    entry, generation = await store.begin(ANN, URL, TAGS)
    must(entry is None, "A new store holds an entry.")
    must(generation is not None, "A store that works knows the generation of every tag.")


@alone
async def an_answer_comes_back_as_it_was(store: CacheStore) -> None:
    """Body, fields (order, repetition, bytes), validator, vary, times, key and all survive the store (F21, F47)."""
    headers = Headers([("ETag", 'W/"ü"'), ("X-A", "1"), ("x-a", "2"), ("Vary", "Accept, X-B"), ("Empty", "")])
    entry = answer(
        bytes(range(256)) * 3 + b'\r\n"\\',
        headers=headers,
        validator=("If-None-Match", 'W/"ü"'),
        vary=(("accept", "application/json"), ("x-b", None)),
        validated_at=1234.5678901234,
        expires_at=1e9 + 0.25,
        redacted=True,
    )
    entry.memo["decoded"] = lambda: "what cannot be written"
    await keep(store, ANN, URL, TAGS, entry)
    found = await must_have(store, ANN)
    must_equal(found, entry)
    must(found is entry or not found.memo, "Decoded records belong to one process: a store must not write them.")


@alone
async def bodies_of_any_size_come_back(store: CacheStore) -> None:
    """An empty body is an answer, a large one is not cut, and an answer may have no validator."""
    for number, size in enumerate((0, 1, 1023, 65_536, 300_000)):
        key = f"{URL}&page={number}"
        await keep(store, ANN, key, TAGS, answer(b"x" * size, key, validator=None))
        await must_find(store, ANN, b"x" * size, key)


@alone
async def a_new_answer_replaces_the_old_one(store: CacheStore) -> None:
    """Two reads of one generation may both store: the later one is found."""
    await keep(store, ANN, URL, TAGS, answer(b"1"))
    await keep(store, ANN, URL, TAGS, answer(b"2"))
    await must_find(store, ANN, b"2")


@alone
async def selections_are_kept_apart(store: CacheStore) -> None:
    """Another key of the same record is another answer; one invalidation takes both."""
    await keep(store, ANN, URL, TAGS, answer(b"all"))
    await must_not_find(store, ANN, "Another selection was stored", key=f"{URL}&x=1")
    await keep(store, ANN, f"{URL}&x=1", TAGS, answer(b"some"))
    await must_find(store, ANN, b"all")
    await store.delete_tags([RECORD])
    await must_not_find(store, ANN, "The record was written")
    await must_not_find(store, ANN, "The record was written", key=f"{URL}&x=1")


@alone
async def reads_begin_under_one_generation_until_a_write(store: CacheStore) -> None:
    """Generations are hashable, and equal while nothing was written: such reads may share a request (F45)."""
    first = (await store.begin(ANN, URL, TAGS)).generation
    second = (await store.begin(ANN, URL, TAGS)).generation
    must(first == second and hash(first) == hash(second), "The generation changed although nothing was written.")
