"""F71: every generated verb is cancelled while its request is under way, there and back."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import anyio
import pytest

from clio_async import Clio, Headers, Request, Response
from clio_async.resources.base import ResourceBase
from clio_async.transport.base import Transport
from tests.operations.calls import Verb, carried_out, verbs
from tests.virtual import VirtualLoop

from .instants import HOWS, How, Strike
from .roster import public_calls
from .world import BASE, left_by

VERBS = verbs()
LISTS = {"list", "ids", "list_items"}
ANSWERED = {"event_metrics.list", "grant_funding_sources.delete"}
"""What is answered with a record, though others of its kind are not."""
ADDRESSES = {"download_url", "preview_url"}


class Counted(Transport):
    """Answer every request with what a verb can read, after a moment, and count those under way."""

    def __init__(self, verb: Verb) -> None:
        self.verb = verb
        self.held = self.sent = 0

    async def send(self, request: Request) -> Response:
        self.held += 1
        try:
            await anyio.sleep(0.01)
            self.sent += 1
            return self.answer(request)
        finally:
            self.held -= 1

    def answer(self, request: Request) -> Response:
        name = self.verb.name
        if name in ADDRESSES:
            return Response(303, Headers([("Location", "https://files.example/x?signature=1")]))
        if name == "preview":
            return Response(200, Headers([("Content-Type", "text/html")]), b"<html></html>")
        if request.method == "DELETE" and str(self.verb) not in ANSWERED:
            return Response(204)
        empty = name in LISTS and str(self.verb) not in ANSWERED
        record = {"id": "7" if self.verb.resource == "calendar_entries" else 7, "etag": '"1"'}
        body: Any = {"data": [] if empty else record, "meta": {"paging": {}, "records": 0}}
        return Response(200, Headers([("Content-Type", "application/json")]), json.dumps(body).encode())

    async def aclose(self) -> None: ...

    def stream(self, request: Request) -> Any:
        raise AssertionError("no generated verb streams")


async def _cancelled(verb: Verb, how: How) -> int:
    number, left = 0, list[str]()
    while True:
        number += 1
        transport = Counted(verb)
        clio = Clio("token", base_url=BASE, transport=transport, clock=anyio.current_time)
        strike = Strike(number, how)
        await strike.run(partial(carried_out, clio, verb, verb.least()))
        left = [*left_by(clio), *(["a request"] if transport.held else [])]
        assert [] == left
        if not strike.struck:
            assert "returned" == strike.outcome, strike.error
            return number - 1
        assert ("cancelled", []) == (strike.outcome, strike.after)
        await carried_out(clio, verb, verb.least())
        await clio.aclose()


@pytest.mark.parametrize("how", HOWS)
def test_every_generated_verb_is_cancelled_at_every_instant(how: How) -> None:
    """F71: it ends at once, holds no place, and the same client can call it again."""

    async def all_of_them() -> None:
        for verb in VERBS:
            assert await _cancelled(verb, how), verb

    anyio.run(all_of_them, backend_options={"loop_factory": VirtualLoop})


def test_every_verb_is_known() -> None:
    """Whatever a resource has is a generated verb, or in the list of what is public."""
    clio, known, listed = (
        Clio("nobody"),
        {str(verb) for verb in VERBS},
        {each.partition(".")[2] for each in public_calls()},
    )
    for name in dir(clio):
        found = None if name.startswith("_") else getattr(clio, name)
        if isinstance(found, ResourceBase):
            names = {verb for verb in dir(type(found)) if not verb.startswith("_")}
            assert not [verb for verb in names if f"{name}.{verb}" not in known and verb not in listed]
