"""The body of an answer on its way through a shell, as far as a fault lets it through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...messages import Response
from .faults import Fault
from .storage import FileResponse

__all__ = ["cut_at", "length_of", "outgoing"]

_PIECE = 64 * 1024


def pieces_of(response: Response) -> Iterable[bytes]:
    """Return the body of an answer in pieces."""
    if isinstance(response, FileResponse):
        return response.pieces()
    body = response.body
    return (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))


def length_of(response: Response) -> int:
    """Return the bytes of the body of an answer."""
    return response.end - response.first if isinstance(response, FileResponse) else len(response.body)


def cut_at(response: Response, fault: Fault | None) -> int | None:
    """Return after how many bytes of the body the connection ends, None if it does not; never after all of them."""
    length = length_of(response)
    if fault is None or fault.drop != "body" or not length:
        return None
    return min(fault.keep, length - 1)


def outgoing(response: Response, fault: Fault | None) -> Iterator[bytes | float]:
    """Yield the body of an answer as far as a fault lets it through, in pieces that are not empty.

    A number is a pause of so many seconds.
    """
    end, stall = cut_at(response, fault), None if fault is None else fault.stall
    sent = 0
    for whole in pieces_of(response):
        piece = whole if end is None else whole[: end - sent]
        steps: list[bytes | float] = [piece]
        if stall is not None and sent <= stall[0] < sent + len(piece):
            steps = [piece[: stall[0] - sent], float(stall[1]), piece[stall[0] - sent :]]
        yield from filter(None, steps)
        sent += len(piece)
        if sent == end:
            return
