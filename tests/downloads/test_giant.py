"""A gigabyte is received in a few megabytes of memory."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import giant

ROOT = Path(__file__).parents[2]
MOST = 64 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", giant.__name__, "serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is read from /proc")
def test_a_gigabyte_takes_constant_memory(server: str, tmp_path: Path) -> None:
    """F77: `download_to` of 1 GiB takes less than 64 MiB besides what a client has anyway; every byte is right."""
    assert received(server, tmp_path / "file", "aiohttp", 1 << 30) < MOST


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is read from /proc")
def test_memory_does_not_grow_with_the_file(server: str, tmp_path: Path) -> None:
    """Four times as much takes no more over the other transport, on trio."""
    small, large = (received(server, tmp_path / "file", "trio", size << 20) for size in (64, 256))
    assert max(small, large) < MOST
    assert large - small < 8 << 20


def received(server: str, path: Path, kind: str, size: int) -> int:
    """Receive a file of that size in another process. Return how much memory that took, in bytes."""
    command = [sys.executable, "-m", giant.__name__, "receive", server, str(path), str(size), kind]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    assert size == path.stat().st_size
    with path.open("rb") as content:
        assert giant.digest(size) == hashlib.file_digest(content, "blake2b").hexdigest()
    path.unlink()
    return int(json.loads(done.stdout)["extra"])
