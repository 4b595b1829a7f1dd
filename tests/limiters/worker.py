"""Processes that use one token: `python -m tests.limiters.worker BASE_URL TOKEN TASKS PROCESSES [REDIS_URL PREFIX]`.

One process imports everything and makes the client, and then forks the others, as a prefork server with `--preload`
does. They send as fast as they may until their input ends, each with so many tasks, and tell in one line what they saw.
Without the address of a Redis each has a limiter of its own: the control.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
import warnings

import anyio

from clio_async.client import Clio
from clio_async.errors import RateLimited
from clio_async.limiters.local import LocalLimiter
from clio_async.limiters.redis import RedisLimiter
from clio_async.redis import RedisServer


async def work(clio: Clio, tasks: int, end: int) -> None:
    """Send until the input ends."""
    refused = 0
    clio = clio.options(lane="batch", timeout=None, max_wait=None)

    async def caller(record: int) -> None:  # one each: what is asked for twice at once is sent once
        nonlocal refused
        while True:
            try:
                await clio.request("GET", f"/tasks/{record}", params={"fields": "id"})
            except RateLimited:
                refused += 1

    async with clio, anyio.create_task_group() as group:
        for number in range(tasks):
            group.start_soon(caller, number + 1)
        loop, ended = asyncio.get_running_loop(), anyio.Event()
        loop.add_reader(end, ended.set)
        await ended.wait()
        loop.remove_reader(end)
        group.cancel_scope.cancel()
    said = {"requests": clio.stats.requests, "limited": clio.stats.limited, "refused": refused}
    os.write(1, json.dumps(said).encode() + b"\n")


def main(base_url: str, token: str, tasks: str, processes: str, redis_url: str = "", prefix: str = "") -> None:
    server = RedisServer(redis_url, prefix=prefix, timeout=1.0) if redis_url else None  # other tests use the machine
    limiter = LocalLimiter() if server is None else RedisLimiter(server)
    clio = Clio(token, base_url=base_url, cache=None, limiter=limiter)
    children = []
    for _ in range(int(processes)):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                warnings.simplefilter("error")
                asyncio.run(work(clio, int(tasks), 0))
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    os.write(1, b"ready\n")
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main(*sys.argv[1:])
