"""`clio-async probe` against servers that are not Clio, or not well: each question ends with an answer or a reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from itertools import count

import anyio
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async import MemoryTransport
from clio_async.cli.probe import examine
from clio_async.cli.probe.asking import READS
from clio_async.cli.probe.exchanges import Evidence
from clio_async.cli.probe.questions import answers
from clio_async.cli.probe.report import report
from clio_async.cli.probe.writes import MOST_WRITES
from clio_async.errors import MaybeSent, NotSent, ResponseBroken
from clio_async.messages import Headers, Request, Response
from clio_async.secrets import Secret
from clio_async.testing import Fault, Faults, Regime
from clio_async.testing.wire import Answer, Received, serve
from tests.faults.loopback import TRANSPORTS, reply, transport

from .probing import BASE, TOKEN, asked, firm, no_pause, probed


def told(evidence: Evidence) -> int:
    """Check that every question is answered or has a reason; return how many are answered."""
    found = answers(evidence).values()
    assert all(bool(answer.text) != bool(answer.reason) for answer in found)
    json.dumps(report(evidence, answers(evidence), at="now", salt=b"salt"))
    return sum(answer.is_known for answer in found)


def reasons(evidence: Evidence) -> set[str]:
    return {answer.reason for answer in answers(evidence).values() if answer.reason}


# -- anything at all ----------------------------------------------------------------------------------------------

_KEYS = """data meta paging next previous records id etag error type message updated_at created_at status value name
custom_field_values custom_field description displayed parent_type field_name error_description encodingDecoded"""
_TEXTS = ["", "Open", '"a"', 'W/"a"', "a b", "http://[", "//x?page_token=1", "https://u@x/?offset=2", "Matter"]
_TEXTS += ["2026-01-01T00:00:00Z", "9999-12-31T23:59:59.9999Z", "\u202e", "é,ß", "no_such_field is bad"]
_NAMES = """ETag Date Retry-After X-RateLimit-Limit X-RateLimit-Remaining X-RateLimit-Reset X-API-VERSION Location
Cache-Control Last-Modified Content-Type"""
_FIELDS = [
    "",
    "0",
    "1",
    "50",
    "\u0661",
    "-1",
    "9" * 15,
    '"a"',
    'W/"a"',
    '"a-gzip"',
    "a b",
    "\xff",
    "4.0.13",
    "http://[",
]
_FIELDS += ["Mon, 01 Jun 2026 12:00:00 GMT", "Mon, 99 Jun 2026 12:00:00 GMT", "//other/x", "no-store"]
_CODES = [204, 302, 304, 307, 400, 401, 403, 404, 410, 412, 414, 422, 428, 429, 500, 503]
_BODIES = [b"", b"<!DOCTYPE html><h1>Hi</h1>", b"<html>", b"{", b"\xff\xfe", b"[" * 3_000, b'{"data":NaN}']

KEYS, TEXTS = st.sampled_from(_KEYS.split()), st.sampled_from(_TEXTS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.just(1.5) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
RECORDS = st.fixed_dictionaries(
    {"id": st.integers(1, 3)},
    optional={
        "etag": TEXTS,
        "updated_at": TEXTS,
        "status": VALUES,
        "custom_field_values": st.lists(VALUES, max_size=2),
        "description": TEXTS,
    },
)
PAGES = st.fixed_dictionaries(
    {"data": RECORDS | st.lists(RECORDS | VALUES, max_size=3)},
    optional={"meta": VALUES | st.fixed_dictionaries({"paging": st.dictionaries(KEYS, TEXTS)}), "error": VALUES},
)
BODIES = (PAGES | VALUES).map(lambda value: json.dumps(value).encode()) | st.sampled_from(_BODIES)
FIELDS = st.dictionaries(st.sampled_from(_NAMES.split()), st.sampled_from(_FIELDS), max_size=6)
STATUSES = st.just(200) | st.sampled_from(_CODES)
ANSWERS = st.builds(lambda status, fields, body: Response(status, Headers(fields), body), STATUSES, FIELDS, BODIES)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(ANSWERS | st.sampled_from([NotSent("x"), MaybeSent("x"), ResponseBroken("x")]), min_size=1, max_size=40)
)
def test_no_answer_is_too_strange(script: list[Response | Exception]) -> None:
    """Whatever comes back, in whatever order, the probe ends, within its requests, and every question with it."""
    sent = count()

    def answer(_: Request) -> Response:
        number = next(sent)
        made = script[number % len(script)]
        if isinstance(made, Exception):
            raise made
        return made

    async def ask() -> Evidence:
        return await asked(answer, "matters/7", sleep=no_pause)

    told(anyio.run(ask))
    assert next(sent) <= READS + MOST_WRITES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_strange_answer_spoils_little(data: st.DataObject) -> None:
    """Of an honest server that answers once with anything else, most is found out all the same."""
    simulator = firm(Regime())
    where, strange = (
        data.draw(st.integers(3, 28)),
        data.draw(ANSWERS.filter(lambda made: made.status not in {401, 429})),
    )
    sent = count()

    def answer(request: Request) -> Response:
        honest = simulator.answer(request)
        return strange if next(sent) == where else honest

    async def ask() -> Evidence:
        return await asked(answer, "matters/7", wall_clock=simulator.clock.now, sleep=no_pause)

    assert told(anyio.run(ask)) >= 25


# -- certain servers ----------------------------------------------------------------------------------------------


async def test_a_server_that_is_not_there_is_asked_once() -> None:
    """Nothing is found out, and every question says why."""
    sent = count()

    def refuse(_: Request) -> Response:
        next(sent)
        raise NotSent("refused")

    evidence = await asked(refuse, sleep=no_pause)
    assert 0 == told(evidence)
    assert 1 == next(sent)
    assert any("nothing could be sent: NotSent" in reason for reason in reasons(evidence))


async def test_a_server_that_falls_silent_is_left_alone() -> None:
    """After three requests in a row without an answer no more are sent; what was found out before stays."""
    simulator = firm(Regime())
    sent = count()

    def answer(request: Request) -> Response:
        if next(sent) >= 10:
            raise MaybeSent("silence")
        return simulator.answer(request)

    evidence = await asked(answer, "matters/7", wall_clock=simulator.clock.now, sleep=no_pause)
    assert 13 == next(sent)
    assert told(evidence) > 10
    assert any("the server does not answer" in reason for reason in reasons(evidence))


async def test_a_refused_token_is_not_tried_again() -> None:
    """One 401 is enough; the one that is asked for, of a token that there is not, ends nothing."""
    simulator = firm(Regime())
    simulator.expire(TOKEN)
    evidence = await probed(simulator, "matters/7")
    assert 1 == len(simulator.entries())
    assert any("the token is refused (401)" in reason for reason in reasons(evidence))


@pytest.mark.parametrize("permissions", [(), ("contacts",), ("tasks",)])
async def test_what_a_token_may_not_read_is_a_reason(permissions: tuple[str, ...]) -> None:
    """Another resource is asked about; where there is none, what needs no record is found out still."""
    simulator = firm(Regime())
    token = simulator.token(permissions=permissions, text="narrow")
    evidence = await probed_as(token, simulator.handler)
    known = {name for name, answer in answers(evidence).items() if answer.is_known}
    assert told(evidence) >= 4
    assert {"token_error", "invalid_fields"} - {"invalid_fields" if not permissions else ""} <= known
    assert ("tag_scope" in known) is bool(permissions)
    assert evidence.resource == (permissions[0] if permissions else "matters")
    assert any("403" in reason for reason in reasons(evidence))


async def probed_as(token: str, handler: Callable[[Request], object]) -> Evidence:
    return await examine(MemoryTransport(handler), BASE, Secret(token), sleep=no_pause)  # type: ignore[arg-type]


async def test_an_empty_firm_is_a_reason() -> None:
    """Nothing can be said of records that are not there."""
    evidence = await probed(firm(Regime(), matters=0, contacts=0, tasks=0), "matters/7")
    assert told(evidence) >= 8
    assert any("there is no record to ask about" in reason for reason in reasons(evidence))
    assert any("404" in reason for reason in reasons(evidence))


async def test_a_small_quota_is_not_used_up() -> None:
    """There is a pause for every window; no request is answered 429, and nothing is left out."""
    simulator = firm(Regime(rate_limit=(12, 60.0)))
    said: list[str] = []
    evidence = await probed(simulator, "matters/7", say=said.append)
    assert 429 not in {entry.status for entry in simulator.entries()}
    assert len(said) >= 3
    known = {name for name, answer in answers(evidence).items() if answer.is_known}
    assert {"if_match_required", "quota_304"} <= known


async def test_without_a_look_at_the_quota_it_would_be_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same firm answers 429 where nobody waits."""

    async def go_on(_: object) -> None:
        return None

    monkeypatch.setattr("clio_async.cli.probe.asking.Asker._leave_some", go_on)
    simulator = firm(Regime(rate_limit=(12, 60.0)))
    await probed(simulator, "matters/7")
    assert 429 in {entry.status for entry in simulator.entries()}


