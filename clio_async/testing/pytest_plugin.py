"""Fixtures for pytest: ``pytest -p clio_async.testing.pytest_plugin``, or name it in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from .asgi import ASGIApp, asgi
from .simulator import Simulator, deliver_due

__all__ = ["clio_simulator", "clio_webhooks"]


@pytest.fixture
def clio_simulator() -> Simulator:
    """A simulator of its own for each test. Its clock stands still.

    async def test_mine(clio_simulator):
        clio = clio_simulator.client()

    def test_threads(clio_simulator):
        with clio_simulator.sync_client() as clio: ...
    """
    return Simulator()


@pytest.fixture
def clio_webhooks(clio_simulator: Simulator) -> Callable[[ASGIApp], Awaitable[int]]:
    """Deliver to an ASGI application what webhooks are told and is due; what is returned counts the attempts.

    async def test_mine(clio_simulator, clio_webhooks):
        clio_simulator.change("matters", 42, description="…")
        await clio_webhooks(app)
    """
    return lambda app: deliver_due(clio_simulator, asgi(app))
