"""`FileTokenStore`: what it writes, what it refuses, and what it does when the file system fails."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import stat
import sys
import threading
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest
from anyio.lowlevel import checkpoint
from attrs import evolve
from blockbuster import BlockingError, blockbuster_ctx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clio_async.auth import files, stores
from clio_async.auth.files import LIMIT, Directory, Lease, fault_of, file_name
from clio_async.auth.stores import FileTokenStore
from clio_async.errors import TokenStoreError, UsageError
from clio_async.secrets import Secret
from clio_async.testing._tokens.expect import CANARY, must_equal, token

from .worker import Wrapped

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
KEY = "firm-1"
ASKED = {
    "load": lambda store: store.load(KEY),
    "save": lambda store: store.save(KEY, token(), previous=None),
    "lock": lambda store: held(store),
}


async def held(store: FileTokenStore) -> None:
    async with store.lock(KEY):
        pass


@pytest.fixture
def home(tmp_path):
    return tmp_path / "tokens"


@pytest.fixture
def made(home):
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def outside(tmp_path):
    """Return a file that nobody may touch."""
    path = tmp_path / "outside"
    path.write_text("of somebody else")
    path.chmod(0o600)
    return path


def write(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# What is written


@BACKENDS
@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777])
async def test_only_the_owner_can_read_whatever_the_umask(umask, home):
    """The directory is 0700, and all that is in it 0600."""
    before = os.umask(umask)
    try:
        store, first, second = FileTokenStore(home), token(), token()
        assert await store.save(KEY, first, previous=None)
        assert await store.save(KEY, second, previous=first)
        await held(store)
        must_equal(await store.load(KEY), second)
    finally:
        os.umask(before)
    assert 0o700 == mode_of(home)
    assert {"lock", file_name(KEY, "token"), file_name(KEY, "lock")} == {path.name for path in home.iterdir()}
    assert {0o600} == {mode_of(path) for path in home.iterdir()}


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=2, max_size=5, unique=True))
@example(["\ud800", "\udfff", "?", "\ufffd"])
@settings(max_examples=60, deadline=None)
def test_any_key_has_a_file_of_its_own(keys):
    """Whatever the key (NUL, slashes, half a surrogate pair), its file is one short plain name that no other has."""
    names = {file_name(key, "token") for key in keys}
    assert len(keys) == len(names)
    assert all(len(name) == 70 and name.isascii() and not {*name} & {*"/\\\0 ~"} for name in names)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_key_can_be_used(tmp_path, key):
    """A token comes back under any key, and is written nowhere else than in the directory."""
    directory, new = Directory(tmp_path / "tokens"), token()
    assert directory.replace(key, new, directory.load(key))
    must_equal(directory.load(key), new)
    assert ["tokens"] == [path.name for path in tmp_path.iterdir()]


async def test_a_copy_of_anothers_file_is_no_token(home):
    """A file says whose it is: copied to another's place, by a careless restore for instance, it is refused (F39)."""
    store = FileTokenStore(home)
    await store.save("firm-1", token(), previous=None)
    write(home / file_name("firm-2", "token"), (home / file_name("firm-1", "token")).read_bytes())
    with pytest.raises(TokenStoreError, match="this key"):
        await store.load("firm-2")


async def test_what_a_writer_left_is_removed(home, outside):
    """What is found under the name of new files is replaced: nothing is written through it, if it is a link."""
    store, first, second = FileTokenStore(home), token(), token()
    await store.save(KEY, first, previous=None)
    write(home / "new", b"left by a process that died")
    assert await store.save(KEY, second, previous=first)
    (home / "new").symlink_to(outside)
    assert await store.save(KEY, first, previous=second)
    assert "of somebody else" == outside.read_text()
    assert {"lock", file_name(KEY, "token")} == {path.name for path in home.iterdir()}


async def test_bytes_are_written_however_few_at_a_time(home, monkeypatch):
    """A write that takes less than it was given goes on."""
    monkeypatch.setattr(files, "os", Wrapped(os, {"write": lambda file, data: os.write(file, data[:7])}))
    store, new = FileTokenStore(home), token()
    assert await store.save(KEY, new, previous=None)
    must_equal(await store.load(KEY), new)


