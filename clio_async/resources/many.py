"""`get_many`: records by their ids, many in a request."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from ..batches import Many
from ..codec import Page
from ..errors import APIError, FilterIgnored, InvalidArgument, SchemaError
from ..models.schema import Operation
from ..models.selection import Selection, select_records
from ..protocol.batches import MOST, Batches, Bounds, is_too_long, is_too_many
from . import arguments, lists
from .base import ExtraQuery, Fields, HasId, Names, Refreshes
from .caller import Caller

__all__ = ["ById", "GetsMany", "asked_for", "checked", "one_asked_for"]

R = TypeVar("R")
T = TypeVar("T")

_NOTHING: Mapping[str, Any] = {}
_OURS = frozenset({"ids[]", "limit", "offset", "page_token"})
_TOLD = frozenset({401, 403, 410, 429})
"""Refusals that are of whoever asks, or of the API version, and not of what is asked for."""


class GetsMany(Refreshes[R]):
    """A resource whose list can be narrowed to ids."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def get_many(
            self, ids: Iterable[int | str | HasId], /, *, fields: type[T], extra_query: ExtraQuery | None = None
        ) -> Many[T]: ...
        @overload
        async def get_many(
            self, ids: Iterable[int | str | HasId], /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> Many[R]: ...

    def get_many(
        self, ids: Iterable[int | str | HasId], /, *, fields: Fields = None, extra_query: ExtraQuery | None = None
    ) -> Coroutine[Any, Any, Many[Any]]:
        """Read records by their ids, in their order, up to 200 in a request, one request after the other.

        A repeated id gives its record at each of its places. What there is no record for, or none that this user may
        see, stands in `missing`. How many ids the server takes in a request is found out, and remembered while the
        client lives. An error loses what was read before it: to keep that, ask for a few hundred at a time.

        An id that is not answered is asked for once more with others of its kind, until this server was seen to answer
        as many ids in full: it may have read some of them only, or given some of the records.

        `ids` are read through by the call itself, in the thread that calls.

        :raises InvalidArgument: if one of the ids can be none, before anything is sent.
        :raises FilterIgnored: if the server answers with records that were not asked for.
        :raises SchemaError: if it answers with a record that has no id.
        """
        operation = self._operation("list")
        asked = asked_for(operation, ids)
        selection = select_records(operation.schema or "", fields, strict=self._caller.strict, also=("id",))
        return _many(ById(self._caller, operation, checked(operation, extra_query)), asked, selection)


async def _many(reading: ById[Any], asked: Sequence[tuple[str, int | str]], selection: Selection[Any]) -> Many[Any]:
    found: dict[str, Any] = {}
    await reading.all([text for text, _ in asked], lambda: selection, found.update)
    missing = {text: given for text, given in asked if text not in found}
    return Many([found[text] for text, _ in asked if text in found], missing.values())


class ById(Generic[T]):
    """Reads records of one resource by their ids, batch by batch.

    `extra` goes with each request, and so does `given`, by the names of arguments. `shaped` makes of each page that was
    read the page of what is wanted of its records.
    """

    def __init__(
        self,
        caller: Caller,
        operation: Operation,
        extra: ExtraQuery,
        shaped: Callable[[Page[Any]], Page[T]] | None = None,
        given: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self._caller = caller
        self._operation = operation
        self._extra = extra
        self._shaped = shaped
        self._given = given

    @property
    def size(self) -> int:
        """How many ids one request takes, as far as is known."""
        return min(self._learned.size(MOST, self._most), self._most)

    async def all(
        self, ids: Sequence[str], choose: Callable[[], Selection[Any]], take: Callable[[Mapping[str, T]], object]
    ) -> None:
        """Read records, and hand each batch of them over, by their ids. What is not handed over is missing.

        `choose` says what to read in the next batch.
        """
        batches = Batches(ids, self._learned, self._most)
        first: APIError | None = None
        while True:
            selection = choose()
            if batches.wants_witnesses:
                some = await self._some_if_any(selection)
                if some is None:
                    batches.no_witnesses()
                else:
                    take(some)
                    batches.witnesses(some)
            batch = batches.next()
            if not batch:
                break
            try:
                read = await self._batch(selection, batch)
            except APIError as error:
                if not is_too_many(error.status, error.type):
                    raise
                if not batches.refused(surely=is_too_long(error.status)):
                    raise _noted(error, batch[0], first) from None
                first = first or error
            else:
                batches.answered(read.keys())
                take(read)
        self._learned = batches.bounds

    @property
    def _most(self) -> int:
        return min(MOST, self._operation.max_limit or MOST)

    @property
    def _learned(self) -> Bounds:
        return self._caller.learned.batches.get((self._caller.base_url, self._operation.resource), Bounds())

    @_learned.setter
    def _learned(self, bounds: Bounds) -> None:
        self._caller.learned.batches[self._caller.base_url, self._operation.resource] = bounds

    async def _batch(self, selection: Selection[Any], batch: Sequence[str]) -> dict[str, T]:
        """Read the records of one batch, by their ids."""
        operation, wanted = self._operation, frozenset(batch)

        def paired(page: Page[Any]) -> Page[tuple[str, T]]:
            if any(found not in wanted for found in _ids_of(operation, page)):
                raise FilterIgnored(
                    f"{operation.path} was answered with records that were not asked for: the server ignores ids[]. "
                    "Read them one by one, by get()."
                )
            return self._paired(page)

        narrowed = {**self._extra, "ids[]": batch}
        pages = lists.pages(self._caller, operation, selection, (), None, None, 0, self._given, narrowed, paired)
        found: dict[str, T] = {}
        async for records in pages.by_page():
            found.update(records)
            if len(found) == len(wanted):
                break
        return found

    async def _some_if_any(self, selection: Selection[Any]) -> dict[str, T] | None:
        """Read any two records; None where the server gives none but those that it is asked for by their ids."""
        try:
            return await self._some(selection)
        except APIError as error:
            if not 400 <= error.status < 500 or error.status in _TOLD:
                raise
            return None

    async def _some(self, selection: Selection[Any]) -> dict[str, T]:
        """Read any two records, by their ids; fewer if there are no more."""
        operation = self._operation

        def paired(page: Page[Any]) -> Page[tuple[str, T]]:
            _ids_of(operation, page)
            return self._paired(page)

        few = min(2, operation.max_limit) or None
        pages = lists.pages(self._caller, operation, selection, (), few, None, 0, self._given, self._extra, paired)
        none: list[tuple[str, T]] = []
        return dict(await anext(pages.by_page(), none))

    def _paired(self, page: Page[Any]) -> Page[tuple[str, T]]:
        return (page if self._shaped is None else self._shaped(page)).paired(_id)


def _id(record: Mapping[str, Any]) -> str:
    return str(record.get("id"))


def _ids_of(operation: Operation, page: Page[Any]) -> list[str]:
    """Return the ids on a page.

    :raises SchemaError: if a record has none.
    """
    shown = page.values("id")
    if None in shown:
        text = f"{operation.path} was answered with a record without its id: whose it is cannot be told."
        raise SchemaError(text, path=f"data[{shown.index(None)}].id")
    return [str(found) for found in shown]


def _noted(error: APIError, text: str, first: APIError | None) -> APIError:
    """Return what to raise if one id alone is refused, after so many that they could not all be told apart."""
    if first is None:
        return error
    first.add_note(f"It is refused for the id {text} alone, too: the number of ids is not what is wrong.")
    return first


def checked(
    operation: Operation, extra: ExtraQuery | None, verb: str = "get_many", known: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """Return `extra_query` of a verb that asks by ids. `known` are the filters that it says by itself.

    :raises InvalidArgument: if it says what is the verb's own, or lacks a filter that the list needs.
    """
    more = arguments.settled(lists.checked(operation, extra))
    for name in more:
        if name in _OURS:
            raise InvalidArgument(f"{verb} asks for its ids by itself: leave out {name}.")
    for name, found in operation.filters.items():
        if found.required and found.wire not in more and name not in known:
            hint = f'extra_query={{"{found.wire}": …}}'
            raise InvalidArgument(f"{operation.resource}.list needs {name}=: say it to {verb} by {hint}.")
    return more


def asked_for(operation: Operation, ids: Any) -> list[tuple[str, int | str]]:
    """Return each id as it stands in a query, and as it is.

    :raises InvalidArgument: if one of them can be none.
    """
    if isinstance(ids, str | bytes | Mapping) or not isinstance(ids, Iterable):
        raise InvalidArgument("ids are several: a list of ids, or of records. Of a mapping, pass the keys.")
    return [one_asked_for(operation, given) for given in cast("Iterable[object]", ids)]


def one_asked_for(operation: Operation, given: object) -> tuple[str, int | str]:
    """Return the id of a record as it stands in a query, and as it is."""
    text = arguments.id_of(operation, given)
    found = given if isinstance(given, int | str) else getattr(given, "id", None)
    return (str(found), found) if isinstance(found, str) else (text, int(text))
