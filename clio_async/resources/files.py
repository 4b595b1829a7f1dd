"""`download` and `download_to`: the files that records stand for."""

from __future__ import annotations

import os
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from ..transfers import OnProgress
from .base import HasId, ResourceBase

if TYPE_CHECKING:
    from .downloads import Download

__all__ = ["DownloadsFiles"]


class DownloadsFiles(ResourceBase):
    """A resource each of whose records has one file."""

    __slots__ = ()

    def download(
        self, id: int | HasId, /, *, resume: str | None = None, progress: OnProgress | None = None
    ) -> AbstractAsyncContextManager[Download]:
        """Receive the file, as it comes.

            async with clio.reports.download(report) as download:
                async for piece in download:
                    ...

        The size that Clio names is compared, where it names one: an archive and a template have a `size`, and a record
        that has it saves the request for it. Of a report Clio names none, and what the place says where files are kept
        is believed. `resume` is that of an `IncompleteDownload`, or of a `Download` that was left early: what is still
        missing comes, from ``download.first`` on, unless the file has changed. `progress` is called as the bytes come.
        They come from where Clio keeps files, without the token, and no time but silence ends them.

        :raises IncompleteDownload: if fewer or more bytes come than the file has, or it has changed meanwhile.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises UnexpectedContent: if Clio names no place where the file is, or another page of its own.
        """
        from .downloads import download  # for a few calls alone

        return download(self, id, resume=resume, progress=progress)

    async def download_to(
        self,
        id: int | HasId,
        path: str | os.PathLike[str],
        /,
        *,
        overwrite: bool = True,
        progress: OnProgress | None = None,
    ) -> Path:
        """Receive the file into one of this machine, whole or not at all, and return its path.

        It is written beside the target, readable for this user alone, and replaces it when it is complete. A
        connection that breaks is taken up where it broke. The name is the caller's: `safe_filename` makes one of a
        name that comes from Clio. With ``overwrite=False`` nothing is replaced, whenever it came there.

        :raises IncompleteDownload: if the file did not come whole. What was at `path` is still there.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises FileExistsError: if something is there that may not be overwritten.
        :raises OSError: if it cannot be written.
        """
        from .downloads import download_to  # for a few calls alone

        return await download_to(self, id, path, overwrite=overwrite, progress=progress)
