"""What a walk remembers: no record twice, none silently lost, and an end to every walk (F56, F57)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.errors import PaginationLoop
from clio_async.protocol.paging import Position
from clio_async.protocol.walks import BARREN, CEILING, Mode, Progress, beyond, credible, overlong, unreachable

IDS = st.lists(st.one_of(st.integers(1, 12), st.sampled_from(["5", "x", None, 1.5, True])), max_size=6)


def progress(mode: Mode = "cursor", after: int | None = None) -> Progress:
    return Progress("/matters.json", mode, Position("start", after=after))


def give(walk: Progress, *pages: list[object]) -> list[object]:
    """Let pages pass, and return what of them is new."""
    given: list[object] = []
    for number, ids in enumerate(pages):
        fresh = walk.fresh(ids, ids)
        walk.passed(f"page {number}", ids, ids, fresh)
        given += [one for one, new in zip(ids, fresh, strict=True) if new]
    return given


def test_ids_ascend() -> None:
    """The order within a page is the server's; across pages ids grow."""
    walk = progress()
    assert [3, 1, 2, 5, 9] == give(walk, [3, 1, 2], [], [5, 9])
    assert 9 == walk.after


def test_what_the_page_before_had_is_not_given_again() -> None:
    """A server may begin a page with the record that ended the one before, or with some of them (F57)."""
    assert [1, 2, 3, 4, 5] == give(progress(), [1, 2, 3], [3, 4], [3, 4, 5])
    assert [1, 2] == give(progress(), [1, 1, 2, 1])


def test_going_back_is_a_loop_and_no_silent_loss() -> None:
    """An id below those before may be a record that was never given: nobody can tell, so it is not passed over."""
    walk = progress()
    give(walk, [1, 5], [7, 9])
    for ids in ([4, 10], [5, 11], [1]):
        with pytest.raises(PaginationLoop, match="do not ascend"):
            walk.fresh(ids, ids)
    assert [False, True] == walk.fresh([9, 10], [9, 10])


@pytest.mark.parametrize("ids", [[5, 7], [7], [5]])
def test_a_page_that_only_repeats_is_a_loop(ids: list[object]) -> None:
    """Under `id(asc)` each page leads on (F56)."""
    walk = progress()
    give(walk, [5, 7])
    with pytest.raises(PaginationLoop, match="circle"):
        walk.fresh(ids, ids)


def test_a_resumed_walk_goes_on_behind_what_was_given() -> None:
    """Which records those were is not known any more, only how far they went: what is not behind that came before."""
    assert [8, 9] == give(progress(after=7), [6, 7, 8], [9])
    walk = progress(after=7)
    with pytest.raises(PaginationLoop):
        walk.fresh([3, 7], [3, 7])
    give(walk, [8])
    with pytest.raises(PaginationLoop, match="ascend"):
        walk.fresh([6, 9], [6, 9])
    assert [9] == give(progress(after=7), [], [6, 9])


def test_where_tables_mix_an_id_comes_once_of_each_type() -> None:
    """A document and a folder may have the same id, also across two pages, and where a walk was resumed."""
    walk = progress()
    keys: list[object] = [(5, "Document"), (6, "Document")]
    walk.passed("a", [5, 6], keys, walk.fresh([5, 6], keys))
    assert [False, True] == walk.fresh([6, 6], [(6, "Document"), (6, "Folder")])
    assert [True, True] == progress(after=6).fresh([6, 7], [(6, "Folder"), (7, "Folder")])
    assert [True, True] == progress("offset").fresh([6, 6], [(6, "Document"), (6, "Folder")])


def test_ids_that_are_no_numbers_are_told_apart_by_themselves() -> None:
    """A walk cannot ask that they grow: it remembers them all."""
    walk = progress()
    assert ["x", 2, "a", 1] == give(walk, [], ["x", 2], ["a", "x", 2], [1])
    assert walk.after is None
    with pytest.raises(PaginationLoop):
        walk.lead("page 3", "page 1")


def test_ids_that_were_numbers_stay_so() -> None:
    """Else what came before the last page could come again: it was not remembered."""
    walk = progress()
    give(walk, [1], [2])
    for ids in (["x", 1], [None], [True]):
        with pytest.raises(PaginationLoop, match="ascend"):
            walk.fresh(ids, ids)


