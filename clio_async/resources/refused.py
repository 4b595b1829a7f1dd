"""Fields that the server refuses of a selection which the caller did not make: leave them out, and remember.

See https://docs.developers.clio.com/api-docs/fields.
"""

from __future__ import annotations

from typing import Any

from ..errors import BadRequest, FieldsRefused
from ..models.selection import Selection, narrowed
from ..notices import notify
from ..protocol.fields import refused
from .kept_refusals import Whose
from .learned import Learned

__all__ = ["learn", "narrower"]


def narrower(learned: Learned, base: str, scope: str, selection: Selection[Any]) -> Selection[Any]:
    """Return a selection without what is known to be refused of it: the same one if nothing is, or if it is the
    caller's own.
    """
    if selection.default_of is None:
        return selection
    names = learned.refused.find(_whose(base, scope, selection))
    return narrowed(selection, names) or selection if names else selection


def learn(
    learned: Learned, base: str, scope: str, selection: Selection[Any], error: BadRequest
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
    whose = _whose(base, scope, selection)
    known = learned.refused.find(whose)
    if not names <= known:
        notify(
            f"{base} does not know {', '.join(sorted(names - known))} of {whose[2]}: it is not asked for any more "
            "unless fields= names it, and reading it raises FieldNotRequested. In an hour it is tried again.",
            FieldsRefused,
        )
        known = learned.refused.add(whose, names)
    chosen = narrowed(selection, known)
    return None if chosen is selection else chosen


def _whose(base: str, scope: str, selection: Selection[Any]) -> Whose:
    return base, scope, (selection.default_of or "").removesuffix("_base")
