"""`GuardedStore`: a store that is slow, down or broken costs little time and no truth (F46, F48)."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import anyio
import pytest
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.caches import guard as guard_module
from clio_async.caches.base import Begun, CacheStore, Entry
from clio_async.caches.guard import GuardedStore
from clio_async.errors import ClioWarning, InvalidArgument
from clio_async.messages import Headers
from clio_async.testing.check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache
from tests.virtual import VirtualLoop

from .stores import Shared, SmallStore

pytestmark = pytest.mark.filterwarnings("ignore::clio_async.errors.ClioWarning")

KEY, TAGS = "https://h/matters/1?fields=id", ("https://h/matters/1", "https://h/matters")
OTHER, OTHER_TAGS = "https://h/matters/2", ("https://h/matters/2",)
BUDGET, PAUSE = 0.125, 4.0  # exact in binary: the virtual clock knows no rounding


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    """Virtual time: a wait costs nothing, and the clock shows exactly how long it was."""
    if request.param == "asyncio":
        return "asyncio", {"loop_factory": VirtualLoop}
    return "trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}


class Flaky(SmallStore):
    """A store whose methods fail as told, by name: "down", "hangs", "slow", "late" (does it, then fails), an error."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.modes: dict[str, Any] = {}
        self.calls: list[str] = []
        self.closed = 0

    async def meet(self, name: str, step: Callable[[], Awaitable[Any]]) -> Any:
        self.calls.append(name)
        mode = self.modes.get(name, self.modes.get("all"))
        if mode == "hangs":
            await anyio.sleep_forever()
        if mode == "slow":
            await anyio.sleep(BUDGET / 2)
        if mode == "down":
            raise ConnectionRefusedError("redis://user:CANARY@h")
        if isinstance(mode, anyio.Event):
            await mode.wait()
        if isinstance(mode, Exception):
            raise mode
        result = await step()
        if mode == "late":
            raise ConnectionResetError
        return result

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        return await self.meet("begin", lambda: SmallStore.begin(self, principal, key, tags))

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: object, entry: Entry) -> bool:
        return await self.meet("commit", lambda: SmallStore.commit(self, principal, key, tags, generation, entry))

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        await self.meet("touch", lambda: SmallStore.touch(self, principal, key, entry))

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await self.meet("delete_tags", lambda: SmallStore.delete_tags(self, tags, principal=principal))

    async def purge(self, principal: str) -> None:
        await self.meet("purge", lambda: SmallStore.purge(self, principal))

    async def aclose(self) -> None:
        self.closed += 1


def guarded(store: CacheStore, **options: Any) -> GuardedStore:
    return GuardedStore(store, clock=anyio.current_time, budget=BUDGET, pause=PAUSE, **options)


def answer(body: bytes = b"old", key: str = KEY) -> Entry:
    return Entry(key, Headers([("ETag", '"1"')]), body, ("If-None-Match", '"1"'), (), 0.0, 3600.0)


async def keep(store: CacheStore, body: bytes = b"old", principal: str = "ann", key: str = KEY, tags=TAGS) -> bool:
    _, generation = await store.begin(principal, key, tags)
    return await store.commit(principal, key, tags, generation, answer(body, key))


async def found(store: CacheStore, principal: str = "ann", key: str = KEY, tags=TAGS) -> bytes | None:
    entry = (await store.begin(principal, key, tags)).entry
    return entry and entry.body


@pytest.mark.parametrize("check", CACHE_CHECKS)
async def test_around_a_right_store_the_contract_holds(check):
    """The guard is itself a store, and a right one."""
    await check_cache(check, lambda: guarded(SmallStore()))


@pytest.mark.parametrize("check", SHARED_CACHE_CHECKS)
async def test_around_a_shared_store_the_contract_holds(check):
    """Two processes, each with a guard of its own."""
    shared = Shared()
    await check_cache(check, lambda: guarded(SmallStore(shared)), lambda: guarded(SmallStore(shared)))


