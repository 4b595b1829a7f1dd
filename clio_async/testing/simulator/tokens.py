"""Who a token speaks for, and what that user may do."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from attrs import define, field, frozen

from ...messages import Request

__all__ = ["HOSTS", "App", "Approval", "Grant", "allows", "areas", "bearer", "fingerprint", "origin_of", "region_of"]

HOSTS: Final = {"us": "app.clio.com", "eu": "eu.app.clio.com", "ca": "ca.app.clio.com", "au": "au.app.clio.com"}
_REGIONS: Final = {host: region for region, host in HOSTS.items()}

# What rides along with an area: https://docs.developers.clio.com/api-docs/permissions
_AREAS = {
    "matter_stages": "matters",
    "notes": "matters",
    "practice_areas": "matters",
    "log_entries": "matters",
    "relationships": "matters",
    "folders": "documents",
    "bill_themes": "bills",
    "line_items": "bills",
    "calendar_entries": "calendars",
    "calendar_entry_event_types": "calendars",
}


@frozen(kw_only=True)
class App:
    """An app as its developer registered it (https://docs.developers.clio.com/api-docs/applications)."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    permissions: frozenset[str] | None = None
    """What its tokens may do, from the moment of the approval on. None: everything."""
    region: str = "us"

    def takes(self, uri: str, origin: str) -> bool:
        """Say whether `uri` is registered. One that is registered as a path is at the simulator's own `origin`."""
        return any(uri == (origin + known if known.startswith("/") else known) for known in self.redirect_uris)


@define(eq=False, kw_only=True)
class Approval:
    """What a user allowed an app, which is frozen from then on. All tokens that come of it end with it."""

    client_id: str | None
    region: str
    account: int
    user: int
    permissions: frozenset[str] | None
    revoked: bool = False
    renewals: set[str] = field(factory=set[str], repr=False)
    """The refresh tokens that work."""


@frozen(kw_only=True)
class Grant:
    """What an access token stands for.

    `permissions` are names of areas (``"matters"`` to read and write, ``"matters:read"`` to read), None for all.
    """

    token: str = field(repr=False)
    account: int = 1
    user: int = 1
    permissions: frozenset[str] | None = None
    region: str = "us"
    client_id: str | None = None
    """The app it was issued to; None if no app was asked."""
    expires_at: float | None = None
    """Seconds since the epoch. None: it does not expire by itself."""


def allows(grant: Grant, resource: str, *, write: bool) -> bool:
    """Say whether a token reaches a resource, which may ride along with another one's permission."""
    if grant.permissions is None:
        return True
    area = _AREAS.get(resource, resource)
    return area in grant.permissions or (not write and f"{area}:read" in grant.permissions)


def areas(permissions: Collection[str] | None) -> frozenset[str] | None:
    """Return permissions as a set, None for all."""
    return None if permissions is None else frozenset(permissions)


def fingerprint(token: str) -> str:
    """Return what a log may show of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def bearer(request: Request) -> str:
    """Return the token that a request carries, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def region_of(request: Request, default: str) -> str:
    """Return the region whose host is asked. Any other host is that of the `default` region."""
    return _REGIONS.get(urlsplit(request.url).hostname or "", default)


def origin_of(url: str) -> str:
    """Return the scheme and host of an address."""
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"
