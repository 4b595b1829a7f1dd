"""Secrets stay secret: planted ones are searched for in everything that a client leaves behind (F37)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import anyio
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from clio_async import Clio, MemoryTransport
from clio_async.auth.oauth import Approval, OAuthApp, OAuthGrant
from clio_async.auth.static import StaticToken
from clio_async.auth.stores import FileTokenStore, MemoryTokenStore
from clio_async.auth.tokens import Token, TokenStore
from clio_async.caches.memory import MemoryCache
from clio_async.errors import AuthError, ClioError, MaybeSent, NotSent, ResponseBroken, TokenStoreError
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.observe import capture_responses
from clio_async.otel import Telemetry
from clio_async.secrets import Secret
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport.base import Transport

from .canaries import Canaries, Records, chain
from .faults.loopback import reply, transport
from .origin import BASE


def made(name: str) -> str:
    """A secret with characters that encodings change."""
    text = base64.b64encode(hashlib.sha512(name.encode()).digest()).decode()
    return f"{text[:30]}+/=~{text[30:50]}"


NAMES = ("access", "next_access", "refresh", "next_refresh", "client_secret", "code", "verifier")
GIVEN = ("signed", "webhook", "in_path")  # what a caller sends, or is sent
PLANTED = Canaries(**{name: made(name) for name in NAMES + GIVEN})
ACCESS, NEXT_ACCESS = PLANTED.secrets["access"], PLANTED.secrets["next_access"]
WEBHOOK = PLANTED.secrets["webhook"]
SIGNED_URL = f"https://storage.example.com/report.pdf?X-Amz-Signature={quote(PLANTED.secrets['signed'], safe='')}"

# -- what is done -----------------------------------------------------------------------------------------------------

Call = Callable[[Clio], Awaitable[object]]

CALLS: dict[str, Call] = {
    "get": lambda clio: clio.matters.get(42, fields="id"),
    "list": lambda clio: clio.matters.list(fields="id").collect(),
    "request": lambda clio: clio.request(
        "GET", "/matters/1", params={"key": WEBHOOK, "url": SIGNED_URL}, headers={"X-Key": WEBHOOK}
    ),
    "write": lambda clio: clio.request(
        "POST", "/webhooks", json={"url": SIGNED_URL, "secret": WEBHOOK}, headers={"X-Key": WEBHOOK}
    ),
    "update": lambda clio: clio.matters.update(42, if_match='"x"', description=SIGNED_URL),
    "create": lambda clio: clio.webhooks.create(url=SIGNED_URL, model="matter", events=["created"], fields_="id"),
    "delete": lambda clio: clio.matters.delete(42),
    "address": lambda clio: clio.documents.download_url(42),
    "preview": lambda clio: clio.bills.preview(42),
    "activate": lambda clio: clio.webhooks.activate(42, WEBHOOK),
    "unchanged": lambda clio: clio.matters.get_if_changed(42, '"x"'),
    "path": lambda clio: clio.request("GET", f"/hooks/{quote(PLANTED.secrets['in_path'], safe='')}"),
}

JSON = ("Content-Type", "application/json")
ERROR = b'{"error":{"type":"T","message":"No."}}'
OK = b'{"data":{"id":42,"etag":"\\"x\\""}}'
ANSWERS: dict[str, tuple[int, tuple[tuple[str, str], ...], bytes]] = {
    "ok": (200, (JSON, ("ETag", '"x"'), ("X-API-VERSION", "4.0.1")), OK),
    "a list": (200, (JSON,), b'{"data":[{"id":42}],"meta":{"paging":{}}}'),
    "401": (401, (JSON, ("WWW-Authenticate", 'Bearer error="invalid_token", error_description="expired"')), ERROR),
    "403": (403, (JSON,), ERROR),
    "404": (404, (JSON,), ERROR),
    "410": (410, (JSON,), ERROR),
    "412": (412, (JSON,), ERROR),
    "422": (422, (JSON,), ERROR),
    "429": (429, (JSON, ("Retry-After", "3600")), ERROR),
    "500": (500, (JSON,), ERROR),
    "502 html": (502, (("Content-Type", "text/html"),), b"<html>Bad gateway</html>"),
    "200 html": (200, (("Content-Type", "text/html"),), b"<html>Log in</html>"),
    "bad json": (200, (JSON,), b'{"data":{"id":4'),
    "of another schema": (200, (JSON,), b'{"data":{"id":"x"}}'),
    "303": (303, (("Location", SIGNED_URL),), b""),
    "307": (307, (("Location", SIGNED_URL),), b""),
    "bad gzip": (200, (JSON, ("Content-Encoding", "gzip")), b"no gzip"),
}

# -- where it is done -------------------------------------------------------------------------------------------------


def raising(kind: type[Exception]) -> Callable[[Request], Response]:
    def handler(_: Request) -> Response:
        raise kind("the connection broke")

    return handler


async def hang(_: Request) -> Response:
    await anyio.sleep_forever()
    raise AssertionError


IN_MEMORY: dict[str, Callable[[Request], Any]] = {
    **{
        name: lambda _, status=status, fields=fields, body=body: Response(status, Headers(fields), body)
        for name, (status, fields, body) in ANSWERS.items()
    },
    "not sent": raising(NotSent),
    "maybe sent": raising(MaybeSent),
    "broken": raising(ResponseBroken),
    "a fault of the transport": raising(RuntimeError),
    "hangs": hang,
}
ON_THE_WIRE: dict[str, Answer] = {
    **{name: Answer(reply(f"{status} X", body, *fields)) for name, (status, fields, body) in ANSWERS.items()},
    "reset": Answer(b"", "reset"),
    "reset in the head": Answer(b"HTTP/1.1 200 OK\r\nContent-Le", "reset"),
    "reset in the body": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", "reset"),
    "cut short": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", "close"),
    "no http": Answer(b"SSH-2.0\r\n\r\n", "close"),
    "hangs": Answer(b"", "hang"),
    "refused": Answer(b"", "reset"),  # nobody listens: see `site`
}


@asynccontextmanager
async def site(kind: str, name: str) -> AsyncGenerator[tuple[Transport, str]]:
    """Yield a transport, and where an answer of that name is to be had."""
    if kind == "memory":
        yield MemoryTransport(IN_MEMORY[name]), BASE
        return

    def script(_: Received) -> Answer:
        return ON_THE_WIRE[name]

    async with transport(kind) as wire:
        async with serve(script) as server:
            if name != "refused":
                yield wire, f"{server.url}/api/v4"
                return
        yield wire, f"{server.url}/api/v4"


PLACES = [("memory", name) for name in IN_MEMORY] + [
    (kind, name) for kind in ("aiohttp", "httpx2") for name in ON_THE_WIRE
]

# -- where it is searched ---------------------------------------------------------------------------------------------


class Sinks:
    """Everything that a client tells: logs of all libraries, spans, metrics, warnings, captures."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.spans, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.hook = Telemetry(tracers, MeterProvider([self.reader]))

    def hits(self) -> list[str]:
        told = "".join(span.to_json() for span in self.spans.get_finished_spans())
        data = self.reader.get_metrics_data()
        metrics = data.to_json() if data else ""
        return [
            *self.records.hits,
            *PLANTED.in_text("spans", told),
            *PLANTED.in_text("metrics", metrics),
        ]


