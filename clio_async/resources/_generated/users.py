# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, TypeAlias, TypedDict, Unpack

    from ...models._generated.users import User
    from ..base import HasId

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "enabled(asc)", "enabled(desc)", "id(asc)", "id(desc)", "name(asc)", "name(desc)", "first_name(asc)",
        "first_name(desc)", "last_name(asc)", "last_name(desc)", "initials(asc)", "initials(desc)",
        "subscription_type(asc)", "subscription_type(desc)"
    ]
    # fmt: on

    class UserFilters(TypedDict, total=False):
        created_since: dt.datetime
        enabled: bool
        ids: Iterable[int | HasId]
        include_co_counsel: bool
        name: str
        order: Order | str
        pending_setup: bool
        role: Literal["admin", "accounts", "billing", "reports"] | str
        subscription_type: Literal["attorney", "nonattorney"] | str
        updated_since: dt.datetime


class Users(GetsMany["User"], GetsIfChanged["User"], ResourceBase):
    """Clio's ``/users``.

    Without ``fields=`` its records are read with id, etag, account_owner, clio_connect, court_rules_default_attendee,
    created_at, default_calendar_id, email, enabled, first_name, initials, last_name, name, phone_number, rate, roles,
    subscription_type, time_zone, updated_at, default_activity_description{id, type}, account{id}, avatar{id},
    contact{id, type}, job_title{id}.
    To be asked for: notification_methods, groups.
    """

    __slots__ = ()
    _name = "users"

    if TYPE_CHECKING:

        @overload
        async def who_am_i(self, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def who_am_i(self, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> User: ...

    async def who_am_i(self, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("who_am_i", (), fields, {}, extra_query)

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
            **filters: Unpack[UserFilters],
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
            **filters: Unpack[UserFilters],
        ) -> Pages[User]: ...

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
        """List them. `limit` is the size of a page, at most 2000; `resume` a token of `Pages.resume_token`.

        Filters: created_since, enabled, ids, include_co_counsel, name, order, pending_setup, role (admin, accounts,
        billing, reports), subscription_type (attorney, nonattorney), updated_since.

        Orders, each with (asc) or (desc): enabled, id, name, first_name, last_name, initials, subscription_type.
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
            **filters: Unpack[UserFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[UserFilters],
        ) -> Changes[User]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> User: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
