"""A client for resources alone: it notes what it is asked, and answers from a list."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from clio_async.codec import Page
from clio_async.detached import Detached
from clio_async.models.schema import Operation
from clio_async.models.selection import Selection
from clio_async.options import Lane
from clio_async.protocol.conditional import Validator
from clio_async.resources._generated import Resources
from clio_async.resources.caller import Reread
from clio_async.resources.learned import Learned
from clio_async.secrets import Secret
from clio_async.storage import FileStorage

T = TypeVar("T")


class Call(NamedTuple):
    """One request, as a resource handed it over."""

    operation: Operation
    path: str
    query: str
    body: Any = None
    if_match: str | None = None
    named: tuple[str, ...] = ()
    selection: Any = None
    headers: Any = None
    again: Any = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True, strict_parsing=bool(self.query))

    @property
    def parameters(self) -> dict[str, str]:
        return dict(self.pairs)


class FakeClio(Resources):
    """Implements `Caller`."""

    base_url = "https://app.clio.com/api/v4"

    def __init__(
        self, *answers: object, strict: bool = False, scope: str = "me/4.0.13", api_version: str = "4.0.13"
    ) -> None:
        self.answers = [*answers]
        self.calls: list[Call] = []
        self.strict = strict
        self.scope = scope
        self.api_version = api_version
        self.learned = Learned()
        self.detach = Detached().run
        self.turns: list[str] = []
        self.outdated: list[tuple[str, str]] = []
        self.pauses: list[float] = []

    def _answer(self) -> bytes:
        answer = self.answers.pop(0) if self.answers else {"data": {"id": 1, "etag": '"t"'}}
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer).encode()

    async def read(
        self, operation: Operation, path: str, query: str, selection: Selection[T], *, unless: Validator | None = None
    ) -> T | None:
        headers = {} if unless is None else dict([unless])
        self.calls.append(Call(operation, path, query, selection=selection, headers=headers))
        answer = self._answer()
        return None if answer == b"null" else selection.decode(answer)

    async def read_text(self, operation: Operation, path: str, query: str) -> str:
        self.calls.append(Call(operation, path, query))
        return self._answer().decode()

    async def locate(self, operation: Operation, path: str, query: str) -> Secret:
        self.calls.append(Call(operation, path, query))
        return Secret(self._answer().decode())

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> Page[T]:
        self.calls.append(Call(operation, path, query, selection=selection))
        return selection.decode_page(self._answer())

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
        headers: Mapping[str, Secret] | None = None,
        again: Reread | None = None,
    ) -> T | None:
        content = None if body is None else json.loads(body)
        sent = headers and {name: value.reveal() for name, value in headers.items()}
        self.calls.append(Call(operation, path, query, content, if_match, named, selection, sent, again))
        return None if selection is None else selection.decode(self._answer())

    def bounded(self) -> FakeClio:
        return self

    def unhurried(self, longest: float | None) -> FakeClio:
        return self

    def unkept(self, lane: Lane | None = None) -> FakeClio:
        return self

    async def outdate(self, resource: str, paths: Sequence[str]) -> None:
        self.outdated += [(resource, path) for path in paths]

    def spare(self) -> int | None:
        return None

    def storage(self) -> FileStorage:
        raise NotImplementedError

    async def pause(self, longest: float) -> None:
        self.pauses.append(longest)

    def now(self) -> float:
        return 1000.0

    def wall_clock(self) -> float:
        return 1_700_000_000.0

    def random(self) -> float:
        return 0.5

    @asynccontextmanager
    async def turn(self, path: str) -> AsyncGenerator[None]:
        self.turns.append(path)
        yield


def page(*ids: int, link: str | None = None, **fields: object) -> dict[str, Any]:
    """The body of a page."""
    data = [{"id": number, "etag": f'"{number}"', **fields} for number in ids]
    return {"data": data, "meta": {"paging": {"next": link} if link else {}, "records": len(ids)}}
