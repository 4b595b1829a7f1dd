"""Many threads through one client, and many forks from a client at work."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from clio_async import Clio, SyncClio
from clio_async.testing.simulator import Simulator
from tests.sync.echo import echoing
from tests.sync.load import many_forks, many_threads
from tests.sync.world import LONG, client_of, loops, served, sockets, wait_for_workers
from tests.sync.world import threads as threads_here
from tests.workers import load as workers
from tests.workers.identity import identity_server

from .wrong import check

THREADS, CALLS, LOT = 64, 10_000, 100
FORKS, FEW, WIDTH = 1_000, 20, 4


def threads(end: float) -> str:
    """Make 10 000 calls of all kinds in each of 64 threads, in lots, through one client over real sockets."""
    before = len(threads_here()), sockets()
    simulator, seen, made = Simulator(), Counter[str](), 0
    with served(simulator) as url:
        listening = sockets()
        with client_of(simulator, transport=None, base_url=url, limiter=None, timeout=LONG) as clio:
            while made < CALLS and (not made or time.monotonic() < end):
                seen += many_threads(clio, threads=THREADS, calls=LOT)
                made += LOT
                check(seen.total() == THREADS * made, "calls were lost", seen)
                check(set(seen) <= {"edit", "get", "list", "update", "walk"}, "answers of others", seen)
                check(len(loops()) == 1, "more than one loop", loops())
            most = sockets() - listening
        check(not loops(), "a loop is left", loops())
    wait_for_workers()
    after = len(threads_here()), sockets()
    check(before == after, "threads and sockets before and after", before, after, threads_here())
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(seen.items()))
    return (
        f"{THREADS} threads made {made} of {CALLS} calls each through one client ({kinds}): none was lost, none got "
        f"what is another's; {most} sockets at its end, after it {after[0]} threads and {after[1]} sockets as before"
    )


def echo_client(port: int) -> SyncClio:
    return SyncClio("t", base_url=f"http://127.0.0.1:{port}/api/v4", limiter=None, retry=None)


def forks(end: float) -> str:
    """Fork 1 000 times from a synchronous client, with traffic in parent and children."""
    seen, made = Counter[str](), 0
    with echoing() as port, echo_client(port) as clio:
        while made < FORKS and (not made or time.monotonic() < end):
            seen += many_forks(clio, forks=FEW, calls=5)
            made += FEW
            check([*seen] == ["own"], "answers that are not one's own", seen)
            check(seen.total() == 2 * 5 * made + made // FEW, "answers were lost", seen, made)
    check(not loops(), "a loop is left", loops())
    return f"{made} of {FORKS} forks from a synchronous client at work: {seen.total()} answers, all were one's own"


def async_forks(end: float) -> str:
    """Fork 1 000 times from an asynchronous client whose loop goes on, or stands still, by turns."""
    made, answers, connections = 0, 0, 0
    with identity_server() as base:
        while made < FORKS and (not made or time.monotonic() < end):
            clio = Clio("token", base_url=base)
            kind = workers.paused_loop if made // FEW % 2 else workers.loop_thread
            with kind(asyncio.new_event_loop) as run:
                warm, parent, children = workers.forks(clio, run, FEW, width=WIDTH)
                run(clio.aclose())()
            made += FEW
            answers += parent.answers + children.answers
            connections += len(children.connections)
            check(parent.foreign + children.foreign == 0, "foreign answers", parent, children)
            check(answers == 2 * WIDTH * made, "answers were lost", answers, made)
            check(warm.connections == parent.connections, "the parent lost connections", warm, parent)
            check(not warm.connections & children.connections, "children used the parent's connections", children)
    return (
        f"{made} of {FORKS} forks from an asynchronous client at work: {answers} answers, all were one's own; "
        f"children had {connections} connections of their own, and parents kept theirs"
    )
