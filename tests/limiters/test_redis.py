"""The shared quota on a real server that is stopped, frozen, restarted and flushed (F50, F71, F73)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from clio_async.errors import ClioWarning, UsageError
from clio_async.limiters.redis import RedisLimiter
from tests.redis_server import RedisProcess

from .test_local import FIRM, asked, told


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
