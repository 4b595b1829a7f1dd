"""`otel`: spans nest, end and leave nothing behind; names and attributes are few, and hold no secret."""

from __future__ import annotations

import contextvars
import gc
import logging
import subprocess
import sys
from collections.abc import Callable

import anyio
import pytest
from anyio.lowlevel import checkpoint
from opentelemetry import context, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from clio_async.errors import MaybeSent, NotFound
from clio_async.events import Attempt, Exchange, Hooks, QuotaWait
from clio_async.messages import Headers, Request, Response
from clio_async.options import Policy
from clio_async.otel import Telemetry
from clio_async.transport.memory import MemoryTransport

from .origin import Clock, Gate, Origin, Wire, client, ok, script
from .watched import Patient, Renewing

MATTER = b'{"data":{"id":42,"etag":"\\"x\\"","display_number":"1-Bond"}}'


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Lab:
    """Telemetry that is kept in memory, on clocks that stand still until they are moved."""

    def __init__(self) -> None:
        self.exporter, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.clock, self.wall = Clock(1000.0), Clock(1.8e9)
        self.hook = Telemetry(
            tracers, MeterProvider([self.reader]), clock=self.clock, wall_clock=lambda: self.wall.now + self.clock.now
        )

    def client(self, wire: Wire | MemoryTransport, **options: object):
        return client(wire, hooks=[self.hook], clock=self.clock, **options)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def tree(self) -> list[object]:
        """Names of spans: a root, or [root, its children …], in order of their beginning."""

        def under(parent: int | None) -> list[object]:
            found = [span for span in self.spans if (None if span.parent is None else span.parent.span_id) == parent]
            found.sort(key=lambda span: (span.start_time, self.spans.index(span)))
            return [[span.name, *more] if (more := under(span.context.span_id)) else span.name for span in found]

        return under(None)

    def points(self) -> dict[str, list[tuple[dict[str, object], object]]]:
        """By metric: attributes, and the value, or how many values there were."""
        data = self.reader.get_metrics_data()
        found: dict[str, list[tuple[dict[str, object], object]]] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = [
                        (dict(point.attributes), getattr(point, "count", getattr(point, "value", None)))
                        for point in metric.data.data_points
                    ]
        return found


@pytest.fixture
def lab() -> Lab:
    return Lab()


def origin() -> Origin:
    served = Origin()
    served.put("/matters/42", MATTER)
    served.put("/users/1", MATTER)
    return served


def at(moment: float) -> int:
    return int(moment * 1e9)


async def test_a_call_holds_its_attempts(lab):
    """A full answer and one confirmed by a 304: each call is a span with its request in it."""
    clio = lab.client(Wire(origin().answer))
    await clio.matters.get(42)
    await clio.matters.get(42)
    assert [["GET matters", "GET matters"]] * 2 == lab.tree()
    attempt, call, again, confirmed = lab.spans
    shared = {
        "http.request.method": "GET",
        "clio.resource": "matters",
        "server.address": "localhost",
        "server.port": 80,
        "url.template": "/matters/{id}",
    }
    assert {**shared, "http.response.status_code": 200, "clio.cache.source": "network"} == call.attributes
    size = {"http.response.body.size": len(MATTER)}
    assert {**shared, **size, "http.response.status_code": 200} == attempt.attributes
    assert (304, 200) == (
        again.attributes["http.response.status_code"],
        confirmed.attributes["http.response.status_code"],
    )
    assert "revalidated" == confirmed.attributes["clio.cache.source"]
    assert {SpanKind.CLIENT} == {span.kind for span in lab.spans}
    assert {StatusCode.UNSET} == {span.status.status_code for span in lab.spans}


async def test_times_are_those_of_the_client_told_on_the_wall_clock(lab):
    """Spans begin and end when the events say, whatever the clock of the machine does meanwhile."""

    def answer(_: Request) -> Response:
        lab.clock.now += 2.0
        lab.wall.now += 500.0  # somebody sets the clock
        return ok(MATTER)

    await lab.client(Wire(answer)).matters.get(42)
    attempt, call = lab.spans
    begin = 1.8e9 + 1000.0
    assert [(at(begin), at(begin + 2.0))] * 2 == [(span.start_time, span.end_time) for span in (attempt, call)]
    assert 2.0 == _sum(lab, "clio.client.request.duration")


def _sum(lab: Lab, name: str) -> float:
    data = lab.reader.get_metrics_data()
    assert data is not None
    (metric,) = [metric for metric in data.resource_metrics[0].scope_metrics[0].metrics if metric.name == name]
    return sum(point.sum for point in metric.data.data_points)


