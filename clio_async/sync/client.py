"""`SyncClio`: the client for threads, prefork servers and job queues."""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable, Iterable, Mapping
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Any, Never, Self, Unpack

from ..client import Clio
from ..options import Options
from ..protocol import versions
from ..resources._generated import RESOURCES
from .absent import CLIENT
from .fresh import Fresh
from .resources import class_of
from .seat import Seat, uncopied

if TYPE_CHECKING:
    from ..caches.base import CacheStore
    from ..errors import OutcomeUnknown
    from ..events import Hooks
    from ..limiters.base import Limiter, Quota
    from ..messages import Response
    from ..middleware.base import Middleware
    from ..options import OptionChanges, Policy, RetryPolicy
    from ..outcomes import Outcome
    from ..principal import Auth, Principal
    from ..protocol import urls
    from ..resources.caller import HasId
    from ..secrets import Secret
    from ..stats import Stats
    from ..transport.base import Transport
    from ._generated import Resources
    from .versions import SyncVersions
else:

    class Resources:
        """The resources of a client, made when they are first used."""

        __slots__ = ("__dict__",)

        def __getattr__(self, name: str) -> Any:
            if name in RESOURCES:
                made = self.__dict__[name] = self._resource(name)
                return made
            from ..resources.misnamed import misnamed  # for a mistake alone

            raise misnamed(self, name, CLIENT.get(name, ""))

        def __dir__(self) -> list[str]:
            return sorted({*super().__dir__(), *RESOURCES})


__all__ = ["SyncClio"]

_RETRY = Options().retry


