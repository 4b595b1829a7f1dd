"""`OutcomeUnknown.reconcile`: what became of a write, found out later by reading."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from clio_async import (
    Clio,
    ClioError,
    InvalidArgument,
    MemoryTransport,
    NotFound,
    Outcome,
    OutcomeUnknown,
    Request,
    ResponseBroken,
    frozen,
)
from clio_async.testing import Fault, Regime
from clio_async.testing.simulator.answers import http_date

from .test_write import AFTER, BASE, BEFORE, LOST, NO_RECORD, Bench, _json, record, scripted


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def bench(**regime: Any) -> Bench:
    """A firm whose clock is that of the client, but for what the regime says."""
    made = Bench(Regime(**regime), retry=None)
    simulator = made.simulator
    transport = MemoryTransport(simulator.handler)
    made.clio = Clio(
        simulator.token(), base_url=BASE, transport=transport, retry=None, wall_clock=simulator.clock.now, timeout=5
    )
    return made


async def lost(
    made: Bench, fault: Fault, method: str, path: str, *, pickled: bool = False, **sent: Any
) -> OutcomeUnknown:
    """Send a write by hand whose answer is lost."""
    made.begin(fault)
    more: dict[str, Any] = {"headers": {"If-Match": sent.pop("if_match")}} if "if_match" in sent else {}
    if sent:
        more["json"] = {"data": sent}
    with pytest.raises(OutcomeUnknown) as caught:
        await made.clio.request(method, path, **more)
    made.begin()
    made.simulator.clock.advance(1)
    return pickle.loads(pickle.dumps(caught.value)) if pickled else caught.value


async def told(made: Bench, error: OutcomeUnknown) -> tuple[str, Any]:
    outcome = await error.reconcile(made.clio)
    return outcome.state, outcome.record


# -- changes ----------------------------------------------------------------------------------------------------------


async def test_a_change_that_landed_is_applied() -> None:
    """All that was sent is there. One request."""
    made = bench()
    error = await lost(made, AFTER, "PATCH", "/matters/7.json", description="mine")
    state, matter = await told(made, error)
    assert ("applied", "mine") == (state, matter.description)
    assert ["GET"] == made.methods


@pytest.mark.parametrize("pickled", [False, True])
async def test_a_guarded_change_that_did_not_land_is_not_applied(pickled: bool) -> None:
    """The record still has the tag that was sent, and what was sent would have moved it."""
    made = bench()
    matter = await made.clio.matters.get(7)
    made.begin(BEFORE)
    with pytest.raises(OutcomeUnknown) as caught:
        await made.clio.matters.update(matter, description="mine")
    error = pickle.loads(pickle.dumps(caught.value)) if pickled else caught.value
    made.begin()
    assert ("not_applied", matter) == await told(made, error)


async def test_of_a_raw_change_a_pickle_knows_too_little() -> None:
    """Neither the body nor the names of what was sent are in it: rows of a collection leave the tag as it is."""
    made = bench()
    tag = (await made.clio.matters.get(7)).etag
    error = await lost(made, BEFORE, "PATCH", "/matters/7.json", if_match=tag, description="mine", pickled=True)
    assert "unknown" == (await told(made, error))[0]
    error = await lost(made, BEFORE, "PATCH", "/matters/7.json", if_match=tag, description="mine")
    assert "not_applied" == (await told(made, error))[0]


async def test_another_tag_and_other_values_say_nothing() -> None:
    """Somebody else has written: before ours, after it, or instead of it."""
    made = bench()
    tag = (await made.clio.matters.get(7)).etag
    error = await lost(made, BEFORE, "PATCH", "/matters/7.json", if_match=tag, description="mine")
    made.simulator.change("matters", 7, description="theirs")
    state, matter = await told(made, error)
    assert ("unknown", "theirs") == (state, matter.description)


async def test_an_unguarded_change_that_is_not_there_is_unknown() -> None:
    """It may have been overwritten."""
    made = bench()
    error = await lost(made, BEFORE, "PATCH", "/matters/7.json", description="mine")
    assert "unknown" == (await told(made, error))[0]


@pytest.mark.parametrize("fault", [AFTER, BEFORE])
async def test_new_rows_are_nobodys(fault: Fault) -> None:
    """A new row is shown by nothing, and moves no tag."""
    made = bench()
    tag = (await made.clio.contacts.get(3)).etag
    rows = [{"name": "Work", "number": "555-0100"}]
    error = await lost(made, fault, "PATCH", "/contacts/3.json", if_match=tag, phone_numbers=rows)
    assert "unknown" == (await told(made, error))[0]


async def test_rows_that_are_known_are_compared() -> None:
    """They move no tag, but they show what they are: it was not done."""
    made = bench()
    made.simulator.change("contacts", 3, phone_numbers=[{"name": "Work", "number": "555-0100"}])
    contact = await made.clio.contacts.get(3, fields="id,etag,phone_numbers{id,number}")
    (first,) = contact.phone_numbers
    rows = [{"id": first.id, "number": "555-0199"}]
    error = await lost(made, BEFORE, "PATCH", "/contacts/3.json", if_match=contact.etag, phone_numbers=rows)
    assert "not_applied" == (await told(made, error))[0]
    error = await lost(made, AFTER, "PATCH", "/contacts/3.json", if_match=contact.etag, phone_numbers=rows)
    assert "applied" == (await told(made, error))[0]


async def test_what_was_accepted_is_applied_whatever_is_there_now() -> None:
    """The server has said so."""
    clio, _ = scripted(ResponseBroken("cut", status=200), record('"c"', description="theirs"))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("PATCH", "/matters/7.json", json={"data": {"description": "mine"}})
    outcome = await caught.value.reconcile(clio)
    assert ("applied", "theirs") == (outcome.state, outcome.record.description)


async def test_a_changed_record_that_is_gone_tells_nothing() -> None:
    """It may have been changed before it was deleted."""
    made = bench()
    error = await lost(made, BEFORE, "PATCH", "/tasks/3.json", name="mine")
    made.simulator.delete("tasks", 3)
    assert ("unknown", None) == await told(made, error)


async def test_what_cannot_be_read_is_the_error_of_the_reading() -> None:
    """Nothing was found out."""
    clio, _ = scripted(LOST, _json(403, {}))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("PATCH", "/matters/7.json", json={"data": {"description": "mine"}})
    with pytest.raises(ClioError) as second:
        await caught.value.reconcile(clio)
    assert 403 == second.value.status  # type: ignore[attr-defined]


# -- deletions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pickled", [False, True])
@pytest.mark.parametrize(("fault", "expected"), [(AFTER, "applied"), (BEFORE, "not_applied")])
async def test_a_deletion_is_applied_if_the_record_is_gone(fault: Fault, expected: str, pickled: bool) -> None:
    """404 or not."""
    made = bench()
    error = await lost(made, fault, "DELETE", "/tasks/3.json", pickled=pickled)
    state, task = await told(made, error)
    assert (expected, expected == "applied") == (state, task is None)


@pytest.mark.parametrize("trashed", ["shown", "missing"])
async def test_what_lies_in_the_trash_was_deleted(trashed: Any) -> None:
    """A document may still be shown there."""
    made = bench(trashed=trashed)
    first = await made.clio.documents.list().first()
    assert first is not None
    error = await lost(made, AFTER, "DELETE", f"/documents/{first.id}.json")
    state, document = await told(made, error)
    assert ("applied", trashed == "missing") == (state, document is None)


async def test_a_bill_moves_through_states() -> None:
    """What it is now may be what it was before, unless it still has the tag that was sent."""
    made = bench()
    bill = await made.clio.bills.list().first()
    assert bill is not None
    path = f"/bills/{bill.id}.json"
    error = await lost(made, BEFORE, "DELETE", path)
    state, found = await told(made, error)
    assert ("unknown", bill.id) == (state, found.id)
    error = await lost(made, BEFORE, "DELETE", path, if_match=bill.etag)
    assert "not_applied" == (await told(made, error))[0]


async def test_a_deletion_that_was_accepted_is_applied() -> None:
    """Even if the record is still shown."""
    clio, _ = scripted(ResponseBroken("cut", status=204), record('"c"'))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("DELETE", "/matters/7.json")
    assert "applied" == (await caught.value.reconcile(clio)).state


# -- creations --------------------------------------------------------------------------------------------------------

TASK: dict[str, Any] = {"name": "mine", "description": "x", "assignee": {"id": 1, "type": "User"}}


async def test_a_creation_that_landed_is_among_those_since() -> None:
    """Records do not say who made a task: there is one candidate, and somebody has to decide."""
    made = bench()
    error = await lost(made, AFTER, "POST", "/tasks.json", **TASK)
    outcome = await error.reconcile(made.clio)
    assert ("unknown", None) == (outcome.state, outcome.record)
    assert ["mine"] == [task.name for task in outcome.candidates]
    assert ["GET"] == made.methods


async def test_a_creation_that_did_not_land_is_not_applied() -> None:
    """Nothing of the kind was created since; what is older does not count."""
    made = bench()
    made.simulator.add("tasks", **TASK)
    made.simulator.clock.advance(400)
    error = await lost(made, BEFORE, "POST", "/tasks.json", **TASK)
    assert Outcome("not_applied") == await error.reconcile(made.clio)


@pytest.mark.parametrize(
    ("kept", "near"),
    [
        ({"name": "min", "description": None}, True),
        ({"due_at": "2026-01-04"}, True),
        ({"priority": "High"}, True),
        ({"assignee": {"id": 2, "type": "User"}}, False),
    ],
)
async def test_a_record_with_the_same_associations_may_be_it(kept: dict[str, Any], near: bool) -> None:
    """Clio may store what is sent in another way; but not for whom it is."""
    made = bench()
    sent = TASK | {"due_at": "2026-01-05", "priority": "Low"}
    error = await lost(made, BEFORE, "POST", "/tasks.json", **sent, notify_assignee=True)
    made.simulator.add("tasks", **sent | kept)
    outcome = await error.reconcile(made.clio)
    expected = ("unknown", None, 1) if near else ("not_applied", None, 0)
    assert expected == (outcome.state, outcome.record, len(outcome.candidates))


async def test_a_number_or_a_time_may_be_rounded() -> None:
    """Also in what was accepted: then it is among the candidates, and nobody says which it is."""
    entry = {"type": "TimeEntry", "date": "2026-01-02", "matter": {"id": 1}, "non_billable": False}
    for accepted in (False, True):
        for more, expected in (({"quantity": 720}, 1), ({"quantity": 721, "matter": {"id": 2}}, 0)):
            made = bench()
            error = await lost(made, BEFORE, "POST", "/activities.json", **entry, quantity=721)
            error.accepted = accepted
            made.simulator.add("activities", **entry | more)
            outcome = await error.reconcile(made.clio)
            state = "applied" if accepted else "unknown" if expected else "not_applied"
            assert (state, None, expected) == (outcome.state, outcome.record, len(outcome.candidates))


async def test_where_one_holds_what_was_sent_others_are_no_candidates() -> None:
    """Those that differ in a text count only if there is nothing better."""
    made = bench()
    error = await lost(made, AFTER, "POST", "/tasks.json", **TASK)
    made.simulator.add("tasks", **TASK | {"name": "theirs"})
    for error.accepted in (False, True):
        assert ["mine"] == [task.name for task in (await error.reconcile(made.clio)).candidates]


async def test_equal_records_are_all_candidates() -> None:
    """Somebody else has made the same: it may be either."""
    made = bench()
    error = await lost(made, AFTER, "POST", "/tasks.json", **TASK)
    made.simulator.add("tasks", **TASK)
    made.simulator.add("tasks", **TASK | {"name": "theirs"})
    outcome = await error.reconcile(made.clio)
    assert ("unknown", None, 2) == (outcome.state, outcome.record, len(outcome.candidates))


async def test_a_record_that_was_changed_since_may_have_been_it() -> None:
    """Nobody can tell what it was when it was made; if it differs in no more than a text, it is a candidate."""
    made = bench()
    error = await lost(made, AFTER, "POST", "/tasks.json", **TASK)
    number = (await error.reconcile(made.clio)).candidates[0].id
    made.simulator.change("tasks", number, name="theirs")
    outcome = await error.reconcile(made.clio)
    assert ("unknown", [number]) == (outcome.state, [task.id for task in outcome.candidates])
    made.simulator.change("tasks", number, assignee={"id": 2, "type": "User"})
    assert Outcome("unknown") == await error.reconcile(made.clio)


async def test_a_pickle_does_not_know_what_was_created() -> None:
    """All that was created since is a candidate; if that is nothing, it was not created."""
    made = bench()
    error = await lost(made, AFTER, "POST", "/tasks.json", pickled=True, **TASK)
    outcome = await error.reconcile(made.clio)
    assert ("unknown", 1) == (outcome.state, len(outcome.candidates))
    made = bench()
    error = await lost(made, BEFORE, "POST", "/tasks.json", pickled=True, **TASK)
    assert Outcome("not_applied") == await error.reconcile(made.clio)


@pytest.mark.parametrize("skew", [-7200.0, -90.0, 0.0, 90.0, 7200.0])
@pytest.mark.parametrize("fault", [AFTER, BEFORE])
async def test_the_clock_of_the_server_counts(skew: float, fault: Fault) -> None:
    """Ours may be hours off: what was created is found, and what was there before is not taken for it."""
    made = bench(clock_skew=skew)
    made.simulator.add("tasks", **TASK)
    made.simulator.clock.advance(400)
    error = await lost(made, fault, "POST", "/tasks.json", **TASK)
    outcome = await error.reconcile(made.clio)
    assert (1 if fault is AFTER else 0) == len(outcome.candidates)
    assert (["GET"] * 2 if skew < -300 else ["GET"]) == made.methods


async def test_a_server_that_does_not_say_what_time_it_is() -> None:
    """Then the records of the last five minutes count."""
    now = datetime.now(UTC)
    task = {"id": 5, **TASK, "etag": '"a"', "created_at": now.isoformat(), "updated_at": now.isoformat()}
    clio, _ = scripted(LOST, _json(200, {"data": [task], "meta": {"paging": {}, "records": 1}}))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/tasks.json", json={"data": TASK})
    assert 1 == len((await caught.value.reconcile(clio)).candidates)


@pytest.mark.parametrize("seconds", [-290, -60, 60, 290])
@pytest.mark.parametrize("fault", [AFTER, BEFORE])
async def test_a_clock_that_was_set_meanwhile_hides_nothing(seconds: float, fault: Fault) -> None:
    """The one who sent may have had another clock than the one who reads: what lies within the margin is named."""
    made = bench()
    made.simulator.clock.advance(1000)
    error = await lost(made, fault, "POST", "/tasks.json", **TASK)
    error.sent_at = (error.sent_at or 0) + seconds
    outcome = await error.reconcile(made.clio)
    assert (("unknown", 1) if fault is AFTER else ("not_applied", 0)) == (outcome.state, len(outcome.candidates))


ENTRY: dict[str, Any] = {
    "type": "TimeEntry",
    "date": "2026-01-02",
    "matter": {"id": 1},
    "quantity": 1800,
    "note": "same",
}


def of_one_user() -> Bench:
    """A firm whose entries say who made them."""
    made = bench()
    simulator = made.simulator
    transport = MemoryTransport(simulator.handler)
    made.clio = Clio(
        simulator.token(user=1), base_url=BASE, transport=transport, retry=None, wall_clock=simulator.clock.now
    )
    return made


async def test_what_answered_another_call_is_not_what_this_one_created() -> None:
    """A newcomer's twin: the same entry is made twice in a row, and the second never arrives."""
    made = of_one_user()
    first = await made.clio.activities.create(**ENTRY)
    error = await lost(made, BEFORE, "POST", "/activities.json", **ENTRY)
    assert Outcome("not_applied") == await error.reconcile(made.clio)
    error = await lost(made, AFTER, "POST", "/activities.json", **ENTRY)
    outcome = await error.reconcile(made.clio)
    assert ("applied", True) == (outcome.state, outcome.record.id != first.id)


