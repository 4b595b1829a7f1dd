"""An event that was not handled may be lost: its subscription has a gap, which `keep` closes (row F70)."""

from __future__ import annotations

import logging

import anyio
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clio_async.webhooks.event import Event
from clio_async.webhooks.gaps import widened
from clio_async.webhooks.receiver import Receiver
from clio_async.webhooks.subscriptions import MemorySubscriptions, Subscription
from tests.webhooks.signing import KEY, Desk, delivery, signed, store_of, subscription

NOW = 1_000_000.0
OLD = 5_400.0
"""Seconds: as old as an event can be."""


class Noting(MemorySubscriptions):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.replaced = 0
        self.others = 0

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        self.replaced += 1
        if self.others and old is not None:
            self.others -= 1
            self._kept[old.key] = evolve(old, seen_at=float(self.others))
        return await super().replace(old, new)


class Failing(Desk):
    """Its handler fails as long as it is told to, and its clock is a test's."""

    def __init__(self, store: MemorySubscriptions) -> None:
        super().__init__(store)
        self.now = NOW
        self.fails = True
        self.receiver = Receiver(store, self.handle, wall_clock=lambda: self.now, parallel=1, waiting=1)

    async def handle(self, event: Event) -> None:
        if self.fails:
            raise LookupError("of the application")
        self.handled.append(event)


async def _desk(*more: Subscription) -> tuple[Failing, Noting]:
    store = Noting()
    for one in (subscription(), *more):
        assert await store.replace(None, one)
    store.replaced = 0
    return Failing(store), store


async def _gap(store: MemorySubscriptions, key: str = KEY) -> tuple[float | None, float | None]:
    found = await store.get(key)
    assert found is not None
    return found.covered_from, found.covered_until


async def test_what_failed_is_a_gap() -> None:
    """From what is as old as an event can be, until now. What is handled, or refused, is none."""
    desk, store = await _desk(subscription(key="other", webhook_id=8))
    desk.fails = False
    assert 200 == (await desk.post(delivery())).status
    assert 401 == (await desk.post(delivery(), signed(delivery(), "forged"))).status
    assert 400 == (await desk.post(b"{}")).status
    assert ((None, None), 0) == (await _gap(store), store.replaced)
    desk.fails = True
    assert 500 == (await desk.post(delivery(43))).status
    assert (NOW - OLD, NOW) == await _gap(store)
    assert (None, None) == await _gap(store, "other")


async def test_what_was_sent_away_is_a_gap() -> None:
    """Where there was no room."""
    store = await store_of(subscription())
    opened = anyio.Event()

    async def wait(event: Event) -> None:
        await opened.wait()

    receiver = Receiver(store, wait, parallel=1, waiting=0, wall_clock=lambda: NOW)
    async with anyio.create_task_group() as group:
        body = delivery(1)
        group.start_soon(receiver.receive, "POST", f"?subscription={KEY}", signed(body), body)
        await anyio.wait_all_tasks_blocked()
        body = delivery(2)
        assert 503 == (await receiver.receive("POST", f"?subscription={KEY}", signed(body), body)).status
        opened.set()
    assert (NOW - OLD, NOW) == await _gap(store)


async def test_it_is_noted_once_a_minute_for_each_subscription() -> None:
    """However many fail; and soon enough for what Clio sends again after two minutes. A clock may go back."""
    desk, store = await _desk(subscription(key="other", webhook_id=8))
    for number in range(1, 50):
        assert 500 == (await desk.post(delivery(number))).status
    assert 1 == store.replaced
    body = delivery(1, webhook_id=8)
    assert 500 == (await desk.post(body, target="?subscription=other")).status
    assert 2 == store.replaced
    desk.now += 59.9
    assert 500 == (await desk.post(delivery())).status
    assert ((NOW - OLD, NOW), 2) == (await _gap(store), store.replaced)
    desk.now += 0.1
    assert 500 == (await desk.post(delivery())).status
    assert (NOW - OLD, NOW + 60.0) == await _gap(store)
    desk.now -= 1000.0
    assert 500 == (await desk.post(delivery())).status
    assert (NOW - OLD, NOW + 60.0) == await _gap(store)
    assert 1 == len(desk.receiver._gaps._noted)


async def test_what_others_change_meanwhile_stays() -> None:
    """The gap is noted with what they have noted; after five times of that it is left to the next minute."""
    desk, store = await _desk()
    store.others = 3
    assert 500 == (await desk.post(delivery())).status
    found = await store.get(KEY)
    assert found is not None
    assert (0.0, NOW - OLD) == (found.seen_at, found.covered_from)
    desk, store = await _desk()
    store.others = 5
    assert 500 == (await desk.post(delivery())).status
    assert ((None, None), 5) == (await _gap(store), store.replaced)


async def test_a_store_that_fails_or_hangs_changes_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, in our words, and Clio comes again."""

    class Broken(Noting):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            if old is not None:
                raise OSError("down")
            return await super().replace(old, new)

    class Hanging(Noting):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            if old is not None:
                await anyio.sleep_forever()
            return await super().replace(old, new)

    for store in (Broken(), Hanging()):
        assert await store.replace(None, subscription())
        began = anyio.current_time()
        reply = await Failing(store).post(delivery())
        assert (500, LookupError) == (reply.status, type(reply.error))
        assert (5.0 if isinstance(store, Hanging) else 0.0) == anyio.current_time() - began
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    line = "webhook status=500 error=LookupError"
    assert [line, "webhook error=OSError outcome=gap", line] == errors


async def test_a_subscription_that_was_given_up_meanwhile_has_no_gap() -> None:
    """Nor is it made again."""
    desk, store = await _desk()

    async def give_up(event: Event) -> None:
        assert await store.replace(await store.get(KEY), None)
        raise LookupError("of the application")

    receiver = Receiver(store, give_up, wall_clock=lambda: NOW)
    body = delivery()
    assert 500 == (await receiver.receive("POST", f"?subscription={KEY}", signed(body), body)).status
    assert () == await store.all()
    assert [] == desk.handled


moments = st.none() | st.floats(0, 2e6)


@given(moments, moments, st.floats(0, 2e6))
def test_a_gap_only_grows(since: float | None, until: float | None, now: float) -> None:
    """What may have been missed before stays; what goes on stays open; and now is in it."""
    held = subscription(covered_from=since, covered_until=until if since is not None else None)
    new = widened(held, now)
    assert new.covered_from is not None
    assert since in {None, new.covered_from}
    assert new.covered_from <= now - OLD or new.covered_from == since
    open_ended = since is not None and until is None
    assert open_ended is (new.covered_until is None)
    assert open_ended or (new.covered_until or 0.0) >= max(now, held.covered_until or 0.0)
    assert held == evolve(new, covered_from=since, covered_until=held.covered_until)
