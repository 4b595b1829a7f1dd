"""`OAuthApp`: getting a grant, opening it, giving it back."""

from __future__ import annotations

import asyncio
import gc
import weakref
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest
from attrs import evolve

from clio_async.auth import oauth
from clio_async.auth.oauth import Approval, OAuthApp
from clio_async.errors import (
    AuthError,
    AuthorizationDeclined,
    InvalidArgument,
    MaybeSent,
    ReauthRequired,
    StateMismatch,
    TokenStoreError,
)
from clio_async.messages import Response
from clio_async.secrets import Secret
from clio_async.testing.wire import Answer, serve
from tests.auth.server import (
    CLIENT_ID,
    CLIENT_SECRET,
    FIRST_CODE,
    REDIRECT,
    Server,
    Shelf,
    app_of,
    html,
    lost,
    reply,
    world,
)
from tests.faults.loopback import reply as raw
from tests.origin import BASE, Clock

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


async def asked(app, **options):
    approval = app.authorize()
    return approval, f"{REDIRECT}?code={FIRST_CODE}&state={approval.state}"


@BACKENDS
async def test_a_code_becomes_a_saved_token() -> None:
    """Exchanged, saved with names of its own, and usable at once."""
    made = await world()
    token = made.shelf.token()
    assert (token.access_token.reveal(), token.refresh_token.reveal()) == ("CANARY-access-1", "CANARY-refresh-1")
    assert (token.origin, token.client_id, token.obtained_at) == ("http://localhost", CLIENT_ID, made.wall.now)
    assert token.expires_at == made.wall.now + 1000
    assert len({token.grant, token.revision, "name-1", "name-2"}) == 4
    assert (await made.clio.request("GET", "/matters/1")).status == 200
    assert "CANARY" not in f"{made.app!r}{made.grant!r}{token!r}"
    assert made.grant.key == "firm"


async def test_the_verifier_goes_with_the_code() -> None:
    """What the challenge was made of is sent with the code, and nothing of it without PKCE."""
    made = await world()
    assert made.server.tokens[0]["code_verifier"] == "name-2"
    plain = app_of(made.transport, made.clock, made.wall, [], pkce=False)
    approval = plain.authorize()
    assert approval.verifier is None
    assert "challenge" not in approval.url
    made.server.codes.add("second")
    await plain.exchange(f"code=second&state={approval.state}", approval, made.shelf, "other")
    assert "code_verifier" not in made.server.tokens[-1]


async def test_principals_are_per_approval() -> None:
    """A new approval is somebody else, also by name; account and user are part of it (F40)."""
    made = await world()
    approval = made.app.authorize()
    made.server.codes.add("second")
    again = await made.app.exchange(
        f"code=second&state={approval.state}", approval, made.shelf, "firm", account="7", user="8"
    )
    one, two = made.grant.principal(BASE), again.principal(BASE)
    assert one.fingerprint != two.fingerprint
    assert (two.origin, two.client_id, two.account, two.user) == (BASE, CLIENT_ID, "7", "8")
    assert made.shelf.token().grant == two.grant
    assert await made.app.open(made.shelf, "firm") is again


async def test_an_approval_can_wait_in_a_session() -> None:
    """As JSON, with its verifier; what is something else is refused without being shown."""
    app = app_of(None, Clock(), Clock(), [])
    for approval in (app.authorize(), Approval("u", "s")):
        assert Approval.from_json(approval.to_json()) == approval
        assert Approval.from_json(approval.to_json().encode()) == approval
    bad = [
        "",
        "{}",
        b"\xff",
        "[" * 9999,
        '{"url":"u","state":"","verifier":null}',
        '{"url":"u","state":"a","verifier":"\\u00e4"}',
    ]
    for text in [*bad, None]:
        with pytest.raises(InvalidArgument, match="begin again"):
            Approval.from_json(text)  # type: ignore[arg-type]


async def test_states_and_verifiers_are_random() -> None:
    """Two approvals have nothing in common."""
    app = OAuthApp(CLIENT_ID, CLIENT_SECRET, redirect_uri=REDIRECT)
    approvals = [app.authorize(redirect_on_decline=False) for _ in range(50)]
    assert len({a.state for a in approvals} | {a.verifier.reveal() for a in approvals if a.verifier}) == 100
    assert all(43 == len(a.state) == len(parse_qs(urlsplit(a.url).query)["code_challenge"][0]) for a in approvals)
    assert all("redirect_on_decline=false" in a.url for a in approvals)


