# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of document automations."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .document_templates import DocumentTemplate
    from .documents import Document
    from .matters import Matter


class DocumentAutomation(Record, init=False):
    """Clio's DocumentAutomation.

    Derived from other records, and not covered by the etag: state.
    """

    __schema__ = "DocumentAutomation"

    id: int
    etag: RecordETag
    state: Literal["not_started", "queued", "in_progress", "empty", "failed", "completed"] | str | None
    export_formats: Literal["pdf", "original"] | str | None
    filename: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    matter: Matter | None
    document_template: DocumentTemplate | None
    documents: tuple[Document, ...] | None
