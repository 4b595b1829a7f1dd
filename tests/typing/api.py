"""Read by type checkers, never run: what the types of the public API promise. What they refuse is in `refused`."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Never, assert_type

from anyio import open_file
from attrs import frozen

from clio_async import (
    Clio,
    Download,
    IncompleteDownload,
    IncompleteUpload,
    JobTimeout,
    Pages,
    Progress,
    RecordETag,
    Ref,
    Refreshed,
    Secret,
    UploadHandle,
    safe_filename,
    unchecked,
)
from clio_async.batches import Many
from clio_async.changes import Changes
from clio_async.models import (
    Activity,
    Bill,
    BillableMatter,
    CalendarEntry,
    Client,
    Contact,
    Document,
    DocumentArchive,
    DocumentAutomation,
    Folder,
    LineItem,
    Matter,
    Note,
    Report,
    Task,
    User,
    Webhook,
)
from clio_async.models.custom_fields import CustomFieldsView
from clio_async.models.record import Record
from clio_async.resources.subscriptions.ensured import Ensured
from clio_async.webhooks import Event

if TYPE_CHECKING:
    from clio_async.resources._generated.matters import MatterChanges


@frozen
class Card:
    """A projection."""

    id: int
    etag: RecordETag
    client: Ref | None


async def reads(clio: Clio) -> None:
    """Records by default, the caller's class where one is given."""
    matter = await clio.matters.get(42)
    assert_type(matter, Matter)
    assert_type(matter.id, int)
    assert_type(matter.etag, RecordETag)
    assert_type(matter.open_date, date | None)
    assert_type(matter.client, Contact | None)
    assert_type(matter.responsible_attorney, User | None)
    assert_type(await clio.matters.get(matter, fields="id,client{id,name}"), Matter)
    assert_type(await clio.matters.get(42, fields=["id", unchecked("brand_new")]), Matter)
    card = await clio.matters.get(42, fields=Card)
    assert_type(card, Card)
    assert_type(card.client, Ref | None)
    assert_type(await clio.matters.get(card), Matter)
    assert_type(await clio.users.who_am_i(), User)
    assert_type(await clio.users.who_am_i(fields=Card), Card)
    assert_type(await clio.calendar_entries.get("7-2025"), CalendarEntry)
    assert_type(await clio.matter_client.get(42), Client)
    bill = await clio.bills.get(1)
    assert_type(bill, Bill)
    assert_type(bill.total, Decimal | None)
    assert_type(bill.tax_rate, Decimal | None)


async def kept_copies(clio: Clio, mine: Matter, card: Card) -> None:
    """None says that a copy is still current."""
    assert_type(await clio.matters.get_if_changed(42, mine.etag), Matter | None)
    assert_type(await clio.matters.get_if_changed(mine, '"x"', fields="id,etag"), Matter | None)
    assert_type(await clio.matters.get_if_changed(card, card.etag, fields=Card), Card | None)
    if mine.validators is not None:
        assert_type(await clio.matters.get_if_changed(42, mine.validators), Matter | None)


async def many(clio: Clio, mine: list[Matter]) -> None:
    """A sequence of records, or of the caller's class."""
    found = await clio.matters.get_many([1, 2])
    assert_type(found, Many[Matter])
    assert_type(found[0], Matter)
    assert_type(found.missing, tuple[int | str, ...])
    assert_type(await clio.matters.get_many(mine, fields="id"), Many[Matter])
    assert_type(await clio.matters.get_many((record.id for record in mine), fields=Card), Many[Card])
    for contact in await clio.contacts.get_many({1, 2}):
        assert_type(contact, Contact)


async def refreshed(clio: Clio, mine: list[Matter], cards: tuple[Card, ...]) -> None:
    """What is changed is of the class that was given, or that is asked for; what is not is the caller's own."""
    found = await clio.matters.refresh(mine)
    assert_type(found, Refreshed[Matter, Matter])
    assert_type((found.changed, found.unchanged), tuple[tuple[Matter, ...], tuple[Matter, ...]])
    assert_type((found.missing, found.gone), tuple[tuple[int | str, ...], tuple[int | str, ...]])
    assert_type(await clio.matters.refresh(cards, confirm=True), Refreshed[Card, Card])
    assert_type(await clio.matters.refresh(mine, fields=Card), Refreshed[Card, Matter])
    assert_type(await clio.matters.refresh(cards, fields="id,etag", since=datetime.now(UTC)), Refreshed[Matter, Card])
    assert_type(await clio.notes.refresh((), fields=["id"], extra_query={"type": "Matter"}), Refreshed[Note, Never])


