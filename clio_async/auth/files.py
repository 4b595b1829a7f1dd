"""Token files: what `FileTokenStore` does in its worker threads. POSIX only.

A directory holds, for each key, `<digest>.token` and, once it was locked, the empty `<digest>.lock`; besides, `lock`,
which whoever writes has to hold, and `new`, which becomes the next token file. So there is one writer at a time, and a
`new` that a writer finds was left by one that died. Lock files stay: one that is removed locks nobody out.

Every name is looked up in a directory that is open already, and none is followed if it is a link.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import TokenStoreError
from .tokens import Token

__all__ = ["LIMIT", "Directory", "Lease", "fault_of", "file_name"]

LIMIT = 65_536
"""Bytes of JSON that a token may take."""

_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK  # the last two: what is no file does not hold us up
_NEW = os.O_CREAT | os.O_EXCL
_ADVICE = {
    errno.ENOENT: "Make the directory that is to hold it.",
    errno.ELOOP: "A symbolic link is not followed: remove it, or name what it leads to.",
    errno.ENOTDIR: "Name a directory, and not a symbolic link to one.",
    errno.EACCES: "Let the user of this process own it.",
    errno.EPERM: "Let the user of this process own it.",
    errno.EROFS: "Name a directory that can be written to.",
    errno.ENOSPC: "Make room on the disk.",
    errno.EDQUOT: "Make room on the disk.",
}


class Directory:
    """The token files in one directory. Its methods wait for the disk, and for nothing else.

    All raise `TokenStoreError` if the file system fails, or holds what it should not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.leases: dict[Lease, None] = {}
        self._pid = os.getpid()

    def load(self, key: str) -> Token | None:
        """Return the token of a key."""
        with self.opened() as directory:
            return self._load(directory, key)

    def replace(self, key: str, token: Token | None, previous: Token | None) -> bool | None:
        """Replace a token. None: somebody else is writing, try again."""
        if token is not None and not 0 < _size(token) <= LIMIT:
            raise TokenStoreError(f"The token is longer than {LIMIT} bytes, or no Unicode text. It was not saved.")
        with self.opened() as directory:
            writing = self.locked(directory, "lock")
            if writing is None:
                return None
            try:
                found = self._load(directory, key)
                if (found and found.revision) != (previous and previous.revision):
                    return False
                if token is not None:
                    _write(directory, key, token)
                elif found is not None:
                    os.unlink(file_name(key, "token"), dir_fd=directory)
                _sync(directory)
                return True
            finally:
                unlock(writing)

    @contextmanager
    def opened(self) -> Generator[int, None, None]:
        """Open the directory, make it if it is missing, and translate what the system says meanwhile."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            for lease in [*self.leases]:  # of the parent: a copy would keep its lock when it dies
                lease.release()
        try:
            directory = self._open()
            try:
                self._check_directory(os.fstat(directory))
                yield directory
            finally:
                os.close(directory)
        except OSError as error:
            advice = _ADVICE.get(error.errno or 0, "See to the file system, and try again.")
            raise TokenStoreError(f"The token store in {self.path} failed: {error.strerror}. {advice}") from error

    def locked(self, directory: int, name: str) -> int | None:
        """Lock a file of its own, None if it is locked already. The lock ends with `unlock`, or with the process."""
        made = True
        try:
            file = os.open(name, os.O_RDWR | _SAFE | _NEW, 0o600, dir_fd=directory)
        except FileExistsError:
            made = False
            file = os.open(name, os.O_RDWR | _SAFE, dir_fd=directory)
        try:
            if made:
                os.fchmod(file, 0o600)  # a umask may have taken our own rights
            self._check(file, name)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        except BaseException:
            os.close(file)
            raise
        return file

    def _open(self) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            return os.open(self.path, flags)
        except FileNotFoundError:
            with suppress(FileExistsError):  # somebody else made it
                self.path.mkdir(0o700)
                self.path.chmod(0o700)  # whatever the umask has taken
            return os.open(self.path, flags)

    def _check_directory(self, info: os.stat_result) -> None:
        if info.st_uid != os.geteuid() or info.st_mode & 0o022:
            raise TokenStoreError(
                f"{self.path} belongs to another user, or others may write to it: chmod 700 it, or name another."
            )

    def _load(self, directory: int, key: str) -> Token | None:
        name = file_name(key, "token")
        try:
            file = os.open(name, os.O_RDONLY | _SAFE, dir_fd=directory)
        except FileNotFoundError:
            return None
        try:
            self._check(file, name, LIMIT + len(_heading(key)))
            token = _parsed(key, _content(file))
        finally:
            os.close(file)
        if token is None:
            raise TokenStoreError(
                f"{self.path / name} holds no whole token of this key: remove it, and let the user approve again."
            )
        return token

    def _check(self, file: int, name: str, limit: int = LIMIT) -> None:
        fault = fault_of(os.fstat(file), os.geteuid(), limit)
        if fault is not None:
            raise TokenStoreError(f"{self.path / name} {fault}")


class Lease:
    """The lock of one key: taken in a worker thread, given back from anywhere, at any time."""

    def __init__(self, directory: Directory, key: str) -> None:
        self._directory = directory
        self._name = file_name(key, "lock")
        self._held: list[tuple[int, int, os.stat_result]] = []
        self._over = False

    def take(self) -> bool:
        """Try once.

        :raises TokenStoreError: if the file system fails.
        """
        with self._directory.opened() as directory:
            file = self._directory.locked(directory, self._name)
        if file is None:
            return False
        self._held.append((file, os.getpid(), os.fstat(file)))
        self._directory.leases[self] = None
        if self._over:  # whoever wanted it was cancelled, and the thread was not
            self.release()
        return True

    def release(self) -> None:
        """Give it back, or see to it that `take` does."""
        self._over = True
        self._directory.leases.pop(self, None)
        while self._held:
            with suppress(IndexError):  # another thread was quicker
                file, owner, info = self._held.pop()
                if owner == os.getpid():
                    unlock(file)
                else:  # a copy in a child: the lock is the parent's
                    _close_copy(file, info)


def _close_copy(file: int, info: os.stat_result) -> None:
    """Close a file that a child has inherited, unless it has closed it before (and something else has its number)."""
    with suppress(OSError):
        if os.path.samestat(os.fstat(file), info):
            os.close(file)


def unlock(file: int) -> None:
    """End a lock, also for a copy of the file that a child may have got by a fork."""
    try:
        fcntl.flock(file, fcntl.LOCK_UN)
    finally:
        os.close(file)


def file_name(key: str, suffix: str) -> str:
    """Return the name of a file for a key: of one length, and free of anything that a file system would interpret."""
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}.{suffix}"


def fault_of(info: os.stat_result, user: int, limit: int) -> str | None:
    """Say what is wrong with a file that should hold a secret of `user` in at most `limit` bytes."""
    if not stat.S_ISREG(info.st_mode):
        return "is not a regular file: remove it."
    if info.st_uid != user:
        return "belongs to another user, who may have read or written it: remove it."
    if info.st_mode & 0o077:
        mode = stat.S_IMODE(info.st_mode)
        return f"has mode {mode:04o}, so others may have read or written it: remove it, or chmod 600 it if nobody has."
    if info.st_nlink > 1:  # none: it was replaced since it was opened
        return "is a file that has another name too (a hard link): remove it."
    if info.st_size > limit:
        return "is too large for a token: remove it."
    return None


def _heading(key: str) -> bytes:
    """Return the first line of a token file: it says whose it is, so that no copy passes for another's."""
    return json.dumps(key).encode() + b"\n"


