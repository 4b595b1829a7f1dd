"""Who hears of a change: webhooks, what each has been told of a record, and what it is told now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from attrs import define, field, frozen

from . import writes
from .answers import Refusal, encoded
from .filing import is_trashed, is_uploaded
from .firm import Firm, News
from .hooks import TABLES
from .regime import Regime
from .render import Viewer, rendered
from .selection import Selection, selected
from .things import Record, Ref

__all__ = ["Happening", "Listener", "Listeners"]

_STATUSES: Final = {"Open": "matter_opened", "Pending": "matter_pended", "Closed": "matter_closed"}


@define(eq=False)
class Listener:
    """A webhook that somebody made or changed, and what was sent to it. Those that a firm begins with hear nothing."""

    webhook: Record
    greeted: str = field(default="", repr=False)
    """The secret of its last handshake."""
    known: dict[int, Any] = field(factory=dict[int, Any], repr=False)
    """By id: the watched fields of each record, as they were sent last."""
    failed: int = 0
    """How many events were given up in a row."""

    @property
    def is_there(self) -> bool:
        """Whether nobody has deleted it."""
        return self.webhook.table.get(self.webhook.number) is self.webhook

    @property
    def concerns(self) -> str:
        """The table whose records it is about."""
        return TABLES[self.webhook.get("model")]

    def listens(self, now: float) -> bool:
        """Say whether it is told anything."""
        return self.is_there and self.webhook.get("status") == "enabled" and not self.has_expired(now)

    def has_expired(self, now: float) -> bool:
        """Say whether its time is over."""
        ends: datetime | None = self.webhook.get("expires_at")
        return ends is not None and ends.timestamp() <= now

    def become(self, status: str, regime: Regime, now: float) -> None:
        """Change its status."""
        if self.is_there:
            writes.apply(self.webhook, {"status": status}, regime, now, checked=False)
            self.failed = 0

    def told(self, record: Record, events: Iterable[str], regime: Regime) -> Iterator[Happening]:
        """Yield what it is told of a record to which that happened; nothing, if its user may not see it."""
        held = self.webhook.get("user")
        viewer = Viewer(record.firm, held.id if isinstance(held, Ref) else 1, regime)
        wanted = [event for event in events if event in self.webhook.get("events")]
        if not wanted or viewer.hides(record):
            return
        seen = rendered(record, self._watched(record), viewer)
        unchanged = self.known.get(record.number) == seen
        self.known[record.number] = seen if "deleted" not in wanted else None
        data = {"id": record.get("id"), "etag": record.tag, **seen}
        for event in wanted:
            if event != "updated" or not unchanged:
                body = encoded({"data": data, "meta": {"event": event, "webhook_id": self.webhook.number}})
                yield Happening(self, event, record.number, body)

    def _watched(self, record: Record) -> Selection:
        try:
            return selected(self.webhook.get("fields") or "id,etag", record.schema)
        except Refusal:  # nobody checks them when a webhook is made
            return selected("id,etag", record.schema)


@frozen
class Happening:
    """Something to tell: an event and the record it is about, or, where `event` is None, the secret of a handshake."""

    listener: Listener
    event: str | None
    record: int | None
    body: bytes = field(repr=False)
    secret: str = field(default="", repr=False)


class Listeners:
    """All webhooks that are told something."""

    def __init__(self) -> None:
        self._by_webhook: dict[tuple[int, int], Listener] = {}
        self._statuses: dict[tuple[int, int], str] = {}
        self._drafts: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        return len(self._by_webhook)

    def sweep(self, now: float) -> None:
        """Delete the webhooks that have expired."""
        for listener in [*self._by_webhook.values()]:
            if listener.is_there and listener.has_expired(now):
                listener.webhook.table.remove(listener.webhook.number)

    def hear(self, news: Iterable[News], regime: Regime, now: float) -> Iterator[Happening]:
        """Yield what follows from what was written, in that order."""
        for record, kinds in _by_record(news):
            if record.table.name == "webhooks":
                yield from self._heard(record, kinds)
                continue
            events = self._events(record, kinds)
            for listener in self._of(record.firm, record.table.name, now):
                yield from listener.told(record, events, regime)

    def _of(self, firm: Firm, table: str, now: float) -> list[Listener]:
        return [
            each
            for each in self._by_webhook.values()
            if each.webhook.firm is firm and each.listens(now) and each.concerns == table
        ]

    # -- webhooks themselves ------------------------------------------------------------------------------------------

    def _heard(self, webhook: Record, kinds: set[str]) -> Iterator[Happening]:
        """Take in that a webhook was made, changed or deleted; yield its handshake if it has a new secret."""
        place = (webhook.firm.account, webhook.number)
        if "deleted" in kinds:
            self._by_webhook.pop(place, None)
            return
        if webhook.get("url") is None or webhook.get("model") is None:
            return
        listener = self._by_webhook.setdefault(place, Listener(webhook))
        self._watch(webhook.firm, listener.concerns)
        secret = str(webhook.get("shared_secret"))
        if webhook.get("status") == "pending" and listener.greeted != secret:
            listener.greeted = secret
            yield Happening(listener, None, None, encoded({"data": {"webhook_id": webhook.number}}), secret)

    def _watch(self, firm: Firm, name: str) -> None:
        table = firm.table(name)
        if table.watched:
            return
        table.watched = True
        for record in table.kept():
            self._note(record)

    def _note(self, record: Record) -> None:
        """Remember of a record what its next event depends on."""
        place = (record.firm.account, record.number)
        if record.table.name == "matters":
            self._statuses[place] = record.get("status")
        elif record.table.name == "documents" and not is_uploaded(record):
            self._drafts.add(place)

    # -- what happened to a record ------------------------------------------------------------------------------------

    def _events(self, record: Record, kinds: set[str]) -> list[str]:
        """Return the names of what happened. A document is created when its bytes are there."""
        place = (record.firm.account, record.number)
        if "deleted" in kinds:
            return [] if "created" in kinds else ["deleted"]
        before = self._statuses.get(place)
        draft = record.table.name == "documents" and ("created" in kinds or place in self._drafts)
        self._note(record)
        if draft:
            return self._finished(record, place)
        if "created" in kinds:
            return ["created"]
        if is_trashed(record):
            return ["deleted"]
        return ["updated", *_moved(record, before)]

    def _finished(self, document: Record, place: tuple[int, int]) -> list[str]:
        if not is_uploaded(document):
            return []
        self._drafts.discard(place)
        return ["created"]


def _moved(record: Record, before: str | None) -> list[str]:
    """Return the event of a matter whose status is another one now."""
    if record.table.name != "matters" or (before or record.made("status")) == record.get("status"):
        return []
    named = _STATUSES.get(record.get("status"))
    return [] if named is None else [named]


def _by_record(news: Iterable[News]) -> Iterator[tuple[Record, set[str]]]:
    """Yield each record that was written to, once, with what was done to it."""
    done: dict[int, tuple[Record, set[str]]] = {}
    for kind, record in news:
        # One object stands for one record as soon as it was written to.
        done.setdefault(id(record), (record, set()))[1].add(kind)
    yield from done.values()
