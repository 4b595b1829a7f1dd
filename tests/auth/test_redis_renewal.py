"""Grants upon a real server that is stopped, frozen, emptied, or comes back with what it held some time ago."""

from __future__ import annotations

import anyio
import pytest
from anyio.lowlevel import checkpoint
from attrs import define

from clio_async import RedisServer, RedisTokenStore
from clio_async.errors import AuthError, ClioWarning, ReauthRequired
from clio_async.messages import Request, Response
from tests.redis_server import RedisProcess

from .server import Server, Shelf, World, clients_of, reply, world
from .test_redis_store import expire


@define
class Late(Server):
    """A server that has acted already while a process waits for its first answer."""

    late: bool = True

    async def _token(self, request: Request) -> Response:
        form = clients_of(request)
        if not self.late or form["grant_type"] != "refresh_token" or self.hold is None:
            return await super()._token(request)
        self.late = False
        self.tokens.append(form)
        answer = self._answered(form)
        await self.hold.wait()
        return answer


async def settled() -> None:
    """Let the event loop see that connections were closed at the other end."""
    for _ in range(5):
        await checkpoint()


async def used(made: World) -> str:
    """Make a call. Return the number of the token it went with."""
    await made.clio.request("GET", "/x")
    return made.server.calls[-1].headers["authorization"].rpartition("-")[2]


async def grown(process: RedisProcess, server: Server | None = None) -> tuple[World, RedisTokenStore]:
    """Build everything upon a server, with refresh tokens that work once."""
    store = RedisTokenStore(RedisServer(process.url, timeout=0.1), lease=0.3)
    store.url = process.url  # type: ignore[attr-defined]
    made = await world(server=server or Server(rotation="new"), shelf=store)  # type: ignore[arg-type]
    return made, store


async def another(made: World, store: RedisTokenStore) -> World:
    """The same service in another process."""
    other = World(
        made.server, made.shelf, made.other_app(), made.clock, made.wall, made.transport, None, None, made.names  # type: ignore[arg-type]
    )  # fmt: skip
    other.grant = await other.app.open(store, "firm")
    other.clio = other.client(other.grant)
    return other


async def test_two_processes_share_a_refresh(redis_process):
    """Who gets the lock second finds what the first has saved, and asks nobody (F30)."""
    made, store = await grown(redis_process)
    other = await another(made, store)
    made.expire()
    made.server.steps = 20
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(used, made)
        tasks.start_soon(used, other)
    assert 1 == made.server.refreshes
    assert ("2", "2") == (await used(made), await used(other))
    await store._server.aclose()


async def test_a_server_that_was_emptied_ends_no_grant(redis_process):
    """A process that holds the token puts it back when it is due; who opens the grant then finds it (F48)."""
    made, store = await grown(redis_process)
    with redis_process.client() as client:
        client.flushall()
    with pytest.raises(ReauthRequired, match="Nothing is stored"):
        await another(made, store)
    made.expire()
    assert "2" == await used(made)
    assert "2" == await used(await another(made, store))
    await store._server.aclose()


async def test_a_store_that_puts_nothing_back_ends_the_grant():
    """The control: for a store that loses nothing, what is missing was removed."""
    made = await world(server=Server(rotation="new"), shelf=Shelf())
    made.shelf.held.clear()
    made.expire()
    with pytest.raises(ReauthRequired, match="holds no token"):
        await used(made)


async def test_what_was_removed_stays_removed(redis_process):
    """A process that still holds a grant which another has given back does not bring it back (F31)."""
    made, store = await grown(redis_process)
    await made.other_app().deauthorize(store, "firm")
    made.expire()
    with pytest.raises(ReauthRequired, match="holds no token"):
        await used(made)
    assert await store.load("firm") is None
    await store._server.aclose()


async def test_an_older_state_of_the_server_ends_no_grant(redis_process):
    """A server that comes back with a token whose refresh token is used up is given the newer one (F48)."""
    made, store = await grown(redis_process)
    with redis_process.client() as client:
        client.save()
    made.expire()
    assert "2" == await used(made)
    redis_process.stop()
    redis_process.start()
    await settled()
    assert "CANARY-access-1" == (await store.load("firm")).access_token.reveal()
    made.expire()
    assert "3" == await used(made)
    assert "CANARY-access-3" == (await store.load("firm")).access_token.reveal()
    assert ["CANARY-refresh-1", "CANARY-refresh-2"] == [form["refresh_token"] for form in made.server.tokens[1:]]
    await store._server.aclose()


