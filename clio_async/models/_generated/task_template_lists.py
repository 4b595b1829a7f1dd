# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of task template lists."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .practice_areas import PracticeArea
    from .users import User


class TaskTemplateList(Record, init=False):
    """Clio's TaskTemplateList.

    Derived from other records, and not covered by the etag: templates_count.
    """

    __schema__ = "TaskTemplateList"

    created_at: dt.datetime | None
    description: str | None
    id: int
    etag: RecordETag
    name: str | None
    templates_count: int | None
    updated_at: dt.datetime | None
    practice_area: PracticeArea | None
    creator: User | None
