"""What is lost between the authorization server and us loses no grant (F29)."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from clio_async import AuthError, MaybeSent, NotSent, ReauthRequired, ResponseBroken
from clio_async.errors import ClioError
from tests.auth.server import Server, World, html, world

EXPIRIES = 300
LOSSES = (
    ("before", MaybeSent("No status came back.")),
    ("after", MaybeSent("No status came back.")),
    ("after", ResponseBroken("It ended early.", status=200)),
    ("before", NotSent("Nothing was sent.")),
    ("after", html(502)),
)


async def survived(made: World, seed: int) -> Counter[str]:
    """Let tokens expire, and answers of the token endpoint be lost; return how the calls ended."""
    dice = random.Random(seed)
    ends: Counter[str] = Counter()
    for _ in range(EXPIRIES):
        made.expire()
        made.server.faults = [dice.choice(LOSSES) for _ in range(dice.randrange(4))]
        for _ in range(4):
            try:
                await made.clio.request("GET", "/x")
            except ReauthRequired:
                ends["lost"] += 1
                return ends
            except AuthError:
                ends["later"] += 1
            else:
                ends["answered"] += 1
                break
            made.pass_(61)
    return ends


@pytest.mark.parametrize("rotation", ["absent", "same"])
@pytest.mark.parametrize("seed", range(3))
async def test_a_refresh_token_that_works_again_is_never_lost(rotation: str, seed: int) -> None:
    """F29: of three hundred expiries each is renewed in the end, and no grant is lost."""
    made = await world(server=Server(rotation=rotation))
    ends = await survived(made, seed)
    assert (EXPIRIES, 0) == (ends["answered"], ends["lost"])
    assert ends["later"] > 10
    assert not made.shelf.token().revoked


async def test_one_that_works_once_is_lost_with_a_reply() -> None:
    """The control of F29: the same losses end the grant of a server that rotates, and that is told."""
    ends = await survived(await world(server=Server(rotation="new")), 0)
    assert 1 == ends["lost"]


async def test_a_new_token_is_saved_before_it_is_used() -> None:
    """F29: who dies in between has lost nothing: the store holds what the server counts on."""
    made = await world(server=Server(rotation="new"))
    for number in range(2, 6):
        made.expire()
        used: list[bool] = []

        def note(used: list[bool] = used, newest: str = f"Bearer CANARY-access-{number}") -> None:
            used.append(any(newest == call.headers["authorization"] for call in made.server.calls))

        made.shelf.on_save = [note]
        await made.clio.request("GET", "/x")
        assert [False] == used
        assert made.shelf.token().access_token.reveal() == f"CANARY-access-{number}"


async def test_a_store_that_is_told_afterwards_loses_the_grant() -> None:
    """The control of F29: where the process ends before what it uses is saved, the stored token renews nothing."""
    made = await world(server=Server(rotation="new"))
    made.expire()
    before = made.shelf.token()
    await made.clio.request("GET", "/x")
    made.shelf.put(before)  # as it would be without the save
    made.clio = made.client(await made.other_app().open(made.shelf, "firm"))
    with pytest.raises(ClioError) as caught:
        await made.clio.request("GET", "/x")
    assert isinstance(caught.value, ReauthRequired)