async def test_an_older_state_of_another_store_ends_the_grant():
    """The control of F48: a store that puts nothing back has the used up refresh token tried again."""
    made = await world(server=Server(rotation="new"), shelf=Shelf())
    before = dict(made.shelf.held)
    made.expire()
    await used(made)
    made.shelf.held = before
    made.expire()
    with pytest.raises(ReauthRequired, match="invalid_grant"):
        await used(made)


async def test_the_newest_token_stands_in_the_end(redis_process):
    """After the server was emptied an idle process puts an older token back, and takes the grant for gone; the one
    that holds the newest puts that in its place, and the other comes back."""
    made, store = await grown(redis_process)
    idle = await another(made, store)
    made.expire()
    assert "2" == await used(made)
    with redis_process.client() as client:
        client.flushall()
    with pytest.raises(ReauthRequired, match="invalid_grant"):
        await used(idle)
    assert (await store.load("firm")).revoked
    made.expire()
    assert "3" == await used(made)
    made.pass_(5)
    assert "3" == await used(idle)
    await store._server.aclose()


async def test_a_token_is_used_while_the_server_is_away(redis_process):
    """Until it is over, a token serves; then each call says why there is no other, at once; the warning comes once;
    and the server that is back is used (F32, F46)."""
    made, store = await grown(redis_process)
    redis_process.stop()
    assert "1" == await used(made)
    made.expire()

    async def refused() -> None:
        for _ in range(2):
            with pytest.raises(AuthError, match="token store failed"):
                await used(made)

    with pytest.warns(ClioWarning, match="Redis server of the token store failed") as caught:
        await refused()
    assert (1, 0) == (len(caught), made.server.refreshes)
    redis_process.start()
    await settled()
    made.pass_(5)
    assert "2" == await used(made)
    await store._server.aclose()


async def test_a_server_that_freezes_during_a_renewal(redis_process, caplog):
    """What was renewed is used, though it cannot be saved, and saved when the server is back (F46)."""
    made, store = await grown(redis_process)
    other = await another(made, store)
    made.expire()
    made.server.faults = [("after", lambda: redis_process.freeze() or reply(200, made.server.grant()))]
    assert "3" == await used(made)
    redis_process.thaw()
    made.pass_(2)
    await used(made)
    while (await store.load("firm")).renewals == 0:
        await checkpoint()
    assert "3" == await used(other)
    assert 1 == made.server.refreshes
    assert 1 == sum("could not be saved" in record.message for record in caplog.records)
    await store._server.aclose()


async def stopped(made: World, store: RedisTokenStore, meanwhile) -> str:
    """Let the process lose its lock while the authorization server answers it. Return the token it goes on with."""
    made.expire()
    made.server.hold = anyio.Event()
    async with anyio.create_task_group() as tasks:
        result: list[str] = []

        async def call() -> None:
            result.append(await used(made))

        tasks.start_soon(call)
        while not made.server.tokens[1:]:
            await checkpoint()
        hold, made.server.hold = made.server.hold, None
        await expire(store)
        await meanwhile(hold)
    return result[0]


async def test_a_process_that_was_stopped_takes_what_another_has_renewed(redis_process):
    """Its late answer is an error by then, and it does not mark the token of the other (F30)."""
    made, store = await grown(redis_process)
    other = await another(made, store)

    async def faster(hold: anyio.Event) -> None:
        assert "2" == await used(other)
        hold.set()

    assert "2" == await stopped(made, store, faster)
    assert not (await store.load("firm")).revoked
    await store._server.aclose()


async def test_a_token_that_only_a_stopped_process_has_is_not_thrown_away(redis_process):
    """The other was refused, since the refresh token was used up, and has marked the grant: the one that has its next
    token saves it over the mark, and the other comes back (F30)."""
    made, store = await grown(redis_process, Late(rotation="new"))
    other = await another(made, store)

    async def refused(hold: anyio.Event) -> None:
        with pytest.raises(ReauthRequired, match="invalid_grant"):
            await used(other)
        assert (await store.load("firm")).revoked
        hold.set()

    assert "2" == await stopped(made, store, refused)
    stored = await store.load("firm")
    assert (False, "CANARY-access-2") == (stored.revoked, stored.access_token.reveal())
    made.pass_(5)
    assert "2" == await used(other)
    await store._server.aclose()
