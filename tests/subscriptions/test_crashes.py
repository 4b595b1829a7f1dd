"""`ensure` is cut short at each step, or loses answers, or runs many times at once: one webhook, and no lost secret."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NoReturn

import anyio
import pytest
from attrs import evolve

from clio_async import MaybeSent, OutcomeUnknown, Response, Secret
from clio_async.protocol.hook_addresses import split_key
from clio_async.protocol.subscriptions import LEASE
from clio_async.resources.subscriptions.slot import Slot
from clio_async.webhooks import MemorySubscriptions, Subscription, SubscriptionStore

from .world import DAY, HOUR, URL, World, refusal

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """The process has ended."""


class Fuse:
    """Counts steps; at the one with the number `at` the process ends."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self.at:
            self.burn()

    def burn(self) -> NoReturn:
        raise Killed


class Fused(SubscriptionStore):
    """A store whose process may end before and after each `replace`."""

    def __init__(self, store: SubscriptionStore, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    async def get(self, key: str) -> Subscription | None:
        return await self._store.get(key)

    async def all(self) -> tuple[Subscription, ...]:
        return await self._store.all()

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        self._fuse.step()
        done = await self._store.replace(old, new)
        self._fuse.step()
        return done


def fused(fuse: Fuse) -> Callable[..., Any]:
    async def answer(request: Any, send: Any) -> Any:
        fuse.step()
        found = await send(request)
        fuse.step()
        return found

    return answer


async def nothing(world: World) -> None:
    """Begin with nothing."""


async def suspended(world: World) -> None:
    """Begin with a webhook that Clio has suspended."""
    ensured = await world.ensure()
    await world.sleep(DAY)
    world.simulator.change("webhooks", ensured.webhook.id, status="suspended")


async def old(world: World) -> None:
    """Begin with one that is to be renewed."""
    await world.ensure()
    held = await world.held()
    assert held.renew_at is not None
    await world.sleep(held.renew_at - world.now() + 1)


async def another(world: World) -> None:
    """Begin with one that the store does not know, and that has no key."""
    await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])


async def forgotten(world: World) -> None:
    """Begin with one of a process whose store is lost."""
    await world.ensure()
    world.store = MemorySubscriptions()


async def settled(world: World) -> None:
    """There is one webhook of ours, which sends, and the store holds its secret, alone."""
    (hook,) = await world.hooks()
    held = await world.held()
    assert ("enabled", held.key) == (hook.status, split_key(hook.url)[1])
    assert (hook.id, Secret(hook.shared_secret), None) == (held.webhook_id, held.secret, held.awaited_until)
    assert hook.expires_at.timestamp() > world.now() + 2 * DAY


@pytest.mark.parametrize("begin", [nothing, suspended, old, another, forgotten])
async def test_whatever_is_cut_short_ends_well_at_the_next_try(begin: Any, anyio_backend: object) -> None:
    """Ended before or after each write to the store and each request, and begun again: one webhook, one secret.

    A gap that was noted is still there.
    """
    at, burnt = 0, True
    while burnt:
        world, fuse = World(), Fuse(at)
        await begin(world)
        world.answering = fused(fuse)
        try:
            await world.ensure(store=Fused(world.store, fuse))
        except Killed:
            pass
        else:
            burnt = False
        world.answering = None
        ensured = await world.ensure(world.client())
        await world.ensure(world.client())
        await settled(world)
        assert ensured.enabled
        assert ensured.missed_since is not None
        at += 1
    assert at >= 7


async def test_control_without_the_note_a_crash_leaves_a_second_one(world: World) -> None:
    """A webhook that was created under a key that nobody has noted is not found again as ours, and is doubled."""
    fuse = Fuse(None)

    class Forgetful(MemorySubscriptions):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            return True

    async def answer(request: Any, send: Any) -> Any:
        found = await send(request)
        if request.method == "POST":
            world.simulator.change("webhooks", 13, user={"id": 2})  # nor is it adopted
            fuse.burn()
        return found

    world.answering = answer
    for _ in range(2):
        with pytest.raises(Killed):
            await world.ensure(store=Forgetful())
    assert 2 == len(await world.hooks())


