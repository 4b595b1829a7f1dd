"""The simulator as an authorization server: who is asked, and who gets a code."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import attrs
import pytest

from clio_async import Clio, MemoryTokenStore, OAuthApp
from clio_async.testing.simulator import App, Grant, Regime, Simulator
from clio_async.transport.memory import MemoryTransport

from .developer import (
    CALLBACK,
    CHALLENGE,
    FORM_TYPE,
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_REQUEST,
    ORIGIN,
    VERIFIER,
    Developer,
    answer_of,
    challenge_of,
    error,
    granted,
)

# -- apps ---------------------------------------------------------------------------------------------------------


def test_an_app_has_what_it_was_given_or_made_up_values() -> None:
    """Ids and secrets are made up, differ, and do not show; a single URI is one URI."""
    simulator = Simulator()
    one, other = simulator.app(), simulator.app(redirect_uris="http://127.0.0.1:8000/callback")
    assert (CALLBACK,) == one.redirect_uris
    assert ("http://127.0.0.1:8000/callback",) == other.redirect_uris
    assert 4 == len({one.client_id, one.client_secret, other.client_id, other.client_secret})
    assert one.client_secret not in repr(one)
    given_app = simulator.app(client_id="id", client_secret="secret", redirect_uris=["x:/y"], permissions=["matters"])
    assert App(client_id="id", client_secret="secret", redirect_uris=("x:/y",), permissions=frozenset({"matters"})) == (
        given_app
    )
    assert "secret" not in repr(Grant(token="secret"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.client_id = "x"  # type: ignore[misc]


@pytest.mark.parametrize("uri", ["", "callback", "http://127.0.0.1/#x", "http://127.0.0.1/a b", "http://127.0.0.1/é"])
def test_a_redirect_uri_is_one(uri: str) -> None:
    """What could not be a Location is refused when it is registered."""
    with pytest.raises(ValueError, match="redirect URI"):
        Simulator().app(redirect_uris=[CALLBACK, uri])


def test_two_simulators_of_other_regions_or_seeds_share_no_secret() -> None:
    """A token of one is not a token of the other; the same seed and region make the same again."""
    made = [Simulator(region=region, seed=seed) for region, seed in (("us", 0), ("eu", 0), ("us", 1), ("us", 0))]
    assert 3 == len({simulator.token() for simulator in made})
    assert 3 == len({simulator.app().client_secret for simulator in made})


# -- the authorization endpoint -----------------------------------------------------------------------------------


def test_an_approval_leads_back_with_code_and_state() -> None:
    """302 to the registered address, with a code that works and the state as it was."""
    developer = Developer()
    response = developer.authorize()
    assert (302, "no-store") == (response.status, response.headers["cache-control"])
    location = response.headers["location"]
    assert location.startswith(f"{CALLBACK}?code=")
    assert "s t" == answer_of(location)["state"]
    assert "bearer" == granted(developer.redeem(answer_of(location)["code"]))["token_type"]


def test_without_state_there_is_none_and_a_query_is_kept() -> None:
    """The answer is added to the query of the redirect URI."""
    uri = f"{CALLBACK}?tenant=7"
    developer = Developer(redirect_uris=[CALLBACK, uri])
    assert ["code"] == list(answer_of(developer.authorize(state=None).headers["location"]))
    location = developer.authorize(redirect_uri=uri).headers["location"]
    assert location.startswith(f"{uri}&code=")
    assert ["tenant", "code", "state"] == list(answer_of(location))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None}, {"client_id": "nobody"}, {"redirect_uri": None}, {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": CALLBACK.replace("127.0.0.1", "localhost")}, {"redirect_uri": f"{CALLBACK}?x=1"},
        {"redirect_uri": "http://127.0.0.1:8000/callback"}, {"redirect_uri": ""},
    ],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_is_not_registered(changes: dict[str, str | None]) -> None:
    """An unknown app, or an address that differs in one character: a page with 400, never a redirect."""
    response = Developer().authorize(**changes)
    assert (400, None) == (response.status, response.headers.get("location"))
    assert response.body.startswith(b"<!DOCTYPE html>")


def test_a_parameter_that_is_there_twice_is_refused() -> None:
    """Which of two redirect URIs is meant is not guessed (RFC 6749 §3.1)."""
    developer = Developer()
    twice = urlencode([("client_id", developer.app.client_id), ("redirect_uri", CALLBACK), ("redirect_uri", CALLBACK)])
    assert 400 == developer.ask("GET", f"/oauth/authorize?response_type=code&{twice}").status
    form = urlencode({"client_id": developer.app.client_id, "client_secret": developer.app.client_secret})
    body = f"{form}&grant_type=refresh_token&grant_type=refresh_token".encode()
    assert INVALID_REQUEST == error(developer.ask("POST", "/oauth/token", body, content_type=FORM_TYPE))


@pytest.mark.parametrize(
    ("kind", "code"), [("token", "unsupported_response_type"), (None, "invalid_request"), ("", "invalid_request")]
)
def test_another_response_type_is_told_to_the_app(kind: str | None, code: str) -> None:
    """The address is known, so the error goes there."""
    location = Developer().authorize(response_type=kind).headers["location"]
    assert {"error": code, "state": "s t"} == answer_of(location)


def test_a_user_who_declines_is_sent_back_only_if_asked_for() -> None:
    """redirect_on_decline=true: error=access_denied; otherwise a page with 400. Then the user changes their mind."""
    developer = Developer()
    developer.simulator.declines()
    location = developer.authorize(redirect_on_decline="true").headers["location"]
    assert {"error": "access_denied", "state": "s t"} == answer_of(location)
    for value in (None, "false", "TRUE"):
        response = developer.authorize(redirect_on_decline=value)
        assert (400, None) == (response.status, response.headers.get("location"))
    developer.simulator.approves_as(user=3)
    assert "code" in answer_of(developer.authorize(redirect_on_decline="true").headers["location"])


def test_the_one_who_approves_is_the_one_who_was_said_to() -> None:
    """The first user, until `approves_as`; a token speaks for whoever approved when they did."""
    developer = Developer()
    before = answer_of(developer.authorize().headers["location"])["code"]
    developer.simulator.approves_as(user=3, account=2)
    after = answer_of(developer.authorize().headers["location"])["code"]
    tokens = [granted(developer.redeem(code))["access_token"] for code in (before, after)]
    assert [1, 3] == [json.loads(developer.api(token).body)["data"]["id"] for token in tokens]
    matters = [json.loads(developer.api(token, "/matters/1.json?fields=etag").body) for token in tokens]
    assert matters[0] != matters[1]


def test_the_page_for_apps_without_a_server_has_the_answer_in_its_title() -> None:
    """/oauth/approval at the simulator's own address: code or error are in the title, as text."""
    developer = Developer(redirect_uris=["/oauth/approval"], origin="http://127.0.0.1:9")
    uri = "http://127.0.0.1:9/oauth/approval"
    location = developer.authorize(redirect_uri=uri).headers["location"]
    assert location.startswith(f"{uri}?code=")
    code = answer_of(location)["code"]
    shown = developer.ask("GET", location.removeprefix(developer.origin))
    assert 200 == shown.status
    assert f"<title>Success code={code}</title>".encode() in shown.body
    granted(developer.redeem(code, redirect_uri=uri))
    developer.simulator.declines()
    location = developer.authorize(redirect_uri=uri, redirect_on_decline="true").headers["location"]
    shown = developer.ask("GET", location.removeprefix(developer.origin))
    assert b"<title>Failure error=access_denied</title>" in shown.body
    assert 400 == developer.ask("GET", "/oauth/approval").status
    assert b"<b>" not in developer.ask("GET", "/oauth/approval?code=<b>").body
    assert 200 == developer.ask("GET", "/oauth/approval?code=\ud800").status
    assert 400 == developer.authorize(redirect_uri="/oauth/approval").status
    assert 400 == developer.authorize(redirect_uri="http://127.0.0.1:8/oauth/approval").status


