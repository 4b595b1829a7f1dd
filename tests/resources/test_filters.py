"""Filters: Python values in, Clio's syntax out; what Clio would refuse, or ignore and list everything, is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from urllib.parse import parse_qsl

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, UnknownFilter
from clio_async.models import Address, CalendarEntry, Contact, Matter, registry
from clio_async.models.record import Ref
from clio_async.models.schema import Filter, Operation
from clio_async.protocol import filters
from clio_async.resources import arguments
from clio_async.resources.names import STRING_IDS
from clio_async.testing import Simulator

from .fake import FakeClio, page

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
CONFIDENTIAL = "Jane Roe v. Confidential"


class Region(Enum):
    LONDON = "london"


class Level(IntEnum):
    FIVE = 5


class When(Enum):
    THEN = date(2025, 1, 2)


class Nowhere(tzinfo):
    """A time zone that does not know its offset: what carries it is naive."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


@frozen
class Card:
    id: int
    name: str = CONFIDENTIAL


EAST = timezone(timedelta(hours=2))
NOW = datetime(2025, 3, 4, 5, 6, 7, tzinfo=EAST)
NAIVE = datetime(2025, 3, 4, 5, 6, 7)  # noqa: DTZ001 - the naive one is the point


# -- the pure functions -------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT)))
def test_a_query_reads_back_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    """Law: encoding loses nothing, sorts by name, and keeps the order of repetitions."""
    text = filters.encode(pairs)
    assert sorted(pairs, key=lambda pair: pair[0]) == parse_qsl(text, keep_blank_values=True)
    assert text.isascii()
    assert text.isprintable()


def test_what_clio_writes_literally_stays_literal() -> None:
    """Braces and commas of a selection are not encoded, as in Clio's own links."""
    assert "fields=id,client{id,name}&order=id(asc)" == filters.encode(
        [("order", "id(asc)"), ("fields", "id,client{id,name}")]
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (Decimal("1.50"), "1.50"),
        (7, "7"),
        (Level.FIVE, "5"),
        (1e21, "1" + "0" * 21),
    ],
)
def test_numbers_are_written_without_exponent(number: object, text: str) -> None:
    """A filter's number is exact, and in the form that Clio reads."""
    assert text == filters.anything("x", number)


@pytest.mark.parametrize(
    "number", [float("nan"), float("-inf"), Decimal("sNaN"), Decimal("1E+400"), Decimal("1E-999999")]
)
def test_a_number_that_would_be_endless_is_refused(number: object) -> None:
    """Neither what is no number, nor one whose digits would fill a URL."""
    with pytest.raises(InvalidArgument, match="amount"):
        filters.anything("amount", number)


ZONES = st.sampled_from([UTC, EAST, timezone(timedelta(hours=-11, minutes=-30))])


@given(st.datetimes(timezones=ZONES).filter(lambda moment: 1 < moment.year < 9999))
def test_an_instant_is_written_in_utc(moment: datetime) -> None:
    """Law: the text is the same instant, in UTC; the two ends of the calendar may not have one, and say so."""
    text = filters.instant("since", moment)
    assert text.endswith("Z")
    assert moment == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=timezone(-timedelta(hours=2)))]
)
def test_an_instant_that_utc_has_no_year_for_is_refused(moment: datetime) -> None:
    """The two ends of the calendar."""
    with pytest.raises(InvalidArgument, match="since"):
        filters.instant("since", moment)


def test_a_control_character_is_refused_wherever_it_stands() -> None:
    """CR, LF, NUL and DEL never reach a URL (F11)."""
    for character in "\r\n\x00\x7f\t":
        with pytest.raises(InvalidArgument) as caught:
            filters.text("query", f"secret{character}")
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, 7),
        (Level.FIVE, 5),
        (Ref(7), 7),
        (Card(7), 7),
        (CalendarEntry(id="70"), 70),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (0, None),
        (-7, None),
        (True, None),
        ("7", None),
        (None, None),
        (Ref("7a"), None),
        (Ref(True), None),
        (Ref("\u0667"), None),
        (Ref("9" * 19), None),
        (Ref("9" * 5000), None),
        (Ref(None), None),
        (Contact(name="no id"), None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_id_is_a_positive_integer_of_64_bits_or_a_record_that_has_one(value: object, found: int | None) -> None:
    """A text is no id, but the records of calendars have theirs in texts."""
    assert found == filters.identity(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [("open", "open"), ("Open", "open"), ("PENDING", "pending"), ("brand_new", "brand_new"), ("Straße", "Straße")],
)
def test_a_documented_value_is_spelt_as_documented(value: str, text: str) -> None:
    """Records say `Open`, the filter wants `open`; what is not documented stays as it is."""
    assert text == filters.documented(value, ("open", "pending"))


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "None"), (True, "True"), (-3, "-3"), (10**5000, "an int"), (CONFIDENTIAL, "a str"), (Card(1), "a Card")],
    ids=["none", "true", "negative", "huge", "text", "object"],
)
def test_a_message_says_what_was_given_without_repeating_it(value: object, words: str) -> None:
    """Numbers are shown, anything else is told by its type: it may be confidential, and of any length."""
    assert words == filters.told(value)


