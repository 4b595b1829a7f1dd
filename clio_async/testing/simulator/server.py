"""The shell on a socket: a small HTTP/1.1 server on loopback."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

import anyio
from anyio.abc import Listener, SocketAttribute, SocketStream
from attrs import field, frozen

from ...messages import Request, Response
from .answers import Refusal, error_body, respond
from .contents import Intake
from .control import controlled
from .core import Simulator
from .faults import Fault
from .flow import cut_at, length_of, outgoing
from .sending import greet
from .storage import FileResponse
from .wire import LAST_CHUNK, BadMessage, Reader, Received, compressed, in_chunk, response_bytes

__all__ = ["Address", "Framing", "serve"]

Framing: TypeAlias = Literal["length", "chunked"]
_AT_ONCE = 1024 * 1024
"""Bytes that are taken at once: all that a loop reads in one step, lest what was read should pile up before us."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


@frozen
class Address:
    """Where a simulator listens."""

    host: str
    port: int
    connections: list[int] = field(factory=lambda: [0], repr=False)
    """How many connections were accepted so far: one number, kept up to date."""
    storage_url: str = ""
    """The origin where files are: another port."""

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


class _Planned:
    """The fault of one request, asked for once: when its head is there, or later."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._fault: Fault | None = None
        self._asked = False

    def of(self, request: Request) -> Fault | None:
        if not self._asked:
            self._asked, self._fault = True, self._simulator.next_fault(request)
        return self._fault

    def cuts(self, reader: Reader) -> bool:
        """Say whether the connection ends now, with so much of a file received."""
        if reader.incoming is None:
            return False
        request, length = reader.incoming
        fault = self.of(request)
        if fault is None or fault.take is None or length < fault.take:
            return False
        self._simulator.exchange(request, fault)
        return True


@frozen
class _Server:
    """What serves the connections of one port. Where files are, `stores` is set."""

    simulator: Simulator
    framing: Framing
    gzip: bool
    control_token: str | None
    address: Address
    stores: bool = False

    async def connection(self, stream: SocketStream) -> None:
        """Serve one connection until either side ends it."""
        self.address.connections[0] += 1
        async with stream:
            reader = Reader(f"{self.address.host}:{self.address.port}", self._intake if self.stores else None)
            try:
                while await self._turn(stream, reader):
                    pass
            except BadMessage as error:
                await self._refuse(stream, error)
            except _GONE:
                pass

    def _intake(self) -> Intake:
        return Intake(self.simulator.storage.kept)

    async def _turn(self, stream: SocketStream, reader: Reader) -> bool:
        """Read and answer one request; say whether there may be another."""
        planned, received = _Planned(self.simulator), reader.next()
        while received is None:
            if planned.cuts(reader):
                return False
            if reader.expects_continue:
                reader.expects_continue = False
                await stream.send(_CONTINUE)
            reader.feed(await stream.receive(_AT_ONCE))
            received = reader.next()
        return await self._answer(stream, received, planned)

    async def _answer(self, stream: SocketStream, received: Received, planned: _Planned) -> bool:
        request = received.request
        own = controlled(self.simulator, request, self.control_token)
        if own is not None:
            await self._send(stream, received, own, None)
            return received.keep_alive
        fault = planned.of(request)
        if fault is not None and fault.wait_before:
            await anyio.sleep(fault.wait_before)
        response = self.simulator.exchange(request, fault).response
        if self.simulator.deliveries.greetings:
            await greet(self.simulator.deliveries)
        if fault is not None and fault.wait_after:
            await anyio.sleep(fault.wait_after)
        return await self._send(stream, received, response, fault)

    async def _send(self, stream: SocketStream, received: Received, response: Response, fault: Fault | None) -> bool:
        if isinstance(response, FileResponse) or (fault is not None and fault.stall is not None):
            return await self._flow(stream, received, response, fault)
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
        if received.unread:
            await stream.send_eof()
            await _drained(stream)
        return received.keep_alive and len(sent) == len(whole) and _is_counted_right(response, received.request)

    async def _flow(self, stream: SocketStream, received: Received, response: Response, fault: Fault | None) -> bool:
        """Send an answer piece by piece."""
        begun, _ = response_bytes(_measured(response), keep_alive=received.keep_alive, bodiless=True)
        if fault is not None and fault.drop in ("unsent", "response"):
            await stream.send(begun[: fault.keep] if fault.drop == "response" else b"")
            return False
        await stream.send(begun)
        chunked = "transfer-encoding" in response.headers
        for step in outgoing(response, fault):
            if isinstance(step, bytes):
                await stream.send(in_chunk(step) if chunked else step)
            else:
                await anyio.sleep(step)
        whole = cut_at(response, fault) is None
        if whole and chunked:
            await stream.send(LAST_CHUNK)
        return received.keep_alive and whole and _is_counted_right(response, received.request)

    async def _refuse(self, stream: SocketStream, error: BadMessage) -> None:
        body, kind = error_body(Refusal(error.status, "BadRequest", str(error)))
        head, rest = response_bytes(respond(error.status, body, type=kind), keep_alive=False)
        try:
            await stream.send(head + rest)
            await stream.send_eof()
            await _drained(stream)
        except (*_GONE, OSError):
            pass


def _measured(response: Response) -> Response:
    """Return an answer that says how long it is, unless it comes in chunks."""
    if "content-length" in response.headers or "transfer-encoding" in response.headers:
        return response
    headers = response.headers.having("Content-Length", str(length_of(response)))
    return Response(response.status, headers)


def _is_counted_right(response: Response, request: Request) -> bool:
    """Say whether an answer is as long as it says. After another one nothing on the connection can be understood."""
    stated = response.headers.get("content-length")
    return stated is None or request.method == "HEAD" or int(stated) == length_of(response)


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
    storage_port: int = 0,
    framing: Framing = "length",
    gzip: bool = False,
    control_token: str | None = None,
) -> AsyncGenerator[Address, None]:
    """Serve a simulator on two sockets, on any backend of anyio, until the block ends: Clio, and where files are.

    Port 0 takes a free one. Until the block ends the `origin` of the storage is at `storage_port`. A `control_token`
    opens ``/_simulator/…``, through which another process can change records as another user and read the log.
    """
    before = simulator.storage.origin
    raised: Exception | None = None
    async with (
        await anyio.create_tcp_listener(local_host=host, local_port=port) as listener,
        await anyio.create_tcp_listener(local_host=host, local_port=storage_port) as files,
        anyio.create_task_group() as tasks,
    ):
        storage = Address(host, _port_of(files))
        address = Address(host, _port_of(listener), storage_url=storage.url)
        simulator.storage.origin = storage.url
        tasks.start_soon(listener.serve, _Server(simulator, framing, gzip, control_token, address).connection)
        tasks.start_soon(files.serve, _Server(simulator, "length", False, None, storage, stores=True).connection)
        try:
            yield address
        except Exception as error:  # it is the caller's, and no group of errors
            raised = error
        finally:
            simulator.storage.origin = before
            tasks.cancel_scope.cancel()
    if raised is not None:
        raise raised


def _port_of(listener: Listener[SocketStream]) -> int:
    return listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
