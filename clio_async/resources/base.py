"""What all resources do: turn calls into checked requests, and let the client send them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Coroutine, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, cast, overload

from ..changes import Changes
from ..errors import InvalidArgument, UnprocessableEntity
from ..models import registry
from ..models.record import RecordETag, ResponseETag, Validators
from ..models.schema import Operation
from ..models.selection import BARE_IDS, Fields, Names, Selection, Unchecked, check_hash, select_records
from ..pages import Pages
from ..refreshed import Refreshed
from ..secrets import Secret
from . import arguments, changed, ignored, lists, units
from .caller import Associated, Caller, Compared, ExtraJson, ExtraQuery, HasETag, HasId, Number, Reference
from .conditions import condition_of
from .ignored import Watch
from .unusual import explain, unusual

__all__ = [
    "Associated",
    "Caller",
    "Compared",
    "ExtraJson",
    "ExtraQuery",
    "Fields",
    "GetsIfChanged",
    "HasETag",
    "HasId",
    "Names",
    "Number",
    "OnConflict",
    "Reference",
    "Refreshes",
    "ResourceBase",
]

T = TypeVar("T")
K = TypeVar("K", bound=HasId)

OnConflict: TypeAlias = Literal["raise", "merge"]
"""What becomes of an update of a record that somebody else has changed since it was read."""


class ResourceBase:
    """A resource of one client."""

    __slots__ = ("_caller",)

    _name: ClassVar[str]

    def __init__(self, caller: Caller) -> None:
        self._caller = units.caller_of(caller)

    def __repr__(self) -> str:
        return f"<resource {self._name}>"

    if not TYPE_CHECKING:  # it is asked for what is not there alone

        def __getattr__(self, name: str) -> Any:
            from .misnamed import misnamed

            raise misnamed(self, name)

    def _operation(self, action: str) -> Operation:
        return units.as_of(registry.resource(self._name).operations[action], self._caller.api_version)

    def _selection(self, operation: Operation, fields: Fields) -> Selection[Any]:
        return select_records(operation.schema or "", fields, strict=self._caller.strict)

    def _read(
        self, action: str, ids: tuple[object, ...], fields: Fields, given: Mapping[str, Any], extra: ExtraQuery | None
    ) -> Awaitable[Any]:
        if given or extra is not None or not (fields is None or isinstance(fields, str | type)):
            operation = self._operation(action)
            selection = self._selection(operation, fields)
            query = arguments.query(operation, selection, given, extra)
        else:
            if fields is not None:
                check_hash(fields)
            operation, selection, query = _prepared(self._name, action, cast("Hashable", fields), self._caller.strict)
        return self._caller.read(operation, arguments.path(operation, ids), query, selection)

    async def _text(
        self, action: str, ids: tuple[object, ...], given: Mapping[str, Any], extra: ExtraQuery | None
    ) -> str:
        operation = self._operation(action)
        query = arguments.query(operation, None, given, extra)
        return await self._caller.read_text(operation, arguments.path(operation, ids), query)

    async def _redirect(
        self, action: str, ids: tuple[object, ...], given: Mapping[str, Any], extra: ExtraQuery | None
    ) -> Secret:
        operation = self._operation(action)
        query = arguments.query(operation, None, given, extra)
        return await self._caller.locate(operation, arguments.path(operation, ids), query)

    def _list(
        self,
        action: str,
        ids: tuple[object, ...],
        fields: Fields,
        limit: int | None,
        resume: str | None,
        prefetch: int,
        given: Mapping[str, Any],
        extra: ExtraQuery | None,
    ) -> Pages[Any]:
        operation = self._operation(action)
        selection = lists.listed(operation, fields, strict=self._caller.strict)
        return self._pages(operation, selection, ids, limit, resume, prefetch, given, extra)

    def _bare_ids(
        self,
        action: str,
        ids: tuple[object, ...],
        limit: int | None,
        resume: str | None,
        prefetch: int,
        given: Mapping[str, Any],
        extra: ExtraQuery | None,
    ) -> Pages[int]:
        return self._pages(self._operation(action), BARE_IDS, ids, limit, resume, prefetch, given, extra)

    def _changes(
        self,
        ids: tuple[object, ...],
        since: dt.datetime | str,
        fields: Fields,
        given: Mapping[str, Any],
        extra: ExtraQuery | None,
    ) -> Changes[Any]:
        return changed.changes(self._caller, self._operation("list"), ids, since, fields, given, extra)

    def _pages(
        self,
        operation: Operation,
        selection: Selection[T],
        ids: tuple[object, ...],
        limit: int | None,
        resume: str | None,
        prefetch: int,
        given: Mapping[str, Any],
        extra: ExtraQuery | None,
    ) -> Pages[T]:
        return lists.pages(self._caller, operation, selection, ids, limit, resume, prefetch, given, extra)

    async def _write(
        self,
        action: str,
        ids: tuple[object, ...],
        fields: Fields,
        given: Mapping[str, Any] | None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        if_match: str | None = None,
        headers: Mapping[str, Secret] | None = None,
        watch: Watch | None = None,
    ) -> Any:
        """Send a write. `given` is None for one without a body; what is watched is asked for, too."""
        operation = self._operation(action)
        path = arguments.path(operation, ids)
        selection = self._selection(operation, fields) if operation.answer == "record" else None
        shown = selection
        if watch is not None:
            shown = select_records(operation.schema or "", fields, strict=self._caller.strict, also=watch.names)
            selection = watch.over(shown)
        filters, values = arguments.split(operation, given or {})
        query = arguments.query(operation, selection, filters, extra_query)
        tag = None if if_match is None else arguments.guard(if_match)
        data = arguments.completed(operation, values, extra_json) if given is not None or extra_json else None
        content, named = (None, ()) if data is None else arguments.encoded(operation, data)
        again = None
        if action in _READ_AGAIN or tag is not None or registry.is_state_machine(operation):
            from .rereads import reread  # a client that writes nothing does without

            target = ids[0] if ids and action != "create" else None
            strict = self._caller.strict
            again = reread(operation, target, fields, shown, data or {}, tag, strict=strict)
        writing = self._caller.write(
            operation, path, query, content, selection, if_match=tag, named=named, headers=headers, again=again
        )
        hints = () if data is None else unusual(operation, data)
        # These may hold a secret, and a traceback may show the locals of this frame.
        del headers, given, extra_query, extra_json, filters, values, query, data, content, again
        try:
            return await writing
        except UnprocessableEntity as error:
            explain(error, hints)
            raise

    async def _update(
        self,
        target: object,
        fields: Fields,
        if_match: str | None,
        changes: Mapping[str, Any],
        extra_query: ExtraQuery | None,
        extra_json: ExtraJson | None,
        on_conflict: OnConflict = "raise",
    ) -> Any:
        if not changes and not extra_json:
            raise InvalidArgument(f"{self._name}.update was given nothing to change.")
        tag = arguments.etag_of(target, if_match)
        if on_conflict != "raise":
            arguments.check_merges(target, if_match, on_conflict)
            merging = self._merge(target, fields, changes, extra_query, extra_json)
            del changes, extra_query, extra_json
            return await merging
        operation = self._operation("update")
        arguments.check_times(operation, changes, target)
        watch = ignored.watch(operation, target, changes, extra_json)
        writing = self._write("update", (target,), fields, changes, extra_query, extra_json, tag, watch=watch)
        del changes, extra_query, extra_json
        answer = await writing
        return answer if watch is None else watch.checked(answer)

    def _merge(
        self,
        target: object,
        fields: Fields,
        changes: Mapping[str, Any],
        extra_query: ExtraQuery | None,
        extra_json: ExtraJson | None,
    ) -> Awaitable[Any]:
        from .edits.edit import update_merging  # for a few calls alone

        return update_merging(self, target, fields, changes, extra_query, extra_json)


_READ_AGAIN = frozenset({"create", "update"})


R = TypeVar("R")


class Refreshes(ResourceBase, Generic[R]):
    """A resource whose records can be asked for by their ids, many at a time or singly."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def refresh(
            self,
            records: Iterable[K],
            /,
            *,
            fields: None = None,
            since: dt.datetime | None = None,
            confirm: bool = False,
            extra_query: ExtraQuery | None = None,
        ) -> Refreshed[K, K]: ...
        @overload
        async def refresh(
            self,
            records: Iterable[K],
            /,
            *,
            fields: type[T],
            since: dt.datetime | None = None,
            confirm: bool = False,
            extra_query: ExtraQuery | None = None,
        ) -> Refreshed[T, K]: ...
        @overload
        async def refresh(
            self,
            records: Iterable[K],
            /,
            *,
            fields: str | Sequence[str | Unchecked],
            since: dt.datetime | None = None,
            confirm: bool = False,
            extra_query: ExtraQuery | None = None,
        ) -> Refreshed[R, K]: ...

    def refresh(
        self,
        records: Iterable[Any],
        /,
        *,
        fields: Fields = None,
        since: dt.datetime | None = None,
        confirm: bool = False,
        extra_query: ExtraQuery | None = None,
    ) -> Coroutine[Any, Any, Refreshed[Any, Any]]:
        """Bring records that the caller keeps copies of up to date, in few requests: up to 200 records in each.

        `records` are records of this resource, objects of classes that are selections (see `fields=` of `list`), or,
        with `fields`, any objects with `id` and `etag`. Of several with one id the first counts. A record that has
        changed comes back with what the given one holds, or with `fields`: with the same class if they are of one,
        else with all that any of them holds. What a record does not hold is not compared, unless `fields` asks for it:
        then a record that lacks it has changed, but for what its own tag covers. Say `fields` where they may lack
        something that you want: the inside of an association that is null or withheld of all, or what is `extra`.

        Where their tags tell whether records have changed, pages of tags are read, and then what has changed in full.
        A tag covers the own attributes of its record alone, so keep the `etag` of each association whose attributes
        you keep, as in ``client{id,etag,name}``. What no tag covers is read in full: derived attributes, collections,
        whatever is withheld or came without its tag. So is everything where that takes fewer requests.

        `since` is when all copies were known to be current. Then a list of what has changed since may tell more with
        fewer requests, and less about deletions: see `Refreshed.unlisted`.

        With `confirm` each id that is missing is asked for alone, one request for each. `extra_query` goes with each
        request for many, and what it leaves out is missing. A filter that the list needs is taken from the records.

        The requests wait for quota as those of a batch do, and nothing of them is cached. Of what has changed, or is
        not there, no kept answer is given without asking from then on (`Policy.fresh_for`). Where they need more than
        a minute's quota, a client of ``options(timeout=None)`` has the patience. An error loses what was found before
        it: to keep that, refresh a few thousand at a time. `records` are read through by the call itself, in the thread
        that calls.

        :raises InvalidArgument: if one of the records can be none, or nothing says what to read of it; if `since`,
            `confirm` or `extra_query` asks for what the resource does not have; if `since` is yet to come. Nothing is
            sent then, unless it is the clock of the server that `since` is ahead of.
        :raises FilterIgnored: if the server answers with records that were not asked for.
        :raises SchemaError: if it answers with a record that has no id.
        """
        from .sweeps import Sweep  # for a few calls alone

        return Sweep(self, records, fields, since, confirm, extra_query).run()


