"""Uploads over real connections, and in other processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import frozen

from clio_async import Clio, IncompleteUpload, RetryPolicy, Transport
from clio_async.testing import Address, Fault, Faults, Simulator, serve

from ..faults.loopback import transport
from .firm import MATTER
from .worker import MIB

pytestmark = pytest.mark.anyio
PART = 5 * MIB
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["aiohttp", "httpx2", "trio"])
def way(request: pytest.FixtureRequest) -> str:
    """The transport; the last one is httpx2 on trio."""
    return str(request.param)


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return "trio" if "way" in request.fixturenames and request.getfixturevalue("way") == "trio" else "asyncio"


@frozen
class Served:
    simulator: Simulator
    address: Address
    token: str

    def client(self, carrier: Transport | None = None, **settings: Any) -> Clio:
        return Clio(
            self.token, base_url=f"{self.address.url}/api/v4", transport=carrier, random=lambda: 0.0, **settings
        )

    def sent(self) -> int:
        """Return the bytes that the storage has received in whole."""
        return sum(request.length for request in self.simulator.storage.requests if request.method == "PUT")


@asynccontextmanager
async def served(**settings: Any) -> AsyncGenerator[Served]:
    simulator = Simulator(**settings)
    async with serve(simulator) as address:
        yield Served(simulator, address, simulator.token())


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("take", [0, 3 * MIB])
async def test_a_cut_in_a_part_costs_that_part(way: str, part: int, take: int, tmp_path: Path) -> None:
    """F61: the connection ends within a part; that part alone is sent again, and the file is whole."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789abcdef" * (11 * MIB // 16))
    async with served() as world, transport(way) as carrier, world.client(carrier) as clio:
        world.simulator.faults = Faults.at_storage({part: Fault.cut(take)}, "PUT")
        document = await clio.documents.upload(path, parent=MATTER, part_size=PART, parallel=1)
        version = world.simulator.record("documents", document.id, fields="latest_document_version{id}")
        number = version["latest_document_version"]["id"]
        assert path.read_bytes() == world.simulator.storage.files[f"/1/documents/{document.id}/{number}"]
        puts = [one for one in world.simulator.entries() if one.method == "PUT"]
        assert 4 == len(puts)


@pytest.mark.parametrize("parallel", [1, 3])
async def test_what_was_cut_is_continued(way: str, parallel: int) -> None:
    """F61: without repetitions the error has the handle; at most one part is sent twice."""
    content = b"0123456789abcdef" * (16 * MIB // 16)
    async with served() as world, transport(way) as carrier:
        clio = world.client(carrier, retry=None)
        world.simulator.faults = Faults.at_storage({1: Fault.cut(2 * MIB)}, "PUT")
        with pytest.raises(IncompleteUpload) as ended:
            await clio.documents.upload(content, parent=MATTER, name="x", part_size=PART, parallel=parallel)
        assert ended.value.handle is not None
        again = world.client(carrier, retry=RetryPolicy())
        document = await again.documents.upload(content, resume=ended.value.handle.to_json())
        assert ended.value.handle.document_id == document.id
        arrived = [one for one in world.simulator.storage.requests if one.method == "PUT" and one.status == 200]
        assert (4, len(content)) == (len(arrived), sum(one.length for one in arrived))
        await clio.aclose()
        await again.aclose()


async def test_the_storage_is_sent_what_clio_gave(way: str) -> None:
    """No token, no cookie, no version, nothing of the client: over connections of its own."""
    async with served() as world, transport(way) as carrier, world.client(carrier) as clio:
        await clio.documents.upload(bytes(6 * MIB), parent=MATTER, name="x", part_size=PART)
        for request in world.simulator.storage.requests:
            more = {*request.fields} - {"host", "content-length", "accept-encoding", "accept", "connection"}
            assert {"content-md5", "content-type", "x-amz-server-side-encryption"} == more


def _work(world: Served, **given: Any) -> subprocess.CompletedProcess[str]:
    given = {"url": world.address.url, "token": world.token, **given}
    command = [sys.executable, "-m", "tests.uploads.worker", json.dumps(given)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)


async def _worked(world: Served, **given: Any) -> subprocess.CompletedProcess[str]:
    return await anyio.to_thread.run_sync(lambda: _work(world, **given))


async def test_another_process_continues(tmp_path: Path) -> None:
    """F63: one is killed within its third part; with the handle that it printed, another sends that and the rest."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789abcdef" * (23 * MIB // 16))
    async with served() as world:
        more = {"part_size": PART, "parallel": 1}
        killed = await _worked(world, path=str(path), dies_at=2 * PART + MIB, more=more)
        assert -9 == killed.returncode, killed.stderr
        before = world.sent()
        async with world.client() as clio:
            document = await clio.documents.upload(path, resume=killed.stdout.strip())
        assert 23 * MIB - 2 * PART == world.sent() - before
        version = world.simulator.record("documents", document.id, fields="latest_document_version{id}")
        number = version["latest_document_version"]["id"]
        assert path.read_bytes() == world.simulator.storage.files[f"/1/documents/{document.id}/{number}"]
        assert [13, 14] == [*world.simulator.firm().table("documents").ids(12)]


async def _grown(world: Served, expected: int, **source: Any) -> int:
    """Upload a file of that size in another process. Return by how much its memory has grown, in bytes."""
    done = await _worked(world, **source)
    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)
    shown = world.simulator.record("documents", found["id"], fields="latest_document_version{size,fully_uploaded}")
    assert {"size": expected, "fully_uploaded": True} == shown["latest_document_version"]
    return int(found["grown"])


async def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A GiB from a path, in less than 64 MiB more than a small file takes."""
    gib = 1024 * MIB
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(gib)  # it has holes, and takes no room
    async with served() as world:
        world.simulator.storage.kept = 0
        assert await _grown(world, gib, path=str(path)) < 64 * MIB


async def test_memory_does_not_grow_with_the_stream() -> None:
    """Four times as much from an iterator takes no more memory, and less than 64 MiB either way."""
    async with served() as world:
        world.simulator.storage.kept = 0
        small = await _grown(world, 64 * MIB, size=64 * MIB)
        large = await _grown(world, 256 * MIB, size=256 * MIB)
    assert max(small, large) < 64 * MIB
    assert large - small < 8 * MIB
