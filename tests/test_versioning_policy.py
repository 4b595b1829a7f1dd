"""Clio's versioning policy, bullet by bullet: what the package and its simulator do about each.

https://docs.developers.clio.com/api-docs/api-versioning-policy, in words of our own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from clio_async import KNOWN_VERSIONS, PINNED, ApiVersion, unchecked
from clio_async._codegen import overlay
from clio_async._codegen.corrections import AS_WRITTEN
from clio_async._codegen.document import read
from clio_async._codegen.drift import diff
from clio_async.client import Clio
from clio_async.errors import ApiVersionGone, ApiVersionMismatch, BadRequest, DecodeError, InvalidArgument, NotFound
from clio_async.models import registry
from clio_async.protocol.version_document import published
from clio_async.protocol.version_status import status_of
from clio_async.testing.simulator import Regime, Simulator
from clio_async.transport.memory import MemoryTransport
from tests.codegen.garden import DOCUMENT, OVERLAY, STRING
from tests.origin import BASE, Wire, client, ok

TODAY = date(2026, 11, 22)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The client knows no event loop but anyio's."""
    return str(request.param)


def simulated(simulator: Simulator, **options: Any) -> Clio:
    settings: dict[str, Any] = {"base_url": BASE, "transport": MemoryTransport(simulator.handler), **options}
    return Clio(simulator.token(), **settings)


# -- versioning your requests --------------------------------------------------------------------------------------


async def test_requests_may_be_versioned_or_not() -> None:
    """`api_version` says which; both are answered, and told apart in the cache."""
    simulator = Simulator()
    clio = simulated(simulator)
    unversioned = clio.options(api_version=None)
    assert (await clio.matters.get(1)).id == (await unversioned.matters.get(1)).id
    assert 0 == clio.stats.revalidated


async def test_the_header_makes_a_request_versioned() -> None:
    """It is on every request of a client that has a version, reads and writes, and on none of one that has none."""
    wire = Wire(lambda _: ok(b'{"data":{"id":1}}'))
    for clio in (client(wire), client(wire, api_version="4.0.9"), client(wire, api_version=None)):
        await clio.matters.get(1)
        await clio.matters.update(1, description="x")
    assert [PINNED, PINNED, "4.0.9", "4.0.9", None, None] == wire.sent("X-API-VERSION")


async def test_versioning_is_strongly_recommended() -> None:
    """A client asks for the version that its models were made from, unless told otherwise."""
    wire = Wire(lambda _: ok(b'{"data":{"id":1}}', X_API_VERSION=PINNED))
    await client(wire).matters.get(1)
    assert [PINNED] == wire.sent("X-API-VERSION")
    assert PINNED in {version.number for version in KNOWN_VERSIONS}


async def test_an_unversioned_request_is_answered_by_the_default_version() -> None:
    """The simulator does so; `status` finds the default in this way, and promises an unversioned program nothing."""
    simulator = Simulator(versions=("4.0.12", "4.0.13"), default_version="4.0.12")
    found = await simulated(simulator, api_version=None).versions.status()
    assert ("4.0.12", "current", None) == (found.default, found.state, found.guaranteed_until)


async def test_an_invalid_version_is_410() -> None:
    """It is an error of its own, and not that of a record; a text that can be no version is not even sent."""
    simulator = Simulator()
    with pytest.raises(ApiVersionGone, match="newer"):
        await simulated(simulator, api_version="4.0.99").matters.get(1)
    assert {"410": 2} == simulator.stats()["statuses"]
    with pytest.raises(InvalidArgument):
        simulated(simulator, api_version="latest")


