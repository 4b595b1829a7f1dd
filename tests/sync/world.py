"""A simulated Clio behind a real socket or in memory, for threads; and what of this process is left when they end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio

from clio_async.sync.client import SyncClio
from clio_async.testing.simulator import Simulator, serve
from clio_async.transport.memory import MemoryTransport

ROOT = Path(__file__).parent.parent.parent
LONG = 60.0


def client_of(simulator: Simulator, **options: Any) -> SyncClio:
    """Return a client whose requests a simulator answers in memory."""
    chosen = {
        "transport": MemoryTransport(simulator.handler),
        "wall_clock": simulator.clock.now,
        "base_url": "https://app.clio.com/api/v4",
        **options,
    }
    return SyncClio(simulator.token(), **chosen)


@contextmanager
def served(simulator: Simulator) -> Iterator[str]:
    """Serve a simulator on loopback, from a thread of its own, and yield the base URL."""
    found: list[Any] = []
    ready = threading.Event()

    async def run() -> None:
        async with serve(simulator) as address:
            over = anyio.Event()
            found.extend([f"{address.url}/api/v4", anyio.lowlevel.current_token().native_token, over])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=anyio.run, args=(run,), name="server")
    thread.start()
    try:
        assert ready.wait(LONG)
        yield found[0]
    finally:
        found[1].call_soon_threadsafe(found[2].set)
        thread.join()


def loops() -> list[threading.Thread]:
    """Return the threads that this package has in this process."""
    return [thread for thread in threading.enumerate() if thread.name == "clio-async"]


def threads() -> list[threading.Thread]:
    """Return the threads that live here, without those that Python did not start (a tracer can be seen as one)."""
    return [found for found in threading.enumerate() if not isinstance(found, threading._DummyThread)]


def wait_for_loops() -> None:
    """Wait until every thread of the package has ended, also one that is only about to start."""
    ends = time.monotonic() + LONG
    while found := loops():
        assert time.monotonic() < ends
        for thread in found:
            with suppress(RuntimeError):  # it has not started
                thread.join(LONG)


def wait_for_workers() -> None:
    """Wait until the threads that read and write files for a loop that has ended have ended, too."""
    for thread in threading.enumerate():
        if "AnyIO worker" in thread.name:
            thread.join(LONG)


def sockets() -> int:
    """Return how many sockets this process has open."""
    return sum(1 for name in Path("/proc/self/fd").iterdir() if _is_socket(name))


def _is_socket(name: Path) -> bool:
    try:
        return str(name.readlink()).startswith("socket:")
    except FileNotFoundError:  # that of the listing
        return False


def run_script(text: str, *arguments: str, code: int = 0, measured: bool = True) -> str:
    """Run Python code in a process of its own, where warnings are errors, and return what it prints.

    What makes many calls is not measured for coverage: it would cost three times as much, and cover nothing else.
    """
    command = [sys.executable, "-W", "error", "-c", text, *arguments]
    env = {name: value for name, value in os.environ.items() if measured or not name.startswith("COVERAGE_")}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=4 * LONG, check=False)
    assert (code, "") == (ended.returncode, ended.stderr)
    return ended.stdout
