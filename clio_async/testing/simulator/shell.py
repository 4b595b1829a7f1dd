"""The shell in memory: an exchange as a transport would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from anyio.lowlevel import checkpoint

from ...errors import MaybeSent, NotSent, ResponseBroken
from ...messages import Request, Response
from ...transport.memory import PiecewiseResponse
from .faults import Fault
from .flow import cut_at, length_of, outgoing
from .sending import greet
from .storage import SIGNED, FileResponse

if TYPE_CHECKING:
    from .core import Simulator

__all__ = ["deliver"]


async def deliver(simulator: Simulator, request: Request) -> Response:
    """Answer a request; obey the fault that is planned for it.

    It is under way for a moment, as on a network, so that others can ask meanwhile. Who is cancelled then has asked for
    nothing: the firm is as it was. What was carried out is always answered, unless the fault says otherwise.

    :raises NotSent: if the fault is a refused connection.
    :raises MaybeSent: if the connection ends before a status is readable.
    :raises ResponseBroken: if it ends later.
    """
    fault = simulator.next_fault(request)
    await checkpoint()
    if fault is None:
        response = simulator.exchange(request).response
        if simulator.deliveries.greetings:
            await greet(simulator.deliveries)
        return _piecewise(response, None) if isinstance(response, FileResponse) else response
    if fault.wait_before:
        await anyio.sleep(fault.wait_before)
    response = simulator.exchange(request, fault).response
    if simulator.deliveries.greetings:
        await greet(simulator.deliveries)
    if fault.wait_after:
        await anyio.sleep(fault.wait_after)
    if SIGNED in request.url and request.method == "GET" and fault.drop in (None, "body"):
        return _piecewise(response, fault)
    return _received(response, fault)


def _piecewise(response: Response, fault: Fault | None) -> Response:
    """Return an answer of the storage whose body comes as a network brings it: it may be cut, or pause."""
    return PiecewiseResponse(response.status, response.headers, pieces=lambda: _Pieces(response, fault))


class _Pieces:
    """The body of an answer. It is no generator, so that a loop over it can be left at any time."""

    def __init__(self, response: Response, fault: Fault | None) -> None:
        self._status = response.status
        self._is_cut = cut_at(response, fault) is not None
        self._left = int(response.headers.get("content-length", length_of(response)))
        self._steps = outgoing(response, fault)

    def __aiter__(self) -> _Pieces:
        return self

    async def __anext__(self) -> bytes:
        for step in self._steps:
            if not isinstance(step, bytes):
                await anyio.sleep(step)
            elif self._left:  # what is beyond the stated length is not of this answer
                piece = step[: self._left]
                self._left -= len(piece)
                return piece
        if self._is_cut or self._left:
            raise ResponseBroken("The simulator dropped the connection while it answered.", status=self._status)
        raise StopAsyncIteration


STATUS_LINE = len(b"HTTP/1.1 200")
"""How much of a response must arrive for its status to be readable."""


def _received(response: Response, fault: Fault) -> Response:
    if fault.drop is None or (fault.drop == "body" and not response.body):
        return response
    if fault.drop == "unsent":
        raise NotSent("The simulator refused the connection.")
    if fault.drop == "response" and fault.keep < STATUS_LINE:
        raise MaybeSent("The simulator dropped the connection before it answered.")
    raise ResponseBroken("The simulator dropped the connection while it answered.", status=response.status)
