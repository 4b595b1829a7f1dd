"""What goes wrong with events between Clio and a receiver: lost, late, in another order, twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from .deliveries import Delivery

__all__ = ["Mishap", "MishapPlan", "Mishaps"]


@frozen(kw_only=True)
class Mishap:
    """What goes wrong with one event."""

    lost: bool = False
    """Whether it is never sent."""
    later: float = 0.0
    """Seconds by which it is late: others may overtake it."""
    again: tuple[float, ...] = ()
    """Seconds after which it is sent once more, as if it were another one."""
    unheard: int = 0
    """How often it arrives and the answer does not, so that it is sent again."""


MishapPlan: TypeAlias = Callable[[int, "Delivery"], Mishap | None]
"""Says what goes wrong with an event, given how many came before it since the plan was set."""


class Mishaps:
    """Ready plans. Any function of (index, delivery) is one."""

    @staticmethod
    def none(_index: int, _delivery: Delivery) -> Mishap | None:
        """Nothing goes wrong."""
        return None

    @staticmethod
    def seeded(
        seed: int,
        *,
        lost: float = 0.0,
        late: float = 0.0,
        twice: float = 0.0,
        unheard: float = 0.0,
        within: float = 3_600.0,
    ) -> MishapPlan:
        """Let that share of the events be lost, late, sent twice, or answered in vain: lateness is up to `within` s.

        The same seed and index give the same mishap.
        """

        def plan(index: int, _delivery: Delivery) -> Mishap:
            dice = random.Random(f"{seed}/{index}")  # noqa: S311 - a reproducible plan, not a secret
            return Mishap(
                lost=dice.random() < lost,
                later=dice.random() * within if dice.random() < late else 0.0,
                again=(dice.random() * within,) if dice.random() < twice else (),
                unheard=int(dice.random() < unheard),
            )

        return plan
