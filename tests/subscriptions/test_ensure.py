"""`clio.webhooks.ensure`: one webhook, created, adopted, changed, renewed, repaired (rows F69 and F70)."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import pytest
from attrs import evolve

from clio_async import Forbidden, InvalidArgument, Policy, Response, Secret, SubscriptionStoreError
from clio_async.protocol.hook_addresses import keyed, split_key
from clio_async.protocol.hook_gaps import GIVEN_UP, RETRIED
from clio_async.protocol.subscriptions import AWAITED
from clio_async.resources.subscriptions.noting import FIELDS
from clio_async.webhooks import MemorySubscriptions, Subscription

from ..canaries import Canaries
from .world import DAY, HOUR, URL, World, refusal

pytestmark = pytest.mark.anyio


def seconds(moment: dt.datetime | None) -> float:
    assert moment is not None
    return moment.timestamp()


async def test_a_webhook_is_created_and_activated(world: World) -> None:
    """It lives nearly 31 days, sends what was asked for to the address with a key, and its secret is in the store."""
    ensured = await world.ensure(events=("created",), fields="id, etag,description")
    (hook,) = await world.hooks()
    held = await world.held()
    assert ("created", True) == (ensured.did, ensured.enabled)
    assert (ensured.webhook.id, "enabled", "matter") == (hook.id, hook.status, hook.model)
    assert (("created",), "id,etag,description") == (hook.events, hook.fields)
    assert keyed(URL, held.key) == hook.url
    assert (hook.id, Secret(hook.shared_secret), None) == (held.webhook_id, held.secret, held.awaited_until)
    assert 31 * DAY - 600 == seconds(hook.expires_at) - world.now()
    assert 32 == len(held.key)


async def test_what_is_well_costs_one_request(world: World) -> None:
    """Called again, it looks, and changes nothing."""
    first = await world.ensure()
    world.sent.clear()
    again = await world.ensure()
    assert [("GET", "/webhooks.json")] == world.sent
    assert ("kept", first.webhook.id) == (again.did, again.webhook.id)
    assert 0.45 * HOUR <= seconds(again.next_at) - world.now() <= 0.55 * HOUR


async def test_what_a_new_webhook_could_not_tell_is_a_gap(world: World) -> None:
    """It began before Clio sent anything; when it was walked and noted, there is none."""
    ensured = await world.ensure()
    assert -300 == seconds(ensured.missed_since) - world.now()
    world.simulator.change("matters", 3, description="meanwhile")
    changes = (await world.ensure()).missed(fields="id,description")
    assert changes is not None
    assert [3] == [matter.id async for matter in changes]
    assert ensured.unseen is not None
    assert "deleted" in ensured.unseen
    assert await ensured.covered()
    again = await world.ensure()
    assert (None, None, None) == (again.missed_since, again.missed(), again.unseen)
    assert await again.covered()


async def test_another_gap_is_not_closed_with_an_earlier_one(world: World) -> None:
    """What is noted as covered is the gap that was walked, and no other."""
    ensured = await world.ensure()
    held = await world.held()
    other = evolve(held, covered_from=1.0)
    assert await world.store.replace(held, other)
    assert not await ensured.covered()
    assert other == await world.held()
    assert await world.store.replace(other, None)
    assert not await ensured.covered()


async def test_a_gap_is_closed_although_others_note_something(world: World) -> None:
    """A replace that somebody else was quicker with is tried again on what is there then."""
    ensured = await world.ensure()
    store, quick = world.store, [True]
    replace = store.replace

    async def once(old: Subscription | None, new: Subscription | None) -> bool:
        if quick and old is not None:
            quick.clear()
            await replace(old, evolve(old, seen_at=5.0))
        return await replace(old, new)

    store.replace = once  # type: ignore[method-assign]
    assert await ensured.covered()
    held = await world.held()
    assert (None, 5.0) == (held.covered_from, held.seen_at)


@pytest.mark.parametrize(
    ("model", "resource", "unseen"),
    [("document", "documents", None), ("clio_payments_payment", None, "lists no clio_payments_payments")],
)
async def test_what_a_walk_does_not_see_is_said(
    model: str, resource: str | None, unseen: str | None, world: World
) -> None:
    """Deleted documents are seen; of payments nothing is."""
    ensured = await world.ensure(model=model, fields="id")
    assert (resource is None) == (ensured.missed() is None)
    assert (unseen or "") in (ensured.unseen or "")
    assert (unseen is None) == (ensured.unseen is None)


async def test_a_model_may_be_given_by_its_number(world: World) -> None:
    """Clio numbers them from 1; events are those that the model has unless said otherwise."""
    ensured = await world.ensure(model=10, fields="id")
    assert ("clio_payments_payment", ("created", "updated")) == (ensured.webhook.model, ensured.webhook.events)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://hooks.test/clio"}, "https"),
        ({"url": "https://"}, "https"),
        ({"url": "https://[broken/"}, "https"),
        ({"url": "https://ann:secret@hooks.test/"}, "user"),
        ({"url": "https://hooks.test/#part"}, "#"),
        ({"url": "https://hooks.test/a b"}, "https"),
        ({"url": "https://hooks.tést/"}, "https"),
        ({"url": None}, "https"),
        ({"url": "https://hooks.test/?subscription=mine"}, "subscription="),
        ({"url": "https://hooks.test/?subscription="}, "subscription="),
        ({"url": "https://hooks.test/?subscription"}, "subscription="),
        ({"url": "https://hooks.test/?a=1&%73ubscription=7"}, "subscription="),
        ({"url": "https://hooks.test/?" + "&".join(f"a{n}=1" for n in range(20))}, "so many parameters"),
        ({"url": "https://hooks.test:99999/"}, "https"),
        ({"url": "https://hooks.test:0/"}, "https"),
        ({"url": "https://hooks.test:x/"}, "https"),
        ({"url": "https://hooks\\x/"}, "https"),
        ({"url": "https://hooks.test/<a>"}, "https"),
        ({"model": "Matter"}, "'matter'"),
        ({"model": "mater"}, "'matter'"),
        ({"model": 11}, "not a model"),
        ({"model": True}, "not a model"),
        ({"events": ("create",)}, "'created'"),
        ({"events": "created"}, "list of names"),
        ({"events": ()}, "list of names"),
        ({"events": 3}, "list of names"),
        ({"events": ("deleted",), "model": "clio_payments_payment", "fields": "id"}, "event of clio_payments_payment"),
        ({"events": ("matter_opened",), "model": "task"}, "event of task"),
        ({"fields": "id,descripton"}, "description"),
        ({"fields": None}, "fields"),
        ({"fields": ",".join(["description"] * 90)}, "1000"),
        ({"days": 32}, "31"),
        ({"days": 0}, "31"),
        ({"days": True}, "31"),
        ({"days": "3"}, "31"),
        ({"days": 1e-9}, "an hour"),
        ({"days": float("nan")}, "31"),
        ({"days": 10**400}, "31"),
        ({"check_every": 0}, "check_every"),
        ({"check_every": "x"}, "check_every"),
        ({"check_every": True}, "check_every"),
        ({"check_every": float("inf")}, "check_every"),
        ({"check_every": float("nan")}, "check_every"),
        ({"check_every": 10**400}, "check_every"),
    ],
)
async def test_what_clio_would_refuse_is_refused_here(wrong: dict[str, Any], said: str, world: World) -> None:
    """Nothing is sent and nothing noted; the error says what would be right."""
    with pytest.raises(InvalidArgument, match=said):
        await world.ensure(**wrong)
    assert ([], ()) == (world.sent, await world.store.all())


async def test_other_events_or_fields_change_the_webhook(world: World) -> None:
    """One PATCH under the tag of the record; the secret stays."""
    before = await world.ensure()
    held = await world.held()
    world.sent.clear()
    changed = await world.ensure(events=["created"], fields=["id", "status"])
    assert ("changed", before.webhook.id) == (changed.did, changed.webhook.id)
    assert (("created",), "id,status") == (changed.webhook.events, changed.webhook.fields)
    assert [f"/webhooks/{before.webhook.id}.json"] == world.calls("PATCH")
    after = await world.held()
    assert (held.secret, held.key, "id,status", ("created",)) == (after.secret, after.key, after.fields, after.events)


async def test_other_addresses_and_models_are_other_webhooks(world: World) -> None:
    """One store serves them all, and all principals."""
    ids = {(await world.ensure()).webhook.id}
    ids.add((await world.ensure(model="contact")).webhook.id)
    ids.add((await world.ensure(url="https://hooks.test/other")).webhook.id)
    ids.add((await world.ensure(world.client(user=2))).webhook.id)
    assert 4 == len(ids) == len(await world.store.all())


# -- repairs ----------------------------------------------------------------------------------------------------------


async def _well(world: World) -> int:
    """Ensure one that is a day old and has no gap; return its id."""
    await world.ensure()
    await world.sleep(DAY)
    assert await (await world.ensure()).covered()
    return (await world.ensure()).webhook.id


@pytest.mark.parametrize("fate", ["suspended", "deleted", "expired"])
async def test_a_webhook_that_was_lost_is_replaced_and_its_gap_reported(fate: str, world: World) -> None:
    """There is one afterwards, with a key of its own, and what it may have missed begins where it was well for sure."""
    old = await _well(world)
    key, seen = (await world.held()).key, world.now()
    await world.sleep(HOUR)
    if fate == "suspended":
        world.simulator.change("webhooks", old, status="suspended")
    elif fate == "deleted":
        world.simulator.delete("webhooks", old)
    else:
        await world.sleep(40 * DAY)
    ensured = await world.ensure()
    (hook_now,) = await world.hooks()
    assert ("repaired", True) == (ensured.did, ensured.enabled)
    assert old != ensured.webhook.id == hook_now.id
    assert seen - RETRIED == seconds(ensured.missed_since)
    held = await world.held()
    assert key != held.key == split_key(hook_now.url)[1]
    assert ("kept", ensured.missed_since) == ((await world.ensure()).did, (await world.ensure()).missed_since)


async def test_a_gap_that_is_open_is_not_made_smaller(world: World) -> None:
    """Lost a second time before it was closed, it begins where the first one began."""
    first = await world.ensure()
    await world.sleep(DAY)
    world.simulator.delete("webhooks", first.webhook.id)
    assert first.missed_since == (await world.ensure()).missed_since


async def test_a_time_without_anybody_looking_is_a_gap(world: World) -> None:
    """A webhook that is enabled today may have lost what came when nobody received: from the last look on."""
    await _well(world)
    seen = world.now()
    await world.sleep(3 * DAY)
    ensured = await world.ensure()
    assert ("kept", seen - RETRIED) == (ensured.did, seconds(ensured.missed_since))
    assert await ensured.covered()
    await world.sleep(HOUR)
    assert (await world.ensure()).missed_since is None


@pytest.mark.parametrize("check_every", [1800.0, DAY])
async def test_whoever_did_not_look_for_as_long_as_clio_tries_is_told_of_a_gap(
    check_every: float, world: World
) -> None:
    """However seldom it was to be looked at: an event may have been given up with nobody there."""
    await _well(world)
    await world.sleep(GIVEN_UP + 1)
    assert (await world.ensure(check_every=check_every)).missed_since is not None


async def test_no_answer_that_is_kept_is_taken_for_what_clio_has(world: World) -> None:
    """Also where a client may be given webhooks again for a while (`Policy.fresh_for`)."""
    clio = world.client(policy=Policy(fresh_for={"webhooks": 1e6}))
    first = await world.ensure(clio)
    await clio.webhooks.list(fields=FIELDS).collect()
    await clio.webhooks.get(first.webhook.id, fields=FIELDS)
    world.simulator.change("webhooks", first.webhook.id, status="suspended")
    again = await world.ensure(clio)
    assert ("repaired", "enabled") == (again.did, again.webhook.status)


async def test_a_suspended_one_that_cannot_be_deleted_is_tried_again(world: World) -> None:
    """The new one is there all the same; the old one is not forgotten before it is gone."""
    old = await _well(world)
    world.simulator.change("webhooks", old, status="suspended")

    async def keeping(request: Any, send: Any) -> Any:
        return Response(500) if request.method == "DELETE" else await send(request)

    world.answering = keeping
    ensured = await world.ensure()
    assert ("repaired", 2, 2) == (ensured.did, len(await world.hooks()), len(await world.store.all()))
    world.answering = None
    assert "kept" == (await world.ensure()).did
    assert [ensured.webhook.id] == [hook.id for hook in await world.hooks()]
    assert ensured.webhook.id == (await world.held()).webhook_id


async def test_superfluous_ones_of_ours_are_deleted_and_those_of_others_left(world: World) -> None:
    """Only a key that is in the store makes a webhook ours."""
    first = (await world.ensure()).webhook
    held = await world.held()
    twin = world.simulator.add("webhooks", url=first.url, model="matter", status="enabled", events=["created"])
    other = world.simulator.add("webhooks", url=f"{URL}&subscription=else", model="matter", status="enabled")
    gone = Subscription("gone", held.principal, "matter", URL, "id", (), webhook_id=9_999)
    assert await world.store.replace(None, gone)
    assert "kept" == (await world.ensure()).did
    left = {hook.id for hook in await world.hooks()}
    assert other in left
    assert 1 == len(left & {first.id, twin})
    assert {"kept"} == {(await world.ensure()).did for _ in range(2)}
    assert held.key == (await world.held()).key


# -- what Clio does not do --------------------------------------------------------------------------------------------


def _without_secret(world: World) -> None:
    """Let Clio keep `shared_secret` to itself."""

    async def hiding(request: Any, send: Any) -> Response:
        answer: Response = await send(request)
        body = answer.body
        if b"shared_secret" in body:
            data = json.loads(body)
            for row in data["data"] if isinstance(data["data"], list) else [data["data"]]:
                row["shared_secret"] = None
            body = json.dumps(data).encode()
            fields = [pair for pair in answer.headers.pairs if pair[0].lower() not in ("etag", "content-length")]
            return Response(answer.status, type(answer.headers)(fields), body)
        return answer

    world.answering = hiding


async def test_a_secret_that_clio_does_not_tell_comes_by_the_handshake(world: World) -> None:
    """Until then it is pending, and looked at soon; then it is activated with what the handshake brought."""
    _without_secret(world)
    first = await world.ensure()
    held = await world.held()
    assert ("created", False, None) == (first.did, first.enabled, held.secret)
    assert 10 <= seconds(first.next_at) - world.now() <= 20
    assert held.awaited_until == world.now() + AWAITED
    secret = Secret(world.simulator.record("webhooks", first.webhook.id)["shared_secret"])
    assert await world.store.replace(held, evolve(held, secret=secret, awaited_until=None))
    second = await world.ensure()
    assert ("kept", True) == (second.did, second.enabled)
    assert secret == (await world.held()).secret


async def test_a_handshake_that_does_not_come_is_given_up(world: World) -> None:
    """After ten minutes there is another webhook, with another key, and a handshake of its own; the old one is gone."""
    _without_secret(world)
    first = await world.ensure()
    key = (await world.held()).key
    await world.sleep(AWAITED - 1)
    second = await world.ensure()
    assert first.webhook.id == second.webhook.id
    assert 200 <= seconds(second.next_at) - world.now()
    await world.sleep(2)
    third = await world.ensure()
    assert ("repaired", first.missed_since) == (third.did, third.missed_since)
    assert [third.webhook.id] == [hook.id for hook in await world.hooks()]
    assert key != (await world.held()).key


async def test_a_forged_handshake_is_undone_by_clios_own_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """F69: what came over TLS from Clio wins over what anybody can send; it is logged, without a secret."""
    forged = "forged-" + "0" * 30
    clios: list[str] = []

    async def forging(request: Any, send: Any) -> Any:
        answer = await send(request)
        if request.method == "POST":  # somebody is quicker than the answer
            held = await world.held()
            assert await world.store.replace(held, evolve(held, secret=Secret(forged), awaited_until=None))
            clios.append(json.loads(answer.body)["data"]["shared_secret"])
        return answer

    world.answering = forging
    with caplog.at_level(logging.WARNING, "clio_async"):
        ensured = await world.ensure()
    held = await world.held()
    assert ensured.enabled
    assert (Secret(clios[0]), True) == (held.secret, held.secret != Secret(forged))
    assert ["other_secret"] == [record.clio["outcome"] for record in caplog.records]
    planted = Canaries(forged=forged, clios=clios[0], key=held.key)
    assert [] == planted.in_text("log", caplog.text)
    assert [] == planted.in_value("ensured", ensured)
    assert [] == planted.in_value("held", held)


async def test_control_without_that_the_forged_secret_would_stay(world: World) -> None:
    """Where Clio tells no secret, a forged one keeps the webhook pending, and it is given up."""
    _without_secret(world)
    first = await world.ensure()
    held = await world.held()
    assert await world.store.replace(held, evolve(held, secret=Secret("forged"), awaited_until=None))
    second = await world.ensure()
    assert (False, Secret("forged")) == (second.enabled, (await world.held()).secret)
    await world.sleep(AWAITED)
    third = await world.ensure()
    assert ("repaired", None) == (third.did, (await world.held()).secret)
    assert first.webhook.id not in {hook.id for hook in await world.hooks()}


async def test_a_shorter_life_is_asked_for_where_the_longest_is_refused(world: World) -> None:
    """Clio's clock may be behind, or its limit smaller."""
    longest: list[float] = [5 * DAY]

    async def stingy(request: Any, send: Any) -> Any:
        if request.method in {"POST", "PATCH"}:
            asked = json.loads(request.body)["data"].get("expires_at")
            if asked and dt.datetime.fromisoformat(asked).timestamp() > world.now() + longest[0]:
                return refusal(422, message="expires_at has to be within a few days")
        return await send(request)

    world.answering = stingy
    ensured = await world.ensure()
    assert 3 * DAY == seconds(ensured.webhook.expires_at) - world.now()
    assert 3 == world.calls("POST").count("/webhooks.json")
    await world.sleep(2.99 * DAY)
    assert 3 * DAY == seconds((await world.ensure()).webhook.expires_at) - world.now()


