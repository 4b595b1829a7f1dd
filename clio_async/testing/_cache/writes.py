"""Checks that what was written is outdated."""

from __future__ import annotations

from ...caches.base import CacheStore, Generation
from .expect import ANN, BEN, OTHER, RECORD, TAGS, URL, alone, answer, find, keep, must, must_find, must_not_find


@alone
async def every_write_gives_a_generation_never_seen_before(store: CacheStore) -> None:
    """A generation never comes back: an answer of long ago must not match by accident (F44)."""
    seen = [(await store.begin(ANN, URL, TAGS)).generation]
    for number in range(60):
        tag, whom = TAGS[number % 2], (None, ANN)[number // 2 % 2]
        await store.delete_tags([tag], principal=whom)
        seen.append((await store.begin(ANN, URL, TAGS)).generation)
    must(len({*seen}) == len(seen), "A generation came back after a write.")


@alone
async def an_entry_is_gone_after_a_write_to_any_of_its_tags(store: CacheStore) -> None:
    """Whoever wrote, nobody finds the answer from before (F24)."""
    for tag in TAGS:
        for principal in (ANN, BEN):
            await keep(store, principal, URL, TAGS, answer())
        await store.delete_tags([OTHER, tag])
        for principal in (ANN, BEN):
            await must_not_find(store, principal, f"{tag} was written")


@alone
async def a_read_that_a_write_overtook_is_not_kept(store: CacheStore) -> None:
    """An answer that was on its way while any of its tags was written is refused, for every principal (F44)."""
    for tag in TAGS:
        begun = {principal: (await store.begin(principal, URL, TAGS)).generation for principal in (ANN, BEN)}
        await store.delete_tags([tag])
        for principal, generation in begun.items():
            kept = await store.commit(principal, URL, TAGS, generation, answer(b"old"))
            must(not kept, f"An answer from before the write to {tag} was kept.")
            await must_not_find(store, principal, "The write came in between")


@alone
async def a_read_that_a_write_overtook_replaces_nothing(store: CacheStore) -> None:
    """A late answer does not take the place of the one that was read after the write (F44)."""
    generation = (await store.begin(ANN, URL, TAGS)).generation
    await store.delete_tags(TAGS)
    await keep(store, ANN, URL, TAGS, answer(b"new"))
    must(not await store.commit(ANN, URL, TAGS, generation, answer(b"old")), "A late answer was kept.")
    await must_find(store, ANN, b"new")


@alone
async def one_principal_alone_can_be_outdated(store: CacheStore) -> None:
    """`delete_tags(…, principal=…)` drops that principal's answers and refuses its reads, and nobody else's (F35)."""
    for tag in TAGS:
        begun: dict[str, Generation] = {}
        for principal in (ANN, BEN):
            await keep(store, principal, URL, TAGS, answer(principal.encode()))
            begun[principal] = (await store.begin(principal, URL, TAGS)).generation
        await store.delete_tags([tag], principal=ANN)
        await must_not_find(store, ANN, f"{tag} is outdated for it")
        await must_find(store, BEN, BEN.encode())
        kept = await store.commit(ANN, URL, TAGS, begun[ANN], answer(b"late"))
        must(not kept, "A read was kept that its principal's invalidation overtook.")
        kept = await store.commit(BEN, URL, TAGS, begun[BEN], answer(b"late"))
        must(kept, "The invalidation of one principal refused the read of another.")
        await must_find(store, BEN, b"late")


@alone
async def what_is_read_after_a_write_is_kept(store: CacheStore) -> None:
    """An invalidation outdates what was, not what will be."""
    await store.delete_tags(TAGS)
    await store.delete_tags(TAGS, principal=ANN)
    await store.purge(ANN)
    await keep(store, ANN, URL, TAGS, answer(b"new"))
    await must_find(store, ANN, b"new")


@alone
async def other_records_are_untouched(store: CacheStore) -> None:
    """A write outdates its own tags, and no tag that begins or ends like them."""
    await keep(store, ANN, URL, TAGS, answer(b"kept"))
    near = [
        OTHER,
        RECORD + "0",
        RECORD[:-1],
        "",
        RECORD + "/",
        RECORD.upper(),
        " " + RECORD,
        ANN,
        URL,
        "*",
        "%",
    ]
    await store.delete_tags([tag for tag in near if tag not in TAGS])
    await store.delete_tags([*near, *TAGS], principal=BEN)
    await store.delete_tags([])
    await store.delete_tags((), principal=ANN)
    await must_find(store, ANN, b"kept")


@alone
async def nothing_is_kept_under_an_unknown_generation(store: CacheStore) -> None:
    """None is the generation of a read that the store could not answer: it equals nothing (F46)."""
    must(not await store.commit(ANN, URL, TAGS, None, answer()), "An answer was kept under no generation.")
    await must_not_find(store, ANN, "It was stored under no generation")
    await store.delete_tags(TAGS)
    must(not await store.commit(ANN, URL, TAGS, None, answer()), "An answer was kept under no generation.")


@alone
async def an_answer_without_tags_can_be_kept(store: CacheStore) -> None:
    """No tag means that only a purge outdates it."""
    await keep(store, ANN, URL, (), answer(b"kept"))
    await store.delete_tags(TAGS)
    await must_find(store, ANN, b"kept", tags=())
    await store.purge(ANN)
    must(await find(store, ANN, tags=()) is None, "A purge left an answer without tags.")
