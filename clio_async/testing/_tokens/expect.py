"""What the checks of `check_token_store` have in common: their registers, made-up tokens, and expectations."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any, TypeAlias

import anyio
from attrs import asdict

from ...auth.tokens import Token, TokenStore
from ...secrets import Secret

Check: TypeAlias = Callable[[TokenStore], Awaitable[None]]
OpenAnother: TypeAlias = Callable[[], Awaitable[TokenStore]]
SharedCheck: TypeAlias = Callable[[TokenStore, OpenAnother], Awaitable[None]]
Expire: TypeAlias = Callable[[TokenStore], Awaitable[None]]
FencedCheck: TypeAlias = Callable[[TokenStore, OpenAnother, Expire], Awaitable[None]]

ALONE: dict[str, Check] = {}
SHARED: dict[str, SharedCheck] = {}
FENCED: dict[str, FencedCheck] = {}
FAILING: dict[str, Check] = {}


def alone(check: Check) -> Check:
    """Register a check of one handle."""
    ALONE[check.__name__] = check
    return check


def shared(check: SharedCheck) -> SharedCheck:
    """Register a check of several handles on one store."""
    SHARED[check.__name__] = check
    return check


def fenced(check: FencedCheck) -> FencedCheck:
    """Register a check of several handles on one store whose locks can run out."""
    FENCED[check.__name__] = check
    return check


def failing(check: Check) -> Check:
    """Register a check of a store that fails."""
    FAILING[check.__name__] = check
    return check


def must(holds: bool, otherwise: str) -> None:
    """Fail the check with a sentence, whether or not assertions are switched off."""
    if not holds:
        raise AssertionError(otherwise)


ANN = "firm-1/ann"
BEN = "firm-1/ben"
CANARY = "canary-4711"
PATIENCE = 30.0
"""Seconds after which a check says that a store hangs. No right store comes near it."""

_numbers = itertools.count(1)


def token(**changes: Any) -> Token:
    """Make a token up, with a revision that no other has."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "access_token": Secret(f"{CANARY}-access-{number}"),
        "refresh_token": Secret(f"{CANARY}-refresh-{number}"),
        "expires_at": 1_790_003_600.0 + number,
        "obtained_at": 1_790_000_000.0 + number,
        "origin": "https://app.clio.com",
        "client_id": "client-1",
        "grant": "grant-1",
        "account": "firm-1",
        "user": "ann",
        "revision": f"revision-{number}",
    }
    return Token(**{**values, **changes})


def must_equal(found: Token | None, saved: Token | None) -> None:
    if found is None or saved is None:
        must(found is saved, f"What came back is {found!r}, and {saved!r} was saved.")
        return
    got, kept = asdict(found, recurse=False), asdict(saved, recurse=False)
    must(type(found) is type(saved), f"What came back is no Token, but a {type(found).__name__}.")
    for name, value in kept.items():
        must(got[name] == value, f"{name} came back as {got[name]!r}, and was {value!r}.")


async def must_hold(store: TokenStore, key: str, saved: Token | None) -> None:
    must_equal(await store.load(key), saved)


async def must_save(store: TokenStore, key: str, new: Token | None, previous: Token | None) -> None:
    saved = await store.save(key, new, previous=previous)
    must(saved is True, f"save returned {saved!r} although `previous` was what is stored under {key[:80]!r}.")


async def must_not_save(
    store: TokenStore, key: str, new: Token | None, previous: Token | None, held: Token | None, why: str
) -> None:
    saved = await store.save(key, new, previous=previous)
    must(saved is False, f"save returned {saved!r}, although {why}.")
    await must_hold(store, key, held)


def locks(store: TokenStore) -> bool:
    """Tell whether a store offers locks."""
    return not isinstance(store.lock(ANN), nullcontext)


async def must_end(work: Callable[[], Awaitable[None]], otherwise: str) -> None:
    """Run some work, and fail with a sentence if it hangs."""
    with anyio.move_on_after(PATIENCE) as scope:
        await work()
    must(not scope.cancelled_caught, otherwise)