# The path of a caller's own request names what failed, in errors and reprs. It is not for logs, spans and metrics.
NAMED = re.compile(r"^(?!log |spans|metrics|warnings).*: in_path ")


def unwanted(hits: list[str]) -> list[str]:
    return sorted({hit for hit in hits if not NAMED.search(hit)})


@pytest.fixture
def sinks() -> Iterator[Sinks]:
    handler, root = Records(lambda: PLANTED), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("httpcore2").setLevel(logging.INFO)  # at DEBUG it logs the header fields of answers: see below
    yield Sinks(handler)
    logging.getLogger("httpcore2").setLevel(logging.NOTSET)
    root.removeHandler(handler)
    root.setLevel(before)


def of_ours(trace: TracebackType | None) -> TracebackType | None:
    """Leave out the frames of the test that made the call: they are the caller's."""
    while trace is not None and Path(trace.tb_frame.f_code.co_filename).parent == Path(__file__).parent:
        trace = trace.tb_next
    return trace


async def outcome(call: Call, clio: Clio) -> object:
    """Return what a call returns or raises."""
    try:
        return await call(clio)
    except Exception as error:
        return error.with_traceback(of_ours(error.__traceback__))


async def searched(kind: str, name: str, sinks: Sinks) -> list[str]:
    """Make all calls, and search all sinks."""
    hits: list[str] = []
    async with site(kind, name) as (wire, base):
        cache = MemoryCache()
        clio = Clio(ACCESS, base_url=base, transport=wire, cache=cache, hooks=[sinks.hook])
        if name == "hangs":
            clio = clio.options(timeout=0.02)
        with warnings.catch_warnings(record=True) as warned, capture_responses() as seen:
            warnings.simplefilter("always")
            for what, call in CALLS.items():
                result = await outcome(call, clio)
                where = f"{what}:"
                if isinstance(result, BaseException):
                    assert isinstance(result, ClioError | RuntimeError)
                    hits += PLANTED.in_error(where, result)
                else:
                    hits += PLANTED.in_object(where, result)
        hits += PLANTED.in_value("warnings", [str(one.message) for one in warned])
        for one in (seen, clio, clio.stats, clio.principal, clio.quota, cache):
            hits += PLANTED.in_object(type(one).__name__, one)
        hits += PLANTED.but(*GIVEN).in_text("cache", inside(cache))
    return [*hits, *sinks.hits()]


