"""Every transport keeps the contract, on every backend."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from clio_async.messages import Request, Response
from clio_async.testing.check_transport import CHECKS, PLAIN_CHECKS, check_transport
from clio_async.transport.aiohttp import AiohttpTransport
from clio_async.transport.base import Transport
from clio_async.transport.httpx2 import Httpx2Transport
from clio_async.transport.memory import MemoryTransport

from .naive import NaiveTransport

Factory = Callable[..., Transport]
Check = Callable[[Factory], Awaitable[None]]

ASYNCIO = pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio")
UVLOOP = pytest.param(("asyncio", {"use_uvloop": True}), id="uvloop")
TRIO = pytest.param(("trio", {}), id="trio")


# Loading the certificates of the system takes longer than most checks.
SYSTEM = ssl.create_default_context()


def over_httpx2(**options: Any) -> Httpx2Transport:
    return Httpx2Transport(**{"ssl": SYSTEM, **options})


def over_memory(**options: Any) -> MemoryTransport:
    return MemoryTransport(lambda _: Response(200), **options)


@pytest.mark.parametrize("anyio_backend", [ASYNCIO, UVLOOP])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_aiohttp(check: Check) -> None:
    """The default transport keeps every clause (F1, F3 to F7, F12, F13, F37, F38, F60, F71 to F73)."""
    with anyio.fail_after(60):
        await check(AiohttpTransport)


@pytest.mark.parametrize("anyio_backend", [ASYNCIO, UVLOOP, TRIO])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_httpx2(check: Check) -> None:
    """That over httpx2 keeps them all (F1, F3 to F7, F12, F13, F37, F38, F60, F71 to F73): the seam is real."""
    with anyio.fail_after(60):
        await check(over_httpx2)


@pytest.mark.parametrize("anyio_backend", [ASYNCIO, TRIO])
@pytest.mark.parametrize("check", PLAIN_CHECKS, ids=lambda check: check.__name__)
async def test_memory(check: Check) -> None:
    """The transport without sockets keeps the clauses that need none."""
    await check(over_memory)


async def test_the_suite_runs_as_one_call() -> None:
    """`check_transport` runs every check of its kind, and names the one that fails."""
    await check_transport(over_memory, sockets=False)

    def sloppy(**options: Any) -> Transport:
        transport = over_memory(**options)
        transport.send = answered  # type: ignore[method-assign]
        return transport

    async def answered(_: Request) -> Response:
        return Response(200)

    with pytest.raises(AssertionError, match="unfit_requests_are_refused"):
        await check_transport(sloppy, sockets=False)


async def test_the_suite_has_a_server_of_its_own() -> None:
    """With sockets it starts a server by itself, and says what a transport as it comes does wrong."""
    with pytest.raises(AssertionError, match="bytes_survive_both_ways"):
        await check_transport(NaiveTransport)
