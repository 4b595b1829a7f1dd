"""Parts of files may be small, so that several take no time."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part be of a thousand bytes."""
    monkeypatch.setattr("clio_async.protocol.upload_plan.LEAST_PART", 1000)
