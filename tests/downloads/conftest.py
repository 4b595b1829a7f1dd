"""Downloads run over both network transports, and on trio."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["aiohttp", "httpx2", "trio"])
def way(request: pytest.FixtureRequest) -> str:
    """The transport; the last one is httpx2 on trio."""
    return str(request.param)


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The backend that the transport of this test is for."""
    return "trio" if "way" in request.fixturenames and request.getfixturevalue("way") == "trio" else "asyncio"
