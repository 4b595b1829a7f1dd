"""CPU per read, as a ratio to stock aiohttp in the same run: `python -m benchmarks.reads`.

The reference is what a careful user writes by hand: a session, a dict of tags and bodies, `If-None-Match`. Rounds are
interleaved, the server has a core of its own, and what counts is the processor time of this process.

"Plain" reads every attribute of a matter into a typed record, in full and past the cache; the reference parses the same
bytes with orjson. A fresh hit is one that was opted into: no request is sent.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import orjson

from benchmarks import server
from benchmarks.heap import steady_heap
from clio_async import Clio, Policy
from clio_async.models.selection import select

READS = 2_000
RECORDS = 1_000  # so many that no two reads of one are under way at a time, which would share a request
ROUNDS = 7


async def _fresh(base: str) -> float:
    """Return microseconds per read that is answered without a request."""
    async with Clio("t", base_url=base, policy=Policy(fresh_for={"matters": 300})) as clio:
        return min([await _spread(partial(clio.matters.get, 42), 1) for _ in range(ROUNDS)])


async def _crowd(base: str) -> float:
    """Return what a validated read costs at 500 in flight, as a multiple of that at 50."""
    async with Clio("t", base_url=base) as clio:
        ids = iter(range(10**9))

        async def read() -> object:
            return await clio.matters.get(next(ids) % RECORDS + 1)

        for _ in range(RECORDS):
            await read()
        pairs = [(await _spread(read, 50), await _spread(read, 500)) for _ in range(ROUNDS)]
        return statistics.median(crowd / few for few, crowd in pairs)


async def _spread(call: Callable[[], Awaitable[object]], width: int) -> float:
    """Return microseconds of processor time per call, at `width` in flight."""

    async def worker(count: int) -> None:
        for _ in range(count):
            await call()

    begin = time.process_time()
    await asyncio.gather(*[worker(READS // width) for _ in range(width)])
    return (time.process_time() - begin) / READS * 1e6


async def main() -> None:
    steady_heap()
    process, port = server.start(core=1)
    os.sched_setaffinity(0, {0})
    base = f"http://127.0.0.1:{port}/api/v4"
    query = select("matters").query
    held: dict[str, tuple[str, object]] = {}
    token = {"Authorization": "Bearer t"}
    async with aiohttp.ClientSession(headers=token) as session, Clio("t", base_url=base) as clio:
        whole = clio.options(cache="bypass")
        ids = iter(range(1, 10**9))

        def address() -> str:
            return f"{base}/matters/{next(ids) % RECORDS + 1}.json?{query}"

        async def hand_validated() -> object:
            url = address()
            known = held.get(url)
            async with session.get(url, headers={"If-None-Match": known[0]} if known else {}) as answer:
                if answer.status == 304 and known:
                    return known[1]
                held[url] = answer.headers["ETag"], orjson.loads(await answer.read())
                return held[url][1]

        async def hand_plain() -> object:
            async with session.get(address()) as answer:
                return orjson.loads(await answer.read())

        async def validated() -> object:
            return await clio.matters.get(next(ids) % RECORDS + 1)

        async def plain() -> object:
            return await whole.matters.get(next(ids) % RECORDS + 1)

        for _ in range(RECORDS):
            await validated()
            await hand_validated()
        print(f"{'':24}{'stock aiohttp':>16}{'clio_async':>14}{'ratio':>8}   (µs of CPU, medians of {ROUNDS})")
        for name, ours, theirs in (("validated, 304", validated, hand_validated), ("plain, 200", plain, hand_plain)):
            for width in (1, 50):
                pairs = [(await _spread(theirs, width), await _spread(ours, width)) for _ in range(ROUNDS)]
                reference, own = (statistics.median(column) for column in zip(*pairs, strict=True))
                ratio = statistics.median(mine / other for other, mine in pairs)
                print(f"{name + f', {width} in flight':24}{reference:16.1f}{own:14.1f}{ratio:8.2f}")
    print(f"{'fresh hit, µs':24}{await _fresh(base):30.1f}")
    print(f"{'500 in flight to 50':24}{await _crowd(base):38.2f}")
    process.terminate()


if __name__ == "__main__":
    asyncio.run(main())
