"""`download_to`: a file of this machine is whole, or what it was before."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from blockbuster import blockbuster_ctx

from clio_async import Progress
from clio_async.errors import ClientClosed, IncompleteDownload, InvalidArgument, StorageRefused
from clio_async.resources.downloads import draft as drafts
from clio_async.resources.downloads.draft import Draft, target_of

from .shelf import BODY, TAG, Shelf, changes, chunked, cut, raw, refuses, running
from .test_download import HEAD, OTHER, ended

OLD = b"what was there before"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target.pdf"
    path.write_bytes(OLD)
    return path


def only(target: Path, content: bytes) -> bool:
    """Whether that is what is in the file, and nothing else is beside it."""
    return [target] == [*target.parent.iterdir()] and content == target.read_bytes()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_file_comes_into_its_place(way: str, target: Path) -> None:
    """The path is returned, the file is whole and for this user alone, and nothing is left beside it."""
    seen: list[Progress] = []
    async with running(Shelf(), way) as clio:
        assert target == await clio.documents.download_to(42, str(target), progress=seen.append)
    assert only(target, BODY)
    assert 0o600 == mode_of(target)
    assert "done" == seen[-1].phase


@pytest.mark.parametrize("links", [True, False])
async def test_what_may_not_be_overwritten_is_not(
    way: str, target: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what was there before, which costs no request, nor what comes meanwhile; also without second names."""
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    shelf = Shelf()
    async with running(shelf, way) as clio:
        with pytest.raises(FileExistsError):
            await clio.documents.download_to(42, target, overwrite=False)
        assert (0, True) == (shelf.issued, only(target, OLD))
        _vanish(target)
        with pytest.raises(FileExistsError):
            await clio.documents.download_to(42, target, overwrite=False, progress=lambda _: _appear(target))
        assert only(target, OLD)
        _vanish(target)
        assert target == await clio.documents.download_to(42, target, overwrite=False)
    assert only(target, BODY)
    assert 0o600 == mode_of(target)


def _no_links(*_: object) -> None:
    raise PermissionError


def _vanish(target: Path) -> None:
    target.unlink()


def _appear(target: Path) -> None:
    target.write_bytes(OLD)


async def test_until_it_is_whole_it_is_elsewhere(way: str, target: Path) -> None:
    """While it comes, the old file is there, and beside it one that nobody else can read."""
    found: list[tuple[bytes, int]] = []

    def look(_: Progress) -> None:
        other = next(path for path in target.parent.iterdir() if path != target)
        assert "target" not in other.name
        found.append((target.read_bytes(), mode_of(other)))

    async with running(Shelf(), way) as clio:
        await clio.documents.download_to(42, target, progress=look)
    assert {(OLD, 0o600)} == {*found}


async def test_a_large_file_is_written_in_pieces(way: str, target: Path) -> None:
    """More than a piece of it is written as it comes, in order."""
    body = os.urandom(2_000_003)
    shelf = Shelf(body, size=len(body), plan=[cut(1_200_000)])
    async with running(shelf, way) as clio:
        await clio.documents.download_to(42, target)
    assert only(target, body)


async def test_nothing_blocks_the_loop(way: str, target: Path) -> None:
    """F75: files are opened, written, made to last and put in place in worker threads."""
    body = os.urandom(1_000_000)
    async with running(Shelf(body, size=len(body)), way) as clio:
        await clio.documents.download_to(42, target)  # libraries are imported by whoever comes first
        with blockbuster_ctx("clio_async"):
            await clio.documents.download_to(42, target)


@pytest.mark.parametrize(
    "plan",
    [
        [cut(HEAD + 100), changes(OTHER, '"two"')],
        [cut(HEAD + 100), changes(OTHER, None)],
        [chunked(b"", BODY[:100]), changes(OTHER, '"two"')],
    ],
    ids=["changed", "no tag", "truncated"],
)
async def test_what_cannot_be_taken_up_begins_anew(way: str, target: Path, plan: list[Any]) -> None:
    """F2, F65: a changed file, and one that has come truncated, is received from its beginning."""
    async with running(Shelf(plan=plan), way) as clio:
        await clio.documents.download_to(42, target)
    assert only(target, OTHER)


async def test_a_tag_is_needed_to_take_up_and_not_to_begin_anew(way: str, target: Path) -> None:
    """Without a tag each cut costs the whole file, up to the bound of attempts."""
    shelf = Shelf(tag=None, plan=[cut(-1), cut(-1)])
    async with running(shelf, way) as clio:
        await clio.documents.download_to(42, target)
        assert only(target, BODY)
        shelf.plan = [cut(-1)] * 3
        with pytest.raises(IncompleteDownload) as caught:
            await clio.documents.download_to(42, target)
    assert caught.value.resume is None
    assert [()] * 6 == shelf.fetched
    assert only(target, BODY)


