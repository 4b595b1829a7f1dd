"""Every operation that writes, under every fault and precondition: what the caller is told, and what was sent for it.

What is expected is computed by `expected`, which knows of the operation no more than its method, and of the client
nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product
from typing import Any, Literal, NamedTuple, TypeAlias

import anyio
import pytest
from attrs import define, field, frozen

from clio_async import Clio, MemoryTransport, OutcomeUnknown, Request, Response, Unauthorized
from clio_async.models import registry
from clio_async.testing import Fault, Faults
from clio_async.testing.simulator.clock import EPOCH, Clock
from clio_async.testing.simulator.writes import touch
from tests.virtual import VirtualLoop
from tests.writes.world import BASE, Watched, told

from .calls import ID, MOMENT, Arguments, Verb, carried_out, verbs
from .test_simulator import SENSIBLE, changeable


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Pauses and timeouts cost nothing."""
    return "asyncio", {"loop_factory": VirtualLoop}


# -- what is expected ---------------------------------------------------------------------------------------------

Precondition: TypeAlias = Literal["none", "right", "stale"]
Kind: TypeAlias = Literal["read", "create", "update", "delete", "machine"]
"""What a request does, as far as it matters to who sends it again. A machine is a bill: to delete it twice is to void
it, too."""
Heard: TypeAlias = Literal["unsent", "nothing", "gateway", "broken", "wait", "refused", "error", "late"]
"""What comes back: no connection; none or part of a status; 502, 503 or 504; a status and then no more; 429; 401; 500;
or an answer for which nobody waits any longer."""


@frozen
class Case:
    """One fault, and what it means."""

    name: str
    fault: Fault
    heard: Heard
    lands: bool
    """Whether the request gets through to the firm."""


CASES = (
    Case("refused", Fault.refused(), "unsent", False),
    Case("lost before", Fault.lost_before(), "nothing", False),
    Case("lost at the start", Fault.lost_after(), "nothing", True),
    Case("lost in the status", Fault.lost_after(10), "nothing", True),
    Case("lost in the head", Fault.lost_after(30), "broken", True),
    Case("lost in the body", Fault.truncated(9), "broken", True),
    Case("502", Fault.status(502, applied=False), "gateway", False),
    Case("502 applied", Fault.status(502, applied=True, html=True), "gateway", True),
    Case("503", Fault.status(503, applied=False, retry_after="3"), "gateway", False),
    Case("504", Fault.status(504, applied=False), "gateway", False),
    Case("504 applied", Fault.status(504, applied=True), "gateway", True),
    Case("429", Fault.status(429, retry_after="2"), "wait", False),
    Case("401", Fault.status(401), "refused", False),
    Case("500", Fault.status(500, applied=False), "error", False),
    Case("500 applied", Fault.status(500, applied=True), "error", True),
    Case("too late", Fault.delayed(before=90.0), "late", False),
    Case("answered too late", Fault.delayed(after=90.0), "late", True),
)


class Told(NamedTuple):
    """What a caller is told, and what that took."""

    verdict: str
    writes: int
    reads: int
    landed: int


@frozen
class Write:
    """What has to be known of a write to tell what comes of it."""

    kind: Kind
    precondition: Precondition
    readable: bool
    """Whether its record can be read afterwards: by itself, or from a list by its id."""
    shown: bool
    """Whether that shows what was written."""
    moves: bool
    """Whether the tag moves with what is written: it does not with what is derived, or shown nowhere."""
    answer: str
    """What a success carries: a record, or nothing."""


def expected(write: Write, case: Case) -> Told:
    """Return what has to come of one call whose first request meets a fault, and of which all others are answered."""
    stale = write.precondition == "stale"
    first = int(case.lands and not stale)
    heard = case.heard
    if heard == "broken" and write.answer == "empty" and case.fault.drop == "body":
        return Told("done", 1, 0, 1)  # there is no body to be broken
    if heard == "broken" and stale:
        return Told("failed", 1, 0, 0)  # a broken 412 is a refusal all the same
    if heard == "refused":
        return Told("unauthorized", 1, 0, 0)
    if heard == "late":
        return Told("unknown", 1, 0, first)  # there is no time left to find out
    if heard in {"unsent", "wait"}:
        return Told("conflict", 2, int(write.readable), 0) if stale else Told("done", 2, 0, 1)
    if heard == "broken":
        return _accepted(write)
    guarded = write.kind == "update" and write.precondition != "none"
    if heard in {"nothing", "gateway"} and (guarded or write.kind == "delete"):
        return _repeated(write, first)
    if write.kind in {"create", "delete"}:
        return Told("unknown", 1, 0, first)
    found = bool(first and write.readable and write.shown and write.kind == "update")
    return Told("done" if found else "unknown", 1, int(write.readable), first)


