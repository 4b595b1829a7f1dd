"""Clients in processes of their own, with one store and one server between them (F44)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).parent.parent.parent


class Process:
    """One of them, and what it says."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.caches.client_process", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> str:
        return self._process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def ask(self, word: str) -> str:
        self.tell(word)
        return self.hear()

    def end(self) -> int:
        self._process.communicate("end\n")
        return self._process.returncode


@contextmanager
def process(*arguments: str) -> Iterator[Process]:
    """Start one, and see to it that it ends well; one that was left in the middle is killed."""
    started = Process(*arguments)
    try:
        yield started
        assert 0 == started.end()
    finally:
        started._process.kill()
        started._process.wait()


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
@pytest.mark.parametrize("careful", [True, False])
def test_a_slow_answer_is_never_stored_over_a_write(careful, kind, tmp_path, request):
    """A GET that was answered before a write, and arrives after it, is found by nobody. The control keeps it."""
    where = str(tmp_path / "cache.db") if kind == "sqlite" else request.getfixturevalue("redis_url")
    prefix = f"{'careful' if careful else 'careless'}-{uuid4().hex}"
    with process("serve") as server:
        address = server.hear().split()
        with (
            process("client", *address, kind, where, prefix) as reader,
            process("client", *address, kind, where, prefix) as writer,
        ):
            assert "held" == reader.ask("read")
            writer.tell("go on")
            assert "held" == writer.ask("new")
            assert "written" == writer.hear()
            said = reader.ask("go on")
            assert said.startswith("read ")
            assert "read new" != said, "it was answered before"
            assert [careful] * 2 == [each.ask("read") == "read new" for each in (reader, writer)]
