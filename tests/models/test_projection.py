"""An attrs class is a selection: its names are asked for, its annotations checked, its instances built."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import attrs
import pytest
from attrs import frozen

from clio_async.codec import ContradictionWarning
from clio_async.errors import InvalidArgument, SchemaError, UnknownField
from clio_async.models import Contact, CustomFieldValue, Matter, User
from clio_async.models.converter import make_converter
from clio_async.models.record import RecordETag, Ref
from clio_async.models.selection import select, select_records


class Status(Enum):
    OPEN = "Open"
    CLOSED = "Closed"


@frozen
class Person:
    id: int
    name: str | None
    company: Contact | None = None


@frozen
class Card:
    id: int
    display_number: str
    etag: RecordETag
    client: Ref | None
    status: Status | None = None


@frozen
class Wide:
    id: int
    open_date: date | None
    created_at: datetime
    billing_method: Literal["flat", "hourly"] | str | None
    location: Annotated[str | None, "where"]
    shared: bool | None
    client: Person | None
    user: User
    relationships: tuple[Ref, ...]
    account_balances: Sequence[Any]
    statute_of_limitations: Any
    custom_number: object


def answer(**values: object) -> bytes:
    return json.dumps({"data": values}).encode()


def test_a_class_asks_for_its_attributes_and_is_built() -> None:
    """The selection is what the class names, no more, and the answer is one of it."""
    chosen = select("matters", Card)
    assert "id,etag,display_number,status,client{id,name}" == chosen.text
    assert (Card, False, ("/contacts",), True) == (chosen.record_type, chosen.covered, chosen.depends, chosen.shareable)
    card = chosen.decode(answer(id=1, display_number="2", etag="e", status="Open", client={"id": 3, "name": "J"}))
    assert Card(1, "2", RecordETag("e"), Ref(3, "J"), Status.OPEN) == card


def test_every_kind_of_annotation_finds_its_value() -> None:
    """Scalars, nested classes, records, references in tuples, and whatever is annotated as anything."""
    chosen = select("matters", Wide)
    assert "client{id,name,company}" in chosen.text
    assert "relationships{id}" in chosen.text
    assert chosen.text.endswith("account_balances,relationships{id}")
    values: dict[str, Any] = {
        "id": 1,
        "open_date": "2025-01-02",
        "created_at": "2025-01-02T03:04:05Z",
        "billing_method": "flat",
        "location": None,
        "shared": True,
        "client": {"id": 2, "name": None, "company": {"id": 3, "etag": "x"}},
        "user": {"id": 4, "name": "U"},
        "relationships": [{"id": 5}],
        "account_balances": [{"id": 6}],
        "statute_of_limitations": {"id": 7, "etag": "t"},
        "custom_number": "9",
    }
    for repeated in (1, 40):  # by the general way and by the compiled loop
        page = chosen.decode_page(json.dumps({"data": [values] * repeated}).encode())
        for wide in next(page.slices()):
            assert (date(2025, 1, 2), "flat", True) == (wide.open_date, wide.billing_method, wide.shared)
            assert Person(2, None, Contact(id=3, etag="x")) == wide.client
            assert User(id=4, name="U") == wide.user
            assert ((Ref(5),), 6) == (wide.relationships, wide.account_balances[0].id)
            assert 7 == wide.statute_of_limitations.id


@frozen
class Containers:
    roles: list[str]
    name: str


@frozen
class FrozenContainers:
    roles: frozenset[str]


@attrs.define
class Mutable:
    id: int


def test_what_can_be_changed_is_not_shared() -> None:
    """A class that is mutable, or holds something mutable, is decoded for each caller."""
    assert not select("users", Containers).shareable
    assert not select("users", Mutable).shareable
    assert select("users", FrozenContainers).shareable
    body = json.dumps({"data": [{"roles": ["a"], "name": "n"}] * 30}).encode()
    assert [Containers(["a"], "n")] * 30 == next(select("users", Containers).decode_page(body).slices())
    assert FrozenContainers(frozenset("a")) == select("users", FrozenContainers).decode(answer(roles=["a"]))


@frozen
class Statuses:
    available_state_transitions: tuple[Status, ...]


@frozen
class StatusList:
    available_state_transitions: list[Status] | None


def test_items_are_converted_one_by_one() -> None:
    """An enumeration of the caller holds the items of a list; an unknown member is kept as it came."""
    chosen = select("bills", Statuses)
    assert (Status.OPEN,) == chosen.decode(answer(available_state_transitions=["Open"])).available_state_transitions
    listed = select("bills", StatusList).decode(answer(available_state_transitions=["Closed"]))
    assert [Status.CLOSED] == listed.available_state_transitions
    with pytest.warns(ContradictionWarning):
        kept = chosen.decode(answer(available_state_transitions=["nope"]))
    assert ("nope",) == kept.available_state_transitions


@frozen
class Loose:
    description: object
    extra_number: int = attrs.field(init=False, default=0)


@frozen
class Keywords:
    from_: str
    _private: str = attrs.field(init=False, default="p")


@frozen
class Aliased:
    type_: str
    id: int = attrs.field(alias="number")


def test_names_that_python_keeps_take_an_underscore() -> None:
    """`type_` is Clio's type; an alias is called by its alias; what the constructor does not take is not asked for."""
    chosen = select("contacts", Aliased)
    assert "id,type" == chosen.text
    assert Aliased("Person", number=4) == chosen.decode(answer(id=4, type="Person"))
    with pytest.raises(UnknownField):
        select("contacts", Keywords)
    assert "description" == select("matters", Loose).text


