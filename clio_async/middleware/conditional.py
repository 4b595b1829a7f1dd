"""Conditional requests: ask whether what is held is still current, and transfer it only if not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
from attrs import define, field

from ..caches.base import CacheStore, Entry, Generation
from ..errors import ResponseBroken
from ..messages import Headers, Request, Response, Source
from ..notices import notify
from ..options import Options, Policy
from ..principal import Principal
from ..protocol import conditional as decide
from ..protocol.responses import SAFE
from ..protocol.urls import resolved, write_tags
from ..stats import Stats
from .base import Handler

__all__ = ["Conditional", "Findings", "again"]

_MISMATCHES = 2  # in a row, after which a resource is asked without conditions
_REMEMBERED = 10_000  # findings of one kind; what is forgotten is found out again


@define(eq=False, repr=False)
class Findings:
    """What was learned about a server's tags. Shared by all clients of one core, kept for its life."""

    mismatches: dict[str, int] = field(factory=dict[str, int])
    """Wrong 304s in a row, by resource."""
    disproved: set[str] = field(factory=set[str])
    """Resources whose tag was declared to name the representation, and was seen with two different bodies."""
    blind: set[str] = field(factory=set[str])
    """Selections, with their resource, whose tag was seen with two different bodies under the rule for records."""


@define(eq=False)
class _Read:
    """One read on its way through this layer."""

    request: Request
    principal: str
    key: str = field(repr=False)  # it repeats the query
    generation: Generation
    known: Entry | None
    """What is held, whether or not it may be used."""
    own_condition: bool
    keeps: bool
    now: float


