"""Bytes to records: whatever the answer holds, a typed result, and the fast way gives what the plain way gives."""

from __future__ import annotations

import json
import warnings
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.codec import ContradictionWarning, Decoder, JsonObject, Ledger, Page
from clio_async.codec.compiled import compile_plan
from clio_async.codec.structure import structure
from clio_async.errors import DecodeError, SchemaError
from clio_async.models.plans import record_plan
from clio_async.models.selection import select

TREE = {
    "id": None,
    "etag": None,
    "name": None,
    "status": None,
    "due_at": None,
    "statute_of_limitations": None,
    "time_estimated": None,
    "created_at": None,
    "matter": ("id", "display_number", "open_date"),
    "assigner": ("id", "rate", "roles"),
    "reminders": ("id", "created_at"),
    "time_entries": ("id", "price", "currency"),
}
GOOD: dict[str, Any] = {
    "id": 1,
    "etag": '"a"',
    "name": "Call",
    "status": "pending",
    "due_at": "2025-03-04",
    "statute_of_limitations": False,
    "time_estimated": 60,
    "created_at": "2025-10-05T08:10:25-04:00",
    "matter": {"id": 2, "display_number": "0001", "open_date": None},
    "assigner": {"id": 3, "rate": 10.5, "roles": ["a", "b"]},
    "reminders": [{"id": 4, "created_at": "2025-01-01T00:00:00Z"}],
    "time_entries": [{"id": 5, "price": 7, "currency": {"id": 1, "etag": "x"}}],
}


def decoder(*, strict: bool = False) -> Decoder[Any]:
    return Decoder(record_plan("Task", TREE), Ledger(strict=strict))


def body(data: object, **rest: object) -> bytes:
    return json.dumps({"data": data, **rest}).encode()


def test_a_record_holds_python_values() -> None:
    """Dates, aware instants with their own offset, exact decimals, tuples, nested records."""
    task = decoder().record(body(GOOD))
    assert (1, "Call", date(2025, 3, 4)) == (task.id, task.name, task.due_at)
    assert timedelta(hours=-4) == task.created_at.utcoffset()
    assert datetime.fromisoformat("2025-10-05T12:10:25Z") == task.created_at
    assert ("0001", None) == (task.matter.display_number, task.matter.open_date)
    assert (Decimal("10.5"), ("a", "b")) == (task.assigner.rate, task.assigner.roles)
    assert isinstance(task.time_entries[0].price, Decimal)
    assert 4 == task.reminders[0].id


SCALARS = st.sampled_from(
    [
        *(None, 0, 7, -1, 2**60, True, False, 1.5, "", "x", "2025-01-02", "2025-W01-1", "0000-00-00"),
        *("2025-01-02T03:04:05", "2025-01-02T03:04:05+02:00", [], [1], ["x"], [[]], [{"id": 1}]),
        *({}, {"id": 1}, {"id": "x"}, {"redacted": True}),
    ]
)