@frozen
class WrongType:
    id: str


@frozen
class WrongAssociation:
    client: str


@frozen
class WrongRecord:
    client: Matter


@frozen
class WantsOne:
    relationships: Ref


@frozen
class WantsMany:
    client: tuple[Ref, ...]


@frozen
class TooDeep:
    @frozen
    class Inner:
        company: Ref

    client: Inner


@frozen
class FloatMoney:
    rate: float


class Strange:
    def __init__(self, a: int, *, b: int) -> None: ...


@frozen
class Unstructurable:
    status: Strange


@frozen
class Misspelt:
    display_nmber: str


class Plain:
    id: int


@pytest.mark.parametrize(
    ("resource", "cls", "says"),
    [
        ("matters", WrongType, "WrongType.id"),
        ("matters", WrongAssociation, "use Ref or an attrs class"),
        ("matters", WrongRecord, "Contact"),
        ("matters", WantsOne, "is a list"),
        ("matters", WantsMany, "is one value"),
        ("matters", TooDeep, "braces within braces"),
        ("users", FloatMoney, "Decimal"),
        ("matters", Unstructurable, "Strange"),
        ("matters", Misspelt, "display_number"),
        ("matters", Plain, "no attrs class"),
    ],
)
def test_a_class_that_cannot_be_filled_is_refused_when_it_is_first_used(resource: str, cls: type, says: str) -> None:
    """Before any request, naming the attribute."""
    with pytest.raises(InvalidArgument, match=says):
        select(resource, cls)


def test_an_annotation_that_cannot_be_resolved_says_why() -> None:
    """Classes inside of functions are out of reach of text annotations."""

    @frozen
    class Inside:
        id: int

    @frozen
    class Outside:
        client: Inside

    with pytest.raises(InvalidArgument, match="module level"):
        select("matters", Outside)


def test_an_absent_attribute_is_noted_and_null() -> None:
    """What Clio left out although it was asked for: null and a warning, the default where there is one, an error when
    strict, and nothing of it for a record that is redacted."""
    with pytest.warns(ContradictionWarning) as caught:
        card = select("matters", Card).decode(answer(id=1, etag="e", display_number="x"))
    assert (None, None) == (card.client, card.status)
    assert 1 == len(caught)
    with pytest.raises(SchemaError) as strict:
        select("matters", Card, strict=True).decode(answer(id=1))
    assert "data.display_number" == strict.value.path
    redacted = select("matters", Card, strict=True).decode(answer(id=1, redacted=True))
    assert redacted.etag is None


def test_null_where_the_class_has_no_room_for_it() -> None:
    """Kept and noted; an error when strict."""
    with pytest.warns(ContradictionWarning):
        assert select("matters", Misc).decode(answer(location=None)).location is None
    with pytest.raises(SchemaError):
        select("matters", Misc, strict=True).decode(answer(location=None))


@frozen
class Misc:
    location: str


@frozen
class Picky:
    id: int = attrs.field(validator=attrs.validators.lt(5))


@pytest.mark.parametrize("count", [1, 30])
def test_a_class_that_refuses_its_values_is_a_schema_error(count: int) -> None:
    """A validator's own error does not reach the caller untyped."""
    page = select("matters", Picky).decode_page(json.dumps({"data": [{"id": 1}] * count + [{"id": 9}]}).encode())
    with pytest.raises(SchemaError, match="Picky refuses"):
        list(page.slices())


@frozen
class FieldValue:
    value: dict[str, Any] | None
    field_name: Literal[1, "x"]


def test_a_value_of_any_type_takes_any_annotation() -> None:
    """A custom field's value has the type of its definition."""
    chosen = select_records("CustomFieldValue", FieldValue)
    assert "field_name,value" == chosen.text
    body = json.dumps({"data": [{"value": {"a": [1]}, "field_name": "x"}] * 30}).encode()
    assert [FieldValue({"a": (1,)}, "x")] * 30 == next(chosen.decode_page(body).slices())


@frozen
class Line:
    amount: Decimal
    made: datetime
    day: date
    who: Contact


def test_a_cattrs_converter_can_be_taught() -> None:
    """Classes of the caller's own that hold Clio's values structure and unstructure through cattrs."""
    converter = make_converter()
    made = converter.structure(
        {"amount": 1.5, "made": "2025-01-01T00:00:00Z", "day": "2025-01-02", "who": {"id": 1}}, Line
    )
    assert (Decimal("1.5"), date(2025, 1, 2), Contact(id=1)) == (made.amount, made.day, made.who)
    assert {"id": 1} == converter.unstructure(made)["who"]
    assert CustomFieldValue.from_dict({"value": 3}) == converter.structure({"value": 3}, CustomFieldValue)