# -- every filter there is ----------------------------------------------------------------------------------------


FILTERED = [
    operation
    for name in registry.resource_names()
    for operation in registry.resource(name).operations.values()
    if operation.filters
]
over_all = pytest.mark.parametrize("operation", FILTERED, ids=lambda operation: operation.id)


RIGHT: dict[str, list[tuple[Any, str]]] = {
    "integer": [(5, "5"), (Level.FIVE, "5"), (2**63 - 1, str(2**63 - 1))],
    "string": [("text", "text"), ("Smith & Söhne/100%", "Smith & Söhne/100%"), (Region.LONDON, "london")],
    "boolean": [(True, "true"), (False, "false")],
    "date": [(date(2025, 1, 2), "2025-01-02"), ("2025-01-02", "2025-01-02"), (When.THEN, "2025-01-02")],
    "datetime": [(NOW, "2025-03-04T03:06:07Z"), ("2025-03-04T05:06:07+02:00", "2025-03-04T03:06:07Z")],
    "json": [(42, "42"), ("text", "text"), (True, "true"), (Decimal("1.50"), "1.50"), (date(2025, 1, 2), "2025-01-02")],
}
RECORDS = [(Address(id=6), "6"), (Ref(6), "6"), (Card(6), "6"), (Ref("6"), "6")]
WRONG: dict[str, list[Any]] = {
    "integer": [True, 1.0, "7", [1], Decimal(7), NOW, object(), 2**63, 10**5000, timedelta(1)],
    "string": [7, True, date(2025, 1, 2), "", " ", f"{CONFIDENTIAL}\r\nX: y", "\x00", "\ud800", b"text", object()],
    "boolean": [1, 0, "true", object()],
    "date": [7, True, NOW, NAIVE, CONFIDENTIAL, "2025-13-01", "", object(), timedelta(1)],
    "datetime": [7, NAIVE, NOW.replace(tzinfo=Nowhere()), date(2025, 1, 2), "2025-01-02", CONFIDENTIAL, object()],
    "json": [float("nan"), Decimal("Infinity"), NAIVE, "a\nb", "\ud800", b"x", object(), timedelta(1), [1], {"~": 1}],
}


def rights(found: Filter) -> Iterator[tuple[Any, list[str]]]:
    """Values that a filter takes, and what they are on the wire."""
    singles = [*RIGHT[found.kind], *[(one, one) for one in found.enum]]
    singles += RECORDS if found.kind == "integer" and found.name.endswith(("_id", "ids")) else []
    singles += [(None, "null")] if found.nullable else []
    if found.wire.endswith("[{}]"):
        yield from (({12: value}, [text]) for value, text in singles)
    elif found.comparison:
        yield from ((value, [f"={text}"]) for value, text in singles)
        yield from (({">=": value, "<": value}, [f">={text}", f"<{text}"]) for value, text in singles)
    else:
        yield from ((value, [text]) for value, text in singles)
    values, texts = [list(column) for column in zip(*singles, strict=True)]
    if found.many and not found.comparison:
        yield values, texts
        yield (value for value in values), texts
    if found.comma:
        yield values, [",".join(texts)]


def regular(operation: Operation) -> list[Filter]:
    """All filters but the ids that may be numbers or texts."""
    texts = operation.resource in STRING_IDS
    return [found for found in operation.filters.values() if not (texts and found.name == "ids")]


@pytest.mark.parametrize(
    ("given", "text"),
    [("7-2025", "7-2025"), (7, "7"), (CalendarEntry(id="7-2025"), "7-2025"), (Ref(7), "7"), ("7", "7")],
)
def test_ids_that_may_be_texts_take_both(given: Any, text: str) -> None:
    """An occurrence of a recurring calendar entry is known by a text."""
    listing = registry.resource("calendar_entries").operations["list"]
    assert [("ids[]", text)] == arguments.query_pairs(listing, {"ids": [given]}, None)


