"""What crosses between the thread that waits and the thread that works: interruptions, errors, contexts, errands."""

from __future__ import annotations

import gc
import inspect
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import pytest

from clio_async import capture_responses
from clio_async.errors import ClientClosed, ClioError, NotFound, NotSent, OutcomeUnknown, UsageError
from clio_async.messages import Request, Response
from clio_async.sync.calls import Call, Errand, Heard
from clio_async.sync.loop import LoopThread, _settle
from clio_async.testing.simulator import Simulator
from clio_async.transport.memory import MemoryTransport

from .world import client_of

MAIN = threading.main_thread()


def interrupt() -> None:
    """Have Ctrl-C come to the main thread, wherever it is."""
    signal.pthread_kill(MAIN.ident or 0, signal.SIGINT)


class Slow:
    """A simulator whose answers wait; what was cancelled is counted."""

    def __init__(self, simulator: Simulator, then: Callable[[], object] = interrupt) -> None:
        self.simulator = simulator
        self.then = then
        self.cancelled = 0
        self.stubborn: anyio.Event | None = None
        self.waits = True

    async def __call__(self, request: Request) -> Response:
        if not self.waits:
            return await self.simulator.handler(request)
        self.then()
        try:
            await anyio.sleep_forever()
        except BaseException:
            self.cancelled += 1
            if self.stubborn is not None:
                self.then()
                with anyio.CancelScope(shield=True):
                    await self.stubborn.wait()
            raise
        raise AssertionError


def slow_client(slow: Slow, **options: Any) -> Any:
    return client_of(slow.simulator, transport=MemoryTransport(slow), **options)


def test_an_interrupt_cancels_the_call_and_waits_for_its_end() -> None:
    """Ctrl-C in a call cancels it in the loop, and is raised when it has ended; the client goes on."""
    slow = Slow(Simulator())
    with slow_client(slow) as clio:
        with pytest.raises(KeyboardInterrupt) as raised:
            clio.matters.get(1)
        assert 1 == slow.cancelled
        assert not hasattr(raised.value, "__notes__")
        slow.waits = False
        assert 1 == clio.matters.get(1).id


def test_a_second_interrupt_ends_the_wait() -> None:
    """A call that does not end when it is cancelled is left alone at the second Ctrl-C."""
    slow = Slow(Simulator())
    slow.stubborn = anyio.Event()
    with slow_client(slow) as clio:
        with pytest.raises(KeyboardInterrupt):
            clio.matters.get(1)
        assert 1 == slow.cancelled
        clio._seat._thread.loop.call_soon_threadsafe(slow.stubborn.set)
        slow.waits = False
        assert 2 == clio.matters.get(2).id


def test_what_a_signal_raises_cancels_too() -> None:
    """Any exception of a signal's handler, SystemExit say, goes out of the call as it is."""

    def leave(*_: object) -> None:
        raise SystemExit(3)

    before = signal.signal(signal.SIGUSR1, leave)
    try:
        slow = Slow(Simulator(), lambda: signal.pthread_kill(MAIN.ident or 0, signal.SIGUSR1))
        with slow_client(slow) as clio, pytest.raises(SystemExit):
            clio.matters.get(1)
        assert 1 == slow.cancelled
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize(("id", "ended"), [(1, "it returned a value of type Matter"), (10**9, "it raised NotFound")])
def test_an_interrupt_says_how_the_call_has_ended(id: int, ended: str) -> None:
    """A write that was done when Ctrl-C came is told by a note, without any value; so is what it failed with."""
    simulator = Simulator()

    async def interrupted(request: Request) -> Response:
        response = await simulator.handler(request)
        interrupt()
        return response

    with client_of(simulator, transport=MemoryTransport(interrupted)) as clio:
        with pytest.raises(KeyboardInterrupt) as raised:
            clio.matters.update(id, description="done")
        assert [f"The call that this interrupted had ended by then: {ended}."] == raised.value.__notes__
    assert id != 1 or "done" == simulator.record("matters", 1)["description"]


