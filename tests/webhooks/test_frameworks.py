"""The receiver in the frameworks that programs have: aiohttp, Starlette and FastAPI, over sockets."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

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


async def test_aiohttp_is_not_asked_for_more_than_the_bound() -> None:
    """A body without end fills no memory."""
    read: list[int] = []

    class Endless:
        method, raw_path, raw_headers = "POST", PATH, ()

        @property
        def content(self) -> Endless:
            return self

        async def iter_chunked(self, size: int) -> AsyncGenerator[bytes]:
            while len(read) < 10:
                read.append(size)
                yield b"x" * 100

    desk = desk_of(await store_of(subscription()), max_body=150)
    answered = await handler(desk.receiver)(Endless())  # type: ignore[arg-type]
    assert (413, 2) == (answered.status, len(read))


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
