"""Fields that the server refuses of a selection which the caller did not make: leave them out, and remember.

See https://docs.developers.clio.com/api-docs/fields.
"""

from __future__ import annotations

from typing import Any

from ..errors import BadRequest, FieldsRefused
from ..models.selection import Selection, narrowed
from ..notices import notify
from ..protocol.fields import refused
from .learned import Learned

__all__ = ["learn", "narrower"]


def narrower(learned: Learned, base: str, version: str | None, selection: Selection[Any]) -> Selection[Any]:
    """Return a selection without what is known to be refused of it: the same one if nothing is, or if it is the
    caller's own.
    """
    if selection.default_of is None:
        return selection
    names = learned.refused.get(_key(base, version, selection))
    return selection if names is None else narrowed(selection, names) or selection


def learn(
    learned: Learned, base: str, version: str | None, selection: Selection[Any], error: BadRequest
) -> Selection[Any] | None:
    """Remember what was refused of a selection, and return it without that.

    None if that is not known, if it cannot be left out, or if the selection is the caller's own. Of several fields a
    server may name one at a time: each answer teaches one.
    """
    if selection.default_of is None or error.type != "InvalidFields":
        return None
    names = refused(error.message or "", selection.tree)
    if not names:
        return None
    key = _key(base, version, selection)
    known = learned.refused.get(key, frozenset())
    if not names <= known:
        learned.refused[key] = known | names
        notify(
            f"{base} does not know {', '.join(sorted(names - known))} of {key[2]} in API version {version}: it is no "
            "longer asked for unless fields= names it, and reading it raises FieldNotRequested.",
            FieldsRefused,
        )
    chosen = narrowed(selection, known | names)
    return None if chosen is selection else chosen


def _key(base: str, version: str | None, selection: Selection[Any]) -> tuple[str, str | None, str]:
    return base, version, (selection.default_of or "").removesuffix("_base")
