"""`download_to`: a file of this machine, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import anyio
from anyio import to_thread

from ...errors import IncompleteDownload, ResponseBroken
from ...transfers import OnProgress
from ..base import ResourceBase
from .download import download
from .draft import Draft, target_of

__all__ = ["download_to"]

_PIECE = 512 * 1024
"""Bytes that are written at once, at least: fewer would not be worth the way to another thread."""


async def download_to(
    resource: ResourceBase,
    target: object,
    path: str | os.PathLike[str],
    /,
    *,
    document_version_id: object = None,
    overwrite: bool = True,
    progress: OnProgress | None = None,
) -> Path:
    """Receive a file into one of this machine, whole or not at all. Where it cannot be taken up it begins anew.

    :raises InvalidArgument: if no file can be at `path`. Nothing was sent.
    :raises IncompleteDownload: if the file did not come whole. What was at `path` is still there.
    :raises FileExistsError: unless it may `overwrite` what is at `path`, or comes there meanwhile.
    :raises OSError: if it cannot be written.
    """
    place = await to_thread.run_sync(target_of, path, overwrite)
    draft = Draft(place, overwrite)
    try:
        await to_thread.run_sync(draft.open)
        await _receive(resource, target, document_version_id, draft, progress)
        await to_thread.run_sync(draft.finish)
    except (Exception, anyio.get_cancelled_exc_class()):
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(draft.discard)
        raise
    except BaseException:  # an interrupt: nothing may be waited for any more
        draft.discard()
        raise
    return Path(path)


async def _receive(
    resource: ResourceBase, target: object, version: object, draft: Draft, progress: OnProgress | None
) -> None:
    """Receive the file, from its beginning once more if that is the only way."""
    storage = resource._caller.storage()  # noqa: SLF001 - it is one of us
    times = 0
    while True:
        times += 1
        try:
            await _receive_once(resource, target, version, draft, progress)
        except IncompleteDownload as error:
            begins_anew, error.resume = error.resume is None, None  # the bytes go with the draft
            if not begins_anew or not await storage.again(times, ResponseBroken("")):
                raise
            await to_thread.run_sync(draft.empty)
        else:
            return


async def _receive_once(
    resource: ResourceBase, target: object, version: object, draft: Draft, progress: OnProgress | None
) -> None:
    held: list[bytes] = []
    size = 0
    async with download(resource, target, document_version_id=version, progress=progress) as found:
        async for piece in found:
            held.append(piece)
            size += len(piece)
            if size >= _PIECE:
                await to_thread.run_sync(draft.write, held)
                held, size = [], 0
    await to_thread.run_sync(draft.write, held)
