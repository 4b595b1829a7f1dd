"""Who a token speaks for, and what that user may do."""

from __future__ import annotations

import hashlib

from attrs import frozen

__all__ = ["Grant", "allows", "fingerprint"]

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
class Grant:
    """What an access token stands for.

    `permissions` are names of areas (``"matters"`` to read and write, ``"matters:read"`` to read), None for all.
    """

    token: str
    account: int = 1
    user: int = 1
    permissions: frozenset[str] | None = None
    region: str = "us"


def allows(grant: Grant, resource: str, *, write: bool) -> bool:
    """Say whether a token reaches a resource, which may ride along with another one's permission."""
    if grant.permissions is None:
        return True
    area = _AREAS.get(resource, resource)
    return area in grant.permissions or (not write and f"{area}:read" in grant.permissions)


def fingerprint(token: str) -> str:
    """Return what a log may show of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:12]
