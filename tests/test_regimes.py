"""The client against the simulated Clio, under every answer to what is not known about the real one."""

from __future__ import annotations

import warnings

import pytest

from clio_async import (
    APIError,
    ApiVersionGone,
    ApiVersionMismatch,
    Clio,
    MemoryTransport,
    NotFound,
    Policy,
    PreconditionFailed,
    capture_responses,
)
from clio_async.testing import Regime, Simulator

BASE = "http://localhost/api/v4"
REGIMES = dict(Regime.every())


def made(regime: Regime, **options: object) -> tuple[Simulator, Clio]:
    simulator = Simulator(matters=40, contacts=20, tasks=30, users=3, regime=regime)
    transport = MemoryTransport(simulator.handler)
    return simulator, Clio(simulator.token(), base_url=BASE, transport=transport, **options)  # type: ignore[arg-type]


@pytest.fixture(params=REGIMES, ids=str)
def regime(request: pytest.FixtureRequest) -> Regime:
    return REGIMES[request.param]


@pytest.fixture(autouse=True)
def _other_version_is_expected() -> None:
    """One regime answers another version than it was asked for; what that means is tested elsewhere."""
    warnings.simplefilter("ignore", ApiVersionMismatch)


async def test_a_change_by_somebody_else_is_seen_by_the_next_read(regime: Regime) -> None:
    """Nothing is hidden behind a tag: neither an own attribute nor the name of a client."""
    simulator, clio = made(regime)
    for fields in (None, "id,description", "id,client{id,name}"):
        before = await clio.matters.get(7, fields=fields)
        simulator.change("matters", 7, description=f"seen with {fields}")
        simulator.change("contacts", before.client.id if "client" in before else 1, name=f"name with {fields}")
        after = await clio.matters.get(7, fields=fields)
        if "description" in after:
            assert f"seen with {fields}" == after.description
        if "client" in after and "name" in after.client:
            assert f"name with {fields}" == after.client.name


async def test_what_did_not_change_is_validated_where_the_tag_covers_it(regime: Regime) -> None:
    """The second read of an unchanged record transfers nothing, unless storing is forbidden or versions differ."""
    simulator, clio = made(regime)
    first = await clio.matters.get(7)
    with capture_responses() as seen:
        assert first == await clio.matters.get(7)
    keeps = not regime.no_store and regime.answered_version is None
    assert ["revalidated" if keeps else "network"] == [exchange.source for exchange in seen]
    assert [200, 304 if keeps else 200] == [entry.status for entry in simulator.entries()][-2:]  # a 400 may come first


async def test_a_declared_tag_scope_covers_nested_names_where_it_is_true() -> None:
    """policy.tag_scope: validated reads of nested selections, and still no change missed."""
    simulator, clio = made(Regime(tag_scope="representation"), policy=Policy(tag_scope={"matters": "representation"}))
    fields = "id,client{id,name}"
    before = await clio.matters.get(7, fields=fields)
    with capture_responses() as seen:
        await clio.matters.get(7, fields=fields)
        simulator.change("contacts", before.client.id, name="Renamed")
        assert "Renamed" == (await clio.matters.get(7, fields=fields)).client.name
    assert ["revalidated", "network"] == [exchange.source for exchange in seen]


async def test_a_guarded_update_lands_once_or_is_refused(regime: Regime) -> None:
    """If-Match carries the etag of the body: what is stale is refused, and nothing was written."""
    simulator, clio = made(regime)
    stale = await clio.matters.get(7)
    simulator.change("matters", 7, description="by somebody else")
    if regime.if_match == "ignored":  # F23: no client can see that from one answer
        await clio.matters.update(stale, description="mine")
        return
    with pytest.raises(PreconditionFailed):
        await clio.matters.update(stale, description="mine")
    assert "by somebody else" == simulator.record("matters", 7, fields="description")["description"]
    await clio.matters.update(await clio.matters.get(7), description="mine")
    assert "mine" == (await clio.matters.get(7)).description


async def test_a_list_holds_every_record_once(regime: Regime) -> None:
    """However its pages are linked and counted; where links name Clio's own origin, requests stay at ours (F55)."""
    _, clio = made(regime)
    seen = [matter.id async for matter in clio.matters.list(limit=9)]
    assert [*range(1, 41)] == seen


async def test_practice_areas_are_read_and_written_wherever_they_are(regime: Regime) -> None:
    """F59: under the documented path, also in accounts where that path leads to another one."""
    simulator, clio = made(regime)
    areas = [area.id async for area in clio.practice_areas.list(limit=3)]
    assert sorted(areas) == [*range(1, len(areas) + 1)]
    area = await clio.practice_areas.create(name="Estates")
    changed = await clio.practice_areas.update(await clio.practice_areas.get(area.id), name="Wills")
    assert ("Wills", "Wills") == (changed.name, (await clio.practice_areas.get(area.id)).name)
    assert "Wills" == simulator.record("practice_areas", area.id)["name"]
    await clio.practice_areas.delete(area.id)
    with pytest.raises(NotFound):
        await clio.practice_areas.get(area.id)


async def test_a_record_that_is_gone_is_not_found_and_a_gone_version_is_told(regime: Regime) -> None:
    """404 for the record, ApiVersionGone for the version, whatever the bodies look like."""
    simulator, clio = made(regime)
    await clio.tasks.get(3)
    simulator.delete("tasks", 3)
    with pytest.raises(NotFound):
        await clio.tasks.get(3)
    if regime.answered_version is None:
        with pytest.raises(ApiVersionGone):
            await clio.options(api_version="4.0.4").matters.get(7)


async def test_a_hidden_record_is_not_read_from_what_was_kept(regime: Regime) -> None:
    """F35: the permission is asked for with every read."""
    simulator, clio = made(regime)
    await clio.matters.get(7)
    simulator.hide("matters", 7, user=1)
    with pytest.raises(APIError) as caught:
        await clio.matters.get(7)
    assert regime.hidden_status == caught.value.status
