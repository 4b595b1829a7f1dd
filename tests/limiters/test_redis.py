"""The shared quota on a real server that is stopped, frozen, restarted and flushed (F50, F71, F73)."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from attrs import evolve

from clio_async.errors import ClioWarning, InvalidArgument, RedisUnavailable, UsageError
from clio_async.limiters.redis import RedisLimiter
from clio_async.limiters.script import SHARE
from clio_async.protocol.rules import Rules
from clio_async.protocol.shared_quota import Answer, SharedBudget
from clio_async.redis import RedisServer, Reply
from tests.redis_server import RedisProcess

from .test_local import FIRM, OTHER, asked, told


@pytest.fixture
def anyio_backend() -> str:
    """The driver of Redis knows no other."""
    return "asyncio"


async def call(limiter: RedisLimiter, remaining: int) -> None:
    """Send a request, and give it an answer."""
    request = asked("batch")
    await limiter.turn(request)
    limiter.answered(request, told(remaining))
    await limiter.settle(request)


async def calls(limiter: RedisLimiter) -> None:
    for remaining in (49, 48):
        await call(limiter, remaining)


def stopped(process: RedisProcess) -> None:
    process.stop()


def frozen(process: RedisProcess) -> None:
    process.freeze()


def restarted(process: RedisProcess) -> None:
    process.stop()
    process.start()


def flushed(process: RedisProcess) -> None:
    with process.client() as client:
        client.flushall()


def of_another_kind(process: RedisProcess) -> None:
    with process.client() as client:
        for key in client.keys("*"):
            client.delete(key)
            client.set(key, "not ours")


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
@pytest.mark.parametrize("harm", [stopped, frozen, restarted, flushed, of_another_kind])
async def test_a_call_never_fails_for_its_server(redis_process: RedisProcess, harm: Any) -> None:
    """It goes on by itself, and what is known of the quota stays."""
    limiter = RedisLimiter(redis_process.url)
    for remaining in (49, 48):
        await call(limiter, remaining)
    harm(redis_process)
    for remaining in (47, 46, 45):
        await call(limiter, remaining)
    quota = limiter.quota(FIRM)
    assert (50, 45, 0, 0) == (quota.limit, quota.remaining, quota.in_flight, quota.waiting)
    redis_process.thaw()
    await limiter.aclose()


async def test_a_server_that_is_down_is_said_aloud_without_its_address(redis_process: RedisProcess) -> None:
    """The address may hold a password."""
    redis_process.stop()
    limiter = RedisLimiter(redis_process.url.replace("//", "//:CANARY@"))
    with pytest.warns(ClioWarning, match="shares out the quota failed") as caught:
        await calls(limiter)
    assert 1 == len(caught)
    assert "CANARY" not in str(caught[0].message)
    assert str(redis_process.port) not in str(caught[0].message)


async def test_a_server_that_comes_back_with_what_was_true_some_time_ago_is_not_believed(
    redis_process: RedisProcess,
) -> None:
    """It would give away what was used since: as if it had forgotten everything, four find out."""
    limiter = RedisLimiter(redis_process.url)
    await calls(limiter)
    with redis_process.client() as client:
        client.save()
    for remaining in (3, 2):
        await call(limiter, remaining)
    await limiter.aclose()
    assert 2 == await granted(redis_process, 12)
    redis_process.stop()
    redis_process.start()
    with redis_process.client() as client:
        assert 1 == len(client.keys("*"))
    assert 4 == await granted(redis_process, 12)


async def granted(process: RedisProcess, wanted: int) -> int:
    """Return how many permits another process gets that wants so many."""
    budget = SharedBudget(Rules(), 8)
    server = RedisServer(process.url)
    arguments = ["", "another", 1, *budget.question(wanted, 0, 0.0).arguments]
    answer = Answer.of((await server.call(SHARE, [f"quota:1:{FIRM.fingerprint}"], arguments)).value)
    await server.aclose()
    assert answer is not None
    return answer.granted


async def test_what_is_kept_is_found_by_the_fingerprint_and_ends(redis_process: RedisProcess) -> None:
    """Nothing readable, and nothing for ever."""
    limiter = RedisLimiter(redis_process.url)
    await call(limiter, 49)
    with redis_process.client() as client:
        keys = client.keys("*")
        assert [f"clio_async:quota:1:{FIRM.fingerprint}".encode()] == keys
        assert 0 < client.pttl(keys[0]) <= 600_000
    await limiter.aclose()


def test_it_serves_a_second_event_loop(redis_process: RedisProcess) -> None:
    """F73: with connections of its own."""
    limiter = RedisLimiter(redis_process.url)

    async def whole(remaining: int) -> None:
        await call(limiter, remaining)
        await limiter.aclose()

    for remaining in (49, 48):
        asyncio.run(whole(remaining))
    assert 48 == limiter.quota(FIRM).remaining


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_another_kind_of_event_loop_is_refused_with_the_reason(redis_process: RedisProcess) -> None:
    """The driver of Redis runs on asyncio alone."""
    limiter = RedisLimiter(redis_process.url)
    with pytest.raises(UsageError, match="asyncio"):
        await limiter.turn(asked())
    assert (0, 0) == (limiter.quota(FIRM).in_flight, limiter.quota(FIRM).waiting)


def planted(**changes: Any) -> Any:
    def change(fields: dict[bytes, bytes]) -> dict[bytes, bytes]:
        return {
            name: msgspec.msgpack.encode({**msgspec.msgpack.decode(value), **changes}) for name, value in fields.items()
        }

    return change


@pytest.mark.parametrize(
    "change",
    [
        planted(seq=float("nan"), held=float("nan")),
        planted(bound=float("-inf"), lease=float("inf")),
        planted(limit="x", turn="x"),
        planted(paused=1e300, due=1e300),
        planted(careful=1, got=True),
        planted(opens={}, i={}),
        lambda fields: dict.fromkeys(fields, b"\x93\x01\x02\x03"),
        lambda fields: dict.fromkeys(fields, b"\xc1"),
        lambda fields: {**fields, b"another": msgspec.msgpack.encode({"held": 1e9})},
    ],
)
async def test_a_state_that_cannot_be_is_begun_anew(redis_process: RedisProcess, change: Any) -> None:
    """Whatever somebody has planted in the server, the next question heals it: nobody fails, or waits, or is alone."""
    limiter = RedisLimiter(RedisServer(redis_process.url, timeout=5.0))
    await calls(limiter)
    with redis_process.client() as client:
        (key,) = client.keys("*")
        client.hset(key, mapping=change(client.hgetall(key)))  # type: ignore[arg-type]
        await calls(limiter)
        assert not limiter._away.until
        assert all(msgspec.msgpack.decode(value) for value in client.hvals(key))  # type: ignore[union-attr]
        assert b"another" not in client.hgetall(key)
    await limiter._server.aclose()


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
async def test_a_turn_that_somebody_has_planted_is_not_waited_for(redis_process: RedisProcess) -> None:
    """The server would take each question for one that comes too late: so the process takes another name there."""
    limiter = RedisLimiter(RedisServer(redis_process.url, timeout=5.0))
    await calls(limiter)
    with redis_process.client() as client:
        (key,) = client.keys("*")
        state = client.hgetall(key)
        client.hset(key, mapping=planted(turn=1e9)({limiter._name.encode(): state[limiter._name.encode()]}))  # type: ignore[index,arg-type]
    await calls(limiter)
    assert limiter._away.until
    limiter._away.until = 0.0
    await calls(limiter)
    assert not limiter._away.until
    await limiter._server.aclose()


class Speaking:
    """Stands in for a server: gives each question the same reply, or hangs."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.calls = 0
        self.hangs = False

    async def call(self, *_: object) -> Reply:
        self.calls += 1
        if self.hangs:
            await asyncio.Event().wait()
        if isinstance(self.value, Exception):
            raise self.value
        return Reply(self.value, "run")


