# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of jurisdiction_triggers, for synchronous callers."""

import datetime as dt
from typing import TypeVar, Unpack, overload

from ...models._generated.jurisdiction_triggers import JurisdictionsToTrigger
from ...resources._generated.jurisdiction_triggers import JurisdictionsToTriggerFilters
from ...resources.base import ExtraQuery, HasId, Names
from ..pages import SyncChanges, SyncPages

T = TypeVar("T")

class JurisdictionTriggers:
    """Clio's ``/court_rules/jurisdictions/{jurisdiction_id}/triggers``.

    Without ``fields=`` its records are read with id, etag, system_id, description, do_not_recalculate, is_served,
    is_requirements_required, created_at, updated_at.
    """

    @overload
    def list(
        self,
        jurisdiction_id: int | HasId,
        /,
        *,
        fields: type[T],
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[JurisdictionsToTriggerFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 1000; `resume` a token of `SyncPages.resume_token`.

        Filters: created_since, ids, is_requirements_required, is_served, order, query, updated_since.

        Orders, each with (asc) or (desc): description, id.
        """

    @overload
    def list(
        self,
        jurisdiction_id: int | HasId,
        /,
        *,
        fields: Names = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[JurisdictionsToTriggerFilters],
    ) -> SyncPages[JurisdictionsToTrigger]: ...
    @overload
    def iter_changes(
        self,
        jurisdiction_id: int | HasId,
        /,
        since: dt.datetime | str,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[JurisdictionsToTriggerFilters],
    ) -> SyncChanges[T]:
        """Walk what has changed since an instant, or a mark of `SyncChanges.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """

    @overload
    def iter_changes(
        self,
        jurisdiction_id: int | HasId,
        /,
        since: dt.datetime | str,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[JurisdictionsToTriggerFilters],
    ) -> SyncChanges[JurisdictionsToTrigger]: ...
    @overload
    def get(
        self,
        jurisdiction_id: int | HasId,
        id: int | HasId,
        /,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
    ) -> T:
        """Read one."""

    @overload
    def get(
        self,
        jurisdiction_id: int | HasId,
        id: int | HasId,
        /,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
    ) -> JurisdictionsToTrigger: ...
