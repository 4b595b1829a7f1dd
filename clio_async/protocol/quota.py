"""The quota of one token as a state machine: `Budget`. What may be sent when follows from what the answers say.

Nothing here waits, and nothing here knows who waits: time (monotonic seconds) and chance are arguments.

What is known is a lower bound. `bound` is what the last report left, and every request that is not answered counts as
not yet taken off it. A window that ends can only add to it, so it holds beyond its window; whether windows are fixed or
slide makes no difference. When it is used up and the window is over, one request is sent to find out what there is.

What is not known is felt for, on a leash: so many requests may be under way, and more only as answers come, or as they
fail to come. Four when nothing was heard yet; one to find out; one after a pause, and one more for each answer.
"""

from __future__ import annotations

from collections import deque

from .rules import Reserve, Rules

__all__ = ["MARGIN", "Budget", "Rules"]

MARGIN = 1.0
"""Seconds: `Date` and `X-RateLimit-Reset` are whole ones, so their difference may be one too short."""

_BURST = 4  # requests before the first answer
_SAME = 1  # seconds by which one window may be given two resets, by rounding
_GROWN = 256  # requests under way, after which a leash is let go if no limit is known
_LONGEST = 60.0  # seconds of a pause that the server does not name
_DOUBLINGS, _COUNTED = 16, 4096


