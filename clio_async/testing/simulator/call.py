"""A request that was understood, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field, frozen

from ...messages import Request
from ...models import registry
from ...models.schema import Operation, Resource
from .answers import JSON_TYPE, Refusal, decoded
from .firm import Firm, Table
from .jobs import Jobs
from .lists import Page, Query
from .older import NEWEST, Age
from .regime import Regime
from .render import Viewer
from .storage import Storage
from .tokens import Grant
from .values import whole

__all__ = ["Call", "Outcome", "body_of", "not_found", "understood"]


@frozen(kw_only=True)
class Call:
    """A request that was understood."""

    request: Request
    resource: Resource
    operation: Operation
    params: Mapping[str, str]
    query: Query
    firm: Firm
    grant: Grant
    regime: Regime
    now: float
    served: dict[str, tuple[str, int, str, int]]
    """The tags of representations that were handed out: (table, id, fields, user) of each."""
    storage: Storage
    jobs: Jobs
    age: Age = NEWEST
    """The version that answers, as far as it does otherwise than the newest."""

    @property
    def viewer(self) -> Viewer:
        """Whose eyes the answer is for."""
        only = self.query.get("custom_field_ids[]")
        chosen = None if only is None else frozenset(filter(None, map(whole, only)))
        return Viewer(self.firm, self.grant.user, self.regime, chosen, self.age)

    @property
    def fields(self) -> str:
        """The `fields` parameter, empty if there is none."""
        return self.query.get("fields", ("",))[-1]

    @property
    def table(self) -> Table:
        """The table of the resource."""
        return self.firm.table(self.resource.name)


@define
class Outcome:
    """What an operation answers, before the headers that every answer has."""

    status: int
    body: bytes = b""
    fields: list[tuple[str, str]] = field(factory=list[tuple[str, str]])
    type: str = JSON_TYPE
    page: Page | None = None
    ignored: tuple[str, ...] = ()


def understood(request: Request, prefix: str) -> tuple[Resource, Operation, dict[str, str], dict[str, list[str]]]:
    """Return what a request asks for: resource, operation, the parameters of its path, and its query.

    :raises Refusal: 404, if there is no such operation.
    """
    address = urlsplit(request.url)
    known = address.path.startswith(f"{prefix}/")
    found = registry.match(request.method, address.path.removeprefix(prefix)) if known else None
    if found is None:
        raise not_found()
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(address.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return *found, query


def body_of(call: Call) -> Mapping[str, Any]:
    """Return what a write carries under ``data``.

    :raises Refusal: 400, if the body is no JSON, or nothing stands under ``data``.
    """
    body = decoded(call.request.body or b"")
    data = cast("dict[str, Any]", body).get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise Refusal(400, "BadRequest", "The body has to be an object with the key 'data'")
    return cast("dict[str, Any]", data)


def not_found() -> Refusal:
    """Return a 404 in Clio's words."""
    return Refusal(404, "NotFoundError", "Not Found")
