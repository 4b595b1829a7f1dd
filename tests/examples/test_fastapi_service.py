"""The example service, run by a real server upon sockets, against a simulated Clio."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
import uvicorn

from clio_async import Clio
from clio_async.messages import Headers, Request, Response
from clio_async.testing import Clock, Simulator, delivering, serve, towards
from clio_async.transport.aiohttp import AiohttpTransport
from clio_async.webhooks import MemorySubscriptions
from tests.examples import fastapi_service
from tests.examples.fastapi_service import service

PUBLIC = "https://service.example"
WITHIN = 60.0
"""Seconds after which a run that hangs is a failed one; nothing waits for them."""


@asynccontextmanager
async def _served(app: object, listening: socket.socket) -> AsyncGenerator[None]:
    """Serve an application on a socket until the block ends. Whoever connects earlier waits."""
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", ws="none", log_config=None))  # type: ignore[arg-type]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve, [listening])
        yield
        server.should_exit = True


class _Courier:
    """Carries what Clio sends to the service, and tells of each answer."""

    def __init__(self, transport: AiohttpTransport, origin: str) -> None:
        self._send = towards(origin, transport.send)
        self._told, self.answers = anyio.create_memory_object_stream[int](100)

    async def __call__(self, request: Request) -> Response:
        response = await self._send(request)
        self._told.send_nowait(response.status)
        return response

    def close(self) -> None:
        self._told.close()
        self.answers.close()


async def _get(transport: AiohttpTransport, url: str) -> object:
    response = await transport.send(Request("GET", url, Headers(), deadline=time.monotonic() + WITHIN))
    assert 200 == response.status
    return json.loads(response.body)


async def test_the_service_has_what_clio_has() -> None:
    """It subscribes, shakes hands, and follows a change and a deletion; a forged event is told off."""
    simulator = Simulator(matters=5, clock=Clock(time.time))
    subscriptions = MemorySubscriptions()
    transport = AiohttpTransport()
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    courier = _Courier(transport, base)
    with anyio.fail_after(WITHIN):
        async with serve(simulator) as clios, delivering(simulator, courier):
            clio = Clio(simulator.token(), base_url=f"{clios.url}/api/v4")
            async with _served(service(clio, f"{PUBLIC}/clio/webhooks", subscriptions), listening):
                assert 200 == await courier.answers.receive()  # the handshake
                (kept,) = await subscriptions.all()
                assert kept.secret is not None
                simulator.change("matters", 3, description="changed by somebody else")
                assert 200 == await courier.answers.receive()
                found = await _get(transport, f"{base}/matters/3")
                assert simulator.record("matters", 3, fields=fastapi_service.FIELDS) == found
                simulator.delete("matters", 3)
                assert 200 == await courier.answers.receive()
                assert await _get(transport, f"{base}/matters/3") is None
                forged = Request(
                    "POST", f"{base}/clio/webhooks?subscription={kept.key}", Headers(), b"{}", time.monotonic() + WITHIN
                )
                assert 401 == (await transport.send(forged)).status
    courier.close()
    await transport.aclose()


def test_it_is_built_from_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the command in its docstring does."""
    monkeypatch.setenv("CLIO_TOKEN", "token")
    monkeypatch.setenv("PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("SUBSCRIPTIONS", str(tmp_path / "subscriptions"))
    paths = {getattr(route, "path", None) for route in fastapi_service.app().routes}
    assert {"/clio/webhooks", "/matters/{id}"} <= paths
