"""A grant lasts under every answer to what is not known of Clio's authorization server."""

from __future__ import annotations

from itertools import product

import anyio
import pytest

from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import MemoryTokenStore
from clio_async.client import Clio
from clio_async.errors import AuthError, ReauthRequired, Unauthorized
from clio_async.messages import Request
from clio_async.testing.simulator import Regime, Simulator
from clio_async.transport.memory import MemoryTransport

BASE = "http://localhost/api/v4"
CALLBACK = "http://127.0.0.1/callback"
KEY = "firm"

ROTATIONS = [("absent", "refused"), ("same", "refused"), ("new", "refused"), ("new", "revoke"), ("new", "grace")]
REGIMES = {
    f"{rotation}-{reuse}-{lifetime}-{'text' if text else 'number'}-{error}-{'keeps' if keeps else 'ends'}": Regime(
        refresh_token=rotation,
        rotation_reuse=reuse,
        token_lifetime=lifetime,
        expires_in_text=text,
        token_error=error,
        refresh_keeps_access=keeps,
    )
    for (rotation, reuse), lifetime, text, error, keeps in product(
        ROTATIONS, [2_592_000, 3_600, None], [False, True], ["cause", "generic", "envelope"], [True, False]
    )
}


class Firm:
    """A firm that has approved an app, on one clock with the simulator."""

    def __init__(self, regime: Regime, *, pkce: bool = True) -> None:
        self.simulator = Simulator(regime=regime, users=2)
        self.transport = MemoryTransport(self.simulator.handler)
        self.registered = self.simulator.app(redirect_uris=[CALLBACK])
        self.store = MemoryTokenStore()
        now = self.simulator.clock.now
        self.app = OAuthApp(
            self.registered.client_id, self.registered.client_secret, redirect_uri=CALLBACK, base_url=BASE, pkce=pkce,
            transport=self.transport, clock=now, wall_clock=now, random=lambda: 0.5,
        )  # fmt: skip

    async def approved(self) -> Clio:
        """Send the user there and back as a browser would, and return a client."""
        approval = self.app.authorize()
        answer = await self.transport.send(Request("GET", approval.url))
        grant = await self.app.exchange(answer.headers["location"], approval, self.store, KEY)
        now = self.simulator.clock.now
        return Clio(grant, base_url=BASE, transport=self.transport, clock=now, wall_clock=now)

    @property
    def renewals(self) -> int:
        return self.simulator.token_calls["refresh_token", "ok"]


@pytest.mark.parametrize("regime", REGIMES.values(), ids=REGIMES)
async def test_a_grant_outlasts_its_tokens(regime: Regime) -> None:
    """Whether the end of a token is foretold or found out by a 401: one renewal, and everybody is answered."""
    firm = Firm(regime)
    clio = await firm.approved()
    for expiry in range(1, 4):
        if regime.token_lifetime is None:
            firm.simulator.expire_all()
        else:
            firm.simulator.clock.advance(regime.token_lifetime + 1)
        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(clio.users.get, number % 2 + 1)
        assert expiry == firm.renewals
    assert 4 == firm.simulator.token_calls.total()


FORETOLD = {name: regime for name, regime in REGIMES.items() if regime.token_lifetime is not None}


@pytest.mark.parametrize("regime", FORETOLD.values(), ids=FORETOLD)
async def test_a_token_that_is_renewed_in_time_is_never_refused(regime: Regime) -> None:
    """In the advisory window calls go on with the old token; the renewal runs beside them."""
    assert regime.token_lifetime is not None
    firm = Firm(regime)
    clio = await firm.approved()
    firm.simulator.clock.advance(regime.token_lifetime - min(0.09 * regime.token_lifetime, 290))
    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(clio.users.get, number % 2 + 1)
    await clio.users.get(1)
    assert 1 == firm.renewals
    refused = firm.simulator.log.statuses[401]
    assert refused == 0 or not regime.refresh_keeps_access  # else those that were on their way are sent once more


@pytest.mark.parametrize("error", ["cause", "generic", "envelope"])
@pytest.mark.parametrize("rotation", ["absent", "same", "new"])
async def test_what_a_user_withdraws_is_asked_for_once(rotation: str, error: str) -> None:
    """F31: one call to the authorization server, then `ReauthRequired` without any; nothing is kept."""
    firm = Firm(Regime(refresh_token=rotation, token_error=error))
    clio = await firm.approved()
    await clio.users.get(1)
    firm.simulator.revoke()
    for _ in range(3):
        with pytest.raises(ReauthRequired) as caught:
            await clio.users.get(1)
        assert clio.principal == caught.value.principal
    assert {("authorization_code", "ok"): 1, ("refresh_token", "invalid_grant"): 1} == dict(firm.simulator.token_calls)
    asked = firm.simulator.log.requests
    with pytest.raises(ReauthRequired):
        await firm.app.open(firm.store, KEY)
    assert asked == firm.simulator.log.requests


@pytest.mark.parametrize(
    ("pkce", "sent"), [("verified", True), ("ignored", True), ("required", True), ("refused", False)]
)
async def test_a_code_is_exchanged_whatever_becomes_of_pkce(pkce: str, sent: bool) -> None:
    """It is sent where it is allowed, and can be left out where it is not."""
    clio = await Firm(Regime(pkce=pkce), pkce=sent).approved()
    assert (await clio.users.get(1)).id == 1


@pytest.mark.parametrize(("pkce", "sent"), [("required", False), ("refused", True)])
async def test_a_server_of_another_mind_on_pkce_is_told_as_such(pkce: str, sent: bool) -> None:
    """The control: these two servers really differ, and the refusal is typed."""
    with pytest.raises(AuthError):
        await Firm(Regime(pkce=pkce), pkce=sent).approved()


@pytest.mark.parametrize(
    ("regime", "expired", "revoked"),
    [
        (Regime(), "expired", "revoked"),
        (Regime(token_error="generic"), "unknown", "unknown"),
    ],
)
async def test_a_401_says_why_where_the_server_does(regime: Regime, expired: str, revoked: str) -> None:
    """Expired, revoked or unknown here; the last is also what a token of another region is."""
    simulator = Simulator(regime=regime)
    transport = MemoryTransport(simulator.handler)
    old, gone, foreign = simulator.token(), simulator.token(user=2), simulator.token(region="eu")
    simulator.expire(old)
    simulator.revoke(user=2)
    for token, reason in ((old, expired), (gone, revoked), (foreign, "unknown")):
        with pytest.raises(Unauthorized) as caught:
            await Clio(token, base_url=BASE, transport=transport).users.get(1)
        assert reason == caught.value.reason
        assert ("region" in str(caught.value)) is (reason == "unknown")
