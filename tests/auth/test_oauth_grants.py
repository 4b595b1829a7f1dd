"""`OAuthGrant`: renewed in time, once, and never lost."""

from __future__ import annotations

import asyncio
import copy
import gc
import logging
import tracemalloc
from functools import partial

import anyio
import anyio.lowlevel
import pytest
from attrs import evolve

from clio_async.auth.oauth import OAuthApp
from clio_async.errors import (
    AuthError,
    ClientClosed,
    MaybeSent,
    NotSentTimeout,
    ReauthRequired,
    ResponseBroken,
    ResponseTooLarge,
    Unauthorized,
)
from clio_async.events import Hooks
from clio_async.messages import Response
from clio_async.options import Policy
from clio_async.secrets import Secret
from tests.auth.server import REDIRECT, Server, Shelf, html, lost, reply, world
from tests.origin import BASE, Clock

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


class Seen(Hooks):
    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.principals: set[str] = set()

    def refreshed(self, refresh) -> None:
        self.outcomes.append(refresh.outcome)
        self.principals.add(refresh.principal)
        assert refresh.ended >= refresh.started


async def settle() -> None:
    """Let detached tasks go on."""
    for _ in range(30):
        await anyio.lowlevel.checkpoint()


async def used(made, path: str = "/x") -> str:
    """Make a call, and return the number of the token it went with."""
    await made.clio.request("GET", path)
    return made.server.calls[-1].headers["authorization"].rpartition("-")[2]


# Times.


@BACKENDS
async def test_a_token_is_renewed_ahead_while_it_still_serves() -> None:
    """In the advisory window one refresh starts, and everybody goes on with the old token until it has ended."""
    seen = Seen()
    made = await world(hooks=[seen])
    made.pass_(899)
    assert (await used(made), made.server.refreshes) == ("1", 0)
    made.pass_(2)
    made.server.hold = anyio.Event()
    assert [await used(made) for _ in range(3)] == ["1", "1", "1"]
    await settle()
    assert made.server.refreshes == 1
    made.server.hold.set()
    await settle()
    assert (await used(made), made.server.refreshes, seen.outcomes) == ("2", 1, ["refreshed"])
    assert seen.principals == {made.clio.principal.fingerprint}
    assert made.clio.stats.refreshes == 1
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


@BACKENDS
async def test_all_wait_when_the_token_is_almost_over() -> None:
    """In the mandatory window nothing is sent with the old token."""
    made = await world()
    made.pass_(981)
    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(used, made, f"/{number}")
    assert {call.headers["authorization"] for call in made.server.calls} == {"Bearer CANARY-access-2"}
    assert made.server.refreshes == 1


async def test_expires_in_is_obeyed() -> None:
    """Whatever the server says holds, from one refresh to the next; without it, a token is used until it is refused."""
    made = await world()
    made.server.expires_in = "3600"
    made.server.access.clear()
    assert await used(made) == "2"
    made.pass_(3239)
    assert (await used(made), made.server.refreshes) == ("2", 1)
    made.server.expires_in = None
    made.pass_(340)
    assert await used(made) == "3"
    made.pass_(1e8)
    made.server.access["CANARY-access-3"] = made.clock.now + 1
    assert (await used(made), made.server.refreshes) == ("3", 2)
    made.pass_(2)
    assert (await used(made), made.server.refreshes) == ("4", 3)


async def test_the_wall_clock_may_jump() -> None:
    """In the process, time is what has passed since the request for the token (F33, F76)."""
    made = await world()
    made.wall.now += 1e6
    assert (await used(made), made.server.refreshes) == ("1", 0)
    made.wall.now -= 2e6
    made.clock.now += 985
    assert (await used(made), made.server.refreshes) == ("2", 1)


async def test_a_stored_token_lives_as_long_as_it_was_given() -> None:
    """From a store the wall clock tells the time, and can only shorten it (F33)."""
    made = await world()
    made.wall.now -= 1e6
    app = made.other_app()
    grant = await app.open(made.shelf, "firm")
    made.clio = made.client(grant)
    made.clock.now += 985
    assert (await used(made), made.server.refreshes) == ("2", 1)
    made.shelf.put(evolve(made.shelf.token(), expires_at=None))
    made.clio = made.client(await made.other_app().open(made.shelf, "firm"))
    made.server.access["CANARY-access-2"] = 1e12
    made.pass_(1e8)
    assert (await used(made), made.server.refreshes) == ("2", 1)


async def test_a_stored_token_is_as_old_as_it_is() -> None:
    """What has expired while nobody ran is renewed before it is used."""
    made = await world()
    made.wall.now += 2000
    made.clio = made.client(await made.other_app().open(made.shelf, "firm"))
    assert (await used(made), made.server.refreshes) == ("2", 1)


@pytest.mark.parametrize(("rotation", "expected"), [("absent", "1"), ("same", "1"), ("new", "2")])
async def test_a_refresh_token_may_come_back_or_not(rotation, expected) -> None:
    """Absent or the same, it stays; a new one replaces it, and the next refresh uses it."""
    made = await world(server=Server(rotation=rotation))
    made.expire()
    await used(made)
    assert made.shelf.token().refresh_token == Secret(f"CANARY-refresh-{expected}")
    made.expire()
    await used(made)
    assert made.server.tokens[-1]["refresh_token"] == f"CANARY-refresh-{expected}"
    assert made.server.refreshes == 2


