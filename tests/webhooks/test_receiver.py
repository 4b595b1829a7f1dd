"""What becomes of the requests that come to a webhook (rows F67 and F68 of the fault table)."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from anyio import wait_all_tasks_blocked
from anyio.lowlevel import checkpoint

from clio_async.errors import BadSignature, InvalidArgument, UsageError
from clio_async.messages import Headers
from clio_async.secrets import Secret
from clio_async.webhooks import verify
from clio_async.webhooks.event import Event
from clio_async.webhooks.lines import Lines
from clio_async.webhooks.receiver import Receiver
from clio_async.webhooks.reply import Reply
from clio_async.webhooks.seen import Claim, MemorySeen
from clio_async.webhooks.subscriptions import MemorySubscriptions, Subscription
from tests.webhooks.signing import (
    KEY,
    PRINCIPAL,
    SECRET,
    delivery,
    desk_of,
    pending,
    sign,
    signed,
    store_of,
    subscription,
)
from tests.webhooks.test_verify import FORGED

# -- what is proved ------------------------------------------------------------------------------------------------


async def test_an_event_is_handled_and_acknowledged() -> None:
    """Its record is outdated first; of what the delivery says of the record, only id and tag are handed on."""
    desk = desk_of(await store_of(subscription()))
    body = delivery(description="of the matter")
    assert 200 == (await desk.post(body)).status
    assert [Event("updated", "matter", 42, '"t1"', 7, PRINCIPAL, KEY)] == desk.handled
    assert [("matters", 42)] == desk.outdated
    assert b"of the matter" not in pickle.dumps(desk.handled[0])
    assert "description" not in repr(desk.handled[0])
    assert KEY not in repr(desk.handled[0])
    assert desk.handled[0] == pickle.loads(pickle.dumps(desk.handled[0]))


@pytest.mark.parametrize("target", [f"?subscription={KEY}", f"/hooks?a=b&subscription={KEY}", "/hooks", ""])
@pytest.mark.parametrize("body", [bytes, bytearray, memoryview], ids=["bytes", "bytearray", "memoryview"])
async def test_the_subscription_is_the_addresss_or_the_webhooks(target: str, body: Callable[[bytes], Any]) -> None:
    """One that was made by other means has no key in its address."""
    desk = desk_of(await store_of(subscription(key="other", webhook_id=8), subscription()))
    content = delivery()
    reply = await desk.receiver.receive("POST", target, [*signed(content).items()], body(content))
    assert (200, 1) == (reply.status, len(desk.handled))


async def test_webhooks_of_two_regions_may_have_one_number() -> None:
    """It is an event of the one with whose secret it is signed; the same bytes from the other are no repetition."""
    other = subscription(key="other", principal="q" * 32, secret=Secret("another-secret-0123456789"))
    silent = subscription(key="silent", principal="r" * 32, secret=None)
    desk = desk_of(await store_of(silent, other, subscription()))
    assert 200 == (await desk.post(delivery(), target="")).status
    assert 200 == (await desk.post(delivery(), signed(delivery(), "another-secret-0123456789"), target="")).status
    assert 401 == (await desk.post(delivery(), signed(delivery(), "a-third-secret-0123456789"), target="")).status
    assert not any(event.repeated for event in desk.handled)
    assert 200 == (await desk.post(delivery(), target="")).status
    assert [(PRINCIPAL, KEY), ("q" * 32, "other")] == [(event.principal, event.subscription) for event in desk.handled]


async def test_one_webhook_of_two_subscriptions_is_two() -> None:
    """Two regions may number theirs alike, and one user may have a subscription in each: nothing is a repetition."""
    other = subscription(key="other", secret=Secret("another-secret-0123456789"))
    desk = desk_of(await store_of(subscription(), other))
    for _ in range(2):
        assert 200 == (await desk.post(delivery())).status
        reply = await desk.post(
            delivery(), signed(delivery(), "another-secret-0123456789"), target="?subscription=other"
        )
        assert 200 == reply.status
    assert [KEY, "other"] == [event.subscription for event in desk.handled]


async def test_what_was_seen_holds_no_key() -> None:
    """A store outside of the process is told places and digests; whoever reads it can call nobody's address."""
    told: list[str] = []

    class Elsewhere(MemorySeen):
        async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
            told.extend((key, place))
            return await super().claim(key, place, always=always)

    desk = desk_of(await store_of(subscription()), seen=Elsewhere())
    assert 200 == (await desk.post(delivery())).status
    assert (2, []) == (len(told), [one for one in told if KEY in one or PRINCIPAL in one or SECRET in one])


