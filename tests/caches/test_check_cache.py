"""The contract suite for stores: right stores pass it, and each fault is found by the checks that are about it."""

from __future__ import annotations

import pytest

from clio_async.caches.memory import Generations, MemoryCache
from clio_async.errors import InvalidArgument
from clio_async.testing.check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache

from . import stores


def tiny() -> MemoryCache:
    """A store that evicts entries and forgets generations all the time."""
    cache = MemoryCache(3_000_000, max_entry_bytes=2_500_000)
    cache._generations = Generations(limit=60)
    return cache


async def opened_later() -> MemoryCache:
    return MemoryCache()


RIGHT = {"MemoryCache": MemoryCache, "a tiny MemoryCache": tiny, "awaited": opened_later, "small": stores.SmallStore}


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("check", CACHE_CHECKS)
@pytest.mark.parametrize("store", RIGHT)
async def test_a_right_store_passes(store, check):
    """Every check passes for the default store and for a minimal right one."""
    await check_cache(check, RIGHT[store])


@pytest.mark.parametrize("check", SHARED_CACHE_CHECKS)
async def test_a_right_shared_store_passes(check):
    """Two handles on one store pass the checks for processes that share."""
    shared = stores.Shared()
    await check_cache(check, lambda: stores.SmallStore(shared), lambda: stores.SmallStore(shared))


