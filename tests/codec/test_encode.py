"""Python values out as JSON text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.codec import dump, parse
from clio_async.codec.frozen import DEEPEST
from clio_async.errors import InvalidArgument
from clio_async.secrets import Secret


class Colour(Enum):
    RED = "red"


class Seconds(int):
    pass


class Nowhere(tzinfo):
    """A time zone that does not know its offset: what carries it is naive."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+5"), "1E+5"),
        (10.1, "10.1"),
        (3, "3"),
        (Seconds(4), "4"),
        (True, "true"),
        (None, "null"),
        (date(2025, 2, 3), '"2025-02-03"'),
        (datetime(2025, 2, 3, 4, 5, tzinfo=UTC), '"2025-02-03T04:05:00Z"'),
        (datetime(2025, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-4))), '"2025-02-03T08:05:00Z"'),
        (Colour.RED, '"red"'),
        (Level.HIGH, "3"),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"a": (1, [2])}, '{"a":[1,[2]]}'),
    ],
)
def test_each_value_has_one_form(value: object, text: str) -> None:
    """Decimals keep their digits, instants are written in UTC, members stand for their values."""
    assert text == dump(value).decode()


@pytest.mark.parametrize(
    "value",
    [
        datetime(2025, 1, 1),  # noqa: DTZ001 - the naive one is the point
        datetime(2025, 1, 1, tzinfo=Nowhere()),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
        timedelta(hours=1),
        10**5000,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        "\ud800",
        {"\ud800": 1},
        {1: 2},
        Secret("token"),
        object(),
        {1, 2},
        b"bytes",
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    """A naive instant, a number that JSON lacks, half a character, a secret, an unknown type: nothing is guessed."""
    with pytest.raises(InvalidArgument) as caught:
        dump({"data": [value]})
    assert "token" not in str(caught.value)


def test_depth_is_bounded() -> None:
    """A value that contains itself ends in a typed error."""
    value: list[object] = []
    value.append(value)
    with pytest.raises(InvalidArgument, match=str(DEEPEST)):
        dump(value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@given(VALUES, st.decimals(allow_nan=False, allow_infinity=False))
def test_what_is_written_reads_the_same(value: object, number: Decimal) -> None:
    """Law: the standard parser and ours read what was written."""
    assert value == json.loads(dump(value))
    assert number == Decimal(parse(dump([number]))[0])