async def changes(clio: Clio, mark: str) -> None:
    """What has changed, as records or as the caller's class, with the filters of the list."""
    assert_type(clio.tasks.iter_changes(datetime.now(UTC)), Changes[Task])
    assert_type(clio.tasks.iter_changes(mark, fields="id", status="pending"), Changes[Task])
    assert_type(clio.matters.iter_changes(mark, fields=Card, client_id=7), Changes[Card])
    assert_type(clio.notes.iter_changes(mark, type="Matter"), Changes[Note])


async def lists(clio: Clio) -> None:
    """Pages of records or of the caller's class."""
    assert_type(clio.tasks.list(status="pending", matter_id=42), Pages[Task])
    assert_type(await clio.tasks.list().collect(), list[Task])
    assert_type(await clio.tasks.list().first(), Task | None)
    assert_type(clio.matters.list(fields=Card), Pages[Card])
    assert_type(await clio.matters.list(fields=Card).first(), Card | None)
    assert_type(clio.tasks.list().by_page(), AsyncIterator[list[Task]])
    assert_type(clio.tasks.list().resume_token, str | None)
    async for note in clio.notes.list(type="Matter"):
        assert_type(note, Note)
    assert_type(clio.billable_matters.list(), Pages[BillableMatter])
    assert_type(clio.billable_matters.ids(limit=1000, client_id=7), Pages[int])
    assert_type(await clio.billable_matters.ids().first(), int | None)


async def filters(clio: Clio, matter: Matter, client: Contact, user: User) -> None:
    """Each kind of filter takes its Python types."""
    now = datetime.now(UTC)
    clio.matters.list(status="open", ids=[1, 2], updated_since=now, client_id=client, grant_id=None)
    clio.matters.list(status=["open", "pending"], ids=(found for found in (1, 2)), client_id=7)
    clio.matters.list(status="some_new_status", order="some_new_order(asc)")
    clio.matters.list(open_date=date(2025, 1, 1), close_date=">=2025-01-01", pending_date=(date(2025, 1, 1), None))
    clio.matters.list(open_date={">=": date(2025, 1, 1)}, close_date=[date(2025, 1, 1), "<2026-01-01"])
    clio.matters.list(custom_field_values={12: {">=": Decimal(3)}, 13: "x", 14: True, 15: (1, None)})
    clio.activities.list(start_date=date(2025, 1, 1), matter_id=matter, user_id=user.id, status="billed", query="x")
    clio.activities.list(expense_category_id=None, flat_rate=True, type="TimeEntry")
    clio.notes.list(type="Contact", contact_id=client, limit=50, resume="a-token", extra_query={"brand_new": 1})
    clio.conversation_messages.list(conversation_id=7)
    clio.documents.list(include_deleted=True, parent_id=3)
    clio.contact_email_addresses.list(client)


async def many_and_changes(clio: Clio, matter: Matter) -> None:
    """What a result of `get_many` and a walk of changes are."""
    found = await clio.matters.get_many([3, matter])
    assert_type(found[0], Matter)
    assert_type(found[:1], tuple[Matter, ...])
    assert_type(found.missing, tuple[int | str, ...])
    changes = clio.tasks.iter_changes(datetime.now(UTC), status="pending")
    assert_type(await changes.collect(), list[Task])
    assert_type(changes.by_page(), AsyncIterator[list[Task]])
    assert_type(changes.mark, str)
    async for card in clio.matters.iter_changes(changes.mark, fields=Card):
        assert_type(card, Card)


async def writes(clio: Clio, matter: Matter, card: Card, tag: RecordETag) -> None:
    """Typed changes, typed answers."""
    assert_type(await clio.matters.update(matter, description="x", client={"id": 1}), Matter)
    assert_type(await clio.matters.update(card, fields=Card, billable=None), Card)
    assert_type(await clio.matters.update(42, if_match=tag, description="x"), Matter)
    assert_type(await clio.matters.create(client=Ref(1), description="x"), Matter)
    assert_type(await clio.matters.create(client={"id": 1}, description="x", fields=Card), Card)
    await clio.matters.update(matter, extra_json={"brand_new": 1}, extra_query={"brand_new": True})
    await clio.matters.delete(matter)
    await clio.matters.delete(card)
    await clio.matters.delete(42)
    assert_type(await clio.webhooks.create(url="https://x.test", model="matter", fields_="id", fields="id"), Webhook)
    await clio.webhooks.update(7, fields_="id,etag", events=["created"], expires_at=datetime.now(UTC))
    await clio.webhooks.activate(7, "a secret")
    await clio.webhooks.activate(7, Secret("a secret"))


