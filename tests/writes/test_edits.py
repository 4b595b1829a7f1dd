"""Many editors of one record: what does not collide is all there in the end, and what does is told to all but one."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

import anyio
import pytest
import trio.testing
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async import Clio, EditConflict, MemoryTransport, PreconditionFailed, Request, Response
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH, Clock
from tests.virtual import VirtualLoop

BASE = "http://localhost/api/v4"
WRITERS = 50


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """Virtual time on both."""
    if request.param == "trio":
        return "trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": VirtualLoop}


class Firm:
    """A simulated firm, a fifth of a second away, whose clients have nothing in common: each has a core of its own."""

    def __init__(self, regime: Regime | None = None, *, latency: float = 0.2) -> None:
        clock = Clock(lambda: EPOCH + anyio.current_time())
        self.simulator = Simulator(matters=2, contacts=9, tasks=2, users=9, regime=regime or Regime(), clock=clock)
        self.dice = random.Random("firm")
        self.latency = latency

    def client(self) -> Clio:
        return Clio(
            self.simulator.token(),
            base_url=BASE,
            transport=MemoryTransport(self._carry, clock=anyio.current_time),
            limiter=None,
            clock=anyio.current_time,
            wall_clock=lambda: EPOCH + anyio.current_time(),
            random=self.dice.random,
        )

    async def _carry(self, request: Request) -> Response:
        await anyio.sleep(self.dice.uniform(0, self.latency))
        response = await self.simulator.handler(request)
        await anyio.sleep(self.dice.uniform(0, self.latency))
        return response

    def statuses(self) -> list[int]:
        return [entry.status for entry in self.simulator.entries() if entry.method == "PATCH"]


async def together(calls: list[Callable[[], Awaitable[object]]]) -> list[PreconditionFailed]:
    """Run calls at once, and return the refusals that were told."""
    told: list[PreconditionFailed] = []

    async def one(call: Callable[[], Awaitable[object]]) -> None:
        try:
            await call()
        except PreconditionFailed as error:
            told.append(error)

    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(one, call)
    return told


def block(firm: Firm, resource: str, changes: Mapping[str, Any], **custom: Any) -> Callable[[], Awaitable[object]]:
    """Return an edit in a block, by a client of its own."""

    async def call() -> None:
        async with getattr(firm.client(), resource).edit(1) as edit:
            edit.set(**changes)
            if custom:
                edit.set_custom_fields(custom)

    return call


OWN: dict[str, Any] = {
    "description": "Lease",
    "location": "Berlin",
    "client_reference": "L-1",
    "client": {"id": 7},
    "responsible_attorney": {"id": 8},
    "originating_attorney": {"id": 9},
    "responsible_staff": {"id": 7},
    "open_date": date(2026, 1, 2),
}


@pytest.mark.parametrize("moves", [False, True], ids=["own tag", "children move it"])
async def test_writers_of_disjoint_attributes_all_land(moves: bool) -> None:
    """Fifty clients, each another attribute or custom field of one matter: all are there, nobody is told of another."""
    firm = Firm(Regime(children_move_tag=moves))
    names = [f"Field {number}" for number in range(WRITERS - len(OWN))]
    for name in names:
        firm.simulator.add("custom_fields", name=name, parent_type="Matter", field_type="text_line")
    own = [block(firm, "matters", {name: value}) for name, value in OWN.items()]
    custom = [block(firm, "matters", {}, **{name: f"{name}!"}) for name in names]
    assert [] == await together([*own, *custom])
    found = await firm.client().matters.get(1, fields=[*OWN, "custom_field_values{field_name,value}"])
    for name, value in OWN.items():
        shown = getattr(found, name)
        assert value == ({"id": shown.id} if isinstance(value, dict) else shown), name
    values = {row.field_name: row.value for row in found.custom_field_values}
    assert {name: f"{name}!" for name in names}.items() <= values.items()
    assert WRITERS == firm.statuses().count(200)
    assert 412 in firm.statuses()


async def test_the_control_loses_what_others_wrote() -> None:
    """Writing back all that was read, by id, so that the last writer wins: most of it is lost."""
    firm = Firm()

    def whole(name: str) -> Callable[[], Awaitable[object]]:
        async def call() -> None:
            clio = firm.client()
            matter = await clio.matters.get(1)
            plain = {key: getattr(matter, key) for key in ("description", "location", "client_reference", "open_date")}
            await clio.matters.update(1, **{**plain, name: OWN[name]})

        return call

    names = ["description", "location", "client_reference", "open_date"]
    assert [] == await together([whole(name) for name in names])
    found = await firm.client().matters.get(1)
    assert any(getattr(found, name) != OWN[name] for name in names)


def appended(matter: Any, word: str) -> dict[str, str]:
    return {"location": f"{matter.location or ''} {word}"}


async def test_writers_of_one_text_all_land_by_the_function() -> None:
    """Fifty appenders: each word is there once. Each write was made of what was there."""
    firm = Firm()

    def by_function(word: str) -> Callable[[], Awaitable[object]]:
        return lambda: firm.client().matters.edit(1, lambda matter: appended(matter, word), attempts=40)

    words = [f"w{number}" for number in range(WRITERS)]
    assert [] == await together([by_function(word) for word in words])
    found = await firm.client().matters.get(1)
    assert sorted(words) == sorted(word for word in found.location.split() if word in words)


async def test_the_control_loses_words() -> None:
    """The same by id, without a guard."""
    firm = Firm()

    def unguarded(word: str) -> Callable[[], Awaitable[object]]:
        async def call() -> None:
            clio = firm.client()
            await clio.matters.update(1, **appended(await clio.matters.get(1), word))

        return call

    words = [f"w{number}" for number in range(WRITERS)]
    await together([unguarded(word) for word in words])
    found = await firm.client().matters.get(1)
    assert len({word for word in found.location.split() if word in words}) < WRITERS / 2


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        ("matters", lambda number: {"description": f"by {number}"}),
        ("matters", lambda number: {("open_date", "pending_date")[number % 2]: date(2026, 2, 1 + number % 28)}),
        ("tasks", lambda number: {"name": f"by {number}"}),
    ],
    ids=["attribute", "group", "task"],
)
@pytest.mark.parametrize("moves", [False, True], ids=["own tag", "children move it"])
async def test_of_writers_of_the_same_one_wins_and_the_others_are_told(
    resource: str, changes: Callable[[int], dict[str, Any]], moves: bool
) -> None:
    """One attribute, or two that belong together: each of the others has base, mine, theirs, and the names."""
    firm = Firm(Regime(children_move_tag=moves))
    clients = [firm.client() for _ in range(10)]
    edits = [getattr(clio, resource).edit(1) for clio in clients]
    for edit in edits:
        await edit.__aenter__()
    before = edits[0].record
    for number, edit in enumerate(edits):
        edit.set(**changes(number))
    told = await together([lambda edit=edit: edit.__aexit__(None, None, None) for edit in edits])
    assert (len(edits) - 1, 1) == (len(told), firm.statuses().count(200))
    after = await getattr(firm.client(), resource).get(1)
    wanted = [changes(number) for number in range(len(edits))]
    for error in told:
        assert isinstance(error, EditConflict)
        assert (before, after) == (error.base, error.theirs)
        assert error.mine in wanted
        assert set(error.mine) <= set(error.fields)
    assert any(all(getattr(after, name) == value for name, value in one.items()) for one in wanted)


async def test_editors_of_one_process_take_turns() -> None:
    """Row F26: through one client nobody is refused, and nothing is read twice."""
    firm = Firm()
    clio = firm.client()
    words = [f"w{number}" for number in range(WRITERS)]

    def by_function(word: str) -> Callable[[], Awaitable[object]]:
        return lambda: clio.options(timeout=None).matters.edit(1, lambda matter: appended(matter, word))

    assert [] == await together([by_function(word) for word in words])
    assert [200] * WRITERS == firm.statuses()
    location = (await clio.matters.get(1)).location
    assert sorted(words) == sorted((location or "").split()[-WRITERS:])


async def test_an_edit_ends_by_one_deadline() -> None:
    """However often it is refused: the time of the client is that of the edit, pauses included."""
    firm = Firm()
    clio = firm.client().options(timeout=3.0)

    def hostile(matter: Any) -> dict[str, str]:
        firm.simulator.change("matters", 1, client_reference=f"{anyio.current_time()}")
        return appended(matter, "x")

    began = anyio.current_time()
    with pytest.raises(TimeoutError):
        await clio.matters.edit(1, hostile, attempts=1000)
    assert anyio.current_time() - began < 3.0 + 2.0 + 0.1


# -- against a model ----------------------------------------------------------------------------------------------

GROUP = ("open_date", "pending_date")
NAMES = ("description", "location", *GROUP)
VALUES: dict[str, list[Any]] = {
    **{name: ["a", "b", "c"] for name in ("description", "location")},
    **{name: [date(2026, 1, 1), date(2026, 1, 2), None] for name in GROUP},
}
SETS = st.tuples(st.sampled_from(NAMES), st.integers(0, 2))
PROGRAMS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 2), SETS),
        st.tuples(st.just("set"), st.integers(0, 2), SETS),
        st.tuples(st.just("theirs"), st.just(0), SETS),
        st.tuples(st.just("commit"), st.integers(0, 2), SETS),
    ),
    max_size=14,
)


@define
class Open:
    """An edit, and what the model knows of it."""

    edit: Any
    base: dict[str, Any]
    changes: dict[str, Any] = field(factory=dict[str, Any])

    def expected(self, state: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the record is after it, None if it collides."""
        wants = {name: value for name, value in self.changes.items() if value != self.base[name]}
        decided = {mate for name in wants for mate in (GROUP if name in GROUP else (name,))}
        for name in decided:
            if state[name] != self.base[name] and self.changes.get(name, self.base[name]) != state[name]:
                return None
        return state | wants


