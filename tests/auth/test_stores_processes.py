"""`FileTokenStore` raced by real processes, which are also killed (F30)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import anyio
import pytest

from clio_async.auth.files import Directory, Lease
from clio_async.auth.stores import FileTokenStore

from .worker import KEY, following

ROOT = Path(__file__).parent.parent.parent
EIGHT = 8


class Worker:
    """One process, and what it says."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.auth.worker", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> str:
        return self.process.stdout.readline().strip()

    def go(self) -> None:
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def rest(self) -> list[str]:
        said = self.process.stdout.read().splitlines()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        return said

    def kill(self) -> list[str]:
        self.process.kill()
        return self.rest()


@contextmanager
def crew(size: int, *arguments: object) -> Iterator[list[Worker]]:
    """Start some processes at once, and end those that are left."""
    workers = [Worker(*arguments) for _ in range(size)]
    try:
        for worker in workers:
            assert "ready" == worker.hear()
        for worker in workers:
            worker.go()
        yield workers
    finally:
        for worker in workers:
            if not worker.process.stdout.closed:
                worker.kill()


def finish(workers: list[Worker]) -> list[str]:
    said = [line for worker in workers for line in worker.rest()]
    assert [0] * len(workers) == [worker.process.returncode for worker in workers]
    return said


def chain(said: list[str]) -> list[str]:
    """Return the revisions in the order in which they followed each other, as far as that is one line."""
    pairs = [json.loads(line) for line in said]
    following_ = dict(pairs)
    line, last = [], ""
    while last in following_:
        last = following_.pop(last)
        line.append(last)
    return line


async def test_no_renewal_of_eight_processes_is_lost(tmp_path):
    """Every token that was saved replaced the one that was saved before it: the chain has no fork and no gap."""
    with crew(EIGHT, "renew", tmp_path / "tokens", 25) as workers:
        said = finish(workers)
    line = chain(said)
    found = await FileTokenStore(tmp_path / "tokens").load(KEY)
    assert EIGHT * 25 == len(said) == len(line)
    assert (line[-1], str(len(line))) == (found.revision, found.account)


def test_renewals_without_the_lock_of_writers_are_lost(tmp_path):
    """The control: two processes that compare before either has written both believe that they won."""
    with crew(2, "careless", tmp_path / "tokens") as workers:
        assert ["compared"] * 2 == [worker.hear() for worker in workers]
        for worker in workers:
            worker.go()
        said = finish_some(workers)
    assert 2 > len(chain(said))


def finish_some(workers: list[Worker]) -> list[str]:
    return [line for worker in workers for line in worker.rest() if line.startswith("[")]


def test_one_of_eight_processes_at_a_time_has_the_lock(tmp_path):
    """What is read, changed and written under the lock is never written in between."""
    counter = tmp_path / "counter"
    counter.write_text("0")
    with crew(EIGHT, "add", tmp_path / "tokens", 20, counter) as workers:
        finish(workers)
    assert str(EIGHT * 20) == counter.read_text()


def test_without_the_lock_additions_are_lost(tmp_path):
    """The control: two processes that have read the same number write the same number."""
    counter = tmp_path / "counter"
    counter.write_text("0")
    with crew(2, "add_unlocked", tmp_path / "tokens", counter) as workers:
        assert ["read"] * 2 == [worker.hear() for worker in workers]
        for worker in workers:
            worker.go()
        finish(workers)
    assert "1" == counter.read_text()


async def test_a_process_that_is_killed_takes_nothing_along(tmp_path):
    """Processes that renew under the lock are killed at random: the file stays whole, no save that ended is lost, and
    those that are left go on."""
    random, store = Random(), FileTokenStore(tmp_path / "tokens")
    saved = mine = 0
    with crew(EIGHT, "churn", tmp_path / "tokens") as workers:
        for worker in workers:
            for _ in range(random.randrange(1, 5)):
                assert "saved" == worker.hear()
                saved += 1
            said = worker.kill()
            assert {*said} <= {"saved"}
            saved += len(said)
            with anyio.fail_after(60):  # it takes milliseconds, or hangs
                async with store.lock(KEY):
                    seen = await store.load(KEY)
                    assert await store.save(KEY, following(seen), previous=seen)
                    mine += 1
    assert Lease(Directory(tmp_path / "tokens"), KEY).take()
    assert saved + mine <= int((await store.load(KEY)).account) <= saved + mine + EIGHT


def test_a_process_may_die_before_any_system_call(tmp_path):
    """Killed before each call in turn, or in the middle of a write, a save leaves the old token or the new one, both
    whole, and both locks free; what it leaves besides is gone with the next save."""
    with crew(1, "die", tmp_path / "tokens") as workers:
        *deaths, code = [json.loads(line) for line in finish(workers)]
    later = [death[0] for death in deaths]
    assert 0 == code
    assert len(deaths) > 25
    assert sorted(later) == later
    assert {0, 1} == {*later}
    assert all(free for _, free, _ in deaths)
    assert all("new" not in names and len(names) == 3 for _, _, names in deaths)


@pytest.mark.parametrize(
    ("what", "heard", "after"),
    [
        ("leaves", "child kept off", "free"),
        ("stays", "child keeps a copy", "free"),
        ("control", "child keeps a copy", "still locked"),
    ],
)
def test_a_child_neither_ends_a_lock_nor_keeps_it(what, heard, after, tmp_path):
    """A fork copies the file that is locked: closing the copy leaves the parent's lock, and its own release ends it
    though the copy is open (F74). The control closes the file without unlocking it."""
    with crew(1, "fork", tmp_path / "tokens", what) as (worker,):
        assert heard == worker.hear()
        worker.go()
        assert [after] == finish([worker])