async def test_another_refusal_is_raised_after_a_short_life_was_refused_too(world: World) -> None:
    """A 422 that is not about the end, as far as it says, is a reason to ask once more; the claim is taken back."""

    async def refusing(request: Any, send: Any) -> Any:
        if request.method == "POST":
            return refusal(422, message="url is on a list")
        return await send(request)

    world.answering = refusing
    with pytest.raises(Exception, match="url is on a list"):
        await world.ensure()
    assert (["/webhooks.json"] * 2, ()) == (world.calls("POST"), await world.store.all())


async def test_a_missing_permission_is_named(world: World) -> None:
    """A 403 says which two permissions it takes."""
    clio = world.client(token=world.simulator.token(permissions=("users",)))
    with pytest.raises(Forbidden, match="Webhooks and Documents") as caught:
        await world.ensure(clio, model="folder")
    assert (403, "ForbiddenError") == (caught.value.status, caught.value.type)
    assert () == await world.store.all()


# -- adoption ---------------------------------------------------------------------------------------------------------


async def test_what_a_process_without_memory_has_made_is_adopted(world: World) -> None:
    """A new store does not mean a new webhook: key and secret are Clio's to tell, and no handshake is needed."""
    first = await world.ensure()
    held = await world.held()
    world.store = MemorySubscriptions()
    world.sent.clear()
    again = await world.ensure()
    assert ("adopted", first.webhook.id) == (again.did, again.webhook.id)
    assert {"GET"} == {method for method, _ in world.sent}
    after = await world.held()
    assert (held.key, held.secret, held.webhook_id) == (after.key, after.secret, after.webhook_id)
    assert world.now() - 300 == after.covered_from
    assert "kept" == (await world.ensure()).did