async def test_a_relative_directory_stays_where_it_was(tmp_path, monkeypatch):
    """A process that changes its directory later, as daemons do, keeps its tokens."""
    monkeypatch.chdir(tmp_path)
    store, new = FileTokenStore("tokens"), token()
    await store.save(KEY, new, previous=None)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    must_equal(await store.load(KEY), new)
    assert repr(str(tmp_path / "tokens")) in repr(store)


# What is refused


def symlink(path, outside):
    path.symlink_to(outside)


def dangling(path, outside):
    path.symlink_to(outside.with_name("nothing"))


def hard_link(path, outside):
    path.hardlink_to(outside)


def fifo(path, outside):
    os.mkfifo(path, 0o600)


def directory(path, outside):
    path.mkdir(0o700)


def a_socket(path, outside):
    with socket.socket(socket.AF_UNIX) as listening:
        where = os.open(path.parent, os.O_RDONLY)  # the path may be too long for a socket
        try:
            listening.bind(f"/proc/self/fd/{where}/{path.name}" if sys.platform == "linux" else str(path))
        finally:
            os.close(where)
    path.chmod(0o600)


def huge(path, outside):
    write(path, b"")
    os.truncate(path, 1 << 40)  # it takes no room


def moded(mode):
    def placed(path, outside):
        write(path, b"", mode)

    placed.__name__ = f"mode {mode:04o}"
    return placed


WRONG_FILES = [
    symlink,
    dangling,
    hard_link,
    fifo,
    directory,
    a_socket,
    huge,
    *map(moded, (0o644, 0o620, 0o602, 0o640, 0o601, 0o610, 0o777)),
]


@pytest.mark.parametrize("place", WRONG_FILES, ids=lambda place: place.__name__)
@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (file_name(KEY, "token"), "load"),
        (file_name(KEY, "token"), "save"),
        ("lock", "save"),
        (file_name(KEY, "lock"), "lock"),
    ],
)
async def test_what_is_no_file_of_ours_is_refused(place, name, asked, made, outside):
    """Links, pipes, directories, sockets, huge files and modes that let others in are errors at once, and nothing
    outside the directory is read, written or made."""
    place(made / name, outside)
    before = (made / name).lstat().st_mode
    with pytest.raises(TokenStoreError) as refused:
        await ASKED[asked](FileTokenStore(made))
    assert str(made) in str(refused.value)
    assert "of somebody else" not in str(refused.value)
    assert before == (made / name).lstat().st_mode
    assert "of somebody else" == outside.read_text()
    assert ["outside", "tokens"] == sorted(path.name for path in outside.parent.iterdir())
    assert not (made / "new").is_file()


async def test_a_naive_open_would_follow(made, outside):
    """The control: without the flag, a link that leads to a token elsewhere is read."""
    store, elsewhere = FileTokenStore(made), token()
    await store.save(KEY, elsewhere, previous=None)
    place = made / file_name(KEY, "token")
    place.replace(outside)
    place.symlink_to(outside)
    with pytest.raises(TokenStoreError, match="symbolic link"):
        await store.load(KEY)
    with pytest.MonkeyPatch.context() as naive:
        naive.setattr(files, "_SAFE", os.O_CLOEXEC)
        must_equal(await store.load(KEY), elsewhere)


def test_a_naive_open_would_hang(made):
    """The control: without the flag, a reader of a pipe waits until somebody writes to it."""
    os.mkfifo(made / file_name(KEY, "token"), 0o600)
    raised: list[Exception] = []

    def load():
        try:
            Directory(made).load(KEY)
        except TokenStoreError as error:
            raised.append(error)

    with pytest.MonkeyPatch.context() as naive:
        naive.setattr(files, "_SAFE", os.O_CLOEXEC)
        reader = threading.Thread(target=load)
        reader.start()
        waited = False
        while reader.is_alive() and not waited:
            with suppress(OSError):  # it succeeds only if somebody waits at the other end
                os.close(os.open(made / file_name(KEY, "token"), os.O_WRONLY | os.O_NONBLOCK))
                waited = True
        reader.join()
    assert waited
    assert "regular file" in str(raised[0])


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o720, 0o702, 0o755, 0o700, 0o750])
@pytest.mark.parametrize("asked", ASKED)
async def test_a_directory_that_others_can_write_to_is_refused(mode, asked, made):
    """Whoever can write to the directory could put any token there: such a mode is refused, others are not."""
    made.chmod(mode)
    if mode & 0o022:
        with pytest.raises(TokenStoreError, match="chmod 700"):
            await ASKED[asked](FileTokenStore(made))
        assert [] == [*made.iterdir()]
    else:
        await ASKED[asked](FileTokenStore(made))
    assert mode == mode_of(made)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("slash", ["", "/", "/."])
