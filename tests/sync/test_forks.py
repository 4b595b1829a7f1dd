"""A client that was used before a fork serves parent and child, each with what is its own (F74)."""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
from collections.abc import Callable

import pytest

from clio_async.sync import loop
from clio_async.sync.client import SyncClio
from clio_async.sync.process import _Process, _process
from clio_async.testing.simulator import Simulator

from .echo import echoing
from .load import naive_fork
from .world import LONG, client_of, loops, run_script

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def in_child(work: Callable[[], object]) -> object:
    """Fork, and return what a function returns in the child, as JSON."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        text = said.read()
    assert (child, 0) == os.waitpid(child, 0)
    return json.loads(text)


def echo_client(port: int) -> SyncClio:
    return SyncClio("t", base_url=f"http://127.0.0.1:{port}/api/v4", limiter=None, retry=None)


FORKS = """
import warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
from tests.sync.echo import echoing
from tests.sync.load import many_forks
from tests.sync.test_forks import echo_client
with echoing() as port, echo_client(port) as clio:
    seen = many_forks(clio, forks=100, calls=5)
print(list(seen), 1001 == seen.total())
"""


def test_forks_from_a_client_at_work_are_given_nothing_foreign() -> None:
    """F74: 100 forks with traffic in parent and children: every answer is that to the own question."""
    assert "['own'] True\n" == run_script(FORKS, measured=False)


def test_a_bare_connection_is_given_what_is_foreign() -> None:
    """F74, the control: over a kept connection that it inherited as it is, a child is given its parent's answer."""
    with echoing() as port:
        assert "foreign" == naive_fork(port)


def test_a_child_has_a_loop_of_its_own_and_the_parent_keeps_its() -> None:
    """A child that closes the client in whatever order leaves the parent's loop and connections as they were."""
    with echoing() as port, echo_client(port) as clio:
        assert 1 == clio.matters.get(1).id
        thread = _process.thread

        def used() -> list[object]:
            names = [len(loops())]
            found = clio.matters.get(2).id
            names.append(len(loops()))
            clio.close()
            return [found, names, len(loops())]

        def unused() -> int:
            clio.close()
            return len(loops())

        assert [2, [0, 1], 0] == in_child(used)
        assert 0 == in_child(unused)
        assert thread is _process.thread
        assert 3 == clio.matters.get(3).id


def test_a_client_that_was_only_made_works_in_the_child() -> None:
    """What is made before a fork and used behind it, as with --preload, works in each child, and in the parent."""
    clio = client_of(Simulator())
    assert [1, 2] == [in_child(lambda which=which: clio.matters.get(which).id) for which in (1, 2)]
    with clio:
        assert 3 == clio.matters.get(3).id


def test_a_client_lost_in_the_child_leaves_the_parent_alone() -> None:
    """A child that drops the client it has inherited closes nothing of the parent's."""
    with echoing() as port:
        kept = [echo_client(port)]
        assert 1 == kept[0].matters.get(1).id

        def lose() -> int:
            kept.clear()
            import gc

            return gc.collect() * 0

        assert 0 == in_child(lose)
        assert 2 == kept[0].matters.get(2).id
        kept[0].close()


def test_the_loop_stands_still_for_a_fork() -> None:
    """The loop is between two steps while the process forks, then it goes on."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        process, steps = _process, []
        process.fork()
        process.thread.loop.call_soon_threadsafe(steps.append, 1)
        [[pause]] = process._pauses[threading.get_ident()]
        assert pause.reached.acquire(blocking=False) is False  # it was reached
        process.fork()  # as the handler of a signal may, within a fork
        process.forked()
        assert [] == steps
        process.forked()
        process.forked()  # as if an interruption had kept the first hook from being called
        assert {} == process._pauses
        assert 2 == clio.matters.get(2).id
        assert [1] == steps


IMPORTING = """
import importlib.abc, os, sys, threading, warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)