async def test_one_without_a_key_is_given_one(world: World) -> None:
    """Clio answers a new address with a new handshake and another secret."""
    hook = await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])
    ensured = await world.ensure()
    held = await world.held()
    assert ("adopted", hook.id, True) == (ensured.did, ensured.webhook.id, ensured.enabled)
    assert keyed(URL, held.key) == ensured.webhook.url
    assert {"created", "updated", "deleted"} == {*ensured.webhook.events}
    assert Secret(world.simulator.record("webhooks", hook.id)["shared_secret"]) == held.secret
    assert 1 == len(await world.hooks())


async def test_an_adopted_one_is_bound_to_its_id_before_clio_is_asked(world: World) -> None:
    """A handshake for any other webhook is refused while that of the new address is awaited."""
    hook = await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])
    bound: list[tuple[int | None, bool]] = []

    async def watching(request: Any, send: Any) -> Any:
        if request.method == "PATCH" and not bound:
            held = await world.held()
            bound.append((held.webhook_id, held.awaited_until is not None))
        return await send(request)

    world.answering = watching
    await world.ensure()
    assert [(hook.id, True)] == bound


async def test_one_whose_secret_is_not_told_is_given_a_key(world: World) -> None:
    """Only a new handshake brings the secret."""
    await world.ensure()
    key = (await world.held()).key
    world.store = MemorySubscriptions()
    _without_secret(world)
    ensured = await world.ensure()
    held = await world.held()
    assert ("adopted", False, None) == (ensured.did, ensured.enabled, held.secret)
    assert key != held.key == split_key(ensured.webhook.url)[1]