def test_a_test_approves_without_a_browser() -> None:
    """approve() returns what the browser would have been sent to; what would not be asked is an error."""
    developer = Developer(redirect_uris=[CALLBACK, "/oauth/approval"])
    simulator, client_id = developer.simulator, developer.app.client_id
    location = simulator.approve(client_id, user=2, account=3, state="x&y")
    assert location.startswith(f"{CALLBACK}?code=")
    assert "x&y" == answer_of(location)["state"]
    token = granted(developer.redeem(answer_of(location)["code"]))["access_token"]
    assert 2 == json.loads(developer.api(token).body)["data"]["id"]
    own = "http://127.0.0.1:7/oauth/approval"
    assert simulator.approve(client_id, redirect_uri=own).startswith(f"{own}?code=")
    page = simulator.app(redirect_uris="/oauth/approval", region="eu")
    location = simulator.approve(page.client_id, region="eu")
    assert location.startswith("https://eu.app.clio.com/oauth/approval?code=")
    with pytest.raises(LookupError, match="no such app"):
        simulator.approve("nobody")
    with pytest.raises(LookupError, match="no such app"):
        simulator.approve(page.client_id)
    with pytest.raises(ValueError, match="not registered"):
        simulator.approve(client_id, redirect_uri="http://127.0.0.1:1/callback")
    with pytest.raises(ValueError, match="not registered"):
        simulator.approve(simulator.app(redirect_uris=[]).client_id)
    with pytest.raises(ValueError, match="invalid_request"):
        simulator.approve(client_id, code_challenge="short")


