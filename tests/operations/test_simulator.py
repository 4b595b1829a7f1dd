"""Every operation against the simulator, and back: what is written can be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from clio_async import Clio, MemoryTransport, NotFound, Ref, Request, Response, Secret
from clio_async.resources.base import Number
from clio_async.testing import Simulator

from .calls import ID, Arguments, Verb, carried_out, verbs
from .document import SPEC, document
from .requests import Checked, checked

pytestmark = pytest.mark.skipif(
    not SPEC.exists(), reason=f"{SPEC.name} is not beside the project; it is not part of it"
)

SENSIBLE: Mapping[str, dict[str, Any]] = {
    # What a firm asks for beyond what types can say.
    "contacts.create": {"type": "Person", "first_name": "Ada", "last_name": "King"},
    "notes.create": {"matter": Ref(ID)},
    "webhooks.create": {"url": "https://you.example/hook"},
    "webhooks.update": {"events": ["updated"]},
}
VERBS: dict[str, Verb] = {str(verb): verb for verb in verbs()}
CREATED = [name.partition(".")[0] for name in VERBS if name.endswith(".create")]


class Firm:
    """A simulated firm, a client of it, and what the document says of the requests."""

    def __init__(self) -> None:
        self.simulator = Simulator(matters=20, contacts=20, tasks=20, users=10)
        self.seen: list[Checked] = []
        self.clio = Clio(
            self.simulator.token(),
            base_url="http://localhost/api/v4",
            transport=MemoryTransport(self._answer),
            limiter=None,
            strict=True,
        )

    async def _answer(self, request: Request) -> Response:
        self.seen.append(checked(document(), request))
        return await self.simulator.handler(request)

    async def call(self, name: str, /, *positional: Any, **more: Any) -> Any:
        """Call a verb with the least that it takes, and what makes sense of it."""
        verb = VERBS[name]
        least = verb.least()
        given = Arguments(positional or least.positional, least.keywords | SENSIBLE.get(name, {}) | more)
        return await carried_out(self.clio, verb, given)

    def faults(self) -> list[Any]:
        return [fault for found in self.seen for fault in found.wrong if fault.kind != "required"]


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.mark.parametrize("name", VERBS)
async def test_the_simulator_carries_out_every_operation(name: str, firm: Firm) -> None:
    """Each is answered with a success, which a strict client can read."""
    if name in {"timer.get", "timer.delete"}:
        await firm.call("timer.create")
    await firm.call(name, *await targets(name, firm))
    assert [] == firm.faults()


async def targets(name: str, firm: Firm) -> tuple[Any, ...]:
    """Return what an operation can be done to, where not any record will do."""
    if name == "document_versions.save_as_latest_version":
        return ID, (await firm.call("document_versions.list", ID))[0]
    if name == "bills.delete":
        return ((await firm.call("bills.list", state="draft"))[0],)
    return (await firm.call("contacts.create"),) if name == "contacts.delete" else ()


@pytest.mark.parametrize("resource", CREATED)
async def test_what_is_created_is_found_changed_and_deleted(resource: str, firm: Firm) -> None:
    """A record comes back from the write, from a read and from the list, after a change as changed; then no more."""
    made = await firm.call(f"{resource}.create")
    place = () if resource == "timer" else (made.id,)
    if f"{resource}.get" in VERBS:
        found = await firm.call(f"{resource}.get", *place)
        assert made.id == found.id
        assert made == found or resource in JOBS
    listing = VERBS.get(f"{resource}.list")
    if listing is not None and "ids" in listing.rest and not listing.least().keywords:
        assert [made.id] == [found.id for found in await firm.call(f"{resource}.list", ids=[int(made.id)])]
    if f"{resource}.update" in VERBS:
        name, value = changeable(VERBS[f"{resource}.update"], made)
        changed = await firm.call(f"{resource}.update", made, **{name: value})
        assert value == getattr(changed, name, value)
        assert made.etag != changed.etag or name not in made
        assert f"{resource}.get" not in VERBS or changed == await firm.call(f"{resource}.get", *place)
    if f"{resource}.delete" in VERBS:
        await firm.call(f"{resource}.delete", *place)
        if resource in TRASHED:
            assert (await firm.call(f"{resource}.get", *place)).deleted_at is not None
        elif f"{resource}.get" in VERBS:
            with pytest.raises(NotFound):
                await firm.call(f"{resource}.get", *place)
    assert [] == firm.faults()


JOBS = {"reports", "document_archives", "document_automations"}
"""They go on while they are read."""


TRASHED = {"documents", "folders"}
"""They stay for a month after they were deleted."""

CHANGES: Mapping[str, tuple[str, Any]] = {
    # What cannot be read where it was written, or is no text as others are.
    "clio_payments_links": ("expired", True),
    "reminders": ("duration_value", 3),
    "webhooks": ("url", "https://you.example/other"),
}


def changeable(verb: Verb, record: Any) -> tuple[str, Any]:
    """Return an attribute of a record that can be changed, and another value for it."""
    if verb.resource in CHANGES:
        return CHANGES[verb.resource]
    for kind, values in ((str, ["Changed"]), (bool, [True, False]), (Number, [Decimal("90.5")]), (int, [15])):
        for name, hint in verb.rest.items():
            if hint == kind | None and name in record:
                return name, next(value for value in values if value != getattr(record, name))
    pytest.fail(f"{verb} changes nothing of {record}")


# -- verbs that are made of others --------------------------------------------------------------------------------

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
LISTED = {name.partition(".")[0]: verb for name, verb in VERBS.items() if verb.name == "list"}


def offering(verb: str) -> list[str]:
    """Return the resources that have a verb."""
    clio = Clio("nobody")
    return sorted({one.resource for one in verbs() if hasattr(getattr(clio, one.resource), verb)})


def within(resource: str) -> tuple[int, ...]:
    """Return the record whose list it is, for lists that stand inside of others."""
    return (ID,) * len(LISTED[resource].positional)


def needed(resource: str) -> dict[str, Any]:
    """Return the filters that a list cannot be without."""
    return LISTED[resource].least().keywords


@pytest.mark.parametrize("resource", offering("get_many"))
async def test_many_are_read_by_requests_that_the_document_allows(resource: str, firm: Firm) -> None:
    """The ids go where the document says; the records come in their order."""
    known = [record.id for record in (await firm.call(f"{resource}.list"))[:3]]
    found = await getattr(firm.clio, resource).get_many([*reversed(known), 10**9], extra_query=needed(resource))
    assert [*reversed(known)] == [record.id for record in found]
    assert (10**9,) == found.missing
    assert [] == firm.faults()


@pytest.mark.parametrize("resource", offering("iter_changes"))
async def test_changes_are_walked_by_requests_that_the_document_allows(resource: str, firm: Firm) -> None:
    """Each resource with `updated_since` shows what has changed since: here, everything."""
    changes = getattr(firm.clio, resource).iter_changes(*within(resource), SINCE, **needed(resource))
    everything = await firm.call(f"{resource}.list")
    assert {record.id for record in everything} <= {record.id for record in await changes.collect()}
    assert changes.mark
    assert [] == firm.faults()


@pytest.mark.parametrize("resource", [name for name in offering("refresh") if name != "matter_client"])
async def test_copies_are_refreshed_by_requests_that_the_document_allows(resource: str, firm: Firm) -> None:
    """Each is unchanged, whether it is asked for with others or alone."""
    resources, more = getattr(firm.clio, resource), needed(resource) if resource in LISTED else {}
    copies = (await firm.call(f"{resource}.list"))[:3] if resource in LISTED else [await resources.get(ID)]
    for some in (copies, copies[:1]):
        assert (*some,) == (await resources.refresh(some, extra_query=more)).unchanged
    assert [] == firm.faults()


@pytest.mark.parametrize("resource", offering("get_if_changed"))
async def test_a_copy_is_confirmed_by_a_request_that_the_document_allows(resource: str, firm: Firm) -> None:
    """None says that it is current; another tag brings the record."""
    resources = getattr(firm.clio, resource)
    copy = await resources.get(ID, fields="id")
    assert await resources.get_if_changed(ID, copy.validators, fields="id") is None
    assert copy == await resources.get_if_changed(ID, '"another"', fields="id")
    assert [] == firm.faults()


@pytest.mark.parametrize("resource", offering("edit"))
async def test_a_record_is_edited_by_requests_that_the_document_allows(resource: str, firm: Firm) -> None:
    """As a block and by a function: read, and written under the tag of what was read; nothing is sent for nothing."""
    resources = getattr(firm.clio, resource)
    record = await resources.get(ID)
    name, value = changeable(VERBS[f"{resource}.update"], record)
    firm.seen.clear()
    async with resources.edit(ID) as edit:
        edit.set(**{name: value})
    assert value == getattr(edit.result, name, value)
    assert edit.result.etag == (await resources.edit(ID, lambda _: {name: value})).etag or name not in record
    writes = [found for found in firm.seen if found.operation.id.endswith("#update")]
    assert 1 == len(writes) or name not in record  # what no record shows is written each time
    assert all("header if-match" in found.named for found in writes)
    assert await resources.edit(record, lambda _: {}) is not None
    assert [] == firm.faults()


async def test_a_webhook_is_activated_with_the_secret_that_clio_sent(firm: Firm) -> None:
    """The one operation that the document does not have: `PUT`, and the secret in a header field."""
    sent: list[Request] = []

    def answer(request: Request) -> Response:
        sent.append(request)
        return Response(200)

    clio = Clio("nobody", base_url="http://localhost/api/v4", transport=MemoryTransport(answer), limiter=None)
    for secret in ("a-secret", Secret("a-secret")):
        assert await clio.webhooks.activate(ID, secret) is None
    assert {("PUT", "http://localhost/api/v4/webhooks/7/activate.json", "a-secret", None)} == {
        (one.method, one.url, one.headers["X-Hook-Secret"], one.body) for one in sent
    }
    assert document().find("PUT", "/webhooks/7/activate.json") is None
