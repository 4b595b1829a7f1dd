# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of billing settings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from ...codec.frozen import JsonObject
from ..record import Record, RecordETag


class BillingSetting(Record, init=False):
    """Clio's BillingSetting."""

    __schema__ = "BillingSetting"

    id: int
    etag: RecordETag
    rounded_duration: Decimal | None
    rounding: int | None
    use_decimal_rounding: bool | None
    currency: str | None
    currency_sign: str | None
    tax_rate: Decimal | None
    tax_name: str | None
    apply_tax_by_default: bool | None
    apply_secondary_tax_by_default: bool | None
    time_on_flat_rate_contingency_matters_is_non_billable: bool | None
    use_secondary_tax: bool | None
    secondary_tax_rate: Decimal | None
    secondary_tax_rule: Literal["Pre", "Post"] | str | None
    secondary_tax_name: str | None
    notify_after_bill_created: bool | None
    use_utbms_codes: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    multi_currency_billing: bool | None
    billing_currencies: tuple[JsonObject, ...] | None
