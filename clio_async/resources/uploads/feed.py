"""From a source to the pieces that are sent, in batches: those for which addresses are asked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from ...protocol import upload_plan as decide
from ...protocol.upload_plan import Plan
from ...transfers import UploadHandle
from .changed import Changed, Ended
from .pieces import Piece
from .seekable import Blocks, Seekable
from .source import Opened
from .streams import Stream

__all__ = ["Feed", "feed_of"]


class Feed(Protocol):
    """The pieces of a source, in order. One batch has been sent when the next one is asked for."""

    plan: Plan

    async def batch(self) -> list[Piece]:
        """Return further pieces, none of which has arrived. Empty: there are no more.

        :raises Changed: if the source is not the one that the upload had begun with.
        """
        ...

    async def compare(self) -> None:
        """Compare the source with what has arrived. Nothing can be sent after that.

        :raises Changed: if it is not the one that the upload had begun with.
        """
        ...

    def from_the_start(self, plan: Plan) -> bool:
        """Go back to the first piece, and cut the source so. Return whether that can be done."""
        ...


def feed_of(
    file: Opened, part_size: int, parallel: int, moved: Callable[[], object], handle: UploadHandle | None
) -> Feed:
    """Return what feeds an upload, or the rest of the one that a handle is of.

    :raises InvalidArgument: if the source cannot be cut so.
    :raises Changed: if it is of another size than it was.
    """
    plan = decide.plan(file.size, part_size) if handle is None else _continued(file, handle)
    arrived = {} if handle is None else {number: bytes.fromhex(digest) for number, digest in handle.parts}
    if isinstance(file, Stream):
        return _Streamed(file, plan, arrived, part_size, parallel, moved, cut=handle is not None)
    return _Whole(file, plan, arrived, moved)


def _continued(file: Opened, handle: UploadHandle) -> Plan:
    if handle.size is not None and file.size is not None and handle.size != file.size:
        raise Changed(f"The upload was begun with {handle.size} bytes, and now there are {file.size}.")
    if isinstance(file, Stream) and file.size is None:
        file.size = handle.size
    return Plan(file.size, handle.part_size)


class _Whole:
    """What can be read anywhere is sent from where it is."""

    def __init__(self, file: Seekable, plan: Plan, arrived: Mapping[int, bytes], moved: Callable[[], object]) -> None:
        self.plan = plan
        self._file = file
        self._moved = moved
        self._before = dict(arrived)
        self._batches = decide.batches(plan.missing(arrived))

    async def compare(self) -> None:
        while self._before:
            number, digest = self._before.popitem()
            if await self._file.digest(*self.plan.extent(number)) != digest:
                raise Changed("It is not the file that the upload was begun with: a part that arrived differs.")

    async def batch(self) -> list[Piece]:
        await self.compare()
        numbers = next(self._batches, None)
        return [] if numbers is None else [await self._piece(number) for number in numbers]

    def from_the_start(self, plan: Plan) -> bool:
        self.plan = plan
        self._batches = decide.batches(plan.missing(()))
        return True

    async def _piece(self, number: int) -> Piece:
        first, length = self.plan.extent(number)
        digest = None if self.plan.part_size is None else await self._file.digest(first, length)
        return Piece(self._file, number, first, length, digest, self._moved)


class _Streamed:
    """What comes once is sent from memory: no more of it at a time than is sent at a time."""

    def __init__(
        self,
        stream: Stream,
        plan: Plan,
        arrived: Mapping[int, bytes],
        part_size: int,
        parallel: int,
        moved: Callable[[], object],
        *,
        cut: bool,
    ) -> None:
        self.plan = plan
        self._stream = stream
        self._arrived = arrived
        self._most = plan.part_size or plan.size or part_size
        self._parallel = parallel
        self._moved = moved
        self._cut = cut  # whether it is settled in how many pieces it is sent
        self._number = 0
        self._memory: list[Blocks] = []  # what was sent is written over by what is sent next

    async def batch(self) -> list[Piece]:
        pieces: list[Piece] = []
        while len(pieces) < self._parallel and not (self._number and await self._stream.ended()):
            if len(self._memory) == len(pieces):
                self._memory.append(Blocks())
            piece = await self._next(self._memory[len(pieces)])
            if piece is not None:
                pieces.append(piece)
        ended = await self._stream.ended()
        if not self._cut and ended and self._number == 1:
            self.plan = Plan(self._stream.taken, None)
        elif ended:
            self.plan = Plan(self._stream.taken, self.plan.part_size)
        self._cut = True
        if ended and any(number > self._number for number in self._arrived):
            raise Changed("It is shorter than what the upload was begun with.")
        return pieces

    async def compare(self) -> None:
        while await self.batch():
            pass

    def from_the_start(self, plan: Plan) -> bool:
        return False

    async def _next(self, data: Blocks) -> Piece | None:
        """Return the next piece; None if it has arrived before."""
        self._number += 1
        if self._number > decide.MOST_PARTS:
            raise Ended(
                f"There is more in the stream than {decide.MOST_PARTS} parts of {self._most} bytes, and a file cannot "
                "have more parts: abandon() takes away what was begun. Upload it with its size=, or with a larger "
                "part_size=."
            )
        if self.plan.part_size is None and self._number > 1:
            raise Changed("There is more than the upload was begun with.")
        await self._stream.take(data, self._most)
        digest = await data.digest(0, data.size)
        arrived = self._arrived.get(self._number)
        if arrived is None:
            return Piece(data, self._number, 0, data.size, digest, self._moved)
        if arrived != digest:
            raise Changed("It is not what the upload was begun with: a part that arrived differs.")
        return None
