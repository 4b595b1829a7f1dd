"""The ids of what was created here."""

from __future__ import annotations

from clio_async.resources import kept_creations
from clio_async.resources.kept_creations import KeptCreations


def test_the_latest_are_remembered() -> None:
    """By server and resource, and no more than there is room for."""
    kept = KeptCreations()
    kept.add("a", "tasks", 0)
    assert (True, False, False, False) == (
        kept.has("a", "tasks", 0),
        kept.has("b", "tasks", 0),
        kept.has("a", "notes", 0),
        kept.has("a", "tasks", 1),
    )
    for number in range(1, kept_creations._MOST + 1):
        kept.add("a", "tasks", number)
    assert (False, True, True) == (
        kept.has("a", "tasks", 0),
        kept.has("a", "tasks", 1),
        kept.has("a", "tasks", kept_creations._MOST),
    )
