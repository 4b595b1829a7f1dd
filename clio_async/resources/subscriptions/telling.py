"""Telling an application of what was missed: what it gives to be told by, and what becomes of it when that fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from logging import ERROR
from typing import Any, Final, Protocol, TypeAlias, cast

import anyio

from ...errors import (
    AuthError,
    InvalidArgument,
    OutcomeUnknown,
    RateLimited,
    ReauthRequired,
    ServerError,
    TokenStoreError,
    TransportError,
)
from ...logs import write
from ...webhooks.event import Event

__all__ = ["LASTING", "PASSING", "Delivers", "OnMissed", "Tell", "delivery", "log_failure", "try_to_tell"]

PASSING = (AuthError, OutcomeUnknown, RateLimited, ServerError, TransportError)
"""What fails now, and may not do so later; but not what is `LASTING`."""
LASTING = (ReauthRequired, TokenStoreError)
_PATIENCE: Final = 600.0
"""Seconds that one record may take. Meanwhile nobody looks at the webhook."""

Tell: TypeAlias = Callable[[Event], Awaitable[object]]


class Delivers(Protocol):
    """What handles events: a `Receiver`."""

    def deliver(self, event: Event, /) -> Awaitable[object]:
        """Handle an event that Clio did not send."""
        ...


OnMissed: TypeAlias = Delivers | Tell


def delivery(on_missed: Any) -> Tell:
    """Return what tells of a record.

    :raises InvalidArgument: if nothing was given that could.
    """
    found = getattr(on_missed, "deliver", on_missed)
    if not callable(found) or isinstance(on_missed, type):
        raise InvalidArgument(
            "What was missed is told to a Receiver, or to a coroutine function of an Event: give one."
        )
    return cast("Tell", found)


async def try_to_tell(tell: Tell, event: Event) -> Exception | None:
    """Tell of a record, and return what that failed with. What nobody can mend by trying again is raised."""
    try:
        with anyio.fail_after(_PATIENCE):
            await tell(event)
    except LASTING:
        raise
    except Exception as error:
        return error
    return None


def log_failure(address: str, error: Exception) -> None:
    """Log that a record could not be told."""
    write(ERROR, "webhook", url=address, outcome="untold", error=type(error).__name__)