@settings(max_examples=60, deadline=None)
@given(PROGRAMS, st.sampled_from(["asyncio", "trio"]), st.booleans())
def test_edits_do_what_the_model_says(program: list[Any], backend: str, moves: bool) -> None:
    """Any order of blocks, of what they set, and of what others change: merged, or told, never lost."""

    async def run() -> None:
        firm = Firm(Regime(children_move_tag=moves), latency=0.0)
        state = {name: VALUES[name][0] for name in NAMES}
        firm.simulator.change("matters", 1, **state)
        opened: dict[int, Open] = {}
        for act, number, (name, index) in program:
            value = VALUES[name][index]
            if act == "theirs":
                state[name] = value
                firm.simulator.change("matters", 1, **{name: value})
            elif act == "open" and number not in opened:
                opened[number] = Open(firm.client().matters.edit(1), dict(state))
                await opened[number].edit.__aenter__()
            elif act == "set" and number in opened:
                opened[number].changes[name] = value
                opened[number].edit.set(**{name: value})
            elif act == "commit" and number in opened:
                one = opened.pop(number)
                expected = one.expected(state)
                if expected is None:
                    with pytest.raises(EditConflict):
                        await one.edit.__aexit__(None, None, None)
                else:
                    await one.edit.__aexit__(None, None, None)
                    state = expected
            found = await firm.client().matters.get(1)
            assert state == {name: getattr(found, name) for name in NAMES}

    anyio.run(run, backend=backend)


async def test_a_pause_is_any_part_of_the_longest() -> None:
    """By the dice that the client was given."""
    firm = Firm()
    firm.dice = random.Random("pause")
    expected = random.Random("pause").random() * 2.0
    began = anyio.current_time()
    await firm.client().pause(2.0)
    assert expected == pytest.approx(anyio.current_time() - began, abs=1e-3)
