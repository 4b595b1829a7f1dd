"""Controls: whatever leaks, swallows or waits is found by the same sweep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import LocalLimiter, Request, Response
from clio_async.limiters.line import Line, Waiter
from clio_async.limiters.tenant import Tenant
from clio_async.middleware.conditional import Conditional

from .calls import CASES
from .faulted import FAULTED
from .instants import HOWS, How
from .sweep import Case, swept
from .world import Pool, World


class LeakyPool(Pool):
    """Give no place back when a request is cancelled."""

    async def send(self, request: Request) -> Response:
        self.held += 1
        response = await self._inner.send(request)
        self.held -= 1
        return response


class LeakyLimiter(LocalLimiter):
    """Keep the place of a call that was cancelled while it waited."""

    def _leave(self, tenant: Tenant, line: Line, waiter: Waiter) -> None: ...


def _leaky_transport(path: Path) -> World:
    return World(path, pool=LeakyPool)


def _leaky_limiter(path: Path) -> World:
    return World(path, limiter=LeakyLimiter(clock=anyio.current_time))


def _forgetful(path: Path, **settings: Any) -> World:
    """Have a client that outdates what it writes only if the write succeeds."""
    world = World(path, **settings)
    store = world.clio._core.store

    class Forgetful(Conditional):
        async def _write(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
            response = await call_next(request)
            await store.delete_tags(request.tags)
            return response

    world.clio._core.conditional.__class__ = Forgetful
    return world


async def _swallows(world: World) -> None:
    try:
        await world.clio.matters.get(1)
    except BaseException:
        return


async def _lingers(world: World) -> None:
    try:
        await world.clio.matters.get(1)
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.sleep(1)


async def _leaves_a_file(world: World) -> None:
    file = world.path / f"part-{anyio.current_time()}"
    file.touch()
    await world.clio.matters.get(1)
    file.unlink()


async def _keeps_a_turn(world: World) -> None:
    turn = world.clio.turn("/matters/1")
    await turn.__aenter__()
    world.kept.turn = turn
    await world.clio.matters.get(1)
    await turn.__aexit__(None, None, None)


WRONG = {
    "a place of the transport": (evolve(CASES["get_cold"], world=_leaky_transport), "places of the transport"),
    "a place in the line": (
        evolve(FAULTED["get_cold, quota used up"], world=_leaky_limiter),
        "wait for quota",
    ),
    "what a write outdates": (evolve(CASES["update"], world=_forgetful), "is shown as"),
    "a cancellation": (Case(name="swallows", covers=(), call=_swallows), "and returned"),
    "a second": (Case(name="lingers", covers=(), call=_lingers), "went on for"),
    "a file": (Case(name="file", covers=(), call=_leaves_a_file), "file part"),
    "a turn": (Case(name="turn", covers=(), call=_keeps_a_turn), "1 turns"),
}

UNSEEN = {("a cancellation", "scope")}
"""A scope ends what it encloses, whatever becomes of the cancellation within."""


@pytest.mark.parametrize(("kept", "how"), [(kept, how) for kept in WRONG for how in HOWS if (kept, how) not in UNSEEN])
def test_what_is_kept_is_found(kept: str, how: How, tmp_path: Path) -> None:
    """The controls of F71: the sweep fails, and says of what."""
    case, said = WRONG[kept]
    with pytest.raises(AssertionError, match=said):
        swept(case, how, tmp_path)
