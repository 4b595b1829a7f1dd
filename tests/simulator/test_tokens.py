"""The simulator as an authorization server: how tokens are given, renewed and end."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Fault, Faults, Regime

from .developer import (
    CHALLENGE,
    FORM_TYPE,
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_REQUEST,
    ORIGIN,
    VERIFIER,
    Developer,
    answer_of,
    error,
    granted,
)

# -- the life of tokens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("life", [2_592_000, 604_800, 3_600])
def test_an_access_token_lives_as_long_as_it_says(life: Any) -> None:
    """To the second, on the simulator's clock."""
    developer = Developer(Regime(token_lifetime=life))
    answer = developer.granted()
    assert life == answer["expires_in"]
    developer.simulator.clock.advance(life - 0.5)
    assert 200 == developer.api(answer["access_token"]).status
    developer.simulator.clock.advance(0.5)
    assert "The access token expired" == developer.cause(answer["access_token"])
    granted(developer.refresh(answer["refresh_token"]))


def test_a_life_that_is_not_told_has_no_end() -> None:
    """No expires_in then; or it is a number in quotes."""
    developer = Developer(Regime(token_lifetime=None))
    answer = developer.granted()
    assert "expires_in" not in answer
    developer.simulator.clock.advance(10**8)
    assert 200 == developer.api(answer["access_token"]).status
    assert "3600" == Developer(Regime(token_lifetime=3_600, expires_in_text=True)).granted()["expires_in"]


def test_tokens_expire_on_demand() -> None:
    """One, all of an app, or all; refresh tokens work on, and what comes later is not meant."""
    developer = Developer()
    simulator = developer.simulator
    other = simulator.app()
    own, plain = developer.granted(), simulator.token()
    simulator.expire("nonsense")
    simulator.expire_all(other.client_id)
    assert [200, 200] == [developer.api(token).status for token in (own["access_token"], plain)]
    simulator.expire_all(developer.app.client_id)
    assert [401, 200] == [developer.api(token).status for token in (own["access_token"], plain)]
    renewed = granted(developer.refresh(own["refresh_token"]))["access_token"]
    simulator.expire_all()
    assert ["The access token expired"] * 2 == [developer.cause(token) for token in (renewed, plain)]
    assert 200 == developer.api(granted(developer.refresh(own["refresh_token"]))["access_token"]).status
    assert "The access token is invalid" == developer.cause("nonsense")


def test_a_user_revokes_an_app() -> None:
    """Codes, access tokens and refresh tokens end; other users, other apps and a new approval are not touched."""
    developer = Developer()
    simulator, app = developer.simulator, developer.app
    mine, colleague, elsewhere = developer.granted(), developer.granted(user=2), developer.granted(account=2)
    code, plain = developer.code(), simulator.token()
    simulator.revoke(user=1, client_id=app.client_id)
    assert "The access token was revoked" == developer.cause(mine["access_token"])
    assert INVALID_GRANT == error(developer.refresh(mine["refresh_token"]))
    assert INVALID_GRANT == error(developer.redeem(code))
    for answer in (colleague, elsewhere, {"access_token": plain}, developer.granted()):
        assert 200 == developer.api(answer["access_token"]).status
    simulator.expire_all()
    assert "The access token was revoked" == developer.cause(mine["access_token"])
    simulator.revoke(user=2, region="eu")
    granted(developer.refresh(colleague["refresh_token"]))
    simulator.revoke()
    assert "The access token was revoked" == developer.cause(plain)
    simulator.token(text=plain)
    assert 200 == developer.api(plain).status


def test_deauthorize_revokes_one_access_token() -> None:
    """The token of the form and no other; the refresh token gives another one (200, empty)."""
    developer = Developer()
    first = developer.granted()
    second = granted(developer.refresh(first["refresh_token"]))["access_token"]
    response = deauthorize(developer, first["access_token"], second)
    assert (200, b"", "no-store") == (response.status, response.body, response.headers["cache-control"])
    assert "The access token was revoked" == developer.cause(first["access_token"])
    assert 200 == developer.api(second).status
    deauthorize(developer, second, second)
    developer.simulator.expire_all()
    assert "The access token was revoked" == developer.cause(second)
    granted(developer.refresh(first["refresh_token"]))


def deauthorize(developer: Developer, token: str | None, bearer: str) -> Response:
    return developer.post("/oauth/deauthorize", {"token": token}, authorization=f"Bearer {bearer}")


