"""`Ensured.close`: what was missed is told once, at whatever pace, by whoever goes on (row F70)."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections import Counter
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import InvalidArgument, NotFound, RateLimited, ReauthRequired, ServerError, SubscriptionStoreError
from clio_async.protocol.gaps import MOST
from clio_async.resources.subscriptions.ensured import Ensured
from clio_async.webhooks import Event, MemorySubscriptions, Receiver, Subscription

from .world import DAY, HOUR, URL, World, refusal

pytestmark = pytest.mark.anyio
MANY = 450
"""Records: three pages."""


class Teller:
    """Notes what it is told, and fails as it is bidden."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.failing: dict[int, Exception] = {}

    async def __call__(self, event: Event) -> None:
        self.ids.append(event.id)
        if event.id in self.failing:
            raise self.failing[event.id]


async def gap(world: World, *ids: int) -> Ensured:
    """Return a webhook that has missed changes of some records."""
    ensured = await world.ensure()
    await ensured.covered()
    await world.sleep(60)
    world.simulator.change("webhooks", (await world.held()).webhook_id or 0, status="suspended")
    for number in ids:
        world.simulator.change("matters", number, description="missed")
    return await world.ensure()


async def test_one_pass_closes_a_gap(world: World) -> None:
    """For a program that runs from time to time: each record once, and nothing the second time."""
    tell, ensured = Teller(), await gap(world, 2, 5)
    assert await ensured.close(tell)
    assert [2, 5] == tell.ids
    held = await world.held()
    assert (None, None, None) == (held.covered_from, held.covered_until, held.walk)
    assert await ensured.close(tell)
    assert await (await world.ensure()).close(tell)
    assert [2, 5] == tell.ids


async def test_something_has_to_be_told(world: World) -> None:
    """Also where there is no gap."""
    with pytest.raises(InvalidArgument, match="Receiver"):
        await (await world.ensure()).close(None)  # type: ignore[arg-type]


async def test_a_gap_that_cannot_be_walked_stays(world: World) -> None:
    """Payments are listed by no time; and while a webhook is pending, more is being missed."""
    payments = await World().ensure(model="clio_payments_payment", fields="id", events=["created"])
    assert not await payments.close(Teller())
    ensured = await gap(world, 2)
    pending = evolve(ensured, webhook=ensured.webhook.__class__.from_dict({"id": 1, "status": "pending"}))
    assert not await pending.close(tell := Teller())
    found = await world.store.get(ensured._held.key)
    assert found is not None
    await world.store.replace(found, suspended := evolve(found, covered_until=None))
    assert not await ensured.close(tell)
    await world.store.replace(suspended, None)
    assert not await ensured.close(tell)
    assert [] == tell.ids


async def test_a_pass_goes_on_behind_the_last() -> None:
    """Of records on several pages each is told once, though every few of them the process ends and another begins."""
    world, tell = World(matters=MANY), Teller()
    await gap(world, *range(1, MANY + 1))
    world.sent.clear()
    for _ in range(100):
        ensured = await world.ensure()
        stopped = Stopped(tell, 20)
        with contextlib.suppress(Stop):
            await ensured.close(stopped)
        if (await world.held()).covered_from is None:
            break
    assert [1] * MANY == [*Counter(tell.ids).values()]
    assert MANY // 19 <= world.calls("GET").count("/webhooks.json") <= MANY // 19 + 3


class Stop(BaseException):
    """The process ends."""


class Stopped:
    """Ends the process instead of being told of the last of some records."""

    def __init__(self, tell: Teller, count: int) -> None:
        self.tell = tell
        self.left = count

    async def __call__(self, event: Event) -> None:
        self.left -= 1
        if self.left == 0:
            raise Stop
        await self.tell(event)


async def test_control_who_notes_nothing_begins_anew() -> None:
    """Without the note of how far it came, the second pass tells all of it again."""
    world, tell = World(), Teller()
    ensured = await gap(world, 1, 2, 3)
    with pytest.raises(Stop):
        await ensured.close(Stopped(tell, 3))
    await world.store.replace(held := await world.held(), evolve(held, walk=None))
    assert await ensured.close(tell)
    assert [1, 2, 1, 2, 3] == tell.ids


@pytest.mark.parametrize("mark", ["no mark", "{}", "other", "later"])
async def test_a_note_that_nobody_can_read_costs_tellings_alone(mark: str, world: World) -> None:
    """The walk begins anew, as after the user approved the app anew."""
    tell, ensured = Teller(), await gap(world, 1, 2)
    other = '{"v":1,"began":9e9,"mark":"other","told":[2],"failed":[],"over":false}'
    given = {"other": other, "later": other.replace('"v":1', '"v":2')}.get(mark, mark)
    await world.store.replace(held := await world.held(), evolve(held, walk=given))
    assert await ensured.close(tell)
    assert [1, 2] == tell.ids