begun, go_on = threading.Event(), threading.Event()

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "clio_async.resources._generated.bills" and threading.current_thread().name == "importing":
            begun.set()
            go_on.wait()
        return None

from clio_async import SyncClio
client = SyncClio("t") if sys.argv[1] == "client" else None
os.register_at_fork(before=go_on.set)  # it is called first: of such functions, the last one is
sys.meta_path.insert(0, Slow())
threading.Thread(target=__import__, args=("clio_async.resources._generated.bills",), name="importing").start()
begun.wait()
child = os.fork()
if not child:
    stuck = threading.Timer(20, os._exit, [7])
    stuck.daemon = True
    stuck.start()
    import clio_async.resources._generated.bills as bills
    os._exit(0 if bills.Bills else 8)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_child_does_not_wait_for_an_import_of_its_parent() -> None:
    """A fork waits until what other threads import of the package is there: in a child nobody would go on with it."""
    assert "0\n" == run_script(IMPORTING, "client")


def test_a_fork_does_not_wait_for_a_loop_that_cannot_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that is held up delays a fork for a moment alone."""
    monkeypatch.setattr(loop, "_PATIENCE", 0.01)
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        process, held, free = _process, threading.Event(), threading.Event()
        process.thread.loop.call_soon_threadsafe(lambda: (held.set(), free.wait(LONG)))
        assert held.wait(LONG)
        process.fork()
        process.forked()
        free.set()
        assert 2 == clio.matters.get(2).id


def test_what_a_child_does_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a child the parent's loop is parked with its tasks, and locks are new; without a loop there is nothing."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        process = _Process()
        process.thread, lock = _process.thread, process.lock
        assert process.thread is not None
        process.threads[process.thread] = None
        process.born()
        assert process.thread is None
        assert _process.thread in process._inherited
        assert lock is not process.lock
    empty = _Process()
    empty.fork()
    empty.forked()
    empty.born()
    empty.exit()
    assert [] == empty._inherited


def test_a_fork_in_the_thread_of_the_loop_does_not_wait_for_itself() -> None:
    """What forks there, a hook say, is not waited for."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        process, done = _process, threading.Event()

        def fork() -> None:
            process.fork()
            process.forked()
            done.set()

        process.thread.loop.call_soon_threadsafe(fork)
        assert done.wait(LONG)


def test_hooks_are_made_once_and_where_there_is_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process asks to be told of forks and of its end once; where there is no fork, of its end alone."""
    asked: list[object] = []
    monkeypatch.setattr(atexit, "register", asked.append)
    monkeypatch.setattr(os, "register_at_fork", lambda **hooks: asked.append({*hooks}))
    process = _Process()
    process.hook()
    process.hook()
    monkeypatch.delattr(os, "register_at_fork")
    other = _Process()
    other.hook()
    assert [{"before", "after_in_parent", "after_in_child"}, process.exit, other.exit] == asked


def test_tasks_that_cannot_be_listed_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the loop did not stand still its tasks may not be listed: a child goes on without."""

    def changing(_: object) -> set[object]:
        raise RuntimeError("Set changed size during iteration")

    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        monkeypatch.setattr(loop.asyncio, "all_tasks", changing)
        assert set() == _process.thread.tasks()
        monkeypatch.undo()


CHILD_EXITS = """
import os, sys, threading
from clio_async.testing import Simulator
clio = Simulator().sync_client()
print(clio.matters.get(1).id, flush=True)
child = os.fork()
if not child:
    print(clio.matters.get(2).id, flush=True)
    sys.exit(0)
print(os.waitpid(child, 0)[1], clio.matters.get(3).id)
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a fork with threads warns there, and warnings are errors here")
def test_child_and_parent_that_end_leave_nothing_to_complain_about() -> None:
    """Both end with an open client, through the end of the interpreter: without a word, and without a hang."""
    assert "1\n2\n0 3\n" == run_script(CHILD_EXITS)
