"""What `ensure` decides where stores are lost, clocks are wrong, others meddle, and Clio does not do as it is asked."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import (
    Clio,
    Headers,
    MaybeSent,
    MemoryTransport,
    NotFound,
    OutcomeUnknown,
    PreconditionFailed,
    Request,
    Response,
    Secret,
    UnprocessableEntity,
)
from clio_async.protocol.hook_addresses import keyed
from clio_async.protocol.hook_gaps import RETRIED, SLACK
from clio_async.protocol.subscriptions import AWAITED, LEASE
from clio_async.webhooks import Event, MemorySubscriptions, Subscription

from .world import BASE, DAY, HOUR, URL, World, refusal

pytestmark = pytest.mark.anyio


def altering(change: Callable[[dict[str, Any]], object]) -> Any:
    """Let Clio show its webhooks otherwise."""

    async def answer(request: Any, send: Any) -> Any:
        found = await send(request)
        if "/webhooks" not in request.url or found.status >= 300 or not found.body:
            return found
        data = json.loads(found.body)
        for row in data["data"] if isinstance(data["data"], list) else [data["data"]]:
            change(row)
        pairs = [pair for pair in found.headers.pairs if pair[0].lower() not in ("etag", "content-length")]
        return Response(found.status, type(found.headers)(pairs), json.dumps(data).encode())

    return answer


def skewed(world: World, by: float) -> Clio:
    """Return a client whose clock is ahead."""
    return Clio(
        world._tokens[1],
        base_url=BASE,
        transport=MemoryTransport(world._answer),
        clock=world.now,
        wall_clock=lambda: world.now() + by,
        random=lambda: world.random(),
    )


async def well(world: World, **given: Any) -> int:
    """Ensure a webhook that is a day old and has no gap; return its id."""
    await world.ensure(**given)
    await world.sleep(DAY)
    assert await (await world.ensure(**given)).covered()
    return (await world.ensure(**given)).webhook.id


async def due(world: World) -> None:
    """Wait until the webhook is to be renewed."""
    await well(world)
    await world.sleep(((await world.held()).renew_at or 0.0) - world.now() + 1)
    world.sent.clear()


# -- a store that is lost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["enabled", "suspended"])
async def test_a_store_that_is_lost_means_a_long_gap_and_no_silent_one(status: str, world: World) -> None:
    """Nobody knows what became of what an earlier process was to be told: it begins when the webhook was made."""
    began = world.now()
    old = await well(world)
    world.simulator.change("webhooks", old, status=status)
    await world.sleep(5 * DAY)
    world.store = MemorySubscriptions()
    ensured = await world.ensure()
    assert ensured.missed_since is not None
    assert began - 300 <= ensured.missed_since.timestamp() <= began
    assert ("adopted" if status == "enabled" else "created") == ensured.did
    assert await ensured.covered()
    assert (await world.ensure()).missed_since is None


async def test_control_with_its_store_only_what_nobody_saw_is_a_gap(world: World) -> None:
    """The same without the loss: it begins where it was well for sure."""
    await well(world)
    seen = world.now()
    await world.sleep(5 * DAY)
    ensured = await world.ensure()
    assert seen - RETRIED == (ensured.missed_since and ensured.missed_since.timestamp())


# -- updates that fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, None])
async def test_an_update_that_does_not_come_through_is_raised_after_one_look(status: int | None, world: World) -> None:
    """As what it is: an outcome that is not known, at which `keep` waits and tries again."""
    await due(world)

    async def failing(request: Any, send: Any) -> Any:
        if request.method != "PATCH":
            return await send(request)
        if status is None:
            raise MaybeSent("gone")
        return refusal(status)

    world.answering = failing
    with pytest.raises(OutcomeUnknown):
        await world.ensure(world.client(retry=None))
    assert 1 == len(world.calls("PATCH"))
    world.answering = None
    assert "renewed" == (await world.ensure()).did


async def test_an_update_that_came_through_unseen_is_not_sent_again(world: World) -> None:
    """The list shows what became of it."""
    await due(world)

    async def losing(request: Any, send: Any) -> Any:
        found = await send(request)
        if request.method == "PATCH":
            raise MaybeSent("lost")
        return refusal(500) if request.method == "GET" and "/webhooks/" in request.url else found

    world.answering = losing
    ensured = await world.ensure(world.client(retry=None))
    assert ("renewed", 1) == (ensured.did, len(world.calls("PATCH")))
    assert ((await world.held()).renew_at or 0.0) > world.now() + 10 * DAY


async def test_an_outage_while_it_is_renewed_does_not_end_keep(world: World) -> None:
    """It looks again and again, and renews the webhook when Clio can."""
    given = {"model": "matter", "url": URL, "store": world.store}
    await due(world)
    began = world.now()

    async def failing(request: Any, send: Any) -> Any:
        down = request.method == "PATCH" and world.now() < began + HOUR
        return refusal(503) if down else await send(request)

    async def handle(event: Event) -> None:
        raise AssertionError(event)

    world.answering = failing
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: world.clio.webhooks.keep(handle, **given))
        await world.sleep(3 * HOUR)
        tasks.cancel_scope.cancel()
    (hook,) = await world.hooks()
    assert hook.expires_at.timestamp() > world.now() + 30 * DAY
    assert 2 <= len(world.calls("PATCH")) <= 40


@pytest.mark.parametrize(("status", "kind"), [(412, PreconditionFailed), (404, NotFound)])
@pytest.mark.parametrize("adopts", [False, True])
async def test_what_is_refused_each_time_is_given_up_soon(
    status: int, kind: type[Exception], adopts: bool, world: World
) -> None:
    """With what Clio says, and not with what is wrong with a store."""
    if adopts:
        await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])
    else:
        await due(world)

    async def refusing(request: Any, send: Any) -> Any:
        if request.method == "PATCH":
            (hook,) = [int(request.url.partition("/webhooks/")[2].partition(".")[0])]
            world.simulator.change("webhooks", hook, fields=f"id,{'etag' if len(world.sent) % 2 else 'status'}")
            return refusal(status)
        return await send(request)

    world.answering = refusing
    with pytest.raises(kind, match=rf"refused 5 times .* matter \({status}\)") as caught:
        await world.ensure()
    assert 5 == len(world.calls("PATCH"))
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))
    world.answering = None
    assert ("adopted" if adopts else "changed") == (await world.ensure()).did
    assert 1 == len(await world.hooks()) == len(await world.store.all())


# -- renewals that Clio does not take -------------------------------------------------------------------------------


async def _renewals(world: World, days: float) -> int:
    """Count what is sent for a webhook whose end Clio never puts off, up to its end."""
    await due(world)
    end = world.simulator.record("webhooks", (await world.held()).webhook_id or 0)["expires_at"]

    async def clamping(request: Any, send: Any) -> Any:
        if request.method != "PATCH":
            return await send(request)
        await send(request)
        hook = int(request.url.partition("/webhooks/")[2].partition(".")[0])
        world.simulator.change("webhooks", hook, expires_at=end)
        pairs = [pair for pair in request.headers.pairs if pair[0].lower() not in {"if-match", "content-type"}]
        return await send(Request("GET", request.url, Headers(pairs), auth=request.auth, principal=request.principal))

    world.answering = clamping
    until = world.now() + days * DAY
    while world.now() < until and len(world.sent) < 2000:
        ensured = await world.ensure()
        assert end == world.simulator.record("webhooks", ensured.webhook.id)["expires_at"]
        await world.sleep(max(ensured.next_at.timestamp() - world.now(), 0.0))
    return len(world.calls("PATCH"))


async def test_a_renewal_that_moves_no_end_is_not_repeated_at_once(world: World) -> None:
    """It is asked for again later and later in what is left, and never more than a few times an hour."""
    assert 1 <= await _renewals(world, 2.4) <= 12


async def test_control_without_a_soonest_moment_it_is_asked_for_all_the_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn in the last moments of a life lies in no time."""
    monkeypatch.setattr("clio_async.resources.subscriptions.noting.renewal", lambda *_: 0.0)
    assert 100 < await _renewals(world, 2.4)


