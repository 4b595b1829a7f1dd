"""Everything in this folder runs in virtual time: no moment passes while a task can go on."""

from __future__ import annotations

import pytest

from tests.virtual import VirtualLoop


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualLoop}