async def test_a_shared_answer_has_a_span_without_an_attempt(lab):
    """Two calls, one request: it is in the span of the one who sent it."""
    gate = Gate(origin().answer)
    clio = lab.client(Wire(gate))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.matters.get, 42)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(clio.matters.get, 42)
        await anyio.wait_all_tasks_blocked()
        gate.waiting[0].set()
    assert 3 == len(lab.spans)
    sources = {
        span.attributes["clio.cache.source"]: span for span in lab.spans if "clio.cache.source" in span.attributes
    }
    (attempt,) = [span for span in lab.spans if "clio.cache.source" not in span.attributes]
    assert {"network", "shared"} == sources.keys()
    assert sources["network"].context.span_id == attempt.parent.span_id


async def test_a_fresh_hit_has_a_span_of_its_own(lab):
    """An answer that was not asked for: a span, and no attempt."""
    clio = lab.client(Wire(origin().answer), policy=Policy(fresh_for={"users": 60.0}))
    await clio.users.get(1)
    await clio.users.get(1)
    assert [["GET users", "GET users"], "GET users"] == lab.tree()
    assert "cache" == lab.spans[-1].attributes["clio.cache.source"]


async def test_a_second_try_is_counted(lab):
    """After a 429: two attempts in one call, the wait between them, the second marked as a repetition."""

    def answer(_: Request) -> Response:
        lab.clock.now += 1.0
        return ok(MATTER) if lab.clock.now > 1002.5 else Response(429)

    async def wait() -> None:
        lab.clock.now += 1.0

    limiter = Patient()
    limiter.turn = _turn(limiter, wait)  # type: ignore[method-assign]
    await lab.client(Wire(answer), limiter=limiter).matters.get(42)
    assert [["GET matters", "GET matters", "wait for quota", "GET matters"]] == lab.tree()
    refused, wait_, again, call = lab.spans
    assert ("429", 429) == (refused.attributes["error.type"], refused.attributes["http.response.status_code"])
    assert (StatusCode.ERROR, StatusCode.UNSET) == (refused.status.status_code, call.status.status_code)
    assert None is refused.attributes.get("http.request.resend_count")
    assert 1 == again.attributes["http.request.resend_count"]
    assert {"clio.quota.lane": "interactive", "clio.quota.outcome": "sent"} == wait_.attributes
    assert SpanKind.INTERNAL is wait_.kind
    points = lab.points()
    assert [({}, 1)] == points["clio.client.quota.pauses"]
    assert [({"clio.quota.lane": "interactive", "clio.quota.outcome": "sent"}, 1)] == points[
        "clio.client.quota.wait.duration"
    ]


def _turn(limiter: Patient, wait: Callable[[], object]):
    async def turn(request: Request) -> None:
        await wait()
        await Patient.turn(limiter, request)

    return turn


@pytest.mark.parametrize(("outcome", "status"), [("refreshed", StatusCode.UNSET), ("revoked", StatusCode.ERROR)])
async def test_a_renewal_is_a_span_in_the_call_that_asked_for_it(lab, outcome, status):
    """The request to the authorization server is no repetition of the call."""
    clio = lab.client(Wire(script(Response(401), Response(200), ok(MATTER))))
    await clio.with_auth(Renewing("http://localhost", outcome=outcome)).matters.get(42)
    (call,) = [span for span in lab.spans if span.parent is None]
    assert ["GET matters"] * 3 + ["POST", "refresh token"] == sorted(span.name for span in lab.spans)
    assert {call.context.span_id} == {span.parent.span_id for span in lab.spans if span is not call}
    (renewed,) = [span for span in lab.spans if span.name == "refresh token"]
    assert (status, {"clio.token.outcome": outcome}) == (renewed.status.status_code, renewed.attributes)
    counts = [span.attributes.get("http.request.resend_count") for span in lab.spans]
    assert [1] == [count for count in counts if count is not None]
    assert [({"clio.token.outcome": outcome}, 1)] == lab.points()["clio.client.token.refreshes"]


async def test_a_refused_call_is_an_error_by_its_status(lab):
    """404: the class of the error is the status, as the conventions have it."""
    with pytest.raises(NotFound):
        await lab.client(Wire(origin().answer)).matters.get(7)
    assert [("404", 404)] * 2 == [
        (span.attributes["error.type"], span.attributes["http.response.status_code"]) for span in lab.spans
    ]
    assert [(StatusCode.ERROR, None)] * 2 == [(span.status.status_code, span.status.description) for span in lab.spans]
    assert [({"clio.resource": "matters", "clio.cache.source": "network", "error.type": "404"}, 1)] == lab.points()[
        "clio.client.calls"
    ]


