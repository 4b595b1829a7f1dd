"""A server that answers every operation of Clio's OpenAPI document as it says, and holds requests against it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from clio_async import Clio, Headers, MemoryTransport, Request, Response
from clio_async.protocol.versions import PINNED

from .answers import bare, selected, written
from .document import Document, Operation
from .requests import Checked, checked

__all__ = ["ADDRESS", "HTML", "IDS", "ROWS", "Server"]

ADDRESS = "https://files.example/7?signature=secret"
HTML = "<!doctype html><p>A bill</p>"
IDS = [3, 2**53 + 1]
ROWS = 2
"""Records on a page."""
TAG = '"0123456789abcdef"'


class Server:
    """Notes every request as the document sees it. `record` is what each answer holds instead of what was asked for."""

    def __init__(self, document: Document, record: Any = ...) -> None:
        self.document = document
        self.record = record
        self.body: bytes | None = None
        """The whole of the next answers, for those that hold records."""
        self.seen: list[Checked] = []
        self._clients: list[tuple[dict[str, Any], Clio]] = []
        self.sent: list[Any] = []
        """The records of the last answer."""

    def __call__(self, request: Request) -> Response:
        found = checked(self.document, request)
        self.seen.append(found)
        return self._answer(found.operation, request)

    def client(self, **options: Any) -> Clio:
        """Return a client of this server: one for equal options."""
        if options not in [known for known, _ in self._clients]:
            transport = MemoryTransport(self)
            made = Clio("TOKEN", base_url="http://localhost/api/v4", transport=transport, limiter=None, **options)
            self._clients.append((options, made))
        return next(made for known, made in self._clients if known == options)

    def _answer(self, operation: Operation, request: Request) -> Response:
        versioned = {"X-API-VERSION": PINNED} if "x-api-version" in request.headers else {}
        if operation.status == 303:
            return Response(303, Headers({"Location": ADDRESS}), b"")
        if operation.answer is None:
            text = HTML if request.method == "GET" else ""
            return Response(operation.status, Headers(versioned), text.encode())
        headers = {**versioned, "Content-Type": "application/json; charset=utf-8"}
        if ("header", "if-none-match") in operation.parameters:
            headers["ETag"] = TAG
            if request.headers.get("if-none-match") == TAG:
                return Response(304, Headers(headers), b"")
        body = written(self._tree(operation, request)) if self.body is None else self.body
        return Response(operation.status, Headers(headers), body)

    def _tree(self, operation: Operation, request: Request) -> Any:
        if operation.id == "BillableMatter#ids":  # said to answer a record; bare ids are what it is for
            return {"data": IDS, "meta": {"records": len(IDS)}}
        record = self.record if self.record is not ... else self._record(operation, request)
        record = record | {name: value for name, value in _changed(request).items() if name in record}
        self.sent = [_numbered(record, index) for index in range(ROWS)] if operation.many else [record]
        return {"data": self.sent, "meta": {"records": ROWS}} if operation.many else {"data": record}

    def _record(self, operation: Operation, request: Request) -> dict[str, Any]:
        assert operation.answer is not None
        fields = dict(parse_qsl(urlsplit(request.url).query)).get("fields")
        if fields is None:
            return bare(self.document, operation.answer)
        return selected(self.document, operation.answer, fields)


_SHOWN = frozenset({"price", "quantity"})
"""What the client looks for in the answer to a change of it: Clio may have ignored it."""


def _changed(request: Request) -> dict[str, Any]:
    """Return the change that an answer has to show."""
    data = json.loads(request.body, parse_float=Decimal)["data"] if request.body else {}
    return {name: value for name, value in data.items() if name in _SHOWN and value is not None}


def _numbered(record: dict[str, Any], index: int) -> dict[str, Any]:
    """Return a record with another id: pages hold none twice."""
    found = record.get("id")
    if type(found) is int:
        return record | {"id": found + index}
    return record | {"id": f"{found}-{index}"} if isinstance(found, str) else record
