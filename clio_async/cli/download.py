"""`clio-async download`: the file of a document, or of one version of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from .authority import ANYBODY, Access, opened
from .bars import Bars
from .exits import exit_status, printable
from .output import write_out
from .targets import free, named

__all__ = ["download"]

_READ = "id,name,filename,latest_document_version{id,size}"


def download(
    document: Annotated[int, Parameter(name="ID")],
    path: Path | None = None,
    /,
    *,
    version: int | None = None,
    force: Annotated[bool, Parameter(negative="")] = False,
    access: Access = ANYBODY,
) -> None:
    """Download the file of a document.

    Args:
        document: The id of the document.
        path: The file to be written, or a folder. In a folder, this one unless given, it is called as the document is,
            as far as that is a name for a file.
        version: The id of a version of it; the latest one unless given.
        force: Replace the file if there is one.
    """
    with exit_status():
        is_named = path is not None and not path.is_dir()
        if path is not None and is_named:
            free(path, force=force)
        write_out(printable(f"{anyio.run(_receive, access, document, path, is_named, version, force)}\n"))


async def _receive(
    access: Access, document: int, path: Path | None, is_named: bool, version: int | None, force: bool
) -> Path:
    with Bars() as bars:
        async with opened(access) as clio:
            if path is not None and is_named:
                return await clio.documents.download_to(document, path, document_version_id=version, progress=bars)
            found = await clio.documents.get(document, fields=_READ)
            path = named(path, found.filename or found.name, force=force)
            return await clio.documents.download_to(found, path, document_version_id=version, progress=bars)
