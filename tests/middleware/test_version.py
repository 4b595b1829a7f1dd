"""`Version`: what a 410 means, and what is known of a version afterwards (rows F39, F53 and F54)."""

from __future__ import annotations

import warnings
from contextlib import nullcontext

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import (
    APIError,
    ApiVersionGone,
    ApiVersionMismatch,
    Gone,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    Policy,
    RateLimited,
    ReauthRequired,
    RetryPolicy,
    Unauthorized,
)
from clio_async.errors import AuthError, MaybeSent, NotSentTimeout
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.version import Version, VersionFindings, _Finding, _Pending
from clio_async.principal import Principal
from clio_async.stats import Stats
from tests.origin import BASE, Clock, Wire, client, not_modified, ok, script

MATTER = "/matters/42"
PROBE = "/users/who_am_i.json?fields=id"


def paths(wire: Wire) -> list[str]:
    return [request.url.removeprefix(BASE) for request in wire.seen]


def gone(request: Request) -> Response:
    """A server that has dropped one version."""
    return Response(410) if request.headers.get("X-API-VERSION") == "4.0.3" else ok()


# -- operations without a version -------------------------------------------------------------------------------------

UNVERSIONED = [
    "Bill#preview", "Document#copy", "Document#download", "DocumentArchive#download", "DocumentTemplate#download",
    "DocumentVersion#save_as_latest_version", "MatterDocket#preview", "Report#download", "ReportPreset#generate_report",
    "TaskTemplateList#copy", "Webhook#activate",
]  # fmt: skip


async def test_a_gone_version_does_not_block_what_is_sent_without_one() -> None:
    """The header on the request decides, not the option of the client."""
    wire = Wire(
        lambda request: Response(303, Headers({"Location": "/f"})) if "download" in request.url else gone(request)
    )
    clio = client(wire, api_version="4.0.3")
    with pytest.raises(ApiVersionGone):
        await clio.matters.get(42)
    sent = len(wire.seen)
    assert "http://localhost/f" == (await clio.documents.download_url(5)).reveal()
    assert "{}" == await clio.bills.preview(5)
    assert [None, None] == wire.sent("X-API-VERSION")[sent:]


async def test_a_410_for_what_was_sent_without_a_version_is_the_record() -> None:
    """No probe is sent, and nothing is claimed of the version, which the client uses on."""
    wire = Wire(lambda request: Response(410) if "/5" in request.url else ok(b'{"data":{"id":42}}'))
    clio = client(wire)
    for call in (
        clio.documents.download_url(5),
        clio.bills.preview(5),
        clio.documents.copy(5, parent={"id": 1, "type": "Folder"}),
    ):
        with pytest.raises(Gone) as caught:
            await call
        assert Gone is type(caught.value)
    assert 3 == len(wire.seen)
    assert 42 == (await clio.matters.get(42, fields="id")).id


