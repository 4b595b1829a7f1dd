"""Checks under load, and of the end."""

from __future__ import annotations

import itertools
from collections.abc import Coroutine, Iterator, Sequence
from random import Random
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from ...caches.base import CacheStore
from .expect import ANN, BEN, LIST, OTHER, RECORD, TAGS, URL, alone, answer, must, must_not_find


@alone
async def a_full_store_forgets_no_write(store: CacheStore) -> None:
    """However much is stored and written in between, a read from before a write is never kept (F44, F48, F77)."""
    first = (await store.begin(ANN, URL, TAGS)).generation
    await store.commit(ANN, URL, TAGS, first, answer(b"old"))
    await store.delete_tags([RECORD])
    second = (await store.begin(ANN, URL, TAGS)).generation
    await store.delete_tags([LIST], principal=ANN)
    for number in range(400):
        other = f"{OTHER}{number}"
        generation = (await store.begin(f"{BEN}{number % 7}", other, (other,))).generation
        await store.commit(f"{BEN}{number % 7}", other, (other,), generation, answer(b"x" * 2000, other))
        await store.delete_tags([f"{other}/{part}" for part in range(5)], principal=(None, ANN)[number % 2])
    await must_not_find(store, ANN, "The record was written long ago")
    for generation in (first, second):
        kept = await store.commit(ANN, URL, TAGS, generation, answer(b"old"))
        must(not kept, "An answer from before a write was kept once the store was full.")


@alone
async def racing_reads_and_writes_find_nothing_stale(store: CacheStore) -> None:
    """Readers and writers at once: nobody finds another's answer, or one older than a write that ended (F39, F44)."""
    await race([store])


async def race(handles: Sequence[CacheStore]) -> None:
    random = Random(7)  # noqa: S311
    server: dict[str, int] = {RECORD: 0, OTHER: 0}  # the version that each record has on the server
    ended = dict(server)  # the version that the last write which ended had made
    faults: list[str] = []

    async def pause() -> None:
        for _ in range(random.randrange(4)):
            await checkpoint()

    async def read(store: CacheStore, principal: str, record: str) -> None:
        least = ended[record]
        entry, generation = await store.begin(principal, record, (record, LIST))
        if entry is not None:
            whose, _, version = entry.body.decode().partition(" ")
            if whose != principal or int(version) < least:
                faults.append(f"{principal!r} found {entry.body!r} when {record} was at version {least} or later.")
        text = f"{principal} {server[record]}".encode()
        await pause()
        await store.commit(principal, record, (record, LIST), generation, answer(text, record))

    async def write(store: CacheStore, record: str) -> None:
        await store.delete_tags([record])
        await pause()
        server[record] += 1
        version = server[record]
        await pause()
        await store.delete_tags([record])
        ended[record] = max(ended[record], version)

    async def work(store: CacheStore) -> None:
        for _ in range(25):
            record = random.choice((RECORD, OTHER))
            if random.random() < 0.25:
                await write(store, record)
            else:
                await read(store, random.choice((ANN, BEN)), record)
            await pause()

    async with anyio.create_task_group() as tasks:
        for _, store in zip(range(12), itertools.cycle(handles), strict=False):
            tasks.start_soon(work, store)
    must(not faults, "; ".join(faults[:3]))


@alone
async def a_store_in_the_process_never_suspends(store: CacheStore) -> None:
    """`in_process` promises that no method waits, so that no time budget is put around it."""
    if not store.in_process:
        return
    for step in _every_step(store):
        try:
            step.send(None)
        except StopIteration:
            continue
        finally:
            step.close()
        must(False, "A method of a store that is in_process has suspended.")


def _every_step(store: CacheStore) -> Iterator[Coroutine[Any, Any, object]]:
    yield store.begin(ANN, URL, TAGS)
    yield store.commit(ANN, URL, TAGS, None, answer())
    yield store.touch(ANN, URL, answer())
    yield store.delete_tags(TAGS)
    yield store.delete_tags(TAGS, principal=ANN)
    yield store.purge(ANN)


@alone
async def closing_twice_is_closing(store: CacheStore) -> None:
    """`aclose` may be called again, also on a store that was never used (F72)."""
    await store.begin(ANN, URL, TAGS)
    await store.aclose()
    await store.aclose()
