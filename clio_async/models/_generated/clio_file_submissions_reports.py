# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of clio file submissions reports."""

from __future__ import annotations

from ..record import Record, RecordETag


class ClioFileSubmissionsReport(Record, init=False):
    """Clio's ClioFileSubmissionsReport."""

    __schema__ = "ClioFileSubmissionsReport"

    id: int
    etag: RecordETag