def near(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects like a good one, with a key or two spoiled, and now and then one missing or added."""
    inner = [st.tuples(st.just(key), near(value)) for key, value in good.items() if isinstance(value, dict)]
    items = [
        st.tuples(st.just(key), near(value[0]).map(lambda item: [item, item]))
        for key, value in good.items()
        if isinstance(value, list) and isinstance(value[0], dict)
    ]
    spoiled = st.one_of(st.tuples(st.sampled_from([*good]), SCALARS), *inner, *items)
    added = st.dictionaries(st.sampled_from(["extra_key", "permission", "redacted"]), SCALARS, max_size=1)
    removed = st.sets(st.sampled_from([*good]), max_size=1)

    def changed(changes: list[Any], more: dict[str, Any], gone: set[str]) -> dict[str, Any]:
        merged = good | dict(changes) | more
        return {key: value for key, value in merged.items() if key not in gone}

    return st.builds(changed, st.lists(spoiled, max_size=2), added | st.just({}), removed | st.just(set()))


MIXED = st.lists(st.just(GOOD) | near(GOOD), min_size=1, max_size=4)


@given(MIXED)
def test_the_compiled_loop_gives_what_the_definition_gives(documents: list[dict[str, Any]]) -> None:
    """Law: for any objects, compiled and general decoding yield equal records and note equal contradictions."""
    plan = record_plan("Task", TREE)
    surprises: list[int] = []

    def other(document: Any, index: int) -> Any:
        surprises.append(index)
        return structure(plan, document, "data", fast)

    documents = json.loads(json.dumps(documents), parse_float=Decimal)
    slow, fast = Ledger(), Ledger()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ContradictionWarning)
        expected = [structure(plan, document, "data", slow) for document in documents]
        found = compile_plan(plan)(documents, other)
    assert expected == found
    assert [repr(record) for record in expected] == [repr(record) for record in found]
    assert slow.counts == fast.counts
    assert [] == [index for index in surprises if documents[index] == GOOD]  # the control: good ones take the fast way


@given(MIXED)
def test_strict_decoding_ends_in_a_record_or_a_schema_error(documents: list[dict[str, Any]]) -> None:
    """Law: strictness raises nothing but `SchemaError`, and it knows the path (F10)."""
    paths: list[str] = []
    try:
        list(decoder(strict=True).page(body(documents)).slices())
    except SchemaError as error:
        paths.append(error.path)
    assert all(path.startswith("data[") for path in paths)


def test_a_page_is_built_by_the_loop_and_a_record_before_it_is_not() -> None:
    """A loop is compiled when there is enough to build; the records are the same."""
    one = decoder()
    first = one.record(body(GOOD))
    assert one._loop is None
    page = [record for piece in one.page(body([GOOD] * 20)).slices() for record in piece]
    assert one._loop is not None
    assert {first} == {*page, one.record(body(GOOD))}


WRONG_ENVELOPES = {
    "no data": ({"error": {}}, "record"),
    "null": ({"data": None}, "record"),
    "a list for a record": ({"data": []}, "record"),
    "an object for a page": ({"data": {}}, "page"),
    "a text": ({"data": "UmF0ZUxpbWl0ZWQ="}, "record"),
    "not an object at all": ([], "record"),
    "a number": (1, "page"),
}


@pytest.mark.parametrize(("answer", "kind"), WRONG_ENVELOPES.values(), ids=WRONG_ENVELOPES.keys())
def test_a_wrong_envelope_is_a_schema_error(answer: object, kind: str) -> None:
    """An answer whose data is missing or of another shape says so, lenient or not (F10)."""
    with pytest.raises(SchemaError) as caught:
        getattr(decoder(), kind)(json.dumps(answer).encode())
    assert "data" == caught.value.path


@pytest.mark.parametrize("records", [1, 30])
def test_a_page_with_something_that_is_no_record_says_where(records: int) -> None:
    """The path names the place in the page, in both ways of decoding."""
    page = decoder().page(body([GOOD] * records + [7]))
    with pytest.raises(SchemaError) as caught:
        list(page.slices())
    assert f"data[{records}]" == caught.value.path


def test_a_contradiction_is_kept_counted_and_warned_about_once() -> None:
    """Lenient: no user wakes because a number became a text (F10)."""
    lenient = decoder()
    spoiled = GOOD | {"time_estimated": "sixty", "reminders": {"id": 1}, "matter": [1]}
    with pytest.warns(ContradictionWarning) as caught:
        task = lenient.record(body(spoiled))
    assert ("sixty", {"id": 1}, (1,)) == (task.time_estimated, task.reminders, task.matter)
    assert 3 == len(caught)
    lenient.record(body(spoiled))  # warnings are errors here: a second one would fail
    assert {("Task", "time_estimated"): 2, ("Task", "reminders"): 2, ("Task", "matter"): 2} == lenient.ledger.counts
    assert "sixty" not in "".join(str(warning.message) for warning in caught)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "1"}, "data.id"),
        ({"id": None}, "data.id"),
        ({"id": True}, "data.id"),
        ({"matter": {"id": 1.5}}, "data.matter.id"),
        ({"reminders": [{"id": 1}, {"id": "x"}]}, "data.reminders[1].id"),
        ({"created_at": "2025-01-02T03:04:05"}, "data.created_at"),
        ({"due_at": "20250102"}, "data.due_at"),
        ({"assigner": {"roles": ["a", 1]}}, "data.assigner.roles[1]"),
        ({"assigner": {"rate": "10.5"}}, "data.assigner.rate"),
    ],
)
def test_strict_decoding_names_the_path(change: dict[str, Any], path: str) -> None:
    """`strict=True` says where the answer contradicts the schema (F10)."""
    with pytest.raises(SchemaError) as caught:
        decoder(strict=True).record(body(GOOD | change))
    assert path == caught.value.path


def test_what_clio_adds_is_no_contradiction() -> None:
    """Unknown fields, unknown enum values, fields that were not asked for, and nulls pass, even strictly (F10)."""
    task = decoder(strict=True).record(
        body(GOOD | {"status": "someday", "brand_new": {"a": [1]}, "permission": "public", "name": None})
    )
    assert ("someday", "public", None) == (task.status, task.permission, task.name)
    assert {"brand_new": JsonObject({"a": (1,)})} == task.extra


def test_a_redacted_association_is_recognisable() -> None:
    """What Clio withheld is told apart from what was not asked for."""
    task = decoder(strict=True).record(body(GOOD | {"matter": {"id": 9, "redacted": True}}))
    assert (True, 9, False) == (task.matter.redacted, task.matter.id, task.redacted)


def test_hostile_depth_inside_a_record_is_a_decode_error() -> None:
    """A body that the parser can read but nothing else should recurse over ends typed (F8)."""
    deep = b'{"data":{"id":1,"x":' + b"[" * 500 + b"]" * 500 + b"}}"
    with pytest.raises(DecodeError):
        decoder().record(deep)
    companies = b'{"data":' + b'{"company":' * 300 + b"{}" + b"}" * 300 + b"}"
    with pytest.raises(DecodeError):
        select("contacts", "id").decode(companies)


def page_of(count: int, **meta: object) -> Page[Any]:
    return decoder().page(body([GOOD | {"id": number} for number in range(1, count + 1)], meta=meta))


def test_the_records_of_a_page_are_built_once_and_shared() -> None:
    """Two walks over one page, also interleaved, see the same objects."""
    page = page_of(150)
    first, second = page.slices(), page.slices(40)
    a = [*next(first)]
    b = [*next(second), *next(second)]
    a += [record for piece in first for record in piece]
    b += [record for piece in second for record in piece]
    assert [*range(1, 151)] == [record.id for record in a]
    assert all(one is other for one, other in zip(a, b, strict=True))
    assert 150 == len(page) == sum(len(piece) for piece in page.slices())


def test_a_page_knows_its_neighbours() -> None:
    """Links and the total come from `meta`, where they are what they should be."""
    page = page_of(1, paging={"next": "https://x/next", "previous": "https://x/previous"}, records=17)
    assert ("https://x/next", "https://x/previous", 17) == (page.next, page.previous, page.total)


LAST: list[dict[str, Any]] = [
    {},
    {"meta": None},
    {"meta": {}},
    {"meta": {"paging": None}},
    {"meta": {"paging": {}}},
    {"meta": {"paging": {"next": None}, "records": "x"}},
    {"meta": {"paging": {"next": "", "previous": 7}}},
]
UNUSABLE: list[Any] = [{}, {"url": "https://x/next"}, [], ["https://x/next"], 0, 7, 1.5, True, False]


def unusable() -> list[Any]:
    """Each part of `meta` that leads to the next link, malformed."""
    holders = [one for one in (*UNUSABLE, "", "x") if not isinstance(one, dict)]
    return [*holders, *({"paging": one} for one in holders), *({"paging": {"next": one}} for one in UNUSABLE)]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("tree", LAST)
def test_a_page_that_names_no_next_one_is_the_last(tree: dict[str, Any], strict: bool) -> None:
    """What is absent, null or an empty text ends a list."""
    page = decoder(strict=strict).page(body([GOOD], **tree))
    assert page.is_last
    assert (None, None, None) == (page.next, page.previous, page.total)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("meta", unusable())
def test_a_malformed_link_does_not_end_a_list(meta: object, strict: bool) -> None:
    """In either mode it is an error to ask for it; the records of the page are there."""
    page = decoder(strict=strict).page(body([GOOD], meta=meta))
    assert not page.is_last
    with pytest.raises(SchemaError) as caught:
        _ = page.next
    assert "meta.paging.next" == caught.value.path
    assert (None, None) == (page.previous, page.total)
    assert 1 == len(next(page.slices()))


def test_selections_decode_what_they_ask_for() -> None:
    """The default selection of a resource gives records whose unasked attributes are absent, not null."""
    matter = select("matters").decode(body({"id": 1, "etag": '"x"', "description": None}))
    assert matter.description is None
    assert "location" not in matter
