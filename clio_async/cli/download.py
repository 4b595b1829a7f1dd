"""`clio-async download`: the file of a document, or of one version of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import anyio
from cyclopts import Parameter, Token

from .authority import ANYBODY, Access, opened
from .bars import Bars
from .exits import exit_status, printable
from .output import write_bytes, write_out
from .targets import free, named, unreplaced

if TYPE_CHECKING:
    from ..models._generated.documents import Document

__all__ = ["download"]

_OUT: Final = Path("-")
"""Stands for standard output."""
_READ = "id,name,filename,latest_document_version{id,size}"


def _target(_: type, tokens: Sequence[Token]) -> Path:
    """Read a path that may be a dash, and is no option otherwise, as cyclopts wants it."""
    text = tokens[0].value
    if text.startswith("-") and text != str(_OUT):
        raise ValueError(f"Unknown option: {text}. A file of that name is ./{text}.")
    return Path(text)


def download(
    document: Annotated[int, Parameter(name="ID")],
    path: Annotated[Path | None, Parameter(allow_leading_hyphen=True, converter=_target)] = None,
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
            as far as that is a name for a file. A dash writes the file to standard output.
        version: The id of a version of it; the latest one unless given.
        force: Replace the file if there is one.
    """
    with exit_status():
        if path == _OUT:
            anyio.run(_print, access, document, version)
            return
        is_named = path is not None and not path.is_dir()
        if path is not None and is_named:
            free(path, force=force)
        write_out(printable(f"{anyio.run(_receive, access, document, path, is_named, version, force)}\n"))


async def _receive(
    access: Access, document: int, path: Path | None, is_named: bool, version: int | None, force: bool
) -> Path:
    with Bars() as bars:
        async with opened(access) as clio:
            found: int | Document = document
            if path is None or not is_named:
                found = await clio.documents.get(document, fields=_READ)
                path = named(path, found.filename or found.name, force=force)
            with unreplaced(path):
                return await clio.documents.download_to(
                    found, path, document_version_id=version, overwrite=force, progress=bars
                )


async def _print(access: Access, document: int, version: int | None) -> None:
    """Write the file to standard output as it comes. What is there is not all of it unless the status is 0."""
    with Bars() as bars:
        async with (
            opened(access) as clio,
            clio.documents.download(document, document_version_id=version, progress=bars) as download,
        ):
            async for piece in download:
                write_bytes(piece)