async def test_a_link_to_a_directory_is_refused(asked, slash, made, tmp_path):
    """A link could lead to any place: its target has to be named. The control: without the flag it is followed."""
    (tmp_path / "link").symlink_to(made)
    store = FileTokenStore(f"{tmp_path / 'link'}{slash}")
    with pytest.raises(TokenStoreError, match="symbolic link"):
        await ASKED[asked](store)
    assert [] == [*made.iterdir()]
    with pytest.MonkeyPatch.context() as naive:
        naive.setattr(files, "os", Wrapped(os, {"O_NOFOLLOW": 0}))
        await ASKED[asked](store)


@pytest.mark.parametrize("asked", ASKED)
async def test_a_directory_that_cannot_be_is_an_error(asked, tmp_path, outside):
    """A file in its place, or nothing above it, is said, with what to do."""
    with pytest.raises(TokenStoreError, match="Name a directory"):
        await ASKED[asked](FileTokenStore(outside))
    with pytest.raises(TokenStoreError, match="Make the directory"):
        await ASKED[asked](FileTokenStore(tmp_path / "a" / "b"))
    assert [outside] == [*tmp_path.iterdir()]


@pytest.mark.parametrize("asked", ASKED)
async def test_what_belongs_to_another_user_is_refused(asked, home, monkeypatch):
    """A directory or file that somebody else made is not trusted, though it can be read."""
    store = FileTokenStore(home)
    await store.save(KEY, token(), previous=None)
    await held(store)
    monkeypatch.setattr(files, "os", Wrapped(os, {"geteuid": lambda: os.geteuid() + 1}))
    with pytest.raises(TokenStoreError, match="another user"):
        await ASKED[asked](store)


@pytest.mark.parametrize("asked", ASKED)
async def test_a_directory_of_another_user_is_refused(asked, made, monkeypatch):
    """Its owner could put any token there, also while there is none."""
    monkeypatch.setattr(files, "os", Wrapped(os, {"geteuid": lambda: os.geteuid() + 1}))
    with pytest.raises(TokenStoreError, match="or name another"):
        await ASKED[asked](FileTokenStore(made))
    assert [] == [*made.iterdir()]


FILE = {"st_mode": stat.S_IFREG | 0o600, "st_uid": 7, "st_nlink": 1, "st_size": 10}


@given(st.integers(0, 0o7777), st.integers(5, 9), st.integers(0, 3), st.integers(0, 30))
def test_a_file_is_right_in_one_way(mode, owner, links, size):
    """Only our own regular file of bounded size, with one name or none any more, closed to others, is taken."""
    info = SimpleNamespace(st_mode=stat.S_IFREG | mode, st_uid=owner, st_nlink=links, st_size=size)
    right = owner == 7 and mode & 0o077 == 0 and links < 2 and size <= 20
    assert right == (fault_of(info, 7, 20) is None)
    assert fault_of(SimpleNamespace(**FILE), 7, 20) is None
    assert "hard link" in fault_of(SimpleNamespace(**{**FILE, "st_nlink": 2}), 7, 20)
    assert "0620" in fault_of(SimpleNamespace(**{**FILE, "st_mode": stat.S_IFREG | 0o620}), 7, 20)


# What it holds


async def test_a_file_that_was_cut_is_no_token(home):
    """Cut anywhere, a file is an error that shows nothing of it; so is what is no token at all."""
    store = FileTokenStore(home)
    await store.save(KEY, token(), previous=None)
    file = home / file_name(KEY, "token")
    whole = file.read_bytes()
    heading = whole.partition(b"\n")[0] + b"\n"
    cuts = [whole[:size] for size in range(len(whole) - 1)]
    for content in [*cuts, b"\xff", heading + b"null", heading + b"\xff\xfe", heading + b"[" * 50_000, b"\0" * 500]:
        write(file, content)
        for ask in (store.load, partial(store.save, token=token(), previous=None)):
            with pytest.raises(TokenStoreError, match="no whole token") as refused:
                await ask(KEY)
            assert CANARY not in shown(refused.value)
        assert content == file.read_bytes()


