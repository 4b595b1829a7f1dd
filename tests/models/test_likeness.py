"""Whether a record shows what was sent in another way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.models import Activity, Contact, Matter
from clio_async.models.likeness import different, is_alike, is_rounded

MOMENT = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
TRUE, FALSE = ("truth", True), ("truth", False)


@pytest.mark.parametrize(
    ("sent", "shown", "alike"),
    [
        ("x ", "x", True),
        ("a\r\nb", "a\nb", True),
        ("a", "A", False),
        ("", None, True),
        (" ", "", True),
        (None, "a", False),
        (MOMENT.replace(microsecond=999_999), MOMENT, True),
        (MOMENT.replace(second=1), MOMENT, False),
        (MOMENT.replace(tzinfo=None), MOMENT, False),
        (Decimal("10.004"), Decimal(10), True),
        (Decimal("10.01"), Decimal(10), False),
        (Decimal("NaN"), Decimal(1), False),
        (Decimal("1e999999999"), Decimal(1), False),
        ("5", Decimal("5.0"), True),
        (Decimal(5), "5.0", True),
        (Decimal(5), "6", False),
        ("5", "5.0", True),
        ("five", Decimal(5), True),
        ("five", "six", False),
        ("true", TRUE, True),
        (FALSE, "False", True),
        (FALSE, "true", False),
        (TRUE, Decimal(1), True),
        (Decimal(0), FALSE, True),
        (Decimal(0), TRUE, False),
        (Decimal(2), TRUE, False),
        (Decimal(1), None, False),
        (True, False, False),
        (("a",), ("b",), False),
    ],
)
def test_what_is_one_and_the_same(sent: Any, shown: Any, alike: bool) -> None:
    """White space, line ends, seconds, cents, and numbers and truths as texts make no difference. Letters do."""
    assert alike == is_alike(sent, shown) == is_alike(shown, sent)


@pytest.mark.parametrize(
    ("sent", "shown", "timed", "rounded"),
    [
        (420, 720, True, True),
        (420, 720, False, False),
        (420, 700, True, False),
        (360, 720, True, False),
        (300, 0, True, False),
        ("0.3333", "0.4", True, True),
        ("0.3", "0.4", True, False),
        ("10.05", "10.1", False, False),
    ],
)
def test_time_is_rounded_to_six_minutes(sent: Any, shown: Any, timed: bool, rounded: bool) -> None:
    """In seconds or in hours, to whole parts of that."""
    assert rounded == is_rounded(Decimal(sent), Decimal(shown), timed=timed)


@given(st.integers(1, 10**9))
def test_rounding_up_is_always_explained(seconds: int) -> None:
    """Whatever number of seconds it is."""
    assert is_rounded(Decimal(seconds), Decimal(-(-seconds // 360) * 360), timed=True)


def test_what_differs_is_named_once() -> None:
    """Rows that are another, too; and not what is not shown."""
    found = Contact.from_dict({"id": 1, "email_addresses": [{"id": 5, "name": "Work", "address": "a@b.test"}]})
    sent = {"email_addresses": [{"id": 5, "name": "Home", "address": "c@b.test"}], "prefix": "Dr"}
    assert ("email_addresses",) == different("Contact", sent, found)
    assert () == different("Activity", {"quantity": 420}, Activity.from_dict({"id": 1, "quantity": 720}))


@pytest.mark.parametrize(
    ("earlier", "names"),
    [
        (None, ("description",)),
        ({"description": "as it was"}, ("description",)),
        ({"description": "old"}, ()),
        ({}, ("description",)),
    ],
)
def test_what_was_there_before_tells_what_was_dropped(earlier: Any, names: tuple[str, ...]) -> None:
    """A record that shows neither what was there nor what was sent has not dropped it."""
    before = None if earlier is None else Matter.from_dict({"id": 1, **earlier})
    assert names == different("Matter", {"description": "new"}, Matter.from_dict({"description": "as it was"}), before)
