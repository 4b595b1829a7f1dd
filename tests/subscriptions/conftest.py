"""Most of this folder runs in virtual time: no moment passes while a task can go on."""

from __future__ import annotations

import pytest
from trio.testing import MockClock

from tests.virtual import VirtualLoop

from .world import World


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    if request.param == "trio":
        return "trio", {"clock": MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": VirtualLoop}


@pytest.fixture
def world() -> World:
    return World()
