"""Send pieces to the storage, several at a time, and renew the addresses that have become too old."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from math import inf
from typing import TypeAlias

import anyio
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream
from attrs import define, field

from ...errors import StorageRefused, UnexpectedContent
from ...protocol import upload_plan as decide
from ..caller import Caller
from .pieces import Piece
from .versions import Address

__all__ = ["Sender"]

_Event: TypeAlias = tuple[Piece, Exception | None] | None
"""A piece that has ended, with what went wrong, or None: bytes were handed out."""


@define(eq=False)
class Sender:
    """Sends the pieces of one upload. What is said of their progress is said in the task of whoever called `send`."""

    caller: Caller
    parallel: int
    renew: Callable[[list[Piece], Address], Awaitable[Mapping[int, Address]]]
    """Asks for other addresses than one that is of no use any more."""
    arrived: Callable[[Piece], object]
    moved: Callable[[int], object]
    """Called with the bytes that were handed out of pieces that have not arrived yet."""
    _pieces: list[Piece] = field(init=False, factory=list[Piece])
    _addresses: dict[int, Address] = field(init=False, factory=dict[int, Address])
    _renewing: anyio.Lock = field(init=False, factory=anyio.Lock)
    _tell: MemoryObjectSendStream[_Event] | None = field(init=False, default=None)
    _poked: bool = field(init=False, default=False)

    def poke(self) -> None:
        """Note that bytes were handed out."""
        if self._tell is not None and not self._poked:
            self._poked = True
            self._tell.send_nowait(None)

    async def send(self, pieces: list[Piece], addresses: Mapping[int, Address]) -> None:
        """Send pieces. When one of them fails for good no other is begun; those that were are seen to their end.

        :raises StorageRefused: if the storage refuses.
        :raises TransportError: if no answer came.
        """
        self._pieces, self._addresses = [*pieces], {**addresses}
        failure: BaseException | None = None
        try:
            async with anyio.create_task_group() as group:
                try:
                    await self._follow(iter(pieces), group)
                except anyio.get_cancelled_exc_class():
                    raise
                except BaseException as error:  # a group would wrap it
                    failure = error
                    group.cancel_scope.cancel()
            if failure is not None:
                raise failure
        finally:
            del failure  # an error leads to this frame: together they would be a cycle

    async def _follow(self, waiting: Iterator[Piece], group: TaskGroup) -> None:
        """Begin pieces, as many as there may be at a time, and see them end."""
        tell, events = anyio.create_memory_object_stream[_Event](inf)
        running: list[Piece] = []
        failed: Exception | None = None
        with tell, events:
            self._tell = tell
            try:
                while True:
                    while failed is None and len(running) < self.parallel and (piece := next(waiting, None)):
                        running.append(piece)
                        group.start_soon(self._run, piece, tell)
                    if not running:
                        break
                    event = await events.receive()
                    self._poked = False
                    if event is not None:
                        failed = self._ended(event, running) or failed
                    self.moved(sum(one.sent for one in running))
                if failed is not None:
                    raise failed
            finally:
                self._tell = None
                del failed  # an error leads to this frame: together they would be a cycle

    def _ended(self, event: tuple[Piece, Exception | None], running: list[Piece]) -> Exception | None:
        piece, error = event
        running.remove(piece)
        if error is None:
            self._pieces.remove(piece)
            self.arrived(piece)
        return error

    async def _run(self, piece: Piece, tell: MemoryObjectSendStream[_Event]) -> None:
        try:
            await self._deliver(piece)
        except Exception as error:
            _tell(tell, (piece, error))
        else:
            _tell(tell, (piece, None))

    async def _deliver(self, piece: Piece) -> None:
        """Send a piece until the storage has it."""
        storage, times = self.caller.storage(), 0
        address = self._addresses[piece.number]
        while True:
            if decide.is_old(address.asked_at, self.caller.now()):
                address = await self._renewed(piece, address)
            try:
                return await storage.put(address.url, address.fields.pairs, piece)
            except StorageRefused as error:
                times += 1
                remedy = decide.after_refusal(error.status, error.code, times)
                if remedy == "none":
                    raise
                if remedy == "renew":
                    try:
                        address = await self._renewed(piece, address)
                    except UnexpectedContent as other:
                        raise error from other  # there is no better address: it is the refusal that counts

    async def _renewed(self, piece: Piece, useless: Address) -> Address:
        """Return another address. One request asks for those of all pieces that have not arrived."""
        async with self._renewing:
            if self._addresses[piece.number] is useless:
                self._addresses |= await self.renew([*self._pieces], useless)
            return self._addresses[piece.number]


def _tell(tell: MemoryObjectSendStream[_Event], event: _Event) -> None:
    with suppress(anyio.ClosedResourceError):  # whoever would hear it is being cancelled at this moment
        tell.send_nowait(event)
