# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of trust_requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.trust_requests import TrustRequest
    from ..base import HasId, Number

    T = TypeVar("T")

    class NewTrustRequestMatter(TypedDict, total=False):
        id: int | None
        trust_amount: Number | None
        note: str | None

    class NewTrustRequest(TypedDict, total=False):
        approved: bool | None
        client_id: int | None
        currency_id: int | None
        due_date: dt.date | None
        issue_date: dt.date | None
        matter: Sequence[NewTrustRequestMatter | HasId] | None
        note: str | None
        trust_amount: Number | None
        trust_type: Literal["client", "matter"] | str | None


class TrustRequests(ResourceBase):
    """Clio's ``/trust_requests``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at.
    """

    __slots__ = ()
    _name = "trust_requests"

    if TYPE_CHECKING:

        @overload
        async def create(
            self,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTrustRequest],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTrustRequest],
        ) -> TrustRequest: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: approved, client_id, currency_id, due_date, issue_date, matter (rows), note, trust_amount, trust_type
        (client, matter).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing
