"""Answers that contradict Clio's document: no error unless strict, and then one with the path (F10)."""

from __future__ import annotations

import copy
import pickle
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.codec import ContradictionWarning, freeze, parse
from clio_async.codec.frozen import SECRET
from clio_async.errors import ClioError, OutcomeUnknown, SchemaError
from clio_async.models import registry, selection
from clio_async.models.record import Record
from clio_async.resources import base

from ..operations.answers import in_full, written
from ..operations.calls import Verb, carried_out, verbs
from ..operations.damage import NEW, WRONG, Place, grown, leaves, never_null, nulled, places, spoiled
from ..operations.document import SPEC, Operation, Schema, document
from ..operations.selections import projection
from ..operations.server import Server

pytestmark = pytest.mark.skipif(
    not SPEC.exists(), reason=f"{SPEC.name} is not beside the project; it is not part of it"
)

SCHEMAS: dict[str, Schema] = {}
if SPEC.exists():
    answers = [operation.answer for operation in document().operations.values() if operation.answer is not None]
    SCHEMAS |= {answer["title"]: answer for answer in sorted(answers, key=lambda answer: str(answer["title"]))}

every_schema = pytest.mark.parametrize("name", SCHEMAS)
reading = pytest.mark.parametrize("verb", [verb for verb in verbs() if "fields" in verb.named], ids=str)


@contextmanager
def noted() -> Iterator[list[str]]:
    """Collect what is warned about, as ``Schema.field``."""
    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
    assert {ContradictionWarning} >= {one.category for one in caught}
    found += [str(one.message).partition(" ")[0] for one in caught]


def decode(name: str, body: bytes, *, strict: bool) -> Any:
    """Decode an answer with one record. Nothing of that schema has been warned about before."""
    found = selection.select_records(name, strict=strict)
    found.ledger.counts.clear()
    return found.decode(body)


def forgetful() -> None:
    """Let nothing have been warned about yet: what has been is kept with a selection, for all clients."""
    selection._by_names.cache_clear()
    base._prepared.cache_clear()


# -- one at a time ------------------------------------------------------------------------------------------------


@every_schema
def test_a_contradiction_is_kept_and_warned_about_once_or_refused_with_its_path(name: str) -> None:
    """F10: any wrong value, at every place of a record and of those it leads to. Which of the two, strictness says."""
    for place, value in wrong_values(SCHEMAS[name]):
        body = written({"data": place.record(value)})
        with noted() as warned:
            record = decode(name, body, strict=False)
        assert freeze(parse(written(value))) == place.find(record), place.path
        assert [f"{place.owner}.{place.field}"] == warned, place.path
        assert f"data{place.path}" == strict_path(name, body)


def strict_path(name: str, body: bytes) -> str | None:
    """Return the path of the contradiction that a strict client refuses; None if it finds none."""
    try:
        decode(name, body, strict=True)
    except SchemaError as error:
        return error.path
    return None


def wrong_values(schema: Schema) -> Iterator[tuple[Place, Any]]:
    """Yield every place with everything that is wrong there; within other records with one thing each."""
    for number, place in enumerate(places(document(), schema)):
        choices = WRONG[place.kind]
        shallow = place.path.count(".") == 1
        for value in choices if shallow else [choices[number % len(choices)]]:
            yield place, value


@every_schema
def test_null_is_no_contradiction_but_where_it_never_is(name: str) -> None:
    """At every place; of an item of a list nothing is said, and nothing is known to be null there."""
    for place in places(document(), SCHEMAS[name]):
        if place.path.endswith("]"):
            continue
        expected = [f"{place.owner}.{place.field}"] if never_null(place.owner, place.field) else []
        body = written({"data": place.record(None)})
        with noted() as warned:
            assert place.find(decode(name, body, strict=False)) is None
        assert expected == warned, place.path
        assert (f"data{place.path}" if expected else None) == strict_path(name, body)