async def test_what_would_be_too_long_to_read_is_not_written(home):
    """A token that could not be read back, or that is no text, is refused, and the old one stays (F29)."""
    store, first = FileTokenStore(home), token()
    await store.save(KEY, first, previous=None)
    for secret in (CANARY * LIMIT, f"{CANARY}\ud800"):
        with pytest.raises(TokenStoreError, match="not saved") as refused:
            await store.save(KEY, token(access_token=Secret(secret)), previous=first)
        assert CANARY not in shown(refused.value)
        must_equal(await store.load(KEY), first)


@pytest.mark.parametrize("left", [0, 1])
async def test_the_longest_token_can_be_read_back(left, home):
    """What is saved is never too long to load, whatever the key; one byte more is refused."""
    short = token(access_token=Secret(""))
    room = LIMIT - len(short.to_json()) - 1
    longest, key = evolve(short, access_token=Secret("a" * (room + left))), "\U0001f600" * 5000
    store = FileTokenStore(home)
    if left:
        with pytest.raises(TokenStoreError, match="longer"):
            await store.save(key, longest, previous=None)
    else:
        assert await store.save(key, longest, previous=None)
        must_equal(await store.load(key), longest)


# When the file system fails


def shown(error: BaseException | None) -> str:
    """Return all that an error shows: its own text and its causes', and the locals of all frames but our own."""
    texts: list[object] = []
    while error is not None:
        texts += [error, vars(error)]
        texts += [
            frame.f_locals for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_globals is not globals()
        ]
        error = error.__cause__ or error.__context__
    return repr(texts)


CALLS = {"open", "fstat", "read", "write", "fsync", "fchmod", "rename", "unlink", "flock"}


class Faults:
    """Let the n-th system call fail."""

    def __init__(self, number: int, code: int) -> None:
        self.number = number
        self.code = code
        self.failed = ""
        self.done: list[tuple[str, object]] = []
        self.open: set[int] = set()

    def call(self, really, *args, **names):
        if self.number == len(self.done) and not self.failed:
            self.failed = really.__name__
            if self.failed == "write":  # a disk that is full has taken a part
                really(args[0], args[1][:20])
            raise OSError(self.code, os.strerror(self.code))
        self.done.append((really.__name__, args[0]))
        result = really(*args, **names)
        if really is os.open:
            self.open.add(result)
        return result

    def close(self, file):
        self.open.discard(file)
        os.close(file)

    def patch(self, monkeypatch) -> None:
        for name in ("os", "fcntl"):
            module = getattr(files, name)
            calls = {call: partial(self.call, getattr(module, call)) for call in CALLS & {*dir(module)}}
            monkeypatch.setattr(files, name, Wrapped(module, {**calls, "close": self.close}))


def replaced(directory, new, old):
    """Return whether it was replaced, or the error."""
    try:
        return directory.replace(KEY, new, old)
    except TokenStoreError as error:
        return error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.ENOLCK, errno.ENOENT])
@pytest.mark.parametrize("removes", [False, True], ids=["replaces", "removes"])
def test_any_system_call_may_fail(code, removes, home, monkeypatch):
    """Whichever call of a save fails, the error is typed and shows nothing, no file stays open, and what is stored is
    the old token, or the new one if it was put in place before."""
    directory, failed = Directory(home), []
    for number in range(100):
        old, new = token(), None if removes else token()
        assert directory.replace(KEY, old, directory.load(KEY))
        faults = Faults(number, code)
        with monkeypatch.context() as patched:
            faults.patch(patched)
            saved = replaced(directory, new, old)
        in_place = ("unlink", file_name(KEY, "token")) in faults.done or ("rename", "new") in faults.done
        must_equal(directory.load(KEY), new if in_place else old)
        assert set() == faults.open
        assert not (home / "new").exists()
        if isinstance(saved, TokenStoreError):
            assert CANARY not in shown(saved)
            assert str(home) in str(saved)
        else:
            assert saved is in_place
        if not faults.failed:
            break
        failed.append(faults.failed)
    assert {"open", "fstat", "flock", "fsync"} | ({"unlink"} if removes else {"write", "fchmod", "rename"}) <= {*failed}
    assert saved is True


def test_a_token_is_on_the_disk_before_it_takes_its_place(home, monkeypatch):
    """The file is written out before it is renamed, and the directory after it: no crash of the machine finds half."""
    faults = Faults(1000, 0)
    faults.patch(monkeypatch)
    assert Directory(home).replace(KEY, token(), None)
    calls = [name for name, _ in faults.done]
    assert ["write", "fsync", "rename", "fsync"] == [name for name in calls if name in {"write", "fsync", "rename"}]