async def test_what_outdates_is_told_whose_event_it_is() -> None:
    """A function takes the event; what has an `invalidate` of its own, as a `Clio` has, its resource and id."""
    told: list[Any] = []

    class Cache:
        async def invalidate(self, resource: str, id: int, /) -> None:
            told.append((resource, id))

        def __call__(self) -> None:
            raise AssertionError("what has the method is not called itself")

    async def outdate(event: Event) -> None:
        told.append((event.principal, event.resource, event.id))

    for given in (Cache(), outdate):
        assert 200 == (await desk_of(await store_of(subscription()), invalidate=given).post(delivery())).status
    assert [("matters", 42), (PRINCIPAL, "matters", 42)] == told


async def test_a_view_of_bytes_that_lie_apart_is_a_body() -> None:
    """It is measured and proved by the bytes that it shows."""
    body = delivery()
    view = memoryview(bytes(byte for one in body for byte in (one, 0)))[::2]
    desk = desk_of(await store_of(subscription()), max_body=len(body))
    reply = await desk.receiver.receive("POST", f"?subscription={KEY}", signed(body), view)
    assert (200, 1) == (reply.status, len(desk.handled))
    assert verify(view, sign(body), SECRET)
    wide: Any = memoryview(bytes(8 * len(body))).cast("d")
    assert 413 == (await desk.receiver.receive("POST", f"?subscription={KEY}", signed(body), wide)).status


async def test_what_clio_may_invent_one_day_is_delivered() -> None:
    """An event or a model that nobody knows is the application's to judge; nothing is outdated for an unknown model."""
    desk = desk_of(await store_of(subscription(model="expense_claim")))
    assert 200 == (await desk.post(delivery(event="expense_claim_approved"))).status
    assert [("expense_claim", "expense_claim_approved", None)] == [(e.model, e.kind, e.resource) for e in desk.handled]
    assert [] == desk.outdated


async def test_nothing_forged_reaches_the_application() -> None:
    """F67: none of the bodies and signatures that are not Clio's."""
    desk = desk_of(await store_of(subscription()))
    for name, body, signature in FORGED:
        if not isinstance(signature, str | None) or (signature or "").encode(errors="replace") != (
            signature or ""
        ).encode(errors="ignore"):
            continue  # no header field could carry it
        headers = {} if signature is None else {"X-Hook-Signature": signature}
        reply = await desk.post(body, headers)
        assert (name, 401, ()) == (name, reply.status, reply.headers)
    assert ([], []) == (desk.handled, desk.outdated)


async def test_a_signature_given_twice_is_none() -> None:
    """Of two that differ nobody knows which counts."""
    desk = desk_of(await store_of(subscription()))
    body = delivery()
    pairs = [("X-Hook-Signature", sign(body)), ("X-Hook-Signature", "0" * 64)]
    reply = await desk.receiver.receive("POST", f"?subscription={KEY}", pairs, body)
    assert (401, []) == (reply.status, desk.handled)


@pytest.mark.parametrize(
    ("kept", "status"),
    [
        (subscription(key="other", webhook_id=8), 404),
        (subscription(secret=None), 401),
        (pending(), 401),
        (subscription(secret=Secret("another")), 401),
        (subscription(webhook_id=8), 400),
        (subscription(webhook_id=None), 200),
    ],
    ids=["unknown", "no secret", "pending", "another secret", "another webhook", "number not known"],
)
async def test_an_event_is_of_the_subscription_that_it_comes_to(kept: Subscription, status: int) -> None:
    """One secret does not speak for another subscription."""
    desk = desk_of(await store_of(kept))
    assert status == (await desk.post(delivery())).status
    assert (status == 200) == bool(desk.handled)


@pytest.mark.parametrize(
    "target", ["?subscription=nobody", f"?subscription={KEY}&subscription={KEY}", "?subscription="]
)
async def test_a_key_that_is_not_known_is_no_ones(target: str) -> None:
    """The number of the webhook in the body is not looked at then."""
    desk = desk_of(await store_of(subscription()))
    assert (404, []) == ((await desk.post(delivery(), target=target)).status, desk.handled)