async def test_a_forged_callback_exchanges_nothing() -> None:
    """Another state, none, or one in the title of a page: nothing is sent."""
    made = await world()
    approval = made.app.authorize()
    for callback in (
        f"code=x&state={approval.state}x",
        "code=x",
        "Success code=x",
        "x",
        f"code=x&state={approval.state}&code=y",
    ):
        with pytest.raises(StateMismatch):
            await made.app.exchange(callback, approval, made.shelf, "firm")
    with pytest.raises(AuthorizationDeclined):
        await made.app.exchange(f"error=access_denied&state={approval.state}", approval, made.shelf, "firm")
    with pytest.raises(InvalidArgument, match="authorize"):
        await made.app.exchange("code=x", approval.state, made.shelf, "firm")  # type: ignore[arg-type]
    assert len(made.server.tokens) == 1


async def test_the_approval_page_needs_no_state() -> None:
    """Where Clio shows the code, its title or the code alone is enough; a state that is there must still be right."""
    server, shelf = Server(codes={"c1", "c2", "c3"}), Shelf()
    page = OAuthApp.approval_page(base_url=BASE)
    made = await world()
    app = app_of(made.transport, made.clock, made.wall, [], redirect_uri=page)
    assert page == app.approval_uri == f"{app.origin}/oauth/approval"
    assert OAuthApp.approval_page("eu") == "https://eu.app.clio.com/oauth/approval"
    made.server.codes |= server.codes
    approval = app.authorize()
    for callback in ("Success code=c1", "c2", f"{page}?code=c3"):
        await app.exchange(callback, approval, shelf, "firm")
    with pytest.raises(AuthorizationDeclined):
        await app.exchange("Failure error=access_denied", approval, shelf, "firm")
    with pytest.raises(StateMismatch):
        await app.exchange(f"{page}?code=c3&state=other", approval, shelf, "firm")


FAILURES = [
    (reply(400, {"error": "invalid_grant"}), "invalid_grant", 400, "ten minutes"),
    (reply(401, {"error": "invalid_client"}), "invalid_client", 401, "Check client_id"),
    (html(200), None, 200, "with no token"),
    (html(502), None, 502, "answered 502"),
    (reply(429, {}), None, 429, "Begin again"),
    (MaybeSent("gone"), None, None, "MaybeSent"),
]


@pytest.mark.parametrize(("fault", "error", "status", "text"), FAILURES)
async def test_no_token_for_a_code(fault, error, status, text) -> None:
    """A typed error that says what to do; a code whose reply was lost is not sent twice, since it works once."""
    made = await world()
    made.server.codes.add("second")
    made.server.faults = [("before", fault)]
    approval = made.app.authorize()
    with pytest.raises(AuthError, match=text) as failed:
        await made.app.exchange(f"code=second&state={approval.state}", approval, made.shelf, "firm")
    assert (type(failed.value), failed.value.error, failed.value.status) == (AuthError, error, status)
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)
    assert (len(made.server.tokens), made.shelf.saves) == (2, 1)


async def test_a_code_that_did_not_leave_is_sent_again() -> None:
    """Once."""
    made = await world()
    approval = made.app.authorize()
    callback = f"code=second&state={approval.state}"
    made.server.codes.add("second")
    made.server.faults = [("before", lost())]
    await made.app.exchange(callback, approval, made.shelf, "firm")
    made.server.codes.add("second")
    made.server.faults = [("before", lost()), ("before", lost())]
    with pytest.raises(AuthError, match="NotSent"):
        await made.app.exchange(callback, approval, made.shelf, "firm")