async def test_an_end_that_clio_does_not_tell_is_put_off_all_the_same(world: World) -> None:
    """It is taken for what Clio gives to whoever asks for none."""
    world.answering = altering(lambda row: row.pop("expires_at", None))
    await world.ensure()
    held = await world.held()
    assert held.expires_at is None
    assert 2 * DAY <= (held.renew_at or 0.0) - world.now() <= 3 * DAY
    await world.sleep(3 * DAY)
    assert "renewed" == (await world.ensure()).did
    assert "kept" == (await world.ensure()).did


# -- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://Hooks.test/clio", lambda url: url.replace("Hooks", "hooks")),
        ("https://hooks.test:443/clio", lambda url: url.replace(":443", "")),
        ("https://hooks.test", lambda url: url.replace("test?", "test/?")),
        ("https://hooks.test/?a=%2fb", lambda url: url.replace("%2f", "%2F")),
        ("https://hooks.test/?a=1&b=2", lambda url: url.replace("a=1&b=2", "b=2&a=1")),
        ("https://hooks.test/clio?", lambda url: url),
        ("https://hooks.test/clio", lambda url: None),
    ],
)
async def test_however_clio_writes_the_address_there_is_one_webhook(url: str, shown: Any, world: World) -> None:
    """What is ours is known by its key; or by its id, where Clio tells no address."""
    world.answering = altering(lambda row: row.update(url=shown(row["url"])))
    first = await world.ensure(url=url)
    for _ in range(3):
        await world.sleep(HOUR)
        again = await world.ensure(url=url)
        assert ("kept", first.webhook.id) == (again.did, again.webhook.id)
    assert 1 == len(world.calls("POST")) == len(await world.store.all())


