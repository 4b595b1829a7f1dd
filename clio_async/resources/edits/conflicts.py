"""What is told of edits that others were in the way of."""

from __future__ import annotations

from typing import Any

from ...errors import EditConflict, PreconditionFailed
from ...protocol.merge import ALL, Merged, Path, Row
from ...protocol.shapes import is_array
from .subject import Change, Subject

__all__ = ["collided", "exhausted"]


def collided(
    subject: Subject[Any], base: Any, theirs: Any, change: Change, merged: Merged, refused: PreconditionFailed | None
) -> EditConflict:
    """Return the error for what cannot be merged."""
    names = tuple(dict.fromkeys(path[0] for path in merged.collisions))
    text = (
        f"{subject.path} was changed since it was read, in what this edit changes or what belongs together with it: "
        f"{_listed(merged.collisions)}. Nothing of the edit was written. It was somebody else, or this program with an "
        "older record (update() returns the newer one). See theirs, and decide again."
    )
    if merged.unknown:
        text += (
            f" Of {_listed(merged.unknown)} it cannot be told, since the record that was read does not show it: read "
            "it with fields= to let it merge."
        )
    return _conflict(text, subject, base, theirs, change, names, refused)


def exhausted(
    subject: Subject[Any], base: Any, theirs: Any, change: Change, attempts: int, refused: PreconditionFailed
) -> EditConflict:
    """Return the error for one who was too slow each time."""
    text = (
        f"{subject.path} was changed before each of {attempts} attempts to write it, by somebody else or elsewhere in "
        "this program. Nothing of the edit was written. Try again later, or with more attempts=."
    )
    return _conflict(text, subject, base, theirs, change, tuple(change.given), refused)


def _conflict(
    text: str,
    subject: Subject[Any],
    base: Any,
    theirs: Any,
    change: Change,
    names: tuple[str, ...],
    refused: PreconditionFailed | None,
) -> EditConflict:
    details = {name: getattr(refused, name, None) for name in ("type", "message", "request", "response", "api_version")}
    shown = base if base is subject.target else subject.shown(base)
    theirs = subject.shown(theirs)
    return EditConflict(text, base=shown, mine=change.given, theirs=theirs, fields=names, status=412, **details)


def _listed(paths: tuple[Path, ...]) -> str:
    return ", ".join(dict.fromkeys(map(_label, paths)))


def _label(path: Path) -> str:
    """Return a name, and of a row also its id. No values: they may be confidential."""
    name, within = path[0], path[1] if len(path) > 1 else None
    if not isinstance(within, Row) or within == ALL:
        return str(name)
    number = within.id[0] if is_array(within.id) else within.id
    return f"{name}[{number}]"
