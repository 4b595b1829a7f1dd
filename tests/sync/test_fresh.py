"""What is fresh, where that was opted into, is given in the thread that asks: without a hop, and never stale."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from clio_async import MemoryCache, MemoryTransport, SyncClio, capture_responses
from clio_async.errors import ClientClosed, InvalidArgument
from clio_async.events import Hooks
from clio_async.options import Policy
from clio_async.sync.fresh import MISSED, answered
from clio_async.testing.simulator import Simulator

from .world import client_of

FRESH = Policy(fresh_for={"matters": 300, "users": 300})


def hops(clio: Any) -> int:
    """Return how many calls the loop has begun since the last time, by what it counts itself."""
    return int(clio._clio.stats.calls)


def test_a_fresh_answer_takes_no_hop() -> None:
    """A record that is held and fresh is the same object, costs no request and no hop, and is counted and captured."""
    simulator = Simulator()
    with client_of(simulator, policy=FRESH) as clio:
        first = clio.matters.get(1)
        with capture_responses() as seen:
            assert first is clio.matters.get(1)
        assert ["cache"] == [exchange.source for exchange in seen]
        assert 1 == hops(clio)
        assert (2, 1, 1) == (clio.stats.calls, clio.stats.requests, clio.stats.fresh)
        assert 0 < clio.stats.bytes_saved
        assert clio.users.who_am_i() is clio.users.who_am_i()
        assert 2 == hops(clio)


def test_what_is_not_fresh_is_asked_for() -> None:
    """Another selection, a resource without freshness, another mode, a write, and the end of freshness take a hop."""
    now = [0.0]
    simulator = Simulator()
    with client_of(simulator, policy=FRESH, clock=lambda: now[0], timeout=None, limiter=None) as clio:
        clio.matters.get(1)
        clio.matters.get(1, fields="id")
        clio.contacts.get(1)
        clio.contacts.get(1)
        clio.options(cache="refresh").matters.get(1)
        assert 5 == hops(clio)
        written = clio.matters.update(1, description="new")
        assert "new" == written.description == clio.matters.get(1).description
        assert 7 == hops(clio)
        now[0] = 301.0
        clio.matters.get(1)
        assert 8 == hops(clio)


def test_no_thread_reads_what_another_has_overwritten() -> None:
    """A thread that reads after another's write was acknowledged reads what was written, also fresh."""
    with client_of(Simulator(), policy=FRESH) as clio:
        clio.matters.get(1)
        for number in range(50):
            writer = threading.Thread(target=clio.matters.update, args=(1,), kwargs={"description": f"{number}"})
            writer.start()
            writer.join()
            assert f"{number}" == clio.matters.get(1).description == clio.matters.get(1).description


def test_no_count_is_lost() -> None:
    """Calls that many threads make at once are all counted."""
    with client_of(Simulator(), policy=FRESH) as clio:
        clio.matters.get(1)
        workers = [threading.Thread(target=lambda: [clio.matters.get(1) for _ in range(500)]) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (4001, 4000, 1) == (clio.stats.calls, clio.stats.fresh, clio.stats.requests)


def test_each_thread_counts_by_itself() -> None:
    """Not every Python lets threads meet between reading a count and writing it: so none writes another's."""
    with client_of(Simulator(), policy=FRESH) as clio:
        clio.matters.get(1)
        clio.matters.get(1)
        counting = dict(clio._fresh._counting)
        other = threading.Thread(target=clio.matters.get, args=(1,))
        other.start()
        other.join()
        assert {threading.get_ident()} == {*counting}
        assert [1, 1] == [one.fresh for one in clio._fresh._counting.values()]
        assert 2 == clio.stats.fresh


def test_hooks_see_every_call() -> None:
    """Where hooks watch, nothing is given past them."""
    ended: list[object] = []

    class Sees(Hooks):
        def call_ended(self, exchange: Any, _begun: object, /) -> None:
            ended.append(exchange.source)

    with client_of(Simulator(), policy=FRESH, hooks=[Sees()]) as clio:
        clio.matters.get(1)
        clio.matters.get(1)
    assert ["network", "cache"] == ended


def test_what_cannot_be_asked_is_told_and_nothing_is_given_after_the_end() -> None:
    """Arguments are checked as ever, and a closed client gives nothing, however fresh."""
    with client_of(Simulator(), policy=FRESH) as clio:
        clio.matters.get(1)
        with pytest.raises(InvalidArgument):
            clio.matters.get(1, fields="nope")
    with pytest.raises(ClientClosed):
        clio.matters.get(1)


def test_a_closed_client_gives_nothing_of_a_cache_that_lives_on() -> None:
    """One that was lent keeps what is fresh, for its other clients."""
    simulator, cache = Simulator(), MemoryCache()
    token = simulator.token()

    def client() -> SyncClio:
        transport = MemoryTransport(simulator.handler)
        return SyncClio(token, transport=transport, policy=FRESH, cache=cache)

    with client() as clio, client() as other:
        clio.matters.get(1)
        clio.close()
        with pytest.raises(ClientClosed):
            clio.matters.get(1)
        other.matters.get(1)
        assert (1, 0) == (other.stats.fresh, other.stats.requests)


def test_tenants_do_not_share_what_is_fresh() -> None:
    """Another principal is not given what is held for one."""
    simulator = Simulator()
    with client_of(simulator, policy=FRESH) as clio:
        other = clio.with_auth(simulator.token(account=2))
        mine = clio.matters.get(1)
        theirs = other.matters.get(1)
        assert mine != theirs
        assert mine is clio.matters.get(1)
        assert theirs is other.matters.get(1)
        assert 2 == hops(clio)


class Waits:
    def __await__(self) -> Any:
        yield


async def waits(_: object) -> None:
    await Waits()


def test_what_waits_for_something_else_is_given_up() -> None:
    """A verb that would wait is left to the loop, from its beginning."""
    assert MISSED is answered(waits, None, (), {})


def test_what_can_be_read_once_only_is_read_once() -> None:
    """A try without the loop would leave nothing of an iterator: such a call goes to the loop at once."""
    with client_of(Simulator(), policy=FRESH) as clio:
        clio.matters.get(1, fields="id")
        found = clio.matters.get(1, fields=(name for name in ("id", "etag")), extra_query={"x[]": iter([1, 2])})
        assert (1, True) == (found.id, "etag" in found)
        assert 1 == clio.matters.get(1, fields="id", extra_query={"x[]": iter([1, 2])}).id