async def test_a_token_that_nothing_renews() -> None:
    """It is used to its end; then the user has to approve."""
    made = await world()
    made.shelf.put(evolve(made.shelf.token(), refresh_token=None))
    made.clio = made.client(await made.other_app().open(made.shelf, "firm"))
    made.pass_(999)
    assert await used(made) == "1"
    made.pass_(1)
    with pytest.raises(ReauthRequired, match="no refresh token"):
        await used(made)
    assert made.server.refreshes == 0


# Refused tokens.


@BACKENDS
async def test_a_401_renews_the_token_whatever_its_time_says() -> None:
    """The server's word counts (F27, F33)."""
    made = await world()
    made.server.access.clear()
    assert (await used(made), made.server.refreshes) == ("2", 1)
    assert [call.headers["authorization"][-1] for call in made.server.calls] == ["1", "2"]


async def test_a_401_for_an_old_token_renews_nothing() -> None:
    """Another request has got a newer one already (F27)."""
    made = await world()
    old = await made.grant.access_token(channel_of(made))
    made.expire()
    await used(made)
    assert await made.grant.rejected(Secret(old.reveal()), channel_of(made)) is True
    assert await made.grant.rejected(old, channel_of(made), again=True) is True
    assert made.server.refreshes == 1


def channel_of(made):
    """The channel of a client, as a grant gets it."""
    caught = []

    class Catch:
        def principal(self, base):
            return made.grant.principal(base)

        async def access_token(self, channel, /, *, deadline=None):
            caught.append(channel)
            raise AuthError("caught")

        async def rejected(self, token, channel, /, *, again=False, deadline=None):
            return False

    coroutine = made.client(Catch()).request("GET", "/caught")
    with pytest.raises(AuthError, match="caught"):
        coroutine.send(None)
    return caught[0]


async def test_a_server_that_refuses_everything_causes_no_storm() -> None:
    """One more token, then one after a second, doubling to a minute; the calls in between just fail (F27, F34)."""
    made = await world()
    made.server.refuse_all = True
    moments = []
    for _ in range(4000):
        before = made.server.refreshes
        with pytest.raises(Unauthorized):
            await used(made)
        if made.server.refreshes > before:
            moments.append(made.clock.now - 1000)
        made.pass_(0.0625)
    assert moments == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]


async def test_a_token_that_ends_at_once_is_renewed_at_once() -> None:
    """A server that ends its tokens quickly is not taken for one that refuses them all."""
    made = await world()
    channel = channel_of(made)
    for expected in range(1, 6):
        token = await made.grant.access_token(channel)
        assert await made.grant.rejected(token, channel) is True
        assert expected == made.server.refreshes


async def test_a_fresh_token_gets_a_second() -> None:
    """Where a new token was refused as well, tasks that are refused one after the other do not renew one by one."""
    made = await world()
    channel = channel_of(made)
    first = await made.grant.access_token(channel)
    assert await made.grant.rejected(first, channel) is True
    second = await made.grant.access_token(channel)
    assert await made.grant.rejected(second, channel, again=True) is False
    assert await made.grant.rejected(second, channel) is False
    made.pass_(1)
    assert await made.grant.rejected(second, channel) is True
    third = await made.grant.access_token(channel)
    assert await made.grant.rejected(third, channel, again=True) is False
    assert await made.grant.rejected(third, channel, again=True) is False
    made.pass_(1.9)
    assert await made.grant.rejected(third, channel) is False
    assert made.server.refreshes == 2
    made.pass_(0.1)
    assert await made.grant.rejected(third, channel) is True
    assert made.server.refreshes == 3


async def test_the_backoff_of_refusals_starts_anew() -> None:
    """After a token that has served, the next refusal is the first of its kind again."""
    made = await world()
    channel = channel_of(made)
    for _ in range(4):
        token = await made.grant.access_token(channel)
        await made.grant.rejected(token, channel, again=True)
        made.pass_(60)
        assert await made.grant.rejected(token, channel) is True
    made.pass_(600)
    assert await made.grant.rejected(await made.grant.access_token(channel), channel) is True
    made.pass_(1)
    assert await made.grant.rejected(await made.grant.access_token(channel), channel) is True


async def test_the_same_access_token_again_is_no_other() -> None:
    """A server that answers with the token that was refused is not worth another try."""
    made = await world()
    channel = channel_of(made)
    token = await made.grant.access_token(channel)
    made.server.faults = [("before", reply(200, {"token_type": "bearer", "access_token": token.reveal()}))]
    assert await made.grant.rejected(token, channel) is False
    assert await made.grant.rejected(token, channel) is False
    assert made.server.refreshes == 1


# Failures of the server.

TRANSIENT = [
    (reply(500, {}), 2),
    (reply(503, {"error": "invalid_grant"}), 2),
    (html(502), 2),
    (html(200), 1),
    (reply(400, {"no": 1}), 1),
    (reply(401, {"error": {"type": "x"}}), 1),
    (reply(429, {}), 1),
    (lost(), 2),
    (MaybeSent("CANARY"), 2),
    (ResponseBroken("CANARY"), 2),
    (ResponseTooLarge("CANARY"), 1),
    (OSError("CANARY"), 1),
    (reply(401, {"error": "invalid_client"}), 1),
    (reply(400, {"error": "unauthorized_client"}), 1),
]