def test_the_address_for_the_browser_says_all() -> None:
    """approve() takes it whole, PKCE included; what is given beside it comes before it."""
    developer = Developer(redirect_uris=[CALLBACK, "/oauth/approval"])
    simulator, uri = developer.simulator, f"{ORIGIN}/oauth/approval"
    asked = {
        "response_type": "code", "client_id": developer.app.client_id, "redirect_uri": uri, "state": "s t&",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip

    def url(path: str = "/oauth/authorize", origin: str = ORIGIN, **changes: str | None) -> str:
        given = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        return f"{origin}{path}?{urlencode(given)}"

    location = simulator.approve(url(), user=2, account=3)
    assert location.startswith(f"{uri}?code=")
    assert "s t&" == answer_of(location)["state"]
    code = answer_of(location)["code"]
    assert INVALID_GRANT == error(developer.redeem(code, redirect_uri=uri))
    token = granted(developer.redeem(code, redirect_uri=uri, code_verifier=VERIFIER))["access_token"]
    assert 2 == json.loads(developer.api(token).body)["data"]["id"]

    location = simulator.approve(url(), redirect_uri=CALLBACK, state="mine", code_challenge=challenge_of("w" * 43))
    assert location.startswith(f"{CALLBACK}?code=")
    assert "mine" == answer_of(location)["state"]
    granted(developer.redeem(answer_of(location)["code"], code_verifier="w" * 43))
    plain = simulator.approve(url(code_challenge=VERIFIER, code_challenge_method=None))
    granted(developer.redeem(answer_of(plain)["code"], redirect_uri=uri, code_verifier=VERIFIER))

    with pytest.raises(LookupError, match="no such app"):
        simulator.approve(url(client_id=None))
    with pytest.raises(LookupError, match="no such app"):
        simulator.approve(url(origin="https://eu.app.clio.com"))
    for wrong, said in {
        url(redirect_uri=None): "not registered",
        url(redirect_uri="http://127.0.0.1:9/oauth/approval"): "not registered",
        url(origin="http://127.0.0.1:9"): "not registered",
        url(response_type=None): "invalid_request",
        url(response_type="token"): "unsupported_response_type",
        url(code_challenge="short"): "invalid_request",
        url() + "&state=again": "twice",
        url(path="/oauth/token"): "/oauth/authorize",
        ORIGIN: "/oauth/authorize",
    }.items():
        with pytest.raises(ValueError, match=said):
            simulator.approve(wrong)


def test_the_address_names_the_region() -> None:
    """An app of another region is found by the host of its address."""
    simulator = Simulator()
    app = simulator.app(region="eu")
    asked = urlencode({"response_type": "code", "client_id": app.client_id, "redirect_uri": CALLBACK})
    assert simulator.approve(f"https://eu.app.clio.com/oauth/authorize?{asked}").startswith(f"{CALLBACK}?code=")
    with pytest.raises(LookupError, match="no such app"):
        simulator.approve(f"https://localhost/oauth/authorize?{asked}")
    assert simulator.approve(f"https://localhost/oauth/authorize?{asked}", region="eu").startswith(CALLBACK)


@pytest.mark.parametrize("pkce", [True, False])
async def test_an_app_is_approved_by_its_own_address(pkce: bool) -> None:
    """What authorize() gives goes in, what exchange() takes comes out."""
    simulator = Simulator()
    transport = MemoryTransport(simulator.handler)
    known = simulator.app()
    app = OAuthApp(known.client_id, known.client_secret, redirect_uri=CALLBACK, pkce=pkce, transport=transport)
    approval = app.authorize()
    grant = await app.exchange(simulator.approve(approval.url, user=2), approval, MemoryTokenStore(), "key")
    async with Clio(grant, transport=transport) as clio:
        assert 2 == (await clio.users.who_am_i()).id


# -- codes --------------------------------------------------------------------------------------------------------


def test_a_code_works_once() -> None:
    """The second time it is invalid_grant, and the first tokens live on."""
    developer = Developer()
    code = developer.code()
    first = granted(developer.redeem(code))
    assert {"access_token", "token_type", "expires_in", "refresh_token"} == set(first)
    assert INVALID_GRANT == error(developer.redeem(code))
    assert 200 == developer.api(first["access_token"]).status


@pytest.mark.parametrize(("seconds", "works"), [(599.5, True), (600, False), (6_000, False)])
def test_a_code_works_for_ten_minutes(seconds: float, works: bool) -> None:
    """On the simulator's clock."""
    developer = Developer()
    code = developer.code()
    developer.simulator.clock.advance(seconds)
    response = developer.redeem(code)
    assert works == (response.status == 200)
    assert works or error(response) == INVALID_GRANT


def test_a_code_belongs_to_its_app_and_address() -> None:
    """Another app, or another registered address, does not get it; and it is not used up by that."""
    developer = Developer(redirect_uris=[CALLBACK, "http://127.0.0.1/other"])
    thief = developer.simulator.app()
    code = developer.code()
    own = {"client_id": thief.client_id, "client_secret": thief.client_secret}
    for form in (own, {"redirect_uri": "http://127.0.0.1/other"}, {"code": "nonsense"}):
        assert INVALID_GRANT == error(developer.redeem(code, **form))
    granted(developer.redeem(code))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"client_id": None}, INVALID_CLIENT), ({"client_id": "nobody"}, INVALID_CLIENT),
        ({"client_secret": None}, INVALID_CLIENT), ({"client_secret": "wrong"}, INVALID_CLIENT),
        ({"client_secret": "é"}, INVALID_CLIENT), ({"grant_type": None}, INVALID_REQUEST),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")), ({"code": None}, INVALID_REQUEST),
        ({"code": ""}, INVALID_REQUEST), ({"redirect_uri": None}, INVALID_REQUEST),
        ({"grant_type": "refresh_token"}, INVALID_REQUEST),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, INVALID_GRANT),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_said(form: dict[str, str | None], expected: tuple[int, str]) -> None:
    """With the codes of RFC 6749 §5.2; an unknown app is a 401 that says how to authenticate."""
    developer = Developer()
    response = developer.redeem(developer.code(), **form)
    assert expected == error(response)
    assert (expected[0] == 401) == ("www-authenticate" in response.headers)


