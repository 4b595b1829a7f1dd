"""OAuth's messages: what is said, how answers and callbacks are read, and when a token is due."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import AuthError, AuthorizationDeclined, StateMismatch
from clio_async.messages import Headers, Response
from clio_async.protocol import oauth
from clio_async.protocol.oauth import Callback, Granted, Refused, Registration
from clio_async.secrets import Secret

APP = Registration("https://app.clio.com", "id&1", Secret("CANARY-secret+%"), "https://a.example/cb?x=1&y=2")
VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


def said(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}


def test_the_user_is_sent_where_clio_asks_for_it():
    """The parameters of the authorization request, and no scope: Manage has none."""
    url = oauth.authorize_url(APP, "st", None, redirect_on_decline=True)
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "app.clio.com", "/oauth/authorize")
    assert {name: value for name, (value,) in parse_qs(parts.query).items()} == {
        "response_type": "code",
        "client_id": "id&1",
        "redirect_uri": "https://a.example/cb?x=1&y=2",
        "state": "st",
        "redirect_on_decline": "true",
    }
    assert "redirect_on_decline=false" in oauth.authorize_url(APP, "st", None, redirect_on_decline=False)
    assert "CANARY" not in url


def test_the_challenge_is_that_of_rfc_7636():
    """The example of its appendix B, and the verifier is not in the URL."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    url = oauth.authorize_url(APP, "st", Secret(verifier), redirect_on_decline=True)
    query = parse_qs(urlsplit(url).query)
    assert ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"] == query["code_challenge"]
    assert ["S256"] == query["code_challenge_method"]
    assert verifier not in url


@given(VISIBLE)
def test_a_challenge_is_the_hash_of_its_verifier(verifier):
    """It is base64url without padding, as RFC 7636 §4.2 has it."""
    query = parse_qs(urlsplit(oauth.authorize_url(APP, "s", Secret(verifier), redirect_on_decline=True)).query)
    challenge = query["code_challenge"][0]
    assert base64.urlsafe_b64decode(challenge + "=") == hashlib.sha256(verifier.encode()).digest()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge)


@given(VISIBLE, VISIBLE)
def test_forms_carry_what_rfc_6749_asks_for(code, verifier):
    """Exactly these parameters, form-encoded, and no secret in the URL or in sight."""
    request = oauth.code_request(APP, Secret(code), Secret(verifier), 5.0)
    assert ("POST", "https://app.clio.com/oauth/token", 5.0) == (request.method, request.url, request.deadline)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-api-version" not in request.headers
    assert said(request.body) == {
        "grant_type": "authorization_code",
        "redirect_uri": "https://a.example/cb?x=1&y=2",
        "client_id": "id&1",
        "client_secret": "CANARY-secret+%",
        "code": code,
        "code_verifier": verifier,
    }
    assert "CANARY" not in f"{request!r}{APP!r}"
    assert "code_verifier" not in said(oauth.code_request(APP, Secret(code), None, None).body)
    assert said(oauth.refresh_request(APP, Secret(code), None).body) == {
        "grant_type": "refresh_token",
        "client_id": "id&1",
        "client_secret": "CANARY-secret+%",
        "refresh_token": code,
    }


def test_deauthorizing_names_the_token_twice():
    """As the bearer, and in the form."""
    request = oauth.deauthorize_request(APP, Secret("CANARY-t"), None)
    assert ("POST", "https://app.clio.com/oauth/deauthorize") == (request.method, request.url)
    assert request.headers["authorization"] == "Bearer CANARY-t"
    assert said(request.body) == {"token": "CANARY-t"}
    assert "CANARY" not in repr(request)


CALLBACKS = {
    "https://a.example/cb?code=C1&state=S": ("C1", "S", None),
    "http://127.0.0.1:8000/cb?state=S&code=C%2B1#frag": ("C+1", "S", None),
    "code=C1&state=S": ("C1", "S", None),
    "?code=C1&state=S": ("C1", "S", None),
    "  Success code=C1\n": ("C1", None, None),
    "Success code=C1+x%20": ("C1+x%20", None, None),
    "Failure error=access_denied": (None, None, "access_denied"),
    "error=access_denied&state=S": (None, "S", "access_denied"),
    "error=CANARY-1&state=S": (None, "S", "unknown"),
    "C1": ("C1", None, None),
    "": (None, None, None),
    "https://a.example/cb": (None, None, None),
    "https://a.example/cb?code=": (None, None, None),
    "code=%00&state=S": (None, "S", None),
    "&".join("a=1" for _ in range(60)): (None, None, None),
}


@pytest.mark.parametrize(("text", "expected"), CALLBACKS.items())
def test_callbacks_are_read(text, expected):
    """A URL, its query, what the approval page shows, or nothing of the kind."""
    found = oauth.read_callback(text)
    assert (found.code and found.code.reveal(), found.state, found.error) == expected
    assert not found.repeated


