"""What became of an update whose answer was lost, or was 412: the record is read again, and it tells."""

from __future__ import annotations

import json
import pickle
import warnings
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from itertools import product
from typing import Any

import anyio
import pytest

from clio_async import (
    ApiVersionMismatch,
    BadRequest,
    Clio,
    ClioError,
    FieldsRefused,
    Headers,
    MaybeSent,
    MemoryTransport,
    OutcomeUnknown,
    Policy,
    PreconditionFailed,
    PreconditionUnusable,
    RecordETag,
    Ref,
    Request,
    Response,
    ResponseBroken,
    RetryPolicy,
    frozen,
)
from clio_async.options import CacheMode
from clio_async.testing import Fault, Faults, Regime, Simulator

from ..canaries import Canaries
from .insist import Insist

BASE = "http://localhost/api/v4"
SECRET = "a settlement nobody may know of, 2 400 000"
REGIMES = dict(Regime.every())
AFTER = Fault.lost_after()
BEFORE = Fault.lost_before()

pytestmark = pytest.mark.filterwarnings(f"ignore::{ApiVersionMismatch.__module__}.ApiVersionMismatch")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Bench:
    """A simulated firm, a client of it that never sleeps, and what it was asked since `begin`."""

    def __init__(self, regime: Regime | None = None, **options: Any) -> None:
        self.simulator = Simulator(matters=9, contacts=9, tasks=9, users=3, regime=regime or Regime())
        self.between: Callable[[Request], Awaitable[None] | None] | None = None
        transport = MemoryTransport(self.simulator.handler)
        limiter: dict[str, Any] = {} if regime is None or regime.rate_limit is None else {"limiter": None}
        self.clio = Clio(
            self.simulator.token(), base_url=BASE, transport=transport, random=lambda: 0.0, **limiter | options
        )
        self.begin()

    def begin(self, *faults: Fault | None) -> None:
        self.simulator.faults = Faults.scripted(faults)
        self._start = self.simulator.entries()[-1].index if self.simulator.entries() else -1

    @property
    def asked(self) -> list[tuple[str, int]]:
        return [(entry.method, entry.status) for entry in self.simulator.entries(self._start)]

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    @property
    def tags_sent(self) -> list[str]:
        return [e.headers["if-match"] for e in self.simulator.entries(self._start) if "if-match" in e.headers]

    def now(self, name: str = "description", id: int = 7) -> Any:
        return self.simulator.record("matters", id, fields=name)[name]


# -- an own write whose answer was lost -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REGIMES)
async def test_an_own_write_is_never_a_conflict(name: str) -> None:
    """F14: the answer is lost, the second attempt is refused because the first has landed, and the record shows it."""
    bench = Bench(REGIMES[name])
    matter = await bench.clio.matters.get(7)
    bench.begin(AFTER)
    done = await bench.clio.matters.update(matter, description="mine")
    assert ("mine", "mine") == (done.description, bench.now())
    if REGIMES[name].if_match == "ignored":  # F16: the second attempt is answered as if it were the first
        assert [("PATCH", 200), ("PATCH", 200)] == bench.asked
    else:
        assert [("PATCH", 200), ("PATCH", 412), ("GET", 200)] == bench.asked
    assert "mine" == (await bench.clio.matters.get(7)).description


async def test_without_knowing_of_the_first_attempt_the_own_write_is_a_conflict() -> None:
    """The control of F14: who resends and believes the second answer reports what landed as somebody else's doing."""
    bench = Bench(middleware=[Insist()], retry=None)
    matter = await bench.clio.matters.get(7)
    bench.begin(AFTER)
    with pytest.raises(PreconditionFailed):
        await bench.clio.matters.update(matter, description="mine")
    assert "mine" == bench.now()


async def test_an_unguarded_write_that_landed_is_done() -> None:
    """It is sent once (F17), and the record shows all that was sent."""
    bench = Bench()
    bench.begin(AFTER)
    done = await bench.clio.matters.update(7, description="mine", client_reference="A-1")
    assert ("mine", "A-1") == (done.description, done.client_reference)
    assert [("PATCH", 200), ("GET", 200)] == bench.asked