FAULTS = ["down", "hangs", TimeoutError(), OSError("disk full"), KeyError("x"), RecursionError(), AssertionError()]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_no_call_fails_and_none_takes_longer_than_the_budget(fault):
    """Whatever the store does, a read is a miss and a write is dropped, within the budget (F46)."""
    store = Flaky()
    guard = guarded(store, failures=1000)
    await keep(guard)
    store.modes["all"] = fault
    steps: list[Callable[[], Awaitable[Any]]] = [
        lambda: guard.begin("ann", KEY, TAGS),
        lambda: guard.commit("ann", KEY, TAGS, (0, 0, 0, 0, 0), answer()),
        lambda: guard.touch("ann", KEY, answer()),
        lambda: guard.delete_tags(TAGS),
        lambda: guard.delete_tags(TAGS, principal="ann"),
        lambda: guard.purge("ann"),
        lambda: guard.begin("ann", KEY, TAGS),
    ]
    results = []
    for step in steps:
        started = anyio.current_time()
        results.append(await step())
        assert anyio.current_time() - started <= BUDGET
    assert results == [Begun(None, None), False, None, None, None, None, Begun(None, None)]


async def test_without_the_guard_a_store_that_hangs_holds_the_call():
    """The control of F46: the bare store takes as long as it likes."""
    store = Flaky()
    store.modes["all"] = "hangs"
    with anyio.move_on_after(1000) as scope:
        await store.begin("ann", KEY, TAGS)
    assert scope.cancelled_caught


async def test_a_store_that_is_slow_within_the_budget_is_used():
    """The budget is a bound, not a wish."""
    store = Flaky()
    guard = guarded(store)
    store.modes["all"] = "slow"
    assert await keep(guard)
    assert await found(guard) == b"old"


OUTDATING = {
    "everybody": lambda store: store.delete_tags(TAGS[:1]),
    "one principal": lambda store: store.delete_tags(TAGS[1:], principal="ann"),
    "a purge": lambda store: store.purge("ann"),
}


@pytest.mark.parametrize("mode", ["down", "hangs"])
@pytest.mark.parametrize("outdating", OUTDATING)
async def test_what_could_not_be_outdated_is_not_read_until_it_is(outdating, mode):
    """A lost invalidation makes its tags dirty: the store is passed by, then told, then used again."""
    store = Flaky()
    guard = guarded(store, failures=1000)
    assert await keep(guard)
    generation = (await guard.begin("ann", KEY, TAGS)).generation
    store.modes["delete_tags"] = store.modes["purge"] = mode
    await OUTDATING[outdating](guard)
    assert await guard.begin("ann", KEY, TAGS) == Begun(None, None)
    assert not await guard.commit("ann", KEY, TAGS, generation, answer())
    assert await found(store) == b"old", "the store itself still holds it"
    store.modes.clear()
    assert not await guard.commit("ann", KEY, TAGS, generation, answer())
    assert await found(guard) is None
    assert await found(store) is None, "now it was told"
    assert await keep(guard, b"new")
    assert await found(guard) == b"new"


@pytest.mark.parametrize("outdating", OUTDATING)
async def test_a_guard_without_memory_would_give_what_is_outdated(outdating):
    """The control of F46: if a lost invalidation were dropped like any other write, the old answer would come back."""

    class Forgetful(GuardedStore):
        def _dirty_among(self, principal: str, tags: Sequence[str]) -> dict[Any, int]:
            return {}

    store = Flaky()
    guard = Forgetful(store, clock=anyio.current_time)
    assert await keep(guard)
    store.modes["delete_tags"] = store.modes["purge"] = "down"
    await OUTDATING[outdating](guard)
    assert await found(guard) == b"old"


async def test_what_does_not_depend_on_it_is_still_read():
    """A lost invalidation costs its own tags and principal alone."""
    store = Flaky()
    guard = guarded(store, failures=1000)
    await keep(guard, b"of ann")
    await keep(guard, b"of ben", "ben")
    await keep(guard, b"other", key=OTHER, tags=OTHER_TAGS)
    store.modes["delete_tags"] = store.modes["purge"] = "down"
    await guard.delete_tags(TAGS, principal="ann")
    assert [await found(guard), await found(guard, "ben")] == [None, b"of ben"]
    await guard.delete_tags(TAGS)
    assert await found(guard, "ben") is None
    assert await found(guard, key=OTHER, tags=OTHER_TAGS) == b"other"
    await guard.purge("ann")
    assert await found(guard, key=OTHER, tags=OTHER_TAGS) is None


async def test_what_was_lost_is_told_as_soon_as_the_store_answers():
    """Other processes learn of a lost invalidation from the next operation, whatever that is about."""
    shared = Shared()
    store, elsewhere = Flaky(shared), SmallStore(shared)
    guard = guarded(store)
    await keep(elsewhere)
    store.modes["delete_tags"] = "down"
    await guard.delete_tags(TAGS)
    assert await found(elsewhere) == b"old"
    store.modes.clear()
    await found(guard, key=OTHER, tags=OTHER_TAGS)
    assert await found(elsewhere) is None


