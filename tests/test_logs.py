"""`logs`: the log holds what the allow-list names, in harmless characters, and nothing else (F37)."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from logging import DEBUG, INFO, WARNING

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import logs
from clio_async.errors import ClioError, ClioWarning
from clio_async.events import Attempt, Exchange, QuotaPause, QuotaWait, TokenRefresh, Watch
from clio_async.messages import Headers, Request, Response
from clio_async.models import registry
from clio_async.notices import notify
from clio_async.options import Policy

from .origin import BASE, Clock, Gate, Origin, Wire, client, ok, script
from .watched import Patient, Renewing

MATTER = b'{"data":{"id":42,"etag":"\\"x\\"","display_number":"1-Bond"}}'
URL = "http://localhost/api/v4/matters/42"


def origin() -> Origin:
    served = Origin()
    served.put("/matters/42", MATTER)
    served.put("/users/1", MATTER)
    return served


class Records(logging.Handler):
    """Keep every record of the SDK."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)

    def lines(self, *events: str) -> list[str]:
        """The lines of these events, without what differs between runs."""
        found = [re.sub(r" (principal|ms)=[0-9a-f.]+", "", record.getMessage()) for record in self.kept]
        return [line for line in found if not events or line.startswith(events)]


@pytest.fixture(scope="module")
def seen() -> Iterator[Records]:
    log, handler = logging.getLogger("clio_async"), Records()
    before = log.level
    log.setLevel(DEBUG)
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)
    log.setLevel(before)


@pytest.fixture(autouse=True)
def empty(seen: Records) -> None:
    seen.kept.clear()


async def test_a_call_and_its_attempt_are_lines(seen):
    """In full, then confirmed by a 304: what happened, where the answer came from, and what it took."""
    clio = client(Wire(origin().answer))
    await clio.matters.get(42)
    await clio.matters.get(42)
    size = len(MATTER)
    assert [
        f"attempt method=GET url={URL} resource=matters status=200 bytes={size}",
        f"call method=GET url={URL} resource=matters status=200 source=network bytes={size}",
        f"attempt method=GET url={URL} resource=matters status=304 bytes=0",
        f"call method=GET url={URL} resource=matters status=200 source=revalidated bytes={size}",
    ] == seen.lines()
    assert {DEBUG} == {record.levelno for record in seen.kept}
    (whom,) = {record.clio["principal"] for record in seen.kept}
    assert clio.principal.fingerprint[:8] == whom


async def test_times_are_milliseconds(seen):
    """A call of 12.5 ms says so."""
    clock = Clock()

    def answer(_: Request) -> Response:
        clock.now += 0.0125
        return ok(MATTER, X_Request_Id="req-1")

    await client(Wire(answer), clock=clock).matters.get(42)
    assert [(12.5, "req-1")] * 2 == [(record.clio["ms"], record.clio["request_id"]) for record in seen.kept]
    assert all(" ms=12.5 " in record.getMessage() for record in seen.kept)


async def test_shared_and_fresh_answers_are_calls_without_attempts(seen):
    """What cost no request shows none."""
    gate = Gate(origin().answer)
    clio = client(Wire(gate), policy=Policy(fresh_for={"users": 60.0}))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.users.get, 1)
        tasks.start_soon(clio.users.get, 1)
        await anyio.wait_all_tasks_blocked()
        gate.waiting[0].set()
    await clio.users.get(1)
    assert 1 == len(seen.lines("attempt"))
    sources = [record.clio["source"] for record in seen.kept if "source" in record.clio]
    assert ["cache", "network", "shared"] == sorted(sources)


async def test_a_second_try_after_a_429_is_an_attempt_and_a_pause(seen):
    """One call, two attempts, a warning that the server asked for a pause, and the wait."""
    wire = Wire(script(Response(429), ok(MATTER)))
    await client(wire, limiter=Patient()).matters.get(42)
    assert ["attempt", "pause", "wait", "attempt", "call"] == [line.split(" ")[0] for line in seen.lines()]
    levels = {record.getMessage().split(" ")[0]: record.levelno for record in seen.kept}
    assert {"attempt": DEBUG, "pause": WARNING, "wait": DEBUG, "call": DEBUG} == levels
    (wait,) = seen.lines("wait")
    assert re.fullmatch(r"wait lane=interactive seconds=[0-9.e-]+ outcome=sent", wait)


