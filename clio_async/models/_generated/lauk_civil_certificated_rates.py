# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of lauk civil certificated rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..record import Record, RecordETag


class LaukCivilCertificatedRate(Record, init=False):
    """Clio's LaukCivilCertificatedRate."""

    __schema__ = "LaukCivilCertificatedRate"

    id: int
    activity: str | None
    activity_sub_category: str | None
    activity_type: str | None
    attended_several_hearings_for_multiple_clients: bool | None
    category_of_law: str | None
    created_at: dt.datetime | None
    change_of_solicitor: bool | None
    court: str | None
    eligible_for_sqm: bool | None
    exceptional: Decimal | None
    exceptional_warning: str | None
    etag: RecordETag
    fee: Decimal | None
    fee_scheme: str | None
    first_conducting_solicitor: bool | None
    key: str | None
    number_of_clients: str | None
    party: str | None
    post_transfer_clients_represented: str | None
    rate_type: str | None
    region: str | None
    session_type: str | None
    user_type: str | None
    updated_at: dt.datetime | None
