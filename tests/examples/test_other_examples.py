"""The examples of several firms, and of aiohttp's server, against simulated Clios."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import anyio
import pytest
from aiohttp import ClientSession, web

from clio_async import Clio, MemoryTransport
from clio_async.messages import Headers, Request, Response
from clio_async.testing import Clock, Simulator, asgi, deliver_due, delivering
from clio_async.webhooks import Event, MemorySubscriptions
from clio_async.webhooks.asgi import WebhookApp
from tests.examples import aiohttp_service
from tests.examples.two_firms import Firms

URL = "https://service.example/clio/webhooks"
WITHIN = 10.0
"""Seconds after which a run that hangs is a failed one; nothing waits for them."""


async def test_each_event_is_read_by_the_client_of_its_firm(caplog: pytest.LogCaptureFixture) -> None:
    """Two regions have the same ids; who is not known is passed over."""
    subscriptions, clients, clios = MemorySubscriptions(), list[Clio](), list[Simulator]()
    for origin in ("https://one.example", "https://two.example"):
        simulator = Simulator(matters=3, clock=Clock(time.time))
        clients.append(
            Clio(simulator.token(), base_url=f"{origin}/api/v4", transport=MemoryTransport(simulator.handler))
        )
        clios.append(simulator)
    firms = Firms(clients)
    receiver = firms.receiver(subscriptions)
    send = asgi(WebhookApp(receiver))
    for clio, simulator, text in zip(clients, clios, ("here", "there"), strict=True):
        await clio.webhooks.ensure(model="matter", url=URL, store=subscriptions)
        await deliver_due(simulator, send)
        simulator.change("matters", 3, description=text)
        await deliver_due(simulator, send)
    ours, theirs = (clio.principal.fingerprint for clio in clients)
    assert {(ours, 3): "here", (theirs, 3): "there"} == {key: copy["description"] for key, copy in firms.copies.items()}
    clios[0].delete("matters", 3)
    await deliver_due(clios[0], send)
    assert {(theirs, 3)} == {*firms.copies}
    await receiver.deliver(Event("updated", "matter", 3, principal="f" * 32))
    assert "not known: ffffffff" in caplog.text
    for clio in clients:
        await clio.aclose()


async def test_aiohttps_server_runs_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    """It subscribes, shakes hands, and follows a change and a deletion."""
    simulator, subscriptions = Simulator(matters=5, clock=Clock(time.time)), MemorySubscriptions()
    clio = Clio(simulator.token(), region="us", transport=MemoryTransport(simulator.handler))
    told, answers = anyio.create_memory_object_stream[int](100)
    runner = web.AppRunner(aiohttp_service.service(clio, URL, subscriptions))
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with anyio.fail_after(WITHIN), told, answers:
        async with ClientSession() as session:

            async def carry(request: Request) -> Response:
                address = request.url.replace("https://service.example", base)
                async with session.post(address, data=request.body, headers=[*request.headers.pairs]) as answer:
                    told.send_nowait(answer.status)
                    return Response(answer.status, Headers([*answer.headers.items()]), await answer.read())

            async with delivering(simulator, carry):
                await runner.setup()
                await web.SockSite(runner, listening).start()
                assert 200 == await answers.receive()  # the handshake
                simulator.change("matters", 3, description="new")
                assert 200 == await answers.receive()
                simulator.delete("matters", 3)
                assert 200 == await answers.receive()
                await runner.cleanup()
    assert ["3 new", "3 is gone"] == capsys.readouterr().out.splitlines()[-2:]


def test_it_is_built_from_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the command in its docstring does."""
    monkeypatch.setenv("CLIO_TOKEN", "token")
    monkeypatch.setenv("PUBLIC_URL", "https://service.example")
    monkeypatch.setenv("SUBSCRIPTIONS", str(tmp_path / "subscriptions"))
    assert "/clio/webhooks" in {
        route.resource.canonical for route in aiohttp_service.main([]).router.routes() if route.resource
    }