async def test_a_quota_without_an_end_is_waited_for() -> None:
    """Where the end of a window is not told, a minute is waited."""
    simulator = firm(Regime(rate_limit=(12, 60.0), rate_reset="absent", retry_after="absent"))
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        simulator.clock.advance(seconds)

    evidence = await asked(simulator.handler, wall_clock=simulator.clock.now, sleep=sleep)
    assert {61.0} == {*pauses}
    assert 429 not in {entry.status for entry in simulator.entries()}
    assert "absent" == answers(evidence)["rate_reset"].found


@pytest.mark.parametrize("wait", ["100000", "Mon, 01 Jun 2099 12:00:00 GMT"])
async def test_a_long_pause_is_not_waited_for(wait: str) -> None:
    """A 429 for longer than two minutes ends it; what it looks like is found out."""
    sent = count()

    def refuse(_: Request) -> Response:
        next(sent)
        return Response(429, Headers({"Retry-After": wait}))

    evidence = await asked(refuse, sleep=no_pause)
    told(evidence)
    assert 1 == next(sent)
    assert {"retry_after", "limited_body"} == {name for name, answer in answers(evidence).items() if answer.is_known}


async def test_a_quota_that_others_use_up_is_waited_for_once() -> None:
    """After a pause that was of no use nothing more is asked."""
    sent = count()

    def refuse(_: Request) -> Response:
        next(sent)
        return Response(429, Headers({"Retry-After": "1"}))

    evidence = await asked(refuse, sleep=no_pause)
    assert 2 == next(sent)
    assert any("the quota is used up" in reason for reason in reasons(evidence))