@pytest.mark.parametrize("told", [True, False])
async def test_that_of_another_user_is_not_adopted(told: bool, world: World) -> None:
    """Its events are for that user: this one gets a webhook of its own, also where Clio does not say who asks."""
    theirs = world.simulator.add("webhooks", url=URL, model="matter", status="enabled", user={"id": 2})

    async def hiding(request: Any, send: Any) -> Any:
        if "who_am_i" in request.url and not told:
            return refusal(403, "ForbiddenError")
        return await send(request)

    world.answering = hiding
    ensured = await world.ensure()
    assert ("created", False) == (ensured.did, ensured.webhook.id == theirs)
    assert URL == world.simulator.record("webhooks", theirs)["url"]


async def test_a_user_who_approves_anew_goes_on_with_the_same_webhook(world: World) -> None:
    """Another grant is another principal: what the store has of the same user's webhook is handed over, gap and all."""
    old = await _well(world)
    held, seen = await world.held(), world.now()
    await world.sleep(DAY)
    clio = world.client(token=world.simulator.token(user=1))
    assert held.principal != clio.principal.fingerprint
    ensured = await world.ensure(clio)
    assert ("adopted", old, seen - RETRIED) == (ensured.did, ensured.webhook.id, seconds(ensured.missed_since))
    after = await world.held()
    assert (clio.principal.fingerprint, held.key, held.secret) == (after.principal, after.key, after.secret)


