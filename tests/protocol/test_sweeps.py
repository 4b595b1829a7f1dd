"""Sweeps: whether tags or whole records are asked for next, and whether a list is read on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.protocol.sweeps import Counts, by_tags, goes_on, requests_for


@pytest.mark.parametrize(("records", "size", "requests"), [(0, 200, 0), (1, 200, 1), (200, 200, 1), (201, 200, 2)])
def test_requests_are_counted_up(records: int, size: int, requests: int) -> None:
    """The last one may be for one record."""
    assert requests == requests_for(records, size)


@pytest.mark.parametrize(
    ("counts", "size", "spare", "tags"),
    [
        (Counts(10_000, 10_000, 0), 200, None, True),  # 51 requests in place of 50
        (Counts(10_000, 10_000, 0), 200, 50, False),  # the 51st would wait for the next window
        (Counts(10_000, 10_000, 0), 200, 51, True),
        (Counts(10_000, 10_000, 0), 200, 49, True),  # it has to wait in any case
        (Counts(10_000, 200, 0, 9_800, 0), 200, None, True),  # the last page
        (Counts(10_000, 9_800, 200, 200, 200), 200, None, False),  # all have changed so far
        (Counts(10_000, 9_800, 20, 200, 20), 200, None, True),
        (Counts(10_000, 9_800, 80, 200, 80), 200, None, False),
        (Counts(601, 601, 0), 200, None, True),
        (Counts(600, 600, 0), 200, None, False),  # too few for one more to be worth it
        (Counts(1, 1, 0), 200, None, False),
        (Counts(300, 200, 100), 200, None, True),  # the second request has room for what has changed
        (Counts(3_000, 3_000, 0), 5, None, True),
        (Counts(100, 100, 0), 1, None, True),
    ],
)
def test_tags_are_asked_for_where_they_add_little(counts: Counts, size: int, spare: int | None, tags: bool) -> None:
    """One request more in ten, of four at least; none where the quota would not do."""
    assert tags == by_tags(counts, size, spare)


@settings(deadline=None)
@given(
    st.integers(1, 20_000),
    st.floats(0, 1),
    st.integers(1, 200),
    st.one_of(st.none(), st.integers(0, 300)),
)
def test_a_sweep_takes_a_tenth_more_than_pages_in_full(
    records: int, share: float, size: int, spare: int | None
) -> None:
    """Law: whatever part has changed, and one page besides, until it was seen that most of them have."""
    left, changed, requests = records, 0.0, 0
    while left and by_tags(Counts(records, left, int(changed), records - left, int(changed)), size, spare):
        page = min(size, left)
        left, changed, requests = left - page, changed + page * share, requests + 1
    requests += requests_for(left, size) + requests_for(round(changed), size)
    full = requests_for(records, size)
    assert requests <= full + max(1, full // 10) + 2


@pytest.mark.parametrize(
    ("read", "total", "rest", "on"),
    [
        (1, 150, 5, True),  # that was all
        (1, 1_200, 5, False),  # five more
        (1, 1_000, 5, True),
        (3, 1_000, 2, False),
        (1, None, 2, True),
        (2, None, 2, False),
    ],
)
def test_a_list_is_read_on_while_it_is_the_shorter_way(read: int, total: int | None, rest: int, on: bool) -> None:
    """Compared with what is left to be asked for otherwise."""
    assert on == goes_on(read, total, 200, rest)
