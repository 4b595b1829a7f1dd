"""`MemoryCache`: bounded in bytes, fair, and never right about a generation that it has forgotten."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clio_async.caches.base import Entry
from clio_async.caches.memory import Generations, MemoryCache, _cost
from clio_async.errors import InvalidArgument
from clio_async.messages import Headers
from clio_async.protocol import conditional

PRINCIPALS = ("a", "b", "c")
TAGS = ("m", "m/1", "m/2", "bm")


def entry(body: bytes = b"", *, now: float = 0.0, life: float = 3600.0, headers: Headers | None = None) -> Entry:
    return Entry(
        key="k",
        headers=headers or Headers([("ETag", '"1"')]),
        body=body,
        validator=("If-None-Match", '"1"'),
        vary=(),
        validated_at=now,
        expires_at=now + life,
    )


def run(step: Coroutine[Any, Any, Any]) -> Any:
    """Run a method of a store in the process: it must end without waiting."""
    try:
        step.send(None)
    except StopIteration as done:
        return done.value
    finally:
        step.close()
    raise AssertionError("the store has suspended")


def store(cache: MemoryCache, principal: str, key: str, kept: Entry, tags: tuple[str, ...] = ()) -> bool:
    return run(cache.commit(principal, key, tags, cache.look(principal, key, tags).generation, kept))


def reckoned(cache: MemoryCache) -> dict[str, int]:
    """What each principal's entries cost, reckoned anew."""
    return {
        principal: sum(_cost(key, held[0]) for key, held in shelf.entries.items())
        for principal, shelf in cache._shelves.items()
    }


def test_what_is_peeked_at_counts_as_used():
    """A look from another thread finds what is current, and what it found is not the first to go."""
    cache = MemoryCache(max_bytes=6 * _cost("0", entry(b"x" * 1000)))
    assert None is cache.peek("a", "0", ("m",))
    for number in range(4):
        assert store(cache, "a", str(number), entry(b"x" * 1000, now=1.0), ("m",))
    assert None is cache.peek("a", "4", ("m",))
    assert cache.look("a", "0", ("m",)).entry is cache.peek("a", "0", ("m",))
    assert cache.peek("a", "1", ("m",)) is not None
    for number in range(4, 9):
        assert store(cache, "a", str(number), entry(b"x" * 1000, now=1.0), ("m",))
    kept = [cache.look("a", str(number), ("m",)).entry is not None for number in range(9)]
    assert [True, True] == kept[:2]
    assert not all(kept)
    assert cache.peek("a", "1", ("m",)) is not None
    run(cache.purge("a"))
    for number in range(9):
        assert store(cache, "b", str(number), entry(b"x" * 1000, now=1.0), ("m",))
    run(cache.delete_tags(("m",)))
    assert [None, None] == [cache.peek("a", "1", ("m",)), cache.peek("b", "8", ("m",))]


def test_a_slow_answer_does_not_replace_a_later_one():
    """Of two answers under one generation the one to the later request is kept."""
    cache = MemoryCache()
    assert store(cache, "a", "k", entry(b"later", now=2.0))
    assert not store(cache, "a", "k", entry(b"slow", now=1.0))
    assert b"later" == cache.look("a", "k", ()).entry.body