async def guards(clio: Clio, matter: Matter, card: Card, tag: RecordETag) -> None:
    """A tag of a record guards a write; what is to become of a conflict can be said."""
    assert_type(await clio.matters.update(matter, on_conflict="merge", description="x"), Matter)
    assert_type(await clio.matters.update(card, on_conflict="raise", fields=Card, description="x"), Card)
    assert_type(await clio.matters.update(42, if_match=matter.etag, description="x"), Matter)
    assert_type(await clio.line_items.update(42, if_match=tag, note="x"), LineItem)
    await clio.grant_funding_sources.delete(42, if_match=tag)
    await clio.matters.update(42, if_match=RecordETag('"kept in a table"'), description="x")


async def edits(clio: Clio, matter: Matter, card: Card) -> None:
    """A block or a function, with the record or with the caller's class, and the changes that update takes."""
    async with clio.matters.edit(42) as edit:
        assert_type(edit.record, Matter)
        edit.set(description="x", client={"id": 3}, open_date=date(2025, 1, 1))
        edit.set(responsible_attorney=Ref(3))
        edit.set_custom_fields({"Status": "Won", 12: None})
    assert_type(edit.result, Matter)
    async with clio.matters.edit(card, fields=Card) as edit_of_card:
        assert_type(edit_of_card.record, Card)
        edit_of_card.set(billable=None)
    assert_type(edit_of_card.result, Card)
    async with clio.calendar_entries.edit("7-2025", fields="id,summary") as edit_of_entry:
        edit_of_entry.set(summary="x")
    assert_type(await clio.matters.edit(matter, lambda found: {"location": f"{found.location} (moved)"}), Matter)
    assert_type(await clio.matters.edit(42, moved), Matter)
    assert_type(await clio.matters.edit(42, of_card, fields=Card, attempts=3), Card)
    assert_type(await clio.tasks.edit(42, lambda task: {"name": "x"} if task.name is None else {}), Task)


def moved(matter: Matter) -> dict[str, object]:
    """Any mapping will do."""
    return {"location": "Leeds"} if matter.location is None else {}


def of_card(card: Card) -> MatterChanges:
    """So does the typed one."""
    return {"billable": card.client is not None}


async def bodies(clio: Clio, matter: Matter, contact: Contact, user: User) -> None:
    """Nested objects, rows of collections, records as associations, spans of time."""
    await clio.matters.create(
        client=contact,
        description="x",
        responsible_attorney=user,
        originating_attorney={"id": 3},
        open_date=date(2025, 1, 1),
        custom_rate={"type": "HourlyRate", "rates": [{"rate": Decimal("1.50"), "user": user}, {"rate": 7}]},
        custom_field_values=[
            {"custom_field": {"id": 12}, "value": Decimal("1.5")},
            {"custom_field": Ref(3), "value": "x"},
        ],
        relationships=[{"contact": contact, "description": "x"}],
        statute_of_limitations={"due_at": date(2025, 1, 1), "reminders": [{"duration_value": 1}]},
    )
    await clio.matters.update(matter, custom_field_values=[{"id": "text_line-1", "_destroy": True}, {"value": 3}])
    await clio.activities.create(
        type="TimeEntry", date=date(2025, 1, 1), quantity=timedelta(hours=1.5), price=Decimal("1.5"), matter=matter
    )
    await clio.activities.update(7, quantity=3600, price=12.5)
    await clio.line_items.update(7, quantity=timedelta(minutes=6))
    await clio.contacts.create(
        type="Person", first_name="A", last_name="B", email_addresses=[{"name": "Work", "address": "a@b.test"}]
    )
    await clio.documents.create(name="a.pdf", parent={"id": 7, "type": "Matter"})
    await clio.report_presets.create(name="x", kind="trial_balance", format="csv", options='{"any": "thing"}')
    await clio.matters.update(
        matter, custom_field_values=await clio.matters.custom_field_changes(matter, {"Court": "Leeds", "Value": None})
    )


async def elsewhere(clio: Clio) -> None:
    """Addresses are secrets, previews texts, deletions nothing."""
    assert_type(await clio.documents.download_url(7), Secret)
    assert_type(await clio.documents.download_url(7, document_version_id=3), Secret)
    assert_type(await clio.reports.download_url(7), Secret)
    assert_type(await clio.bills.preview(7), str)
    assert_type(await clio.documents.copy(7, parent={"id": 3, "type": "Folder"}), Document)