@pytest.mark.parametrize("name", ["code", "state", "error"])
def test_a_repeated_parameter_is_noticed(name):
    """RFC 6749 §3.1 forbids it: which of the two is meant would be a guess."""
    assert oauth.read_callback(f"?{name}=a&{name}=a").repeated
    assert not oauth.read_callback("?x=a&x=b").repeated


@pytest.mark.parametrize("text", [None, 5, b"code=1", ["x"]])
def test_what_is_no_text_is_no_callback(text):
    """It never raises."""
    assert oauth.read_callback(text) == Callback()


@given(st.text())
def test_any_text_is_read_without_an_exception(text):
    """A traceback of reading it would show the code."""
    assert "CANARY" not in repr(oauth.read_callback(f"{text}?code=CANARY-code"))
    oauth.read_callback(text)


def test_a_state_must_be_the_one_that_was_sent():
    """Missing, another or ambiguous ones are refused before anything else is looked at."""
    code = Secret("c")
    assert oauth.code_of(Callback(code, "S"), "S", stateless=False) is code
    for forged in (Callback(code), Callback(code, "T"), Callback(code, ""), Callback(code, "S", None, True)):
        with pytest.raises(StateMismatch, match="nothing was exchanged"):
            oauth.code_of(forged, "S", stateless=False)
    for forged in (Callback(code, "T"), Callback(code, "\udcff"), Callback(None, "T", "access_denied")):
        with pytest.raises(StateMismatch):
            oauth.code_of(forged, "S", stateless=True)


def test_the_approval_page_has_no_state():
    """A code that the user pastes is taken without one."""
    code = Secret("c")
    assert oauth.code_of(Callback(code), "S", stateless=True) is code


def test_a_refusal_is_told_from_a_callback_without_code():
    """Declined is one thing, nonsense another."""
    with pytest.raises(AuthorizationDeclined, match="access_denied") as declined:
        oauth.code_of(Callback(None, "S", "access_denied"), "S", stateless=False)
    assert declined.value.error == "access_denied"
    with pytest.raises(AuthError, match="no code") as nothing:
        oauth.code_of(Callback(None, "S"), "S", stateless=False)
    assert type(nothing.value) is AuthError


def answer(content: object, status: int = 200, **headers: str) -> Granted | Refused:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    fields = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return oauth.read_answer(Response(status, fields, body), 1000.0)


GOOD = {"token_type": "bearer", "access_token": "CANARY-a"}


def test_a_token_is_read():
    """All that matters, and only that."""
    found = answer({**GOOD, "token_type": "BEARER", "refresh_token": "CANARY-r", "expires_in": 2592000, "x": [1]})
    assert found == Granted(Secret("CANARY-a"), Secret("CANARY-r"), 2592000.0)
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize("refresh", [{}, {"refresh_token": None}, {"refresh_token": ""}])
def test_no_refresh_token_is_none(refresh):
    """Absent, null or empty: the old one holds."""
    assert answer({**GOOD, **refresh}) == Granted(Secret("CANARY-a"), None, None)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        *[(3600, 3600.0), ("3600", 3600.0), (1.5, 1.5)],
        *((odd, None) for odd in (-1, 0, True, math.nan, math.inf, 10**10, 10**300, None, [])),
        *((odd, None) for odd in ("1.5", "-5", "9" * 400, "٣٦٠٠", "NaN", "")),
    ],
)
def test_expires_in_is_a_number_that_can_be_meant(given, seconds):
    """Anything else is as good as nothing: the token is used until it is refused."""
    assert answer({**GOOD, "expires_in": given}).expires_in == seconds


BAD = [
    b"",
    b"{",
    b"\xff",
    b"[" * 100_000,
    b"null",
    b"[]",
    b"<html>",
    b'{"a":' + b"1" * 5000 + b"}",
    b" " * 70_000 + json.dumps(GOOD).encode(),
    {},
    {"token_type": "mac", "access_token": "a"},
    {"token_type": 5, "access_token": "a"},
    *({**GOOD, "access_token": bad} for bad in (None, "", "a b", "a\r\nb", "ä", 5, ["a"])),
]


@pytest.mark.parametrize("refresh", [5, "a\nb", "ä", ["a"], True])
def test_a_refresh_token_that_cannot_be_read_is_none(refresh):
    """The rest of the answer is good, and what it was given for may be used up."""
    assert answer({**GOOD, "refresh_token": refresh}).refresh_token is None


def test_a_token_without_a_type_is_a_bearer_token():
    """It cannot be meant for anything else: there was no other to choose from."""
    assert answer({"access_token": "a"}).access_token == Secret("a")