def test_a_timeout_is_that_of_the_client() -> None:
    """`timeout=` ends a read as a TimeoutError, and a write as one whose outcome is unknown, or that was not sent."""
    simulator = Simulator()
    with client_of(simulator, transport=MemoryTransport(Slow(simulator, lambda: None)), limiter=None) as clio:
        brief = clio.options(timeout=0.01, retry=None)
        with pytest.raises(TimeoutError):
            brief.matters.get(1)
        with pytest.raises((OutcomeUnknown, NotSent)) as raised:
            brief.matters.update(1, description="x")
        assert isinstance(raised.value, TimeoutError)


def test_a_traceback_shows_the_line_of_the_caller_and_what_is_inside() -> None:
    """An error shows the caller's line first and the code of the package last, and two frames of plumbing between."""
    with client_of(Simulator()) as clio, pytest.raises(NotFound) as raised:
        clio.matters.get(10**9)
    frames = [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert raised.value.__context__ is None
    assert "test_a_traceback_shows_the_line_of_the_caller_and_what_is_inside" == frames[0]
    assert ["verb", "run", "get", "read"] == frames[1:5]
    assert "exchange" == frames[-1]


def test_an_error_is_no_cycle() -> None:
    """What a failed call leaves is freed without the garbage collector."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        gc.collect()
        gc.disable()
        try:
            for _ in range(20):
                with suppress(NotFound):
                    clio.matters.get(10**9)
            calls = [found for found in gc.get_objects() if isinstance(found, Call)]
            assert [] == [call for call in calls if call.done]
        finally:
            gc.enable()


def test_a_context_goes_along() -> None:
    """What is captured in the context of the thread sees its own calls, and those of no other thread."""
    with client_of(Simulator()) as clio:
        with capture_responses() as seen:
            clio.matters.get(1)
            other = threading.Thread(target=clio.matters.get, args=(2,))
            other.start()
            other.join()
        clio.matters.get(3)
        assert [200] == [exchange.status for exchange in seen]


def test_a_function_of_an_edit_runs_in_the_thread_that_waits() -> None:
    """The function of an edit may call the client, and holds up nobody; what it raises goes out."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        seen: list[str] = []

        def change(matter: Any) -> dict[str, Any]:
            seen.append(threading.current_thread().name)
            return {"description": f"{clio.matters.get(2).id} {matter.id}"}

        assert "2 1" == clio.matters.edit(1, change).description
        assert [MAIN.name] == seen

        def fail(_: Any) -> dict[str, Any]:
            raise LookupError("mine")

        with pytest.raises(LookupError, match="mine"):
            clio.matters.edit(1, fail)
        with pytest.raises(UsageError):
            clio.matters.edit(1, lambda _: (_ for _ in ()).throw(ClientClosed("mine")))
        assert "2 1" == simulator.record("matters", 1)["description"]


def test_a_function_of_an_edit_can_be_interrupted() -> None:
    """Ctrl-C within the function cancels the edit: nothing is written."""
    simulator = Simulator()
    before = simulator.record("matters", 1)["description"]

    def change(_: Any) -> dict[str, Any]:
        raise KeyboardInterrupt

    with client_of(simulator) as clio, pytest.raises(KeyboardInterrupt):
        clio.matters.edit(1, change)
    assert before == simulator.record("matters", 1)["description"]


def test_a_function_that_closes_the_client_ends_its_own_call() -> None:
    """A client that is closed by a function of its own call hangs nobody: the call ends as ClientClosed."""
    with client_of(Simulator()) as clio:

        def change(_: Any) -> dict[str, Any]:
            clio.close()
            return {"description": "x"}

        with pytest.raises(ClientClosed):
            clio.matters.edit(1, change)


def test_what_is_uploaded_is_asked_for_in_the_thread_that_waits() -> None:
    """An iterable is walked by the thread that waits, which may call the client meanwhile, and closed at its end."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        names: set[str] = set()
        ended: list[int] = []

        def content() -> Any:
            try:
                for number in (1, 2, 3):
                    names.add(threading.current_thread().name)
                    yield b"%d" % clio.matters.get(number).id
            finally:
                ended.append(1)

        matter = clio.matters.get(1)
        assert 3 == clio.documents.upload(content(), name="a.txt", parent=matter).size
        assert ({MAIN.name}, [1]) == (names, ended)
        assert 2 == clio.documents.upload([b"a", b"b"], name="b.txt", parent=matter).size
        assert 2 == clio.documents.upload(b"ab", name="b.txt", parent=matter).size

        def fails() -> Any:
            yield b"a"
            raise LookupError("mine")

        with pytest.raises(Exception, match="mine"):
            clio.documents.upload(fails(), name="c.txt", parent=matter, size=5)

        more = (b"a" for _ in range(9))
        with pytest.raises(ClioError):
            clio.documents.upload(more, name="d.txt", parent=matter, size=5)
        assert "GEN_CLOSED" == inspect.getgeneratorstate(more)  # though somebody holds it


def test_progress_is_heard_in_the_thread_that_waits() -> None:
    """`progress` is called there, before the call returns, and may call the client."""
    with client_of(Simulator()) as clio:
        heard: list[tuple[str, str]] = []

        def progress(news: Any) -> None:
            assert 1 == clio.matters.get(1).id
            heard.append((threading.current_thread().name, news.phase))

        clio.documents.upload(b"abc", name="a", parent=clio.matters.get(1), progress=progress)
        assert (MAIN.name, "done") == heard[-1]
        assert {MAIN.name} == {name for name, _ in heard}
        with pytest.raises(UsageError):
            clio.options(strict=True)._seat.run(_raises(UsageError("x")))


async def _raises(error: Exception) -> None:
    raise error


def test_what_progress_raises_at_the_end_says_what_is_there() -> None:
    """What it raises when all is done comes through, with a note that names the document."""
    with client_of(Simulator()) as clio:

        def progress(news: Any) -> None:
            if news.phase == "done":
                raise LookupError("mine")

        with pytest.raises(LookupError) as raised:
            clio.documents.upload(b"abc", name="a", parent=clio.matters.get(1), progress=progress)
        assert "Document 13 is there" in raised.value.__notes__[0]


def test_what_progress_raises_ends_the_call_when_it_is_told_next() -> None:
    """What is raised in the waiting thread is raised in the call at the next news, once, and nothing is heard after."""
    call = Call()
    heard: list[int] = []

    def hear(news: int) -> None:
        heard.append(news)
        raise LookupError("mine")

    told = Heard(call, hear)
    told(1)
    told(2)
    call.run_errands()
    with pytest.raises(LookupError, match="mine"):
        told(3)
    told.check()
    assert [1] == heard


def test_progress_is_checked_before_anything_is_sent() -> None:
    """An async function is no progress, and is refused as by the asynchronous client."""
    simulator = Simulator()

    async def progress(_: Any) -> None: ...

    with client_of(simulator) as clio:
        for begin in (
            lambda: clio.documents.upload(b"a", name="a", progress=progress),
            lambda: clio.documents.download(1, progress=progress),
            lambda: clio.reports.wait(1, progress=progress),
        ):
            with pytest.raises(Exception, match="plain function"):
                begin()
    assert 0 == len(simulator.log.entries)


def test_a_call_that_nobody_carries_is_given_up() -> None:
    """A call that comes to a loop that has ended, or is ending, ends as ClientClosed, in whatever order that is."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        thread: LoopThread = clio._seat._thread
    late = Call()
    late.coroutine = _raises(LookupError())
    thread.carry(late)
    assert isinstance(late.error, ClientClosed)
    thread.over = False  # as it is in the moment between
    call: Any = Call()
    call.coroutine = _raises(LookupError())
    call.news = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        thread.carry(call)
    assert thread.over
    assert isinstance(call.error, ClientClosed)


class Interrupted:
    """A lock in whose wait Ctrl-C comes."""

    def acquire(self, *_: object) -> None:
        raise KeyboardInterrupt

    def locked(self) -> bool:
        return False


def test_an_errand_of_a_cancelled_call_is_refused() -> None:
    """A call that is being cancelled can ask for nothing more: nobody would run it, and it would wait forever."""
    ended: list[str] = []

    async def asks(call: Call) -> None:
        interrupt()
        try:
            await anyio.sleep_forever()
        finally:
            try:
                await call.ask(ended.append, "never")
            except anyio.get_cancelled_exc_class():
                ended.append("refused")
                raise

    with client_of(Simulator()) as clio:
        call = clio._seat.call()
        with pytest.raises(KeyboardInterrupt):
            clio._seat.run(asks(call), call)
    assert ["refused"] == ended


def test_a_call_that_is_cancelled_before_it_began_never_begins() -> None:
    """An interruption that comes before the loop has seen the call, or has begun it, ends it unbegun."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        thread: LoopThread = clio._seat._thread
        for queued in (False, True):
            call = clio._seat.call()
            call.coroutine = _raises(LookupError())
            if queued:
                thread._calls.append(call)
            thread._interrupt(call)
            thread._interrupt(call)
            assert (False, True) == (call.begun, call.done)
            assert isinstance(call.error, ClientClosed)


def test_a_call_of_a_client_that_closes_is_not_begun() -> None:
    """A call that reaches the loop behind the end of its client is ended there."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        clio.matters.get(1)
        other = client_of(simulator)
        call = other._seat.call()
        call.coroutine = _raises(LookupError())
        other._seat._guest.closed = True
        clio._seat._thread.carry(call)
        assert isinstance(call.error, ClientClosed)
        other.close()


def test_the_first_end_counts() -> None:
    """A call ends once; errands that are asked for behind its end are not run, and news that are there need no wake."""
    call, heard = Call(), []
    call.end(None)
    call.end(LookupError())
    call.tell()
    assert call.error is None
    errand = Errand(heard.append, (1,), lambda found, error: heard.append(found))
    call.add(errand)
    call.run_errands()
    assert [] == heard


def test_an_errand_that_comes_back_late_is_nothing() -> None:
    """What an errand returned for a call that has ended meanwhile is dropped."""
    with client_of(Simulator()) as clio:

        async def late() -> bool:
            future = clio._seat._thread.loop.create_future()
            _settle(future, 1, None)
            _settle(future, 2, None)
            return bool(1 == await future)

        assert clio._seat.run(late())


def interrupting_client(simulator: Simulator) -> tuple[Any, list[int]]:
    """Return a client, and a list: while there is something in it, Ctrl-C comes with the next answer."""
    left: list[int] = []

    async def answer(request: Request) -> Response:
        response = await simulator.handler(request)
        if left:
            left.pop()
            interrupt()
        return response

    return client_of(simulator, transport=MemoryTransport(answer)), left


def test_a_page_that_came_with_an_interrupt_is_given_next() -> None:
    """What was read when Ctrl-C came is not lost: neither a page nor the bytes of a file."""
    simulator = Simulator(matters=4)
    clio, left = interrupting_client(simulator)
    with clio:
        walk = clio.matters.list(limit=2).by_page()
        left.append(1)
        with pytest.raises(KeyboardInterrupt):
            next(walk)
        assert [[1, 2], [3, 4]] == [[matter.id for matter in page] for page in walk]
        assert 2 == len(simulator.log.entries)


def test_bytes_that_came_with_an_interrupt_are_given_next() -> None:
    """The same of a file: the piece that was received is given by the next step."""
    simulator = Simulator()
    simulator.put_file("documents", 1, b"abc")
    with client_of(simulator) as clio, clio.documents.download(1) as download:
        clio._seat.run(download._step())  # as a step is whose outcome nobody took
        assert b"abc" == b"".join(download)