NUMBERS = [b"1", b"1", b"1", b"0", b"-1", b"-1", b"50", b"40", b"30", b"60", b"0", b"2", b"0", b"1", b"1"]


@pytest.mark.parametrize("value", [[], 5, None, b"hello", [b"nan"] * 15, [b"inf"] * 15, [b"-5"] * 15, [[]] * 15, [1]])
async def test_an_odd_reply_is_a_server_that_is_away(value: Any) -> None:
    """Each call goes on with the local share, the server is asked once in a pause, and it is said aloud once."""
    server: Any = Speaking(value)
    limiter = RedisLimiter(server)
    with pytest.warns(ClioWarning, match="answered something that nobody has asked for") as caught:
        await calls(limiter)
    assert (1, 1) == (len(caught), server.calls)


async def test_an_answered_call_is_told_of_at_most_twice() -> None:
    """Others wait for ever, it seems; this call does not."""
    server: Any = Speaking(NUMBERS)  # somebody always waits, and something is always left to tell
    limiter = RedisLimiter(server)
    first, second = asked("batch"), asked("batch")
    for request in (first, second):
        await limiter.turn(request)
    tenant = limiter._tenants[FIRM.fingerprint]
    limiter.answered(first, told(49))
    before, whole = server.calls, limiter._exchange

    async def exchange(it: Any) -> None:
        await whole(it)
        it.budget._landed_since += 1

    limiter._exchange = exchange  # type: ignore[method-assign]
    await limiter.settle(first)
    assert 2 == server.calls - before
    assert tenant.budget.is_due(False, 0.0)  # type: ignore[attr-defined]


