"""What users do, call by call, and what each call is told."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio
from attrs import define

from clio_async import Clio, ClioError, OutcomeUnknown
from clio_async.testing.simulator.clock import EPOCH
from tests.simulation.history import Act, Key, own_of
from tests.simulation.server import TEXT

if TYPE_CHECKING:
    from tests.simulation.world import Process, World

__all__ = ["last", "worker"]

FIELDS = {resource: f"id,etag,{text}" for resource, text in TEXT.items()}


@define
class Caller:
    """A user at work: which client, which call, with chance of its own."""

    world: World
    clio: Clio
    act: Act
    dice: random.Random

    @property
    def key(self) -> Key:
        assert self.act.key is not None
        return self.act.key

    @property
    def records(self) -> Any:
        return getattr(self.clio, self.key[1])

    def saw(self, record: Any, resource: str | None = None) -> None:
        """Note what a record shows, and keep it as a copy."""
        resource = resource or self.key[1]
        key = (self.act.home, resource, record.id)
        self.act.seen.append((key, getattr(record, TEXT[resource])))
        self.world.held[self.act.who, key] = record

    def value(self, base: str) -> str:
        """Return a text that says who has written it, and over what."""
        self.act.sent = f"w{self.act.number}"
        self.act.guarded = base != "*"
        return f"{self.act.home}|{self.act.sent}|{base}"


Do: TypeAlias = Callable[[Caller], Awaitable[None]]


async def get(call: Caller) -> None:
    call.saw(await call.records.get(call.key[2], fields=call.dice.choice([None, FIELDS[call.key[1]]])))


async def request(call: Caller) -> None:
    answer = await call.clio.request("GET", f"/{call.key[1]}/{call.key[2]}", params={"fields": FIELDS[call.key[1]]})
    call.act.told = str(answer.status)


async def walk(call: Caller) -> None:
    async for record in _list(call, call.key[1], limit=call.dice.choice([1, 2, 200])):
        call.saw(record)
    call.act.whole = True


def _list(call: Caller, resource: str, **more: Any) -> Any:
    return getattr(call.clio, resource).list(fields=FIELDS[resource], **_needed(resource), **more)


def _needed(resource: str) -> dict[str, Any]:
    """Return the filters without which there is no list."""
    return {"type": "Matter"} if resource == "notes" else {}


async def get_many(call: Caller) -> None:
    found = await call.records.get_many([1, 2, 3], fields=FIELDS[call.key[1]], extra_query=_needed(call.key[1]))
    for record in found:
        call.saw(record)
    call.act.seen += [((call.act.home, call.key[1], int(number)), None) for number in found.missing]


async def refresh(call: Caller) -> None:
    """Bring one's copies up to date. What is unchanged is seen, too."""
    own = [(key, copy) for (who, key), copy in call.world.held.items() if who == call.act.who]
    copies = [copy for key, copy in own if key[1] == call.key[1]]
    found = await call.records.refresh(copies, fields=FIELDS[call.key[1]], extra_query=_needed(call.key[1]))
    for record in (*found.changed, *found.unchanged):
        call.saw(record)
    for number in (*found.missing, *found.gone):
        key = (call.act.home, call.key[1], int(number))
        call.act.seen.append((key, None))
        call.world.held.pop((call.act.who, key), None)


async def changes(call: Caller) -> None:
    """Walk what has changed since the last time."""
    name = f"{call.clio.principal.fingerprint} {call.key[1]}"  # a mark is the principal's
    since = call.world.marks.get(name) or datetime.fromtimestamp(EPOCH - 1_000, UTC)
    found = call.records.iter_changes(since, fields=FIELDS[call.key[1]], **_needed(call.key[1]))
    try:
        async for record in found:
            call.saw(record)
    finally:
        call.world.marks[name] = found.mark


async def by_id(call: Caller) -> None:
    call.saw(await call.records.update(call.key[2], **{TEXT[call.key[1]]: call.value("*")}))


async def by_copy(call: Caller) -> None:
    """Write over what one has read, on the condition that it is still so."""
    copy = call.world.held.get((call.act.who, call.key))
    if copy is None:
        call.act.timeout = None  # these are two calls
        copy = await call.records.get(call.key[2])
        call.saw(copy)
    text = TEXT[call.key[1]]
    call.saw(await call.records.update(copy, **{text: call.value(own_of(getattr(copy, text)))}))


async def by_edit(call: Caller) -> None:
    text = TEXT[call.key[1]]
    await call.records.edit(call.key[2], lambda seen: {text: call.value(own_of(getattr(seen, text)))})


async def by_block(call: Caller) -> None:
    text = TEXT[call.key[1]]
    async with call.records.edit(call.key[2]) as edit:
        await anyio.sleep(call.dice.uniform(0.0, 1.0))
        edit.set(**{text: call.value(own_of(getattr(edit.record, text)))})


async def create(call: Caller) -> None:
    call.act.key = None
    made = await call.clio.notes.create(type="Matter", matter={"id": 1}, subject=call.value("*"))
    call.act.key = (call.act.home, "notes", made.id)
    call.saw(made)


