"""`Simulator`: a stateful Clio that answers `Request` with `Response`, without I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from ...messages import Headers, Request, Response
from ...models.schema import Schema
from ...protocol.versions import spoken
from . import oauth
from .answers import Refusal, error_body, http_date, refused, respond, token_refused
from .authority import Authority
from .call import Call, Outcome, understood
from .calls import carry_out
from .clock import Clock
from .deliveries import Deliveries
from .draw import hexadecimal
from .faults import Exchange, Fault, Faults, Plan
from .firm import Firm
from .jobs import Jobs, go_on, start
from .limits import Quotas, Window, costs, limited, quota_fields
from .log import Entry, Log
from .moved import as_documented, moved_to
from .older import age_of
from .putting import put_file
from .regime import Regime
from .render import Viewer, rendered
from .selection import selected
from .shell import deliver
from .storage import Storage
from .things import Record
from .tokens import App, Grant, bearer, region_of
from .values import argument_error
from .writes import apply, delete, read_changes

if TYPE_CHECKING:
    from typing import Unpack

    from ...client import Clio
    from ...sync.client import SyncClio
    from .clients import ClientOptions

__all__ = ["Simulator"]
_VALIDATE: Final = "max-age=0, private, must-revalidate"


class Simulator:
    """A Clio of made-up firms.

        simulator = Simulator()
        async with simulator.client() as clio:
            matter = await clio.matters.get(42)

    `answer` is the whole of Clio as a function of a request, the clock and what was written before; it never waits and
    never fails. `client` makes a client that asks it, by its time; `handler` plugs it into a `MemoryTransport`; `serve`
    puts it behind a real socket.

    Every account is a firm of its own, of the same size and with other data. The size costs nothing.

    A report, an archive or a document automation is done after 30 seconds of the simulator's clock, or three looks at
    it. A client leaves about a second between those: ``Simulator(jobs=Jobs(seconds=0))`` has each done when it is
    begun, so that ``reports.run`` costs a test no time; ``Jobs(ends="failed")`` plays a failure. A report is a small
    table in the format that was asked for, an archive a zip of the documents. `put_file` gives a document, report,
    archive or template another file: ``simulator.put_file("reports", 13, b"a,b")``, or a number of bytes, which takes
    no memory. Files are at an origin of their own, which the same `answer` serves: see `storage`.

    A webhook waits for its handshake; the secret is its `shared_secret`, which ``simulator.record("webhooks", 13)``
    shows. It is told of events as soon as somebody sends them: see `deliver_due`.

    Its time is June 2026 and stands still: no token, webhook or window of quota ends until
    ``simulator.clock.advance(seconds)``. What judges by the time of day has to go by it: a client that was not made by
    `client` takes ``wall_clock=simulator.clock.now``, and so does a `Receiver`. Give ``clock=Clock(time.time)`` for one
    that runs: a limiter needs it, for it waits until a window ends.

    It answers at the hosts of all regions with the same firms, and at any other host as `region` does. A token or app
    is of `region`, and unknown at the hosts of others, unless it was made with ``region=``.

    `versions` are the API versions that it serves, ``("4.0.3", "4.0.13")`` for example; `default_version` is the one
    that answers where none is asked for, the last one unless given. Where older ones did otherwise, they do so here:
    see `older`. `release` and `retire` change what is served.

    :raises ValueError: for something that is no version, or a default that is not served.
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
        versions: Iterable[str] | None = None,
        default_version: str | None = None,
        clock: Clock | None = None,
        region: str = "us",
        prefix: str = "/api/v4",
        jobs: Jobs | None = None,
        faults: Plan = Faults.none,
        log_size: int = 10_000,
    ) -> None:
        named = {"matters": matters, "contacts": contacts, "tasks": tasks, "users": users}
        self.seed = seed
        self.regime = _serving(regime or Regime(), versions, default_version)
        """What Clio's documents leave open. Set it to change it; `retired` and `default_version` are read once."""
        self.clock = clock or Clock()
        """What time it is: `advance` it."""
        self.jobs = jobs or Jobs()
        """How reports, archives and document automations go on that are started."""
        self.storage = Storage(seed)
        """Where files are: its `origin` is what downloads lead to, its `files` are what was put there, by path."""
        self.region = region
        self.log = Log(log_size)
        """What was asked and answered: the last `log_size` exchanges, and counts of all."""
        self.default_version = self.regime.default_version
        self._prefix = prefix.rstrip("/")
        self._counts = {**(counts or {}), **{name: count for name, count in named.items() if count is not None}}
        self._firms: dict[int, Firm] = {}
        self._authority = Authority(seed, region)
        self._retired: set[str] = set(self.regime.retired)
        self._released: list[str] = []
        self._quotas = Quotas()
        self._served: dict[str, tuple[str, int, str, int]] = {}
        self.deliveries = Deliveries(self._now, lambda: self.regime)
        """What webhooks are told: see `deliver_due` and `delivering`."""
        self.faults = faults

    def client(self, *, account: int = 1, user: int = 1, **options: Unpack[ClientOptions]) -> Clio:
        """Return a client for a user of a firm. It asks this simulator, for files too, and goes by its clock.

        `options` are those of `Clio`, and may change any of that: a token is of the ``region=`` that is named.
        """
        from .clients import client_of

        return client_of(self, self._prefix, account, user, options)

    def sync_client(self, *, account: int = 1, user: int = 1, **options: Unpack[ClientOptions]) -> SyncClio:
        """Return the same for threads: a `SyncClio`. Close it, as any other."""
        from .clients import sync_client_of

        return sync_client_of(self, self._prefix, account, user, options)

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
        return self._authority.issue(user, account, permissions, region, text)

    def expire(self, token: str) -> None:
        """Let a token expire: it is answered with 401 from now on."""
        self._authority.end(token, "expired")

    def expire_all(self, client_id: str | None = None) -> None:
        """Let every access token that there is expire, or those of one app. Refresh tokens work on."""
        self._authority.expire_all(client_id)

    def app(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        redirect_uris: str | Iterable[str] = ("http://127.0.0.1/callback",),
        permissions: Collection[str] | None = None,
        region: str | None = None,
    ) -> App:
        """Register an app, or change the one of that id: what was approved before stays as it was.

        Id and secret are made up if not given. A redirect URI that is a path (``"/oauth/approval"``) is at the
        simulator's own address, whatever that is. `permissions` are as those of `token`.

        :raises ValueError: if a redirect URI is none.
        """
        return self._authority.register(client_id, client_secret, redirect_uris, permissions, region)

    def approves_as(self, *, user: int = 1, account: int = 1) -> None:
        """Let this user approve whatever ``/oauth/authorize`` asks from now on. Until then the first user does."""
        self._authority.let(user, account)

    def declines(self) -> None:
        """Let the user decline whatever ``/oauth/authorize`` asks, until `approves_as`."""
        self._authority.declining = True

    def approve(
        self,
        client_id: str,
        *,
        user: int = 1,
        account: int = 1,
        redirect_uri: str | None = None,
        state: str | None = None,
        code_challenge: str | None = None,
        region: str | None = None,
    ) -> str:
        """Let a user approve an app, without a browser; return the address, with the code, that the app is called at.

        `client_id` may be the whole address for the browser, `OAuthApp.authorize().url`: it says the rest, unless given
        here. Else `redirect_uri` is the first that is registered. `code_challenge` is of the method S256.

        :raises LookupError: if there is no such app in the region.
        :raises ValueError: if the user would not be asked, for want of a registered URI or a right challenge.
        """
        asked = {"redirect_uri": redirect_uri, "state": state, "code_challenge": code_challenge}
        asked["code_challenge_method"] = None if code_challenge is None else "S256"
        return oauth.approve(self._authority, client_id, user, account, asked, region, self.regime, self._now())

    def revoke(
        self, *, user: int = 1, account: int = 1, client_id: str | None = None, region: str | None = None
    ) -> None:
        """Revoke as the user: what was approved for one app, or for all, with all its tokens."""
        self._authority.revoke(user, account, client_id, region)

    @property
    def token_calls(self) -> Counter[tuple[str, str]]:
        """Requests to ``/oauth/token`` by (`grant_type`, "ok" or the code of the error); "other" is any other type."""
        return self._authority.calls

    def change(self, resource: str, id: int, /, *, account: int = 1, **attributes: Any) -> str | None:
        """Change a record as another user would; any field of its schema, derived ones too. Return its tag.

        :raises Refusal: if a value cannot be.
        :raises LookupError: if there is no such record.
        """
        record = self._existing(resource, id, account)
        changes = read_changes(record, self._known(record.schema, attributes), None, self.regime)
        apply(record, changes, self.regime, self._now(), checked=False)
        self._settle()
        return record.tag

    def add(self, resource: str, /, *, account: int = 1, **attributes: Any) -> int:
        """Create a record as another user would, of any fields of its schema; return its id.

        ``simulator.add("custom_fields", name="Court", parent_type="Matter", field_type="text_line")``, for example.

        :raises Refusal: if a value cannot be.
        """
        table = self.firm(account).table(resource)
        draft = Record(table, table.last + 1, blank=True)
        changes = read_changes(draft, self._known(table.schema, attributes), None, self.regime)
        record = table.add(self._now())
        start(record, self._now())
        record.written.update(changes)
        self._settle()
        return record.number

    def _known(self, schema: Schema, attributes: dict[str, Any]) -> dict[str, Any]:
        unknown = attributes.keys() - schema.fields.keys()
        if unknown:
            raise argument_error(f"{schema.name} has no {min(unknown)!r}")
        return attributes

    def delete(self, resource: str, id: int, /, *, account: int = 1) -> None:
        """Delete a record as another user would, under Clio's rules.

        :raises Refusal: if it may not be deleted.
        :raises LookupError: if there is no such record.
        """
        delete(self._existing(resource, id, account), self.regime, self._now())
        self._settle()

    def record(self, resource: str, id: int, /, *, fields: str = "", account: int = 1, user: int = 1) -> dict[str, Any]:
        """Return a record as a user would see it: `fields`, or all of its own attributes, as JSON values.

        :raises LookupError: if there is no such record.
        """
        record = self._existing(resource, id, account)
        chosen = selected(fields or ",".join(record.schema.own), record.schema)
        return rendered(record, chosen, Viewer(self.firm(account), user, self.regime))

    def put_file(self, resource: str, id: int, /, content: bytes | int, *, account: int = 1) -> str:
        """Give a document, template, report or archive another file; return its path at the `storage`.

        Of a document it becomes the latest version. A number is a size: the file is made up, and takes no memory.

        :raises LookupError: if there is no such record.
        """
        path = put_file(self.storage, self._existing(resource, id, account), content, self._now())
        self._settle()
        return path

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
        go_on(self.firm(account), self.jobs, self._now(), moves_tag=self.regime.progress_moves_tag)
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
        refused = fault is not None and not fault.applied
        self.deliveries.sweep()
        outcome, response = (None, respond(503)) if refused else self._answered(request)
        self._settle()
        if fault is not None and fault.replace is not None:
            response = fault.replace(response)
        if fault is not None and fault.then is not None:
            fault.then()
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
            "token_calls": self._authority.counts(),
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
        now = self._now()
        if self.storage.concerns(request):
            return None, self.storage.answer(request, now)
        grant = (
            None
            if oauth.concerns(request)
            else self._authority.standing(bearer(request), region_of(request, self.region), now)
        )
        if isinstance(grant, str):
            return None, self._finished(token_refused(grant, self.regime.token_error), None, None)
        payer = oauth.payer(request, self.regime) if grant is None else grant.token
        quota = self._quotas.of(payer, self.regime)
        version = None if grant is None else self._echoed(request)
        if quota is not None and quota.remaining(now) <= 0:
            return None, self._finished(limited(quota, self.regime, now), quota, version)
        outcome, response = self._called(request, grant, now)
        if quota is not None and costs(response.status, self.regime):
            quota.spend(now)
        return outcome, self._finished(response, quota, version)

    def _settle(self) -> None:
        """Queue what webhooks are told of what was written."""
        for firm in self._firms.values():
            if firm.news:
                self.deliveries.settle(firm)

    def _now(self) -> float:
        """Return the time by Clio's own clock."""
        return self.clock.now() + self.regime.clock_skew

    def _echoed(self, request: Request) -> str | None:
        """Return the version that answers, None for one that is not served."""
        asked = request.headers.get("x-api-version", self.default_version)
        known = asked in self.regime.versions or asked in self._released
        return asked if known and asked not in self._retired else None

    def _called(self, request: Request, grant: Grant | None, now: float) -> tuple[Outcome | None, Response]:
        if grant is None:
            return None, oauth.answer(self._authority, request, self.regime, now)
        version = self._echoed(request)
        if version is None:
            return None, refused(Refusal(410, "GoneError", "The API version is not served (any more)"), self.regime)
        elsewhere = moved_to(request, self._prefix, self.regime)
        if elsewhere is not None:
            return None, respond(307, fields=(("Location", elsewhere),))
        try:
            outcome = carry_out(self._call(request, grant, now, version))
        except Refusal as refusal:
            return None, refused(refusal, self.regime)
        return outcome, respond(outcome.status, outcome.body, tuple(outcome.fields), type=outcome.type)

    def _call(self, request: Request, grant: Grant, now: float, version: str) -> Call:
        resource, operation, params, query = understood(as_documented(request, self._prefix), self._prefix)
        return Call(
            request=request,
            resource=resource,
            operation=operation,
            params=params,
            query=query,
            firm=self.firm(grant.account),
            grant=grant,
            regime=self.regime,
            now=now,
            served=self._served,
            storage=self.storage,
            jobs=self.jobs,
            age=age_of(version),
        )

    def _finished(self, response: Response, quota: Window | None, version: str | None) -> Response:
        """Add the headers that every answer has."""
        now = self._now()
        fields = [*response.headers.pairs, ("Date", http_date(now))]
        if "cache-control" not in response.headers:
            fields.append(("Cache-Control", "no-store" if self.regime.no_store else _VALIDATE))
        if version is not None:
            fields.append(("X-API-VERSION", self.regime.answered_version or version))
        if quota is not None:
            fields += quota_fields(quota, self.regime, now)
        fields.append(("X-Request-Id", hexadecimal(f"{self.seed}/{self.log.requests}")))
        return Response(response.status, Headers(fields), response.body, wire_bytes=len(response.body))


def _serving(regime: Regime, versions: Iterable[str] | None, default: str | None) -> Regime:
    """Return a regime that serves these versions."""
    if versions is not None:
        served = tuple(versions)
        regime = evolve(regime, versions=served, retired=regime.retired - {*served})
        default = default or (served[-1] if served else "none")
    wrong = [version for version in regime.versions if spoken(version) is None]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no version: they look like 4.0.13")
    if default is not None and (default not in regime.versions or default in regime.retired):
        raise ValueError(f"The default version, {default}, is not among those that are served")
    return regime if default is None else evolve(regime, default_version=default)
