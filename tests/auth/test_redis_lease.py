"""The lease by itself, upon a server that is made up."""

from __future__ import annotations

import os

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async.auth import redis_lease
from clio_async.auth.redis_lease import Lease, saving
from clio_async.errors import TokenStoreError
from tests.virtual import VirtualLoop

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
PLACE = ("store", "firm")


class Lender:
    """A server. `answers` are its next words; what it was asked is in `asked`."""

    def __init__(self, *answers: object) -> None:
        self.answers = [*answers]
        self.asked: list[str] = []

    async def __call__(self, what: str, holder: str) -> bool:
        self.asked.append(what)
        await checkpoint()
        if not self.answers:
            return True
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return bool(answer)

    def lease(self, seconds: float = 30.0) -> Lease:
        return Lease(PLACE, self, "me", seconds, lambda: 0.5)


async def test_it_is_asked_for_until_it_is_had():
    """A server that says no is asked again; what is saved meanwhile carries the name of the holder."""
    lender = Lender(False, False, True)
    assert "" == saving(PLACE)
    async with lender.lease():
        assert "me" == saving(PLACE)
        assert "" == saving(("store", "another"))
    assert "" == saving(PLACE)
    assert ["take", "take", "take", "give back"] == lender.asked


async def test_the_inner_of_two_leases_counts():
    """Whoever has lost one and has another saves under the other, and leaves the first in any order."""
    first, second = Lender().lease(), Lender().lease()
    second.holder = "me again"
    await first.__aenter__()
    await second.__aenter__()
    assert "me again" == saving(PLACE)
    await first.__aexit__(None)
    assert "me again" == saving(PLACE)
    await second.__aexit__(None)
    assert "" == saving(PLACE)


@pytest.mark.parametrize("failure", [TokenStoreError("away"), KeyboardInterrupt()])
async def test_what_may_have_been_lent_is_given_back(failure):
    """If the answer is lost, or the wait is ended, nobody else has to wait until it runs out (F71)."""
    lender = Lender(failure, TokenStoreError("still away"))
    with pytest.raises(type(failure)):
        await lender.lease().__aenter__()
    assert ["take", "give back"] == lender.asked
    assert "" == saving(PLACE)


async def test_who_was_told_no_has_nothing_to_give_back():
    """Cancelled between two tries, it asks nothing more (F71)."""
    lender = Lender(False)
    with anyio.CancelScope() as scope:

        async def refused(what: str, holder: str) -> bool:
            lender.asked.append(what)
            scope.cancel()
            return False

        await Lease(PLACE, refused, "me", 30.0, lambda: 0.5).__aenter__()
    assert ["take"] == lender.asked


def test_it_is_lent_again_until_it_is_lost(anyio_backend):
    """Each third of its time, also after a failure; not any more when another one has it, nor after its end."""
    lender = Lender(True, True, TokenStoreError("away"), True, False)

    async def hold() -> None:
        async with lender.lease(30.0):
            await anyio.sleep(39.0)
            assert ["take", "extend", "extend", "extend"] == lender.asked
            await anyio.sleep(1000.0)
        await anyio.sleep(1000.0)

    anyio.run(hold, backend_options={"loop_factory": VirtualLoop})
    assert ["take", "extend", "extend", "extend", "extend", "give back"] == lender.asked


async def test_a_child_has_no_lease_of_its_parent(monkeypatch):
    """After a fork the parent goes on: the child neither saves under its lease nor gives it back (F74)."""
    lender = Lender()
    lease = lender.lease()
    await lease.__aenter__()
    child = os.getpid() + 1
    monkeypatch.setattr(redis_lease.os, "getpid", lambda: child)
    assert "" == saving(PLACE)
    await lease.__aexit__(None)
    assert ["take"] == lender.asked


async def test_a_lease_whose_event_loop_is_closed_runs_out():
    """What is closed with its coroutine cannot ask any more, and does not try."""
    lender = Lender()
    lease = lender.lease()
    await lease.__aenter__()
    await lease.__aexit__(GeneratorExit)
    assert ["take"] == lender.asked
    assert "" == saving(PLACE)
