"""Checks with two handles on one store, as two processes have them."""

from __future__ import annotations

from ...caches.base import CacheStore
from ...messages import Headers
from .expect import (
    ANN,
    BEN,
    RECORD,
    TAGS,
    URL,
    answer,
    keep,
    must,
    must_equal,
    must_find,
    must_have,
    must_not_find,
    shared,
)
from .load import race


@shared
async def another_handle_finds_what_was_kept(store: CacheStore, second: CacheStore) -> None:
    """What one process keeps the other finds, exactly, and for its own principal alone (F39)."""
    entry = answer(b"\x00body", headers=Headers([("ETag", '"1"'), ("X", "\xfc")]), vary=(("accept", None),))
    await keep(store, ANN, URL, TAGS, entry)
    must_equal(await must_have(second, ANN), entry)
    await must_not_find(second, BEN, "Ann has stored an answer")


@shared
async def another_handle_obeys_a_write(store: CacheStore, second: CacheStore) -> None:
    """When `delete_tags` has returned, no process finds the old answer or keeps a read from before (F44)."""
    for writer, reader in ((store, second), (second, store)):
        for whom in (None, ANN):
            for tag in TAGS:
                await keep(reader, ANN, URL, TAGS, answer(b"old"))
                generation = (await reader.begin(ANN, URL, TAGS)).generation
                await writer.delete_tags([tag], principal=whom)
                await must_not_find(reader, ANN, "Another process has written the record")
                kept = await reader.commit(ANN, URL, TAGS, generation, answer(b"old"))
                must(not kept, "A read was kept that a write of another process overtook.")


@shared
async def another_handle_obeys_a_purge(store: CacheStore, second: CacheStore) -> None:
    """A purge reaches every process (F31, F35)."""
    for purging, reader in ((store, second), (second, store)):
        for principal in (ANN, BEN):
            await keep(reader, principal, URL, TAGS, answer(b"old"))
        generation = (await reader.begin(ANN, URL, TAGS)).generation
        await purging.purge(ANN)
        await must_not_find(reader, ANN, "Another process has purged it")
        kept = await reader.commit(ANN, URL, TAGS, generation, answer(b"old"))
        must(not kept, "A read was kept that a purge by another process overtook.")
        await must_find(reader, BEN, b"old")


@shared
async def generations_are_the_same_in_every_process(store: CacheStore, second: CacheStore) -> None:
    """A read that began in one handle may be stored through another, while nothing was written."""
    generation = (await store.begin(ANN, URL, TAGS)).generation
    must(generation == (await second.begin(ANN, URL, TAGS)).generation, "Two handles differ in the generation.")
    must(await second.commit(ANN, URL, TAGS, generation, answer(b"kept")), "The generation was not recognised.")
    await must_find(store, ANN, b"kept")


@shared
async def closing_one_handle_leaves_the_other(store: CacheStore, second: CacheStore) -> None:
    """A process that ends takes nothing from the others, least of all a write (F44, F72)."""
    generation = (await second.begin(ANN, URL, TAGS)).generation
    await store.delete_tags([RECORD])
    await store.aclose()
    kept = await second.commit(ANN, URL, TAGS, generation, answer(b"old"))
    must(not kept, "A write was forgotten when the process that made it ended.")
    await keep(second, ANN, URL, TAGS, answer(b"new"))
    await must_find(second, ANN, b"new")


@shared
async def racing_processes_find_nothing_stale(store: CacheStore, second: CacheStore) -> None:
    """Readers and writers on two handles: nobody finds another's answer, or one older than a write that ended (F44)."""
    await race([store, second])
