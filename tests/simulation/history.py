"""What was done in a run, by whom, and apart from it what the server did: plain records, which checks read later.

Everything has a `step`, a number that grows with each thing that happens, so that what happens at one moment of
virtual time has an order. Times are seconds of the loop.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any, TypeAlias

from attrs import asdict, define, field, frozen

__all__ = ["Act", "Applied", "Happened", "History", "Key", "Sent", "base_of", "home_of", "own_of"]

Key: TypeAlias = tuple[str, str, int]
"""A record: the firm it is of ("us1"), its resource and id."""


@define
class Act:
    """A call of somebody, and what became of it."""

    number: int
    kind: str
    who: str
    """The principal."""
    home: str
    """The principal's firm."""
    process: str
    key: Key | None = None
    """The record that it is about, if it is about one."""
    sent: str | None = None
    """What marks the value that it writes."""
    guarded: bool = False
    timeout: float | None = None
    began: int = 0
    began_at: float = 0.0
    ended: int | None = None
    ended_at: float = 0.0
    cancel_at: float | None = None
    """When it was cancelled."""
    outcome: str = ""
    """"done", "cancelled", or the name of the error."""
    typed: bool = True
    """Whether the error is one of ours."""
    accepted: bool = False
    """Of an unknown outcome: whether the server has said that it was done."""
    status: int | None = None
    told: str = ""
    """What was said beside that: the state that `reconcile` found."""
    of: int | None = None
    """The act that this one asks about."""
    seen: list[tuple[Key, str | None]] = field(factory=list[Any])
    """What was shown of records: the text of each, None of one that is not there."""
    whole: bool = False
    """Whether all that there is was to be seen."""


@frozen
class Applied:
    """A change of a record that was carried out. `value` is None for a deletion."""

    step: int
    key: Key
    value: str | None
    created: bool = False


@define
class Sent:
    """A request as the transport saw it."""

    step: int
    at: float
    process: str
    who: str
    """The fingerprint of the principal, "oauth" for a request for a token, "storage" for one to where files are."""
    method: str
    url: str
    owner: str
    """The firm whose token it carries, if it carries any."""
    series: int = 0
    """What it repeats: requests of one series are attempts of one call."""
    first: bool = True
    came: str = ""
    """The status, or the name of the error."""
    came_at: float | None = None
    pause: float = 0.0
    """For how many seconds a 429 asks."""
    about: str = ""
    """Of a request for a token: whose grant."""


@frozen
class Happened:
    """Something that nobody called for: a record was hidden, a token ended, a process closed."""

    step: int
    at: float
    what: str
    about: Any = None


@define
class History:
    """All of one run."""

    seed: int = 0
    fresh: bool = False
    shared: bool = False
    """Whether all processes share a store that never fails."""
    slow: bool = False
    """Whether the store is outside the processes, and may be slow."""
    guards: bool = True
    """Whether the server heeds `If-Match`."""
    cursors: bool = True
    """Whether a walk of several pages can be whole while others write."""
    lifetime: float | None = None
    """Of an access token, in seconds."""
    acts: list[Act] = field(factory=list[Act])
    applied: list[Applied] = field(factory=list[Applied])
    sent: list[Sent] = field(factory=list[Sent])
    happened: list[Happened] = field(factory=list[Happened])
    refused: dict[str, int] = field(factory=dict[str, int])
    """By process, how many calls were refused for want of quota before they were sent."""
    left: list[str] = field(factory=list[str])
    """What was left when all was over."""
    steps: int = 0

    def step(self) -> int:
        """Return the number of the next step."""
        self.steps += 1
        return self.steps

    def timelines(self) -> dict[Key, list[Applied]]:
        """Return what each record was, one after the other."""
        found: defaultdict[Key, list[Applied]] = defaultdict(list)
        for change in self.applied:
            found[change.key].append(change)
        return found

    def digest(self) -> str:
        """Return what differs if anything of the run differs."""
        lines = [repr(asdict(each)) for part in (self.acts, self.applied, self.sent, self.happened) for each in part]
        return hashlib.sha256("\n".join([*lines, *self.left]).encode()).hexdigest()


def home_of(value: str) -> str:
    """Return the firm that a value was written in."""
    return value.split("|")[0]


def own_of(value: str) -> str:
    """Return what marks a value."""
    return value.split("|")[1] if value.count("|") == 2 else value


def base_of(value: str) -> str:
    """Return what marks the value that its writer had read; "*" if it had read none."""
    return value.split("|")[2] if value.count("|") == 2 else "*"
