"""The run of an upload: a place is made at Clio, the bytes go to the storage, and Clio is told that they are there."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

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
from ...protocol.upload_plan import PART_SIZE, Plan
from ...transfers import Phase, Progress, UploadHandle
from .feed import Feed, feed_of
from .pieces import Piece
from .place import Address, Place, Version, rows_of
from .sending import Sender
from .source import opened

if TYPE_CHECKING:
    from ...models.selection import Fields
    from ...transfers import OnProgress
    from ..base import ResourceBase
    from ..caller import Caller, ExtraJson
    from .source import Opened, Source

__all__ = ["abandon", "upload"]


async def upload(
    documents: ResourceBase,
    source: Source,
    *,
    parent: Any = None,
    name: str | None = None,
    size: int | None = None,
    part_size: int = PART_SIZE,
    parallel: int = 4,
    resume: UploadHandle | str | None = None,
    progress: OnProgress | None = None,
    fields: Fields = None,
    extra_json: ExtraJson | None = None,
    **values: Any,
) -> Any:
    """Upload a file and return its document. `values` are further ones of ``documents.create``.

    With `resume` the document is there already, and what else would be said of it is not used. One that ends by a
    cancellation leaves what `progress` was told last; before it was told anything, ``documents.list`` shows what may
    be there, with ``show_uncompleted=True``.

    :raises InvalidArgument: if it cannot be uploaded as it is asked for. Nothing was begun, or continued.
    :raises IncompleteUpload: if it was begun and not finished.
    :raises SourceChanged: if the file changed while it was read, or is not the one that the upload had begun with.
    :raises OutcomeUnknown: if it is not known whether it was begun.
    """
    caller = documents._caller  # noqa: SLF001 - of the resource whose verb this is
    if type(parallel) is not int or not 1 <= parallel <= 100:
        raise InvalidArgument("parallel is how many parts are sent at a time: from 1 to 100.")
    handle = None if resume is None else _own(resume, caller)
    run = _Upload(caller, Place(caller, fields), parallel, progress)
    del progress
    async with opened(source, size) as file:
        if handle is not None:
            return await run.again(file, handle, part_size)
        given = {"parent": parent, "name": file.name if name is None else name, **values}
        given = {key: value for key, value in given.items() if value is not None or key in values}
        return await run.anew(file, part_size, given, extra_json)


async def abandon(documents: ResourceBase, handle: UploadHandle | str) -> Literal["deleted", "gone", "hidden"]:
    """Take away what an upload has begun, and say what became of it. See `Documents.abandon`.

    :raises InvalidArgument: if it is the handle of another principal.
    """
    caller = documents._caller  # noqa: SLF001 - of the resource whose verb this is
    found = _own(handle, caller)
    if not found.new:
        return "hidden"
    place = Place(caller, None)
    place.document_id = found.document_id
    try:
        await place.delete()
    except NotFound:
        return "gone"
    return "deleted"


def _own(given: UploadHandle | str, caller: Caller) -> UploadHandle:
    handle = UploadHandle.from_json(given.to_json() if isinstance(given, UploadHandle) else given)
    if handle.principal != _whose(caller):
        raise InvalidArgument("The handle is of an upload that another principal began: continue it with that client.")
    return handle


def _whose(caller: Caller) -> str:
    return caller.scope.partition(" ")[0]  # without the version


_FIND = "documents.list(show_uncompleted=True) shows documents without their bytes, too."
_STEP = 1024 * 1024  # bytes, at least, between two words about the progress of a piece


class _Upload:
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
        whose, place = _whose(self._caller), self._place
        self.handle = UploadHandle(whose, place.document_id, place.uuid, plan.size, plan.part_size, place.new)
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
            if self._is_done(version):
                document = await self._place.read()
            else:
                pieces = await self.feed.batch()
                self._arrived = sum(self.feed.plan.extent(number)[1] for number in self._digests)
                document = await self._sent(pieces, evolve(version, parts={}))
        return self._done(document)

    async def _first(self, file: Opened, part_size: int) -> list[Piece]:
        """Return the first pieces of a file of which Clio knows nothing yet.

        :raises InvalidArgument: if it cannot be read, or is not of the size that was named.
        """
        try:
            self.feed = feed_of(file, part_size, self._parallel, self._sender.poke, None)
            return await self.feed.batch()
        except SourceChanged as error:
            raise InvalidArgument(str(error)) from error
        except OSError as error:
            raise InvalidArgument(f"The file cannot be read: {type(error).__name__}.") from error

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
        except IncompleteUpload as error:
            error.handle = self.handle
            raise
        except Exception as error:
            text = (
                f"The upload of document {self.handle.document_id} was begun and not finished "
                f"({type(error).__name__}). resume= with the handle of this error continues it, abandon() ends it."
            )
            raise IncompleteUpload(text, handle=self.handle) from error

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
        return await self._finished()

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
        if piece.digest is not None and self.handle.part_size is not None:
            self._digests[piece.number] = piece.digest.hex()
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
        self._say("done")
        return document

    # -- finishing ----------------------------------------------------------------------------------------------------

    async def _finished(self) -> Any:
        """Tell Clio that the bytes are there, until it says so itself. Return the document."""
        resent = False
        failure: Exception = UnexpectedContent("Clio does not find the file that the storage has taken.")
        try:
            for times in range(1, decide.MOST_FINISHES + 1):
                step: decide.Finish = "look"
                try:
                    version, document = await self._place.finish()
                    if self._is_done(version):
                        return document
                except OutcomeUnknown as error:
                    failure, step = error, "again"
                except APIError as error:
                    failure, step = error, decide.after_finishing(error.type, error.status)
                if step == "none":
                    break
                if step == "look":
                    return await self._verified()
                if step == "missing" and times > 1:
                    if resent or not await self._resent():
                        break
                    resent = True
                await self._caller.pause(decide.pause(times))
            raise failure
        finally:
            del failure  # an error leads to this frame: together they would be a cycle

    async def _verified(self) -> Any:
        """Read whether it is done, where the answer does not say so.

        :raises UnexpectedContent: if it is not.
        """
        if self._is_done(await self._place.look()):
            return await self._place.read()
        raise UnexpectedContent("Clio was told that the file is there, and does not show the version as uploaded.")

    def _is_done(self, version: Version) -> bool:
        size = self.handle.size
        return version.done is True and (version.size is None or size is None or version.size == size)

    async def _resent(self) -> bool:
        """Send everything again: Clio does not find what the storage has taken. False: that cannot be done."""
        if not self.feed.from_the_start(self.feed.plan):
            return False
        self._digests.clear()
        self._arrived = 0
        self.handle = evolve(self.handle, parts=())
        while pieces := await self.feed.batch():
            await self._sender.send(pieces, await self._asked(pieces))
        return True