async def test_a_body_that_says_no_webhook_is_no_ones() -> None:
    """Where the address has no key."""
    desk = desk_of(await store_of(subscription()))
    assert 404 == (await desk.post(b"{}", target="/hooks")).status
    assert 404 == (await desk.post(delivery(webhook_id=99), target="/hooks")).status


async def test_what_is_signed_and_no_event_is_refused() -> None:
    """With 400, and not the application's business."""
    desk = desk_of(await store_of(subscription()))
    for body in (b"{}", delivery("x"), b"[" * 100_000, b"NaN"):
        assert 400 == (await desk.post(body)).status
    assert [] == desk.handled


async def test_what_is_no_delivery_is_told_so() -> None:
    """Another method, and a body that is too long, before anything of it is looked at."""
    desk = desk_of(await store_of(subscription()), max_body=200)
    reply = await desk.receiver.receive("GET", f"?subscription={KEY}", {}, b"")
    assert (405, (("Allow", "POST"),)) == (reply.status, reply.headers)
    long = delivery(description="x" * 200)
    assert 413 == (await desk.post(long)).status
    exact = delivery(x="")
    fitting = delivery(x="y" * (200 - len(exact)))
    assert (200, 200) == (len(fitting), (await desk.post(fitting)).status)
    assert 1 == len(desk.handled)


@pytest.mark.parametrize("body", ["text", {"data": {}}, None])
async def test_a_body_that_a_parser_had_is_an_error_of_the_program(body: Any) -> None:
    """It is raised, and says what to give."""
    desk = desk_of(await store_of(subscription()))
    with pytest.raises(InvalidArgument, match="raw bytes"):
        await desk.receiver.receive("POST", "", Headers(), body)


# -- duplicates ----------------------------------------------------------------------------------------------------


async def test_a_repetition_is_acknowledged_and_not_handled() -> None:
    """F68: Clio has not heard the first answer, or somebody else has recorded it."""
    desk = desk_of(await store_of(subscription()))
    body = delivery()
    assert [200] * 5 == [(await desk.post(body)).status for _ in range(5)]
    assert 1 == len(desk.handled)


async def test_another_record_event_or_tag_is_no_repetition() -> None:
    """Nor the same bytes of another webhook."""
    other = subscription(key="other", webhook_id=8, secret=Secret("another"))
    desk = desk_of(await store_of(subscription(), other))
    for body in (delivery(), delivery(43), delivery(event="deleted"), delivery(etag='"t2"')):
        await desk.post(body)
    body = delivery(webhook_id=8)
    await desk.post(body, signed(body, "another"), target="?subscription=other")
    assert 5 == len(desk.handled)
    assert not any(event.repeated for event in desk.handled)


async def test_a_late_repetition_is_handled_again_and_says_so() -> None:
    """A record that was changed there and back has its first tag again: the event of that is no repetition."""
    desk = desk_of(await store_of(subscription()))
    for etag in ('"a"', '"b"', '"a"', '"a"'):
        assert 200 == (await desk.post(delivery(etag=etag))).status
    assert [('"a"', False), ('"b"', False), ('"a"', True)] == [(e.etag, e.repeated) for e in desk.handled]


async def test_without_a_tag_two_changes_look_the_same_and_are_both_handled() -> None:
    """A webhook whose fields leave the tag out tells each change in the same bytes."""
    desk = desk_of(await store_of(subscription()))
    for _ in range(3):
        await desk.post(delivery(etag=None))
    assert [False, True, True] == [event.repeated for event in desk.handled]


async def test_an_event_that_was_not_sent_by_clio_stands_in_line() -> None:
    """What `keep` finds in a gap is handled like an event; what came before it is no repetition afterwards."""
    desk = desk_of(await store_of(subscription()))
    await desk.post(delivery())
    missed = Event("missed", "matter", 42, '"t2"', 7, PRINCIPAL, KEY)
    await desk.receiver.deliver(missed)
    await desk.post(delivery())
    assert ["updated", "missed", "updated"] == [event.kind for event in desk.handled]
    assert [("matters", 42)] * 3 == desk.outdated


