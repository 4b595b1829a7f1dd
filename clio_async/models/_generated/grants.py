# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of grants."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .grant_funding_sources import GrantFundingSource


class Grant(Record, init=False):
    """Clio's Grant.

    Derived from other records, and not covered by the etag: balance.
    """

    __schema__ = "Grant"

    id: int
    etag: RecordETag
    name: str | None
    funding_code: str | None
    funding_code_and_name: str | None
    funding_source_name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    balance: str | None
    start_date: dt.date | None
    end_date: dt.date | None
    grant_funding_source: GrantFundingSource | None
