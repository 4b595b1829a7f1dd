"""What every test may use."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Tests run on asyncio unless they ask for another backend."""
    return "asyncio"