def test_a_token_is_asked_for_with_a_form() -> None:
    """JSON, no type, a GET and other paths are refused; a charset does no harm, and bytes that are no text neither."""
    developer = Developer()
    form = {"client_id": developer.app.client_id, "client_secret": developer.app.client_secret}
    form |= {"grant_type": "authorization_code", "code": developer.code(), "redirect_uri": CALLBACK}
    body = urlencode(form).encode()
    for kind in ("application/json", "", "multipart/form-data"):
        assert INVALID_REQUEST == error(developer.ask("POST", "/oauth/token", body, content_type=kind))
    assert INVALID_REQUEST == error(developer.ask("POST", "/oauth/token", json.dumps(form).encode()))
    assert INVALID_CLIENT == error(developer.ask("POST", "/oauth/token", b"\xff=\xfe", content_type=FORM_TYPE))
    assert INVALID_CLIENT == error(developer.ask("POST", "/oauth/token", content_type=FORM_TYPE))
    query = urlencode(form)
    for method, path in (
        ("GET", f"/oauth/token?{query}"), ("GET", "/oauth/nonsense"), ("POST", "/oauth/authorize"),
        ("OPTIONS", "/oauth/token"), ("GET", "/oauth/"), ("POST", "/oauth/token/"),
    ):  # fmt: skip
        assert 404 == developer.ask(method, path, body, content_type=FORM_TYPE).status
    granted(developer.ask("POST", "/oauth/token", body, content_type=f"{FORM_TYPE.upper()}; charset=UTF-8"))