@given(st.sampled_from(["cursor", "offset", "linked"]), st.lists(IDS, max_size=8))
@settings(deadline=None)
def test_no_record_is_given_twice(mode: Mode, pages: list[list[object]]) -> None:
    """Law: of whatever pages a server makes, each id comes once, and nothing else is held back but by an error."""
    walk = progress(mode)
    given: list[object] = []
    came: set[object] = set()
    for number, ids in enumerate(pages):
        try:
            fresh = walk.fresh(ids, ids)
        except PaginationLoop:
            assert mode == "cursor"
            return
        walk.passed(f"page {number}", ids, ids, fresh)
        given += [one for one, new in zip(ids, fresh, strict=True) if new and type(one) in (int, str)]
        came |= {one for one in ids if type(one) in (int, str)}
        assert all(new for one, new in zip(ids, fresh, strict=True) if type(one) not in (int, str))
    assert len(given) == len({*given})
    assert came == {*given}


def test_records_without_an_id_are_all_given() -> None:
    """Nothing tells them apart."""
    assert [None, None, {}, None] == give(progress("linked"), [None, None], [{}, None])


@pytest.mark.parametrize("mode", ["cursor", "offset", "linked"])
def test_a_link_to_the_same_page_or_the_first_is_a_loop(mode: Mode) -> None:
    """Whatever the order (F56)."""
    walk = progress(mode)
    give(walk, [1], [2])
    walk.lead("page 1", "page 2")
    for following in ("page 1", "start"):
        with pytest.raises(PaginationLoop, match="circle"):
            walk.lead("page 1", following)


@pytest.mark.parametrize("mode", ["offset", "linked"])
def test_a_link_to_any_page_that_was_read_is_a_loop(mode: Mode) -> None:
    """Where ids need not ascend (F56)."""
    walk = progress(mode)
    give(walk, [3], [2], [1])
    with pytest.raises(PaginationLoop):
        walk.lead("page 2", "page 0")


@pytest.mark.parametrize("mode", ["cursor", "offset", "linked"])
def test_page_after_page_without_anything_new_is_a_loop(mode: Mode) -> None:
    """A few empty ones are passed over: filters may leave nothing of a page. In offset mode so are repetitions: many
    records may have come before those that were read.
    """
    stale: list[object] = [] if mode == "cursor" else [1]
    walk = progress(mode)
    give(walk, [1], *[stale] * (BARREN - 1), [2], *[stale] * (BARREN - 1))
    walk.lead("x", "y")
    give(walk, stale)
    with pytest.raises(PaginationLoop):
        walk.lead("x", "y")


def test_a_walk_by_cursor_remembers_one_page() -> None:
    """A million pages cost what two do."""
    walk = progress()
    for number in range(0, 3_000, 3):
        give(walk, [number, number + 1, number + 2])
    held = [getattr(walk, name) for name in Progress.__slots__]
    assert 3 == sum(len(one) for one in held if isinstance(one, set))
    other = progress("offset")
    for number in range(0, 300, 3):
        give(other, [number, number + 1, number + 2])
    assert 300 <= sum(len(one) for one in [getattr(other, name) for name in Progress.__slots__] if isinstance(one, set))


# -- the ceiling of offsets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "first", "position", "refused"),
    [
        ("offset", "limit=200", Position("limit=200&page_token=x", 9_800), False),
        ("offset", "limit=200", Position("limit=200&page_token=x", 9_801), True),
        ("offset", "limit=200", Position("limit=200&page_token=x", 10_000), True),
        ("offset", "limit=200&offset=400", Position("limit=200&page_token=x", 9_400), False),
        ("offset", "limit=200&offset=400", Position("limit=200&page_token=x", 9_600), True),
        ("offset", "limit=200&offset=9900", Position("limit=200&offset=9900"), True),
        ("offset", "limit=100&offset=9900", Position("limit=100&offset=9900"), False),
        ("offset", "limit=200", Position("limit=200&offset=9800", 5), False),
        ("offset", "limit=200", Position("limit=200&offset=9900", 5), True),
        ("offset", "order=name", Position("order=name", 9_999), False),
        ("offset", "order=name", Position("order=name", 10_000), True),
        ("offset", "limit=0", Position("limit=0", 10_000), True),
        ("linked", "limit=200", Position("limit=200&page_token=x", 10_000), False),
        ("linked", "limit=200", Position("limit=200&offset=10000", 10_000), True),
        ("cursor", "limit=200", Position("limit=200&page_token=x", 10_000), False),
        ("cursor", "limit=200", Position("limit=200&offset=10000", 10_000), False),
    ],
)
def test_offset_and_limit_reach_to_ten_thousand(mode: Mode, first: str, position: Position, refused: bool) -> None:
    """A link says its offset, or it is where the records so far end; by cursor there is no end."""
    assert refused is unreachable(mode, first, position)