async def test_an_answered_call_is_kept_no_longer_than_it_may_last() -> None:
    """Half of what its deadline leaves, and nothing if that has passed."""
    server: Any = Speaking(NUMBERS)
    now = 100.0
    limiter = RedisLimiter(server, clock=lambda: now)
    request = asked("batch", deadline=100.02)
    await limiter.turn(request)
    limiter.answered(request, told(49))
    server.hangs, before = True, server.calls
    await limiter.settle(request)  # else the test hangs
    asked_once = server.calls
    now = 100.02
    await limiter.settle(request)
    assert (1, 0) == (asked_once - before, server.calls - asked_once)
    await limiter.settle(asked(principal=OTHER))  # nobody has sent anything


@pytest.mark.parametrize("error", [UsageError("another loop"), ValueError("whatever")])
async def test_no_answer_is_lost_to_what_comes_after_it(error: Exception) -> None:
    """What goes wrong in telling is nothing to the call: its request was carried out."""
    server: Any = Speaking(NUMBERS)
    limiter = RedisLimiter(server)
    request = asked("batch")
    await limiter.turn(request)
    limiter.answered(request, told(49))
    server.value, before = error, server.calls
    await limiter.settle(request)
    assert server.calls > before


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
async def test_a_frozen_server_is_waited_for_once_by_all_principals() -> None:
    """Not once by each of them."""
    server: Any = Speaking(RedisUnavailable("frozen"))
    limiter = RedisLimiter(server)
    for user in range(20):
        await limiter.turn(asked("batch", principal=evolve(FIRM, user=str(user))))
    assert 1 == server.calls


@pytest.mark.parametrize("cap", [86_401, 1e15, float("nan")])
def test_a_pause_is_at_most_a_day(cap: float) -> None:
    """The server keeps its state for longer than a pause: not for thousands of years."""
    with pytest.raises(InvalidArgument, match="cap"):
        RedisLimiter("redis://localhost", cap=cap)


async def test_any_pause_up_to_a_day_can_be_kept(redis_process: RedisProcess) -> None:
    """Also one that is no whole number of milliseconds."""
    limiter = RedisLimiter(redis_process.url, cap=1234.56789)
    await calls(limiter)
    assert not limiter._away.until
    await limiter.aclose()
