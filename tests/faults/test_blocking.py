"""The event loop is never held by a call that waits."""

from __future__ import annotations

import time

import pytest
from blockbuster import BlockingError, blockbuster_ctx

from clio_async import Clio, Request, Response
from clio_async.middleware.base import Handler
from clio_async.testing import Simulator
from clio_async.testing.simulator import serve

from .loopback import TRANSPORTS, transport


class Slow:
    """A layer that waits without letting others run."""

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        time.sleep(0.001)  # noqa: ASYNC251
        return await call_next(request)


@TRANSPORTS
@pytest.mark.parametrize("blocks", [False, True], ids=["ours", "control"])
async def test_no_call_blocks(kind: str, blocks: bool) -> None:
    """F75: once the libraries are imported, names, connections, pages and writes are waited for; a layer that sleeps,
    the control, is caught."""
    simulator = Simulator(matters=400)
    async with serve(simulator) as address, transport(kind) as wire:
        base = f"http://localhost:{address.port}/api/v4"
        async with transport(kind) as other:  # libraries are imported by whoever comes first
            assert 1 == (await Clio(simulator.token(), base_url=base, transport=other).matters.get(1)).id
        layers = [Slow()] if blocks else []
        clio = Clio(simulator.token(), base_url=base, transport=wire, middleware=layers)
        with blockbuster_ctx("clio_async"):
            if blocks:
                with pytest.raises(BlockingError):
                    await clio.matters.get(1)
                return
            for _ in range(2):
                assert 1 == (await clio.matters.get(1)).id
            assert 400 == len(await clio.matters.list().collect())
            assert "x" == (await clio.matters.update(1, description="x")).description
