"""Traffic of a process and its children over what they inherited. How much of it, the caller says."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from attrs import define, field

from clio_async import Clio

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], Callable[[], T]]
"""Begin a coroutine, and return what waits for its end."""


@define
class Tally:
    """Who was answered, and how often it was somebody else's answer."""

    answers: int = 0
    foreign: int = 0
    connections: set[int] = field(factory=set)

    def count(self, who: str, token: str, answered: dict[str, Any]) -> None:
        self.answers += 1
        self.foreign += (who, token) != (answered["who"], answered["token"])
        self.connections.add(answered["connection"])

    def add(self, other: Tally) -> None:
        self.answers += other.answers
        self.foreign += other.foreign
        self.connections |= other.connections

    def to_json(self) -> str:
        return json.dumps([self.answers, self.foreign, [*self.connections]])

    @classmethod
    def from_json(cls, text: str) -> Tally:
        answers, foreign, connections = json.loads(text)
        return cls(answers, foreign, set(connections))


async def traffic(clio: Clio, who: str, width: int, meeting: str, size: int) -> Tally:
    """Ask `width` times at once who is asking, for two firms in turn. The answers come when `size` requests are in."""
    tally = Tally()

    async def ask(number: int) -> None:
        name, token = f"{who}-{number}", f"token-{who}-{number % 2}"
        response = await clio.with_auth(token).request("GET", f"/{meeting}/{size}/{name}.json")
        tally.count(name, token, json.loads(response.body)["data"])

    await asyncio.gather(*[ask(number) for number in range(width)])
    return tally


def forked(work: Callable[[], str]) -> Callable[[], str]:
    """Run `work` in a child of this process. Return what waits for its end, and returns what it returned."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            text = work()
        except BaseException as error:
            text = f"failed: {error!r}"
        os.write(write, text.encode())
        os._exit(0)
    os.close(write)

    def result() -> str:
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read().decode()
        os.waitpid(pid, 0)
        return text

    return result


def alone(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a child, whatever loops its parent has left behind in this thread."""
    asyncio.set_event_loop(None)
    return asyncio.run(work)


@contextmanager
def paused_loop(new: Callable[[], asyncio.AbstractEventLoop]) -> Iterator[Run[Any]]:
    """An event loop that stands still, open, while this process forks."""
    with asyncio.Runner(loop_factory=new) as runner:
        yield lambda work: lambda: runner.run(work)


class LoopThread:
    """An event loop that goes on in another thread while this process forks."""

    def __init__(self, new: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self.loop = new()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def begin(self, work: Coroutine[Any, Any, T]) -> Callable[[], T]:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result

    def end(self) -> None:
        self.begin(self.loop.shutdown_asyncgens())()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@contextmanager
def loop_thread(new: Callable[[], asyncio.AbstractEventLoop]) -> Iterator[Run[Any]]:
    """The same, ended in order."""
    thread = LoopThread(new)
    try:
        yield thread.begin
    finally:
        thread.end()


def forks(clio: Clio, run: Run[Any], count: int, width: int) -> tuple[Tally, Tally, Tally]:
    """Fork so often from a warm client, with traffic in parent and child at once: all their requests are under way
    before any is answered. Return what the parent saw before, what it saw then, and what the children saw."""
    warm = run(traffic(clio, "warm", width, "warm", width))()
    parent, children = Tally(), Tally()
    for number in range(count):
        meeting, size = f"meeting-{number}", 2 * width
        ours = run(traffic(clio, f"parent-{number}", width, meeting, size))
        theirs = forked(
            lambda meeting=meeting, size=size, number=number: (  # type: ignore[misc]
                alone(_child(clio, f"child-{number}", width, meeting, size)).to_json()
            )
        )
        parent.add(ours())
        children.add(Tally.from_json(theirs()))
    return warm, parent, children


async def _child(clio: Clio, who: str, width: int, meeting: str, size: int) -> Tally:
    tally = await traffic(clio, who, width, meeting, size)
    await clio.aclose()
    return tally


def bare_forks(base: str, count: int) -> Tally:
    """The control: parent and child go on with one connection, each as if it had it alone."""
    host, _, rest = base.removeprefix("http://").partition(":")
    port, _, prefix = rest.partition("/")
    tally = Tally()
    with socket.create_connection((host, int(port))) as bare:

        def ask(who: str) -> None:
            bare.sendall(f"GET /{prefix}/{who}/1/{who} HTTP/1.1\r\nAuthorization: Bearer t\r\n\r\n".encode())

        def read(who: str) -> Tally:
            head, seen = b"", Tally()
            while not head.endswith(b"\r\n\r\n"):
                head += bare.recv(1)  # no more than the one answer
            answer = bare.recv(int(head.split()[-1]), socket.MSG_WAITALL)
            seen.count(who, "t", json.loads(answer)["data"])
            return seen

        def child(who: str) -> str:
            ask(who)
            return read(who).to_json()

        for number in range(count):
            ask(f"parent-{number}")
            tally.add(Tally.from_json(forked(partial(child, f"child-{number}"))()))
            tally.add(read(f"parent-{number}"))
    return tally
