"""Who looks at a client at work: `Hooks`, and the one that tells all others.

The events that they are told are made for whoever looks (`events`): a client that nobody looks at loads none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .events import Attempt, Exchange, QuotaPause, QuotaWait, TokenRefresh
    from .messages import Request

__all__ = ["Hooks", "Watch"]

_log = logging.getLogger("clio_async")


class Hooks:
    """Override what you want to see. A hook must return at once; what it raises is logged, and changes nothing.

    Hooks are told in the order in which they were given, and of the end of a call in the reverse order.
    """

    def call_began(self, request: Request, /) -> object:
        """See a call begin. What is returned is handed to `call_ended`, which runs in the same task.

        The request is the call as the caller made it, without its token: query, body and the caller's own header
        fields may hold secrets of the caller.
        """

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        """See a call end, in whatever way: answered, failed or cancelled."""

    def attempted(self, attempt: Attempt, /) -> None:
        """See what became of a request that was handed to the transport. Calls may need several, or none."""

    def waited(self, wait: QuotaWait, /) -> None:
        """See that a call had to wait for quota."""

    def paused(self, pause: QuotaPause, /) -> None:
        """See that the server asked for a pause."""

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        """See that a token was renewed, or could not be. It runs in a task of its own, not in that of a call."""


class Watch(Hooks):
    """Tell several hooks, and the log. None of them can do harm."""

    def __init__(self, hooks: Iterable[Hooks] = ()) -> None:
        from .logs import Log  # it is a Hooks itself

        given = (*hooks,)
        self._given = bool(given)
        self._hooks: tuple[Hooks, ...] = (*given, Log())

    def __bool__(self) -> bool:
        """Whether anybody looks at single calls: if not, no event has to be made for them."""
        return self._given or _log.isEnabledFor(logging.DEBUG)

    def call_began(self, request: Request, /) -> object:
        return [_told(hook.call_began, request) for hook in self._hooks]

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        given = cast("list[object]", begun)
        for hook, one in reversed([*zip(self._hooks, given, strict=True)]):
            _told(hook.call_ended, exchange, one)

    def attempted(self, attempt: Attempt, /) -> None:
        for hook in self._hooks:
            _told(hook.attempted, attempt)

    def waited(self, wait: QuotaWait, /) -> None:
        for hook in self._hooks:
            _told(hook.waited, wait)

    def paused(self, pause: QuotaPause, /) -> None:
        for hook in self._hooks:
            _told(hook.paused, pause)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        for hook in self._hooks:
            _told(hook.refreshed, refresh)


def _told(hook: Callable[..., object], *event: object) -> object:
    """Tell one hook. What it raises is logged by its class alone: the text may hold anything."""
    try:
        return hook(*event)
    except Exception as error:
        with suppress(Exception):  # a filter or handler of the application may be what fails
            _log.warning("The hook %s failed: %s", getattr(hook, "__qualname__", "?"), type(error).__name__)
        return None
