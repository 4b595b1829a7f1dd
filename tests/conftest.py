"""What every test may use."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Where a red run stops others, the same examples are tried each time; elsewhere new ones are.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture
def anyio_backend() -> str:
    """Tests run on asyncio unless they ask for another backend."""
    return "asyncio"
