# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of groups."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .users import User


class Group(Record, init=False):
    """Clio's Group."""

    __schema__ = "Group"

    client_connect_user: bool | None
    etag: RecordETag
    id: int
    name: str | None
    type: Literal["UserGroup", "AdhocGroup", "AccountGroup", "TeamGroup"] | str | None
    updated_at: dt.datetime | None
    users: tuple[User, ...] | None
