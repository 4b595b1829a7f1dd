"""How a file is cut, how long an address is good, and what refusals ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import InvalidArgument
from clio_async.protocol import upload_plan as decide
from clio_async.protocol.upload_plan import Plan

SIZES = st.integers(0, 5 * 1024**4)
PARTS = st.integers(decide.LEAST_PART, decide.MOST_PART)


@given(SIZES, PARTS)
def test_parts_cover_the_file_once(size: int, part_size: int) -> None:
    """Part by part without a gap; each but the last of the same, sufficient size; never more than may be."""
    found = decide.plan(size, part_size)
    assert found.count is not None
    assert 1 <= found.count <= decide.MOST_PARTS
    last = found.extent(found.count)
    assert size == sum(last)
    if found.part_size is not None:
        assert part_size <= found.part_size <= decide.MOST_PART
        assert (0, found.part_size) == found.extent(1)
        assert 0 < last[1] <= found.part_size
        assert found.extent(found.count - 1) == (last[0] - found.part_size, found.part_size)
    else:
        assert size <= part_size


@given(st.integers(1, 200), st.sets(st.integers(1, 200)))
def test_what_has_not_arrived_is_missing(count: int, arrived: set[int]) -> None:
    """Each number that has not arrived, in order, in batches of fifty at most."""
    missing = [*Plan(count * 10, 10).missing(arrived)]
    assert [number for number in range(1, count + 1) if number not in arrived] == missing
    batches = [*decide.batches(missing)]
    assert missing == [number for batch in batches for number in batch]
    assert all(0 < len(batch) <= 50 for batch in batches)
    assert all(len(batch) == 50 for batch in batches[:-1])


def test_where_one_piece_ends() -> None:
    """What is as long as a part is sent in one piece, one byte more in two; an empty file is one piece."""
    eight = decide.PART_SIZE
    assert [(None, 1), (None, 1), (eight, 2)] == [
        (found.part_size, found.count) for found in (decide.plan(size, eight) for size in (0, eight, eight + 1))
    ]
    assert (eight, None) == (decide.plan(None, eight).part_size, decide.plan(None, eight).count)
    assert [] == [*decide.plan(None, eight).missing(())]


@pytest.mark.parametrize("part_size", [0, decide.LEAST_PART - 1, decide.MOST_PART + 1, 6e6, True, None])
def test_a_part_has_a_size_that_clio_takes(part_size: object) -> None:
    """Less than 5 MiB would be refused at the end, when all bytes were sent."""
    with pytest.raises(InvalidArgument, match="5 MiB"):
        decide.plan(1, part_size)  # type: ignore[arg-type]


def test_parts_grow_so_that_ten_thousand_are_enough() -> None:
    """By whole MiB, as little as does it; a file for which they cannot is refused."""
    most = decide.LEAST_PART * decide.MOST_PARTS
    assert decide.LEAST_PART == decide.plan(most, decide.LEAST_PART).part_size
    assert 6 * 1024 * 1024 == decide.plan(most + 1, decide.LEAST_PART).part_size
    assert decide.MOST_PART == decide.plan(decide.MOST_PART * decide.MOST_PARTS, decide.LEAST_PART).part_size
    with pytest.raises(InvalidArgument, match="ten thousand"):
        decide.plan(decide.MOST_PART * decide.MOST_PARTS + 1, decide.LEAST_PART)


def test_an_address_is_renewed_before_its_life_ends() -> None:
    """Ten minutes less one (C9)."""
    assert [False, False, True] == [decide.is_old(1000.0, now) for now in (1000.0, 1539.9, 1540.0)]


@pytest.mark.parametrize(
    ("status", "code", "remedies"),
    [
        (403, "AccessDenied", ["renew", "renew", "none"]),
        (403, None, ["renew", "renew", "none"]),
        (400, "ExpiredToken", ["renew", "renew", "none"]),
        (404, "NoSuchUpload", ["renew", "renew", "none"]),
        (400, "BadDigest", ["again", "none", "none"]),
        (412, None, ["again", "none", "none"]),
        (400, "InvalidArgument", ["none", "none", "none"]),
        (503, "SlowDown", ["none", "none", "none"]),
    ],
)
def test_what_a_refusal_asks_for(status: int, code: str | None, remedies: list[str]) -> None:
    """A new address twice, the same bytes once; what may pass by itself was repeated before."""
    assert remedies == [decide.after_refusal(status, code, times) for times in (1, 2, 3)]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_the_type_tells_what_finishing_lacks(status: int) -> None:
    """Whatever the status is."""
    assert "again" == decide.after_finishing("UploadTimeoutError", status)
    assert "missing" == decide.after_finishing("UploadNotFoundError", status)


def test_what_else_finishing_may_be_answered() -> None:
    """A server's failure may pass; a refusal of the update may mean that it is done; others are what they are."""
    statuses = (500, 503, 400, 409, 412, 422, 401, 403, 404, 410, 429)
    assert ["again"] * 2 + ["look"] * 4 + ["none"] * 5 == [decide.after_finishing("X", status) for status in statuses]
    assert "look" == decide.after_finishing(None, 422)


def test_pauses_double_up_to_half_a_minute() -> None:
    """At most; the dice take any part of them."""
    assert [2.0, 4.0, 8.0, 16.0, 30.0, 30.0] == [decide.pause(times) for times in range(1, 7)]


def test_parts_of_a_file_of_unknown_size_are_whole_ones() -> None:
    """How far a stream had come is counted by them when it is continued."""
    plan = Plan(None, 10)
    assert [(0, 10), (10, 10), (20, 10)] == [plan.extent(number) for number in (1, 2, 3)]
