# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..custom_field_values import SetsCustomFields
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.contacts import Contact
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Initial: TypeAlias = Literal[
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V",
        "W", "X", "Y", "Z"
    ]
    Order: TypeAlias = Literal["id(asc)", "id(desc)", "name(asc)", "name(desc)", "shared_at(asc)", "shared_at(desc)"]
    Name: TypeAlias = Literal["Work", "Home", "Mobile", "Fax", "Pager", "Skype", "Other"]
    NewContactWebSitesName: TypeAlias = Literal[
        "Work", "Personal", "Twitter", "Facebook", "LinkedIn", "Instant Messenger", "Other"
    ]
    # fmt: on

    class ContactFilters(TypedDict, total=False):
        client_only: bool
        clio_connect_only: bool
        created_since: dt.datetime
        custom_field_ids: Iterable[int]
        custom_field_values: Mapping[int, Any]
        email_only: bool
        exclude_ids: Iterable[int]
        ids: Iterable[int | HasId]
        initial: Initial | str
        order: Order | str
        query: str
        shared_resource_id: int | HasId
        type: Literal["Company", "Person"] | str
        updated_since: dt.datetime

    class NewContactAddresses(TypedDict, total=False):
        name: Literal["Work", "Home", "Billing", "Other"] | str | None
        street: str | None
        city: str | None
        province: str | None
        postal_code: str | None
        country: str | None

    class NewContactAvatar(TypedDict, total=False):
        image: str | None
        _destroy: bool | None

    class NewContactCoCounselRate(TypedDict, total=False):
        rate: Number | None

    class NewContactCustomFieldSetAssociations(TypedDict, total=False):
        display_order: int | None
        custom_field_set: Associated

    class NewContactCustomFieldValues(TypedDict, total=False):
        value: Any
        custom_field: Required[Associated]

    class NewContactEmailAddresses(TypedDict, total=False):
        name: Literal["Work", "Home", "Other"] | str | None
        address: str | None
        default_email: bool | None

    class NewContactInstantMessengers(TypedDict, total=False):
        name: Literal["Work", "Personal", "Other"] | str | None
        address: str | None

    class NewContactKycFieldValues(TypedDict, total=False):
        field_name: str | None
        field_type: Literal["date", "text", "picklist"] | str | None
        field_value: str | None

    class NewContactPhoneNumbers(TypedDict, total=False):
        name: Name | str | None
        number: str | None
        default_number: bool | None

    class NewContactWebSites(TypedDict, total=False):
        name: NewContactWebSitesName | str | None
        address: str | None
        default_web_site: bool | None

    class NewContact(TypedDict, total=False):
        custom_field_ids: Iterable[int]
        addresses: Sequence[NewContactAddresses] | None
        avatar: NewContactAvatar | None
        clio_connect_email: str | None
        co_counsel_rate: NewContactCoCounselRate | None
        company: Associated
        currency: Mapping[str, Any] | None
        custom_field_set_associations: Sequence[NewContactCustomFieldSetAssociations] | None
        custom_field_values: Sequence[NewContactCustomFieldValues] | None
        date_of_birth: dt.date | None
        email_addresses: Sequence[NewContactEmailAddresses] | None
        first_name: str | None
        instant_messengers: Sequence[NewContactInstantMessengers] | None
        kyc_field_values: Sequence[NewContactKycFieldValues] | None
        last_name: str | None
        ledes_client_id: str | None
        middle_name: str | None
        name: str | None
        phone_numbers: Sequence[NewContactPhoneNumbers] | None
        prefix: str | None
        sales_tax_number: str | None
        title: str | None
        type: Required[Literal["Person", "Company"] | str]
        web_sites: Sequence[NewContactWebSites] | None

    class ContactQuery(TypedDict, total=False):
        custom_field_ids: Iterable[int]

    class ContactChangesAddresses(TypedDict, total=False):
        name: Literal["Work", "Home", "Billing", "Other"] | str | None
        street: str | None
        city: str | None
        province: str | None
        postal_code: str | None
        country: str | None
        id: int
        _destroy: bool | None

    class ContactChangesCustomFieldSetAssociations(TypedDict, total=False):
        id: int
        display_order: int | None
        custom_field_set: Associated
        _destroy: bool | None

    class ContactChangesCustomFieldValues(TypedDict, total=False):
        value: Any
        custom_field: Associated
        id: str
        _destroy: bool | None

    class ContactChangesEmailAddresses(TypedDict, total=False):
        id: int
        name: Literal["Work", "Home", "Other"] | str | None
        address: str | None
        default_email: bool | None
        _destroy: bool | None

    class ContactChangesInstantMessengers(TypedDict, total=False):
        name: Literal["Work", "Personal", "Other"] | str | None
        address: str | None
        id: int
        _destroy: bool | None

    class ContactChangesKycFieldValues(TypedDict, total=False):
        id: int
        field_name: str | None
        field_type: Literal["date", "text", "picklist"] | str | None
        field_value: str | None

    class ContactChangesPhoneNumbers(TypedDict, total=False):
        name: Name | str | None
        number: str | None
        default_number: bool | None
        id: int
        _destroy: bool | None

    class ContactChangesWebSites(TypedDict, total=False):
        name: NewContactWebSitesName | str | None
        address: str | None
        id: int
        default_web_site: bool | None
        _destroy: bool | None

    class ContactChanges(TypedDict, total=False):
        custom_field_ids: Iterable[int]
        addresses: Sequence[ContactChangesAddresses | HasId] | None
        avatar: NewContactAvatar | None
        clio_connect_email: str | None
        co_counsel_rate: NewContactCoCounselRate | None
        company: Associated
        currency: Mapping[str, Any] | None
        custom_field_set_associations: Sequence[ContactChangesCustomFieldSetAssociations | HasId] | None
        custom_field_values: Sequence[ContactChangesCustomFieldValues | HasId] | None
        date_of_birth: dt.date | None
        email_addresses: Sequence[ContactChangesEmailAddresses | HasId] | None
        first_name: str | None
        instant_messengers: Sequence[ContactChangesInstantMessengers | HasId] | None
        kyc_field_values: Sequence[ContactChangesKycFieldValues | HasId] | None
        last_name: str | None
        ledes_client_id: str | None
        middle_name: str | None
        name: str | None
        phone_numbers: Sequence[ContactChangesPhoneNumbers | HasId] | None
        prefix: str | None
        sales_tax_number: str | None
        title: str | None
        type: Literal["Person", "Company"] | str | None
        web_sites: Sequence[ContactChangesWebSites | HasId] | None

    class ContactEdit(Edit[T]):
        def set(self, **changes: Unpack[ContactChanges]) -> None: ...
        def set_custom_fields(self, values: Mapping[Any, Any], /) -> None: ...