def test_deauthorize_is_for_the_app_itself() -> None:
    """Without a valid bearer 401, without a token 400; the token of another app, region or nobody stays what it was."""
    developer = Developer()
    own, plain = developer.granted()["access_token"], developer.simulator.token()
    assert 401 == deauthorize(developer, own, "nonsense").status
    assert 401 == developer.post("/oauth/deauthorize", {"token": own}).status
    assert INVALID_REQUEST == error(deauthorize(developer, None, own))
    assert [200, 200] == [deauthorize(developer, token, own).status for token in (plain, "nonsense")]
    assert 200 == developer.api(plain).status
    abroad = developer.simulator.token(region="eu")
    assert 200 == deauthorize(developer, abroad, plain).status
    assert 200 == developer.api(abroad, origin="https://eu.app.clio.com").status


@pytest.mark.parametrize(("form", "told"), [("cause", True), ("generic", False), ("envelope", False)])
def test_a_401_tells_the_cause_or_does_not(form: Any, told: bool) -> None:
    """In the body and in WWW-Authenticate alike (RFC 6750 §3); `error` is a text, or Clio's envelope."""
    developer = Developer(Regime(token_error=form))
    tokens = [developer.simulator.token() for _ in range(2)]
    developer.simulator.expire(tokens[0])
    developer.simulator.revoke()
    developer.simulator.token(text=tokens[0])
    developer.simulator.expire(tokens[0])
    answers = [developer.api(token) for token in (*tokens, "nonsense")]
    assert [401] * 3 == [answer.status for answer in answers]
    assert (3 if told else 1) == len({answer.body for answer in answers})
    assert (3 if told else 1) == len({answer.headers["www-authenticate"] for answer in answers})
    body = json.loads(answers[0].body)
    kind = body["error"]["type"] if form == "envelope" else body["error"]
    assert "invalid_token" == kind
    assert 'error="invalid_token"' in answers[0].headers["www-authenticate"]


def test_permissions_are_frozen_when_the_user_approves() -> None:
    """Ticking more on the app changes nothing until the next approval, not even by a refresh."""
    developer = Developer(client_id="app", client_secret="secret", permissions={"users"})
    before = developer.granted()
    code = developer.code()
    developer.app = developer.simulator.app(client_id="app", client_secret="other", permissions={"users", "matters"})
    renewed = granted(developer.refresh(before["refresh_token"]))
    tokens = [before, renewed, granted(developer.redeem(code)), developer.granted()]
    statuses = [developer.api(answer["access_token"], "/matters/1.json").status for answer in tokens]
    assert [403, 403, 403, 200] == statuses
    assert 200 == developer.api(before["access_token"]).status


def test_apps_and_tokens_are_of_one_region() -> None:
    """Elsewhere the app is unknown, and its tokens are invalid; the same id may be another app there."""
    developer = Developer(client_id="app", client_secret="secret")
    simulator = developer.simulator
    answer, code = developer.granted(), developer.code()
    developer.origin = "https://eu.app.clio.com"
    assert 400 == developer.authorize().status
    assert INVALID_CLIENT == error(developer.refresh(answer["refresh_token"]))
    assert "The access token is invalid" == developer.cause(answer["access_token"])
    simulator.app(client_id="app", client_secret="secret", region="eu")
    assert INVALID_GRANT == error(developer.refresh(answer["refresh_token"]))
    assert INVALID_GRANT == error(developer.redeem(code))
    abroad = granted(developer.redeem(developer.code(region="eu")))
    assert 200 == developer.api(abroad["access_token"]).status
    developer.origin = ORIGIN
    assert "The access token is invalid" == developer.cause(abroad["access_token"])
    granted(developer.redeem(code))


# -- refreshing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False])
def test_a_refresh_gives_another_access_token(kept: bool) -> None:
    """The refresh token works again and again; access tokens before live on, or are revoked, those of others never."""
    developer = Developer(Regime(refresh_keeps_access=kept))
    first, other = developer.granted(), developer.granted()
    answers = [granted(developer.refresh(first["refresh_token"])) for _ in range(3)]
    assert {"access_token", "token_type", "expires_in"} == set(answers[0])
    assert 200 == developer.api(answers[-1]["access_token"]).status
    for answer in (first, *answers[:-1]):
        assert (200 if kept else 401) == developer.api(answer["access_token"]).status
        assert kept or developer.cause(answer["access_token"]) == "The access token was revoked"
    assert 200 == developer.api(other["access_token"]).status
    assert 5 == len({answer["access_token"] for answer in (first, other, *answers)})


def test_an_expired_token_stays_expired_when_a_refresh_revokes() -> None:
    """Why it ended first is what is told."""
    developer = Developer(Regime(refresh_keeps_access=False))
    first = developer.granted()
    developer.simulator.expire(first["access_token"])
    developer.refresh(first["refresh_token"])
    assert "The access token expired" == developer.cause(first["access_token"])


def test_the_same_refresh_token_may_be_in_the_answer() -> None:
    """As the documents of 2022 show it."""
    developer = Developer(Regime(refresh_token="same"))
    held = developer.granted()["refresh_token"]
    assert [held] * 3 == [granted(developer.refresh(held))["refresh_token"] for _ in range(3)]