def inside(value: object, depth: int = 12) -> str:
    """Show everything that an object holds, attribute by attribute."""
    if depth == 0 or isinstance(value, str | bytes | int | float | type | None):
        return repr(value)
    if isinstance(value, dict):
        return "".join(inside(part, depth - 1) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return "".join(inside(part, depth - 1) for part in value)
    names = [*getattr(value, "__dict__", ())]
    names += [name for kind in type(value).__mro__ for name in (*getattr(kind, "__slots__", ()),)]
    return "".join(inside(getattr(value, name, None), depth - 1) for name in names) + repr(value)


@pytest.mark.parametrize(("kind", "name"), PLACES, ids=lambda part: part.replace(" ", "-"))
async def test_nothing_that_a_client_leaves_behind_holds_a_secret(kind, name, sinks):
    """F37: whatever is answered, or breaks, nothing has it.

    No log, span, metric, warning, repr, error, traceback, pickle, entry.
    """
    hits = await searched(kind, name, sinks)
    assert [] == unwanted(hits)
    assert sinks.records.count > 0


async def test_what_httpcore_logs_at_debug_is_not_ours(sinks):
    """The control of the logs, and a limit that the documentation states: httpcore2 logs where a redirect leads."""
    logging.getLogger("httpcore2").setLevel(logging.DEBUG)
    hits = await searched("httpx2", "303", sinks)
    logs = {hit for hit in hits if hit.startswith("log ")}
    assert logs
    assert all(hit.startswith("log httpcore2.") and ": signed (" in hit for hit in logs)


async def cancelled(kind: str, what: str, sinks: Sinks) -> list[str]:
    """Cancel a call that was sent, and search what its task sees."""
    hits: list[str] = []
    sent = anyio.Event()

    async def memory(_: Request) -> Response:
        sent.set()
        return await hang(_)

    def script(_: Received) -> Answer:
        sent.set()
        return Answer(b"", "hang")

    async def run(clio: Clio) -> None:
        try:
            await CALLS[what](clio)
        except BaseException as error:
            hits.extend(PLANTED.in_error(what, error.with_traceback(of_ours(error.__traceback__))))
            raise

    async with serve(script) as server, MemoryTransport(memory) if kind == "memory" else transport(kind) as wire:
        clio = Clio(ACCESS, base_url=f"{server.url}/api/v4", transport=wire, hooks=[sinks.hook])
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run, clio)
            await sent.wait()
            tasks.cancel_scope.cancel()
    assert ["CancelledError"] * 2 == [
        (span.attributes or {})["error.type"] for span in sinks.spans.get_finished_spans()
    ]
    return hits


