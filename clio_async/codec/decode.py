"""From the bytes of an answer to records: `Decoder` and `Page`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from ..errors import SchemaError
from ..protocol.shapes import is_dict, is_list
from .compiled import Loop, compile_plan
from .ledger import Ledger
from .parse import parse
from .plan import Plan
from .structure import structure

__all__ = ["SLICE", "Decoder", "Page"]

T = TypeVar("T")
V = TypeVar("V")

_NO_LINK = (None, "")

SLICE = 64
"""Records built at a time: about a millisecond for the widest."""

_WORTH_COMPILING = 16
"""From so many records on a loop is compiled for them; compiling costs as much as building 50 the general way."""


class Decoder(Generic[T]):
    """Decode the answers to one selection."""

    __slots__ = ("_built", "_loop", "ledger", "plan")

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        self.plan = plan
        self.ledger = ledger
        self._loop: Loop | None = None
        self._built = 0

    def record(self, body: bytes) -> T:
        """Decode an answer that holds one record.

        :raises DecodeError: if the body is not well-formed (`UnexpectedContent`, `SchemaError` are two kinds of it).
        """
        data = _data(self._parse(body))
        if not is_dict(data):
            raise SchemaError("data is not an object.", path="data")
        return self.records([data])[0]

    def page(self, body: bytes) -> Page[T]:
        """Parse an answer that holds a page; its records are built slice by slice.

        :raises DecodeError: if the body is not well-formed.
        """
        tree = self._parse(body)
        data = _data(tree)
        if not is_list(data):
            raise SchemaError("data is not a list.", path="data")
        return Page(data, tree.get("meta"), self.records)

    def _parse(self, body: bytes) -> Any:
        return parse(body, thorough=self.ledger.strict)

    def records(self, documents: list[Any], start: int | None = None) -> list[T]:
        """Build records; `start` is the place of the first in its page, None when there is only one."""

        def other(document: Any, index: int) -> Any:
            path = "data" if start is None else f"data[{start + index}]"
            if not is_dict(document):
                raise SchemaError(f"{path} is not an object.", path=path)
            return structure(self.plan, document, path, self.ledger)

        self._built += len(documents)
        if self._loop is None:
            if self._built < _WORTH_COMPILING:
                return [other(document, index) for index, document in enumerate(documents)]
            self._loop = compile_plan(self.plan)
        return self._loop(documents, other)


def _data(tree: Any) -> Any:
    if not is_dict(tree) or "data" not in tree:
        raise SchemaError("The answer has no data.", path="data")
    return tree["data"]


class Page(Generic[T]):
    """One page of a list. Its records are built once, in slices, so that no slice holds the event loop for long."""

    __slots__ = ("_build", "_built", "_count", "_data", "_meta", "date", "redirected")

    def __init__(self, data: list[Any], meta: object, build: Callable[[list[Any], int], list[T]]) -> None:
        self._data = data
        self._meta = meta
        self._build = build
        self._built: list[T] = []
        self._count = len(data)
        self.date: str | None = None
        """The `Date` of the answer, as the server wrote it."""
        self.redirected = False
        """Whether another URL has answered than the one that was asked."""

    def __len__(self) -> int:
        return self._count

    def slices(self, size: int = SLICE) -> Iterator[list[T]]:
        """Yield the records, `size` at a time."""
        built = self._built
        for start in range(0, self._count, size):
            stop = min(start + size, self._count)
            if len(built) < stop:
                built.extend(self._build(self._data[len(built) : stop], len(built)))
            if len(built) == self._count:
                self._data = []
            yield built[start:stop]

    def values(self, name: str) -> list[Any]:
        """Return what each record has under a name, as JSON values; None where it has nothing. Ask before `slices`."""
        return [item.get(name) if is_dict(item) else None for item in self._data]

    def paired(self, read: Callable[[dict[str, Any]], V]) -> Page[tuple[V, T]]:
        """Return the page with each record behind what `read` makes of its JSON object. Ask before `slices`."""
        build = self._build

        def build_both(data: list[Any], start: int) -> list[tuple[V, T]]:
            records = build(data, start)
            return [*zip(map(read, data), records, strict=True)]

        page = Page(self._data, self._meta, build_both)
        page.date, page.redirected = self.date, self.redirected
        return page

    def seen_by(self, look: Callable[[T], object]) -> Page[T]:
        """Let something look at each record as it is built, and return the page. Ask before `slices`."""
        build = self._build

        def build_and_look(data: list[Any], start: int) -> list[T]:
            records = build(data, start)
            for record in records:
                look(record)
            return records

        self._build = build_and_look
        return self

    @property
    def next(self) -> str | None:
        """The link to the page after this one, as Clio gave it; None on the last.

        :raises SchemaError: if it is malformed, or what should hold it is. Then nobody knows whether the list goes on.
        """
        if self.is_last:
            return None
        found = self._link("next")
        if not isinstance(found, str):
            raise SchemaError(
                "meta.paging.next is neither a link nor absent, so whether the list goes on is not known. Try again "
                "from the resume token, or the mark, of this walk.",
                path="meta.paging.next",
            )
        return found

    @property
    def is_last(self) -> bool:
        """Whether Clio says that no page follows: by no link, null, or an empty text."""
        holder: object = self._meta
        for name in ("paging", "next"):
            if not is_dict(holder):
                break
            holder = holder.get(name)
        else:
            return holder in _NO_LINK
        return holder is None

    @property
    def previous(self) -> str | None:
        """The link to the page before this one, as Clio gave it."""
        found = self._link("previous")
        return found if isinstance(found, str) and found else None

    @property
    def total(self) -> int | None:
        """How many records the whole list has, where Clio says so."""
        found = self._meta.get("records") if is_dict(self._meta) else None
        return found if type(found) is int else None

    @property
    def _paging(self) -> object:
        return self._meta.get("paging") if is_dict(self._meta) else None

    def _link(self, name: str) -> object:
        paging = self._paging
        return paging.get(name) if is_dict(paging) else None