async def test_a_write_catches_up_too():
    """A process that only writes tells what it lost, too."""
    shared = Shared()
    store, elsewhere = Flaky(shared), SmallStore(shared)
    guard = guarded(store)
    await keep(elsewhere)
    store.modes["delete_tags"] = "down"
    await guard.delete_tags(TAGS)
    store.modes.clear()
    await guard.delete_tags(OTHER_TAGS)
    assert await found(elsewhere) is None
    assert guard._dirty == {}


async def test_catching_up_is_not_tried_at_every_read():
    """Where reads work and writes do not, reads of other records do not pay for it each time."""
    store = Flaky()
    guard = guarded(store)
    store.modes["delete_tags"] = "hangs"
    await guard.delete_tags(TAGS)
    for _ in range(20):
        await guard.begin("ann", OTHER, OTHER_TAGS)
    assert store.calls.count("delete_tags") == 2
    await anyio.sleep(PAUSE)
    await guard.begin("ann", OTHER, OTHER_TAGS)
    assert store.calls.count("delete_tags") == 3


async def test_a_later_invalidation_that_fails_is_not_covered_by_an_earlier_one_that_succeeds():
    """Two writes of one record at once: the tags stay dirty until the later one is recorded (F44)."""
    store = Flaky()
    guard = guarded(store)
    await keep(guard)
    store.modes["delete_tags"] = released = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(guard.delete_tags, TAGS)
        await anyio.wait_all_tasks_blocked()
        store.modes["delete_tags"] = "down"
        await guard.delete_tags(TAGS)
        released.set()
    assert guard._dirty, "the second write was not recorded"
    store.modes.clear()
    assert await found(guard) is None
    assert not guard._dirty


async def test_an_invalidation_that_was_cancelled_is_dirty():
    """Cancellation in the middle of telling the store loses nothing (F71)."""
    store = Flaky()
    guard = guarded(store)
    await keep(guard)
    store.modes["delete_tags"] = "hangs"
    with anyio.move_on_after(BUDGET / 2):
        await guard.delete_tags(TAGS)
    store.modes["delete_tags"] = "down"
    assert await found(guard) is None
    assert await found(store) == b"old"


async def test_cancellation_passes_through():
    """The guard catches errors, not the caller's own end."""
    store = Flaky()
    guard = guarded(store)
    store.modes["begin"] = "hangs"
    with anyio.move_on_after(BUDGET / 2) as scope:
        await guard.begin("ann", KEY, TAGS)
        raise AssertionError("not reached")
    assert scope.cancelled_caught


async def test_the_breaker_opens_and_closes():
    """After some failures in a row the store is left alone; after the pause it is tried again."""
    store = Flaky()
    guard = guarded(store, failures=3)
    store.modes["all"] = "down"
    for _ in range(10):
        assert await guard.begin("ann", KEY, TAGS) == Begun(None, None)
    assert len(store.calls) == 3
    await anyio.sleep(PAUSE - BUDGET)
    await guard.begin("ann", KEY, TAGS)
    assert len(store.calls) == 3
    await anyio.sleep(BUDGET)
    await guard.begin("ann", KEY, TAGS)
    await guard.begin("ann", KEY, TAGS)
    assert len(store.calls) == 4, "one failure after the pause opens it again"
    await anyio.sleep(PAUSE)
    store.modes.clear()
    assert await keep(guard)
    assert await found(guard) == b"old"


async def test_what_keeps_no_entries_is_told_what_is_outdated():
    """A store that refuses entries has the breaker open, and not against invalidations: other processes need them."""
    store = Flaky()
    guard = guarded(store, failures=2)
    await keep(guard)
    store.modes["begin"] = store.modes["commit"] = "down"
    for _ in range(2):
        await guard.begin("ann", KEY, TAGS)
    for _ in range(2):
        await guard.delete_tags(TAGS)
        assert not guard._dirty
    assert ["delete_tags"] * 2 == store.calls[-2:]
    before = len(store.calls)
    await guard.begin("ann", KEY, TAGS)
    assert before == len(store.calls)  # it is still left alone for reads


