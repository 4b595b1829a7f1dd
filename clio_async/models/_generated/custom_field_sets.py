# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of custom field sets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .custom_fields import CustomField


class CustomFieldSet(Record, init=False):
    """Clio's CustomFieldSet."""

    __schema__ = "CustomFieldSet"

    id: int
    etag: RecordETag
    name: str | None
    parent_type: Literal["Contact", "Matter"] | str | None
    displayed: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    custom_fields: tuple[CustomField, ...] | None
