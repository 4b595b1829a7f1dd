"""Nobody sees what is another's: 100 principals in each of four regions, one transport, one cache (F39, F40)."""

from __future__ import annotations

import random
from collections.abc import Sequence

import anyio
import pytest

from clio_async import capture_responses
from clio_async.auth.static import StaticToken
from clio_async.caches.base import Begun, Entry, Generation
from clio_async.caches.memory import MemoryCache
from clio_async.client import Clio
from clio_async.errors import ReauthRequired, Unauthorized
from clio_async.messages import Headers, Request, Response
from clio_async.principal import Channel
from clio_async.secrets import Secret
from clio_async.transport.memory import MemoryTransport
from tests.origin import BASE, client, ok

from .harness import Run, as_one, simulated, threaded
from .world import PATHS, QUOTA, Tenant, World, operation

OPERATIONS = 8_000
"""In a second or three. `python -m tests.tenants.harness` makes as many as it is told to."""


class ByUrl(MemoryCache):
    """The control: a cache that keeps answers by their URL alone."""

    def look(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        return super().look("", key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await super().commit("", key, tags, generation, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await super().delete_tags(tags, principal=None if principal is None else "")

    async def purge(self, principal: str) -> None:
        await super().purge("")


def kinds(run: Run) -> set[str]:
    """What sort of problems there are."""
    words = ("got the answer", "was never told", "had removed", "quota", "another principal", "after version")
    return {word for word in words for problem in run.problems if word in problem}


def test_nobody_sees_what_is_anothers() -> None:
    """F39, over random reads, writes, 304s, refusals, purges and cancellations: no answer, tag, flight or
    quota is foreign."""
    run = simulated(1, OPERATIONS)
    assert run.problems == []
    # It was no walk in the park: everything happened, many times.
    assert {*run.sources} == {"network", "revalidated", "cache", "shared", "None"}
    assert {*run.world.statuses} == {200, 304, 401, 403, 404, 429}
    assert min(run.sources.values()) > 30
    assert min(run.world.statuses.values()) > 30
    assert {path for _, _, path, _ in run.world.told} == {*PATHS}
    assert len({owner for _, owner, _, _ in run.world.told}) > 300


def test_a_cache_by_url_alone_is_caught() -> None:
    """The control of F39: where the cache does not know the principal, answers and tags of others are found."""
    found = kinds(simulated(1, 1_000, cache=ByUrl()))
    assert {"got the answer", "was never told"} <= found


def test_one_principal_for_all_is_caught() -> None:
    """The control: where an application says that all its users are one, even without a cache they share flights."""
    run = simulated(1, 2_000, auth=as_one, caching=False)
    assert {"got the answer", "quota"} <= kinds(run)
    assert run.world.conditions == 0


def test_threads_share_a_transport_and_nothing_else() -> None:
    """F39: in several event loops at once, each with a client and a cache of its own, nobody sees what is another's."""
    runs = threaded(1, 3_000, threads=4, principals=25)
    world = runs[0].world
    assert [problem for run in runs for problem in run.problems] + world.problems == []
    assert len(runs) == 4
    assert sum(root.stats.requests for run in runs for root in run.roots) == world.requests
    assert {name for name, _, _, _ in world.told} == {0, 1, 2, 3}


async def opened(numbers: Sequence[int] = (1,), regions: Sequence[str] = ("us",)) -> tuple[World, dict[str, Clio]]:
    """A faultless server, and a client of each of these tenants, by owner."""
    world = World(random.Random(1), fault_rate=0)
    operation.set((0, 0))
    root = Clio("root", transport=MemoryTransport(world), cache=MemoryCache())
    tenants = [Tenant(region, number) for region in regions for number in numbers]
    return world, {each.owner: root.with_auth(each.token, region=each.region) for each in tenants}


async def sources(clients: dict[str, Clio]) -> dict[str, str]:
    """Let everybody read all paths. Return where the answers came from, checking whose they are."""
    found: dict[str, str] = {}
    for owner, clio in clients.items():
        with capture_responses() as seen:
            for path in PATHS:
                assert owner.encode() in (await clio.request("GET", path)).body
        (found[owner],) = {str(exchange.source) for exchange in seen}
    return found


async def test_one_token_in_two_regions_is_two_principals() -> None:
    """The same user and token elsewhere is somebody else: own answers, own quota, own purge (F34, F39)."""
    world, clients = await opened(regions=("us", "eu"))
    us, eu = clients.values()
    assert us.principal != eu.principal
    assert {*(await sources(clients)).values()} == {"network"}
    assert {*(await sources(clients)).values()} == {"revalidated"}
    assert (us.quota.limit, eu.quota.limit) == (QUOTA + 10, QUOTA + 11)
    await us.purge()
    assert [*(await sources(clients)).values()] == ["network", "revalidated"]
    assert world.problems == []


async def test_a_purge_takes_one_principals_answers_alone() -> None:
    """After `purge(principal)` that one reads in full; everybody else's answers are still confirmed (F31, F35)."""
    _, clients = await opened(numbers=range(4), regions=("us", "ca"))
    owners = [*clients]
    await sources(clients)
    await clients[owners[0]].purge(clients[owners[5]].principal)
    await clients[owners[2]].purge()
    assert {owner for owner, source in (await sources(clients)).items() if source == "network"} == {
        owners[2],
        owners[5],
    }
    assert {*(await sources(clients)).values()} == {"revalidated"}


class Slow:
    """An origin whose answers wait until they are let go. Everything has the same tag."""

    def __init__(self) -> None:
        self.gate = anyio.Event()
        self.asked: list[str | None] = []
        self.status = 200

    async def __call__(self, request: Request) -> Response:
        self.asked.append(request.headers.get("If-None-Match"))
        if self.status != 200:
            return Response(self.status, Headers(), b'{"error": "invalid_token"}')
        await self.gate.wait()
        return ok(request.headers["authorization"].encode(), ETag='"1"')


class Gone(StaticToken):
    """A token whose grant turns out to be gone at the first 401."""

    async def rejected(self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None):
        raise ReauthRequired("The grant is gone.")


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("by", ["purge", "purge by another", "lost grant"])
async def test_a_read_that_a_purge_overtakes_is_not_kept(by: str) -> None:
    """What was on its way when a principal was purged is given to its caller, and kept for nobody (F31)."""
    origin = Slow()
    ann = client(MemoryTransport(origin)).with_auth(Gone("token-a"), base_url=BASE)
    ben = ann.with_auth("token-b", base_url=BASE)
    async with anyio.create_task_group() as tasks:
        for clio in (ann, ben):
            tasks.start_soon(clio.request, "GET", "/users/who_am_i")
        await anyio.wait_all_tasks_blocked()
        if by == "lost grant":
            origin.status = 401
            with pytest.raises(ReauthRequired):
                await ann.request("GET", "/timer")
            origin.status = 200
            origin.asked.pop()
        else:
            await (ann.purge() if by == "purge" else ben.purge(ann.principal))
        origin.gate.set()
    for clio in (ann, ben):
        await clio.request("GET", "/users/who_am_i")
    assert origin.asked == [None, None, None, '"1"']


async def test_without_a_purge_such_a_read_is_kept() -> None:
    """The control: it is the purge that keeps it out."""
    origin = Slow()
    ann = client(MemoryTransport(origin))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ann.request, "GET", "/users/who_am_i")
        await anyio.wait_all_tasks_blocked()
        origin.gate.set()
    await ann.request("GET", "/users/who_am_i")
    assert origin.asked == [None, '"1"']


async def test_a_refused_read_drops_its_record_and_nothing_else() -> None:
    """A bare 401 of a static token outdates what it was about, for its principal: other answers may still be asked for
    by their tags, since a token that is refused reads nothing anyway (F35).
    """
    origin = Slow()
    origin.gate.set()
    ann = client(MemoryTransport(origin))
    ben = ann.with_auth("token-b", base_url=BASE)
    for clio in (ann, ben):
        for path in ("/users/who_am_i", "/timer"):
            await clio.request("GET", path)
    origin.status = 401
    with pytest.raises(Unauthorized):
        await ann.request("GET", "/timer")
    origin.status, origin.asked = 200, []
    for clio in (ann, ben):
        for path in ("/users/who_am_i", "/timer"):
            await clio.request("GET", path)
    assert origin.asked == ['"1"', None, '"1"', '"1"']
