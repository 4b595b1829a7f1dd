"""What is said of a resource or a verb that does not exist."""

from __future__ import annotations

__all__ = ["misnamed"]

_FEW = 24
"""So many names are listed where none is near: the verbs of a resource, not the resources of a client."""


def misnamed(owner: object, name: str, hint: str = "") -> AttributeError:
    """Return the error for an attribute that a client, or a resource of one, has not: with what is named most like it.

    What begins with an underscore is a question of Python's, and gets no advice.
    """
    text = f"{type(owner).__name__!r} object has no attribute {name!r}"
    if hint or name.startswith("_"):
        return AttributeError(f"{text}. {hint}" if hint else text, name=name)
    from difflib import get_close_matches  # for a mistake alone

    known = [each for each in dir(owner) if not each.startswith("_")]
    near = get_close_matches(name, known, n=2)
    if near:
        text = f"{text}. Did you mean {' or '.join(map(repr, near))}?"
    elif len(known) <= _FEW:
        text = f"{text}. There are {', '.join(known)}."
    return AttributeError(text, name=name)  # without the object: Python would add advice to this
