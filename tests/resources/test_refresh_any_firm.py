"""The law of sweeps: whatever has happened to a firm, each record is told as a full read shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import anyio
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clio_async import Clio, Forbidden, MemoryTransport, NotFound, Record, Refreshed
from clio_async.models.record import RecordETag
from clio_async.protocol.batches import Bounds
from clio_async.protocol.shapes import is_dict, is_list
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.answers import Refusal

BASE = "http://localhost/api/v4"
MATTERS = 24
CONTACTS = 6


@frozen
class Person:
    id: int
    etag: RecordETag | None = None
    name: str | None = None


@frozen
class Card:
    """What its tags tell all of."""

    id: int
    etag: RecordETag
    description: str | None
    client: Person | None


@frozen
class Bare:
    """What no tag tells of."""

    id: int
    status: str | None


SELECTIONS: list[Any] = [
    None,
    "id,etag",
    "etag,description,status",
    "client{id,name}",
    "client{id,etag,name},status",
    "client{name}",
    "client",
    "client{id,etag,name},responsible_attorney{id,etag,name},practice_area{id}",
    "has_tasks,description",
    "relationships{id,description},client{id,etag}",
    "custom_rate,location",
    "client{id,etag,primary_address}",
    Card,
    Bare,
]

Change = Callable[[Simulator], object]
matter = st.integers(1, MATTERS)
contact = st.integers(1, CONTACTS)
text = st.sampled_from(["one", "two", "three"])


def _describe(id: int, value: str) -> Change:
    return lambda simulator: simulator.change("matters", id, description=value)


def _rename(id: int, value: str) -> Change:
    return lambda simulator: simulator.change("contacts", id, name=value)


def _move(id: int, client: int) -> Change:
    return lambda simulator: simulator.change("matters", id, client={"id": client})


def _work(id: int, value: str) -> Change:
    return lambda simulator: simulator.add("tasks", name=value, matter={"id": id})


def _relate(id: int, other: int) -> Change:
    return lambda simulator: simulator.add("relationships", matter={"id": id}, contact={"id": other}, description="x")


def _delete(id: int) -> Change:
    return lambda simulator: simulator.delete("matters", id)


def _hide(name: str, id: int, hidden: bool) -> Change:
    return lambda simulator: simulator.hide(name, id, user=1, hidden=hidden)


CHANGES = st.one_of(
    st.builds(_describe, matter, text),
    st.builds(_rename, contact, text),
    st.builds(_move, matter, contact),
    st.builds(_work, matter, text),
    st.builds(_relate, matter, contact),
    st.builds(_delete, matter),
    st.builds(_hide, st.just("matters"), matter, st.booleans()),
    st.builds(_hide, st.just("contacts"), contact, st.booleans()),
)
REGIMES = [
    Regime(),
    Regime(tag_form="weak"),
    Regime(tag_form="user"),
    Regime(tag_scope="representation"),
    Regime(children_move_tag=True),
    Regime(hidden_status=403),
    Regime(ids_overflow="ignore"),
    Regime(records="absent"),
]


def do(simulator: Simulator, changes: Iterable[Change]) -> None:
    """Change a firm, as far as Clio allows."""
    for change in changes:
        simulator.clock.advance(90)
        with suppress(LookupError, Refusal):
            change(simulator)


def told(held: Any, now: Any, *, whole: bool = True) -> bool:
    """Whether all that is held is what is there now; or else, of that which both show."""
    if isinstance(held, Record) and isinstance(now, Record):
        return _told(held.to_dict(), now.to_dict(), whole)
    return bool(held == now)


def _told(held: Any, now: Any, whole: bool) -> bool:
    if is_dict(held) and is_dict(now):
        one: dict[str, Any] = {"redacted": None, **held}
        other: dict[str, Any] = {"redacted": None, **now}
        return all(_told(one[key], other[key], whole) if key in other else not whole for key in one)
    if is_list(held) and is_list(now):
        return len(held) == len(now) and all(_told(*pair, whole) for pair in zip(held, now, strict=False))
    return bool(held == now)


async def full_read(clio: Clio, id: int, fields: Any) -> Any:
    """A record as it is; None where there is none to be seen."""
    try:
        return await clio.options(cache="bypass").matters.get(id, fields=fields)
    except (NotFound, Forbidden):
        return None


def client_of(simulator: Simulator, size: int) -> Clio:
    """A client that has learnt how many ids a request takes."""
    transport = MemoryTransport(simulator.handler)
    clio = Clio(simulator.token(), base_url=BASE, transport=transport, limiter=None)
    clio._core.learned.batches[BASE, "matters"] = Bounds(size, size + 1, size, size, size)
    return clio


async def problems(regime: Regime, fields: Any, before: list[Change], after: list[Change], confirm: bool) -> list[str]:
    """What a sweep gets wrong of a firm that is changed."""
    simulator = Simulator(matters=MATTERS, contacts=CONTACTS, users=3, regime=evolve(regime, max_ids=5))
    clio = client_of(simulator, 5)
    do(simulator, before)
    copies = await clio.matters.list(fields=fields).collect()
    do(simulator, after)
    asked = simulator.log.requests
    found: Refreshed[Any, Any] = await clio.matters.refresh(copies, confirm=confirm)
    spent = simulator.log.requests - asked
    return [*await wrong(clio, copies, found, fields), *_dear(copies, found, spent, confirm)]


async def wrong(clio: Clio, copies: list[Any], found: Refreshed[Any, Any], fields: Any) -> list[str]:
    """What a sweep says that a full read does not."""
    seen: list[str] = []
    groups: dict[int | str, tuple[str, Any]] = {one.id: ("changed", one) for one in found.changed}
    groups |= {one.id: ("unchanged", one) for one in found.unchanged}
    groups |= dict.fromkeys((*found.missing, *found.gone), ("missing", None))
    if [*groups] and sorted(groups, key=str) != sorted((copy.id for copy in copies), key=str):
        seen.append("not each record is in one group")
    for copy in copies:
        group, shown = groups[copy.id]
        now = await full_read(clio, copy.id, fields)
        if (now is None) != (group == "missing"):
            seen.append(f"{copy.id} is {group}, and a read gives {now}")
        elif now is not None and not told(shown, now, whole=group == "unchanged"):
            seen.append(f"{copy.id} is {group} as {shown}, and a read gives {now}")
        elif group == "unchanged" and shown is not copy:
            seen.append(f"{copy.id} is not the caller's own")
        elif group == "changed" and told(copy, now):
            seen.append(f"{copy.id} has not changed")
    return seen


def _dear(copies: list[Any], found: Refreshed[Any, Any], spent: int, confirm: bool) -> list[str]:
    """A sweep never takes much more than all pages in full, and what proves that records are missing."""
    lost = len(found.missing) + len(found.gone)
    most = -(-len(copies) // 5) + 2 + (lost + 6 if lost else 0) + (lost if confirm else 0)
    return [f"{spent} requests for {len(copies)} records, {lost} of them lost"] if spent > most else []


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(REGIMES),
    st.sampled_from(SELECTIONS),
    st.lists(CHANGES, max_size=4),
    st.lists(CHANGES, max_size=6),
    st.booleans(),
)
def test_each_record_is_told_as_a_full_read_shows_it(
    regime: Regime, fields: Any, before: list[Change], after: list[Change], confirm: bool
) -> None:
    """Law: own values, associations and what they show, derived values, permissions, deletions; under any selection."""
    assert [] == anyio.run(problems, regime, fields, before, after, confirm)


async def trusting(clio: Clio, copies: list[Any]) -> Refreshed[Any, Any]:
    """A sweep that takes the tag of a record for one of all that it shows."""
    tags = {one.id: one.etag for one in await clio.matters.get_many([copy.id for copy in copies], fields="id,etag")}
    same = [copy for copy in copies if tags[copy.id] == copy.etag]
    changed = [copy.id for copy in copies if tags[copy.id] != copy.etag]
    return Refreshed(changed=(*await clio.matters.get_many(changed, fields="client{id,name}"),), unchanged=(*same,))


def test_the_control_the_tag_of_a_record_is_not_that_of_what_it_shows() -> None:
    """A sweep by the tags of the records alone keeps the old name of a client."""

    async def run() -> None:
        simulator = Simulator(matters=MATTERS, contacts=CONTACTS)
        clio = client_of(simulator, 5)
        copies = await clio.matters.list(fields="client{id,name}").collect()
        assert copies[0].client is not None
        do(simulator, [_rename(copies[0].client.id, "Renamed")])
        assert [] != await wrong(clio, copies, await trusting(clio, copies), "client{id,name}")
        assert [] == await wrong(clio, copies, await clio.matters.refresh(copies), "client{id,name}")

    anyio.run(run)