@pytest.mark.parametrize(("fault", "calls"), TRANSIENT, ids=lambda value: repr(value)[:30])
async def test_a_failure_ends_no_grant(fault, calls) -> None:
    """Ahead of time the old token goes on; later all fail with the cause, at once, until the back-off is over (F32)."""
    seen = Seen()
    made = await world(hooks=[seen])
    made.server.faults = [("before", fault)] * 4
    made.pass_(901)
    assert await used(made) == "1"
    await settle()
    assert made.server.refreshes == calls
    assert [await used(made) for _ in range(3)] == ["1"] * 3
    await settle()
    assert (made.server.refreshes, seen.outcomes) == (calls, ["failed"])
    made.pass_(100)
    made.server.faults = [("before", fault)] * 2
    for _ in range(3):
        with pytest.raises(AuthError) as failed:
            await used(made)
        assert type(failed.value) is AuthError
        assert failed.value.retry_at == made.wall.now + 2
        assert failed.value.status == (fault.status if isinstance(fault, Response) else None)
        assert "CANARY" not in str(failed.value)
    if isinstance(fault, Exception):
        assert type(fault).__name__ in str(failed.value)
    assert (made.server.refreshes, seen.outcomes) == (2 * calls, ["failed"] * 2)
    assert not made.shelf.token().revoked
    made.server.faults = []
    made.pass_(2)
    assert (await used(made), seen.outcomes[-1]) == ("2", "refreshed")


async def test_an_app_with_a_wrong_secret_is_told_so() -> None:
    """It is no fault of the grant: nothing is marked, and the user need not approve."""
    made = await world()
    made.expire()
    made.server.faults = [("before", reply(401, {"error": "invalid_client"}))]
    with pytest.raises(AuthError, match="client_secret") as failed:
        await used(made)
    assert not isinstance(failed.value, ReauthRequired)
    assert failed.value.error == "invalid_client"


async def test_the_backoff_is_shared_and_bounded() -> None:
    """A server that is down is asked once in a minute at most, however many calls there are (F32)."""
    made = await world()
    made.expire()
    made.server.faults = [("before", html(429))] * 1000
    moments = []
    for _ in range(1200):
        before = made.server.refreshes
        with pytest.raises(AuthError):
            await used(made)
        if made.server.refreshes > before:
            moments.append(made.clock.now - 2001)
        made.pass_(0.25)
    assert moments == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]


@pytest.mark.parametrize(("asked", "given"), [("45", 45), ("100000", 600)])
async def test_retry_after_is_respected_and_capped(asked, given) -> None:
    """What the server asks for counts, up to ten minutes."""
    made = await world()
    made.expire()
    made.server.faults = [("before", reply(429, {}, Retry_After=asked))]
    with pytest.raises(AuthError) as failed:
        await used(made)
    assert failed.value.retry_at == made.wall.now + given
    made.pass_(given - 1)
    with pytest.raises(AuthError):
        await used(made)
    made.pass_(1)
    assert (await used(made), made.server.refreshes) == ("2", 2)


@BACKENDS
@pytest.mark.parametrize("rotation", ["absent", "same", "new"])
async def test_a_lost_reply_loses_no_grant_of_clios(rotation, anyio_backend) -> None:
    """The same refresh token is tried once more; only where each works once is the grant gone (F29)."""
    made = await world(server=Server(rotation=rotation))
    made.expire()
    made.server.faults = [("after", MaybeSent("no status came back"))]
    if rotation == "new":
        with pytest.raises(ReauthRequired):
            await used(made)
    else:
        assert await used(made) == "3"
    assert made.server.refreshes == 2


# A grant that is gone.


@BACKENDS
async def test_a_revoked_grant_stops_everything() -> None:
    """One token call, then none; the stored token is marked, and what is kept of the principal is purged (F31)."""
    seen = Seen()
    made = await world(hooks=[seen], server=Server(etags=True))
    await made.clio.users.get(1)
    made.server.revoke()
    for _ in range(3):
        with pytest.raises(ReauthRequired, match="approve the app again") as gone:
            await made.clio.users.get(1)
        assert gone.value.principal == made.clio.principal
        assert gone.value.error == "invalid_grant"
        made.pass_(60)
    assert (made.server.refreshes, seen.outcomes) == (1, ["revoked"])
    assert made.shelf.token().revoked
    with pytest.raises(ReauthRequired):
        await made.other_app().open(made.shelf, "firm")
    assert made.server.calls[-1].headers.get("if-none-match") is not None
    other = made.clio.with_auth(Static(made))
    made.server.access["CANARY-static"] = 1e12
    await other.users.get(1)
    assert made.server.calls[-1].headers.get("if-none-match") is None


class Static:
    """A valid token under the principal of the grant, to see what is kept under it."""

    def __init__(self, made) -> None:
        self._made = made

    def principal(self, base):
        return self._made.grant.principal(base)

    async def access_token(self, channel, /, *, deadline=None):
        return Secret("CANARY-static")

    async def rejected(self, token, channel, /, *, again=False, deadline=None):
        return False


async def test_the_answers_are_kept_until_then() -> None:
    """The control of F31: while the grant is not gone, the validator that the purge takes away is there."""
    made = await world(server=Server(etags=True))
    await made.clio.users.get(1)
    made.server.access["CANARY-static"] = 1e12
    await made.clio.with_auth(Static(made)).users.get(1)
    assert made.server.calls[-1].headers.get("if-none-match") == '"a"'


async def test_a_gone_grant_looks_at_the_store_now_and_then() -> None:
    """Not at each call, and never at the server."""
    made = await world()
    made.server.revoke()
    with pytest.raises(ReauthRequired):
        await used(made)
    loads = made.shelf.loads
    for _ in range(20):
        with pytest.raises(ReauthRequired):
            await used(made)
    assert made.shelf.loads == loads
    made.pass_(5)
    for _ in range(20):
        with pytest.raises(ReauthRequired):
            await used(made)
    assert made.shelf.loads == loads + 1
    made.pass_(5)
    made.shelf.fail = {"load"}
    with pytest.raises(ReauthRequired):
        await used(made)
    assert made.server.refreshes == 1