async def test_a_write_that_did_not_land_is_unknown_with_what_is_there() -> None:
    """It may still be on its way: nothing is claimed, and the record comes along."""
    bench = Bench(retry=None)
    bench.simulator.change("matters", 7, description="as it was")
    matter = await bench.clio.matters.get(7)
    bench.begin(BEFORE)
    with pytest.raises(OutcomeUnknown) as caught:
        await bench.clio.matters.update(matter, description="mine", client_reference="A-1")
    assert "as it was" == caught.value.current.description
    assert (matter.etag, ("description", "client_reference")) == (caught.value.etag, caught.value.fields)
    assert ["PATCH", "GET"] == bench.methods


async def test_a_part_that_is_there_is_not_all() -> None:
    """Somebody else has changed one of two values meanwhile: that is no success, and no conflict."""
    bench = Bench(retry=None)
    bench.begin(AFTER)

    def other(request: Request) -> bool:
        if request.method == "GET":
            bench.simulator.change("matters", 7, client_reference="B-2")
        return False

    bench.simulator.faults = _first(AFTER, Faults.when(other, AFTER))
    with pytest.raises(OutcomeUnknown) as caught:
        await bench.clio.matters.update(7, description="mine", client_reference="A-1")
    assert ("mine", "B-2") == (caught.value.current.description, caught.value.current.client_reference)


def _first(fault: Fault, then: Any) -> Any:
    return lambda index, request: fault if index == 0 else then(index, request)


async def test_what_creates_something_is_never_known_to_be_the_own() -> None:
    """A phone number without an id may be anybody's: the record shows it, and still nothing is claimed."""
    bench = Bench()
    contact = await bench.clio.contacts.get(3)
    bench.begin(AFTER)
    with pytest.raises(OutcomeUnknown) as caught:
        await bench.clio.contacts.update(contact, phone_numbers=[{"name": "Work", "number": "555-0100"}])
    assert ["PATCH", "GET"] == bench.methods
    assert contact.id == caught.value.current.id


async def test_the_caller_gets_what_it_asked_for() -> None:
    """An object of the caller's class, made of the answer to the second reading."""

    @frozen
    class Card:
        description: str | None
        client: Ref | None

    bench = Bench()
    bench.begin(AFTER)
    card = await bench.clio.matters.update(7, description="mine", fields=Card)
    assert (Card, "mine") == (type(card), card.description)
    assert ["PATCH", "GET"] == bench.methods


async def test_a_record_without_a_show_is_found_in_its_list() -> None:
    """A line item is read by its id among the others of its kind."""
    bench = Bench()
    lines = await bench.clio.line_items.list().collect()
    line = lines[0]
    bench.begin(AFTER)
    done = await bench.clio.line_items.update(line.id, description="mine")
    assert (line.id, "mine") == (done.id, done.description)
    assert ["PATCH", "GET"] == bench.methods


async def test_a_list_without_the_record_says_that_it_is_gone() -> None:
    """What is in no list any more is not there."""
    answers = [MaybeSent("lost"), _json(200, {"data": [], "meta": {"paging": {}, "records": 0}})]
    clio, _ = scripted(*answers)
    with pytest.raises(OutcomeUnknown, match="is not there any more") as caught:
        await clio.line_items.update(5, description="mine")
    assert caught.value.current is None


async def test_the_time_for_the_write_is_the_time_for_all_of_it() -> None:
    """Where the deadline has passed, nothing more is asked, and the outcome stays unknown."""
    clock = [0.0]

    async def late(request: Request) -> Response:
        clock[0] += 61
        raise MaybeSent("lost")

    transport = MemoryTransport(late, clock=lambda: clock[0])
    clio = Clio("token", base_url=BASE, transport=transport, clock=lambda: clock[0], retry=None)
    with pytest.raises(OutcomeUnknown, match="Reading the record afterwards failed, too") as caught:
        await clio.matters.update(7, description="mine")
    assert caught.value.current is None
    assert 61 == clock[0]


