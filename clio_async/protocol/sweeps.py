"""How known records are brought up to date: by their tags, in full, one by one, or by what has changed since.

Requests are what is scarce: about fifty a minute (https://docs.developers.clio.com/api-docs/rate-limits). Pages in full
take the fewest, one for as many records as it may name. Pages of tags take those and one more for as many records as
have changed, and a small part of the bytes. So a sweep reads tags as long as that adds little to its requests.
"""

from __future__ import annotations

from math import ceil

from attrs import frozen

__all__ = ["Counts", "by_tags", "goes_on", "requests_for"]

_SUPPOSED = 0.01
"""The part of a page that is taken to have changed, before any was seen."""
_FEWEST = 4
"""Pages in full from which on one more request is worth the bytes it saves."""
_PART = 10
"""The part of the requests that may be added: one in so many."""


def requests_for(records: int, size: int) -> int:
    """Return how many requests so many records take, with `size` of them in each."""
    return -(-records // size)


@frozen
class Counts:
    """How far a sweep has come."""

    records: int
    """All that it is about."""
    tagged: int
    """Those that were not asked for yet, and whose tags tell whether they have changed."""
    whole: int
    """Those that have to be read in full in any case, and were not yet."""
    compared: int = 0
    """Those of which is known whether they had changed."""
    changed: int = 0
    """Those of them that had."""

    def expected(self, size: int) -> int:
        """Return how many of the tagged ones are likely to have changed, as far as was seen.

        What was supposed before has the weight of one page, of `size` records.
        """
        return ceil(self.tagged * (self.changed + _SUPPOSED * size) / (self.compared + size))


def by_tags(counts: Counts, size: int, spare: int | None) -> bool:
    """Say whether to ask for tags next, with `size` records in a request; else in full.

    `spare` are the requests that there is quota for now, if that is known: where those in full would do with it, and
    those by tags would not, these are not worth the wait.
    """
    full = requests_for(counts.tagged + counts.whole, size)
    tags = requests_for(counts.tagged, size) + requests_for(counts.whole + counts.expected(size), size)
    if spare is not None and full <= spare < tags:
        return False
    pages = requests_for(counts.records, size)
    more = requests_for(counts.compared, size) + tags - pages
    return tags <= full or (pages >= _FEWEST and more <= max(1, pages // _PART))


def goes_on(read: int, total: int | None, size: int, rest: int) -> bool:
    """Say whether a list of what has changed is read on after `read` pages of `size` records.

    `rest` are the requests that its records would take otherwise; `total` is how many records it holds, if known.
    """
    return read < rest if total is None else requests_for(total, size) - read < rest
