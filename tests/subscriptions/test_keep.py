"""`clio.webhooks.keep`: renewals in time, gaps closed before they are forgotten, and patience (row F70)."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import anyio
import pytest

from clio_async import InvalidArgument, ReauthRequired, SubscriptionStoreError, TokenStoreError
from clio_async.webhooks import Event, MemorySubscriptions, Subscription

from .world import DAY, HOUR, URL, World, refusal

pytestmark = pytest.mark.anyio


class Keeper:
    """Runs `keep` for a while, and notes what it tells."""

    def __init__(self, world: World, **given: Any) -> None:
        self.world = world
        self.told: list[Event] = []
        self.given = {"model": "matter", "url": URL, "store": world.store} | given

    async def tell(self, event: Event) -> None:
        self.told.append(event)

    async def run(self, seconds: float, meanwhile: Callable[[], Awaitable[object]] | None = None) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: self.world.clio.webhooks.keep(self.tell, **self.given))
            if meanwhile is not None:
                await meanwhile()
            await self.world.sleep(seconds)
            tasks.cancel_scope.cancel()


async def test_a_kept_webhook_never_expires(world: World) -> None:
    """F70: over months there is one, it is always good for days, and it is renewed in the last third of its life."""
    keeper, left = Keeper(world, check_every=12 * HOUR), list[float]()

    async def watch() -> None:
        for _ in range(60):
            await world.sleep(2 * DAY)
            (hook,) = await world.hooks()
            assert "enabled" == hook.status
            left.append((hook.expires_at.timestamp() - world.now()) / DAY)

    await keeper.run(0.0, watch)
    assert min(left) > 31 / 3 * 0.25 - 1.2
    assert 3 <= len(world.calls("PATCH")) <= 6
    assert 1 == len(world.calls("POST"))


async def test_renewals_of_many_are_spread(world: World) -> None:
    """What was made together is not renewed together (F70)."""
    moments = set()
    for seed in range(20):
        other = World()
        other.random = random.Random(seed).random
        other._began = 0.0
        await other.ensure()
        moments.add(((await other.held()).renew_at or 0) // HOUR)
    assert 18 <= len(moments)


async def test_a_gap_is_told_and_then_forgotten(world: World) -> None:
    """F70: a webhook that was suspended is replaced within the hour, and what changed meanwhile is told once."""
    keeper = Keeper(world)

    async def outage() -> None:
        await world.sleep(DAY)
        keeper.told.clear()
        held = await world.held()
        assert held.covered_from is None
        world.simulator.change("webhooks", held.webhook_id, status="suspended")
        world.simulator.change("matters", 3, description="unseen")
        world.simulator.change("matters", 5, description="unseen")

    await keeper.run(DAY, outage)
    held = await world.held()
    assert [3, 5] == [event.id for event in keeper.told]
    event = keeper.told[0]
    assert ("missed", "matter", held.webhook_id) == (event.kind, event.model, event.webhook_id)
    assert (held.principal, held.key) == (event.principal, event.subscription)
    assert world.simulator.record("matters", 3)["etag"] == event.etag
    assert held.covered_from is None
    assert "unseen" == (await event.read(world.clio)).description


async def test_a_gap_that_could_not_be_told_stays(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """What the application raises ends nothing: the others are told, that one again and again, with longer pauses."""
    await world.ensure()
    for number in (2, 4, 6):
        world.simulator.change("matters", number, description="x")
    told: list[tuple[int, float]] = []

    async def failing(event: Event) -> None:
        told.append((event.id, world.now()))
        if event.id == 4 and broken:
            raise KeyError("full")

    broken = [True]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: world.clio.webhooks.keep(failing, model="matter", url=URL, store=world.store))
        await world.sleep(DAY)
        assert [2, 4, 6, 4] == [number for number, _ in told[:4]]
        assert {4} == {number for number, _ in told[3:]}
        moments = [moment for _, moment in told[3:]]
        pauses = [late - early for early, late in pairwise(moments)]
        assert 15 <= pauses[0] <= 30
        assert 1800 <= min(pauses[8:]) <= max(pauses[8:]) <= 3600
        assert (await world.held()).covered_from is not None
        broken.clear()
        await world.sleep(HOUR)
        count = len(told)
        assert (await world.held()).covered_from is None
        await world.sleep(DAY)
        assert count == len(told)
        tasks.cancel_scope.cancel()
    errors = [record.clio for record in caplog.records if record.levelno >= logging.ERROR]
    assert [("KeyError", "http://localhost/api/v4/matters/4")] == [(one["error"], one["url"]) for one in errors]


@pytest.mark.parametrize("error", [ReauthRequired("gone"), TokenStoreError("broken")])
async def test_a_handler_without_a_user_ends_it(error: Exception, world: World) -> None:
    """What no other try can mend is raised, and the gap stays."""
    await world.ensure()
    world.simulator.change("matters", 2, description="x")

    async def failing(event: Event) -> None:
        raise error

    with pytest.raises(type(error)):
        await world.clio.webhooks.keep(failing, model="matter", url=URL, store=world.store)
    assert (await world.held()).covered_from is not None


async def test_a_gap_is_not_closed_while_the_webhook_is_pending(world: World) -> None:
    """What changes between the walk and the first event would be lost: it is walked when Clio sends."""
    keeper, refusing = Keeper(world), [True]

    async def late(request: Any, send: Any) -> Any:
        return refusal(422) if refusing and "activate" in request.url else await send(request)

    world.answering = late

    async def meanwhile() -> None:
        await world.sleep(60)
        world.simulator.change("matters", 6, description="late")
        assert ([], False) == (keeper.told, (await world.held()).covered_from is None)
        refusing.clear()

    await keeper.run(120.0, meanwhile)
    assert [6] == [event.id for event in keeper.told]


async def test_what_has_deliver_is_told_by_that(world: World) -> None:
    """A receiver handles what was missed as it handles events."""

    class Receiving(Keeper):
        async def deliver(self, event: Event) -> None:
            await self.tell(event)

    world.simulator.change("matters", 1, description="x")
    receiving = Receiving(world)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: world.clio.webhooks.keep(receiving, **receiving.given))
        await world.sleep(1)
        tasks.cancel_scope.cancel()
    assert [1] == [event.id for event in receiving.told]


@pytest.mark.parametrize("wrong", [None, 3, Keeper])
async def test_something_has_to_be_told(wrong: Any, world: World) -> None:
    """Without a handler a gap could not be closed: nothing is sent."""
    with pytest.raises(InvalidArgument, match="Receiver"):
        await world.clio.webhooks.keep(wrong, model="matter", url=URL, store=world.store)
    assert [] == world.sent


async def test_what_cannot_be_walked_is_logged_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Payments are listed by no time: the gap stays open, and is not told of again and again."""
    with caplog.at_level(logging.WARNING, "clio_async"):
        await Keeper(world, model="clio_payments_payment", fields="id", events=["created"]).run(DAY)
    assert ["gap"] == [record.clio["outcome"] for record in caplog.records]
    assert (await world.held()).covered_from is not None