async def test_who_wants_no_cache_gets_none() -> None:
    """The record is read with the client's own way of caching, unless that would be an answer from before."""
    bench = Bench()
    modes: list[CacheMode] = ["bypass", "refresh", "validate"]
    for mode in modes:
        bench.begin(AFTER)
        done = await bench.clio.options(cache=mode).matters.update(7, description=mode)
        assert mode == done.description
        assert [("PATCH", 200), ("GET", 200)] == bench.asked


async def test_what_is_taken_for_fresh_is_read_again_all_the_same() -> None:
    """`fresh_for` would answer with what was there before."""
    bench = Bench(policy=Policy(fresh_for={"matters": 300.0}))
    await bench.clio.matters.get(7, fields="id,etag,description")
    bench.begin(AFTER)
    assert "mine" == (await bench.clio.matters.update(7, description="mine", fields="description")).description
    assert [("PATCH", 200), ("GET", 200)] == bench.asked


# -- what cannot be read again ----------------------------------------------------------------------------------------


def _json(status: int, content: Any, *headers: tuple[str, str]) -> Response:
    return Response(status, Headers([("Content-Type", "application/json"), *headers]), json.dumps(content).encode())


def scripted(*answers: Response | Exception, **options: Any) -> tuple[Clio, list[Request]]:
    """A client of a server that gives these answers, one after the other."""
    seen: list[Request] = []
    left = [*answers]

    def answer(request: Request) -> Response:
        seen.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    settings: dict[str, Any] = {"random": lambda: 0.0, "retry": None, "api_version": None, **options}
    return Clio("token", base_url=BASE, transport=MemoryTransport(answer), **settings), seen


LOST = MaybeSent("The connection ended.")
NO_RECORD = _json(404, {"error": {"type": "NotFoundError", "message": "Not Found"}})
A, H = RecordETag('"a"'), RecordETag('"h"')
REFUSED = _json(412, {"error": {"type": "PreconditionFailed", "message": "no"}})


def record(tag: str, header: str | None = None, **fields: Any) -> Response:
    more = [("ETag", header)] if header is not None else []
    return _json(200, {"data": {"id": 7, "etag": tag, **fields}}, *more)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (NO_RECORD, "not there any more"),
        (_json(410, {}), "not there any more"),
        (_json(403, {}), "Forbidden"),
        (_json(500, {}), "ServerError"),
        (LOST, "MaybeSent"),
        (_json(200, []), "SchemaError"),
    ],
)
@pytest.mark.parametrize("first", [LOST, REFUSED])
async def test_what_cannot_be_read_again_leaves_the_first_error(
    first: Any, second: Any, told: str, anyio_backend: str
) -> None:
    """The error of the write is raised, not that of the reading, and says why it knows no more."""
    clio, seen = scripted(first, second)
    with pytest.raises(OutcomeUnknown if first is LOST else PreconditionFailed, match=told) as caught:
        await clio.matters.update(7, if_match=A, description="mine")
    assert caught.value.current is None
    assert ["PATCH", "GET"] == [request.method for request in seen]
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(caught.value) == str(again)


async def test_a_version_that_is_gone_is_no_record_that_is_gone() -> None:
    """F53: 410 for the version, on every path: the reading has failed, and nothing follows for the record."""
    simulator = Simulator(matters=9, regime=Regime())
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler), retry=None)
    matter = await clio.matters.get(7)

    def retire(request: Request) -> bool:
        simulator.retire("4.0.13")
        return True

    simulator.faults = Faults.when(retire, AFTER)
    with pytest.raises(ClioError) as caught:
        await clio.matters.update(matter, description="mine")
    assert "not there any more" not in str(caught.value)


REFUSING = frozenset({"Matter.location", "Matter.client_reference"})


async def test_what_is_known_to_be_refused_is_not_asked_for_again() -> None:
    """A default selection is read again without the fields that the server does not know: in one request."""
    bench = Bench(Regime(refused_fields=REFUSING))
    for _ in range(2):  # each refusal may name one
        with warnings.catch_warnings(), suppress(BadRequest):
            warnings.simplefilter("ignore", FieldsRefused)
            await bench.clio.matters.get(7)
    bench.begin(AFTER)
    assert "mine" == (await bench.clio.matters.update(7, description="mine")).description
    assert [("PATCH", 200), ("GET", 200)] == bench.asked