async def test_what_another_firm_has_created_under_the_same_id_is_another_record() -> None:
    """Both firms are served by one process, and each counts its activities by itself."""
    made = of_one_user()
    error = await lost(made, AFTER, "POST", "/activities.json", **ENTRY)
    theirs = await made.clio.with_auth(made.simulator.token(account=2)).activities.create(**ENTRY)
    outcome = await error.reconcile(made.clio)
    assert ("applied", theirs.id) == (outcome.state, outcome.record.id)


async def test_what_one_call_has_created_is_claimed_once() -> None:
    """Two equal ones were lost, one of them arrived: it is that of the first who asks, however often."""
    made = of_one_user()
    first = await lost(made, AFTER, "POST", "/activities.json", **ENTRY)
    second = await lost(made, BEFORE, "POST", "/activities.json", **ENTRY)
    for _ in range(2):
        assert "applied" == (await first.reconcile(made.clio)).state
        assert Outcome("not_applied") == await second.reconcile(made.clio)
    assert first.claimed is not None is second.claimed


async def test_an_equal_one_from_before_is_not_taken_for_it() -> None:
    """By the same user, through another process, and before the write was sent: it is a candidate, and no more."""
    made = of_one_user()
    other = await lost(made, AFTER, "POST", "/activities.json", **ENTRY)
    made.simulator.clock.advance(60)
    error = await lost(made, BEFORE, "POST", "/activities.json", **ENTRY)
    outcome = await error.reconcile(made.clio)
    assert ("unknown", 1, None) == (outcome.state, len(outcome.candidates), other.claimed)


