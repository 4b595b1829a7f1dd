"""One record as an edit sees it: what is read of it, what a change of it means, and how it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, TypeVar

from attrs import frozen

from ...errors import (
    ChangeIgnored,
    ClioError,
    MissingETag,
    OutcomeUnknown,
    PreconditionFailed,
    PreconditionUnusable,
    ServerError,
    TransportError,
)
from ...models import registry
from ...models.comparing import Want, seen, wants
from ...models.plans import full
from ...models.selection import Fields, Selection, projected, widened
from ...protocol.merge import NewRow, Path
from ...protocol.shapes import is_list
from .. import arguments, bodies, ignored, units
from ..base import ResourceBase
from ..caller import ExtraJson, ExtraQuery
from ..rereads import reread

__all__ = ["Change", "Subject"]

T = TypeVar("T")

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0


@frozen(repr=False)
class Change:
    """What is to be written, and what it means."""

    schema: str
    given: Mapping[str, Any]
    """As the caller gave it, by name."""
    sent: Mapping[str, Any]
    """The same as JSON values, by their names on the wire."""
    wants: tuple[Want, ...]
    query: Mapping[str, Any]
    """What of it stands in the query."""

    @property
    def mine(self) -> dict[Path, Any]:
        """What records can show of it."""
        return {one.path: one.meaning for one in self.wants if one.shows or isinstance(one.path[-1], NewRow)}

    @property
    def names(self) -> frozenset[str]:
        """The fields that it decides on: those that it changes, and what belongs together with them."""
        return self._decided(one.path[0] for one in self.wants)

    def _decided(self, names: Iterable[str]) -> frozenset[str]:
        changed = frozenset(names)
        mates = [atom for atom in registry.atoms(self.schema) if atom & changed]
        return changed.union(*mates).intersection(registry.schema(full(self.schema)).fields)

    def unguarded(self, base: Any) -> bool:
        """Whether it decides on what the tag of a record is not known to guard, or on what the base does not show."""
        shown = self.seen(base)
        live = [one for one in self.wants if one.path not in shown or shown[one.path] != one.meaning]
        deep = {one.path[0] for one in live if len(one.path) > 1 and one.path[1] != "type"}
        fields = registry.schema(full(self.schema)).fields
        return any(
            fields[name].many or fields[name].derived or name in deep or not hasattr(base, name)
            for name in self._decided(one.path[0] for one in live)
        )

    def seen(self, record: Any) -> dict[Path, Any]:
        """Return what a record shows of all that it decides on."""
        return seen(self.schema, self.wants, record, sorted(self.names))

    def only(self, paths: Collection[Path]) -> dict[str, Any]:
        """Return the part of it that is about these, and what no record shows; of rows, whole ones."""
        kept = [one for one in self.wants if one.path in paths or not one.shows]
        data: dict[str, Any] = {}
        for name, value in self.sent.items():
            mine = [one for one in kept if one.name == name]
            rows = {one.row for one in mine} - {None}
            if rows and is_list(value):
                data[name] = [row for index, row in enumerate(value) if index in rows]
            elif mine:
                data[name] = value
        return data


class Subject(Generic[T]):
    """One record of a resource, on behalf of one who wants to have certain fields of it."""

    def __init__(
        self, resource: ResourceBase, target: object, fields: Fields, extra_query: ExtraQuery | None = None
    ) -> None:
        self.resource = resource
        self.target = target
        self.fields: Fields = fields if fields is None or isinstance(fields, str | type) else tuple(fields)
        self.extra_query = extra_query
        self.caller = resource._caller  # noqa: SLF001 - of the resource that this is a part of
        self.update = resource._operation("update")  # noqa: SLF001
        self.path = arguments.path(self.update, (target,))
        units.check_class(self.schema, fields, self.caller.api_version)

    @property
    def schema(self) -> str:
        """The schema of the records."""
        return self.update.schema or ""

    @property
    def rows(self) -> tuple[str, ...]:
        """The collections of which `update` changes rows by their ids. They may change under the same tag."""
        known, taken = registry.schema(full(self.schema)).associations, self.update.attributes
        return tuple(name for name in taken if name in known and known[name].many and "id" in taken[name].attributes)

    def bounded(self) -> Subject[T]:
        """Return the same, all of whose requests end by one deadline."""
        return Subject(type(self.resource)(self.caller.bounded()), self.target, self.fields, self.extra_query)

    def shown(self, record: Any) -> T:
        """Return what the caller is given of a record."""
        found: T = projected(self.schema, self.fields, record)
        return units.counted(found, self.caller.api_version)

    def change(self, given: Mapping[str, Any], extra: ExtraJson | None = None, target: object = None) -> Change:
        """Return what changes mean, as `update` takes them.

        :raises InvalidArgument: if they cannot be sent.
        """
        query, values = arguments.split(self.update, given)
        arguments.check_times(self.update, values, target)
        sent = bodies.written(self.update, values, extra)
        return Change(self.schema, {**given, **(extra or {})}, sent, wants(self.schema, sent), query)

    # -- requests -----------------------------------------------------------------------------------------------------

    async def read(self, names: Iterable[str] = ()) -> Any:
        """Read the record, with the fields `names` in addition to those of the caller.

        :raises MissingETag: if it has no etag that could guard a write.
        """
        if "etag" not in registry.schema(self.schema).fields:
            raise MissingETag("These records have no etag: nothing tells whether somebody else has changed one.")
        reading = self.resource._operation("get")  # noqa: SLF001
        selection = self._selection(names)
        query = arguments.query(reading, selection, {}, None)
        found = await self.caller.read(reading, arguments.path(reading, (self.target,)), query, selection)
        arguments.etag_of(found, None)
        return found

    async def write(self, change: Change, data: Mapping[str, Any], guard: Any) -> Any:
        """Write `data`, guarded by the tag of the record `guard`, and return the record as it is then.

        :raises PreconditionFailed: with the record as it is in `current`, as this package reads it.
        """
        tag = arguments.etag_of(guard, None)
        selection = self._selection(change.names)
        query = arguments.query(self.update, selection, change.query, self.extra_query)
        body, named = arguments.encoded(self.update, data)
        again = reread(self.update, guard, self.fields, selection, data, tag, strict=self.caller.strict)
        watch = ignored.watch(self.update, guard, {}, data)
        try:
            answer = await self.caller.write(
                self.update, self.path, query, body, selection, if_match=tag, named=named, again=again
            )
            return answer if watch is None else watch.checked(answer)
        except (OutcomeUnknown, PreconditionUnusable) as error:
            error.current = None if error.current is None else self.shown(error.current)
            raise
        except ChangeIgnored as error:
            error.record = self.shown(error.record)
            raise

    async def latest(self, refused: PreconditionFailed, change: Change, attempt: int) -> Any:
        """Return the record as it is after a refusal: as it was read then, or once more, after a pause.

        Whoever is refused again and again competes with many: each waits for a random time, longer from try to try, and
        reads anew, so that the tag is current when it is sent. None if it could not be read, and may be another time.

        :raises PreconditionFailed: if nothing was read after the refusal, and nothing can be.
        :raises ClioError: if something was, and now nothing can be.
        """
        known, alone = refused.current is not None, "get" in registry.resource(self.update.resource).operations
        if not alone and not known:
            raise refused
        if not alone or (known and attempt == 1):
            return refused.current
        await self.caller.pause(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 2)))
        try:
            return await self.read(change.names)
        except ClioError as failed:
            if isinstance(failed, ServerError | TransportError) and not isinstance(failed, TimeoutError):
                return None
            if known:
                raise
            raise refused from failed

    def _selection(self, names: Iterable[str]) -> Selection[Any]:
        return widened(self.schema, self.fields, names, strict=self.caller.strict)