@pytest.mark.parametrize("kind", ["memory", "aiohttp", "httpx2"])
@pytest.mark.parametrize("what", CALLS)
async def test_a_cancelled_call_leaves_no_secret(kind, what, sinks):
    """Also not in the traceback of the cancellation."""
    hits = [*await cancelled(kind, what, sinks), *sinks.hits()]
    assert [] == unwanted(hits)


# -- what is refused before anything is sent --------------------------------------------------------------------------

REFUSED: dict[str, Callable[[], object]] = {
    "a token with a line end": lambda: Clio(f"{ACCESS}\n"),
    "a region that is none": lambda: Clio(ACCESS, region="xx"),
    "an option that is none": lambda: Clio(ACCESS, nonsense=1),  # type: ignore[arg-type]
    "a limiter that is none": lambda: Clio(ACCESS, limiter=1),  # type: ignore[arg-type]
    "a base URL in plain text": lambda: Clio(ACCESS, base_url="http://example.com"),
    "a static token with a line end": lambda: StaticToken(f"{ACCESS}\n"),
    "another region": lambda: Clio("x").with_auth(ACCESS, region="xx"),
    "a secret with a line end": lambda: OAuthApp("id", f"{PLANTED.secrets['client_secret']}\n", redirect_uri="x:y"),
    "a redirect that is none": lambda: OAuthApp("id", PLANTED.secrets["client_secret"], redirect_uri="nowhere"),
    "a stored token that is none": lambda: Token.from_json(f'{{"access_token":"{ACCESS}"'),
    "an approval that is none": lambda: Approval.from_json(f'{{"verifier":"{PLANTED.secrets["verifier"]}"'),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_not_shown(what, sinks):
    """An argument that cannot be right may be a secret that was put in the wrong place."""
    with pytest.raises(ClioError) as refused:
        REFUSED[what]()
    error = refused.value.with_traceback(of_ours(refused.value.__traceback__))
    assert [] == PLANTED.in_error(what, error)
    assert [] == sinks.hits()


# -- grants and what stores keep of them ------------------------------------------------------------------------------

GRANTED = json.dumps(
    {
        "access_token": NEXT_ACCESS,
        "refresh_token": PLANTED.secrets["next_refresh"],
        "token_type": "bearer",
        "expires_in": 9,
    }
).encode()
NOISY = json.dumps({"error": "invalid_grant", "error_description": "|".join(PLANTED.secrets.values())}).encode()
AUTHORITY: dict[str, Response | type[Exception]] = {
    "granted": Response(200, Headers([JSON]), GRANTED),
    "revoked": Response(400, Headers([JSON]), b'{"error":"invalid_grant"}'),
    "revoked, and says too much": Response(400, Headers([JSON, ("X-Request-Id", "r-1")]), NOISY),
    "unknown app": Response(401, Headers([JSON]), b'{"error":"invalid_client"}'),
    "fails": Response(500, Headers([JSON]), NOISY),
    "limits": Response(429, Headers([("Retry-After", "60")])),
    "is down": Response(503, Headers([("Content-Type", "text/html")]), b"<html>"),
    "makes no sense": Response(200, Headers([JSON]), GRANTED[:-5]),
    "grants something else": Response(200, Headers([JSON]), GRANTED.replace(b"bearer", b"mac")),
    "redirects": Response(302, Headers([("Location", SIGNED_URL)])),
    "cannot be reached": NotSent,
    "does not answer": MaybeSent,
    "breaks off": ResponseBroken,
    "fails in another way": RuntimeError,
}


def authority(how: str) -> Callable[[Request], Response]:
    """Answer as the authorization server does, and let in who has the new token."""

    def answer(request: Request) -> Response:
        if "/oauth/" not in request.url:
            known = request.headers.get("Authorization") == f"Bearer {NEXT_ACCESS}"
            return Response(200 if known else 401, Headers([JSON]), OK if known else ERROR)
        given = AUTHORITY[how]
        if isinstance(given, Response):
            return given
        raise given("the connection broke")

    return answer


@asynccontextmanager
async def grantor(kind: str, how: str) -> AsyncGenerator[tuple[Transport, str]]:
    if kind == "memory":
        yield MemoryTransport(authority(how)), "http://localhost"
        return
    answers = authority(how)

    def script(received: Received) -> Answer:
        try:
            given = answers(Request("GET", received.target, Headers(received.fields)))
        except Exception:
            return Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "reset")
        return Answer(reply(f"{given.status} X", given.body, *given.headers.pairs))

    async with serve(script) as server, transport(kind) as wire:
        yield wire, server.url