async def test_an_address_that_is_written_otherwise_is_the_same(world: World) -> None:
    """By the application, or at Clio: the webhook of the one is kept, or adopted, for the other."""
    first = await world.ensure(url="https://hooks.test/clio")
    again = await world.ensure(url="HTTPS://Hooks.test:443/clio?")
    assert ("kept", first.webhook.id) == (again.did, again.webhook.id)
    world.store = MemorySubscriptions()
    assert ("adopted", first.webhook.id) == ((await world.ensure(url="https://HOOKS.test/clio")).did, first.webhook.id)


async def test_control_another_path_is_another_address(world: World) -> None:
    """Case counts there."""
    first = await world.ensure(url="https://hooks.test/clio")
    assert first.webhook.id != (await world.ensure(url="https://hooks.test/Clio")).webhook.id


# -- what Clio does not tell ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["etag", "url", "model", "status", "events", "fields", "expires_at", "created_at", "shared_secret", "user"]
)
async def test_a_webhook_of_which_something_is_missing_ends_nothing(name: str, world: World) -> None:
    """Neither one of others, nor our own: it is kept, and renewed in time."""
    other = await world.client(user=2).webhooks.create(url="https://x.test/", model="task", fields_="id")

    world.answering = altering(lambda row: row["id"] == other.id and row.pop(name, None))
    await well(world)
    world.answering = altering(lambda row: row.pop(name, None))
    await world.sleep(1)
    if name == "shared_secret":
        assert "kept" == (await world.ensure()).did
        return
    assert 1 == len(await world.store.all())
    dids = {(await world.ensure()).did}
    await world.sleep(20 * DAY)
    for _ in range(3):
        await world.sleep(3 * DAY)
        ensured = await world.ensure()
        dids.add(ensured.did)
        assert ensured.enabled
    assert dids <= {"kept", "renewed", "changed"}
    assert ["/webhooks.json"] == world.calls("POST")[1:]


@pytest.mark.parametrize("name", ["url", "user", "etag", "fields"])
async def test_one_is_adopted_although_something_is_missing(name: str, world: World) -> None:
    """Where its address is not told, it cannot be."""
    hook = await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])
    world.answering = altering(lambda row: row.pop(name, None))
    ensured = await world.ensure()
    assert (name != "url") == (hook.id == ensured.webhook.id)


