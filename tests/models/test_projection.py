"""An attrs class is a selection: its names are asked for, its annotations checked, its instances built."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from functools import partial
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    TypedDict,
    TypeVar,
)

import attrs
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import TypeAliasType

from clio_async.codec import ContradictionWarning, freeze
from clio_async.errors import InvalidArgument, SchemaError, UnknownField
from clio_async.models import Contact, CustomFieldValue, Matter, User, registry
from clio_async.models.converter import make_converter
from clio_async.models.record import RecordETag, Ref
from clio_async.models.selection import select, select_records, widened
from tests.resources.fake import FakeClio


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
class Empty:
    pass


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


def test_a_class_inside_of_a_function_is_a_selection_like_any_other() -> None:
    """As long as its annotations name what can be found."""

    @frozen
    class Local:
        id: int
        client: Ref | None

    assert "id,client{id,name}" == select("matters", Local).text
    assert Local(1, None) == select("matters", Local).decode(answer(id=1, client=None))


# -- every kind of annotation -----------------------------------------------------------------------------------------

T = TypeVar("T")
AnyRef = TypeVar("AnyRef", bound=Ref)
Number = NewType("Number", int)
Title = NewType("Title", str)


class Level(IntEnum):
    ONE = 1


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Text(str):
    __slots__ = ()


@dataclasses.dataclass
class Data:
    id: int


class Typed(TypedDict):
    id: int


class Tuple(NamedTuple):
    id: int


def made(name: str, hint: Any, **options: Any) -> type[Any]:
    """A class with one attribute."""
    namespace: dict[str, Any] = {"__annotations__": {name: hint}, "__module__": __name__}
    if options:
        namespace[name] = attrs.field(**options)
    return frozen(type("Made", (), namespace))


CLIENT, ALL = "client{id,name}", "client"


@pytest.mark.parametrize(
    ("resource", "name", "hint", "text"),
    [
        # an association with one record
        ("matters", "client", Ref, CLIENT),
        ("matters", "client", "Ref", CLIENT),
        ("matters", "client", "Ref | None", CLIENT),
        ("matters", "client", Optional[Ref], CLIENT),  # noqa: UP045 - the old spelling, too
        ("matters", "client", Annotated[Ref, ["unhashable"]], CLIENT),
        ("matters", "client", Annotated[Ref | None, 1], CLIENT),
        ("matters", "client", Final[Ref], CLIENT),
        ("matters", "client", NewType("NewRef", Ref), CLIENT),
        ("matters", "client", AnyRef, CLIENT),
        ("matters", "client", TypeAliasType("Client", Ref | None), CLIENT),
        ("matters", "client", T, ALL),
        ("matters", "client", Any, ALL),
        ("matters", "client", object, ALL),
        ("matters", "client", Any | None, ALL),
        ("matters", "client", None, ALL),
        ("matters", "client", Person, "client{id,name,company}"),
        # an association with many
        ("matters", "relationships", tuple[Ref, ...], "relationships{id}"),
        ("matters", "relationships", tuple["Ref", ...], "relationships{id}"),
        ("matters", "relationships", list[Ref] | None, "relationships{id}"),
        ("matters", "relationships", typing.List[Ref], "relationships{id}"),  # noqa: UP006
        ("matters", "relationships", set[Ref], "relationships{id}"),
        ("matters", "relationships", frozenset[Ref], "relationships{id}"),
        ("matters", "relationships", Sequence[Ref], "relationships{id}"),
        ("matters", "relationships", tuple[Ref | None, ...], "relationships{id}"),
        ("matters", "relationships", tuple, "relationships"),
        ("matters", "relationships", list[Any], "relationships"),
        # a text
        ("matters", "status", str, "status"),
        ("matters", "status", Title, "status"),
        ("matters", "status", Text, "status"),
        ("matters", "status", Status, "status"),
        ("matters", "status", Literal["Open"], "status"),
        ("matters", "status", Literal["Open", None], "status"),
        ("matters", "status", Literal["Open"] | str, "status"),
        ("matters", "status", Literal["Open", 1], "status"),
        ("matters", "status", int | str, "status"),
        ("matters", "status", Path, "status"),
        ("matters", "etag", RecordETag, "etag"),
        # numbers and times
        ("custom_fields", "display_order", Number, "display_order"),
        ("custom_fields", "display_order", Level, "display_order"),
        ("users", "rate", Decimal | None, "rate"),
        ("users", "rate", Decimal | int, "rate"),
        ("matters", "open_date", "date | None", "open_date"),
        # a list of texts
        ("users", "roles", list[str], "roles"),
        ("users", "roles", tuple[str, ...] | None, "roles"),
        ("users", "roles", tuple[str, ...] | list[str], "roles"),
        ("users", "roles", list[str | int], "roles"),
        ("users", "roles", list, "roles"),
        ("users", "roles", set[Status], "roles"),
    ],
    ids=str,
)
def test_an_annotation_that_fits_is_taken(resource: str, name: str, hint: Any, text: str) -> None:
    """Looked through: None, Annotated, Final, NewType, Literal, type variables, texts."""
    assert text == select(resource, made(name, hint)).text


@pytest.mark.parametrize(
    ("resource", "name", "hint"),
    [
        *[
            ("matters", "client", hint)
            for hint in (
                *(str, int, dict, dict[str, Any], Data, Typed, Tuple, Strange, Matter, Status, type[Ref]),
                *(Ref | Person, Ref | Contact | None, Ref | str, tuple[Ref, ...], list[Ref], Callable[[int], str]),
                *(Literal["x"], NewType("X", str), [], Empty),
            )
        ],
        *[
            ("matters", "relationships", hint)
            for hint in (
                *(Ref, tuple[str, ...], tuple[Ref], tuple[Ref, Ref], tuple[Ref | Person, ...]),
                *(dict[str, Ref], tuple[Ref, ...] | list[Ref], tuple[Data, ...], Iterable[Ref]),
            )
        ],
        ("matters", "custom_rate", Ref),  # it has neither id nor name
        *[
            ("matters", "status", hint)
            for hint in (
                *(int, float, bytes, date, datetime, bool, Decimal, complex, Number, Level, Mixed, Literal[1]),
                *(int | float, Ref, Person, Matter, Data, Typed, Tuple, Strange, dict, dict[str, str], list[str]),
                *(tuple[str, ...], Callable[[int], str], int | bytes, type[str], list[str] | int, Path | int),
            )
        ],
        *[("users", "rate", hint) for hint in (float, int, str, Status, int | float, tuple[Decimal, ...])],
        *[("matters", "created_at", hint) for hint in (date, str, int, date | str)],
        *[("matters", "open_date", hint) for hint in (datetime, str)],
        *[("custom_fields", "display_order", hint) for hint in (bool, str, float, Status, Title, Decimal)],
        *[
            ("users", "roles", hint)
            for hint in (
                str,
                list[int],
                tuple[Level, ...],
                list[int] | set[int],
                list[str] | set[str],
                list[int | float],
                tuple[str],
            )
        ],
    ],
    ids=str,
)
def test_an_annotation_that_cannot_hold_the_field_is_refused(resource: str, name: str, hint: Any) -> None:
    """When the class is first used, naming the attribute."""
    with pytest.raises(InvalidArgument, match=f"Made.{name}"):
        select(resource, made(name, hint))


@frozen
class Boxed(Generic[T]):
    client: T


@frozen
class Named(Boxed[Person]):
    id: int


class Shut(Boxed[Ref]):
    pass


def test_a_generic_class_is_read_as_what_it_was_given() -> None:
    """By inheritance; without, it wants anything. A class with its arguments is no class to Python."""
    assert "id,client{id,name,company}" == select("matters", Named).text
    assert CLIENT == select("matters", Shut).text
    assert ALL == select("matters", Boxed).text
    with pytest.raises(InvalidArgument):
        select("matters", Boxed[Ref])  # type: ignore[arg-type]


@frozen
class Base:
    id: int
    etag: RecordETag


@frozen(kw_only=True)
class Derived(Base):
    kind: ClassVar[str] = "derived"
    description: str | None = None
    client: Ref | None = None


def test_inherited_attributes_are_selected_too() -> None:
    """Class variables are not; attributes by keyword alone are filled like the others."""
    assert "id,etag,description,client{id,name}" == select("matters", Derived).text
    found = select("matters", Derived).decode(answer(id=1, etag="e", description="x", client=None))
    assert Derived(1, RecordETag("e"), description="x") == found


@frozen
class Private:
    _display_number: str


@frozen
class Twice:
    type: str
    type_: str


@frozen
class Nothing:
    id: int = attrs.field(init=False, default=0)


@frozen
class Unresolved:
    id: "int | nope"  # type: ignore[name-defined]  # noqa: F821, UP037


@frozen
class Unspellable:
    id: "int |"  # type: ignore[syntax]  # noqa: F722


@frozen
class Deeper:
    @frozen
    class Inner:
        id: int
        companny: Any

    client: "Inner"  # noqa: UP037


Deeper.__annotations__["client"] = Deeper.Inner


@pytest.mark.parametrize(
    ("cls", "says"),
    [
        (Private, "Did you mean 'display_number'"),
        (Misspelt, "Did you mean 'display_number'"),
        (Deeper, "Did you mean 'company'"),
        (Twice, "two attributes for Clio's type"),
        (Nothing, "no attribute that could be asked for"),
        (Unresolved, "nope"),
        (Unspellable, "cannot be resolved"),
        (Data, "no attrs class: decorate it with clio_async.frozen"),
        (Typed, "no attrs class"),
        (Tuple, "no attrs class"),
    ],
)
def test_what_is_wrong_with_a_class_is_said(cls: type, says: str) -> None:
    """With the nearest right name, where it is a name."""
    with pytest.raises(InvalidArgument, match=says):
        select("contacts" if cls is Twice else "matters", cls)


# -- what the class does itself ---------------------------------------------------------------------------------------


def test_a_converter_gets_what_clio_has() -> None:
    """The annotation is that of its result; the value comes as it is decoded. The result is not shared."""
    cls = made("display_number", int, converter=int)
    chosen = select("matters", cls)
    for count in (1, 40):
        page = chosen.decode_page(json.dumps({"data": [{"display_number": "0042"}] * count}).encode())
        assert {42} == {one.display_number for piece in page.slices() for one in piece}
    assert not chosen.shareable
    roles = select("users", made("roles", list[str], converter=sorted))
    assert ["a", "b"] == roles.decode(answer(roles=["b", "a"])).roles
    client = select("matters", made("client", Ref | None, converter=lambda found: found))
    assert (CLIENT, Ref(1, "n")) == (client.text, client.decode(answer(client={"id": 1, "name": "n"})).client)
    with pytest.raises(InvalidArgument):
        select("matters", made("client", str, converter=str))


def test_a_converter_that_refuses_is_a_schema_error() -> None:
    """As a validator that does."""
    with pytest.raises(SchemaError, match="Made refuses data"):
        select("matters", made("display_number", int, converter=int)).decode(answer(display_number="x"))


@frozen
class Factored:
    id: int
    seen: list[int] = attrs.field(init=False, factory=list)


@frozen
class PostInit:
    id: int
    seen: Any = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "seen", [])


@attrs.define(frozen=True, init=False)
class OwnInit:
    id: int
    seen: Any = attrs.field(init=False, default=None)

    def __init__(self, id: int) -> None:
        self.__attrs_init__(id)
        object.__setattr__(self, "seen", [])


@frozen
class PreInit:
    id: int

    def __attrs_pre_init__(self) -> None:
        """Do nothing."""


@frozen
class Defaulted:
    id: int
    seen: Any = attrs.field(init=False, default=())


@pytest.mark.parametrize(
    ("cls", "shared"),
    [(Factored, False), (PostInit, False), (OwnInit, False), (PreInit, False), (Mutable, False), (Defaulted, True)],
)
def test_what_a_class_makes_itself_is_not_shared(cls: Any, shared: bool) -> None:
    """A list of its own, or anything that its code makes, belongs to one caller; a constant to all."""
    assert shared == select("matters", cls).shareable
    assert 1 == select("matters", cls).decode(answer(id=1)).id


SCALARS = {"integer": int, "string": str, "etag": str, "boolean": bool, "decimal": Decimal, "date": date,
           "datetime": datetime}  # fmt: skip
FIELDS = [(name, field) for name in registry.schema_names() for field in registry.schema(name).fields.values()]


@given(st.sampled_from(FIELDS), st.sampled_from([int, str, bool, Decimal, date, datetime, float, bytes]), st.booleans())
def test_a_scalar_is_taken_where_it_is_the_fields_own(place: Any, hint: Any, many: bool) -> None:
    """Law: over all fields of all schemas, the type of the field is taken and every other one refused."""
    schema, field = place
    right = SCALARS.get(field.kind)
    cls = made(f"{field.name}_", tuple[hint, ...] if many else hint)
    if field.schema is None and right is None:
        return  # any JSON
    fits = field.schema is None and hint is right and many == field.many
    if fits:
        assert field.name == select_records(schema, cls).text
    else:
        with pytest.raises(InvalidArgument, match=field.name):
            select_records(schema, cls)


# -- values --------------------------------------------------------------------------------------------------------


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


class Stubborn(Exception):
    pass


def _group(one: Exception, text: str) -> ExceptionGroup[Exception]:
    return ExceptionGroup(text, [one])


REFUSALS = [
    KeyError,
    AttributeError,
    ZeroDivisionError,
    RuntimeError,
    ValueError,
    TypeError,
    AssertionError,
    OSError,
    Stubborn,
    partial(_group, KeyError()),
]


@frozen
class Validated:
    id: int = attrs.field(validator=lambda one, _, value: one.check(value))
    refusal: typing.ClassVar[Any] = None

    def check(self, value: int) -> None:
        if value == 9:
            raise self.refusal("confidential 9")


@frozen
class Converted:
    id: int = attrs.field(converter=lambda value: Converted.check(value))
    refusal: typing.ClassVar[Any] = None

    @classmethod
    def check(cls, value: int) -> int:
        if value == 9:
            raise cls.refusal("confidential 9")
        return value


@frozen
class Afterwards:
    id: int
    refusal: typing.ClassVar[Any] = None

    def __attrs_post_init__(self) -> None:
        if self.id == 9:
            raise self.refusal("confidential 9")


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("count", [0, 30])
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda found: getattr(found, "__name__", "group"))
@pytest.mark.parametrize("cls", [Validated, Converted, Afterwards])
def test_whatever_a_class_raises_is_a_schema_error(
    cls: Any, refusal: Any, count: int, strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the class and the place, not what the class said of a value, which is the cause."""
    monkeypatch.setattr(cls, "refusal", staticmethod(refusal))
    data = json.dumps({"data": [{"id": 1}] * count + [{"id": 9}]}).encode()
    page = select("matters", cls, strict=strict).decode_page(data)
    with pytest.raises(SchemaError) as caught:
        list(page.slices())
    assert (f"{cls.__name__} refuses data[{count}].", f"data[{count}]") == (str(caught.value), caught.value.path)
    assert "confidential" in repr(caught.value.__cause__)


