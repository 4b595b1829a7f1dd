# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of grant funding sources."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .grants import Grant


class GrantFundingSource(Record, init=False):
    """Clio's GrantFundingSource."""

    __schema__ = "GrantFundingSource"

    id: int
    etag: RecordETag
    name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    grants: tuple[Grant, ...] | None