async def test_a_new_approval_is_another_grant() -> None:
    """An object of the old one never serves it: it says to open the new one (F40)."""
    made = await world()
    made.server.revoke()
    with pytest.raises(ReauthRequired):
        await used(made)
    approval = made.app.authorize()
    made.server.codes.add("second")
    new = await made.app.exchange(f"{REDIRECT}?code=second&state={approval.state}", approval, made.shelf, "firm")
    made.pass_(5)
    with pytest.raises(ReauthRequired, match="open"):
        await used(made)
    await made.client(new).request("GET", "/x")
    assert made.server.calls[-1].headers["authorization"] == f"Bearer CANARY-access-{made.server.serial}"
    assert new.principal(BASE) != made.grant.principal(BASE)


@pytest.mark.parametrize("change", [{"grant": "another"}, {"origin": "https://eu.app.clio.com"}, {"client_id": "b"}])
async def test_a_stored_token_of_somebody_else_is_never_used(change) -> None:
    """Another approval, region or app: nothing of it is sent (F34)."""
    made = await world()
    other = evolve(made.shelf.token(), access_token=Secret("CANARY-b"), refresh_token=Secret("CANARY-b"), revision="b")
    made.shelf.put(evolve(other, **change))
    made.expire()
    with pytest.raises(ReauthRequired, match="open"):
        await used(made)
    assert (made.server.calls, made.server.refreshes) == ([], 0)


async def test_a_token_that_was_taken_out_of_the_store_is_not_renewed() -> None:
    """Who deletes it means it."""
    made = await world()
    made.shelf.held.clear()
    made.expire()
    with pytest.raises(ReauthRequired, match="holds no token"):
        await used(made)
    assert (made.server.refreshes, made.shelf.held) == (0, {})


async def test_a_refused_grant_that_somebody_has_renewed() -> None:
    """Another process was faster with a refresh token that works once: what it saved is taken (F30)."""
    seen = Seen()
    made = await world(server=Server(rotation="new"), shelf=Shelf(locks=False), hooks=[seen])
    made.expire()
    token = made.shelf.token()

    def faster() -> Response:
        made.server.grant()
        made.shelf.put(
            evolve(
                token,
                access_token=Secret("CANARY-access-2"),
                refresh_token=Secret("CANARY-refresh-2"),
                revision="b",
                expires_at=made.wall.now + 1000,
                obtained_at=made.wall.now,
            )
        )
        return reply(400, {"error": "invalid_grant"})

    made.server.faults = [("before", faster)]
    assert (await used(made), seen.outcomes) == ("2", ["adopted"])
    assert not made.shelf.token().revoked


async def test_a_mark_meets_a_renewed_token() -> None:
    """One that is saved between the second look and the mark is taken as well."""
    made = await world(shelf=Shelf(locks=False))
    made.expire()
    better = evolve(made.shelf.token(), access_token=Secret("CANARY-b"), revision="b", expires_at=made.wall.now + 500)
    made.server.access["CANARY-b"] = 1e12
    made.server.faults = [("before", reply(400, {"error": "invalid_grant"}))]
    made.shelf.on_save = [lambda: made.shelf.put(better)]
    assert await used(made) == "b"


@pytest.mark.parametrize("what", ["missing", "replaced", "marked", "always"])
async def test_a_mark_meets_other_changes(what) -> None:
    """Whatever is there instead, the grant is gone, and nothing of anybody else is overwritten."""
    made = await world(shelf=Shelf(locks=False))
    made.expire()
    token = made.shelf.token()
    changes = {
        "missing": made.shelf.held.clear,
        "replaced": lambda: made.shelf.put(evolve(token, grant="g", revision="g")),
        "marked": lambda: made.shelf.put(evolve(token, revoked=True, revision="m")),
        "always": lambda: None,
    }

    async def never(key, new, *, previous):
        return False

    if what == "always":
        made.shelf.save = never  # type: ignore[method-assign]
    made.shelf.on_save = [changes[what]]
    made.server.revoke()
    with pytest.raises(ReauthRequired):
        await used(made)
    assert (made.server.refreshes, made.server.calls) == (1, [])
    held = made.shelf.held and made.shelf.token()
    assert {"missing": not held, "replaced": held and held.grant == "g", "marked": held and held.revision == "m"}.get(
        what, True
    )


async def test_a_failed_mark_is_made_up_for() -> None:
    """While the store is down the grant is gone here; the mark is set later, the server not asked again (F31)."""
    made = await world()
    made.shelf.fail = {"save"}
    made.server.revoke()
    with pytest.raises(ReauthRequired):
        await used(made)
    assert not made.shelf.token().revoked
    made.shelf.fail = set()
    made.pass_(5)
    with pytest.raises(ReauthRequired):
        await used(made)
    assert made.shelf.token().revoked
    assert made.server.refreshes == 1


async def test_a_mark_that_was_wrong_is_undone() -> None:
    """Without a lock, the slower of two may mark what the faster has just renewed: that one saves over it (F30)."""
    made = await world(server=Server(rotation="new"), shelf=Shelf(locks=False))
    other = made.client(await made.other_app().open(made.shelf, "firm"))
    made.expire()
    first = made.shelf.token()
    made.shelf.on_save = [lambda: made.shelf.put(evolve(first, revoked=True, revision="mark"))]
    assert await used(made) == "2"
    stored = made.shelf.token()
    assert (stored.revoked, stored.refresh_token) == (False, Secret("CANARY-refresh-2"))
    await other.request("GET", "/x")
    assert made.server.refreshes == 1


