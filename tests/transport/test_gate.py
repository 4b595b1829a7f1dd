"""The places of a pool: shared fairly between principals, and never lost (F52)."""

from __future__ import annotations

import asyncio
from fractions import Fraction

import anyio
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async.transport.gate import Gate

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


@BACKENDS
async def test_places_are_given_in_order_and_never_lost() -> None:
    """Whoever waits longest is next; who gave up is passed over."""
    gate, order = Gate(1), []

    async def enter(name: str, scope: anyio.CancelScope) -> None:
        with scope:
            await gate.enter("ann")
            order.append(name)

    scopes = {name: anyio.CancelScope() for name in "abc"}
    async with anyio.create_task_group() as tasks:
        await gate.enter("ann")
        for name, scope in scopes.items():
            tasks.start_soon(enter, name, scope)
            await anyio.wait_all_tasks_blocked()
        scopes["b"].cancel()
        await anyio.wait_all_tasks_blocked()
        for _ in range(2):
            gate.leave("ann")
            await anyio.wait_all_tasks_blocked()
        gate.leave("ann")
    assert order == ["a", "c"]
    assert is_empty(gate, 1)
    await gate.enter("ben")


@BACKENDS
async def test_principals_that_wait_take_turns() -> None:
    """A place that is given up goes round: many requests of one tenant delay those of another by one each (F52)."""
    gate, order = Gate(1), []

    async def pass_through(name: str) -> None:
        await gate.enter(name[0])
        order.append(name)
        gate.leave(name[0])

    async with anyio.create_task_group() as tasks:
        await gate.enter("x")
        for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1"):
            tasks.start_soon(pass_through, name)
            await anyio.wait_all_tasks_blocked()
        gate.leave("x")
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]
    assert is_empty(gate, 1)


def is_empty(gate: Gate, limit: int) -> bool:
    """Whether all places are there, and nothing is kept of anybody."""
    return (gate._free, gate._held, gate._waiting) == (limit, {}, {})


def met(limit: int) -> Gate:
    """A gate with all places free, which knows that it is shared."""
    gate = Gate(limit)
    for name in ("x", "y"):
        assert gate.passes(name)
        gate.leave(name)
    return gate


def greedy(gate: Gate, whom: str) -> int:
    """Take all places that `whom` may have. Return how many."""
    return sum(1 for _ in iter(lambda: gate.passes(whom), False))


@pytest.mark.parametrize(
    ("count", "at_once", "left", "in_turn", "left_over"),
    [
        (1, [50], 50, [50], 50),
        (2, [30, 29], 41, [50, 16], 34),
        (5, [14] * 4 + [13], 31, [50, 16, 8, 5, 3], 18),
        (10, [8] * 5 + [7] * 5, 25, [50, 16, 8, 5, 3, 2, 2, 1, 1, 1], 11),
    ],
)
def test_slow_tenants_leave_room(count: int, at_once: list[int], left: int, in_turn: list[int], left_over: int) -> None:
    """However many requests of them hang, and in whatever order they came, others find free places (F52)."""
    names = [f"slow {number}" for number in range(count)]
    gate, held = met(100), dict.fromkeys(names, 0)
    while any(passed := [name for name in names if gate.passes(name)]):
        for name in passed:
            held[name] += 1
    assert ([*held.values()], gate._free) == (at_once, left)
    gate = met(100)
    assert ([greedy(gate, name) for name in names], gate._free) == (in_turn, left_over)


@pytest.mark.parametrize(("limit", "share"), [(2, 1), (3, 2), (4, 2), (5, 3), (10, 5), (99, 50), (1000, 500)])
def test_one_of_several_takes_half(limit: int, share: int) -> None:
    """A tenant whose neighbours are idle gets half of the places, rounded up, and never the last one."""
    gate = met(limit)
    assert greedy(gate, "ann") == share
    assert gate.passes("ben")


@given(st.integers(1, 60), st.lists(st.sampled_from("abcd"), max_size=60))
def test_who_holds_nothing_takes_any_free_place(limit: int, others: list[str]) -> None:
    """Nobody is refused a first place while there is one, and the last one goes to nobody who has one."""
    gate = Gate(limit)
    gate._weight = limit * limit
    for name in others:
        free, held = gate._free, gate._held.get(name, 0)
        passed = gate.passes(name)
        assert passed or held or not free
        assert not (passed and held and free == 1)
    free = gate._free
    assert free == limit - sum(gate._held.values())
    assert gate.passes("new") == (free > 0)


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_one_tenant_alone_may_take_all_places(limit: int) -> None:
    """A process of one tenant uses the whole pool; requests without a principal make no second tenant of it."""
    gate = Gate(limit)
    assert gate.passes("")
    gate.leave("")
    assert greedy(gate, "ann") == limit
    gate.leave("ann")
    assert gate.passes("")
    assert not gate.passes("")
    gate.leave("")
    assert gate.passes("ann")


@BACKENDS
async def test_whoever_comes_second_is_noticed_while_waiting() -> None:
    """When the only tenant so far holds all places, the next one waits for one, and from then on there are shares."""
    gate = Gate(4)
    assert greedy(gate, "ann") == 4
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(gate.enter, "ben")
        await anyio.wait_all_tasks_blocked()
        gate.leave("ann")
        gate.leave("ann")
    assert (gate._held, gate._free) == ({"ann": 2, "ben": 1}, 1)
    assert not gate.passes("ann")
    assert gate.passes("carl")