class Budget:
    """What may be sent on behalf of one principal.

    Each request is `sent`, which gives it a number, and then comes to one of `reported` (an answer that tells of the
    quota), `answered` (one that does not), `limited` (429), `lost` (no answer) or `withdrawn` (not sent after all).
    """

    __slots__ = (
        "_careful",
        "_finding_out",
        "_heard",
        "_leash",
        "_lost",
        "_next",
        "_own",
        "_paused_after",
        "_quota",
        "_refusals",
        "_sent",
        "_since",
        "_stirred",
        "_young",
        "bound",
        "in_flight",
        "limit",
        "opens_at",
        "paused_until",
        "reserve",
        "reset",
        "rules",
        "window",
    )

    dates = False
    """Whether every answer is to say when its window ends, not only the first of a window."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.reserve = Reserve(rules.reserve)
        self.limit: int | None = None
        self.bound: int | None = None  # what is left of which the last report tells; None: nothing was heard
        self.in_flight = 0
        self.reset: int | None = None  # of the last report, on the server's clock
        self.opens_at = 0.0  # when its window is surely over
        self.window = 0.0  # the longest time to a reset that was seen: the length of a window
        self.paused_until: float | None = None
        self._quota = 0  # our share of the limit
        self._sent = 0  # numbers the requests
        self._heard = 0  # the number of the last request before the last report
        self._lost: list[int] = []  # what had been sent when a request ended that may or may not have been counted
        self._leash: int | None = _BURST  # how many may be under way of those sent since; None: any number
        self._since = 0
        self._young = 0  # how many are
        self._stirred = 0.0  # when one of them was last answered
        self._careful = False  # after a pause: on the leash whatever is reported
        self._finding_out = False  # what is known is used up, and its window over
        self._paused_after = 0
        self._refusals = 0  # in a row
        self._next = 0.0  # when a paced batch may go on
        self._own: deque[float] | None = deque(maxlen=_COUNTED) if rules.share < 1 else None

    def plenty(self, batch: bool) -> bool:
        """Say whether a request may go, whatever time it is: the way that costs nothing."""
        if self._leash is not None or self._own is not None or (batch and self.rules.paced):
            return False
        bound = self.bound
        return bound is None or bound - self.in_flight > (self.reserve.held if batch else 0)

    def take(self, batch: bool) -> int:
        """Note that a request is sent of which there is plenty. Return its number."""
        if not batch and self.reserve.held:
            self.reserve.held -= 1
        self.in_flight += 1
        self._sent += 1
        return self._sent

    def ready(self, batch: bool, now: float) -> float:
        """Return when a request may go, unless an answer changes that: now, or a later moment."""
        if self.paused_until is not None and now < self.paused_until:
            return self.paused_until
        at = self._shared_at(batch, now)
        tied = self._leash is not None and self._young >= self._allowed(now)
        if self.bound is None:
            return max(at, self._tick(now)) if tied else at
        if self._free(batch) > 0:
            if self._careful and tied:
                at = max(at, self._tick(now))
            return max(at, self._next) if batch and self.rules.paced else at
        if now < self.opens_at:
            return max(at, self.opens_at)
        return max(at, self._tick(now)) if tied and self._finding_out else at

    def sent(self, batch: bool, now: float) -> int:
        """Note that a request is sent that was `ready`. Return its number."""
        if self.bound is not None:
            free = self._free(batch)
            if free <= 0 and not self._finding_out:
                self._tie()
                self._finding_out = True
            elif batch and self.rules.paced:
                self._next = now + self._gap(free, now)
        if self._leash is not None:
            if self._young == 0:
                self._stirred = now
            self._young += 1
        if self._own is not None:
            self._own.append(now)
        return self.take(batch)

    def withdrawn(self, number: int) -> None:
        """Note that a request was not sent after all."""
        self.in_flight -= 1
        if self._leash is not None and number > self._since:
            self._young -= 1
        if self._own:
            self._own.pop()

    def inherited(self) -> None:
        """Note that this is a child of the process: what is under way is the parent's, and nobody here is answered."""
        if self.bound is not None:
            self.bound -= self.in_flight
        self.in_flight = self._young = 0
        self._lost = []

    def wait(self, position: int, batch: bool, now: float) -> float:
        """Return how many seconds a request will wait, if `position` others go before it.

        What is not known counts as nothing: an estimate is never too long because of it.
        """
        paused = self.is_paused(now)
        if self.bound is None and not paused:
            return 0.0
        free = 0 if paused else max(0, self._free(batch))
        left = self._left(batch, now)
        free = free if left is None else max(0, min(free, left))
        if position < free:
            if batch and self.rules.paced:
                return max(0.0, self._next - now) + position * self._gap(free, now)
            return 0.0
        opens = self.opens_at if free else self.ready(batch, now)
        windows = (position - free) // max(1, self._quota - (self.reserve.held if batch else 0)) if self.limit else 0
        return max(0.0, opens - now) + windows * self.window

    def idle(self, now: float) -> bool:
        """Say whether nothing would be lost if this budget began anew."""
        return self.in_flight == 0 and not self.is_paused(now) and now >= self.opens_at

    def is_paused(self, now: float) -> bool:
        """Say whether the server has asked to wait until later than now."""
        return self.paused_until is not None and now < self.paused_until

    def reported(
        self,
        number: int,
        now: float,
        *,
        limit: int | None,
        remaining: int,
        reset: int | None = None,
        until: float | None = None,
    ) -> None:
        """Learn from an answer. `until` is how many seconds the window has left, None if that was told before.

        Reports may overtake each other: one replaces what is known only if it is of a later window, or if its request
        was sent after what is known was heard. Of two that say something of the same window the lower one holds.
        """
        known = self.reset
        newer = known is not None and reset is not None and reset > known + _SAME
        if self._lost:
            remaining -= sum(mark >= number for mark in self._lost)
        self._landed(number, now, grown=True)
        if self.bound is None or newer or number > self._heard:
            self.bound = remaining
            self._lost = [mark for mark in self._lost if mark >= number] if self._lost else self._lost
            if limit != self.limit:
                self._learn(limit)
            self._window(now, reset, until)
            if known is None or reset is None or reset > known:
                self.reserve.renew(now, self.window)
            self._finding_out = False
            if not self._careful:
                self._leash = None
        elif remaining >= self.bound or (known is not None and reset is not None and reset < known - _SAME):
            return
        else:
            self.bound = remaining
        self._heard = self._sent

    def answered(self, number: int, now: float, *, telling: bool) -> None:
        """Learn from an answer without a report.

        `telling` says that there would be one, if this server limited anything: an answer of a gateway, or to a token
        that was refused, proves nothing.
        """
        self._landed(number, now, grown=True)
        if self.bound is None and telling and not self._careful:
            self._leash = None
        self._doubt()

    def limited(
        self,
        number: int,
        now: float,
        *,
        pause: float | None,
        chance: float,
        limit: int | None = None,
        reset: int | None = None,
        until: float | None = None,
    ) -> None:
        """Pause. `pause` is for how many seconds, None if the answer does not say; `chance` is from 0 up to 1.

        A request that was under way already when the pause began says nothing new, unless it says until when. From the
        second refusal in a row on, what the server says is not believed if it is short: pauses double.
        """
        self._landed(number, now, grown=False)
        news = number > self._paused_after
        if news:
            self._refusals += 1
            self._paused_after = self._sent
            self._tie()
            if pause is None or self._refusals > 1:
                least = min(_LONGEST, 2.0 ** min(self._refusals - 1, _DOUBLINGS)) * (0.5 + chance / 2)
                pause = least if pause is None else max(pause, least)
        elif pause is None:
            return
        if limit is not None:
            self.bound = 0 if self.bound is None else self.bound
            self._learn(limit)
        if self.bound is not None:
            self.bound = 0
        if reset is not None:
            self._window(now, reset, until)
        ends = now + min(max(pause, 0.0), self.rules.cap)
        self.opens_at = self.paused_until = ends if self.paused_until is None else max(self.paused_until, ends)
        self._heard = self._sent
        self._careful = True

    def lost(self, number: int, now: float) -> None:
        """Note that a request was sent and no answer came: it may or may not have been counted."""
        self._landed(number, now, grown=False)
        self._doubt()

    def _free(self, batch: bool) -> int:
        """Return how many requests may go for what is known. Something is."""
        bound = self.bound or 0
        return bound - self.in_flight - (self.reserve.held if batch else 0)

    def _left(self, batch: bool, now: float) -> int | None:
        """Return how many requests of our share of a window are left, None if there is no share."""
        own = self._own
        if own is None or self.limit is None:
            return None
        while own and self.window and now >= own[0] + self.window + MARGIN:
            own.popleft()
        return self._quota - len(own) - (self.reserve.held if batch else 0)

    def _shared_at(self, batch: bool, now: float) -> float:
        """Return when something of our share of a window is left."""
        left = self._left(batch, now)
        if not self._own or left is None or left > 0:
            return now
        return self._own[-left] + self.window + MARGIN

    def _allowed(self, now: float) -> int:
        """Return how many may be under way on the leash: twice as many with each second in which no answer comes."""
        leash = self._leash or 0
        grown = leash << min(max(0, int(now - self._stirred)), _DOUBLINGS)
        return grown if self.limit is None else min(grown, max(leash, self.limit))

    def _tick(self, now: float) -> float:
        return self._stirred + max(0, int(now - self._stirred)) + 1.0

    def _gap(self, free: int, now: float) -> float:
        """Return the seconds between two requests of a paced batch."""
        left = self.opens_at - now
        if left > 0:
            return left / max(1, free)
        return self.window / max(1, self._quota - self.reserve.held) if self.limit else 0.0

    def _tie(self) -> None:
        """Put what is sent from now on on a leash."""
        self._leash, self._since, self._young, self._finding_out = 1, self._sent, 0, False

    def _landed(self, number: int, now: float, *, grown: bool) -> None:
        self.in_flight -= 1
        if self._leash is not None and number > self._since:
            self._young -= 1
            if grown:
                self._stirred = now
                self._leash += 1
                if self._leash >= (self.limit if self._careful and self.limit else _GROWN):
                    self._let_go()
        if grown and number > self._paused_after:
            self._refusals = 0
        if self.in_flight == 0 and self._lost:
            self._lost = []  # whoever reports next was sent later

    def _let_go(self) -> None:
        """Take off the leash, after as many answers as a window can hold."""
        if not self._careful:
            self.bound = None  # none of them told of a quota: there is none any more
        self._leash, self._careful, self._finding_out = None, False, False

    def _doubt(self) -> None:
        """A request has ended that may have been counted: it is, until somebody reports who was sent later."""
        if self.bound is not None:
            self.bound -= 1
        elif self._leash is None:
            return
        if self.in_flight:
            self._lost.append(self._sent)

    def _learn(self, limit: int | None) -> None:
        self.limit = limit
        self._quota = 0 if limit is None else max(1, int(limit * self.rules.share + 1e-9))
        self.reserve.resize(self._quota)

    def _window(self, now: float, reset: int | None, until: float | None) -> None:
        self.reset = reset
        if until is None:
            self.opens_at = max(self.opens_at, now + MARGIN) if reset is None else self.opens_at
            return
        left = min(until, self.rules.cap)
        self.window = max(self.window, left)
        self.opens_at = now + left + MARGIN
        if self.rules.paced and self.bound is not None:
            self._next = min(self._next, now + self._gap(self.bound - self.in_flight - self.reserve.held, now))
