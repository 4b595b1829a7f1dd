"""What webhooks are told, when, how often, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import MaybeSent, NotSent
from clio_async.messages import Headers, Request, Response
from clio_async.testing import (
    Fault,
    Faults,
    Mishap,
    Mishaps,
    Regime,
    Simulator,
    asgi,
    deliver_all,
    deliver_due,
    delivering,
    towards,
)
from clio_async.testing.simulator import Attempt, sign
from clio_async.transport.memory import MemoryTransport

from .caller import Caller
from .receiver import MADE_UP, URL, Receiver, Setting, enabled, setting

pytestmark = pytest.mark.anyio
HOOK = MADE_UP + 1
MATTER = "/matters/3.json"
NOW = 1_780_315_200.0
FAILS = [100, 400, 401, 404, 409, 411, 429, 500, 503, NotSent("down"), OSError("down"), TimeoutError("slow")]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# -- the handshake --------------------------------------------------------------------------------------------------


async def test_a_handshake_goes_to_the_address_as_it_is() -> None:
    """A POST with the secret in its header and the id in its body; the answer that echoes it enables the webhook."""
    made = setting()
    assert "pending" == made.status()
    assert 1 == await made.deliver()
    [request] = made.receiver.requests
    assert ("POST", URL) == (request.method, request.url)
    assert {"data": {"webhook_id": HOOK}} == json.loads(request.body or b"")
    assert made.secret() == request.headers["x-hook-secret"]
    assert "x-hook-signature" not in request.headers
    assert "enabled" == made.status()
    assert [Attempt(at=NOW, webhook=HOOK, event=None, record=None, number=1, status=200)] == [
        *made.simulator.deliveries.log
    ]


@pytest.mark.parametrize(
    ("status", "echo"), [(200, ""), (200, "other"), (201, None), (204, None), (302, None), (410, None)]
)
async def test_another_answer_leaves_it_pending(status: int, echo: str | None) -> None:
    """Only a 200 with the same header is a handshake; another success is no reason to ask again."""
    made = setting()

    async def send(request: Request) -> Response:
        return Response(status, Headers({"X-Hook-Secret": request.headers["x-hook-secret"] if echo is None else echo}))

    assert 1 == await deliver_all(made.simulator, send)
    assert "pending" == made.status()
    made.asks.patch(MATTER, {"description": "new"})
    assert 0 == await made.deliver()


async def test_a_failed_handshake_is_repeated_and_suspends_nothing() -> None:
    """Like an event, six times in all; the webhook waits for its activation after that."""
    made = setting(receiver=Receiver(lambda _: 500))
    assert 6 == await deliver_all(made.simulator, made.receiver.send)
    assert "pending" == made.status()
    assert 200 == made.asks.ask("PUT", f"/webhooks/{HOOK}/activate.json", x_hook_secret=made.secret()).status
    assert "enabled" == made.status()


async def test_an_activation_ends_the_handshake() -> None:
    """What is still queued of it is not sent."""
    made = setting(receiver=Receiver(echoes=False))
    assert 200 == made.asks.ask("PUT", f"/webhooks/{HOOK}/activate.json", x_hook_secret=made.secret()).status
    assert 0 == await made.deliver()
    assert () == made.simulator.deliveries.waiting


async def test_a_new_address_is_greeted_anew() -> None:
    """With another secret, at that address; the handshake of the old one counts no more, nor do its events."""
    made = await enabled()
    first = made.secret()
    made.asks.patch(MATTER, {"description": "new"})
    made.asks.patch(f"/webhooks/{HOOK}.json", {"url": "https://other.example/"})
    made.asks.patch(f"/webhooks/{HOOK}.json", {"url": "https://third.example/"})
    assert 1 == await made.deliver()
    assert "https://third.example/" == made.receiver.requests[-1].url
    assert first != made.secret() == made.receiver.requests[-1].headers["x-hook-secret"]
    assert ("enabled", []) == (made.status(), made.receiver.heard)


async def test_another_change_is_no_reason_for_another_handshake() -> None:
    """The secret is the same one, and was sent."""
    made = setting(receiver=Receiver(echoes=False))
    await made.deliver()
    made.asks.patch(f"/webhooks/{HOOK}.json", {"fields": "id"})
    assert 0 == await made.deliver()


async def test_an_echo_that_comes_late_enables_nothing() -> None:
    """The address was changed while it was under way."""
    made = setting()

    async def send(request: Request) -> Response:
        made.asks.patch(f"/webhooks/{HOOK}.json", {"url": "https://other.example/"})
        return Response(200, Headers({"X-Hook-Secret": request.headers["x-hook-secret"]}))

    delivery = made.simulator.deliveries.take()
    assert delivery is not None
    made.simulator.deliveries.ended(delivery, await send(made.simulator.deliveries.request(delivery)))
    assert "pending" == made.status()


@pytest.mark.parametrize(("when", "early"), [("before", True), ("after", False)])
async def test_the_handshake_comes_before_or_after_the_answer(when: Any, early: bool) -> None:
    """In the one case the receiver is asked while the POST is under way, and whoever makes it learns the id later."""
    simulator, receiver = Simulator(regime=Regime(hook_handshake=when)), Receiver()
    simulator.deliveries.sender = receiver.send
    request = Caller(simulator).request(
        "POST", "/webhooks.json", {"data": {"url": URL, "model": "matter", "fields": "id"}}
    )
    assert 201 == (await MemoryTransport(simulator.handler).send(request)).status
    assert early == (simulator.record("webhooks", HOOK)["status"] == "enabled")
    assert int(early) == len(receiver.requests)
    assert int(not early) == await deliver_due(simulator, receiver.send)
    assert "enabled" == simulator.record("webhooks", HOOK)["status"]


async def test_a_handshake_comes_before_an_answer_that_is_late() -> None:
    """Whatever becomes of the answer: the webhook is made and enabled."""
    simulator, receiver = Simulator(regime=Regime(hook_handshake="before")), Receiver()
    simulator.deliveries.sender = receiver.send
    simulator.faults = Faults.scripted([Fault.lost_after()])
    request = Caller(simulator).request("POST", "/webhooks.json", {"data": {"url": URL, "model": 1, "fields": "id"}})
    with pytest.raises(MaybeSent):
        await MemoryTransport(simulator.handler).send(request)
    assert "enabled" == simulator.record("webhooks", HOOK)["status"]


async def test_without_a_sender_a_handshake_comes_after_the_answer() -> None:
    """Nobody could carry it out before."""
    made = setting(Regime(hook_handshake="before"))
    assert 1 == await made.deliver()
    assert "enabled" == made.status()


async def test_a_secret_may_be_told_by_the_handshake_alone() -> None:
    """It is null in answers then, and signs all the same."""
    made = await enabled(Regime(hook_secret="hidden"))
    assert None is made.asks.data(f"/webhooks/{HOOK}.json?fields=shared_secret")["shared_secret"]
    made.asks.patch(MATTER, {"description": "new"})
    await made.deliver()
    greeting, event = made.receiver.requests
    secret = greeting.headers["x-hook-secret"]
    assert sign(event.body or b"", secret) == event.headers["x-hook-signature"]


# -- events ---------------------------------------------------------------------------------------------------------


async def test_every_writer_is_heard() -> None:
    """Other users through the API and the test itself: created, updated and deleted, in order."""
    made = await enabled()
    other = Caller(made.simulator, user=2)
    assert 201 == other.post("/matters.json", {"client": {"id": 1}, "description": "new"}).status
    assert 200 == other.patch(MATTER, {"description": "new"}).status
    assert 204 == other.delete("/matters/4.json").status
    made.simulator.change("matters", 5, description="new")
    made.simulator.add("matters", description="new")
    made.simulator.delete("matters", 6)
    await made.deliver()
    expected = [("created", 21), ("updated", 3), ("deleted", 4), ("updated", 5), ("created", 22), ("deleted", 6)]
    assert expected == made.receiver.heard


async def test_an_event_says_what_the_record_was_then() -> None:
    """Its id and tag and the chosen fields, the name of the event and of the webhook; signed as it is sent."""
    made = await enabled(fields="description,client{id}")
    made.asks.patch(MATTER, {"description": "one"})
    tag = made.asks.data(f"{MATTER}?fields=etag")["etag"]
    made.asks.patch(MATTER, {"description": "two"})
    await made.deliver()
    client = made.asks.data(f"{MATTER}?fields=client{{id}}")["client"]
    data = {"id": 3, "etag": tag, "description": "one", "client": client}
    assert {"data": data, "meta": {"event": "updated", "webhook_id": HOOK}} == made.receiver.events[0]
    assert ["one", "two"] == [event["data"]["description"] for event in made.receiver.events]
    assert all(made.signed(request) for request in made.receiver.requests[1:])
    assert "application/json" == made.receiver.requests[1].headers["content-type"]


@given(body=st.binary(), secret=st.text(), other=st.text())
def test_a_signature_is_of_body_and_secret(body: bytes, secret: str, other: str) -> None:
    """Lower-case hex of 32 bytes, or their base64; of other bytes or under another secret it is another one."""
    made = sign(body, secret)
    assert 64 == len(made) == len(made.strip("ghijklmnopqrstuvwxyzABCDEF"))
    assert made == bytes.fromhex(made).hex()
    assert 44 == len(sign(body, secret, "base64"))
    assert sign(body + b" ", secret) != made
    # A key shorter than a block is padded with zeros (RFC 2104): these alone make no difference.
    assert (other.rstrip("\0") == secret.rstrip("\0")) == (sign(body, other) == made)


async def test_a_signature_may_be_in_base64() -> None:
    """The same bytes, written otherwise."""
    made = await enabled(Regime(hook_signature="base64"))
    made.asks.patch(MATTER, {"description": "new"})
    await made.deliver()
    assert made.signed(made.receiver.requests[-1], "base64")
    assert not made.signed(made.receiver.requests[-1])


async def test_only_watched_fields_are_worth_an_event_after_the_first() -> None:
    """What was never sent is sent after any change; from then on one of its fields has to be another one."""
    made = await enabled(fields="id,description")
    heard = list[int]()
    for changes in (
        {"location": "a"},
        {"location": "b"},
        {"description": "c"},
        {"description": "c"},
        {"location": "d"},
    ):
        made.asks.patch(MATTER, changes)
        heard.append(await made.deliver())
    assert [1, 0, 1, 0, 0] == heard


async def test_each_webhook_knows_what_it_has_sent() -> None:
    """A second one that has sent nothing of the record sends what the first one keeps to itself."""
    made = await enabled(fields="id,description")
    made.asks.patch(MATTER, {"location": "a"})
    await made.deliver()
    made.asks.post("/webhooks.json", {"url": URL, "model": "matter", "fields": "id,description"})
    await made.deliver()
    made.asks.patch(MATTER, {"location": "b"})
    assert 1 == await made.deliver()
    assert HOOK + 1 == made.receiver.events[-1]["meta"]["webhook_id"]


async def test_a_matter_that_moves_is_told_by_the_name_of_its_state() -> None:
    """Opened, pended and closed, once for each change; what was written before the webhook counts as known."""
    made = setting(events=["matter_opened", "matter_pended", "matter_closed"])
    made.simulator.change("matters", 4, status="Closed")
    await made.deliver()
    for status in ("Closed", "Pending", "Pending", "Open", "Closed"):
        made.asks.patch("/matters/4.json", {"status": status})
    made.simulator.change("matters", 5, status="Open", description="new")
    made.simulator.change("matters", 5, status=None)
    await made.deliver()
    expected = [("matter_pended", 4), ("matter_opened", 4), ("matter_closed", 4)]
    assert expected == [event for event in made.receiver.heard if event[1] == 4]
    assert all(event == "matter_opened" for event, number in made.receiver.heard if number == 5)


async def test_one_change_may_be_two_events() -> None:
    """A matter that is closed was updated, too."""
    made = await enabled(events=["updated", "matter_closed"])
    made.simulator.change("matters", 4, status="Pending")
    made.simulator.change("matters", 4, status="Closed")
    await made.deliver()
    assert [("updated", 4), ("updated", 4), ("matter_closed", 4)] == made.receiver.heard


async def test_a_move_is_told_though_no_watched_field_has_changed() -> None:
    """Only "updated" depends on what is watched."""
    made = await enabled(fields="id,description", events=["updated", "matter_closed"])
    made.simulator.change("matters", 4, status="Pending")
    made.simulator.change("matters", 4, status="Closed")
    await made.deliver()
    assert [("updated", 4), ("matter_closed", 4)] == made.receiver.heard


async def test_each_firm_is_told_of_its_own() -> None:
    """Two accounts with a webhook each, on one simulator."""
    made = await enabled()
    other = Caller(made.simulator, account=2)
    other.post("/webhooks.json", {"url": "https://other.example/", "model": "matter", "fields": "id"})
    await made.deliver()
    other.patch("/matters/4.json", {"description": "new"})
    made.asks.patch(MATTER, {"description": "new"})
    await made.deliver()
    urls = [request.url for request in made.receiver.requests if "x-hook-signature" in request.headers]
    assert (["https://other.example/", URL], [4, 3]) == (urls, [number for _, number in made.receiver.heard])


async def test_only_what_it_is_subscribed_to_is_told() -> None:
    """Not other events, not other models, not other accounts."""
    made = await enabled(events=["deleted"])
    made.asks.patch(MATTER, {"description": "new"})
    made.asks.delete("/tasks/3.json")
    Caller(made.simulator, account=2).delete("/matters/3.json")
    made.asks.delete("/matters/3.json")
    await made.deliver()
    assert [("deleted", 3)] == made.receiver.heard


@pytest.mark.parametrize(
    ("model", "expected"),
    [("matter", ["created", "updated", "deleted"]), (10, ["created", "updated"]), ("10", ["created", "updated"])],
)
async def test_without_events_it_is_told_all_that_its_model_has(model: Any, expected: list[str]) -> None:
    """Payments are never deleted."""
    made = setting(model=model)
    assert expected == made.asks.data(f"/webhooks/{HOOK}.json?fields=events")["events"]
    assert 200 == made.asks.patch(f"/webhooks/{HOOK}.json", {"events": ["updated"]}).status
    assert ["updated"] == made.asks.data(f"/webhooks/{HOOK}.json?fields=events")["events"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": "contact", "events": ["matter_opened"]},
        {"model": "clio_payments_payment", "events": ["created", "deleted"]},
        {"fields": ""},
        {"expires_at": None},
        {"url": "https://"},
        {"url": "https:///hooks"},
        {"url": "https://[::1/"},
        {"url": "http://hooks.example/"},
    ],
    ids=repr,
)
async def test_what_no_webhook_can_be_is_refused(wrong: dict[str, Any]) -> None:
    """When it is made, and when it is changed; nothing is changed then."""
    made = setting()
    shown = f"/webhooks/{HOOK}.json?fields=id,url,model,events,fields,expires_at"
    before = made.asks.data(shown)
    body = {"url": URL, "model": "matter", "fields": "id", "events": ["created"]}
    assert 422 == made.asks.post("/webhooks.json", {**body, **wrong}).status
    assert 422 == made.asks.patch(f"/webhooks/{HOOK}.json", wrong).status
    assert (before, 404) == (made.asks.data(shown), made.asks.get(f"/webhooks/{HOOK + 1}.json").status)


async def test_another_model_keeps_the_events_that_it_has() -> None:
    """The others are dropped; all that it has, if none is left. One that is named has to be one of them."""
    made = setting(events=["matter_opened", "updated"])
    assert 422 == made.asks.patch(f"/webhooks/{HOOK}.json", {"model": "task", "events": ["matter_opened"]}).status
    assert 200 == made.asks.patch(f"/webhooks/{HOOK}.json", {"model": "task"}).status
    shown = f"/webhooks/{HOOK}.json?fields=model,events"
    assert {"model": "task", "events": ["updated"]} == made.asks.data(shown)
    made.asks.patch(f"/webhooks/{HOOK}.json", {"model": "matter", "events": ["matter_opened"]})
    made.asks.patch(f"/webhooks/{HOOK}.json", {"model": "task"})
    assert {"model": "task", "events": ["created", "updated", "deleted"]} == made.asks.data(shown)


async def test_what_its_user_may_not_see_is_not_told() -> None:
    """By whoever makes it: a record hidden from that user alone is silent, and heard of by others."""
    made = await enabled()
    Caller(made.simulator, user=2).post("/webhooks.json", {"url": URL, "model": "matter", "fields": "id"})
    await made.deliver()
    made.simulator.hide("matters", 3, user=1)
    made.simulator.change("matters", 3, description="new")
    await made.deliver()
    assert [HOOK + 1] == [event["meta"]["webhook_id"] for event in made.receiver.events]


async def test_a_token_subscribes_to_what_it_may_read() -> None:
    """Folders go with documents; without the area of a model, neither creation nor change is allowed."""
    simulator = Simulator()
    asks = Caller(simulator, permissions=["webhooks", "documents:read"])
    body = {"url": URL, "model": "folder", "fields": "id"}
    assert 201 == asks.post("/webhooks.json", body).status
    for model in ("matter", 1, "1"):
        assert 403 == asks.post("/webhooks.json", {**body, "model": model}).status
        assert 403 == asks.patch(f"/webhooks/{HOOK}.json", {"model": model}).status
    assert 422 == asks.post("/webhooks.json", {**body, "model": "nothing"}).status
    assert 200 == asks.patch(f"/webhooks/{HOOK}.json", {"fields": "id,etag"}).status
    assert 403 == Caller(simulator, permissions=["documents"]).post("/webhooks.json", body).status


async def test_misspelt_fields_leave_id_and_tag() -> None:
    """Nobody checks them when the webhook is made."""
    made = await enabled(fields="id,descriptoin")
    made.asks.patch(MATTER, {"description": "new"})
    await made.deliver()
    assert {"id", "etag"} == set(made.receiver.events[0]["data"])


async def test_what_comes_and_goes_at_once_is_not_told() -> None:
    """A record that one request has made and deleted was never there."""
    made = await enabled()
    table = made.simulator.firm().table("matters")
    table.remove(table.add(NOW).number)
    made.simulator.deliveries.settle(made.simulator.firm())
    assert 0 == await made.deliver()


async def test_the_trash_is_told_as_a_deletion() -> None:
    """A document that is thrown away, or its folder, is deleted; one that is restored is updated, and nothing else."""
    made = await enabled(model="document", fields="id,name")
    made.asks.delete("/documents/3.json")
    made.asks.patch("/documents/3.json", {"restore": True})
    await made.deliver()
    assert [("deleted", 3), ("updated", 3)] == made.receiver.heard
    made.asks.delete("/folders/3.json")
    await made.deliver()
    trashed = made.asks.get("/documents.json?include_deleted=true&fields=id,deleted_at&limit=200")
    gone = {one["id"] for one in json.loads(trashed.body)["data"] if one["deleted_at"] is not None}
    assert {("deleted", number) for number in gone} == {*made.receiver.heard[2:]} != set()


async def test_a_document_is_created_when_its_bytes_are_there() -> None:
    """Until then nobody sees it; one that was begun before the webhook is created for it, too."""
    made = Setting(Caller(Simulator()), Receiver())
    body = {"name": "a", "parent": {"id": 1, "type": "Matter"}}
    path = "/documents.json?fields=id,latest_document_version{uuid,put_url,put_headers}"
    begun = json.loads(made.asks.post(path, body).body)["data"]
    made.asks.post("/webhooks.json", {"url": URL, "model": "document", "fields": "id,name"})
    await made.deliver()
    after = json.loads(made.asks.post(path, body).body)["data"]
    for document in (begun, after):
        assert 0 == await made.deliver()
        version = document["latest_document_version"]
        fields = Headers([(each["name"], each["value"]) for each in version["put_headers"]])
        assert 200 == made.simulator.answer(Request("PUT", version["put_url"], fields, b"bytes")).status
        finish = {"uuid": version["uuid"], "fully_uploaded": True}
        assert 200 == made.asks.patch(f"/documents/{document['id']}.json", finish).status
        await made.deliver()
    made.asks.patch(f"/documents/{begun['id']}.json", {"name": "b"})
    await made.deliver()
    expected = [("created", begun["id"]), ("created", after["id"]), ("updated", begun["id"])]
    assert expected == made.receiver.heard


async def test_made_up_webhooks_hear_nothing_until_they_are_changed() -> None:
    """A firm begins with a few; one that somebody changes is like any other."""
    simulator, receiver = Simulator(), Receiver()
    simulator.change("matters", 3, description="new")
    assert 0 == await deliver_due(simulator, receiver.send)
    simulator.firm().table("tasks").add(NOW)
    assert [] == simulator.firm().news
    simulator.change("webhooks", 2, model="matter", events=["updated"], expires_at="2026-07-01T00:00:00Z")
    simulator.change("matters", 3, description="newer")
    simulator.add("webhooks", model="matter")
    assert 1 == await deliver_due(simulator, receiver.send)
    assert "https://hooks.example.com/2" == receiver.requests[0].url


# -- success and failure --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 204, 299, 300, 302, 399])
async def test_an_answer_of_success_is_the_end(status: int) -> None:
    """2xx and 3xx: nothing is sent again."""
    made = await enabled(receiver=Receiver(lambda index: status if index else 200))
    made.asks.patch(MATTER, {"description": "new"})
    assert 1 == await deliver_all(made.simulator, made.receiver.send)
    assert "enabled" == made.status()


@pytest.mark.parametrize("answer", FAILS, ids=str)
async def test_a_failure_is_repeated_after_two_minutes_and_doubling(answer: Any) -> None:
    """Five times, the same bytes; then the webhook is suspended and hears nothing more."""
    made = await enabled(receiver=Receiver(lambda index: answer if index else 200))
    made.asks.patch(MATTER, {"description": "new"})
    assert 6 == await deliver_all(made.simulator, made.receiver.send)
    attempts = [attempt for attempt in made.simulator.deliveries.log if attempt.event]
    assert [0, 120, 360, 840, 1_800, 3_720] == [attempt.at - NOW for attempt in attempts]
    assert [1, 2, 3, 4, 5, 6] == [attempt.number for attempt in attempts]
    assert {answer if isinstance(answer, int) else None} == {attempt.status for attempt in attempts}
    assert 1 == len({request.body for request in made.receiver.requests[1:]})
    assert "suspended" == made.status()
    made.asks.patch(MATTER, {"description": "newer"})
    assert 0 == await made.deliver()


async def test_a_success_in_between_ends_the_repetition() -> None:
    """Once it has arrived it is over, and the webhook is as good as before."""
    made = await enabled(receiver=Receiver(lambda index: 500 if index in {1, 2} else 200))
    made.asks.patch(MATTER, {"description": "new"})
    assert 3 == await deliver_all(made.simulator, made.receiver.send)
    assert ("enabled", None) == (made.status(), made.simulator.deliveries.next_due)


@pytest.mark.parametrize(("most", "expected"), [(3, ["enabled", "enabled", "suspended"]), (None, ["enabled"] * 3)])
async def test_a_suspension_may_take_more_failures(most: int | None, expected: list[str]) -> None:
    """In a row; or it never comes."""
    made = await enabled(Regime(hook_suspends_after=most), Receiver(lambda index: 500 if index else 200))
    seen = list[str]()
    for number in range(3):
        made.asks.patch(MATTER, {"description": f"{number}"})
        await deliver_all(made.simulator, made.receiver.send)
        seen.append(made.status())
    assert expected == seen


async def test_a_success_forgives_failures() -> None:
    """Only those in a row count."""
    made = await enabled(Regime(hook_suspends_after=2), Receiver(lambda index: 500 if index % 7 else 200))
    for number in range(6):
        made.asks.patch(MATTER, {"description": f"{number}"})
        await deliver_all(made.simulator, made.receiver.send)
    assert "enabled" == made.status()


@pytest.mark.parametrize(("gone", "status"), [("suspended", 200), ("deleted", 404)])
async def test_gone_ends_the_webhook(gone: Any, status: int) -> None:
    """410 is a success, and the last one: what is queued is dropped."""
    made = await enabled(Regime(hook_gone=gone), Receiver(lambda index: 410 if index else 200))
    made.asks.patch(MATTER, {"description": "new"})
    made.asks.patch("/matters/4.json", {"description": "new"})
    assert 1 == await deliver_all(made.simulator, made.receiver.send)
    assert status == made.asks.get(f"/webhooks/{HOOK}.json").status
    if gone == "suspended":
        assert "suspended" == made.status()


async def test_what_becomes_of_a_deleted_webhook_is_nothing() -> None:
    """Its deliveries are dropped, even the one that is under way."""
    made = await enabled(receiver=Receiver(lambda index: 410 if index else 200))
    made.asks.patch(MATTER, {"description": "new"})
    delivery = made.simulator.deliveries.take()
    assert delivery is not None
    made.asks.patch("/matters/4.json", {"description": "new"})
    assert 204 == made.asks.delete(f"/webhooks/{HOOK}.json").status
    made.simulator.deliveries.ended(delivery, Response(410))
    assert 0 == await deliver_all(made.simulator, made.receiver.send)
    assert 404 == made.asks.get(f"/webhooks/{HOOK}.json").status


@pytest.mark.parametrize(
    ("revived", "by_activation", "by_renewal"),
    [
        ("activation", "enabled", "suspended"),
        ("renewal", "suspended", "enabled"),
        ("address", "suspended", "suspended"),
    ],
)
async def test_what_ends_a_suspension(revived: Any, by_activation: str, by_renewal: str) -> None:
    """The activation, any change, or nothing but a new address, which always begins anew."""
    made = await enabled(Regime(hook_revived_by=revived))
    again = {"expires_at": "2026-06-20T00:00:00Z"}
    made.simulator.change("webhooks", HOOK, status="suspended")
    answer = made.asks.ask("PUT", f"/webhooks/{HOOK}/activate.json", x_hook_secret=made.secret())
    assert (200 if revived == "activation" else 422) == answer.status
    assert by_activation == made.status()
    made.simulator.change("webhooks", HOOK, status="suspended")
    assert 200 == made.asks.patch(f"/webhooks/{HOOK}.json", again).status
    assert by_renewal == made.status()
    made.simulator.change("webhooks", HOOK, status="suspended")
    made.asks.patch(f"/webhooks/{HOOK}.json", {"url": "https://other.example/"})
    await made.deliver()
    assert "enabled" == made.status()


@pytest.mark.parametrize(("expired", "status"), [("shown", 200), ("missing", 404)])
async def test_expiry_is_silent(expired: Any, status: int) -> None:
    """From its end on nothing is sent, not even what was queued before; its status says nothing of it."""
    made = await enabled(Regime(hook_expired=expired))
    made.asks.patch("/matters/4.json", {"description": "before"})
    made.simulator.clock.advance(3 * 86_400 - 1)
    made.asks.patch("/matters/5.json", {"description": "before"})
    await made.deliver()
    made.asks.patch("/matters/6.json", {"description": "before"})
    made.simulator.clock.advance(1)
    made.asks.patch(MATTER, {"description": "after"})
    assert 0 == await made.deliver()
    assert [4, 5] == [number for _, number in made.receiver.heard]
    assert status == made.asks.get(f"/webhooks/{HOOK}.json").status
    if status == 200:
        assert "enabled" == made.status()
        assert 200 == made.asks.patch(f"/webhooks/{HOOK}.json", {"expires_at": "2026-06-20T00:00:00Z"}).status
        made.asks.patch(MATTER, {"description": "later"})
        assert 1 == await made.deliver()


async def test_one_without_an_end_has_none() -> None:
    """A test may take it away."""
    made = await enabled()
    made.simulator.change("webhooks", HOOK, expires_at=None)
    made.simulator.clock.advance(1e9)
    made.asks.patch(MATTER, {"description": "new"})
    assert 1 == await made.deliver()


# -- mishaps --------------------------------------------------------------------------------------------------------


async def test_events_get_lost_late_and_doubled_as_planned() -> None:
    """By index, from when the plan is set; the handshake is not among them."""
    made = await enabled()
    script: dict[int, Mishap] = {
        0: Mishap(lost=True),
        1: Mishap(later=60),
        2: Mishap(again=(30, 90)),
        3: Mishap(unheard=1),
    }
    made.simulator.deliveries.mishaps = plan = lambda index, _: script.get(index)
    assert plan is made.simulator.deliveries.mishaps
    for number in range(5):
        made.simulator.change("matters", 3 + number, description="new")
    assert 7 == len(made.simulator.deliveries.waiting) + 1 == await deliver_all(made.simulator, made.receiver.send)
    assert [5, 6, 7, 5, 4, 5, 6] == [number for _, number in made.receiver.heard]


async def test_a_copy_is_heard_though_the_first_answer_is_not() -> None:
    """A mishap of the one is none of the other: three arrivals in all, and no more."""
    made = await enabled()
    made.simulator.deliveries.mishaps = lambda *_: Mishap(again=(30,), unheard=1)
    made.simulator.change("matters", 3, description="new")
    assert 3 == await deliver_all(made.simulator, made.receiver.send)


async def test_a_seed_makes_the_same_mishaps() -> None:
    """Every kind of them occurs; without a share there are none."""
    rates = {"lost": 0.2, "late": 0.2, "twice": 0.2, "unheard": 0.2}
    made = setting()
    delivery = made.simulator.deliveries.waiting[0]
    first, second = ([Mishaps.seeded(4, **rates)(index, delivery) for index in range(50)] for _ in range(2))
    assert first == second
    found = [mishap for mishap in first if mishap]
    assert 50 == len(found)
    assert all(any(each) for each in zip(*[(m.lost, m.later, m.again, m.unheard) for m in found], strict=True))
    assert {Mishap()} == {Mishaps.seeded(4)(index, delivery) for index in range(50)}
    assert None is Mishaps.none(0, delivery)


# -- senders --------------------------------------------------------------------------------------------------------


async def test_deliver_all_stops_in_time() -> None:
    """What is due later stays queued; the time has passed in any case."""
    made = await enabled(receiver=Receiver(lambda index: 500 if index else 200))
    made.asks.patch(MATTER, {"description": "new"})
    assert 2 == await deliver_all(made.simulator, made.receiver.send, within=300)
    assert NOW + 300 == made.simulator.clock.now()
    assert 60 == made.simulator.deliveries.pause()


async def test_a_receiver_that_does_not_answer_is_not_waited_for() -> None:
    """After some seconds the attempt has failed."""
    made = await enabled()
    made.simulator.deliveries.patience = 0.0
    made.asks.patch(MATTER, {"description": "new"})

    async def send(_: Request) -> Response:
        await anyio.sleep_forever()
        raise AssertionError

    assert 1 == await deliver_due(made.simulator, send)
    assert None is made.simulator.deliveries.log[-1].status
    assert 120 == made.simulator.deliveries.pause()


async def test_a_background_sender_wakes_for_events_and_for_the_clock() -> None:
    """It sends at once what is due, and the rest when the clock is advanced; at the end of its block it is gone."""
    made = setting(receiver=Receiver(lambda index: 500 if index == 1 else 200))
    seen = anyio.Event()

    async def send(request: Request) -> Response:
        response = await made.receiver.send(request)
        seen.set()
        return response

    async def wait() -> None:
        nonlocal seen
        await seen.wait()
        seen = anyio.Event()
        await anyio.wait_all_tasks_blocked()

    async with delivering(made.simulator, send):
        await wait()
        assert "enabled" == made.status()
        made.asks.patch(MATTER, {"description": "new"})
        await wait()
        assert 1 == len(made.receiver.heard)
        made.simulator.clock.advance(120)
        await wait()
        assert 2 == len(made.receiver.heard)
    assert ([], [], None) == (
        made.simulator.deliveries.watchers,
        made.simulator.clock.watchers,
        made.simulator.deliveries.sender,
    )


async def test_an_error_of_the_block_is_raised_as_it_is() -> None:
    """Not in a group, though others were running; nobody is left behind."""
    made = setting()
    with pytest.raises(LookupError, match="mine"):
        async with delivering(made.simulator, made.receiver.send):
            raise LookupError("mine")
    assert [] == made.simulator.clock.watchers


async def test_what_is_under_way_when_the_sender_ends_is_sent_again() -> None:
    """It counts as not answered, and is not lost."""
    made = await enabled()
    begun = anyio.Event()

    async def send(_: Request) -> Response:
        begun.set()
        await anyio.sleep_forever()
        raise AssertionError

    made.asks.patch(MATTER, {"description": "new"})
    async with delivering(made.simulator, send):
        await begun.wait()
    made.simulator.clock.advance(120)
    assert 1 == await made.deliver()
    assert [("updated", 3)] == made.receiver.heard


async def test_a_sender_may_turn_to_another_origin() -> None:
    """Path and query stay as they are."""
    made = setting()
    assert 1 == await deliver_due(made.simulator, towards("http://127.0.0.1:8000/", made.receiver.send))
    assert "http://127.0.0.1:8000/clio?key=a%2Fb&x" == made.receiver.requests[0].url


# -- ASGI -----------------------------------------------------------------------------------------------------------


async def test_an_application_is_called_as_by_a_server() -> None:
    """With the whole request, in the shapes of the specification; what it sends is the answer."""
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        message = await receive()
        assert {"type": "http.request", "body": b"body", "more_body": False} == message
        await send({"type": "http.response.start", "status": 202, "headers": [(b"x-a", b"\xe9")]})
        await send({"type": "http.response.debug"})
        await send({"type": "http.response.body", "body": b"an", "more_body": True})
        await send({"type": "http.response.body", "body": b"swer"})
        assert {"type": "http.disconnect"} == await receive()

    response = await asgi(app)(Request("POST", "https://a.example:8443/x%20y?q=%2F", Headers({"X-B": "c"}), b"body"))
    assert (202, b"answer", "\xe9") == (response.status, response.body, response.headers["x-a"])
    [scope] = scopes
    expected = {
        "type": "http", "method": "POST", "scheme": "https", "path": "/x y", "raw_path": b"/x%20y", "root_path": "",
        "query_string": b"q=%2F", "server": ("a.example", 8443), "http_version": "1.1",
    }  # fmt: skip
    assert expected == {name: scope[name] for name in expected}
    assert {(b"host", b"a.example:8443"), (b"content-length", b"4"), (b"x-b", b"c")} == set(scope["headers"])


async def raises(scope: Any, _: Any, send: Any) -> None:
    """Fail after the answer has begun."""
    assert (b"/", ("a.example", 443 if scope["scheme"] == "https" else 80)) == (scope["raw_path"], scope["server"])
    await send({"type": "http.response.start", "status": 200})
    raise ValueError("an application fails")


async def stops(_: Any, __: Any, send: Any) -> None:
    """End before the answer has."""
    await send({"type": "http.response.start", "status": 200})


@pytest.mark.parametrize("app", [raises, stops])
@pytest.mark.parametrize("url", ["https://a.example", "http://a.example/"])
async def test_an_application_that_fails_has_answered_500(app: Callable[..., Awaitable[None]], url: str) -> None:
    """So does a server, whatever the application began with."""
    assert 500 == (await asgi(app)(Request("POST", url))).status