async def test_who_was_wrong_about_the_grant_comes_back() -> None:
    """A process that took the grant for gone takes what another has saved, after a look at the store."""
    made = await world()
    made.server.faults = [("before", reply(400, {"error": "invalid_grant"}))]
    made.server.access.clear()
    with pytest.raises(ReauthRequired):
        await used(made)
    better = evolve(made.shelf.token(), access_token=Secret("CANARY-b"), revision="b", revoked=False)
    made.server.access["CANARY-b"] = 1e12
    made.shelf.put(better)
    made.pass_(5)
    assert await used(made) == "b"
    assert made.server.refreshes == 1


async def test_a_marked_token_is_not_adopted() -> None:
    """Another process has renewed it, and was refused since: nobody is asked again."""
    made = await world()
    made.expire()
    marked = evolve(
        made.shelf.token(),
        access_token=Secret("CANARY-b"),
        revision="m",
        revoked=True,
        obtained_at=made.wall.now,
        expires_at=made.wall.now + 1000,
    )
    made.shelf.put(marked)
    with pytest.raises(ReauthRequired):
        await used(made)
    assert (made.server.refreshes, made.server.calls) == (0, [])


async def test_a_refused_token_found_again_is_not_adopted() -> None:
    """Another revision with the very token that the API refused is no better."""
    made = await world()
    made.shelf.put(evolve(made.shelf.token(), revision="copy"))
    made.server.access.clear()
    assert (await used(made), made.server.refreshes) == ("2", 1)


# Several at once.


@BACKENDS
async def test_grants_of_one_key_share_a_refresh() -> None:
    """A web service opens one per request: they are renewed once."""
    made = await world()
    made.expire()
    made.server.steps = 5

    async def one(number: int) -> None:
        clio = made.client(await made.app.open(made.shelf, "firm"))
        await clio.request("GET", f"/{number}")

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(one, number)
    assert (made.server.refreshes, len(made.server.calls)) == (1, 20)


async def test_two_processes_share_a_refresh_by_the_store() -> None:
    """Who gets the lock second finds what the first has saved, and asks nobody (F30)."""
    first, second = Seen(), Seen()
    made = await world(server=Server(rotation="new"), hooks=[first])
    other = made.client(await made.other_app().open(made.shelf, "firm"), hooks=[second])
    made.expire()
    await used(made)
    await other.request("GET", "/x")
    assert (first.outcomes, second.outcomes, made.server.refreshes) == (["refreshed"], ["adopted"], 1)
    assert made.server.calls[-1].headers["authorization"].endswith("-2")


async def test_who_saves_second_takes_what_is_there() -> None:
    """Without a lock both may refresh: the store keeps one, and both use it."""
    seen = Seen()
    made = await world(shelf=Shelf(locks=False), hooks=[seen])
    made.expire()
    better = evolve(made.shelf.token(), access_token=Secret("CANARY-b"), revision="b", expires_at=made.wall.now + 500)
    made.server.access["CANARY-b"] = 1e12
    made.shelf.on_save = [lambda: made.shelf.put(better)]
    assert (await used(made), seen.outcomes) == ("b", ["adopted"])
    assert made.shelf.token().revision == "b"


@pytest.mark.parametrize("what", ["missing", "replaced"])
async def test_a_grant_that_ends_while_it_is_renewed(what) -> None:
    """Deleted or replaced meanwhile: the new token is not used, and nothing is overwritten."""
    made = await world(shelf=Shelf(locks=False))
    made.expire()
    other = evolve(made.shelf.token(), grant="g", revision="g")
    made.shelf.on_save = [made.shelf.held.clear if what == "missing" else lambda: made.shelf.put(other)]
    with pytest.raises(ReauthRequired):
        await used(made)
    assert made.server.calls == []
    assert made.shelf.held == ({} if what == "missing" else {"firm": other.to_json()})


async def test_a_token_that_is_no_better_is_overwritten() -> None:
    """Somebody saved one that is over as well."""
    made = await world(shelf=Shelf(locks=False))
    made.expire()
    made.shelf.on_save = [lambda: made.shelf.put(evolve(made.shelf.token(), revision="old"))]
    assert await used(made) == "2"
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


@BACKENDS
async def test_each_waiter_has_its_own_deadline() -> None:
    """One that runs out of time fails as not sent; the refresh goes on for the others."""
    made = await world()
    made.expire()
    made.server.hold = anyio.Event()
    impatient = made.clio.options(timeout=0.01)
    results: list[int] = []

    async def patient(bound: float | None) -> None:
        results.append((await made.clio.options(timeout=bound).request("GET", "/x")).status)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(patient, None)
        tasks.start_soon(patient, 60.0)
        await settle()
        with pytest.raises(NotSentTimeout, match="timeout="):
            await impatient.request("GET", "/y")
        made.server.hold.set()
    assert (results, made.server.refreshes) == ([200, 200], 1)


async def test_closing_a_client_waits_for_the_refresh() -> None:
    """What the server has granted is saved before the transport goes, also if the scope of the client is cancelled."""
    made = await world()
    made.pass_(901)
    made.server.hold = anyio.Event()
    await used(made)
    await settle()

    async def close() -> None:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await made.clio.aclose()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(close)
        tasks.start_soon(made.clio.aclose)
        await settle()
        assert made.shelf.token().access_token == Secret("CANARY-access-1")
        made.server.hold.set()
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