@pytest.mark.parametrize(
    ("plan", "error"),
    [([chunked(b"x")] * 3, IncompleteDownload), ([refuses(404)], StorageRefused), ([cut(-1)], IncompleteDownload)],
    ids=["truncated", "refused", "cut"],
)
async def test_what_fails_leaves_nothing(way: str, target: Path, plan: list[Any], error: type[Exception]) -> None:
    """F2, F66: after an error the old file is there, and nothing beside it. Bytes that are gone continue nothing."""
    retry: dict[str, Any] = {"retry": None} if len(plan) == 1 else {}
    async with running(Shelf(plan=plan), way, **retry) as clio:
        with pytest.raises(error) as caught:
            await clio.documents.download_to(42, target)
    assert getattr(caught.value, "resume", None) is None
    assert only(target, OLD)


async def test_nothing_of_the_earlier_file_is_left(way: str, target: Path) -> None:
    """F65: what was written of a file that has changed since is not in the later one."""
    body = os.urandom(1_500_000)
    shelf = Shelf(body, size=len(body), plan=[cut(1_300_000), changes(OTHER, '"two"')])
    async with running(shelf, way) as clio:
        await clio.documents.download_to(42, target)
    assert only(target, OTHER)


async def test_what_could_be_taken_up_does_not_begin_anew(way: str, target: Path) -> None:
    """When the attempts to go on are used up the download ends: it is not made again from its beginning."""
    silent = raw("206 Partial Content", content_range="bytes 10-511/512", etag=TAG, content_length=502)
    shelf = Shelf(plan=[cut(HEAD + 10), ended(silent), ended(silent)])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await clio.documents.download_to(42, target)
    assert (10, None, 3) == (caught.value.received, caught.value.resume, len(shelf.fetched))
    assert only(target, OLD)


# -- cancellation --------------------------------------------------------------------------------------------------


async def test_a_cancelled_download_leaves_nothing(way: str, target: Path) -> None:
    """F71: wherever a scope ends it, the target is one of the two files, and nothing is beside it."""
    patience, ended = 0.0, {OLD: 0, BODY: 0}
    while not ended[BODY]:
        patience = patience * 1.1 + 1  # steps of the loop; how many there are while a thread works is chance
        async with running(Shelf(), way) as clio:
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_cancel_after, patience, scope)
                    await clio.documents.download_to(42, target)
                    tasks.cancel_scope.cancel()
            ended[_left_alone(target)] += 1
    assert ended[OLD] > 10


def _left_alone(target: Path) -> bytes:
    content = target.read_bytes()
    assert only(target, content)
    return content


async def _cancel_after(steps: float, scope: anyio.CancelScope) -> None:
    for _ in range(int(steps)):
        await anyio.lowlevel.checkpoint()
    scope.cancel()


async def _progressed(target: Path, act: Callable[[], object]) -> None:
    def progress(_: Progress) -> None:
        act()

    async with running(Shelf(), "aiohttp") as clio:
        await clio.documents.download_to(42, target, progress=progress)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_leaves_nothing(target: Path, kind: type[BaseException]) -> None:
    """F66: also what is no `Exception` takes the unfinished file away."""

    def interrupt() -> None:
        raise kind

    with pytest.raises((kind, BaseExceptionGroup)):
        asyncio.run(_progressed(target, interrupt))
    assert only(target, OLD)


async def test_a_task_that_is_cancelled_while_a_thread_works_leaves_nothing(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F71: asyncio does not wait for a thread whose task it cancels. What that thread makes is gone all the same."""
    began, goes_on = threading.Event(), threading.Event()

    class Slow(Draft):
        def open(self) -> None:
            began.set()
            goes_on.wait()
            super().open()

    monkeypatch.setattr("clio_async.resources.downloads.saving.Draft", Slow)
    async with running(Shelf(), "aiohttp") as clio:
        task = asyncio.ensure_future(clio.documents.download_to(42, target))
        await asyncio.to_thread(began.wait)
        task.cancel()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert only(target, OLD)


# -- targets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["", "folder", "folder/", "missing/file", "nul\0", "pipe", ".", "..", "folder/..", b"bytes", 7, "to-folder"],
)
async def test_what_no_file_can_take_the_place_of_is_refused_at_once(tmp_path: Path, path: Any) -> None:
    """F66: folders, devices, and files in folders that are not there are refused before anything is sent."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-folder").symlink_to("folder")
    os.mkfifo(tmp_path / "pipe")
    before = beneath(tmp_path)
    shelf = Shelf()
    given = f"{tmp_path}/{path}" if isinstance(path, str) and path else path
    async with running(shelf, "aiohttp") as clio:
        with pytest.raises(InvalidArgument):
            await clio.documents.download_to(42, given)
        assert [] == shelf.asked
    assert before == beneath(tmp_path)