async def test_others_on_the_same_token_are_noticed() -> None:
    """A count that moves by other steps than one tells nothing about what costs quota."""
    simulator = firm(Regime(rate_limit=(300, 60.0)))

    def answer(request: Request) -> Response:
        simulator.answer(request)
        return simulator.answer(request)

    evidence = await asked(answer, wall_clock=simulator.clock.now, sleep=no_pause)
    found = answers(evidence)
    assert "others use this token" in found["quota_304"].reason
    assert "others use this token" in found["quota_4xx"].reason


async def test_a_fault_of_one_request_costs_its_own_questions() -> None:
    """A 503 in the middle is the reason of what was asked there, and of nothing else."""
    simulator = firm(Regime())
    simulator.faults = Faults.scripted({7: Fault.status(503)})
    evidence = await probed(simulator, "matters/7")
    silent = {name for name, answer in answers(evidence).items() if "503" in answer.reason}
    assert {"limit_overflow"} == silent
    assert told(evidence) == told(await probed(firm(Regime()), "matters/7")) - 1


# -- over sockets -------------------------------------------------------------------------------------------------

HTML = reply("200 OK", b"<!DOCTYPE html><title>Log in</title>", ("Content-Type", "text/html"))
SERVERS: dict[str, Callable[[Received], Answer]] = {
    "html": lambda _: Answer(HTML),
    "redirect": lambda _: Answer(reply("302 Found", b"", ("Location", "https://evil.example/login"))),
    "garbage": lambda _: Answer(b"\x00\xff\r\n\r\n", "close"),
    "reset": lambda _: Answer(b"", "reset"),
    "half": lambda _: Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "close"),
    "5xx": lambda _: Answer(reply("502 Bad Gateway", b"<html>")),
    "deep": lambda _: Answer(reply("200 OK", b"[" * 100_000)),
    "odd": lambda _: Answer(reply("200 OK", b'{"data":[{"id":1}]}', ("ETag", '"a", "b"'), ("Date", "now"))),
}


@TRANSPORTS
@pytest.mark.parametrize("name", SERVERS)
async def test_a_hostile_server_ends_nothing_but_itself(kind: str, name: str) -> None:
    """Each question ends with an answer or a reason; the token is sent to the server that was named alone."""
    async with serve(SERVERS[name]) as server, transport(kind) as wire:
        evidence = await examine(wire, f"{server.url}/api/v4", Secret(TOKEN), sleep=no_pause)
    told(evidence)
    assert len(server.received) <= READS


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("weak", ["", "W/"])
async def test_a_tag_that_is_a_digest_of_the_body_is_known_for_one(name: str, weak: str) -> None:
    """Then it surely names the representation; a tag that merely differs is not proven to."""
    simulator = firm(Regime(tag_scope="representation"))

    def answer(request: Request) -> Response:
        made = simulator.answer(request)
        if "etag" not in made.headers or made.status != 200:
            return made
        tag = hashlib.new(name, made.body, usedforsecurity=False).hexdigest()[:32]
        pairs = [(key, f'{weak}"{tag}"' if key == "ETag" else value) for key, value in made.headers.pairs]
        return evolve(made, headers=Headers(pairs))

    found = answers(await asked(answer, wall_clock=simulator.clock.now, sleep=no_pause))
    assert "digest" in found["tag_scope"].text
    assert ("weak" if weak else "strong") == found["tag_form"].found
    unproven = answers(await probed(firm(Regime(tag_scope="representation"))))["tag_scope"]
    assert "not proven" in unproven.text


