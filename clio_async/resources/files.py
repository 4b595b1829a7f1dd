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

        `resume` is that of an `IncompleteDownload`, or of a `Download` that was left early: what is still missing
        comes, from ``download.first`` on, unless the file has changed. `progress` is called as the bytes
        come. They come from where Clio keeps files, without the token, and no time but silence ends them.

        :raises IncompleteDownload: if fewer or more bytes come than the file has, or it has changed meanwhile.
        :raises StorageRefused: if the place where files are kept refuses.
        """
        from .downloads import download  # for a few calls alone

        return download(self, id, resume=resume, progress=progress)

    async def download_to(
        self, id: int | HasId, path: str | os.PathLike[str], /, *, progress: OnProgress | None = None
    ) -> Path:
        """Receive the file into one of this machine, whole or not at all, and return its path.

        It is written beside the target, readable for this user alone, and takes its place when it is complete. A
        connection that breaks is taken up where it broke. The name is the caller's: `safe_filename` makes one of a
        name that comes from Clio.

        :raises IncompleteDownload: if the file did not come whole. What was at `path` is still there.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises OSError: if it cannot be written.
        """
        from .downloads import download_to  # for a few calls alone

        return await download_to(self, id, path, progress=progress)