def test_a_writer_that_comes_second_leaves_nothing_open(home, monkeypatch):
    """A lock that is held costs those who look no file (F71)."""
    directory, faults = Directory(home), Faults(1000, 0)
    with directory.opened() as opened:
        writing = directory.locked(opened, "lock")
        faults.patch(monkeypatch)
        assert directory.replace(KEY, token(), None) is None
    assert set() == faults.open - {opened}
    files.unlock(writing)


def test_a_fork_during_a_save_keeps_no_writer_off(home, monkeypatch):
    """The lock of writers ends with the save, though a child has a copy of its file."""
    directory, copies = Directory(home), []

    def locked(self, opened, name, really=Directory.locked):
        copies.append(really(self, opened, name))
        return os.dup(copies[-1])

    with monkeypatch.context() as forked:
        forked.setattr(Directory, "locked", locked)
        assert directory.replace(KEY, token(), None)
    assert directory.replace(KEY, None, directory.load(KEY))
    os.close(copies[0])


async def test_a_full_disk_says_what_to_do(home, monkeypatch):
    """The message names the directory, the fault and the remedy, and the cause is kept."""
    Faults(0, errno.ENOSPC).patch(monkeypatch)
    with pytest.raises(TokenStoreError, match="Make room") as failed:
        await FileTokenStore(home).save(KEY, token(), previous=None)
    assert str(home) in str(failed.value)
    assert errno.ENOSPC == failed.value.__cause__.errno


