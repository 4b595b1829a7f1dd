"""Many tenants at once over one transport and one cache: `python -m tests.tenants.harness --operations 1000000`.

Each operation picks a tenant and does something at random: it reads (typed, raw, a list), writes, purges, changes how
it caches, or is cancelled on the way. Whatever it gets names its owner. With `--threads`, that many event loops work on
one server, each with a client and a cache of its own: the memory cache is for one thread.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

import anyio
from attrs import define, field

from clio_async import Policy, capture_responses
from clio_async.auth.static import StaticToken
from clio_async.caches.base import CacheStore
from clio_async.caches.memory import MemoryCache
from clio_async.client import Clio
from clio_async.errors import APIError, ClioError, RateLimited
from clio_async.events import Exchange
from clio_async.principal import Auth, Principal
from clio_async.protocol.urls import REGIONS
from clio_async.transport.memory import MemoryTransport
from tests.virtual import VirtualLoop

from .world import PATHS, Tenant, World, operation

MODES = ("validate", "validate", "validate", "validate", "refresh", "bypass")
KINDS = ("read",) * 20 + ("cancelled",) * 4 + ("write", "cancelled write", "purge")


def by_token(tenant: Tenant) -> Auth | str:
    """Authorize as an application does that knows no more than a token."""
    return tenant.token


def as_one(tenant: Tenant) -> Auth | str:
    """A control: an application that says of all its users that they are the same."""
    return StaticToken(tenant.token, principal=Principal(f"{REGIONS[tenant.region]}/api/v4", account="everybody"))


@define(eq=False)
class Run:
    """The clients of all tenants in one event loop, and what they saw."""

    world: World
    dice: random.Random
    roots: list[Clio]
    clients: dict[Tenant, list[Clio]]
    name: int = 0
    begun: int = 0
    calls: int = 0
    sources: Counter[str] = field(factory=Counter)
    problems: list[str] = field(factory=list)
    written: dict[tuple[str, str], int] = field(factory=dict)
    """By owner and path: a version of which a write was acknowledged."""
    tenants: list[Tenant] = field(init=False)
    busy: list[Tenant] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.tenants = [*self.clients]
        self.busy = self.tenants[:: max(1, len(self.tenants) // 12)]

    async def work(self, count: int) -> None:
        """Make operations, one after the other."""
        for _ in range(count):
            self.begun += 1
            operation.set((self.name, self.begun))
            tenant = self._tenant()
            with capture_responses() as seen:
                await self._operate(tenant, self.dice.choice(self.clients[tenant]), self.dice.choice(KINDS))
            self._count(seen, tenant)

    def _tenant(self) -> Tenant:
        # A few have most to do, so that there is something to share: calls of one that meet, answers that are held.
        return self.dice.choice(self.busy if self.dice.randrange(4) else self.tenants)

    async def _operate(self, tenant: Tenant, clio: Clio, kind: str) -> None:
        if kind == "purge":
            if not self.dice.randrange(4):
                await clio.purge()
                self.world.purged[self.name, tenant.owner] = self.begun
            return
        path = self.dice.choice(PATHS)
        with anyio.CancelScope() as scope:
            if kind.startswith("cancelled"):
                # At some moment that the call may or may not reach.
                asyncio.get_running_loop().call_later(self.dice.choice((0, 0, 0.0005, 0.002)), scope.cancel)
            try:
                await (self._write if kind.endswith("write") else self._read)(tenant, clio, path)
            except RateLimited as error:
                self._belongs(tenant, error.message or tenant.owner, f"a 429 at {path}")
            except APIError as error:
                self._belongs(tenant, error.message, f"a {error.status} at {path}")
            except ClioError as error:
                self.problems.append(f"{tenant.owner} at {path}: {error!r}")
        quota = clio.quota
        if quota.limit not in (None, tenant.quota):
            self.problems.append(f"{tenant.owner} has a quota of {quota.limit}, not {tenant.quota}")

    async def _write(self, tenant: Tenant, clio: Clio, path: str) -> None:
        path = self.dice.choice(("/matters/1", "/matters/2"))
        self.calls += 1
        answer = json.loads((await clio.request("PATCH", path, json={"data": {}})).body)["data"]
        self._belongs(tenant, answer["owner"], f"the answer to a PATCH of {path}")
        known = self.written.get((tenant.owner, path), 0)
        self.written[tenant.owner, path] = max(known, int(answer["description"]))

    async def _read(self, tenant: Tenant, clio: Clio, path: str) -> None:
        mode, raw = self.dice.choice(MODES), self.dice.random() < 0.3
        if mode != "validate":
            clio = clio.options(cache=mode)
        least = self.written.get((tenant.owner, path), 0)
        self.calls += 1
        owners, version = await _raw(clio, path) if raw else await _typed(clio, path)
        for owner in owners:
            self._belongs(tenant, owner, f"the answer at {path}")
        if version < least:
            self.problems.append(f"{tenant.owner} read version {version} of {path} after version {least}")

    def _belongs(self, tenant: Tenant, owner: str | None, what: str) -> None:
        if owner != tenant.owner:
            self.problems.append(f"{tenant.owner} got {what} of {owner}")

    def _count(self, seen: list[Exchange], tenant: Tenant) -> None:
        for exchange in seen:
            self.sources[str(exchange.source)] += 1
            if exchange.principal != self.clients[tenant][0].principal.fingerprint:
                self.problems.append(f"{tenant.owner} made a call for another principal")

    def audit(self) -> None:
        """Compare what was counted here, by the clients, and by the server."""
        stats = [root.stats for root in self.roots]
        for name, counted, found in (
            ("calls", self.calls, sum(each.calls for each in stats)),
            ("exchanges seen", self.calls, self.sources.total()),
            ("shared", self.sources["shared"], sum(each.shared for each in stats)),
            ("fresh", self.sources["cache"], sum(each.fresh for each in stats)),
            ("revalidated", self.sources["revalidated"], sum(each.revalidated for each in stats)),
        ):
            if counted != found:
                self.problems.append(f"{name}: {counted} counted, {found} in the stats")
        for tenant, clients in self.clients.items():
            for clio in clients:
                if clio.quota.in_flight or clio.quota.waiting:
                    self.problems.append(f"{tenant.owner} has requests under way that have ended: {clio.quota}")


async def _raw(clio: Clio, path: str) -> tuple[list[str], int]:
    found = json.loads((await clio.request("GET", path)).body)["data"]
    records = found if isinstance(found, list) else [found]
    return [record["owner"] for record in records], int(records[0]["description"])


async def _typed(clio: Clio, path: str) -> tuple[list[str | None], int]:
    if path == "/users/who_am_i":
        return [(await clio.users.who_am_i(fields="id,etag,name")).name], 0
    if path == "/settings/billing":
        return [(await clio.billing_settings.get(fields="tax_name")).tax_name], 0
    if path == "/matters":
        rows = await clio.matters.list(fields="id,etag,display_number,description").collect()
        return [row.display_number for row in rows], int(rows[0].description or "")
    if path == "/timer":
        return [(await clio.timer.get(fields="id")).extra["owner"]], 0
    matter = await clio.matters.get(int(path[-1]), fields="id,etag,display_number,description")
    return [matter.display_number], int(matter.description or "")


def opened(
    world: World,
    transport: MemoryTransport,
    cache: CacheStore | None,
    dice: random.Random,
    *,
    auth: Callable[[Tenant], Auth | str] = by_token,
    principals: int = 100,
    name: int = 0,
) -> Run:
    """Make the clients: two that share transport and cache, and one more of each for every tenant."""
    policy = Policy(fresh_for={"users": 0.01})
    clock = asyncio.get_running_loop().time
    roots = [
        Clio(
            "root", transport=transport, cache=cache, policy=policy, timeout=None,
            clock=clock, wall_clock=lambda: 1.8e9 + clock(), random=dice.random,
        )
        for _ in range(2)
    ]  # fmt: skip
    tenants = [Tenant(region, number) for region in REGIONS for number in range(principals)]
    clients = {each: [root.with_auth(auth(each), region=each.region) for root in roots] for each in tenants}
    return Run(world, dice, roots, clients, name)


async def play(
    seed: int,
    operations: int,
    *,
    cache: CacheStore | None = None,
    auth: Callable[[Tenant], Auth | str] = by_token,
    principals: int = 100,
    tasks: int = 50,
    caching: bool = True,
) -> Run:
    """Make a run in this event loop."""
    dice = random.Random(seed)
    world = World(dice)
    loop = asyncio.get_running_loop()
    transport = MemoryTransport(world, clock=loop.time)
    if cache is None and caching:  # an empty one is false
        cache = MemoryCache(max_bytes=3_000_000)
    run = opened(world, transport, cache, dice, auth=auth, principals=principals)
    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(run.work, operations // tasks)
    run.audit()
    sent = sum(root.stats.requests for root in run.roots)
    if sent != world.requests:
        run.problems.append(f"requests: {world.requests} at the server, {sent} in the stats")
    run.problems += world.problems
    for root in run.roots:
        await root.aclose()
    return run


def simulated(seed: int, operations: int, **options: object) -> Run:
    """Make a run in virtual time."""
    loops = {"loop_factory": VirtualLoop}
    return anyio.run(lambda: play(seed, operations, **options), backend_options=loops)  # type: ignore[arg-type]


def threaded(seed: int, operations: int, threads: int, *, principals: int = 100, tasks: int = 20) -> list[Run]:
    """Make a run in each of several threads, over one transport and one server."""
    world = World(random.Random(seed), pause="0")
    transport = MemoryTransport(world)
    runs: list[Run] = []
    errors: list[BaseException] = []

    async def part(number: int) -> None:
        dice = random.Random(1000 * seed + number)
        run = opened(world, transport, MemoryCache(max_bytes=3_000_000), dice, principals=principals, name=number)
        runs.append(run)
        async with anyio.create_task_group() as group:
            for _ in range(tasks):
                group.start_soon(run.work, operations // threads // tasks)
        run.audit()

    def thread(number: int) -> None:
        try:
            anyio.run(part, number)
        except BaseException as error:
            errors.append(error)

    started = [threading.Thread(target=thread, args=(number,)) for number in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    if errors:
        raise errors[0]
    return runs


def main() -> int:
    """Run until something is wrong, or the operations are made. The exit status is 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.tenants.harness")
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--principals", type=int, default=100, help="in each of four regions")
    parser.add_argument("--threads", type=int, default=0, help="real event loops instead of virtual time")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    seed, left, started = options.seed, options.operations, time.monotonic()
    while left > 0:
        size = min(left, 200_000)
        if options.threads:
            runs = threaded(seed, size, options.threads, principals=options.principals)
        else:
            runs = [simulated(seed, size, principals=options.principals)]
        problems = [problem for run in runs for problem in run.problems] + runs[0].world.problems
        if problems:
            print("\n".join(problems[:20]), f"\nseed {seed}: {len(problems)} problems")
            return 1
        left -= size
        seed += 1
    taken = time.monotonic() - started
    print(f"{options.operations} operations in {taken:.0f} s, seeds up to {seed - 1}: nobody saw what is another's")
    return 0


if __name__ == "__main__":
    sys.exit(main())