async def test_after_a_lost_invalidation_the_next_one_waits():
    """A store that is down costs the writes of a pause one budget, not each its own; then it is tried again."""
    store = Flaky()
    guard = guarded(store, failures=1)
    store.modes["all"] = "hangs"
    await guard.begin("ann", KEY, TAGS)
    for _ in range(3):
        await guard.delete_tags(TAGS)
    assert 1 == store.calls.count("delete_tags")
    store.modes = {"begin": "down"}
    await guard.begin("ann", KEY, TAGS)
    await anyio.sleep(PAUSE)
    await guard.begin("ann", OTHER, OTHER_TAGS)  # takes the one try that reads have
    await guard.delete_tags(OTHER_TAGS)
    assert not guard._dirty


async def test_while_the_store_fails_a_write_is_remembered():
    """The store is not even asked, and yet the old answer is not found afterwards."""
    store = Flaky()
    guard = guarded(store, failures=1)
    await keep(guard)
    store.modes["all"] = "down"
    await guard.begin("ann", KEY, TAGS)
    await guard.delete_tags(OTHER_TAGS)
    store.modes.clear()
    await guard.delete_tags(TAGS)
    assert 1 == store.calls.count("delete_tags")
    await anyio.sleep(PAUSE)
    assert await found(guard) is None
    assert await found(store) is None


async def test_a_success_in_between_keeps_the_breaker_closed():
    """Failures count in a row only."""
    store = Flaky()
    guard = guarded(store, failures=2)
    for mode in ("down", None, "down", None, "down"):
        store.modes["all"] = mode
        await guard.begin("ann", KEY, TAGS)
    assert len(store.calls) == 5


async def test_invalidating_nothing_asks_nothing():
    """No tags: nothing to record, nothing to fail."""
    store = Flaky()
    guard = guarded(store)
    await guard.delete_tags([])
    await guard.delete_tags((), principal="ann")
    assert store.calls == []


async def test_a_tag_without_a_name_is_a_tag():
    """The empty tag is not mistaken for all of a principal."""
    store = Flaky()
    guard = guarded(store)
    await keep(guard)
    await guard.delete_tags([""], principal="ann")
    assert await found(guard) == b"old"


async def test_a_failure_is_told_once_and_without_its_text():
    """One warning, naming the kind of the error alone: its text may hold a password (F37)."""
    store = Flaky()
    guard = guarded(store)
    store.modes["all"] = "down"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for _ in range(3):
            await guard.begin("ann", KEY, TAGS)
    assert [ClioWarning] == [warning.category for warning in seen]
    assert "ConnectionRefusedError" in str(seen[0].message)
    assert "CANARY" not in str(seen[0].message)


async def test_a_store_that_loses_too_much_is_not_read_any_more(monkeypatch):
    """Beyond a bound nothing is known for sure: no reads, no commits; invalidations go on, for the others."""
    monkeypatch.setattr(guard_module, "_DIRTY_LIMIT", 20)
    shared = Shared()
    store, elsewhere = Flaky(shared), SmallStore(shared)
    guard = guarded(store, failures=1000)
    await keep(elsewhere)
    generation = (await guard.begin("ann", KEY, TAGS)).generation
    store.modes["delete_tags"] = "down"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for number in range(60):
            await guard.delete_tags([f"https://h/x/{number}"])
    assert len([warning for warning in seen if "too many" in str(warning.message)]) == 1
    assert len(guard._dirty) <= 20
    store.modes.clear()
    store.calls.clear()
    assert await guard.begin("ann", KEY, TAGS) == Begun(None, None)
    assert not await guard.commit("ann", KEY, TAGS, generation, answer())
    await guard.touch("ann", KEY, answer())
    assert store.calls == []
    await guard.delete_tags(TAGS)
    assert await found(elsewhere) is None


async def test_closing_closes_the_store():
    """The guard hands its end on."""
    store = Flaky()
    await guarded(store).aclose()
    assert store.closed == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "write", "read elsewhere", "purge", "wait"]),
        st.sampled_from([None, None, "down", "hangs", "late"]),
        st.sampled_from([None, None, "down", "hangs", "late"]),
        st.sampled_from(["ann", "ben"]),
    ),
    max_size=25,
)


async def play(guard: GuardedStore, store: Flaky, steps: list[Any]) -> None:
    """Read and write through `guard` while the store fails as told: no read may find an older version."""
    elsewhere, version = SmallStore(store.shared), 0
    for step, reading, writing, principal in steps:
        store.modes = {"begin": reading, "commit": reading, "delete_tags": writing, "purge": writing}
        if step == "write":
            await guard.delete_tags(TAGS[:1])
            version += 1
            await guard.delete_tags(TAGS[:1])
        elif step == "read":
            entry, generation = await guard.begin(principal, KEY, TAGS)
            assert entry is None or entry.body == f"{principal} {version}".encode()
            await guard.commit(principal, KEY, TAGS, generation, answer(f"{principal} {version}".encode()))
        elif step == "read elsewhere":
            await keep(elsewhere, f"{principal} {version}".encode(), principal)
        elif step == "purge":
            await guard.purge(principal)
        else:
            await anyio.sleep(PAUSE)


