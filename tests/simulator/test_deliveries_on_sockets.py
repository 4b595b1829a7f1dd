"""Webhooks over real sockets, from `clio-async simulate`, and by the fixture for pytest."""

from __future__ import annotations

import json
import queue
import threading
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import anyio
import pytest

from clio_async import cli
from clio_async.cli import simulate
from clio_async.messages import Headers
from clio_async.testing import Regime, Simulator, delivering, serve, towards
from clio_async.testing.simulator import sign
from clio_async.transport.aiohttp import AiohttpTransport

from .caller import Caller
from .receiver import MADE_UP, URL
from .test_cli import fetch, process

pytest_plugins = ["clio_async.testing.pytest_plugin"]

HOOK = MADE_UP + 1
BODY = {"url": URL, "model": "matter", "fields": "id,etag"}


class Door:
    """A server in a thread of its own. What it receives is in a queue; it echoes handshakes."""

    def __init__(self) -> None:
        self.received: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                received.put((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(200)
                if "x-hook-secret" in self.headers:
                    self.send_header("X-Hook-Secret", self.headers["x-hook-secret"])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def next(self) -> tuple[str, dict[str, str], bytes]:
        return self.received.get(timeout=20)


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.mark.anyio
@pytest.mark.parametrize("when", ["before", "after"])
async def test_handshake_and_event_over_sockets(door: Door, when: Any) -> None:
    """As they are in memory: a secret that is echoed, then bytes that it has signed, at the path and query given."""
    simulator = Simulator(regime=Regime(hook_handshake=when))
    asks = Caller(simulator)
    async with (
        AiohttpTransport() as transport,
        serve(simulator) as address,
        delivering(simulator, towards(door.url, transport.send)),
    ):
        request = asks.request("POST", "/webhooks.json", {"data": BODY}, address.url)
        assert 201 == (await transport.send(request)).status
        if when == "before":
            assert "enabled" == simulator.record("webhooks", HOOK)["status"]
        path, greeting, _ = await anyio.to_thread.run_sync(door.next)
        assert path == URL.removeprefix("https://receiver.example")
        while simulator.record("webhooks", HOOK)["status"] != "enabled":
            await anyio.lowlevel.checkpoint()
        simulator.change("matters", 3, description="new")
        _, event, body = await anyio.to_thread.run_sync(door.next)
    assert {"updated"} == {json.loads(body)["meta"]["event"]}
    assert sign(body, greeting["x-hook-secret"]) == event["x-hook-signature"]


def test_the_command_delivers(door: Door) -> None:
    """To the origin that it is told, whatever the address of the webhook; the control endpoint shows the attempts."""
    options = ["--webhooks", door.url, "--token", "first", "--regime", "hook_handshake=before"]
    with process(*options) as (_, ready):
        made = fetch(f"{ready['url']}/api/v4/webhooks.json", "first", {"data": BODY})
        _, greeting, _ = door.next()
        change = {"resource": "matters", "id": 3, "attributes": {"description": "new"}}
        fetch(f"{ready['url']}/_simulator/change", ready["control_token"], change)
        _, event, body = door.next()
        assert made["id"] == json.loads(body)["meta"]["webhook_id"]
        assert sign(body, greeting["x-hook-secret"]) == event["x-hook-signature"]
        request = urllib.request.Request(
            f"{ready['url']}/_simulator/deliveries", headers={"Authorization": f"Bearer {ready['control_token']}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            first = json.load(answer)["data"][0]
        assert (made["id"], None, 200) == (first["webhook"], first["event"], first["status"])


@pytest.mark.parametrize("given", ["as_is", "127.0.0.1:80", "ftp://127.0.0.1", "http://", ""])
def test_the_command_wants_an_origin(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Or "as-is"; it says so."""
    with pytest.raises(SystemExit):
        cli.main(["simulate", "--webhooks", given])
    assert "no origin" in " ".join(capsys.readouterr().err.replace("│", "").split())


@pytest.mark.anyio
async def test_the_fixture_delivers_to_an_application(
    clio_simulator: Simulator, clio_webhooks: Callable[[Any], Awaitable[int]]
) -> None:
    """What is due, now."""
    asks, seen = Caller(clio_simulator), list[str]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        fields = Headers.from_raw(scope["headers"])
        seen.extend(name for name in ("x-hook-secret", "x-hook-signature") if name in fields)
        echo = [(b"x-hook-secret", fields["x-hook-secret"].encode())] if "x-hook-secret" in fields else []
        await send({"type": "http.response.start", "status": 200, "headers": echo})
        await send({"type": "http.response.body"})

    asks.post("/webhooks.json", BODY)
    assert 1 == await clio_webhooks(app)
    clio_simulator.change("matters", 3, description="new")
    assert 1 == await clio_webhooks(app)
    assert 0 == await clio_webhooks(app)
    assert ["x-hook-secret", "x-hook-signature"] == seen


@pytest.mark.anyio
@pytest.mark.parametrize("where", [None, "as-is", "http://127.0.0.1:8000"])
async def test_the_command_sends_where_it_is_told(where: str | None) -> None:
    """Nowhere, to the address of the webhook, or to another origin."""
    simulator = Simulator()
    async with simulate._deliver(simulator, where):
        assert (where is None) == (simulator.deliveries.sender is None)
    assert None is simulator.deliveries.sender
