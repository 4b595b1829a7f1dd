"""The file of `FileSubscriptions`: what it does in its worker threads. POSIX only."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import fields

from ..auth.files import fault_of, unlock
from ..errors import SubscriptionStoreError
from ..secrets import Secret
from .subscriptions import Subscription, replaced

__all__ = ["Lease", "SubscriptionFile"]

_LIMIT: Final = 64 * 1024 * 1024
_SAFE: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK  # what is no file does not hold us up
_MADE: Final = os.O_CREAT | os.O_EXCL
_SETTLED: Final = 1.0
"""Seconds after which a file that was changed has another time than one that is changed now, whatever ticks are."""

_Stamp: TypeAlias = tuple[int, ...]


class SubscriptionFile:
    """Subscriptions in a file, its lock, and what is to become the file. All methods wait for the disk.

    All raise `SubscriptionStoreError` if the file system fails, or holds what it should not.
    """

    def __init__(self, path: Path, wall_clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._wall_clock = wall_clock
        self._read: tuple[_Stamp, Mapping[str, Subscription]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_read": None}  # there are secrets in it

    def lease(self) -> Lease:
        """Return the lock of the file, which is not taken yet."""
        return Lease(self)

    def beside(self, suffix: str) -> Path:
        """Return the path of another file that belongs to this one."""
        return self.path.with_name(f"{self.path.name}.{suffix}")

    def read(self) -> Mapping[str, Subscription]:
        """Return what there is, by keys. A file that is the same as the last time is not read again.

        Whoever writes puts another file in its place, while this one is there: another number, or else another time.
        """
        with self.told():
            try:
                file = os.open(self.path, os.O_RDONLY | _SAFE)
            except FileNotFoundError:
                return {}
            try:
                stamp = _stamp(_checked(file, self.path))
                known = self._read
                if known is not None and known[0] == stamp:
                    return known[1]
                with open(file, "rb", closefd=False) as reader:
                    found = _parsed(reader.read())
            finally:
                os.close(file)
        if found is not None and self._is_settled(stamp):
            self._read = stamp, found
        if found is None:
            raise SubscriptionStoreError(
                f"{self.path} holds no whole subscriptions: move it away. The next `ensure` finds the webhooks at "
                "Clio, and adopts them: each then has a gap that begins when it was made."
            )
        return found

    def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        """Replace one, while nobody else does: under a `lease`."""
        kept = dict(self.read())
        if not replaced(kept, old, new):
            return False
        with self.told():
            _write(self.beside("new"), self.path, kept)
        return True

    def _is_settled(self, stamp: _Stamp) -> bool:
        """Say whether a file that will take the place of this one, and its number too, will have another time.

        Where the clock of the file system is not ours, a file of the future is read each time.
        """
        return self._wall_clock() - max(stamp[2:4]) / 1e9 > _SETTLED

    @contextmanager
    def told(self) -> Generator[None, None, None]:
        """Translate what the system says meanwhile."""
        try:
            yield
        except OSError as error:
            raise SubscriptionStoreError(
                f"The subscriptions in {self.path} cannot be read or written: {error.strerror}. Its directory must "
                "exist, with room on the disk, and belong to the user of this process; links are not followed."
            ) from error


class Lease:
    """The lock of a file: taken in a worker thread, given back from anywhere."""

    def __init__(self, file: SubscriptionFile) -> None:
        self._of = file
        self._file: int | None = None
        self._over = False

    def take(self) -> bool:
        """Try once.

        :raises SubscriptionStoreError: if the file system fails, or the lock is no file of ours.
        """
        with self._of.told():
            file = _locked(self._of.beside("lock"))
        if file is None:
            return False
        self._file = file
        if self._over:  # whoever wanted it was cancelled, and the thread was not
            self.release()
        return True

    def release(self) -> None:
        """Give it back, or see to it that `take` does."""
        self._over = True
        file, self._file = self._file, None
        if file is not None:
            unlock(file)


def _locked(path: Path) -> int | None:
    """Lock a file, None if it is locked already."""
    made = True
    try:
        file = os.open(path, os.O_RDWR | _MADE | _SAFE, 0o600)
    except FileExistsError:
        made = False
        file = os.open(path, os.O_RDWR | _SAFE)
    try:
        if made:
            os.fchmod(file, 0o600)  # a umask may have taken our own rights
        _checked(file, path)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    return file


def _checked(file: int, path: Path) -> os.stat_result:
    status = os.fstat(file)
    fault = fault_of(status, os.geteuid(), _LIMIT)
    if fault is not None:
        raise SubscriptionStoreError(f"{path} {fault.replace('for a token', 'to be read')}")
    return status


def _stamp(status: os.stat_result) -> _Stamp:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _write(new: Path, path: Path, kept: Mapping[str, Subscription]) -> None:
    with suppress(FileNotFoundError):
        new.unlink()  # of a writer that died: we hold the lock
    file = os.open(new, os.O_WRONLY | _SAFE | _MADE, 0o600)
    try:
        with os.fdopen(file, "wb") as writer:
            os.fchmod(writer.fileno(), 0o600)  # whatever the umask has taken
            writer.write(_text(kept))
            writer.flush()
            os.fsync(writer.fileno())
        new.rename(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


_NAMES: Final = tuple(one.name for one in fields(Subscription))


def _text(kept: Mapping[str, Subscription]) -> bytes:
    return json.dumps({"version": 1, "subscriptions": [_plain(one) for one in kept.values()]}, indent=1).encode()


def _plain(one: Subscription) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in _NAMES}
    return shown | {"secret": None if one.secret is None else one.secret.reveal()}


def _parsed(content: bytes) -> dict[str, Subscription] | None:
    """Read the file. It raises nothing: the locals of this frame hold secrets."""
    try:
        data = json.loads(content)
        if data["version"] != 1:
            return None
        found = [_made(one) for one in data["subscriptions"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return {one.key: one for one in found}


def _made(given: Mapping[str, Any]) -> Subscription:
    """Make a subscription of what was written.

    :raises TypeError: if it is none.
    """
    values: dict[str, Any] = {name: given[name] for name in _NAMES if name in given}
    texts = [values[name] for name in ("key", "principal", "model", "url", "fields")]
    texts += [
        *values["events"],
        *(one for one in (values["secret"], values.get("walk"), values.get("taken")) if one is not None),
    ]
    numbers = [values.get(name) for name in _NUMBERS]
    if not all(isinstance(one, str) for one in texts) or not all(_is_number(one) for one in numbers):
        raise TypeError("a value is of another type")
    values["events"] = tuple(values["events"])
    values["secret"] = None if values["secret"] is None else Secret(values["secret"])
    return Subscription(**values)


_NUMBERS: Final = (
    "webhook_id",
    "awaited_until",
    "covered_from",
    "covered_until",
    "made_at",
    "seen_at",
    "expires_at",
    "renew_at",
)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
