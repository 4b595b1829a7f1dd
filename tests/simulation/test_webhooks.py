"""An application that is told of changes by webhooks ends with what the server has (rows F67 to F70)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import Headers, Request, Response
from clio_async.protocol.webhooks import verify
from clio_async.testing import Fault, Mishap, Mishaps, Regime
from clio_async.testing.simulator import Delivery, sign
from clio_async.webhooks import Seen
from clio_async.webhooks.handling import Handling

from .subscribers import HOUR, URL, Application, Firm, Hoarder, sending

pytestmark = pytest.mark.anyio
SEEDS = range(12)
SETTLED = 4 * HOUR
"""Seconds after which nothing is under way any more: an hour of attempts, and two looks at the webhook."""


async def incidents(firm: Firm, application: Application, tasks: Any, how: dict[str, Any]) -> None:
    """Let everything go wrong that may, at moments of chance, and come right again."""

    async def restart(seconds: float) -> None:
        application.kill()
        await anyio.sleep(seconds)
        tasks.start_soon(lambda: application.run(**how))

    dice, simulator = firm.dice, firm.simulator
    for happening in dice.sample(["blink", "down", "long", "api", "suspended", "deleted", "late"], 7):
        await anyio.sleep(dice.uniform(0.5, 3.0) * HOUR)
        if happening == "blink":
            await restart(5.0)
        elif happening == "down":
            await restart(dice.uniform(1.0, 3.0) * HOUR)
        elif happening == "long":
            await restart(30 * HOUR)
        elif happening == "api":
            await firm.outage(600.0)
        elif happening == "late":
            firm.simulator.deliveries.patience = 0.1
            await anyio.sleep(0.5 * HOUR)
            firm.simulator.deliveries.patience = 10.0
        for webhook in firm.webhooks():
            if happening == "suspended":
                simulator.change("webhooks", webhook, status="suspended")
            elif happening == "deleted":
                simulator.delete("webhooks", webhook)


async def settled(firm: Firm, application: Application, *, deletes: bool = True, **how: Any) -> None:
    """Let an application run for three days in which others write and things go wrong, then until all is quiet."""
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(lambda: application.run(**how))
        async with anyio.create_task_group() as busy:
            busy.start_soon(lambda: firm.write(60.0, 600.0, deletes=deletes))
            busy.start_soon(incidents, firm, application, tasks, how)
        await anyio.sleep(SETTLED)
        application.kill()


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_copy_is_what_the_server_has(seed: int) -> None:
    """Events get lost, late, doubled and overtaken, receiver and API are down, the webhook is suspended, deleted, and
    expires: at the end every record is as the server has it, and those that were deleted are gone (F68, F70)."""
    firm = Firm(seed)
    application = Application(firm)
    await settled(firm, application)
    assert {} == application.wrong()
    assert 100 < len(application.events)
    assert 2 <= Counter(application.did)["repaired"]
    assert 1 == len(firm.webhooks()) == len(await application.subscriptions.all())


@pytest.mark.parametrize("seed", range(4))
async def test_keep_does_the_same_for_what_is_not_deleted(seed: int) -> None:
    """F70: it closes the gaps by itself; deletions in a gap it cannot see, which it says."""
    firm = Firm(seed)
    application = Application(firm)
    await settled(firm, application, deletes=False, by="keep")
    assert {} == application.wrong()


def answers() -> Iterator[tuple[str, Regime]]:
    return ((name, regime) for name, regime in Regime.every() if name.startswith("hook_"))


@pytest.mark.parametrize(("name", "regime"), [*answers()], ids=[name for name, _ in answers()])
async def test_whatever_is_unknown_of_webhooks(name: str, regime: Regime) -> None:
    """Under each answer, also where Clio gives up events without suspending anything: who is down knows it himself."""
    firm = Firm(99, regime)
    application = Application(firm)
    await settled(firm, application)
    assert {} == application.wrong(), name


async def test_nothing_is_asked_that_nobody_told_of() -> None:
    """While all is well, an application makes one read for each event, and looks after the webhook now and then."""
    firm = Firm(0, mishaps=Mishaps.none, loss=0.0)
    application = Application(firm)
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(60)
        before = firm.simulator.log.requests
        for _ in range(5):
            firm.simulator.change("matters", 3, description=f"at {anyio.current_time()}")
            await anyio.sleep(10)
        assert {} == application.wrong()
        assert 5 == firm.simulator.log.requests - before
        application.kill()


async def test_what_was_given_up_while_the_webhook_seemed_well_is_made_good() -> None:
    """Clio tries for an hour before it suspends: what it tried to tell was older than the last look at the webhook."""
    firm = Firm(5, mishaps=Mishaps.none, loss=0.0)
    application = Application(firm)
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(lambda: application.run(by="keep"))
        await anyio.sleep(60)
        firm.cut_off = True
        firm.simulator.change("matters", 3, description="unheard")
        await anyio.sleep(HOUR)
        assert [3] == [*application.wrong()]
        await anyio.sleep(HOUR)
        firm.cut_off = False
        await anyio.sleep(SETTLED)
        assert {} == application.wrong()
        application.kill()


async def _hurried(firm: Firm) -> tuple[int, int]:
    """Change one record twice within moments, again and again. Return how often two events of it were under way at
    once, and how often the copy was wrong when all was quiet."""
    application = Application(firm)
    await application.load()
    most, wrong, door = 0, 0, 0
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(60)
        inner = firm.door
        assert inner is not None

        async def counted(request: Request) -> Response:
            nonlocal most, door
            door += 1
            most += door > 1
            try:
                return await inner(request)
            finally:
                door -= 1

        def slowly(_: int, request: Request) -> Fault | None:
            return Fault.delayed(after=firm.dice.uniform(0, 3)) if "/matters/3.json" in request.url else None

        firm.door = counted
        firm.simulator.faults = slowly
        for number in range(60):
            firm.simulator.change("matters", 3, description=f"{number}")
            await anyio.sleep(firm.dice.uniform(0.0, 1.5))
            firm.simulator.change("matters", 3, description=f"{number}, again")
            await anyio.sleep(10)
            wrong += application.wrong() != {}
        application.kill()
    return most, wrong


@pytest.mark.parametrize("seed", range(3))
async def test_events_of_one_record_that_come_at_once_end_with_the_last(seed: int) -> None:
    """F68: many are there together, and their reads do not overtake each other, however long an answer is under way."""
    most, wrong = await _hurried(Firm(seed, mishaps=Mishaps.none, loss=0.0))
    assert (True, 0) == (most >= 20, wrong)


@pytest.mark.parametrize("seed", range(3))
async def test_control_out_of_turn_an_older_answer_stays(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the turns of a record, the read that began first may be answered last."""

    @asynccontextmanager
    async def at_once(*_: object) -> AsyncGenerator[None]:
        yield

    monkeypatch.setattr(Handling, "_turn", at_once)
    most, wrong = await _hurried(Firm(seed, mishaps=Mishaps.none, loss=0.0))
    assert most >= 20
    assert wrong > 0


