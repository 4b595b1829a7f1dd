"""From what an authorization server grants to the `Token` that is kept, and from that to the moments it is due."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, field, frozen

from ..principal import Principal
from ..protocol import oauth
from ..protocol.oauth import Granted, Life, Registration
from .tokens import Token

__all__ = ["Issuer"]

_TROUBLED = 10_000  # grants that are kept; with so many in trouble at once, it is not theirs


@frozen
class Issuer:
    """The server of an app, with the clocks and the dice by which its tokens are looked after."""

    app: Registration
    base: str
    """Scheme, host and prefix of the API."""
    clock: Callable[[], float]
    wall_clock: Callable[[], float]
    random: Callable[[], float]
    name: Callable[[], str]
    """A new random name, which fits into a URL."""
    _troubled: dict[object, float] = field(factory=dict[object, float], eq=False, repr=False)

    def hold(self, grant: object, until: float) -> None:
        """Keep a grant alive, also if nobody holds it: it has learned that its server is to be left alone."""
        now, troubled = self.clock(), self._troubled
        for over in [each for each, end in troubled.items() if end <= now]:
            del troubled[over]
        if len(troubled) < _TROUBLED:
            troubled[grant] = until

    def issued(self, token: Token) -> bool:
        """Say whether a token is of this app and region: no other may be sent there."""
        return token.origin == self.app.origin and token.client_id == self.app.client_id

    def principal(self, token: Token, base: str | None = None) -> Principal:
        """Return whom a token speaks for."""
        return Principal(base or self.base, self.app.client_id, token.account, token.user, token.grant)

    def first(self, granted: Granted, now: float, account: str, user: str) -> Token:
        """Return the first token of a new approval. `now` is in seconds since the epoch."""
        return Token(
            access_token=granted.access_token,
            refresh_token=granted.refresh_token,
            expires_at=_end(granted, now),
            obtained_at=now,
            origin=self.app.origin,
            client_id=self.app.client_id,
            grant=self.name(),
            account=account,
            user=user,
            revision=self.name(),
        )

    def next(self, granted: Granted, now: float, last: Token) -> Token:
        """Return what comes after `last`. Its refresh token stays unless there is a new one."""
        return evolve(
            last,
            access_token=granted.access_token,
            refresh_token=granted.refresh_token or last.refresh_token,
            expires_at=_end(granted, now),
            obtained_at=now,
            revision=self.name(),
            renewals=last.renewals + 1,
        )

    def marked(self, token: Token) -> Token:
        """Return a token with the mark that it is not renewed any more."""
        return evolve(token, revision=self.name(), revoked=True)

    def own(self, token: Token) -> Token:
        """Return the same token; what all tokens of an app have in common is not held once more."""
        return evolve(token, origin=self.app.origin, client_id=self.app.client_id)

    def life(self, token: Token) -> Life:
        """Return the moments of a token from a store, on the monotonic clock.

        Its time is told by the wall clock, which may have been set since: it never has more left than it was given.
        """
        if token.expires_at is None:
            return oauth.NEVER
        lifetime = token.expires_at - token.obtained_at
        remaining = min(token.expires_at - self.wall_clock(), lifetime)
        return oauth.life(remaining, lifetime, self.clock(), renewable=token.refresh_token is not None)

    def life_since(self, token: Token, since: float) -> Life:
        """Return the moments of a token that was asked for at `since`, on the monotonic clock."""
        if token.expires_at is None:
            return oauth.NEVER
        lifetime = token.expires_at - token.obtained_at
        return oauth.life(lifetime, lifetime, since, renewable=token.refresh_token is not None)

    def delay(self, failures: int, retry_after: float | None = None) -> float:
        """Return for how many seconds to leave the server alone after so many failures in a row."""
        return oauth.backoff(failures, self.random(), retry_after)


def _end(granted: Granted, now: float) -> float | None:
    return None if granted.expires_in is None else now + granted.expires_in
