"""Events that are repeated, reordered, late or forged: what the application has is what the server has (row F68)."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.client import Clio
from clio_async.messages import Headers, Request, Response
from clio_async.options import Policy
from clio_async.secrets import Secret
from clio_async.webhooks.event import Event
from clio_async.webhooks.receiver import Receiver
from clio_async.webhooks.seen import Claim, MemorySeen, Seen
from tests.origin import Wire, client
from tests.virtual import VirtualLoop
from tests.webhooks.signing import KEY, delivery, signed, store_of, subscription

STATES = ("a", "b", "c")
"""What a record may be."""


@define
class Server:
    """A Clio with two matters. Where tags recur, a matter that was changed there and back has its first tag again."""

    recurs: bool = False
    states: dict[int, str | None] = field(factory=lambda: {1: "a", 2: "a"})
    changes: int = 0

    def tag(self, state: str | None) -> str:
        return f'"{state}"' if self.recurs else f'"{state}-{self.changes}"'

    async def answer(self, request: Request) -> Response:
        number = int(request.url.partition("?")[0].removesuffix(".json").rpartition("/")[2])
        await anyio.sleep(0.1)
        state, tag = self.states[number], self.tag(self.states[number])
        await anyio.sleep(0.1)
        if state is None:
            return Response(404, Headers(), b'{"error": {"type": "NotFoundError", "message": "gone"}}')
        body = json.dumps({"data": {"id": number, "etag": tag, "description": state}})
        return Response(200, Headers({"ETag": tag}), body.encode())

    def change(self, number: int, state: str | None) -> bytes:
        """Change a matter, and return what Clio says of it."""
        self.states[number] = state
        self.changes += 1
        return delivery(number, "updated" if state else "deleted", etag=self.tag(state), description=state)


@define
class Application:
    """Keeps a copy: of what it reads, or, as a control, of what it is told."""

    clio: Clio
    believes: bool = False
    copy: dict[int, str | None] = field(factory=lambda: {1: "a", 2: "a"})

    async def on_event(self, event: Event) -> None:
        found = await event.read(self.clio, fields="description")
        self.copy[event.id] = None if found is None else found.description


class Believer(Application):
    """The control: it takes the event at its word."""

    async def on_event(self, event: Event) -> None:
        self.copy[event.id] = None if event.kind == "deleted" else str(event.etag).strip('"').partition("-")[0]


class ByBytes(Seen):
    """The control: whatever was handled once is never handled again."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    async def claim(self, key: str, place: str, *, always: bool = False) -> Claim:
        return "handled" if key in self.known else "new"

    async def release(self, key: str, place: str, *, handled: bool) -> None:
        self.known.add(key)


Step = tuple[int, str | None, float, list[float]]
"""A matter, what it becomes, after which pause, and how much later Clio tells of it: each time that it does."""

steps = st.lists(
    st.tuples(
        st.sampled_from([1, 2]),
        st.sampled_from([*STATES, None]),
        st.sampled_from([0.0, 0.05, 0.15, 1.0, 5.0]),
        st.lists(st.sampled_from([0.0, 0.05, 0.15, 1.0, 4.0, 9.0]), min_size=1, max_size=3),
    ),
    max_size=8,
)


async def _play(
    script: list[Step], kind: type[Application] = Application, seen: Seen | None = None, recurs: bool = False
) -> list[Any]:
    """Run it, and return what the server and the copy have at the end."""
    server = Server(recurs)
    clio = client(Wire(server.answer), policy=Policy(fresh_for={"matters": 1e9}), clock=anyio.current_time)
    store = await store_of(subscription(principal=clio.principal.fingerprint))
    application = kind(clio)
    receiver = Receiver(store, application.on_event, invalidate=clio, seen=seen or MemorySeen(clock=anyio.current_time))

    async def tell(body: bytes, pause: float) -> None:
        await anyio.sleep(pause)
        forged = body.replace(b'"id": 1', b'"id": 2')
        for _ in range(2):
            assert (await receiver.receive("POST", f"?subscription={KEY}", signed(body), body)).status == 200
        if forged != body:
            assert (await receiver.receive("POST", f"?subscription={KEY}", signed(body), forged)).status == 401

    async with anyio.create_task_group() as group:
        for number, state, pause, late in script:
            await anyio.sleep(pause)
            body = server.change(number, state)
            for more in late:
                group.start_soon(tell, body, more)
    return [server.states, application.copy]


def _run(script: list[Step], *how: Any) -> list[Any]:
    return anyio.run(_play, script, *how, backend_options={"loop_factory": VirtualLoop})


@given(steps)
@settings(deadline=None, max_examples=150)
def test_in_any_order_and_however_often_the_copy_becomes_what_the_server_has(script: list[Step]) -> None:
    """The law of F68, where freshness was opted into, and reads take time."""
    states, copy = _run(script)
    assert states == copy


LATE: list[Step] = [(1, "b", 0.0, [9.0]), (1, "c", 1.0, [0.0])]
BACK: list[Step] = [(1, "b", 0.0, [0.0]), (1, "c", 1.0, [0.0]), (1, "b", 1.0, [0.0])]


@pytest.mark.parametrize("recurs", [False, True], ids=["new tags", "tags that recur"])
@pytest.mark.parametrize("script", [LATE, BACK], ids=["overtaken", "there and back"])
def test_two_hard_cases_by_themselves(script: list[Step], recurs: bool) -> None:
    """They are what the controls fail in: also where the event of a record that was changed back is the first again."""
    states, copy = _run(script, Application, None, recurs)
    assert states == copy


def test_who_believes_events_has_what_was() -> None:
    """The control of F68: an event that was overtaken puts an older state in the place of a newer one."""
    states, copy = _run(LATE, Believer)
    assert ({1: "c", 2: "a"}, {1: "b", 2: "a"}) == (states, copy)


def test_who_drops_whatever_was_seen_once_misses_changes() -> None:
    """The control of F68: the event of a record that was changed back looks like an old one."""
    states, copy = _run(BACK, Application, ByBytes(), True)
    assert ({1: "b", 2: "a"}, {1: "c", 2: "a"}) == (states, copy)


async def test_a_delivery_that_was_recorded_shows_nothing_to_who_replays_it() -> None:
    """Whoever replays it hours later causes a read at most; and not one for another subscription."""
    server = Server(recurs=True)
    clio = client(Wire(server.answer), clock=anyio.current_time)
    own = subscription(principal=clio.principal.fingerprint)
    store = await store_of(own, evolve(own, key="other", webhook_id=8, secret=Secret("another")))
    application = Application(clio)
    receiver = Receiver(store, application.on_event, seen=MemorySeen(clock=anyio.current_time))
    body = server.change(1, "b")
    for _ in range(4):
        reply = await receiver.receive("POST", f"?subscription={KEY}", signed(body), body)
        assert (200, (), b"") == (reply.status, reply.headers, reply.body)
        server.states[1] = "c"
        await anyio.sleep(3 * 3600)
    assert server.states == application.copy
    assert 401 == (await receiver.receive("POST", "?subscription=other", signed(body), body)).status
