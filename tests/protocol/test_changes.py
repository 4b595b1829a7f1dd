"""Marks say where to begin, for whom, and what was given out; whatever else a text is, it is refused."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument
from clio_async.protocol.changes import (
    OVERLAP,
    REMEMBERED,
    Mark,
    Rest,
    Version,
    Walked,
    bound_to,
    read_mark,
    version,
    write_mark,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATE = "Mon, 01 Jun 2026 12:00:00 GMT"
BOUND = bound_to("Matter#index", "/matters.json", "me", "")

INSTANTS = st.datetimes(timezones=st.just(UTC))
DIGESTS = st.frozensets(st.binary(min_size=8, max_size=8), max_size=20)
RESTS = st.builds(Rest, st.text(max_size=30), INSTANTS, DIGESTS)
MARKS = st.builds(Mark, INSTANTS, DIGESTS, st.none() | RESTS)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def seen(number: int, seconds: float | None = 0) -> Version:
    return Version(number.to_bytes(8), None if seconds is None else at(seconds))


def walked(
    mark: Mark,
    *pages: list[Version],
    date: str | None = DATE,
    times: Sequence[datetime] = (),
    told: Sequence[object] = (),
) -> Mark:
    """Walk to the end, and return the next mark. `times` are what the first page has, `told` as it writes them."""
    walk = Walked(mark)
    walk.read(date, [*told, *(one.isoformat() for one in times)])
    for page in pages:
        walk.sift(page)
        walk.passed()
    return walk.mark(None)


# -- versions -----------------------------------------------------------------------------------------------------


def test_a_version_is_told_by_id_etag_and_instant() -> None:
    """Another of them is another version; the same instant with another offset is the same."""
    record: dict[str, Any] = {"id": 1, "etag": '"a"', "updated_at": "2026-06-01T08:00:00-04:00"}
    same = record | {"updated_at": "2026-06-01T12:00:00Z", "description": "x"}
    assert version(record) == version(same)
    assert NOON == version(record).at
    others: list[dict[str, Any]] = [
        {"id": 2},
        {"id": "1"},
        {"etag": '"b"'},
        {"updated_at": "2026-06-01T12:00:01Z"},
        {"updated_at": None},
    ]
    digests = {version(record | other).digest for other in others}
    assert len(others) == len(digests - {None, version(record).digest})


@pytest.mark.parametrize("other", [{"etag": None}, {"etag": 7}, {"id": None}, {"id": [1]}])
def test_without_an_etag_a_version_is_not_known(other: dict[str, Any]) -> None:
    """A second may have seen several, and a second one must not be taken for the first."""
    record = {"id": 1, "etag": '"a"', "updated_at": "2026-06-01T12:00:00Z"} | other
    assert Version(None, NOON) == version(record)
    assert Version(None, None) == version({})


@pytest.mark.parametrize(
    "text", [None, 7, "", "yesterday", "2026-06-01", "2026-06-01T12:00:00", "0001-01-01T00:00+14:00"]
)
def test_an_instant_that_is_none(text: object) -> None:
    """Without a time zone, or out of range: the version is known by id and etag."""
    found = version({"id": 1, "etag": "a", "updated_at": text})
    assert found.at is None
    assert found.digest == version({"id": 1, "etag": "a"}).digest


# -- marks --------------------------------------------------------------------------------------------------------


@given(MARKS)
def test_a_mark_survives_as_a_text(mark: Mark) -> None:
    """Law: what is read is what was written; the text is plain ASCII that fits a URL."""
    text = write_mark(mark, BOUND)
    assert mark == read_mark(text, BOUND)
    assert text.isascii()
    assert "=" not in text


def test_a_mark_is_bound() -> None:
    """To each part of what it was made for."""
    text = write_mark(Mark.of(NOON), BOUND)
    for other in (("Task#index", "", "", ""), ("Matter#index", "/matters.json", "you", ""), ("Matter#index",)):
        with pytest.raises(InvalidArgument, match="other changes"):
            read_mark(text, bound_to(*other))


def content(**changes: object) -> str:
    """A mark with other content."""
    made: dict[str, Any] = json.loads(urlsafe_b64decode(write_mark(Mark.of(NOON), BOUND) + "=="))
    return urlsafe_b64encode(json.dumps({**made, **changes}).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "é", "!!!!", "2026-06-01T12:00:00Z", "\ud800"),
        *(urlsafe_b64encode(raw.encode()).decode() for raw in ("[]", "{}", "7", "null", "[" * 100_000, '{"v": 1}')),
        content(since=None),
        content(since="2026-06-01"),
        content(since="2026-06-01T12:00:00"),
        content(since="0001-01-01T00:00:00+14:00"),
        content(known=7),
        content(known="AAAA"),
        content(known="A"),
        content(known=urlsafe_b64encode(bytes((REMEMBERED + 1) * 8)).decode()),
        content(rest=None),
        content(rest={"at": 7, "since": NOON.isoformat(), "found": ""}),
        content(rest={"at": "x", "since": "", "found": ""}),
        content(rest={"at": "x", "since": NOON.isoformat()}),
    ],
)
def test_what_is_no_mark_is_refused(text: str) -> None:
    """With a word on what to pass."""
    with pytest.raises(InvalidArgument, match="no mark"):
        read_mark(text, BOUND)


def test_a_mark_of_another_version_is_refused() -> None:
    """Of the package, not of the API."""
    with pytest.raises(InvalidArgument, match="this version"):
        read_mark(content(v=2), BOUND)


@given(st.text(max_size=60))
def test_any_text_is_a_mark_or_refused(text: str) -> None:
    """Law: nothing but InvalidArgument comes of it."""
    with pytest.raises(InvalidArgument):
        read_mark(text, BOUND)


def test_a_mark_shows_nothing_of_its_records() -> None:
    """Instants and digests are all that it holds."""
    found = version({"id": 4711, "etag": '"a client"', "updated_at": NOON.isoformat()})
    text = write_mark(walked(Mark.of(NOON), [found]), BOUND)
    assert {"v", "bound", "since", "known"} == json.loads(urlsafe_b64decode(text + "==")).keys()
    assert b"client" not in urlsafe_b64decode(text + "==")
    assert b"4711" not in urlsafe_b64decode(text + "==")


def test_an_instant_is_a_mark() -> None:
    """In UTC, from any time zone; one without is refused, as is one that UTC does not have."""
    berlin = timezone(timedelta(hours=2))
    assert Mark(NOON) == Mark.of(datetime(2026, 6, 1, 14, tzinfo=berlin))
    assert UTC is Mark.of(datetime(2026, 6, 1, 14, tzinfo=berlin)).since.tzinfo
    with pytest.raises(InvalidArgument, match="time zone"):
        Mark.of(datetime(2026, 6, 1))  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidArgument, match="years"):
        Mark.of(datetime.min.replace(tzinfo=berlin))


# -- walks --------------------------------------------------------------------------------------------------------


def test_the_next_walk_begins_with_the_latest_change_less_an_overlap() -> None:
    """Not with the `Date`, which may be ahead of the clock of changes for any length of time."""
    start = Mark.of(at(-3_600))
    assert Mark(at(-120) - OVERLAP) == walked(start, times=[at(-120), at(-600)])
    assert Mark(at(-120) - OVERLAP) == walked(start, times=[at(-120)], date="Thu, 01 Jan 2099 00:00:00 GMT")


def test_the_next_walk_begins_no_later_than_the_date() -> None:
    """Whatever a record says of itself: one may have a time in the future."""
    assert Mark(NOON - OVERLAP) == walked(Mark.of(at(-3_600)), times=[at(86_400), at(-600)])


def test_where_nothing_was_seen_the_mark_stays() -> None:
    """Also when it is an instant of the caller in the server's future, or the first of all."""
    for start in (Mark.of(at(-3_600)), Mark.of(at(86_400)), Mark.of(datetime.min.replace(tzinfo=UTC))):
        assert start == walked(start)
        assert start == walked(start, date=None)
        assert start.since <= walked(start, [seen(1)], times=[at(-90_000)]).since


