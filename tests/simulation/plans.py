"""What happens in a run, drawn from a seed: which faults, under which answers to what is unknown of Clio."""

from __future__ import annotations

import random
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from clio_async.testing import Regime
from clio_async.testing.simulator.regime import _OTHER_ANSWERS

__all__ = ["Event", "Plan", "Store", "drawn"]

Store: TypeAlias = Literal["own", "shared", "shaky"]
"""A cache for each process; one for all, which never fails; one for all outside of them, which does."""


@frozen
class Event:
    """Something that happens by itself at a time, in seconds."""

    at: float
    what: str
    number: int
    """Chance, for whoever carries it out."""


@frozen(kw_only=True)
class Plan:
    """All that is decided before a run begins."""

    seed: int
    regime: Regime = field(factory=Regime)
    chosen: tuple[str, ...] = ()
    """The names of the questions to which another answer than the default was drawn."""
    rate: float = 0.15
    """The share of requests of which something goes wrong."""
    late: float = 0.02
    """The share of writes that arrive when their sender has long been told that the connection broke."""
    processes: int = 2
    store: Store = "own"
    tokens_shared: bool = True
    """Whether all processes share a store of tokens."""
    fresh: bool = False
    workers: int = 6
    acts: int = 12
    pause: float = 3.0
    """Seconds between two calls of a worker, on average."""
    events: tuple[Event, ...] = ()


_OUT = {"rate_limit", "if_match", "public_origin", "versions", "token_lifetime"}
"""What is drawn apart from the others, or would be no run at all."""
_QUESTIONS = sorted(_OTHER_ANSWERS.keys() - _OUT)

_EVENTS = (
    *["change"] * 6,
    *["tell"] * 3,
    *["expire"] * 3,
    *["hide", "show"] * 2,
    *["add", "delete", "retire", "serve", "close", "jump", "slow", "down", "hung", "well", "flush"],
)


def drawn(seed: int) -> Plan:
    """Draw the plan of a seed."""
    dice = random.Random(f"plan {seed}")
    chosen = dice.sample(_QUESTIONS, dice.choice([0, 0, 1, 2, 4]))
    if seed % 7:  # some seeds play Clio as it is documented; among the others each question has its turn
        chosen = list(dict.fromkeys([_QUESTIONS[seed % len(_QUESTIONS)], *chosen]))
    answers: dict[str, Any] = {name: dice.choice(_OTHER_ANSWERS[name]) for name in chosen}
    if dice.random() < 0.4:
        answers["rate_limit"] = (dice.choice([10, 30, 50]), 60.0)
    if dice.random() < 0.2:
        answers["if_match"] = dice.choice(["header", "both", "both", "ignored"])
    answers["token_lifetime"] = dice.choice([120, 600, 3_600, 2_592_000, None])
    workers, acts, pause = dice.choice([(3, 20, 1.0), (6, 12, 3.0), (10, 8, 0.2), (4, 12, 20.0)])
    length = acts * (pause + 2.0)
    events = [
        Event(dice.uniform(0.0, length), dice.choice(_EVENTS), dice.randrange(1 << 30))
        for _ in range(dice.choice([4, 12, 25]))
    ]
    if dice.random() < 0.1:
        events.append(Event(dice.uniform(0.3, 1.0) * length, "revoke", 0))
    return Plan(
        seed=seed,
        regime=evolve(Regime(), **answers),
        chosen=tuple(sorted(answers)),
        rate=dice.choice([0.0, 0.05, 0.15, 0.3]),
        late=dice.choice([0.0, 0.02, 0.05]),
        processes=dice.choice([1, 1, 2, 3]),
        store=dice.choice(["own", "shared", "shaky"]),
        tokens_shared=dice.random() < 0.7,
        fresh=dice.random() < 0.4,
        workers=workers,
        acts=acts,
        pause=pause,
        events=tuple(sorted(events, key=lambda event: event.at)),
    )