def test_passing_makes_no_primitive(monkeypatch: pytest.MonkeyPatch) -> None:
    """While there are places, nothing of anyio is touched: no event loop is needed."""
    monkeypatch.setattr(anyio, "Event", None)
    gate = met(10)
    coroutine = gate.enter("ann")
    with pytest.raises(StopIteration):
        coroutine.send(None)
    gate.leave("ann")
    assert is_empty(gate, 10)


def test_waiting_makes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without a free place there is no way around an event, and it is the one that was taken away."""
    monkeypatch.setattr(anyio, "Event", None)
    gate = Gate(1)
    assert gate.passes("ann")
    with pytest.raises(TypeError):
        gate.enter("ben").send(None)


class Model:
    """What a gate has to do, written as a list of who holds and a list of who waits."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held: list[str] = []
        self.waiting: list[tuple[str, int]] = []
        self.rounds: list[str] = []
        self.names: set[str] = set()  # of all who ever came

    def may(self, whom: str) -> bool:
        free = self.limit - len(self.held)
        if len(self.names - {""}) < 2:
            return free > 0
        return free > 0 and Fraction(self.held.count(whom), self.limit) < 4 * Fraction(free, self.limit) ** 3

    def come(self, whom: str, number: int) -> bool:
        """Return whether it passes at once."""
        passes = self.may(whom)
        self.names.add(whom)
        if passes:
            self.held.append(whom)
        else:
            self.waiting.append((whom, number))
            if whom not in self.rounds:
                self.rounds.append(whom)
        return passes

    def go(self, whom: str) -> list[int]:
        """Return the numbers of those who pass now."""
        self.held.remove(whom)
        passed = []
        while (who := next(filter(self.may, self.rounds), None)) is not None:
            number = min(number for name, number in self.waiting if name == who)
            self.give_up(who, number)
            if who in self.rounds:
                self.rounds.remove(who)
                self.rounds.append(who)
            self.held.append(who)
            passed.append(number)
        return passed

    def give_up(self, whom: str, number: int) -> None:
        self.waiting.remove((whom, number))
        if whom not in [name for name, _ in self.waiting]:
            self.rounds.remove(whom)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "come", "go", "go", "cancel", "cancel and go", "go and cancel"]),
        st.sampled_from(["", "a", "b", "c"]),
        st.integers(0, 20),
    ),
    max_size=60,
)


async def follow(gate: Gate, limit: int, steps: list[tuple[str, str, int]]) -> None:
    """Take the same steps with a gate and with the model, and compare who is inside after each."""
    model, inside, scopes = Model(limit), dict[int, str](), dict[int, tuple[str, anyio.CancelScope]]()

    async def visit(number: int, whom: str, scope: anyio.CancelScope) -> None:
        with scope:
            await gate.enter(whom)
            inside[number] = whom
        scopes.pop(number, None)

    def leave(choice: int) -> list[int]:
        whom = inside.pop([*inside][choice % len(inside)])
        gate.leave(whom)
        return model.go(whom)

    async with anyio.create_task_group() as tasks:
        for number, (step, whom, choice) in enumerate(steps):
            waiting = [*scopes]
            if step == "come":
                model.come(whom, number)
                scope = anyio.CancelScope()
                scopes[number] = whom, scope
                tasks.start_soon(visit, number, whom, scope)
            elif step == "cancel" and waiting:
                chosen = waiting[choice % len(waiting)]
                model.give_up(scopes[chosen][0], chosen)
                scopes[chosen][1].cancel()
            elif step == "go" and inside:
                leave(choice)
            elif step == "go and cancel" and inside and (passed := leave(choice)):
                scopes[passed[-1]][1].cancel()  # Too late: it has its place, and keeps it.
            elif step == "cancel and go" and inside and waiting:
                chosen = waiting[0]
                who, scope = scopes[chosen]
                scope.cancel()  # It does not know it yet, nor does the gate: the place may be handed to it.
                if chosen in leave(choice):
                    model.go(who)
                else:
                    model.give_up(who, chosen)
            await anyio.wait_all_tasks_blocked()
            assert sorted(inside.values()) == sorted(model.held)
            assert {*scopes} == {number for _, number in model.waiting}
            assert gate._free + len(inside) == limit
        for _, scope in scopes.values():
            scope.cancel()
    for whom in inside.values():
        gate.leave(whom)
    assert is_empty(gate, limit)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@given(limit=st.integers(1, 6), steps=STEPS)
@example(limit=1, steps=[("come", "a", 0), ("come", "a", 0), ("come", "b", 0), ("cancel and go", "", 0), ("go", "", 0)])
@example(limit=2, steps=[("come", "a", 0), ("come", "a", 0), ("come", "a", 0), ("come", "b", 0), ("go", "", 0)])
@example(limit=6, steps=[*[("come", whom, 0) for whom in ("a", "b", "c", "", "b", "a")], ("go", "", 0)])
@settings(max_examples=150, deadline=None)
def test_a_gate_does_as_its_model_does(backend: str, limit: int, steps: list[tuple[str, str, int]]) -> None:
    """Whatever comes, goes and is cancelled, in whatever moment: no place is lost, none is made, nothing is kept."""
    anyio.run(follow, Gate(limit), limit, steps, backend=backend)


async def test_a_place_handed_to_a_cancelled_task_goes_on() -> None:
    """asyncio can cancel a task after it was woken and before it runs: the place is the next one's then."""
    gate = Gate(1)
    await gate.enter("ann")
    first = asyncio.create_task(gate.enter("ann"))
    second = asyncio.create_task(gate.enter("ben"))
    await anyio.wait_all_tasks_blocked()
    gate.leave("ann")
    first.cancel()
    await second
    assert (gate._held, gate._free, first.cancelled()) == ({"ben": 1}, 0, True)
