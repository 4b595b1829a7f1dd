"""Read by type checkers, never run: what the types of the synchronous client promise. See `sync_refused`, too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, assert_type

from attrs import frozen

from clio_async import (
    Outcome,
    OutcomeUnknown,
    Principal,
    Progress,
    Quota,
    RecordETag,
    Ref,
    Refreshed,
    Response,
    Secret,
    Stats,
    SyncClio,
    SyncPages,
    UploadHandle,
    VersionStatus,
    unchecked,
)
from clio_async.batches import Many
from clio_async.models import (
    BillableMatter,
    CalendarEntry,
    Contact,
    Document,
    DocumentArchive,
    DocumentAutomation,
    LineItem,
    Matter,
    Note,
    Report,
    Task,
    User,
    Webhook,
)
from clio_async.sync.downloads import SyncDownload
from clio_async.sync.ensured import SyncEnsured
from clio_async.sync.pages import SyncChanges

if TYPE_CHECKING:
    from clio_async.resources._generated.matters import MatterChanges
    from clio_async.webhooks.subscriptions import SubscriptionStore


@frozen
class Card:
    """A projection."""

    id: int
    etag: RecordETag
    client: Ref | None


def client(error: OutcomeUnknown) -> None:
    """What a client has beside its resources."""
    with SyncClio("a token", region="eu", timeout=None, cache=None) as clio:
        assert_type(clio, SyncClio)
        assert_type(clio.with_auth(Secret("another")), SyncClio)
        assert_type(clio.options(lane="batch", timeout=3.0), SyncClio)
        assert_type(clio.principal, Principal)
        assert_type(clio.stats, Stats)
        assert_type(clio.quota, Quota)
        assert_type(clio.versions.status(), VersionStatus)
        assert_type(clio.request("GET", "/matters", params={"limit": 1}), Response)
        assert_type(clio.reconcile(error), Outcome)
        clio.invalidate("matters", 42)
        clio.purge()
    clio.close()


def reads(clio: SyncClio) -> None:
    """Records by default, the caller's class where one is given."""
    matter = clio.matters.get(42)
    assert_type(matter, Matter)
    assert_type(matter.open_date, date | None)
    assert_type(clio.matters.get(matter, fields="id,client{id,name}"), Matter)
    assert_type(clio.matters.get(42, fields=["id", unchecked("brand_new")]), Matter)
    card = clio.matters.get(42, fields=Card)
    assert_type(card, Card)
    assert_type(card.client, Ref | None)
    assert_type(clio.matters.get(card), Matter)
    assert_type(clio.users.who_am_i(), User)
    assert_type(clio.users.who_am_i(fields=Card), Card)
    assert_type(clio.calendar_entries.get("7-2025"), CalendarEntry)
    assert_type(clio.matters.get_if_changed(42, matter.etag), Matter | None)
    assert_type(clio.matters.get_if_changed(card, card.etag, fields=Card), Card | None)


def many(clio: SyncClio, mine: list[Matter]) -> None:
    """A sequence of records, or of the caller's class."""
    found = clio.matters.get_many([1, 2])
    assert_type(found, Many[Matter])
    assert_type(found[0], Matter)
    assert_type(found.missing, tuple[int | str, ...])
    assert_type(clio.matters.get_many((record.id for record in mine), fields=Card), Many[Card])
    for contact in clio.contacts.get_many({1, 2}):
        assert_type(contact, Contact)


def lists(clio: SyncClio) -> None:
    """Pages of records or of the caller's class, walked by a plain loop."""
    assert_type(clio.tasks.list(status="pending", matter_id=42), SyncPages[Task])
    assert_type(clio.tasks.list().collect(), list[Task])
    assert_type(clio.tasks.list().first(), Task | None)
    assert_type(clio.matters.list(fields=Card), SyncPages[Card])
    assert_type(clio.matters.list(fields=Card).first(), Card | None)
    assert_type(clio.tasks.list().by_page(), Iterator[list[Task]])
    assert_type(clio.tasks.list().resume_token, str | None)
    for note in clio.notes.list(type="Matter", limit=50, resume="a-token", prefetch=1):
        assert_type(note, Note)
    for page in clio.matters.list(fields=Card, status="open", ids=[1, 2]).by_page():
        assert_type(page, list[Card])
    assert_type([matter.id for matter in clio.matters.list(open_date=(date(2025, 1, 1), None))], list[int])
    assert_type(clio.billable_matters.list(), SyncPages[BillableMatter])
    assert_type(clio.billable_matters.ids().first(), int | None)


def changes(clio: SyncClio, mark: str) -> None:
    """What has changed, as records or as the caller's class, with the filters of the list."""
    found = clio.tasks.iter_changes(datetime.now(UTC), status="pending")
    assert_type(found, SyncChanges[Task])
    assert_type(found.collect(), list[Task])
    assert_type(found.by_page(), Iterator[list[Task]])
    assert_type(found.mark, str)
    for card in clio.matters.iter_changes(mark, fields=Card, client_id=7):
        assert_type(card, Card)


def refreshes(clio: SyncClio, mine: list[Matter], cards: list[Card]) -> None:
    """What has become of records, with the types of those that were given."""
    found = clio.matters.refresh(mine)
    assert_type(found, Refreshed[Matter, Matter])
    assert_type(found.changed, tuple[Matter, ...])
    assert_type(found.missing, tuple[int | str, ...])
    assert_type(clio.matters.refresh(cards, confirm=True), Refreshed[Card, Card])
    assert_type(clio.matters.refresh(cards, fields="id,etag", since=datetime.now(UTC)), Refreshed[Matter, Card])
    assert_type(clio.matters.refresh(mine, fields=Card), Refreshed[Card, Matter])