@every_schema
def test_a_class_of_the_caller_takes_what_contradicts_it(name: str) -> None:
    """Its attributes hold the values as they came, or None where there is none: with a warning each, or an error."""
    schema = SCHEMAS[name]
    card = projection(document(), schema)
    lenient, strict = (selection.select_records(name, card, strict=strict) for strict in (False, True))
    lenient.ledger.counts.clear()
    tree = spoiled(document(), schema, 1)
    own = {field.name for field in attrs.fields(card)}
    wrong = [found for found in leaves(document(), schema, tree) if found.kind is not None]
    shown = [found for found in wrong if found.path == f".{found.field}" and found.field in own]
    within = [found for found in wrong if found.path.count(".") == 2 and found.kind != "record"]
    with noted() as warned:
        read = lenient.decode(written({"data": tree}))
    assert type(read) is card
    assert sorted({found.name for found in (*shown, *within)}) == sorted(warned)
    for found in shown:
        assert freeze(parse(written(tree[found.field]))) == getattr(read, found.field)
    with pytest.raises(SchemaError) as caught:
        strict.decode(written({"data": tree}))
    assert caught.value.path.removeprefix("data") in {found.path for found in wrong}
    lenient.ledger.counts.clear()
    with noted() as warned:
        empty = lenient.decode(b'{"data": {}}')
    assert {None} == {getattr(empty, field) for field in own}
    assert sorted(f"{name}.{field}" for field in own) == sorted(warned)


# -- through every operation that gives records --------------------------------------------------------------------


async def answered(verb: Verb, record: Any, *, strict: bool) -> Any:
    """Call a verb that is answered so; return the first of the records that it gave."""
    server = Server(document(), record)
    found = await carried_out(server.client(cache=None, strict=strict), verb, verb.least())
    return found[0] if isinstance(found, list) else found


async def refusal(verb: Verb, record: Any = ..., *, strict: bool, body: bytes | None = None) -> SchemaError:
    """Call a verb whose answer cannot be read; return the error. A write says that it may have been applied."""
    server = Server(document(), record)
    server.body = body
    with pytest.raises((SchemaError, OutcomeUnknown)) as caught:
        await carried_out(server.client(cache=None, strict=strict), verb, verb.least())
    error = caught.value if isinstance(caught.value, SchemaError) else caught.value.__cause__
    assert isinstance(error, SchemaError)
    return error


OPERATIONS: dict[Verb, Operation] = {}


async def operation_of(verb: Verb) -> tuple[Operation, Schema]:
    """Return the operation that a verb is, and the schema of its records. Nothing was warned about these yet."""
    if verb not in OPERATIONS:
        server = Server(document())
        await carried_out(server.client(cache=None), verb, verb.least())
        OPERATIONS[verb] = server.seen[0].operation
    schema = OPERATIONS[verb].answer
    assert schema is not None
    forgetful()
    return OPERATIONS[verb], schema


@reading
async def test_what_clio_adds_is_no_contradiction(verb: Verb) -> None:
    """New fields at every level, and new values of enumerations: no error and no warning, strict or not (F10)."""
    _, schema = await operation_of(verb)
    sent = in_full(document(), schema)
    listed = {name: said for name, said in document().properties(schema).items() if "enum" in said}
    sent |= dict.fromkeys(listed, "brand_new_value")
    for strict in (False, True):
        with noted() as warned:
            record = await answered(verb, grown(sent), strict=strict)
        assert [] == warned
        assert freeze(NEW) == record.extra
        assert {*listed} == {name for name in listed if getattr(record, name) == "brand_new_value"}
        assert grown(sent).keys() == record.to_dict().keys()
    survives(record)


@reading
async def test_everything_wrong_at_once_is_one_warning_for_each_field(verb: Verb) -> None:
    """However many records are wrong, and however often; strict, it is an error with the path of one of them (F10)."""
    _, schema = await operation_of(verb)
    sent = [spoiled(document(), schema, number) for number in range(3)]
    wrong = [found for found in leaves(document(), schema, sent[0]) if found.kind is not None]
    with noted() as warned:
        records = [await answered(verb, one, strict=False) for one in sent]
    survives(records[len(warned) % 3])
    assert sorted({found.name for found in wrong}) == sorted(warned)
    for one in sent:
        path = (await refusal(verb, one, strict=True)).path
        assert re.sub(r"^data(\[0\])?", "", path) in {found.path for found in wrong}


