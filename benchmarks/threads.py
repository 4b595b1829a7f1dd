"""Calls from threads: in full, validated and answered 304, and fresh without a request.

All threads are there before anything is measured, and wait for the round to begin; the server has a core of its own, so
the callers share one. In full, this package gives a typed and checked record, past its cache, and the others a dict.
Validated, the others send an `If-None-Match` by hand, and look up in a dict what they had. They are as they come, but
for pools that have room for all threads. Before anything is measured, each shows once that it sends what it should.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, TypeAlias

import httpx2
import requests
import requests.adapters
import urllib3

from benchmarks import server
from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Step, Watch, case_of, race
from clio_async import Policy, SyncClio
from clio_async.models.selection import select

THREADS = (1, 8, 32, 128)
RECORDS = 1_000
"""So many that no two reads of one are under way at a time, which would share a request."""
SECONDS = 0.15
"""About so long does a round of one contender take."""
HITS = 20_000
BY_HAND = "requests"
RATES = {"clio_async": 7_000, "requests": 1_500, "requests, one a thread": 1_500, "httpx2": 2_500, "urllib3": 4_000}
"""About so many calls a second: they only decide how long a round is."""
ALONE = (Goal(f"wall/{BY_HAND}", 2.5, at_least=True), Goal("wall/httpx2", 1.5, at_least=True))
MANY = (
    Goal(f"wall/{BY_HAND}", 4, at_least=True),
    Goal("wall/httpx2", 2.5, at_least=True),
    Goal("wall/urllib3", 2, at_least=True),
)

Call: TypeAlias = Callable[[], Any]
Held: TypeAlias = dict[str, tuple[str, Any]]
Get: TypeAlias = Callable[[str, dict[str, str]], tuple[int, str, Call]]
"""Takes an address and header fields. Returns the status, the tag, and what parses the body."""


class Crowd:
    """Threads that wait for work, and do it all at once."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._gate = threading.Barrier(threads + 1)
        self._work: tuple[Call, int] | None = None
        self._failed: list[BaseException] = []
        self._workers = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for worker in self._workers:
            worker.start()

    def do(self, call: Call, each: int) -> None:
        """Have every thread make so many calls, and wait until all have."""
        self._work = call, each
        self._gate.wait()
        self._gate.wait()
        if self._failed:
            raise self._failed.pop()

    def close(self) -> None:
        self._work = None
        self._gate.wait()
        for worker in self._workers:
            worker.join()

    def _run(self) -> None:
        while True:
            self._gate.wait()
            if self._work is None:
                return
            call, each = self._work
            try:
                for _ in range(each):
                    call()
            except BaseException as error:  # whoever measures gets it
                self._failed.append(error)
            self._gate.wait()


@contextmanager
def crowd(threads: int) -> Iterator[Crowd]:
    """Yield threads that end with the block."""
    found = Crowd(threads)
    try:
        yield found
    finally:
        found.close()


def plain(get: Get) -> Callable[[str], Any]:
    """Return what reads an address in full."""
    return lambda url: get(url, {})[2]()


def validated(get: Get, held: Held) -> Callable[[str], Any]:
    """Return what asks whether an address has changed, if it was read before."""

    def read(url: str) -> Any:
        known = held.get(url)
        status, tag, parsed = get(url, {"If-None-Match": known[0]} if known else {})
        if status == 304 and known:
            return known[1]
        held[url] = tag, parsed()
        return held[url][1]

    return read


def others(threads: int, token: dict[str, str], stack: ExitStack) -> dict[str, Get]:
    """Return how each of the others asks."""
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

    def of_all(url: str, headers: dict[str, str]) -> tuple[int, str, Call]:
        answer = shared.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_thread(url: str, headers: dict[str, str]) -> tuple[int, str, Call]:
        if not hasattr(own, "session"):
            own.session = session()
        answer = own.session.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_httpx2(url: str, headers: dict[str, str]) -> tuple[int, str, Call]:
        answer = client.get(url, headers=headers)
        return answer.status_code, answer.headers["ETag"], answer.json

    def of_urllib3(url: str, headers: dict[str, str]) -> tuple[int, str, Call]:
        answer = pool.request("GET", url, headers={**token, **headers})
        return answer.status, answer.headers["ETag"], answer.json

    return {BY_HAND: of_all, f"{BY_HAND}, one a thread": of_thread, "httpx2": of_httpx2, "urllib3": of_urllib3}