class GetsIfChanged(Refreshes[R]):
    """A resource whose single records are read conditionally, on behalf of callers who keep copies of their own."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def get_if_changed(
            self,
            id: int | HasId,
            etag: ResponseETag | RecordETag | Validators | str,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
        ) -> T | None: ...
        @overload
        async def get_if_changed(
            self,
            id: int | HasId,
            etag: ResponseETag | RecordETag | Validators | str,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
        ) -> R | None: ...

    async def get_if_changed(
        self,
        id: int | HasId,
        etag: str | Validators,
        /,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
    ) -> Any:
        """Read one unless it is unchanged since `etag` was its tag: then return None.

        `etag` is the `etag` of a record or the tag of an answer, with its quotes, or ``record.validators``. Where those
        hold no tag, their `Last-Modified` is asked about: it has a resolution of a second, so that a change in the
        second of the copy goes unseen.

        A tag names the record: its own attributes, and which records it is associated with. What is nested or derived
        may change under it. With a selection that holds such (the default one of `bills`, say), and where this server's
        tags were seen to be wrong, the record is read in full and returned, unless `Policy.tag_scope` says that the tag
        names the representation. What a change of permissions has shown or hidden since is no change of the record.

        :raises InvalidArgument: if `etag` is no tag, or several.
        """
        condition = condition_of(etag)
        operation = self._operation("get")
        selection = self._selection(operation, fields)
        query = arguments.query(operation, selection, {}, extra_query)
        return await self._caller.read(operation, arguments.path(operation, (id,)), query, selection, unless=condition)


@lru_cache(1024)
def _prepared(
    resource: str, action: str, fields: str | type[Any] | None, strict: bool
) -> tuple[Operation, Selection[Any], str]:
    """Return what all reads of one kind have in common, where nothing but the ids differs."""
    operation = registry.resource(resource).operations[action]
    selection = select_records(operation.schema or "", fields, strict=strict)
    return operation, selection, arguments.query(operation, selection, {}, None)