@pytest.mark.parametrize("how", ["lost", "garbled", "failed"])
@pytest.mark.parametrize("user", [2, 1])
async def test_one_whose_creation_was_not_acknowledged_is_found_by_its_key(how: str, user: int, world: World) -> None:
    """The answer is lost, the webhook is there: it is not created twice, and the caller need not know."""

    async def losing(request: Any, send: Any) -> Any:
        found = await send(request)
        if request.method == "POST":
            world.simulator.change("webhooks", 13, user={"id": user})
            if how == "lost":
                raise MaybeSent("lost")
            return refusal(500) if how == "failed" else Response(201, found.headers, b"<html>")
        return found

    world.answering = losing
    ensured = await world.ensure()
    assert ("created", ["/webhooks.json"]) == (ensured.did, world.calls("POST"))
    await settled(world)


async def test_what_clio_does_not_show_is_unknown_and_looked_for_again(world: World) -> None:
    """Whether it was created nobody can say: the claim stays, and the next call waits for what may still land."""
    late: list[Any] = []

    async def losing(request: Any, send: Any) -> Any:
        if request.method == "POST":
            late.append((request, send))
            raise MaybeSent("lost")
        return await send(request)

    world.answering = losing
    with pytest.raises(OutcomeUnknown):
        await world.ensure()
    held = await world.held()
    assert (None, None) == (held.webhook_id, held.secret)
    world.answering = None

    async def land() -> None:
        await world.sleep(20)
        request, send = late[0]
        await send(request)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(land)
        await world.ensure()
    assert ["/webhooks.json"] == world.calls("POST")
    await settled(world)


async def test_a_claim_of_a_process_that_is_gone_is_taken_over(world: World) -> None:
    """After its lease, under the same key: should it have landed after all, it would be found."""
    began = world.now()
    claim = Subscription(
        "abandoned", world.clio.principal.fingerprint, "matter", URL, "id,etag", (), made_at=began, covered_from=5.0
    )
    assert await world.store.replace(None, claim)
    ensured = await world.ensure()
    assert LEASE <= world.now() - began <= LEASE + 2
    assert ("created", 5.0) == (ensured.did, ensured.missed_since.timestamp() if ensured.missed_since else None)
    assert "abandoned" == (await world.held()).key


# -- at once --------------------------------------------------------------------------------------------------------