async def test_a_creation_whose_answer_shows_no_id_is_not_known() -> None:
    """There is nothing to be remembered."""

    @frozen
    class Card:
        note: str | None

    made = of_one_user()
    await made.clio.activities.create(**ENTRY, fields=Card)
    error = await lost(made, BEFORE, "POST", "/activities.json", **ENTRY)
    assert 1 == len((await error.reconcile(made.clio)).candidates)


async def test_a_company_is_the_contact_to_whom_a_task_was_assigned() -> None:
    """Records say what kind of contact it is."""
    assignee = {"id": 3, "type": "Company"}
    page = _json(200, {"data": [{"id": 5, "name": "mine", "assignee": assignee}], "meta": {"paging": {}}})
    clio, _ = scripted(LOST, page)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/tasks.json", json={"data": TASK | {"assignee": {"id": 3, "type": "Contact"}}})
    assert 1 == len((await caught.value.reconcile(clio)).candidates)


NOBODY = _json(200, {"data": [], "meta": {"paging": {}, "records": 0}})


@pytest.mark.parametrize(
    ("path", "sent", "asked"),
    [
        ("notes", {"type": "Matter", "matter": {"id": 1}, "subject": "x"}, "type=Matter"),
        ("notes", {"type": "matter", "subject": "x"}, None),
        ("notes", {"subject": "x"}, None),
        ("conversation_messages", {"conversation": {"id": 4}, "body": "x"}, "conversation_id=4"),
        ("conversation_messages", {"conversation_id": 4, "body": "x"}, "conversation_id=4"),
        ("conversation_messages", {"conversation": {}, "body": "x"}, None),
        ("conversation_messages", {"body": "x"}, None),
    ],
)
async def test_a_list_that_needs_a_filter_gets_it_from_the_body(path: str, sent: Any, asked: str | None) -> None:
    """Where the body does not say, nothing can be found out."""
    clio, seen = scripted(LOST, NOBODY)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", f"/{path}.json", json={"data": sent})
    outcome = await caught.value.reconcile(clio)
    assert ("unknown" if asked is None else "not_applied") == outcome.state
    assert [asked] * len(seen[1:]) == [asked for request in seen[1:] if asked is not None and asked in request.url]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"custom_rate": {"type": "HourlyRate", "rates": [{"rate": 1, "user": {"id": 4}}]}}, "unknown"),
        ({"matter_budget": {"budget": 100}}, "unknown"),
        ({"statute_of_limitations": {"due_at": "2026-01-01"}}, "unknown"),
        ({"client": {"id": 4}}, "not_applied"),
        ({"client": {"id": 4, "name": "x"}}, "unknown"),
        ({"client_id": 4}, "not_applied"),
        ({"client": {"id": None}}, "not_applied"),
        ({"description": "new"}, "not_applied"),
        ({"balance": 4}, "unknown"),
    ],
)
async def test_the_same_tag_says_nothing_of_what_it_does_not_cover(sent: Any, expected: str) -> None:
    """What is nested may have been done under it; own attributes and associations not."""
    clio, _ = scripted(LOST, record('"a"', description="old"))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("PATCH", "/matters/7.json", json={"data": sent}, headers={"If-Match": '"a"'})
    assert expected == (await caught.value.reconcile(clio)).state


