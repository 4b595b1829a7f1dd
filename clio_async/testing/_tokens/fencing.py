"""Checks of locks that are lent for a time, for stores whose tests can make them run out."""

from __future__ import annotations

import anyio
from anyio.lowlevel import checkpoint

from ...auth.tokens import TokenStore
from .expect import ANN, Expire, OpenAnother, fenced, must, must_end, must_hold, must_not_save, must_save, token


@fenced
async def who_lost_the_lock_saves_nothing(store: TokenStore, open_another: OpenAnother, expire: Expire) -> None:
    """A process that was stopped while it held the lock replaces no token once another has had the lock, not even one
    that the other left as it was; under a lock of its own again it does (F30).
    """
    second = await open_another()
    first, late, newer = token(), token(), token()
    await must_save(store, ANN, first, None)

    async def stopped() -> None:
        async with store.lock(ANN):
            await expire(store)
            async with second.lock(ANN):
                await must_not_save(store, ANN, late, first, first, "another process has the lock by now")
                await must_not_save(store, ANN, None, first, first, "another process has the lock by now")
            await must_not_save(store, ANN, late, first, first, "another process has had the lock since")
        async with store.lock(ANN):
            await must_save(store, ANN, late, first)
        async with second.lock(ANN):
            await must_save(second, ANN, newer, late)

    await must_end(stopped, "A lock that has run out is not to be had.")
    await must_hold(store, ANN, newer)


@fenced
async def a_lock_that_nobody_else_took_is_held(store: TokenStore, open_another: OpenAnother, expire: Expire) -> None:
    """A process that was stopped alone loses nothing: the token that only it has is saved (F29)."""
    second = await open_another()
    first, late = token(), token()
    await must_save(second, ANN, first, None)
    async with store.lock(ANN):
        await expire(store)
        await must_save(store, ANN, late, first)
    await must_hold(second, ANN, late)


@fenced
async def who_lost_the_lock_frees_no_other(store: TokenStore, open_another: OpenAnother, expire: Expire) -> None:
    """A process that gives back a lock which it has lost leaves the lock with whoever has it (F30)."""
    second, third = await open_another(), await open_another()
    inside: list[str] = []
    crowds: list[list[str]] = []

    async def enter() -> None:
        async with third.lock(ANN):
            crowds.append([*inside])

    async def overtaken() -> None:
        lost = store.lock(ANN)
        await lost.__aenter__()
        await expire(store)
        async with anyio.create_task_group() as tasks, second.lock(ANN):
            await lost.__aexit__(None, None, None)
            inside.append("the second")
            tasks.start_soon(enter)
            for _ in range(10):  # time enough for one that is let in
                await must_hold(second, ANN, None)
                await checkpoint()
            inside.clear()

    await must_end(overtaken, "A lock that has run out is not to be had.")
    must(crowds == [[]], "Whoever gave back a lock that it had lost has freed the lock of another.")