@frozen
class Shape:
    a: int

    def __attrs_post_init__(self) -> None:
        if self.a == 9:
            raise KeyError("confidential")


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("value", [{"a": "x"}, {"b": 1}, {"a": 9}, [1], 5])
def test_what_cattrs_cannot_make_is_kept_and_noted(value: Any, count: int) -> None:
    """A JSON value that is wanted as a class, in another form: kept as it came, or refused when strict."""
    cls = made("value", Shape | None)
    body = json.dumps({"data": [{"value": {"a": 1}}] * (count - 1) + [{"value": value}]}).encode()
    lenient, strict = (select_records("CustomFieldValue", cls, strict=strict) for strict in (False, True))
    with pytest.warns(ContradictionWarning, match=r"CustomFieldValue\.value"):
        found = [one.value for piece in lenient.decode_page(body).slices() for one in piece]
    assert [*[Shape(1)] * (count - 1), freeze(value)] == found
    with pytest.raises(SchemaError, match=rf"data\[{count - 1}\]\.value is not what"):
        list(strict.decode_page(body).slices())


class Money(Decimal):
    pass


class Moment(datetime):
    pass


class Day(date):
    pass


class Count(int):
    pass


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("schema", "name", "hint"),
    [
        ("Bill", "total", Money),
        ("Bill", "total", Money | None),
        ("Matter", "created_at", Moment),
        ("Matter", "open_date", Day),
        ("CustomFieldValue", "value", Money),
        ("CustomFieldValue", "value", list[Day]),
    ],
)
def test_a_subclass_whose_values_would_be_plain_is_refused(schema: str, name: str, hint: Any) -> None:
    """Clio's numbers and times are of the plain types; a converter makes others of them."""
    with pytest.raises(InvalidArgument, match=f"Clio's {name} are plain: annotate it as (Decimal|datetime|date),"):
        select_records(schema, made(name, hint))
    assert select_records(schema, made(name, hint, converter=lambda value: value))


