"""A process's part in a budget that others use, too: `SharedBudget`. It holds permits, and asks for them when it waits.

Whatever is said to the server can be said again, or be lost: what is held is told as it is, and what has ended is told
as sums. A permit that was granted and did not arrive is therefore given back by the next question.

Beside it runs a `Budget` of this process alone, which learns from every answer. It is what there is to go by while the
server is away: then this process uses its part of each window, as one of so many.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from attrs import evolve, frozen

from .quota import Budget
from .rules import Rules

__all__ = ["Answer", "Away", "Noted", "Question", "SharedBudget"]

_LEASE = 5.0  # seconds for which a permit may be kept; the server counts on twice that
_TICK = 0.001  # seconds, for what is due at once
_LOST = 1.0  # seconds after which somebody looks whether a question is still under way
_SOON, _SLOWEST, _SLOWER = 0.02, 0.3, 1.5  # seconds between two questions while others find out, and their growth
_AWAY, _LONGEST_AWAY = 1.0, 15.0  # seconds for which a server that failed is left alone, doubled each time
_COUNTED = 4096
_SAID = 15  # numbers in an answer
_LARGEST = 1e15
_FEW = 8  # requests that have ended, of which the server is told at once when others may wait for that


@frozen
class Noted:
    """What the answers since the last question say of the quota, as one report. Times are this process's own."""

    grant: int
    """The latest grant of which one of these requests was."""
    remaining: int
    limit: int | None
    reset: int | None
    ends: float | None
    """When the window ends."""


@frozen
class Question:
    """What the server is told and asked."""

    arguments: tuple[int | float | str, ...]
    noted: Noted | None
    refused: int | None
    lead: float | None
    grown: int
    landed: int
    """How many requests had ended since the last one."""
    asked: float
    """When it was put."""


@frozen
class Answer:
    """What the server says to a question. Times are seconds from now."""

    granted: int
    grant: int
    """The number of the last grant to anybody."""
    born: float
    """When the server began to count: another one if it has lost what it knew."""
    tied: int
    """Only answers to requests of later grants prove anything."""
    wait: tuple[float, float]
    """When to ask again, for interactive calls and for a batch, if there was too little. Negative: soon."""
    limit: int | None
    free: int | None
    """How many permits are left for everybody. None: it is not known."""
    opens: float
    window: float
    pause: float
    processes: int
    refusals: int
    needed: bool
    """Whether others wait for what this process may have to tell."""

    @classmethod
    def of(cls, value: Any) -> Answer | None:
        """Read a reply of the script. None: it is something else, or the script had answered a later question before.

        It raises nothing, whatever the reply is.
        """
        try:
            said = [float(each.decode()) for each in value]
        except (AttributeError, TypeError, ValueError):
            return None
        if len(said) != _SAID:
            return None
        counts = (said[0], said[1], *said[8:11], said[11] - 1, said[12])
        if not all(math.fabs(each) < _LARGEST for each in said) or min(counts) < 0:
            return None
        known = said[14] > 0
        return cls(
            granted=int(said[0]),
            grant=int(said[1]),
            born=said[2],
            tied=int(said[3]),
            wait=(said[4], said[5]),
            limit=int(said[6]) if said[6] >= 0 else None,
            free=max(0, int(said[7])) if known else None,
            opens=said[8],
            window=said[9],
            pause=said[10],
            processes=int(said[11]),
            refusals=int(said[12]),
            needed=said[13] > 0,
        )


class Away:
    """For how long a server that failed is left alone, by all budgets that it keeps."""

    __slots__ = ("_lasted", "until")

    def __init__(self) -> None:
        self.until = 0.0
        self._lasted = 0.0  # the last time, unless it has answered since

    def failed(self, now: float) -> None:
        """Leave it alone for a while: longer each time, but not for each of those who had asked at once."""
        if now >= self.until:
            self._lasted = min(_LONGEST_AWAY, max(_AWAY, 2 * self._lasted))
            self.until = now + self._lasted

    def answered(self) -> None:
        """Note that it is back."""
        self._lasted = 0.0


