"""What a read costs: validated and answered 304, in full, and fresh without a request.

The reference is what a careful user writes by hand with aiohttp: a session, and for validation a dict of tags and
bodies. This package returns typed records; the others return dicts, but for stripe, which has objects of its own.
Before anything is measured, each contender shows once that it sends what it should, and gets the right matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

from benchmarks import server
from benchmarks.contenders import Opened, Read, reading, remembering, validating
from benchmarks.measure import Case, Effort, Goal, Step, Watch, case_of, race
from clio_async.models.selection import select

OPERATIONS = 1_500
RECORDS = 2_000
"""So many that no two reads of one are under way at a time: here they would share a request."""
SLOW = {
    "gidgethub": 0.5,
    "aiohttp-client-cache": 0.25,
    "httpx": 0.1,
    "httpx2": 0.2,
    "openai": 0.1,
    "stripe": 0.1,
    "githubkit": 0.05,
    "hishel, in memory": 0.05,
    "hishel, in a file": 0.05,
}
"""Those who take long do a part of it in a round."""
WIDTHS = (1, 50)


def targets(base: str, who: str, count: int) -> list[Any]:
    """Return what a contender reads: addresses of matters, with all that this package asks for by default."""
    numbers = range(1, count + 1)
    if who == "clio_async":
        return list(numbers)
    return [f"{base}/matters/{number}.json?{select('matters').query}" for number in numbers]


def number(found: Any) -> int:
    """Return what a contender says the number of the matter is."""
    record = getattr(found, "data", None) or (found["data"] if isinstance(found, dict) else found)
    return int(record["number"] if isinstance(record, dict) else record.number)


def shows(who: str, found: Any, before: tuple[int, int], after: tuple[int, int], sent: tuple[int, int]) -> None:
    """Stop unless a contender has got the right matter by the right requests: in full, and unchanged."""
    asked = after[0] - before[0], after[1] - before[1]
    if number(found) != 42 or asked != sent:
        raise AssertionError(f"{who}: got {found!r} by {asked} requests in full and unchanged, not by {sent}")


async def several(read: Read, urls: list[Any], operations: int, width: int) -> None:
    """Read so many times, so many in flight."""
    turn = count()

    async def worker(number: int) -> None:
        for _ in range(number):
            await read(urls[next(turn) % len(urls)])

    share, rest = divmod(operations, width)
    await asyncio.gather(*[worker(share + (place < rest)) for place in range(width)])


async def prepared(
    stack: AsyncExitStack, opened: Mapping[str, Opened], urls: Mapping[str, list[Any]], port: int, sent: tuple[int, int]
) -> dict[str, Read]:
    """Open all, let each read all its addresses once, and show with one more read what it does."""
    found: dict[str, Read] = {}
    for who, opening in opened.items():
        read = found[who] = await stack.enter_async_context(opening)
        await several(read, urls[who], len(urls[who]), 1)
        before = await asyncio.to_thread(server.counted, port)
        answer = await read(urls[who][-1])
        shows(who, answer, before, await asyncio.to_thread(server.counted, port), sent)
    return found


def step(read: Read, urls: list[Any], operations: int, width: int) -> Step:
    """Return a round's work."""
    return lambda: several(read, urls, operations, width)


async def compared(
    name: str, readers: Mapping[str, Read], urls: Mapping[str, list[Any]], width: int, effort: Effort, **told: Any
) -> Case:
    """Race the readers."""
    watch = Watch(told.pop("pid"))
    number = {who: effort.times(int(OPERATIONS * SLOW.get(who, 1)), width) for who in readers}
    number.update({who: effort.times(often) for who, often in told.pop("often", {}).items()})
    steps = {who: step(read, urls[who], number[who], width) for who, read in readers.items()}
    seen = await race(steps, number, effort.rounds, watch)
    return case_of(name, seen, server=watch.share, **told)


async def run(effort: Effort) -> AsyncIterator[Case]:
    """Measure all reads."""
    process, port = server.start(core=1)
    base = f"http://127.0.0.1:{port}/api/v4"
    some = effort.times(RECORDS, 60)
    by_hand = "stock aiohttp"
    try:
        for title, opened, goal, sent in (
            ("validated read, 304", validating(base), 1.0, (0, 1)),
            ("plain read, 200", reading(base), 1.15, (1, 0)),
        ):
            async with AsyncExitStack() as stack:
                urls = {who: targets(base, who, max(60, int(some * SLOW.get(who, 1)))) for who in opened}
                readers = await prepared(stack, opened, urls, port, sent)
                for width in WIDTHS:
                    goals = [Goal(f"cpu/{by_hand}", goal)]
                    told = {"reference": by_hand, "goals": goals, "pid": process.pid}
                    yield await compared(f"{title}, {width} in flight", readers, urls, width, effort, **told)
        async with AsyncExitStack() as stack:
            opened = remembering(base)
            urls = {who: [targets(base, who, 42)[41]] for who in opened}
            readers = await prepared(stack, opened, urls, port, (0, 0))
            goals = [Goal("cpu", 3), Goal("cpu/aiohttp-client-cache", 40, at_least=True)]
            often = {"clio_async": 20_000, "dict": 100_000}
            told = {"reference": "dict", "goals": goals, "pid": process.pid}
            yield await compared("fresh hit, no request", readers, urls, 1, effort, often=often, **told)
    finally:
        process.terminate()
        process.join()
