"""Where the commands keep tokens: `login` fills a directory that the others read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeAlias

from ..errors import InvalidArgument

__all__ = ["Region", "token_directory"]

Region: TypeAlias = Literal["us", "eu", "ca", "au"]


def token_directory(given: Path | None) -> Path:
    """Return the directory of tokens; what is above the default one is made (XDG Base Directory Specification).

    :raises InvalidArgument: if it cannot be made.
    """
    if given is not None:
        return given
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    above = (state if state.is_absolute() else Path.home() / ".local/state") / "clio-async"
    try:
        above.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument(f"{above} cannot be made ({error.strerror}): name a directory with --store.") from None
    return above / "tokens"