class Slow(MemorySubscriptions):
    """A store whose answers take a while."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice = dice

    async def _pass(self) -> None:
        await anyio.sleep(self._dice.random())

    async def all(self) -> tuple[Subscription, ...]:
        await self._pass()
        found = await super().all()
        await self._pass()
        return found

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        await self._pass()
        done = await super().replace(old, new)
        await self._pass()
        return done


async def _race(seed: int, begin: Any) -> World:
    world, dice = World(), random.Random(seed)
    await begin(world)
    world.sent.clear()
    slow = Slow(dice)
    for one in await world.store.all():
        slow._kept[one.key] = one
    world.store = slow

    async def answer(request: Any, send: Any) -> Any:
        await anyio.sleep(dice.random())
        found = await send(request)
        await anyio.sleep(dice.random())
        return found

    async def one() -> None:
        await anyio.sleep(dice.random() * 3)
        ensured = await world.ensure(world.client())
        assert ensured.webhook.id

    world.answering = answer
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(one)
    world.answering = None
    return world


@pytest.mark.parametrize("begin", [nothing, suspended, old, another, forgotten])
async def test_processes_at_once_make_one_webhook(begin: Any, anyio_backend: object) -> None:
    """Three processes ensure it at any moments: never two at the end, and the store holds the secret of the one."""
    for seed in range(10):
        world = await _race(seed, begin)
        await world.ensure()
        await settled(world)


async def test_processes_at_once_send_one_post(anyio_backend: object) -> None:
    """Where there is none, exactly one of them creates it."""
    for seed in range(30):
        world = await _race(seed, nothing)
        assert ["/webhooks.json"] == world.calls("POST"), seed


async def test_control_without_looking_for_rivals_there_are_two(
    monkeypatch: pytest.MonkeyPatch, anyio_backend: object
) -> None:
    """What keeps them apart is that each looks for the claims of others after it has made its own."""
    held = Slot.held

    async def alone(self: Slot, calls: list[int] = []) -> list[Subscription]:  # noqa: B006
        found = await held(self)
        return [one for one in found if one.webhook_id is not None or one.key == getattr(self, "_own", None)]

    monkeypatch.setattr(Slot, "held", alone)
    most = 0
    for seed in range(20):
        world = await _race(seed, nothing)
        most = max(most, len(world.calls("POST")))
    assert 1 < most


async def test_a_duplicate_that_came_about_all_the_same_is_removed(world: World) -> None:
    """A process that stood still for longer than its lease, and went on: the next call leaves one."""
    first = (await world.ensure()).webhook
    held = await world.held()
    twin = await world.clio.webhooks.create(url=first.url, model="matter", fields_="id", events=["created"])
    await world.clio.webhooks.activate(twin.id, world.simulator.record("webhooks", twin.id)["shared_secret"])
    await world.ensure()
    await world.ensure()
    assert held.key == (await world.held()).key
    await settled(world)


async def test_a_subscription_that_is_taken_away_meanwhile_is_made_again(world: World) -> None:
    """Somebody has cleared the store between our question and our note: it is all looked at once more."""
    await world.ensure()
    taken = [True]

    async def taking(request: Any, send: Any) -> Any:
        found = await send(request)
        if taken:
            taken.clear()
            held = await world.held()
            assert await world.store.replace(held, None)
        return found

    world.answering = taking
    ensured = await world.ensure()
    assert "adopted" == ensured.did
    await settled(world)


@pytest.mark.parametrize("when", ["POST", "PUT"])
async def test_what_is_forgotten_while_it_is_created_is_begun_again(when: str, world: World) -> None:
    """The same, while Clio creates it, or activates it."""
    taken = [True]

    async def taking(request: Any, send: Any) -> Any:
        found = await send(request)
        if taken and request.method == when:
            taken.clear()
            held = await world.held()
            assert await world.store.replace(held, None)
        return found

    world.answering = taking
    await world.ensure()
    await settled(world)


async def test_a_record_that_changes_while_it_is_renewed_is_renewed_at_the_next_try(world: World) -> None:
    """Somebody else has changed the webhook between our read and our write: 412, and once more."""
    await old(world)
    changing = [True]

    async def quicker(request: Any, send: Any) -> Any:
        if request.method == "PATCH" and changing:
            changing.clear()
            world.simulator.change("webhooks", (await world.held()).webhook_id, fields="id")
        return await send(request)

    world.answering = quicker
    before = (await world.held()).expires_at
    ensured = await world.ensure()
    assert "changed" == ensured.did  # and renewed: the fields were not those that are wanted
    assert (before or 0) + HOUR < ensured.webhook.expires_at.timestamp()
    assert "id,etag" == ensured.webhook.fields


async def test_a_note_that_others_are_quicker_with_is_made_on_theirs(world: World) -> None:
    """The handshake comes while Clio answers: neither note is lost."""
    store, replace = world.store, world.store.replace
    quick = [True]

    async def contended(old: Subscription | None, new: Subscription | None) -> bool:
        if quick and old is not None and new is not None and new.webhook_id is not None:
            quick.clear()
            await replace(old, evolve(old, covered_from=7.0))
        return await replace(old, new)

    store.replace = contended  # type: ignore[method-assign]
    ensured = await world.ensure()
    assert ensured.missed_since is not None
    assert 7.0 == ensured.missed_since.timestamp()
    await settled(world)
