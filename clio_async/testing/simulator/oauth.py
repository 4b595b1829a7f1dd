"""The endpoints of OAuth (https://docs.developers.clio.com/api-docs/authorization), beside the API on the same host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from ...messages import Request, Response
from .answers import Refusal, bearer_challenge, encoded, error_body, page, respond, token_refused
from .authority import Authority, Challenge
from .regime import Regime
from .tokens import HOSTS, App, bearer, origin_of, region_of

__all__ = ["FORM_TYPE", "PREFIX", "answer", "approve", "concerns", "payer"]

PREFIX: Final = "/oauth/"
FORM_TYPE: Final = "application/x-www-form-urlencoded"


def concerns(request: Request) -> bool:
    """Say whether a request is for the authorization server."""
    return urlsplit(request.url).path.startswith(PREFIX)


def answer(authority: Authority, request: Request, regime: Regime, now: float) -> Response:
    """Answer a request to one of the endpoints; anything else below `PREFIX` is not found."""
    made = _answered(authority, request, regime, now)
    headers = made.headers.having("Cache-Control", "no-store")
    return Response(made.status, headers, made.body, wire_bytes=len(made.body))


def _answered(authority: Authority, request: Request, regime: Regime, now: float) -> Response:
    match request.method, urlsplit(request.url).path.removeprefix(PREFIX):
        case "GET", "authorize":
            return _authorize(authority, request, regime, now)
        case "GET", "approval":
            return _approval(request)
        case "POST", "token":
            return _token(authority, request, regime, now)
        case "POST", "deauthorize":
            return _deauthorize(authority, request, regime, now)
        case _:
            return respond(404, error_body(Refusal(404, "NotFoundError", "Not Found"))[0])


def payer(request: Request, regime: Regime) -> str | None:
    """Return whose quota a request costs, None if these endpoints cost none."""
    if not regime.quota_oauth:
        return None
    try:
        return bearer(request) or f"app {_form(request).get('client_id')}"
    except Refusal:
        return "nobody"


# -- what the user's browser asks -----------------------------------------------------------------------------------


def _authorize(authority: Authority, request: Request, regime: Regime, now: float) -> Response:
    """Send the browser back with a code. Only an app's own address is ever answered with a redirect."""
    try:
        asked = _once(urlsplit(request.url).query)
    except Refusal as refusal:
        return page(400, refusal.message)
    app = authority.app(asked.get("client_id", ""), region_of(request, authority.region))
    uri = asked.get("redirect_uri", "")
    if app is None or not app.takes(uri, origin_of(request.url)):
        return page(400, "The client_id or the redirect_uri is not registered")
    error = _mistake(asked, regime)
    if authority.declining and not error:
        if asked.get("redirect_on_decline") != "true":
            return page(400, "The user declined")
        error = "access_denied"
    if error:
        return _redirect(_callback(uri, {"error": error}, asked.get("state")))
    code = authority.approve(app, authority.user, authority.account, uri, _challenge(asked), now)
    return _redirect(_callback(uri, {"code": code}, asked.get("state")))


def approve(
    authority: Authority,
    app_or_url: str,
    user: int,
    account: int,
    given: Mapping[str, str | None],
    region: str | None,
    regime: Regime,
    now: float,
) -> str:
    """Let a user approve what an app would have asked the browser for; return the address the app is called at.

    It is named by its id, or by the address that the browser would open; `given` comes before what is in that.

    :raises LookupError: if there is no such app.
    :raises ValueError: if the user would not have been asked.
    """
    named = "://" not in app_or_url
    asked = {"response_type": "code", "client_id": app_or_url} if named else _parameters(app_or_url)
    asked |= {name: value for name, value in given.items() if value is not None}
    home = authority.region if named else region_of(Request("GET", app_or_url), authority.region)
    app = authority.app(asked.get("client_id", ""), region or home)
    if app is None:
        raise LookupError("there is no such app in this region")
    uri = asked.get("redirect_uri") or (_first_of(app) if named else "")
    error: str | None = "the redirect_uri is not registered"
    if app.takes(uri, origin_of(uri if named else app_or_url)):
        error = _mistake(asked, regime)
    if error:
        raise ValueError(f"the app is not asked for approval: {error}")
    code = authority.approve(app, user, account, uri, _challenge(asked), now)
    return _callback(uri, {"code": code}, asked.get("state"))


def _parameters(url: str) -> dict[str, str]:
    """Return what the address of an approval asks for.

    :raises ValueError: if it is another address.
    """
    address = urlsplit(url)
    if address.path != f"{PREFIX}authorize":
        raise ValueError(f"the address of an approval has the path {PREFIX}authorize")
    try:
        return _once(address.query)
    except Refusal as refusal:
        raise ValueError(f"the app is not asked for approval: {refusal.message}") from None