@pytest.mark.parametrize(
    ("outcome", "level"), [("refreshed", INFO), ("adopted", INFO), ("failed", WARNING), ("revoked", WARNING)]
)
async def test_a_renewed_token_is_a_line(seen, outcome, level):
    """Renewed is information; failed and revoked are warnings. The token's own request is an attempt to nobody."""
    wire = Wire(script(Response(401), Response(200), ok(MATTER)))
    await client(wire).with_auth(Renewing("http://localhost", outcome=outcome)).matters.get(42)
    (refresh,) = [record for record in seen.kept if record.getMessage().startswith("refresh")]
    assert (level, outcome, "f" * 8) == (refresh.levelno, refresh.clio["outcome"], refresh.clio["principal"])
    assert {"seconds", "outcome", "principal"} == refresh.clio.keys()
    assert "attempt method=POST url=http://localhost/... status=200 bytes=0" in seen.lines("attempt")


async def test_a_failure_is_named_by_its_class(seen):
    """An error's text may hold anything; its class may not."""
    with pytest.raises(RuntimeError):
        await client(Wire(script(RuntimeError("CANARY")))).matters.get(42)
    assert [f"attempt method=GET url={URL} resource=matters error=RuntimeError bytes=0"] == seen.lines("attempt")
    assert [f"call method=GET url={URL} resource=matters error=RuntimeError bytes=0"] == seen.lines("call")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/matters/42", "/api/v4/matters/42"),
        ("/users/who_am_i.json?fields=id", "/api/v4/users/who_am_i"),
        ("//matters//42/", "/api/v4/matters/42"),
        ("/matters/tok-secret", "/api/v4/matters/..."),
        ("/matters/" + "9" * 21, "/api/v4/matters/..."),
        ("/hooks/tok-secret/42", "/..."),
        ("/matters%2F42", "/.../matters/..."),
    ],
)
async def test_of_a_path_the_words_of_the_api_and_numbers_are_shown(seen, path, shown):
    """What a caller put into a path may be a secret, unless it is a word of the registry or a number."""
    await client(Wire(lambda _: ok())).request("GET", path)
    assert [f"http://localhost{shown}"] * 2 == [record.clio["url"] for record in seen.kept]


@pytest.mark.parametrize(
    ("path", "template", "shown"),
    [
        ("https://eu.app.clio.com/api/v4/matters/42", "/matters/{id}", "https://eu.app.clio.com/api/v4/matters/42"),
        ("http://[::1]:8080/matters/42", "/matters/{id}", "http://[::1]:8080/matters/42"),
        ("https://h/tok-secret/api/v4/matters/42", "/matters/{id}", "https://h/.../matters/42"),
        ("https://h", None, "https://h/..."),
        ("https://user:tok-secret@h/matters", "/matters", "..."),
        ("https://h\n/matters", "/matters", "..."),
        ("", None, "..."),
    ],
)
def test_of_a_url_the_origin_is_shown(seen, path, template, shown):
    """No user, no prefix but Clio's own, and nothing of what is no URL."""
    attempt = Attempt("GET", path, None, "", None, "x", 0.0, 0.0, 0, None, template)
    Watch().attempted(attempt)
    assert shown == seen.kept[0].clio["url"]


async def test_a_method_of_the_callers_own_is_not_repeated(seen):
    """A token in upper case may be a method, and may be a secret."""
    await client(Wire(lambda _: ok())).request("TOKSECRET", "/matters")
    assert {"_OTHER"} == {record.clio["method"] for record in seen.kept}


def test_nothing_is_logged_below_its_level(seen):
    """Each line asks for its level, and its fields are not even gathered otherwise."""
    log, watch = logging.getLogger("clio_async"), Watch()
    attempt = Attempt("GET", URL, None, "", 200, None, 0.0, 0.0, 0)
    exchange = Exchange("GET", URL, 200, "network", None, None, None, 0.0, 0.0, 0)
    wait, pause = QuotaWait("f" * 32, "batch", "sent", 0.0, 0.0), QuotaPause("f" * 32, 1.0)
    counts = {}
    for level in (DEBUG, INFO, WARNING, logging.ERROR):
        log.setLevel(level)
        watch.call_ended(exchange, watch.call_began(Request("GET", URL)))
        watch.attempted(attempt)
        watch.waited(wait)
        watch.paused(pause)
        watch.refreshed(TokenRefresh("f" * 32, "refreshed", 0.0, 0.0))
        watch.refreshed(TokenRefresh("f" * 32, "revoked", 0.0, 0.0))
        counts[level] = [record.getMessage().split(" ")[0] for record in seen.kept]
        seen.kept.clear()
    log.setLevel(DEBUG)
    assert {
        DEBUG: ["call", "attempt", "wait", "pause", "refresh", "refresh"],
        INFO: ["pause", "refresh", "refresh"],
        WARNING: ["pause", "refresh"],
        logging.ERROR: [],
    } == counts


def test_a_field_that_is_not_on_the_list_is_not_written(seen):
    """The list decides, not the caller."""
    logs.write(WARNING, "x", token="CANARY", Authorization="CANARY", status=200, error=None)
    (record,) = seen.kept
    assert ("x status=200", {"status": 200}) == (record.getMessage(), record.clio)
    assert "CANARY" not in repr(vars(record))


