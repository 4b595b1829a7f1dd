# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of custom actions."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class CustomAction(Record, init=False):
    """Clio's CustomAction."""

    __schema__ = "CustomAction"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    label: str | None
    target_url: str | None
    ui_reference: (
        Literal["activities/show", "documents/show", "contacts/show", "matters/show", "folders/show"] | str | None
    )
