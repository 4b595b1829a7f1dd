"""Versions: how they compare, what the policy says of them on a day, and what a document says of them."""

from __future__ import annotations

import json
import operator
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import DecodeError, InvalidArgument
from clio_async.protocol.version_document import published
from clio_async.protocol.version_history import KNOWN_VERSIONS, RESERVED, ApiVersion, merged
from clio_async.protocol.version_status import NOTICE, VersionStatus, status_of
from clio_async.protocol.versions import PINNED, order, spoken

TODAY = date(2026, 11, 22)
NEXT = ApiVersion("4.0.14", released=date(2026, 12, 1), default_from=date(2027, 3, 1), changes=("Something else.",))


def status(pinned: str | None, default: str | None, today: date = TODAY, **more: Any) -> VersionStatus:
    return status_of(pinned=pinned, default=default, today=today, **more)


def numbers(versions: tuple[ApiVersion, ...]) -> list[str]:
    return [version.number.rpartition(".")[2] for version in versions]


def test_versions_compare_by_number() -> None:
    """4.0.13 is newer than 4.0.9; what is no version is none."""
    assert order("4.0.9") < order("4.0.10") < order("4.1.0") < order("10.0.0")
    assert ("4.0.13", None, None, None) == (spoken("4.0.13"), spoken(None), spoken("latest"), spoken("4.0.13\x1b[2J"))


# -- what is known ------------------------------------------------------------------------------------------------


def test_the_known_versions_are_in_order_and_each_has_a_source() -> None:
    """The pinned one is among them, and the newest."""
    assert merged(KNOWN_VERSIONS) == KNOWN_VERSIONS
    assert PINNED == KNOWN_VERSIONS[-1].number
    assert all(version.changes and version.source.startswith("https://docs.developers.") for version in KNOWN_VERSIONS)
    for version in KNOWN_VERSIONS:
        days = [version.released, version.default_from, version.default_seen]
        assert [day for day in days if day] == sorted(day for day in days if day)


def test_facts_can_be_added_and_corrected() -> None:
    """What is said later of a version holds."""
    better = ApiVersion("4.0.13", default_from=date(2026, 1, 7))
    found = merged([*KNOWN_VERSIONS, NEXT, better])
    assert [better, NEXT] == list(found[-2:])
    assert len(KNOWN_VERSIONS) + 1 == len(found)


@pytest.mark.parametrize("number", ["", "4", "4.0.13 ", "latest", None])
def test_a_fact_about_no_version_is_refused(number: Any) -> None:
    """Before anything is compared."""
    with pytest.raises(InvalidArgument, match=r"4\.0\.13"):
        ApiVersion(number)


# -- what follows on a day -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pinned", "default", "today", "state", "until", "exactness"),
    [
        # The newest: a newer default can be designated today at the earliest.
        ("4.0.13", "4.0.13", TODAY, "current", date(2027, 11, 22), "not before"),
        # One that is not yet the default.
        ("4.0.14", "4.0.13", TODAY, "current", date(2027, 11, 22), "not before"),
        # A newer default since a known day, and none between.
        ("4.0.12", "4.0.13", date(2026, 1, 5), "newer_default", date(2026, 9, 24), "not before"),
        ("4.0.12", "4.0.13", date(2026, 1, 6), "newer_default", date(2027, 1, 6), "exact"),
        ("4.0.12", "4.0.13", date(2026, 10, 7), "newer_default", date(2027, 1, 6), "exact"),
        ("4.0.12", "4.0.13", date(2026, 10, 8), "ending", date(2027, 1, 6), "exact"),
        ("4.0.12", "4.0.13", date(2028, 1, 6), "ending", date(2027, 1, 6), "exact"),
        # Data alone say so.
        ("4.0.12", None, TODAY, "ending", date(2027, 1, 6), "exact"),
        # One that is seen first: the older default was last known on a day.
        ("4.0.13", "4.0.14", TODAY, "newer_default", date(2027, 10, 2), "not before"),
        ("4.0.13", "4.0.14", date(2027, 8, 1), "ending", date(2027, 10, 2), "not before"),
        # Versions between, of which nobody knows whether they were the default.
        ("4.0.9", "4.0.13", TODAY, "ending", date(2026, 8, 13), "not before"),
        # Older than all that is known.
        ("4.0.1", "4.0.13", TODAY, "ending", date(2023, 8, 12), "not after"),
        ("3.9.9", "4.0.3", TODAY, "newer_default", None, None),
        # Newer than all that is known.
        ("4.0.20", "4.0.21", TODAY, "newer_default", date(2027, 10, 2), "not before"),
        # The default is not known.
        ("4.0.13", None, TODAY, "unknown", date(2027, 10, 2), "not before"),
        ("4.0.1", None, date(2022, 1, 1), "unknown", None, None),
        (None, None, TODAY, "unknown", None, None),
        # None is asked for.
        (None, "4.0.13", TODAY, "current", None, None),
    ],
)
def test_where_a_version_stands(
    pinned: str | None, default: str | None, today: date, state: str, until: date | None, exactness: str | None
) -> None:
    """By the policy: a year from the day a newer default was designated, or may have been."""
    found = status(pinned, default, today)
    assert (state, until, exactness) == (found.state, found.guaranteed_until, found.exactness)


