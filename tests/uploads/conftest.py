"""Uploads run on asyncio and on trio."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part be of a thousand bytes, so that a file of three of them is sent in no time."""
    monkeypatch.setattr("clio_async.protocol.upload_plan.LEAST_PART", 1000)