# -- PKCE ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("challenge", "method", "verifier", "works"),
    [
        (CHALLENGE, "S256", VERIFIER, True), (CHALLENGE, "S256", "w" * 43, False), (CHALLENGE, "S256", None, False),
        (CHALLENGE, "S256", "short", False), (VERIFIER, "plain", VERIFIER, True), (VERIFIER, None, VERIFIER, True),
        (CHALLENGE, "plain", VERIFIER, False), (None, None, VERIFIER, False), (None, None, None, True),
        (VERIFIER, "S256", VERIFIER, False), (CHALLENGE, "S256", "é" * 43, False),
        (challenge_of("short"), "S256", "short", False),
    ],
)  # fmt: skip
def test_a_challenge_binds_the_code(
    challenge: str | None, method: str | None, verifier: str | None, works: bool
) -> None:
    """Only its verifier redeems it (RFC 7636 §4.6); a verifier without a challenge is a mistake."""
    developer = Developer()
    location = developer.authorize(code_challenge=challenge, code_challenge_method=method).headers["location"]
    response = developer.redeem(answer_of(location)["code"], code_verifier=verifier)
    assert works == (response.status == 200)
    assert works or error(response) == INVALID_GRANT


def test_a_challenge_that_no_verifier_meets_is_refused() -> None:
    """Too short, of strange characters, or of an unknown method."""
    developer = Developer()
    for challenge, method in (("short", "S256"), (CHALLENGE + "=", "S256"), (CHALLENGE, "S512")):
        location = developer.authorize(code_challenge=challenge, code_challenge_method=method).headers["location"]
        assert "invalid_request" == answer_of(location)["error"]


def test_pkce_in_every_reading() -> None:
    """Ignored: any verifier will do. Required: not without. Refused: the parameters are an error."""
    ignoring = Developer(Regime(pkce="ignored"))
    code = answer_of(ignoring.authorize(code_challenge="short", code_challenge_method="x").headers["location"])["code"]
    granted(ignoring.redeem(code, code_verifier="another"))

    strict = Developer(Regime(pkce="required"))
    for challenge in (None, "short"):
        location = strict.authorize(code_challenge=challenge).headers["location"]
        assert "invalid_request" == answer_of(location)["error"]
    with pytest.raises(ValueError, match="invalid_request"):
        strict.code()
    code = strict.code(code_challenge=CHALLENGE)
    assert INVALID_GRANT == error(strict.redeem(code))
    granted(strict.redeem(code, code_verifier=VERIFIER))

    refusing = Developer(Regime(pkce="refused"))
    for name in ("code_challenge", "code_challenge_method"):
        location = refusing.authorize(**{name: CHALLENGE}).headers["location"]
        assert "invalid_request" == answer_of(location)["error"]
    code = refusing.code()
    assert INVALID_REQUEST == error(refusing.redeem(code, code_verifier=VERIFIER))
    granted(refusing.redeem(code))


def test_a_code_from_before_pkce_was_required_is_refused() -> None:
    """A regime that becomes stricter does not let through what was approved without a challenge."""
    developer = Developer()
    code = developer.code()
    developer.simulator.regime = Regime(pkce="required")
    assert INVALID_GRANT == error(developer.redeem(code))