async def test_a_new_approval_wins_over_a_refresh() -> None:
    """What somebody saves meanwhile is replaced; a store that never takes it is an error."""
    made = await world()
    approval = made.app.authorize()
    callback = f"code=second&state={approval.state}"
    made.server.codes.add("second")

    def meanwhile() -> None:
        made.shelf.put(evolve(made.shelf.token(), revision="other"))

    def always() -> None:
        made.shelf.put(evolve(made.shelf.token(), revision=made.shelf.token().revision + "x"))

    made.shelf.on_save = [meanwhile]
    grant = await made.app.exchange(callback, approval, made.shelf, "firm")
    assert made.shelf.token().grant == grant.principal(BASE).grant
    made.server.codes.add("second")
    made.shelf.on_save = [always] * 20
    with pytest.raises(TokenStoreError, match="changes all the time"):
        await made.app.exchange(callback, approval, made.shelf, "firm")


async def test_cancellation_does_not_lose_an_exchanged_token() -> None:
    """Once the code is used up, the token is saved, whoever is cancelled."""
    made = await world()
    made.server.codes.add("second")
    approval = made.app.authorize()
    with anyio.CancelScope() as scope:
        made.server.faults = [("after", lambda: (scope.cancel(), reply(200, made.server.grant()))[1])]
        await made.app.exchange(f"code=second&state={approval.state}", approval, made.shelf, "firm")
    assert made.shelf.token().access_token == Secret(f"CANARY-access-{made.server.serial}")


async def test_a_token_is_saved_though_its_task_is_cancelled() -> None:
    """asyncio's own way to cancel ends the wait; the code is used up, so the token is saved all the same."""
    made = await world()
    made.server.codes.add("second")
    approval, begun, gate = made.app.authorize(), anyio.Event(), anyio.Event()

    class Slow(Shelf):
        async def save(self, key, token, *, previous):
            begun.set()
            await gate.wait()
            return await super().save(key, token, previous=previous)

    shelf = Slow()
    exchanging = asyncio.ensure_future(
        made.app.exchange(f"code=second&state={approval.state}", approval, shelf, "firm")
    )
    await begun.wait()
    exchanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await exchanging
    gate.set()
    await made.app._detached.drain()
    assert shelf.token().access_token == Secret(f"CANARY-access-{made.server.serial}")


async def test_a_save_that_is_killed_is_an_error() -> None:
    """If even the task that saves is ended, with its event loop, who waits is told."""
    made = await world()
    made.server.codes.add("second")
    approval, begun = made.app.authorize(), anyio.Event()

    class Hanging(Shelf):
        async def save(self, key, token, *, previous):
            begun.set()
            await anyio.sleep_forever()

    exchanging = asyncio.ensure_future(
        made.app.exchange(f"code=second&state={approval.state}", approval, Hanging(), "firm")
    )
    await begun.wait()
    for run in made.app._detached._running:
        run.scope.cancel()
    with pytest.raises(TokenStoreError, match="cut short"):
        await exchanging


async def test_a_store_that_hangs_is_an_error(monkeypatch) -> None:
    """What must not be cancelled is bounded by itself."""
    made = await world()
    made.server.codes.add("second")
    approval = made.app.authorize()

    class Hanging(Shelf):
        async def save(self, key, token, *, previous):
            await anyio.sleep_forever()

    def out_of_time() -> Response:
        monkeypatch.setattr(oauth, "SECONDS", 0.0)
        return reply(200, made.server.grant())

    made.server.faults = [("after", out_of_time)]
    with pytest.raises(TokenStoreError, match="too long"):
        await made.app.exchange(f"code=second&state={approval.state}", approval, Hanging(), "firm")


async def test_a_grant_is_one_object_while_it_is_held() -> None:
    """So that requests of one process share what they know; nothing grows when they are gone."""
    made = await world()
    assert await made.app.open(made.shelf, "firm") is made.grant
    other = Shelf()
    other.put(made.shelf.token())
    assert await made.app.open(other, "firm") is not made.grant
    ref = weakref.ref(made.grant)
    made.grant = made.clio = None  # type: ignore[assignment]
    gc.collect()
    assert ref() is None
    assert len(made.app._grants) == 0


async def test_opening_takes_in_what_is_newer() -> None:
    """A token that another process has saved is found at once; a token that is nearly over is not."""
    made = await world()
    other = evolve(made.shelf.token(), access_token=Secret("CANARY-other"), revision="r2")
    made.server.access["CANARY-other"] = 1e12
    made.shelf.put(other)
    assert await made.app.open(made.shelf, "firm") is made.grant
    await made.clio.request("GET", "/x")
    assert made.server.calls[-1].headers["authorization"] == "Bearer CANARY-other"
    made.shelf.put(evolve(other, access_token=Secret("CANARY-old"), revision="r3", expires_at=made.wall.now))
    await made.app.open(made.shelf, "firm")
    await made.clio.request("GET", "/y")
    assert made.server.calls[-1].headers["authorization"] == "Bearer CANARY-other"
    assert made.server.refreshes == 0


