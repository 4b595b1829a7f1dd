"""A webhook as the rules see it: a record of which anything may be missing, since others have made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...protocol.hook_addresses import split_key
from ...protocol.subscriptions import Shown
from .noting import seconds_of, status_of, told_by

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook

__all__ = ["shown_of"]


def shown_of(record: Webhook, strangers: frozenset[int]) -> Shown:
    """Return what Clio tells of a webhook. `strangers` are those of other users, by their ids."""
    url, key = split_key(_told(record, "url") or "")
    return Shown(
        record.id,
        url,
        key,
        str(_told(record, "model") or ""),
        frozenset(map(str, _told(record, "events") or ())),
        _told(record, "fields") or "",
        status_of(record),
        seconds_of(record, "expires_at"),
        record.id not in strangers,
        told_by(record) is not None,
        seconds_of(record, "created_at"),
    )


def _told(record: Webhook, name: str) -> Any:
    return getattr(record, name, None)
