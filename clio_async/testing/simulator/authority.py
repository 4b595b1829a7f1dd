"""The authorization server without its endpoints: apps, approvals, codes and tokens, and when they end."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from attrs import define, frozen

from .answers import Refusal
from .draw import hexadecimal
from .regime import Regime
from .tokens import App, Approval, Grant, areas

__all__ = ["CODE_LIFETIME", "Authority", "Cause", "Challenge"]

CODE_LIFETIME = 600.0
"""Seconds (https://docs.developers.clio.com/api-docs/authorization)."""

Cause: TypeAlias = Literal["expired", "revoked", "invalid"]
"""Why a token is refused."""

_URI = re.compile(r"(/|[a-z][a-z0-9+.-]*:)[\x21-\x7e]*")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@frozen
class Challenge:
    """What a code can be bound to, so that only its asker can redeem it (RFC 7636)."""

    text: str
    method: str = "S256"

    @property
    def well_formed(self) -> bool:
        """Whether any verifier could meet it."""
        return self.method in {"S256", "plain"} and _VERIFIER.fullmatch(self.text) is not None

    def met_by(self, verifier: str) -> bool:
        """Say whether `verifier` is what the challenge was made of."""
        if not _VERIFIER.fullmatch(verifier):
            return False
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        return self.text == (verifier if self.method == "plain" else digest)


@define(eq=False)
class _Code:
    approval: Approval
    redirect_uri: str
    challenge: Challenge | None
    expires_at: float
    used: bool = False


@define(eq=False)
class _Issued:
    grant: Grant
    approval: Approval
    replaces: str | None = None
    """The refresh token that is not needed any more once this token was used."""
    ended: Cause | None = None


class Authority:
    """What was registered, approved and issued. The `type` of a refusal is a code of RFC 6749 §5.2."""

    def __init__(self, seed: int, region: str) -> None:
        self.region = region
        self.user = 1
        self.account = 1
        self.declining = False
        self.calls: Counter[tuple[str, str]] = Counter()
        """Requests to the token endpoint, by (grant type, "ok" or the code of the error)."""
        self._seed = seed
        self._made = 0
        self._apps: dict[tuple[str, str], App] = {}
        self._approvals: list[Approval] = []
        self._codes: dict[str, _Code] = {}
        self._issued: dict[str, _Issued] = {}
        self._renewals: dict[str, Approval] = {}

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"sim-{kind}{hexadecimal(f'{self._seed}/{self.region}/{kind}/{self._made}')}"

    def counts(self) -> dict[str, dict[str, int]]:
        """Return `calls` as JSON values."""
        kinds = sorted({kind for kind, _ in self.calls})
        return {kind: {end: count for (of, end), count in sorted(self.calls.items()) if of == kind} for kind in kinds}

    # -- apps and approvals -----------------------------------------------------------------------------------------

    def register(
        self,
        client_id: str | None,
        client_secret: str | None,
        redirect_uris: str | Iterable[str],
        permissions: Collection[str] | None,
        region: str | None,
    ) -> App:
        """Register an app, or change one. What was approved before stays as it was.

        :raises ValueError: if a redirect URI is none.
        """
        uris = (redirect_uris,) if isinstance(redirect_uris, str) else tuple(redirect_uris)
        for uri in uris:
            if not _URI.fullmatch(uri) or "#" in uri:
                raise ValueError(f"not a redirect URI (a URI without a fragment, or a path of Clio): {uri!r}")
        app = App(
            client_id=client_id or self._new("app-"),
            client_secret=client_secret or self._new("secret-"),
            redirect_uris=uris,
            permissions=areas(permissions),
            region=region or self.region,
        )
        self._apps[app.region, app.client_id] = app
        return app

    def app(self, client_id: str, region: str) -> App | None:
        """Return an app of a region."""
        return self._apps.get((region, client_id))

    def approve(
        self, app: App, user: int, account: int, redirect_uri: str, challenge: Challenge | None, now: float
    ) -> str:
        """Let a user approve an app; return the code."""
        approval = Approval(
            client_id=app.client_id, region=app.region, account=account, user=user, permissions=app.permissions
        )
        self._approvals.append(approval)
        code = self._new("code-")
        self._codes[code] = _Code(approval, redirect_uri, challenge, now + CODE_LIFETIME)
        return code

    def let(self, user: int, account: int) -> None:
        """Say who approves what the browser is asked."""
        self.user, self.account, self.declining = user, account, False

    def revoke(self, user: int, account: int, client_id: str | None, region: str | None) -> None:
        """End all that a user approved, or what one app got: codes, access tokens and refresh tokens."""
        for approval in self._approvals:
            theirs = (approval.region, approval.account, approval.user) == (region or self.region, account, user)
            if theirs and client_id in {None, approval.client_id}:
                approval.revoked = True

    # -- access tokens ----------------------------------------------------------------------------------------------

    def issue(
        self, user: int, account: int, permissions: Collection[str] | None, region: str | None, text: str | None
    ) -> str:
        """Issue an access token without an app, a code or an end."""
        approval = Approval(
            client_id=None, region=region or self.region, account=account, user=user, permissions=areas(permissions)
        )
        self._approvals.append(approval)
        return self._add(approval, text or self._new(""))

    def _add(self, approval: Approval, token: str, expires_at: float | None = None, replaces: str | None = None) -> str:
        grant = Grant(
            token=token,
            account=approval.account,
            user=approval.user,
            permissions=approval.permissions,
            region=approval.region,
            client_id=approval.client_id,
            expires_at=expires_at,
        )
        self._issued[token] = _Issued(grant, approval, replaces)
        return token

    def standing(self, token: str, region: str, now: float) -> Grant | Cause:
        """Return whom a token speaks for in a region, or why it does not."""
        issued = self._issued.get(token)
        if issued is None or issued.grant.region != region:
            return "invalid"
        if issued.approval.revoked:
            return "revoked"
        if issued.ended is not None:
            return issued.ended
        if issued.grant.expires_at is not None and issued.grant.expires_at <= now:
            return "expired"
        if issued.replaces is not None:  # who uses it has got the refresh token that came with it
            issued.approval.renewals.discard(issued.replaces)
        return issued.grant

    def end(self, token: str, cause: Cause) -> None:
        """Answer an access token with 401 from now on. What is not a token stays so."""
        if token in self._issued:
            self._issued[token].ended = cause

    def expire_all(self, client_id: str | None) -> None:
        """Let all access tokens expire, or those of one app."""
        for issued in self._issued.values():
            if client_id in {None, issued.grant.client_id} and issued.ended is None:
                issued.ended = "expired"

    def deauthorize(self, token: str, by: Grant) -> None:
        """Revoke an access token on behalf of the app that has another (or the same) one; a foreign one stays."""
        issued = self._issued.get(token)
        if issued and (issued.grant.client_id, issued.grant.region) == (by.client_id, by.region):
            issued.ended = "revoked"

    # -- the grants of the token endpoint ---------------------------------------------------------------------------

    def redeem(
        self, app: App, code: str, redirect_uri: str, verifier: str | None, regime: Regime, now: float
    ) -> dict[str, Any]:
        """Give tokens for a code; return the answer.

        :raises Refusal: if the code does not work for this app, place and verifier. It stays what it was then.
        """
        held = self._codes.get(code)
        if held is None or held.used or held.expires_at <= now or not _belongs(held.approval, app):
            raise _invalid_grant()
        if held.redirect_uri != redirect_uri or not _proven(held.challenge, verifier, regime):
            raise _invalid_grant()
        held.used = True
        return {**self._answer(held.approval, regime, now), "refresh_token": self._renewal(held.approval)}

    def renew(self, app: App, refresh_token: str, regime: Regime, now: float) -> dict[str, Any]:
        """Give another access token for a refresh token; return the answer.

        :raises Refusal: if the refresh token does not work (any more).
        """
        approval = self._renewals.get(refresh_token)
        if approval is None or not _belongs(approval, app):
            raise _invalid_grant()
        if refresh_token not in approval.renewals:  # it was used: somebody has stolen it, or is late
            approval.revoked = regime.rotation_reuse == "revoke"
            raise _invalid_grant()
        if not regime.refresh_keeps_access:
            self._end_all_of(approval)
        answer = self._answer(approval, regime, now, replaces=refresh_token)
        if regime.refresh_token == "same":  # noqa: S105
            answer["refresh_token"] = refresh_token
        if regime.refresh_token == "new":  # noqa: S105 - the name of a rule
            answer["refresh_token"] = self._renewal(approval)
            if regime.rotation_reuse != "grace":
                approval.renewals.discard(refresh_token)
        return answer

    def _renewal(self, approval: Approval) -> str:
        made = self._new("refresh-")
        self._renewals[made] = approval
        approval.renewals.add(made)
        return made

    def _end_all_of(self, approval: Approval) -> None:
        for issued in self._issued.values():
            if issued.approval is approval:
                issued.ended = issued.ended or "revoked"

    def _answer(self, approval: Approval, regime: Regime, now: float, replaces: str | None = None) -> dict[str, Any]:
        life = regime.token_lifetime
        expires_at = None if life is None else now + life
        token = self._add(approval, self._new(""), expires_at, replaces if regime.refresh_token == "new" else None)  # noqa: S105
        answer: dict[str, Any] = {"access_token": token, "token_type": "bearer"}
        if life is not None:
            answer["expires_in"] = str(life) if regime.expires_in_text else life
        return answer


def _belongs(approval: Approval, app: App) -> bool:
    return not approval.revoked and (approval.client_id, approval.region) == (app.client_id, app.region)


def _proven(challenge: Challenge | None, verifier: str | None, regime: Regime) -> bool:
    if regime.pkce == "ignored":
        return True
    if challenge is None:  # a verifier without a challenge means that the challenge was lost on its way
        return verifier is None and regime.pkce != "required"
    return verifier is not None and challenge.met_by(verifier)


def _invalid_grant() -> Refusal:
    return Refusal(400, "invalid_grant", "It is unknown, used up, expired or revoked, or belongs elsewhere")
