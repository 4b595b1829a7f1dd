"""Checks of the lock, for stores that offer one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import anyio
from anyio.lowlevel import checkpoint

from ...auth.tokens import TokenStore
from .expect import ANN, BEN, alone, locks, must, must_end, must_hold, must_save, token


@alone
async def a_lock_keeps_others_off(store: TokenStore) -> None:
    """Of all that ask for the lock of a key, one at a time has it, and each gets it in the end (F30)."""
    if locks(store):
        await crowd([store])


@alone
async def locks_of_other_keys_are_others(store: TokenStore) -> None:
    """Whoever renews the token of one firm holds up no other firm (F52)."""
    if not locks(store):
        return

    async def both() -> None:
        async with store.lock(ANN), store.lock(BEN):
            await must_hold(store, BEN, None)

    await must_end(both, "The lock of one key keeps off those who want another.")


@alone
async def a_lock_ends_with_its_context(store: TokenStore) -> None:
    """However the context ends, by an error or a cancellation too, the lock is free for the next (F71)."""
    if not locks(store):
        return

    async def fail() -> None:
        async with store.lock(ANN):
            raise _FailedError

    async def hold() -> None:
        with anyio.CancelScope() as scope:
            async with store.lock(ANN):
                scope.cancel()
                await checkpoint()

    async def again() -> None:
        for _ in range(3):
            async with store.lock(ANN):
                await checkpoint()

    try:
        await fail()
    except _FailedError:
        pass
    else:
        must(False, "The lock swallows what is raised under it.")
    await must_end(again, "The lock is still held after an error.")
    await hold()
    await must_end(again, "The lock is still held after its holder was cancelled.")


@alone
async def a_waiter_that_is_cancelled_holds_nothing(store: TokenStore) -> None:
    """Whoever is cancelled while it waits, at any moment, gets no lock that is held, and keeps nobody off (F71)."""
    if not locks(store):
        return
    holders: set[str] = set()
    crowds: list[set[str]] = []

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            async with store.lock(ANN):
                crowds.append({*holders})

    async def take() -> None:
        async with store.lock(ANN):
            await checkpoint()

    for patience in range(8):
        async with anyio.create_task_group() as tasks, store.lock(ANN):
            holders.add("the first")
            scopes = [anyio.CancelScope() for _ in range(3)]
            for scope in scopes:
                tasks.start_soon(wait, scope)
            for _ in range(patience):
                await checkpoint()
            for scope in scopes:
                scope.cancel()
            for _ in range(3):
                await checkpoint()
            holders.clear()
        must(not any(crowds), "Somebody got a lock that was held.")
        await must_end(take, "A waiter that was cancelled holds the lock.")


@alone
async def tokens_are_saved_under_the_lock(store: TokenStore) -> None:
    """Whoever holds the lock can load and save, and others can load meanwhile (F30)."""
    if not locks(store):
        return
    first, second = token(), token()

    async def renew() -> None:
        async with store.lock(ANN):
            await must_save(store, ANN, first, await store.load(ANN))
            await must_save(store, ANN, second, first)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(must_hold, store, ANN, second)

    await must_end(renew, "The holder of the lock cannot load or save, or others cannot load.")
    await must_hold(store, ANN, second)


class _FailedError(Exception):
    pass


async def crowd(handles: Sequence[TokenStore]) -> None:
    inside: set[int] = set()
    crowds: list[int] = []  # how many were inside when each came in

    async def enter(store: TokenStore, number: int) -> None:
        for _ in range(4):
            async with store.lock(ANN):
                inside.add(number)
                crowds.append(len(inside))
                for _ in range(3):
                    await checkpoint()
                inside.remove(number)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as tasks:
            for number, store in zip(range(6), itertools.cycle(handles), strict=False):
                tasks.start_soon(enter, store, number)

    await must_end(all_of_them, "Some never get the lock.")
    must(max(crowds) == 1, f"{max(crowds)} held the lock of one key at once.")
