"""The receiver in the frameworks that programs have: aiohttp, Starlette and FastAPI, over sockets."""

from __future__ import annotations

import gzip
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest
from aiohttp import ClientSession, web
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from clio_async.errors import InvalidArgument
from clio_async.messages import Headers, Request
from clio_async.testing.asgi import ASGIApp, asgi
from clio_async.webhooks.aiohttp import handler
from clio_async.webhooks.asgi import WebhookApp
from clio_async.webhooks.event import Event
from tests.webhooks.signing import (
    KEY,
    SECRET,
    Desk,
    delivery,
    desk_of,
    handshake,
    pending,
    sign,
    signed,
    store_of,
    subscription,
)

PATH = f"/clio/webhooks?subscription={KEY}"


@pytest.fixture
def anyio_backend() -> str:
    """Aiohttp needs sockets, and so a clock that runs."""
    return "asyncio"


@asynccontextmanager
async def _served(desk: Desk) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_route("*", "/clio/webhooks", handler(desk.receiver))
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, listening).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await runner.cleanup()


async def test_aiohttp_hands_on_what_came_byte_for_byte(caplog: pytest.LogCaptureFixture) -> None:
    """A handshake, an event, a forgery, a body too long, another method, and a handler that fails, over a socket."""
    failing: list[Exception] = []

    async def note(event: Event) -> None:
        if failing:
            raise failing.pop()
        desk.handled.append(event)

    desk = desk_of(await store_of(pending()), note, max_body=70_000)
    body = delivery(name="Müller", pad="x" * 60_000)
    async with _served(desk) as base, ClientSession(base) as session:
        shaken = await session.post(PATH, data=handshake(), headers={"X-Hook-Secret": SECRET})
        assert (200, SECRET) == (shaken.status, shaken.headers["X-Hook-Secret"])
        assert 200 == (await session.post(PATH, data=body, headers=signed(body))).status
        assert 401 == (await session.post(PATH, data=body + b" ", headers=signed(body))).status
        assert 405 == (await session.get(PATH)).status
        long = body + b" " * 20_000
        assert 413 == (await session.post(PATH, data=long, headers=signed(long))).status
        failing.append(LookupError("of the application"))
        again = delivery(etag="b")
        assert 500 == (await session.post(PATH, data=again, headers=signed(again))).status
        assert 200 == (await session.post(PATH, data=again, headers=signed(again))).status
    assert ['"t1"', "b"] == [event.etag for event in desk.handled]
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info and record.levelno >= logging.ERROR]
    assert ["of the application"] == [str(error) for error in logged]


def _request(body: bytes, *fields: str, key: str = KEY, length: int | None = None) -> bytes:
    head = [f"POST /clio/webhooks?subscription={key} HTTP/1.1", "Host: x", *fields]
    if not any(field.startswith("Transfer-Encoding") for field in fields):
        head.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*head, "", ""]).encode() + body


async def _answered(base: str, request: bytes, *more: bytes, hang_up: bool = False) -> int | None:
    """Send a request as it is, in parts; return the status of the answer, None if it was not waited for."""
    host, _, port = base.removeprefix("http://").partition(":")
    async with await anyio.connect_tcp(host, int(port)) as stream:
        await stream.send(request)
        for part in more:
            await anyio.sleep(0.05)
            await stream.send(part)
        if hang_up:
            await anyio.sleep(0.05)
            return None
        read = b""
        while b"\r\n\r\n" not in read:
            read += await stream.receive()
        return int(read.split()[1])


SIGNED = f"X-Hook-Signature: {signed(delivery())['X-Hook-Signature']}"
GZIP = "Content-Encoding: gzip"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(delivery()), delivery())
PACKED = gzip.compress(delivery())
ODD = {
    "coded, signed before": (_request(PACKED, SIGNED, GZIP), 415),
    "coded, signed after": (_request(PACKED, f"X-Hook-Signature: {signed(PACKED)['X-Hook-Signature']}", GZIP), 415),
    "not as it is coded": (_request(b"no gzip at all", SIGNED, GZIP), 415),
    "not coded, and says so": (_request(delivery(), SIGNED, "Content-Encoding: identity"), 200),
    "without end": (_request(b"x" * 3000, SIGNED, length=10**9), 413),
    "never comes": (_request(b"x", SIGNED, length=50), 408),
    "chunks": (_request(CHUNKS, SIGNED, "Transfer-Encoding: chunked"), 200),
    "a stranger, whole": (_request(delivery(), SIGNED, key="guessed"), 404),
    "a stranger, never": (_request(b"x", SIGNED, key="guessed", length=10**9), 404),
    "a stranger, badly coded": (_request(b"no gzip at all", GZIP, key="guessed"), 404),
}