async def test_opening_takes_in_nothing_worse(caplog) -> None:
    """Not a token that was refused, nor one that is older than the copy which could not be saved yet."""
    made = await world()
    first = made.shelf.token()
    made.server.access.clear()
    made.server.faults = [("before", html(500))] * 2
    with pytest.raises(AuthError, match="500"):
        await made.clio.request("GET", "/x")
    made.shelf.put(evolve(first, revision="copy"))
    await made.app.open(made.shelf, "firm")
    with pytest.raises(AuthError, match="500"):
        await made.clio.request("GET", "/x")
    made.pass_(1)
    made.shelf.fail = {"save"}
    await made.clio.request("GET", "/x")
    made.shelf.put(evolve(first, access_token=Secret("CANARY-older"), revision="older"))
    await made.app.open(made.shelf, "firm")
    await made.clio.request("GET", "/x")
    assert made.server.calls[-1].headers["authorization"] == "Bearer CANARY-access-2"


async def test_what_cannot_be_opened() -> None:
    """Nothing stored, or withdrawn: approve again. A token of another app or region is never sent (F34)."""
    made = await world()
    with pytest.raises(ReauthRequired, match="authorize") as nothing:
        await made.app.open(made.shelf, "nobody")
    assert nothing.value.principal is None
    token = made.shelf.token()
    made.shelf.put(evolve(token, revoked=True), "gone")
    with pytest.raises(ReauthRequired, match="withdrawn") as gone:
        await made.app.open(made.shelf, "gone")
    assert gone.value.principal == made.grant.principal(BASE)
    for change in ({"origin": "https://eu.app.clio.com"}, {"client_id": "other"}):
        made.shelf.put(evolve(token, **change), "abroad")
        with pytest.raises(InvalidArgument, match="region=") as abroad:
            await made.app.open(made.shelf, "abroad")
        assert "CANARY" not in str(abroad.value)
        with pytest.raises(InvalidArgument, match="region="):
            await made.app.deauthorize(made.shelf, "abroad")
    with pytest.raises(InvalidArgument, match="region="):
        made.grant.principal("https://eu.app.clio.com/api/v4")
    with pytest.raises(InvalidArgument, match="region="):
        made.clio.with_auth(made.grant, region="eu")
    assert (made.server.ended, len(made.server.tokens)) == ([], 1)


@BACKENDS
async def test_deauthorizing_ends_the_token_and_forgets_it() -> None:
    """Clio is told, the store is emptied, and who holds the grant sends nothing any more."""
    made = await world()
    await made.app.deauthorize(made.shelf, "firm")
    assert made.server.ended == ["CANARY-access-1"]
    assert made.shelf.held == {}
    with pytest.raises(ReauthRequired):
        await made.clio.request("GET", "/x")
    await made.app.deauthorize(made.shelf, "firm")
    made.pass_(10)
    with pytest.raises(ReauthRequired):
        await made.clio.request("GET", "/x")
    assert (len(made.server.ended), made.server.calls, made.server.refreshes) == (1, [], 0)


async def test_deauthorizing_without_a_live_grant() -> None:
    """A token that has ended is forgotten as well, and one that is marked is not even sent."""
    made = await world()
    made.grant = made.clio = None  # type: ignore[assignment]
    made.server.access.clear()
    token = made.shelf.token()
    await made.app.deauthorize(made.shelf, "firm")
    assert (made.server.ended, made.shelf.held) == (["CANARY-access-1"], {})
    made.shelf.put(evolve(token, revoked=True))
    await made.app.deauthorize(made.shelf, "firm")
    assert (len(made.server.ended), made.shelf.held) == (1, {})


