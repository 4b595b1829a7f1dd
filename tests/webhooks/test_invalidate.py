"""`Clio.invalidate`: what is held of a record is asked for anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pytest
from anyio import wait_all_tasks_blocked

from clio_async.caches.base import Begun, CacheStore, Entry, Generation
from clio_async.caches.memory import MemoryCache
from clio_async.errors import ClientClosed, InvalidArgument, UnknownOption
from clio_async.messages import Response
from clio_async.options import Policy
from tests.origin import BASE, Origin, Wire, client

MATTER = "/matters/42"


def _origin() -> Origin:
    origin = Origin()
    for path in (MATTER, "/matters/43", "/matters", "/users/1", "/documents/5"):
        origin.put(path, b'{"data": {"id": 42}}')
    return origin


@pytest.mark.parametrize("given", [42, "record"])
async def test_what_is_held_of_a_record_is_asked_for_by_everybody(given: Any) -> None:
    """For all principals of the region, and its lists too; other records are left alone."""

    class Record:
        id = 42

    wire = Wire(_origin().answer)
    clio = client(wire, policy=Policy(fresh_for={"matters": 1e9}))
    other = clio.with_auth("token-b")

    async def reads() -> int:
        before = len(wire.seen)
        for one in (clio, other):
            for path in (MATTER, "/matters"):
                await one.request("GET", path)
        return len(wire.seen) - before

    await clio.request("GET", "/matters/43")
    assert [4, 0] == [await reads(), await reads()]
    await clio.invalidate("matters", Record() if given == "record" else given)
    assert [4, 0] == [await reads(), await reads()]
    assert (await clio.request("GET", "/matters/43")).source == "cache"


async def test_without_an_id_the_lists_are_asked_for() -> None:
    """And not the single records."""
    wire = Wire(_origin().answer)
    clio = client(wire, policy=Policy(fresh_for={"matters": 1e9}))
    for path in (MATTER, "/matters"):
        await clio.request("GET", path)
    await clio.invalidate("matters")
    sources = [(await clio.request("GET", path)).source for path in (MATTER, "/matters")]
    assert ["cache", "network"] == sources


async def test_what_lies_under_a_record_and_what_shows_it_nested_is_asked_for() -> None:
    """`/matters/42/client` depends on the matter, and so does a task that shows it."""
    origin = Origin()
    origin.put("/matters/42/client", b'{"data": {"id": 1}}')
    origin.put("/tasks/7", b'{"data": {"id": 7, "matter": {"id": 42, "description": "x"}}}')
    wire = Wire(origin.answer)
    base = "http://localhost/api/v4"
    assert base == BASE
    clio = client(wire, policy=Policy(fresh_for={"tasks": 1e9, "matter_client": 1e9}))
    for _ in range(2):
        await clio.request("GET", "/matters/42/client")
        await clio.tasks.get(7, fields="id,matter{id,description}")
        assert 2 == len(wire.seen)
    await clio.invalidate("matters", 42)
    await clio.request("GET", "/matters/42/client")
    await clio.tasks.get(7, fields="id,matter{id,description}")
    assert 4 == len(wire.seen)


async def test_a_read_under_way_is_neither_joined_nor_kept() -> None:
    """It may have been answered before the change."""
    origin = _origin()
    held: list[anyio.Event] = []

    async def slow(request: Any) -> Response:
        response = origin.answer(request)
        if not held:
            held.append(anyio.Event())
            await held[0].wait()
        return response

    wire = Wire(slow)
    clio = client(wire, policy=Policy(fresh_for={"matters": 1e9}))
    seen: list[bytes] = []

    async def read() -> None:
        seen.append((await clio.request("GET", MATTER)).body)

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        await wait_all_tasks_blocked()
        origin.put(MATTER, b"new")
        await clio.invalidate("matters", 42)
        await read()
        held[0].set()
    await read()
    assert [b"new", b'{"data": {"id": 42}}', b"new"] == seen
    assert 2 == len(wire.seen)


class Elsewhere(CacheStore):
    """A store outside of the process: every step of it is a place where a task may be cancelled."""

    def __init__(self) -> None:
        self.inner = MemoryCache()

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        return await self.inner.begin(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await self.inner.commit(principal, key, tags, generation, entry)

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        """Nothing to do."""

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await anyio.sleep(0.01)
        await self.inner.delete_tags(tags, principal=principal)

    async def purge(self, principal: str) -> None:
        raise AssertionError("nobody purges")

    async def aclose(self) -> None:
        """Nothing to do."""


async def test_an_invalidation_that_began_is_done() -> None:
    """Whoever is cancelled while the store of many processes notes it does not leave it half done."""
    wire, store = Wire(_origin().answer), Elsewhere()
    clio = client(wire, cache=store)
    await clio.request("GET", MATTER)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await clio.invalidate("matters", 42)
    another_process = client(wire, cache=store)
    await another_process.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_custom_fields_that_were_learnt_are_asked_for_again() -> None:
    """As after a write to them."""
    clio = client(Wire(_origin().answer))
    outdated: list[tuple[str, str | None]] = []

    class Learned:
        def written(self, base: str, resource: str | None) -> None:
            outdated.append((base, resource))

    clio._core.learned = Learned()  # type: ignore[assignment]
    await clio.invalidate("custom_fields", 5)
    assert [(BASE, "custom_fields")] == outdated


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("mattrs",), UnknownOption, "'matters'"),
        (("matter", 42), UnknownOption, "'matters'"),
        ((42,), UnknownOption, "42"),
        (("matters", 0), InvalidArgument, "positive integer"),
        (("matters", -1), InvalidArgument, "positive integer"),
        (("matters", True), InvalidArgument, "positive integer"),
        (("matters", "42"), InvalidArgument, "positive integer"),
        (("matters", "../users/1"), InvalidArgument, "positive integer"),
        (("matter_client", 42), InvalidArgument, "lie under others"),
        (("document_versions", 42), InvalidArgument, "lie under others"),
        (("timer", 42), InvalidArgument, "leave the id out"),
        (("billing_settings", 42), InvalidArgument, "leave the id out"),
    ],
)
async def test_what_does_not_exist_is_refused(arguments: tuple[Any, ...], error: type[Exception], says: str) -> None:
    """With the nearest right name."""
    with pytest.raises(error, match=says):
        await client(Wire(_origin().answer)).invalidate(*arguments)


async def test_a_closed_client_says_so() -> None:
    """Its store may be closed, too."""
    clio = client(Wire(_origin().answer))
    await clio.aclose()
    with pytest.raises(ClientClosed):
        await clio.invalidate("matters", 42)


async def test_every_resource_can_be_named() -> None:
    """By its id where it has records with one, and else without."""
    from clio_async.models import registry

    clio = client(Wire(_origin().answer))
    nested = []
    for name in registry.resource_names():
        if "{" in registry.resource(name).path:
            nested.append(name)
            continue
        await clio.invalidate(name)
    assert 7 == len(nested)
