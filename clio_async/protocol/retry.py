"""Which requests may be sent once more."""

from __future__ import annotations

__all__ = ["may_resend"]

_RESENT = {401: 1, 429: 10}
"""How often a request is repeated after an answer that says that it was not acted on, by status."""


def may_resend(status: int, times: int) -> bool:
    """Say whether a request that was answered `status` for the `times`-th time, and not acted on, may be repeated."""
    return times <= _RESENT.get(status, 0)
