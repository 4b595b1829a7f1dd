"""The same calls over real sockets, and over a real Redis: nothing is virtual there."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import anyio
from anyio.from_thread import start_blocking_portal
from attrs import evolve, field, frozen

from clio_async import AiohttpTransport, Clio, Httpx2Transport, Options, Request, Transport
from clio_async.auth.loopback import loopback
from clio_async.testing import Address, Simulator, serve

from .calls import CASES
from .sweep import Case
from .world import World, left_by

__all__ = ["Server", "served", "wired"]

Kind: TypeAlias = Callable[[], Transport]


@cache
def _tls() -> ssl.SSLContext:
    """Return one context for all: to make it reads many files."""
    return ssl.create_default_context()


KINDS: dict[str, Kind] = {
    "aiohttp": lambda: AiohttpTransport(clock=anyio.current_time, ssl=_tls()),
    "httpx2": lambda: Httpx2Transport(clock=anyio.current_time, ssl=_tls()),
}
CALLS = {
    "aiohttp": ("get_cold", "get_validated", "update", "collect", "upload", "download"),
    "httpx2": ("get_cold", "update", "download"),
}


@frozen
class Server:
    """A simulator that listens in a thread of its own."""

    simulator: Simulator
    address: Address = field()


@contextmanager
def served() -> Generator[Server]:
    """Serve a firm until the block ends."""
    simulator = Simulator(matters=7, contacts=3, tasks=3, users=2)
    simulator.storage.smallest_part = 1
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(simulator)) as address:
        yield Server(simulator, address)


class Wired(World):
    """A client that asks a server."""

    def __init__(self, path: Path, *, server: Server, kind: str, delay: float = 0.0, fresh: bool = False) -> None:
        super().__init__(path, delay=delay, fresh=fresh)
        self.simulator = server.simulator
        self.transport, self.storage = KINDS[kind](), KINDS[kind]()
        self.settings |= {
            "base_url": f"{server.address.url}/api/v4",
            "transport": self.transport,
            "storage": self.storage,
            "limiter": None,
        }
        self.token = self.simulator.token()
        self.clio = Clio(self.token, **self.settings)

    async def aclose(self) -> None:
        await super().aclose()
        await self.transport.aclose()
        await self.storage.aclose()

    def left(self) -> list[str]:
        return left_by(self.clio) + [one for each in (self.transport, self.storage) for one in left_in_transport(each)]


def left_in_transport(transport: Any) -> list[str]:
    """Say which places and connections a transport has lent."""
    pool = transport._pool
    if pool is None:
        return []
    gate = pool.gate
    found = [f"{count} places of the gate for {whom}" for whom, count in gate._held.items()]
    found += [] if gate._free == gate._limit else [f"{gate._limit - gate._free} places of the gate"]
    found += [f"{len(gate._waiting)} who wait at the gate"] if gate._waiting else []
    connector = getattr(pool, "connector", None)
    if connector is not None and connector._acquired:
        found.append(f"{len(connector._acquired)} connections")
    return found


def wired(server: Server) -> Iterator[Case]:
    """Yield a case for each call over each kind of transport."""

    def world(kind: str) -> Callable[..., World]:
        return partial(Wired, server=server, kind=kind)

    for kind in KINDS:
        for name in CALLS[kind]:
            yield evolve(
                CASES[name], name=f"{name} over {kind}", world=world(kind), threads=True, waits=("",), detaches=True
            )
        yield Case(
            name=f"transport {kind}",
            covers=COVERED[kind],
            call=_sent,
            world=world(kind),
            threads=True,
            waits=("",),
        )


COVERED = {
    kind: tuple(f"{cls}.{name}" for name in ("send", "stream", "aclose"))
    for kind, cls in {"aiohttp": "AiohttpTransport", "httpx2": "Httpx2Transport"}.items()
}


async def _sent(world: World) -> None:
    assert isinstance(world, Wired)
    url = f"{world.settings['base_url']}/matters"
    request = Request("GET", url, principal=world.clio.principal, options=Options(), deadline=None)
    request = request.having("Authorization", f"Bearer {world.token}")
    sibling = world.transport.sibling()
    try:
        assert 200 == (await sibling.send(request)).status
        async with sibling.stream(request) as streamed:
            assert [piece async for piece in streamed.chunks()]
    finally:
        await sibling.aclose()


async def _called_back(_: World) -> None:
    async with loopback(port=0) as receiver:
        with anyio.move_on_after(0.001):
            await receiver.callback("state", timeout=None)


LOOPBACK = Case(
    name="loopback",
    covers=("loopback", "Receiver.callback"),
    call=_called_back,
    threads=True,
    waits=("",),
)