def _first_of(app: App) -> str:
    """Return the first redirect URI of an app, if it has any; a path is on the host of Clio."""
    first = next(iter(app.redirect_uris), "")
    return f"https://{HOSTS.get(app.region, 'localhost')}{first}" if first.startswith("/") else first


def _callback(uri: str, answer: Mapping[str, str], state: str | None) -> str:
    """Return the address of the app with an answer in its query (RFC 6749 §4.1.2)."""
    given = answer if state is None else {**answer, "state": state}
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(given, errors='replace')}"


def _redirect(location: str) -> Response:
    return respond(302, b"", (("Location", location),))


def _mistake(asked: Mapping[str, str], regime: Regime) -> str | None:
    """Return the error that an app is told of, None if there is nothing to tell."""
    kind = asked.get("response_type")
    if kind != "code":
        return "unsupported_response_type" if kind else "invalid_request"
    challenge = _challenge(asked)
    wrong = {
        "verified": challenge is not None and not challenge.well_formed,
        "ignored": False,
        "required": challenge is None or not challenge.well_formed,
        "refused": "code_challenge" in asked or "code_challenge_method" in asked,
    }[regime.pkce]
    return "invalid_request" if wrong else None


def _challenge(asked: Mapping[str, str]) -> Challenge | None:
    text = asked.get("code_challenge")
    return None if text is None else Challenge(text, asked.get("code_challenge_method", "plain"))


def _approval(request: Request) -> Response:
    """Show what came of it, for an app that reads the title of the page."""
    given = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if "code" in given:
        return page(200, f"Success code={given['code']}")
    return page(200 if "error" in given else 400, f"Failure error={given.get('error', 'invalid_request')}")


# -- what the app asks ----------------------------------------------------------------------------------------------


def _token(authority: Authority, request: Request, regime: Regime, now: float) -> Response:
    kind = "other"
    try:
        form = _form(request)
        if form.get("grant_type") in {"authorization_code", "refresh_token"}:
            kind = form["grant_type"]
        made = _granted(authority, _client(authority, request, form), form, regime, now)
    except Refusal as refusal:
        authority.calls[kind, refusal.type] += 1
        return _refused(refusal)
    authority.calls[kind, "ok"] += 1
    return respond(200, encoded(made))


def _granted(authority: Authority, app: App, form: Mapping[str, str], regime: Regime, now: float) -> dict[str, Any]:
    match _required(form, "grant_type"):
        case "authorization_code":
            verifier = form.get("code_verifier")
            if verifier is not None and regime.pkce == "refused":
                raise _invalid_request("code_verifier is not known")
            code, uri = _required(form, "code"), _required(form, "redirect_uri")
            return authority.redeem(app, code, uri, verifier, regime, now)
        case "refresh_token":
            return authority.renew(app, _required(form, "refresh_token"), regime, now)
        case _:
            raise Refusal(400, "unsupported_grant_type", "The grant_type is not supported")


def _client(authority: Authority, request: Request, form: Mapping[str, str]) -> App:
    app = authority.app(form.get("client_id", ""), region_of(request, authority.region))
    if app is None or form.get("client_secret") != app.client_secret:
        raise Refusal(401, "invalid_client", "The client_id is unknown here, or the client_secret is another one")
    return app


def _deauthorize(authority: Authority, request: Request, regime: Regime, now: float) -> Response:
    """Revoke the token of the form. The refresh token works on."""
    grant = authority.standing(bearer(request), region_of(request, authority.region), now)
    if isinstance(grant, str):
        return token_refused(grant, regime.token_error)
    try:
        authority.deauthorize(_required(_form(request), "token"), grant)
    except Refusal as refusal:
        return _refused(refusal)
    return respond(200)


def _form(request: Request) -> dict[str, str]:
    """Read a form.

    :raises Refusal: if the body is something else, or says something twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise _invalid_request(f"The body has to be {FORM_TYPE}")
    return _once((request.body or b"").decode(errors="replace"))


def _once(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    if len({name for name, _ in pairs}) < len(pairs):  # RFC 6749 §3.1, §3.2
        raise _invalid_request("A parameter is there twice")
    return dict(pairs)


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):  # without a value it counts as left out (RFC 6749 §3.2)
        raise _invalid_request(f"{name} is missing")
    return form[name]


def _invalid_request(message: str) -> Refusal:
    return Refusal(400, "invalid_request", message)


def _refused(refusal: Refusal) -> Response:
    challenge = (bearer_challenge(refusal),) if refusal.status == 401 else ()
    return respond(refusal.status, error_body(refusal, "oauth")[0], challenge)