@pytest.mark.parametrize(("shown", "expected"), [("555-0100", "unknown"), ("555-0111", "not_applied")])
async def test_a_row_that_reads_in_another_way_may_have_been_written(shown: str, expected: str) -> None:
    """It is trimmed, under the same tag; another number is another."""
    rows = [{"id": 5, "number": "555-0100 "}]
    clio, _ = scripted(LOST, record('"a"', phone_numbers=[{"id": 5, "number": shown}]))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request(
            "PATCH", "/contacts/7.json", json={"data": {"phone_numbers": rows}}, headers={"If-Match": '"a"'}
        )
    assert expected == (await caught.value.reconcile(clio)).state


ME = _json(200, {"data": {"id": 9}})


@pytest.mark.parametrize(
    ("creator", "rest", "expected"),
    [
        ({"id": 9, "name": "Me"}, [ME], "applied"),
        ({"id": 8, "name": "Other"}, [ME], "unknown"),
        (None, [], "unknown"),
        ({"id": 9}, [NO_RECORD], None),
    ],
)
async def test_who_made_it_decides_where_records_say_so(creator: Any, rest: Any, expected: str | None) -> None:
    """One candidate, made by the user of this client, is it: the one more request tells who that is."""
    note = {"id": 5, "etag": '"a"', "body": "x", "creator": creator}
    page = _json(200, {"data": [note], "meta": {"paging": {}, "records": 1}}, ("Date", http_date(1.7e9)))
    clio, seen = scripted(LOST, page, *rest, wall_clock=lambda: 1.7e9)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/comments.json", json={"data": {"body": "x"}})
    if expected is None:
        with pytest.raises(NotFound):
            await caught.value.reconcile(clio)
        return
    outcome = await caught.value.reconcile(clio)
    assert (expected, 5) == (outcome.state, outcome.candidates[0].id)
    assert (5 if expected == "applied" else None) == getattr(outcome.record, "id", None)
    assert 2 + len(rest) == len(seen)
    since = dict(pair.split("=") for pair in seen[1].url.partition("?")[2].split("&"))["created_since"]
    assert 1.7e9 - 300 == datetime.fromisoformat(since.replace("%3A", ":").replace("Z", "+00:00")).timestamp()