def _accepted(write: Write) -> Told:
    """What has to come of a write of which a status of 2xx is all that was heard: done if the record shows it."""
    if write.answer == "empty" and write.kind in {"delete", "machine"}:
        return Told("done", 1, 0, 1)  # by 204
    read = write.kind == "update" and write.readable
    return Told("done" if read and write.shown else "accepted", 1, int(read), 1)


def _repeated(write: Write, first: int) -> Told:
    """What has to come of a write that may be sent a second time."""
    stale = write.precondition == "stale"
    if write.kind == "delete":  # what is no longer there was deleted by the first, and cannot be shown any more
        return Told("accepted" if first and write.answer == "record" else "done", 2, 0, 1)
    if not (first or stale):
        return Told("done", 2, 0, 1)
    if first and not write.moves:
        return Told("done", 2, 0, 2)  # the tag is as it was: the same value is written twice, which is no harm
    # The second is answered 412, which is no conflict: it may be due to the first.
    found = bool(first and write.readable and write.shown)
    return Told("done" if found else "unknown", 2, int(write.readable), first)


# -- what comes of it ---------------------------------------------------------------------------------------------


@define
class Firm:
    """A firm in virtual time, a client of it, and the methods of what the client has sent."""

    sent: Counter[str] = field(factory=Counter[str])
    simulator: Watched = field(init=False)
    clio: Clio = field(init=False)

    def __attrs_post_init__(self) -> None:
        clock = Clock(lambda: EPOCH + anyio.current_time())
        self.simulator = Watched(matters=20, contacts=20, tasks=20, users=10, clock=clock)
        self.clio = Clio(
            self.simulator.token(),
            base_url=BASE,
            transport=MemoryTransport(self._answer, clock=anyio.current_time),
            clock=anyio.current_time,
            wall_clock=clock.now,
            random=lambda: 0.5,
        )

    async def _answer(self, request: Request) -> Response:
        self.sent["reads" if request.method == "GET" else "writes"] += 1
        return await self.simulator.handler(request)

    def meets(self, case: Case, *, writes: bool) -> None:
        """Let the first write, or the first read, meet a fault. What was sent before does not count."""
        self.sent.clear()
        self.simulator.landed.clear()
        once = Faults.when(lambda request: writes == (request.method != "GET"), case.fault)

        def plan(index: int, request: Request) -> Fault | None:
            fault = once(index, request)
            self.sent["met"] += fault is not None
            return fault

        self.simulator.faults = plan


class Shown(dict[str, Any]):
    """A record as JSON values, which can be passed to `update`."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


VERBS = {str(verb): verb for verb in verbs()}


def operation_of(verb: Verb) -> Any:
    return registry.resource(verb.resource).operations[verb.name.removesuffix("_url")]


def kind_of(verb: Verb) -> Kind:
    """Return what a verb does, by the method alone, and by the name for the one that the document calls a machine."""
    if str(verb) in {"bills.delete", "timer.delete"}:
        return "machine"
    kinds: dict[str, Kind] = {"GET": "read", "POST": "create", "PATCH": "update", "PUT": "create", "DELETE": "delete"}
    return kinds[operation_of(verb).method]


WRITES = [name for name, verb in VERBS.items() if kind_of(verb) != "read"]
READS = [name for name, verb in VERBS.items() if kind_of(verb) == "read"]


OTHERWISE: Mapping[str, tuple[str, Any]] = {"medical_records": ("start_date", MOMENT)}
"""What can be changed of records that have neither texts nor numbers."""


async def arguments(verb: Verb, firm: Firm, precondition: Precondition) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what a verb is called with, here and now."""
    least = verb.least()
    if verb.name != "update" or verb.resource == "my_events":
        return await _place(verb, firm) or least.positional, least.keywords | SENSIBLE.get(str(verb), {})
    held = firm.simulator.firm().table(verb.resource).get(ID)
    assert held is not None
    record = Shown(firm.simulator.record(verb.resource, ID), id=ID, etag=held.tag)
    name, value = OTHERWISE.get(verb.resource) or changeable(verb, record)
    if precondition == "stale":
        touch(held, firm.simulator.clock.now())
    return (ID if precondition == "none" else record,), {name: value}


