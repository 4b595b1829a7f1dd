"""`abandon`: what an upload has begun is taken away, unless it was finished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ...errors import NotFound, PreconditionFailed
from .place import Place
from .whose import own

if TYPE_CHECKING:
    from ...transfers import UploadHandle
    from ..base import ResourceBase

__all__ = ["Abandoned", "abandon"]

Abandoned: TypeAlias = Literal["deleted", "gone", "hidden", "finished"]
_TRIES: Final = 5


async def abandon(documents: ResourceBase, handle: UploadHandle | str) -> Abandoned:
    """Take away what an upload has begun, and say what became of it. See `Documents.abandon`.

    :raises InvalidArgument: if it is the handle of another principal.
    :raises PreconditionFailed: if others change the document all the time. It is still there.
    :raises ClioError: if Clio does not say what is there. It is still there.
    """
    caller = documents._caller  # noqa: SLF001 - of the resource whose verb this is
    found = own(handle, caller)
    place = Place(caller, None)
    place.document_id, place.uuid = found.document_id, found.version_uuid
    return await _taken_away(place) if found.new else await _left(place)


async def _left(place: Place) -> Abandoned:
    """Say what is there of a version, whose document stays."""
    record = await place.there()
    if record is None:
        return "gone"
    return "finished" if await place.is_finished(record) else "hidden"


async def _taken_away(place: Place) -> Abandoned:
    """Delete a document that has no bytes, if nobody has changed it since that was seen."""
    refused: str | None = None
    times = 0
    while (record := await place.there()) is not None:
        if await place.holds_bytes(record):
            return "finished"
        tag = record.etag if isinstance(getattr(record, "etag", None), str) else None
        try:
            await place.delete(None if tag == refused else tag)  # a tag that is refused and still there guards nothing
        except PreconditionFailed:
            times += 1
            if times == _TRIES:
                raise
            refused = tag
        except NotFound:
            break
        else:
            return "deleted"
    return "gone"
