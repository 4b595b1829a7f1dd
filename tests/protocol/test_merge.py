"""Three-way merge is a function with laws: nothing of anybody's is undone, and what is decided twice is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clio_async.protocol.merge import ALL, GONE, Merged, NewRow, Row, merge

ATOMS = (("quantity", "price"), ("status", "closed_on"))
NAMES = ("quantity", "price", "status", "closed_on", "note", "place")
STATES = st.fixed_dictionaries({(name,): st.integers(0, 2) for name in NAMES})
CHANGES = st.dictionaries(st.sampled_from([(name,) for name in NAMES]), st.integers(0, 2))


def group(path: Any) -> frozenset[str]:
    return next((frozenset(atom) for atom in ATOMS if path[0] in atom), frozenset(path[:1]))


def applied(state: dict[Any, Any], mine: dict[Any, Any], merged: Merged) -> dict[Any, Any]:
    return state | {path: mine[path] for path in merged.send}


def merging(base: Any, mine: Any, theirs: Any, **more: Any) -> Merged:
    return merge(base, mine, theirs, atoms=ATOMS, **more)


@given(STATES, CHANGES, st.booleans())
def test_without_others_it_is_what_is_wanted_without_what_is_so_already(base: Any, mine: Any, moved: bool) -> None:
    """Nothing collides, and only what changes is sent, also where something else than these has moved the tag."""
    merged = merging(base, mine, base, moved=moved)
    assert Merged(frozenset(path for path in mine if mine[path] != base[path])) == merged


@given(STATES, CHANGES, STATES)
def test_nothing_of_theirs_is_touched_outside_of_what_was_decided_on(base: Any, mine: Any, theirs: Any) -> None:
    """What is sent is wanted, is a change of the base, and is not there yet."""
    merged = merging(base, mine, theirs)
    assert all(path in mine and mine[path] != base[path] and mine[path] != theirs[path] for path in merged.send)
    after = applied(theirs, mine, merged)
    decided = {group(path) for path in mine if mine[path] != base[path]}
    assert all(after[path] == theirs[path] for path in theirs if group(path) not in decided)


@given(STATES, CHANGES, STATES)
def test_it_collides_exactly_where_a_group_was_changed_to_something_else(base: Any, mine: Any, theirs: Any) -> None:
    """A group collides if, and only if, they changed anything in it that I do not want as it is there."""
    merged = merging(base, mine, theirs)
    decided = {group(path) for path in mine if mine[path] != base[path]}
    otherwise = {group(path) for path in theirs if theirs[path] != base[path] and mine.get(path) != theirs[path]}
    assert decided & otherwise == {group(path) for path in merged.collisions}
    assert () == merged.unknown


@given(STATES, CHANGES, STATES)
def test_merging_again_changes_nothing(base: Any, mine: Any, theirs: Any) -> None:
    """What was merged and written is there: a second merge has nothing to send."""
    merged = merging(base, mine, theirs)
    after = applied(theirs, mine, merged)
    if not merged.collisions:
        assert Merged(frozenset()) == merging(base, mine, after)
        assert frozenset() == merging(after, {path: mine[path] for path in merged.send}, after, moved=True).send


@given(STATES, CHANGES, CHANGES)
def test_changes_of_different_groups_commute(base: Any, one: Any, other: Any) -> None:
    """Whoever comes first, both are there in the end."""
    other = {path: value for path, value in other.items() if group(path) not in {group(mine) for mine in one}}
    expected = base | one | other
    for first, second in ((one, other), (other, one)):
        theirs = applied(base, first, merging(base, first, base))
        merged = merging(base, second, theirs, moved=True)
        assert () == merged.collisions
        assert expected == applied(theirs, second, merged)


@given(STATES, CHANGES, STATES)
def test_what_is_never_merged_collides_with_any_change_at_all(base: Any, mine: Any, theirs: Any) -> None:
    """A rate is set by somebody who has seen the whole record."""
    merged = merging(base, mine, theirs, never={"price"})
    wants = mine.get(("price",), base["price",]) != base["price",]
    assert (wants and theirs != base) == (("price",) in merged.collisions and ("price",) in mine and wants)


def test_what_is_never_merged_collides_where_only_the_tag_has_moved() -> None:
    """What was changed may be something that was not read."""
    base, mine = {("price",): 1}, {("price",): 2}
    assert (("price",),) == merge(base, mine, base, never={"price"}, moved=True).collisions
    assert () == merge(base, mine, base, never={"price"}).collisions
    assert () == merge(base, {("price",): 1}, base, never={"price"}, moved=True).collisions


@pytest.mark.parametrize(
    ("base", "theirs", "moved", "unknown"),
    [
        ({}, {("note",): 1}, True, True),
        ({}, {("note",): 1}, False, False),
        ({}, {("note",): 2}, True, False),
        ({("note",): 1}, {}, True, True),
        ({("note",): 1, ("place",): 1}, {("place",): 2}, False, True),
        ({("note",): 2}, {}, True, False),
    ],
    ids=["unread", "nobody", "agreed", "withheld", "seen to be changed", "no change"],
)
def test_what_nobody_can_tell_collides_if_the_record_was_changed(
    base: Any, theirs: Any, moved: bool, unknown: bool
) -> None:
    """Where the base does not show a name, somebody may have changed it, unless nobody has changed anything."""
    merged = merge(base, {("note",): 2}, theirs, moved=moved)
    assert (("note",),) * unknown == merged.unknown == merged.collisions


ROW = ("rows", Row(5))
HELD = {("rows", ALL): frozenset({5, 6}), ROW: True, (*ROW, "a"): 1, (*ROW, "b"): 1, ("rows", Row(6)): True}
LOST = HELD | {("rows", ALL): frozenset({6}), ROW: False, (*ROW, "a"): GONE, (*ROW, "b"): GONE}


@pytest.mark.parametrize(
    ("mine", "theirs", "send", "collide"),
    [
        ({ROW: True, (*ROW, "a"): 2}, HELD, [(*ROW, "a")], False),
        ({ROW: True, (*ROW, "a"): 2}, HELD | {(*ROW, "b"): 2}, [(*ROW, "a")], True),
        ({ROW: True, (*ROW, "a"): 2}, HELD | {("rows", Row(6), "a"): 2}, [(*ROW, "a")], False),
        ({ROW: True, (*ROW, "a"): 2}, LOST, [(*ROW, "a")], True),
        ({ROW: False}, {("rows", ALL): frozenset({6}), ROW: False}, [], False),
        ({ROW: False}, HELD | {(*ROW, "a"): 2}, [ROW], True),
        ({("rows", NewRow(0)): True}, LOST, [("rows", NewRow(0))], False),
        ({("rows", Row(7)): True}, HELD | {("rows", ALL): frozenset({5, 6, 8})}, [("rows", Row(7))], False),
    ],
    ids=["change", "same row", "other row", "row is gone", "removed twice", "removed and changed", "two new", "added"],
)
def test_a_row_is_decided_on_as_a_whole(mine: Any, theirs: Any, send: list[Any], collide: bool) -> None:
    """One row is an atom; new ones never collide; to remove what is gone is done; to change what is gone collides."""
    base = HELD | {("rows", Row(6), "a"): 1, ("rows", Row(7)): False}
    theirs = {("rows", Row(6), "a"): 1, ("rows", Row(7)): False} | theirs
    merged = merge(base, mine, theirs, moved=True)
    assert (frozenset(send), collide) == (merged.send, bool(merged.collisions))


def test_a_collection_in_an_atom_belongs_to_the_atom() -> None:
    """Another row of it is another decision on the whole."""
    mine = {("type",): 2, ("rows", NewRow(0)): True}
    merged = merge(HELD | {("type",): 1}, mine, HELD | {("type",): 1, (*ROW, "a"): 2}, atoms=[("type", "rows")])
    assert (("type",), ("rows", NewRow(0)), (*ROW, "a")) == merged.collisions


def test_a_nested_object_is_decided_on_as_a_whole() -> None:
    """Who changes one value of it has seen the others."""
    base = {("budget", "amount"): 1, ("budget", "notify"): False}
    merged = merge(base, {("budget", "amount"): 2}, base | {("budget", "notify"): True})
    assert (("budget", "amount"), ("budget", "notify")) == merged.collisions


@given(STATES, CHANGES, STATES, st.sampled_from(NAMES))
def test_a_mate_that_the_base_does_not_show_may_have_been_changed(base: Any, mine: Any, theirs: Any, name: str) -> None:
    """If the record is another, an atom is not merged by halves, unless they did what is wanted; else it is."""
    assume((name,) not in mine)
    hidden = {path: value for path, value in base.items() if path != (name,)}
    mates = group((name,)) - {name}
    writes = any((one,) in mine and mine[one,] not in {base[one,], theirs[one,]} for one in mates)
    merged = merging(hidden, mine, theirs, moved=True)
    assert writes == ((name,) in merged.collisions) == ((name,) in merged.unknown)
    assert not writes or mates & {path[0] for path in merged.collisions}
    same = {**theirs, **hidden}
    assert () == merging(hidden, mine, same).collisions


def test_a_mate_that_was_set_to_what_they_have_is_agreed() -> None:
    """Nothing of it is in doubt, although the base does not show it; nor is what belongs together with nothing."""
    base, theirs = {("quantity",): 1}, {("quantity",): 1, ("price",): 5, ("note",): 3}
    mine = {("quantity",): 2, ("price",): 5}
    assert Merged(frozenset({("quantity",)})) == merging(base, mine, theirs, moved=True)
    other, others = {**base, ("note",): 3}, {**theirs, ("note",): 4}
    assert () == merging(other, {("quantity",): 2}, others).collisions  # it is the same record, by its tag
    unsure = merging(base, {**mine, ("price",): 6}, theirs, moved=True)
    assert ((("price",),), (("price",),)) == (unsure.collisions, unsure.unknown)
