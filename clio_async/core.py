"""What clients of many firms share: one transport, one cache, one chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import EllipsisType
from typing import TYPE_CHECKING

from .caches.base import CacheStore
from .caches.guard import GuardedStore
from .caches.memory import MemoryCache
from .errors import InvalidArgument
from .middleware.authorize import Authorize
from .middleware.base import Handler, Middleware, compose
from .middleware.conditional import Conditional, Findings
from .middleware.observe import Observe
from .middleware.single_flight import SingleFlight
from .middleware.version import Version, VersionFindings
from .options import Policy
from .stats import Stats

if TYPE_CHECKING:
    from .transport.base import Transport

__all__ = ["Core", "check_parts"]


class Core:
    """Transport, cache, flights, findings and counters, and the chain that is made of them."""

    def __init__(
        self,
        transport: Transport | None,
        cache: CacheStore | EllipsisType | None,
        policy: Policy,
        middleware: Iterable[Middleware],
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self.clock = clock
        self.wall_clock = wall_clock
        self.policy = policy
        self.stats = Stats()
        self.closed = False
        self.owns_transport = transport is None
        self.transport = _default_transport(clock) if transport is None else transport
        self.owns_cache = cache is ...
        self.store = _store_of(cache, clock)
        self.fresh_store = self.store if isinstance(self.store, MemoryCache) and policy.fresh_for else None
        self.conditional = Conditional(
            self.store, policy, stats=self.stats, findings=Findings(), clock=clock, random=random
        )
        self.chain: Handler = compose(
            [
                *middleware,
                self.conditional,
                SingleFlight({}, self.stats, clock),
                Version(VersionFindings(), self.stats, clock),
                Authorize(),
                Observe(self.stats),
            ],
            self.transport.send,
        )

    async def aclose(self) -> None:
        """Close what was opened here. What was lent stays open."""
        if self.closed:
            return
        self.closed = True
        if self.owns_transport:
            await self.transport.aclose()
        if self.owns_cache:
            await self.store.aclose()


def check_parts(transport: object, cache: object, middleware: Iterable[Middleware]) -> tuple[Middleware, ...]:
    """Return the layers, if all of them and the other parts are what they have to be.

    :raises InvalidArgument: if one is not, before anything is built.
    """
    if transport is not None and (isinstance(transport, type) or not callable(getattr(transport, "send", None))):
        raise InvalidArgument("transport is a Transport, such as AiohttpTransport(); None for the default.")
    if cache is not None and cache is not ... and not isinstance(cache, CacheStore):
        raise InvalidArgument("cache is a CacheStore, such as MemoryCache(); None switches caching off.")
    layers = tuple(middleware) if isinstance(middleware, Iterable) else None
    if layers is None or not all(callable(layer) and not isinstance(layer, type) for layer in layers):
        raise InvalidArgument("middleware is a list of callables, each taking a request and call_next.")
    return layers


def _default_transport(clock: Callable[[], float]) -> Transport:
    from .transport.aiohttp import AiohttpTransport

    return AiohttpTransport(clock=clock)


def _store_of(cache: CacheStore | EllipsisType | None, clock: Callable[[], float]) -> CacheStore:
    if cache is None:
        return MemoryCache(max_bytes=0)  # keeps nothing but the generations of what was written
    if cache is ...:
        return MemoryCache()
    return cache if cache.in_process else GuardedStore(cache, clock=clock)
