# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of custom fields."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .shared import PicklistOption


class CustomField(Record, init=False):
    """Clio's CustomField."""

    __schema__ = "CustomField"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    name: str | None
    parent_type: Literal["Contact", "Matter"] | str | None
    field_type: (
        Literal[
            "checkbox",
            "contact",
            "currency",
            "date",
            "time",
            "email",
            "matter",
            "numeric",
            "picklist",
            "text_area",
            "text_line",
            "url",
        ]
        | str
        | None
    )
    displayed: bool | None
    deleted: bool | None
    required: bool | None
    display_order: int | None
    picklist_options: tuple[PicklistOption, ...] | None
