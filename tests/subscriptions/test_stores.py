"""Where subscriptions are kept: the contract, files that were spoilt, and processes that race and are killed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import InvalidArgument, Secret, SubscriptionStoreError, UsageError
from clio_async.testing import SUBSCRIPTION_CHECKS, check_subscriptions
from clio_async.webhooks import FileSubscriptions, MemorySubscriptions, Subscription, SubscriptionStore, disk

from ..canaries import Canaries

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
SECRET = "8c1f6b20d94e4f7d9c3a5e6b7a8d9e0f"
ONE = Subscription("key", "principal", "matter", "https://hooks.test/", "id", ("created",), secret=Secret(SECRET))


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Real time: files are read in threads, which no virtual clock waits for."""
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hooks.json"


@pytest.mark.parametrize("name", SUBSCRIPTION_CHECKS)
async def test_the_memory_keeps_the_contract(name: str) -> None:
    """`MemorySubscriptions` passes every check."""
    await check_subscriptions(name, MemorySubscriptions)


@pytest.mark.parametrize("name", SUBSCRIPTION_CHECKS)
async def test_files_keep_the_contract(name: str, path: Path) -> None:
    """`FileSubscriptions` passes every check, with two handles on one file."""

    async def second() -> SubscriptionStore:
        return FileSubscriptions(path)

    await check_subscriptions(name, lambda: FileSubscriptions(path), second)


def put(path: Path, content: bytes) -> None:
    """Make the file what it should not be."""
    path.touch(0o600)
    path.write_bytes(content)


def link(path: Path) -> None:
    """Put a symbolic link in the place of the file."""
    path.unlink()
    path.symlink_to(path.with_name("twin"))


def folder(path: Path) -> None:
    """Put a directory in the place of the file."""
    path.unlink()
    path.mkdir()


def content_of(path: Path) -> bytes:
    return path.read_bytes()


class Lossy(MemorySubscriptions):
    """Loses what `fault` says."""

    fault = ""

    async def get(self, key: str) -> Subscription | None:
        found = await super().get(key)
        if self.fault == "rounds" and found is not None and found.seen_at:
            return evolve(found, seen_at=round(found.seen_at))
        return next(iter(self._kept.values()), None) if self.fault == "any" and found is None else found

    async def all(self) -> tuple[Subscription, ...]:
        return () if self.fault == "hides" else await super().all()

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        key = (new or old or ONE).key
        if self.fault == "overwrites" and new is not None:
            self._kept[key] = new
            return True
        if self.fault == "compares the webhook alone" and old is not None and new is not None:
            held = self._kept.get(key)
            old = held if held is not None and held.webhook_id == old.webhook_id else old
        if self.fault == "waits" and old is not None:
            same = self._kept.get(key) == old
            await anyio.lowlevel.checkpoint()
            if same and new is not None:
                self._kept[key] = new
                return True
        if self.fault == "keeps" and new is None:
            return True
        if self.fault == "takes anything" and (old is None) == (new is None) and (old and old.key) != (new and new.key):
            return False
        return await super().replace(old, new)

    def __repr__(self) -> str:
        shown = [one.secret.reveal() for one in self._kept.values() if one.secret is not None]
        return f"<store {shown if self.fault == 'shows' else ''}>"


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("rounds", "what_is_put_there_is_found"),
        ("any", "what_is_put_there_is_found"),
        ("hides", "what_is_put_there_is_found"),
        ("overwrites", "only_what_is_there_is_replaced"),
        ("compares the webhook alone", "only_what_is_there_is_replaced"),
        ("keeps", "what_is_taken_away_is_gone"),
        ("waits", "one_of_many_at_once_replaces"),
        ("takes anything", "nothing_is_refused"),
        ("shows", "no_secret_is_shown"),
    ],
)
async def test_a_store_that_breaks_the_contract_is_found(fault: str, check: str) -> None:
    """Each check fails for a store with the fault that it is there for."""
    store = Lossy()
    store.fault = fault
    with pytest.raises(AssertionError):
        await check_subscriptions(check, lambda: store)


async def test_a_check_has_a_name() -> None:
    """One that does not exist is refused."""
    with pytest.raises(InvalidArgument, match="SUBSCRIPTION_CHECKS"):
        await check_subscriptions("nonsense", MemorySubscriptions)


async def test_the_file_is_its_owners_alone(path: Path) -> None:
    """Whatever the umask: 0600 for the file and the lock, and nothing is left beside them."""
    before = os.umask(0o777)
    try:
        assert await FileSubscriptions(path).replace(None, ONE)
    except SubscriptionStoreError:
        pytest.fail("the umask has taken our own rights")
    finally:
        os.umask(before)
    assert {"hooks.json": 0o600, "hooks.json.lock": 0o600} == {
        found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()
    }
    assert SECRET.encode() in content_of(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"version": 2, "subscriptions": []}',
        b'{"subscriptions": []}',
        b'{"version": 1}',
        b'{"version": 1, "subscriptions": 3}',
        b'{"version": 1, "subscriptions": [3]}',
        b'{"version": 1, "subscriptions": [{"key": "key"}]}',
        b"[" * 100_000,
        *[
            json.dumps({"version": 1, "subscriptions": [{**disk._plain(ONE), **wrong}]}).encode()
            for wrong in (
                {"key": 1}, {"principal": None}, {"events": "created", "model": 5}, {"events": [1]}, {"events": None},
                {"secret": 5}, {"webhook_id": "1"}, {"seen_at": True}, {"awaited_until": "soon"},
            )
        ],
    ],
)  # fmt: skip
async def test_a_file_that_was_spoilt_is_refused_and_kept(content: bytes, path: Path) -> None:
    """The error says what to do, shows nothing of the file, and the file stays as it is."""
    put(path, content)
    store = FileSubscriptions(path)
    for work in (store.all(), store.get("key"), store.replace(None, ONE)):
        with pytest.raises(SubscriptionStoreError, match="move it away") as caught:
            await work
        assert [] == Canaries(secret=SECRET).in_text("error", repr(caught.value))
    assert content == content_of(path)


