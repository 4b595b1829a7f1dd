"""API versions: compare the answered one, and tell a 410 for the version from a 410 for a record."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import anyio
from anyio.lowlevel import current_token
from attrs import define, evolve, field

from ..errors import ApiVersionMismatch, ClioError, RateLimited
from ..messages import Headers, Request, Response
from ..notices import notify
from ..principal import Principal
from ..protocol.responses import shown
from ..protocol.versions import HEADER
from ..stats import Stats
from .base import Handler

__all__ = ["Version", "VersionFindings"]

_REMEMBERED = 600.0  # seconds for which a finding holds
_GONE, _UNKNOWN = "version-gone", "version-unknown"
_SPOKEN = frozenset({403, 404})
"""What the API answers under a version that it serves, to a user who may not ask. Other troubles tell nothing."""
_ANSWERED = 100  # pairs of versions that are warned about; a server that makes them up is not worth more
_SHOWN = 40  # characters of what a server says its version is that go into a warning
_FIELD = HEADER.lower()

_Key: TypeAlias = tuple[str, str]


_BEGINS = frozenset({b"", b"{", b"["})
"""How what an API answers begins."""


@define(eq=False, repr=False)
class _Pending:
    """A question under way, and the event loop that it is of: nobody in another one can be woken."""

    home: object = field(factory=current_token)
    ended: anyio.Event = field(factory=lambda: anyio.Event())  # named late: anyio loads what is named
    answered: bool = False
    """Whether there is a verdict for all who have waited. Else whoever asked was cancelled, or had no answer."""
    verdict: str | None = None


@define
class _Finding:
    """That a version is gone, until when (monotonic seconds), and by whose answers: None for those of several."""

    until: float
    principal: str | None


@define(eq=False, repr=False)
class VersionFindings:
    """What was learned about versions. Shared by all clients of one core."""

    gone: dict[_Key, _Finding] = field(factory=dict[_Key, _Finding])
    """Which versions are gone, by base URL and version."""
    served: dict[_Key, float] = field(factory=dict[_Key, float])
    """Until when (monotonic seconds) a version is known to be served, likewise."""
    pending: dict[_Key, _Pending] = field(factory=dict[_Key, _Pending])
    """What is being asked, by fingerprint of the principal and version: nobody waits for the quota of another one."""
    answered: set[_Key] = field(factory=set[_Key])
    """Pairs of versions, asked and answered, that were warned about."""


class Version:
    """Give a 410 the verdict ``"version-gone"`` when the API version that was sent is the reason.

    It is when another path of the API is answered 410 under the same version, too. The finding holds for ten minutes,
    in which nothing is sent under that version to that server: by the principal who has found it, and by anybody once
    a second one has. (An account that was closed may be answered 410 to everything, which is no trouble of the others.)
    For as long, a version that was found served is not asked about again. When the other path is answered by neither,
    or not in time, the verdict is ``"version-unknown"``: whoever took the record for gone might delete his copy of one
    that is there, so this 410 says nothing of it. A request without a version has nothing to do with any of this
    (https://docs.developers.clio.com/api-reference/: ten operations take none).
    """

    def __init__(self, findings: VersionFindings, stats: Stats, clock: Callable[[], float]) -> None:
        self._findings = findings
        self._stats = stats
        self._clock = clock

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        version, principal = request.headers.lookup(_FIELD), request.principal
        if version is None or principal is None:
            return await call_next(request)
        if self._findings.gone and self._is_known_gone(principal, version):
            return Response(410, source="cache", verdict=_GONE)
        response = await call_next(request)
        if response.status == 410:
            verdict = await self._verdict(request, response, principal, version, call_next)
            if verdict is not None:
                return evolve(response, verdict=verdict)
        answered = response.headers.lookup(_FIELD)
        if answered != version and answered is not None:
            self._compare(version, response.headers.single(_FIELD) or answered)
        return response

    def _is_known_gone(self, principal: Principal, version: str) -> bool:
        """Say whether a principal need not ask under a version."""
        key = principal.origin, version
        found = self._findings.gone.get(key)
        if found is None:
            return False
        if self._clock() >= found.until:
            del self._findings.gone[key]
            return False
        return found.principal in {None, principal.fingerprint}

    def _is_known_served(self, principal: Principal, version: str) -> bool:
        """Say whether a version was found to be served."""
        key = principal.origin, version
        until = self._findings.served.get(key)
        if until is None:
            return False
        if self._clock() < until:
            return True
        del self._findings.served[key]
        return False

    def _note_gone(self, principal: Principal, version: str) -> None:
        key, until = (principal.origin, version), self._clock() + _REMEMBERED
        known = self._findings.gone.get(key)
        several = known is not None and self._clock() < known.until and known.principal != principal.fingerprint
        self._findings.gone[key] = _Finding(until, None if several else principal.fingerprint)

    async def _verdict(
        self, request: Request, response: Response, principal: Principal, version: str, call_next: Handler
    ) -> str | None:
        """Find out what a 410 is about. None if it is the record.

        One that may be the doing of an earlier attempt stays what it is. One from where a redirect has led is asked
        about like any other: it is the second answer that counts, and that comes from the API itself or not at all.
        """
        if request.resource is None or response.verdict not in {None, "redirected"}:
            return None
        findings, asking = self._findings, (principal.fingerprint, version)
        while True:
            if self._is_known_gone(principal, version):  # somebody else has found it out meanwhile
                return _GONE
            if self._is_known_served(principal, version):
                return None
            pending = findings.pending.get(asking)
            if pending is None or pending.home != current_token():
                break
            if not await self._ends(pending, request):
                return _UNKNOWN  # its time is over
            if pending.answered:
                return pending.verdict
        pending = findings.pending[asking] = _Pending()
        try:
            pending.verdict = await self._ask(request, principal, version, call_next)
            pending.answered = True
        except ClioError as error:  # it is not what was asked for: the 410 is, and nothing more is known of it
            if not isinstance(error, TimeoutError | RateLimited):  # those were this caller's own limits
                pending.verdict, pending.answered = _UNKNOWN, True
            return _UNKNOWN
        else:
            return pending.verdict
        finally:
            if findings.pending.get(asking) is pending:
                del findings.pending[asking]
            pending.ended.set()

    async def _ends(self, pending: _Pending, request: Request) -> bool:
        """Wait for what somebody else asks. False if the time was over before."""
        left = math.inf if request.deadline is None else request.deadline - self._clock()
        with anyio.move_on_after(left) as scope:
            await pending.ended.wait()
        return not scope.cancelled_caught

    async def _ask(self, request: Request, principal: Principal, version: str, call_next: Handler) -> str | None:
        """Read another path under the version, and remember what that shows."""
        answer = await call_next(_probe(request, principal, version))
        status = answer.status
        if 200 <= status < 300:
            if answer.body.lstrip()[:1] not in _BEGINS:  # a page of a gateway says nothing of Clio
                return _UNKNOWN
            self._findings.served[principal.origin, version] = self._clock() + _REMEMBERED
            return None
        if status != 410:
            return None if status in _SPOKEN else _UNKNOWN
        self._note_gone(principal, version)
        return _GONE

    def _compare(self, version: str, answered: str) -> None:
        if answered == version:  # it was said twice
            return
        self._stats.version_mismatches += 1
        seen, text = self._findings.answered, shown(answered[:_SHOWN])
        if (version, text) not in seen and len(seen) < _ANSWERED:
            seen.add((version, text))
            notify(
                f"Version {version} was asked for and {text} answered: its answers are used, and not kept.",
                ApiVersionMismatch,
            )


def _probe(request: Request, principal: Principal, version: str) -> Request:
    """Return a read of another path, under the same version. A redirect is its answer."""
    url = f"{principal.origin}/users/who_am_i.json?fields=id"
    if request.url.startswith(f"{principal.origin}/users/who_am_i"):
        url = f"{principal.origin}/matters.json?fields=id&limit=1"
    return Request(
        "GET",
        url,
        Headers([("Accept", "application/json"), (HEADER, version)]),
        deadline=request.deadline,
        principal=principal,
        auth=request.auth,
        options=request.options,
        follows=False,
    )
