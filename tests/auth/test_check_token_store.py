"""The contract suite for token stores: right ones pass it, and each fault is found by the checks that are about it."""

from __future__ import annotations

import sqlite3
import sys
from functools import partial

import pytest

from clio_async import testing
from clio_async.auth.stores import FileTokenStore, MemoryTokenStore
from clio_async.errors import InvalidArgument, TokenStoreError
from clio_async.testing import check_cache, check_transport
from clio_async.testing._tokens import FENCED, expect
from clio_async.testing.check_token_store import (
    FAILING_TOKEN_STORE_CHECKS,
    SHARED_TOKEN_STORE_CHECKS,
    TOKEN_STORE_CHECKS,
    check_token_store,
)

from . import broken
from .sql_store import SqlTokenStore

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


async def opened_later() -> MemoryTokenStore:
    return MemoryTokenStore()


def sql(path) -> SqlTokenStore:
    return SqlTokenStore(lambda: sqlite3.connect(path / "tokens.db"))


RIGHT = {
    "MemoryTokenStore": lambda _: MemoryTokenStore,
    "awaited": lambda _: opened_later,
    "FileTokenStore": lambda path: partial(FileTokenStore, path / "tokens"),
    "SqlTokenStore": lambda path: partial(sql, path),
    "small": lambda _: broken.SmallStore,
    "locked": lambda _: broken.LockedStore,
    "leased": lambda _: broken.LeasedStore,
}
OUTSIDE = {
    "FileTokenStore": RIGHT["FileTokenStore"],
    "SqlTokenStore": RIGHT["SqlTokenStore"],
    "small": lambda _: partial(broken.SmallStore, broken.Shared()),
    "locked": lambda _: partial(broken.LockedStore, broken.Shared()),
    "leased": lambda _: partial(broken.LeasedStore, broken.Shared()),
}


@BACKENDS
@pytest.mark.parametrize("check", TOKEN_STORE_CHECKS)
@pytest.mark.parametrize("store", RIGHT)
async def test_a_right_store_passes(store, check, tmp_path):
    """Every check passes for the stores of the package, for the worked example and for minimal right ones."""
    await check_token_store(check, RIGHT[store](tmp_path))


@BACKENDS
@pytest.mark.parametrize("check", SHARED_TOKEN_STORE_CHECKS)
@pytest.mark.parametrize("store", OUTSIDE)
async def test_a_right_shared_store_passes(store, check, tmp_path):
    """Handles on one store pass the checks for processes that share."""
    open_store = OUTSIDE[store](tmp_path)
    await check_token_store(check, open_store, open_store)


@BACKENDS
@pytest.mark.parametrize("check", FENCED)
async def test_a_right_store_whose_locks_run_out_passes(check):
    """What is lent for a time may be lost, and is then nobody's to save under (F30)."""
    open_store = partial(broken.LeasedStore, broken.Shared())
    await check_token_store(check, open_store, open_store, broken.LeasedStore.expire)


def corrupt(path) -> FileTokenStore:
    """Return a store that holds a secret, but no token."""
    from clio_async.auth.files import file_name

    (path / "tokens").mkdir(mode=0o700)
    file = path / "tokens" / file_name(expect.ANN, "token")
    file.write_text('"firm-1/ann"\n{"access_token":"canary-4711","refresh_token":"canary-4711"}\n')
    file.chmod(0o600)
    return FileTokenStore(path / "tokens")


def corrupt_sql(path) -> SqlTokenStore:
    """Return a database in which a file of something else stands."""
    (path / "tokens.db").write_text("canary-4711" * 100)
    return sql(path)


FAILING = {
    "no parent": lambda path: FileTokenStore(path / "nowhere" / "tokens"),
    "corrupt file": corrupt,
    "no database": lambda path: sql(path / "nowhere"),
    "corrupt database": corrupt_sql,
    "small": lambda _: broken.Failing(),
}


@pytest.mark.parametrize("check", FAILING_TOKEN_STORE_CHECKS)
@pytest.mark.parametrize("store", FAILING)
async def test_a_store_that_fails_rightly_passes(store, check, tmp_path):
    """Stores that are out of reach, or hold something else, say so and show nothing (F37)."""
    await check_token_store(check, partial(FAILING[store], tmp_path))


