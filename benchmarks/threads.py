"""Calls per second from threads, as a ratio to others in the same run: `python -m benchmarks.threads [THREADS …]`.

The server has a core of its own and the caller the other one; how much of the time the server had work is told, for it
must not be what limits anybody. Rounds are interleaved. Told are the medians of calls per second and of processor time
per call; the median and range over the rounds of ``clio_async``'s rate divided by the reference's; and the median of
the reference's processor time divided by that of ``clio_async``. If others use the caller's core, as the last line
tells, rates depend on how many threads a contender has to compete with, and only processor time can be compared.

"Plain" reads a matter past the cache: typed and checked here, and parsed into a dict by the others. "Validated" is
answered with 304: the others send an `If-None-Match` by hand, and look up in a dict what they had. A fresh hit was
opted into: no request is sent. References are as they come, but for pools that have room for all threads.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import httpx2
import requests
import requests.adapters
import urllib3

from benchmarks import server
from benchmarks.heap import steady_heap
from clio_async import Policy, SyncClio
from clio_async.models.selection import select

THREADS = (1, 8, 32, 128)
SECONDS = 0.3  # about so long does a round of one contender take
ROUNDS = 7
RECORDS = 1_000  # so many that no two reads of one are under way at a time, which would share a request
TICK = os.sysconf("SC_CLK_TCK")

Read = Callable[[str], object]
Held = dict[str, tuple[str, object]]


class Measured:
    """What one contender did in one round."""

    def __init__(self, calls: int, seconds: float, used: float, served: float) -> None:
        self.rate = calls / seconds
        self.cost = used / calls * 1e6
        self.share = served / seconds


def served(pid: int) -> float:
    """Return for how many seconds another process had work: it ran, or waited for its core."""
    ran, waited, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return (int(ran) + int(waited)) / 1e9


def busy(core: int) -> float:
    """Return for how many seconds anybody has used a core."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _, _, *interrupts = (int(word) for word in line.split()[1:])
    return (user + nice + system + sum(interrupts[:2])) / TICK


def measure(call: Callable[[], object], threads: int, calls: int, pid: int) -> Measured:
    """Make so many calls, spread over so many threads, which are all there when it begins."""
    start, each = threading.Barrier(threads + 1), max(1, calls // threads)

    def work() -> None:
        call()  # what a thread needs once is there from here on
        start.wait()
        for _ in range(each):
            call()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    used, at_server, began = time.process_time(), served(pid), time.perf_counter()
    for worker in workers:
        worker.join()
    passed = time.perf_counter() - began
    return Measured(each * threads, passed, time.process_time() - used, served(pid) - at_server)


def by_hand(get: Callable[[str, dict[str, str]], tuple[int, str, Callable[[], object]]], held: Held | None) -> Read:
    """Return what reads an address, with validation if answers are held."""

    def plain(url: str) -> object:
        return get(url, {})[2]()

    def validated(url: str) -> object:
        known = held.get(url)  # type: ignore[union-attr]
        status, tag, parsed = get(url, {"If-None-Match": known[0]} if known else {})
        if status == 304 and known:
            return known[1]
        found = parsed()
        held[url] = tag, found  # type: ignore[index]
        return found

    return plain if held is None else validated


def others(threads: int, token: dict[str, str], stack: ExitStack) -> dict[str, Callable[[Held | None], Read]]:
    """Return how each of the others reads."""
    own = threading.local()

    def session() -> requests.Session:
        made = stack.enter_context(requests.Session())
        made.headers.update(token)
        made.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=threads))
        return made

    shared = session()
    limits = httpx2.Limits(max_connections=threads, max_keepalive_connections=threads)
    client = stack.enter_context(httpx2.Client(headers=token, limits=limits))
    pool = stack.enter_context(urllib3.PoolManager(maxsize=threads))

    def of_thread(url: str, headers: dict[str, str]) -> tuple[int, str, Callable[[], object]]:
        if not hasattr(own, "session"):
            own.session = session()
        answer = own.session.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_all(url: str, headers: dict[str, str]) -> tuple[int, str, Callable[[], object]]:
        answer = shared.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_httpx2(url: str, headers: dict[str, str]) -> tuple[int, str, Callable[[], object]]:
        answer = client.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_urllib3(url: str, headers: dict[str, str]) -> tuple[int, str, Callable[[], object]]:
        answer = pool.request("GET", url, headers={**token, **headers})
        return answer.status, answer.headers["ETag"], answer.json

    found = {"requests": of_all, "requests, one a thread": of_thread, "httpx2": of_httpx2, "urllib3": of_urllib3}
    return {name: lambda held, get=get: by_hand(get, held) for name, get in found.items()}  # type: ignore[misc]