@pytest.mark.parametrize("shown", ["etag,client{name,id},id", " id, etag,client{id,name} "])
async def test_another_order_of_the_fields_is_no_change(shown: str, world: World) -> None:
    """Clio may show them in any."""
    world.answering = altering(lambda row: row.update(fields=shown))
    for _ in range(3):
        await world.ensure(fields="id,etag,client{id,name}")
    assert [] == world.calls("PATCH")


async def test_a_change_that_clio_does_not_take_is_asked_for_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged once, no gap is made of it, and another change is asked for again."""
    await well(world)
    world.answering = altering(lambda row: row.update(fields="id", events=["created"]))
    with caplog.at_level(logging.WARNING, "clio_async"):
        dids = [(await world.ensure(fields="id,description")).did for _ in range(4)]
    assert (["changed", "kept", "kept", "kept"], 1) == (dids, len(world.calls("PATCH")))
    assert ["not_taken"] == [record.clio["outcome"] for record in caplog.records]
    assert await (await world.ensure(fields="id,description")).covered()
    assert (await world.ensure(fields="id,description")).missed_since is None
    assert "changed" == (await world.ensure(fields="id,status")).did


# -- clocks ---------------------------------------------------------------------------------------------------------


async def test_what_a_clock_that_was_ahead_has_noted_is_not_believed(world: World) -> None:
    """A gap that would begin in the time to come begins when the webhook was made, by Clio's clock."""
    began = world.now()
    clio = skewed(world, 20 * DAY)
    assert await (await world.ensure(clio)).covered()
    await world.ensure(clio)
    await world.sleep(10 * DAY)
    world.simulator.change("webhooks", (await world.held()).webhook_id or 0, status="suspended")
    ensured = await world.ensure()
    assert ("repaired", began) == (ensured.did, ensured.missed_since and ensured.missed_since.timestamp())


async def test_a_gap_that_a_clock_ahead_has_noted_is_made_longer(world: World) -> None:
    """The webhook lives, its gap began in the time to come: it is put right, and where the walk was is forgotten."""
    began = world.now()
    await world.ensure(skewed(world, 20 * DAY))
    held = await world.held()
    assert await world.store.replace(held, evolve(held, walk="{}"))
    await world.sleep(DAY)
    ensured = await world.ensure()
    held = await world.held()
    assert ("kept", began, None) == (ensured.did, held.covered_from, held.walk)
    assert world.now() == held.seen_at
    assert await ensured.covered()
    await world.sleep(1)
    assert (await world.ensure()).missed_since is None


async def test_a_claim_from_the_time_to_come_is_none(world: World) -> None:
    """Somebody's clock was ahead: `ensure` does not wait for days."""
    began = world.now()
    claim = Subscription(
        "ahead", world.clio.principal.fingerprint, "matter", URL, "id,etag", (), made_at=began + 30 * DAY
    )
    assert await world.store.replace(None, claim)
    assert "created" == (await world.ensure()).did
    assert LEASE > world.now() - began


async def test_a_wait_has_an_end_even_if_the_clock_stands(world: World) -> None:
    """It is the pauses that are counted; then everything is looked at again."""
    claim = Subscription("k", world.clio.principal.fingerprint, "matter", URL, "id,etag", (), made_at=world.now())
    assert await world.store.replace(None, claim)
    began = world.now()
    clio = Clio(
        world._tokens[1],
        base_url=BASE,
        transport=MemoryTransport(world._answer),
        clock=world.now,
        wall_clock=lambda: began if len(world.sent) < 2 else world.now(),
        random=lambda: 0.5,
    )
    await world.ensure(clio)
    assert LEASE + SLACK <= world.now() - began <= 3 * (LEASE + SLACK)


