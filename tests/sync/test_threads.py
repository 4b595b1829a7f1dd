"""Many threads, one client: nothing is lost, nothing is another's, and nothing is left."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from clio_async.testing.simulator import Simulator

from .load import many_threads
from .world import LONG, ROOT, client_of, loops, run_script, served

MANY = """
from clio_async.testing.simulator import Simulator
from tests.sync.load import many_threads
from tests.sync.world import client_of, loops, served, sockets, threads, wait_for_workers
before = len(threads()), sockets()
simulator = Simulator()
with served(simulator) as url:
    listening = sockets()
    with client_of(simulator, transport=None, base_url=url, limiter=None, timeout=None) as clio:
        seen = many_threads(clio, threads=64, calls=300)
        assert 1 == len(loops())
        assert listening < sockets()
    assert [] == loops()
wait_for_workers()
assert before == (len(threads()), sockets()), threads()
print(sorted(seen), seen.total())
"""


def test_many_threads_lose_nothing_and_leave_nothing() -> None:
    """64 threads make 300 calls each over real sockets: all are answered with what is theirs, then all is closed."""
    assert "['edit', 'get', 'list', 'update', 'walk'] 19200\n" == run_script(MANY, measured=False)


def test_a_few_threads_do_the_same() -> None:
    """The same in this process, with fewer calls."""
    simulator = Simulator()
    with served(simulator) as url, client_of(simulator, transport=None, base_url=url, limiter=None) as clio:
        assert {"edit", "get", "list", "update", "walk"} == {*many_threads(clio, threads=4, calls=20)}


def test_threads_share_one_loop_and_one_flight() -> None:
    """Threads that read the same at once share a request, also threads of several clients of one core."""
    simulator = Simulator()
    began, many = threading.Barrier(8), []

    with served(simulator) as url, client_of(simulator, transport=None, base_url=url, limiter=None) as clio:
        others = [clio.options(lane="batch") for _ in range(8)]

        def work(number: int) -> None:
            began.wait(LONG)
            many.append(others[number].matters.get(1).id)

        workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [1] * 8 == many
        assert clio.stats.requests + clio.stats.shared == clio.stats.calls == 8
        assert 1 == len(loops())


def test_it_works_under_xdist(tmp_path: Path) -> None:
    """Test files that use the client run under pytest-xdist, in two processes."""
    (tmp_path / "test_mine.py").write_text(
        "import pytest\n"
        "from clio_async.testing import Simulator\n"
        "@pytest.mark.parametrize('id', range(1, 9))\n"
        "def test_it(id):\n"
        "    with Simulator().sync_client() as clio:\n"
        "        assert id == clio.matters.get(id).id\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert "8 passed" in ended.stdout, ended.stdout + ended.stderr
