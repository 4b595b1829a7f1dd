"""The contract of a `CacheStore`, as checks that any implementation can run."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ..caches.base import CacheStore
from ..errors import InvalidArgument
from ._cache import ALONE, SHARED

__all__ = ["CACHE_CHECKS", "SHARED_CACHE_CHECKS", "OpenStore", "check_cache"]

OpenStore: TypeAlias = Callable[[], CacheStore] | Callable[[], Awaitable[CacheStore]]
"""Opens a handle on a store."""

CACHE_CHECKS: tuple[str, ...] = tuple(ALONE)
"""Names of the checks for every store."""

SHARED_CACHE_CHECKS: tuple[str, ...] = tuple(SHARED)
"""Names of the checks for a store that several processes share."""


async def check_cache(name: str, open_store: OpenStore, open_second: OpenStore | None = None) -> None:
    """Run one check of `CACHE_CHECKS` or `SHARED_CACHE_CHECKS`.

    Parametrize a test with the names, so that each check is a test of its own:

        @pytest.mark.parametrize("name", CACHE_CHECKS)
        async def test_my_store_keeps_the_contract(name, tmp_path):
            await check_cache(name, lambda: MyStore(tmp_path / "cache"))

    A store that several processes share runs `SHARED_CACHE_CHECKS` as well, with a second handle on the same store:

        await check_cache(name, lambda: MyStore(path), lambda: MyStore(path))

    Each check gets a store of its own: what the factory returns must be empty, and is closed afterwards. Nothing
    sleeps. A check that fails raises `AssertionError`, with a sentence that says what did not hold. The docstrings of
    the checks say what must hold, and the faults that they guard against.

    `open_second` opens another handle on the store that `open_store` opened last.

    :raises AssertionError: if the store does not keep the contract.
    :raises InvalidArgument: for an unknown check, or a shared one without `open_second`.
    """
    if name not in ALONE and name not in SHARED:
        raise InvalidArgument(f"{name!r} is not a check: see CACHE_CHECKS and SHARED_CACHE_CHECKS.")
    if name in SHARED and open_second is None:
        raise InvalidArgument(f"{name!r} is not a check for one handle: give open_second.")
    async with await _opened(open_store) as store:
        if open_second is None or name in ALONE:
            await ALONE[name](store)
            return
        async with await _opened(open_second) as second:
            await SHARED[name](store, second)


async def _opened(open_store: OpenStore) -> CacheStore:
    store = open_store()
    return await store if inspect.isawaitable(store) else store