FAULTS = {
    stores.KeyedByUrlAlone: {
        "principals_never_see_each_other",
        "hostile_names_do_not_meet",
        "a_tag_named_like_a_principal_is_only_a_tag",
        "a_touch_gives_nothing_to_others",
        "racing_reads_and_writes_find_nothing_stale",
    },
    stores.KeyedByJoinedNames: {
        "hostile_names_do_not_meet",
    },
    stores.KeyedByPrefix: {
        "hostile_names_do_not_meet",
    },
    stores.FoldsCase: {
        "hostile_names_do_not_meet",
    },
    stores.MarksJoinedNames: {
        "other_records_are_untouched",
        "hostile_tags_do_not_meet",
        "a_tag_named_like_a_principal_is_only_a_tag",
    },
    stores.IgnoresGenerations: {
        "a_read_that_a_write_overtook_is_not_kept",
        "a_read_that_a_write_overtook_replaces_nothing",
        "one_principal_alone_can_be_outdated",
        "nothing_is_kept_under_an_unknown_generation",
        "a_purge_forgets_one_principal",
        "a_full_store_forgets_no_write",
        "racing_reads_and_writes_find_nothing_stale",
    },
    stores.KeepsUnderNoGeneration: {
        "nothing_is_kept_under_an_unknown_generation",
    },
    stores.DeletesForEverybody: {
        "one_principal_alone_can_be_outdated",
        "other_records_are_untouched",
        "hostile_tags_do_not_meet",
    },
    stores.IgnoresNarrowInvalidation: {
        "every_write_gives_a_generation_never_seen_before",
        "one_principal_alone_can_be_outdated",
        "hostile_tags_do_not_meet",
        "a_touch_brings_nothing_back",
        "a_full_store_forgets_no_write",
    },
    stores.WatchesTheFirstTagAlone: {
        "every_write_gives_a_generation_never_seen_before",
        "an_entry_is_gone_after_a_write_to_any_of_its_tags",
        "a_read_that_a_write_overtook_is_not_kept",
        "one_principal_alone_can_be_outdated",
        "a_touch_brings_nothing_back",
        "a_full_store_forgets_no_write",
    },
    stores.CountsGenerationsFromZero: {
        "every_write_gives_a_generation_never_seen_before",
        "racing_reads_and_writes_find_nothing_stale",
    },
    stores.EvictsGenerations: {
        "a_full_store_forgets_no_write",
    },
    stores.PurgeLeavesReads: {
        "a_purge_forgets_one_principal",
    },
    stores.PurgesEverybody: {
        "a_tag_named_like_a_principal_is_only_a_tag",
        "a_purge_forgets_one_principal",
    },
    stores.TouchStores: {
        "a_touch_brings_nothing_back",
        "a_touch_replaces_nothing_newer",
        "a_touch_gives_nothing_to_others",
    },
    stores.TouchDoesNothing: {
        "a_touch_keeps_what_a_304_said",
    },
    stores.FoldsHeaders: {
        "an_answer_comes_back_as_it_was",
    },
    stores.ForgetsRedaction: {
        "an_answer_comes_back_as_it_was",
    },
    stores.CutsBodies: {
        "bodies_of_any_size_come_back",
    },
    stores.KeepsTheFirstAnswer: {
        "a_new_answer_replaces_the_old_one",
        "one_principal_alone_can_be_outdated",
    },
    stores.NewGenerationForEveryRead: {
        "reads_begin_under_one_generation_until_a_write",
    },
    stores.InvalidatesLate: {
        "selections_are_kept_apart",
        "every_write_gives_a_generation_never_seen_before",
        "an_entry_is_gone_after_a_write_to_any_of_its_tags",
        "a_read_that_a_write_overtook_is_not_kept",
        "a_read_that_a_write_overtook_replaces_nothing",
        "one_principal_alone_can_be_outdated",
        "hostile_tags_do_not_meet",
        "a_touch_brings_nothing_back",
        "racing_reads_and_writes_find_nothing_stale",
    },
    stores.ChecksThenWaits: {
        "racing_reads_and_writes_find_nothing_stale",
    },
    stores.SaysInProcessAndWaits: {
        "a_store_in_the_process_never_suspends",
    },
    stores.ClosesOnce: {
        "closing_twice_is_closing",
    },
    stores.ForgetsTheQuery: {
        "selections_are_kept_apart",
        "a_purge_forgets_one_principal",
    },
    stores.NeedsTags: {
        "an_answer_without_tags_can_be_kept",
    },
    stores.WorksWithoutGenerations: {
        "an_empty_store_has_no_entry",
        "nothing_is_kept_under_an_unknown_generation",
    },
    stores.TombstonesForever: {
        "an_entry_is_gone_after_a_write_to_any_of_its_tags",
        "a_read_that_a_write_overtook_replaces_nothing",
        "one_principal_alone_can_be_outdated",
        "what_is_read_after_a_write_is_kept",
        "a_tag_named_like_a_principal_is_only_a_tag",
        "a_purge_forgets_one_principal",
        "a_touch_brings_nothing_back",
        "a_touch_replaces_nothing_newer",
    },
    stores.ReadsAndWritesMemo: {
        "an_answer_comes_back_as_it_was",
    },
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_found_by_the_checks_that_are_about_it(fault):
    """The control: a store with one fault fails exactly the checks that name it, and passes the rest."""
    assert FAULTS[fault] == {check for check in CACHE_CHECKS if await fails(check, fault)}


async def fails(check, *open_store) -> bool:
    try:
        await check_cache(check, *open_store)
    except (AssertionError, RuntimeError):
        return True
    return False


SHARED_FAULTS = {
    stores.CachesGenerations: {
        "another_handle_obeys_a_write",
        "another_handle_obeys_a_purge",
        "closing_one_handle_leaves_the_other",
        "racing_processes_find_nothing_stale",
    },
    stores.GenerationsPerProcess: {
        "another_handle_obeys_a_write",
        "another_handle_obeys_a_purge",
        "closing_one_handle_leaves_the_other",
        "racing_processes_find_nothing_stale",
    },
    stores.CloseEmptiesTheStore: {
        "closing_one_handle_leaves_the_other",
    },
    stores.EntriesPerHandle: {
        "another_handle_finds_what_was_kept",
        "generations_are_the_same_in_every_process",
    },
    stores.SaltsGenerations: {
        "another_handle_finds_what_was_kept",
        "generations_are_the_same_in_every_process",
    },
}


@pytest.mark.parametrize("fault", SHARED_FAULTS)
async def test_each_fault_between_processes_is_found(fault):
    """The control for the checks with two handles."""
    failed = set()
    for check in SHARED_CACHE_CHECKS:
        shared = stores.Shared()
        if await fails(check, lambda shared=shared: fault(shared), lambda shared=shared: fault(shared)):
            failed.add(check)
    assert SHARED_FAULTS[fault] == failed


def test_every_check_is_failed_by_some_store():
    """No check is one that nothing can fail."""
    assert set(CACHE_CHECKS) == set().union(*FAULTS.values())
    assert set(SHARED_CACHE_CHECKS) == set().union(*SHARED_FAULTS.values())


@pytest.mark.parametrize(("name", "second"), [("no such check", None), (SHARED_CACHE_CHECKS[0], None)])
async def test_a_check_that_cannot_run_is_refused(name, second):
    """A misspelt check, or a shared one without a second handle, does not pass silently."""
    with pytest.raises(InvalidArgument, match="is not a check"):
        await check_cache(name, MemoryCache, second)


def test_every_check_says_what_must_hold():
    """A user who sees a check fail finds a sentence about it."""
    from clio_async.testing._cache import ALONE, SHARED

    assert all(check.__doc__ for check in [*ALONE.values(), *SHARED.values()])
