"""Checks that a token is replaced only by whoever knew it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import anyio
from anyio.lowlevel import checkpoint
from attrs import evolve

from ...auth.tokens import Token, TokenStore
from ...secrets import Secret
from .expect import ANN, BEN, alone, must, must_equal, must_hold, must_not_save, must_save, token


@alone
async def a_first_save_needs_an_empty_place(store: TokenStore) -> None:
    """Whoever saw nothing overwrites nothing (F30)."""
    first, second = token(), token()
    await must_save(store, ANN, first, None)
    await must_not_save(store, ANN, second, None, first, "a token is stored already")


@alone
async def a_stale_save_changes_nothing(store: TokenStore) -> None:
    """Whoever saw an older token overwrites nothing, and learns it (F30)."""
    first, second, third = token(), token(), token()
    await must_save(store, ANN, first, None)
    await must_save(store, ANN, second, first)
    for previous in (first, third, None):
        await must_not_save(store, ANN, third, previous, second, "another token is stored")
    await must_save(store, ANN, third, second)
    await must_hold(store, ANN, third)


@alone
async def a_token_that_is_gone_is_not_replaced(store: TokenStore) -> None:
    """Whoever saw a token does not bring it back after it was removed, nor put one where none was."""
    first = token()
    await must_not_save(store, ANN, token(), first, None, "nothing is stored")
    await must_save(store, ANN, first, None)
    await must_save(store, ANN, None, first)
    await must_not_save(store, ANN, token(), first, None, "what is `previous` was removed")
    await must_save(store, ANN, first, None)
    await must_hold(store, ANN, first)


@alone
async def a_removal_compares_too(store: TokenStore) -> None:
    """Only the token that the caller saw is removed; where nothing is, removing nothing is right."""
    first, second = token(), token()
    await must_save(store, ANN, None, None)
    await must_not_save(store, ANN, None, first, None, "nothing is stored")
    await must_save(store, ANN, first, None)
    for previous in (second, None):
        await must_not_save(store, ANN, None, previous, first, "another token is stored")
    await must_save(store, ANN, None, first)
    await must_hold(store, ANN, None)


@alone
async def tokens_are_compared_by_revision(store: TokenStore) -> None:
    """`previous` is what is stored if its revision is; nothing else of it counts."""
    first = token()
    await must_save(store, ANN, first, None)
    alike = evolve(first, revision="another")
    await must_not_save(store, ANN, token(), alike, first, "`previous` has another revision")
    for revision in (first.revision.upper(), first.revision + " ", first.revision[:-1]):
        previous = evolve(first, revision=revision)
        await must_not_save(store, ANN, token(), previous, first, "`previous` has another revision")
    other = evolve(first, access_token=Secret("other"), expires_at=None, revoked=True)
    second = token()
    await must_save(store, ANN, second, other)
    await must_hold(store, ANN, second)


@alone
async def of_racing_saves_one_wins(store: TokenStore) -> None:
    """Of many that replace one token at once exactly one is told that it did, and its token is stored (F30)."""
    await race([store])


@alone
async def racing_renewals_lose_nothing(store: TokenStore) -> None:
    """Many that renew one token again and again: each renewal that was saved followed the one before it (F30)."""
    await renew([store])


async def race(handles: Sequence[TokenStore]) -> None:
    held: Token | None = None
    for turn in range(8):
        offers = [None if held is not None and turn % 3 == 2 and number % 4 == 0 else token() for number in range(12)]
        won: list[Token | None] = []

        async def offer(
            store: TokenStore, new: Token | None, seen: Token | None = held, won: list[Token | None] = won
        ) -> None:
            if await store.save(ANN, new, previous=seen):
                won.append(new)

        async with anyio.create_task_group() as tasks:
            for new, store in zip(offers, itertools.cycle(handles), strict=False):
                tasks.start_soon(offer, store, new)
        must(len(won) == 1, f"{len(won)} of 12 saves at once, all with the same `previous`, were told that they won.")
        for store in handles:
            must_equal(await store.load(ANN), won[0])
        held = won[0]


async def renew(handles: Sequence[TokenStore]) -> None:
    followed: dict[str, str] = {}
    faults: list[str] = []

    async def work(store: TokenStore, key: str) -> None:
        for _ in range(6):
            seen = await store.load(key)
            before = f"{key} first" if seen is None else seen.revision
            await checkpoint()
            new = token(user=key)
            if await store.save(key, new, previous=seen):
                if before in followed:
                    faults.append(f"{new.revision} and {followed[before]} have both replaced {before}.")
                followed[before] = new.revision

    async with anyio.create_task_group() as tasks:
        for number, store in zip(range(10), itertools.cycle(handles), strict=False):
            tasks.start_soon(work, store, (ANN, BEN)[number // len(handles) % 2])
    must(not faults, "; ".join(faults[:3]))
    for key in (ANN, BEN):
        last = f"{key} first"
        while last in followed:
            last = followed[last]
        found = await handles[0].load(key)
        must(
            found is not None and found.revision == last, f"A renewal was lost: {last} was saved, {found!r} is stored."
        )
