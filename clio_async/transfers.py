"""What is said of a transfer while it runs, and what continues one that ended early: `Progress`, `UploadHandle`."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Literal, NoReturn, TypeAlias, cast

from attrs import field, frozen
from msgspec import DecodeError, json

from .errors import InvalidArgument

__all__ = ["OnProgress", "Phase", "Progress", "UploadHandle", "heard"]

Phase: TypeAlias = Literal["waiting", "uploading", "finishing", "downloading", "done"]
"""waiting: for Clio to finish a job. finishing: the bytes are there, and Clio is told so."""

_MARK = "clio_async_upload"
_FORM = 1  # of the text; one that this version of the package cannot read has another number


@frozen
class UploadHandle:
    """An upload that was begun: enough to continue it, in another process too, and no secret.

    Keep its `to_json()`. It names a document and a version of it, how the file is cut into parts, and which parts have
    arrived, by their MD5 digests: so that only the same file continues it.

    `principal` is the fingerprint of the principal that began it. `size` is the file's, in bytes, None while it is not
    known, and `part_size` that of each part but the last, None where the file is sent in one piece. `new` says whether
    the document (`document_id`) is new, or has been given another version (`version_uuid`). `parts` are those that have
    arrived: number, from 1, and MD5 in hex; the one piece of a file that is not cut is number 1.
    """

    principal: str
    """The fingerprint of the principal that began it."""
    document_id: int
    version_uuid: str
    size: int | None
    """Bytes of the file; None while they are not known."""
    part_size: int | None
    """Bytes of each part but the last. None: the file is sent in one piece."""
    new: bool
    """Whether the document is new; else a version was added to one."""
    parts: tuple[tuple[int, str], ...] = ()
    """Those that have arrived: number, from 1, and MD5 in hex."""

    def to_json(self) -> str:
        """Return it as a text."""
        return json.encode({_MARK: _FORM} | {name: getattr(self, name) for name in _NAMES}).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> UploadHandle:
        """Return what `to_json` was made of.

        :raises InvalidArgument: if it was not made by that.
        """
        try:
            found: Any = json.decode(text)
        except (DecodeError, TypeError, ValueError, RecursionError):
            _refuse()
        held = cast("dict[str, Any]", found) if isinstance(found, dict) else dict[str, Any]()
        form = held.pop(_MARK, None)
        if type(form) is int and form > _FORM:
            raise InvalidArgument("The handle was written by a later version of the package: continue it with that.")
        if type(form) is not int or form != _FORM or held.keys() != frozenset(_NAMES) or not _is_sound(**held):
            _refuse()
        held["parts"] = tuple((number, digest) for number, digest in held["parts"])
        return cls(**held)


_NAMES = tuple(UploadHandle.__annotations__)
_MOST = 2**63
_PARTS = 10_000
_DIGEST = re.compile("[0-9a-f]{32}")


def _refuse() -> NoReturn:
    # Without the cause, which may show the text.
    raise InvalidArgument("The handle of an upload is a text that UploadHandle.to_json returned.") from None


def _is_sound(
    principal: Any, document_id: Any, version_uuid: Any, size: Any, part_size: Any, new: Any, parts: Any
) -> bool:
    """Whether values can be those of a handle."""
    named = isinstance(principal, str) and isinstance(version_uuid, str) and isinstance(new, bool)
    counted = _is_number(document_id, 1) and (size is None or _is_number(size, 0))
    cut = part_size is None or _is_number(part_size, 1)
    return named and counted and cut and isinstance(parts, list) and _are_parts(size, part_size, parts)


def _is_number(value: Any, least: int) -> bool:
    return type(value) is int and least <= value < _MOST


def _are_parts(size: int | None, part_size: int | None, parts: Any) -> bool:
    """Whether parts are some of a file that is cut so, each once."""
    most = 1 if part_size is None else _PARTS if size is None else min(_PARTS, -(-size // part_size))
    rows: list[Any] = [part for part in parts if isinstance(part, list)]
    sound = all(len(row) == 2 and _is_number(row[0], 1) and row[0] <= most and _is_digest(row[1]) for row in rows)
    return sound and len(rows) == len(parts) == len({row[0] for row in rows})


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


@frozen
class Progress:
    """How far a transfer or a job is.

    `phase` says what is going on: "waiting" for Clio to finish a job, "uploading", "finishing" (the bytes are there,
    and Clio is told so), "downloading", and "done" at the end. `done` and `total` are bytes, or percent while waiting;
    `total` is what `done` will be in the end, None while that is not known. `handle` continues this upload, should it
    end now; None for everything else, and before anything was begun.
    """

    phase: Phase
    done: int
    """Bytes; percent while waiting for a job."""
    total: int | None
    """What `done` will be in the end. None while it is not known."""
    handle: UploadHandle | None = field(default=None, repr=False)
    """What continues this upload, should it end now."""


OnProgress: TypeAlias = Callable[[Progress], object]
"""Called as a transfer goes on, in the task of whoever asked for it. It must return at once, and is not awaited."""


def heard(progress: OnProgress | None) -> OnProgress | None:
    """Return what is to be told of a transfer, or of a job.

    :raises InvalidArgument: if it would have to be awaited, or cannot be called. Nothing has been sent by then.
    """
    call = getattr(type(progress), "__call__", None)  # noqa: B004 - the function of its class
    if iscoroutinefunction(progress) or iscoroutinefunction(call):
        raise InvalidArgument("progress is called and not awaited: give a plain function, not an async one.")
    if progress is not None and not callable(progress):
        raise InvalidArgument("progress is a function, which is called with each Progress.")
    return progress
