"""Jobs: what is asked for is begun once, looked at now and then, and is a record or a typed error in the end."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import anyio
import pytest
from attrs import frozen
from trio.testing import MockClock

from clio_async import (
    Clio,
    DecodeError,
    FieldsRefused,
    Forbidden,
    Gone,
    Headers,
    InvalidArgument,
    JobEmpty,
    JobFailed,
    JobTimeout,
    LocalLimiter,
    MaybeSent,
    MemoryTransport,
    NotFound,
    NotSentTimeout,
    OutcomeUnknown,
    Progress,
    Request,
    Response,
    SchemaError,
)
from clio_async.models import Document, DocumentArchive, Folder, Report
from clio_async.testing.simulator import Clock, Jobs, Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH
from tests.virtual import VirtualLoop

BASE = "https://app.clio.com/api/v4"
REVENUE: Any = {"kind": "revenue", "format": "csv"}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """No moment passes while a task can go on, on either backend."""
    if request.param == "trio":
        return "trio", {"clock": MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": VirtualLoop}


class World:
    """A simulated firm whose time is the event loop's, and what it was asked and when."""

    def __init__(self, jobs: Jobs | None = None, regime: Regime | None = None, **options: Any) -> None:
        self.began = anyio.current_time()
        clock = Clock(lambda: EPOCH + self.now)
        self.simulator = Simulator(
            matters=3,
            contacts=3,
            tasks=3,
            users=2,
            jobs=jobs or Jobs(reads=None),
            regime=regime or Regime(),
            clock=clock,
        )
        self.seen: list[tuple[float, Request]] = []
        self.instead: dict[int, Any] = {}
        """What is answered in the place of the simulator, by the number of the request."""
        settings = {"clock": anyio.current_time, "wall_clock": clock.now, "random": lambda: 0.5, **options}
        transport = MemoryTransport(self.handle, clock=anyio.current_time)
        self.clio = Clio(self.simulator.token(), base_url=BASE, transport=transport, **settings)

    @property
    def now(self) -> float:
        return anyio.current_time() - self.began

    async def handle(self, request: Request) -> Response:
        number = len(self.seen)
        self.seen.append((self.now, request))
        instead = self.instead.get(number)
        if isinstance(instead, Exception):
            raise instead
        return instead if isinstance(instead, Response) else await self.simulator.handler(request)

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.url.removeprefix(BASE).partition('?')[0]}" for _, request in self.seen]

    @property
    def polls(self) -> list[float]:
        return [at for at, request in self.seen if request.method == "GET"]


def answer(status: int, data: Any = None, **headers: str) -> Response:
    body = json.dumps({"data": data} if data is not None else {"error": {"type": "X", "message": "y"}}).encode()
    pairs = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, Headers({"Content-Type": "application/json", **pairs}), body=body)


# -- the three jobs, and how they end ------------------------------------------------------------------------------


async def report(clio: Clio, **options: Any) -> Any:
    return await clio.reports.run(**REVENUE, **options)


async def preset(clio: Clio, **options: Any) -> Any:
    made = await clio.report_presets.create(name="Mine", kind="revenue", format="csv")
    return await clio.report_presets.run(made, **options)


async def archive(clio: Clio, **options: Any) -> Any:
    return await clio.document_archives.run(items=[{"id": 1, "type": "Document"}], **options)


async def automation(clio: Clio, **options: Any) -> Any:
    return await clio.document_automations.run(document_template={"id": 1}, matter={"id": 1}, **options)


RUNS: list[Any] = [report, preset, archive, automation]


def firm(jobs: Jobs | None = None, **options: Any) -> World:
    world = World(jobs, **options)
    world.simulator.add("documents", name="A document")
    world.simulator.add("document_templates", filename="A template")
    return world


@pytest.mark.parametrize("run", RUNS)
async def test_a_job_is_begun_once_and_waited_for(run: Callable[..., Any]) -> None:
    """What comes back is the record of a job that is done."""
    world = firm()
    done = await run(world.clio)
    assert "completed" == done.state
    assert 30 <= world.now < 50
    posts = [line for line in world.asked if line.startswith("POST")]
    assert 2 if run is preset else 1 == len(posts)
    assert 15 >= len(world.polls) >= 3