async def test_an_answered_version_is_no_other_than_none() -> None:
    """Where none was asked for, none is warned about."""
    clio = client(Wire(lambda request: ok(b"<p>", X_API_VERSION="4.0.99")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await clio.bills.preview(5)
    assert 0 == clio.stats.version_mismatches


def test_which_operations_these_are() -> None:
    """All but one stand in the document without the header; the other is in no copy of it."""
    from clio_async.models import registry

    found = [
        operation.id
        for name in registry.resource_names()
        for operation in registry.resource(name).operations.values()
        if not operation.versioned
    ]
    assert UNVERSIONED == sorted(found)


# -- what a 410 is about ----------------------------------------------------------------------------------------------


async def test_the_finding_holds_ten_minutes_for_one_server_and_version() -> None:
    """For every client, and every method, of that principal; another version, server or moment is free."""
    clock, wire = Clock(), Wire(gone)
    clio = client(wire, clock=clock, api_version="4.0.3")
    with pytest.raises(ApiVersionGone):
        await clio.matters.get(42)
    assert 2 == len(wire.seen)
    for other in (clio, clio.options(timeout=5), clio.options(cache="bypass")):
        for method in ("GET", "PATCH"):
            with pytest.raises(ApiVersionGone) as caught:
                await other.request(method, MATTER)
            assert "cache" == caught.value.response.source
    assert 2 == len(wire.seen)
    assert 200 == (await clio.options(api_version="4.0.13").request("GET", MATTER)).status
    with pytest.raises(ApiVersionGone):
        await clio.with_auth("token-a", base_url="http://localhost:81/api/v4").request("GET", MATTER)
    assert 5 == len(wire.seen)
    clock.now += 599.9
    with pytest.raises(ApiVersionGone):
        await clio.request("GET", MATTER)
    assert 5 == len(wire.seen)
    clock.now += 0.1
    wire.answer = lambda request: ok()
    assert 200 == (await clio.request("GET", MATTER)).status


async def test_a_version_that_is_gone_is_never_asked_for_twice_in_a_call() -> None:
    """One request and one probe, however patient the policy."""
    wire = Wire(gone)
    with pytest.raises(ApiVersionGone):
        await client(wire, api_version="4.0.3", retry=RetryPolicy(attempts=9, first_pause=0)).matters.get(42)
    assert [MATTER, PROBE] == [paths(wire)[0].partition(".json")[0], *paths(wire)[1:]]
    assert ["4.0.3", "4.0.3"] == wire.sent("X-API-VERSION")


async def test_no_cache_is_touched() -> None:
    """What was read under the version is there when it comes back; what is gone as a record is not."""
    clock = Clock()
    wire = Wire(script(ok(b"x", ETag='"1"'), Response(410), Response(410), not_modified(ETag='"1"')))
    clio = client(wire, clock=clock, policy=Policy(max_age=10_000))
    await clio.request("GET", MATTER)
    for _ in range(2):
        with pytest.raises(ApiVersionGone):
            await clio.request("GET", MATTER)
    clock.now += 600
    assert b"x" == (await clio.request("GET", MATTER)).body
    wire.answer = lambda request: Response(410) if MATTER in request.url else ok()
    with pytest.raises(Gone):
        await clio.request("GET", MATTER)
    wire.answer = lambda request: ok()
    await clio.request("GET", MATTER)
    assert wire.sent("If-None-Match")[-1] is None


async def test_a_path_that_is_in_no_document_is_gone_itself() -> None:
    """Nobody knows what its 410 means: no probe."""
    wire = Wire(gone)
    for path in ("/unknown", "/matters/42/unknown/5"):
        with pytest.raises(Gone) as caught:
            await client(wire, api_version="4.0.3").request("GET", path)
        assert Gone is type(caught.value)
    assert 2 == len(wire.seen)


@pytest.mark.parametrize(
    "second",
    [
        Response(401),
        Response(418),
        Response(429, Headers({"Retry-After": "3600"})),
        Response(500),
        Response(301, Headers({"Location": f"{BASE}/sunset"})),
        Response(307, Headers({"Location": "https://evil.test/"})),
        Response(304),
        MaybeSent("x"),
        NotSentTimeout("x"),
        RateLimited("x", status=429),
        AuthError("x"),
        ReauthRequired("x", principal=Principal(BASE)),
    ],
    ids=repr,
)
async def test_a_probe_that_is_not_answered_410_claims_nothing(second: Response | Exception) -> None:
    """Redirected, limited, without a token or an answer: neither version nor record is gone, and both are asked for
    again.
    """
    wire = Wire(script(Response(410), second, Response(410), ok()))
    clio = client(wire, retry=None)
    with pytest.raises(APIError, match="could not be found out") as caught:
        await clio.options(max_wait=0).request("GET", MATTER)
    assert (APIError, 410) == (type(caught.value), caught.value.status)
    if isinstance(second, Response) and second.status == 429:
        return  # the pause holds: the second read is refused by the limiter
    with pytest.raises(Gone) as told:
        await clio.request("GET", MATTER)
    assert Gone is type(told.value)
    assert [MATTER, PROBE] * 2 == paths(wire)


@pytest.mark.parametrize("status", [403, 404])
async def test_a_probe_that_is_refused_has_been_read_under_the_version(status: int) -> None:
    """The record is gone; for as long as nothing better is known, each 410 is asked about."""
    wire = Wire(script(Response(410), Response(status), Response(410), ok()))
    clio = client(wire, retry=None)
    for _ in range(2):
        with pytest.raises(Gone) as caught:
            await clio.request("GET", MATTER)
        assert Gone is type(caught.value)
    assert [MATTER, PROBE] * 2 == paths(wire)


async def test_what_is_held_is_not_given_after_a_410_that_is_undecided() -> None:
    """It may be what there is no more (F35, F53): the next read is in full."""
    wire = Wire(script(ok(b"x", ETag='"1"'), Response(410), MaybeSent("x"), ok(b"x", ETag='"1"')))
    clio = client(wire, retry=None)
    await clio.request("GET", MATTER)
    with pytest.raises(APIError, match="could not be found out"):
        await clio.request("GET", MATTER)
    assert b"x" == (await clio.request("GET", MATTER)).body
    assert [None, '"1"', None, None] == wire.sent("If-None-Match")


async def test_a_token_that_is_refused_at_the_end_is_told() -> None:
    """The 401 of the request itself is its answer."""
    with pytest.raises(Unauthorized):
        await client(Wire(lambda request: Response(401))).request("GET", MATTER)


async def test_a_410_where_a_redirect_led_is_asked_about_directly() -> None:
    """A place where everything is gone says nothing of the version, nor of the record; the API itself does."""

    def sunset(request: Request) -> Response:
        if "sunset" in request.url:
            return Response(410)
        return Response(301, Headers({"Location": f"{BASE}/sunset"}))

    wire = Wire(sunset)
    with pytest.raises(APIError, match="could not be found out"):
        await client(wire).request("GET", MATTER)
    assert [MATTER, "/sunset", PROBE] == paths(wire)

    def ended(request: Request) -> Response:
        if "who_am_i" not in request.url:
            return sunset(request)
        return Response(410) if "X-API-VERSION" in request.headers else ok()

    wire = Wire(ended)
    with pytest.raises(ApiVersionGone):
        await client(wire).request("GET", MATTER)
    assert [MATTER, "/sunset", PROBE] == paths(wire)


async def test_a_410_that_may_be_the_doing_of_an_earlier_attempt_is_not_asked_about() -> None:
    """The write is unknown, whatever is the matter with the version."""
    wire = Wire(script(Response(502), Response(410)))
    with pytest.raises(OutcomeUnknown):
        await client(wire, retry=RetryPolicy(first_pause=0)).request(
            "PATCH", MATTER, json={"data": {}}, headers={"If-Match": '"1"'}
        )
    assert [MATTER, MATTER] == paths(wire)


async def test_what_somebody_else_has_found_out_meanwhile_is_taken() -> None:
    """A second 410 that was under way is not probed again."""
    findings, clock = VersionFindings(), Clock()
    layer = Version(findings, Stats(), clock)
    principal = Principal(BASE)
    asked = Request(
        "GET", f"{BASE}{MATTER}", Headers({"X-API-VERSION": "4.0.3"}), principal=principal, resource="matters"
    )

    async def send(request: Request) -> Response:
        findings.gone[BASE, "4.0.3"] = _Finding(clock.now + 1, None)
        return Response(410)

    assert "version-gone" == (await layer(asked, send)).verdict
    assert {(BASE, "4.0.3"): _Finding(clock.now + 1, None)} == findings.gone


async def test_a_probe_is_no_request_of_the_callers() -> None:
    """It has no condition, no field and no body of theirs; it asks for next to nothing."""
    wire = Wire(gone)
    with pytest.raises(ApiVersionGone):
        await client(wire, api_version="4.0.3").request(
            "PATCH", MATTER, json={"secret": 1}, headers={"If-Match": '"1"', "X-Own": "1"}
        )
    probe = wire.seen[1]
    assert ("GET", None) == (probe.method, probe.body)
    assert {"accept", "x-api-version", "authorization"} == {*probe.headers}


# -- how often, and for whom ------------------------------------------------------------------------------------------


async def test_an_account_where_all_is_gone_stops_nobody_else() -> None:
    """A closed one, say: the other tenants of that server go on."""
    wire = Wire(lambda request: Response(410) if "token-b" in request.headers["Authorization"] else ok())
    clio = client(wire)
    for _ in range(2):
        with pytest.raises(ApiVersionGone):
            await clio.with_auth("token-b").request("GET", MATTER)
    assert [MATTER, PROBE] == paths(wire)
    assert 200 == (await clio.request("GET", MATTER)).status


async def test_what_a_second_principal_has_found_holds_for_all() -> None:
    """From then on nobody asks, until the ten minutes are over; then one witness is one again."""
    clock, wire = Clock(), Wire(gone)
    clio = client(wire, clock=clock, api_version="4.0.3")
    for grant, sent in (("a", 2), ("b", 4), ("c", 4), ("a", 4)):
        with pytest.raises(ApiVersionGone):
            await clio.with_auth(f"token-{grant}").request("GET", MATTER)
        assert sent == len(wire.seen)
    clock.now += 600
    for grant, sent in (("c", 6), ("a", 8), ("d", 8)):
        with pytest.raises(ApiVersionGone):
            await clio.with_auth(f"token-{grant}").request("GET", MATTER)
        assert sent == len(wire.seen)


async def test_a_witness_of_long_ago_is_none() -> None:
    """A second finding counts only beside one that still holds."""
    clock, wire = Clock(), Wire(gone)
    clio = client(wire, clock=clock, api_version="4.0.3")
    for grant, sent in (("a", 2), ("b", 4), ("a", 6)):
        with pytest.raises(ApiVersionGone):
            await clio.with_auth(f"token-{grant}").request("GET", MATTER)
        assert sent == len(wire.seen)
        clock.now += 600


async def test_a_version_that_is_served_is_not_asked_about_again_for_ten_minutes() -> None:
    """A walk over records that are gone costs one probe; after that time another one."""
    clock, wire = Clock(), Wire(lambda request: ok() if "who_am_i" in request.url else Response(410))
    clio = client(wire, clock=clock)
    for moment, expected in ((0.0, 1), (599.9, 1), (0.1, 2), (1.0, 2)):
        clock.now += moment
        for other in (clio, clio.with_auth("token-b")):
            with pytest.raises(Gone) as caught:
                await other.request("GET", MATTER)
            assert Gone is type(caught.value)
        assert expected == paths(wire).count(PROBE)


class Held:
    """A server under a layer, whose answers to probes wait."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.findings, self.clock = VersionFindings(), anyio.current_time
        self.layer = Version(self.findings, Stats(), self.clock)
        self.answers, self.probes, self.go = [*answers], 0, anyio.Event()
        self.verdicts: list[str | None] = []

    async def send(self, request: Request) -> Response:
        if "who_am_i" not in request.url:
            return Response(410)
        self.probes += 1
        answer = self.answers.pop(0)
        await self.go.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def ask(self, deadline: float | None = None, grant: str = "") -> None:
        request = Request(
            "GET",
            f"{BASE}{MATTER}",
            Headers({"X-API-VERSION": "4.0.3"}),
            principal=Principal(BASE, grant=grant),
            resource="matters",
            deadline=deadline,
        )
        self.verdicts.append((await self.layer(request, self.send)).verdict)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([Response(200)], None),
        ([Response(500)], "version-unknown"),
        ([Response(200, Headers(), b"<html>")], "version-unknown"),
        ([Response(200, Headers(), b"{}")], None),
        ([Response(410)], "version-gone"),
    ],
    ids=str,
)
async def test_those_who_ask_at_once_share_one_answer(answers: list[Response | Exception], verdict: str | None) -> None:
    """Whatever it is."""
    held = Held(*answers)
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(held.ask)
        await anyio.wait_all_tasks_blocked()
        assert 1 == held.probes
        held.go.set()
    assert [verdict] * 20 == held.verdicts
    assert len(answers) == held.probes
    assert {} == held.findings.pending


@pytest.mark.parametrize(
    ("answers", "verdicts"),
    [
        ([Response(200)], [None, None, None]),
        ([MaybeSent("x")], ["version-unknown"] * 3),
        ([NotSentTimeout("x"), Response(200)], [None, None, "version-unknown"]),
    ],
    ids=["an answer", "no answer", "no time left"],
)
async def test_somebody_else_asks_when_who_asked_is_cancelled_or_has_no_time_left(
    answers: list[Response | Exception], verdicts: list[str | None]
) -> None:
    """Nobody takes what ended another one for an answer. That there is none is the same for all who wait for it."""
    held = Held(Response(410), *answers)
    async with anyio.create_task_group() as group:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as inner:
                inner.start_soon(held.ask)
                await anyio.wait_all_tasks_blocked()
                for _ in range(3):
                    group.start_soon(held.ask)
                await anyio.wait_all_tasks_blocked()
                scope.cancel()
        held.go.set()
    assert verdicts == sorted(held.verdicts, key=str)
    assert 1 + len(answers) == held.probes
    assert {} == held.findings.pending


async def test_who_has_no_time_left_does_not_wait_for_it() -> None:
    """What the 410 is about is unknown to it, whatever comes of the question."""
    held = Held(Response(410), Response(200))
    async with anyio.create_task_group() as group:
        group.start_soon(held.ask)
        await anyio.wait_all_tasks_blocked()
        await held.ask(deadline=held.clock())
        assert ["version-unknown"] == held.verdicts
        held.go.set()
    assert ["version-unknown", "version-gone"] == held.verdicts


async def test_nobody_waits_for_another_tenant() -> None:
    """That one may wait for its quota, which is its own."""
    held = Held(Response(200), Response(200))
    async with anyio.create_task_group() as group:
        for grant in "ab":
            group.start_soon(held.ask, None, grant)
        await anyio.wait_all_tasks_blocked()
        assert 2 == held.probes
        held.go.set()


async def test_what_another_event_loop_has_left_behind_is_not_waited_for() -> None:
    """Nobody is there to wake who waits."""
    held = Held(Response(200))
    left = _Pending(home=object())
    held.findings.pending[Principal(BASE).fingerprint, "4.0.3"] = left
    held.go.set()
    await held.ask()
    assert (1, {}) == (held.probes, held.findings.pending)


async def test_what_another_event_loop_asks_now_is_not_forgotten() -> None:
    """Each takes away its own entry alone."""
    held = Held(Response(200))
    other = _Pending(home=object())
    async with anyio.create_task_group() as group:
        group.start_soon(held.ask)
        await anyio.wait_all_tasks_blocked()
        held.findings.pending[Principal(BASE).fingerprint, "4.0.3"] = other
        held.go.set()
    assert [other] == [*held.findings.pending.values()]


# -- what a server says its version is --------------------------------------------------------------------------------


async def test_a_version_that_is_said_twice_is_that_version() -> None:
    """F12: it is no other one, and what it answers is kept."""
    twice = [("X-API-VERSION", "4.0.13")] * 2
    wire = Wire(lambda request: Response(200, Headers([("ETag", '"1"'), *twice]), b"x"))
    clio = client(wire)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await clio.request("GET", MATTER)
        await clio.request("GET", MATTER)
    assert 0 == clio.stats.version_mismatches
    assert [None, '"1"'] == wire.sent("If-None-Match")


async def test_two_versions_are_another_one() -> None:
    """Which of them has answered is not known."""
    fields = Headers([("X-API-VERSION", "4.0.13"), ("X-API-VERSION", "4.0.12")])
    clio = client(Wire(lambda request: Response(200, fields)))
    with pytest.warns(ApiVersionMismatch, match=r"4\.0\.13, 4\.0\.12 answered"):
        await clio.request("GET", MATTER)


async def test_a_warning_does_not_steer_a_terminal() -> None:
    """What stands for the version may be anything."""
    clio = client(Wire(lambda request: ok(X_API_VERSION="\x9b31m\x9d0;x\x1b[2J")))
    with pytest.warns(ApiVersionMismatch) as caught:
        await clio.request("GET", MATTER)
    assert str(caught[0].message).isprintable()


# -- entries never cross versions -------------------------------------------------------------------------------------


async def test_no_layer_hands_an_answer_of_one_version_to_another() -> None:
    """Kept or under way: neither the body nor the validator of 4.0.12 is used under 4.0.13, or without a version."""
    wire = Wire(lambda request: ok(str(request.headers.get("x-api-version")).encode(), ETag='"1"'))
    clio = client(wire, policy=Policy(fresh_for={"bills": 1e6, "matters": 1e6}), clock=Clock())
    clients = [clio.options(api_version=version) for version in ("4.0.12", "4.0.13", None)]
    for path in (MATTER, "/bills/5/preview.json"):
        found = [(await each.request("GET", path)).body for each in clients]
        assert [b"4.0.12", b"4.0.13", b"None"] == found
    # The verb sends no version, whatever the client's is: it shares with the client that has none, and nobody else.
    before = len(wire.seen)
    assert ["None"] * 3 == [await each.bills.preview(5) for each in clients]
    assert before == len(wire.seen)
    assert [None] * len(wire.seen) == wire.sent("If-None-Match")


async def test_a_304_of_another_version_confirms_nothing() -> None:
    """Without a version the server chooses one: when that changes, what is held is read anew, and no tag is blamed."""
    wire = Wire(
        script(
            ok(b"old", ETag='"1"', X_API_VERSION="4.0.12"),
            not_modified(ETag='"1"', X_API_VERSION="4.0.12"),
            not_modified(ETag='"1"', X_API_VERSION="4.0.13"),
            ok(b"new", ETag='"1"', X_API_VERSION="4.0.13"),
            not_modified(ETag='"1"'),
        )
    )
    clio = client(wire, api_version=None)
    found = [(await clio.request("GET", MATTER)).body for _ in range(4)]
    assert [b"old", b"old", b"new", b"new"] == found
    assert [None, '"1"', '"1"', None, '"1"'] == wire.sent("If-None-Match")
    assert 0 == clio.stats.mismatches


async def test_a_304_of_another_version_under_the_pinned_one_is_read_in_full_and_warned_about() -> None:
    """What is then answered is used, and not kept."""
    wire = Wire(
        script(
            ok(b"old", ETag='"1"', X_API_VERSION="4.0.13"),
            not_modified(ETag='"1"', X_API_VERSION="4.0.14"),
            ok(b"new", ETag='"1"', X_API_VERSION="4.0.14"),
            ok(b"newer", ETag='"2"', X_API_VERSION="4.0.14"),
        )
    )
    clio = client(wire)
    with pytest.warns(ApiVersionMismatch) as caught:
        found = [(await clio.request("GET", MATTER)).body for _ in range(3)]
    assert [b"old", b"new", b"newer"] == found
    assert [None, '"1"', None, None] == wire.sent("If-None-Match")
    assert (1, 3) == (len(caught), clio.stats.version_mismatches)


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", MATTER, 200, None),
        ("GET", "/matters", 200, None),
        ("PATCH", MATTER, 200, None),
        ("DELETE", MATTER, 204, None),
        ("GET", MATTER, 304, None),
        ("GET", MATTER, 404, NotFound),
        ("GET", "/unknown", 410, Gone),
    ],
)
async def test_the_version_is_compared_in_every_answer(
    method: str, path: str, status: int, error: type[Exception] | None
) -> None:
    """Reads, lists, writes, refusals and confirmations."""
    clio = client(Wire(lambda request: Response(status, Headers({"X-API-VERSION": "4.0.14"}))))
    refused = nullcontext() if error is None else pytest.raises(error)
    with pytest.warns(ApiVersionMismatch, match=r"4\.0\.13 was asked for and 4\.0\.14"), refused:
        await clio.request(method, path, headers={"If-None-Match": '"1"'})
    assert 1 == clio.stats.version_mismatches


async def test_a_server_that_makes_versions_up_is_not_listened_to_for_ever() -> None:
    """A hundred warnings, of a part of the text each."""
    wire = Wire(lambda request: ok(X_API_VERSION=f"{len(wire.seen)}-{'9' * 5000}"))
    clio = client(wire)

    async def read() -> None:
        for _ in range(110):
            await clio.request("GET", "/x")

    with pytest.warns(ApiVersionMismatch) as caught:
        await read()
    assert 100 == len(caught)
    assert max(len(str(warning.message)) for warning in caught) < 200
    assert 110 == clio.stats.version_mismatches


# -- what cannot be a version -----------------------------------------------------------------------------------------


@given(
    st.text(max_size=12)
    | st.from_regex(r"[0-9]+(\.[0-9]+)*\s?", fullmatch=True)
    | st.integers()
    | st.binary(max_size=6)
)
def test_what_is_no_version_is_refused_before_anything_is_sent(version: object) -> None:
    """By the client and by its options alike; what is taken is three numbers, and sent as it is."""
    wire = Wire(lambda request: ok())
    parts = version.split(".") if isinstance(version, str) else []
    if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        assert version == client(wire, api_version=version)._headers["X-API-VERSION"]
        return
    with pytest.raises(InvalidArgument):
        client(wire, api_version=version)
    with pytest.raises(InvalidArgument):
        client(wire).options(api_version=version)  # type: ignore[arg-type]
    assert [] == wire.seen
