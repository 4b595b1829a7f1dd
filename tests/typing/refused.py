"""Read by type checkers, never run: what the types of the public API refuse.

Every statement is wrong, and says by which codes: of mypy first, of pyright second. The test takes the comments away,
and wants these errors and no others.
"""
# ruff: noqa: B018

from __future__ import annotations

from attrs import frozen

from clio_async import Clio, RecordETag, Ref, ResponseETag
from clio_async.models import Matter


@frozen
class Card:
    """A projection."""

    id: int
    etag: RecordETag
    client: Ref | None


async def attributes(clio: Clio, matter: Matter) -> None:
    """What a record, or the caller's class, does not have; what a client does not have."""
    matter.locatoin  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    matter.id = 7  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.get(42, fields=Card)).description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.list(fields=Card).collect())[0].description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.get_many([42], fields=Card))[0].description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.update(42, fields=Card, billable=True)).description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.get_if_changed(42, '"x"')).id  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    matter.client.name  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    clio.mattters  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def verbs(clio: Clio, matter: Matter) -> None:
    """What a resource cannot do."""
    await clio.trust_requests.get(1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    await clio.timer.get_many([1])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.billable_clients.iter_changes("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    await clio.tasks.list()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    async for _ in await clio.tasks.list().collect():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
        pass
    for _ in clio.tasks.list():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
        pass
    clio.matters.get(42).id  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def ids(clio: Clio, matter: Matter) -> None:
    """What is no id, and what guards no write."""
    await clio.matters.get("42")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.get(None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.delete("42")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await clio.documents.download_url("42")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(Ref(1), description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    Card(id=1, etag=ResponseETag('"x"'), client=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await clio.matters.get_many(42)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


async def filters(clio: Clio) -> None:
    """Names that are no filters, values that are none of theirs, required ones that are missing."""
    clio.matters.list(stauts="open")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.list(client_id=None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(client_id="7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(updated_since="yesterday")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(open_date=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(ids=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(limit="7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(fields=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    clio.activities.list(flat_rate="yes")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.notes.list()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.notes.iter_changes("x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.conversation_messages.list()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.billable_matters.ids(stauts="open")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await clio.documents.download_url(7, version=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    clio.billable_clients.list(resume="x", limit=25, fields=Card, updated_since=None)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


async def guards(clio: Clio, matter: Matter, answer: ResponseETag) -> None:
    """What guards no write, and what is no way out of a conflict."""
    await clio.matters.update(42, if_match=answer, description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(42, if_match='"x"', description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.grant_funding_sources.delete(42, if_match=answer)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(matter, on_conflict="overwrite", description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


async def edits(clio: Clio, matter: Matter) -> None:
    """Misspelt keys and wrong values in an edit; what cannot be edited; blocks and functions of the wrong kind."""
    await clio.line_items.edit(42)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.edit(42).set(descripton="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    clio.matters.edit(42).set(open_date=7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    clio.tasks.edit(42).set_custom_fields({"Status": "Won"})  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.edit(42, fields=Card).record.description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.edit("42")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.edit(42, attempts=3)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.edit(42, lambda: {"location": "x"})  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]
    await clio.matters.edit(42)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]


async def bodies(clio: Clio, matter: Matter) -> None:
    """Misspelt keys, wrong values, nulls that Clio refuses, required ones that are missing: also within objects."""
    await clio.matters.create(description="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.create(client={"id": 1})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.create(client={"ID": 1}, description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.create(client=None, description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(42, descripton="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.update(42, open_date=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(42, client=None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(42, responsible_attorney=None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(matter, custom_rate={"rates": [{"rat": 7}]})  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(matter, if_match=7, description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.activities.create(type="TimeEntry", quantity="1:30")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.webhooks.create(url="https://x.test", model="matter", fields="id")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.webhooks.activate(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def files(clio: Clio, matter: Matter) -> None:
    """Sources that hold no bytes, parents that are none, unknown names, records without files."""
    await clio.documents.upload(7, parent=matter)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.documents.upload("a.pdf", parent=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.documents.upload("a.pdf", parent={"id": 7})  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.documents.upload("a.pdf", parent=matter, fully_uploaded=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.documents.upload("a.pdf", parent=matter, progress=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.documents.abandon(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await clio.documents.download(7)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await clio.documents.download_to(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await clio.documents.download_to("7", "a.pdf")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await clio.reports.download_to(7, "a.csv", document_version_id=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await clio.matters.download_to(7, "a.pdf")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


async def jobs(clio: Clio, matter: Matter) -> None:
    """What is required and missing, misspelt, or of another type; what is no job."""
    await clio.reports.run(kind="revenue")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.reports.run(kind="revenue", format="csv", mattter=matter)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.reports.run(kind="revenue", format="csv", timeout="1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.reports.wait("7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.report_presets.run(7, kind="revenue")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.document_archives.run(items=[{"id": 7}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await clio.document_archives.run(items=[7])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await clio.document_automations.run(matter=matter)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.report_presets.wait(7)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.reports.run(kind="revenue", format="csv", fields=Card)).kind  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
