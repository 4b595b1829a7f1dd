"""Fixtures for pytest: ``pytest -p clio_async.testing.pytest_plugin``, or name it in `pytest_plugins`."""

from __future__ import annotations

import pytest

from .simulator import Simulator

__all__ = ["clio_simulator"]


@pytest.fixture
def clio_simulator() -> Simulator:
    """A simulator of its own for each test. Its clock stands still."""
    return Simulator()
