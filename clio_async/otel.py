"""OpenTelemetry: spans and metrics of a client, as hooks. Needs ``pip install 'clio-async[otel]'``.

    from clio_async.otel import Telemetry

    clio = Clio("ACCESS-TOKEN", hooks=[Telemetry()])

Spans: one for each call, current while it lasts; in it one for each request that was sent, and one for each wait for
quota. A token is renewed on behalf of many calls, so its span is a child of the call that asked first. Metrics:
`clio.client.request.duration` (seconds), `clio.client.calls` by source, `clio.client.quota.wait.duration` (seconds),
`clio.client.quota.pauses`, and `clio.client.token.refreshes` by outcome.

Names of attributes are those of the conventions for HTTP clients where there is one
(https://opentelemetry.io/docs/specs/semconv/http/). There is no URL in them, but its template: neither query nor ids.
There is no principal either: put your name of the firm on a span of your own. Nothing is sent to the server: a trace
ends here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar, Token
from urllib.parse import urlsplit

from .events import Attempt, Exchange, Hooks, QuotaPause, QuotaWait, TokenRefresh
from .logs import known_method, shown
from .messages import Request

try:
    from opentelemetry import context, metrics, trace
    from opentelemetry.trace import Span, SpanKind, StatusCode
except ImportError as error:
    raise ImportError("OpenTelemetry is not installed: pip install 'clio-async[otel]'", name=error.name) from error

__all__ = ["Telemetry"]

Attributes = dict[str, str | int]

_NAME = "clio_async"
# Seconds, as the conventions advise for the duration of HTTP requests.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_WAITS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Call:
    """A call under way: its span, and how its times are told on the wall clock."""

    __slots__ = ("attached", "attempts", "marked", "method", "offset", "path", "span")

    def __init__(self, request: Request, span: Span, offset: float) -> None:
        self.method = request.method
        self.path = request.url.partition("?")[0]
        self.span = span
        self.offset = offset
        self.attempts = 0
        self.attached: Token[context.Context]
        self.marked: Token[_Call | None]


class Telemetry(Hooks):
    """Make spans and metrics of what a client does. One can serve several clients.

    Without providers, the global ones are used. `clock` has to be that of the client: the times of events are read on
    it, and told on `wall_clock` (seconds since the epoch).
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._wall_clock = wall_clock
        self._tracer = trace.get_tracer(_NAME, tracer_provider=tracer_provider)
        meter = metrics.get_meter(_NAME, meter_provider=meter_provider)
        self._current: ContextVar[_Call | None] = ContextVar("clio_async_call", default=None)
        self._duration = meter.create_histogram(
            "clio.client.request.duration",
            "s",
            "Duration of requests that were handed to the transport",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self._waits = meter.create_histogram(
            "clio.client.quota.wait.duration",
            "s",
            "Time for which calls waited for quota",
            explicit_bucket_boundaries_advisory=_WAITS,
        )
        self._calls = meter.create_counter("clio.client.calls", "{call}", "Calls, by where the answer came from")
        self._pauses = meter.create_counter("clio.client.quota.pauses", "{pause}", "Pauses that the server asked for")
        self._refreshes = meter.create_counter(
            "clio.client.token.refreshes", "{refresh}", "Attempts to renew a token, by outcome"
        )

    def call_began(self, request: Request, /) -> object:
        path = request.url.partition("?")[0]
        wall = self._wall_clock()
        span = self._tracer.start_span(
            _named(request.method, request.resource),
            kind=SpanKind.CLIENT,
            attributes=_request(request.method, path, request.resource),
            start_time=_nanoseconds(wall),
        )
        call = _Call(request, span, wall - self._clock())
        call.attached = context.attach(trace.set_span_in_context(span))
        call.marked = self._current.set(call)
        return call

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        fault = _fault(exchange.status, exchange.error)
        counted: Attributes = {**_resource(exchange.resource), **fault}
        if exchange.source is not None:
            counted["clio.cache.source"] = exchange.source
        self._calls.add(1, counted)
        if not isinstance(begun, _Call):  # it could not be begun
            return
        span = begun.span
        span.set_attributes({**counted, **_answer(exchange)})
        if fault:
            span.set_status(StatusCode.ERROR)
        span.end(_nanoseconds(exchange.ended + begun.offset))
        self._leave(begun)

    def _leave(self, call: _Call) -> None:
        try:
            self._current.reset(call.marked)
        except ValueError:  # a call that was dropped unfinished is ended by whoever collects it, in another context
            return
        context.detach(call.attached)

    def attempted(self, attempt: Attempt, /) -> None:
        fault = _fault(attempt.status, attempt.error)
        attributes: Attributes = {**_request(attempt.method, attempt.path, attempt.resource), **fault}
        if attempt.status is not None:
            attributes["http.response.status_code"] = attempt.status
        self._duration.record(attempt.ended - attempt.started, attributes)
        call = self._current.get()
        again = 0
        if call is not None and (call.method, call.path) == (attempt.method, attempt.path):
            again = call.attempts
            call.attempts += 1
        more: Attributes = {"http.request.resend_count": again} if again else {}
        span = self._begun(_named(attempt.method, attempt.resource), attempt.started, SpanKind.CLIENT)
        span.set_attributes({**attributes, **_answer(attempt), **more, "http.response.body.size": attempt.wire_bytes})
        if fault:
            span.set_status(StatusCode.ERROR)
        span.end(self._told(attempt.ended))

    def waited(self, wait: QuotaWait, /) -> None:
        attributes: Attributes = {"clio.quota.lane": wait.lane, "clio.quota.outcome": wait.outcome}
        self._waits.record(wait.ended - wait.started, attributes)
        span = self._begun("wait for quota", wait.started)
        span.set_attributes(attributes)
        span.end(self._told(wait.ended))

    def paused(self, pause: QuotaPause, /) -> None:
        self._pauses.add(1)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        attributes: Attributes = {"clio.token.outcome": refresh.outcome}
        self._refreshes.add(1, attributes)
        span = self._begun("refresh token", refresh.started)
        span.set_attributes(attributes)
        if refresh.outcome in {"failed", "revoked"}:
            span.set_status(StatusCode.ERROR)
        span.end(self._told(refresh.ended))

    def _begun(self, name: str, started: float, kind: SpanKind = SpanKind.INTERNAL) -> Span:
        return self._tracer.start_span(name, kind=kind, start_time=self._told(started))

    def _told(self, moment: float) -> int:
        """Return a moment of the monotonic clock in nanoseconds since the epoch."""
        call = self._current.get()
        return _nanoseconds(moment + (self._wall_clock() - self._clock() if call is None else call.offset))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


def _named(method: str, resource: str | None) -> str:
    method = known_method(method)
    name = "HTTP" if method == "_OTHER" else method
    return f"{name} {resource}" if resource else name


def _resource(resource: str | None) -> Attributes:
    return {} if resource is None else {"clio.resource": resource}


def _request(method: str, path: str, resource: str | None) -> Attributes:
    parts = urlsplit(path)
    found: Attributes = {"http.request.method": known_method(method), **_resource(resource)}
    if parts.hostname:
        found["server.address"] = parts.hostname
        found["server.port"] = parts.port or _DEFAULT_PORTS[parts.scheme]
    return found


def _answer(seen: Exchange | Attempt) -> Attributes:
    """Return what is told of an answer in spans alone: too many values for a metric."""
    found: Attributes = {}
    if seen.status is not None:
        found["http.response.status_code"] = seen.status
    if seen.template is not None:
        found["url.template"] = seen.template
    if seen.request_id is not None:
        found["clio.request_id"] = str(shown(seen.request_id))
    return found


def _fault(status: int | None, error: str | None) -> Attributes:
    """Return the class of the error, or the status that is one."""
    if error is not None:
        return {"error.type": error}
    return {} if status is None or status < 400 else {"error.type": str(status)}
