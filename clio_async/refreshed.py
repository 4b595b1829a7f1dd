"""`Refreshed`: what has become of records that a caller keeps copies of."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import frozen

__all__ = ["Refreshed"]

N = TypeVar("N")
K = TypeVar("K")


@frozen(repr=False, kw_only=True)
class Refreshed(Generic[N, K]):
    """What `refresh` found of each record that it was given, once, each group in the order given.

    Every record is in one of the groups. It is there as it was at some moment between the beginning and the end of the
    call: what is written meanwhile may or may not be seen.
    """

    changed: tuple[N, ...] = ()
    """The records as they are now that differ from what was given, or of which that could not be told."""
    unchanged: tuple[K, ...] = ()
    """The objects that were given and are as they were, in all that was compared."""
    missing: tuple[int | str, ...] = ()
    """The ids that Clio did not answer. The record was deleted, or this user may not see it any more."""
    gone: tuple[int | str, ...] = ()
    """The ids that were asked for alone, and answered 404 or 410. Clio may say that of what is hidden, too."""
    unlisted: tuple[K, ...] = ()
    """With `since` alone: the objects that were given and were not asked about, because the list of what has changed
    since then did not hold them. Their own attributes are as they were; whether they still exist is not known."""

    def __repr__(self) -> str:
        counts = [f"{len(self.changed)} changed", f"{len(self.unchanged)} unchanged", f"{len(self.missing)} missing"]
        more = [(self.gone, "gone"), (self.unlisted, "unlisted")]
        return f"<Refreshed: {', '.join([*counts, *[f'{len(found)} {name}' for found, name in more if found]])}>"