async def test_what_turns_out_to_be_refused_is_left_out() -> None:
    """What was sent cannot be seen on such a server: that is not known, and the rest of the record is shown."""

    @frozen
    class Card:
        description: str | None

    bench = Bench(Regime(refused_fields=REFUSING))
    bench.begin(AFTER)
    with pytest.raises(OutcomeUnknown) as caught:
        await bench.clio.matters.update(7, description="mine", location="x", client_reference="y", fields=Card)
    assert Card("mine") == caught.value.current
    assert [("PATCH", 200), ("GET", 400), ("GET", 400), ("GET", 200)] == bench.asked


async def test_a_refusal_that_names_nothing_leaves_nothing_to_ask() -> None:
    """Then the reading has failed."""
    bench = Bench(Regime(refused_fields=REFUSING, invalid_fields="bare"))
    bench.begin(AFTER)
    with pytest.raises(OutcomeUnknown, match="BadRequest"):
        await bench.clio.matters.update(7, location="x", fields="id")
    assert [("PATCH", 200), ("GET", 400)] == bench.asked


async def test_a_selection_that_was_narrowed_is_decoded_as_such() -> None:
    """The write is refused (400) for a field of the default selection, and sent again without it: then it is lost."""
    bench = Bench(Regime(refused_fields=frozenset({"Matter.location"})), strict=True)
    bench.begin(None, AFTER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldsRefused)
        assert "mine" == (await bench.clio.matters.update(7, description="mine")).description
    assert [("PATCH", 400), ("PATCH", 200), ("GET", 200)] == bench.asked


# -- a success that cannot be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.garbage(), Fault.garbage(b""), Fault.truncated(3)], ids=str)
async def test_a_success_without_its_record_is_one_if_the_record_shows_it(fault: Fault) -> None:
    """The record is read, and the write is not sent again."""
    bench = Bench()
    matter = await bench.clio.matters.get(7)
    bench.begin(fault)
    assert "mine" == (await bench.clio.matters.update(matter, description="mine")).description
    assert [("PATCH", 200), ("GET", 200)] == bench.asked


async def test_a_success_that_cannot_be_read_at_all_is_said_to_be_one() -> None:
    """`accepted` tells that the write was applied; only what the record is now is not known."""
    bench = Bench(retry=None)
    bench.begin(Fault.garbage(), AFTER)
    with pytest.raises(OutcomeUnknown, match="was applied") as caught:
        await bench.clio.matters.update(7, description="mine")
    assert (True, None) == (caught.value.accepted, caught.value.current)


HTML = Response(200, Headers([("Content-Type", "text/html")]), b"<html>maintenance</html>")
CUT = Response(200, Headers([("Content-Type", "application/json")]), b'{"data": {"id": 7,')
NO_PROOF = [
    HTML,
    _json(200, {"error": {"type": "X", "message": "no"}}),
    _json(200, {"data": None}),
    _json(200, []),
    _json(202, {"data": {"id": 7}}),
    Response(202),
    Response(204),
]


@pytest.mark.parametrize("answer", [CUT, ResponseBroken("cut", status=200), *NO_PROOF])
async def test_a_status_alone_proves_nothing(answer: Any) -> None:
    """What is no record may be a gateway's: it is done if the record shows it, else unknown, whatever the status."""
    accepted = answer is CUT or isinstance(answer, ResponseBroken)
    clio, seen = scripted(answer, record('"a"', description="old"), answer, record('"b"', description="mine"))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.matters.update(7, if_match=A, description="mine")
    assert (accepted, "old") == (caught.value.accepted, caught.value.current.description)
    assert ("was applied" in str(caught.value)) == accepted
    assert "mine" == (await clio.matters.update(7, if_match=A, description="mine")).description
    assert ["PATCH", "GET"] * 2 == [request.method for request in seen]