class Machine(RuleBasedStateMachine):
    """Random operations on a small cache, against a model that never forgets."""

    MAX = 40_000

    def __init__(self) -> None:
        super().__init__()
        self.cache = MemoryCache(self.MAX, max_entry_bytes=15_000)
        self.cache._generations = Generations(limit=9)
        self.now = 0.0
        self.clock = 0  # counts writes
        self.written: dict[tuple[str | None, str | None], int] = {}
        self.answers: dict[tuple[str, str], tuple[bytes, tuple[str, ...], int]] = {}
        self.reads: list[tuple[str, str, tuple[str, ...], object, int]] = []

    def outdated(self, principal: str, tags: tuple[str, ...], since: int) -> bool:
        marks = [(principal, None), *((whom, tag) for tag in tags for whom in (None, principal))]
        return any(self.written.get(mark, 0) > since for mark in marks)

    def write(self, *marks: tuple[str | None, str | None]) -> None:
        self.clock += 1
        self.written.update(dict.fromkeys(marks, self.clock))

    principals = st.sampled_from(PRINCIPALS)
    tags = st.lists(st.sampled_from(TAGS), max_size=3, unique=True).map(tuple)

    @rule(principal=principals, number=st.integers(0, 4), size=st.integers(0, 900))
    def begin(self, principal: str, number: int, size: int) -> None:
        key, tags = f"k{number}", TAGS[: number % 3]
        found, generation = run(self.cache.begin(principal, key, tags))
        if found is not None:
            body, kept_tags, since = self.answers[principal, key]
            assert body == found.body
            assert not self.outdated(principal, kept_tags, since)
        self.reads.append((principal, key, tags, generation, self.clock))

    @rule(pick=st.integers(0, 30), size=st.integers(0, 3_500), life=st.sampled_from([0.0, 5.0, 50.0]))
    def commit(self, pick: int, size: int, life: float) -> None:
        if not self.reads:
            return
        principal, key, tags, generation, since = self.reads.pop(pick % len(self.reads))
        kept = entry(f"{principal} {key} {self.clock} ".encode() + b"x" * size, now=self.now, life=life)
        before, idle = reckoned(self.cache), {p: shelf.expires_at for p, shelf in self.cache._shelves.items()}
        stored = run(self.cache.commit(principal, key, tags, generation, kept))
        if stored:
            assert not self.outdated(principal, tags, since), "a read was kept that a write overtook"
            self.answers[principal, key] = kept.body, tags, since
        self.assert_fair(principal, before, idle)

    def assert_fair(self, principal: str, before: dict[str, int], idle: dict[str, float]) -> None:
        after = reckoned(self.cache)
        fair = (self.MAX - self.MAX // 16) // len({*before, principal})
        for other, size in before.items():
            lost = size - after.get(other, 0)
            if other != principal and lost and idle[other] > self.now:
                assert size > fair, "a principal was pushed below its fair share"

    @rule(tags=tags, whom=st.sampled_from([None, *PRINCIPALS]))
    def delete_tags(self, tags: tuple[str, ...], whom: str | None) -> None:
        run(self.cache.delete_tags(tags, principal=whom))
        self.write(*((whom, tag) for tag in tags))

    @rule(principal=principals)
    def purge(self, principal: str) -> None:
        run(self.cache.purge(principal))
        self.write((principal, None))
        assert principal not in self.cache._shelves

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def close(self) -> None:
        run(self.cache.aclose())
        assert (len(self.cache), self.cache.size) == (0, 0)

    @invariant()
    def is_bounded_and_adds_up(self) -> None:
        sizes = reckoned(self.cache)
        assert sum(sizes.values()) == self.cache.size <= self.MAX
        assert sizes == {principal: shelf.size for principal, shelf in self.cache._shelves.items()}
        assert all(shelf.entries for shelf in self.cache._shelves.values()), "an empty shelf is left"


TestRandomOperations = Machine.TestCase
TestRandomOperations.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)

MARKS = st.one_of(
    st.sampled_from(TAGS),
    st.tuples(st.sampled_from(PRINCIPALS)),
    st.tuples(st.sampled_from(PRINCIPALS), st.sampled_from(TAGS)),
)


def forgetting_allows(generations: Generations, steps: list[Any]) -> bool:
    """Replay marks and readings: say whether a reading equals an earlier one although something was written."""
    readings: list[tuple[str, tuple[str, ...], int, int]] = []
    log: list[Any] = []
    for step in steps:
        if not isinstance(step, list):
            log.append(step)
            generations.replace([step])
            continue
        principal, *tags = step
        readings.append((principal, tuple(tags), generations.of(principal, tags), len(log)))
    for principal, tags, generation, since in readings:
        depends = {(principal,), *tags, *((principal, tag) for tag in tags)}
        if depends & {*log[since:]} and generations.of(principal, tags) == generation:
            return True
    return False


READINGS = st.tuples(st.sampled_from(PRINCIPALS), st.sampled_from(TAGS), st.sampled_from(TAGS)).map(list)


@given(st.lists(st.one_of(MARKS, READINGS), max_size=60), st.integers(0, 8))
def test_forgetting_a_generation_can_refuse_and_never_allow(steps, limit):
    """However few marks are remembered, no generation is current again after a write to what it is of (F44, F77)."""
    assert not forgetting_allows(Generations(limit), steps)