@pytest.mark.parametrize(
    ("mode", "first", "following", "total", "told"),
    [
        ("offset", "limit=200", "page_token=b", 10_000, False),
        ("offset", "limit=200", "page_token=b", 10_001, True),
        ("offset", "limit=150", "page_token=b", 9_900, False),
        ("offset", "limit=150", "page_token=b", 9_901, True),
        ("offset", "limit=200&offset=100", "page_token=b", 9_900, False),
        ("offset", "limit=200&offset=100", "page_token=b", 9_901, True),
        ("offset", "limit=200&offset=10000", "page_token=b", 10_001, True),
        ("offset", "limit=200&offset=20000", "page_token=b", 20_001, True),
        ("offset", "", "page_token=b", 10_000, False),
        ("offset", "limit=200", None, 10_001, False),
        ("offset", "limit=200", "page_token=b", None, False),
        ("linked", "limit=200", "page_token=b", 10_001, False),
        ("linked", "limit=200", "offset=200", 10_001, True),
        ("cursor", "limit=200", "offset=200", 10_001, False),
    ],
)
def test_a_list_is_known_to_be_too_long_from_its_first_page(
    mode: Mode, first: str, following: str | None, total: int | None, told: bool
) -> None:
    """By what it says of its length, against what whole pages reach; where nothing is known nothing is told."""
    assert told is overlong(mode, first, following, total)


@given(st.integers(40, 2_000), st.integers(0, 10_100), st.integers(0, 10_400))
@settings(deadline=None)
def test_who_is_told_at_the_first_page_is_who_would_be_refused(limit: int, offset: int, total: int) -> None:
    """Law: a quiet list is told to be too long exactly if a walk through it comes to a page that Clio refuses."""
    first = f"limit={limit}&offset={offset}"
    position = Position(first)
    refused = unreachable("offset", first, position)
    if refused:
        return  # before the first page there is nobody to be told
    while offset + position.received < total:
        if refused := unreachable("offset", first, position):
            break
        position = Position("page_token=x&" + first.partition("&")[0], position.received + limit)
    following = "page_token=x" if offset + limit < total else None
    assert refused is overlong("offset", first, following, total)


@pytest.mark.parametrize(
    ("said", "first", "received", "last", "known"),
    [
        (None, "", 5, True, None),
        (5, "", 5, True, 5),
        (5, "", 5, False, None),  # there is more: it counts the page
        (6, "", 5, False, 6),
        (9, "", 5, True, 9),
        (200, "", 400, True, None),
        (5, "offset=3", 3, True, None),
        (6, "offset=3", 3, True, 6),
    ],
)
def test_a_total_is_believed_unless_the_pages_contradict_it(
    said: int | None, first: str, received: int, last: bool, known: int | None
) -> None:
    """What `meta.records` counts is not documented."""
    assert known == credible(said, first, Position("x", received), last=last)


def test_the_error_says_what_to_do() -> None:
    """Where there is another order, to take that; always, to ask for less."""
    assert str(CEILING) in str(beyond("/matters.json", "offset", 12_345))
    assert "12345" in str(beyond("/matters.json", "offset", 12_345))
    assert "order=id(asc)" in str(beyond("/matters.json", "offset"))
    assert "order=" not in str(beyond("/reports.json", "linked"))
    assert all("narrow it by filters" in str(beyond("/x", mode)).lower() for mode in ("offset", "linked"))