def test_a_year_from_29_february() -> None:
    """It promises no day more than a year."""
    leap = [ApiVersion("4.0.12"), ApiVersion("4.0.13", default_from=date(2028, 2, 29))]
    assert date(2029, 2, 28) == status("4.0.12", "4.0.13", date(2028, 3, 1), known=leap).guaranteed_until
    assert date(2029, 3, 1) == status("4.0.13", "4.0.13", date(2028, 3, 1)).guaranteed_until
    assert date(2029, 2, 28) == status("4.0.13", "4.0.13", date(2028, 2, 28)).guaranteed_until


def test_what_the_server_does_comes_before_what_is_known() -> None:
    """A default that is older than the data say is the default."""
    found = status("4.0.12", "4.0.12")
    assert ("current", (), ["13"]) == (found.state, found.between, numbers(found.upcoming))


def test_a_default_that_came_before_its_announced_day() -> None:
    """The announced day lies ahead, so it is not the one that counts."""
    found = status("4.0.13", "4.0.14", date(2027, 1, 1), known=[*KNOWN_VERSIONS, NEXT])
    assert (date(2027, 10, 2), "not before") == (found.guaranteed_until, found.exactness)


def test_a_default_that_was_only_seen_is_no_exact_day() -> None:
    """It was the default on that day, and nobody knows since when."""
    seen = [ApiVersion("4.0.14", default_seen=date(2026, 11, 1))]
    found = status("4.0.13", None, known=[*KNOWN_VERSIONS, *seen])
    assert ("newer_default", date(2027, 10, 2), "not before") == (found.state, found.guaranteed_until, found.exactness)
    found = status("4.0.13", "4.0.14", known=seen)
    assert (date(2027, 11, 1), "not after") == (found.guaranteed_until, found.exactness)


@pytest.mark.parametrize(("last", "exactness"), [(31, "exact"), (30, "not before")])
def test_days_that_follow_one_another_are_exact(last: int, exactness: str) -> None:
    """There is one default version at a time: no other had its turn between two days."""
    known = [ApiVersion("4.0.9", default_seen=date(2026, 1, last)), ApiVersion("4.1.0", default_from=date(2026, 2, 1))]
    found = status("4.0.9", "4.1.0", known=known)
    assert exactness == found.exactness


def test_a_version_that_is_gone() -> None:
    """Whatever was promised."""
    found = status("4.0.12", "4.0.13", gone=True)
    assert ("gone", date(2027, 1, 6)) == (found.state, found.guaranteed_until)


def test_when_the_end_is_near() -> None:
    """By the days that are asked for; 90 unless given, which is Clio's notice."""
    states = [status("4.0.12", "4.0.13", within=days).state for days in (44, 45, 90)]
    assert ["newer_default", "ending", "ending"] == states
    found = status("4.0.12", "4.0.13")
    assert (45, 90, found.guaranteed_until) == (found.days_left, found.within, (found.notice_by or TODAY) + NOTICE)
    unversioned = status(None, "4.0.13")
    assert (None, None) == (unversioned.days_left, unversioned.notice_by)


def test_what_lies_between_ahead_and_behind() -> None:
    """A move changes what the versions up to the default have changed; some of it is there already."""
    found = status("4.0.11", "4.0.13", known=[*KNOWN_VERSIONS, NEXT])
    assert (["12", "13"], ["14"], ["12", "13"]) == (
        numbers(found.between), numbers(found.upcoming), numbers(found.back_filled)
    )  # fmt: skip
    early = status("4.0.11", "4.0.12", date(2026, 1, 5))
    assert (["12"], ["13"], ["12"]) == (
        numbers(early.between), numbers(early.upcoming), numbers(early.back_filled)
    )  # fmt: skip
    assert ["13"] == numbers(status("4.0.12", "4.0.13", date(2026, 1, 6)).back_filled)
    unknown = status("4.0.11", None, known=[*KNOWN_VERSIONS, NEXT])
    assert (["12", "13"], ["14"]) == (numbers(unknown.between), numbers(unknown.upcoming))
    assert ((), ()) == (status("4.0.13", None).between, status(None, "4.0.13").back_filled)
    assert ["14"] == numbers(status("4.0.13", "4.0.14").between)  # nothing is known of it, and it is there
    assert "Something else." in status("4.0.13", "4.0.14", known=[*KNOWN_VERSIONS, NEXT]).between[0].changes


