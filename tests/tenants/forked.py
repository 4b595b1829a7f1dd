"""A process with warm clients of all users: `python -m tests.tenants.forked KIND PATH URL PREFIX KEYED`.

Parent and children go on with the clients that were there before the fork, all upon one store. It prints what was wrong
with any answer, and last for how many answers a store was used.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable

import anyio

from .strangers import ByUrl, Origin, Place, calls, clients, operate_all, operate_here, sync_clients

CHILDREN = 2


def main(kind: str, path: str, url: str, prefix: str, keyed: str) -> None:
    place = Place(kind, path, url, prefix)
    store = place.opened() if keyed == "right" else ByUrl(place.opened())
    origin = Origin()
    of = clients(origin, store)
    root, here = sync_clients(origin, store)

    def synchronous(seed: int) -> list[str]:
        return [problem for token, what in calls(seed, 1) for problem in operate_here(here[token], token, what)]

    async def all_of_them(seed: int) -> list[str]:
        problems = await operate_all(of, calls(seed, 1))
        await store.aclose()
        return problems

    def asynchronous(seed: int) -> list[str]:
        return anyio.run(all_of_them, seed)

    def leave() -> None:
        root._seat.run(store.aclose())  # in the loop that has its connections
        root.close()

    problems = synchronous(0) + asynchronous(1)
    children = [_forked(asynchronous if number % 2 else synchronous, leave, 3 + number) for number in range(CHILDREN)]
    problems += synchronous(9)
    for child in children:
        _, status = os.waitpid(child, 0)
        problems += [f"a child ended with {status}"] * bool(status)
    leave()
    print(*problems, sep="\n")
    print(origin.confirmed)


def _forked(work: Callable[[int], list[str]], leave: Callable[[], None], seed: int) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        problems = work(seed)
        leave()
        os.write(1, "".join(f"{problem}\n" for problem in problems).encode())
        raise SystemExit(0)
    return child


if __name__ == "__main__":
    warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
    main(*sys.argv[1:])