FAULTS = {
    broken.OneForAll: {"keys_do_not_meet", "hostile_keys_do_not_meet", "racing_renewals_lose_nothing"},
    broken.FoldsCase: {"hostile_keys_do_not_meet"},
    broken.Trims: {"hostile_keys_do_not_meet"},
    broken.Cuts: {"hostile_keys_do_not_meet"},
    broken.Normalizes: {"hostile_keys_do_not_meet"},
    broken.ReplacesSeparators: {"hostile_keys_do_not_meet"},
    broken.RaisesForNothing: {"an_empty_store_has_no_token"},
    broken.ForgetsRevocation: {"a_token_comes_back_as_it_was"},
    broken.RoundsTimes: {"a_token_comes_back_as_it_was"},
    broken.CutsTokens: {"a_token_comes_back_as_it_was"},
    broken.EmptyForNone: {"a_token_comes_back_as_it_was"},
    broken.ReturnsItsOwnKind: {"a_token_comes_back_as_it_was"},
    broken.NeverCompares: {
        "a_first_save_needs_an_empty_place",
        "a_stale_save_changes_nothing",
        "a_token_that_is_gone_is_not_replaced",
        "a_removal_compares_too",
        "tokens_are_compared_by_revision",
        "of_racing_saves_one_wins",
        "racing_renewals_lose_nothing",
    },
    broken.FirstSaveWins: {"a_first_save_needs_an_empty_place", "a_stale_save_changes_nothing"},
    broken.UpsertsWhatIsGone: {"a_token_that_is_gone_is_not_replaced"},
    broken.RemovesAnything: {"a_removal_compares_too"},
    broken.NeverRemoves: {"keys_do_not_meet", "a_token_that_is_gone_is_not_replaced", "a_removal_compares_too"},
    broken.CannotRemoveNothing: {"a_removal_compares_too"},
    broken.ComparesAllOfIt: {"tokens_are_compared_by_revision"},
    broken.ComparesSecrets: {"tokens_are_compared_by_revision"},
    broken.ComparesLoosely: {"tokens_are_compared_by_revision"},
    broken.SaysNothing: {"a_first_save_needs_an_empty_place", "of_racing_saves_one_wins"},
    broken.WritesAndRefuses: {"a_first_save_needs_an_empty_place", "a_stale_save_changes_nothing"},
    broken.ChecksThenWaits: {"of_racing_saves_one_wins", "racing_renewals_lose_nothing"},
    broken.LocksNobody: {"a_lock_keeps_others_off", "a_waiter_that_is_cancelled_holds_nothing"},
    broken.LocksAll: {"locks_of_other_keys_are_others"},
    broken.KeepsTheLockAfterAnError: {"a_lock_ends_with_its_context"},
    broken.SwallowsErrors: {"a_lock_ends_with_its_context"},
    broken.GivesTheLockToTheCancelled: {"a_waiter_that_is_cancelled_holds_nothing"},
    broken.TakesForTheCancelled: {"a_waiter_that_is_cancelled_holds_nothing"},
    broken.LocksSaves: {"tokens_are_saved_under_the_lock"},
    broken.LocksLoads: {"tokens_are_saved_under_the_lock", "locks_of_other_keys_are_others"},
    broken.PutsBackWhatWasRemoved: {"what_was_removed_is_not_put_back"},
    broken.PutsBackOverAnything: {"what_was_saved_since_is_left_alone"},
    broken.ShowsItself: {"a_store_shows_no_secret"},
}
SHARED_FAULTS = {
    broken.KeepsToItself: {"another_handle_finds_what_was_saved", "what_was_saved_outlives_its_handle"},
    broken.StartsAnew: {"what_was_saved_outlives_its_handle"},
    broken.RemembersTokens: {
        "another_handle_finds_what_was_saved",
        "another_handle_obeys_a_save",
        "of_saves_that_race_through_handles_one_wins",
        "renewals_that_race_through_handles_lose_nothing",
    },
    broken.RemembersForComparing: {
        "another_handle_obeys_a_save",
        "of_saves_that_race_through_handles_one_wins",
        "renewals_that_race_through_handles_lose_nothing",
    },
    broken.ChecksThenWaits: {
        "of_saves_that_race_through_handles_one_wins",
        "renewals_that_race_through_handles_lose_nothing",
    },
    broken.LocksPerHandle: {"a_lock_keeps_other_handles_off"},
}
FENCED_FAULTS = {
    broken.NeverFences: {"who_lost_the_lock_saves_nothing"},
    broken.FencesWhileItIsHeld: {"who_lost_the_lock_saves_nothing"},
    broken.FencesWhoRanOut: {"a_lock_that_nobody_else_took_is_held"},
    broken.FreesAnothers: {"who_lost_the_lock_frees_no_other"},
}
FAILING_FAULTS = {
    broken.FailsUntyped: {"a_store_that_fails_says_so"},
    broken.FailsAsIfEmpty: {"a_store_that_fails_says_so"},
    broken.FailsWithTheToken: {"an_error_shows_no_secret", "an_error_can_be_pickled"},
    broken.FailsWithTheTokenAsCause: {"an_error_shows_no_secret"},
    broken.FailsWithTheTokenInALocal: {"an_error_shows_no_secret"},
    broken.FailsWithTheTokenInAnAttribute: {"an_error_shows_no_secret", "an_error_can_be_pickled"},
    broken.FailsUnpicklably: {"an_error_can_be_pickled"},
}