class Failing(TokenStore):
    """A store that holds a token, and can save none; its errors say too much."""

    def __init__(self, token: Token) -> None:
        self.token = token

    async def load(self, key: str) -> Token | None:
        return self.token

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        raise TokenStoreError("disk full")


def stored(origin: str, *, expires_at: float) -> Token:
    return Token(
        access_token=Secret(ACCESS),
        refresh_token=Secret(PLANTED.secrets["refresh"]),
        expires_at=expires_at,
        obtained_at=0.0,
        origin=origin,
        client_id="id",
        grant="g",
        revision="r",
    )


def app_at(origin: str, wire: Transport) -> OAuthApp:
    names = iter(["state", PLANTED.secrets["verifier"]] + [f"name-{number}" for number in range(9)])
    return OAuthApp(
        "id",
        PLANTED.secrets["client_secret"],
        redirect_uri="https://app.example.com/callback",
        base_url=f"{origin}/api/v4",
        transport=wire,
        token=lambda: next(names),
    )


async def store_of(what: str, directory: Path, token: Token) -> TokenStore:
    if what == "failing":
        return Failing(token)
    store: TokenStore = FileTokenStore(directory / "tokens") if what == "file" else MemoryTokenStore()
    assert await store.save("firm", token, previous=None)
    return store


def in_files(directory: Path) -> list[str]:
    """A file of a token holds the token. No other file holds anything, and no name does."""
    hits = PLANTED.but("access", "next_access", "refresh", "next_refresh").in_directory(directory)
    hits += [hit for hit in PLANTED.in_directory(directory) if not re.match(r"file \S+\.token: ", hit)]
    return hits


GRANT_PLACES = [
    *[("memory", how, store) for how in AUTHORITY for store in ("file", "memory", "failing")],
    *[(kind, how, "file") for kind in ("aiohttp", "httpx2") for how in AUTHORITY],
]


def words(part: object) -> str:
    return str(part).replace(" ", "-").replace(",", "")


@pytest.mark.parametrize(("kind", "how", "kept"), GRANT_PLACES, ids=words)
@pytest.mark.parametrize("expired", [True, False], ids=["expired", "refused"])
async def test_a_grant_that_is_renewed_or_not_leaves_no_secret(kind, how, kept, expired, sinks, tmp_path):
    """However the authorization server answers: neither token nor client secret is anywhere but in the token file."""
    hits: list[str] = []
    async with grantor(kind, how) as (wire, origin):
        token = stored(origin, expires_at=1.0 if expired else 4e9)
        store, cache = await store_of(kept, tmp_path, token), MemoryCache()
        app = app_at(origin, wire)
        grant = await app.open(store, "firm")
        clio = Clio(grant, base_url=f"{origin}/api/v4", transport=wire, cache=cache, hooks=[sinks.hook])
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            for call in (CALLS["get"], CALLS["get"], CALLS["write"]):
                result = await outcome(call, clio)
                if isinstance(result, BaseException):
                    hits += PLANTED.in_error("call", result)
        if how == "granted" and kept == "file":
            files = {hit.partition(": ")[2] for hit in PLANTED.in_directory(tmp_path)}
            assert {"next_access (plain)", "next_refresh (plain)"} == files
        result = await outcome(lambda _: app.deauthorize(store, "firm"), clio)
        if isinstance(result, BaseException):
            hits += PLANTED.in_error("deauthorize", result)
        for one in (app, grant, clio, clio.principal, clio.stats, store, token):
            hits += PLANTED.in_object(type(one).__name__, one)
        hits += PLANTED.in_value("warnings", [str(one.message) for one in warned])
        hits += PLANTED.in_text("cache", inside(cache))
        await clio.aclose()
    hits += [*in_files(tmp_path), *sinks.hits()]
    assert [] == unwanted(hits)
    if how == "granted":
        assert any(span.name == "refresh token" for span in sinks.spans.get_finished_spans())


