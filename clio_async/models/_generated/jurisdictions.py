# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of jurisdictions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .service_types import ServiceType


class Jurisdiction(Record, init=False):
    """Clio's Jurisdiction."""

    __schema__ = "Jurisdiction"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    system_id: int | None
    description: str | None
    default: bool | None
    display_timezone: str | None
    valid_subscription: bool | None
    is_local_timezone: bool | None
    service_types: tuple[ServiceType, ...] | None