def play_in_virtual_time(cls: type[GuardedStore], steps: list[Any]) -> None:
    async def main() -> None:
        store = Flaky()
        await play(cls(store, clock=anyio.current_time, budget=BUDGET, pause=PAUSE, failures=4), store, steps)

    anyio.run(main, backend="asyncio", backend_options={"loop_factory": VirtualLoop})


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_however_the_store_fails_no_own_write_is_undone(steps):
    """Reads and writes fail, hang, or are done and then fail: no read finds what was before an own write (F44, F46)."""
    play_in_virtual_time(GuardedStore, steps)


def test_the_law_is_broken_without_the_memory_of_lost_invalidations():
    """The control of F44 and F46: the same play finds the old version."""

    class Forgetful(GuardedStore):
        async def _outdate(self, marks: list[Any]) -> None:
            await self._try(lambda: self._done(self._record(dict.fromkeys(marks, 0))))

    steps = [("read", None, None, "ann"), ("write", None, "down", "ann"), ("read", None, None, "ann")]
    play_in_virtual_time(GuardedStore, steps)
    with pytest.raises(AssertionError):
        play_in_virtual_time(Forgetful, steps)


class Prompt(Flaky):
    """A store whose `begin` waits for nothing."""

    answers_promptly = True


async def test_a_prompt_store_is_asked_without_a_budget(monkeypatch):
    """To begin a read it needs no scope; all else has one, also to begin where something was lost."""
    entered: list[float] = []
    budget = anyio.fail_after

    def counted(seconds: float) -> Any:
        entered.append(seconds)
        return budget(seconds)

    monkeypatch.setattr(guard_module.anyio, "fail_after", counted)
    store = Prompt()
    guard = guarded(store)
    assert await keep(guard)
    assert 1 == len(entered)
    assert b"old" == await found(guard)
    assert 1 == len(entered)
    store.modes["delete_tags"] = "down"
    await guard.delete_tags(TAGS)
    assert None is await found(guard)
    assert 3 == len(entered)


async def test_a_prompt_store_has_a_breaker_too():
    """Its failures count, it is left alone, and it comes back."""
    store = Prompt()
    guard = guarded(store, failures=2)
    store.modes["all"] = "down"
    for _ in range(5):
        assert Begun(None, None) == await guard.begin("ann", KEY, TAGS)
    assert 2 == len(store.calls)
    store.modes.clear()
    await anyio.sleep(PAUSE)
    assert await keep(guard)
    assert b"old" == await found(guard)


@pytest.mark.parametrize("cls", [Flaky, Prompt])
async def test_one_caller_alone_finds_out_whether_a_store_is_back(cls):
    """After the pause one waits for a store that still hangs, and the others do without it at once."""
    store = cls()
    guard = guarded(store, failures=1)
    store.modes["all"] = "down"
    await guard.begin("ann", KEY, TAGS)
    await anyio.sleep(PAUSE)
    store.modes["all"] = released = anyio.Event()
    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(guard.begin, "ann", KEY, TAGS)
        await anyio.wait_all_tasks_blocked()
        assert 2 == len(store.calls)
        released.set()
    store.modes.clear()
    assert await keep(guard)


async def test_closing_tells_what_was_lost():
    """A client that ends tries once more, so that other processes do not give what is outdated."""
    shared = Shared()
    store, elsewhere = Flaky(shared), SmallStore(shared)
    guard = guarded(store)
    await keep(elsewhere)
    store.modes["delete_tags"] = "down"
    await guard.delete_tags(TAGS)
    await guard.aclose()
    assert (b"old", 1) == (await found(elsewhere), store.closed)
    store.modes.clear()
    await guard.aclose()
    assert (None, 2) == (await found(elsewhere), store.closed)


async def test_the_advice_of_our_own_errors_is_given():
    """Words of ours hold no secret, and say what to do."""
    store = Flaky()
    store.modes["all"] = InvalidArgument("Name another file.")
    with pytest.warns(ClioWarning, match="Name another file"):
        await guarded(store).begin("ann", KEY, TAGS)
