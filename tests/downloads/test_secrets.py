"""What the storage learns of a client, and what is left behind of an address: nothing (F37, F59, F60)."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from clio_async import Attempt, Clio, Exchange, Hooks
from clio_async.errors import ClioError
from clio_async.testing.wire import Answer

from ..canaries import Canaries, Records
from .shelf import SIGNATURE, TOKEN, Shelf, changes, chunked, cut, head, raw, refuses, running
from .test_download import HEAD

CANARIES = Canaries(token=TOKEN, signature=SIGNATURE)
PATH = "secret-path"

OUTCOMES: dict[str, list[Any]] = {
    "whole": [],
    "taken up": [cut(HEAD + 100)],
    "expired": [refuses(403, "AccessDenied")],
    "missing": [refuses(404, SIGNATURE)],
    "changed": [cut(HEAD + 100), changes(b"x", '"two"')],
    "cut": [cut(HEAD + 100), *[refuses(500)] * 3],
    "truncated": [chunked(b"x")] * 3,
    "encoded": [raw("200 OK", b"x", content_encoding=SIGNATURE)],
    "not HTTP": [lambda _, __: Answer(f"HTTP/1.1 200 {SIGNATURE}\r\n{SIGNATURE}\r\n\r\n".encode(), "close")] * 3,
    "a cookie": [raw("403 No", b"", set_cookie=f"a={SIGNATURE}; Domain=127.0.0.1")],
}


class Seen(Hooks):
    def __init__(self) -> None:
        self.events: list[Attempt | Exchange] = []

    def attempted(self, attempt: Attempt, /) -> None:
        self.events.append(attempt)

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        self.events.append(exchange)


async def _stream(clio: Clio, path: Path) -> list[str]:
    async with clio.documents.download(42) as found:
        hits = CANARIES.in_object("download", found)
        async for _ in found:
            hits += CANARIES.in_object("download", found)
            if found.resume is not None:
                hits += CANARIES.in_text("resume", urlsafe_b64decode(found.resume + "=="))
    return hits


async def _save(clio: Clio, path: Path) -> list[str]:
    await clio.documents.download_to(42, path / "file")
    return []


@pytest.mark.parametrize("act", [_stream, _save])
@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_tokens_and_addresses_stay_where_they_belong(
    way: str, outcome: str, act: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """F59, F60: whatever comes of it, the storage sees no token, cookie or version; and no log, event, error, traceback
    with locals, repr, pickle or text that continues it holds a token or a signature."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "httpcore2")  # at DEBUG it logs the header fields of answers
    records, seen = Records(lambda: CANARIES), Seen()
    logging.getLogger().addHandler(records)
    shelf = Shelf(plan=OUTCOMES[outcome])
    hits: list[str] = []
    try:
        async with running(shelf, way, hooks=[seen]) as clio:
            for _ in range(2):
                try:
                    hits += await act(clio, tmp_path)
                except ClioError as error:
                    hits += CANARIES.in_error("error", error)
    finally:
        logging.getLogger().removeHandler(records)
    hits += [hit for event in seen.events for hit in CANARIES.in_object("event", event)]
    assert [] == hits + records.hits
    assert PATH not in caplog.text
    assert not [event for event in seen.events if PATH in repr(event)]
    assert shelf.storage is not None
    for request in shelf.storage.received:
        assert [] == CANARIES.of("token").in_text("storage", request.head)
        names = {name.lower() for name, _ in request.fields}
        assert names <= {"host", "accept-encoding", "range", "if-range"}
    assert {"/documents/42/download"} <= {*shelf.asked}


def test_a_planted_token_would_be_found() -> None:
    """The control of F59: a storage that was shown the token, or a log with the address, is found out."""
    assert CANARIES.in_text("storage", head("GET", authorization=f"Bearer {TOKEN}"))
    assert CANARIES.in_text("log", f"GET /files?X-Amz-Signature={SIGNATURE}")
