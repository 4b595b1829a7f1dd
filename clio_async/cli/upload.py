"""`clio-async upload`: a file of this machine as a document, or as a new version of one."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import anyio

from ..errors import IncompleteUpload, InvalidArgument
from ..transfers import Progress, UploadHandle
from .authority import ANYBODY, Access, opened
from .bars import Bars, say
from .exits import as_typed, exit_status, printable
from .output import write_out
from .unfinished import Unfinished

__all__ = ["upload"]

_PARENTS: Final = ("Matter", "Contact", "Folder", "Document")


def upload(
    path: Path | None = None,
    /,
    *,
    parent: str | None = None,
    name: str | None = None,
    resume: Path | None = None,
    abandon: Path | None = None,
    access: Access = ANYBODY,
) -> None:
    """Upload a file as a document, or as a new version of one.

    Args:
        path: The file. It has to be given.
        parent: What the document belongs to, such as matter:42, contact:7 or folder:3; document:9 gets a new version.
        name: The name of the document; that of the file unless given.
        resume: The file that an upload has left which ended early. It goes on where that was, if the file is the same.
        abandon: The same, instead of a file to upload: what was begun is taken away, and it is said what became of it:
            deleted, gone, hidden (a version without bytes, which Clio shows to nobody), or finished, and still there.
    """
    with exit_status():
        if abandon is not None:
            if (path, parent, name, resume) != (None, None, None, None):
                raise InvalidArgument("--abandon takes away what was begun: name the file that is left alone.")
            begun: Any = Unfinished.read(abandon).handle
            write_out(f"{anyio.run(_end, access, begun)}\n")
            abandon.unlink(missing_ok=True)
            return
        options = _options(parent, name, resume)
        if path is None or not path.is_file():
            raise InvalidArgument("The file to upload is missing." if path is None else f"{path} is no file.")
        unfinished = Unfinished.new(path) if resume is None else Unfinished.read(resume)
        if resume is not None:
            options["resume"] = unfinished.handle
        with _continued(path, unfinished):
            number = anyio.run(_send, access, path, options, unfinished)
        write_out(f"{number}\n")


def _options(parent: str | None, name: str | None, resume: Path | None) -> dict[str, Any]:
    if resume is not None:
        if parent is not None or name is not None:
            raise InvalidArgument("--resume goes on with what was begun: say no --parent and no --name.")
        return {}
    if parent is None:
        raise InvalidArgument("--parent is missing: say --parent matter:42, or contact:, folder: or document:.")
    return {"parent": _parent(parent), "name": name}


def _parent(text: str) -> dict[str, Any]:
    """Return what ``matter:42`` names."""
    found = re.fullmatch(r"(?P<kind>[a-z]+):(?P<number>[1-9][0-9]{0,17})", text, re.IGNORECASE | re.ASCII)
    kind = found["kind"].capitalize() if found else ""
    if found is None or kind not in _PARENTS:
        raise InvalidArgument("--parent is a kind and an id, such as matter:42; or contact:, folder: or document:.")
    return {"id": int(found["number"]), "type": kind}


async def _send(access: Access, path: Path, options: dict[str, Any], unfinished: Unfinished) -> int:
    """Upload it, and return the id of the document."""
    with Bars() as bars:

        def show(progress: Progress) -> None:
            unfinished.note(progress.handle)
            bars(progress)

        async with opened(access) as clio:
            document = await clio.documents.upload(path, progress=show, fields="id", **options)
    return document.id


async def _end(access: Access, begun: UploadHandle) -> str:
    """Take away what was begun, and say what became of it."""
    async with opened(access) as clio:
        return await clio.documents.abandon(begun)


@contextmanager
def _continued(path: Path, unfinished: Unfinished) -> Generator[None, None, None]:
    """Say how an upload is continued that ends early; forget what would continue one that does not."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, IncompleteUpload) and not _noted(unfinished, error.handle):
            # The least that can be done: whoever reads it can write it elsewhere.
            say(printable(f"{unfinished.path} cannot be written. What has to be in it is:"))
            say(printable(error.handle.to_json()))
        elif unfinished.handle is None:
            unfinished.remove()
            raise
        file = as_typed(unfinished.path)
        say(printable(f"What was begun goes on with:  clio-async upload {as_typed(path)} --resume {file}"))
        say(printable(f"Or is taken away with:  clio-async upload --abandon {file}"))
        raise
    unfinished.remove()


def _noted(unfinished: Unfinished, handle: UploadHandle) -> bool:
    """Keep a handle. Return whether that could be done."""
    try:
        unfinished.note(handle)
    except OSError:
        return False
    return True