async def test_what_its_handler_fails_with_is_the_callers() -> None:
    """It is raised as it is, and nothing is noted as handled."""
    seen = MemorySeen()

    async def fail(event: Event) -> None:
        raise BadSignature("of the application")

    desk = desk_of(await store_of(subscription()), fail, seen=seen)
    with pytest.raises(BadSignature, match="of the application"):
        await desk.receiver.deliver(Event("missed", "matter", 42))
    assert 0 == len(seen)


# -- handlers that fail, hang, or are many -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [RuntimeError("x"), TimeoutError(), BadSignature("x"), ExceptionGroup("g", [ValueError()])]
)
async def test_an_event_that_was_not_handled_is_not_acknowledged(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Clio sends it again, and then it is handled as if it had never come. The reply has the error, for a log."""
    failing = [error]
    handled: list[Event] = []

    async def once(event: Event) -> None:
        if failing:
            raise failing.pop()
        handled.append(event)

    desk = desk_of(await store_of(subscription()), once)
    reply = await desk.post(delivery())
    assert (500, error, b"", ()) == (reply.status, reply.error, reply.body, reply.headers)
    assert type(error).__name__ in caplog.text
    assert 200 == (await desk.post(delivery())).status
    assert [False] == [event.repeated for event in handled]


async def test_what_hangs_is_ended_and_tried_again() -> None:
    """After `timeout` seconds, a minute: no answer would be waited for so long."""

    async def hang(event: Event) -> None:
        if len(handled) == 0:
            handled.append(event)
            await anyio.sleep_forever()
        handled.append(event)

    handled: list[Event] = []
    desk = desk_of(await store_of(subscription()), hang)
    reply = await desk.post(delivery())
    assert (500, TimeoutError) == (reply.status, type(reply.error))
    assert 200 == (await desk.post(delivery())).status
    assert 2 == len(handled)


async def test_a_failed_invalidation_is_no_acknowledgement() -> None:
    """What cannot be outdated would be given to the handler as it was."""

    async def broken(event: Event) -> None:
        raise OSError("down")

    desk = desk_of(await store_of(subscription()), invalidate=broken)
    assert (500, []) == ((await desk.post(delivery())).status, desk.handled)


async def test_a_failed_store_is_no_acknowledgement() -> None:
    """Neither one of subscriptions nor one of what was seen; and nothing is raised."""

    class Broken(MemorySubscriptions):
        async def get(self, key: str) -> Subscription | None:
            raise OSError("down")

    class Forgetful(MemorySeen):
        async def release(self, key: str, place: str, *, handled: bool) -> None:
            raise OSError("down")

    assert 500 == (await desk_of(Broken()).post(delivery())).status
    desk = desk_of(await store_of(subscription()), seen=Forgetful())
    reply = await desk.post(delivery())
    assert (500, OSError, 1) == (reply.status, type(reply.error), len(desk.handled))


class Gates:
    """Handlers that wait until a test lets them go on."""

    def __init__(self) -> None:
        self.began: list[tuple[int, str | None]] = []
        self.ended: list[tuple[int, str | None]] = []
        self.open = anyio.Event()

    async def handle(self, event: Event) -> None:
        self.began.append((event.id, event.etag))
        await self.open.wait()
        await checkpoint()
        self.ended.append((event.id, event.etag))


async def _posted(replies: list[Reply], post: Awaitable[Reply]) -> None:
    replies.append(await post)


async def test_events_of_one_record_never_overtake_each_other_and_others_do_not_wait() -> None:
    """One record, one handler at a time, in the order in which they came; another record beside it."""
    gates = Gates()
    desk = desk_of(await store_of(subscription()), gates.handle)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        gone = delivery(1, "deleted", etag="b")
        for body in (delivery(1, etag="a"), gone, delivery(2, etag="c"), delivery(1, etag="d")):
            group.start_soon(_posted, replies, desk.post(body))
            await wait_all_tasks_blocked()
        assert [(1, "a"), (2, "c")] == gates.began
        gates.open.set()
    assert [(1, "a"), (1, "b"), (1, "d")] == [one for one in gates.ended if one[0] == 1]
    assert [200] * 4 == [reply.status for reply in replies]


async def test_of_what_waits_the_newest_is_handled_for_all() -> None:
    """While it is of one kind and one subscription; each is acknowledged when that one was handled, and not before."""
    gates = Gates()
    other = subscription(key="other", webhook_id=8)
    desk = desk_of(await store_of(subscription(), other), gates.handle)
    replies: list[Reply] = []
    told = [("updated", "a"), ("updated", "b"), ("updated", "c"), ("deleted", "d"), ("updated", "e"), ("updated", "f")]
    async with anyio.create_task_group() as group:
        for kind, etag in told:
            group.start_soon(_posted, replies, desk.post(delivery(1, kind, etag=etag)))
            await wait_all_tasks_blocked()
        foreign = desk.post(delivery(1, etag="g", webhook_id=8), target="?subscription=other")
        group.start_soon(_posted, replies, foreign)
        await wait_all_tasks_blocked()
        assert ([(1, "a")], []) == (gates.began, replies)
        gates.open.set()
    assert [(1, "a"), (1, "c"), (1, "d"), (1, "f"), (1, "g")] == gates.ended
    assert [200] * 7 == [reply.status for reply in replies]
    assert (0, {}, 0) == (
        len(desk.receiver._handling._lines),
        desk.receiver._handling._room._held,
        len(desk.receiver._handling._turns),
    )
    assert 200 == (await desk.post(delivery(1, etag="f"))).status
    assert 5 == len(gates.ended)


async def test_what_waits_and_is_not_handled_is_not_acknowledged() -> None:
    """All that one call was for come again, and are handled as if they had never come."""
    opened = anyio.Event()
    tried: list[Event] = []

    async def fail(event: Event) -> None:
        await opened.wait()
        tried.append(event)
        if len(tried) == 2:
            raise LookupError("of the application")

    desk = desk_of(await store_of(subscription()), fail)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        for etag in "abc":
            group.start_soon(_posted, replies, desk.post(delivery(etag=etag)))
            await wait_all_tasks_blocked()
        opened.set()
    assert [200, 500, 500] == [reply.status for reply in replies]
    assert ["LookupError"] == [type(reply.error).__name__ for reply in replies if reply.error is not None]
    assert [200, 200] == [(await desk.post(delivery(etag=etag))).status for etag in "bc"]
    assert [("a", False), ("c", False), ("b", False), ("c", False)] == [(e.etag, e.repeated) for e in tried]


async def test_what_waits_for_a_request_that_was_cancelled_is_handled_all_the_same() -> None:
    """The next of them takes its place."""
    gates = Gates()
    desk = desk_of(await store_of(subscription()), gates.handle)
    replies: list[Reply] = []
    scopes: dict[str, anyio.CancelScope] = {}

    async def post(etag: str) -> None:
        with anyio.CancelScope() as scopes[etag]:
            await _posted(replies, desk.post(delivery(1, etag=etag)))

    async with anyio.create_task_group() as group:
        for etag in "abcd":
            group.start_soon(post, etag)
            await wait_all_tasks_blocked()
        scopes["c"].cancel()
        await wait_all_tasks_blocked()
        scopes["a"].cancel()
        await wait_all_tasks_blocked()
        assert [(1, "a"), (1, "d")] == gates.began
        gates.open.set()
    assert ([(1, "d")], [200, 200], 0) == (
        gates.ended,
        [one.status for one in replies],
        len(desk.receiver._handling._lines),
    )


async def test_of_what_waits_each_is_claimed_for_itself() -> None:
    """What another process has comes again; a repetition behind what is new does not hide it."""

    class Claimed(MemorySeen):
        async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
            claims.append(key)
            return "busy" if len(claims) == busy else await super().claim(key, place, always=always)

    claims: list[str] = []
    for busy, statuses in ((2, [200, 503, 200, 200]), (3, [200, 200, 503, 200]), (0, [200] * 4)):
        claims.clear()
        gates = Gates()
        desk = desk_of(await store_of(subscription()), gates.handle, seen=Claimed())
        replies: dict[int, Reply] = {}

        async def post(number: int, etag: str, desk: Any = desk, replies: dict[int, Reply] = replies) -> None:
            replies[number] = await desk.post(delivery(1, etag=etag))

        async with anyio.create_task_group() as group:
            for number, etag in enumerate("abca"):
                group.start_soon(post, number, etag)
                await wait_all_tasks_blocked()
            gates.open.set()
        assert statuses == [replies[number].status for number in range(4)]
        assert {2: "c", 3: "b", 0: "c"}[busy] == gates.ended[-1][1]
        assert 4 == len(claims)


@pytest.mark.parametrize("bounded", [True, False], ids=["bounded", "the control"])
async def test_one_record_whose_handler_hangs_holds_up_itself_alone(bounded: bool) -> None:
    """Whatever comes for it: other records of its firm, and other firms, are handled; it is told to come again."""

    async def hang(event: Event) -> None:
        if event.id == 1:
            await anyio.sleep_forever()
        handled.append((event.principal[0], event.id))

    handled: list[tuple[str, int]] = []
    other = subscription(key="other", principal="q" * 32, webhook_id=8)
    desk = desk_of(await store_of(subscription(), other), hang, timeout=None)
    if not bounded:
        desk.receiver._handling._lines = Lines(10_000)
    flood: list[Reply] = []
    calm: list[Reply] = []
    async with anyio.create_task_group() as group:
        for number in range(1100):
            group.start_soon(_posted, flood, desk.post(delivery(1, etag=f"{number}")))
        await wait_all_tasks_blocked()
        for number in range(2, 40):
            group.start_soon(_posted, calm, desk.post(delivery(number)))
            away = desk.post(delivery(number, webhook_id=8), target="?subscription=other")
            group.start_soon(_posted, calm, away)
        await wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    assert {503} == {reply.status for reply in flood}
    assert (1100 - 129 if bounded else 1100 - 1032) == len(flood)
    assert bounded is ({200} == {reply.status for reply in calm})
    assert bounded is (76 == len(handled))


async def test_a_handler_that_calls_its_own_receiver_is_told_so() -> None:
    """At once, whether it would have to wait for itself or not; from another task it may."""
    own: list[Exception | None] = []
    tasks: list[Event] = []

    async def deliver(event: Event) -> None:
        if event.kind == "missed":
            tasks.append(event)
            return
        with pytest.raises(UsageError, match="own receiver"):
            await desk.receiver.deliver(Event("missed", "matter", event.id + 1))
        own.append((await desk.post(delivery(99))).error)
        group.start_soon(desk.receiver.deliver, Event("missed", "matter", event.id + 1))

    for parallel in (1, 32):
        desk = desk_of(await store_of(subscription()), deliver, parallel=parallel, timeout=None)
        async with anyio.create_task_group() as group:
            assert 200 == (await desk.post(delivery())).status
        assert (UsageError, 43) == (type(own.pop()), tasks.pop().id)
        await desk.receiver.deliver(Event("missed", "matter", 42))
        assert 42 == tasks.pop().id


async def test_a_repetition_is_not_acknowledged_before_the_first_is_handled() -> None:
    """It waits: had the first failed, nobody would send the event again."""
    gates = Gates()
    desk = desk_of(await store_of(subscription()), gates.handle)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(_posted, replies, desk.post(delivery()))
            await wait_all_tasks_blocked()
        assert ([], 1) == (replies, len(gates.began))
        gates.open.set()
    assert ([200, 200], 1) == ([reply.status for reply in replies], len(gates.began))


async def test_a_repetition_of_what_failed_meanwhile_is_handled() -> None:
    """The one that waited is handled in the place of the first."""
    left = [RuntimeError("x")]
    opened = anyio.Event()
    handled: list[Event] = []

    async def fail_once(event: Event) -> None:
        await opened.wait()
        if left:
            raise left.pop()
        handled.append(event)

    desk = desk_of(await store_of(subscription()), fail_once)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(_posted, replies, desk.post(delivery()))
            await wait_all_tasks_blocked()
        opened.set()
    assert ([500, 200], 1) == ([reply.status for reply in replies], len(handled))


async def test_what_another_process_handles_now_comes_again() -> None:
    """A claim of somebody else is no proof that it will be handled."""

    class Claimed(MemorySeen):
        async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
            return "busy"

    desk = desk_of(await store_of(subscription()), seen=Claimed())
    reply = await desk.post(delivery())
    assert (503, "Retry-After", []) == (reply.status, reply.headers[0][0], desk.handled)


async def test_there_are_bounds_to_what_is_handled_and_to_what_waits() -> None:
    """`parallel` handlers, `waiting` more that wait; the rest is sent away, and welcome afterwards."""
    gates = Gates()
    desk = desk_of(await store_of(subscription()), gates.handle, parallel=2, waiting=1)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        for number in range(1, 6):
            group.start_soon(_posted, replies, desk.post(delivery(number)))
            await wait_all_tasks_blocked()
        assert ([1, 2], [503, 503]) == ([one[0] for one in gates.began], [reply.status for reply in replies])
        gates.open.set()
    assert [1, 2, 3] == sorted(one[0] for one in gates.ended)
    assert [200, 200] == [(await desk.post(delivery(number))).status for number in (4, 5)]


@pytest.mark.parametrize("flooded_first", [False, True])
async def test_a_flood_of_one_firm_leaves_room_for_another(flooded_first: bool) -> None:
    """Of what is handled and of what waits: also if it had taken everything before the other came."""
    gates = Gates()
    other = subscription(key="other", principal="q" * 32, webhook_id=8)
    desk = desk_of(await store_of(subscription(), other), gates.handle, parallel=4, waiting=4)
    flood: list[Reply] = []
    calm: list[Reply] = []
    async with anyio.create_task_group() as group:

        async def post(replies: list[Reply], number: int, webhook_id: int, key: str) -> None:
            request = desk.post(delivery(number, webhook_id=webhook_id), target=f"?subscription={key}")
            group.start_soon(_posted, replies, request)
            await wait_all_tasks_blocked()

        if not flooded_first:
            await post(calm, 100, 8, "other")
        for number in range(1, 21):
            await post(flood, number, 7, KEY)
        await post(calm, 101, 8, "other")
        await post(calm, 102, 8, "other")
        assert (([503] if flooded_first else []), [503] * (12 if flooded_first else 16)) == (
            [reply.status for reply in calm],
            [reply.status for reply in flood],
        )
        gates.open.set()
    assert {101} <= {one[0] for one in gates.ended}
    assert (2 if flooded_first else 3) == len(calm)


async def test_a_place_that_gets_free_goes_to_the_firm_that_has_none() -> None:
    """Not to the one whose events have waited longer, and were more."""
    gates = Gates()
    other = subscription(key="other", principal="q" * 32, webhook_id=8)
    order: list[str] = []

    async def handle(event: Event) -> None:
        order.append(event.principal[0])
        if len(order) <= 4:
            await gates.open.wait()

    desk = desk_of(await store_of(subscription(), other), handle, parallel=4, waiting=40)
    replies: list[Reply] = []
    async with anyio.create_task_group() as group:
        for number in range(1, 21):
            group.start_soon(_posted, replies, desk.post(delivery(number)))
        await wait_all_tasks_blocked()
        request = desk.post(delivery(100, webhook_id=8), target="?subscription=other")
        group.start_soon(_posted, replies, request)
        await wait_all_tasks_blocked()
        gates.open.set()
    assert (21, {200}) == (len(replies), {reply.status for reply in replies})
    assert order.index("q") < 8  # of the four that were let in next: which of them runs first is the loop's to say


async def test_a_cancelled_request_leaves_no_trace() -> None:
    """A server that gives up while the handler runs, or while it waits for its turn: the next one is handled."""
    gates = Gates()
    seen = MemorySeen()
    desk = desk_of(await store_of(subscription()), gates.handle, parallel=1, waiting=1, seen=seen)
    async with anyio.create_task_group() as group:
        group.start_soon(desk.post, delivery())
        await wait_all_tasks_blocked()
        group.start_soon(desk.post, delivery(etag="b"))
        await wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    assert (0, 0) == (len(seen), len(desk.receiver._handling._turns))
    gates.open.set()
    replies = [await desk.post(delivery()), await desk.post(delivery(etag="b"))]
    assert [200, 200] == [reply.status for reply in replies]
    assert not any(event.repeated for event in desk.handled)


async def test_a_claim_ends_with_a_cancelled_request() -> None:
    """Also where a store outside of the process has to be told: else the event would be busy for ever."""

    class Elsewhere(MemorySeen):
        async def release(self, key: str, place: str, *, handled: bool) -> None:
            await anyio.sleep(1)
            await super().release(key, place, handled=handled)

    gates = Gates()
    desk = desk_of(await store_of(subscription()), gates.handle, seen=Elsewhere())
    async with anyio.create_task_group() as group:
        group.start_soon(desk.post, delivery())
        await wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    gates.open.set()
    assert 200 == (await desk.post(delivery())).status


async def test_a_store_that_hangs_holds_nobody_for_ever() -> None:
    """The event counts as handled for whoever asked, since it was; what the store keeps is its own affair."""

    class Hanging(MemorySeen):
        async def release(self, key: str, place: str, *, handled: bool) -> None:
            await anyio.sleep_forever()

    desk = desk_of(await store_of(subscription()), seen=Hanging())
    assert (200, 1) == ((await desk.post(delivery())).status, len(desk.handled))


# -- its own arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"subscriptions": {}},
        {"on_event": None},
        {"invalidate": 42},
        {"max_body": 0},
        {"parallel": 0},
        {"waiting": -1},
        {"timeout": 0},
        {"timeout": float("nan")},
        {"body_timeout": 0},
    ],
    ids=repr,
)
def test_a_receiver_of_nothing_is_refused(wrong: dict[str, Any]) -> None:
    """Before the first request comes."""

    async def handle(event: Event) -> None: ...

    given = {"subscriptions": MemorySubscriptions(), "on_event": handle, **wrong}
    with pytest.raises(InvalidArgument):
        Receiver(given.pop("subscriptions"), given.pop("on_event"), **given)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_it_is_built_anywhere_and_used_in_an_event_loop(backend: str) -> None:
    """Most programs build it when their module is imported."""
    desk = desk_of(MemorySubscriptions())

    async def use() -> int:
        assert await desk.store.replace(None, subscription())
        return (await desk.post(delivery())).status

    assert (200, 1) == (anyio.run(use, backend=backend), len(desk.handled))


async def test_it_needs_neither_a_client_nor_an_end() -> None:
    """Without `invalidate` nothing is outdated; without `timeout` a handler may take as long as it likes."""
    desk = desk_of(await store_of(subscription()), invalidate=None, timeout=None)
    assert (200, 1, []) == ((await desk.post(delivery())).status, len(desk.handled), desk.outdated)


async def test_the_log_tells_refusals_and_nothing_of_their_values(caplog: pytest.LogCaptureFixture) -> None:
    """One line each, of words that are ours."""
    caplog.set_level(logging.DEBUG, "clio_async")
    desk = desk_of(await store_of(subscription()))
    await desk.post(delivery(), {"X-Hook-Signature": "0" * 64})
    await desk.post(delivery(), target="?subscription=made-up-by-somebody")
    await desk.post(b"{}")
    lines = [record.getMessage() for record in caplog.records]
    assert [
        "webhook status=401 error=BadSignature",
        "webhook status=404",
        "webhook status=400 error=MalformedEvent",
    ] == lines


async def test_a_flood_of_forgeries_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Ten of a kind are logged a minute; the first one after that says how many were not. A clock may go back."""
    caplog.set_level(logging.DEBUG, "clio_async")
    now = 1000.0
    desk = desk_of(await store_of(subscription()), wall_clock=lambda: now)

    async def flood(count: int) -> list[str]:
        caplog.clear()
        for _ in range(count):
            await desk.post(delivery(), {"X-Hook-Signature": "0" * 64})
        return [record.getMessage() for record in caplog.records]

    line = "webhook status=401 error=BadSignature"
    assert [line] * 10 == await flood(300)
    await desk.post(delivery(), target="?subscription=made-up-by-somebody")
    assert "webhook status=404" == caplog.records[-1].getMessage()
    now = 1059.9
    assert [] == await flood(5)
    now = 1060.0
    assert [f"{line} unlogged=295", line] == await flood(2)
    assert [line] * 8 == await flood(20)
    now = 900.0
    assert [f"{line} unlogged=12"] == await flood(1)


async def test_a_store_that_is_down_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Anybody may ask meanwhile."""

    class Broken(MemorySubscriptions):
        async def get(self, key: str) -> Subscription | None:
            raise OSError("down")

    desk = desk_of(Broken())
    assert {500} == {(await desk.post(b"", target=f"?subscription={number}")).status for number in range(50)}
    assert ["webhook status=500 error=OSError"] * 10 == [record.getMessage() for record in caplog.records]
    assert {logging.ERROR} == {record.levelno for record in caplog.records}


def test_a_reply_keeps_its_header_fields_to_itself() -> None:
    """They may be the secret of a handshake."""
    reply = Reply(200, (("X-Hook-Secret", SECRET),))
    assert SECRET not in repr(reply)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(reply)
    assert json.dumps(reply.status) == "200"
