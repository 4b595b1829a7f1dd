"""How a part of a long run says what it has found."""

from __future__ import annotations


class Wrong(Exception):
    """What must not be."""


def check(right: bool, *found: object) -> None:
    """Check that something holds, and tell what was found if it does not.

    :raises Wrong: if it does not hold.
    """
    if not right:
        raise Wrong(*found)