async def delete(call: Caller) -> None:
    """Delete one of the notes that were created meanwhile, if there is one."""
    ids = [key[2] for who, key in call.world.held if who == call.act.who and key[1] == "notes" and key[2] > 3]
    call.act.key = (call.act.home, "notes", call.dice.choice(ids) if ids else 3)
    await call.clio.notes.delete(call.act.key[2])


async def upload(call: Caller) -> None:
    content = f"{call.act.home} {call.act.number} ".encode() * 9
    document = await call.clio.documents.upload(content, name="brief.txt", parent={"id": 1, "type": "Matter"})
    call.world.documents.append((call.act.home, document.id, content))


async def download(call: Caller) -> None:
    known = [(number, content) for home, number, content in call.world.documents if home == call.act.home]
    if not known:
        return
    number, content = call.dice.choice(known)
    async with call.clio.documents.download(number) as file:
        found = b"".join([piece async for piece in file])
    call.act.told = "whole" if found == content else f"another file: {found[:40]!r}"


async def reconcile(call: Caller) -> None:
    """Ask what became of a write of unknown outcome, as the principal that made it, from any process."""
    if not call.world.unknown:
        return
    of, error = call.world.unknown.pop(0)
    call.act.of, call.act.key = of.number, of.key
    whose = error.request.principal.fingerprint
    clients = [client for process in call.world.processes for client in process.clients.values()]
    client = next((each for each in clients if each.principal.fingerprint == whose), None)
    if client is not None:
        call.act.told = (await client.reconcile(error)).state


READS: dict[str, Do] = {"get": get, "request": request, "walk": walk, "get_many": get_many, "refresh": refresh}
READS |= {"changes": changes, "download": download, "reconcile": reconcile}
WRITES: dict[str, Do] = {"by_id": by_id, "by_copy": by_copy, "by_edit": by_edit, "by_block": by_block}
WRITES |= {"create": create, "delete": delete, "upload": upload}
DO = READS | WRITES
_DRAW = (*["get"] * 8, *["by_edit", "by_copy", "by_id", "create"] * 2, *DO)


async def worker(world: World, number: int) -> None:
    """Make calls of all kinds, one after the other."""
    dice = random.Random(f"worker {number} {world.plan.seed}")
    for _ in range(world.plan.acts):
        await anyio.sleep(dice.expovariate(1 / world.plan.pause))
        kind, who = dice.choice(_DRAW), dice.choice(("us1/1", "us1/1", "us1/2", "us2/1", "eu1/1"))
        process = dice.choice(world.processes)
        resource = dice.choice(("matters", "matters", "notes", "tasks"))
        key = (who[:3], resource, dice.choice((1, 1, 2, 3)))
        timeout = dice.choice((5.0, 20.0, 60.0))
        wait = dice.uniform(0.0, 0.8) if dice.random() < 0.1 else None
        lane = dice.choice(("interactive", "interactive", "batch"))
        clio = process.clients[who].options(timeout=timeout, lane=lane)
        act = Act(len(world.history.acts), kind, who, who[:3], process.name, key, timeout=timeout)
        await done(Caller(world, clio, act, dice), DO[kind], wait)


async def done(call: Caller, do: Do, wait: float | None = None) -> None:
    """Make one call, and write down what it is told. It is cancelled after a while, if `wait` says so."""
    act, world = call.act, call.world
    world.history.acts.append(act)
    act.began, act.began_at = world.history.step(), anyio.current_time()
    act.cancel_at = None if wait is None else act.began_at + wait
    try:
        with anyio.CancelScope(deadline=float("inf") if act.cancel_at is None else act.cancel_at) as scope:
            await do(call)
        act.outcome = "cancelled" if scope.cancelled_caught else "done"
    except ClioError as error:
        act.outcome, act.status = type(error).__name__, getattr(error, "status", None)
        if isinstance(error, OutcomeUnknown):
            act.outcome, act.accepted = "OutcomeUnknown", error.accepted
            world.unknown.append((act, error))
        if act.outcome == "NotFound" and act.kind == "get":
            act.seen.append((call.key, None))
    except Exception as error:
        act.outcome, act.typed = repr(error), False
    act.ended, act.ended_at = world.history.step(), anyio.current_time()


async def last(world: World, process: Process) -> None:
    """Read everything, and ask what became of all writes whose outcome is unknown, when nothing else happens."""
    dice = random.Random(f"last {world.plan.seed}")
    for who, client in process.clients.items():
        clio = client.options(timeout=600.0, lane="batch")
        for resource in TEXT:
            for kind in ("walk", "changes", "refresh", "get"):
                act = Act(len(world.history.acts), kind, who, who[:3], process.name, (who[:3], resource, 1))
                await done(Caller(world, clio, act, dice), DO[kind])
    while world.unknown:
        act = Act(len(world.history.acts), "reconcile", "", "", process.name)
        await done(Caller(world, process.root, act, dice), reconcile)
