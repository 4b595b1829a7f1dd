"""The words of asynchronous docstrings, as they are said of the synchronous client."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["synchronous"]

_TYPES: Final = re.compile(r"(?<=[`\[])(Clio|Pages|Changes|Edit|Download|Ensured)(?=[`.,(])")
_CODE: Final = re.compile(r"\bawait +|\basync +(?=def\b|for\b|with\b|iterable\b)")
_ABSENT: Final = re.compile(r",? or let\s+`keep` do that")
"""Advice to call what is not there: see `absent`."""


def synchronous(text: str) -> str:
    """Return what a docstring of the asynchronous client says, without `await`, and with the types of this one.

    >>> synchronous("async for task in pages: see `Pages.by_page`.")
    'for task in pages: see `SyncPages.by_page`.'
    """
    return _TYPES.sub(r"Sync\1", _ABSENT.sub("", _CODE.sub("", text)))