@contextmanager
def contenders(base: str, threads: int) -> Iterator[dict[str, dict[str, Callable[[], object]]]]:
    """Yield what is measured: for each kind of read, what each contender calls."""
    query, ids = select("matters").query, count()
    addresses = [f"{base}/matters/{number}.json?{query}" for number in range(1, RECORDS + 1)]
    with ExitStack() as stack:
        clio = stack.enter_context(SyncClio("t", base_url=base))
        whole = clio.options(cache="bypass")
        reading = others(threads, {"Authorization": "Bearer t"}, stack)
        found: dict[str, dict[str, Callable[[], object]]] = {
            "plain": {"clio_async": lambda: whole.matters.get(next(ids) % RECORDS + 1)},
            "validated": {"clio_async": lambda: clio.matters.get(next(ids) % RECORDS + 1)},
        }
        for name, made in reading.items():
            plain, validated = made(None), made({})
            found["plain"][name] = lambda read=plain: read(addresses[next(ids) % RECORDS])  # type: ignore[misc]
            found["validated"][name] = lambda read=validated: read(addresses[next(ids) % RECORDS])  # type: ignore[misc]
        for call in found["validated"].values():
            for _ in range(RECORDS):
                call()
        yield found


def compare(name: str, calls: dict[str, Callable[[], object]], threads: int, pid: int) -> None:
    """Measure and print one kind of read."""
    number = {who: max(threads, int(SECONDS * measure(call, threads, 300, pid).rate)) for who, call in calls.items()}
    rounds = [{who: measure(call, threads, number[who], pid) for who, call in calls.items()} for _ in range(ROUNDS)]
    for who in calls:
        seen = [each[who] for each in rounds]
        rate, cost, share = (
            statistics.median(getattr(one, what) for one in seen) for what in ("rate", "cost", "share")
        )
        told = ""
        if who != "clio_async":
            ratios = sorted(each["clio_async"].rate / each[who].rate for each in rounds)
            less = statistics.median(each[who].cost / each["clio_async"].cost for each in rounds)
            told = f"{statistics.median(ratios):8.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f}){less:8.2f}"
        print(f"{name:10}{threads:5}  {who:24}{rate:9.0f}{cost:9.1f}{share:8.0%}{told}", flush=True)


def fresh(base: str, threads: int, pid: int) -> None:
    """Measure and print reads that need no request."""
    with SyncClio("t", base_url=base, policy=Policy(fresh_for={"matters": 300})) as clio:
        clio.matters.get(42)
        seen = [measure(lambda: clio.matters.get(42), threads, 20_000, pid) for _ in range(ROUNDS)]
        rate, cost = (statistics.median(getattr(one, what) for one in seen) for what in ("rate", "cost"))
        assert clio.stats.requests == 1
    print(f"{'fresh hit':10}{threads:5}  {'clio_async':24}{rate:9.0f}{cost:9.1f}{0:8.0%}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threads")
    parser.add_argument("threads", type=int, nargs="*", default=THREADS)
    parser.add_argument("--free", action="store_true", help="let the caller use every core, the server's too")
    options = parser.parse_args()
    steady_heap()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]  # loopback
    process, port = server.start(core=1)
    assert process.pid is not None
    if not options.free:
        os.sched_setaffinity(0, {0})
    base = f"http://127.0.0.1:{port}/api/v4"
    began, used, mine = time.perf_counter(), busy(0), time.process_time()
    print(
        f"{'':10}{'from':>5}  {'':24}{'calls/s':>9}{'µs CPU':>9}{'server':>8}   clio_async: times as fast (range), CPU"
    )
    for threads in options.threads:
        with contenders(base, threads) as kinds:
            for name, calls in kinds.items():
                compare(name, calls, threads, process.pid)
        fresh(base, threads, process.pid)
    foreign = busy(0) - used - (time.process_time() - mine)
    if not options.free:
        print(f"others used the caller's core for {max(0.0, foreign) / (time.perf_counter() - began):.0%} of the time")
    process.terminate()
    process.join()


if __name__ == "__main__":
    main()
