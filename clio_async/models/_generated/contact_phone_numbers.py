# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of contact phone numbers."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class PhoneNumber(Record, init=False):
    """Clio's PhoneNumber."""

    __schema__ = "PhoneNumber"

    id: int
    etag: RecordETag
    number: str | None
    name: Literal["Work", "Personal", "Other"] | str | None
    primary: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
