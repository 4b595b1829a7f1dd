"""A process that shares a cache: `python -m tests.soak.peer STORE BASE BOARD NUMBER`, until its input ends.

It says "ready", and at its end what it saw. It has threads that read any matter, and one that writes its own matters.
What was acknowledged is on the board, a file that all processes have in memory: a reader looks there before it reads,
and must not be given less. STORE is ``sqlite:<path>``, the URL of a Redis, or ``memory`` for a cache of one's own: the
control.
"""

from __future__ import annotations

import json
import mmap
import random
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from struct import Struct

from clio_async import Policy, RedisCache, RedisServer, SQLiteCache, SyncClio
from clio_async.caches.base import CacheStore
from clio_async.caches.memory import MemoryCache
from tests.sync.world import LONG

OWN, PEERS, READERS = 4, 4, 3
NUMBER = Struct("=q")


class Board:
    """What was acknowledged, for each matter: one number of eight bytes, which one process alone writes."""

    def __init__(self, path: str) -> None:
        with Path(path).open("r+b") as file:
            self._shown = mmap.mmap(file.fileno(), 0)

    def __getitem__(self, id: int) -> int:
        found: int = NUMBER.unpack_from(self._shown, NUMBER.size * id)[0]
        return found

    def __setitem__(self, id: int, number: int) -> None:
        NUMBER.pack_into(self._shown, NUMBER.size * id, number)


def store_of(name: str) -> CacheStore:
    if name == "memory":
        return MemoryCache()
    if name.startswith("sqlite:"):
        return SQLiteCache(name.removeprefix("sqlite:"))
    return RedisCache(RedisServer(name, prefix="soak", timeout=LONG))


def read(clio: SyncClio, board: Board, seen: Counter[str], over: threading.Event) -> None:
    """Read any matter, and count what is older than what was acknowledged before."""
    counted: Counter[str] = Counter()
    while not over.is_set():
        matter = random.randrange(1, PEERS * OWN + 1)
        told = board[matter]
        found = clio.matters.get(matter, fields="id,description")
        counted["reads"] += 1
        counted["foreign"] += found.id != matter
        counted["stale"] += int(str(found.description)) < told
        if random.random() < 0.05:
            over.wait(random.random() * 0.01)
    seen.update(counted)


def write(clio: SyncClio, board: Board, seen: Counter[str], over: threading.Event, first: int) -> None:
    """Write the own matters, tell that it is done, and read them."""
    while not over.is_set():
        matter = first + random.randrange(OWN)
        number = board[matter] + 1
        clio.matters.update(matter, description=str(number), fields="id,description")
        board[matter] = number
        seen["writes"] += 1
        seen["own stale"] += str(number) != clio.matters.get(matter, fields="id,description").description
        over.wait(random.random() * 0.02)


def main(store: str, base: str, path: str, number: str) -> None:
    """Read and write, and say in one line what was seen."""
    board, over = Board(path), threading.Event()
    counts = [Counter[str]() for _ in range(READERS + 1)]
    failed: list[str] = []
    cache = store_of(store)
    fresh = Policy(fresh_for={"matters": 300.0})

    def guarded(work: object, *arguments: object) -> None:
        try:
            work(clio, board, *arguments)  # type: ignore[operator]
        except BaseException as error:
            failed.append(repr(error))

    with ExitStack() as stack:
        clio = stack.enter_context(SyncClio("t", base_url=base, cache=cache, policy=fresh, limiter=None, retry=None))
        clio.matters.get(1, fields="id,description")
        print("ready", flush=True)
        workers = [threading.Thread(target=guarded, args=(read, counts[each], over)) for each in range(READERS)]
        first = 1 + OWN * int(number)
        workers.append(threading.Thread(target=guarded, args=(write, counts[READERS], over, first)))
        for worker in workers:
            worker.start()
        sys.stdin.read()
        over.set()
        for worker in workers:
            worker.join()
        stats = clio.stats
    seen = sum(counts, Counter[str]())
    seen.update(fresh=stats.fresh, requests=stats.requests, revalidated=stats.revalidated)
    print(json.dumps({"seen": seen, "failed": failed}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