@pytest.mark.parametrize("given", ["", " ", 0, -1, True, 1.5, None, "a\r\nb", CalendarEntry(), Matter(id=7)], ids=repr)
def test_ids_that_may_be_texts_take_nothing_else(given: Any) -> None:
    """What can be no id is refused, and so is a record of another kind."""
    listing = registry.resource("calendar_entries").operations["list"]
    with pytest.raises(InvalidArgument, match="ids"):
        arguments.query_pairs(listing, {"ids": [given]}, None)


def required(operation: Operation) -> dict[str, Any]:
    return {one.name: RIGHT[one.kind][0][0] for one in operation.filters.values() if one.required}


def sent(operation: Operation, found: Filter, value: Any) -> list[str]:
    pairs = arguments.query_pairs(operation, required(operation) | {found.name: value}, None)
    return [text for wire, text in pairs if wire == found.wire.format(12)]


@over_all
def test_every_filter_writes_what_it_takes(operation: Operation) -> None:
    """Each Python type that fits, members of enumerations, records for ids, lists where several may stand."""
    for found in regular(operation):
        for value, texts in rights(found):
            assert texts == sent(operation, found, value), value


@over_all
def test_every_filter_refuses_what_it_does_not_take(operation: Operation) -> None:
    """With its own name in the message, and without the value."""
    for found in regular(operation):
        wrong = [*WRONG[found.kind], *([] if found.nullable else [None])]
        if found.kind == "integer" and found.name.endswith(("_id", "ids")):
            wrong += [0, -1, Ref(None), Contact(name=CONFIDENTIAL)]
        elif found.kind == "integer":
            wrong.append(Ref(1))
        if found.wire.endswith("[{}]"):
            wrong = (
                [{12: value} for value in wrong] + [{key: 1} for key in (0, -1, "1", None)] + [{}, [], 3, CONFIDENTIAL]
            )
        elif found.comparison:
            wrong += [{">=": value} for value in wrong] + [{}, [], (None, None), (date(2025, 1, 2),), {CONFIDENTIAL: 1}]
        elif found.many or found.comma:
            wrong = [value for value in wrong if not isinstance(value, list)]
            wrong += [[value] for value in wrong] + [[], (), iter([]), b"12"]
        for value in wrong:
            with pytest.raises(InvalidArgument) as caught:
                sent(operation, found, value)
            assert found.name in str(caught.value), value
            assert CONFIDENTIAL not in str(caught.value)
            assert len(str(caught.value)) < 200


@over_all
def test_every_enumerated_filter_takes_any_text_and_mends_the_case(operation: Operation) -> None:
    """Clio adds values without notice; a documented one is sent as documented, whichever way a record spells it."""
    for found in operation.filters.values():
        for one in found.enum if len(found.enum) > 1 else ():
            assert [one] == sent(operation, found, one.title())
            assert [one] == sent(operation, found, one.upper())
            assert ["brand_New"] == sent(operation, found, "brand_New")


@over_all
def test_every_required_filter_is_required(operation: Operation) -> None:
    """Only those; what the caller sends unchecked counts."""
    for found in operation.filters.values():
        others = {name: value for name, value in required(operation).items() if name != found.name}
        if found.required:
            assert (found.wire, "1") in arguments.query_pairs(operation, others, {found.wire: 1})
            with pytest.raises(InvalidArgument, match=f"needs {found.name}="):
                arguments.query_pairs(operation, others, None)
        else:
            arguments.query_pairs(operation, others, None)


# -- what is odd --------------------------------------------------------------------------------------------------


def pairs_of(**given: Any) -> list[tuple[str, str]]:
    return arguments.query_pairs(registry.resource("matters").operations["list"], given, None)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("open", "open"),
        ("open,pending", "open,pending"),
        ("Open,PENDING", "open,pending"),
        (["Open", "Pending"], "open,pending"),
        (("Open", "brand_new"), "open,brand_new"),
        (Matter(status="Closed").status, "closed"),
    ],
)
def test_the_status_of_matters_is_a_comma_list_in_lower_case(status: Any, text: str) -> None:
    """As the filter wants it, although records say it with a capital."""
    assert [("status", text)] == pairs_of(status=status)


