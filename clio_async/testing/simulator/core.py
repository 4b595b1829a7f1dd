"""`Simulator`: a stateful Clio that answers `Request` with `Response`, without I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from ...messages import Headers, Request, Response
from ...models import registry
from ...models.schema import Operation, Resource
from .answers import Refusal, error_body, http_date, oauth_error, respond
from .call import Call, Outcome
from .calls import carry_out
from .clock import Clock
from .draw import hexadecimal
from .faults import Exchange, Fault, Faults, Plan
from .firm import Firm
from .limits import Window, window
from .log import Entry, Log
from .regime import Regime
from .render import Viewer, rendered
from .selection import selected
from .shell import deliver
from .things import Record
from .tokens import Grant
from .values import argument_error
from .writes import apply, delete, read_changes

__all__ = ["Simulator"]

_REGIONS: Final = {"eu.app.clio.com": "eu", "ca.app.clio.com": "ca", "au.app.clio.com": "au", "app.clio.com": "us"}
_EXPIRED: Final = "The access token expired"
_UNKNOWN: Final = "The access token is invalid"


class Simulator:
    """A Clio of made-up firms.

    `answer` is the whole of Clio as a function of a request, the clock and what was written before; it never waits and
    never fails. `handler` plugs it into a `MemoryTransport`; `serve` puts it behind a real socket.

    Every account is a firm of its own, with the same counts and other data. Records exist without being made: the
    size of a firm costs nothing. `regime` answers what Clio's documents leave open.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        matters: int | None = None,
        contacts: int | None = None,
        tasks: int | None = None,
        users: int | None = None,
        counts: Mapping[str, int] | None = None,
        regime: Regime | None = None,
        clock: Clock | None = None,
        region: str = "us",
        prefix: str = "/api/v4",
        faults: Plan = Faults.none,
        log_size: int = 10_000,
    ) -> None:
        named = {"matters": matters, "contacts": contacts, "tasks": tasks, "users": users}
        self.seed = seed
        self.regime = regime or Regime()
        self.clock = clock or Clock()
        self.region = region
        self.log = Log(log_size)
        self.default_version = self.regime.default_version
        self._prefix = prefix.rstrip("/")
        self._counts = {**(counts or {}), **{name: count for name, count in named.items() if count is not None}}
        self._firms: dict[int, Firm] = {}
        self._grants: dict[str, Grant] = {}
        self._expired: set[str] = set()
        self._retired: set[str] = set(self.regime.retired)
        self._released: list[str] = []
        self._windows: dict[str, Window] = {}
        self._served: dict[str, tuple[str, int, str, int]] = {}
        self.faults = faults

    # -- what a test does as somebody else ------------------------------------------------------------------------

    def firm(self, account: int = 1) -> Firm:
        """Return the firm of an account."""
        if account not in self._firms:
            self._firms[account] = Firm(self.seed, account, self.clock, self._counts)
        return self._firms[account]

    def token(
        self,
        *,
        user: int = 1,
        account: int = 1,
        permissions: Collection[str] | None = None,
        region: str | None = None,
        text: str | None = None,
    ) -> str:
        """Issue an access token.

        `permissions` are areas (``"matters"``, or ``"matters:read"``), None for all. A token of another `region` is
        refused here. `text` is the token itself, made up if not given.
        """
        made = text or f"sim-{hexadecimal(f'{self.seed}/{len(self._grants)}/{account}/{user}')}"
        areas = None if permissions is None else frozenset(permissions)
        self._grants[made] = Grant(
            token=made, account=account, user=user, permissions=areas, region=region or self.region
        )
        self._expired.discard(made)
        return made

    def expire(self, token: str) -> None:
        """Let a token expire: it is answered with 401 from now on."""
        self._expired.add(token)

    def change(self, resource: str, id: int, /, *, account: int = 1, **attributes: Any) -> str | None:
        """Change a record as another user would; any field of its schema, derived ones too. Return its tag.

        :raises Refusal: if a value cannot be.
        :raises LookupError: if there is no such record.
        """
        record = self._existing(resource, id, account)
        unknown = attributes.keys() - record.schema.fields.keys()
        if unknown:
            raise argument_error(f"{resource} have no {min(unknown)!r}")
        changes = read_changes(record, attributes, None)
        apply(record, changes, self.regime, self.clock.now(), checked=False)
        return record.tag

    def delete(self, resource: str, id: int, /, *, account: int = 1) -> None:
        """Delete a record as another user would, under Clio's rules.

        :raises Refusal: if it may not be deleted.
        :raises LookupError: if there is no such record.
        """
        delete(self._existing(resource, id, account), self.regime, self.clock.now())

    def record(self, resource: str, id: int, /, *, fields: str = "", account: int = 1, user: int = 1) -> dict[str, Any]:
        """Return a record as a user would see it: `fields`, or all of its own attributes, as JSON values.

        :raises LookupError: if there is no such record.
        """
        record = self._existing(resource, id, account)
        chosen = selected(fields or ",".join(record.schema.own), record.schema)
        return rendered(record, chosen, Viewer(self.firm(account), user))

    def hide(self, resource: str, id: int, /, *, user: int, account: int = 1, hidden: bool = True) -> None:
        """Hide a record from a user, or show it again. Where it is an association, ``{"id", "redacted"}`` is left."""
        ids = self.firm(account).hidden[resource, user]
        (ids.add if hidden else ids.discard)(self._existing(resource, id, account).number)

    def retire(self, version: str) -> None:
        """Answer an API version with 410 from now on."""
        self._retired.add(version)

    def release(self, version: str, *, default: bool = True) -> None:
        """Serve a new API version, as the default unless told otherwise."""
        self._released.append(version)
        self.default_version = version if default else self.default_version

    def _existing(self, resource: str, id: int, account: int) -> Record:
        record = self.firm(account).table(resource).get(id)
        if record is None:
            raise LookupError(f"{resource} {id} does not exist")
        return record

    # -- what a shell does ----------------------------------------------------------------------------------------

    @property
    def faults(self) -> Plan:
        """What goes wrong. Its indices count from the moment when it is set."""
        return self._faults

    @faults.setter
    def faults(self, plan: Plan) -> None:
        self._faults = plan
        self._faulted = 0

    def next_fault(self, request: Request) -> Fault | None:
        """Ask the plan what goes wrong with the next request. A shell does so once for each, and obeys."""
        index, self._faulted = self._faulted, self._faulted + 1
        return self._faults(index, request)

    def exchange(self, request: Request, fault: Fault | None = None) -> Exchange:
        """Answer a request under a fault; what concerns the connection is left to the shell."""
        if fault is not None and not fault.applied:
            outcome, response = None, respond(503)
        else:
            outcome, response = self._answered(request)
        if fault is not None and fault.replace is not None:
            response = fault.replace(response)
        ignored = outcome.ignored if outcome else ()
        self.log.add(request, response, at=self.clock.now(), ignored=ignored, fault=fault)
        return Exchange(response, fault)

    def answer(self, request: Request) -> Response:
        """Answer a request, with no fault."""
        return self.exchange(request).response

    async def handler(self, request: Request) -> Response:
        """Answer a request as a transport would: a fault of the connection raises the transport's error."""
        return await deliver(self, request)

    def stats(self) -> dict[str, Any]:
        """Return the counts of what was asked, as JSON values."""
        return {
            "requests": self.log.requests,
            "statuses": {str(status): count for status, count in sorted(self.log.statuses.items())},
            "methods": dict(sorted(self.log.methods.items())),
            "bytes_out": self.log.bytes_out,
            "records_made": sum(firm.made for firm in self._firms.values()),
        }

    def entries(self, after: int = -1) -> Sequence[Entry]:
        """Return the logged exchanges above an index, oldest first."""
        return [entry for entry in self.log.entries if entry.index > after]

    # -- the way of a request ---------------------------------------------------------------------------------------

    def _answered(self, request: Request) -> tuple[Outcome | None, Response]:
        if self.regime.max_url is not None and len(request.url) > self.regime.max_url:
            body, kind = error_body(Refusal(414, "URI Too Long", ""), "html")
            return None, respond(414, body, type=kind)
        grant = self._grant(request)
        if isinstance(grant, str):
            return None, self._finished(oauth_error(grant), None, None)
        quota = self._window(grant)
        now = self.clock.now()
        if quota is not None and quota.remaining(now) <= 0:
            return None, self._finished(self._limited(quota), quota, self._echoed(request))
        outcome, response = self._called(request, grant)
        if quota is not None and self._costs(response.status):
            quota.spend(now)
        return outcome, self._finished(response, quota, self._echoed(request))

    def _grant(self, request: Request) -> Grant | str:
        """Return whom the token speaks for, or why it does not."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._grants.get(token.strip()) if scheme.lower() == "bearer" else None
        host = urlsplit(request.url).hostname or ""
        if grant is None or grant.region != _REGIONS.get(host, self.region):
            return _UNKNOWN
        return _EXPIRED if grant.token in self._expired else grant

    def _window(self, grant: Grant) -> Window | None:
        if self.regime.rate_limit is None:
            return None
        if grant.token not in self._windows:
            self._windows[grant.token] = window(*self.regime.rate_limit, self.regime.rate_window)
        return self._windows[grant.token]

    def _limited(self, quota: Window) -> Response:
        now = self.clock.now()
        wait = max(1, ceil(quota.reset(now) - now))
        fields = {"seconds": str(wait), "date": http_date(ceil(now) + wait)}
        field = fields.get(self.regime.retry_after)
        refusal = Refusal(429, "RateLimited", f"Rate limited. Please wait {wait} seconds.")
        return self._refused(refusal, () if field is None else (("Retry-After", field),))

    def _costs(self, status: int) -> bool:
        if status == 304:
            return self.regime.quota_304
        return self.regime.quota_4xx or not 400 <= status < 500

    def _echoed(self, request: Request) -> str | None:
        """Return the version that answers, None for one that is not served."""
        asked = request.headers.get("x-api-version", self.default_version)
        known = asked in self.regime.versions or asked in self._released
        return asked if known and asked not in self._retired else None

    def _called(self, request: Request, grant: Grant) -> tuple[Outcome | None, Response]:
        if self._echoed(request) is None:
            return None, self._refused(Refusal(410, "GoneError", "The API version is not served (any more)"))
        try:
            outcome = carry_out(self._call(request, grant))
        except Refusal as refusal:
            return None, self._refused(refusal)
        return outcome, respond(outcome.status, outcome.body, tuple(outcome.fields))

    def _call(self, request: Request, grant: Grant) -> Call:
        address = urlsplit(request.url)
        resource, operation, params = self._matched(request.method, address.path)
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(address.query, keep_blank_values=True):
            query.setdefault(name, []).append(value)
        return Call(
            request=request,
            resource=resource,
            operation=operation,
            params=params,
            query=query,
            firm=self.firm(grant.account),
            grant=grant,
            regime=self.regime,
            now=self.clock.now(),
            served=self._served,
        )

    def _matched(self, method: str, path: str) -> tuple[Resource, Operation, dict[str, str]]:
        found = registry.match(method, path.removeprefix(self._prefix)) if path.startswith(f"{self._prefix}/") else None
        if found is None:
            raise Refusal(404, "NotFoundError", "Not Found")
        return found

    def _refused(self, refusal: Refusal, fields: tuple[tuple[str, str], ...] = ()) -> Response:
        form = self.regime.gone_body if refusal.status == 410 else "envelope"
        if refusal.status in {409, 412, 422, 429}:
            form = self.regime.error_body
        body, kind = error_body(refusal, form)
        return respond(refusal.status, body, fields, type=kind)

    def _finished(self, response: Response, quota: Window | None, version: str | None) -> Response:
        """Add the headers that every answer has."""
        now = self.clock.now()
        fields = [*response.headers.pairs, ("Date", http_date(now))]
        fields.append(("Cache-Control", "no-store" if self.regime.no_store else "max-age=0, private, must-revalidate"))
        if version is not None:
            fields.append(("X-API-VERSION", self.regime.answered_version or version))
        if quota is not None and self.regime.rate_limit is not None:
            fields += [
                ("X-RateLimit-Limit", str(self.regime.rate_limit[0])),
                ("X-RateLimit-Remaining", str(max(0, quota.remaining(now)))),
                ("X-RateLimit-Reset", str(ceil(quota.reset(now)))),
            ]
        fields.append(("X-Request-Id", hexadecimal(f"{self.seed}/{self.log.requests}")))
        return Response(response.status, Headers(fields), response.body, wire_bytes=len(response.body))