async def _place(verb: Verb, firm: Firm) -> tuple[Any, ...]:
    """Return what an operation can be done to, where not any record will do."""
    if verb.resource == "timer" and verb.name != "create":
        await carried_out(firm.clio, VERBS["timer.create"], VERBS["timer.create"].least())
    if verb.name == "save_as_latest_version":
        return ID, (await firm.clio.document_versions.list(ID).collect())[0]
    if str(verb) == "bills.delete":
        return ((await firm.clio.bills.list(state="draft").collect())[0],)
    if str(verb) == "contacts.delete":
        return (firm.simulator.add("contacts", type="Person", first_name="Ada", last_name="King"),)
    return ()


async def called(firm: Firm, verb: Verb, case: Case, precondition: Precondition) -> tuple[Write, Told]:
    """Make one call under a fault; return what it was, and what came of it."""
    positional, keywords = await arguments(verb, firm, precondition)
    firm.meets(case, writes=True)
    verdict = await outcome(firm, verb, positional, keywords)
    found = Told(verdict, firm.sent["writes"], firm.sent["reads"], len(firm.simulator.landed))
    return described(verb, precondition, keywords), found


async def outcome(firm: Firm, verb: Verb, positional: tuple[Any, ...], keywords: dict[str, Any]) -> str:
    """Make one call; return what its caller is told, in a word."""
    try:
        verdict, error = await told(carried_out(firm.clio, verb, Arguments(positional, keywords)))
    except Unauthorized:
        return "unauthorized"
    return "accepted" if isinstance(error, OutcomeUnknown) and error.accepted else verdict


def described(verb: Verb, precondition: Precondition, keywords: dict[str, Any]) -> Write:
    """Return what the document says of a call."""
    operation = operation_of(verb)
    operations = registry.resource(verb.resource).operations
    listed = operations.get("list")
    alone = "get" in operations and "{id}" in operations["get"].path  # a timer has no id
    readable = alone or (listed is not None and "ids" in listed.filters)
    fields = registry.schema(operation.schema).fields if operation.schema else {}
    shown = keywords.keys() <= fields.keys()
    moves = shown and not any(fields[name].derived for name in keywords)
    return Write(kind_of(verb), precondition, readable, shown, moves, operation.answer)


def preconditions(verb: Verb) -> tuple[Precondition, ...]:
    """Return those that a verb may have: records of events have no tag."""
    tagged = verb.name == "update" and "etag" in registry.schema(str(operation_of(verb).schema)).fields
    return ("none", "right", "stale") if tagged else ("none",)


@pytest.mark.parametrize("name", WRITES)
async def test_every_write_under_every_fault(name: str) -> None:
    """The caller is told what is true, by as few requests as that takes (F4, F14, F17 to F19)."""
    wrong: list[str] = []
    for case, precondition in product(CASES, preconditions(VERBS[name])):
        firm = Firm()
        write, found = await called(firm, VERBS[name], case, precondition)
        assert 1 == firm.sent["met"], (case.name, precondition)
        if (right := expected(write, case)) != found:
            wrong.append(f"{case.name}, {precondition}: {found} is not {right}")
    assert [] == wrong


def test_the_table_is_as_large_as_it_claims() -> None:
    """Every operation of the document that writes, with every fault and precondition."""
    sizes = Counter(kind_of(VERBS[name]) for name in WRITES)
    assert {"update": 47, "create": 49, "delete": 42, "machine": 2} == sizes
    assert 3_944 == len(CASES) * sum(len(preconditions(VERBS[name])) for name in WRITES)


# -- reads --------------------------------------------------------------------------------------------------------

READ: Mapping[Heard, tuple[str, int]] = {
    "unsent": ("done", 1),
    "nothing": ("done", 1),
    "gateway": ("done", 1),
    "broken": ("done", 1),
    "wait": ("done", 1),
    "refused": ("unauthorized", 0),
    "error": ("failed", 0),
    "late": ("failed", 0),
}
"""What is told of a read, and how many requests it takes more than without a fault."""


@pytest.mark.parametrize("name", READS[::3])
async def test_reads_under_every_fault(name: str) -> None:
    """Whatever may go better a second time is asked for once more, and nothing else is (F1, F3)."""
    verb = VERBS[name]
    firm = Firm()
    positional, keywords = await arguments(verb, firm, "none")
    firm.sent.clear()
    assert "done" == await outcome(firm, verb, positional, keywords)
    least = firm.sent["reads"]
    for case in CASES:
        firm = Firm()
        positional, keywords = await arguments(verb, firm, "none")
        firm.meets(case, writes=False)
        verdict, more = READ[case.heard]
        if case.fault.drop == "body" and operation_of(verb).answer == "redirect":
            more = 0  # there is no body to be broken
        count = least + more if verdict == "done" else 1
        assert (verdict, count) == (await outcome(firm, verb, positional, keywords), firm.sent["reads"]), case.name
        assert 1 == firm.sent["met"]