class Rate(Decimal, Enum):
    LOW = Decimal(1)


def test_the_plain_types_and_enumerations_of_them_are_taken() -> None:
    """Also for a value of any type, of which they are made."""
    assert Rate.LOW is select_records("Bill", made("total", Rate)).decode(answer(total=1)).total
    assert Decimal("1.5") == select_records("CustomFieldValue", made("value", Decimal)).decode(answer(value=1.5)).value
    assert (
        date(2025, 1, 2)
        == select_records("CustomFieldValue", made("value", date)).decode(answer(value="2025-01-02")).value
    )


def test_a_subclass_of_a_text_or_an_integer_is_what_is_built() -> None:
    """By the general way and by the compiled one."""
    cls = attrs.make_class("Both", {"id": attrs.field(type=Count), "display_number": attrs.field(type=Word)})
    for count in (1, 40):
        page = select("matters", cls).decode_page(
            json.dumps({"data": [{"id": 1, "display_number": "x"}] * count}).encode()
        )
        found = {(type(one.id), type(one.display_number)) for piece in page.slices() for one in piece}
        assert {(Count, Word)} == found


@pytest.mark.parametrize("hint", ["1/0", "{}['x']", "[][1]", "undefined", "int.undefined", "1 +", "1 < 'x'"])
def test_an_annotation_that_raises_anything_is_a_mistake_in_an_argument(hint: str) -> None:
    """A text among annotations is code."""
    cls = attrs.make_class("Odd", {"id": attrs.field(type=hint)})
    cls.__annotations__ = {"id": hint}
    with pytest.raises(InvalidArgument, match="An annotation of Odd cannot be resolved"):
        select("matters", cls)


class Comparing(type):
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        return cls is other


class Compared(str):
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return str(self) == other


@frozen
class Hashless(metaclass=Comparing):
    id: int


@pytest.mark.parametrize("fields", [Hashless, Compared("id")])
async def test_what_no_selection_can_be_kept_by_is_a_mistake_in_an_argument(fields: Any) -> None:
    """F10: nothing untyped comes out of a memo, wherever a class without a hash is given."""
    matters = FakeClio().matters
    for call in (partial(select, "matters", fields), partial(widened, "Matter", fields, ())):
        with pytest.raises(InvalidArgument, match="has no hash"):
            call()
    with pytest.raises(InvalidArgument, match="has no hash"):
        await matters.get(1, fields=fields)
    with pytest.raises(InvalidArgument, match="has no hash"):
        await matters.list(fields=fields).collect()


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


def test_a_value_of_any_type_is_made_what_it_is_wanted_as() -> None:
    """Of a custom field whose definition is known; another value is kept and noted."""
    chosen = select_records("CustomFieldValue", made("value", int))
    assert 5 == chosen.decode(answer(value=5)).value
    with pytest.warns(ContradictionWarning):
        assert "five" == chosen.decode(answer(value="five")).value


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