async def test_of_a_pickle_the_maker_says_nothing() -> None:
    """What was created is not known: the same user may have made other records since."""
    note = {"id": 5, "etag": '"a"', "body": "x", "creator": {"id": 9}}
    clio, seen = scripted(LOST, _json(200, {"data": [note], "meta": {"paging": {}, "records": 1}}))
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/comments.json", json={"data": {"body": "x"}})
    error = pickle.loads(pickle.dumps(caught.value))
    assert "unknown" == (await error.reconcile(clio)).state
    assert 2 == len(seen)


async def test_who_was_named_in_the_body_says_nothing() -> None:
    """An activity is entered for somebody: that is not who entered it."""
    entry = {"id": 5, "etag": '"a"', "note": "x", "user": {"id": 9}}
    page = _json(200, {"data": [entry], "meta": {"paging": {}, "records": 1}})
    clio, seen = scripted(LOST, page)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/activities.json", json={"data": {"note": "x", "user": {"id": 9}}})
    assert "unknown" == (await caught.value.reconcile(clio)).state
    assert 2 == len(seen)


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_a_creation_that_was_accepted_is_applied(count: int) -> None:
    """Which of several it is cannot be told."""
    rows = [{"id": 5 + number, "etag": '"a"', "name": "mine"} for number in range(count)]
    page = _json(200, {"data": rows, "meta": {"paging": {}, "records": count}})
    clio, _ = scripted(ResponseBroken("cut", status=201), page)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/tasks.json", json={"data": {"name": "mine"}})
    outcome = await caught.value.reconcile(clio)
    assert ("applied", count, count == 1) == (outcome.state, len(outcome.candidates), outcome.record is not None)


