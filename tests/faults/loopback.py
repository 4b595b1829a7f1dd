"""Clients of servers on real loopback sockets, over both network transports."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from clio_async import AiohttpTransport, Clio, Httpx2Transport
from clio_async.testing.wire import Script, WireServer, serve
from clio_async.transport.base import Transport

TRANSPORTS = pytest.mark.parametrize("kind", ["aiohttp", "httpx2"])

_SYSTEM = ssl.create_default_context()


def transport(kind: str) -> Transport:
    """Open a transport by name."""
    return AiohttpTransport() if kind == "aiohttp" else Httpx2Transport(ssl=_SYSTEM)


@asynccontextmanager
async def lab(kind: str, script: Script, **options: object) -> AsyncGenerator[tuple[Clio, WireServer]]:
    """Yield a client, and the server that answers it by `script`."""
    async with serve(script) as server, transport(kind) as wire:
        yield Clio("token-a", base_url=server.url, transport=wire, **options), server  # type: ignore[arg-type]


def reply(status: str, body: bytes = b"", *fields: tuple[str, str]) -> bytes:
    """Return an answer as it stands on the wire."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields), f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
