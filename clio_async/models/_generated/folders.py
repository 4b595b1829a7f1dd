# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of folders."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .contacts import Contact
    from .document_categories import DocumentCategory
    from .document_versions import DocumentVersion
    from .groups import Group
    from .matters import Matter
    from .shared import ClioCreator, ExternalProperty, LinkedFolder


class Folder(Record, init=False):
    """Clio's Folder."""

    __schema__ = "Folder"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    deleted_at: dt.datetime | None
    type: Literal["Folder"] | str | None
    locked: bool | None
    name: str | None
    root: bool | None
    parent: LinkedFolder | None
    matter: Matter | None
    contact: Contact | None
    document_category: DocumentCategory | None
    creator: ClioCreator | None
    latest_document_version: DocumentVersion | None
    group: Group | None
    external_properties: tuple[ExternalProperty, ...] | None
