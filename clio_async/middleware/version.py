"""API versions: compare the answered one, and tell a 410 for the version from a 410 for a record."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field

from ..errors import ApiVersionMismatch, ClioError
from ..messages import Headers, Request, Response
from ..notices import notify
from ..principal import Principal
from ..protocol.versions import HEADER
from ..stats import Stats
from .base import Handler

__all__ = ["Version", "VersionFindings"]

_REMEMBERED = 600.0  # seconds for which a version that is gone is not sent again
_ANSWERED = 100  # pairs of versions that are warned about; a server that makes them up is not worth more
_SHOWN = 40  # characters of what a server says its version is that go into a warning
_FIELD = HEADER.lower()


@define
class VersionFindings:
    """What was learned about versions. Shared by all clients of one core."""

    gone: dict[tuple[str, str], float] = field(factory=dict[tuple[str, str], float])
    """Until when (monotonic seconds) a version is known to be gone, by base URL and version."""
    answered: set[tuple[str, str]] = field(factory=set[tuple[str, str]])
    """Pairs of versions, asked and answered, that were warned about."""


class Version:
    """Give a 410 the verdict ``"version-gone"`` when the API version that was sent is the reason.

    It is when another path of the API is answered 410 under the same version, too. The finding holds for ten minutes,
    in which nothing is sent under that version to that server. A request without a version has nothing to do with it
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
        if self._findings.gone and self._is_known(principal, version):
            return Response(410, source="cache", verdict="version-gone")
        response = await call_next(request)
        if response.status == 410 and await self._is_gone(request, response, principal, version, call_next):
            return evolve(response, verdict="version-gone")
        answered = response.headers.lookup(_FIELD)
        if answered != version and answered is not None:
            self._mismatch(version, answered)
        return response

    def _is_known(self, principal: Principal, version: str) -> bool:
        """Say whether a version is known to be gone."""
        key = (principal.origin, version)
        until = self._findings.gone.get(key)
        if until is None:
            return False
        if self._clock() < until:
            return True
        del self._findings.gone[key]
        return False

    async def _is_gone(
        self, request: Request, response: Response, principal: Principal, version: str, call_next: Handler
    ) -> bool:
        """Find out what a 410 is about.

        One that may be the doing of an earlier attempt stays what it is. One from where a redirect has led is asked
        about like any other: it is the second answer that counts, and that comes from the API itself or not at all.
        """
        if request.resource is None or response.verdict not in {None, "redirected"}:
            return False
        if self._is_known(principal, version):  # somebody else has found it out meanwhile
            return True
        try:
            second = await call_next(_probe(request, principal, version))
        except ClioError:  # it is not what was asked for: the 410 is, and nothing more is known of it
            return False
        if second.status != 410:
            return False
        self._findings.gone[principal.origin, version] = self._clock() + _REMEMBERED
        return True

    def _mismatch(self, version: str, answered: str) -> None:
        self._stats.version_mismatches += 1
        seen, shown = self._findings.answered, answered[:_SHOWN]
        if (version, shown) not in seen and len(seen) < _ANSWERED:
            seen.add((version, shown))
            notify(
                f"Version {version} was asked for and {shown} answered: its answers are used, and not kept.",
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
