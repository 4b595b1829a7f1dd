"""One client for ever new firms, each of which is gone when it has been served: memory has a bound (F77)."""

from __future__ import annotations

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import pytest

from clio_async import Clio, MemoryTransport, Request, Response
from clio_async.caches.memory import MemoryCache
from clio_async.messages import Headers
from tests.caches.test_memory import entry, store

FIRST, MORE = 12_000, 8_000
"""Of the quota of ten thousand principals something is remembered, so the first are more than those. `MORE` may be any
number: with 100 000 nothing is different, and it takes a minute."""
QUOTA = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49", "X-RateLimit-Reset": "60"}
ELSEWHERE = (type, ModuleType, FunctionType, BuiltinFunctionType)


def weight(thing: object) -> int:
    """Return the bytes of all that a thing holds, but for what belongs to the program itself."""
    seen: set[int] = set()
    ahead, found = [thing], 0
    while ahead:
        each = ahead.pop()
        if id(each) not in seen and not isinstance(each, ELSEWHERE):
            seen.add(id(each))
            found += sys.getsizeof(each)
            ahead += gc.get_referents(each)
    return found


async def answer(request: Request) -> Response:
    """Answer as a firm of its own does."""
    body = b'{"data":{"id":1,"etag":"\\"x\\"","display_number":"%b"}}' % request.headers["authorization"].encode()
    return Response(200, Headers({"Content-Type": "application/json", "ETag": '"x"', **QUOTA}), body)


class Forgetless(MemoryCache):
    """The control: a cache without a bound."""

    def __init__(self) -> None:
        super().__init__(10**12)


async def grown(cache: MemoryCache) -> float:
    """Serve firms, and then more: return by what factor the client has grown by these."""
    now = 0.0
    root: Any = Clio(
        "t", transport=MemoryTransport(answer), timeout=None, cache=cache, clock=lambda: now, wall_clock=lambda: now
    )
    weights: list[int] = []
    for first, last in ((0, FIRST), (FIRST, FIRST + MORE)):
        for number in range(first, last):
            now += 0.1
            clio = root.with_auth(f"token-{number}")
            assert (
                f"Bearer token-{number}" == (await clio.matters.get(1, fields="id,etag,display_number")).display_number
            )
        del clio
        weights.append(weight(root._core))
    assert FIRST + MORE == root.stats.requests
    return weights[1] / weights[0]


async def test_a_client_grows_by_no_firm_that_is_gone() -> None:
    """F77: cache, quota, flights, budgets and all else that it keeps are of one size, however many came."""
    assert 1.1 > await grown(MemoryCache(1_000_000))


async def test_without_a_bound_each_firm_stays() -> None:
    """The control of F77: in a cache without a bound there is something of each."""
    assert 1.3 < await grown(Forgetless())


@pytest.mark.parametrize("principals", [1, 10_000])
def test_a_hundred_thousand_keys_take_what_was_allowed(principals: int) -> None:
    """F77: whoever they belong to, `max_bytes` is what there is at most, at every moment."""
    cache, most = MemoryCache(1_000_000), 0
    for number in range(100_000):
        store(cache, f"p{number % principals}", f"k{number}", entry(b"x" * 100), (f"m/{number}",))
        most = max(most, cache.size)
    assert most <= 1_000_000
    assert len(cache._shelves) <= min(principals, len(cache))
    assert 2_000_000 > weight(cache)