LINE = re.compile(r"(call|attempt)( [a-z_]+=[A-Za-z0-9._:/\[\]?-]*)+")
WORDS = re.compile(r"[A-Za-z0-9._:/\[\]?-]*")
# Markers, so that what is found in a record can only come from there.
MARKED = st.text(max_size=12).map(lambda text: f"QZX{text}")
SEGMENTS = st.one_of(
    st.sampled_from(["matters", "users", "42", "who_am_i", "activities", "client"]),
    MARKED,
    st.text(alphabet="QZX-_~!$'()*+,;=@:%", min_size=1, max_size=8).map(lambda text: f"QZX{text}"),
)
FIELDS = st.dictionaries(
    st.sampled_from(["X-Key", "X-Other", "Content-Language"]),
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=9).map(lambda text: f"QZX{text}"),
)


@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "QZX"]),
    segments=st.lists(SEGMENTS, min_size=1, max_size=4),
    params=st.dictionaries(MARKED, MARKED, max_size=2),
    own=FIELDS,
    content=MARKED,
    answered=FIELDS,
    status=st.sampled_from([200, 304, 404, 500]),
    request_id=st.text(alphabet=st.characters(max_codepoint=255), max_size=400),
)
def test_nothing_of_a_request_or_an_answer_is_ever_logged(
    seen, method, segments, params, own, content, answered, status, request_id
):
    """Whatever goes in: known fields, harmless characters, short values, and no marker anywhere in the record."""
    seen.kept.clear()
    fields = Headers({**answered, "X-Request-Id": request_id.replace("QZX", "")})
    clio = client(Wire(lambda _: Response(status, fields, b'{"error":{"message":"QZX"}}')))

    async def call() -> None:
        body = {} if method == "GET" else {"json": {"key": content}}
        await clio.request(method, "/" + "/".join(segments), params=params, headers=own, **body)

    with suppress(ClioError):
        anyio.run(call)
    for record in seen.kept:
        assert LINE.fullmatch(record.getMessage())
        assert record.clio.keys() <= {*logs.FIELDS}
        assert all(isinstance(value, int | float) or WORDS.fullmatch(value) for value in record.clio.values())
        assert all(len(str(value)) <= 200 for value in record.clio.values())
        assert "QZX" not in repr(vars(record))


def test_the_same_check_sees_a_marker(seen):
    """The control: a logger that repeats the path would be caught."""
    logs.write(DEBUG, "attempt", url="http://localhost/QZX")
    assert "QZX" in repr(vars(seen.kept[0]))
    assert not LINE.fullmatch("call url=a\nb")


@given(st.text(), st.integers(), st.floats())
def test_what_is_shown_is_short_and_harmless(text, number, real):
    """A text keeps its letters and loses what could end a line or forge a field; numbers stay numbers."""
    assert WORDS.fullmatch(logs.shown(text))
    assert len(logs.shown(text)) <= 200
    assert number == logs.shown(number)
    assert isinstance(logs.shown(real), float)


def test_every_path_of_the_registry_is_shown_whole(seen):
    """With numbers for ids, no word of the API is hidden."""
    watch = Watch()
    for name in registry.resource_names():
        for operation in registry.resource(name).operations.values():
            template = operation.path.removesuffix(".json")
            path = f"{BASE}{re.sub('{[^}]*}', '42', operation.path)}"
            watch.attempted(Attempt("GET", path, name, "", 200, None, 0.0, 0.0, 0, None, template))
    shown = [record.clio["url"] for record in seen.kept]
    assert 283 <= len(shown)
    assert not [url for url in shown if "..." in url or "{" in url or not url.startswith(f"{BASE}/")]


def test_a_notice_is_one_line(seen):
    """A warning may repeat a word of the server's, and cannot forge a second line with it."""
    with pytest.warns(ClioWarning, match=r"^answered  4\.0\.13  x$"):
        notify("answered \n4.0.13\r\u202ex")
    with pytest.warns(ClioWarning) as given:
        notify("x" * 10_000)
    assert 500 == len(str(given[0].message))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notify("a\nb")
    assert ["a b"] == seen.lines()


def test_logging_is_left_to_the_application():
    """One handler that does nothing, no level: so nothing is printed where logging is not configured."""
    program = (
        "import logging, clio_async.logs as logs\n"
        "logs.write(logging.WARNING, 'pause', seconds=1)\n"
        "log = logging.getLogger('clio_async')\n"
        "print([type(handler).__name__ for handler in log.handlers], log.level, log.propagate, logging.root.handlers)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ("['NullHandler'] 0 True []\n", "") == (done.stdout, done.stderr)
