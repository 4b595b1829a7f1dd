"""Every operation of Clio's document, through the public API and back."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from clio_async import Secret

from . import requests
from .answers import differences, in_full
from .calls import Arguments, Verb, carried_out, verbs
from .document import SPEC, Operation, Schema, document
from .selections import everything, projection
from .server import ADDRESS, HTML, IDS, ROWS, Server

LEFT_TO_CLIO = Path(__file__).parent / "left_to_clio.txt"

pytestmark = pytest.mark.skipif(
    not SPEC.exists(), reason=f"{SPEC.name} is not beside the project; it is not part of it"
)

every_verb = pytest.mark.parametrize("verb", verbs(), ids=str)
reading = pytest.mark.parametrize("verb", [verb for verb in verbs() if "fields" in verb.named], ids=str)


@pytest.fixture
def server() -> Server:
    return Server(document())


async def called(server: Server, verb: Verb, given: Arguments, **more: Any) -> tuple[requests.Checked, Any]:
    """Call a verb, and return the one request that it sent, and what it gave."""
    before = len(server.seen)
    found = await carried_out(server.client(cache=None, strict=True), verb, given, **more)
    (sent,) = server.seen[before:]
    return sent, found


async def operation_of(verb: Verb) -> Operation:
    """Return the operation that a verb is: of what it sends."""
    sent, _ = await called(Server(document()), verb, verb.least())
    return sent.operation


async def test_all_282_operations_are_called() -> None:
    """The verbs of the public API reach every operation of the document, each by one verb."""
    found = [(await operation_of(verb)).id for verb in verbs()]
    assert sorted(document().operations) == sorted(found)
    assert 282 == len(found)


@every_verb
async def test_what_a_verb_takes_is_what_the_document_has(verb: Verb, server: Server) -> None:
    """Every argument, of every type that its signature allows, makes a valid request: path, query, header fields, body.

    And every parameter and attribute of the document has an argument: none is forgotten.
    """
    least, _ = await called(server, verb, verb.least())
    assert [] == [fault for fault in least.wrong if fault.kind != "required"]  # see the test of what is left to Clio
    more = {"if_match": '"x"'} if "if_match" in verb.named else {}
    sent = [(await called(server, verb, given, **more))[0] for given in (*verb.all(), *verb.nulls())]
    operation = least.operation
    assert {operation} == {found.operation for found in sent}
    assert [] == [fault for found in sent for fault in found.wrong]
    filled = frozenset[str]().union(*[found.named for found in sent])
    declared = {f"{place} {name}" for place, name in operation.parameters if place != "path"}
    places = {f"body {place}" for place in body_places(operation.body or {})}
    assert set() == (declared | places) - filled - ELSEWHERE - SELF_EXPLAINING.get(operation.id, set())
    always = {"header x-api-version"} & declared
    assert all(always <= found.named for found in (least, *sent))


ELSEWHERE = {
    "query page_token",  # it is in the links that Clio gives
    "header if-none-match",  # the layers of the client add it: see the test of a second read
    "header if-modified-since",  # for want of a tag
}
SELF_EXPLAINING = {
    "BillableMatter#ids": {"query fields"},  # ids alone have no fields to choose
    "DocumentVersion#index": {"query id"},  # it is in the path
}


def body_places(schema: Schema, before: str = "") -> Iterator[str]:
    for name, said in schema.get("properties", {}).items():
        place = f"{before}{name}"
        yield place
        if said["type"] == "array":
            yield from body_places(said["items"], f"{place}[].")
        yield from body_places(said, f"{place}.")


async def test_what_is_required_and_left_to_clio_is_listed() -> None:
    """The least that the types ask for lacks nothing that the document requires, but what is in a list."""
    left: list[str] = []
    for verb in verbs():
        sent, _ = await called(Server(document()), verb, verb.least())
        left += [f"{fault.operation} {fault.place}" for fault in sent.wrong if fault.kind == "required"]
    assert LEFT_TO_CLIO.read_text().splitlines() == sorted(left)


async def test_every_excuse_is_needed() -> None:
    """An exception that covers no fault should go."""
    used = set()
    for verb in verbs():
        operation = await operation_of(verb)
        if any(fnmatchcase(operation.id, excuse[0]) for excuse in requests.EXCUSED):
            for given in verb.all():
                sent, _ = await called(Server(document()), verb, given)
                used |= {fault.excuse for fault in sent.faults}
    assert {*requests.EXCUSED} == used - {None}


# -- and back -----------------------------------------------------------------------------------------------------


def wrong(server: Server, operation: Operation, found: Any) -> list[str]:
    """Return where the records that a call gave do not hold what was sent."""
    assert operation.answer is not None
    assert isinstance(found, list) is operation.many
    records = found if operation.many else [found]
    assert len(records) == len(server.sent) == (ROWS if operation.many else 1)
    pairs = zip(server.sent, records, strict=True)
    return [text for sent, record in pairs for text in differences(server.document, operation.answer, sent, record)]


@reading
async def test_everything_that_an_answer_holds_can_be_read(verb: Verb, server: Server) -> None:
    """F10: also what was not asked for: each attribute with the value that was sent, in the type that is documented."""
    operation = await operation_of(verb)
    assert operation.answer is not None
    server.record = in_full(server.document, operation.answer)
    _, found = await called(server, verb, verb.least())
    assert [] == wrong(server, operation, found)


@reading
async def test_what_is_selected_can_be_read(verb: Verb, server: Server) -> None:
    """By default, by a text, by names, by a class: the request names fields of the document, the answer fits."""
    operation = await operation_of(verb)
    assert operation.answer is not None
    whole = everything(server.document, operation.answer)
    card = projection(server.document, operation.answer)
    for fields in (None, whole, [*server.document.properties(operation.answer)], card):
        sent, found = await called(server, verb, verb.least(), fields=fields)
        assert [] == [fault for fault in sent.wrong if fault.kind != "required"]
        assert [] == wrong(server, operation, found)
        records = found if operation.many else [found]
        assert fields is not card or {card} == {type(record) for record in records}


async def test_what_is_no_record_is_given_as_it_is(server: Server) -> None:
    """Addresses are secrets, documents texts, ids integers; a deletion gives nothing."""
    kinds: dict[str, Any] = {}
    for verb in verbs():
        if "fields" not in verb.named and str(verb) != "report_presets.generate_report":  # it gives a record, as it is
            sent, found = await called(server, verb, verb.least())
            kinds[sent.operation.id] = found
    locations = {name: found for name, found in kinds.items() if isinstance(found, Secret)}
    assert {ADDRESS} == {found.reveal() for found in locations.values()}
    assert {name for name in kinds if server.document.operations[name].status == 303} == {*locations}
    assert HTML == kinds.pop("Bill#preview")
    assert IDS == kinds.pop("BillableMatter#ids")
    assert {None} == {found for name, found in kinds.items() if name not in locations}


# -- what spans calls ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [verb for verb in verbs() if verb.name in {"get", "who_am_i"}], ids=str)
async def test_a_second_read_is_conditional_where_that_is_declared(verb: Verb, server: Server) -> None:
    """With the tag of the first answer, and only if the document declares the header field."""
    clio = server.client()
    first = await carried_out(clio, verb, verb.least(), fields="id")
    assert first == await carried_out(clio, verb, verb.least(), fields="id")
    declared = "if-none-match" in server.seen[0].operation.of("header")
    assert [False, declared] == ["header if-none-match" in sent.named for sent in server.seen]
    assert [] == [fault for sent in server.seen for fault in sent.wrong]
