"""How a budget is used, whatever it is: `Rules`, and the `Reserve` of interactive calls."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Reserve", "Rules"]

_QUIET = 60.0  # seconds for which the reserve binds after an interactive call, if the length of a window is not known


@frozen
class Rules:
    """How a budget is used, whatever it is."""

    share: float = 1.0
    """The part of each window that is used here; the rest is for others who use the same token."""
    reserve: float = 0.0
    """The part of that which a batch leaves to interactive calls, while there are any."""
    paced: bool = False
    """Whether a batch is spread over the window, instead of going in one burst."""
    cap: float = 300.0
    """The longest pause in seconds, whatever the server says."""


class Reserve:
    """How many requests of a window a batch leaves: none, unless an interactive call was made in it or the one before.

    The time of such a call is not noted, which would cost every one of them: it is as if it came when the window ends.
    What interactive calls take of a window is taken off its reserve, as far as the window can be told from the next.
    """

    __slots__ = ("_binds", "_part", "_size", "_until", "attended", "held")

    def __init__(self, part: float) -> None:
        self.attended = False  # whether an interactive call was made in this window
        self.held = 0  # how many requests a batch leaves now; whoever sends an interactive one takes it off
        self._part = part
        self._size = 0
        self._binds = False
        self._until = 0.0

    def attend(self) -> None:
        """Note that an interactive call was made, sent or not."""
        self.attended = True
        if not self._binds:
            self._binds, self.held = True, self._size

    def resize(self, quota: int) -> None:
        """Note how many requests a window has."""
        self._size = int(quota * self._part + 1e-9)
        self.held = self._size if self._binds else 0

    def renew(self, now: float, window: float) -> None:
        """Note that the window ends later than it did. `window` is how many seconds it has, 0 if that is not known."""
        if self.attended:
            self._until, self.attended = now + (window or _QUIET), False
        self._binds = now < self._until
        self.held = self._size if self._binds else 0
