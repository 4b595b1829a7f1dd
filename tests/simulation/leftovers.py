"""What is left of a process when all of its calls have ended: nothing should be."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

__all__ = ["of_loop", "of_process"]


def of_process(process: Any) -> list[str]:
    """Return what a process holds that has no call under way."""
    return [f"{process.name}: {what}" for what in _held(process.root._core, process.transport)]


def _held(core: Any, transport: Any) -> Iterator[str]:
    counts = {
        "flights": len(core._flights),
        "questions about versions": len(core._versions.pending),
        "turns": len(core.turns),
        "jobs": len(core._detached._running),
        "exchanges": len(transport._exchanges.under_way()),
        # One that was closed while the store was down has told what it could: see `GuardedStore`.
        "invalidations": 0 if core.closed else len(getattr(core.store, "_dirty", ())),
    }
    for name, count in counts.items():
        if count:
            yield f"{count} {name} left"
    for tenant in () if core.limiter is None else core.limiter._tenants.values():
        if tenant.flying:
            yield f"{len(tenant.flying)} requests left that count as under way"
        if tenant.budget.in_flight:
            yield f"{tenant.budget.in_flight} places of the limiter left"
        if tenant.line:
            yield f"{len(tenant.line)} waiters left"
        if tenant._watches:
            yield f"{len(tenant._watches)} watches left"


def of_loop() -> list[str]:
    """Return the tasks of this loop that nobody waits for."""
    own = asyncio.current_task()
    return [f"a task is left: {task.get_coro()}" for task in asyncio.all_tasks() if task is not own]