@BACKENDS
async def test_closing_a_client_does_not_wait_for_the_lock_of_another_process() -> None:
    """A renewal that has asked for nothing has nothing to lose."""
    made = await world()
    made.pass_(901)
    async with made.shelf.lock("firm"):
        await used(made)
        await settle()
        await made.clio.aclose()
    assert 0 == made.server.refreshes
    assert made.grant._flying() is None


async def test_a_client_whose_closing_was_cut_short_can_be_closed() -> None:
    """asyncio's own way to cancel ends the wait; another call finishes it, and nothing is lost."""
    made = await world()
    made.pass_(901)
    made.server.hold = anyio.Event()
    await used(made)
    await settle()
    closing = asyncio.ensure_future(made.clio.aclose())
    await settle()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    made.server.hold.set()
    await made.clio.aclose()
    await made.clio.aclose()
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


async def test_a_renewal_that_begins_while_a_client_closes_is_seen_to_its_end_too() -> None:
    """One may begin while another ends: the client waits for all."""
    made = await world()
    made.pass_(901)
    made.server.hold = anyio.Event()
    await used(made)
    await settle()
    ended: list[str] = []

    async def late(keep) -> None:
        keep()
        await settle()
        ended.append("late")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(made.clio.aclose)
        await settle()
        made.clio._core._detached.run(late)
        made.server.hold.set()
    assert ["late"] == ended


async def test_a_renewal_that_ends_before_it_is_waited_for_is_not_waited_for() -> None:
    """An event loop may run a task at once (asyncio's eager tasks)."""
    made = await world()
    made.expire()
    jobs = []
    flight = made.grant._begin(evolve(channel_of(made), detach=jobs.append))
    await jobs[0](lambda: None)
    await flight.landed(channel_of(made), None)
    assert flight.error is None


async def test_a_grant_that_is_opened_for_each_call_knows_what_happened_before() -> None:
    """F27, F32: a back-off holds though nobody holds the grant, and no longer than it has to."""
    made = await world()
    made.expire()
    made.grant = None  # type: ignore[assignment]
    made.server.faults = [("before", html(503))] * 50
    for _ in range(10):
        made.clio = made.client(await made.app.open(made.shelf, "firm"))
        with pytest.raises(AuthError):
            await made.clio.request("GET", "/x")
        made.clio = None  # type: ignore[assignment]
        gc.collect()
    assert 2 == made.server.refreshes
    assert 1 == len(made.app._grants)
    made.pass_(100)
    made.app._issuer.hold("another", 0.0)
    gc.collect()
    assert 0 == len(made.app._grants)


async def test_not_every_grant_is_kept() -> None:
    """A server that fails for all firms is remembered for so many."""
    made = await world()
    for number in range(10_001):
        made.app._issuer.hold(number, 1e9)
    assert 10_000 == len(made.app._issuer._troubled)


async def test_an_answer_of_a_grant_that_is_gone_is_not_given_again() -> None:
    """F31: where freshness was opted into, too, and whoever found out."""
    made = await world()
    clio = made.client(made.grant, policy=Policy(fresh_for={"users": 1e9}))
    await clio.request("GET", "/users/1")
    await clio.request("GET", "/users/1")
    assert 1 == clio.stats.fresh
    await made.app.deauthorize(made.shelf, "firm")
    with pytest.raises(ReauthRequired) as caught:
        await clio.request("GET", "/users/1")
    assert (1, clio.principal) == (clio.stats.fresh, caught.value.principal)
    assert copy.copy(made.grant) is made.grant


async def test_another_client_goes_on_when_the_one_that_renews_is_closed() -> None:
    """Its transport is not everybody's: who waits renews over its own, without a back-off."""
    made = await world()
    made.expire()
    made.server.hold = anyio.Event()
    channel = channel_of(made)

    async def closed(request):
        await made.server.hold.wait()
        raise ClientClosed("The transport is closed.")

    broken = evolve(channel, send=closed)
    results: list[object] = []

    async def ask(over) -> None:
        try:
            results.append((await made.grant.access_token(over)).reveal())
        except ClientClosed:
            results.append("closed")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, broken)
        tasks.start_soon(ask, channel)
        await settle()
        made.server.hold.set()
    assert sorted(results) == ["CANARY-access-2", "closed"]


def test_a_flight_of_an_ended_loop_holds_up_nobody() -> None:
    """A refresh that an event loop left behind is started anew in the next one."""
    made = None

    async def first() -> None:
        nonlocal made
        made = await world()
        made.pass_(901)
        made.server.hold = anyio.Event()
        await used(made)
        await settle()

    async def second() -> None:
        assert made is not None
        made.server.hold = None
        made.shelf.locked = 0
        made.pass_(100)
        assert await used(made) == "2"

    for backend in ("asyncio", "trio"):
        anyio.run(first, backend=backend)
        anyio.run(second, backend=backend)


def test_a_flight_that_still_flies_elsewhere_is_not_waited_for() -> None:
    """Nobody in another event loop can be woken: a client there, of the same grant, makes a refresh of its own."""

    async def here() -> None:
        made = await world(shelf=Shelf(locks=False))
        made.expire()
        made.server.hold = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(used, made)
            await settle()
            hold, made.server.hold = made.server.hold, None
            there = evolve(made, clio=made.client(made.grant))
            await anyio.to_thread.run_sync(partial(anyio.run, used, there))
            assert made.server.refreshes == 2
            hold.set()
        assert await used(made) == "2"

    anyio.run(here)


