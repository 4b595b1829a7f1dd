"""How many events of each firm may be in a receiver."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from clio_async.webhooks.room import Room

STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60)


@given(st.integers(1, 9), STEPS)
def test_nobody_takes_everything(limit: int, steps: list[tuple[str, bool]]) -> None:
    """Who has none is let in; who has some is, if there is room, and it is alone or has less than half of it."""
    room, held = Room(limit), Counter[str]()
    for whom, leaves in steps:
        if leaves:
            if held[whom]:
                room.leave(whom)
                held[whom] -= 1
            continue
        alone = held.total() == held[whom]
        fits = held.total() < limit and (alone or held[whom] < limit // 2)
        may = fits or not held[whom]
        assert may is room.takes(whom)
        held[whom] += may
        assert held.total() < limit + 3
    for whom in held.elements():
        room.leave(whom)
    assert {} == room._held
    assert 0 == room._taken