CALLBACK = f"https://app.example.com/callback?code={quote(PLANTED.secrets['code'], safe='')}"
CALLBACKS = {
    "right": f"{CALLBACK}&state=state",
    "of another approval": f"{CALLBACK}&state=other",
    "declined": f"{CALLBACK}&state=state&error=access_denied",
    "not a callback": f"nonsense {PLANTED.secrets['code']}",
}


@pytest.mark.parametrize("kind", ["memory", "aiohttp"])
@pytest.mark.parametrize("callback", CALLBACKS)
@pytest.mark.parametrize("how", AUTHORITY, ids=words)
async def test_an_approval_leaves_no_secret(kind, callback, how, sinks, tmp_path):
    """From the callback to the first token: neither code nor verifier nor what they are exchanged for is shown."""
    hits: list[str] = []
    async with grantor(kind, how) as (wire, origin):
        store = FileTokenStore(tmp_path / "tokens")
        app = app_at(origin, wire)
        approval = app.authorize()
        hits += PLANTED.in_object("approval", approval)
        result = await outcome(lambda _: app.exchange(CALLBACKS[callback], approval, store, "firm"), Clio("x"))
        if isinstance(result, OAuthGrant):
            hits += PLANTED.in_object("grant", result)
        else:
            assert isinstance(result, AuthError | RuntimeError)
            hits += PLANTED.in_error("exchange", result)
    hits += [*in_files(tmp_path), *sinks.hits()]
    assert [] == sorted({*hits})


async def test_a_store_that_fails_in_the_middle_leaves_no_temporary_file(sinks, tmp_path, monkeypatch):
    """A full disk: the error shows nothing, and the half-written file is gone."""
    store = FileTokenStore(tmp_path / "tokens")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TokenStoreError) as failed:
        await store.save("firm", stored("http://localhost", expires_at=1.0), previous=None)
    error = failed.value.with_traceback(of_ours(failed.value.__traceback__))
    assert [] == PLANTED.in_error("save", error)
    assert [] == [*PLANTED.in_directory(tmp_path), *sinks.hits()]


# -- the controls: every form, in every sink --------------------------------------------------------------------------

SECRET = PLANTED.secrets["access"]
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "percent": lambda secret: quote(secret, safe=""),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 of something longer": lambda secret: base64.b64encode(f"user:{secret}:x".encode()).decode(),
    "base64 one further": lambda secret: base64.b64encode(f"user1:{secret}:x".encode()).decode(),
    "base64url": lambda secret: base64.urlsafe_b64encode(f"ab{secret}".encode()).decode(),
    "hex": lambda secret: secret.encode().hex(),
    "HEX": lambda secret: secret.encode().hex().upper(),
    "json": json.dumps,
    "the start": lambda secret: secret[:12],
    "the end": lambda secret: secret[-12:],
    "the middle": lambda secret: secret[9:21],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_canary_is_found_in_every_form(form):
    """In clear text, encoded, inside of what was encoded, or in part. The hit names it, and does not repeat it."""
    hits = PLANTED.in_text("here", f"before {FORMS[form](SECRET)} after")
    assert hits
    assert all(hit.startswith("here: access (") for hit in hits)
    assert [] == PLANTED.in_text("here", "before after")
    assert [] == PLANTED.but("access").in_text("here", FORMS[form](SECRET))


