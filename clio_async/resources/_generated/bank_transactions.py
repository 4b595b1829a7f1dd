# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bank_transactions."""

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
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.bank_transactions import BankTransaction
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    class BankTransactionFilters(TypedDict, total=False):
        bank_account_id: int | HasId
        client_id: int | HasId
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        matter_id: int | HasId
        order: str
        type: Literal["asset", "liability"] | str
        unreconciled_only: bool
        updated_since: dt.datetime

    class NewBankTransaction(TypedDict, total=False):
        amount: Number | None
        bank_account: Associated
        bank_account_transaction_type: str | None
        client: Associated
        confirmation: str | None
        currency: str | None
        date: dt.date | None
        description: str | None
        exchange_rate: Number | None
        matter: Associated
        source: str | None
        transaction_type: str | None

    class BankTransactionChanges(TypedDict, total=False):
        amount: Number | None
        bank_account: Associated
        bank_account_transaction_type: str | None
        client: Associated
        confirmation: str | None
        currency: str | None
        date: dt.date | None
        description: str | None
        exchange_rate: Number | None
        matter: Associated
        source: str | None
        transaction_type: str | None

    class BankTransactionEdit(Edit[T]):
        def set(self, **changes: Unpack[BankTransactionChanges]) -> None: ...


class BankTransactions(EditsRecords, GetsMany["BankTransaction"], GetsIfChanged["BankTransaction"], ResourceBase):
    """Clio's ``/bank_transactions``.

    Without ``fields=`` its records are read with id, etag, type, created_at, updated_at, bank_account_id, source,
    confirmation, date, amount, currency, currency_id, description, exchange_rate, transaction_type, funds_in,
    funds_out, clio_payments_transaction, read_only_confirmation, client{id, type}, matter{id}, bank_account{id,
    type}, bill{id, type}, allocation{id}.
    To be asked for: current_account_balance.
    """

    __slots__ = ()
    _name = "bank_transactions"

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
            **filters: Unpack[BankTransactionFilters],
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
            **filters: Unpack[BankTransactionFilters],
        ) -> Pages[BankTransaction]: ...

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

        Filters: bank_account_id, client_id, created_since, ids, matter_id, order, type (asset, liability),
        unreconciled_only, updated_since.
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
            **filters: Unpack[BankTransactionFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BankTransactionFilters],
        ) -> Changes[BankTransaction]: ...

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
            **values: Unpack[NewBankTransaction],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewBankTransaction],
        ) -> BankTransaction: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: amount, bank_account, bank_account_transaction_type, client, confirmation, currency, date, description,
        exchange_rate, matter, source, transaction_type.
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
        ) -> BankTransaction: ...

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
            **changes: Unpack[BankTransactionChanges],
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
            **changes: Unpack[BankTransactionChanges],
        ) -> BankTransaction: ...

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

        Takes: amount, bank_account, bank_account_transaction_type, client, confirmation, currency, date, description,
        exchange_rate, matter, source, transaction_type.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> BankTransactionEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> BankTransactionEdit[BankTransaction]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], BankTransactionChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[BankTransaction], BankTransactionChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[BankTransaction]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
