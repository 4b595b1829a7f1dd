"""What webhooks are told, and when: a queue of deliveries that are due, and what becomes of each attempt.

See https://docs.developers.clio.com/guides/clio-manage/webhooks/, and for the pauses between attempts
https://developers.support.clio.com/hc/en-us/articles/360050277853.
"""

from __future__ import annotations

import base64
import hmac
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from attrs import define, evolve, field, frozen

from ...messages import Headers, Request, Response
from .listening import Happening, Listener, Listeners
from .mishaps import Mishap, MishapPlan, Mishaps
from .regime import Regime

if TYPE_CHECKING:
    from .firm import Firm
    from .sending import Send

__all__ = ["Attempt", "Deliveries", "Delivery", "sign"]

PAUSE: Final = 120.0
"""Seconds before the second attempt; each later pause is twice as long."""
AGAIN: Final = 5
"""How often an attempt is repeated."""
PATIENCE: Final = 10.0
"""Seconds that an answer may take."""


@define(eq=False, kw_only=True)
class Delivery:
    """What a webhook is told: an event, or, if `event` is None, the secret of a handshake."""

    listener: Listener = field(repr=False)
    event: str | None = None
    record: int | None = None
    """The id of what the event is about."""
    body: bytes = field(repr=False)
    secret: str = field(repr=False, default="")
    """Of a handshake: what has to come back."""
    due: float
    attempts: int = 0
    """How many were made."""
    unheard: int = 0
    """How many answers still get lost on their way back."""

    @property
    def webhook(self) -> int:
        """The id of the webhook."""
        return self.listener.webhook.number


@frozen(kw_only=True)
class Attempt:
    """One request to the address of a webhook, and its answer. No secret is in it."""

    at: float
    webhook: int
    event: str | None
    """None for a handshake."""
    record: int | None
    number: int
    """1 for the first."""
    status: int | None
    """None if no answer came."""


def sign(body: bytes, secret: str, form: str = "hex") -> str:
    """Return what `X-Hook-Signature` says of a body: its HMAC-SHA256 under the secret, in "hex" or "base64"."""
    made = hmac.new(secret.encode(), body, "sha256")
    return made.hexdigest() if form == "hex" else base64.b64encode(made.digest()).decode()


