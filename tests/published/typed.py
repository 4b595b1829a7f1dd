"""A user's program, for type checkers: what was installed has to tell them all of this."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

from clio_async import Clio, Pages, SyncClio, SyncPages, frozen
from clio_async.models import Matter


@frozen
class Card:
    """What is read of a matter."""

    id: int


async def program(clio: Clio) -> None:
    """Read."""
    assert_type(await clio.matters.get(42), Matter)
    assert_type(clio.matters.list(fields=Card, status="open"), Pages[Card])
    assert_type((await clio.bills.get(1)).balance, Decimal | None)
    await clio.matters.get("42")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def from_threads(clio: SyncClio) -> None:
    """Read without await."""
    assert_type(clio.matters.get(42), Matter)
    assert_type(clio.matters.list(fields=Card), SyncPages[Card])
