"""A renewal whose lock is lost while it is held, and a store that has lost what it was given (F30, F48)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from attrs import evolve

from clio_async.errors import ReauthRequired
from clio_async.events import Hooks, TokenRefresh
from clio_async.secrets import Secret

from .server import Server, Shelf, World, reply, world

pytestmark = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


class Seen(Hooks):
    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def refreshed(self, refresh: TokenRefresh) -> None:
        self.outcomes.append(refresh.outcome)


class Leased(Shelf):
    """A shelf whose lock is lost so many times as soon as somebody has it, and which can be emptied."""

    def __init__(self) -> None:
        super().__init__()
        self.losses = 0
        self.lost = False
        self.locks_taken = 0
        self.removed = False
        self.on_lock: list[Callable[[], None]] = []

    @asynccontextmanager
    async def _lock(self):
        self.locks_taken += 1
        self.lost = self.losses > 0
        self.losses -= self.lost
        async with super()._lock():
            if self.on_lock:
                self.on_lock.pop(0)()
            yield
        self.lost = False

    async def save(self, key, token, *, previous):
        return not self.lost and await super().save(key, token, previous=previous)

    async def restore(self, key, token, *, found):
        if not self.removed and not self.lost:
            await super().save(key, token, previous=found)
        return await super().load(key)


async def leased(**options: object) -> tuple[World, Leased, Seen]:
    shelf, seen = Leased(), Seen()
    made = await world(server=Server(rotation="new"), shelf=shelf, hooks=[seen], **options)
    made.expire()
    return made, shelf, seen


async def used(made: World) -> str:
    await made.clio.request("GET", "/x")
    return made.server.calls[-1].headers["authorization"].rpartition("-")[2]


async def test_a_lock_that_is_lost_is_taken_again(anyio_backend, caplog):
    """What was renewed under the first lock is saved under the second: one refresh, one event, nothing to warn of."""
    made, shelf, seen = await leased()
    shelf.losses = 1
    assert "2" == await used(made)
    assert ("2", 2, ["refreshed"]) == (shelf.token().access_token.reveal()[-1], shelf.locks_taken, seen.outcomes)
    assert (1, []) == (made.server.refreshes, caplog.records)


async def test_a_lock_that_is_lost_every_time_costs_no_token(anyio_backend, caplog):
    """The new token is used, and saved at the next attempt; the server is not asked again."""
    made, shelf, seen = await leased()
    shelf.losses = 2
    assert "2" == await used(made)
    assert "1" == shelf.token().access_token.reveal()[-1]
    assert ["could not be saved" in record.message for record in caplog.records] == [True]
    made.expire()
    assert "3" == await used(made)
    assert ("3", 2) == (shelf.token().access_token.reveal()[-1], made.server.refreshes)
    assert ["refreshed", "refreshed"] == seen.outcomes


async def test_a_refusal_under_a_lost_lock_is_compared_again(anyio_backend):
    """Whoever had the lock meanwhile has renewed: its token is taken, nothing is marked, and nobody is asked again."""
    made, shelf, seen = await leased()
    shelf.losses = 1
    better = evolve(
        shelf.token(),
        access_token=Secret("CANARY-access-b"),
        revision="b",
        renewals=1,
        obtained_at=made.wall.now,
        expires_at=made.wall.now + 1000,
    )
    made.server.access["CANARY-access-b"] = 1e12
    made.server.faults = [("before", reply(400, {"error": "invalid_grant"}))]
    shelf.on_lock = [lambda: None, lambda: shelf.put(better)]
    assert ("b", 1) == (await used(made), made.server.refreshes)
    assert (False, ["adopted"]) == (shelf.token().revoked, seen.outcomes)


async def test_a_refusal_is_marked_under_the_second_lock(anyio_backend):
    """If nobody has renewed it the grant is gone; the server is asked once."""
    made, shelf, seen = await leased()
    shelf.losses = 1
    made.server.revoke()
    with pytest.raises(ReauthRequired, match="invalid_grant"):
        await used(made)
    assert (True, 1, ["revoked"]) == (shelf.token().revoked, made.server.refreshes, seen.outcomes)


async def test_a_store_that_was_emptied_is_given_the_token(anyio_backend):
    """And one that was emptied because somebody has removed it is not."""
    made, shelf, _ = await leased()
    shelf.held.clear()
    assert "2" == await used(made)
    assert 1 == shelf.token().renewals
    shelf.held.clear()
    shelf.removed = True
    made.expire()
    with pytest.raises(ReauthRequired, match="holds no token"):
        await used(made)
    assert {} == shelf.held


async def test_a_store_that_is_emptied_while_a_token_is_renewed(anyio_backend):
    """The new token follows the one that is put back."""
    made, shelf, seen = await leased()
    shelf.on_save = [shelf.held.clear]
    assert "2" == await used(made)
    assert (1, 1, ["refreshed"]) == (shelf.token().renewals, made.server.refreshes, seen.outcomes)


async def test_an_older_token_is_replaced_and_not_adopted(anyio_backend):
    """A store that comes back with what it held before is given the newer one, whose refresh token works."""
    made, shelf, _ = await leased()
    older = dict(shelf.held)
    assert "2" == await used(made)
    made.expire()
    shelf.held = evolve_all(older, expires_at=made.wall.now + 900, obtained_at=made.wall.now - 100)
    assert "3" == await used(made)
    assert ["CANARY-refresh-1", "CANARY-refresh-2"] == [form["refresh_token"] for form in made.server.tokens[1:]]


def evolve_all(held: dict[str, str], **changes: object) -> dict[str, str]:
    """Return what was held, with other times: as if its token went on for long."""
    shelf = Shelf()
    shelf.held = held
    return {key: evolve(shelf.token(key), **changes).to_json() for key in held}


async def test_an_older_token_of_another_approval_is_no_older_one(anyio_backend):
    """Whatever its number, another approval is another grant: nothing is put in its place."""
    made, shelf, _ = await leased()
    assert "2" == await used(made)
    shelf.held = evolve_all(shelf.held, grant="another", renewals=0)
    made.expire()
    with pytest.raises(ReauthRequired, match="open"):
        await used(made)
    assert "another" == shelf.token().grant
