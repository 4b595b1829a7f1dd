# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bank_accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from typing import Literal, TypeAlias, TypedDict, Unpack

    from ...models._generated.bank_accounts import BankAccount
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "institution(asc)", "institution(desc)",
        "account_number(asc)", "account_number(desc)", "transit_number(asc)", "transit_number(desc)", "currency(asc)",
        "currency(desc)", "updated_at(asc)", "updated_at(desc)", "type(asc)", "type(desc)"
    ]
    # fmt: on

    class BankAccountFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        order: Order | str
        show_empty_accounts: bool
        status: Literal["opened", "closed"] | str
        type: Literal["OperatingAccount", "TrustAccount"] | str
        updated_since: dt.datetime
        user_id: int | HasId | None

    class NewBankAccount(TypedDict, total=False):
        account_number: str | None
        balance: Number | None
        client: Associated | None
        controlled_account: bool | None
        currency: str | None
        default_account: bool | None
        domicile_branch: str | None
        general_ledger_number: str | None
        holder: str | None
        institution: str | None
        matter: Associated | None
        name: str | None
        swift: str | None
        transit_number: str | None
        type: Literal["Operating", "Trust"] | str | None

    class BankAccountChanges(TypedDict, total=False):
        account_number: str | None
        client: Associated | None
        controlled_account: bool | None
        currency: str | None
        default_account: bool | None
        domicile_branch: str | None
        general_ledger_number: str | None
        holder: str | None
        institution: str | None
        matter: Associated | None
        name: str | None
        swift: str | None
        transit_number: str | None

    class BankAccountEdit(Edit[T]):
        def set(self, **changes: Unpack[BankAccountChanges]) -> None: ...


class BankAccounts(EditsRecords, GetsMany["BankAccount"], GetsIfChanged["BankAccount"], ResourceBase):
    """Clio's ``/bank_accounts``.

    Without ``fields=`` its records are read with id, etag, account_number, balance, bank_transactions_count,
    clio_payment_page_link, clio_payment_page_qr_code, clio_payments_enabled, controlled_account, created_at,
    currency, currency_symbol, currency_id, default_account, domicile_branch, general_ledger_number, holder,
    institution, name, swift, transit_number, type, updated_at, user{id}.
    """

    __slots__ = ()
    _name = "bank_accounts"

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
            **filters: Unpack[BankAccountFilters],
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
            **filters: Unpack[BankAccountFilters],
        ) -> Pages[BankAccount]: ...

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

        Filters: created_since, ids, order, show_empty_accounts, status (opened, closed), type (OperatingAccount,
        TrustAccount), updated_since, user_id.

        Orders, each with (asc) or (desc): id, name, institution, account_number, transit_number, currency,
        updated_at, type.
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
            **filters: Unpack[BankAccountFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BankAccountFilters],
        ) -> Changes[BankAccount]: ...

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
            **values: Unpack[NewBankAccount],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewBankAccount],
        ) -> BankAccount: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: account_number, balance, client, controlled_account, currency, default_account, domicile_branch,
        general_ledger_number, holder, institution, matter, name, swift, transit_number, type (Operating, Trust).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> BankAccount: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)

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
            **changes: Unpack[BankAccountChanges],
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
            **changes: Unpack[BankAccountChanges],
        ) -> BankAccount: ...

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

        Takes: account_number, client, controlled_account, currency, default_account, domicile_branch,
        general_ledger_number, holder, institution, matter, name, swift, transit_number.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> BankAccountEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> BankAccountEdit[BankAccount]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], BankAccountChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[BankAccount], BankAccountChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[BankAccount]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