@pytest.mark.parametrize("run", RUNS)
async def test_a_job_that_fails_is_an_error(run: Callable[..., Any]) -> None:
    """JobFailed has the record, and says which it is."""
    world = firm(Jobs(seconds=3, reads=None, ends="failed"))
    with pytest.raises(JobFailed) as caught:
        await run(world.clio)
    assert "failed" == caught.value.record.state
    assert f" {caught.value.record.id}." in str(caught.value)


@pytest.mark.parametrize("run", [report, preset, automation])
async def test_a_job_without_a_result_is_an_error_of_its_own(run: Callable[..., Any]) -> None:
    """JobEmpty: there was nothing to put into it, which is no failure of Clio's."""
    world = firm(Jobs(seconds=3, reads=None, ends="empty"))
    with pytest.raises(JobEmpty) as caught:
        await run(world.clio)
    assert "empty" == caught.value.record.state


async def test_a_job_that_takes_too_long_is_an_error_and_goes_on() -> None:
    """JobTimeout comes when the time is over, pickles, and the job can be waited for again."""
    world = firm(Jobs(seconds=100, reads=None))
    with pytest.raises(JobTimeout, match=r"not finished after 20 s.*clio\.reports\.wait\(") as caught:
        await world.clio.reports.run(**REVENUE, timeout=20)
    assert pytest.approx(20) == world.now
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value.record, Report)
    assert caught.value.record == pickle.loads(pickle.dumps(caught.value)).record
    assert "completed" == (await world.clio.reports.wait(caught.value.record, timeout=None)).state
    assert "POST" not in "".join(world.asked[1:])


async def test_ten_minutes_are_waited_unless_it_is_said() -> None:
    """The default has an end; None has none."""
    world = firm(Jobs(seconds=5_000, reads=None))
    with pytest.raises(JobTimeout) as caught:
        await report(world.clio)
    assert pytest.approx(600) == world.now
    assert "completed" == (await world.clio.reports.wait(caught.value.record.id, timeout=None)).state
    assert 5_000 <= world.now < 5_020


async def test_a_job_that_is_done_is_returned_at_once() -> None:
    """One read, and no pause."""
    world = firm(Jobs(seconds=0))
    made = await world.clio.reports.create(**REVENUE)
    assert "completed" == (await world.clio.reports.wait(made)).state
    assert (2, 0.0) == (len(world.seen), world.now)


async def test_what_is_done_when_it_is_begun_is_not_read_again() -> None:
    """The answer to the creation says it."""
    world = firm()
    world.instead[0] = answer(201, {"id": 7, "etag": '"x"', "state": "completed"})
    assert 7 == (await report(world.clio)).id
    assert (1, 0.0) == (len(world.seen), world.now)


# -- what is asked ---------------------------------------------------------------------------------------------------


async def test_it_is_looked_at_soon_and_then_ever_less_often() -> None:
    """At most fifteen times in any minute, and every fifteen seconds in the end."""
    world = firm(Jobs(seconds=600, reads=None))
    await world.clio.document_automations.run(document_template={"id": 1}, matter={"id": 1}, timeout=None)
    pauses = [later - at for at, later in zip([0.0, *world.polls], world.polls, strict=False)]
    assert pytest.approx([0.9, 0.9]) == pauses[:2]
    assert pytest.approx(13.5) == pauses[-1]
    assert all(before <= after + 1e-6 for before, after in pairwise(pauses))
    assert 15 >= max(sum(at <= later < at + 60 for later in world.polls) for at in world.polls)


async def test_looking_gives_way_to_others_and_asks_the_server() -> None:
    """It is a batch, without validators: what a tag does not cover may have moved."""
    world = firm(regime=Regime(progress_moves_tag=False))
    await report(world.clio)
    for _, request in world.seen[1:]:
        assert request.options is not None
        assert ("batch", "bypass") == (request.options.lane, request.options.cache)
        assert "If-None-Match" not in request.headers
    first = world.seen[0][1].options
    assert first is not None
    assert "interactive" == first.lane


