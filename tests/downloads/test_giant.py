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
@pytest.mark.parametrize("kind", ["aiohttp", "trio"])
def test_a_gigabyte_takes_constant_memory(server: str, tmp_path: Path, kind: str) -> None:
    """F77: `download_to` of 1 GiB takes less than 64 MiB besides what a client has anyway; every byte is right."""
    path = tmp_path / "file"
    command = [sys.executable, "-m", giant.__name__, "receive", server, str(path), kind]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    extra = json.loads(done.stdout)["extra"]
    assert extra < MOST, f"{extra >> 20} MiB"
    assert giant.SIZE == path.stat().st_size
    with path.open("rb") as content:
        assert giant.digest(giant.SIZE) == hashlib.file_digest(content, "blake2b").hexdigest()
    path.unlink()