@pytest.mark.parametrize("answer", [CUT, *NO_PROOF])
async def test_a_creation_that_is_answered_by_a_page_may_not_have_been_made(answer: Any) -> None:
    """Nothing can be read: no id is known."""
    clio, seen = scripted(answer)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.tasks.create(name="mine", description="x", assignee={"id": 1, "type": "User"})
    assert ((answer is CUT), None, 1) == (caught.value.accepted, caught.value.current, len(seen))


@pytest.mark.parametrize(
    ("answer", "done"),
    [
        (Response(200), True),
        (Response(204), True),
        (_json(200, {"data": {}}), True),
        (HTML, False),
        (_json(200, {"error": {"type": "X"}}), False),
        (Response(202), False),
        (ResponseBroken("cut", status=200), False),
    ],
)
async def test_a_deletion_is_done_if_its_answer_can_be_the_servers(answer: Any, done: bool) -> None:
    """Empty, or JSON: a page for people says nothing."""
    clio, seen = scripted(answer)
    if done:
        await clio.tasks.delete(3)
    else:
        with pytest.raises(OutcomeUnknown) as caught:
            await clio.tasks.delete(3)
        assert isinstance(answer, ResponseBroken) == caught.value.accepted
    assert 1 == len(seen)


async def test_a_timer_is_not_stopped_twice() -> None:
    """It has no id: a second DELETE could remove one that was started meanwhile."""
    clio, seen = scripted(_json(502, {}), Response(204), retry=RetryPolicy(first_pause=0))
    with pytest.raises(OutcomeUnknown):
        await clio.timer.delete()
    assert 1 == len(seen)


@pytest.mark.parametrize("path", ["/bills/1.json", "/bills/1/.json", "/bills/1.json/", "//bills/1"])
async def test_a_bill_is_not_voided_twice_however_its_path_is_written(path: str) -> None:
    """The first DELETE removes a draft or voids; a second is another act."""
    clio, seen = scripted(_json(502, {}), Response(204), retry=RetryPolicy(first_pause=0))
    with pytest.raises(OutcomeUnknown):
        await clio.request("DELETE", path)
    assert 1 == len(seen)


@frozen
class Entry:
    id: int
    etag: RecordETag


@pytest.mark.parametrize("first", [REFUSED, LOST])
async def test_what_is_watched_is_no_part_of_an_error(first: Any) -> None:
    """The caller's own class is what `current` holds."""
    clio, _ = scripted(first, record('"b"', quantity=3600))
    with pytest.raises((PreconditionFailed, OutcomeUnknown)) as caught:
        await clio.activities.update(Entry(7, A), fields=Entry, quantity=7200)
    assert Entry(7, RecordETag('"b"')) == caught.value.current


async def test_what_was_watched_may_have_been_found_by_reading() -> None:
    """Then it is what was sent."""
    clio, _ = scripted(LOST, record('"b"', quantity=7200))
    assert RecordETag('"b"') == (await clio.activities.update(Entry(7, A), fields=Entry, quantity=7200)).etag


async def test_a_nested_object_without_an_id_may_be_a_new_one() -> None:
    """The record shows just that, and it may be another's."""
    sent = {"statute_of_limitations": {"due_at": "2026-01-02"}}
    clio, _ = scripted(LOST, record('"b"', statute_of_limitations={"id": 5, "due_at": "2026-01-02"}))
    with pytest.raises(OutcomeUnknown):
        await clio.matters.update(7, extra_json=sent)


async def test_a_creation_that_cannot_be_read_is_said_to_be_one() -> None:
    """No id is known that could be read."""
    bench = Bench()
    bench.begin(Fault.garbage())
    with pytest.raises(OutcomeUnknown, match="was applied") as caught:
        await bench.clio.tasks.create(name="mine", description="x", assignee={"id": 1, "type": "User"})
    assert caught.value.accepted
    assert ["POST"] == bench.methods


async def test_a_deletion_is_done_whatever_its_body() -> None:
    """There is nothing in it that anybody would need."""
    clio, seen = scripted(ResponseBroken("cut", status=204))
    await clio.tasks.delete(3)
    assert ["DELETE"] == [request.method for request in seen]