async def test_who_fails_is_told_again_after_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it raises; the gap stays until it succeeds, and its failure is logged once, without what it says."""
    tell, ensured = Teller(), await gap(world, 1, 2, 3, 4)
    tell.failing = {2: KeyError("secret"), 3: NotFound("gone", status=404)}
    assert not await ensured.close(tell)
    assert [1, 2, 3, 4, 2, 3] == tell.ids
    assert not await ensured.close(tell)
    assert [2, 3] == tell.ids[6:]
    del tell.failing[2]
    assert not await ensured.close(tell)
    tell.failing.clear()
    assert await ensured.close(tell)
    assert [2, 3, 3] == tell.ids[8:]
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert ["KeyError", "NotFound"] == [record.clio["error"] for record in errors]
    assert "secret" not in caplog.text


async def test_five_failures_in_a_row_are_left_for_later(world: World) -> None:
    """The next pass begins behind them, and comes back to them."""
    tell, ensured = Teller(), await gap(world, *range(1, 7))
    tell.failing = {number: LookupError() for number in range(1, 7)}
    assert not await ensured.close(tell)
    assert [1, 2, 3, 4, 5] == tell.ids
    tell.failing.clear()
    assert await ensured.close(tell)
    assert [6, 1, 2, 3, 4, 5] == tell.ids[5:]


async def test_where_clio_cannot_be_reached_one_is_enough(world: World) -> None:
    """The next pass goes on with the next one, so that a record that Clio fails for holds up none."""
    tell, ensured = Teller(), await gap(world, 1, 2, 3)
    tell.failing = {2: ServerError("down", status=503)}
    assert not await ensured.close(tell)
    assert not await ensured.close(tell)
    assert [1, 2, 3, 2] == tell.ids


async def test_no_more_than_a_hundred_wait() -> None:
    """Then the walk waits for some to succeed."""
    world, tell = World(matters=250), Teller()
    ensured = await gap(world, *range(1, 251))
    tell.failing = {number: LookupError() for number in range(1, 251) if number % 2}
    for _ in range(3):
        assert not await ensured.close(tell)
        told = {*tell.ids}
        assert 2 * MOST - 1 == max(told)
    tell.failing.clear()
    assert await ensured.close(tell)
    assert {*range(1, 251)} == {*tell.ids}


async def test_it_waits_for_quota(world: World) -> None:
    """As long as Clio says, and then for the same record; a walk that is refused waits, too."""
    tell, ensured = Teller(), await gap(world, 1, 2)
    began = world.now()

    async def hurried(event: Event) -> None:
        await tell(event)
        if len(tell.ids) < 4:
            raise RateLimited("full", status=429, retry_at=world.now() + 100 if len(tell.ids) < 3 else None)

    refused = [refusal(429)] * 3
    world.clio = world.client(retry=None)

    async def answering(request: Any, send: Any) -> Any:
        return refused.pop() if refused and "/matters.json" in request.url else await send(request)

    world.answering = answering
    assert await evolve(ensured, caller=world.clio).close(hurried)
    assert [1, 1, 1, 1, 2] == tell.ids
    assert 200 <= world.now() - began <= 400
    assert [] == refused


async def test_it_ends_when_its_time_is_over(world: World) -> None:
    """Between two records, and before it waits for quota; but each pass tells of one."""
    tell, ensured = Teller(), await gap(world, 1, 2, 3)
    now = dt.datetime.fromtimestamp(world.now(), dt.UTC)
    assert not await ensured.close(tell, until=now)
    assert not await ensured.close(tell, until=now)
    assert [1, 2] == tell.ids

    async def limited(event: Event) -> None:
        raise RateLimited("full", status=429, retry_at=world.now() + 100)

    assert not await ensured.close(limited, until=now + dt.timedelta(seconds=90))
    assert await ensured.close(tell)
    assert [1, 2, 3] == tell.ids


async def test_a_receiver_takes_as_long_as_it_needs(world: World) -> None:
    """The bound that Clio sets to an event is none of a gap; but a handler that hangs is a failed one."""
    slow: list[int] = []

    async def on_event(event: Event) -> None:
        await anyio.sleep(300 if event.id == 1 else 2 * HOUR if len(slow) < 2 else 0)
        slow.append(event.id)

    ensured, receiver = await gap(world, 1, 2, 3), Receiver(world.store, on_event, timeout=60, wall_clock=world.now)
    assert not await ensured.close(receiver)
    assert [1] == slow
    slow.append(0)
    assert await ensured.close(receiver)
    assert [1, 0, 2, 3] == slow


async def test_what_is_missed_meanwhile_is_told_too(world: World) -> None:
    """A webhook that is suspended while its gap is walked: of the page that was told half, all come again."""
    tell, ensured = Teller(), await gap(world, 1, 2, 4)
    with pytest.raises(Stop):
        await ensured.close(Stopped(tell, 3))
    await world.sleep(120)
    world.simulator.change("webhooks", (await world.held()).webhook_id or 0, status="suspended")
    world.simulator.change("matters", 1, description="again")
    again = await world.ensure()
    assert "repaired" == again.did
    assert await again.close(tell)
    assert [1, 2, 1, 2, 4] == tell.ids
    assert "again" == world.simulator.record("matters", 1)["description"]


async def test_what_nobody_looked_after_meanwhile_is_told_too(world: World) -> None:
    """Also while some records wait to be told again."""
    tell, ensured = Teller(), await gap(world, 1, 2)
    tell.failing = {2: KeyError()}
    assert not await ensured.close(tell)
    await world.sleep(DAY)
    world.simulator.change("matters", 5, description="unseen")
    again = await world.ensure()
    assert "kept" == again.did
    tell.failing.clear()
    tell.ids.clear()
    assert await again.close(tell)
    assert [5, 2] == tell.ids


async def test_a_gap_that_grew_is_not_noted_as_closed(world: World) -> None:
    """Whoever walks by himself: what was lost after the walk began is not forgotten with it."""
    first = await gap(world, 1)
    await world.sleep(DAY)
    second = await world.ensure()
    assert first.missed_since == second.missed_since
    assert not await first.covered()
    assert (await world.held()).covered_from is not None
    assert await second.covered()


async def test_a_gap_that_grows_in_the_last_moment_is_walked_on(world: World) -> None:
    """Another process may see that, while this one tells of the last record."""
    tell, ensured = Teller(), await gap(world, 1, 2)

    async def slowly(event: Event) -> None:
        await tell(event)
        if len(tell.ids) == 2:
            await anyio.sleep(1)
            world.simulator.change("matters", 5, description="unseen")
            held = await world.held()
            await world.store.replace(held, evolve(held, covered_until=world.now() + 30))

    assert await ensured.close(slowly)
    assert [1, 2, 5] == tell.ids


@pytest.mark.parametrize("change", [{"covered_from": None}, {"covered_from": 5.0}, {"covered_until": None}, None])
async def test_what_others_do_meanwhile_counts(change: dict[str, Any] | None, world: World) -> None:
    """Who finds the gap closed by another is done; who finds the webhook replaced, or suspended, is not."""
    ensured = await gap(world, 1)

    async def meanwhile(event: Event) -> None:
        held = await world.held()
        await world.store.replace(held, None if change is None else evolve(held, **change))

    assert (change == {"covered_from": None}) == await ensured.close(meanwhile)


async def test_who_was_overtaken_notes_nothing(world: World) -> None:
    """How far one walk came says nothing of another gap."""
    ensured = await gap(world, 1)

    async def meanwhile(event: Event) -> None:
        held = await world.held()
        await world.store.replace(held, evolve(held, covered_from=5.0))
        raise KeyError

    assert not await ensured.close(meanwhile)
    assert (await world.held()).walk is None


async def test_a_store_that_others_write_is_asked_again(world: World) -> None:
    """A note that was overtaken is made again."""
    tell, ensured = Teller(), await gap(world, 1)
    store = Overtaken(world.store)
    tell.failing = {1: KeyError()}
    assert not await evolve(ensured, store=store).close(tell)
    assert "[1]" in ((await world.held()).walk or "")
    tell.failing.clear()
    assert await evolve(ensured, store=store).close(tell)
    assert [1, 1, 1] == tell.ids
    assert (await world.held()).covered_from is None


class Overtaken(MemorySubscriptions):
    """A store in which each second replacement comes too late."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self._kept = inner._kept
        self._count = 0

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        self._count += 1
        return False if self._count % 2 else await super().replace(old, new)


async def test_a_store_that_is_broken_hides_nothing(world: World) -> None:
    """What ended the walk is raised, also where it could not be noted how far it had come."""
    ensured = await gap(world, 1)

    class Broken(Overtaken):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            raise SubscriptionStoreError("broken")

    async def gone(event: Event) -> None:
        raise ReauthRequired("gone")

    broken = evolve(ensured, store=Broken(world.store))
    with pytest.raises(ReauthRequired):
        await broken.close(gone)
    with pytest.raises(SubscriptionStoreError):
        await broken.close(Teller())


async def test_it_is_noted_now_and_then(world: World) -> None:
    """After a crash only what was told within some seconds is told again."""
    tell, ensured, notes = Teller(), await gap(world, 1, 2, 3, 4), list[str | None]()

    async def slowly(event: Event) -> None:
        await tell(event)
        await anyio.sleep(6)
        notes.append((await world.held()).walk)

    assert await ensured.close(slowly)
    assert [True, True, False, False] == [note is None for note in notes]
    assert URL == (await world.held()).url