# -- what nothing can be found out of ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/timer.json"),
        ("POST", "/trust_requests.json"),
        ("POST", "/documents/5/copy.json"),
        ("DELETE", "/timer.json"),
        ("PATCH", "/medical_bills/5.json"),
        ("PATCH", "/nothing/5.json"),
        ("PUT", "/matters/5.json"),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
async def test_where_nothing_can_be_read_it_stays_as_it_is(method: str, path: str, accepted: bool) -> None:
    """No list by the time of creation, no show, no path of Clio's: no request."""
    clio, seen = scripted(ResponseBroken("cut", status=200) if accepted else LOST)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request(method, path)
    assert ("applied" if accepted else "unknown") == (await caught.value.reconcile(clio)).state
    assert 1 == len(seen)


async def test_on_another_server_paths_mean_nothing() -> None:
    """What a record is there is not known."""
    clio = Clio("token", base_url="http://localhost/other", transport=MemoryTransport(_lose), retry=None)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("DELETE", "/matters/7.json")
    assert Outcome("unknown") == await caught.value.reconcile(clio)


def _lose(_: Request) -> Any:
    raise LOST


@pytest.mark.parametrize("body", [b"[1]", b'{"data": 1}', b"\xff", b"", None])
async def test_a_body_that_cannot_be_read_says_nothing(body: bytes | None) -> None:
    """It is no error of the reconciliation."""
    error = OutcomeUnknown("?", request=Request("PATCH", f"{BASE}/matters/7.json", body=body), etag='"a"')
    clio, _ = scripted(record('"a"'))
    assert "unknown" == (await error.reconcile(clio)).state


