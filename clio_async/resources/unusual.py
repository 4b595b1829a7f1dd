"""What is given to a write that Clio's document does not name: it may be new, and it may be a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..models.schema import Operation

__all__ = ["unusual"]


def unusual(operation: Operation, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a sentence for each text of a body that is none of the documented ones, for the case that Clio refuses it.

    It names documented values alone, not what was given.
    """
    found: tuple[str, ...] = ()
    for name, value in data.items():
        attribute = operation.attributes.get(name)
        if attribute is not None and attribute.enum and isinstance(value, str) and value not in attribute.enum:
            found = (*found, _sentence(name, value, attribute.enum))
    return found


def _sentence(name: str, value: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # for what is hardly ever there

    near = get_close_matches(value, known, n=3, cutoff=0.5)
    advice = f"Did you mean {' or '.join(repr(each) for each in near)}?" if near else f"They are {', '.join(known)}."
    return f"What was given as {name!r} is none of the documented values. {advice}"