async def test_that_of_another_principal_is_not_taken_on_trust(world: World) -> None:
    """Where Clio does not say whose a webhook is that the store has for somebody else, it is left alone."""
    ensured = await world.ensure()
    world.simulator.change("webhooks", ensured.webhook.id, user=None)
    other = await world.ensure(world.client(token=world.simulator.token(user=1)))
    assert ("created", False) == (other.did, other.webhook.id == ensured.webhook.id)
    assert 2 == len({one.principal for one in await world.store.all()})


async def test_one_of_this_user_is_adopted(world: World) -> None:
    """Clio says whose it is."""
    ours = world.simulator.add("webhooks", url=URL, model="matter", status="enabled", user={"id": 1})
    ensured = await world.ensure()
    assert ("adopted", ours) == (ensured.did, ensured.webhook.id)


async def test_one_that_is_suspended_is_not_adopted(world: World) -> None:
    """It would be of no use."""
    theirs = world.simulator.add("webhooks", url=URL, model="matter", status="suspended")
    ensured = await world.ensure()
    assert ("created", False) == (ensured.did, theirs == ensured.webhook.id)


@pytest.mark.parametrize("status", [412, 404])
async def test_one_that_somebody_else_changes_is_adopted_at_the_next_try(status: int, world: World) -> None:
    """A refusal because it was changed, or is gone, takes the claim back and looks again."""
    await world.clio.webhooks.create(url=URL, model="matter", fields_="id", events=["created"])
    refusing = [True]

    async def refusing_once(request: Any, send: Any) -> Any:
        if request.method == "PATCH" and refusing:
            refusing.clear()
            if status == 412:
                hook = int(request.url.partition("/webhooks/")[2].partition(".")[0])
                world.simulator.change("webhooks", hook, fields="id,etag")
            else:
                return refusal(404, "RecordNotFound")
        return await send(request)

    world.answering = refusing_once
    ensured = await world.ensure()
    assert ("adopted", 1) == (ensured.did, len(await world.hooks()))
    assert 1 == len(await world.store.all())


async def test_a_store_that_refuses_everything_ends_it(world: World) -> None:
    """It does not ask Clio forever; nothing was created."""

    class Stubborn(MemorySubscriptions):
        async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
            return False

    world.store = Stubborn()
    with pytest.raises(SubscriptionStoreError, match="one address"):
        await world.ensure()
    assert [] == world.calls("POST")