@contextmanager
def contenders(base: str, threads: int) -> Iterator[dict[str, dict[str, Call]]]:
    """Yield what is measured: for each kind of read, what each contender calls."""
    query, ids = select("matters").query, count()
    addresses = [f"{base}/matters/{number}.json?{query}" for number in range(1, RECORDS + 1)]
    with ExitStack() as stack:
        clio = stack.enter_context(SyncClio("t", base_url=base))
        whole = clio.options(cache="bypass")
        full: dict[str, Call] = {"clio_async": lambda: whole.matters.get(next(ids) % RECORDS + 1)}
        asked: dict[str, Call] = {"clio_async": lambda: clio.matters.get(next(ids) % RECORDS + 1)}
        for name, get in others(threads, {"Authorization": "Bearer t"}, stack).items():
            reads, checks = plain(get), validated(get, {})
            full[name] = lambda read=reads: read(addresses[next(ids) % RECORDS])  # type: ignore[misc]
            asked[name] = lambda read=checks: read(addresses[next(ids) % RECORDS])  # type: ignore[misc]
        for call in asked.values():
            for _ in range(RECORDS):
                call()
        yield {"plain read, 200": full, "validated read, 304": asked}


def show(calls: Mapping[str, Call], port: int, sent: tuple[int, int]) -> None:
    """Stop unless each contender gets the matter by the right requests: in full, and unchanged."""
    for who, call in calls.items():
        full, unchanged = server.counted(port)
        found = call()
        after = server.counted(port)
        number = found["data"]["number"] if isinstance(found, dict) else found.number
        if number != 42 or (after[0] - full, after[1] - unchanged) != sent:
            raise AssertionError(f"{who} got {found!r}, and asked otherwise than it should")


def compared(
    name: str,
    calls: Mapping[str, Call],
    there: Crowd,
    number: Mapping[str, int],
    effort: Effort,
    pid: int | None,
    reference: str,
    goals: Sequence[Goal],
) -> Case:
    """Race the callers."""

    def step(who: str, each: int) -> Step:
        return lambda: there.do(calls[who], each)

    each = {who: max(1, effort.times(number[who]) // there.threads) for who in calls}
    for who, call in calls.items():
        there.do(call, min(2, each[who]))  # what a thread needs once is there from here on
    watch = Watch(pid)
    steps = {who: step(who, each[who]) for who in calls}
    counts = {who: each[who] * there.threads for who in calls}
    seen = asyncio.run(race(steps, counts, effort.rounds, watch))
    return case_of(name, seen, reference, goals=goals, server=None if pid is None else watch.share)


def fresh(base: str, there: Crowd, effort: Effort, name: str) -> Case:
    """Race reads that need no request against a look into a dict."""
    held: dict[int, Any] = {}
    with SyncClio("t", base_url=base, policy=Policy(fresh_for={"matters": 3600})) as clio:
        held[42] = clio.matters.get(42)
        calls: dict[str, Call] = {"clio_async": lambda: clio.matters.get(42), "dict": lambda: held[42]}
        number = dict.fromkeys(calls, HITS)
        found = compared(name, calls, there, number, effort, None, "dict", [Goal("cpu", 3)])
        if clio.stats.requests != 1:
            raise AssertionError("a fresh hit was asked for")
    return found


def curve(name: str, cases: Sequence[Case]) -> Curve:
    """Draw how many calls a second all threads make together."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for threads, case in zip(THREADS, cases, strict=True):
        for figure in case.figures:
            lines.setdefault(figure.contender, []).append((threads, _rate(figure)))
    return Curve(name, "threads", "calls a second", {who: tuple(line) for who, line in lines.items()}, logarithmic=True)


def _rate(figure: Figure) -> float:
    return 0.0 if figure.wall is None else 1e6 / figure.wall.median


def run(effort: Effort) -> Iterator[Case | Curve]:
    """Measure all threads' calls, and draw the curves."""
    process, port = server.start(core=1)
    base = f"http://127.0.0.1:{port}/api/v4"
    number = {who: int(rate * SECONDS) for who, rate in RATES.items()}
    drawn: dict[str, list[Case]] = {}
    try:
        for threads in THREADS:
            told = "1 thread" if threads == 1 else f"{threads} threads"
            goals = ALONE if threads == 1 else MANY
            with crowd(threads) as there, contenders(base, threads) as kinds:
                for kind, calls in kinds.items():
                    show(calls, port, (1, 0) if kind.startswith("plain") else (0, 1))
                    args = (there, number, effort, process.pid, BY_HAND, goals)
                    drawn.setdefault(kind, []).append(compared(f"{kind}, {told}", calls, *args))
                    yield drawn[kind][-1]
                yield fresh(base, there, effort, f"fresh hit, no request, {told}")
        for kind, cases in drawn.items():
            yield curve(kind, cases)
    finally:
        process.terminate()
        process.join()
