"""A server that costs next to nothing: it answers one matter, or 304, from bytes made beforehand.

The matter has what `clio.matters.get` asks for, key by key, as Clio answers it; a third of its associations are null.
It counts its answers, so that a contender can be held to what it should have done: `GET /counted` tells.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import urllib.request
from multiprocessing.connection import Connection

from benchmarks.measure import pin

MATTER = (
    b'{"data":{"id":42,"etag":"\\"14eb46ba60ce9c2e6a68f6d0d2c36334\\"","number":42,"display_number":"00042-Smith",'
    b'"custom_number":null,"description":"Purchase of the old mill and of what belongs to it","status":"Open",'
    b'"location":"Leeds","client_reference":"A-17","client_id":7,"billable":true,'
    b'"maildrop_address":"m-42@example.com","billing_method":"hourly","open_date":"2026-01-05","close_date":null,'
    b'"pending_date":null,"created_at":"2026-01-05T08:10:25-05:00","updated_at":"2026-11-20T17:01:11-05:00",'
    b'"shared":false,"matter_stage_updated_at":"2026-02-01T09:00:00-05:00","currency":{"id":1},'
    b'"client":{"id":7,"type":"Person"},"contingency_fee":null,"evergreen_retainer":null,'
    b'"folder":{"id":90,"type":"Folder"},"group":{"id":3,"type":"UserGroup"},"matter_budget":null,'
    b'"matter_stage":{"id":12},"originating_attorney":{"id":3},"practice_area":{"id":5},'
    b'"responsible_attorney":{"id":3},"responsible_staff":null,"statute_of_limitations":{"id":77},"user":{"id":3},'
    b'"legal_aid_uk_matter":null,"attorney_allocation":null}}'
)
TAG = b'"14eb46ba60ce9c2e6a68f6d0d2c36334"'
FIELDS = (
    b"ETag: " + TAG + b"\r\nLast-Modified: Fri, 20 Nov 2026 22:01:11 GMT\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\n"
    b"Cache-Control: max-age=0, private, must-revalidate\r\nX-API-VERSION: 4.0.13\r\nX-RateLimit-Limit: 1000000\r\n"
    b"X-RateLimit-Remaining: 999999\r\nX-RateLimit-Reset: 1795262460\r\nX-Request-Id: 7d1f1a\r\n"
)
FULL = (
    b"HTTP/1.1 200 OK\r\n"
    + FIELDS
    + b"Content-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(MATTER)
    + MATTER
)
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n" + FIELDS + b"\r\n"


class _Answers(asyncio.Protocol):
    full = unchanged = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if b"f-none-match:" in data or b"F-NONE-MATCH:" in data or b"f-None-Match:" in data:
            _Answers.unchanged += 1
            answer = UNCHANGED
        elif data.startswith(b"GET /counted"):
            told = b'{"full":%d,"unchanged":%d}' % (_Answers.full, _Answers.unchanged)
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told) + told
        else:
            _Answers.full += 1
            answer = FULL
        self.transport.write(answer)  # type: ignore[attr-defined]


def _serve(ready: Connection, core: int | None) -> None:
    if core is not None:
        pin(core)

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(_Answers, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        parent = multiprocessing.parent_process()
        if parent is not None:  # it ends with who has started it, however that ends
            asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 0)
        await server.serve_forever()

    asyncio.run(main())


def counted(port: int) -> tuple[int, int]:
    """Return how many answers were given in full, and how many were 304."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/counted") as answer:
        told = json.load(answer)
    return told["full"], told["unchanged"]


def start(core: int | None = None) -> tuple[multiprocessing.process.BaseProcess, int]:
    """Start the server in a process of its own, on one core if that is given. Return the process and the port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, core), daemon=True)
    process.start()
    return process, ours.recv()
