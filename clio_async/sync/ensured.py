"""`SyncEnsured`: what became of a webhook that was to be there, for threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast

from .pages import SyncChanges
from .seat import Seat

if TYPE_CHECKING:
    from ..models._generated.webhooks import Webhook
    from ..models.selection import Fields
    from ..resources.subscriptions.ensured import Did, Ensured
    from ..webhooks.event import Event

__all__ = ["SyncEnsured"]


class SyncEnsured:
    """A webhook that is there, and since when changes may have been missed: `Ensured`, for threads.

    After a gap: `close` it. Or do it by yourself: walk `missed`, do what an event would have done about each record,
    then call `covered`.
    """

    __slots__ = ("_ensured", "_seat")

    def __init__(self, seat: Seat, ensured: Ensured) -> None:
        self._seat = seat
        self._ensured = ensured

    def __repr__(self) -> str:
        return f"Sync{self._ensured!r}"

    @property
    def webhook(self) -> Webhook:
        """As Clio shows it. Its `url` has the key in it."""
        return self._ensured.webhook

    @property
    def did(self) -> Did:
        """What was done."""
        return self._ensured.did

    @property
    def next_at(self) -> dt.datetime:
        """When to call `ensure` again: soon while the webhook is pending."""
        return self._ensured.next_at

    @property
    def missed_since(self) -> dt.datetime | None:
        """What changed since then may never have been told. None: there is no gap."""
        return self._ensured.missed_since

    @property
    def enabled(self) -> bool:
        """Whether Clio sends events that can be proved."""
        return self._ensured.enabled

    @property
    def unseen(self) -> str | None:
        """What `missed` cannot find of the gap, in a sentence; None if there is no gap, or it finds all."""
        return self._ensured.unseen

    def missed(self, *, fields: Fields = None) -> SyncChanges[Any] | None:
        """Return the walk over all records that changed in the gap. None if there is no gap, or no such walk."""
        found = self._ensured.missed(fields=fields)
        return None if found is None else SyncChanges(self._seat, found)

    def event(self, id: int, etag: str | None = None) -> Event:
        """Return what tells a handler of events that a record may have changed. Its kind is ``"missed"``."""
        return self._ensured.event(id, etag)

    def close(self, on_missed: Callable[[Event], object], /, *, until: dt.datetime | None = None) -> bool:
        """Tell of what was missed, record by record, and say whether there is no gap any more.

        A plain function is called in this thread, and may call the client; what else it may be, and what its errors
        mean, `Ensured.close` says.
        """
        call = self._seat.call()
        plain = callable(on_missed) and not (_is_async(on_missed) or hasattr(on_missed, "deliver"))

        async def told(event: Event) -> None:
            await call.ask(on_missed, event)

        tell: Any = told if plain else on_missed
        return self._seat.run(self._ensured.close(tell, until=until), call)

    def covered(self) -> bool:
        """Note that the gap is closed, and say whether it still was this one."""
        return self._seat.run(self._ensured.covered())


def _is_async(function: Any) -> bool:
    kind = cast("Any", type(function))
    return iscoroutinefunction(function) or iscoroutinefunction(getattr(kind, "__call__", None))  # noqa: B004
