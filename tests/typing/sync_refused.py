"""Read by type checkers, never run: what the types of the synchronous client refuse. See `refused`."""
# ruff: noqa: B018

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from attrs import frozen

from clio_async import RecordETag, Ref, SyncClio
from clio_async.models import Matter


@frozen
class Card:
    """A projection."""

    id: int
    etag: RecordETag
    client: Ref | None


async def awaited(clio: SyncClio) -> None:
    """Nothing is awaited, and nothing is walked or entered asynchronously."""
    await clio.matters.get(42)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await clio.tasks.list().collect()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await clio.tasks.list()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await clio.matters.edit(42)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await clio.documents.download(7)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]


def attributes(clio: SyncClio, matter: Matter) -> None:
    """What a record, or the caller's class, does not have; what a client does not have."""
    clio.matters.get(42).locatoin  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.get(42, fields=Card).description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.list(fields=Card).collect()[0].description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.get_many([42], fields=Card)[0].description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.get_if_changed(42, '"x"').id  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    clio.tasks.list().id  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.aclose()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.options(timout=3.0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SyncClio("a token", regoin="eu")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    clio.mattters  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def verbs(clio: SyncClio) -> None:
    """What a resource cannot do, for nobody or for synchronous callers."""
    clio.trust_requests.get(1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.timer.get_many([1])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.billable_clients.iter_changes("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.download_to(7, "a.pdf")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.webhooks.keep(print)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def names(clio: SyncClio, matter: Matter) -> None:
    """Misspelt names and wrong types, of ids, filters, options, and within bodies."""
    clio.matters.get("42")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.get(None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.get(42, feilds="id")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.get(42, fields=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    clio.matters.delete("42")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    clio.matters.get_many(42)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(statuss="open")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.list(client_id="7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.refresh([7])  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    clio.matters.refresh([matter], confirm=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.create(description="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.update(42, descripton="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.update(42, open_date=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.update(matter, if_match=7, description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.custom_field_changes(matter)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    clio.webhooks.activate(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def edits(clio: SyncClio, awaited: Callable[[Matter], Awaitable[dict[str, str]]]) -> None:
    """Misspelt keys and wrong values in an edit; what cannot be edited; functions of the wrong kind."""
    clio.matters.edit(42).set(descripton="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    clio.matters.edit(42).set(open_date=7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    clio.tasks.edit(42).set_custom_fields({"Status": "Won"})  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.edit(42, fields=Card).record.description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.line_items.edit(42)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.matters.edit(42, attempts=3)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.edit(42, awaited)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def files(clio: SyncClio, matter: Matter, pieces: AsyncIterator[bytes]) -> None:
    """Sources that hold no bytes, or give them asynchronously; parents that are none."""
    clio.documents.upload(7, parent=matter)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.documents.upload(pieces, parent=matter)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.documents.upload(["x"], parent=matter)  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    clio.documents.upload("a.pdf", parent=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.documents.upload("a.pdf", parent=matter, progress=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.documents.download_to(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    clio.documents.download(7).size  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    clio.reports.run(kind="revenue")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