@pytest.mark.parametrize("most", [5.0, 60.0, None])
async def test_no_read_outlasts_the_wait(most: float | None) -> None:
    """Each ends by the deadline of the wait, or of a call, whichever comes first."""
    world = firm(Jobs(seconds=100, reads=None), timeout=most)
    with pytest.raises(JobTimeout):
        await report(world.clio, timeout=30)
    for at, request in world.seen[1:]:
        assert request.deadline is not None
        assert pytest.approx(30 if most is None else min(at + most, 30)) == request.deadline - world.began


async def test_a_pause_that_lasts_too_long_ends_the_wait() -> None:
    """A machine that slept has no time left for another read."""
    world = firm(Jobs(seconds=100, reads=None), clock=lambda: 2 * anyio.current_time())
    made = await world.clio.reports.create(**REVENUE)
    with pytest.raises(JobTimeout):
        await world.clio.reports.wait(made, timeout=1.5)
    assert 2 == len(world.seen)


async def test_without_any_timeout_none_is_made_up() -> None:
    """A client without one, and a wait without one."""
    world = firm(Jobs(seconds=3, reads=None), timeout=None)
    await report(world.clio, timeout=None)
    assert {None} == {request.deadline for _, request in world.seen}


@pytest.mark.parametrize(
    "failure",
    [
        answer(429, Retry_After="3", X_RateLimit_Limit="50", X_RateLimit_Remaining="0"),
        answer(503),
        MaybeSent("gone"),
        NotSentTimeout("late"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("fields", [None, "id,name"])
async def test_a_read_that_fails_for_the_moment_is_made_again_later(failure: Any, fields: Any) -> None:
    """It is no answer to the question whether the job is done, and neither is the last one, of what is to be shown."""
    world = firm(Jobs(seconds=None, reads=3), retry=None, limiter=None)
    world.instead = {1: failure, 3: failure, 5: failure, 6: failure, 8: failure}
    done = await report(world.clio, fields=fields)
    assert fields is not None or done.state == "completed"
    assert "POST" not in "".join(world.asked[1:])


async def test_the_first_read_may_fail_too() -> None:
    """Of a wait that knows nothing yet; where none succeeds, the error has no record and says why."""
    world = firm(Jobs(seconds=0), retry=None)
    made = await world.clio.reports.create(**REVENUE)
    world.instead = {1: MaybeSent("gone")}
    assert "completed" == (await world.clio.reports.wait(made.id)).state
    world.instead = dict.fromkeys(range(100), MaybeSent("gone"))
    with pytest.raises(JobTimeout) as caught:
        await world.clio.reports.wait(made.id, timeout=30)
    assert caught.value.record is None
    assert isinstance(caught.value.__cause__, MaybeSent)


async def test_what_was_seen_last_is_kept_where_nothing_is_seen_any_more() -> None:
    """A read that fails makes no job unknown."""
    world = firm(retry=None)
    world.instead = dict.fromkeys(range(2, 100), MaybeSent("gone"))
    with pytest.raises(JobTimeout) as caught:
        await report(world.clio, timeout=20)
    assert isinstance(caught.value.record, Report)


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (410, Gone), (403, Forbidden)])
async def test_a_record_that_nobody_may_see_ends_the_wait(status: int, error: type[Exception]) -> None:
    """Nothing will change that. The error says how to wait again, unless there is nothing to wait for."""
    world = firm()
    world.instead = {2: answer(status)}
    with pytest.raises(error) as caught:
        await report(world.clio)
    assert (4 if status == 410 else 3) == len(world.seen)  # whether it is the version that is gone is asked
    number = world.seen[2][1].url.rpartition("/")[2].partition(".")[0]
    notes = "".join(caught.value.__notes__)
    assert (status == 403) == (f"goes on at Clio: clio.reports.wait({number})" in notes)
    assert (status != 403) == ("no such job" in notes)
    assert caught.value.__notes__ == pickle.loads(pickle.dumps(caught.value)).__notes__


def page(body: bytes = b"<html>busy", kind: str = "text/html") -> Response:
    return Response(200, Headers({"Content-Type": kind}), body=body)


@pytest.mark.parametrize("unreadable", [page(), page(b'{"data":{"id', "application/json")], ids=["a page", "cut"])
async def test_what_cannot_be_read_is_read_again_and_not_for_ever(unreadable: Response) -> None:
    """Two answers in a row that are no JSON are a moment of some proxy's, three are told."""
    world = firm()
    world.instead = dict.fromkeys((1, 2, 4, 5), unreadable)
    assert "completed" == (await report(world.clio)).state
    world = firm()
    world.instead = dict.fromkeys((1, 2, 3), unreadable)
    with pytest.raises(DecodeError) as caught:
        await report(world.clio, timeout=None)
    assert not isinstance(caught.value, SchemaError)
    assert "goes on at Clio" in "".join(caught.value.__notes__)
    assert 4 == len(world.seen)


@pytest.mark.parametrize("data", [{"id": 8, "state": "completed"}, {"id": "x", "state": "completed"}, [1]], ids=repr)
async def test_another_record_is_not_the_job(data: Any) -> None:
    """What a server mixes up, or cannot be decoded, is an error at once, and nobody's report."""
    world = firm()
    world.instead = {0: answer(200, data)}
    with pytest.raises(SchemaError):
        await world.clio.reports.wait(7)
    assert 1 == len(world.seen)


async def test_a_quota_that_is_used_up_makes_the_wait_longer_and_no_more() -> None:
    """Ten jobs at once under a quota of fifty a minute: all end, and hardly any read is refused."""
    world = firm(regime=Regime(rate_limit=(50, 60.0)), limiter=LocalLimiter(clock=anyio.current_time))
    ends: list[str] = []

    async def one() -> None:
        ends.append((await report(world.clio)).state)

    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(one)
    assert ["completed"] * 10 == ends
    assert 3 >= world.simulator.log.statuses[429]


# -- what is begun ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [report, archive, automation])
async def test_where_nobody_knows_whether_it_was_begun_nothing_is_waited_for(run: Callable[..., Any]) -> None:
    """The error of the creation comes as it is (F14): a second one might be made of it."""
    world = firm()
    world.instead = {0: MaybeSent("cut off")}
    with pytest.raises(OutcomeUnknown):
        await run(world.clio)
    assert 1 == len(world.seen)


async def test_a_job_without_an_id_is_an_error() -> None:
    """It cannot be waited for, and is not asked for again."""
    world = firm()
    world.instead = {0: answer(201, {"etag": '"x"', "state": "queued"})}
    with pytest.raises(SchemaError, match="without an id") as caught:
        await report(world.clio)
    assert ("data.id", 1) == (caught.value.path, len(world.seen))


@pytest.mark.parametrize(
    "wrong", [{"timeout": 0}, {"timeout": -1}, {"timeout": True}, {"fields": "nonsense"}], ids=repr
)
@pytest.mark.parametrize("run", [report, archive, automation])
async def test_a_mistake_is_found_before_anything_is_begun(run: Callable[..., Any], wrong: Any) -> None:
    """Nothing is sent."""
    world = firm()
    with pytest.raises(InvalidArgument):
        await run(world.clio, **wrong)
    with pytest.raises(InvalidArgument):
        await world.clio.reports.wait(1, **wrong)
    with pytest.raises(InvalidArgument):
        await world.clio.report_presets.run(1, **wrong)
    assert [] == world.seen


@frozen
class Card:
    """A projection, which does not show the state."""

    id: int
    name: str | None


async def test_what_is_asked_for_is_read_in_the_end() -> None:
    """Names, or a class of the caller's: one more read, whatever it shows of the state."""
    world = firm()
    card = await report(world.clio, fields=Card)
    assert isinstance(card, Card)
    assert "name" in world.seen[-1][1].url
    assert "fields=id,etag,state,progress" in world.seen[-2][1].url
    named = await world.clio.reports.wait(card, fields="id,name")
    assert {"id", "etag", "name"} == {*named.to_dict()}
    made = await automation(world.clio, fields="documents{id,name}")
    assert ["Document"] == [found.name for found in made.documents]


async def test_what_is_unknown_is_sent_as_by_every_verb() -> None:
    """`extra_query` and `extra_json` are those of the creation."""
    world = firm()
    await report(world.clio, extra_query={"a": 1}, extra_json={"b": 2})
    assert "a=1" in world.seen[0][1].url
    assert b'"b":2' in (world.seen[0][1].body or b"")
    assert "a=1" not in world.seen[1][1].url


async def test_an_older_version_of_the_api_does_as_well() -> None:
    """Where activities count hours the caller is another one."""
    world = firm()
    world.instead = {0: answer(201, {"id": 7, "etag": '"x"', "state": "queued"})}
    world.instead |= {1: answer(200, {"id": 7, "etag": '"x"', "state": "completed"})}
    old = world.clio.options(api_version="4.0.3")
    with pytest.warns(FieldsRefused.__mro__[1], match="hours"):
        assert "completed" == (await report(old)).state


# -- progress --------------------------------------------------------------------------------------------------------


def shown(told: list[Progress]) -> list[tuple[str, int, int | None]]:
    return [(found.phase, found.done, found.total) for found in told]


async def test_progress_is_told_in_percent() -> None:
    """From the beginning on, at each look, and at the end."""
    world = firm(Jobs(seconds=None, reads=4))
    told: list[Progress] = []
    await report(world.clio, progress=told.append)
    assert [("waiting", done, 100) for done in (0, 25, 50, 75)] + [("done", 100, 100)] == shown(told)


async def test_where_none_is_known_none_is_made_up() -> None:
    """An automation has a state alone."""
    world = firm(Jobs(seconds=None, reads=2))
    told: list[Progress] = []
    await automation(world.clio, progress=told.append)
    assert [("waiting", 0, None), ("waiting", 0, None), ("done", 100, 100)] == shown(told)


@pytest.mark.parametrize("end", ["failed", "empty"])
async def test_a_job_that_fails_is_not_told_to_be_done(end: Any) -> None:
    """The error says how it ended."""
    world = firm(Jobs(seconds=None, reads=1, ends=end))
    told: list[Progress] = []
    with pytest.raises((JobFailed, JobEmpty)):
        await report(world.clio, progress=told.append)
    assert [("waiting", 0, 100)] == shown(told)


async def test_states_and_numbers_that_nobody_knows_are_a_job_that_goes_on() -> None:
    """A state that Clio adds is no reason to give up, and no success either."""
    world = firm()
    states = [("brewing", 250), (None, -3), ("in_progress", None), ("completed", 100)]
    for number, (state, progress) in enumerate(states):
        data = {"id": 7, "etag": '"x"', "state": state, "progress": progress}
        world.instead[number] = answer(201 if number == 0 else 200, data)
    told: list[Progress] = []
    assert "completed" == (await report(world.clio, progress=told.append)).state
    assert [("waiting", 100, 100), ("waiting", 0, 100), ("waiting", 0, None), ("done", 100, 100)] == shown(told)


async def test_what_the_callback_raises_ends_the_wait() -> None:
    """It is the caller's, and is not hidden."""
    world = firm()

    def refuse(_: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await report(world.clio, progress=refuse)


# -- items of an archive ---------------------------------------------------------------------------------------------


async def test_an_archive_takes_records_and_references() -> None:
    """Their type is a word, and that of a record is known; the document calls it a number."""
    world = firm()
    folder, document = Folder(id=7, etag="x"), Document(id=1, etag="x")
    items: Any = [document, folder, {"id": 3, "type": "Folder"}]
    made = await world.clio.document_archives.run(items=items)
    assert isinstance(made, DocumentArchive)
    assert {
        "data": {"items": [{"id": 1, "type": "Document"}, {"id": 7, "type": "Folder"}, {"id": 3, "type": "Folder"}]}
    } == json.loads(world.seen[0][1].body or b"")


@pytest.mark.parametrize("item", [3, {"id": 3}, {"id": 3, "type": 2}, Report(id=3), "3"], ids=repr)
async def test_what_is_no_document_and_no_folder_is_refused(item: Any) -> None:
    """An id alone is not enough: documents and folders have the same ones."""
    world = firm()
    with pytest.raises(InvalidArgument):
        await world.clio.document_archives.run(items=[item])
    assert [] == world.seen