async def test_a_flight_clears_its_own_place_only() -> None:
    """One that ends does not hide another, which a second event loop has begun since."""
    made = await world()
    made.pass_(901)
    made.server.hold = anyio.Event()
    await used(made)
    other = object()
    made.grant._flight = other
    made.server.hold.set()
    await settle()
    assert made.grant._flight is other


async def test_a_refresh_that_is_cut_short_fails_those_who_wait() -> None:
    """If even the detached task is killed, nobody hangs, and the next call starts anew."""
    made = await world()
    made.expire()
    made.server.hold = anyio.Event()
    before = asyncio.all_tasks()

    async def wait() -> str:
        with pytest.raises(AuthError, match="cut short"):
            await used(made)
        return "failed"

    waiting = asyncio.ensure_future(wait())
    await settle()
    (job,) = asyncio.all_tasks() - before - {waiting}
    job.cancel()
    assert await waiting == "failed"
    made.server.hold = None
    assert await used(made) == "2"


# Failures of the store.


@BACKENDS
@pytest.mark.parametrize("method", ["load", "lock"])
async def test_without_the_store_nothing_is_renewed(method, anyio_backend) -> None:
    """Somebody else may hold the lock, or have a newer token: a refresh by guess could end the grant."""
    made = await world()
    made.shelf.fail = {method}
    made.pass_(901)
    assert await used(made) == "1"
    await settle()
    made.pass_(100)
    with pytest.raises(AuthError, match="token store failed"):
        await used(made)
    assert made.server.refreshes == 0
    made.shelf.fail = set()
    made.pass_(2)
    assert await used(made) == "2"


async def test_a_lock_that_fails_at_its_end_spoils_nothing() -> None:
    """The token is saved by then."""
    made = await world()
    made.expire()
    made.shelf.fail = {"unlock"}
    assert (await used(made), made.shelf.token().access_token) == ("2", Secret("CANARY-access-2"))


@BACKENDS
@pytest.mark.parametrize("rotation", ["absent", "new"])
async def test_a_token_that_could_not_be_saved_is_used_and_saved_later(rotation, anyio_backend, caplog) -> None:
    """The grant is not lost: it is saved as soon as the store lets it, without another refresh; one warning."""
    made = await world(server=Server(rotation=rotation))
    made.shelf.fail = {"save"}
    made.expire()
    with caplog.at_level(logging.WARNING, "clio_async"):
        assert await used(made) == "2"
        for _ in range(5):
            made.pass_(8)
            assert await used(made) == "2"
            await settle()
    assert made.shelf.token().access_token == Secret("CANARY-access-1")
    assert ["could not be saved" in record.message for record in caplog.records] == [True]
    assert made.shelf.saves == 1 + 1 + 4  # after 1, 2, 4, 8 and (not yet) 16 seconds
    made.shelf.fail = set()
    made.pass_(16)
    await used(made)
    await settle()
    assert made.shelf.token().access_token == Secret("CANARY-access-2")
    saves = made.shelf.saves
    made.pass_(60)
    await used(made)
    await settle()
    assert (made.shelf.saves, made.server.refreshes) == (saves, 1)
    made.expire()
    assert (await used(made), made.server.refreshes) == ("3", 2)
    made.shelf.fail = {"save"}
    made.expire()
    with caplog.at_level(logging.WARNING, "clio_async"):
        assert await used(made) == "4"
    assert len(caplog.records) == 2  # another outage is another warning
    made.shelf.fail = set()
    made.pass_(1)
    await used(made)
    await settle()
    assert made.shelf.token().access_token == Secret("CANARY-access-4")


@pytest.mark.parametrize("rotation", ["absent", "new"])
async def test_the_only_copy_is_renewed_without_the_store(rotation, caplog) -> None:
    """A store that is down for longer than a token lives does not end the grant."""
    made = await world(server=Server(rotation=rotation))
    made.shelf.fail = {"save"}
    made.expire()
    assert await used(made) == "2"
    for fail in ({"save", "load"}, {"lock"}):
        made.shelf.fail = fail
        made.expire()
        await used(made)
    assert made.server.refreshes == 3
    made.shelf.fail = set()
    made.pass_(60)
    assert await used(made) == "4"
    await settle()
    assert made.shelf.token().access_token == Secret("CANARY-access-4")


