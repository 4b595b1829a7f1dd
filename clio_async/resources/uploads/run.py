"""The run of an upload: a place is made at Clio, the bytes go to the storage, and Clio is told that they are there."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ...errors import (
    APIError,
    IncompleteUpload,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    SourceChanged,
    UnexpectedContent,
)
from ...protocol import upload_plan as decide
from ...protocol.upload_plan import Plan
from ...transfers import Phase, Progress, UploadHandle
from .changed import Changed, Ended
from .feed import Feed, feed_of
from .finishing import finished, is_done
from .pieces import Piece
from .place import Place, rows_of
from .sending import Sender
from .versions import Address, Version
from .whose import whose

if TYPE_CHECKING:
    from ...transfers import OnProgress
    from ..caller import Caller, ExtraJson
    from .source import Opened

__all__ = ["Upload"]

_FIND = "documents.list(show_uncompleted=True) shows documents without their bytes, too."
_STEP = 1024 * 1024  # bytes, at least, between two words about the progress of a piece


class Upload:
    """One upload. Once there is a `handle`, whatever goes wrong leaves something behind that it leads to."""

    handle: UploadHandle
    feed: Feed

    def __init__(self, caller: Caller, place: Place, parallel: int, progress: OnProgress | None) -> None:
        self._caller = caller
        self._place = place
        self._parallel = parallel
        self._progress = progress
        self._digests: dict[int, str] = {}
        self._arrived = 0  # bytes
        self._said = 0
        self._sender = Sender(caller, parallel, self._renewed, self._note, self._moved)

    async def anew(self, file: Opened, part_size: int, values: Mapping[str, Any], extra: ExtraJson | None) -> Any:
        """Make a place for a file, and send it there."""
        pieces = await self._first(file, part_size)
        plan = self.feed.plan
        try:
            made = await self._place.create(values, extra, None if plan.part_size is None else rows_of(pieces))
        except OutcomeUnknown as error:
            error.args = (f"{error} {_FIND}", *error.args[1:])
            raise
        place = self._place
        self.handle = UploadHandle(
            whose(self._caller), place.document_id, place.uuid, plan.size, plan.part_size, place.new
        )
        with self._told():
            version = made()
            if version.uuid is None:
                raise UnexpectedContent("Clio did not say which version the bytes are for.")
            if plan.part_size is not None and not version.parts and version.whole is not None:
                pieces = await self._in_one(plan)
            document = await self._sent(pieces, version)
        return self._done(document)

    async def again(self, file: Opened, handle: UploadHandle, part_size: int) -> Any:
        """Go on with an upload that was begun."""
        self.handle = handle
        self._place.document_id, self._place.uuid = handle.document_id, handle.version_uuid
        self._digests = dict(handle.parts)
        with self._told():
            self.feed = feed_of(file, part_size, self._parallel, self._sender.poke, handle)
            version = await self._place.look()
            if version.uuid is None:
                raise UnexpectedContent("Clio does not show the version any more that the bytes were for.")
            if is_done(version, self.handle.size):
                await self.feed.compare()
                if not is_done(version, self.feed.plan.size):
                    raise Changed("It is not of the size of the file that was uploaded.")
                document = await self._place.read()
            else:
                pieces = await self.feed.batch()
                self._arrived = sum(self.feed.plan.extent(number)[1] for number in self._digests)
                document = await self._sent(pieces, evolve(version, parts={}))
        return self._done(document)

    async def _first(self, file: Opened, part_size: int) -> list[Piece]:
        """Return the first pieces of a file of which Clio knows nothing yet.

        :raises InvalidArgument: if it is not of the size that was named.
        :raises OSError: if it cannot be read.
        """
        try:
            self.feed = feed_of(file, part_size, self._parallel, self._sender.poke, None)
            return await self.feed.batch()
        except Changed as error:
            raise InvalidArgument(str(error)) from error

    async def _in_one(self, plan: Plan) -> list[Piece]:
        """Return all as one piece: the server knows no parts."""
        if not self.feed.from_the_start(Plan(plan.size, None)):
            raise UnexpectedContent("Clio gave no addresses for parts, and a stream cannot be sent in one piece.")
        self.handle = evolve(self.handle, part_size=None)
        return await self.feed.batch()

    @contextmanager
    def _told(self) -> Generator[None]:
        """Make of whatever goes wrong an error that leads to what was begun."""
        try:
            yield
        except Changed as error:
            raise SourceChanged(str(error), handle=self.handle) from error.__cause__
        except Ended as error:
            raise IncompleteUpload(str(error), handle=self.handle) from error.__cause__
        except Exception as error:
            raise IncompleteUpload(self._why(error), handle=self.handle) from error

    def _why(self, error: Exception) -> str:
        number = self.handle.document_id
        if isinstance(error, NotFound) and decide.after_finishing(error.type, error.status) == "none":
            return f"Clio does not show document {number} any more, which the upload was for: upload the file anew."
        return (
            f"The upload of document {number} was begun and not finished ({type(error).__name__}). resume= with the "
            "handle of this error continues it, abandon() ends it."
        )

    # -- sending ------------------------------------------------------------------------------------------------------

    async def _sent(self, pieces: list[Piece], version: Version) -> Any:
        """Send all pieces, the first of them to where a version says. Return the document when Clio has them."""
        self._say("uploading")
        while pieces:
            await self._sender.send(pieces, self._addresses(version, pieces) or await self._asked(pieces))
            pieces = await self.feed.batch()
            version = Version(None)
        self.handle = evolve(self.handle, size=self.feed.plan.size)
        self._say("finishing")
        return await finished(self._place, self.handle.size, self._caller, self._resent)

    async def _asked(self, pieces: list[Piece]) -> Mapping[int, Address]:
        """Ask where pieces are to be sent.

        :raises UnexpectedContent: if that is not said of all of them.
        """
        version = await self._place.ask(None if self.handle.part_size is None else rows_of(pieces))
        found = self._addresses(version, pieces)
        if found is None:
            raise UnexpectedContent("Clio gave no addresses for parts of the file that were asked for.")
        return found

    def _addresses(self, version: Version, pieces: list[Piece]) -> Mapping[int, Address] | None:
        """Return where pieces are to be sent; None if that is not said of all of them."""
        if self.handle.part_size is not None:
            return version.parts if all(piece.number in version.parts for piece in pieces) else None
        return None if version.whole is None else {1: version.whole}

    async def _renewed(self, pieces: list[Piece], useless: Address) -> Mapping[int, Address]:
        """Ask for other addresses than one that has become too old, or was refused."""
        if self.handle.part_size is not None:
            return await self._asked(pieces)
        try:
            found = (await self._place.ask(None)).whole
        except APIError as error:
            if error.status >= 500 or decide.after_finishing(error.type, error.status) == "none":
                raise
            found = None  # an update that names no parts may be none that Clio takes
        if found is None or found.url == useless.url:
            found = (await self._place.look()).whole
        if found is None or found.url == useless.url:
            raise UnexpectedContent(
                "The address for the file works no longer, and Clio gave no other for this version."
            )
        return {1: found}

    def _note(self, piece: Piece) -> None:
        """Note that a piece has arrived."""
        self._arrived += piece.length
        self._digests |= {} if piece.digest is None else {piece.number: piece.digest.hex()}
        self.handle = evolve(self.handle, parts=tuple(sorted(self._digests.items())))
        self._say("uploading")

    def _moved(self, under_way: int) -> None:
        if self._arrived + under_way >= self._said + _STEP:
            self._say("uploading", self._arrived + under_way)

    def _say(self, phase: Phase, done: int = 0) -> None:
        self._said = max(self._said, done, self._arrived)
        if self._progress is not None:
            self._progress(Progress(phase, self._said, self.handle.size, self.handle))

    def _done(self, document: Any) -> Any:
        """Say that all is done. What goes wrong with that does not make it undone."""
        self._arrived = self.handle.size or self._arrived
        try:
            self._say("done")
        except Exception as error:
            error.add_note(f"This was raised by progress= at the end. Document {self.handle.document_id} is uploaded.")
            raise
        return document

    async def _resent(self) -> bool:
        """Send everything again: Clio does not find what the storage has taken. False: that cannot be done."""
        self._digests.clear()
        self._arrived = 0
        self.handle = evolve(self.handle, parts=())
        if not self.feed.from_the_start(self.feed.plan):
            return False
        while pieces := await self.feed.batch():
            await self._sender.send(pieces, await self._asked(pieces))
        return True
