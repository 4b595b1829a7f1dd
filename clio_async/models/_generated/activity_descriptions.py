# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of activity descriptions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .currencies import Currency
    from .groups import Group
    from .utbms_codes import UtbmsCode


class ActivityDescription(Record, init=False):
    """Clio's ActivityDescription."""

    __schema__ = "ActivityDescription"

    id: int
    etag: RecordETag
    name: str | None
    visible_to_co_counsel: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    default: bool | None
    type: str | None
    utbms_activity_id: int | None
    utbms_task_name: str | None
    utbms_task_id: int | None
    xero_service_code: str | None
    accessible_to_user: bool | None
    category_type: str | None
    currency: Currency | None
    groups: tuple[Group, ...] | None
    rate: ActivityDescriptionRate | None
    utbms_task: UtbmsCode | None
    utbms_activity: UtbmsCode | None


class ActivityDescriptionRate(Record, init=False):
    """Clio's ActivityDescriptionRate."""

    __schema__ = "ActivityDescriptionRate"

    amount: Decimal | None
    non_billable_amount: Decimal | None
    type: Literal["User", "FlatRate", "Custom"] | str | None
    hierarchy: Literal["Default", "Activity", "Matter", "Client"] | str | None