async def test_the_only_copy_is_saved_before_it_is_renewed(caplog) -> None:
    """If the store is back by then, both happen in one go."""
    made = await world(server=Server(rotation="new"))
    made.shelf.fail = {"save"}
    made.expire()
    await used(made)
    made.shelf.fail = set()
    made.expire()
    assert await used(made) == "3"
    assert (made.server.refreshes, made.shelf.token().refresh_token) == (2, Secret("CANARY-refresh-3"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [(reply(400, {"error": "invalid_grant"}), ReauthRequired), (html(500), AuthError), (None, ReauthRequired)],
)
async def test_the_only_copy_may_be_refused(answer, error, caplog) -> None:
    """Gone is gone, and a failure is a failure; a copy that nothing renews is over at its end."""
    made = await world()
    made.shelf.fail = {"save"}
    made.expire()
    await used(made)
    made.shelf.fail = {"load"}
    made.expire()
    made.server.faults = [("before", answer)] * 2
    if answer is None:
        made.grant._token = evolve(made.grant._token, refresh_token=None)
    with pytest.raises(error) as failed:
        await used(made)
    assert type(failed.value) is error
    made.shelf.fail = set()
    calls = made.server.refreshes
    if answer is not None and answer.status == 400:  # what the store holds is not overwritten by what is dead
        made.pass_(5)
        with pytest.raises(ReauthRequired):
            await used(made)
        stored = made.shelf.token()
        assert (stored.access_token, stored.revoked) == (Secret("CANARY-access-1"), True)
        assert made.server.refreshes == calls


async def test_the_only_copy_is_not_renewed_over_a_busy_store(caplog) -> None:
    """While others keep it from being saved, no second token is asked for."""
    made = await world(shelf=Shelf(locks=False))
    made.shelf.fail = {"save"}
    made.expire()
    await used(made)
    made.shelf.fail = set()
    made.expire()
    count = iter(range(99))
    made.shelf.on_save = [lambda: made.shelf.put(evolve(made.shelf.token(), revision=f"n{next(count)}"))] * 5
    with pytest.raises(AuthError, match="store failed"):
        await used(made)
    assert made.server.refreshes == 1
    made.pass_(2)
    assert await used(made) == "3"


async def test_the_only_copy_does_not_stand_over_another(caplog) -> None:
    """A token that another process has saved meanwhile is taken; a deleted one stays deleted."""
    for change in ("better", "missing"):
        made = await world(shelf=Shelf(locks=False))
        made.shelf.fail = {"save"}
        made.expire()
        await used(made)
        made.shelf.fail = set()
        token = made.shelf.token()
        made.server.access["CANARY-b"] = 1e12
        if change == "better":
            made.shelf.put(evolve(token, access_token=Secret("CANARY-b"), revision="b", expires_at=made.wall.now + 900))
        else:
            made.shelf.held.clear()
        made.pass_(1)
        await used(made)
        await settle()
        if change == "better":
            assert await used(made) == "b"
        else:
            with pytest.raises(ReauthRequired):
                await used(made)
            assert made.shelf.held == {}


async def test_a_save_that_failed_after_its_work(caplog) -> None:
    """It is found out at the next look, and nothing is saved twice."""
    made = await world()
    made.shelf.fail = {"after save"}
    made.expire()
    assert await used(made) == "2"
    made.shelf.fail = set()
    saves = made.shelf.saves
    made.pass_(1)
    await used(made)
    await settle()
    made.pass_(100)
    assert (await used(made), made.shelf.saves, made.server.refreshes) == ("2", saves, 1)


@pytest.mark.parametrize("outage", [1, 2])
async def test_the_wall_clock_does_not_bring_back_what_was_replaced(outage, caplog) -> None:
    """The stored token may look valid again: the only copy of the newer one goes over it."""
    made = await world(server=Server(rotation="new"))
    made.shelf.fail = {"save"}
    made.expire()
    await used(made)
    if outage == 2:
        made.shelf.fail = {"lock"}
        made.expire()
        await used(made)
    made.shelf.fail = set()
    made.wall.now -= 1001 * outage
    made.clock.now += 5
    await used(made)
    await settle()
    assert made.shelf.token().refresh_token == Secret(f"CANARY-refresh-{outage + 1}")


async def test_a_store_that_never_lets_it_in_counts_as_failed(caplog) -> None:
    """What is stored changes all the time: the token is used, and saving it is tried again."""
    made = await world(shelf=Shelf(locks=False))
    made.expire()
    count = iter(range(99))

    def always() -> None:
        made.shelf.put(evolve(made.shelf.token(), revision=f"n{next(count)}"))

    made.shelf.on_save = [always] * 5
    assert await used(made) == "2"
    assert "could not be saved" in caplog.text
    made.pass_(1)
    await used(made)
    await settle()
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


async def test_a_store_that_hangs_is_given_up(monkeypatch, caplog) -> None:
    """The attempt has an end: before the server is asked it fails, after that the token is used."""
    from clio_async.auth import renewal

    made = await world()
    made.expire()
    monkeypatch.setattr(renewal, "_ALL", 0.02)

    async def hang(*args, **options):
        await anyio.sleep_forever()

    real = made.shelf.load
    made.shelf.load = hang  # type: ignore[method-assign]
    with pytest.raises(AuthError, match="the time was over"):
        await used(made)
    made.shelf.load = real  # type: ignore[method-assign]
    made.pass_(60)
    save, made.shelf.save = made.shelf.save, hang  # type: ignore[method-assign]
    assert await used(made) == "2"
    made.shelf.load = hang  # type: ignore[method-assign]
    made.expire()
    with pytest.raises(AuthError, match="the time was over"):  # the only copy is over, and it hangs again
        await used(made)
    made.shelf.load, made.shelf.save = real, save  # type: ignore[method-assign]
    made.pass_(60)
    assert await used(made) == "3"


# Weight.


async def test_an_idle_grant_is_light() -> None:
    """A little more than a kilobyte each, with its tokens and its place in the app."""
    made = await world()
    app = OAuthApp("app-1", "s", redirect_uri=REDIRECT, base_url=BASE, wall_clock=Clock(1_700_000_000.0))
    held = []
    for number in range(1000):
        long = "x" * 40
        made.shelf.put(
            evolve(
                made.shelf.token(),
                access_token=Secret(f"a{number}{long}"),
                refresh_token=Secret(f"r{number}{long}"),
                grant=f"g{number}{long}",
                revision=f"v{number}{long}",
            ),
            f"firm-{number}",
        )
    gc.collect()
    tracemalloc.start()
    for number in range(1000):
        held.append(await app.open(made.shelf, f"firm-{number}"))
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / 1000 <= 1400
