"""What a sweep reads of many records at once, by what they have in common, is what each of them shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async.codec.ledger import Ledger
from clio_async.codec.structure import structure
from clio_async.models import Contact, Matter
from clio_async.models.plans import record_plan
from clio_async.models.record import Record, Validators, stamp
from clio_async.resources.sweeps import likeness
from clio_async.resources.sweeps.likeness import Carried
from clio_async.resources.sweeps.tags import Tags, facts_of, facts_shown

TREE = {"id": None, "etag": None, "client": ("id", "etag"), "user": ("id",)}


def names_in(record: Record) -> tuple[str, ...]:
    """Ask for each attribute whether it is there."""
    return tuple([name for name in record.__fields__ if name in record])


def inside(value: Any) -> tuple[str, ...] | None:
    rows = value if isinstance(value, tuple) else (value,)
    found = [name for row in rows if isinstance(row, Record) and not row.redacted for name in names_in(row)]
    return tuple(dict.fromkeys(found)) or None


def by_definition(record: Matter) -> dict[str, tuple[str, ...] | None]:
    nested = {"client", "relationships"}
    return {name: inside(getattr(record, name)) if name in nested else None for name in names_in(record)}


def carried(records: list[Matter]) -> list[Any]:
    """Return the selections that records hold, each once, in the order in which they are met."""
    found = Carried()
    for record in records:
        found.add(record)
    return [*found.trees()]


def of_contact(names: set[str], redacted: bool) -> Contact:
    values: dict[str, Any] = dict.fromkeys(names, "x")
    return Contact.from_dict({**values, "id": 7} | ({"redacted": True} if redacted else {}))


CONTACTS = st.builds(of_contact, st.sets(st.sampled_from(["etag", "name", "prefix"])), st.booleans())


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """A record with few of a few attributes, so that many have as many, and some are alike."""
    values: dict[str, Any] = dict.fromkeys(draw(st.sets(st.sampled_from(["etag", "status", "location"]))), "x")
    record = Matter.from_dict({"id": 1, **values} | draw(st.sampled_from([{}, {"redacted": False}, {"unknown": 1}])))
    present = {name: getattr(record, name) for name in names_in(record)}
    if draw(st.booleans()):
        present["client"] = draw(st.none() | st.just("unreadable") | CONTACTS)
    if draw(st.booleans()):
        present["relationships"] = tuple(draw(st.lists(CONTACTS | st.none(), max_size=3)))
    made = Matter(**present)
    if draw(st.booleans()):
        stamp(made, Validators())
    return made


STAMPED = Matter(id=1)
stamp(STAMPED, Validators())


def check(records: list[Matter]) -> None:
    expected = {tuple(by_definition(record).items()): None for record in records}
    assert [*expected] == [tuple(tree.items()) for tree in carried(records)]


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_what_records_hold_is_what_each_of_them_holds(data: st.DataObject) -> None:
    """Law: in whatever order they come, and whatever they have in common."""
    check([data.draw(matters()) for _ in range(data.draw(st.integers(0, 20)))])


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_set_beside_attributes_makes_no_other_record_alike(order: int) -> None:
    """One that refers to as many objects, since its answer could be validated, has other attributes."""
    check([STAMPED, Matter(id=1, etag="x")][::order])


def test_as_many_attributes_may_be_others() -> None:
    """However many kinds of records there are with as many attributes, each is seen; few are remembered."""
    names = Matter.__fields__[: likeness._MOST + 3]
    assert [{name: None} for name in names] == carried([Matter(**{name: None}) for name in names] * 2)


def test_records_that_are_alike_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attributes of the first one of them are; of the others it is seen that they are alike."""
    looks = 0
    look = likeness._looked_at

    def counted(record: Record) -> Any:
        nonlocal looks
        looks += 1
        return look(record)

    monkeypatch.setattr(likeness, "_looked_at", counted)
    carried([Matter(id=number, client=Contact(id=7, name="x")) for number in range(100)])
    assert 2 == looks


TAG = st.sampled_from(["x", "", None, 7])


def some(**values: Any) -> Any:
    """A JSON object with some of the keys."""
    return st.fixed_dictionaries({}, optional=values)


NESTED = (
    st.none() | st.just("unreadable") | st.just([]) | some(id=st.none() | st.just(7), etag=TAG, redacted=st.booleans())
)
DOCUMENTS = some(id=st.just(1), etag=TAG, redacted=st.booleans(), client=NESTED, user=NESTED)


@settings(deadline=None)
@given(DOCUMENTS, st.booleans())
@example({"id": 1, "etag": "x", "client": {"id": 7, "etag": "y"}, "user": {"id": 8}}, True)
@example({"id": 1, "etag": "x", "client": {"id": 7, "etag": "y", "redacted": True}}, False)
@example({"id": 1, "etag": "x", "client": {"id": 7}}, False)
@example({"id": 1, "etag": "x", "client": "unreadable"}, False)
@example({"id": 1, "etag": "x", "client": None}, True)
def test_tags_are_read_as_they_are_defined(document: dict[str, Any], wanted: bool) -> None:
    """Law: of a JSON object, and of the record that is made of it, the short way gives what the long one gives."""
    tags = Tags(TREE)
    assert facts_shown(document, TREE) == tags.shown(document)
    record = structure(record_plan("Matter", TREE), document, "data", Ledger())  # contradictions are kept as they came
    for held in (record, Matter(**{name: getattr(record, name) for name in names_in(record)})):
        assert facts_of(held, TREE, wanted=wanted) == tags.of(held, wanted=wanted)


def test_tags_of_what_is_expected_take_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the law would hold of one way and itself."""
    document = {"id": 1, "etag": "x", "client": {"id": 7, "etag": "y"}, "user": None}
    tags, expected = Tags(TREE), {"etag": "x", "client": (7, "y"), "user": None}
    record = Matter.from_dict(document)
    monkeypatch.setattr("clio_async.resources.sweeps.tags._facts", None)
    assert [expected, expected] == [tags.shown(document), tags.of(record)]