@pytest.mark.parametrize("answers", [[ResponseBroken("cut", status=200)], [LOST, _json(404, {})]])
async def test_a_deletion_that_should_be_answered_with_the_record_says_that_it_is_deleted(answers: list[Any]) -> None:
    """It is applied, and there is nothing to be read any more."""
    clio, seen = scripted(*answers, retry=RetryPolicy(first_pause=0))
    with pytest.raises(OutcomeUnknown, match="applied: the record is deleted") as caught:
        await clio.grant_funding_sources.delete(3)
    assert caught.value.accepted
    assert "read the record" not in str(caught.value)
    assert ["DELETE"] * len(answers) == [request.method for request in seen]


async def test_a_creation_or_a_raw_request_is_left_as_it_came() -> None:
    """Nothing is read where nobody said what: the error is the write's own."""
    clio, seen = scripted(LOST, LOST, REFUSED)
    with pytest.raises(OutcomeUnknown):
        await clio.tasks.create(name="mine", description="x", assignee={"id": 1, "type": "User"})
    with pytest.raises(OutcomeUnknown):
        await clio.request("PATCH", "/tasks/3.json", json={"data": {"name": "x"}})
    with pytest.raises(PreconditionFailed):
        await clio.comments.delete(3)
    assert ["POST", "PATCH", "DELETE"] == [request.method for request in seen]


# -- 412 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REGIMES)
async def test_a_conflict_holds_what_is_there_now(name: str) -> None:
    """F15: somebody else has changed the record; nothing is written, and one more request shows their version."""
    bench = Bench(REGIMES[name])
    stale = await bench.clio.matters.get(7)
    bench.simulator.change("matters", 7, description="theirs")
    bench.begin()
    if REGIMES[name].if_match == "ignored":  # F23
        await bench.clio.matters.update(stale, description="mine")
        return
    with pytest.raises(PreconditionFailed) as caught:
        await bench.clio.matters.update(stale, description="mine")
    assert ("theirs", "theirs") == (caught.value.current.description, bench.now())
    assert [("PATCH", 412), ("GET", 200)] == bench.asked
    assert "mine" == (await bench.clio.matters.update(caught.value.current, description="mine")).description


FORMS = ["strong", "weak", "weak-200", "gzip", "user"]


@pytest.mark.parametrize(
    ("form", "takes", "weak"), [*product(FORMS, ["body", "header", "both", "ignored"], [False, True])]
)
async def test_the_form_of_a_tag_is_found_out_once(form: Any, takes: Any, weak: bool) -> None:
    """F20: no weak tag is ever sent; where the header's form is taken it is tried once, and known from then on."""
    bench = Bench(Regime(tag_form=form, if_match=takes, if_match_weak=weak))
    matter = await bench.clio.matters.get(7)
    bench.begin()
    only_weak = takes == "header" and form == "weak"
    if only_weak:
        with pytest.raises(PreconditionUnusable) as caught:
            await bench.clio.matters.update(matter, description="mine")
        assert matter == caught.value.current
        assert ["PATCH", "GET"] == bench.methods
    else:
        done = await bench.clio.matters.update(matter, description="mine")
        assert "mine" == done.description == bench.now()
        other = takes == "header" and form in {"gzip", "user"}
        assert (["PATCH", "GET", "PATCH"] if other else ["PATCH"]) == bench.methods
        bench.begin()
        assert "again" == (await bench.clio.matters.update(done, description="again")).description
        fresh = await bench.clio.matters.get(7)
        await bench.clio.matters.update(fresh, description="once more")
        assert ["PATCH", "GET", "PATCH"] == bench.methods
        assert all(status == 200 for _, status in bench.asked)
    assert not [tag for tag in bench.tags_sent if tag.startswith("W/")]


async def test_the_header_is_asked_for_without_compression() -> None:
    """A front end that compresses alters the tag, or weakens it: only an answer as it is has the tag of the record."""
    clio, seen = scripted(REFUSED, record('"a"', '"h"', description="old"), record('"b"', description="mine"))
    await clio.matters.update(7, if_match=A, description="mine")
    assert [None, "identity", None] == [request.headers.get("Accept-Encoding") for request in seen]
    assert ['"a"', None, '"h"'] == [request.headers.get("If-Match") for request in seen]
    assert {BASE: "header"} == clio.learned.if_match


