"""`Clio`: the client. It composes the chain once, and owns what it opened."""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable, Iterable, Mapping
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Never, TypeVar, Unpack

from attrs import evolve, fields

from .auth.static import auth_of, hidden
from .calls import Calls
from .core import Core, check_parts
from .errors import InvalidArgument, UnknownOption, UsageError
from .hooks import Hooks
from .messages import Headers, Request, Response
from .middleware.base import Middleware
from .options import OptionChanges, Options, Policy, RetryPolicy
from .principal import Auth, Principal
from .protocol import requests, responses, urls, versions
from .secrets import Secret
from .stats import Stats
from .subjects import subject_of

if TYPE_CHECKING:
    from .caches.base import CacheStore
    from .limiters.base import Limiter, Quota
    from .resources.caller import HasId
    from .transport.base import Transport
    from .versions import Versions

__all__ = ["Clio"]

T = TypeVar("T")

_OPTIONS = tuple(attribute.name for attribute in fields(Options))
_RETRY = Options().retry


def _refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        one = name in _OPTIONS and name not in known
        hint = f"It is one of its calls: clio.options({name}=…) returns a client that has it." if one else ""
        raise UnknownOption(name, known, where="Clio", hint=hint)


class Clio(Calls):
    """A client of the Clio Manage API v4 for one user of one firm.

    It can be built anywhere, also outside an event loop; its connections open at first use, and belong to the event
    loop that used them first. When that has ended, and in a child process, it opens new ones. Close it with `aclose` or
    `async with`: what it opened itself (transport, default cache) is closed, what was lent to it is not.

    `auth` is an access token or an `Auth`. Without `region` or `base_url` it is the region that the grant is of, or
    "us": "us", "eu", "ca" or "au". A `base_url` is given instead of a region, with its prefix: ``…/api/v4``.
    `api_version=None` lets the server choose. `cache=None` switches caching off, `limiter=None` the wait for quota,
    `retry=None` second attempts after a failure. Times are seconds. Files pass a transport of their own: `storage`, or
    a sibling of `transport`.
    """

    __slots__ = ("_derived",)

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
        auth = hidden(auth)
        auth = auth_of(auth)
        _refuse_unknown(unknown, Clio.__init__.__kwdefaults__ or ())
        layers, watching = check_parts(transport, cache, limiter, middleware, hooks, storage)
        policy = Policy() if policy is None else _checked(policy)
        base = _base_of(auth, region, base_url) or urls.base_url("us")
        options = Options(api_version=api_version, timeout=timeout, strict=strict, retry=retry)
        requests.checked_options(options)
        core = Core(transport, cache, limiter, policy, layers, watching, clock, wall_clock, random, storage)
        self._set_up(core, base, auth, options, require_if_match, derived=False)

    def _set_up(
        self,
        core: Core,
        base: str,
        auth: Auth,
        options: Options,
        require_if_match: bool,
        *,
        derived: bool,
        headers: Headers | None = None,
    ) -> None:
        self._core = core
        self._base = base
        self._auth = auth
        self._principal = auth.principal(base)
        self._options = options
        self._headers = headers or requests.base_headers(options.api_version)
        self._require_if_match = require_if_match
        self._derived = derived

    def _derive(self, *, auth: Auth | None = None, options: Options | None = None, base: str | None = None) -> Clio:
        clio = object.__new__(Clio)
        base = self._base if base is None else base
        auth = self._auth if auth is None else auth
        same = options is None or options.api_version == self._options.api_version
        options = self._options if options is None else options
        headers = self._headers if same else None
        clio._set_up(self._core, base, auth, options, self._require_if_match, derived=True, headers=headers)
        return clio

    def with_auth(self, auth: str | Secret | Auth, *, region: str | None = None, base_url: str | None = None) -> Clio:
        """Return a client for another user or firm: of the region that is named, or that its grant is of, or of this
        client's.

        It shares transport, cache store, limiter and counters with this one, and no answer and no quota: those belong
        to their principal.
        """
        auth = hidden(auth)
        auth = auth_of(auth)
        return self._derive(auth=auth, base=_base_of(auth, region, base_url))

    def options(self, **options: Unpack[OptionChanges]) -> Clio:
        """Return a client that makes its calls with other options: see `Options`.

        :raises UnknownOption: for a name that is none (it is a `TypeError`, too).
        """
        _refuse_unknown(options.keys() - {*_OPTIONS}, _OPTIONS)
        return self._derive(options=requests.checked_options(evolve(self._options, **options)))

    @property
    def principal(self) -> Principal:
        """On whose behalf this client reads and writes."""
        return self._principal

    @property
    def stats(self) -> Stats:
        """What was sent, and what did not have to be: by this client and all that share its core."""
        return self._core.stats

    @property
    def quota(self) -> Quota:
        """What is known of the quota of this client's principal, and how long a call would wait for it.

        :raises UsageError: if the client has no limiter.
        """
        limiter = self._core.limiter
        if limiter is None:
            raise UsageError("This client was built with limiter=None: nobody keeps the quota.")
        return limiter.quota(self._principal)

    @property
    def versions(self) -> Versions:
        """Where this client's API version stands: ``await clio.versions.status()``."""
        from .versions import Versions  # hardly any program asks

        core = self._core
        return Versions(
            lambda version: self.options(api_version=version, cache="bypass"),
            self._options,
            core.transport.send,
            core.clock,
            core.wall_clock,
        )

    async def purge(self, principal: Principal | None = None) -> None:
        """Forget every answer kept for a principal, for this client's own unless another is given."""
        await self._core.purge((principal or self._principal).fingerprint)

    async def invalidate(self, resource: str, id: int | str | HasId | None = None, /) -> None:
        """Have what is held of a record asked for anew: ``await clio.invalidate("matters", 42)``.

        It is for whoever learns of a change that somebody else has made, and does what an own write does: no read that
        begins later is given an older answer, neither one that is held (`Policy.fresh_for`) nor that of a read that is
        under way. It holds for all principals of this region, and for the lists that the record stands in. Without
        `id` it is the lists alone.

        :raises UnknownOption: for a resource that does not exist; it has near names.
        :raises InvalidArgument: for an id that cannot be one, or a resource whose records lie under those of another.
        """
        from .resources.outdated import tags_of  # most clients are told of no changes

        await self._core.outdate(self._base, resource, tags_of(self._base, resource, id))

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: urls.Params | None = None,
        json: object = ...,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request under the base URL through the whole chain, and return the answer as it is.

        Conditions that the caller sets (`If-None-Match` …) pass through untouched, and no cache is read or written;
        a 304 is then an answer like any other. A GET or HEAD follows redirects within its origin, at most three; the
        answer of an operation that is a redirect (a download) is that redirect.

        :raises InvalidArgument: for what cannot or must not be sent. Nothing was.
        :raises UnexpectedRedirect: for a redirect that is not followed. It has the `response`.
        :raises APIError: for a status of 400 or above.
        :raises TransportError: if no complete answer to a read came.
        :raises OutcomeUnknown: if a write may or may not have been applied.
        """
        request = self._own(method, path, params, json, headers)
        del params, json, headers  # they may hold a secret, and a traceback may show the locals of this frame
        try:
            return await self._core.exchange(request, 301 if request.follows else 400, 304)
        finally:
            if request.method not in responses.SAFE:
                self._core.learned.written(self._base, request.resource)

    def _own(
        self,
        method: str,
        path: str,
        params: urls.Params | None,
        json: object,
        headers: Mapping[str, str] | None,
    ) -> Request:
        method = requests.checked_method(method)
        url = urls.join(self._base, path, params)
        own = requests.own_headers(headers)
        body = None if json is ... else requests.encoded(json)
        if body is not None:
            if method in responses.SAFE:
                raise InvalidArgument(f"A {method} request has no body: use params=.")
            own.setdefault("Content-Type", "application/json")
        subject = subject_of(self._base, method, url)
        sent = requests.with_own(self._headers, own) if own else self._headers
        return self._built(method, url, sent, body, *subject)

    async def aclose(self) -> None:
        """Close what this client opened. A client from `with_auth` or `options` closes nothing."""
        if not self._derived:
            await self._core.aclose()

    async def __aenter__(self) -> Clio:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        if not hasattr(self, "_principal"):  # a traceback may show a client whose arguments were refused
            return "<Clio>"
        return f"<Clio {self._base} {self._principal.fingerprint[:8]}>"


def _checked(policy: Policy) -> Policy:
    from .models.registry import resource_names  # a client without a policy names none

    return requests.checked_policy(policy, resource_names())


def _base_of(auth: Auth, region: str | None, base_url: str | None) -> str | None:
    """Return the base that is named, or that a grant knows to be its own."""
    if region is None and base_url is None:
        return getattr(auth, "base_url", None)
    base = urls.base_url("us" if region is None else region, base_url)
    if region is not None and base_url is not None and base != urls.base_url(region):
        raise InvalidArgument("region= and base_url= name two places: give one of them. A base_url ends in /api/v4.")
    return base