def nested(secret: str) -> BaseException:
    """An error whose cause's context holds the secret."""
    inner = ValueError("x")
    inner.__context__ = KeyError(secret)
    outer = RuntimeError("x")
    outer.__cause__ = inner
    return ExceptionGroup("x", [outer])


class Carrying(Exception):
    """It has an attribute, and shows it nowhere."""

    def __init__(self, given: object) -> None:
        super().__init__("x")
        self.given = given


class Hiding:
    """Its repr is empty, its pickle is not."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return "<Hiding>"


def raised_with_a_local(secret: str) -> BaseException:
    try:
        raise ValueError
    except ValueError as error:
        return error


SINKS: dict[str, Callable[[str], list[str]]] = {
    "str": lambda secret: PLANTED.in_error("x", ValueError(secret)),
    "args": lambda secret: PLANTED.in_value("x", ValueError(1, [{"a": (secret,)}]).args),
    "vars": lambda secret: PLANTED.in_error("x", Carrying([secret])),
    "keys": lambda secret: PLANTED.in_value("x", {secret: 1}),
    "bytes": lambda secret: PLANTED.in_value("x", [bytearray(secret.encode())]),
    "chain": lambda secret: PLANTED.in_error("x", nested(secret)),
    "locals": lambda secret: PLANTED.in_error("x", raised_with_a_local(secret)),
    "pickle": lambda secret: PLANTED.in_object("x", Hiding(secret)),
    "repr": lambda secret: PLANTED.in_object("x", [secret]),
}


@pytest.mark.parametrize("sink", SINKS)
def test_a_canary_is_found_in_every_sink(sink):
    """The search looks everywhere it says."""
    assert SINKS[sink](SECRET)
    assert [] == SINKS[sink]("harmless")


def test_a_canary_is_found_in_records_files_spans_and_caches(sinks, tmp_path):
    """In a record's message, arguments, extra and exception; in a file's name and content; in a span; in an object."""
    log = logging.getLogger("somebody.else")
    counts = []
    for tell in (
        lambda: log.debug("%s", SECRET),
        lambda: log.debug("x", extra={"more": {"deep": [SECRET]}}),
        lambda: log.debug("x", exc_info=ValueError(SECRET)),
        lambda: log.debug("%s", Carrying(1)),
    ):
        tell()
        counts.append(len(sinks.records.hits))
    assert 0 < counts[0] < counts[1] < counts[2] == counts[3]
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a").write_bytes(b"\0" + SECRET.encode())
    (tmp_path / SECRET[:20].replace("/", "_")).touch()
    assert 2 == len(PLANTED.in_directory(tmp_path))
    sinks.records.hits.clear()
    assert [] == sinks.hits()
    sinks.hook._tracer.start_span(SECRET).end()
    assert ["spans: access (plain)"] == sinks.hits()
    assert PLANTED.in_text("x", inside({"a": Hiding(SECRET)}))


def test_the_chain_of_an_error_is_walked_once():
    """Also where errors refer to each other in a circle."""
    one, other = ValueError(), KeyError()
    one.__context__, other.__cause__ = other, one
    assert [one, other] == chain(one)


async def test_the_search_would_see_a_client_that_leaks(sinks):
    """The control of F37: a layer that logs and raises what it sends is caught in logs, text and traceback."""

    async def leaking(request: Request, call_next: Any) -> Response:
        shown = request.headers["Authorization"]
        logging.getLogger("leaking").info("%s", shown)
        raise RuntimeError(shown)

    wire = MemoryTransport(lambda _: Response(200))
    clio = Clio("x", base_url=BASE, transport=wire, middleware=[_below(leaking)])
    error = await outcome(CALLS["get"], clio)
    assert isinstance(error, RuntimeError)
    places = {hit.split(" ")[1] for hit in PLANTED.in_error("x", error)}
    assert {"RuntimeError", "traceback"} <= places
    assert [hit for hit in sinks.hits() if hit.startswith("log leaking")]


def _below(layer: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def above(request: Request, call_next: Any) -> Response:
        return await layer(request.having("Authorization", f"Bearer {ACCESS}"), call_next)

    return above