class NoFloor(Generations):
    """The fault: what is forgotten counts as never written."""

    __slots__ = ()

    def _forget(self) -> None:
        while len(self._written) > self._limit:
            self._written.popitem(last=False)


def test_without_a_floor_forgetting_would_allow():
    """The control of F44 and F77: eviction without a floor brings a generation back."""
    assert forgetting_allows(NoFloor(1), [["a", "m", "m"], "m", "bm"])


@given(st.lists(MARKS, max_size=80), st.integers(0, 8))
def test_generations_take_bounded_memory(marks, limit):
    """Never more marks are kept than the limit."""
    generations = Generations(limit)
    for mark in marks:
        generations.replace([mark])
        assert len(generations._written) <= limit


def test_a_full_register_does_not_refuse_every_read_from_then_on():
    """The floor rises once for many writes: else each write would empty the cache for everybody."""
    generations, risen = Generations(limit=400), 0
    for number in range(4000):
        before = generations.of("a", ["never written"])
        generations.replace([f"tag {number}"])
        risen += generations.of("a", ["never written"]) != before
    assert risen <= 40


def test_what_was_written_last_is_forgotten_last():
    """A record that is written again and again keeps a generation of its own."""
    generations = Generations(limit=4)
    for mark in ("a", "b", "c", "d", "a", "e"):
        generations.replace([mark])
    assert generations.of("p", ["a"]) > generations.of("p", ["b"]) == generations.of("p", ["never written"])


def test_the_default_bounds_an_entry_by_a_quarter():
    """One answer cannot empty the cache of everybody else's."""
    cache = MemoryCache(100_000)
    assert not store(cache, "a", "k", entry(b"x" * 20_000))
    assert store(cache, "a", "k", entry(b"x" * 3_000))


def test_an_answer_too_large_to_keep_drops_the_one_before_it():
    """With opted-in freshness the older answer would come back after the newer one."""
    cache = MemoryCache(100_000)
    assert store(cache, "a", "k", entry(b"old"))
    assert not store(cache, "a", "k", entry(b"x" * 90_000))
    assert cache.look("a", "k", ()).entry is None
    assert (len(cache), cache.size) == (0, 0)
    assert not store(cache, "a", "k", entry(b"x" * 90_000))
    assert store(cache, "a", "other", entry(b"old"))
    assert not store(cache, "a", "k", entry(b"x" * 90_000))
    assert len(cache) == 1


def test_idle_principals_whose_answers_expired_go_first():
    """What nobody can use is freed before anything that somebody can."""
    cache = MemoryCache(60_000)
    assert store(cache, "idle", "k", entry(b"x" * 1_000, now=0, life=10))
    for number in range(12):
        assert store(cache, "busy", f"k{number}", entry(b"x" * 1_000, now=100))
    assert "idle" not in cache._shelves
    assert cache.look("busy", "k11", ()).entry is not None


def test_the_largest_principal_loses_its_oldest():
    """A flood costs the one who floods: nobody else loses an answer (F52, F77)."""
    cache = MemoryCache(100_000)
    for principal in ("small", "other"):
        assert store(cache, principal, "k", entry(b"x" * 500))
    for number in range(200):
        assert store(cache, "flood", f"k{number}", entry(b"x" * 500))
    assert all(cache.look(principal, "k", ()).entry is not None for principal in ("small", "other"))
    assert cache.look("flood", "k0", ()).entry is None
    assert cache.look("flood", "k199", ()).entry is not None


def test_the_largest_pays_before_the_second_largest():
    """Of two that hold more than a fair share, the larger one loses."""
    cache = MemoryCache(100_000)
    for principal, number in (("large", 12), ("second", 8), ("small", 1)):
        for key in range(number):
            store(cache, principal, f"k{key}", entry(b"x" * 500))
    before = reckoned(cache)
    while reckoned(cache)["large"] >= before["large"]:
        assert store(cache, "small", f"more {cache.size}", entry(b"x" * 500))
    assert reckoned(cache)["second"] == before["second"]
    assert cache.size <= 100_000 - 100_000 // 16, "room is made for some more at once"


