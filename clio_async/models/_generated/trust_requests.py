# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of trust requests."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class TrustRequest(Record, init=False):
    """Clio's TrustRequest."""

    __schema__ = "TrustRequest"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