async def test_a_failed_call_is_an_error_by_its_class(lab):
    """No answer: the class of the exception, and nothing of its text; no event with a traceback."""
    with pytest.raises(MaybeSent):
        await lab.client(Wire(script(MaybeSent("CANARY"))), retry=None).matters.get(42)
    assert ["MaybeSent"] * 2 == [span.attributes["error.type"] for span in lab.spans]
    assert {StatusCode.ERROR} == {span.status.status_code for span in lab.spans}
    assert not any(span.events for span in lab.spans)
    assert "CANARY" not in "".join(span.to_json() for span in lab.spans)


async def test_what_a_caller_instruments_nests(lab):
    """The span of a call is current while it lasts, for layers and for what lies below; and not after."""
    within: list[int] = []

    async def answer(_: Request) -> Response:
        await checkpoint()
        within.append(trace.get_current_span().get_span_context().span_id)
        return ok(MATTER)

    before = context.get_current()
    await lab.client(Wire(answer)).matters.get(42)
    (call,) = [span for span in lab.spans if span.parent is None]
    assert [call.context.span_id] == within
    assert before == context.get_current()


async def test_a_call_is_a_child_of_the_callers_span(lab):
    """Calls made in a span of the application are in its trace."""
    tracer = lab.hook._tracer
    with tracer.start_as_current_span("job"):
        await lab.client(Wire(origin().answer)).matters.get(42)
    assert [["job", ["GET matters", "GET matters"]]] == lab.tree()


async def test_a_cancelled_call_leaves_no_context(lab):
    """Cancelled at any place: its span is ended, and the task is where it was."""
    before = context.get_current()
    at, cut = 0, 0
    while True:
        at += 1
        reached = 0
        scope = anyio.CancelScope()

        async def step(at: int = at, scope: anyio.CancelScope = scope) -> None:
            nonlocal reached
            reached += 1
            if reached == at:
                scope.cancel()
            await checkpoint()

        async def handler(_: Request, step: Callable[..., object] = step) -> Response:
            await step()
            await step()
            return ok(MATTER)

        with scope:
            await lab.client(MemoryTransport(handler, clock=lab.clock), limiter=Patient(step)).matters.get(42)
        assert before == context.get_current()
        if at > reached:
            break
        cut += scope.cancelled_caught
    assert 3 == cut
    calls = [span for span in lab.spans if span.parent is None]
    assert 4 == len(calls)
    assert 3 == sum(span.status.status_code is StatusCode.ERROR for span in calls)


class _Parked:
    """Wait for nothing, until the coroutine is dropped."""

    def __await__(self):
        yield


async def test_a_call_that_is_dropped_unfinished_is_ended_without_complaint(lab, caplog):
    """Whoever collects a coroutine ends its span, in a context that never was the call's."""

    async def answer(_: Request) -> Response:
        await _Parked()
        raise AssertionError

    calls = [lab.client(Wire(answer), cache=None).request("POST", "/matters", json={})]
    contextvars.copy_context().run(calls[0].send, None)
    before = context.get_current()
    with caplog.at_level(logging.DEBUG, "opentelemetry"):
        del calls[0]
        gc.collect()
    assert before == context.get_current()
    assert ["GeneratorExit"] * 2 == [span.attributes["error.type"] for span in lab.spans]
    assert [] == caplog.records


def test_the_same_check_sees_the_complaint(lab, caplog):
    """The control: detaching in another context is an error that OpenTelemetry logs."""
    token = contextvars.copy_context().run(context.attach, context.Context())
    context.detach(token)
    assert ["Failed to detach context"] == [record.getMessage() for record in caplog.records]


async def test_two_telemetries_do_not_mix(lab):
    """Each counts for itself."""
    other = Lab()
    clio = client(Wire(origin().answer), hooks=[lab.hook, other.hook], clock=lab.clock)
    before = context.get_current()
    await clio.matters.get(42)
    assert (2, 2) == (len(lab.spans), len(other.spans))
    assert before == context.get_current()


def test_the_end_of_a_call_that_could_not_be_begun_is_counted(lab):
    """A failed beginning (another hook's object, or None) is no reason for a failed end."""
    lab.hook.call_ended(Exchange("GET", "https://h/x", None, None, None, None, None, 0.0, 0.0, 0), None)
    assert () == lab.spans
    assert [({}, 1)] == lab.points()["clio.client.calls"]


def test_events_outside_of_a_call_are_told_on_the_clocks_of_now(lab):
    """A wait that nobody's call holds: its times are reckoned from the clocks as they stand."""
    lab.hook.waited(QuotaWait("f" * 32, "batch", "abandoned", 990.0, 1000.0))
    (span,) = lab.spans
    now = 1.8e9 + 1000.0
    assert (at(now - 10.0), at(now), None) == (span.start_time, span.end_time, span.parent)


