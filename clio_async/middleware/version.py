"""API versions: compare the answered one, and tell a 410 for the version from a 410 for a record."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field

from ..errors import ApiVersionMismatch, RateLimited, TransportError
from ..messages import Headers, Request, Response
from ..notices import notify
from ..principal import Principal
from ..protocol.versions import HEADER
from ..stats import Stats
from .base import Handler

__all__ = ["Version", "VersionFindings"]

_REMEMBERED = 600.0  # seconds for which a version that is gone is not sent again
_ANSWERED = 100  # pairs of versions that are warned about; a server that makes them up is not worth more
_FIELD = HEADER.lower()


@define
class VersionFindings:
    """What was learned about versions. Shared by all clients of one core."""

    gone: dict[tuple[str, str], float] = field(factory=dict[tuple[str, str], float])
    """Until when (monotonic seconds) a version is known to be gone, by origin and version."""
    answered: set[tuple[str, str]] = field(factory=set[tuple[str, str]])
    """Pairs of versions, asked and answered, that were warned about."""


class Version:
    """Give a 410 the verdict ``"version-gone"`` when the API version that was sent is the reason.

    It is when another path of the API is answered 410 under the same version, too. The finding holds for ten minutes,
    in which nothing is sent under that version to that origin.
    """

    def __init__(self, findings: VersionFindings, stats: Stats, clock: Callable[[], float]) -> None:
        self._findings = findings
        self._stats = stats
        self._clock = clock

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        options, principal = request.options, request.principal
        if options is None or principal is None or options.api_version is None:
            return await call_next(request)
        version = options.api_version
        key = (principal.origin, version)
        if key in self._findings.gone:
            if self._clock() < self._findings.gone[key]:
                return Response(410, source="cache", verdict="version-gone")
            del self._findings.gone[key]
        response = await call_next(request)
        if (
            response.status == 410
            and request.resource is not None
            and await self._is_gone(request, principal, version, call_next)
        ):
            self._findings.gone[key] = self._clock() + _REMEMBERED
            return evolve(response, verdict="version-gone")
        answered = response.headers.lookup(_FIELD)
        if answered != version and answered is not None:
            self._mismatch(version, answered)
        return response

    async def _is_gone(self, request: Request, principal: Principal, version: str, call_next: Handler) -> bool:
        url = f"{principal.origin}/users/who_am_i.json?fields=id"
        if request.url.startswith(f"{principal.origin}/users/who_am_i"):
            url = f"{principal.origin}/matters.json?fields=id&limit=1"
        probe = Request(
            "GET",
            url,
            Headers([("Accept", "application/json"), (HEADER, version)]),
            deadline=request.deadline,
            principal=principal,
            auth=request.auth,
            options=request.options,
        )
        try:
            return (await call_next(probe)).status == 410
        except (TransportError, RateLimited):
            return False

    def _mismatch(self, version: str, answered: str) -> None:
        self._stats.version_mismatches += 1
        seen = self._findings.answered
        if (version, answered) not in seen and len(seen) < _ANSWERED:
            seen.add((version, answered))
            notify(
                f"Version {version} was asked for and {answered} answered: its answers are used, and not kept.",
                ApiVersionMismatch,
            )