async def test_a_version_that_was_removed_is_410() -> None:
    """It is told apart from a record that is gone; nothing more is sent under it; others work on."""
    simulator = Simulator()
    clio = simulated(simulator, api_version="4.0.12")
    assert 1 == (await clio.matters.get(1)).id
    simulator.retire("4.0.12")
    for _ in range(3):
        with pytest.raises(ApiVersionGone):
            await clio.matters.get(1)
    assert 3 == simulator.stats()["requests"]  # the first, the one that was refused, and one that made it certain
    assert "gone" == (await clio.versions.status()).state
    assert 1 == (await clio.options(api_version="4.0.13").matters.get(1)).id
    with pytest.raises(NotFound):
        await clio.options(api_version="4.0.13").matters.get(10**6)


# -- the default version -------------------------------------------------------------------------------------------


async def test_there_is_one_default_version_at_a_time() -> None:
    """A release takes its place; a document that names two says nothing."""
    simulator = Simulator()
    clio = simulated(simulator)
    assert "4.0.13" == (await clio.versions.status()).default
    simulator.release("4.0.14", default=False)
    assert "4.0.13" == (await clio.versions.status()).default
    simulator.release("4.0.15")
    assert "4.0.15" == (await clio.versions.status()).default
    with pytest.raises(DecodeError):
        published("- 4.0.14\nThis is the default version\n- 4.0.15\nThis is the default version")


async def test_a_change_of_the_default_is_announced_90_days_ahead_where_possible() -> None:
    """By e-mail and in the list of minor versions: what was announced can be told to `status`, which shows it."""
    announced = ApiVersion("4.0.14", default_from=TODAY + timedelta(days=90), changes=("Something else.",))
    found = status_of(pinned=PINNED, default=PINNED, today=TODAY, known=[*KNOWN_VERSIONS, announced])
    assert ("current", (announced,)) == (found.state, found.upcoming)
    text = "### 4.0.13\n**This is the default version**\n### 4.0.14\n"
    assert ("4.0.13", ("4.0.13", "4.0.14")) == ((listed := published(text)).default, listed.numbers)
    surprised = await simulated(Simulator(default_version="4.0.12")).versions.status()  # "where possible"
    assert "4.0.12" == surprised.default


# -- new versions --------------------------------------------------------------------------------------------------


def without_a_field(document: Any) -> None:
    del document["components"]["schemas"]["Plant_base"]["properties"]["name"]


def without_an_endpoint(document: Any) -> None:
    del document["paths"]["/plants/{id}/graft.json"]


def of_another_type(document: Any) -> None:
    document["components"]["schemas"]["Plant_base"]["properties"]["id"] = STRING


