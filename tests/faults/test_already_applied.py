"""A server that answers a repeated write as if it were the first, since it finds done what was asked (F16)."""

from __future__ import annotations

import json

from clio_async import Clio, MaybeSent, MemoryTransport, Request, Response
from clio_async.messages import Headers

BASE = "http://localhost/api/v4"


class Firm:
    """One matter. A write under an old tag is answered 200 if it asks for what is there (RFC 9110 §13.1.1)."""

    def __init__(self) -> None:
        self.text, self.version = "old", 1
        self.lose = False
        self.seen: list[tuple[str, str | None, int]] = []

    @property
    def tag(self) -> str:
        return f'"{self.version}"'

    def __call__(self, request: Request) -> Response:
        tag, status = request.headers.get("If-Match"), 200
        if request.method == "PATCH":
            text = json.loads(request.body or b"")["data"]["description"]
            if tag == self.tag:
                self.text, self.version = text, self.version + 1
            elif text != self.text:
                status = 412
        self.seen.append((request.method, tag, status))
        if self.lose:
            self.lose = False
            raise MaybeSent("The connection ended.")
        content = {"data": {"id": 7, "etag": self.tag, "description": self.text}}
        return Response(status, Headers({"Content-Type": "application/json"}), json.dumps(content).encode())


async def test_a_repeated_write_that_is_found_done_is_done() -> None:
    """F16: one change for two requests, and what comes next is guarded by the new tag."""
    firm = Firm()
    clio = Clio("t", base_url=BASE, transport=MemoryTransport(firm), random=lambda: 0.0)
    matter = await clio.matters.get(7)
    firm.lose = True
    done = await clio.matters.update(matter, description="new")
    assert ("new", '"2"', 2) == (done.description, done.etag, firm.version)
    await clio.matters.update(done, description="newer")
    assert [("PATCH", '"1"', 200), ("PATCH", '"1"', 200), ("PATCH", '"2"', 200)] == firm.seen[1:]