class Conditional:
    """Send validators with reads, answer a 304 with what is held, and let writes outdate it.

    Reads ask by default; only a resource named in `policy.fresh_for` is answered without. What a tag covers is decided
    per selection: see `Policy.tag_scope`.
    """

    def __init__(
        self,
        store: CacheStore,
        policy: Policy,
        *,
        stats: Stats,
        findings: Findings,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._store = store
        self._policy = policy
        self._stats = stats
        self._findings = findings
        self._clock = clock
        self._random = random

    def __call__(self, request: Request, call_next: Handler, /) -> Awaitable[Response]:
        if request.method not in SAFE:
            return self._write(request, call_next)
        options, principal = request.options, request.principal
        if request.method != "GET" or options is None or principal is None:
            return call_next(request)
        return self._read(request, options, principal, call_next)

    async def _read(self, request: Request, options: Options, principal: Principal, call_next: Handler) -> Response:
        now, headers = self._clock(), request.headers
        key = decide.key(request.url, headers)
        entry, generation = await self._store.begin(principal.fingerprint, key, request.tags)
        own, keeps = False, options.cache != "bypass"
        if not decide.is_plain(headers):
            own = decide.has_own_condition(headers)
            keeps = keeps and not own and decide.NO_STORE not in decide.cache_directives(headers)
        read = _Read(request, principal.fingerprint, key, generation, entry, own, keeps, now)
        del key
        if entry is None or not keeps or not self._usable(entry, request, options, now):
            return await self._fetch(read, call_next)
        if self._is_fresh(entry, request, now):
            saved = len(entry.body)  # before: nothing is called while a count changes
            self._stats.fresh += 1
            self._stats.bytes_saved += saved
            return again(entry, now)
        if entry.validator is None or not self._trusts_tag_of(entry, request):
            return await self._fetch(read, call_next)
        return await self._ask(read, entry, entry.validator, call_next)

    async def _fetch(self, read: _Read, call_next: Handler) -> Response:
        """Ask in full."""
        response = await call_next(read.request.replace(generation=read.generation))
        if response.status == 304 and not read.own_condition:
            return await self._ask_again(read, response, call_next)
        return await self._settle(read, response)

    async def _ask(self, read: _Read, entry: Entry, condition: decide.Validator, call_next: Handler) -> Response:
        """Ask whether `entry` is still current."""
        asking = entry.asking
        if asking is None or asking.base is not read.request.headers:
            asking = entry.asking = read.request.headers.having(*condition)
        asked = read.request.replace(headers=asking, generation=read.generation, validates=True)
        response = await call_next(asked)
        if response.status != 304:
            return await self._settle(read, response)
        if decide.names_other(condition, response.headers):
            return await self._ask_again(read, response, call_next)
        if self._findings.mismatches:
            self._findings.mismatches.pop(_resource(read.request), None)
        headers = decide.freshened(entry.headers, response.headers)
        if headers is not entry.headers and not decide.of_version(entry.headers, response.headers):
            return await self._ask_in_full(read, call_next)
        if read.now >= entry.validated_at:
            entry.validated_at, entry.age = read.now, decide.age(response.headers)
        if headers is not entry.headers:
            await self._follow(read, entry, headers)
        elif not self._store.in_process and read.request.resource in self._policy.fresh_for:
            await self._store.touch(read.principal, read.key, entry)  # nobody else asks how old it is
        return self._confirmed(entry, response)

    def _usable(self, entry: Entry, request: Request, options: Options, now: float) -> bool:
        matches = options.cache == "validate" and now < entry.expires_at
        return matches and decide.vary_matches(entry.vary, request.headers)

    def _is_fresh(self, entry: Entry, request: Request, now: float) -> bool:
        """Say whether the application wants this answer given again without asking."""
        seconds = self._policy.fresh_for.get(request.resource) if request.resource is not None else None
        return (
            seconds is not None
            and entry.is_fresh(now, seconds)
            and "no-cache" not in decide.cache_directives(request.headers)
            and not getattr(request.auth, "over", False)
        )

    def _trusts_tag_of(self, entry: Entry, request: Request) -> bool:
        """Say whether an unchanged tag means that an entry is what the answer would be.

        A body with a redaction differs between users under one tag of the record.
        """
        if entry.redacted and request.resource is not None and not self._names_representation(request.resource):
            return False
        return self.trusts_tag(request)

    def trusts_tag(self, request: Request) -> bool:
        """Say whether an unchanged tag means that nothing in the answer has changed."""
        resource = request.resource
        if self._findings.mismatches.get(_resource(request), 0) >= _MISMATCHES:
            return False
        if resource is None or self._names_representation(resource):
            return True
        blind = self._findings.blind  # what the tag was seen not to cover, it does not cover
        return request.covered and not (blind and _selection(request) in blind)

    def _names_representation(self, resource: str) -> bool:
        declared = self._policy.tag_scope.get(resource) == "representation"
        return declared and resource not in self._findings.disproved

    async def _ask_again(self, read: _Read, wrong: Response, call_next: Handler) -> Response:
        """Ask once more without condition, after a 304 that cannot have meant what is held."""
        if wrong.source != "shared":  # of those who share it, one counts it
            self._count_wrong(_resource(read.request))
        return await self._ask_in_full(read, call_next)

    def _count_wrong(self, resource: str) -> None:
        self._stats.mismatches += 1
        found = self._findings.mismatches
        if len(found) >= _REMEMBERED:
            found.clear()
        count = found[resource] = found.get(resource, 0) + 1
        if count == _MISMATCHES:
            notify(
                f"Answers 304 for {resource} named another tag than the one asked about, twice in a row: "
                "it is read in full from now on."
            )

    async def _ask_in_full(self, read: _Read, call_next: Handler) -> Response:
        """Drop what is held, and ask without a condition."""
        await self._drop(read)
        begun = await self._store.begin(read.principal, read.key, read.request.tags)
        read.known, read.generation = None, begun.generation
        response = await call_next(read.request.replace(generation=begun.generation))
        if response.status == 304:
            raise ResponseBroken("The server answered 304 to a request without a condition, twice.", status=304)
        return await self._settle(read, response)

    def _confirmed(self, entry: Entry, response: Response) -> Response:
        """Answer with what is held, which a 304 has confirmed."""
        held, stats = entry.headers, self._stats
        stats.bytes_saved += len(entry.body)
        source: Source = "shared"
        if response.source != "shared":
            stats.revalidated += 1
            source = "revalidated"
        return Response(200, decide.delivered(held, response.headers), entry.body, source, None, entry.memo, 0)

    async def _follow(self, read: _Read, entry: Entry, headers: Headers) -> None:
        """Take over the headers that a 304 has changed, and do what they now ask for."""
        request = read.request.headers
        entry.headers, entry.asking = headers, None
        varied = decide.vary(request, headers)
        if varied is None or not decide.storable(200, request, headers):
            await self._drop(read)
            return
        entry.vary, entry.validator = varied, decide.validator(headers)
        await self._store.touch(read.principal, read.key, entry)

    async def _settle(self, read: _Read, response: Response) -> Response:
        """Keep what may be kept of a full answer, and drop what must not be."""
        status = response.status
        if response.verdict == "redirected":
            await self._leave(read, status)
        elif status == 200:
            if read.keeps and response.source != "shared":
                await self._keep(read, response)
        elif status in decide.DROPPING and response.verdict in {None, "version-unknown"}:
            await self._drop(read)
        return response

    async def _leave(self, read: _Read, status: int) -> None:
        """Keep nothing of the answer of another URL. What was held of this one is no longer what it answers.

        Whether the record is gone is not said by a 404 from elsewhere, but to read it once more is all that it costs.
        """
        if status == 200:
            await self._drop_older(read)
        elif status in decide.DROPPING:
            await self._drop(read)

    async def _drop(self, read: _Read) -> None:
        await self._store.delete_tags(read.request.tags[:1], principal=read.principal)

    async def _drop_older(self, read: _Read) -> None:
        """Drop what is held, since what is newer cannot be kept. Where nothing is, no mark is left for every read."""
        if read.known is not None:
            await self._drop(read)

    async def _keep(self, read: _Read, response: Response) -> None:
        request, known = read.request, read.known
        if decide.NO_STORE in decide.cache_directives(response.headers):
            self._stats.not_stored += 1
            await self._drop_older(read)
            return
        storable = decide.storable(200, request.headers, response.headers)
        if not storable or not decide.of_version(request.headers, response.headers):
            await self._drop_older(read)
            return
        if known is not None and _same_tag(known, response) and known.body != response.body:
            self._learn(request)
        validator = decide.validator(response.headers)
        if validator is None and request.resource not in self._policy.fresh_for:
            await self._drop_older(read)  # asked by the older tag, the server could confirm the older body
            return
        lifetime = self._policy.max_age * (0.9 + 0.2 * self._random())
        entry = Entry(
            key=read.key,
            headers=decide.kept(response.headers),
            body=response.body,
            validator=validator,
            vary=decide.vary(request.headers, response.headers) or (),
            redacted=b"redacted" in response.body,
            validated_at=read.now,
            age=decide.age(response.headers),
            expires_at=read.now + lifetime,
            memo=response.memo,
        )
        await self._store.commit(read.principal, read.key, request.tags, read.generation, entry)

    def _learn(self, request: Request) -> None:
        """One tag, two bodies: the tag does not cover the answer."""
        if request.resource is None:
            return  # a server of its own may use weak tags as it likes (RFC 9110 §8.8.1)
        if not self._names_representation(request.resource):
            if len(self._findings.blind) < _REMEMBERED:
                self._findings.blind.add(_selection(request))
            return
        self._findings.disproved.add(request.resource)
        notify(
            f"policy.tag_scope declares that the tag of {request.resource} names the representation, but one tag came "
            "with two different bodies: the declaration is no longer followed."
        )

    async def _write(self, request: Request, call_next: Handler) -> Response:
        """Outdate what the write may change: before it leaves, and when it has ended in whatever way."""
        store, tags = self._store, request.tags
        await store.delete_tags(tags)
        try:
            response = await call_next(request)
        finally:
            if store.in_process:
                await store.delete_tags(tags)
            else:
                with anyio.CancelScope(shield=True):
                    await store.delete_tags(tags)
        await self._outdate_named(request, response)
        return response

    async def _outdate_named(self, request: Request, response: Response) -> None:
        """Outdate what a successful write names in `Location` and `Content-Location` (RFC 9111 §4.4)."""
        if response.status >= 400 or request.principal is None:
            return
        base = request.principal.origin
        for name in ("location", "content-location"):
            place = response.headers.single(name)
            if place is not None:
                await self._store.delete_tags(write_tags(base, resolved(base, request.url, place)))


def again(entry: Entry, now: float) -> Response:
    """Answer with what is held, without asking."""
    headers = decide.aged(entry.headers, now - entry.validated_at + entry.age)
    return Response(200, headers, entry.body, "cache", None, entry.memo, 0)


def _resource(request: Request) -> str:
    return request.resource if request.resource is not None else request.url.partition("?")[0]


def _selection(request: Request) -> str:
    return f"{request.resource}?{request.url.partition('?')[2]}"


def _same_tag(entry: Entry, response: Response) -> bool:
    tag = entry.headers.lookup("etag")
    return tag is not None and tag == response.headers.lookup("etag")