@pytest.mark.parametrize("fault", [lost(), Response(503), Response(302), Response(400)])
async def test_a_grant_that_could_not_be_given_back_is_kept(fault) -> None:
    """So that it can be tried again."""
    made = await world()
    made.server.faults = [("before", fault)]
    with pytest.raises(AuthError, match="still stored"):
        await made.app.deauthorize(made.shelf, "firm")
    assert "firm" in made.shelf.held
    await made.clio.request("GET", "/x")


async def test_nobody_renews_what_is_being_given_back() -> None:
    """The store is locked while Clio is told."""
    made = await world()
    locked = []
    made.server.faults = [("before", lambda: (locked.append(made.shelf.locked), Response(200))[1])]
    await made.app.deauthorize(made.shelf, "firm")
    assert locked == [1]


async def test_a_code_may_bring_no_refresh_token() -> None:
    """The access token is used to its very end, and not renewed ahead."""
    made = await world()
    approval = made.app.authorize()
    only = {"token_type": "bearer", "access_token": "CANARY-only", "expires_in": 1000}
    made.server.access["CANARY-only"] = 1e12
    made.server.faults = [("before", reply(200, only))]
    grant = await made.app.exchange(f"code=x&state={approval.state}", approval, made.shelf, "firm")
    clio = made.client(grant)
    made.pass_(999)
    assert (await clio.request("GET", "/x")).status == 200
    made.pass_(1)
    with pytest.raises(ReauthRequired, match="no refresh token"):
        await clio.request("GET", "/x")


async def test_deauthorizing_meets_a_refresh() -> None:
    """What was saved meanwhile is ended too; a store that changes all the time is an error."""
    made = await world(shelf=Shelf(locks=False))
    second = evolve(made.shelf.token(), access_token=Secret("CANARY-second"), revision="r2")
    made.shelf.on_save = [lambda: made.shelf.put(second)]
    await made.app.deauthorize(made.shelf, "firm")
    assert (made.server.ended, made.shelf.held) == (["CANARY-access-1", "CANARY-second"], {})
    made.shelf.put(second)
    count = iter(range(99))
    made.shelf.on_save = [lambda: made.shelf.put(evolve(second, revision=f"n{next(count)}"))] * 20
    with pytest.raises(TokenStoreError):
        await made.app.deauthorize(made.shelf, "firm")


async def test_without_a_transport_one_is_opened_per_exchange() -> None:
    """On real sockets: opened, used and closed."""

    body = b'{"token_type":"bearer","access_token":"CANARY-a","refresh_token":"r","expires_in":60}'
    async with serve(lambda _: Answer(raw("200 OK", body, ("Content-Type", "application/json")))) as server:
        app = OAuthApp(CLIENT_ID, CLIENT_SECRET, redirect_uri=REDIRECT, base_url=server.url)
        approval = app.authorize()
        shelf = Shelf()
        await app.exchange(f"code=c&state={approval.state}", approval, shelf, "firm")
        assert shelf.token().access_token == Secret("CANARY-a")
        await app.deauthorize(shelf, "firm")


BAD = [
    {"client_id": ""},
    {"client_id": 5},
    {"client_id": "a\nb"},
    {"client_secret": ""},
    {"client_secret": "CANARY\n"},
    {"client_secret": None},
    {"redirect_uri": ""},
    {"redirect_uri": "/callback"},
    {"redirect_uri": "https://a/#x"},
    {"redirect_uri": "https://a/ x"},
    {"redirect_uri": None},
    {"region": "mars"},
    {"base_url": "http://clio.com"},
    {"transport": 5},
]


@pytest.mark.parametrize("options", BAD, ids=str)
def test_an_app_that_cannot_work_is_refused(options) -> None:
    """Before anything is sent, and without showing the secret."""
    given = {"client_id": "id", "client_secret": "CANARY-s", "redirect_uri": REDIRECT, **options}
    with pytest.raises(InvalidArgument) as refused:
        OAuthApp(given.pop("client_id"), given.pop("client_secret"), **given)
    assert "CANARY" not in str(refused.value)


def test_regions() -> None:
    """An app is of one region; its OAuth pages are on the same host as the API."""
    origins = {r: OAuthApp("i", Secret("s"), redirect_uri=REDIRECT, region=r).origin for r in ("us", "eu", "ca", "au")}
    assert origins == {"us": "https://app.clio.com"} | {r: f"https://{r}.app.clio.com" for r in ("eu", "ca", "au")}
