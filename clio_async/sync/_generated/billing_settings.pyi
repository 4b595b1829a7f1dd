# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of billing_settings, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.billing_settings import BillingSetting
from ...resources._generated.billing_settings import BillingSettingQuery
from ...resources.base import ExtraQuery, Names

T = TypeVar("T")

class BillingSettings:
    """Clio's ``/settings/billing``.

    Without ``fields=`` its records are read with id, etag, rounded_duration, rounding, use_decimal_rounding,
    currency, currency_sign, tax_rate, tax_name, apply_tax_by_default, apply_secondary_tax_by_default,
    time_on_flat_rate_contingency_matters_is_non_billable, use_secondary_tax, secondary_tax_rate, secondary_tax_rule,
    secondary_tax_name, notify_after_bill_created, use_utbms_codes, created_at, updated_at, multi_currency_billing,
    billing_currencies.
    """

    @overload
    def get(
        self, *, fields: type[T], extra_query: ExtraQuery | None = None, **filters: Unpack[BillingSettingQuery]
    ) -> T:
        """Read one.

        Filters: duration.
        """

    @overload
    def get(
        self, *, fields: Names = None, extra_query: ExtraQuery | None = None, **filters: Unpack[BillingSettingQuery]
    ) -> BillingSetting: ...