async def test_the_bodys_form_is_tried_where_the_headers_is_refused() -> None:
    """A caller may pass the tag of a header."""
    clio, seen = scripted(REFUSED, record('"a"', '"h"'), record('"b"', description="mine"))
    await clio.matters.update(7, if_match=H, description="mine")
    assert ['"h"', None, '"a"'] == [request.headers.get("If-Match") for request in seen]
    assert {BASE: "body"} == clio.learned.if_match


async def test_what_was_learnt_may_turn_out_wrong() -> None:
    """The header's form is refused: the body's is the other one, and is known from then on."""
    clio, seen = scripted(record('"a"', '"h"'), REFUSED, record('"a"', '"h"'), record('"b"'))
    clio.learned.if_match[BASE] = "header"
    matter = await clio.matters.get(7)
    await clio.matters.update(matter, description="mine")
    assert [None, '"h"', None, '"a"'] == [request.headers.get("If-Match") for request in seen]
    assert {BASE: "body"} == clio.learned.if_match


async def test_a_header_that_compression_has_marked_is_no_conflict() -> None:
    """The tag of a compressed answer was sent; without the mark it is the same."""
    clio, seen = scripted(record('"a"', '"h-gzip"'), REFUSED, record('"a"', '"h"'), record('"b"'))
    clio.learned.if_match[BASE] = "header"
    await clio.matters.update(await clio.matters.get(7), description="mine")
    assert [None, '"h-gzip"', None, '"h"'] == [request.headers.get("If-Match") for request in seen]


async def test_a_header_that_has_changed_is_a_conflict_though_the_body_has_not() -> None:
    """The header may cover what the etag of the record does not: like is compared with like."""
    clio, seen = scripted(record('"a"', '"h"'), REFUSED, record('"a"', '"k"', location="theirs"))
    clio.learned.if_match[BASE] = "header"
    with pytest.raises(PreconditionFailed) as caught:
        await clio.matters.update(await clio.matters.get(7), description="mine")
    assert "theirs" == caught.value.current.location
    assert [None, '"h"', None] == [request.headers.get("If-Match") for request in seen]


async def test_a_header_that_changes_before_the_second_attempt_is_a_conflict() -> None:
    """That the etag of the body is as it was says nothing of what the header covers."""
    clio, _ = scripted(REFUSED, record('"a"', '"h"'), REFUSED, record('"a"', '"k"'))
    with pytest.raises(PreconditionFailed):
        await clio.matters.update(7, if_match=A, description="mine")


@pytest.mark.parametrize("header", ['W/"a"', None])
async def test_what_is_learnt_needs_a_strong_header(header: str | None) -> None:
    """Without one the tag of the body is sent."""
    clio, seen = scripted(record('"a"', header), record('"b"'))
    clio.learned.if_match[BASE] = "header"
    await clio.matters.update(await clio.matters.get(7), description="mine")
    assert [None, '"a"'] == [request.headers.get("If-Match") for request in seen]


@pytest.mark.parametrize(
    ("third", "fourth", "expected"),
    [
        (REFUSED, record('"b"', '"k"', description="theirs"), PreconditionFailed),
        (REFUSED, record('"a"', '"h"'), PreconditionUnusable),
        (REFUSED, NO_RECORD, PreconditionFailed),
        (LOST, record('"b"', '"k"', description="theirs"), OutcomeUnknown),
        (LOST, record('"b"', '"k"', description="mine"), None),
    ],
)
async def test_the_other_form_may_fail_like_the_first(
    third: Any, fourth: Any, expected: type[Exception] | None
) -> None:
    """A change in between is a conflict, no change means that no form is taken, and a lost answer is made up for."""
    clio, seen = scripted(REFUSED, record('"a"', '"h"'), third, fourth)
    updating = clio.matters.update(7, if_match=A, description="mine")
    if expected is None:
        assert "mine" == (await updating).description
        assert {BASE: "header"} == clio.learned.if_match
    else:
        with pytest.raises(expected) as caught:
            await updating
        assert expected is type(caught.value)
        shown = None if fourth is NO_RECORD else fourth.json()["data"]["etag"]
        assert shown == getattr(caught.value.current, "etag", None)
    assert ["PATCH", "GET", "PATCH", "GET"] == [request.method for request in seen]