@pytest.mark.parametrize("content", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("status", [200, 204])
def test_a_success_without_a_token_is_none(content, status):
    """HTML, garbage, or a token that no header can carry: not a token, and nothing that is tried again at once."""
    found = answer(content, status)
    assert found == Refused(f"the server answered {status}, but with no token", status=status)


@pytest.mark.parametrize("status", [400, 401])
def test_the_code_of_an_error_is_read(status):
    """`invalid_grant` alone says that the grant is gone."""
    found = answer({"error": "invalid_grant", "error_description": "CANARY"}, status)
    assert (found.error, found.status, found.gone, found.lost) == ("invalid_grant", status, True, False)
    assert "CANARY" not in repr(found)
    assert not answer({"error": "invalid_client"}, status).gone
    assert answer({"error": "CANARY-token"}, status).error == "unknown"


@pytest.mark.parametrize(
    ("status", "content"),
    [
        *[(403, {"error": "invalid_grant"}), (503, {"error": "invalid_grant"}), (400, b"<html>"), (401, {"error": {}})],
        *[(302, b""), (404, b""), (429, b"{}")],
    ],
)
def test_what_is_not_oauth_says_nothing_of_the_grant(status, content):
    """A gateway's word never ends a grant (F32). A 5xx may be a lost reply."""
    found = answer(content, status)
    assert (found.error, found.gone, found.lost, found.status) == (None, False, status >= 500, status)


def test_a_server_may_ask_for_a_pause():
    """`Retry-After` counts from when the answer came."""
    assert answer(b"", 429, Retry_After="7").retry_after == 7.0
    assert answer(b"", 503, Retry_After="Thu, 01 Jan 1970 00:20:00 GMT").retry_after == 200.0
    assert answer(b"", 503).retry_after is None


@given(st.floats(1, 1e9), st.floats(0, 1e9))
def test_the_moments_of_a_token_are_in_order(lifetime, now):
    """It is renewed before it must be, and not used after its end."""
    found = oauth.life(lifetime, lifetime, now)
    assert now < found.advisory < found.mandatory < now + lifetime
    assert now + lifetime - found.advisory <= 300.001
    assert now + lifetime - found.mandatory <= 30.001


def test_windows():
    """A tenth and a fiftieth of the life, at most 300 and 30 seconds; none where nobody knows, or nothing renews it."""
    assert oauth.life(1000, 1000, 0.0) == (900.0, 980.0)
    assert oauth.life(2592000, 2592000, 0.0) == (2591700.0, 2591970.0)
    assert oauth.life(50, 1000, 7.0) == (57.0 - 100, 57.0 - 20)
    assert oauth.life(1000, 1000, 5.0, renewable=False) == (1005.0, 1005.0)
    assert oauth.life(None, 0.0, 5.0) == oauth.NEVER == (math.inf, math.inf)


def test_backoff_doubles_up_to_a_minute():
    """Less up to a half by chance; what the server asks for counts, up to ten minutes."""
    assert [oauth.backoff(n, 0.0) for n in (1, 2, 3, 6, 7, 8, 5000)] == [1, 2, 4, 32, 60, 60, 60]
    assert oauth.backoff(3, 1.0) == 2.0
    assert oauth.backoff(1, 0.0, 20.0) == 20.0
    assert oauth.backoff(7, 0.0, 20.0) == 60.0
    assert oauth.backoff(1, 0.0, 1e9) == 600.0
    assert oauth.backoff(1, 0.0, -5.0) == 1.0


REASONS = [
    ({}, b'{"error":"invalid_token","error_description":"The access token expired"}', "expired"),
    ({}, b'{"error":"invalid_token","error_description":"The access token was revoked"}', "revoked"),
    ({}, b'{"error":"invalid_token","error_description":"The access token is invalid"}', "unknown"),
    ({"WWW-Authenticate": 'Bearer realm="x", error="invalid_token", error_description="Revoked."'}, b"", "revoked"),
    ({"WWW-Authenticate": 'Bearer error="token_expired"'}, b"The access token was revoked", "expired"),
    ({"WWW-Authenticate": "Bearer"}, b"EXPIRED", "expired"),
    ({"WWW-Authenticate": "Bearer"}, b"it has expired, or was revoked", "unknown"),
    ({}, b"unexpired", "unknown"),
    ({}, b"\xff\x00", "unknown"),
    ({}, b" " * 2000 + b"expired", "unknown"),
    ({"WWW-Authenticate": " " * 2000 + "expired"}, b"", "unknown"),
]


@pytest.mark.parametrize(("headers", "body", "reason"), REASONS)
def test_a_401_explains_itself(headers, body, reason):
    """By its challenge or its body, read up to a bound; a text that names both reasons names none."""
    assert oauth.reason_of(Response(401, Headers(headers), body)) == reason
