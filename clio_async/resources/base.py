"""What all resources do: turn calls into checked requests, and let the client send them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeAlias, TypedDict, TypeVar, cast

from ..codec import Page
from ..errors import InvalidArgument
from ..models import registry
from ..models.schema import Operation
from ..models.selection import Fields, Names, Selection, select_records
from ..pages import Pages, Walk
from . import arguments

__all__ = [
    "Associated",
    "Caller",
    "Compared",
    "ExtraJson",
    "ExtraQuery",
    "Fields",
    "HasETag",
    "HasId",
    "Names",
    "Number",
    "Reference",
    "ResourceBase",
]

T = TypeVar("T")

ExtraQuery: TypeAlias = Mapping[str, Any]
"""Query parameters by their names on the wire, sent unchecked; a sequence repeats its name."""
ExtraJson: TypeAlias = Mapping[str, Any]
"""Attributes of a body by their names on the wire, sent unchecked."""


class HasId(Protocol):
    """A record, or anything else that has the id of one."""

    @property
    def id(self) -> Any: ...


class HasETag(HasId, Protocol):
    """A record that a write can be guarded by."""

    @property
    def etag(self) -> Any: ...


class Reference(TypedDict):
    """A record in a body, by its id."""

    id: int


Associated: TypeAlias = Reference | HasId
"""What sets an association: ``{"id": 1}``, or the record itself."""
Number: TypeAlias = Decimal | int | float
"""A float stands for the shortest decimal that gives it: ``10.1`` is 10.1."""
C = TypeVar("C")
Compared: TypeAlias = C | str | tuple[C | None, C | None] | Mapping[str, C] | list[C | str]
"""A value to be equal to, a range from and to (None: open), ``{">=": a, "<": b}``, or a text with its operator."""


class Caller(Protocol):
    """What resources need of a client. Paths are relative to the base URL; queries are encoded, without ``?``."""

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix under which requests go."""
        ...

    @property
    def scope(self) -> str:
        """On whose behalf and in which version: what a resume token is bound to."""
        ...

    @property
    def strict(self) -> bool:
        """Whether a value that contradicts the schema is an error."""
        ...

    async def read(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> T:
        """Read one record."""
        ...

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> Page[T]:
        """Read one page of a list."""
        ...

    async def write(
        self,
        operation: Operation,
        path: str,
        query: str,
        body: bytes | None,
        selection: Selection[T] | None,
        *,
        if_match: str | None,
        named: tuple[str, ...],
    ) -> T | None:
        """Write; decode the answer if it has one. `named` are the paths of the records that the body names."""
        ...


class ResourceBase:
    """A resource of one client."""

    __slots__ = ("_caller",)

    _name: ClassVar[str]

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __repr__(self) -> str:
        return f"<resource {self._name}>"

    def _operation(self, action: str) -> Operation:
        return registry.resource(self._name).operations[action]

    def _selection(self, operation: Operation, fields: Fields) -> Selection[Any]:
        return select_records(operation.schema or "", fields, strict=self._caller.strict)

    async def _read(
        self, action: str, ids: tuple[object, ...], fields: Fields, given: Mapping[str, Any], extra: ExtraQuery | None
    ) -> Any:
        if given or extra or not (fields is None or isinstance(fields, str | type)):
            operation = self._operation(action)
            selection = self._selection(operation, fields)
            query = arguments.query(operation, selection, given, extra)
        else:
            operation, selection, query = _prepared(self._name, action, cast("Hashable", fields), self._caller.strict)
        return await self._caller.read(operation, arguments.path(operation, ids), query, selection)

    def _list(
        self,
        action: str,
        ids: tuple[object, ...],
        fields: Fields,
        limit: int | None,
        resume: str | None,
        given: Mapping[str, Any],
        extra: ExtraQuery | None,
    ) -> Pages[Any]:
        operation = self._operation(action)
        path = arguments.path(operation, ids)
        selection = self._selection(operation, fields)
        ordered = _ordered(operation, given, extra)

        def query(size: int) -> str:
            more = [("limit", str(size))] if operation.max_limit else []
            return arguments.query(operation, selection, ordered, extra, more)

        async def fetch(text: str) -> Page[Any]:
            return await self._caller.read_page(operation, path, text, selection)

        return Pages(
            Walk(
                operation=operation.id,
                base_url=self._caller.base_url,
                path=path,
                query=query(_limit(operation, limit)),
                scope=self._caller.scope,
                ascending=ordered.get("order") == _CURSOR and "order" not in given,
                fetch=fetch,
                fetch_first=lambda: fetch(query(1)),
            ),
            resume,
        )

    async def _write(
        self,
        action: str,
        ids: tuple[object, ...],
        fields: Fields,
        given: Mapping[str, Any] | None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        if_match: str | None = None,
    ) -> Any:
        """Send a write. `given` is None for one without a body."""
        operation = self._operation(action)
        path = arguments.path(operation, ids)
        selection = self._selection(operation, fields) if operation.answer == "record" else None
        filters, values = arguments.split(operation, given or {})
        query = arguments.query(operation, selection, filters, extra_query)
        content, named = (None, ()) if given is None else arguments.body(operation, values, extra_json)
        writing = self._caller.write(operation, path, query, content, selection, if_match=if_match, named=named)
        # These may hold a secret, and a traceback may show the locals of this frame.
        del given, extra_query, extra_json, filters, values, query, content
        return await writing

    async def _update(
        self,
        target: object,
        fields: Fields,
        if_match: str | None,
        changes: Mapping[str, Any],
        extra_query: ExtraQuery | None,
        extra_json: ExtraJson | None,
    ) -> Any:
        if not changes and not extra_json:
            raise InvalidArgument(f"{self._name}.update was given nothing to change.")
        tag = arguments.etag_of(target, if_match)
        writing = self._write("update", (target,), fields, changes, extra_query, extra_json, tag)
        del changes, extra_query, extra_json
        return await writing


@lru_cache(1024)
def _prepared(
    resource: str, action: str, fields: str | type[Any] | None, strict: bool
) -> tuple[Operation, Selection[Any], str]:
    """Return what all reads of one kind have in common, where nothing but the ids differs."""
    operation = registry.resource(resource).operations[action]
    selection = select_records(operation.schema or "", fields, strict=strict)
    return operation, selection, arguments.query(operation, selection, {}, None)


_CURSOR = "id(asc)"
_PAGE = 200
"""Records asked for at a time, also where Clio would give more: a larger page holds the event loop for too long."""


def _ordered(operation: Operation, given: Mapping[str, Any], extra: ExtraQuery | None) -> dict[str, Any]:
    """Return the filters with the order that makes Clio page by cursor, unless the caller orders otherwise."""
    order = operation.filters.get("order")
    decided = "order" in given or "order" in (extra or ()) or "offset" in (extra or ())
    return {**given} if decided or order is None or _CURSOR not in order.enum else {**given, "order": _CURSOR}


def _limit(operation: Operation, limit: int | None) -> int:
    if limit is None:
        return min(operation.max_limit, _PAGE)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= operation.max_limit:
        raise InvalidArgument(f"limit is the size of a page: 1 to {operation.max_limit} for {operation.resource}.")
    return limit
