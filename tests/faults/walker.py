"""One process of a service that walks a list: `python -m tests.faults.walker BASE_URL RECORDS`.

The first line that comes in is the access token, the second the resume token or nothing. After so many records it is
gone, without a word of farewell. Ids go out, and before each of them the token that the service would keep.
"""

from __future__ import annotations

import os
import sys

import anyio

from clio_async import Clio


async def main(base_url: str, records: str) -> None:
    access, resume = (sys.stdin.readline().strip() for _ in range(2))
    left = int(records)
    async with Clio(access, base_url=base_url) as clio:
        pages = clio.matters.list(fields="id", limit=10, resume=resume or None)
        async for matter in pages:
            if left == 0:
                os._exit(9)
            print(pages.resume_token, matter.id, flush=True)
            left -= 1
    print(pages.resume_token, "end", flush=True)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