@pytest.fixture
def impatient(monkeypatch):
    """Take a store for hanging as soon as nothing else can happen any more."""
    monkeypatch.setattr(expect, "PATIENCE", 0.05)


def pairs(faults):
    return [
        pytest.param(store, check, id=f"{store.__name__}-{check}")
        for store in faults
        for check in sorted(faults[store])
    ]


@pytest.mark.parametrize(("store", "check"), pairs(FAULTS))
async def test_a_fault_is_found(store, check, impatient):
    """Each faulty store fails the checks that are about its fault, with a sentence or its own error."""
    with pytest.raises(TokenStoreError if store is broken.RaisesForNothing else AssertionError):
        await check_token_store(check, store)


@pytest.mark.parametrize(("store", "check"), pairs(SHARED_FAULTS))
async def test_a_fault_of_sharing_is_found(store, check):
    """So do stores whose handles do not agree."""
    shared = broken.Shared()
    with pytest.raises(AssertionError):
        await check_token_store(check, partial(store, shared), partial(store, shared))


@pytest.mark.parametrize(("store", "check"), pairs(FENCED_FAULTS))
async def test_a_fault_of_losing_locks_is_found(store, check):
    """So do stores whose locks are lost wrongly."""
    open_store = partial(store, broken.Shared())
    with pytest.raises(AssertionError):
        await check_token_store(check, open_store, open_store, store.expire)


@pytest.mark.parametrize(("store", "check"), pairs(FAILING_FAULTS))
async def test_a_fault_of_failing_is_found(store, check):
    """So do stores whose errors are wrong."""
    with pytest.raises(AssertionError):
        await check_token_store(check, store)


def test_every_check_finds_a_fault():
    """The control of the suite: no check passes whatever it is given."""
    for checks, faults in (
        (TOKEN_STORE_CHECKS, FAULTS),
        (SHARED_TOKEN_STORE_CHECKS, SHARED_FAULTS | FENCED_FAULTS),
        (FAILING_TOKEN_STORE_CHECKS, FAILING_FAULTS),
    ):
        assert {*checks} == set().union(*faults.values())


async def test_a_store_is_closed():
    """What has an end is ended, also if the check fails."""
    stores = []

    def opened(kind=broken.LockedStore):
        stores.append(kind())
        return stores[-1]

    await check_token_store("an_empty_store_has_no_token", opened)
    with pytest.raises(AssertionError):
        await check_token_store("a_lock_ends_with_its_context", partial(opened, broken.SwallowsErrors))
    assert [1, 1] == [store.closed for store in stores]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no such check", "'no such check' is not a check: see TOKEN_STORE_CHECKS, "),
        (
            "another_handle_obeys_a_save",
            "'another_handle_obeys_a_save' is not a check for one handle: give open_second.",
        ),
    ],
)
async def test_a_check_that_cannot_be_run_is_refused(name, said):
    """An unknown name, or a shared check without a second handle, is an error of the caller, who is told which."""
    with pytest.raises(InvalidArgument) as caught:
        await check_token_store(name, MemoryTokenStore)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("check", FAILING_TOKEN_STORE_CHECKS)
async def test_a_store_that_works_is_not_one_that_fails(check):
    """Whoever gives the checks of failing stores a good one is told what they want."""
    with pytest.raises(AssertionError, match="FAILING_TOKEN_STORE_CHECKS want a store that is out of reach"):
        await check_token_store(check, MemoryTokenStore)


@pytest.mark.parametrize("check", [check_token_store, check_cache, check_transport])
def test_help_says_how_to_use_it(check):
    """A function hides its module of the same name, so all that is said is in its own docstring."""
    module = sys.modules[check.__module__]
    assert len(module.__doc__.splitlines()) == 1
    names = [name for name in module.__all__ if name.endswith("_CHECKS") and name != "PLAIN_CHECKS"]
    assert [] == [name for name in names if name not in check.__doc__]
    assert check is getattr(testing, check.__name__)


def test_what_is_not_seen_is_said():
    """Neither the lack of a lock nor that of a step for all processes makes a check fail."""
    said = " ".join(check_token_store.__doc__.split())
    assert "takes a test with processes" in said
    assert "a lock is optional" in said
