"""Turns: who writes one record waits for whoever writes it now."""

from __future__ import annotations

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async import NotSentTimeout, UsageError
from clio_async.turns import Turns


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_turns_of_one_name_do_not_overlap_and_keep_their_order() -> None:
    """Who came first is served first, and nothing is kept afterwards (F26)."""
    turns, seen = Turns(), list[str]()

    async def take(name: str, label: str) -> None:
        async with turns.of(name):
            seen.append(f"{label} in")
            await checkpoint()
            await checkpoint()
            seen.append(f"{label} out")

    async with anyio.create_task_group() as tasks:
        for label in "abc":
            tasks.start_soon(take, "one", label)
            await checkpoint()
    assert ["a in", "a out", "b in", "b out", "c in", "c out"] == seen
    assert 0 == len(turns)


async def test_turns_of_other_names_do_not_wait() -> None:
    """One record has nothing to do with another."""
    turns = Turns()
    async with turns.of("one"), turns.of("two"):
        assert 2 == len(turns)
    assert 0 == len(turns)


async def test_who_gives_up_does_not_hold_others_up() -> None:
    """A task that is cancelled while it waits leaves the queue in order."""
    turns, seen = Turns(), list[str]()

    async def wait(label: str, scope: anyio.CancelScope) -> None:
        with scope:
            async with turns.of("one"):
                seen.append(label)

    async with anyio.create_task_group() as tasks, turns.of("one"):
        given_up = anyio.CancelScope()
        tasks.start_soon(wait, "never", given_up)
        await checkpoint()
        tasks.start_soon(wait, "last", anyio.CancelScope())
        await checkpoint()
        given_up.cancel()
        await checkpoint()
        assert 1 == len(turns)
    assert ["last"] == seen
    assert 0 == len(turns)


async def test_who_fails_makes_way() -> None:
    """An error in a turn ends it."""
    turns = Turns()
    with pytest.raises(KeyError):
        async with turns.of("one"):
            raise KeyError
    async with turns.of("one"):
        assert 1 == len(turns)


def test_event_loops_do_not_wait_for_each_other() -> None:
    """A client may be used in two threads, each with a loop: a lock of one cannot be waited for in the other."""
    turns = Turns()

    async def outer() -> None:
        async with turns.of("one"):
            await anyio.to_thread.run_sync(anyio.run, inner)

    async def inner() -> None:
        async with turns.of("one"):
            assert 2 == len(turns)

    anyio.run(outer)
    assert 0 == len(turns)


async def test_who_waits_for_too_long_is_told_so_and_holds_nobody_up() -> None:
    """The wait is bounded; the next one gets the turn all the same."""
    turns, seen = Turns(), list[str]()

    async def wait(label: str, seconds: float | None) -> None:
        if seconds is None:
            async with turns.of("/matters/1.json", "me", seconds):
                seen.append(label)
            return
        with pytest.raises(NotSentTimeout, match=r"^/matters/1\.json is being written by other edits"):
            async with turns.of("/matters/1.json", "me", seconds):
                raise AssertionError
        seen.append(f"{label} gave up")

    async with anyio.create_task_group() as tasks:
        async with turns.of("/matters/1.json", "me"), turns.of("/matters/1.json", "another"):
            tasks.start_soon(wait, "bounded", 0.0)
            tasks.start_soon(wait, "unbounded", None)
            while not seen:
                await checkpoint()
        assert ["bounded gave up"] == seen
    assert ["bounded gave up", "unbounded"] == seen
    assert 0 == len(turns)


async def test_who_is_cancelled_is_not_told_of_the_time() -> None:
    """A cancellation from outside stays one, also under a bound; the turn is left to others."""
    turns = Turns()
    with anyio.CancelScope() as scope:
        async with turns.of("one", "", 1000.0):
            scope.cancel()
            await checkpoint()
    assert scope.cancelled_caught
    with anyio.CancelScope() as scope:
        scope.cancel()
        async with turns.of("one", "", 1000.0):
            raise AssertionError
    assert scope.cancelled_caught
    assert 0 == len(turns)
    async with turns.of("one"):
        assert 1 == len(turns)


async def test_who_has_the_turn_does_not_wait_for_it() -> None:
    """It would never come. The turn that it has stays its own."""
    turns = Turns()
    async with turns.of("/matters/1.json"):
        with pytest.raises(UsageError, match="would wait for itself"):
            async with turns.of("/matters/1.json"):
                raise AssertionError
        assert 1 == len(turns)
    assert 0 == len(turns)
