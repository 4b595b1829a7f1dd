# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of document templates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .document_categories import DocumentCategory
    from .users import User


class DocumentTemplate(Record, init=False):
    """Clio's DocumentTemplate."""

    __schema__ = "DocumentTemplate"

    id: int
    etag: RecordETag
    size: int | None
    content_type: str | None
    filename: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    document_category: DocumentCategory | None
    last_modified_by: User | None
