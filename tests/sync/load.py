"""Load from many threads and many forks: each checks that what it gets is its own. Tests and the soak use it."""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from clio_async.sync.client import SyncClio

__all__ = ["many_forks", "many_threads", "naive_fork"]


def many_threads(clio: SyncClio, *, threads: int, calls: int) -> Counter[str]:
    """Make so many calls in each of so many threads, of all kinds, and count those that were answered rightly.

    Each thread has a matter of its own, which it alone writes; so it knows what it has to read.
    """
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def work(own: int) -> None:
        counted: Counter[str] = Counter()
        for number in range(calls):
            counted[_turn(clio, own, number)] += 1
        with lock:
            seen.update(counted)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, own) for own in range(1, threads + 1)]:
            done.result()
    return seen


def _turn(clio: SyncClio, own: int, number: int) -> str:
    kind = ("get", "get", "get", "list", "get", "update", "get", "get", "edit", "walk")[number % 10]
    if kind == "list":
        found = clio.matters.list(ids=[own], fields="id,description").collect()
        return "list" if [own] == [matter.id for matter in found] else "foreign"
    if kind == "walk":
        ids = [matter.id for matter in clio.matters.list(ids=[own, own + 1, own + 2], limit=2, fields="id")]
        return "walk" if [own, own + 1, own + 2] == ids else "foreign"
    if kind == "update":
        return _same(kind, clio.matters.update(own, description=f"{own} {number}"), own, f"{own} {number}")
    if kind == "edit":
        text = f"{own} {number} edited"
        return _same(kind, clio.matters.edit(own, lambda _: {"description": text}), own, text)
    return "get" if own == clio.matters.get(own).id else "foreign"


def _same(kind: str, matter: object, own: int, text: str) -> str:
    found = getattr(matter, "id", None), getattr(matter, "description", None)
    return kind if (own, text) == found else "foreign"


def many_forks(clio: SyncClio, *, forks: int, calls: int, at_once: int = 10) -> Counter[str]:
    """Fork from a client that is at work, and count whose answers were given in parent and children."""
    seen: Counter[str] = Counter()
    turns = threading.Semaphore(0)

    def traffic() -> None:
        for number in range(forks):
            turns.acquire()
            for call in range(calls):
                seen[_asked(lambda number: _read(clio, number), 1_000_000 + number * calls + call)] += 1

    worker = threading.Thread(target=traffic)
    seen[_asked(lambda number: _read(clio, number), 1)] += 1
    worker.start()
    try:
        _fork_all(lambda number: _read(clio, number), seen, forks, calls, at_once, turns.release)
    finally:
        turns.release(forks)
        worker.join()
    return seen


def naive_fork(port: int) -> str:
    """Fork a child that uses an inherited connection as it is, while its parent waits there for an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    question = "GET /api/v4/matters/{}.json HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer t\r\n\r\n"

    def read(id: int) -> tuple[int, str]:
        connection.sock.sendall(question.format(id).encode())
        with http.client.HTTPResponse(connection.sock) as answer:
            answer.begin()
            found = json.loads(answer.read())["data"]
        return found["id"], found["description"]

    seen: Counter[str] = Counter()
    try:
        connection.connect()
        connection.sock.sendall(question.format(1).encode())
        _fork_all(read, seen, 1, 1, 1)
    finally:
        connection.close()
    return next(iter(seen))


def _read(clio: SyncClio, id: int) -> tuple[int, str]:
    found = clio.matters.get(id, fields="id,description")
    return found.id, str(found.description)


def _asked(read: Callable[[int], tuple[int, str]], id: int) -> str:
    try:
        found = read(id)
    except Exception as error:
        return type(error).__name__
    return "own" if found[0] == id else "foreign"


def _fork_all(
    read: Callable[[int], tuple[int, str]],
    seen: Counter[str],
    forks: int,
    calls: int,
    at_once: int,
    before: Callable[[], object] = int,
) -> None:
    for first in range(0, forks, at_once):
        pipes: list[tuple[int, int]] = []
        for number in range(first, min(first + at_once, forks)):
            before()
            pipes.append(_fork(read, number, calls))
        for child, pipe in pipes:
            with os.fdopen(pipe) as said:
                seen.update(json.loads(said.read() or '["died"]'))
            os.waitpid(child, 0)


def _fork(read: Callable[[int], tuple[int, str]], number: int, calls: int) -> tuple[int, int]:
    """Fork a child that reads, says what came of it, and ends as job queues end theirs."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        found = [_asked(read, 10_000 * (number + 1) + call) for call in range(calls)]
        os.write(writing, json.dumps(found).encode())
    finally:
        os._exit(0)
