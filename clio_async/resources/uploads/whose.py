"""Whose an upload is that was begun: it is continued, and ended, by the same principal alone."""

from __future__ import annotations

from ...errors import InvalidArgument
from ...transfers import UploadHandle
from ..caller import Caller

__all__ = ["own", "whose"]


def own(given: UploadHandle | str, caller: Caller) -> UploadHandle:
    """Return the handle of an upload that this principal began.

    :raises InvalidArgument: if another one did, or it is none.
    """
    handle = UploadHandle.from_json(given.to_json() if isinstance(given, UploadHandle) else given)
    if handle.principal != whose(caller):
        raise InvalidArgument(
            "The handle is of an upload that another principal began: continue it with that client. "
            "Of a plain token, a new one is another principal: StaticToken(token, principal=...) says whose it is."
        )
    return handle


def whose(caller: Caller) -> str:
    """Return the fingerprint of a principal."""
    return caller.scope.partition(" ")[0]  # without the version
