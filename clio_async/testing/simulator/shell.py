"""The shell in memory: an exchange as a transport would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from anyio.lowlevel import checkpoint

from ...errors import MaybeSent, NotSent, ResponseBroken
from ...messages import Request, Response
from .faults import Fault

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
        return simulator.exchange(request).response
    if fault.wait_before:
        await anyio.sleep(fault.wait_before)
    response = simulator.exchange(request, fault).response
    if fault.wait_after:
        await anyio.sleep(fault.wait_after)
    return _received(response, fault)


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