async def files(clio: Clio, matter: Matter, document: Document, card: Card, file: BinaryIO) -> None:
    """Every source of bytes, and where they may belong; what comes back."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"x"

    told: list[Progress] = []
    assert_type(await clio.documents.upload("a.pdf", parent=matter), Document)
    assert_type(await clio.documents.upload(Path("a.pdf"), parent={"id": 7, "type": "Matter"}, fields=Card), Card)
    await clio.documents.upload(b"x", parent=document, name="a.pdf", fields="id", progress=told.append)
    await clio.documents.upload(bytearray(b"x"), parent=card, name="a", content_type="text/plain")
    await clio.documents.upload(pieces(), parent=matter, name="a", size=7, part_size=5_000_000, parallel=2)
    await clio.documents.upload(file, parent=matter, document_category={"id": 3}, received_at=datetime.now(UTC))
    async with await open_file("a.pdf", "rb") as file_of_anyio:
        await clio.documents.upload(file_of_anyio, parent=matter)
    handle = UploadHandle.from_json("{}")
    assert_type(await clio.documents.upload("a.pdf", resume=handle), Document)
    await clio.documents.upload("a.pdf", resume=handle.to_json())
    assert_type(await clio.documents.abandon(handle), Literal["deleted", "gone", "hidden", "finished"])
    async with clio.documents.download(document, document_version_id=3, resume="x", progress=print) as download:
        assert_type(download, Download)
        assert_type(download.size, int | None)
        assert_type(download.resume, str | None)
        async for piece in download:
            assert_type(piece, bytes)
    async with clio.reports.download(7) as report:
        assert_type(report, Download)
    assert_type(await clio.documents.download_to(7, "a.pdf", overwrite=False), Path)
    assert_type(await clio.document_archives.download_to(7, Path("a"), overwrite=False, progress=told.append), Path)
    assert_type(await clio.document_templates.download_to(7, Path("a") / safe_filename(document.name)), Path)
    assert_type(told[0].handle, UploadHandle | None)


async def jobs(clio: Clio, matter: Matter, document: Document, folder: Folder, card: Card) -> None:
    """Each is begun with what creates it, and is a record in the end, or of the caller's class."""
    told: list[Progress] = []
    report = await clio.reports.run(kind="revenue", format="csv", start_date=date(2025, 1, 1), matter=matter)
    assert_type(report, Report)
    assert_type(await clio.reports.run(kind="new_kind", format="pdf", fields=Card, timeout=None), Card)
    assert_type(await clio.reports.wait(report, timeout=30.0, progress=told.append), Report)
    assert_type(await clio.reports.wait(7, fields=Card), Card)
    assert_type(await clio.report_presets.run(7), Report)
    assert_type(await clio.report_presets.run(card, fields=Card, progress=told.append), Card)
    archive = await clio.document_archives.run(items=[document, folder, {"id": 7, "type": "Folder"}])
    assert_type(archive, DocumentArchive)
    assert_type(await clio.document_archives.wait(7), DocumentArchive)
    made = await clio.document_automations.run(document_template=Ref(7), matter=matter, fields="documents")
    assert_type(made, DocumentAutomation)
    assert_type(made.documents, tuple[Document, ...] | None)
    assert_type(await clio.document_automations.wait(made), DocumentAutomation)


def failures(incomplete: IncompleteUpload, download: IncompleteDownload, late: JobTimeout) -> None:
    """What errors have for who handles them."""
    assert_type(incomplete.handle, UploadHandle)
    assert_type(download.resume, str | None)
    assert_type(late.record, Any)


def values(activity: Activity, line: LineItem, matter: Matter, contact: Contact) -> None:
    """What records say of themselves."""
    assert_type(activity.duration, dt.timedelta | None)
    assert_type(line.duration, dt.timedelta | None)
    assert_type(matter.custom_fields, CustomFieldsView)
    assert_type(contact.custom_fields, CustomFieldsView)
    assert_type(matter.redacted, bool)
    assert_type(matter.to_json(), bytes)
    assert_type(Matter.from_dict({"id": 1}), Matter)


async def missed(clio: Clio, event: Event, ensured: Ensured) -> None:
    assert_type(await event.read(clio), Record | None)
    assert_type(await event.read(clio, fields="id"), Record | None)
    assert_type(await event.read(clio, fields=Card), Card | None)
    assert_type(await ensured.close(tell), bool)


async def tell(event: Event) -> None:
    assert_type(event.id, int)