async def test_an_error_that_was_made_by_hand_has_no_request() -> None:
    """Nothing can be read for it."""
    clio, _ = scripted()
    with pytest.raises(InvalidArgument):
        await OutcomeUnknown("?").reconcile(clio)


async def test_a_client_of_another_firm_may_not_look() -> None:
    """Its records are others; a pickle does not say whose it was."""
    clio, _ = scripted(LOST)
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("DELETE", "/matters/7.json")
    with pytest.raises(InvalidArgument, match="principal"):
        await caught.value.reconcile(clio.with_auth("other"))
    with pytest.raises(InvalidArgument, match="server"):
        await caught.value.reconcile(clio.with_auth("token", region="eu"))


async def test_everything_is_asked_for_anew() -> None:
    """Also where the application takes answers that are not asked for, and by one deadline."""
    clock = [0.0]
    seen: list[Request] = []
    nothing = _json(200, {"data": [], "meta": {"paging": {}, "records": 0}}, ("Date", http_date(0.0)))
    left: list[Any] = [LOST, nothing, nothing]

    def answer(request: Request) -> Any:
        seen.append(request)
        clock[0] += 2
        given = left.pop(0)
        if given is LOST:
            raise given
        return given

    transport = MemoryTransport(answer, clock=lambda: clock[0])
    clio = Clio(
        "token", base_url=BASE, transport=transport, clock=lambda: clock[0], wall_clock=lambda: 1000.0, retry=None
    )
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.request("POST", "/tasks.json", json={"data": TASK})
    assert "not_applied" == (await caught.value.reconcile(clio)).state
    assert [60.0, 62.0, 62.0] == [request.deadline for request in seen]
    assert [None, "refresh", "refresh"] == [
        None if request.method == "POST" or request.options is None else request.options.cache for request in seen
    ]


def test_an_outcome_pickles() -> None:
    """It may be the result of a job."""
    outcome = Outcome("applied", None, (1,))
    assert outcome == pickle.loads(pickle.dumps(outcome))