def test_a_status_is_a_value() -> None:
    """It pickles, and is JSON."""
    found = status("4.0.12", "4.0.13", answered="4.0.12")
    assert found == pickle.loads(pickle.dumps(found))
    shown = json.loads(json.dumps(found.to_dict()))
    assert {
        "pinned": "4.0.12",
        "answered": "4.0.12",
        "default": "4.0.13",
        "state": "ending",
        "exactness": "exact",
        "within": 90,
        "today": "2026-11-22",
        "guaranteed_until": "2027-01-06",
        "notice_by": "2026-10-08",
        "days_left": 45,
        "upcoming": [],
        "reserved": list(RESERVED),
    } == {name: value for name, value in shown.items() if name not in {"between", "back_filled"}}
    assert shown["between"] == shown["back_filled"]
    fact = {"number": "4.0.13", "released": "2025-10-06", "default_from": "2026-01-06", "back_filled": "2026-01-06"}
    assert fact == {name: value for name, value in shown["between"][0].items() if name not in {"changes", "source"}}
    assert True is status("4.0.11", "4.0.12").to_dict()["back_filled"][0]["back_filled"]
    assert None is status("4.0.9", "4.0.13").to_dict()["between"][0]["back_filled"]


# -- laws ----------------------------------------------------------------------------------------------------------

START = date(2020, 1, 1)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[ApiVersion], list[ApiVersion], date]:
    """A true history, what is known of it, and a day on which some version of it is the default."""
    gaps = draw(st.lists(st.integers(1, 400), min_size=1, max_size=6))
    days = [START + timedelta(days=sum(gaps[: index + 1])) for index in range(len(gaps))]
    never = draw(st.sets(st.integers(1, 20), max_size=3))  # numbers that never were the default
    left = [number for number in range(1, 40) if number not in never]
    truth = [ApiVersion(f"4.0.{left[index]}", default_from=day) for index, day in enumerate(days)]
    today = days[0] + timedelta(days=draw(st.integers(0, 2_000)))
    known = []
    for index, version in enumerate(truth):
        end = days[index + 1] if index + 1 < len(days) else date(9999, 1, 1)
        last = min(end - timedelta(days=1), today)
        told = draw(st.sampled_from(["all", "seen", "number", "nothing"]))
        if told == "all":
            known.append(version)
        elif told == "seen" and version.default_from is not None and last >= version.default_from:
            within = draw(st.integers(0, (last - version.default_from).days))
            known.append(evolve(version, default_from=None, default_seen=version.default_from + timedelta(days=within)))
        elif told == "number":
            known.append(ApiVersion(version.number))
    known += [ApiVersion(f"4.0.{number}") for number in never]
    return truth, known, today


@given(worlds(), st.integers(1, 40), st.booleans())
def test_no_more_is_promised_than_is_true(
    world: tuple[list[ApiVersion], list[ApiVersion], date], pinned: int, asked: bool
) -> None:
    """However little is known: an exact day is the true one, the others bound it from their side."""
    truth, known, today = world
    version = f"4.0.{pinned}"
    became = {v.number: v.default_from or START for v in truth}
    default = max((number for number, day in became.items() if day <= today), key=order)
    found = status(version, default if asked else None, today, known=known)
    newer = [day for number, day in became.items() if order(number) > order(version) and day <= today]
    first = min(newer, default=today)  # today at the earliest
    end = status_of(
        pinned="1.0.0", default="2.0.0", today=first, known=[ApiVersion("2.0.0", default_from=first)]
    ).guaranteed_until
    assert end is not None
    if found.guaranteed_until is not None and found.exactness is not None:
        compare = {"exact": operator.eq, "not before": operator.le, "not after": operator.ge}[found.exactness]
        assert compare(found.guaranteed_until, end)
    assert (found.state in {"newer_default", "ending"}) <= bool(newer)
    if asked:
        assert bool(newer) == (found.state != "current")


