"""A simulated firm that takes files, a client of it, and what was sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from clio_async import Clio, MemoryTransport, Request, Response
from clio_async.messages import Headers
from clio_async.testing import Regime, Simulator

BASE = "http://localhost/api/v4"
KIB = 1000
PART = 5 * KIB
MATTER: Any = {"id": 1, "type": "Matter"}
THREE = (bytes(range(256)) * 44)[: 11 * KIB - 1] + b"."
"""Two whole parts and a shorter one, where a part may be that short: see the fixture `small_parts`."""


class Firm:
    """The clock of the client stands still unless it is set."""

    def __init__(self, regime: Regime | None = None, simulator: Simulator | None = None, **settings: Any) -> None:
        self.simulator = simulator or Simulator(regime=regime or Regime())
        self.simulator.storage.smallest_part = KIB
        self.now = 1000.0
        self.bodies: list[Any] = []
        self.requests: list[Request] = []
        self.change: Callable[[Request, Response], Response] = lambda _, response: response
        """Makes another answer of the right one."""
        given: dict[str, Any] = {"base_url": BASE, "random": lambda: 0.0, "clock": lambda: self.now, **settings}
        transport = MemoryTransport(self._carry, clock=lambda: self.now)
        self.clio = Clio(self.simulator.token(), transport=transport, **given)

    async def _carry(self, request: Request) -> Response:
        self.requests.append(request)
        if request.method in {"POST", "PATCH"}:
            self.bodies.append(json.loads(request.body or b"{}")["data"])
        return self.change(request, await self.simulator.handler(request))

    def asked(self) -> list[str]:
        """Return what was asked: methods, of PUT with the number of the part, and the status of what was refused."""
        found: list[str] = []
        for entry in self.simulator.entries():
            part = entry.path.split("/")[5:] if entry.method == "PUT" else []
            status = [] if entry.status < 400 else [str(entry.status)]
            found.append(" ".join([entry.method, *part, *status]))
        return found

    def puts(self) -> list[str]:
        return [one for one in self.asked() if one.startswith("PUT")]

    def stored(self, id: int) -> bytes | None:
        """Return the bytes of the latest version of a document; None if it is not finished."""
        version = self.simulator.record("documents", id, fields="latest_document_version{id,fully_uploaded}")
        latest = version["latest_document_version"]
        if not latest["fully_uploaded"]:
            return None
        found = self.simulator.storage.files[f"/1/documents/{id}/{latest['id']}"]
        assert isinstance(found, bytes)
        return found

    def documents(self) -> list[int]:
        """Return the documents that were not there at first, finished or not."""
        return [*self.simulator.firm().table("documents").ids(12)]


async def stream(content: bytes, step: int = 990) -> AsyncIterator[bytes]:
    for start in range(0, len(content), step):
        yield content[start : start + step]


def with_data(response: Response, change: Callable[[Any], None]) -> Response:
    """Return an answer with other data."""
    data = json.loads(response.body)
    change(data["data"])
    body = json.dumps(data).encode()
    pairs = [pair for pair in response.headers.pairs if pair[0].lower() != "content-length"]
    return Response(response.status, Headers(pairs), body)