async def test_what_a_later_version_adds_is_passed_over(path: Path) -> None:
    """An attribute that is not known is left out; one that is missing has its default."""
    row = disk._plain(ONE) | {"colour": "red"}
    del row["renew_at"]
    put(path, json.dumps({"version": 1, "subscriptions": [row]}).encode())
    assert (ONE,) == await FileSubscriptions(path).all()


async def test_a_file_open_to_others_is_refused(path: Path) -> None:
    """Others may have written it: the secrets in it prove nothing. So it is with links, and what is no file."""
    store = FileSubscriptions(path)
    await store.replace(None, ONE)
    os.chmod(path, 0o640)  # noqa: PTH101
    with pytest.raises(SubscriptionStoreError, match="0640"):
        await store.get("key")
    os.chmod(path, 0o600)  # noqa: PTH101
    os.link(path, path.with_name("twin"))
    with pytest.raises(SubscriptionStoreError, match="hard link"):
        await store.get("key")
    link(path)
    with pytest.raises(SubscriptionStoreError, match="links are not followed"):
        await store.get("key")
    folder(path)
    with pytest.raises(SubscriptionStoreError, match="regular file"):
        await store.get("key")


async def test_a_lock_that_is_no_file_is_refused(path: Path) -> None:
    """The lock file is looked at as the file is."""
    path.with_name("hooks.json.lock").touch(0o644)
    with pytest.raises(SubscriptionStoreError, match="chmod 600"):
        await FileSubscriptions(path).replace(None, ONE)


async def test_without_a_directory_nothing_is_kept(tmp_path: Path) -> None:
    """The error says so, and the store holds nothing before."""
    store = FileSubscriptions(tmp_path / "none" / "hooks.json")
    assert () == await store.all()
    with pytest.raises(SubscriptionStoreError, match="must exist"):
        await store.replace(None, ONE)
    assert "none/hooks.json" in repr(store)


async def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is not there at all; what a writer that died has left is in nobody's way."""
    store = FileSubscriptions(path)
    await store.replace(None, ONE)
    before = content_of(path)
    path.with_name("hooks.json.new").write_bytes(b"half")

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk.os, "fsync", full)
        with pytest.raises(SubscriptionStoreError, match="No space left") as caught:
            await store.replace(ONE, evolve(ONE, webhook_id=1))
    assert [] == Canaries(secret=SECRET).in_text("error", repr(caught.value))
    assert before == content_of(path)
    assert not path.with_name("hooks.json.new").exists()
    assert await store.replace(ONE, evolve(ONE, webhook_id=1))


async def test_a_writer_that_stands_still_is_waited_for_and_named(path: Path) -> None:
    """Not forever: after `patience` it is said, and nothing was changed; when it lets go, writing goes on."""
    store = FileSubscriptions(path, patience=0.01, random=lambda: 0.0)
    await store.replace(None, ONE)
    other = disk.SubscriptionFile(path).lease()
    assert other.take()
    with pytest.raises(SubscriptionStoreError, match="has been writing"):
        await store.replace(ONE, None)
    other.release()
    other.release()
    assert await store.replace(ONE, None)


async def test_a_lock_that_came_too_late_is_given_back(path: Path) -> None:
    """Whoever wanted it was cancelled while a thread took it."""
    late = disk.SubscriptionFile(path).lease()
    late.release()
    assert late.take()
    again = disk.SubscriptionFile(path).lease()
    assert again.take()
    again.release()


async def test_without_file_locks_another_store_is_needed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On such a system it says so at once."""
    monkeypatch.setitem(sys.modules, "clio_async.webhooks.disk", None)
    with pytest.raises(UsageError, match="of your own"):
        FileSubscriptions(path)


def _workers(path: Path, rounds: int, count: int) -> list[subprocess.Popen[str]]:
    made = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.subscriptions.worker", str(path), str(rounds)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for worker in made:
        assert worker.stdout is not None
        assert worker.stdin is not None
        assert "ready" == worker.stdout.readline().strip()
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return made


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_processes_lose_no_replace(path: Path) -> None:
    """Three processes count in one file: none overwrites what another has counted."""
    store = FileSubscriptions(path)
    await store.replace(None, ONE)
    for worker in _workers(path, 40, 3):
        worker.communicate()
        assert 0 == worker.returncode
    assert evolve(ONE, webhook_id=120) == await store.get("key")


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_a_process_that_is_killed_leaves_a_whole_file(path: Path) -> None:
    """Wherever it was: what it has acknowledged is there, the file can be read, and the lock is free."""
    store = FileSubscriptions(path)
    await store.replace(None, ONE)
    told = 0
    for stop in (3, 5, 7, 9):
        (worker,) = _workers(path, 100_000, 1)
        assert worker.stdout is not None
        for _ in range(stop):
            worker.stdout.readline()
        worker.kill()
        told += stop + len(worker.communicate()[0].splitlines())
        found: Any = await store.get("key")
        assert told <= found.webhook_id <= told + 1
        told = found.webhook_id
    assert await store.replace(found, None)