async def test_what_a_walk_cannot_see_is_logged_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Deletions in a gap are not told; of documents they are, since those go to the trash."""
    with caplog.at_level(logging.INFO, "clio_async"):
        await Keeper(world, check_every=2 * HOUR).run(DAY)
        assert [(logging.INFO, "deletions_unseen")] == [
            (record.levelno, record.clio["outcome"]) for record in caplog.records if "outcome" in record.clio
        ]
        caplog.clear()
        await Keeper(world, model="document").run(HOUR)
        assert [] == [record.clio["outcome"] for record in caplog.records if "outcome" in record.clio]


@pytest.mark.parametrize("status", [429, 500])
async def test_it_waits_where_clio_has_no_time(status: int, world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Failures that pass are waited for, longer and longer: an outage of a day costs a few dozen requests."""

    async def failing(request: Any, send: Any) -> Any:
        return refusal(status) if outage else await send(request)

    outage, keeper = [True], Keeper(world, events=iter(["created"]), fields=iter(["id"]))
    world.answering = failing

    async def meanwhile() -> None:
        await world.sleep(DAY)
        outage.clear()

    with caplog.at_level(logging.WARNING, "clio_async"):
        await keeper.run(2 * HOUR, meanwhile)
    (hook,) = await world.hooks()
    assert ("enabled", ("created",)) == (hook.status, hook.events)
    later = [record for record in caplog.records if record.clio.get("outcome") == "later"]
    assert 10 <= len(later) <= 60


