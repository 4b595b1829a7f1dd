"""What clients of many firms share: one transport, one cache, one limiter, one chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import anyio

from .caches.base import CacheStore, Entry
from .caches.guard import GuardedStore
from .caches.memory import MemoryCache
from .detached import Detached
from .errors import ClientClosed, InvalidArgument, TransportError
from .home import Residence, abandon, here
from .hooks import Hooks, Watch
from .limiters.base import Limiter
from .limiters.local import LocalLimiter
from .messages import Headers, Request, Response
from .middleware.authorize import Authorize
from .middleware.base import Handler, Middleware, compose
from .middleware.conditional import Conditional, Findings, again
from .middleware.limit import Limit
from .middleware.observe import Observe, captures, summary
from .middleware.redirect import Redirect
from .middleware.retry import Retry
from .middleware.single_flight import Flight, SingleFlight
from .middleware.version import Version, VersionFindings
from .options import Policy
from .principal import Channel
from .protocol import responses
from .protocol.budgets import RetryBudget
from .protocol.conditional import vary_matches
from .resources.learned import Learned
from .stats import Stats
from .turns import Turns

if TYPE_CHECKING:
    from .events import TokenRefresh
    from .transport.base import Transport

__all__ = ["Core", "check_parts"]


class Core:
    """Transport, cache, limiter, flights, findings and counters, and the chain that is made of them."""

    def __init__(
        self,
        transport: Transport | None,
        cache: CacheStore | EllipsisType | None,
        limiter: Limiter | EllipsisType | None,
        policy: Policy,
        middleware: Iterable[Middleware],
        hooks: Iterable[Hooks],
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        random: Callable[[], float],
        storage: Transport | None = None,
    ) -> None:
        self._residence = Residence()
        self.clock = clock
        self.wall_clock = wall_clock
        self.random = random
        self.policy = policy
        self.stats = Stats()
        self.watch = Watch(hooks)
        self.closed = False
        self._ended = False
        self.learned = Learned(clock)
        self.turns = Turns()
        self.owns_transport = transport is None
        self.transport = _default_transport(clock) if transport is None else transport
        self._storage = storage
        self._lends_storage = storage is not None
        self.owns_cache = cache is ...
        self.store = _store_of(cache, clock)
        layers = tuple(middleware)
        self._in_memory = self.store if isinstance(self.store, MemoryCache) else None
        # layers of the caller's see every call, so they are passed
        self.fresh_for: Mapping[str, float] = {} if self._in_memory is None or layers else policy.fresh_for
        self.limiter = LocalLimiter(clock=clock, wall_clock=wall_clock, random=random) if limiter is ... else limiter
        self.conditional = Conditional(
            self.store, policy, stats=self.stats, findings=Findings(), clock=clock, random=random
        )
        self._here: object = None  # the event loop that its home is, once it has one
        self._where: Callable[[], object] = getattr(self.transport, "here", here)
        self._flights: dict[Any, Flight] = {}
        self._versions = VersionFindings()
        self._detached = Detached()
        self.detach = self._detached.run
        observed = compose([Observe(self.stats, self.watch, clock)], self.transport.send)
        channel = Channel(observed, self.detach, clock, wall_clock, random, self._refreshed)
        self.chain: Handler = compose(
            [
                *layers,
                self.conditional,
                SingleFlight(self._flights, self.stats, clock, wall_clock, self.limiter),
                Version(self._versions, self.stats, clock),
                Redirect(self.conditional),
                Retry(RetryBudget(), clock, wall_clock, random),
                *([] if self.limiter is None else [Limit(self.limiter, self.stats, self.watch, clock)]),
                Authorize(channel, self.purge),
            ],
            observed,
        )

    def storage(self) -> Transport:
        """Return the transport to where files are: connections of their own, which no token ever passes."""
        if self.closed:
            raise ClientClosed("The client is closed: build a new one, or call before aclose().")
        if self._storage is None:
            self._storage = self.transport.sibling()
            self._lends_storage = self._storage is self.transport
        return self._storage

    def _arrive(self) -> None:
        """Settle in an event loop that the transport works in, and know it again.

        :raises WrongEventLoop: if it does not, or if another one that has not ended is the home.
        """
        at = self._where()
        self._settle()
        self._here = at

    def _settle(self) -> None:
        """Be at home in the event loop that runs here. What is under way in another one that has ended is forgotten.

        :raises WrongEventLoop: if it has not ended. Nothing was touched.
        """
        left = self._residence.take("The client has connections, or calls under way,")
        if left is None:
            return
        if left.is_inherited():
            abandon(({**self._flights}, {**self._versions.pending}, self.turns))
        self._flights.clear()
        self._versions.pending.clear()
        self.turns = Turns()
        self._detached.sweep()

    def __del__(self) -> None:
        residence = getattr(self, "_residence", None)  # one that was never made whole has none
        if residence is not None and residence.is_inherited():
            abandon(self)  # what it holds of the parent's is never ended here

    async def purge(self, principal: str) -> None:
        """Forget what is kept for a principal, by its fingerprint."""
        if self._where() is not self._here:
            self._arrive()
        self.learned.forget(principal)
        await self.store.purge(principal)

    async def outdate(self, base: str, resource: str, tags: tuple[str, ...]) -> None:
        """Let nothing that is held under these tags, or on its way, be given to a read that begins later."""
        if self.closed:
            raise ClientClosed("The client is closed: build a new one, or call before aclose().")
        if self._where() is not self._here:
            self._arrive()
        self.learned.written(base, resource)
        with anyio.CancelScope(shield=True):  # once begun, it is done; a store in this process does not wait
            await self.store.delete_tags(tags)

    def held(
        self,
        principal: str,
        key: str,
        tags: tuple[str, ...],
        seconds: float,
        headers: Headers,
        stats: Stats | None = None,
    ) -> Entry | None:
        """Return what is held, if it is no older than that, without passing the chain.

        It is a call. With `stats`, in which it is counted, any thread may ask; without, only the event loop that is the
        home: in another one the chain says so.
        """
        if self._in_memory is None or self.closed or (stats is None and self._where() is not self._here):
            return None
        entry = self._in_memory.peek(principal, key, tags)
        if entry is None or not entry.is_fresh(self.clock(), seconds):
            return None
        if entry.vary and not vary_matches(entry.vary, headers):
            return None
        stats, saved = stats or self.stats, len(entry.body)
        stats.calls += 1
        stats.fresh += 1  # nothing is called while a count changes, so no handler of a signal comes in
        stats.bytes_saved += saved
        return entry

    def tell(self, request: Request, entry: Entry) -> None:
        """Show a call that was answered with what is held to whoever wants to see it."""
        now = self.clock()
        begun = self.watch.call_began(request) if self.watch else None
        self._seen(request, again(entry, now), now, begun)

    async def exchange(self, request: Request, errors_from: int = 400, besides: int | None = None) -> Response:
        """Pass a request through the chain. This is the one place where a status becomes an exception: one of at least
        `errors_from`, but not `besides`.
        """
        if self.closed:
            raise ClientClosed("The client is closed: build a new one, or call before aclose().")
        if self._where() is not self._here:
            self._arrive()
        self.stats.calls += 1
        started, sent_at = self.clock(), self.wall_clock()
        begun = self.watch.call_began(request) if self.watch else None
        try:
            response = await self.chain(request)
        except BaseException as error:
            told = responses.untold(request, error, sent_at=sent_at) if isinstance(error, TransportError) else error
            self._seen(request, None, started, begun, told)
            try:
                if told is error:
                    raise
                raise told from error
            finally:
                del told  # an error leads to this frame: together they would be a cycle
        self._seen(request, response, started, begun)
        status = response.status
        if status >= 300 and ((status >= errors_from and status != besides) or response.verdict == "ambiguous"):
            raise responses.error_of(request, response, sent_at=sent_at, now=self.wall_clock())
        return response

    def _seen(
        self,
        request: Request,
        response: Response | None,
        started: float,
        begun: object,
        error: BaseException | None = None,
    ) -> None:
        """Sum the call up for whoever wants to know."""
        capturing = captures()
        if capturing or begun is not None:
            exchange = summary(request, response, started, self.clock(), error)
            for seen in capturing:
                seen.append(exchange)
            if begun is not None:
                self.watch.call_ended(exchange, begun)

    def _refreshed(self, refresh: TokenRefresh) -> None:
        self.stats.refreshes += refresh.outcome == "refreshed"
        self.watch.refreshed(refresh)

    async def aclose(self) -> None:
        """Close what was opened here. What was lent stays open.

        The answer to the renewal of a token is waited for, up to half a minute, also in a cancelled scope: where each
        refresh token works once, the grant would be lost with it. If this is cut short, another call finishes it.

        A child of the process closes nothing of its parent's.

        :raises WrongEventLoop: in another event loop than the one that it was used in, while that has not ended.
        """
        if self._ended:
            return
        self._settle()
        self.closed = True
        with anyio.CancelScope(shield=True):
            try:
                await self._detached.drain()
            finally:
                async with AsyncExitStack() as opened:  # the last one first; that one fails keeps no other open
                    if self.owns_cache:
                        opened.push_async_callback(self.store.aclose)
                    if self.owns_transport:
                        opened.push_async_callback(self.transport.aclose)
                    if self._storage is not None and not self._lends_storage:
                        opened.push_async_callback(self._storage.aclose)
        self._ended = True


def check_parts(
    transport: object,
    cache: object,
    limiter: object,
    middleware: Iterable[Middleware],
    hooks: Iterable[Hooks],
    storage: object = None,
) -> tuple[tuple[Middleware, ...], tuple[Hooks, ...]]:
    """Return the layers and the hooks, if all of them and the other parts are what they have to be.

    :raises InvalidArgument: if one is not, before anything is built.
    """
    for name, given in (("transport", transport), ("storage", storage)):
        if given is not None and (isinstance(given, type) or not callable(getattr(given, "send", None))):
            raise InvalidArgument(f"{name} is a Transport, such as AiohttpTransport(); None for the default.")
    if cache is not None and cache is not ... and not isinstance(cache, CacheStore):
        raise InvalidArgument("cache is a CacheStore, such as MemoryCache(); None switches caching off.")
    layers = tuple(middleware) if isinstance(middleware, Iterable) else None
    if layers is None or not all(callable(layer) and not isinstance(layer, type) for layer in layers):
        raise InvalidArgument("middleware is a list of callables, each taking a request and call_next.")
    if limiter is not None and limiter is not ... and not isinstance(limiter, Limiter):
        raise InvalidArgument("limiter is a Limiter, such as LocalLimiter(); None for none.")
    watching = tuple(hooks) if isinstance(hooks, Iterable) else None
    if watching is None or not all(isinstance(hook, Hooks) for hook in watching):
        raise InvalidArgument("hooks is a list of Hooks: derive a class from it.")
    return layers, watching


def _default_transport(clock: Callable[[], float]) -> Transport:
    from .transport.aiohttp import AiohttpTransport

    return AiohttpTransport(clock=clock)


def _store_of(cache: CacheStore | EllipsisType | None, clock: Callable[[], float]) -> CacheStore:
    if cache is None:
        return MemoryCache(max_bytes=0)  # keeps nothing but the generations of what was written
    if cache is ...:
        return MemoryCache()
    return cache if cache.in_process else GuardedStore(cache, clock=clock)
