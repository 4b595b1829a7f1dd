"""What the checks of `check_cache` have in common: their registers, made-up answers, and expectations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from ...caches.base import CacheStore, Entry, Generation
from ...messages import Headers

Check: TypeAlias = Callable[[CacheStore], Awaitable[None]]
SharedCheck: TypeAlias = Callable[[CacheStore, CacheStore], Awaitable[None]]

ALONE: dict[str, Check] = {}
SHARED: dict[str, SharedCheck] = {}


def alone(check: Check) -> Check:
    """Register a check of one handle."""
    ALONE[check.__name__] = check
    return check


def shared(check: SharedCheck) -> SharedCheck:
    """Register a check of two handles on one store."""
    SHARED[check.__name__] = check
    return check


def must(holds: bool, otherwise: str) -> None:
    """Fail the check with a sentence, whether or not assertions are switched off."""
    if not holds:
        raise AssertionError(otherwise)


_CLOCKS = 0.5  # seconds by which clocks may be apart

URL = "https://app.clio.com/api/v4/matters/42?fields=id,etag,client{id}"
RECORD = "https://app.clio.com/api/v4/matters/42"
LIST = "https://app.clio.com/api/v4/matters"
OTHER = "https://app.clio.com/api/v4/matters/43"
TAGS = (RECORD, LIST)
ANN = "a" * 31 + "1"
BEN = "a" * 31 + "2"


def answer(body: bytes = b'{"data":{"id":42}}', key: str = URL, **changes: Any) -> Entry:
    return Entry(
        key=key,
        headers=changes.get("headers", Headers([("ETag", '"1"'), ("Content-Type", "application/json")])),
        body=body,
        validator=changes.get("validator", ("If-None-Match", '"1"')),
        vary=changes.get("vary", ()),
        validated_at=changes.get("validated_at", 1000.0),
        expires_at=changes.get("expires_at", 4600.0),
        redacted=changes.get("redacted", False),
    )


async def keep(store: CacheStore, principal: str, key: str, tags: Sequence[str], entry: Entry) -> Generation:
    _, generation = await store.begin(principal, key, tags)
    kept = await store.commit(principal, key, tags, generation, entry)
    must(kept, f"An answer was refused although nothing was written: {principal!r}, {key[:80]!r}.")
    return generation


async def find(store: CacheStore, principal: str, key: str = URL, tags: Sequence[str] = TAGS) -> bytes | None:
    entry = (await store.begin(principal, key, tags)).entry
    return None if entry is None else entry.body


async def must_have(store: CacheStore, principal: str) -> Entry:
    """Return what `principal` finds, if it finds anything."""
    entry = (await store.begin(principal, URL, TAGS)).entry
    if entry is None:
        raise AssertionError(f"{principal!r} does not find the answer that was kept.")
    return entry


async def must_find(store: CacheStore, principal: str, body: bytes, key: str = URL, tags: Sequence[str] = TAGS) -> None:
    found = await find(store, principal, key, tags)
    must(found == body, f"{principal!r} should find its own answer under {key[:80]!r}, and found {found!r}.")


async def must_not_find(store: CacheStore, principal: str, why: str, key: str = URL) -> None:
    found = await find(store, principal, key)
    must(found is None, f"{why}, and {principal!r} still finds {found!r}.")


def must_equal(found: Entry, entry: Entry) -> None:
    for name in ("body", "validator", "vary", "key", "redacted"):
        got, kept = getattr(found, name), getattr(entry, name)
        must(got == kept, f"{name} came back as {got!r}, and was {kept!r}.")
    for name in ("validated_at", "expires_at", "age"):  # another process has another clock, and they are compared
        got, kept = getattr(found, name), getattr(entry, name)
        must(abs(got - kept) < _CLOCKS, f"{name} came back as {got!r}, and was {kept!r}.")
    must(found.headers.pairs == entry.headers.pairs, f"The headers came back as {found.headers.pairs!r}.")
