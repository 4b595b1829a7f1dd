"""One process that counts in a file of subscriptions: ``python -m tests.subscriptions.worker PATH ROUNDS``."""

from __future__ import annotations

import sys

import anyio
from attrs import evolve

from clio_async.webhooks import FileSubscriptions


async def count(path: str, rounds: int) -> None:
    """Add one to the `webhook_id` of the only subscription, `rounds` times, by compare and set."""
    store = FileSubscriptions(path)
    done = 0
    while done < rounds:
        found = await store.get("key")
        assert found is not None
        done += await store.replace(found, evolve(found, webhook_id=(found.webhook_id or 0) + 1))
        print(done, flush=True)


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    anyio.run(count, sys.argv[1], int(sys.argv[2]))
