"""A probe of a simulated firm, in memory and in the simulator's time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from clio_async import MemoryTransport
from clio_async.cli.probe import examine
from clio_async.cli.probe.exchanges import Evidence
from clio_async.cli.probe.writes import target_of
from clio_async.messages import Request, Response
from clio_async.secrets import Secret
from clio_async.testing import Regime, Simulator

BASE = "http://localhost/api/v4"
TOKEN = "hunter2-access-token"
WRITTEN = 7


def firm(regime: Regime, **options: object) -> Simulator:
    """Make a firm in which there is something to see: a field without a value, and a fraction of a second."""
    sizes: dict[str, object] = {"matters": 40, "contacts": 20, "tasks": 30, "users": 3, **options}
    simulator = Simulator(regime=regime, **sizes)  # type: ignore[arg-type]
    simulator.add("custom_fields", name="Court", parent_type="Matter", field_type="text_line", displayed=True)
    if options.get("matters") != 0:
        simulator.clock.advance(0.25)
        simulator.change("matters", 5, description="CANARY-description")
        simulator.clock.advance(0.75)
    simulator.token(text=TOKEN)
    return simulator


async def probed(simulator: Simulator, write_to: str | None = None, **options: object) -> Evidence:
    """Ask everything; a pause costs no time but the simulator's."""

    async def sleep(seconds: float) -> None:
        simulator.clock.advance(seconds)

    return await asked(simulator.handler, write_to, wall_clock=simulator.clock.now, sleep=sleep, **options)


async def asked(
    handler: Callable[[Request], Awaitable[Response] | Response], write_to: str | None = None, **options: object
) -> Evidence:
    """Ask everything of a function."""
    target = None if write_to is None else target_of(write_to)
    return await examine(MemoryTransport(handler), BASE, Secret(TOKEN), target=target, **options)  # type: ignore[arg-type]


async def no_pause(seconds: float) -> None:
    """Pause for no time; no pause is longer than two minutes."""
    assert 0 < seconds <= 121
