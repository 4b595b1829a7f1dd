"""How a file is uploaded: in which parts, until when an address is good, and what refusals ask for.

See https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import islice
from typing import Literal, TypeAlias, TypeVar

from attrs import frozen

from ..errors import InvalidArgument
from .storage import meaning

__all__ = [
    "BATCH",
    "LEAST_PART",
    "LIFE",
    "MOST_FINISHES",
    "MOST_PART",
    "MOST_PARTS",
    "PART_SIZE",
    "Finish",
    "Plan",
    "Remedy",
    "after_finishing",
    "after_refusal",
    "batches",
    "can_be",
    "is_old",
    "pause",
    "plan",
]

T = TypeVar("T")

PART_SIZE = 8 * 1024 * 1024
"""Bytes of a part, unless the caller says otherwise; what is no longer is sent in one piece."""
LEAST_PART = 5 * 1024 * 1024
"""Bytes that each part but the last has to have. Clio says 5 MB; storage that counts in MiB takes this, too."""
MOST_PART = 5 * 1024**3
"""Bytes that a storage takes in one request."""
MOST_PARTS = 10_000
BATCH = 50
"""Parts that Clio gives addresses for in one request."""
LIFE = 600.0
"""Seconds for which an address is good, by Clio's schema. Its prose says eight hours."""
_MARGIN = 60.0  # of the life: for what happens between Clio's signature and the storage's check of it
_GRAIN = 1024 * 1024


@frozen
class Plan:
    """How a file is cut."""

    size: int | None
    """Bytes. None while they are not known."""
    part_size: int | None
    """Bytes of each part but the last. None: one piece."""

    @property
    def count(self) -> int | None:
        """How many parts there are; None while that is not known."""
        if self.part_size is None:
            return 1
        return None if self.size is None else max(1, -(-self.size // self.part_size))

    def extent(self, number: int) -> tuple[int, int]:
        """Return the offset and the length of a part, in bytes. Numbers begin with 1.

        Where the size is not known, each part is taken for a whole one.
        """
        if self.part_size is None:
            return 0, self.size or 0
        first = (number - 1) * self.part_size
        return first, self.part_size if self.size is None else min(self.part_size, self.size - first)

    def missing(self, arrived: Container[int]) -> Iterator[int]:
        """Yield the numbers of the parts that have not arrived, where the size is known."""
        return (number for number in range(1, (self.count or 0) + 1) if number not in arrived)


def plan(size: int | None, part_size: int) -> Plan:
    """Return how a file of `size` bytes is cut; one whose size is not known is cut into parts.

    `part_size` grows as far as it must for there to be no more than `MOST_PARTS`.

    :raises InvalidArgument: if a part may not be of that size, or the file would be of more parts than may be.
    """
    if type(part_size) is not int or not LEAST_PART <= part_size <= MOST_PART:
        raise InvalidArgument("part_size is a number of bytes from 5 MiB, which Clio asks for, to 5 GiB.")
    if size is not None and size <= part_size:
        return Plan(size, None)
    if size is not None and size > part_size * MOST_PARTS:
        part_size = -(-size // (MOST_PARTS * _GRAIN)) * _GRAIN
        if part_size > MOST_PART:
            raise InvalidArgument("The file is larger than ten thousand parts of 5 GiB: it cannot be uploaded.")
    return Plan(size, part_size)


def can_be(size: int | None, part_size: int | None) -> bool:
    """Whether a file that is cut so can have been begun, and can be continued."""
    if part_size is None:
        return size is None or size <= MOST_PART
    return LEAST_PART <= part_size <= MOST_PART


def batches(items: Iterable[T], most: int = BATCH) -> Iterator[list[T]]:
    """Yield items in lists of as many as go into one request."""
    rest = iter(items)
    while batch := list(islice(rest, most)):
        yield batch


def is_old(asked_at: float, now: float) -> bool:
    """Whether an address that was asked for then should not be used for a request that begins now (seconds)."""
    return now - asked_at >= LIFE - _MARGIN


Remedy: TypeAlias = Literal["renew", "again", "none"]
"""What to do about a refusal of the storage: ask for another address, send the bytes once more, or give up."""
_MOST_RENEWALS = 2


def after_refusal(status: int, code: str | None, times: int) -> Remedy:
    """Say what to do when the storage has refused a piece for the `times`-th time.

    What a 404 lacks is the upload in parts that the address was for; a new address may lead to another.
    """
    found = meaning(status, code)
    if found == "expired" or status == 404:
        return "renew" if times <= _MOST_RENEWALS else "none"
    return "again" if found == "corrupt" and times <= 1 else "none"


Finish: TypeAlias = Literal["again", "missing", "look", "none"]
"""What to do when Clio does not call an upload finished: say it once more, send the bytes, or read what is there."""
_ANSWERS = frozenset({400, 409, 412, 422})


def after_finishing(type: str | None, status: int) -> Finish:
    """Say what to do when Clio has refused to call an upload finished. The type decides, since statuses vary.

    An upload that is finished already is refused, too: so what is there has to be read.
    """
    if type == "UploadTimeoutError" or status >= 500:
        return "again"
    if type == "UploadNotFoundError":
        return "missing"
    return "look" if status in _ANSWERS else "none"


MOST_FINISHES = 6
"""How often Clio is told that the bytes are there."""


def pause(times: int) -> float:
    """Return the seconds, at most, to wait after the `times`-th attempt."""
    return min(30.0, 2.0**times)
