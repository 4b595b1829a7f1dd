"""Fixtures for pytest: ``pytest -p clio_async.testing.pytest_plugin``, or name it in `pytest_plugins`."""

from __future__ import annotations

import pytest

from .simulator import Simulator

__all__ = ["clio_simulator"]


@pytest.fixture
def clio_simulator() -> Simulator:
    """A simulator of its own for each test. Its clock stands still.

    async def test_mine(clio_simulator):
        transport = MemoryTransport(clio_simulator.handler)
        clio = Clio(clio_simulator.token(), base_url="http://localhost/api/v4", transport=transport)
    """
    return Simulator()