async def test_a_412_without_a_guard_is_what_the_server_says() -> None:
    """Nothing was sent that could be sent in another form."""
    clio, seen = scripted(REFUSED, record('"a"', '"h"'))
    with pytest.raises(PreconditionFailed) as caught:
        await clio.matters.update(7, description="mine")
    assert '"a"' == caught.value.current.etag
    assert 2 == len(seen)


async def test_a_creation_that_is_refused_by_412_has_nothing_to_read_again() -> None:
    """No tag was sent and there is no record: nothing is asked, and the error does not speak of a tag."""
    clio, seen = scripted(REFUSED)
    with pytest.raises(PreconditionFailed) as caught:
        await clio.matters.create(description="mine", client={"id": 1})
    assert (["POST"], None) == ([request.method for request in seen], caught.value.current)
    assert "tag" not in str(caught.value)
    clio, _ = scripted(REFUSED, NO_RECORD)
    with pytest.raises(PreconditionFailed, match="another tag than the one that was sent"):  # a control
        await clio.matters.update(7, if_match=A, description="mine")


# -- what errors hold -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        [LOST, record('"b"')],
        [LOST, NO_RECORD],
        [REFUSED, record('"b"')],
        [REFUSED, record('"a"', 'W/"a"')],
        [_json(200, []), LOST],
        [_json(200, []), record('"b"')],
    ],
)
async def test_no_error_holds_what_was_sent(answers: Sequence[Any]) -> None:
    """Bodies are confidential: neither the text nor the pickle nor the traceback of an error shows them."""
    canaries = Canaries(body=SECRET, token="token-" + "x" * 30)
    clio, _ = scripted(*answers)
    clio = clio.with_auth(canaries.secrets["token"])
    with pytest.raises(ClioError) as caught:
        await clio.matters.update(7, if_match=A, description=SECRET)
    mine = [hit for hit in canaries.in_error("error", caught.value) if "tests/test_writing" not in hit]
    assert [] == mine
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(caught.value), str(caught.value)) == (type(again), str(again))
    assert getattr(caught.value, "current", None) == again.current


# -- one deadline -----------------------------------------------------------------------------------------------------


async def test_calls_under_one_deadline() -> None:
    """However many calls a bounded client makes: they all end when the first would have to."""
    clock = [100.0]
    seen: list[float | None] = []

    def answer(request: Request) -> Response:
        seen.append(request.deadline)
        return record('"a"')

    transport = MemoryTransport(answer, clock=lambda: clock[0])
    clio = Clio("token", base_url=BASE, transport=transport, clock=lambda: clock[0], timeout=30)
    bounded = clio.bounded()
    for _ in range(2):
        await bounded.matters.get(7)
        await clio.matters.get(7)
        clock[0] += 10
    assert [130.0, 130.0, 130.0, 140.0] == seen
    assert bounded is bounded.bounded()
    await clio.options(timeout=None).bounded().matters.get(7)
    assert seen[-1] is None
    assert clio.base_url == bounded.base_url


async def test_turns_are_those_of_a_principal() -> None:
    """Writers of one record wait for each other, others do not: neither those of another record nor of another firm."""
    clio, _ = scripted()
    other = clio.with_auth("other")
    entered: list[str] = []

    async def enter(name: str, turn: AbstractAsyncContextManager[None]) -> None:
        async with turn:
            entered.append(name)

    async with anyio.create_task_group() as group, clio.turn("/matters/7.json"):
        group.start_soon(enter, "same", clio.turn("/matters/7.json"))
        group.start_soon(enter, "other record", clio.turn("/matters/8.json"))
        group.start_soon(enter, "other firm", other.turn("/matters/7.json"))
        await anyio.wait_all_tasks_blocked()
        assert ["other firm", "other record"] == sorted(entered)
    assert "same" == entered[-1]
