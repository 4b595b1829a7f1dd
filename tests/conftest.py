"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from .redis_server import RedisProcess, any_server, running

# No test fails because the machine is busy. Where a red run stops others, the same examples are tried each time;
# elsewhere new ones are.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("steady"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "steady")


@pytest.fixture
def anyio_backend() -> str:
    """Tests run on asyncio unless they ask for another backend."""
    return "asyncio"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a real Redis or Valkey, which other tests use, too: take a prefix of your own."""
    with any_server() as url:
        yield url


@pytest.fixture
def redis_process() -> Iterator[RedisProcess]:
    """A real server of this test alone, to be stopped, frozen, restarted and flushed."""
    with running() as server:
        yield server
