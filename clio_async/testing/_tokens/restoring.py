"""Checks of what a store is given back after it was lost."""

from __future__ import annotations

from ...auth.tokens import TokenStore
from .expect import ANN, alone, must_equal, must_hold, must_save, token


@alone
async def what_was_removed_is_not_put_back(store: TokenStore) -> None:
    """A process that still holds a token which another has removed does not bring it back (F31)."""
    first, newer = token(), token()
    await must_save(store, ANN, first, None)
    await must_save(store, ANN, None, first)
    must_equal(await store.restore(ANN, first, found=None), None)
    await must_hold(store, ANN, None)
    await must_save(store, ANN, newer, None)
    await must_hold(store, ANN, newer)


@alone
async def what_was_saved_since_is_left_alone(store: TokenStore) -> None:
    """A token is put back over what its process has seen there, and over nothing else (F30)."""
    first, newer = token(), token(renewals=1)
    await must_save(store, ANN, first, None)
    await must_save(store, ANN, newer, first)
    for seen in (None, first):
        await store.restore(ANN, token(renewals=2), found=seen)
        await must_hold(store, ANN, newer)
