"""The shell on a socket: a small HTTP/1.1 server on loopback."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

import anyio
from anyio.abc import SocketAttribute, SocketStream
from attrs import field, frozen

from ...messages import Response
from .answers import Refusal, error_body, respond
from .control import controlled
from .core import Simulator
from .faults import Fault
from .wire import BadMessage, Reader, Received, compressed, response_bytes

__all__ = ["Address", "Framing", "serve"]

Framing: TypeAlias = Literal["length", "chunked"]
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


@frozen
class Address:
    """Where a simulator listens."""

    host: str
    port: int
    connections: list[int] = field(factory=lambda: [0], repr=False)
    """How many connections were accepted so far: one number, kept up to date."""

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


@frozen
class _Server:
    simulator: Simulator
    framing: Framing
    gzip: bool
    control_token: str | None
    address: Address

    async def connection(self, stream: SocketStream) -> None:
        """Serve one connection until either side ends it."""
        self.address.connections[0] += 1
        async with stream:
            reader = Reader(f"{self.address.host}:{self.address.port}")
            try:
                while await self._turn(stream, reader):
                    pass
            except BadMessage as error:
                await self._refuse(stream, error)
            except _GONE:
                pass

    async def _turn(self, stream: SocketStream, reader: Reader) -> bool:
        """Read and answer one request; say whether there may be another."""
        received = reader.next()
        while received is None:
            if reader.expects_continue:
                reader.expects_continue = False
                await stream.send(_CONTINUE)
            reader.feed(await stream.receive())
            received = reader.next()
        return await self._answer(stream, received)

    async def _answer(self, stream: SocketStream, received: Received) -> bool:
        request = received.request
        own = controlled(self.simulator, request, self.control_token)
        if own is not None:
            await self._send(stream, received, own, None)
            return received.keep_alive
        fault = self.simulator.next_fault(request)
        if fault is not None and fault.wait_before:
            await anyio.sleep(fault.wait_before)
        response = self.simulator.exchange(request, fault).response
        if fault is not None and fault.wait_after:
            await anyio.sleep(fault.wait_after)
        return await self._send(stream, received, response, fault)

    async def _send(self, stream: SocketStream, received: Received, response: Response, fault: Fault | None) -> bool:
        shown = compressed(response, received.request) if self.gzip else response
        head, body = response_bytes(
            shown,
            keep_alive=received.keep_alive,
            chunked=self.framing == "chunked",
            bodiless=received.request.method == "HEAD",
        )
        whole = head + body
        sent = whole if fault is None else _kept(head, body, fault)
        if sent:
            await stream.send(sent)
        return received.keep_alive and len(sent) == len(whole)

    async def _refuse(self, stream: SocketStream, error: BadMessage) -> None:
        body, kind = error_body(Refusal(error.status, "BadRequest", str(error)))
        head, rest = response_bytes(respond(error.status, body, type=kind), keep_alive=False)
        try:
            await stream.send(head + rest)
            await stream.send_eof()
            await _drained(stream)
        except (*_GONE, OSError):
            pass


async def _drained(stream: SocketStream) -> None:
    """Read what the client still sends: closing before that would reset the connection, and with it the answer."""
    with anyio.move_on_after(1):
        while True:
            await stream.receive()


def _kept(head: bytes, body: bytes, fault: Fault) -> bytes:
    """Return the part of an answer that a fault lets through; never all of it, if it cuts at all."""
    whole = head + body
    if fault.drop is None or (fault.drop == "body" and not body):
        return whole
    if fault.drop == "unsent":
        return b""
    start = len(head) if fault.drop == "body" else 0
    return whole[: min(start + fault.keep, len(whole) - 1)]


@asynccontextmanager
async def serve(
    simulator: Simulator,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    framing: Framing = "length",
    gzip: bool = False,
    control_token: str | None = None,
) -> AsyncGenerator[Address, None]:
    """Serve a simulator on a socket, on any backend of anyio, until the block ends.

    Port 0 takes a free one. A `control_token` opens ``/_simulator/…``, through which another process can change records
    as another user and read the log.
    """
    listener = await anyio.create_tcp_listener(local_host=host, local_port=port)
    bound = listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
    server = _Server(simulator, framing, gzip, control_token, Address(host, bound))
    raised: Exception | None = None
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.connection)
        try:
            yield server.address
        except Exception as error:  # it is the caller's, and no group of errors
            raised = error
        finally:
            tasks.cancel_scope.cancel()
    if raised is not None:
        raise raised