class Contacts(SetsCustomFields, EditsRecords, GetsMany["Contact"], GetsIfChanged["Contact"], ResourceBase):
    """Clio's ``/contacts``.

    Without ``fields=`` its records are read with id, etag, name, first_name, middle_name, last_name, date_of_birth,
    type, created_at, updated_at, prefix, title, initials, clio_connect_email, locked_clio_connect_email,
    client_connect_user_id, ledes_client_id, has_clio_for_clients_permission, sales_tax_number, currency{id},
    primary_work_address{id}, primary_address{id}, secondary_address{id}, company{id, type}, avatar{id},
    payment_profile{id}, folder{id, type}, co_counsel_rate{id}, primary_web_site{id}, legal_aid_uk_contact{id}.
    To be asked for: primary_email_address, secondary_email_address, primary_phone_number, secondary_phone_number,
    is_client, is_clio_for_client_user, is_co_counsel, is_bill_recipient, activity_rates, addresses,
    custom_field_values, custom_field_set_associations, email_addresses, instant_messengers, phone_numbers, web_sites,
    notification_methods, account_balances, related_contacts, kyc_field_values.
    """

    __slots__ = ()
    _name = "contacts"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactFilters],
        ) -> Pages[Contact]: ...

    def list(
        self,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`.

        Filters: client_only, clio_connect_only, created_since, custom_field_ids, custom_field_values, email_only,
        exclude_ids, ids, initial (A, …), order, query, shared_resource_id, type (Company, Person), updated_since.

        Orders, each with (asc) or (desc): id, name, shared_at.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactFilters],
        ) -> Changes[Contact]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def create(
            self,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewContact],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewContact],
        ) -> Contact: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Filters: custom_field_ids.

        Takes: addresses (rows), avatar, clio_connect_email, co_counsel_rate, company, currency,
        custom_field_set_associations (rows), custom_field_values (rows), date_of_birth, email_addresses (rows),
        first_name, instant_messengers (rows), kyc_field_values (rows), last_name, ledes_client_id, middle_name, name,
        phone_numbers (rows), prefix, sales_tax_number, title, type (required; Person, Company), web_sites (rows).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactQuery],
        ) -> T: ...
        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ContactQuery],
        ) -> Contact: ...

    async def get(
        self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Any:
        """Read one.

        Filters: custom_field_ids.
        """
        return await self._read("get", (id,), fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[ContactChanges],
        ) -> T: ...
        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[ContactChanges],
        ) -> Contact: ...

    async def update(
        self,
        target: int | HasETag,
        /,
        *,
        if_match: RecordETag | None = None,
        on_conflict: OnConflict = "raise",
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **changes: Any,
    ) -> Any:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else has
        changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.
        Rows are merged only where the tag of the record moves with them, which is not known of Clio: use `edit` for
        rows.

        Filters: custom_field_ids.

        Takes: addresses (rows), avatar, clio_connect_email, co_counsel_rate, company, currency,
        custom_field_set_associations (rows), custom_field_values (rows), date_of_birth, email_addresses (rows),
        first_name, instant_messengers (rows), kyc_field_values (rows), last_name, ledes_client_id, middle_name, name,
        phone_numbers (rows), prefix, sales_tax_number, title, type (Person, Company), web_sites (rows).
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ContactEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ContactEdit[Contact]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ContactChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Contact], ContactChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Contact]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