def beneath(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """F66: a link at the place of the target leads nowhere any more; what it led to is as it was."""
    other = tmp_path / "other"
    other.write_bytes(OLD)
    link = tmp_path / "link"
    link.symlink_to(other)
    async with running(Shelf(), "aiohttp") as clio:
        await clio.documents.download_to(42, link)
    assert (OLD, BODY, False) == (other.read_bytes(), link.read_bytes(), link.is_symlink())


async def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that changes its folder meanwhile gets the file where the path had led."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    async with running(Shelf(), "aiohttp") as clio:
        found = await clio.documents.download_to(42, "file", progress=lambda _: os.chdir(tmp_path / "elsewhere"))
    assert (Path("file"), BODY) == (found, (tmp_path / "file").read_bytes())


@pytest.mark.parametrize("make", [Path.write_bytes, lambda path, _: path.symlink_to("target.pdf")])
def test_a_name_that_is_taken_is_left_alone(target: Path, make: Callable[[Path, bytes], object]) -> None:
    """F66: should somebody have guessed the name, a file or a link under it is not opened, nor taken away."""
    draft = Draft(target)
    make(draft._path, b"theirs")
    with pytest.raises(FileExistsError):
        draft.open()
    draft.discard()
    assert draft._path in [*target.parent.iterdir()]
    assert OLD == target.read_bytes()


def test_names_are_not_to_be_guessed(target: Path) -> None:
    """Each draft has a name of its own, whatever the target is called, in the same folder."""
    names = {Draft(target)._path for _ in range(100)}
    assert (100, {target.parent}) == (len(names), {path.parent for path in names})


def test_after_it_is_discarded_a_draft_does_nothing(target: Path) -> None:
    """Threads that come late find nothing to do."""
    draft = Draft(target)
    draft.open()
    draft.discard()
    for late in (draft.open, draft.empty, draft.finish, lambda: draft.write([b"late"]), draft.discard):
        late()
    assert only(target, OLD)


def test_an_emptied_draft_begins_anew(target: Path) -> None:
    """F65: nothing of what was written before is left, neither in front of what follows nor behind it."""
    draft = Draft(target)
    draft.open()
    draft.write([b"a longer file"])
    draft.empty()
    draft.write([b"a file"])
    draft.finish()
    assert only(target, b"a file")


def test_a_finished_draft_is_not_discarded(target: Path) -> None:
    """What is in its place stays there."""
    draft = Draft(target)
    draft.open()
    draft.write([b"abc"])
    draft.finish()
    draft.discard()
    assert only(target, b"abc")


def test_it_lasts_before_it_is_in_its_place(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are on the disk before the name leads to them, and the name is afterwards."""
    done: list[str] = []
    real, replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", lambda *given: (done.append("replace"), replace(*given)))
    draft = Draft(target)
    draft.open()
    draft.finish()
    assert ["file", "replace", "folder"] == done


@pytest.mark.parametrize("name", ["fsync", "replace"])
async def test_a_disk_that_fails_leaves_nothing(target: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """F66: an error of the disk at the very end leaves the old file, and nothing beside it."""

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with running(Shelf(), "aiohttp") as clio:
        monkeypatch.setattr(os, name, fails)
        with pytest.raises(OSError, match="No space"):
            await clio.documents.download_to(42, target)
    assert only(target, OLD)


def test_a_folder_that_cannot_be_opened_is_no_error(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a system cannot open folders, the file is in its place all the same."""

    def fails(*_: object) -> int:
        raise PermissionError

    draft = Draft(target)
    draft.open()
    monkeypatch.setattr(drafts.os, "open", fails)
    draft.finish()
    assert only(target, b"")


def test_a_write_that_takes_a_part_goes_on(target: Path) -> None:
    """A disk may take a part of what it is given: the rest follows."""

    class Reluctant:
        taken = b""

        def write(self, data: bytes) -> int:
            self.taken += bytes(data[:3])
            return min(3, len(data))

    draft = Draft(target)
    draft._file = reluctant = Reluctant()  # type: ignore[assignment]
    draft.write([b"abcdefgh", b"", b"i"])
    assert b"abcdefghi" == reluctant.taken


def test_a_place_may_be_free(tmp_path: Path) -> None:
    """A path where nothing is yet is a target."""
    assert tmp_path / "new" == target_of(tmp_path / "new")


async def test_a_closed_client_writes_nothing(target: Path) -> None:
    """After `aclose` nothing is received."""
    async with running(Shelf(), "aiohttp") as clio:
        await clio.aclose()
        with pytest.raises(ClientClosed):
            await clio.documents.download_to(42, target)
    assert only(target, OLD)


async def test_all_kinds_of_files_are_received_alike(tmp_path: Path) -> None:
    """Reports, archives and templates have the same verbs."""
    shelf = Shelf()
    async with running(shelf, "aiohttp") as clio:
        for resource in (clio.reports, clio.document_archives, clio.document_templates):
            assert BODY == (await resource.download_to(42, tmp_path / "file")).read_bytes()
    sized = [
        path for name in ("document_archives", "document_templates") for path in (f"/{name}/42", f"/{name}/42/download")
    ]
    assert ["/reports/42/download", *sized] == shelf.asked
