"""A server for many firms that does its best to get them mixed up, and remembers to whom it told what.

Every firm has the same paths, the same record ids, the same tags at the same versions, and, in each region, the same
tokens. Who is asked for shows in the body alone: it names its owner, and so does every error.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from contextvars import ContextVar
from urllib.parse import urlsplit

import anyio
from attrs import define, field, frozen

from clio_async.messages import Headers, Request, Response
from clio_async.protocol.urls import REGIONS

PATHS = ("/users/who_am_i", "/timer", "/settings/billing", "/matters/1", "/matters/2", "/matters")
FAULTS = {401: "UnauthorizedError", 403: "ForbiddenError", 404: "NotFoundError", 429: "RateLimited"}
FAULT_RATE = 0.04
QUOTA = 1_000_000
REGION_OF = {urlsplit(origin).netloc: region for region, origin in REGIONS.items()}

operation: ContextVar[tuple[int, int]] = ContextVar("operation")
"""For which operation a request is sent: which cache it uses, and its number among those that do."""


@frozen
class Tenant:
    """A user of a firm in a region. The token is the same in every region; the principal must not be."""

    region: str
    number: int

    @property
    def token(self) -> str:
        return f"token-{self.number}"

    @property
    def owner(self) -> str:
        return f"{self.region}/account-{self.number // 2}/user-{self.number}"

    @property
    def quota(self) -> int:
        """Its limit, which is nobody else's."""
        return QUOTA + 10 * self.number + [*REGIONS].index(self.region)


@define(eq=False)
class World:
    """The server: versions of records, what was told to whom, and what was wrong."""

    dice: random.Random
    fault_rate: float = FAULT_RATE
    pause: str = "1"
    """The `Retry-After` of a 429."""
    versions: Counter[tuple[str, str]] = field(factory=Counter)
    told: dict[tuple[int, str, str, str], int] = field(factory=dict)
    """By cache, owner, path and tag that was told: the number of the last operation that it was told to."""
    purged: dict[tuple[int, str], int] = field(factory=dict)
    """By cache and owner: how many operations had begun when the last purge was over."""
    requests: int = 0
    conditions: int = 0
    statuses: Counter[int] = field(factory=Counter)
    problems: list[str] = field(factory=list)
    _lock: threading.Lock = field(factory=threading.Lock)

    async def __call__(self, request: Request) -> Response:
        """Answer, some time between now and later."""
        with self._lock:
            self.requests += 1
            before, after = self.dice.randrange(3), self.dice.randrange(3)
            late = self.dice.random() < 0.1
        for _ in range(before):
            await anyio.lowlevel.checkpoint()
        with self._lock:
            response = self.answer(request)
            self.statuses[response.status] += 1
        for _ in range(after):
            await anyio.lowlevel.checkpoint()
        if late:
            await anyio.sleep(0.001)
        return response

    def answer(self, request: Request) -> Response:
        """Answer as things stand now."""
        where = urlsplit(request.url)
        number = int(request.headers["authorization"].removeprefix("Bearer token-"))
        tenant = Tenant(REGION_OF[where.netloc], number)
        path = where.path.removeprefix("/api/v4").removesuffix(".json")
        quota = {"X-RateLimit-Limit": str(tenant.quota), "X-RateLimit-Remaining": str(QUOTA)}
        if self.dice.random() < self.fault_rate:
            return self._fault(tenant, quota)
        if request.method == "PATCH":
            for changed in (path, path.rpartition("/")[0]):
                self.versions[tenant.owner, changed] += 1
            return Response(200, Headers(quota), self._body(tenant, path))
        return self._read(tenant, path, request, quota)

    def _fault(self, tenant: Tenant, quota: dict[str, str]) -> Response:
        status = self.dice.choice([*FAULTS])
        body = {"error": {"type": FAULTS[status], "message": tenant.owner}}
        extra = {"Retry-After": self.pause} if status == 429 else {}
        return Response(status, Headers({**quota, **extra}), json.dumps(body).encode())

    def _read(self, tenant: Tenant, path: str, request: Request, quota: dict[str, str]) -> Response:
        owner, tag = tenant.owner, f'"{path}-{self.versions[tenant.owner, path]}"'
        condition, (cache, number) = request.headers.get("If-None-Match"), operation.get()
        if condition is not None:
            self.conditions += 1
            last = self.told.get((cache, owner, path, condition))
            if last is None:
                self.problems.append(f"{owner} asked about {condition} at {path}, which it was never told")
            elif last <= self.purged.get((cache, owner), 0) < number:
                self.problems.append(f"{owner} asked about {condition} at {path}, which a purge had removed")
        self.told[cache, owner, path, tag] = max(number, self.told.get((cache, owner, path, tag), 0))
        fields = {**quota, "ETag": tag}
        if condition == tag:
            return Response(304, Headers(fields))
        body = self._body(tenant, path)
        return Response(200, Headers(fields), body, wire_bytes=len(body))

    def _body(self, tenant: Tenant, path: str) -> bytes:
        owner, version = tenant.owner, self.versions[tenant.owner, path]
        record = {"id": 1, "etag": f'"{version}"', "description": str(version)}
        record |= dict.fromkeys(("name", "display_number", "tax_name", "owner"), owner)
        if path == "/matters":
            rows = [record | {"id": number} for number in (1, 2)]
            return json.dumps({"data": rows, "meta": {"records": 2, "paging": {}}}).encode()
        return json.dumps({"data": record}).encode()