# -- writes that must not lose anything ---------------------------------------------------------------------------


class Colleague:
    """A firm in which something happens while the probe writes to matter 7."""

    def __init__(self, **regime: object) -> None:
        self.firm = firm(Regime(**regime))  # type: ignore[arg-type]
        self.firm.change("matters", 7, description="before")
        self.patches: list[str | None] = []
        self.pauses: list[float] = []
        self.said: list[str] = []
        self.before: Callable[[Request], Response | None] = lambda _: None
        self.after: Callable[[Request, Response], Response] = lambda _, made: made
        self.meanwhile: Callable[[], None] = lambda: None

    def answer(self, request: Request) -> Response:
        if request.method == "PATCH":
            self.patches.append(request.headers.lookup("if-match"))
        return self.before(request) or self.after(request, self.firm.answer(request))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.firm.clock.advance(seconds)
        self.meanwhile()

    def change(self, text: str = "theirs", **more: object) -> None:
        self.firm.clock.advance(1)
        self.firm.change("matters", 7, **({"description": text} | more))

    async def probed(self) -> Evidence:
        return await asked(
            self.answer, "matters/7", wall_clock=self.firm.clock.now, sleep=self.sleep, say=self.said.append
        )

    @property
    def text(self) -> object:
        return self.firm.record("matters", 7)["description"]


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize(
    "limited",
    [
        Response(429, Headers({"Retry-After": "110"})),
        Response(200, body=b'{"metadata":{"encodingDecoded":"text/plain"},"data":"UmF0ZUxpbWl0ZWQ="}'),
    ],
    ids=["429", "wrapped"],
)
async def test_a_write_is_never_repeated_after_a_pause(number: int, limited: Response) -> None:
    """Somebody may have changed the text in the pause: the first 429 ends the writes."""
    there = Colleague(tag_form="gzip", if_match="both")
    there.meanwhile = there.change
    there.before = lambda request: limited if request.method == "PATCH" and len(there.patches) == number else None
    evidence = await there.probed()
    told(evidence)
    assert number == len(there.patches)
    assert ([], "before") == (there.pauses, there.text)
    if number < 2:
        assert {False} == {answers(evidence)[name].is_known for name in ("if_match", "etag_on_write", "moves_tag")}
    assert "429" in answers(evidence)["if_match" if number < 4 else "if_match_required"].reason


async def test_a_pause_comes_before_the_read_and_not_between_it_and_the_write() -> None:
    """What somebody writes in any pause for quota is never overwritten."""
    for low in range(40):
        there = Colleague()
        seen = count()

        def answer_low(request: Request, made: Response, there: Colleague = there, low: int = low) -> Response:
            if next(seen) != low:  # noqa: B023 - called at once
                return made
            kept = [pair for pair in made.headers.pairs if not pair[0].lower().startswith("x-ratelimit")]
            reset = str(int(there.firm.clock.now()) + 50)
            limits = [("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset", reset)]
            return evolve(made, headers=Headers([*kept, *limits]))

        there.after, there.meanwhile = answer_low, there.change
        told(await there.probed())
        assert ("theirs" if there.pauses else "before") == there.text


@pytest.mark.parametrize("name", ["star", "no-condition"])
@pytest.mark.parametrize("more", [{}, {"text": "before", "location": "elsewhere"}], ids=["text", "tag"])
async def test_what_is_not_guarded_is_written_only_over_what_was_just_read(name: str, more: dict[str, str]) -> None:
    """A change between the writes is seen by its text, or by the tag alone."""
    there = Colleague()
    unguarded: dict[str, str | None] = {"star": "*", "no-condition": None}
    wanted = {"star": '"no-such-tag", ', "no-condition": "*"}[name]

    reads = count()

    def change(request: Request, made: Response) -> Response:
        last = there.patches[-1] if there.patches else None
        is_read = request.method == "GET" and "/matters/7" in request.url
        if is_read and last is not None and last.startswith(wanted) and next(reads) == 0:
            there.change(**more)  # after the read that follows the write before
        return made

    there.after = change
    evidence = await there.probed()
    assert unguarded[name] not in there.patches
    assert more.get("text", "theirs") == there.text
    question = {"star": "if_match_star", "no-condition": "if_match_required"}[name]
    assert "the record was changed meanwhile" == answers(evidence)[question].reason


