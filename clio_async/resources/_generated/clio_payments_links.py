# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of clio_payments_links."""

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
    from typing import Literal, Required, TypedDict, Unpack

    from ...models._generated.clio_payments_links import ClioPaymentsLink
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    class ClioPaymentsLinkFilters(TypedDict, total=False):
        active: bool
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        updated_since: dt.datetime

    class NewClioPaymentsLinkSubject(TypedDict, total=False):
        id: Required[int]
        type: Literal["BankAccount", "Bill", "Contact"] | str | None

    class NewClioPaymentsLink(TypedDict, total=False):
        amount: Number | None
        currency: str | None
        description: str | None
        destination_account: Associated | None
        destination_contact: Associated | None
        duration: int | None
        email_address: str | None
        is_allocated_as_revenue: bool | None
        subject: NewClioPaymentsLinkSubject | HasId | None

    class ClioPaymentsLinkChanges(TypedDict, total=False):
        expired: bool | None

    class ClioPaymentsLinkEdit(Edit[T]):
        def set(self, **changes: Unpack[ClioPaymentsLinkChanges]) -> None: ...


class ClioPaymentsLinks(EditsRecords, GetsMany["ClioPaymentsLink"], GetsIfChanged["ClioPaymentsLink"], ResourceBase):
    """Clio's ``/clio_payments/links``.

    Without ``fields=`` its records are read with id, etag, active, amount, created_at, currency, description,
    email_address, expires_at, is_allocated_as_revenue, redirect_url, url, bank_account{id, type}, bill{id, type},
    clio_payments_payment{id}, contact{id, type}, destination_account{id, type}, destination_contact{id, type}.
    """

    __slots__ = ()
    _name = "clio_payments_links"

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
            **filters: Unpack[ClioPaymentsLinkFilters],
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
            **filters: Unpack[ClioPaymentsLinkFilters],
        ) -> Pages[ClioPaymentsLink]: ...

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

        Filters: active, created_since, ids, updated_since.
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
            **filters: Unpack[ClioPaymentsLinkFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ClioPaymentsLinkFilters],
        ) -> Changes[ClioPaymentsLink]: ...

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
            **values: Unpack[NewClioPaymentsLink],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewClioPaymentsLink],
        ) -> ClioPaymentsLink: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: amount, currency, description, destination_account, destination_contact, duration, email_address,
        is_allocated_as_revenue, subject.
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
        ) -> ClioPaymentsLink: ...

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
            **changes: Unpack[ClioPaymentsLinkChanges],
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
            **changes: Unpack[ClioPaymentsLinkChanges],
        ) -> ClioPaymentsLink: ...

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

        Takes: expired.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ClioPaymentsLinkEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ClioPaymentsLinkEdit[ClioPaymentsLink]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ClioPaymentsLinkChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[ClioPaymentsLink], ClioPaymentsLinkChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[ClioPaymentsLink]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
