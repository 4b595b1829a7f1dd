"""The contract of a `SubscriptionStore`, as checks that any implementation can run."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import anyio
from attrs import evolve

from ..errors import InvalidArgument
from ..secrets import Secret
from ..webhooks.subscriptions import Subscription, SubscriptionStore

__all__ = ["SUBSCRIPTION_CHECKS", "OpenSubscriptions", "check_subscriptions"]

OpenSubscriptions: TypeAlias = Callable[[], SubscriptionStore] | Callable[[], Awaitable[SubscriptionStore]]
"""Opens a handle on a store."""

_EMPTY: Final = Subscription("key-1", "principal", "matter", "https://hooks.test/?a=1", "id,etag", ("created",))
_WHOLE: Final = evolve(
    _EMPTY,
    key="kéy\u2028\x00/../2",
    events=("created", "matter_opened"),
    webhook_id=2**62,
    secret=Secret('canary-4711-é"\\'),
    awaited_until=1_790_000_000.123456,
    covered_from=0.0,
    covered_until=1_789_999_999.5,
    walk='{"v":1,"mark":"é\\u2028"}' * 100,
    made_at=-1.5,
    seen_at=1e-7,
    expires_at=1_790_000_000,
    renew_at=1.7976931348623157e308,
    taken='created é"\u2028',
)


async def check_subscriptions(
    name: str, open_store: OpenSubscriptions, open_second: OpenSubscriptions | None = None
) -> None:
    """Run one check of `SUBSCRIPTION_CHECKS`. What `open_store` returns must be empty, and be new for each check.

        @pytest.mark.parametrize("name", SUBSCRIPTION_CHECKS)
        async def test_my_store_keeps_the_contract(name, tmp_path):
            await check_subscriptions(name, lambda: MyStore(tmp_path / "hooks"), lambda: MyStore(tmp_path / "hooks"))

    `open_second` opens a further handle on the same store, where processes share it. A check that fails raises
    `AssertionError`, with a sentence that says what did not hold. That `replace` is one step for several processes
    takes a test with processes.

    :raises InvalidArgument: if there is no such check.
    """
    check = _CHECKS.get(name)
    if check is None:
        raise InvalidArgument(f"There is no check {name!r}: SUBSCRIPTION_CHECKS names them.")
    first = await _opened(open_store)
    await check(first, first if open_second is None else await _opened(open_second))


async def _opened(factory: OpenSubscriptions) -> SubscriptionStore:
    found = factory()
    return await found if inspect.isawaitable(found) else found


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


async def _must_hold(store: SubscriptionStore, *expected: Subscription) -> None:
    found = {one.key: one for one in await store.all()}
    _must({one.key: one for one in expected} == found, f"all() has {[*found.values()]!r}, and not {expected!r}.")
    for one in expected:
        _must(await store.get(one.key) == one, f"get() does not return {one!r} as it was put there.")


async def what_is_put_there_is_found(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """Every attribute comes back equal and of its type, by every handle; what is not there is None."""
    await _must_hold(store)
    for one in (_EMPTY, _WHOLE):
        _must(await store.replace(None, one) is True, "replace(None, new) was not done in an empty place.")
    await _must_hold(store, _EMPTY, _WHOLE)
    await _must_hold(other, _EMPTY, _WHOLE)
    for key in ("", "key", "KEY-1", "principal"):
        _must(await store.get(key) is None, f"get({key!r}) returned something that nobody has put there.")
    found = await other.get(_WHOLE.key)
    _must(found is not None and isinstance(found.secret, Secret), "The secret came back as something else.")
    _must(found is not None and isinstance(found.events, tuple), "The events came back as something else.")


async def only_what_is_there_is_replaced(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """All of it is compared; what is refused changes nothing."""
    await store.replace(None, _EMPTY)
    new = evolve(_EMPTY, webhook_id=7)
    for old in (None, new, evolve(_EMPTY, secret=Secret("x")), evolve(_EMPTY, seen_at=1.0), evolve(_EMPTY, events=())):
        _must(await other.replace(old, evolve(_EMPTY, fields="id")) is False, f"{old!r} was replaced; it is not there.")
        await _must_hold(store, _EMPTY)
    _must(await other.replace(_EMPTY, new) is True, "What is there was not replaced.")
    await _must_hold(store, new)


async def what_is_taken_away_is_gone(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """`replace(old, None)` removes that one alone, once."""
    for one in (_EMPTY, _WHOLE):
        await store.replace(None, one)
    _must(await store.replace(evolve(_EMPTY, seen_at=1.0), None) is False, "Something else was taken away.")
    _must(await other.replace(_EMPTY, None) is True, "What is there was not taken away.")
    _must(await store.replace(_EMPTY, None) is False, "What is gone was taken away again.")
    await _must_hold(store, _WHOLE)
    _must(await store.replace(None, _EMPTY) is True, "What is gone could not be added again.")


async def one_of_many_at_once_replaces(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """Of several that replace the same at once exactly one is told that it was done, and its own is there."""
    await store.replace(None, _EMPTY)
    done: list[Subscription] = []

    async def one(number: int) -> None:
        new = evolve(_EMPTY, webhook_id=number)
        if await (store, other)[number % 2].replace(_EMPTY, new):
            done.append(new)

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(one, number)
    _must(len(done) == 1, f"{len(done)} replaced the same.")
    await _must_hold(store, *done)


async def nothing_is_refused(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """A `replace` of nothing, or of two keys, is `InvalidArgument`, and changes nothing."""
    await store.replace(None, _EMPTY)
    for old, new in ((None, None), (_EMPTY, _WHOLE)):
        try:
            await other.replace(old, new)
        except InvalidArgument:
            await _must_hold(store, _EMPTY)
        else:
            raise AssertionError("replace took nothing, or two keys.")


async def no_secret_is_shown(store: SubscriptionStore, other: SubscriptionStore) -> None:
    """Neither the store nor what it returns shows a secret."""
    await store.replace(None, _WHOLE)
    shown = f"{store!r} {other!r} {await store.all()!r} {await other.get(_WHOLE.key)!r}"
    _must("4711" not in shown, "A secret is shown.")


_CHECKS: Final = {
    check.__name__: check
    for check in (
        what_is_put_there_is_found,
        only_what_is_there_is_replaced,
        what_is_taken_away_is_gone,
        one_of_many_at_once_replaces,
        nothing_is_refused,
        no_secret_is_shown,
    )
}

SUBSCRIPTION_CHECKS: tuple[str, ...] = tuple(_CHECKS)
"""Names of the checks."""