@pytest.mark.parametrize("name", ODD)
async def test_aiohttp_is_sent_what_nobody_can_prove(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is refused, in time, without a line of an error in the log; and the next request is answered."""
    request, status = ODD[name]
    desk = desk_of(await store_of(subscription()), max_body=2000, body_timeout=0.1)
    async with _served(desk) as base:
        assert status == await _answered(base, request)
        assert 200 == await _answered(base, _request(delivery(43), f"X-Hook-Signature: {sign(delivery(43))}"))
    assert (status == 200) == (42 in [event.id for event in desk.handled])
    assert [] == [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_who_is_answered_before_the_end_may_go_on() -> None:
    """The rest is passed over, and the connection serves the next request."""
    desk = desk_of(await store_of(subscription()))
    first = _request(delivery()[:5], SIGNED, key="guessed", length=len(delivery()))
    async with _served(desk) as base:
        host, _, port = base.removeprefix("http://").partition(":")
        async with await anyio.connect_tcp(host, int(port)) as stream:
            statuses: list[bytes] = []
            for part in (first, delivery()[5:] + _request(delivery(), SIGNED)):
                await stream.send(part)
                statuses.append((await stream.receive()).split()[1])
    assert ([b"404", b"200"], 1) == (statuses, len(desk.handled))


@pytest.mark.parametrize("key", [KEY, "guessed"])
async def test_aiohttp_tells_nobody_of_who_has_hung_up(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """Within the body, known or not; nor of who goes on with what is not as it was said to be."""
    desk = desk_of(await store_of(subscription()))
    async with _served(desk) as base:
        await _answered(base, _request(b"x", SIGNED, key=key, length=50), hang_up=True)
        await anyio.sleep(0.05)
        packed = _request(PACKED[:30], SIGNED, GZIP, key=key, length=100)
        assert (415 if key == KEY else 404) == await _answered(base, packed, b"no gzip")
        assert 200 == await _answered(base, _request(delivery(), SIGNED))
    assert [] == [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_handler_of_aiohttp_takes_a_receiver() -> None:
    """Not its handler."""
    with pytest.raises(InvalidArgument, match="Receiver"):
        handler(print)  # type: ignore[arg-type]


def test_who_has_another_framework_needs_no_aiohttp() -> None:
    """Neither module brings one in."""
    code = (
        "import sys, clio_async.webhooks.aiohttp, clio_async.webhooks.asgi; from clio_async.webhooks import *;"
        "print(*{'aiohttp', 'starlette', 'fastapi'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "" == done.stdout.strip()


async def _post(app: ASGIApp, path: str, body: bytes) -> int:
    return (await asgi(app)(Request("POST", f"https://hooks.example{path}", Headers(signed(body)), body))).status


async def test_starlette_and_fastapi_take_it_as_a_route() -> None:
    """For POST and for whatever else may come, at exactly the address that Clio was given."""
    desk = desk_of(await store_of(subscription()))
    app = WebhookApp(desk.receiver)
    fast = FastAPI()
    fast.add_route("/clio/webhooks", app)
    starlette = Starlette(routes=[Route("/clio/webhooks", app)])
    for number, one in enumerate((fast, starlette, app)):
        assert 200 == await _post(one, PATH, delivery(etag=f"{number}"))
    assert 3 == len(desk.handled)


async def test_a_mount_answers_with_a_redirect_that_clio_takes_for_success() -> None:
    """The control of what the documentation warns of: the event is lost, and nobody is told."""
    desk = desk_of(await store_of(subscription()))
    app = Starlette(routes=[Mount("/clio/webhooks", WebhookApp(desk.receiver))])
    assert 307 == await _post(app, PATH, delivery())
    assert [] == desk.handled
    assert 200 == await _post(app, PATH.replace("webhooks", "webhooks/"), delivery())