@pytest.mark.parametrize(("reuse", "ends"), [("refused", False), ("revoke", True)])
def test_a_rotated_refresh_token_works_once(reuse: Any, ends: bool) -> None:
    """The new one works; the old one is refused, and may take everything of the approval with it, but of no other."""
    developer = Developer(Regime(refresh_token="new", rotation_reuse=reuse))
    first, other = developer.granted(), developer.granted()
    second = granted(developer.refresh(first["refresh_token"]))
    third = granted(developer.refresh(second["refresh_token"]))
    assert 3 == len({answer["refresh_token"] for answer in (first, second, third)})
    assert INVALID_GRANT == error(developer.refresh(first["refresh_token"]))
    assert (401 if ends else 200) == developer.api(third["access_token"]).status
    assert (400 if ends else 200) == developer.refresh(third["refresh_token"]).status
    assert 200 == developer.api(other["access_token"]).status
    assert 200 == developer.refresh(other["refresh_token"]).status


def test_a_thief_of_a_refresh_token_does_not_end_the_grant() -> None:
    """Another app that presents a used refresh token is refused, and nothing ends by that."""
    developer = Developer(Regime(refresh_token="new", rotation_reuse="revoke"))
    first = developer.granted()
    second = granted(developer.refresh(first["refresh_token"]))
    thief = developer.simulator.app()
    form = {"client_id": thief.client_id, "client_secret": thief.client_secret}
    assert INVALID_GRANT == error(developer.refresh(first["refresh_token"], **form))
    granted(developer.refresh(second["refresh_token"]))


def test_a_replaced_refresh_token_may_work_until_the_new_access_token_is_used() -> None:
    """A lost answer does no harm then; the use of an older access token proves nothing."""
    developer = Developer(Regime(refresh_token="new", rotation_reuse="grace"))
    first = developer.granted()
    lost = granted(developer.refresh(first["refresh_token"]))
    developer.api(first["access_token"])
    second = granted(developer.refresh(first["refresh_token"]))
    assert 200 == developer.api(second["access_token"]).status
    assert INVALID_GRANT == error(developer.refresh(first["refresh_token"]))
    assert [200, 200] == [developer.refresh(answer["refresh_token"]).status for answer in (second, lost)]


@given(steps=st.lists(st.sampled_from(["refresh", "use", "stale", "expire"]), max_size=12), reuse=st.booleans())
@settings(max_examples=60, deadline=None)
def test_one_line_of_refresh_tokens_is_alive(steps: list[str], reuse: bool) -> None:
    """Under rotation exactly the newest works, until a used one is presented where that ends the grant."""
    developer = Developer(Regime(refresh_token="new", rotation_reuse="revoke" if reuse else "refused"))
    held = [developer.granted()]
    alive = True
    for step in steps:
        if step == "refresh":
            response = developer.refresh(held[-1]["refresh_token"])
            assert alive == (response.status == 200)
            held += [json.loads(response.body)] if alive else []
        elif step == "stale" and len(held) > 1:
            assert INVALID_GRANT == error(developer.refresh(held[0]["refresh_token"]))
            alive = alive and not reuse
        elif step == "expire":
            developer.simulator.expire_all()
            assert 401 == developer.api(held[-1]["access_token"]).status
        else:
            developer.api(held[-1]["access_token"])
    assert len({answer["refresh_token"] for answer in held}) == len(held)
    assert alive == (developer.refresh(held[-1]["refresh_token"]).status == 200)


# -- counting, logging, quota -------------------------------------------------------------------------------------


def test_requests_for_tokens_are_counted() -> None:
    """By grant type and outcome, also as JSON; a text from the wire is no key."""
    developer = Developer()
    held = developer.granted()["refresh_token"]
    for token in (held, held, "nonsense"):
        developer.refresh(token)
    developer.token({"grant_type": "client-secret-by-mistake"})
    developer.ask("POST", "/oauth/token", b"{}")
    developer.redeem("x", client_secret="wrong")
    calls = developer.simulator.token_calls
    assert {
        ("authorization_code", "ok"): 1, ("authorization_code", "invalid_client"): 1, ("refresh_token", "ok"): 2,
        ("refresh_token", "invalid_grant"): 1, ("other", "unsupported_grant_type"): 1, ("other", "invalid_request"): 1,
    } == calls  # fmt: skip
    assert 0 == calls["refresh_token", "nonsense"]
    assert {
        "authorization_code": {"invalid_client": 1, "ok": 1},
        "other": {"invalid_request": 1, "unsupported_grant_type": 1},
        "refresh_token": {"invalid_grant": 1, "ok": 2},
    } == developer.simulator.stats()["token_calls"]


