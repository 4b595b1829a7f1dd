"""A client of a simulated firm, which goes by the simulator's time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypedDict

from .tokens import HOSTS

if TYPE_CHECKING:
    from ...caches.base import CacheStore
    from ...client import Clio
    from ...events import Hooks
    from ...limiters.base import Limiter
    from ...middleware.base import Middleware
    from ...options import Policy, RetryPolicy
    from ...sync.client import SyncClio
    from ...transport.base import Transport
    from .core import Simulator

__all__ = ["ClientOptions", "client_of", "sync_client_of"]


class ClientOptions(TypedDict, total=False):
    """What `Clio` takes besides `auth`."""

    region: str | None
    base_url: str | None
    api_version: str | None
    cache: CacheStore | EllipsisType | None
    transport: Transport | None
    storage: Transport | None
    limiter: Limiter | EllipsisType | None
    policy: Policy | None
    middleware: Iterable[Middleware]
    hooks: Iterable[Hooks]
    timeout: float | None
    retry: RetryPolicy | None
    require_if_match: bool
    strict: bool
    clock: Callable[[], float]
    wall_clock: Callable[[], float]
    random: Callable[[], float]


def client_of(simulator: Simulator, prefix: str, account: int, user: int, options: ClientOptions) -> Clio:
    """Return a client whose requests a simulator answers, to Clio and to the storage alike."""
    from ...client import Clio  # a simulator is of use without one

    return Clio(**_chosen(simulator, prefix, account, user, options))


def sync_client_of(simulator: Simulator, prefix: str, account: int, user: int, options: ClientOptions) -> SyncClio:
    """Return the same for threads."""
    from ...sync.client import SyncClio

    return SyncClio(**_chosen(simulator, prefix, account, user, options))


def _chosen(simulator: Simulator, prefix: str, account: int, user: int, options: ClientOptions) -> dict[str, Any]:
    from ...transport.memory import MemoryTransport

    region = options.get("region") or simulator.region
    chosen: dict[str, Any] = {"wall_clock": lambda: simulator.clock.now(), **options}
    if chosen.get("base_url") is None and region in HOSTS:
        chosen |= {"region": None, "base_url": f"https://{HOSTS[region]}{prefix}"}
    if chosen.get("transport") is None:
        chosen["transport"] = MemoryTransport(simulator.handler, clock=options.get("clock", time.monotonic))
    return {"auth": simulator.token(user=user, account=account, region=region), **chosen}
