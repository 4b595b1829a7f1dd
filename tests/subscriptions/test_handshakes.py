"""`ensure` and a `Receiver` on one store: whose handshake is taken (row F69)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clio_async import Response, Secret
from clio_async.protocol.hook_addresses import keyed
from clio_async.webhooks import Event, Receiver

from .world import URL, World

pytestmark = pytest.mark.anyio


async def handled(event: Event) -> None:
    """Do nothing about an event."""


def receiver(world: World) -> Receiver:
    return Receiver(world.store, handled, wall_clock=world.now)


async def shake(world: World, key: str, secret: str, webhook_id: int = 13) -> int:
    """Send a handshake; return the status that it is answered with."""
    target = keyed(URL, key).removeprefix("https://hooks.test")
    body = json.dumps({"data": {"webhook_id": webhook_id}}).encode()
    return (await receiver(world).receive("POST", target, {"X-Hook-Secret": secret}, body)).status


def hiding(world: World, shaking: Any) -> Any:
    """Return what lets Clio tell no secrets, and a handshake come before the answer to the creation."""

    async def answer(request: Any, send: Any) -> Any:
        found = await send(request)
        if request.method == "POST":
            await shaking()
        if b"shared_secret" not in found.body:
            return found
        data = json.loads(found.body)
        for row in data["data"] if isinstance(data["data"], list) else [data["data"]]:
            row["shared_secret"] = None
        fields = [pair for pair in found.headers.pairs if pair[0].lower() not in ("etag", "content-length")]
        return Response(found.status, type(found.headers)(fields), json.dumps(data).encode())

    return answer


async def test_a_handshake_that_comes_before_the_answer_is_taken(world: World) -> None:
    """It was awaited before Clio was asked; afterwards the webhook is known with what it has brought."""
    told: list[str] = []

    async def clio() -> None:
        told.append(world.simulator.record("webhooks", 13)["shared_secret"])
        assert 200 == await shake(world, (await world.held()).key, told[0])
        assert 200 == await shake(world, (await world.held()).key, told[0]), "Clio may repeat it"

    world.answering = hiding(world, clio)
    ensured = await world.ensure()
    held = await world.held()
    assert ensured.enabled
    assert (Secret(told[0]), 13, None) == (held.secret, held.webhook_id, held.awaited_until)


async def test_handshakes_of_others_change_nothing(world: World) -> None:
    """Without the key nobody is there; with it, once the webhook is known, no other secret and no other id is taken."""
    assert 404 == await shake(world, "guessed", "forged")
    await world.ensure()
    held = await world.held()
    assert 404 == await shake(world, "guessed", "forged")
    assert 403 == await shake(world, held.key, "forged")
    assert 403 == await shake(world, held.key, "forged", webhook_id=99)
    assert held == await world.held()


async def test_a_forged_handshake_that_was_awaited_is_undone(world: World) -> None:
    """Even whoever knows the key loses: Clio's own answer has the secret that counts."""
    taken: list[int] = []

    async def answer(request: Any, send: Any) -> Any:
        found = await send(request)
        if request.method == "POST":
            taken.append(await shake(world, (await world.held()).key, "forged"))
        return found

    world.answering = answer
    ensured = await world.ensure()
    held = await world.held()
    assert [200] == taken
    assert (True, Secret(world.simulator.record("webhooks", 13)["shared_secret"])) == (ensured.enabled, held.secret)
    assert 403 == await shake(world, held.key, "forged")