@pytest.mark.parametrize(("code", "fails"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_may_have_nothing_to_do_for_a_directory(code, fails, home, monkeypatch):
    """A directory that need not be written out is no fault; one that cannot be is."""

    def fsync(file):
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(code, os.strerror(code))
        os.fsync(file)

    monkeypatch.setattr(files, "os", Wrapped(os, {"fsync": fsync}))
    if fails:
        with pytest.raises(TokenStoreError):
            Directory(home).replace(KEY, token(), None)
    else:
        assert Directory(home).replace(KEY, token(), None)


def test_two_may_make_the_directory_at_once(home, monkeypatch):
    """Whoever comes second uses the directory that the first has made."""

    class Late(type(home)):
        def mkdir(self, *args, **names):
            home.mkdir(0o700)
            super().mkdir(*args, **names)

    assert Directory(Late(home)).replace(KEY, token(), None)


def test_two_may_make_a_lock_file_at_once(made):
    """A lock file that is there already is locked as it is."""
    write(made / "lock", b"")
    assert Directory(made).replace(KEY, token(), None)


def test_a_file_may_be_replaced_while_it_is_read(home, monkeypatch):
    """A reader that has opened a file which is then replaced reads what it opened: it has no name any more."""
    directory, first, second = Directory(home), token(), token()
    directory.replace(KEY, first, None)

    def fstat(file):
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            monkeypatch.undo()
            assert Directory(home).replace(KEY, second, first)
        return os.fstat(file)

    monkeypatch.setattr(files, "os", Wrapped(os, {"fstat": fstat}))
    must_equal(directory.load(KEY), first)
    must_equal(directory.load(KEY), second)


# Waiting


@BACKENDS
async def test_a_save_waits_for_another_writer_and_not_for_ever(home):
    """A save goes on when the other has written, and gives up after `patience`, saying so, and that it did not save."""
    store, new = FileTokenStore(home, patience=0.002, random=lambda: 0.5), token()
    with store._files.opened() as directory:
        writing = store._files.locked(directory, "lock")
    with pytest.raises(TokenStoreError, match="not saved"), anyio.fail_after(60):  # it takes milliseconds, or hangs
        await store.save(KEY, new, previous=None)
    patient = FileTokenStore(home, random=lambda: -0.5)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(patient.save, KEY, new, previous=None))
        await anyio.to_thread.run_sync(lambda: None)
        assert await store.load(KEY) is None
        files.unlock(writing)
    must_equal(await store.load(KEY), new)


async def test_one_task_of_a_process_contends_with_others(home, monkeypatch):
    """However many save at once, one of them looks whether another process has written."""
    store, tried, saved = FileTokenStore(home, random=lambda: -0.5), [], []
    with store._files.opened() as directory:
        writing = store._files.locked(directory, "lock")

    def replace(self, key, new, previous, really=Directory.replace):
        tried.append(new.revision)
        return really(self, key, new, previous)

    async def save():
        saved.append(await store.save(KEY, token(), previous=None))

    monkeypatch.setattr(Directory, "replace", replace)
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(save)
        while len(tried) < 10:
            await checkpoint()
        assert 1 == len({*tried[:10]})
        files.unlock(writing)
    assert [False] * 4 + [True] == sorted(saved)


@pytest.mark.parametrize("random", [0.0, 0.5, 0.999])
def test_pauses_grow_and_are_bounded(random):
    """Who waits looks again after a millisecond at first, and never less often than each 75 ms."""
    pauses = stores._pauses(lambda: random)
    seen = [next(pauses) for _ in range(30)]
    assert sorted(seen) == seen
    assert 0.0005 <= seen[0] < 0.0015
    assert 0.025 <= seen[-1] < 0.075


@pytest.mark.parametrize("child", [True, False], ids=["child", "control"])
def test_a_lease_that_a_child_gives_back_stays_its_parents(child, home, monkeypatch):
    """A child closes its copy of the lock file, and leaves it locked for its parent. The control is the parent."""
    lease, other = Lease(Directory(home), KEY), Lease(Directory(home), KEY)
    assert lease.take()
    copy = os.dup(lease._held[0][0])  # as a fork makes one
    if child:
        monkeypatch.setattr(files, "os", Wrapped(os, {"getpid": lambda: os.getpid() + 1}))
    lease.release()
    assert child != other.take()
    os.close(copy)


async def test_a_thread_that_nobody_waits_for_gives_the_lock_back(home, monkeypatch):
    """A task that its event loop cancels leaves at once, though its thread is about to take the lock: the thread
    gives it back (F71). The control: a lease that is not told keeps it."""
    for told in (True, False):
        began, go, ended = threading.Event(), threading.Event(), anyio.Event()
        really = Directory.locked

        def locked(self, directory, name, began=began, go=go, really=really):
            began.set()
            go.wait()
            return really(self, directory, name)

        store = FileTokenStore(home)
        leases = []

        class Seen(Lease):
            def __init__(self, *args, leases=leases):
                super().__init__(*args)
                leases.append(self)

            def release(self, told=told):
                if told or self._held:
                    super().release()

            def take(self, ended=ended):
                try:
                    return super().take()
                finally:
                    anyio.from_thread.run_sync(ended.set)

        with monkeypatch.context() as slow:
            slow.setattr(Directory, "locked", locked)
            slow.setattr(files, "Lease", Seen)
            waiting = asyncio.create_task(held(store))
            await anyio.to_thread.run_sync(began.wait)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            go.set()
            await ended.wait()
        other = Lease(Directory(home), KEY)
        assert told == other.take()
        other.release()
        leases[0].release()


@BACKENDS
async def test_a_caller_in_the_last_thread_gets_its_token(home, monkeypatch):
    """Threads that wait for tokens do not take the threads that would load them. The control shares them."""
    store, new = FileTokenStore(home), token()
    await store.save(KEY, new, previous=None)
    only = anyio.to_thread.current_default_thread_limiter()
    only.total_tokens = 1
    must_equal(await anyio.to_thread.run_sync(anyio.from_thread.run, store.load, KEY), new)
    monkeypatch.setattr(stores, "_limiter", lambda *_: only)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(anyio.to_thread.run_sync, anyio.from_thread.run, store.load, KEY)
            while not only.statistics().tasks_waiting:
                await checkpoint()
            scope.cancel()


async def test_the_event_loop_does_not_wait_for_the_disk(home):
    """F75: every file operation is in a thread; done here, the control, the same is caught."""
    store, first, second = FileTokenStore(home), token(), token()
    await held(store)
    with blockbuster_ctx("clio_async"):
        assert await store.save(KEY, first, previous=None)
        assert await store.save(KEY, second, previous=first)
        async with store.lock(KEY):
            must_equal(await store.load(KEY), second)
        with pytest.raises(BlockingError):
            store._files.replace(KEY, first, second)


def test_without_file_locks_it_says_so_at_once(home, monkeypatch):
    """On Windows a store cannot be made, and nothing else is touched."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.delitem(sys.modules, "clio_async.auth.files")
    with pytest.raises(UsageError, match="POSIX"):
        FileTokenStore(home)
    assert not home.exists()
