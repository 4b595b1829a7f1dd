"""Practice areas, which are under one of two paths; the other one leads there.

See https://developers.support.clio.com/hc/en-us/articles/5650128005403-API-Changelog.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from attrs import evolve

from ...messages import Request
from .regime import Regime

__all__ = ["as_documented", "moved_to"]

_DOCUMENTED: Final = "practice_areas"
_OTHER: Final = "practice_areas_with_categories"
_FIRST: Final = re.compile(f"({_OTHER}|{_DOCUMENTED})(?=[./]|$)")


def moved_to(request: Request, prefix: str, regime: Regime) -> str | None:
    """Return the URL that a request is sent on to, None if it is answered where it is."""
    return _under(_DOCUMENTED if regime.practice_areas == "here" else _OTHER, request.url, prefix)


def as_documented(request: Request, prefix: str) -> Request:
    """Return a request under the path that the document has."""
    url = _under(_DOCUMENTED, request.url, prefix)
    return request if url is None else evolve(request, url=url)


def _under(name: str, url: str, prefix: str) -> str | None:
    """Return the URL with this name of practice areas; None if it is of something else, or has that name already."""
    parts = urlsplit(url)
    start = len(prefix) + 1
    found = _FIRST.match(parts.path, start) if parts.path.startswith(f"{prefix}/") else None
    if found is None or found[1] == name:
        return None
    return parts._replace(path=f"{parts.path[:start]}{name}{parts.path[found.end() :]}").geturl()