def now_required(document: Any) -> None:
    body = document["paths"]["/plants.json"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["properties"]["data"]["required"].append("age")


@pytest.mark.parametrize("change", [without_a_field, without_an_endpoint, of_another_type, now_required])
def test_an_incompatible_change_is_always_a_new_version(
    change: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison of two documents says of each kind that it can break a caller."""
    for name, table in OVERLAY.items():
        monkeypatch.setattr(overlay, name, table)
    old, new = (json.loads(json.dumps(DOCUMENT)) for _ in range(2))
    change(new)
    found = diff(read(old, AS_WRITTEN), read(new, AS_WRITTEN))
    assert [] != [told for told in found if told.breaks]
    assert [] == [told for told in diff(read(old, AS_WRITTEN), read(old, AS_WRITTEN)) if told.breaks]


async def test_an_incompatible_change_leaves_older_versions_as_they_were() -> None:
    """A program can be run under both: what a version has changed is there before, and not after."""
    simulator = Simulator(versions=("4.0.5", "4.0.13"))
    clio = simulated(simulator, api_version="4.0.5")
    fields = ["id", unchecked("document_versions")]
    old = await clio.documents.get(1, fields=fields)
    assert old.extra["document_versions"]
    new = clio.options(api_version="4.0.13")
    with pytest.raises(BadRequest, match="document_versions"):
        await new.documents.get(1, fields=fields)
    found = status_of(pinned="4.0.5", default="4.0.13", today=TODAY)
    assert ["4.0.6", "4.0.13"] == [found.between[0].number, found.between[-1].number]


async def test_a_compatible_change_comes_to_all_versions_at_once() -> None:
    """Endpoints, optional fields, values, actions: nothing of it needs a newer package, or can break this one."""
    body = {"data": {"id": 1, "status": "Paused", "mood": {"name": "good"}}}
    wire = Wire(lambda _: ok(json.dumps(body).encode(), X_API_VERSION=PINNED))
    clio = client(wire)
    matter = await clio.matters.get(
        1, fields=["id", "status", unchecked("mood{name}")], extra_query={"in_the_mood": "true"}
    )
    assert ("Paused", {"name": "good"}) == (matter.status, matter.extra["mood"])
    assert "mood{name}" in wire.seen[0].url
    assert "in_the_mood=true" in wire.seen[0].url
    await clio.matters.update(1, extra_json={"mood": "better"})
    assert {"data": {"mood": "better"}} == json.loads(wire.seen[1].body or b"")
    assert 200 == (await clio.request("POST", "/moods.json", json={"data": {}})).status
    assert "Paused" not in registry.schema("Matter").fields["status"].enum


def test_security_privacy_and_stability_may_be_back_filled() -> None:
    """`status` names the versions whose changes are in the older ones, too; the simulator has them in all."""
    found = status_of(pinned="4.0.7", default="4.0.13", today=TODAY)
    assert ["4.0.8", "4.0.9", "4.0.12", "4.0.13"] == [version.number for version in found.back_filled]
    before = status_of(pinned="4.0.7", default="4.0.12", today=date(2026, 1, 5))
    assert "4.0.13" not in {version.number for version in before.back_filled}


def test_such_changes_may_come_with_less_notice() -> None:
    """No date is a promise that excludes them, and every status says so."""
    for pinned in (PINNED, "4.0.9", None):
        found = status_of(pinned=pinned, default=PINNED, today=TODAY)
        assert any("sooner" in text and "security, privacy or stability" in text for text in found.reserved)
        assert list(found.reserved) == found.to_dict()["reserved"]


# -- support and deprecation ---------------------------------------------------------------------------------------


def test_a_version_is_supported_for_a_year_from_the_day_of_a_newer_default() -> None:
    """From that day, where it is known, and not from its release; until then for a year at least."""
    after = status_of(pinned="4.0.12", default="4.0.13", today=TODAY)
    assert (date(2027, 1, 6), "exact") == (after.guaranteed_until, after.exactness)
    before = status_of(pinned="4.0.13", default="4.0.13", today=TODAY)
    assert (date(2027, 11, 22), "not before") == (before.guaranteed_until, before.exactness)


def test_a_removal_is_announced_by_e_mail_90_days_ahead() -> None:
    """From then on the state is "ending": the earliest day on which that e-mail may have to be written is known."""
    eve, day = (date(2026, 10, 7), date(2026, 10, 8))
    states = [status_of(pinned="4.0.12", default="4.0.13", today=today).state for today in (eve, day)]
    assert ["newer_default", "ending"] == states
    assert day == status_of(pinned="4.0.12", default="4.0.13", today=eve).notice_by


async def test_every_answer_says_which_version_answers() -> None:
    """The simulator does so on every success; the client compares it, warns once, and keeps nothing of another."""
    simulator = Simulator()
    clio = simulated(simulator, api_version="4.0.12")
    assert {"4.0.12"} == {
        (await clio.request(*asked)).headers.get("X-API-VERSION")
        for asked in (("GET", "/matters/1"), ("GET", "/tasks"), ("GET", "/users/who_am_i"), ("DELETE", "/tasks/1"))
    }
    with pytest.raises(NotFound) as caught:
        await clio.matters.get(10**6)
    assert "4.0.12" == caught.value.api_version
    other = simulated(Simulator(regime=Regime(answered_version="4.0.12")))
    with pytest.warns(ApiVersionMismatch) as warned:
        await other.matters.get(1)
    await other.matters.get(1)
    assert (1, 2, 0) == (len(warned), other.stats.version_mismatches, other.stats.revalidated)
