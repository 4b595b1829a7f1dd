"""The ids of what was created here."""

from __future__ import annotations

from clio_async.principal import Principal
from clio_async.resources import kept_creations
from clio_async.resources.kept_creations import KeptCreations

US, EU = Principal("https://app.clio.com/api/v4"), Principal("https://eu.app.clio.com/api/v4")


def test_the_latest_are_remembered() -> None:
    """By principal and resource, and no more than there is room for."""
    kept = KeptCreations()
    kept.add(US, "tasks", 0)
    assert (True, False, False, False) == (
        kept.has(US, "tasks", 0),
        kept.has(EU, "tasks", 0),
        kept.has(US, "notes", 0),
        kept.has(US, "tasks", 1),
    )
    for number in range(1, kept_creations._MOST + 1):
        kept.add(US, "tasks", number)
    assert (False, True, True) == (
        kept.has(US, "tasks", 0),
        kept.has(US, "tasks", 1),
        kept.has(US, "tasks", kept_creations._MOST),
    )