async def test_a_lost_answer_is_counted_and_a_lost_request_is_not() -> None:
    """What reached the server happened, whatever its client saw."""
    developer = Developer(Regime(refresh_token="new"))
    held = developer.granted()["refresh_token"]
    form = {"client_id": developer.app.client_id, "client_secret": developer.app.client_secret}
    body = urlencode({**form, "grant_type": "refresh_token", "refresh_token": held}).encode()
    request = Request("POST", f"{ORIGIN}/oauth/token", Headers({"content-type": FORM_TYPE}), body)
    for fault, count in ((Fault.lost_before(), 0), (Fault.lost_after(), 1)):
        developer.simulator.faults = Faults.scripted([fault])
        with pytest.raises(Exception, match="dropped"):
            await developer.simulator.handler(request)
        assert count == developer.simulator.token_calls["refresh_token", "ok"]
    assert 400 == (await developer.simulator.handler(request)).status


def test_no_secret_of_oauth_stands_in_the_log() -> None:
    """Codes, tokens, secrets, states and verifiers, in forms, queries and addresses: none is found in any entry."""
    developer = Developer(Regime(refresh_token="new"))
    secrets = ["canary-state", VERIFIER, CHALLENGE, developer.app.client_secret]
    location = developer.authorize(
        state="canary-state", code_challenge=CHALLENGE, code_challenge_method="S256"
    ).headers["location"]
    secrets.append(answer_of(location)["code"])
    developer.ask("GET", "/oauth/approval?" + urlsplit(location).query)
    answer = granted(developer.redeem(secrets[-1], code_verifier=VERIFIER))
    renewed = granted(developer.refresh(answer["refresh_token"]))
    secrets += [text for made in (answer, renewed) for name, text in made.items() if name.endswith("_token")]
    developer.ask(
        "GET",
        "/oauth/token?" + urlencode({"client_secret": developer.app.client_secret, "\ud800": "x"}, errors="replace"),
    )
    deauthorize(developer, answer["access_token"], renewed["access_token"])
    developer.refresh(answer["refresh_token"])
    text = json.dumps([entry.as_dict() for entry in developer.simulator.entries()])
    assert 9 == len(secrets)
    assert [] == [secret for secret in secrets if secret in text or secret in repr(developer.simulator.stats())]
    assert f"client_id={developer.app.client_id}" in text
    assert "state=%2A%2A%2A" in text


def test_oauth_costs_no_quota_unless_it_does() -> None:
    """The token endpoint is beside the API's quota; under `quota_oauth` an app has one, and a bearer pays."""
    free = Developer(Regime(rate_limit=(2, 60.0)))
    held = free.granted()
    assert [200] * 5 == [free.refresh(held["refresh_token"]).status for _ in range(5)]
    assert not [name for name in free.refresh(held["refresh_token"]).headers if "ratelimit" in name]

    costly = Developer(Regime(rate_limit=(2, 60.0), quota_oauth=True))
    held = costly.granted()
    assert "0" == costly.refresh(held["refresh_token"]).headers["x-ratelimit-remaining"]
    refused = costly.refresh(held["refresh_token"])
    assert (429, "RateLimited") == (refused.status, json.loads(refused.body)["error"]["type"])
    assert 1 == costly.simulator.token_calls["refresh_token", "ok"]
    assert "1" == deauthorize(costly, "nonsense", held["access_token"]).headers["x-ratelimit-remaining"]
    assert "0" == costly.api(held["access_token"]).headers["x-ratelimit-remaining"]
    assert 429 == deauthorize(costly, "nonsense", held["access_token"]).status
    assert [404, 404, 429] == [costly.ask("GET", "/oauth/nonsense").status for _ in range(3)]
    costly.simulator.clock.advance(60)
    assert 200 == costly.refresh(held["refresh_token"]).status


def test_oauth_knows_no_version() -> None:
    """Neither asked for nor echoed; a retired one changes nothing."""
    developer = Developer()
    response = developer.post("/oauth/token", {}, x_api_version="4.0.1")
    assert INVALID_CLIENT == error(response)
    assert "x-api-version" not in response.headers


@given(
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from(["authorize", "approval", "token", "deauthorize", "x"]),
    query=st.text(max_size=30), body=st.binary(max_size=30), kind=st.sampled_from([FORM_TYPE, "text/plain"]),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_is_asked_has_an_answer(method: str, path: str, query: str, body: bytes, kind: str) -> None:
    """Nothing makes the endpoints fail, and nothing is granted by chance."""
    developer = Developer()
    response = developer.ask(method, f"/oauth/{path}?{query}", body, content_type=kind)
    assert response.status in ({200, 400} if path == "approval" and method == "GET" else {400, 401, 404})
    assert 0 == developer.simulator.token_calls["authorization_code", "ok"]
