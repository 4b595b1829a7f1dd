"""What is too large, and who cannot prove who he is: refused by us, taken by what has no such care (F7, F13)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trustme

from clio_async import AiohttpTransport, Httpx2Transport, NotSent, ResponseTooLarge
from clio_async.messages import Request
from clio_async.testing._transport.bomb import peak
from clio_async.testing.wire import Answer, WireServer, serve
from tests.faults.loopback import reply

from .naive import NaiveTransport

CAP = 4 << 20
CHUNKED = reply("200 OK").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
PIECE = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
OURS = pytest.mark.parametrize("make", [AiohttpTransport, Httpx2Transport])


def chunks(count: int | None) -> Iterator[bytes]:
    """Yield an answer of so many pieces of 64 KiB; of no end if that is None."""
    yield CHUNKED
    while count is None or count:
        yield PIECE
        count = count and count - 1
    yield b"0\r\n\r\n"


@OURS
@pytest.mark.parametrize("count", [None, 3 * CAP // 0x10000], ids=["endless", "three times the cap"])
async def test_a_body_costs_the_cap_and_a_little(make: Any, count: int | None) -> None:
    """F7: whatever is sent, no more than the cap and 16 MiB are held at once."""
    trust = ssl.create_default_context()
    async with serve(lambda _: Answer(chunks(count))) as server, make(max_body=CAP, ssl=trust) as wire:
        with peak() as cost, pytest.raises(ResponseTooLarge):
            await wire.send(Request("GET", server.url))
    assert cost() <= CAP + (16 << 20)


@OURS
async def test_a_body_that_is_declared_too_large_is_not_read(make: Any) -> None:
    """F7: the head is enough, however little has come of the rest."""
    head = reply("200 OK").replace(b"Content-Length: 0", b"Content-Length: %d" % (1 << 50))
    trust = ssl.create_default_context()
    async with serve(lambda _: Answer(head, "hang")) as server, make(max_body=CAP, ssl=trust) as wire:
        with peak() as cost, pytest.raises(ResponseTooLarge):
            await wire.send(Request("GET", server.url))
    assert cost() <= CAP


async def test_without_a_cap_it_is_all_read() -> None:
    """The control of F7: aiohttp as it comes holds all that a server sends."""
    async with serve(lambda _: Answer(chunks(3 * CAP // 0x10000))) as server, NaiveTransport() as wire:
        with peak() as cost:
            assert 3 * CAP == len((await wire.send(Request("GET", server.url))).body)
    assert cost() >= 3 * CAP


@asynccontextmanager
async def somebody_else() -> AsyncGenerator[tuple[WireServer, ssl.SSLContext]]:
    """A server with the certificate of another host, and what trusts who has issued it."""
    authority: Any = trustme.CA()
    own, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("example.org").configure_cert(own)
    authority.configure_trust(trust)
    async with serve(lambda _: Answer(reply("200 OK", b"{}")), ssl_context=own) as server:
        yield server, trust


@OURS
async def test_a_server_that_is_somebody_else_gets_nothing(make: Any) -> None:
    """F13: nothing is sent, not even once."""
    async with somebody_else() as (server, trust), make(ssl=trust) as wire:
        with pytest.raises(NotSent):
            await wire.send(Request("POST", server.url, body=b"secret"))
        assert [] == server.received


async def test_without_verification_it_gets_everything() -> None:
    """The control of F13: with what our transports do not offer, the same server is sent the body."""
    async with somebody_else() as (server, _), NaiveTransport(ssl=False) as wire:
        await wire.send(Request("POST", server.url, body=b"secret"))
        assert [b"secret"] == [received.body for received in server.received]
