"""What was handled already, and for how long that is known (row F68 of the fault table)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument
from clio_async.webhooks.seen import MemorySeen
from tests.origin import Clock


async def _handled(seen: MemorySeen, key: str, place: str = "p") -> str:
    claim = await seen.claim(key, place)
    if claim in {"new", "again"}:
        await seen.release(key, place, handled=True)
    return claim


async def test_it_outlives_the_retries_of_clio_and_not_for_ever() -> None:
    """Two hours, where Clio tries for about one."""
    clock = Clock()
    seen = MemorySeen(clock=clock)
    assert "new" == await _handled(seen, "a")
    clock.now += 7199.0
    assert "handled" == await _handled(seen, "a")
    clock.now += 1.0
    assert ("new", 1) == (await _handled(seen, "a"), len(seen))


async def test_each_is_forgotten_in_its_time() -> None:
    """One that was handled again lives longer than what came after its first time."""
    clock = Clock()
    seen = MemorySeen(clock=clock)
    for key in ("a", "b"):
        await _handled(seen, key)
    clock.now += 7000.0
    assert "again" == await _handled(seen, "a")
    clock.now += 300.0
    assert ("handled", 1) == (await _handled(seen, "a"), len(seen))


async def test_the_last_of_a_record_is_passed_over_and_an_earlier_one_is_not() -> None:
    """What was handled for another record has no part in it."""
    seen = MemorySeen()
    told = [
        await _handled(seen, *one) for one in (("a", "p"), ("b", "q"), ("a", "p"), ("c", "p"), ("a", "p"), ("b", "q"))
    ]
    assert ["new", "new", "handled", "new", "again", "handled"] == told


async def test_a_claim_is_one_at_a_time_and_ends_with_its_release() -> None:
    """What was not handled is as new as before."""
    seen = MemorySeen()
    assert ["new", "busy"] == [await seen.claim("a", "p"), await seen.claim("a", "p", always=True)]
    await seen.release("a", "p", handled=False)
    assert ["new", "busy"] == [await seen.claim("a", "p"), await seen.claim("a", "p")]
    await seen.release("a", "p", handled=True)
    assert ["handled", "again"] == [await seen.claim("a", "p"), await seen.claim("a", "p", always=True)]


async def test_it_is_bounded_and_forgets_the_oldest_first() -> None:
    """Also the marks of records; what is forgotten is handled once more."""
    seen = MemorySeen(most=2)
    for key in ("a", "b", "c"):
        await _handled(seen, key, f"place of {key}")
    assert (2, 2) == (len(seen), len(seen._last))
    assert ["handled", "handled", "new"] == [await _handled(seen, key, f"place of {key}") for key in ("b", "c", "a")]
    await _handled(seen, "d", "place of a")
    await _handled(seen, "e", "place of a")
    assert "handled" == await _handled(seen, "e", "place of a")
    assert (2, 1) == (len(seen), len(seen._last))


@pytest.mark.parametrize("wrong", [{"ttl": 0}, {"ttl": -1}, {"ttl": float("nan")}, {"most": 0}], ids=repr)
def test_a_memory_of_nothing_is_refused(wrong: dict[str, float]) -> None:
    """It would make every repetition new."""
    with pytest.raises(InvalidArgument, match="positive"):
        MemorySeen(**wrong)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 4))
def test_whatever_comes_the_last_state_is_handled_last(states: list[str], most: int) -> None:
    """The law: of states of a record that are told in any order and repeated, the last told was handled last."""
    seen = MemorySeen(most=most)
    last: list[str] = []

    def run(step: object) -> str:
        try:
            step.send(None)  # type: ignore[attr-defined]
        except StopIteration as end:
            return str(end.value)
        raise AssertionError("it waited")

    for state in states:
        if run(_handled(seen, state)) != "handled":
            last.append(state)
    assert states[-1:] == last[-1:]
