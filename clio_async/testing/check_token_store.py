"""The contract of a `TokenStore`, as checks that any implementation can run."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from ..auth.tokens import TokenStore
from ..errors import InvalidArgument
from ._tokens import ALONE, FAILING, FENCED, SHARED
from ._tokens.expect import Check, Expire, OpenAnother

__all__ = [
    "FAILING_TOKEN_STORE_CHECKS",
    "SHARED_TOKEN_STORE_CHECKS",
    "TOKEN_STORE_CHECKS",
    "OpenTokenStore",
    "check_token_store",
]

OpenTokenStore: TypeAlias = Callable[[], TokenStore] | Callable[[], Awaitable[TokenStore]]
"""Opens a handle on a store."""

TOKEN_STORE_CHECKS: tuple[str, ...] = tuple(ALONE)
"""Names of the checks for every store."""

SHARED_TOKEN_STORE_CHECKS: tuple[str, ...] = tuple(SHARED) + tuple(FENCED)
"""Names of the checks for a store that several processes share, or that outlives them."""

FAILING_TOKEN_STORE_CHECKS: tuple[str, ...] = tuple(FAILING)
"""Names of the checks for a store that fails whatever it is asked."""


async def check_token_store(
    name: str,
    open_store: OpenTokenStore,
    open_second: OpenTokenStore | None = None,
    expire: Expire | None = None,
) -> None:
    """Run one check of `TOKEN_STORE_CHECKS`, `SHARED_TOKEN_STORE_CHECKS` or `FAILING_TOKEN_STORE_CHECKS`.

    Parametrize a test with the names, so that each check is a test of its own:

        @pytest.mark.parametrize("name", TOKEN_STORE_CHECKS)
        async def test_my_store_keeps_the_contract(name, tmp_path):
            await check_token_store(name, lambda: MyStore(tmp_path / "tokens"))

    A store that outlives its handles runs `SHARED_TOKEN_STORE_CHECKS` as well, with further handles on the same store:

        await check_token_store(name, lambda: MyStore(path), lambda: MyStore(path))

    If its locks are lent for a time, and so can be lost while they are held, give it a function that makes those of a
    store run out at once, as they do for a process that was stopped:

        await check_token_store(name, lambda: MyStore(path), lambda: MyStore(path), my_expire)

    And a store that fails, because it is out of reach or holds something else under each key, runs
    `FAILING_TOKEN_STORE_CHECKS`:

        await check_token_store(name, lambda: MyStore("/nowhere/at/all"))

    Each check gets a store of its own: what the factory returns must be empty. If it has a method `aclose`, that is
    awaited afterwards. Nothing sleeps. A check that fails raises `AssertionError`, with a sentence that says what did
    not hold. The docstrings of the checks say what must hold, and the faults that they guard against.

    Two things are not seen. The handles of a shared check are in one process: whether `save` is one step for several
    processes takes a test with processes. And a store without a lock passes the checks of locks: a lock is optional. So
    are locks that can be lost: without `expire` those who lose one are not looked at.

    `open_second` opens another handle on the store that `open_store` opened last.

    :raises AssertionError: if the store does not keep the contract.
    :raises InvalidArgument: for an unknown check, or a shared one without `open_second`.
    """
    handles: list[TokenStore] = []

    async def opened(open_one: OpenTokenStore) -> TokenStore:
        store = open_one()
        handles.append(await store if inspect.isawaitable(store) else store)
        return handles[-1]

    check = _check(name, None if open_second is None else partial(opened, open_second), expire)
    try:
        await check(await opened(open_store))
    finally:
        for store in handles:
            aclose = getattr(store, "aclose", None)
            if aclose is not None:
                await aclose()


def _check(name: str, open_another: OpenAnother | None, expire: Expire | None) -> Check:
    if name in SHARED or name in FENCED:
        if open_another is None:
            raise InvalidArgument(f"{name!r} is not a check for one handle: give open_second.")
        if name in SHARED:
            return lambda store: SHARED[name](store, open_another)
        return _nothing if expire is None else lambda store: FENCED[name](store, open_another, expire)
    check = ALONE.get(name) or FAILING.get(name)
    if check is None:
        raise InvalidArgument(
            f"{name!r} is not a check: see TOKEN_STORE_CHECKS, SHARED_TOKEN_STORE_CHECKS, FAILING_TOKEN_STORE_CHECKS."
        )
    return check


async def _nothing(_: TokenStore) -> None:
    """Look at nothing: the locks of the store cannot be lost."""
