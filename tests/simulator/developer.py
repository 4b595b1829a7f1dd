"""Ask a simulator for tokens as an app would."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Regime, Simulator
from clio_async.testing.simulator.oauth import FORM_TYPE

ORIGIN = "https://app.clio.com"
CALLBACK = "http://127.0.0.1/callback"
VERIFIER = "v" * 43


def challenge_of(verifier: str) -> str:
    """RFC 7636 §4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


CHALLENGE = challenge_of(VERIFIER)


class Developer:
    """An app and its developer, at one simulator."""

    def __init__(self, regime: Regime | None = None, origin: str = ORIGIN, **app: Any) -> None:
        self.simulator = Simulator(regime=regime)
        self.origin = origin
        self.app = self.simulator.app(**app)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Response:
        sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        return self.simulator.answer(Request(method, f"{self.origin}{path}", sent, body))

    def authorize(self, **changes: str | None) -> Response:
        asked = {"response_type": "code", "client_id": self.app.client_id, "redirect_uri": CALLBACK, "state": "s t"}
        given = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        return self.ask("GET", f"/oauth/authorize?{urlencode(given)}")

    def post(self, path: str, form: dict[str, Any], **headers: str) -> Response:
        given = {name: value for name, value in form.items() if value is not None}
        return self.ask("POST", path, urlencode(given).encode(), content_type=FORM_TYPE, **headers)

    def token(self, form: dict[str, str | None]) -> Response:
        return self.post(
            "/oauth/token", {"client_id": self.app.client_id, "client_secret": self.app.client_secret, **form}
        )

    def code(self, **approval: Any) -> str:
        return answer_of(self.simulator.approve(self.app.client_id, **approval))["code"]

    def redeem(self, given_code: str, **form: str | None) -> Response:
        own = {"grant_type": "authorization_code", "code": given_code, "redirect_uri": CALLBACK}
        return self.token({**own, **form})

    def refresh(self, refresh_token: str, **form: str | None) -> Response:
        return self.token({"grant_type": "refresh_token", "refresh_token": refresh_token, **form})

    def granted(self, **approval: Any) -> dict[str, Any]:
        return granted(self.redeem(self.code(**approval)))

    def api(self, token: str, path: str = "/users/who_am_i.json", origin: str | None = None) -> Response:
        url = f"{origin or self.origin}/api/v4{path}"
        return self.simulator.answer(Request("GET", url, Headers({"authorization": f"Bearer {token}"})))

    def cause(self, token: str) -> str:
        """Why the API refuses a token."""
        response = self.api(token)
        assert 401 == response.status
        text = json.loads(response.body)["error_description"]
        expected = f'Bearer realm="Clio", error="invalid_token", error_description="{text}"'
        assert expected == response.headers["www-authenticate"]
        return text


def answer_of(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query))


def granted(response: Response) -> dict[str, Any]:
    assert 200 == response.status, response.body
    return json.loads(response.body)


def error(response: Response) -> tuple[int, str]:
    """Read RFC 6749 §5.2: a text, never an object."""
    body = json.loads(response.body)
    assert sorted(body) == ["error", "error_description"]
    assert "no-store" == response.headers["cache-control"]
    return response.status, body["error"]


INVALID_GRANT = (400, "invalid_grant")
INVALID_REQUEST = (400, "invalid_request")
INVALID_CLIENT = (401, "invalid_client")
