"""Whoever receives webhooks knows no event loop but anyio's. No moment passes while a task can go on."""

from __future__ import annotations

from typing import Any

import pytest
import trio.testing

from tests.virtual import VirtualLoop


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    if request.param == "asyncio":
        return "asyncio", {"loop_factory": VirtualLoop}
    return "trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}
