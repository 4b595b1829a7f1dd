# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of damages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .matters import Matter


class Damage(Record, init=False):
    """Clio's Damage."""

    __schema__ = "Damage"

    id: int
    amount: Decimal | None
    damage_type: Literal["special", "general", "other"] | str | None
    description: str | None
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    matter: Matter | None