async def test_a_server_that_tidies_the_text_is_noticed() -> None:
    """It ends at the first write that has changed something, and somebody is told."""
    there = Colleague()

    def tidy(request: Request, made: Response) -> Response:
        if request.method == "PATCH" and made.status == 200:
            there.change("tidied")
        return made

    there.after = tidy
    found = answers(await there.probed())
    assert 2 == len(there.patches)
    assert any("Look at matters/7: description is not what it was" in text for text in there.said)
    assert "description is not what it was" in found["if_match_required"].reason
    assert "before" not in "".join(there.said).replace("before a write", "")


async def test_a_record_that_cannot_be_read_again_ends_it() -> None:
    """What the writes before have shown stands, and a refusal that is in doubt does not."""
    for number in range(1, 6):
        there = Colleague(tag_form="gzip", if_match="header")

        def lost(request: Request, there: Colleague = there, number: int = number) -> Response | None:
            is_late = len(there.patches) == number and request.method == "GET" and "/matters/7" in request.url
            return Response(503) if is_late else None

        there.before = lost
        found = answers(await there.probed())
        assert number == len(there.patches)
        assert "could not be read: the server answered 503" in found["if_match_required"].reason
        assert ("header" if number > 2 else None) == found["if_match"].found


@pytest.mark.parametrize("failure", [MaybeSent("lost"), ResponseBroken("half"), None], ids=repr)
@pytest.mark.parametrize("changes", [False, True])
async def test_a_lost_answer_is_no_refusal(failure: Exception | None, changes: bool) -> None:
    """Whether it was written is not known: no form of the tag is said to be refused."""
    there = Colleague()

    def lose(request: Request, made: Response) -> Response:
        if len(there.patches) != 2 or request.method != "PATCH":
            return made
        if changes:
            there.change()
        if failure is not None:
            raise failure
        return Response(502)

    there.after = lose
    found = answers(await there.probed())
    assert 2 == len(there.patches)
    assert not found["if_match"].is_known
    assert "no form" not in "".join(answer.reason for answer in found.values())
    expected = "description is not what it was" if changes else "what became of a write is not known"
    assert expected in found["if_match_star"].reason


async def test_a_tag_that_somebody_else_moves_is_not_refused() -> None:
    """412, and the record has another tag: which of the two is the reason is not known."""
    there = Colleague()

    def change(request: Request) -> None:
        if request.method == "PATCH" and len(there.patches) == 2:
            there.change("before", location="elsewhere")

    there.before = change
    found = answers(await there.probed())
    assert 2 == len(there.patches)
    assert {"the record was changed meanwhile"} == {found[name].reason for name in ("if_match", "if_match_star")}


@pytest.mark.parametrize("number", [2, 3])
async def test_a_write_that_is_refused_for_another_reason_ends_it(number: int) -> None:
    """It is not the tag that is refused."""
    there = Colleague(tag_form="gzip", if_match="both")
    there.before = lambda request: Response(403) if request.method == "PATCH" and len(there.patches) == number else None
    found = answers(await there.probed())
    assert number == len(there.patches)
    assert "a write under a tag was answered 403" == found["if_match_star"].reason


async def test_a_token_that_ends_meanwhile_ends_the_writes() -> None:
    """Nothing can be read again, and what was read before is not taken for it."""
    there = Colleague()

    def refuse(request: Request) -> Response | None:
        return Response(401) if len(there.patches) == 3 and request.method == "GET" else None

    there.before = refuse
    found = answers(await there.probed())
    assert 3 == len(there.patches)
    assert "could not be read" in found["if_match_star"].reason
    there = Colleague()
    there.before = lambda request: Response(401) if request.method == "PATCH" else None
    assert "the token is refused" in answers(await there.probed())["if_match_star"].reason


async def test_the_requests_of_the_writes_are_bounded() -> None:
    """Where none is left for a write, it is not sent."""
    asker_most = MOST_WRITES
    there = Colleague(tag_form="gzip", if_match="both")
    limits = count()

    def limit(request: Request) -> Response | None:
        is_read = there.patches and request.method == "GET" and "/matters/7" in request.url
        return Response(429, Headers({"Retry-After": "1"})) if is_read and next(limits) % 2 == 0 else None

    there.before = limit
    evidence = await there.probed()
    told(evidence)
    assert len(there.patches) < 7
    assert "requests of the probe were used up" in answers(evidence)["if_match_required"].reason
    assert asker_most >= 2 * len(there.patches)
