"""Whose secret a subscription has (row F69 of the fault table): that of the first handshake that we waited for."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async.errors import HandshakeRefused
from clio_async.secrets import Secret
from clio_async.webhooks.handshakes import shaken
from clio_async.webhooks.reply import Reply
from clio_async.webhooks.subscriptions import MemorySubscriptions, Subscription
from tests.webhooks.signing import (
    KEY,
    SECRET,
    Desk,
    delivery,
    desk_of,
    handshake,
    pending,
    signed,
    store_of,
    subscription,
)

FORGED = "the-secret-of-an-attacker-0123456789"


async def _shake(desk: Desk, secret: str = SECRET, *, webhook_id: Any = 7, target: str | None = None) -> Reply:
    where = f"?subscription={KEY}" if target is None else target
    return await desk.post(handshake(webhook_id), {"X-Hook-Secret": secret}, target=where)


async def _kept(desk: Desk) -> str | None:
    found = await desk.store.get(KEY)
    assert found is not None
    return None if found.secret is None else found.secret.reveal()


@pytest.mark.parametrize("known", [None, 7], ids=["before our own answer", "after it"])
async def test_a_handshake_that_is_awaited_is_answered_with_its_secret(known: int | None) -> None:
    """Also one that comes before Clio has answered the request that made the webhook. Then events are proved."""
    desk = desk_of(await store_of(pending(webhook_id=known)))
    reply = await _shake(desk)
    assert (200, (("X-Hook-Secret", SECRET),), b"") == (reply.status, reply.headers, reply.body)
    assert subscription() == await desk.store.get(KEY)
    assert (200, 1) == ((await desk.post(delivery())).status, len(desk.handled))


@pytest.mark.parametrize(
    ("kept", "target", "webhook_id", "secret"),
    [
        (subscription(), None, 7, FORGED),
        (subscription(awaited_until=100.0), None, 7, FORGED),
        (pending(awaited_until=None), None, 7, FORGED),
        (pending(awaited_until=50.0), None, 7, FORGED),
        (pending(awaited_until=49.0), None, 7, FORGED),
        (pending(webhook_id=8), None, 7, FORGED),
        (pending(webhook_id=7), "/hooks", 7, FORGED),
        (pending(), "/hooks", 7, FORGED),
        (pending(), "?subscription=guessed", 7, FORGED),
        (pending(), f"?subscription={KEY}&subscription={KEY}", 7, FORGED),
        (pending(), None, "7", FORGED),
        (pending(), None, None, FORGED),
        (pending(), None, 0, FORGED),
        (pending(), None, 7, ""),
        (pending(), None, 7, "x" * 513),
        (pending(), None, 7, "two\r\nlines"),
        (subscription(secret=None), None, 7, FORGED),
        (subscription(webhook_id=8, awaited_until=100.0), None, 7, SECRET),
        (subscription(webhook_id=None), None, 7, SECRET),
    ],
)
async def test_any_other_is_refused_and_changes_nothing(
    kept: Subscription, target: str | None, webhook_id: Any, secret: str
) -> None:
    """F69: secrets overwritten by an attacker: none; and none is echoed. A number of a webhook can be guessed."""
    desk = desk_of(await store_of(kept))
    reply = await _shake(desk, secret, webhook_id=webhook_id, target=target)
    assert reply.status in {403, 404}
    assert ((), b"") == (reply.headers, reply.body)
    assert kept == await desk.store.get(KEY)


@pytest.mark.parametrize("kept", [pending(webhook_id=7), subscription(secret=None, awaited_until=100.0)])
async def test_the_number_of_a_webhook_opens_nothing(kept: Subscription) -> None:
    """Numbers can be guessed: without the key in the address nothing is taken, whatever the body says."""
    desk = desk_of(await store_of(kept))
    body = b'{"data": {"webhook_id": 7}, "meta": {"webhook_id": 7}}'
    reply = await desk.post(body, {"X-Hook-Secret": FORGED}, target="/hooks")
    assert (403, ()) == (reply.status, reply.headers)
    assert kept == await desk.store.get(KEY)


async def test_only_the_first_of_several_is_taken() -> None:
    """Whoever comes later has another secret, and is refused."""
    desk = desk_of(await store_of(pending()))
    assert [200, 403, 403] == [(await _shake(desk, secret)).status for secret in (SECRET, FORGED, FORGED)]
    assert SECRET == await _kept(desk)
    assert 401 == (await desk.post(delivery(), signed(delivery(), FORGED))).status


@pytest.mark.parametrize("awaited", [None, 100.0, 1.0])
async def test_a_handshake_that_was_lost_on_its_way_back_is_answered_again(awaited: float | None) -> None:
    """With the secret that is known already, from the first one or from an answer of Clio; then nothing is awaited."""
    desk = desk_of(await store_of(subscription(awaited_until=awaited)))
    assert [200, 200] == [(await _shake(desk)).status for _ in range(2)]
    assert subscription() == await desk.store.get(KEY)


async def test_what_is_known_already_is_not_written_again() -> None:
    """A store that cannot be written to is no hindrance then."""

    class ReadOnly(MemorySubscriptions):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            assert old is None
            return await super().replace(old, new)

    store = ReadOnly()
    assert await store.replace(None, subscription())
    assert 200 == (await _shake(desk_of(store))).status


class Racing(MemorySubscriptions):
    """Somebody else writes just before each of the first so many replacements."""

    def __init__(self, *changes: dict[str, Any]) -> None:
        super().__init__()
        self.changes = [*changes]

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        if old is not None and self.changes:
            change = self.changes.pop(0)
            await super().replace(old, evolve(old, **change) if change else None)
        return await super().replace(old, new)


@pytest.mark.parametrize(
    ("changes", "status", "kept"),
    [
        ([{"webhook_id": 7}], 200, SECRET),
        ([{"webhook_id": 7}, {"covered_from": 1.0}, {"covered_from": 2.0}, {"covered_from": 3.0}], 200, SECRET),
        ([{"webhook_id": 8}], 403, None),
        ([{"webhook_id": 7, "secret": Secret("of another"), "awaited_until": None}], 403, "of another"),
        ([{"awaited_until": None}], 403, None),
        ([{"covered_from": float(n)} for n in range(5)], 403, None),
    ],
    ids=["its number is told", "busy", "another number", "another was first", "given up", "busy for ever"],
)
async def test_who_writes_at_the_same_time_loses_nothing(
    changes: list[dict[str, Any]], status: int, kept: str | None
) -> None:
    """What others have written is judged anew, and never overwritten."""
    store = Racing(*changes)
    assert await store.replace(None, pending())
    desk = desk_of(store)
    reply = await _shake(desk)
    assert (status, kept) == (reply.status, await _kept(desk))
    assert (reply.headers != ()) == (status == 200)


async def test_a_subscription_that_is_given_up_meanwhile_takes_no_secret() -> None:
    """It is gone: 403, and it does not come back."""
    store = Racing({})
    assert await store.replace(None, pending())
    reply = await _shake(desk_of(store))
    assert (403, None) == (reply.status, await store.get(KEY))


async def test_of_many_at_once_one_wins() -> None:
    """Whichever it is: its secret is kept, and it alone is echoed."""

    class Slow(MemorySubscriptions):
        async def get(self, key: str) -> Subscription | None:
            found = await super().get(key)
            await anyio.sleep(1)
            return found

    store = Slow()
    assert await store.replace(None, pending())
    desk = desk_of(store)
    replies: dict[str, Reply] = {}

    async def one(secret: str) -> None:
        replies[secret] = await _shake(desk, secret)

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(one, f"secret-{number:02}")
    winners = [secret for secret, reply in replies.items() if reply.status == 200]
    assert 1 == len(winners)
    assert {403} == {reply.status for secret, reply in replies.items() if secret not in winners}
    assert winners[0] == await _kept(desk)


def test_the_decision_is_one_of_its_arguments() -> None:
    """A moment before its end it is awaited; at its end it is not."""
    assert subscription() == shaken(pending(), Secret(SECRET), 7, 99.9)
    with pytest.raises(HandshakeRefused, match="waits for"):
        shaken(pending(), Secret(SECRET), 7, 100.0)
    with pytest.raises(HandshakeRefused, match="waits for"):
        shaken(pending(), Secret(SECRET), 7, float("nan"))
    with pytest.raises(HandshakeRefused, match="another webhook"):
        shaken(subscription(), Secret(SECRET), 8, 1.0)
    known = subscription()
    assert known is shaken(known, Secret(SECRET), 7, 1.0)