@given(worlds(), st.integers(1, 40), st.integers(0, 500), st.integers(0, 500))
def test_an_end_that_is_near_stays_near(
    world: tuple[list[ApiVersion], list[ApiVersion], date], pinned: int, within: int, later: int
) -> None:
    """With time, and with a greater margin."""
    _, known, today = world
    first = status(f"4.0.{pinned}", None, today, known=known, within=within)
    if first.state == "ending" and first.exactness == "exact":
        assert "ending" == status(f"4.0.{pinned}", None, today + timedelta(later), known=known, within=within).state
        assert "ending" == status(f"4.0.{pinned}", None, today, known=known, within=within + later).state


# -- the document ---------------------------------------------------------------------------------------------------

LIST = """# Minor Versions
Any text of 4.0.99, or - 4.0.98 in a line.

- 4.0.4

  Something

### [4.0.12](https://docs.developers.clio.com/api-docs/api-changelog#4012)

  * Something: this is not the default version, 4.0.13 is.

### [4.0.13](https://docs.developers.clio.com/api-docs/api-changelog#4013)

  **This is the default version**

- 4.0.14
"""


@pytest.mark.parametrize(
    "text",
    [LIST, LIST.encode(), json.dumps({"openapi": "3.0.0", "info": {"description": LIST}}), LIST.replace("\n", "\r\n")],
)
def test_a_document_says_which_version_is_the_default(text: str | bytes) -> None:
    """As JSON, or its description alone."""
    found = published(text)
    assert ("4.0.13", ("4.0.4", "4.0.12", "4.0.13", "4.0.14")) == (found.default, found.numbers)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not say"),
        ("{}", "does not say"),
        ("[1]", "does not say"),
        ('{"info": {"description": 5}}', "does not say"),
        ("This is the default version\n- 4.0.13", "does not say"),
        (b"\xff\xfe", "does not say"),
        (f"{LIST}\nThis is the default version", "of 2 versions"),
        ("<html>This is the default version</html>", "does not say"),
    ],
)
def test_a_document_that_does_not_say_it(text: str | bytes, said: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(DecodeError, match=said):
        published(text)


def test_a_version_that_is_listed_twice_is_one() -> None:
    """Also where it is marked twice."""
    assert ("4.0.13",) == published(f"{LIST[LIST.index('### [4.0.13') : LIST.index('- 4.0.14')]}" * 2).numbers


@given(st.one_of(st.text(), st.binary(), st.text("[]{}\"'#- 4.0\n")))
def test_any_document_is_read_or_refused(text: str | bytes) -> None:
    """By an error of the package."""
    try:
        found = published(text)
    except DecodeError:
        return
    assert found.default in found.numbers


# -- what cannot be worked with ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["released", "default_from", "default_seen", "back_filled"])
@pytest.mark.parametrize("day", [datetime(2026, 1, 6, tzinfo=UTC), "2026-01-06", False, 0])
def test_a_day_is_a_date_and_no_moment(name: str, day: Any) -> None:
    """The two cannot be compared, which would be noticed much later."""
    with pytest.raises(InvalidArgument, match=name):
        ApiVersion("4.0.14", **{name: day})
    for good in (None, TODAY, *([True] if name == "back_filled" else [])):
        assert good == getattr(ApiVersion("4.0.14", **{name: good}), name)


def test_only_back_filled_is_true() -> None:
    """A day that is not known is None."""
    with pytest.raises(InvalidArgument, match="released"):
        ApiVersion("4.0.14", released=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("known", [None, 5, ["4.0.14"], [NEXT, None], NEXT, "4.0.14"])
def test_facts_are_versions(known: Any) -> None:
    """Anything else is refused by an error of the package."""
    with pytest.raises(InvalidArgument, match="known"):
        status("4.0.12", "4.0.13", known=known)


@pytest.mark.parametrize("within", [-1, "90", None, 1.5, float("nan"), True])
def test_a_margin_is_a_number_of_days(within: Any) -> None:
    """Whole, and not before today."""
    with pytest.raises(InvalidArgument, match="within"):
        status("4.0.12", "4.0.13", within=within)


def test_a_day_long_ago_does_no_harm() -> None:
    """The first day that there is has none before it, and no notice was given then."""
    known = [ApiVersion("4.0.14", default_from=date.min)]
    assert date(2, 1, 1) == status("4.0.12", "4.0.14", known=known).guaranteed_until
    assert "ending" == status("4.0.13", "4.0.14", known=known).state
    assert date.min == evolve(status("4.0.12", "4.0.13"), guaranteed_until=date.min).notice_by


@pytest.mark.parametrize("text", [f"\ud800{LIST}", '{"info":{"description":"\ud800"}}'])
def test_a_text_that_is_no_unicode_is_refused(text: str) -> None:
    """As a document that does not say it, or read as it is."""
    try:
        assert "4.0.13" == published(text).default
    except DecodeError:
        assert LIST not in text