# -- attackers ------------------------------------------------------------------------------------------------------


async def test_an_attacker_changes_nothing_and_learns_nothing() -> None:
    """Events under secrets that are not ours, at any address, in other encodings; handshakes for webhooks that are
    pending, enabled or not ours; replays that are cut or written anew: all refused, nothing handled (F67, F69)."""
    firm = Firm(3, mishaps=Mishaps.none, loss=0.0)
    application = Application(firm)
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(60)
        firm.simulator.change("matters", 3, description="true")
        await anyio.sleep(60)
        [known] = await application.subscriptions.all()
        genuine = firm.arrived[-1]
        handled, copy = len(application.events), dict(application.copy)
        assert firm.door is not None
        for request in forged(genuine, known.webhook_id or 0):
            reply = await firm.door(request)
            assert 400 <= reply.status < 500, request.headers.pairs
            assert b"" == reply.body
            assert "x-hook-secret" not in reply.headers
        assert [known] == [evolve(each, seen_at=known.seen_at) for each in await application.subscriptions.all()]
        assert (handled, copy) == (len(application.events), application.copy)
        replayed = await firm.door(genuine)
        assert 200 == replayed.status
        assert copy == application.copy
        application.kill()


def forged(genuine: Request, webhook: int) -> Iterator[Request]:
    """Yield what an attacker may send who has seen one delivery, without its secret."""
    body = genuine.body or b""
    right = genuine.headers["x-hook-signature"]
    lie = json.dumps({"data": {"id": 3, "description": "a lie"}, "meta": {"event": "updated", "webhook_id": webhook}})
    written_anew = json.dumps(json.loads(body)).encode()
    for url in (genuine.url, URL, f"{URL}?subscription=", f"{URL}?subscription=guess"):
        for sent in (lie.encode(), written_anew, body[:-1], body + b"\n", b"", b"[]", b"\xff"):
            for proof in (right, sign(sent, ""), sign(sent, "guess"), "", "é", right.upper()[:63]):
                yield Request("POST", url, Headers({"X-Hook-Signature": proof}), sent)
            yield Request("POST", url, Headers(), sent)
        for number in (webhook, webhook + 1):
            greeting = json.dumps({"data": {"webhook_id": number}}).encode()
            yield Request("POST", url, Headers({"X-Hook-Secret": "the attacker's"}), greeting)