class SharedBudget(Budget):
    """What may be sent on behalf of one principal by this process, one of several."""

    __slots__ = (
        "_asks_at",
        "_away",
        "_born",
        "_grant",
        "_grants",
        "_grown",
        "_known",
        "_landed_since",
        "_lead",
        "_lost_sum",
        "_mark",
        "_noted",
        "_polls",
        "_refused",
        "_silent",
        "_stock",
        "_stock_ends",
        "_tied",
        "asker",
        "name",
        "processes",
    )
    dates = True

    def __init__(self, rules: Rules, processes: int, name: str = "", away: Away | None = None) -> None:
        super().__init__(evolve(rules, share=1 / processes))
        self._own = deque(maxlen=_COUNTED)
        self.name = name
        self.processes: int = processes
        self._grown = 0  # answers to requests that were granted after a tie: a sum, like the next
        self._lost_sum = 0
        self._refused: int | None = None  # the grant of a request that was answered 429, not yet told
        self._away = away or Away()
        self._lead: float | None = None  # the API's clock, less the one here: the most that was seen
        self._begin()

    def _begin(self) -> None:
        self._stock = 0
        self._stock_ends = 0.0
        self._grant = 0
        self._grants: dict[int, int] = {}  # of the requests under way
        self._born = 0.0
        self._tied = 0
        self._asks_at = [0.0, 0.0]
        self._polls = 0
        self._noted: Noted | None = None
        self._mark = 0
        self._silent = False
        self._landed_since = 0  # the last question
        self._known: Answer | None = None
        self.asker: object | None = None  # the event loop in which a question is under way

    def plenty(self, batch: bool) -> bool:
        return False

    def ready(self, batch: bool, now: float) -> float:
        if self.is_alone(now) or self.is_paused(now):
            return super().ready(batch, now)
        if self._has(now):
            return now
        return max(self._asks_at[batch], now + (_TICK if self.asker is None else _LOST))

    def asks(self, batch: bool, now: float) -> bool:
        """Say whether it is time to ask the server."""
        if self.is_alone(now):
            return False
        if self._refused is not None:
            return True
        return not self.is_paused(now) and not self._has(now) and now >= self._asks_at[batch]

    def is_alone(self, now: float) -> bool:
        """Say whether the server is left alone, since it failed."""
        return now < self._away.until

    def is_due(self, waited: bool, now: float, *, again: bool = False) -> bool:
        """Say whether others may wait for what the server was not yet told; `again`, right after it was told: do wait.

        If somebody is `waited` for here, the next question tells it, but for a pause, in which none is asked.
        """
        since, known = self._landed_since, self._known
        if known is None or self.is_alone(now):
            return False
        if self._refused is not None:
            return True
        if not since or (waited and not self.is_paused(now)):
            return False
        if known.needed or again:
            return known.needed
        scarce = known.free is not None and since * _FEW >= known.free
        return since >= _FEW or (scarce and self.in_flight == 0)

    def sent(self, batch: bool, now: float) -> int:
        number = super().sent(batch, now)
        if not self.is_alone(now):
            self._stock -= 1
            self._grants[number] = self._grant
        return number

    def withdrawn(self, number: int) -> None:
        super().withdrawn(number)
        if self._grants.pop(number, None) is not None:
            self._stock += 1

    def wait(self, position: int, batch: bool, now: float) -> float:
        if self.is_alone(now):
            return super().wait(position, batch, now)
        known = self._known
        if self.is_paused(now):
            first = (self.paused_until or now) - now
        elif self._has(now) and position < self._stock:
            return 0.0
        else:
            first = max(0.0, self._asks_at[batch] - now)
        if known is None or known.limit is None or (first <= _SLOWEST and position < (known.free or 0)):
            return first
        ours = max(1, int(known.limit * (1 - (self.rules.reserve if batch else 0)) / known.processes))
        windows = position // ours
        if windows and first <= _SLOWEST:
            first = max(first, self.opens_at - now)
            windows -= 1
        return first + windows * self.window

    def idle(self, now: float) -> bool:
        return super().idle(now) and not self._has(now) and self.asker is None

    def inherited(self) -> None:
        """Forget what is the parent's: its permits, and its name at the server."""
        super().inherited()
        self._grown = self._lost_sum = 0
        self._refused = None
        self._begin()

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
        grant = self._ended(number, grown=True)
        self._note(grant, now, limit, remaining, reset, until)
        first = reset != self.reset or now >= self.opens_at
        self._silent = False
        super().reported(number, now, limit=limit, remaining=remaining, reset=reset, until=until if first else None)

    def answered(self, number: int, now: float, *, telling: bool) -> None:
        self._ended(number, grown=True)
        self._lost_sum += 1
        self._silent = self._silent or telling
        super().answered(number, now, telling=telling)

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
        grant = self._ended(number, grown=False)
        self._refused = grant if self._refused is None else max(self._refused, grant)
        if limit is not None:
            self._note(grant, now, limit, 0, reset, until)
        super().limited(number, now, pause=pause, chance=chance, limit=limit, reset=reset, until=until)

    def lost(self, number: int, now: float) -> None:
        self._ended(number, grown=False)
        self._lost_sum += 1
        super().lost(number, now)

    def question(self, interactive: int, batch: int, now: float) -> Question:
        """Return what to tell and to ask of the server, if so many wait in each lane.

        If nobody does, permits that are left over are given back.
        """
        if not interactive and not batch:
            self._stock = 0
        noted, pause = self._noted, max(0.0, (self.paused_until or 0.0) - now)
        report: tuple[float | None, ...] = (None,) * 5
        if noted is not None:
            left = None if noted.ends is None else max(0.0, noted.ends - now)
            report = (noted.grant, noted.remaining, noted.limit, noted.reset, left)
        told = (
            self.in_flight + (self._stock if self._has(now) else 0),
            interactive,
            batch,
            self._grown,
            self._tied,
            self._lost_sum,
            int(self._silent),
            *report,
            None if self._lead is None else self._lead + now,
            self._refused,
            pause,
            self.rules.reserve,
            int(self.rules.paced),
            self.rules.cap,
            self._born,
        )
        arguments = tuple("" if each is None else each for each in told)
        return Question(arguments, noted, self._refused, self._lead, self._grown, self._landed_since, now)

    def told(self, question: Question, answer: Answer | None, now: float, chance: float) -> None:
        """Learn from the answer to a question. `chance` is from 0 up to 1, to keep processes apart."""
        if answer is None:
            self.away(now)
            return
        self._away.answered()
        self._landed_since = max(0, self._landed_since - question.landed)
        if self._noted is question.noted:
            self._noted = None
        if self._refused == question.refused:
            self._refused = None
        if self._lead == question.lead:
            self._lead = None
        if answer.born != self._born:  # it has lost what it knew: its numbers begin anew
            self._born = answer.born
            self._stock = self._mark = 0
            self._grants = dict.fromkeys(self._grants, 0)
            if self.is_paused(now) and not answer.pause:
                self._refused = 0
        self._stock = (self._stock if self._has(now) else 0) + answer.granted
        self._stock_ends = question.asked + _LEASE
        if answer.tied != self._tied:  # what came in the meantime was sent before
            self._grown = question.grown
        self._grant, self._tied = answer.grant, answer.tied
        self._known = answer
        self._ask_again(answer, now, chance)
        self._believe(answer, now)

    def away(self, now: float) -> None:
        """Note that the server could not be asked: this process goes on by itself for a while."""
        self._away.failed(now)
        self._stock = 0
        self._asks_at = [0.0, 0.0]

    def _has(self, now: float) -> bool:
        return self._stock > 0 and now < self._stock_ends

    def _ended(self, number: int, *, grown: bool) -> int:
        """Note that a request is not under way any more. Return its grant, 0 if it had none."""
        grant = self._grants.pop(number, 0)
        self._landed_since += 1
        if grown and grant > self._tied:
            self._grown += 1
        if self._known is not None and self._known.needed:
            self._asks_at = [0.0, 0.0]
        return grant

    def _note(
        self, grant: int, now: float, limit: int | None, remaining: int, reset: int | None, until: float | None
    ) -> None:
        ends = None if until is None else now + until
        if until and reset is not None:
            lead = reset - until - now
            self._lead = lead if self._lead is None else max(lead, self._lead)
        noted = self._noted
        later = noted is not None and noted.reset is not None and reset is not None and reset > noted.reset + 1
        if noted is None or later or grant > self._mark:
            self._noted, self._mark = Noted(grant, remaining, limit, reset, ends), self._grant
            return
        older = noted.reset is not None and reset is not None and reset < noted.reset - 1
        if remaining < noted.remaining and not older:
            self._noted = evolve(noted, remaining=remaining, grant=max(grant, noted.grant))

    def _ask_again(self, answer: Answer, now: float, chance: float) -> None:
        soon = any(wait < 0 for wait in answer.wait)
        self._polls = self._polls + 1 if soon and not answer.granted else 0
        poll = min(_SLOWEST, _SOON * _SLOWER**self._polls) * (0.5 + chance)
        at_once = answer.needed and self._landed_since > 0
        self._asks_at = [now + (0.0 if at_once else poll if wait < 0 else wait) for wait in answer.wait]

    def _believe(self, answer: Answer, now: float) -> None:
        """Let the budget of this process know what all of them know."""
        self._refusals = answer.refusals
        if answer.processes != self.processes:
            self.processes = answer.processes
            self.rules = evolve(self.rules, share=1 / answer.processes)
            self._learn(self.limit)
        if answer.pause:
            self.paused_until = now + answer.pause
        if answer.free is None:
            return
        if answer.limit != self.limit:
            self._learn(answer.limit)
        self.bound = answer.free + self._stock + self.in_flight
        self._heard = self._sent
        self.window = max(self.window, answer.window)
        self.opens_at = now + answer.opens