def test_what_a_server_or_caller_chose_is_bounded(lab):
    """Method and request id are cleaned; a URL without a host is left out."""
    lab.hook.attempted(
        Attempt("TOKSECRET", "https://h:8443/tok/secret", None, "f" * 32, 500, None, 0.0, 0.0, 0, "a\nb" * 500, None)
    )
    lab.hook.attempted(Attempt("GET", "nowhere", None, "", None, "X", 0.0, 0.0, 0))
    first, second = lab.spans
    assert ("HTTP", "_OTHER") == (first.name, first.attributes["http.request.method"])
    assert ("h", 8443) == (first.attributes["server.address"], first.attributes["server.port"])
    assert ("a?b" * 67)[:200] == first.attributes["clio.request_id"]
    assert ("GET", {"http.request.method": "GET", "error.type": "X", "http.response.body.size": 0}) == (
        second.name,
        second.attributes,
    )
    assert "secret" not in first.to_json().lower().replace("toksecret", "")


async def test_metrics_have_few_values(lab):
    """A thousand records of one resource are one series; no id, no principal, no path."""
    wire = Wire(lambda _: ok(MATTER))
    clio = lab.client(wire)
    for number in range(20):
        await clio.with_auth(f"token-{number}").matters.get(number + 1)
    points = lab.points()
    assert [({"clio.resource": "matters", "clio.cache.source": "network"}, 20)] == points["clio.client.calls"]
    assert [
        (
            {
                "http.request.method": "GET",
                "clio.resource": "matters",
                "server.address": "localhost",
                "server.port": 80,
                "http.response.status_code": 200,
            },
            20,
        )
    ] == points["clio.client.request.duration"]


KNOWN = {
    "http.request.method",
    "http.request.resend_count",
    "http.response.status_code",
    "http.response.body.size",
    "server.address",
    "server.port",
    "url.template",
    "error.type",
    "clio.resource",
    "clio.cache.source",
    "clio.request_id",
    "clio.quota.lane",
    "clio.quota.outcome",
    "clio.token.outcome",
}


async def test_no_span_holds_more_than_is_named_here(lab):
    """Neither query nor header nor body nor token, nor anything under another name."""
    answers = script(Response(401), Response(200), Response(429), ok(MATTER, X_Request_Id="r-1", X_Secret="CANARY"))
    clio = lab.client(Wire(answers), limiter=Patient()).with_auth(
        Renewing("http://localhost", ("CANARY-1", "CANARY-2"))
    )
    await clio.request("GET", "/matters/42", params={"q": "CANARY"}, headers={"X-Own": "CANARY"})
    assert {*KNOWN} >= {name for span in lab.spans for name in span.attributes}
    told = "".join(span.to_json() for span in lab.spans) + repr(lab.points())
    assert "CANARY" not in told
    assert clio.principal.fingerprint[:8] not in told
    assert "r-1" in told


async def test_the_global_providers_are_the_default():
    """Without a provider and an SDK, it does nothing, and the call is as ever."""
    seen: list[object] = []

    class Next(Hooks):
        def call_ended(self, exchange: Exchange, begun: object, /) -> None:
            seen.append(exchange)

    await client(Wire(origin().answer), hooks=[Telemetry(), Next()]).matters.get(42)
    assert 1 == len(seen)


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_without_opentelemetry_it_says_what_to_install():
    """The extra is named in the error."""
    done = run("import sys; sys.modules['opentelemetry'] = None; import clio_async.otel")
    assert "ImportError: OpenTelemetry is not installed: pip install 'clio-async[otel]'" in done.stderr


def test_nothing_else_imports_it():
    """Neither the package nor a client at work needs it."""
    done = run(
        "import sys, anyio, clio_async as c\n"
        "async def main():\n"
        "    wire = c.MemoryTransport(lambda _: c.Response(200, body=b'{}'))\n"
        "    async with c.Clio('t', transport=wire) as clio: await clio.request('GET', '/matters')\n"
        "anyio.run(main)\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry') or name == 'clio_async.otel'])"
    )
    assert ("[]\n", "") == (done.stdout, done.stderr)


def test_a_header_field_that_is_ambiguous_names_no_request(lab):
    """Two different request ids are none."""

    async def main() -> None:
        fields = Headers([("X-Request-Id", "a"), ("X-Request-Id", "b")])
        await lab.client(Wire(lambda _: Response(200, fields, MATTER))).matters.get(42)

    anyio.run(main)
    assert not any("clio.request_id" in span.attributes for span in lab.spans)
