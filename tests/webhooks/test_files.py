"""What a file of subscriptions costs those who knock: it is read again when it has changed, and only then."""

from __future__ import annotations

import json
import os
import pickle
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from attrs import evolve

from clio_async.errors import SubscriptionStoreError
from clio_async.webhooks import FileSubscriptions, Subscription, disk
from clio_async.webhooks.disk import SubscriptionFile
from tests.webhooks.signing import KEY, SECRET, delivery, desk_of, signed, subscription

LATER = 10.0
"""Seconds after which nobody takes a file for one that is being written."""


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Real time: files are read in threads, which no virtual clock waits for."""
    return str(request.param)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each file was that was parsed."""
    lengths: list[int] = []
    parse: Callable[[bytes], Any] = disk._parsed

    def counting(content: bytes) -> Any:
        lengths.append(len(content))
        return parse(content)

    monkeypatch.setattr(disk, "_parsed", counting)
    return lengths


def _file(path: Path, *, ahead: float = LATER) -> SubscriptionFile:
    return SubscriptionFile(path, wall_clock=partial(_now, ahead))


def _now(ahead: float) -> float:
    return time.time() + ahead


def _ids(found: Mapping[str, Subscription]) -> list[int | None]:
    return [one.webhook_id for one in found.values()]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, parsed: list[int]) -> None:
    """However often it is asked for."""
    file = _file(tmp_path / "hooks")
    assert file.replace(None, subscription())
    assert [[7]] * 5 == [_ids(file.read()) for _ in range(5)]
    assert 1 == len(parsed)


def test_what_another_process_writes_is_seen_at_once(tmp_path: Path, parsed: list[int]) -> None:
    """Also where the file is as long as before, and its number has been another file's already."""
    own, other = _file(tmp_path / "hooks"), _file(tmp_path / "hooks", ahead=0.0)
    one = subscription(webhook_id=10)
    assert other.replace(None, one)
    for number in range(11, 60):
        new = evolve(one, webhook_id=number)
        assert [number - 1] == _ids(own.read())
        time.sleep(0.005)  # the file system's clock ticks
        assert other.replace(one, new)
        one = new
        assert [number] == _ids(own.read())


def test_a_copy_that_would_not_notice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: whoever looks at the length alone goes on with what was."""
    monkeypatch.setattr(disk, "_stamp", lambda status: (0, 0, 0, 0, status.st_size))
    own, other = _file(tmp_path / "hooks"), _file(tmp_path / "hooks")
    assert other.replace(None, subscription(webhook_id=10))
    own.read()
    assert other.replace(subscription(webhook_id=10), subscription(webhook_id=11))
    assert [10] == _ids(own.read())


@pytest.mark.parametrize(("ahead", "times"), [(0.0, 3), (-LATER, 3), (LATER, 1)])
def test_a_file_that_may_be_written_within_the_same_tick_is_not_relied_on(
    tmp_path: Path, parsed: list[int], ahead: float, times: int
) -> None:
    """Nor one of the future."""
    file = _file(tmp_path / "hooks", ahead=ahead)
    assert file.replace(None, subscription())
    for _ in range(3):
        file.read()
    assert times == len(parsed)


def test_what_is_kept_is_nobodys_to_change(tmp_path: Path) -> None:
    """A `replace` that fails leaves what is known as the file is."""
    file = _file(tmp_path / "hooks")
    assert file.replace(None, subscription())
    file.read()
    os.mkdir(tmp_path / "hooks.new")  # noqa: PTH102 - nothing can be written
    with pytest.raises(SubscriptionStoreError):
        file.replace(subscription(), None)
    assert [7] == _ids(file.read())


def test_a_file_is_looked_at_before_it_is_believed(tmp_path: Path) -> None:
    """One that is gone, open to others, or spoilt says so, whatever it was the last time."""
    path = tmp_path / "hooks"
    file = _file(path)
    assert file.replace(None, subscription())
    assert [7] == _ids(file.read())
    path.chmod(0o644)
    with pytest.raises(SubscriptionStoreError, match="0644"):
        file.read()
    path.chmod(0o600)
    path.write_bytes(b"{}")
    with pytest.raises(SubscriptionStoreError, match="move it away"):
        file.read()
    path.unlink()
    assert {} == file.read()


def test_what_was_read_is_not_pickled(tmp_path: Path) -> None:
    """There are secrets in it; the store may be handed to another process all the same."""
    file = _file(tmp_path / "hooks")
    assert file.replace(None, subscription())
    store = FileSubscriptions(tmp_path / "hooks")
    store._file = file
    assert [7] == _ids(file.read())
    assert file._read is not None
    assert SECRET.encode() not in pickle.dumps(store)
    assert [7] == _ids(pickle.loads(pickle.dumps(store))._file.read())


async def test_strangers_do_not_keep_an_event_waiting(tmp_path: Path, parsed: list[int]) -> None:
    """Five hundred subscriptions, and many who guess at their keys: all but the first are told from memory."""
    rows = {f"{n}": subscription(key=f"{n}", webhook_id=n + 1) for n in range(500)} | {KEY: subscription()}
    path = tmp_path / "hooks"
    path.touch(0o600)
    path.write_bytes(json.dumps({"version": 1, "subscriptions": [disk._plain(one) for one in rows.values()]}).encode())
    store = FileSubscriptions(path)
    store._file = _file(path)
    desk = desk_of(store)
    replies: list[int] = []

    async def knock(number: int) -> None:
        replies.append((await desk.post(b"", {}, target=f"?subscription=no-{number}")).status)

    assert 200 == (await desk.post(delivery())).status
    async with anyio.create_task_group() as group:
        for number in range(200):
            group.start_soon(knock, number)
        body = delivery(43)
        assert 200 == (await desk.post(body, signed(body))).status
    assert ({404}, 1) == ({*replies}, len(parsed))


async def test_it_takes_no_thread_that_others_wait_for(tmp_path: Path) -> None:
    """Where all threads of a program are taken, its subscriptions are still read; and the other way round."""
    store = FileSubscriptions(tmp_path / "hooks")
    threads = anyio.to_thread.current_default_thread_limiter()
    threads.total_tokens = 1
    async with threads:
        assert await store.replace(None, subscription())
        assert subscription() == await store.get(KEY)
