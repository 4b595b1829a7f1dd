"""What the processes do that race for one file store: `python -m tests.auth.worker COMMAND DIRECTORY …`.

Each says "ready" and waits for a line, so that all start at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from inspect import iscoroutinefunction
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
from anyio.lowlevel import checkpoint
from attrs import evolve

from clio_async.auth import files
from clio_async.auth.stores import FileTokenStore
from clio_async.auth.tokens import Token
from clio_async.secrets import Secret

KEY = "firm-1"


def say(*words: object) -> None:
    print(*words, flush=True)


def wait() -> None:
    sys.stdin.readline()


def following(seen: Token | None) -> Token:
    """Make the token that comes after another: `account` counts them, `user` names the one before."""
    return Token(
        access_token=Secret("canary-4711"),
        refresh_token=Secret("canary-4711" * 20),
        expires_at=None,
        obtained_at=1_790_000_000.0,
        origin="https://app.clio.com",
        client_id="client-1",
        grant="grant-1",
        account=str(1 if seen is None else int(seen.account) + 1),
        user="" if seen is None else seen.revision,
        revision=os.urandom(8).hex(),
    )


async def renew(directory: str, rounds: str) -> None:
    """Replace the token until it was ours so many times, and tell what followed what."""
    store, won = FileTokenStore(directory), 0
    while won < int(rounds):
        seen = await store.load(KEY)
        new = following(seen)
        if await store.save(KEY, new, previous=seen):
            won += 1
            say(json.dumps([new.user, new.revision]))


async def careless(directory: str) -> None:
    """Replace the token once, without the lock of writers: say so between comparing and writing, and wait."""

    class Paused(Wrapped):
        def rename(self, *args: Any, **names: Any) -> None:
            say("compared")
            wait()
            os.rename(*args, **names)  # noqa: PTH104 - its names belong to an open directory

    files.fcntl = Wrapped(files.fcntl, {"flock": lambda *args: None})  # type: ignore[assignment]
    files.os = Paused(os, {"unlink": lambda *args, **names: None, "open": _own_names(os.open)})  # type: ignore[assignment]
    seen = await FileTokenStore(directory).load(KEY)
    new = following(seen)
    say(json.dumps([new.user, new.revision] if await FileTokenStore(directory).save(KEY, new, previous=seen) else None))


def _own_names(really: Any) -> Any:
    def opened(path: Any, flags: int, *args: Any, **names: Any) -> int:
        return really(path, flags & ~os.O_EXCL, *args, **names)

    return opened


async def add(directory: str, rounds: str, counter: str) -> None:
    """Add to a number in a file, in two steps, under the lock."""
    store = FileTokenStore(directory)
    for _ in range(int(rounds)):
        async with store.lock(KEY):
            seen = read(counter)
            await checkpoint()
            write(counter, seen + 1)


def read(counter: str) -> int:
    return int(Path(counter).read_text())


def write(counter: str, number: int) -> None:
    Path(counter).write_text(str(number))


def add_unlocked(_: str, counter: str) -> None:
    """Add to a number in a file, in two steps, and wait between them."""
    seen = read(counter)
    say("read")
    wait()
    write(counter, seen + 1)


async def churn(directory: str) -> None:
    """Renew under the lock until the end, which comes from outside."""
    store = FileTokenStore(directory)
    while True:
        async with store.lock(KEY):
            seen = await store.load(KEY)
            saved = await store.save(KEY, following(seen), previous=seen)
        say("saved" if saved else "LOST")


class Wrapped(ModuleType):
    """A module with some things replaced."""

    def __init__(self, module: ModuleType, things: dict[str, Any]) -> None:
        super().__init__(module.__name__)
        self._module = module
        self.__dict__.update(things)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class Deadly(Wrapped):
    """A module that kills the process before the n-th of its calls, or in the middle of it if it writes."""

    left = 0

    def __getattr__(self, name: str) -> Any:
        thing = super().__getattr__(name)
        if not callable(thing):
            return thing

        def call(*args: Any, **names: Any) -> Any:
            if Deadly.left == 0:
                if name == "write":
                    thing(args[0], args[1][: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            Deadly.left -= 1
            return thing(*args, **names)

        return call


def die(directory: str) -> None:
    """Let children save a token under the lock and die before each of the system calls that it takes. Tell how it
    was afterwards, for each: how many tokens later the stored one is, and whether both locks were free."""
    store = files.Directory(Path(directory))
    first = following(None)
    assert store.replace(KEY, first, None)
    for number in count():
        seen = store.load(KEY)
        assert seen is not None
        child = os.fork()
        if child == 0:
            Deadly.left = number
            files.os, files.fcntl = Deadly(os, {}), Deadly(files.fcntl, {})  # type: ignore[assignment]
            lease = files.Lease(store, KEY)
            done = lease.take() and store.replace(KEY, following(seen), seen)
            lease.release()
            os._exit(0 if done else 1)
        _, status = os.waitpid(child, 0)
        found = store.load(KEY)
        assert found is not None
        lease = files.Lease(store, KEY)
        free = lease.take() and store.replace(KEY, evolve(found, account=found.account), found)
        lease.release()
        names = [path.name for path in Path(directory).iterdir()]
        say(json.dumps([int(found.account) - int(seen.account), free, names]))
        if os.WIFEXITED(status):
            say(json.dumps(os.WEXITSTATUS(status)))
            return


def fork(directory: str, careful: str) -> None:
    """Hold a lock over a fork. Tell whether a child frees it, and whether it is free after we gave it back."""
    store = files.Directory(Path(directory))
    lease = files.Lease(store, KEY)
    assert lease.take()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(theirs)
        if careful == "leaves":
            lease.release()
            other = files.Lease(store, KEY)
            say("child took it" if other.take() else "child kept off")
        else:
            say("child keeps a copy")
        os.read(ours, 1)  # until the parent has looked
        os._exit(0)
    os.close(ours)
    wait()  # for the test, which has heard the child
    if careful == "control":
        os.close(lease._held.pop()[0])
    lease.release()
    other = files.Lease(store, KEY)
    say("free" if other.take() else "still locked")
    os.close(theirs)
    os.waitpid(child, 0)


if __name__ == "__main__":
    say("ready")
    wait()
    signal.alarm(60)  # it ends in a second, or hangs
    command = globals()[sys.argv[1]]
    if iscoroutinefunction(command):
        anyio.run(command, *sys.argv[2:])
    else:
        command(*sys.argv[2:])
