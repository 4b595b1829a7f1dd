"""What the asynchronous client has and the synchronous one has not, and why: the only list of it.

The stubs leave these out, and asking a synchronous client for one raises `AttributeError` with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CLIENT", "VERBS"]

VERBS: Final[Mapping[tuple[str, str], str]] = {
    ("webhooks", "keep"): "It runs until it is cancelled, and nobody can cancel a thread: call `ensure` at "
    "`next_at` of what it returned, and `close` of that where changes were missed.",
}
"""Verbs by resource and name."""

CLIENT: Final[Mapping[str, str]] = {
    "aclose": "It is `close` here.",
}
"""Public members of `Clio` by name. What is there for the package's own use alone is in neither list."""
