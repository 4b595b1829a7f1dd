"""A thousand firms in one process: what each takes, and that nothing is left of those that are dropped."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from typing import Any

import pytest

from benchmarks.footprint import Tenant, an_app, answer, called, granted, plain, weighed
from clio_async import Clio
from clio_async.auth.stores import MemoryTokenStore
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Request
from clio_async.principal import Principal
from clio_async.protocol.urls import REGIONS
from clio_async.transport.gate import Gate
from clio_async.transport.memory import MemoryTransport

KIB = 1024
FEW = 200
"""Enough to see what each takes: the rest of a thousand takes the same."""


@pytest.fixture
def untraced() -> Any:
    """Leave whoever measures the suite alone."""
    if tracemalloc.is_tracing():
        pytest.skip("tracemalloc is at work already: what it counts would be another's")


def idle_grant(root: Clio) -> Tenant:
    """Return who makes tenants of one application, whose tokens stay in this process."""
    return granted(root, an_app(), MemoryTokenStore())


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("make", "call", "options", "most"),
    [
        (plain, False, {}, 2 * KIB),
        (plain, True, {"cache": None}, 8 * KIB),
        (idle_grant, False, {}, 8 * KIB),
        (idle_grant, True, {"cache": None}, 8 * KIB),
        (idle_grant, True, {}, 8 * KIB),
    ],
    ids=["idle", "called", "idle grant", "called grant", "with an answer kept"],
)
async def test_a_tenant_takes_little(make: Any, call: bool, options: dict[str, Any], most: int) -> None:
    """With its tokens, its quota and one answer, a tenant takes 8 KiB at most, and 2 with a bare token."""
    async with Clio("root", transport=MemoryTransport(answer), **options) as root:
        tenant = make(root)
        assert await weighed(called(tenant) if call else tenant, FEW) < most


@pytest.mark.parametrize("with_grant", [False, True])
async def test_nothing_is_left_of_tenants_that_are_dropped(with_grant: bool) -> None:
    """What was theirs goes with their clients; only their quota is remembered, and that for a bounded number."""
    app, store = an_app(), MemoryTokenStore()
    async with Clio("root", transport=MemoryTransport(answer)) as root:
        make = called(granted(root, app, store) if with_grant else plain(root))
        seen: list[weakref.ref[Any]] = []
        for number in range(FEW):
            clio = await make(number)
            await clio.purge()
            await store.save(f"firm-{number}", None, previous=await store.load(f"firm-{number}"))
            seen.append(weakref.ref(clio.principal))
            if with_grant:
                seen.append(weakref.ref(clio._auth))
        del clio
        gc.collect()
        assert [each() for each in seen if each() is not None] == []
        assert len(app._grants) == 0
        assert len(root._core.store) == 0  # type: ignore[arg-type]


def test_budgets_of_tenants_that_are_gone_are_swept() -> None:
    """A process that meets ever new tokens keeps the quota of ten thousand of them at most, if they are idle (F77)."""
    limiter, most = LocalLimiter(clock=lambda: 0.0), 0
    for number in range(25_000):
        request = Request("GET", "https://x/", principal=Principal("https://x", grant=str(number)))
        assert limiter.passes(request)
        limiter.failed(request)
        most = max(most, len(limiter._tenants))
    assert most <= 10_000


def test_a_gate_keeps_nothing_of_principals_that_hold_nothing() -> None:
    """However many tenants pass, a pool remembers those that have a request under way, and one name."""
    gate = Gate(2)
    for number in range(10_000):
        assert gate.passes(str(number))
        gate.leave(str(number))
    assert (gate._held, gate._waiting, gate._first) == ({}, {}, "0")


def test_the_measured_answers_tell_of_the_quota() -> None:
    """The control: the calls of the measured tenants are such as a limiter learns from."""
    limiter, request = LocalLimiter(), Request("GET", "https://x/", principal=Principal(REGIONS["us"]))
    assert limiter.passes(request)
    limiter.answered(request, answer(request))
    assert limiter.quota(Principal(REGIONS["us"])).limit == 50