def test_principals_that_are_seen_stay():
    """Between principals that hold the same, the one that was read lately stays."""
    cache = MemoryCache(100_000)
    for number in range(500):
        assert store(cache, f"p{number}", "k", entry())
        assert cache.look("p0", "k", ()).entry is not None


def test_what_was_used_lately_stays():
    """Within a principal the least recently used goes first."""
    cache = MemoryCache(100_000)
    for number in range(200):
        store(cache, "a", f"k{number}", entry(b"x" * 500))
        assert number == 0 or cache.look("a", "k0", ()).entry is not None


def test_many_principals_with_one_answer_each_stay_bounded():
    """When everybody holds the same, the least recently seen principals go (F77)."""
    cache = MemoryCache(100_000)
    for number in range(500):
        assert store(cache, f"p{number}", "k", entry())
    assert cache.size <= 100_000
    assert cache.look("p0", "k", ()).entry is None
    assert cache.look("p499", "k", ()).entry is not None


def test_an_answer_that_expired_at_once_is_not_said_to_be_kept():
    """`commit` tells the truth when making room takes the new answer as well."""
    cache = MemoryCache(8_000, max_entry_bytes=8_000)
    assert store(cache, "a", "k1", entry(b"x" * 300, life=0))
    assert not store(cache, "a", "k2", entry(b"x" * 900, life=0))
    assert (len(cache), cache.size) == (0, 0)


def test_with_no_room_writes_are_still_remembered():
    """`max_bytes=0` keeps nothing, and yet no read of before a write is like one of after it."""
    cache = MemoryCache(0)
    before = cache.look("a", "k", TAGS).generation
    assert not store(cache, "a", "k", entry(), TAGS)
    run(cache.delete_tags(["m"]))
    assert before != cache.look("a", "k", TAGS).generation


@pytest.mark.parametrize(
    "arguments", [{"max_bytes": -1}, {"max_entry_bytes": -1}, {"max_bytes": "1"}, {"max_bytes": 1.5}]
)
def test_bounds_that_are_none_are_refused(arguments):
    """A misread setting is an error, not a cache without bounds."""
    with pytest.raises(InvalidArgument, match="bytes"):
        MemoryCache(**arguments)


def wire_fields(number: int, size: int) -> list[tuple[bytes, bytes]]:
    """Header fields as a parser makes them: bytes that are nobody else's."""
    text = (
        f'Content-Type: application/json; charset=utf-8|ETag: "{number:032x}"|'
        "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT|"
        f"Date: Mon, 01 Jan 2024 00:10:00 GMT|X-RateLimit-Limit: 50|X-RateLimit-Remaining: {number % 50}|"
        f"X-RateLimit-Reset: {1700000000 + number}|X-API-VERSION: 4.0.13|X-Request-Id: {number * 7:032x}|Server: nginx|"
        "Cache-Control: max-age=0, private, must-revalidate|Vary: Accept, Origin|Connection: keep-alive|"
        f"Strict-Transport-Security: max-age=63072000; includeSubDomains|Content-Length: {size}"
    )
    return [tuple(field.encode().split(b": ", 1)) for field in text.split("|")]  # type: ignore[misc]


@pytest.mark.parametrize("principals", [1, 1500])
@pytest.mark.parametrize("size", [0, 3_000])
@pytest.mark.parametrize("strip", [False, True])
def test_entries_cost_no_more_than_is_reckoned(size, principals, strip):
    """`max_bytes` is a bound of real memory: what tracemalloc sees is at most what the cache reckons (F77)."""
    cache = MemoryCache(10**9)
    gc.collect()
    tracemalloc.start()
    try:
        start = tracemalloc.get_traced_memory()[0]
        for number in range(1500):
            headers = Headers.from_raw(wire_fields(number, size))
            if strip:
                headers = conditional.kept(headers)
            key = f"https://app.clio.com/api/v4/matters/{number}.json?fields=id,etag,description,client{{id,type}}"
            kept = Entry(
                key,
                headers,
                b"%d" % number + b"x" * size,
                conditional.validator(headers),
                (),
                float(number),
                1e9 + number,
            )
            assert run(cache.commit(f"{number % principals:032x}", key, (key,), 0, kept))
        del headers, key, kept
        gc.collect()
        used = tracemalloc.get_traced_memory()[0] - start
    finally:
        tracemalloc.stop()
    assert used <= cache.size <= 4 * used
