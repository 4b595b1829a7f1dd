# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of contact_phone_numbers, for synchronous callers."""

import datetime as dt
from typing import TypeVar, Unpack, overload

from ...models._generated.contact_phone_numbers import PhoneNumber
from ...resources._generated.contact_phone_numbers import PhoneNumberFilters
from ...resources.base import ExtraQuery, HasId, Names
from ..pages import SyncChanges, SyncPages

T = TypeVar("T")

class ContactPhoneNumbers:
    """Clio's ``/contacts/{contact_id}/phone_numbers``.

    Without ``fields=`` its records are read with id, etag, number, name, primary, created_at, updated_at.
    """

    @overload
    def list(
        self,
        contact_id: int | HasId,
        /,
        *,
        fields: type[T],
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[PhoneNumberFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: created_since, ids, updated_since.
        """

    @overload
    def list(
        self,
        contact_id: int | HasId,
        /,
        *,
        fields: Names = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[PhoneNumberFilters],
    ) -> SyncPages[PhoneNumber]: ...
    @overload
    def iter_changes(
        self,
        contact_id: int | HasId,
        /,
        since: dt.datetime | str,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[PhoneNumberFilters],
    ) -> SyncChanges[T]:
        """Walk what has changed since an instant, or a mark of `SyncChanges.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """

    @overload
    def iter_changes(
        self,
        contact_id: int | HasId,
        /,
        since: dt.datetime | str,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[PhoneNumberFilters],
    ) -> SyncChanges[PhoneNumber]: ...