def test_a_mark_never_goes_back() -> None:
    """What is older than it was seen; a `Date` that is behind does not change that."""
    start = Mark.of(NOON)
    assert NOON == walked(start, times=[at(-300)]).since
    assert NOON == walked(start, times=[at(300)], date="Mon, 01 Jun 2026 09:00:00 GMT").since


def test_later_pages_count_less_the_time_that_has_passed() -> None:
    """What changed while the walk went on may have passed by behind it: that is no reason to begin later."""
    start, later = Mark.of(at(-3_600)), "Mon, 01 Jun 2026 12:05:00 GMT"
    for second, seconds, begins in (
        (later, 250, -600),
        (later, 299, -600),
        (later, -30, -331),
        (DATE, -30, -31),
        ("Mon, 01 Jun 2026 11:59:00 GMT", -30, -600),
        (None, -30, -600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", -30, -600),
    ):
        walk = Walked(start)
        walk.read("Mon, 01 Jun 2026 12:00:00 GMT", [at(-600).isoformat()])
        walk.read(second, [at(-700).isoformat(), at(seconds).isoformat()])
        expected = at(max(begins, min(0, seconds - 301) if second == later else begins)) - OVERLAP
        assert expected == walk.mark(None).since, (second, seconds)


def test_a_later_page_shows_nothing_where_the_first_had_no_date() -> None:
    """How much time passed in between nobody knows."""
    walk = Walked(Mark.of(at(-3_600)))
    walk.read(None, [at(-600).isoformat()])
    walk.read(DATE, [at(-30).isoformat()])
    assert at(-660) == walk.mark(None).since


def test_records_without_an_instant_leave_the_date_to_go_by() -> None:
    """Some resources have no `updated_at`; an empty page shows nothing."""
    start = Mark.of(at(-3_600))
    assert NOON - OVERLAP == walked(start, told=(None, "x")).since
    assert at(-60) - OVERLAP == walked(start, told=(None, at(-60).isoformat())).since
    assert start.since == walked(start, told=(None,), date=None).since
    assert start.since == walked(start, told=("1969-12-31T00:00:00Z",)).since


@pytest.mark.parametrize(
    "date", [None, "", "yesterday", "Mon, 32 Jun 2026 12:00:00 GMT", "Mon, 01 Jun 1026 12:00:00 GMT"]
)
def test_without_a_date_the_latest_record_of_the_first_page_tells(date: str | None) -> None:
    """Never the local clock. What changes later than that is later than the first page."""
    start = Mark.of(at(-3_600))
    times = (None, at(-120).isoformat(), at(-600).isoformat(), "x", "0001-01-01T00:00:00Z")
    assert at(-120) - OVERLAP == walked(start, date=date, told=times).since
    assert start.since == walked(start, date=date, times=[at(-7_200)]).since
    assert start.since == walked(start, date=date).since


def test_what_lies_in_the_overlap_is_remembered() -> None:
    """It would come again; the rest would not. Without an `updated_at` nobody knows."""
    pages = [seen(1, -62), seen(2, -61), seen(3, -60)], [seen(4, 5), seen(5, None)]
    mark = walked(Mark.of(at(-3_600)), *pages, times=[NOON])
    assert frozenset(number.to_bytes(8) for number in (2, 3, 4, 5)) == mark.known


def test_what_was_given_out_is_not_given_out_again() -> None:
    """And is remembered as long as it lies in the overlap. A version without a digest comes each time."""
    unknown = Version(None, NOON)
    first = walked(Mark.of(at(-3_600)), [seen(1), unknown], times=[NOON])
    walk = Walked(first)
    walk.read("Mon, 01 Jun 2026 12:00:30 GMT", [NOON.isoformat()])
    assert [False, True, True] == walk.sift([seen(1), seen(2), unknown])
    walk.passed()
    second = walk.mark(None)
    assert {seen(1).digest, seen(2).digest} == second.known
    later = "Mon, 01 Jun 2026 12:05:00 GMT"
    assert second == walked(second, [seen(1), seen(2)], date=later, times=[NOON])  # a quiet time
    assert {seen(3).digest} == walked(second, [seen(1), seen(3, 200)], date=later, times=[at(200)]).known


def test_a_mark_remembers_a_thousand() -> None:
    """The latest ones; it stays a text of about ten kilobytes."""
    versions = [seen(number, number / 1_000) for number in range(REMEMBERED + 7)]
    undated = seen(REMEMBERED + 7, None)
    assert undated.digest in walked(Mark.of(NOON), [*versions, undated]).known
    for order in (versions, versions[::-1]):
        mark = walked(Mark.of(NOON), order)
        assert {one.digest for one in versions[7:]} == mark.known
        assert len(write_mark(mark, BOUND)) < 15_000
        assert mark == read_mark(write_mark(mark, BOUND), BOUND)


def test_many_pages_are_accounted_for_in_little_room() -> None:
    """What a mark would not remember is let go on the way, without another mark coming of it."""
    walk = Walked(Mark.of(NOON))
    walk.read(DATE, ())
    numbers = [*range(0, 20_000, 2), *range(19_999, 0, -2)]
    for start in range(0, 20_000, 200):
        walk.sift([seen(number, number) for number in numbers[start : start + 200]])
        walk.passed()
        assert len(walk._remembered) <= 4 * REMEMBERED + 200
    assert {seen(number).digest for number in range(19_000, 20_000)} == walk.mark(None).known


def test_a_multitude_at_the_end_of_a_quiet_time_is_let_go() -> None:
    """More than a mark remembers would come again in each walk: once `Date` says that they are over, the overlap ends
    with the latest. Before that they do come again, and where there is no `Date`.
    """
    start = Mark.of(at(-3_600))
    many = [seen(number, -number / 30) for number in range(REMEMBERED + 500)]  # 50 seconds
    for date, begins, again in (
        (DATE, -60, 500),
        ("Mon, 01 Jun 2026 12:00:30 GMT", -30, 0),
        ("Mon, 01 Jun 2026 12:10:00 GMT", -1, 0),
        (None, -60, 500),
    ):
        mark = walked(start, many, date=date, times=[NOON])
        assert at(begins) == mark.since
        assert again == len([one for one in many if (one.at or NOON) >= mark.since and one.digest not in mark.known])
    few = walked(start, many[:REMEMBERED], date="Mon, 01 Jun 2026 12:10:00 GMT", times=[NOON])
    assert NOON - OVERLAP == few.since
    more = [seen(number, -number / 100) for number in range(4 * REMEMBERED + 1)]
    assert at(-1) == walked(start, more, date="Mon, 01 Jun 2026 12:10:00 GMT", times=[NOON]).since


def test_a_walk_that_has_not_begun_leaves_its_mark() -> None:
    """Nothing was read."""
    mark = Mark.of(NOON)
    assert mark == Walked(mark).mark("token")
    assert mark == Walked(mark).mark(None)


def test_an_unfinished_walk_goes_on() -> None:
    """What was passed is remembered; what was given out and not passed comes again."""
    start = Mark.of(at(-3_600))
    walk = Walked(start)
    walk.read(DATE, [NOON.isoformat()])
    walk.sift([seen(1)])
    walk.passed()
    walk.sift([seen(2)])
    mark = walk.mark("token")
    assert Rest("token", NOON - OVERLAP, frozenset([seen(1).digest or b""])) == mark.rest
    assert start == evolve(mark, rest=None)
    again = Walked(mark)
    assert mark == again.mark("token")
    again.read("Mon, 01 Jun 2026 13:00:00 GMT", [at(3_000).isoformat()])
    assert [False, True] == again.sift([seen(1), seen(2)])
    again.passed()
    assert Mark(NOON - OVERLAP, frozenset([seen(1).digest or b"", seen(2).digest or b""])) == again.mark(None)