class Deliveries:
    """What is to be sent to the addresses of webhooks. Nothing is, unless somebody sends it: see `delivering`.

    An event is attempted up to six times, over an hour. It has arrived with any 2xx or 3xx; 410 ends the webhook.
    """

    def __init__(self, now: Callable[[], float], regime: Callable[[], Regime], size: int = 10_000) -> None:
        self.log: deque[Attempt] = deque(maxlen=size)
        """The last attempts, oldest first."""
        self.patience = PATIENCE
        """Seconds that an answer may take."""
        self.sender: Send | None = None
        """Who carries a handshake out before the request is answered that it belongs to, if the regime says so."""
        self.greetings: deque[Delivery] = deque()
        """The handshakes that wait for the `sender`."""
        self.watchers: list[Callable[[], object]] = []
        """Who is called whenever something is queued."""
        self._now = now
        self._regime = regime
        self._listeners = Listeners()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._queued = 0
        self.mishaps = Mishaps.none

    @property
    def mishaps(self) -> MishapPlan:
        """What goes wrong with events, besides what the receiver does. Indices count from when it is set."""
        return self._mishaps

    @mishaps.setter
    def mishaps(self, plan: MishapPlan) -> None:
        self._mishaps = plan
        self._events = 0

    @property
    def waiting(self) -> tuple[Delivery, ...]:
        """What is queued, soonest first; some of it may be dropped when it is due."""
        return tuple(delivery for _, _, delivery in sorted(self._queue, key=lambda queued: queued[:2]))

    @property
    def next_due(self) -> float | None:
        """When the next attempt is due, in seconds since the epoch; None if nothing is queued."""
        return self._queue[0][0] if self._queue else None

    def pause(self) -> float | None:
        """Return the seconds until then, 0 if it is overdue."""
        due = self.next_due
        return None if due is None else max(0.0, due - self._now())

    # -- what the firm does -------------------------------------------------------------------------------------------

    def settle(self, firm: Firm) -> None:
        """Queue what follows from what was written to a firm."""
        news, firm.news = firm.news, []
        now, regime = self._now(), self._regime()
        for happening in self._listeners.hear(news, regime, now):
            self._announce(happening, now, early=regime.hook_handshake == "before")

    def sweep(self) -> None:
        """Delete the webhooks that have expired, if the regime says that they are."""
        if self._listeners and self._regime().hook_expired == "missing":
            self._listeners.sweep(self._now())

    def _announce(self, happening: Happening, now: float, *, early: bool) -> None:
        delivery = Delivery(
            listener=happening.listener,
            event=happening.event,
            record=happening.record,
            body=happening.body,
            secret=happening.secret,
            due=now,
        )
        if delivery.event is None:
            if early and self.sender is not None:
                self.greetings.append(delivery)
            else:
                self._put(delivery, now)
            return
        index, self._events = self._events, self._events + 1
        mishap = self._mishaps(index, delivery) or Mishap()
        delivery.unheard = mishap.unheard
        if not mishap.lost:
            self._put(delivery, now + mishap.later)
        for seconds in mishap.again:
            self._put(evolve(delivery, unheard=0), now + seconds)

    def _put(self, delivery: Delivery, due: float) -> None:
        self._queued += 1
        delivery.due = due
        heappush(self._queue, (due, self._queued, delivery))
        for call in [*self.watchers]:
            call()

    # -- what a sender does -------------------------------------------------------------------------------------------

    def take(self) -> Delivery | None:
        """Take the next one that is due, None if there is none. What is for nobody any more is dropped."""
        now = self._now()
        while self._queue and self._queue[0][0] <= now:
            delivery = heappop(self._queue)[2]
            if _counts(delivery, now):
                return delivery
        return None

    def request(self, delivery: Delivery) -> Request:
        """Return the request to make for a delivery."""
        webhook = delivery.listener.webhook
        if delivery.event is None:
            proof = ("X-Hook-Secret", delivery.secret)
        else:
            form = self._regime().hook_signature
            proof = ("X-Hook-Signature", sign(delivery.body, str(webhook.get("shared_secret")), form))
        headers = Headers([("Content-Type", "application/json"), proof])
        return Request("POST", str(webhook.get("url")), headers, delivery.body)

    def ended(self, delivery: Delivery, response: Response | None) -> None:
        """Take in what came of an attempt: None if there was no answer, or none in time."""
        delivery.attempts += 1
        if delivery.unheard:
            delivery.unheard -= 1
            response = None
        status = None if response is None else response.status
        self.log.append(
            Attempt(
                at=self._now(),
                webhook=delivery.webhook,
                event=delivery.event,
                record=delivery.record,
                number=delivery.attempts,
                status=status,
            )
        )
        if status is None or not (200 <= status < 400 or status == 410):
            self._failed(delivery)
        elif delivery.event is None:
            self._answered(delivery, response)
        elif status == 410:
            self._end(delivery.listener)
        else:
            delivery.listener.failed = 0

    def _failed(self, delivery: Delivery) -> None:
        if delivery.attempts <= AGAIN:
            self._put(delivery, self._now() + PAUSE * 2 ** (delivery.attempts - 1))
            return
        if delivery.event is None:
            return
        most = self._regime().hook_suspends_after
        delivery.listener.failed += 1
        if most is not None and delivery.listener.failed >= most:
            delivery.listener.become("suspended", self._regime(), self._now())

    def _answered(self, delivery: Delivery, response: Response | None) -> None:
        """End a handshake, if it was answered as it has to be."""
        given = None if response is None or response.status != 200 else response.headers.get("x-hook-secret")
        if given is not None and given == delivery.secret and _counts(delivery, self._now()):
            delivery.listener.become("enabled", self._regime(), self._now())

    def _end(self, listener: Listener) -> None:
        if self._regime().hook_gone == "deleted":
            listener.webhook.table.remove(listener.webhook.number)
        else:
            listener.become("suspended", self._regime(), self._now())


def _counts(delivery: Delivery, now: float) -> bool:
    """Say whether a webhook still is to be told something."""
    listener = delivery.listener
    if delivery.event is None:
        webhook = listener.webhook
        return (
            listener.is_there and webhook.get("status") == "pending" and webhook.get("shared_secret") == delivery.secret
        )
    return listener.listens(now)