def test_a_search_text_keeps_its_case() -> None:
    """What the document lists for one search is an example, not a value that could be meant."""
    operation = registry.resource("document_categories").operations["list"]
    assert [("query", "NAME")] == arguments.query_pairs(operation, {"query": "NAME"}, None)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ((45, 50), "[>=45, <=50]"),
        ((45, None), ">=45"),
        ((None, Decimal("50.5")), "<=50.5"),
        ({">=": 5}, ">=5"),
        ({">": 5, "<": 9}, "[>5, <9]"),
        ((date(2025, 1, 2), "2025-02-03"), "[>=2025-01-02, <=2025-02-03]"),
        (">=105.4", ">=105.4"),
        ("a, b", "a, b"),
        (Address(id=7), "7"),
    ],
)
def test_custom_fields_are_compared_by_their_definitions(wanted: Any, text: str) -> None:
    """Several conditions stand in one value, in brackets; a record stands for its id."""
    assert [("custom_field_values[12]", text)] == pairs_of(custom_field_values={12: wanted})
    assert [("custom_field_values[12]", text)] == pairs_of(custom_field_values={Card(12): wanted})


@pytest.mark.parametrize("wanted", [("a, b", "c"), ("a", "]"), {">": "[", "<": 9}], ids=repr)
def test_a_value_that_would_break_the_brackets_is_refused(wanted: Any) -> None:
    """Clio's syntax has no way to quote it."""
    with pytest.raises(InvalidArgument, match="custom_field_values"):
        pairs_of(custom_field_values={12: wanted})


@pytest.mark.parametrize(
    "extra",
    [
        {"ids[]": 4},
        {"open_date[]": "=2025-01-02"},
        {"custom_field_values[12]": 1},
        {"fields": "id"},
        {5: 1},
        {"a\nb": 1},
        {"a": []},
        {"a": None},
        ["a"],
    ],
    ids=repr,
)
def test_what_is_sent_unchecked_cannot_contradict_the_arguments(extra: Any) -> None:
    """Nothing is said twice: which of the two counts would be Clio's guess."""
    given = {"ids": [1], "open_date": date(2025, 1, 2), "custom_field_values": {12: 1}}
    with pytest.raises(InvalidArgument):
        FakeClio(page()).matters.list(fields="id", extra_query=extra, **given)  # type: ignore[arg-type]


async def test_what_is_sent_unchecked_is_written_by_its_own_type() -> None:
    """A sequence repeats its name; a member of an enumeration and a record stand for their values."""
    clio = FakeClio(page())
    await clio.matters.list(extra_query={"x[]": [1, Region.LONDON, Ref(7)], "y": NOW}).collect()
    pairs = [pair for pair in clio.calls[0].pairs if pair[0] in {"x[]", "y"}]
    assert [("x[]", "1"), ("x[]", "london"), ("x[]", "7"), ("y", "2025-03-04T03:06:07Z")] == pairs


async def test_a_list_of_ids_may_be_given_once() -> None:
    """An iterator is read once, however often the list is walked."""
    clio = FakeClio(page(1), page(1))
    found = clio.matters.list(fields="id", ids=(number for number in (1, 2)))
    await found.first()
    await found.collect()
    for call in clio.calls:
        assert ["1", "2"] == [value for name, value in call.pairs if name == "ids[]"]


def test_an_unknown_filter_is_refused_with_the_nearest_right_name() -> None:
    """Clio would ignore it and list everything."""
    with pytest.raises(UnknownFilter) as caught:
        pairs_of(clientid=1)
    assert "client_id" in caught.value.near
    assert "extra_query" in str(caught.value)


@pytest.mark.parametrize(
    "given", [Address(street=CONFIDENTIAL), CONFIDENTIAL, -1, None, 1.5], ids=lambda given: type(given).__name__
)
def test_a_path_takes_ids_alone_and_repeats_nothing_else(given: Any) -> None:
    """The message tells the type of what was given, not what it holds."""
    with pytest.raises(InvalidArgument, match="positive integer") as caught:
        arguments.path(registry.resource("matters").operations["get"], (given,))
    assert CONFIDENTIAL not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["2025-W01-1", "20250102", "2025W011", "2025-01-2", "2025-1-02", "02/01/2025", " 2025-01-02"]
)
def test_a_date_has_one_form(text: str) -> None:
    """Others that Python reads are refused, with an operator, too."""
    with pytest.raises(InvalidArgument, match="YYYY-MM-DD"):
        filters.day("due_at", text)
    with pytest.raises(InvalidArgument, match="YYYY-MM-DD"):
        filters.comparisons("open_date", "date", f">={text}")
    assert "2025-01-02" == filters.day("due_at", "2025-01-02")


async def test_what_list_alone_takes_is_said_of_another_verb() -> None:
    """`limit` is no misspelt `limit`."""
    clio = Simulator(matters=1).client()
    with pytest.raises(UnknownFilter) as caught:
        await clio.matters.get(1, limit=3)  # type: ignore[call-overload]
    assert "limit" not in caught.value.near
    assert str(caught.value).endswith("list() takes it, this verb does not.")