async def test_it_waits_as_long_as_clio_says(world: World) -> None:
    """`Retry-After` beyond our own pause is obeyed."""

    async def failing(request: Any, send: Any) -> Any:
        if len(world.sent) > 1:
            return await send(request)
        return refusal(503).__class__(503, refusal(503).headers.having("Retry-After", "7200"), b"")

    world.answering = failing
    world.clio = world.client(retry=None)
    await Keeper(world).run(7100)
    assert 1 == len(world.sent)
    await Keeper(world).run(1.0)
    assert 1 == len(await world.hooks())


async def test_a_user_who_has_gone_ends_it(world: World) -> None:
    """Nobody can be asked: it is raised at once."""

    class Gone:
        over = False

        def principal(self, base: str, /) -> Any:
            return world.clio.principal

        async def access_token(self, channel: Any, /, *, deadline: float | None = None) -> Any:
            raise ReauthRequired("gone", principal=world.clio.principal)

    clio = world.clio.with_auth(Gone())  # type: ignore[arg-type]
    with pytest.raises(ReauthRequired):
        await clio.webhooks.keep(Keeper(world).tell, model="matter", url=URL, store=world.store)


async def test_a_store_that_goes_on_failing_ends_it(world: World) -> None:
    """What may not pass is raised, but not at once: in a quarter of an hour or so."""
    asked: list[float] = []

    class Broken(MemorySubscriptions):
        async def all(self) -> tuple[Subscription, ...]:
            asked.append(world.now())
            raise SubscriptionStoreError("broken")

    world.store = Broken()
    with pytest.raises(SubscriptionStoreError, match="broken"):
        await world.clio.webhooks.keep(Keeper(world).tell, model="matter", url=URL, store=world.store)
    assert 6 == len(asked)
    assert 5 * 60 < asked[-1] - asked[0] < 20 * 60


async def test_a_store_that_fails_once_does_not_end_it(world: World) -> None:
    """A disk that is busy for a moment costs a look."""
    failures = iter([True, False, True])

    class Busy(MemorySubscriptions):
        async def all(self) -> tuple[Subscription, ...]:
            if next(failures, False):
                raise SubscriptionStoreError("busy")
            return await super().all()

    world.store = Busy()
    with anyio.move_on_after(2 * HOUR):
        await world.clio.webhooks.keep(Keeper(world).tell, model="matter", url=URL, store=world.store)
    (hook,) = await world.hooks()
    assert "enabled" == hook.status


async def test_a_clock_that_was_ahead_is_not_waited_for(world: World) -> None:
    """A wall clock that is three weeks ahead when `keep` goes to sleep, and is put right then, costs no three weeks
    (F76)."""
    ahead = 0.0
    clio = world.clio
    clio._core.wall_clock = lambda: world.now() + ahead
    ahead = 20 * DAY
    looks: list[float] = []
    world.answering = lambda request, answer: (looks.append(world.now()), answer(request))[1]
    async with anyio.create_task_group() as tasks:

        async def keep() -> None:
            await clio.webhooks.keep(Keeper(world).tell, model="matter", url=URL, store=world.store)

        tasks.start_soon(keep)
        await world.sleep(60)
        ahead = 0.0
        before = len(looks)
        await world.sleep(2 * HOUR)
        tasks.cancel_scope.cancel()
    assert before < len(looks)


async def test_control_what_nobody_keeps_expires(world: World) -> None:
    """The control of F70: without `keep` there is no webhook after its time, and nobody hears of it."""
    await world.ensure()
    await world.sleep(40 * DAY)
    (hook,) = await world.hooks()
    assert hook.expires_at.timestamp() < world.now()
