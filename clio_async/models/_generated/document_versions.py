# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of document versions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .shared import ClioCreator


class DocumentVersion(Record, init=False):
    """Clio's DocumentVersion."""

    __schema__ = "DocumentVersion"

    id: int
    document_id: int | None
    etag: RecordETag
    uuid: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    filename: str | None
    size: int | None
    version_number: int | None
    content_type: str | None
    received_at: dt.datetime | None
    put_url: str | None
    fully_uploaded: bool | None
    creator: ClioCreator | None
    put_headers: tuple[MultipartHeader, ...] | None
    multiparts: tuple[Multipart, ...] | None


class Multipart(Record, init=False):
    """Clio's Multipart."""

    __schema__ = "Multipart"

    part_number: int | None
    put_url: str | None
    put_headers: tuple[MultipartHeader, ...] | None


class MultipartHeader(Record, init=False):
    """Clio's MultipartHeader."""

    __schema__ = "MultipartHeader"

    name: str | None
    value: str | None
