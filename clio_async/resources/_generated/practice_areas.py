# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of practice_areas."""

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
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.practice_areas import PracticeArea
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "category(asc)", "category(desc)", "code(asc)", "code(desc)"
    ]
    Category: TypeAlias = Literal[
        "administrative", "admiralty_and_maritime", "anti_trust_and_competition", "appellate", "banking_and_finance",
        "bankruptcy", "business_formation_and_compliance", "civil_litigation", "civil_rights_and_constitutional",
        "collections_and_debt", "commercial_and_sale_of_goods", "commercial_litigation", "construction",
        "consumer_protection", "contracts", "corporate_litigation", "criminal", "disability_and_social_security",
        "education", "elder", "employment_and_labor", "energy_and_environmental", "ethics", "family", "food_and_drug",
        "general_practice", "government", "healthcare", "immigration", "in_house_counsel", "insurance",
        "intellectual_property", "international", "juvenile", "legal_aid", "mediation_and_arbitration",
        "medical_malpractice", "military", "multi_practice", "non_profit_and_pro_bono", "other", "personal_injury",
        "privacy_and_information_security", "private_client", "product_liability", "real_estate",
        "science_and_technology", "securities_and_mergers_and_acquisitions", "small_claims",
        "sports_and_entertainment_and_gaming", "tax", "telecommunications", "traffic_offenses", "transportation",
        "tribal", "trusts", "wills_and_estates", "workers_compensation"
    ]
    # fmt: on

    class PracticeAreaFilters(TypedDict, total=False):
        code: str
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        matter_id: int | HasId
        name: str
        order: Order | str
        updated_since: dt.datetime

    class NewPracticeArea(TypedDict, total=False):
        category: Category | str | None
        code: str | None
        name: Required[str]

    class PracticeAreaChanges(TypedDict, total=False):
        category: Category | str | None
        code: str | None
        name: str | None

    class PracticeAreaEdit(Edit[T]):
        def set(self, **changes: Unpack[PracticeAreaChanges]) -> None: ...


class PracticeAreas(EditsRecords, GetsMany["PracticeArea"], GetsIfChanged["PracticeArea"], ResourceBase):
    """Clio's ``/practice_areas``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, name, category, code.
    """

    __slots__ = ()
    _name = "practice_areas"

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
            **filters: Unpack[PracticeAreaFilters],
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
            **filters: Unpack[PracticeAreaFilters],
        ) -> Pages[PracticeArea]: ...

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

        Filters: code, created_since, ids, matter_id, name, order, updated_since.

        Orders, each with (asc) or (desc): id, name, category, code.
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
            **filters: Unpack[PracticeAreaFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[PracticeAreaFilters],
        ) -> Changes[PracticeArea]: ...

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
            **values: Unpack[NewPracticeArea],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewPracticeArea],
        ) -> PracticeArea: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: category (administrative, …), code, name (required).
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
        ) -> PracticeArea: ...

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
            **changes: Unpack[PracticeAreaChanges],
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
            **changes: Unpack[PracticeAreaChanges],
        ) -> PracticeArea: ...

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

        Takes: category (administrative, …), code, name.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> PracticeAreaEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> PracticeAreaEdit[PracticeArea]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], PracticeAreaChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[PracticeArea], PracticeAreaChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[PracticeArea]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
