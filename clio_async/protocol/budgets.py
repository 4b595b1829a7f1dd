"""How many repetitions there may be, so that those who wait do not become a second outage: `RetryBudget`."""

from __future__ import annotations

from collections import OrderedDict

__all__ = ["RetryBudget"]

_EARNED = 1  # by a call. In tenths of a repetition: ten calls earn one, and whole numbers add up exactly.
_PRICE = 10  # of a repetition
_OF_PRINCIPAL = 100  # what a principal may owe
_OF_ORIGIN = 1000  # what all principals of one server may owe together


class RetryBudget:
    """Let one repetition pass for ten calls, and a few more at first: 10 for a principal, 100 for a server.

    A repetition has to be paid for in both places, so the outage of one principal leaves the others what they need.
    Only debts are kept: where nothing was repeated, there is nothing to look up. Of more than `kept` debts, the one
    that was added to least recently is forgotten.
    """

    __slots__ = ("_kept", "owed")

    def __init__(self, kept: int = 10_000) -> None:
        self._kept = kept
        self.owed: OrderedDict[str, int] = OrderedDict()
        """In tenths of a repetition, by principal and by server. Empty: a call need not be told of."""

    def earn(self, principal: str, origin: str) -> None:
        """Note a call."""
        for key in (principal, origin):
            debt = self.owed.get(key, 0)
            if debt > _EARNED:
                self.owed[key] = debt - _EARNED
            elif debt:
                del self.owed[key]

    def take(self, principal: str, origin: str) -> bool:
        """Say whether there may be one repetition more, and count it."""
        of_principal, of_origin = (self.owed.get(key, 0) + _PRICE for key in (principal, origin))
        if of_principal > _OF_PRINCIPAL or of_origin > _OF_ORIGIN:
            return False
        self._owe(principal, of_principal)
        self._owe(origin, of_origin)
        return True

    def _owe(self, key: str, debt: int) -> None:
        self.owed[key] = debt
        self.owed.move_to_end(key)
        if len(self.owed) > self._kept:
            self.owed.popitem(last=False)