def writes(clio: SyncClio, matter: Matter, card: Card, tag: RecordETag) -> None:
    """Typed changes, typed answers."""
    assert_type(clio.matters.update(matter, description="x", client={"id": 1}), Matter)
    assert_type(clio.matters.update(card, fields=Card, on_conflict="merge", billable=None), Card)
    assert_type(clio.line_items.update(42, if_match=tag, note="x"), LineItem)
    assert_type(clio.matters.create(client=Ref(1), description="x"), Matter)
    assert_type(clio.matters.create(client={"id": 1}, description="x", fields=Card), Card)
    assert_type(clio.documents.copy(7, parent={"id": 3, "type": "Folder"}), Document)
    clio.matters.update(matter, extra_json={"brand_new": 1}, extra_query={"brand_new": True})
    clio.matters.delete(matter)
    clio.webhooks.activate(7, Secret("a secret"))
    assert_type(clio.webhooks.create(url="https://x.test", model="matter", fields_="id", fields="id"), Webhook)
    values = clio.matters.custom_field_changes(matter, {"Court": "Leeds", "Value": Decimal(3), 12: None})
    assert_type(values, list[Any])
    clio.matters.update(matter, custom_field_values=values)


def edits(clio: SyncClio, matter: Matter, card: Card) -> None:
    """A block or a function, with the record or with the caller's class, and the changes that update takes."""
    with clio.matters.edit(42) as edit:
        assert_type(edit.record, Matter)
        edit.set(description="x", client={"id": 3}, open_date=date(2025, 1, 1), responsible_attorney=Ref(3))
        edit.set_custom_fields({"Status": "Won", 12: None})
    assert_type(edit.result, Matter)
    with clio.matters.edit(card, fields=Card) as edit_of_card:
        assert_type(edit_of_card.record, Card)
        edit_of_card.set(billable=None)
    assert_type(edit_of_card.result, Card)
    assert_type(clio.matters.edit(matter, lambda found: {"location": f"{found.location} (moved)"}), Matter)
    assert_type(clio.matters.edit(42, moved), Matter)
    assert_type(clio.matters.edit(42, of_card, fields=Card, attempts=3), Card)


def moved(matter: Matter) -> Mapping[str, object]:
    """Any mapping will do."""
    return {"location": "Leeds"} if matter.location is None else {}


def of_card(card: Card) -> MatterChanges:
    """So does the typed one."""
    return {"billable": card.client is not None}


def files(clio: SyncClio, matter: Matter, document: Document, file: BinaryIO) -> None:
    """Every source of bytes, and what comes back."""
    told: list[Progress] = []
    assert_type(clio.documents.upload("a.pdf", parent=matter), Document)
    assert_type(clio.documents.upload(Path("a.pdf"), parent={"id": 7, "type": "Matter"}, fields=Card), Card)
    clio.documents.upload(b"x", parent=document, name="a.pdf", fields="id", progress=told.append)
    clio.documents.upload((b"x" for _ in range(3)), parent=matter, name="a", size=3, part_size=5_000_000, parallel=2)
    clio.documents.upload([b"x", b"y"], parent=matter, name="a", received_at=datetime.now(UTC))
    clio.documents.upload(file, parent=matter, document_category={"id": 3})
    handle = UploadHandle.from_json("{}")
    assert_type(clio.documents.upload("a.pdf", resume=handle), Document)
    assert_type(clio.documents.abandon(handle), Literal["deleted", "gone", "hidden", "finished"])
    with clio.documents.download(document, document_version_id=3, resume="x", progress=print) as download:
        assert_type(download, SyncDownload)
        assert_type(download.size, int | None)
        assert_type(download.resume, str | None)
        for piece in download:
            assert_type(piece, bytes)
    assert_type(clio.documents.download_to(7, "a.pdf", overwrite=False), Path)
    assert_type(clio.reports.download_to(7, Path("a"), progress=told.append), Path)
    assert_type(clio.documents.download_url(7, document_version_id=3), Secret)
    assert_type(clio.bills.preview(7), str)


def jobs(clio: SyncClio, matter: Matter, document: Document, card: Card) -> None:
    """Each is begun with what creates it, and is a record in the end, or of the caller's class."""
    told: list[Progress] = []
    report = clio.reports.run(kind="revenue", format="csv", start_date=date(2025, 1, 1), matter=matter)
    assert_type(report, Report)
    assert_type(clio.reports.run(kind="new_kind", format="pdf", fields=Card, timeout=None), Card)
    assert_type(clio.reports.wait(report, timeout=30.0, progress=told.append), Report)
    assert_type(clio.reports.wait(7, fields=Card), Card)
    assert_type(clio.report_presets.run(card, fields=Card, progress=told.append), Card)
    assert_type(clio.document_archives.run(items=[document]), DocumentArchive)
    assert_type(clio.document_automations.run(document_template=Ref(7), matter=matter), DocumentAutomation)


def subscriptions(clio: SyncClio, store: SubscriptionStore) -> None:
    """A webhook that is looked after by a program that runs from time to time."""
    ensured = clio.webhooks.ensure(model="matter", url="https://x.test", store=store, events=["updated"])
    assert_type(ensured, SyncEnsured)
    assert_type(ensured.next_at, dt.datetime)
    assert_type(ensured.close(print), bool)