@reading
async def test_nulls_everywhere_are_read(verb: Verb) -> None:
    """A record full of nulls, with others full of nulls in it, is one that only misses what is never null (F10)."""
    _, schema = await operation_of(verb)
    sent = nulled(document(), schema)
    missed = [found for found in leaves(document(), schema, sent) if never_null(found.owner, found.field)]
    with noted() as warned:
        survives(await answered(verb, sent, strict=False))
    assert sorted({found.name for found in missed}) == sorted(warned)
    if missed:
        path = (await refusal(verb, sent, strict=True)).path
        assert re.sub(r"^data(\[0\])?", "", path) in {found.path for found in missed}


ENVELOPES = [b"{}", b'{"meta": {}}', b'{"Data": {}}', b'{"data": null}', b'{"data": 7}', b'{"data": "x"}', b"[]", b"7"]


@reading
async def test_an_answer_without_its_data_is_refused(verb: Verb) -> None:
    """Where an object is due, no list will do, nor nothing; and the other way round: strict or not (F10)."""
    many = (await operation_of(verb))[0].many
    other = [b'{"data": {}}', b'{"data": {"id": 1}}'] if many else [b'{"data": []}', b'{"data": [{"id": 1}]}']
    if verb.name == "update" and "get" not in registry.resource(verb.resource).operations:
        other.pop()  # the record is then read from a list, and this is one
    for number, body in enumerate((*ENVELOPES, *other)):
        assert "data" == (await refusal(verb, strict=number % 2 == 0, body=body)).path
    for strict in (False, True):
        assert "data" == (await refusal(verb, strict=strict, body=other[0])).path
    if many:
        for item in (b"null", b"7", b'"x"', b"[]"):
            body = b'{"data": [{}, ' + item + b"]}"
            assert "data[1]" == (await refusal(verb, strict=False, body=body)).path


# -- any damage ---------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=12) | st.sampled_from(["2025-03-30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_strictness_refuses_exactly_what_is_warned_about(data: st.DataObject) -> None:
    """Law: any values at any places are read; strict, they are refused if one of them is noted, and only then (F10)."""
    name = data.draw(st.sampled_from([*SCHEMAS]))
    chosen = data.draw(st.lists(st.sampled_from([*places(document(), SCHEMAS[name])]), min_size=1, max_size=4))
    record: dict[str, Any] = {}
    for place in chosen:
        record |= place.record(data.draw(JSON))
    body = written({"data": record})
    with noted() as warned:
        read = decode(name, body, strict=False)
    survives(read)
    path = strict_path(name, body)
    assert bool(warned) is (path is not None)
    assert path is None or any(path.startswith(f"data{place.path.partition('[')[0]}") for place in chosen)


def without_secrets(value: Any) -> Any:
    """Return a JSON value as a pickle holds it: whose address or secret it is, nobody is to find in a queue."""
    if isinstance(value, dict):
        return {name: without_secrets(one) for name, one in value.items() if name not in SECRET}
    return [without_secrets(one) for one in value] if isinstance(value, list) else value


def survives(record: Record) -> None:
    """Do with a record whatever does not ask for an attribute of a type."""
    assert repr(record)
    assert isinstance(record.to_dict(), dict)
    assert parse(record.to_json()) is not None
    assert hash(record) == hash(copy.deepcopy(record))
    assert without_secrets(record.to_dict()) == pickle.loads(pickle.dumps(record)).to_dict()
    for name in ("duration", "rounded_duration", "custom_fields"):
        if isinstance(getattr(type(record), name, None), property):
            derived(record, name)


def derived(record: Record, name: str) -> None:
    """Ask for what is made of attributes: it may be none, or refuse with an error that says why."""
    try:
        found = getattr(record, name)
        assert repr(found)
        if name == "custom_fields":
            list(found)
    except ClioError:
        return