# -- others ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("narrowed", [{"events": ["deleted"]}, {"fields": "id"}])
async def test_what_somebody_else_has_narrowed_may_have_missed_something(narrowed: Any, world: World) -> None:
    """It is put right, and the gap is told of, since nobody knows how long it was so."""
    hook = await well(world)
    seen = world.now()
    await world.sleep(600)
    world.simulator.change("webhooks", hook, **narrowed)
    ensured = await world.ensure()
    assert ("changed", seen - RETRIED) == (
        ensured.did,
        ensured.missed_since and ensured.missed_since.timestamp(),
    )
    assert await ensured.covered()
    assert ("kept", None) == ((await world.ensure()).did, (await world.ensure()).missed_since)


async def test_control_what_the_application_changes_is_no_gap(world: World) -> None:
    """Nor what somebody else has added."""
    hook = await well(world)
    assert ("changed", None) == ((got := await world.ensure(fields="id")).did, got.missed_since)
    world.simulator.change("webhooks", hook, fields="id,etag,description")
    assert ("changed", None) == ((got := await world.ensure(fields="id")).did, got.missed_since)


async def test_a_secret_that_has_changed_at_clio_is_a_gap(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """What was signed with the new one was refused until now, since nobody knows when."""
    hook = await well(world)
    seen = world.now()
    await world.sleep(600)
    world.answering = altering(lambda row: row["id"] == hook and row.update(shared_secret="another-" + "0" * 30))
    with caplog.at_level(logging.WARNING, "clio_async"):
        ensured = await world.ensure()
    assert ("kept", seen - RETRIED) == (ensured.did, ensured.missed_since and ensured.missed_since.timestamp())
    assert Secret("another-" + "0" * 30) == (await world.held()).secret
    assert ["other_secret"] == [record.clio["outcome"] for record in caplog.records]
    assert await ensured.covered()
    assert (await world.ensure()).missed_since is None


async def test_one_that_is_enabled_and_whose_secret_nobody_knows_is_not_well(world: World) -> None:
    """All its events are refused: it is looked at soon, its gap stays, and it is replaced if no handshake comes."""
    world.answering = altering(lambda row: row.update(shared_secret=None, status="enabled"))
    first = await world.ensure()
    held = await world.held()
    assert ("created", False, None, None) == (first.did, first.enabled, held.secret, held.seen_at)
    assert world.now() + AWAITED == held.awaited_until
    assert first.next_at.timestamp() < world.now() + 60
    await world.sleep(AWAITED)
    second = await world.ensure()
    assert ("repaired", first.missed_since) == (second.did, second.missed_since)
    assert [second.webhook.id] == [hook.id for hook in await world.hooks()]
    assert held.key != (await world.held()).key
    held = await world.held()
    assert await world.store.replace(held, evolve(held, secret=Secret("of the handshake"), awaited_until=None))
    third = await world.ensure()
    assert ("kept", True) == (third.did, third.enabled)


async def test_any_refusal_of_a_long_life_is_followed_by_a_short_one(world: World) -> None:
    """What it says is Clio's to word, also where it says nothing of an end."""

    async def stingy(request: Any, send: Any) -> Any:
        if request.method in {"POST", "PATCH"} and len(world.calls(request.method)) % 2:
            return refusal(422, message="Ungültig")
        return await send(request)

    world.answering = stingy
    ensured = await world.ensure()
    assert 3 * DAY == (ensured.webhook.expires_at and ensured.webhook.expires_at.timestamp() - world.now())
    assert 2 == len(world.calls("POST"))


async def test_the_refusal_of_a_short_life_is_raised_at_once(world: World) -> None:
    """There is none to ask for that is shorter."""

    async def refusing(request: Any, send: Any) -> Any:
        return refusal(422) if request.method == "POST" else await send(request)

    world.answering = refusing
    with pytest.raises(UnprocessableEntity):
        await world.ensure(days=3)
    assert (1, ()) == (len(world.calls("POST")), await world.store.all())


async def test_keyed_is_what_clio_is_given(world: World) -> None:
    """A trailing ? is left out; the rest is as the application wrote it."""
    await world.ensure(url="https://Hooks.test/a%2fb?")
    held = await world.held()
    hook = world.simulator.record("webhooks", held.webhook_id or 0)
    assert ("https://Hooks.test/a%2fb", keyed("https://Hooks.test/a%2fb", held.key)) == (held.url, hook["url"])
