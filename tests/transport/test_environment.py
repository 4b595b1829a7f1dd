"""Nothing of the environment decides where a request goes, or whose it is (F38)."""

from __future__ import annotations

from pathlib import Path

import pytest

from clio_async import Clio
from clio_async.messages import Request
from clio_async.testing.wire import Answer, serve
from clio_async.transport.base import Transport
from tests.faults.loopback import TRANSPORTS, reply, transport

from .naive import NaiveTransport

PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy")
DONE = reply("200 OK", b'{"data":{"id":1}}', ("Content-Type", "application/json"))


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's password for this very machine, where command lines look for it."""
    file = tmp_path / ".netrc"
    file.write_text("machine 127.0.0.1 login somebody password canary\ndefault login somebody password canary\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    monkeypatch.setenv("HOME", str(tmp_path))


async def authorizations(wire: Transport, *, token: bool) -> list[tuple[str, ...]]:
    """Return whose a request is that a server gets: of a client with a token, or without any."""
    async with serve(lambda _: Answer(DONE)) as server, wire:
        if token:
            await Clio("token-a", base_url=server.url, transport=wire).request("GET", "/x")
        else:
            await wire.send(Request("GET", server.url))
    return [tuple(received.values_of("authorization")) for received in server.received]


@TRANSPORTS
@pytest.mark.usefixtures("netrc")
async def test_a_password_of_netrc_is_not_sent(kind: str) -> None:
    """F38: without a token a request is nobody's; with one it is whose that is."""
    assert [()] == await authorizations(transport(kind), token=False)
    assert [("Bearer token-a",)] == await authorizations(transport(kind), token=True)


@pytest.mark.usefixtures("netrc")
async def test_aiohttp_that_trusts_the_environment_sends_it() -> None:
    """The control of F38: by the same environment another's password goes along."""
    ((sent,),) = await authorizations(NaiveTransport(), token=False)
    assert sent.startswith("Basic ")


@pytest.mark.parametrize("kind", ["aiohttp", "httpx2", "naive"])
async def test_a_proxy_of_the_environment_sees_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """F38: neither request nor token reaches it. (The control is aiohttp as one writes it: there they do.)"""
    async with serve(lambda _: Answer(DONE)) as proxy, serve(lambda _: Answer(DONE)) as server:
        for name in PROXIES:
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        async with NaiveTransport() if kind == "naive" else transport(kind) as wire:
            await Clio("token-a", base_url=server.url, transport=wire).request("GET", "/x")
    assert ((1, 0) if kind == "naive" else (0, 1)) == (len(proxy.received), len(server.received))
