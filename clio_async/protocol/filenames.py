"""Names for files of this machine, made of names that others have chosen."""

from __future__ import annotations

import re
from unicodedata import category, normalize

from ..errors import InvalidArgument

__all__ = ["LONGEST_NAME", "safe_filename"]

LONGEST_NAME = 255
"""Bytes that a name may have, in UTF-8: what most file systems allow."""

_LONGEST_SUFFIX = 32
_EMPTY = "file"
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_MARGIN = re.compile(r"^[\s.]+|[\s.]+$")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any suffix, and spaces before it, too.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)


def safe_filename(name: str | None) -> str:
    """Return a name like this one for a file in a folder of yours, whatever the name is.

        await clio.documents.download_to(document, folder / safe_filename(document.name))

    It is never empty and has 255 bytes of UTF-8 at most (its suffix is kept). It holds no separator, drive, stream,
    control, invisible or direction-changing character, does not begin with a dot, a dash or a tilde, does not end with
    a dot or a space, and is no name of a device. What may not stand becomes an underscore, or is left out. A safe name
    stays as it is. Two names may become the same one: that a file is there already is for the caller to see.

    :raises InvalidArgument: if it is no text. None stands for a name that Clio does not have.
    """
    if name is None:
        return _EMPTY
    if not isinstance(name, str):
        raise InvalidArgument(f"The name of a file is a text, not {type(name).__name__}.")
    visible = "".join([_shown(character) for character in normalize("NFC", name)])
    found = _MARGIN.sub("", normalize("NFC", _UNFIT.sub("_", visible)))
    if found.startswith(("-", "~")):
        found = f"_{found[1:]}"
    if _DEVICE.match(found):
        found = f"_{found}"
    return _shortened(found) or _EMPTY


def _shown(character: str) -> str:
    """Return a character if it can be seen: nothing for one that hides, or says in what direction others run."""
    kind = category(character)
    if kind == "Cf":
        return ""
    return "_" if kind in {"Cc", "Cs", "Zl", "Zp"} else character


def _shortened(name: str) -> str:
    """Return a name of at most `LONGEST_NAME` bytes, with the same suffix unless that is long itself."""
    encoded = name.encode()
    if len(encoded) <= LONGEST_NAME:
        return name
    stem, dot, suffix = encoded.rpartition(b".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        return _MARGIN.sub("", encoded[:LONGEST_NAME].decode(errors="ignore"))
    kept = LONGEST_NAME - len(suffix) - 1
    return (stem[:kept].decode(errors="ignore").encode() + dot + suffix).decode()