async def test_a_pending_webhook_takes_no_handshake_from_a_stranger() -> None:
    """Who does not know the key of its address is refused while it waits; the true handshake is taken after that."""
    firm = Firm(4, Regime(hook_secret="hidden"), mishaps=Mishaps.none, loss=0.0)
    application = Application(firm)
    refused: list[int] = []

    async def attack() -> None:
        for webhook in range(1, 20):
            body = json.dumps({"data": {"webhook_id": webhook}}).encode()
            for url in (URL, f"{URL}?subscription=guess"):
                assert firm.door is not None
                reply = await firm.door(Request("POST", url, Headers({"X-Hook-Secret": "mine"}), body))
                refused.append(reply.status)

    firm.intruder = attack
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(600)
        [known] = await application.subscriptions.all()
        [webhook] = firm.webhooks()
        firm.simulator.change("matters", 3, description="true")
        await anyio.sleep(60)
        assert 38 == len(refused)
        assert {True} == {400 <= status < 500 for status in refused}
        assert "enabled" == firm.simulator.record("webhooks", webhook)["status"]
        assert known.secret is not None
        assert verify(firm.arrived[-1].body or b"", firm.arrived[-1].headers["x-hook-signature"], known.secret)
        assert 3 in application.copy
        application.kill()


# -- controls -------------------------------------------------------------------------------------------------------


async def test_who_keeps_what_events_say_ends_wrong() -> None:
    """The control of F68: stored payloads are those of events that were overtaken, in most of the runs."""
    wrong = 0
    for seed in range(6):
        firm, hoarder = Firm(seed), Hoarder()
        hoarder.copy = firm.truth()
        firm.door = hoarder.receive
        async with sending(firm):
            async with firm.client() as clio:
                await clio.webhooks.create(url=URL, model="matter", fields_="id,etag,description,status")
            await anyio.sleep(60)
            await firm.write(10.0, 60.0)
            await anyio.sleep(SETTLED)
        wrong += hoarder.copy != firm.truth()
    assert 4 <= wrong


async def test_who_closes_no_gaps_ends_wrong() -> None:
    """The control of F70: what was missed while the receiver was down stays missed."""
    firm = Firm(0, mishaps=Mishaps.none, loss=0.0)
    application = Application(firm, closes_gaps=False)
    await settled(firm, application)
    assert {} != application.wrong()


class Forgetful(Seen):
    """Remembers nothing."""

    async def claim(self, key: str, place: str, *, always: bool = False) -> Any:
        return "new"

    async def release(self, key: str, place: str, *, handled: bool) -> None:
        pass


async def reads(application: Application) -> int:
    """Return how many reads three hours take in which each event comes three times."""
    firm = application.firm
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(60)
        before = len(application.events)
        for number in range(1, 7):
            firm.simulator.change("matters", number, description="new")
        await anyio.sleep(SETTLED)
        assert {} == application.wrong()
        application.kill()
    return len(application.events) - before


async def test_who_does_not_know_duplicates_does_more() -> None:
    """Control: the result is the same, for three times as many reads."""

    def thrice(_index: int, _delivery: Delivery) -> Mishap:
        return Mishap(again=(30.0, 90.0))

    assert 6 == await reads(Application(Firm(0, mishaps=thrice, loss=0.0)))
    assert 18 == await reads(Application(Firm(0, mishaps=thrice, loss=0.0), seen=Forgetful))


async def test_what_clio_never_sends_is_seen_by_the_next_gap_or_event() -> None:
    """A limit: an event that is lost at Clio while the webhook is well is made good by the next one of its record."""
    firm = Firm(0, mishaps=lambda index, _: Mishap(lost=index == 0))
    application = Application(firm)
    await application.load()
    async with sending(firm) as tasks:
        tasks.start_soon(application.run)
        await anyio.sleep(60)
        firm.simulator.change("matters", 3, description="lost")
        await anyio.sleep(SETTLED)
        assert [3] == [*application.wrong()]
        firm.simulator.change("matters", 3, description="told")
        await anyio.sleep(SETTLED)
        assert {} == application.wrong()
        application.kill()
