"""The end of an upload: Clio is told that the bytes are there, until it says so itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ...errors import APIError, OutcomeUnknown, UnexpectedContent
from ...protocol import upload_plan as decide
from ..caller import Caller
from .place import Place
from .versions import Version

__all__ = ["finished", "is_done"]


async def finished(place: Place, size: int | None, caller: Caller, resend: Callable[[], Awaitable[bool]]) -> Any:
    """Tell Clio that the bytes are there, until it says so itself. Return the document.

    `resend` sends all of them again, once, should Clio not find them; it returns False if that cannot be done.

    :raises ClioError: if Clio does not say so.
    """
    resent = False
    failure: Exception = UnexpectedContent("Clio does not find the file that the storage has taken.")
    try:
        for times in range(1, decide.MOST_FINISHES + 1):
            step: decide.Finish = "look"
            try:
                version, document = await place.finish()
                if is_done(version, size):
                    return document
            except OutcomeUnknown as error:
                failure, step = error, "again"
            except APIError as error:
                failure, step = error, decide.after_finishing(error.type, error.status)
            if step == "none":
                break
            if step == "look":
                return await _verified(place, size)
            if step == "missing" and times > 1:
                if resent or not await resend():
                    break
                resent = True
            await caller.pause(decide.pause(times))
        raise failure
    finally:
        del failure  # an error leads to this frame: together they would be a cycle


async def _verified(place: Place, size: int | None) -> Any:
    """Read whether it is done, where the answer does not say so.

    :raises UnexpectedContent: if it is not.
    """
    if is_done(await place.look(), size):
        return await place.read()
    raise UnexpectedContent("Clio was told that the file is there, and does not show the version as uploaded.")


def is_done(version: Version, size: int | None) -> bool:
    """Whether Clio says that the bytes of a version are there, all of them as far as their number is known."""
    return version.done is True and (version.size is None or size is None or version.size == size)
