# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of comments."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .document_versions import DocumentVersion
    from .users import User


class Comment(Record, init=False):
    """Clio's Comment."""

    __schema__ = "Comment"

    id: int
    etag: RecordETag
    message: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    deleted_at: dt.datetime | None
    creator: User | None
    document_version: DocumentVersion | None