def _body(token: Token) -> bytes:
    return token.to_json().encode() + b"\n"


def _size(token: Token) -> int:
    try:
        return len(_body(token))
    except UnicodeError:
        return 0


def _parsed(key: str, content: bytes) -> Token | None:
    """Read a token file. It raises nothing: the locals of this frame hold secrets."""
    heading = _heading(key)
    if not content.startswith(heading):
        return None
    try:
        return Token.from_json(content[len(heading) :])
    except TokenStoreError:
        return None


def _content(file: int) -> bytes:
    with open(file, "rb", closefd=False) as reader:
        return reader.read()


def _write(directory: int, key: str, token: Token) -> None:
    with suppress(FileNotFoundError):
        os.unlink("new", dir_fd=directory)  # of a writer that died: we hold the lock
    file = os.open("new", os.O_WRONLY | _SAFE | _NEW, 0o600, dir_fd=directory)
    try:
        try:
            os.fchmod(file, 0o600)
            _fill(file, key, token)
            os.fsync(file)
        finally:
            os.close(file)
        os.rename("new", file_name(key, "token"), src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        with suppress(OSError):
            os.unlink("new", dir_fd=directory)
        raise


def _fill(file: int, key: str, token: Token) -> None:
    # The text is made anew each time, and kept in no local: a full disk raises here.
    heading, done = _heading(key), 0
    size = len(heading) + _size(token)
    while done < size:
        done += os.write(file, (heading + _body(token))[done:])


def _sync(directory: int) -> None:
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems have nothing to do for a directory, and say so
            raise
