"""A record stands for its id where its kind is wanted, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from clio_async import InvalidArgument, Ref
from clio_async.models import (
    Activity,
    Address,
    Bill,
    BillableMatter,
    Calendar,
    Contact,
    Matter,
    MatterContacts,
    Task,
    User,
)
from tests.resources.fake import FakeClio, page

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("resource", "verb", "wrong", "given"),
    [
        ("matters", "get", Contact(id=7), {}),
        ("matters", "update", Task(id=7, etag='"a"'), {"description": "x"}),
        ("matters", "delete", User(id=7), {}),
        ("contacts", "get_if_changed", Matter(id=7), None),
        ("matter_client", "get", Contact(id=7), {}),
        ("document_versions", "save_as_latest_version", Matter(id=7), None),
    ],
)
async def test_a_record_of_another_kind_is_not_taken_for_the_one_to_read(
    resource: str, verb: str, wrong: Any, given: dict[str, Any] | None
) -> None:
    """Its id would lead to a record of another meaning. Nothing is sent."""
    clio = FakeClio()
    called = getattr(getattr(clio, resource), verb)
    with pytest.raises(InvalidArgument, match=f"a {type(wrong).__name__} is none"):
        await (called(wrong, '"a"' if verb == "get_if_changed" else 1) if given is None else called(wrong, **given))
    assert [] == clio.calls


async def test_nor_for_one_in_a_list_of_ids() -> None:
    """`get_many` and `ids=` take records of their own resource."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="a Bill is none"):
        await clio.matters.get_many([1, Bill(id=2)])
    with pytest.raises(InvalidArgument, match="a Bill is none"):
        clio.matters.list(ids=[1, Bill(id=2)])
    assert [] == clio.calls


@pytest.mark.parametrize(
    ("resource", "name", "wrong"),
    [
        ("matters", "client_id", Matter(id=7)),
        ("activities", "user_id", Contact(id=7)),
        ("calendar_entries", "calendar_id", User(id=7)),
    ],
)
def test_nor_for_the_value_of_a_filter(resource: str, name: str, wrong: Any) -> None:
    """Clio lists another client's matters, or everything: a calendar is not its user."""
    with pytest.raises(InvalidArgument, match=f"{name} is one of .* and a {type(wrong).__name__} is none"):
        getattr(FakeClio(), resource).list(**{name: wrong})


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"client": Matter(id=7)}, "Matter"),
        ({"responsible_attorney": Contact(id=7)}, "Contact"),
        ({"relationships": [{"description": "x", "contact": User(id=7)}]}, "User"),
    ],
)
async def test_nor_for_an_association(changes: dict[str, Any], wrong: str) -> None:
    """A write would name a stranger. Nothing is sent."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match=f"a {wrong} is none"):
        await clio.matters.update(7, **changes)
    with pytest.raises(InvalidArgument, match="a User is none"):
        await clio.calendar_entries.update(7, calendar_owner=User(id=7))
    assert [] == clio.calls


async def test_what_shows_the_same_record_stands_for_it() -> None:
    """A contact of a matter is a contact; a reference, a record of no collection, and a class of one's own pass."""
    one = {"data": {"id": 1, "etag": '"t"'}}
    clio = FakeClio(one, one, one, one, one, page(1), page(1))
    await clio.contacts.get(MatterContacts(id=7))
    await clio.contacts.get(Ref(8))
    await clio.contacts.get(Address(id=9))
    await clio.matters.get(BillableMatter(id=5))
    await clio.matters.update(7, client=MatterContacts(id=7), responsible_attorney=User(id=3))
    await clio.calendar_entries.list(calendar_id=Calendar(id=4)).first()
    await clio.line_items.list(activity_id=Activity(id=4)).first()
    assert ["/contacts/7.json", "/contacts/8.json", "/contacts/9.json", "/matters/5.json"] == [
        call.path for call in clio.calls[:4]
    ]
    assert "4" == clio.calls[5].parameters["calendar_id"]