class SyncClio(Resources):
    """A client of the Clio Manage API v4 for one user of one firm, for threads: `Clio` without ``await``.

    It takes what `Clio` takes, and has the same resources and verbs. Any number of threads may use one client at the
    same time. All clients of a process share one event loop, in a thread of its own, which starts with the first call
    and ends when the last client is closed; threads that wait for it do not hold each other up. Close a client with
    `close` or ``with``; the end of the interpreter closes those that are left.

    A client that was made before a fork, and used or not, works in the child, with a loop and connections of its own.
    What raises in a waiting thread (Ctrl-C, a signal's handler) cancels its call; ``timeout=`` is that of `Clio`. A
    call in which the process forks goes on in the parent alone. In a thread with an event loop every call is refused,
    also one that would not have to wait.

    Functions that are given to one call are called in the thread that waits for it, and may call the client: that of
    ``edit(id, function)``, `progress`, an iterable that is uploaded. `hooks`, `middleware`, an `Auth`, stores and
    transports work for all calls: they run in the thread of the loop, must not block, and cannot call this client.
    What was lent is not closed, as with `Clio`; connections that it has opened end with the loop.
    """

    __slots__ = ("_clio", "_derived", "_fresh", "_seat")

    def __init__(
        self,
        auth: str | Secret | Auth,
        *,
        region: str | None = None,
        base_url: str | None = None,
        api_version: str | None = versions.PINNED,
        cache: CacheStore | EllipsisType | None = ...,
        transport: Transport | None = None,
        storage: Transport | None = None,
        limiter: Limiter | EllipsisType | None = ...,
        policy: Policy | None = None,
        middleware: Iterable[Middleware] = (),
        hooks: Iterable[Hooks] = (),
        timeout: float | None = 60.0,
        retry: RetryPolicy | None = _RETRY,
        require_if_match: bool = False,
        strict: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = _random.random,
        **unknown: Never,
    ) -> None:
        clio = Clio(
            auth,
            region=region,
            base_url=base_url,
            api_version=api_version,
            cache=cache,
            transport=transport,
            storage=storage,
            limiter=limiter,
            policy=policy,
            middleware=middleware,
            hooks=hooks,
            timeout=timeout,
            retry=retry,
            require_if_match=require_if_match,
            strict=strict,
            clock=clock,
            wall_clock=wall_clock,
            random=random,
            **unknown,
        )
        del auth  # it may be a token, and a traceback may show the locals of this frame
        seat = Seat(clio)
        self._set_up(clio, seat, Fresh(seat.core), derived=False)

    __reduce_ex__ = uncopied

    def _set_up(self, clio: Clio, seat: Seat, fresh: Fresh, *, derived: bool) -> None:
        self._clio = clio
        self._seat = seat
        self._fresh = fresh
        self._derived = derived

    def _derive(self, clio: Clio) -> SyncClio:
        found = object.__new__(SyncClio)
        found._set_up(clio, self._seat, self._fresh, derived=True)
        return found

    def _resource(self, name: str) -> Any:
        resource = getattr(self._clio, name)
        fresh = getattr(self._fresh.client(self._clio), name) if name in self._fresh.resources else None
        return class_of(resource.__class__)(self._seat, resource, fresh)

    def with_auth(
        self, auth: str | Secret | Auth, *, region: str | None = None, base_url: str | None = None
    ) -> SyncClio:
        """Return a client for another user or firm, which shares what this one has: see `Clio.with_auth`."""
        found = self._clio.with_auth(auth, region=region, base_url=base_url)
        del auth
        return self._derive(found)

    def options(self, **options: Unpack[OptionChanges]) -> SyncClio:
        """Return a client that makes its calls with other options: see `Options`.

        :raises UnknownOption: for a name that is none (it is a `TypeError`, too).
        """
        return self._derive(self._clio.options(**options))

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix under which requests go."""
        return self._clio.base_url

    @property
    def api_version(self) -> str | None:
        """The version of the API that is asked for; None for the one that the server chooses."""
        return self._clio.api_version

    @property
    def principal(self) -> Principal:
        """On whose behalf this client reads and writes."""
        return self._clio.principal

    @property
    def stats(self) -> Stats:
        """What was sent, and what did not have to be: as it is now, by this client and all that share its core."""
        return self._fresh.counted(self._clio.stats)

    @property
    def quota(self) -> Quota:
        """What is known of the quota of this client's principal, and how long a call would wait for it.

        :raises UsageError: if the client has no limiter.
        """
        return self._seat.run(_quota(self._clio))

    @property
    def versions(self) -> SyncVersions:
        """Where this client's API version stands: ``clio.versions.status()``."""
        from .versions import SyncVersions  # hardly any program asks

        return SyncVersions(self._seat, self._clio.versions)

    def purge(self, principal: Principal | None = None) -> None:
        """Forget every answer kept for a principal, for this client's own unless another is given."""
        self._seat.run(self._clio.purge(principal))

    def invalidate(self, resource: str, id: int | str | HasId | None = None, /) -> None:
        """Have what is held of a record asked for anew: ``clio.invalidate("matters", 42)``. See `Clio.invalidate`.

        :raises UnknownOption: for a resource that does not exist; it has near names.
        :raises InvalidArgument: for an id that cannot be one, or a resource whose records lie under those of another.
        """
        self._seat.run(self._clio.invalidate(resource, id))

    def request(
        self,
        method: str,
        path: str,
        *,
        params: urls.Params | None = None,
        json: object = ...,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request under the base URL through the whole chain, and return the answer: see `Clio.request`.

        :raises InvalidArgument: for what cannot or must not be sent. Nothing was.
        :raises UnexpectedRedirect: for a redirect that is not followed. It has the `response`.
        :raises APIError: for a status of 400 or above.
        :raises TransportError: if no complete answer to a read came.
        :raises OutcomeUnknown: if a write may or may not have been applied.
        """
        asking = self._clio.request(method, path, params=params, json=json, headers=headers)
        del params, json, headers  # they may hold a secret, and a traceback may show the locals of this frame
        return self._seat.run(asking)

    def reconcile(self, error: OutcomeUnknown) -> Outcome:
        """Find out, by reading, what became of a write whose answer was lost. See `Outcome`.

        :raises InvalidArgument: if the write was another principal's, or of another server.
        :raises ClioError: if what was to be read cannot be.
        """
        return self._seat.run(self._clio.reconcile(error))

    def close(self) -> None:
        """Close what this client opened, and end the calls of other threads: they raise `ClientClosed`.

        A client from `with_auth` or `options` closes nothing. The answer to the renewal of a token is waited for, up to
        half a minute. To close twice, in any thread, does no harm.
        """
        if not self._derived:
            self._seat.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if not hasattr(self, "_clio"):  # a traceback may show a client whose arguments were refused
            return "<SyncClio>"
        return f"<Sync{repr(self._clio)[1:]}"


async def _quota(clio: Clio) -> Quota:
    return clio.quota  # what it reads is written in the thread of the loop
