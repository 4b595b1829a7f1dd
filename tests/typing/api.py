"""Read by type checkers, never run: what the types of the public API promise, and what they refuse.

A line that has to be refused carries an ignore comment; both checkers are told to report a comment that is not needed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import assert_type

from attrs import frozen

from clio_async.models import Bill, CalendarEntry, Contact, Matter, Note, Task, User
from clio_async.models.record import RecordETag, Ref, ResponseETag
from clio_async.models.selection import unchecked
from clio_async.pages import Pages
from clio_async.resources._generated import Resources


@frozen
class Card:
    """A projection."""

    id: int
    etag: RecordETag
    client: Ref | None


async def reads(clio: Resources) -> None:
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
    assert_type(await clio.users.who_am_i(), User)
    assert_type(await clio.calendar_entries.get("7-2025"), CalendarEntry)
    bill = await clio.bills.get(1)
    assert_type(bill, Bill)
    assert_type(bill.total, Decimal | None)
    assert_type(bill.tax_rate, Decimal | None)


async def lists(clio: Resources) -> None:
    """Pages of records or of the caller's class."""
    assert_type(clio.tasks.list(status="pending", matter_id=42), Pages[Task])
    assert_type(await clio.tasks.list().collect(), list[Task])
    assert_type(await clio.tasks.list().first(), Task | None)
    assert_type(clio.matters.list(fields=Card), Pages[Card])
    assert_type(clio.tasks.list().by_page(), AsyncIterator[list[Task]])
    async for note in clio.notes.list(type="Matter"):
        assert_type(note, Note)
    clio.matters.list(
        status=["open", "pending"],
        ids=[1, 2],
        open_date=(date(2025, 1, 1), None),
        updated_since=datetime.now(UTC),
        client_id=Contact(id=1),
        grant_id=None,
        custom_field_values={12: {">=": Decimal(3)}},
        order="some_new_order(asc)",
    )


async def writes(clio: Resources, matter: Matter, card: Card, tag: RecordETag) -> None:
    """Typed changes, typed answers."""
    assert_type(await clio.matters.update(matter, description="x", client={"id": 1}), Matter)
    assert_type(await clio.matters.update(card, fields=Card, billable=None), Card)
    assert_type(await clio.matters.update(42, if_match=tag, description="x"), Matter)
    assert_type(await clio.matters.create(client=Ref(1), description="x"), Matter)
    await clio.activities.create(type="TimeEntry", date=date(2025, 1, 1), price=Decimal("1.5"), matter=matter)
    await clio.webhooks.create(url="https://x.test", model="matter", fields_="id", fields="id")
    await clio.matters.delete(matter)


async def refused(clio: Resources, matter: Matter) -> None:
    """Each of these is a type error."""
    await clio.matters.get("42")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(stauts="open")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    clio.matters.list(client_id=None)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.matters.list(limit="7")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.notes.list()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.create(description="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.update(42, descripton="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    await clio.matters.update(42, open_date=7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await clio.matters.update(Ref(1), description="x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    clio.mattters  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    matter.locatoin  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    matter.id = 7  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    (await clio.matters.get(42, fields=Card)).description  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # noqa: B018
    tag: RecordETag = ResponseETag('"x"')  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    await clio.trust_requests.get(1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(tag)
