"""The file beside an upload that continues it, should it end early. It holds no secret."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from attrs import define

from ..errors import InvalidArgument
from ..transfers import UploadHandle
from .exits import as_typed

__all__ = ["SUFFIX", "Unfinished"]

SUFFIX = ".clio-upload"


@define
class Unfinished:
    """A file with the handle of an upload: kept up to date while the upload runs, so that no end of this process loses
    it.
    """

    path: Path
    handle: UploadHandle | None = None

    @classmethod
    def new(cls, source: Path) -> Unfinished:
        """Make an empty one in this directory, which is named after what is uploaded.

        :raises InvalidArgument: if there is one already, or none can be made.
        """
        path = Path(f"{source.name}{SUFFIX}")
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise InvalidArgument(
                f"{path} is of an upload that was not finished. Continue that with --resume {as_typed(path)}, or "
                "remove it."
            ) from None
        except OSError as error:
            raise InvalidArgument(
                f"{path} cannot be written ({error.strerror}): it would continue the upload. Go to another directory."
            ) from None
        return cls(path)

    @classmethod
    def read(cls, path: Path) -> Unfinished:
        """Return one that an upload has left.

        :raises InvalidArgument: if it is none.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            raise InvalidArgument(f"{path} cannot be read ({error.strerror}).") from None
        return cls(path, UploadHandle.from_json(text))

    def note(self, handle: UploadHandle | None) -> None:
        """Keep the latest handle, in the place of the one before: on the disk, when this returns.

        :raises OSError: if it cannot be written. The one before is still there.
        """
        if handle is None or handle == self.handle:
            return
        # A name of its own, which nobody can have put a link at.
        number, name = tempfile.mkstemp(".new", f"{self.path.name}.", self.path.parent)
        draft = Path(name)
        try:
            with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123 - of a descriptor
                file.write(handle.to_json())
                file.flush()
                os.fsync(number)
            draft.replace(self.path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self.handle = handle

    def remove(self) -> None:
        """Forget it: there is nothing to continue."""
        self.path.unlink(missing_ok=True)
