"""A process that writes one record again and again: `python -m tests.caches.redis_writer URL PREFIX TIMES`.

What its server has is a number in Redis, beside the cache; so is the last write that it told the world about.
"""

from __future__ import annotations

import sys

import anyio
import redis

from clio_async.caches.redis import RedisCache
from clio_async.redis import RedisServer

TAG = "https://app.clio.com/api/v4/matters/1"


async def write(url: str, prefix: str, times: int) -> None:
    """Write as the client does: outdate, write, outdate, and only then say that it is done."""
    with redis.Redis.from_url(url) as origin:
        async with RedisServer(url, timeout=10.0) as server:
            store = RedisCache(server, prefix=prefix)
            for number in range(1, times + 1):
                await store.delete_tags([TAG])
                origin.set(f"{prefix}-server", number)
                await store.delete_tags([TAG])
                origin.set(f"{prefix}-told", number)
                while number % 5 == 0 and number < times and int(origin.get(f"{prefix}-read") or 0) < number:
                    pass  # until it was read again


if __name__ == "__main__":
    anyio.run(write, sys.argv[1], sys.argv[2], int(sys.argv[3]))
