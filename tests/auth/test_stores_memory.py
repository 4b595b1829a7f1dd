"""`MemoryTokenStore`, beyond the contract: several event loops, forks, and what is left behind."""

from __future__ import annotations

import os
import threading
from functools import partial

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async.auth import stores
from clio_async.auth.stores import FileTokenStore, MemoryTokenStore
from clio_async.testing._tokens.expect import token

from .worker import Wrapped

KEY = "firm-1"


def in_threads(work, number=8) -> None:
    """Run a coroutine function in an event loop of its own in each of some threads."""
    faults: list[BaseException] = []

    def run(backend):
        try:
            anyio.run(work, backend=backend)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(("asyncio", "trio")[index % 2],)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == faults


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_event_loops_in_threads_share_a_store(kind, tmp_path):
    """Eight event loops renew one token under its lock: none is lost, and one at a time is inside."""
    store = MemoryTokenStore() if kind == "memory" else FileTokenStore(tmp_path / "tokens")
    inside: set[int] = set()
    crowds: list[int] = []

    async def work():
        for _ in range(8):
            async with store.lock(KEY):
                inside.add(threading.get_ident())
                crowds.append(len(inside))
                seen = await store.load(KEY)
                await checkpoint()
                number = int(seen.account) if seen else 0
                assert await store.save(KEY, token(account=str(number + 1)), previous=seen)
                inside.clear()

    in_threads(work)
    assert [1] * 64 == crowds
    assert "64" == anyio.run(store.load, KEY).account


def test_of_racing_threads_one_replaces_a_token():
    """Comparing and replacing is one step for threads too."""
    store, held = MemoryTokenStore(), None
    for _ in range(30):
        won, start = [], threading.Barrier(8)

        async def offer(seen=held, won=won, start=start):
            new = token()
            start.wait()
            if await store.save(KEY, new, previous=seen):
                won.append(new)

        in_threads(offer)
        assert 1 == len(won)
        held = won[0]


class Late:
    """A token during whose comparison another thread comes in, if it can."""

    def __init__(self, revision, thread, store):
        self.__dict__.update(_revision=revision, _thread=thread, _store=store)

    @property
    def revision(self):
        self._thread.start()
        if not self._store._changing.locked():
            self._thread.join()
        return self._revision


def test_nobody_comes_between_comparing_and_replacing():
    """A thread that saves while another compares waits until that has replaced, and finds it."""
    store, first, won = MemoryTokenStore(), token(), []
    anyio.run(partial(store.save, KEY, first, previous=None))

    async def other():
        won.append(await store.save(KEY, token(), previous=first))

    thread = threading.Thread(target=anyio.run, args=(other,))
    won.append(anyio.run(partial(store.save, KEY, token(), previous=Late(first.revision, thread, store))))
    thread.join()
    assert [False, True] == sorted(won)


def test_nobody_comes_between_looking_and_locking():
    """Of two threads that look at once whether a key is locked, one locks it."""
    store, taken = MemoryTokenStore(), []
    thread = threading.Thread(target=lambda: taken.append(store._take(KEY)))

    class Slow(dict):
        def get(self, key):
            seen = super().get(key)
            if thread.ident is None:
                thread.start()
                if not store._changing.locked():
                    thread.join()
            return seen

    store._locked = Slow()
    taken.append(store._take(KEY))
    thread.join()
    assert [False, True] == sorted(taken)


async def test_nothing_is_kept_of_keys_that_nobody_uses():
    """A token that is removed and a lock that is given back leave nothing behind (F77)."""
    store = MemoryTokenStore()
    for number in range(50):
        key, new = f"firm-{number}", token()
        async with store.lock(key):
            await store.save(key, new, previous=None)
        await store.save(key, None, previous=new)
        assert await store.load(key) is None
    assert ({}, {}) == (store._tokens, store._locked)


async def test_a_lock_of_the_parent_does_not_bind_a_child(monkeypatch):
    """After a fork nobody in the child would give back what the parent has locked (F74)."""
    store = MemoryTokenStore()
    async with store.lock(KEY):
        assert not store._take(KEY)
        monkeypatch.setattr(stores, "os", Wrapped(os, {"getpid": lambda: os.getpid() + 1}))
        assert store._take(KEY)
        assert not store._take(KEY)


async def test_a_waiter_looks_again_with_growing_pauses():
    """Whoever waits looks again after a pause that the chance it was given decides."""
    asked = []

    def random():
        asked.append(1)
        return -0.5

    store = MemoryTokenStore(random=random)
    async with anyio.create_task_group() as tasks, store.lock(KEY):
        tasks.start_soon(_hold, store)
        for _ in range(20):
            await checkpoint()
        assert asked
    assert {} == store._locked


async def _hold(store):
    async with store.lock(KEY):
        pass
