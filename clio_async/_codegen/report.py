"""A comparison of two documents as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from attrs import asdict

from .drift import Change

__all__ = ["BREAKS", "UNREADABLE", "as_json", "as_text", "status"]

CHANGED = 1
UNREADABLE = 2
"""The status when a document cannot be read; `argparse` has the same for wrong arguments."""
BREAKS = 3
"""The status of a comparison that found something which can break a caller."""


def status(changes: Sequence[Change]) -> int:
    """Return the exit status: 0 for no change, 1 for changes that break nobody, 3 for others."""
    return BREAKS if any(change.breaks for change in changes) else CHANGED if changes else 0


def as_text(changes: Sequence[Change]) -> str:
    """Group changes by resource, those first that can break a caller."""
    if not changes:
        return "No changes.\n"
    serious = [change for change in changes if change.breaks]
    others = [change for change in changes if not change.breaks]
    parts = [*_section("Can break a caller", serious), *_section("Break nobody", others)]
    return "\n".join(parts) + "\n"


def _section(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield f"{title}: {len(changes)}"
    for resource, group in groupby(changes, key=lambda change: change.resource):
        yield f"  {resource}"
        yield from (f"    {change}" for change in group)


def as_json(changes: Iterable[Change]) -> str:
    """Return a JSON array of objects with the attributes of `Change`."""
    return json.dumps([asdict(change) for change in changes], indent=1, ensure_ascii=False) + "\n"
