"""`OAuthGrant`: one firm's grant. It hands out the access token, and has it renewed once for all who need it."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from functools import partial
from math import inf

import anyio
from anyio.lowlevel import current_token

from ..errors import AuthError, ClioError, ClioWarning, InvalidArgument, NotSentTimeout, ReauthRequired, UsageError
from ..events import RefreshOutcome, TokenRefresh
from ..home import abandon
from ..notices import notify
from ..principal import Channel, Principal
from ..protocol import urls
from ..protocol.oauth import Life
from ..secrets import Secret
from .issuer import Issuer
from .renewal import Broken, Ended, Held, Outcome, Renewal, Renewed, Why
from .tokens import Token, TokenStore

__all__ = ["OAuthGrant"]

_LOOK = 5.0  # seconds between two looks at the store for a grant that is gone
_SERVED = 60.0  # seconds after which a new token counts as one that is taken
_LONG_AGO = -inf
_REFUSED = Life(_LONG_AGO, _LONG_AGO)  # of a token that is not used any more

_GONE: dict[Why, str] = {
    "revoked": "The server does not renew this grant any more (invalid_grant): the user, or Clio, has withdrawn it.",
    "missing": "The store holds no token for it any more.",
    "replaced": "The user has approved the app anew, which is another grant: open() that one.",
    "final": "The access token is over, and no refresh token came with it.",
}
_ADVICE = {
    "invalid_client": "Check client_id, client_secret and region: the server does not know the app by them.",
    None: "Try again after retry_at.",
}


class _Flight:
    """One renewal under way, and who waits for it."""

    __slots__ = ("_event", "channel", "cut", "error", "home", "over", "pid")

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.home = current_token()  # of the event loop; nobody in another one can be woken
        self.pid = os.getpid()
        self.over = False
        self.cut = True  # unless it comes to its end
        self.error: ClioError | None = AuthError("The renewal of the token was cut short: try again.")
        self._event: anyio.Event | None = None

    async def landed(self, channel: Channel, deadline: float | None) -> None:
        """Wait for the end.

        :raises NotSentTimeout: if the deadline passes first.
        """
        if self.over:
            return
        if self._event is None:
            self._event = anyio.Event()
        if deadline is None:
            await self._event.wait()
            return
        with anyio.move_on_after(max(0.0, deadline - channel.clock())):
            await self._event.wait()
            return
        raise NotSentTimeout("The time was over while waiting for a new access token: allow more with timeout=.")

    def land(self) -> None:
        """Wake everybody."""
        self.over = True
        if self._event is not None:
            self._event.set()


class OAuthGrant:
    """Authorize with a grant that an `OAuthApp` opened: its access token is renewed in time, once for all tasks.

    It is one object per approval and key for as long as somebody holds it, however often it is opened, and serves any
    number of clients. It has no connection of its own: a renewal runs over that of the client which needs it first, in
    a task that no caller's cancellation ends.
    """

    __slots__ = (
        "__weakref__",
        "_calm_until",
        "_dead",
        "_error",
        "_failures",
        "_flight",
        "_fresh_until",
        "_issuer",
        "_life",
        "_over",
        "_refusals",
        "_refused",
        "_retry_at",
        "_store",
        "_token",
        "_unsaved",
        "key",
    )

    def __init__(self, issuer: Issuer, store: TokenStore, key: str, token: Token, life: Life) -> None:
        self.key = key
        """Under which the store keeps it."""
        self._issuer = issuer
        self._store = store
        self._token = token
        self._life = life
        self._fresh_until = life.advisory  # until then there is nothing to think about
        self._over: str | None = None  # the revision that the token replaces, while it could not be saved
        self._unsaved = 0  # vain attempts to save it
        self._flight: _Flight | None = None
        self._error: AuthError | None = None  # why the last attempt failed; a ReauthRequired if the grant is gone
        self._failures = 0
        self._retry_at = _LONG_AGO  # no renewal is tried before
        self._refused: Secret | None = None  # the last access token that the API refused
        self._refusals = 0  # new tokens that were refused, in a row
        self._calm_until = _LONG_AGO  # no refusal is followed by a renewal before
        self._dead: Secret | None = None  # a refresh token that the server refused

    def principal(self, base: str, /) -> Principal:
        """Return whom the grant speaks for.

        :raises InvalidArgument: if `base` is of another region or server than the app.
        """
        if urls.origin(base) != self._token.origin:
            raise InvalidArgument(f"The grant belongs to {self._token.origin}, not to {base}: check region=.")
        return self._issuer.principal(self._token, base)

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        """Return the access token.

        Shortly before it expires it is renewed, and goes on serving meanwhile; all wait for the new one when it is
        (almost) over.

        :raises ReauthRequired: if the grant is gone.
        :raises AuthError: if the token is over and could not be renewed. Nothing is tried before `retry_at`.
        :raises NotSentTimeout: if `deadline` (on the channel's clock) passes first.
        """
        now = self._issuer.clock()
        if now < self._fresh_until:
            return self._token.access_token
        if now < self._life.mandatory:
            if self._flying() is None:
                self._begin(channel)
            return self._token.access_token
        await self._renewed(channel, deadline)
        return self._token.access_token

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        """Say whether there is another token than `token`, which was refused (401), and get one unless there is.

        A refused token is over, whatever its time says. But a new one that is refused as well (`again`) is no reason to
        get one more: the next attempt is made after a second, doubling to a minute. Raises what `access_token` raises.
        """
        if not self._is_current(token):
            return True
        if self._life is not _REFUSED:
            now = self._issuer.clock()
            known = self._refused is not None and self._refused == token
            if again and not known:
                self._refused = token
                self._refusals += 1
                self._calm_until = now + self._issuer.delay(self._refusals)
                self._issuer.hold(self, self._calm_until + _SERVED)
            if again or now < self._calm_until:
                return False
            self._refused = token
            if now >= self._calm_until + _SERVED:
                self._refusals = 0
            self._life = _REFUSED
            self._fresh_until = _LONG_AGO
        await self._renewed(channel, deadline)
        return not self._is_current(token)

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix of the API that the grant is for."""
        return self._issuer.base

    @property
    def over(self) -> bool:
        """Whether the grant is known to be gone: the user has to approve the app again."""
        return isinstance(self._error, ReauthRequired)

    def __copy__(self) -> OAuthGrant:
        return self  # two of them would renew twice

    def __repr__(self) -> str:
        return f"<OAuthGrant {self.key!r} at {self._issuer.app.origin}>"

    # What the app needs of it.

    def meet(self, token: Token, life: Life) -> None:
        """Take a token of this grant that was found in the store, if it is a newer one."""
        newer = self._flying() is None and self._over is None and token.revision != self._token.revision
        if newer and token.access_token != self._refused and self._issuer.clock() < life.advisory:
            self._renew_with(Renewed("adopted", token, life))

    def forget(self) -> None:
        """Let nobody use it any more."""
        self._end(Ended("missing"))

    # The renewal.

    def _is_current(self, token: Secret) -> bool:
        current = self._token.access_token
        return token is current or token == current

    def _flying(self) -> _Flight | None:
        """Return the renewal that is under way in this event loop. One that another loop left behind counts no more."""
        flight = self._flight
        return None if flight is None or flight.over or flight.home != current_token() else flight

    async def _renewed(self, channel: Channel, deadline: float | None) -> None:
        """Wait for a renewal, starting it if nobody has."""
        while True:
            flight = self._flying()
            if flight is None:
                if self._error is not None and self._issuer.clock() < self._retry_at:
                    raise copy.copy(self._error)
                flight = self._begin(channel)
            await flight.landed(channel, deadline)
            if flight.error is None:
                return
            if flight.channel is channel or not (flight.cut or isinstance(flight.error, UsageError)):
                raise copy.copy(flight.error)

    def _begin(self, channel: Channel) -> _Flight:
        left = self._flight
        if left is not None and left.pid != os.getpid():
            abandon(left)  # the tasks that wait for it are those of a parent of this process
        flight = self._flight = _Flight(channel)
        channel.detach(partial(self._fly, flight))
        return flight

    async def _fly(self, flight: _Flight, keep: Callable[[], None]) -> None:
        channel = flight.channel
        started = channel.clock()
        held = Held(self._token, self._life, self._over, self._refused, self._dead)
        seen: RefreshOutcome | None = None
        try:
            outcome = await Renewal(self._issuer, self._store, self.key, held, channel, keep).run()
            seen = self._seen(outcome)
            flight.error = self._landed(outcome)
            flight.cut = False
        finally:
            if self._flight is flight:
                self._flight = None
            flight.land()
        if seen is not None:
            whom = self._issuer.principal(self._token).fingerprint
            channel.refreshed(TokenRefresh(whom, seen, started, channel.clock()))

    def _seen(self, outcome: Outcome) -> RefreshOutcome | None:
        """Return what to tell of an outcome, before it changes anything here."""
        if isinstance(outcome, Renewed):
            return None if outcome.how == "kept" else outcome.how
        if isinstance(outcome, Ended):
            return None if isinstance(self._error, ReauthRequired) else "revoked"
        return "failed"

    def _landed(self, outcome: Outcome) -> ClioError | None:
        """Take in what became of a renewal. Return the error for those who wait."""
        if isinstance(outcome, Renewed):
            self._renew_with(outcome)
            return None
        return self._end(outcome) if isinstance(outcome, Ended) else self._fail(outcome)

    def _renew_with(self, new: Renewed) -> None:
        if self._life is _REFUSED:
            self._refusals += new.token.access_token == self._refused
            if self._refusals:  # the new one may be refused like those before it
                self._calm_until = self._issuer.clock() + self._issuer.delay(self._refusals)
        self._token = new.token
        self._life = new.life
        self._fresh_until = new.life.advisory
        self._error = None
        self._failures = 0
        self._retry_at = _LONG_AGO
        self._over = new.over
        if new.over is None:
            self._unsaved = 0
            return
        self._unsaved += 1
        self._fresh_until = min(new.life.advisory, self._issuer.clock() + self._issuer.delay(self._unsaved))
        if self._unsaved == 1:
            notify(
                f"The new token of {self.key!r} could not be saved. It is used, and saving it is tried again; if this "
                "process ends before, the user may have to approve the app again. Mend the token store.",
                ClioWarning,
            )

    def _end(self, ended: Ended) -> AuthError:
        whom = self._issuer.principal(self._token)
        text = f"{_GONE[ended.why]} Let the user approve the app again: authorize(), then exchange() as {self.key!r}."
        error = "invalid_grant" if ended.why == "revoked" else None
        self._error = ReauthRequired(text, principal=whom, error=error)
        self._dead = ended.dead or self._dead
        self._over = None
        self._life = _REFUSED
        self._fresh_until = _LONG_AGO
        self._retry_at = self._issuer.clock() + _LOOK
        return self._error

    def _fail(self, broken: Broken) -> ClioError:
        if broken.misuse is not None:
            return broken.misuse
        issuer, refused = self._issuer, broken.refused
        if isinstance(self._error, ReauthRequired):  # the store could not be looked at
            self._retry_at = issuer.clock() + _LOOK
            return self._error
        self._failures += 1
        seconds = issuer.delay(self._failures, refused.retry_after)
        self._retry_at = issuer.clock() + seconds
        issuer.hold(self, self._retry_at + _SERVED)
        self._fresh_until = min(self._retry_at, self._life.mandatory)
        self._error = AuthError(
            f"The access token could not be renewed: {refused.reason}. {_ADVICE.get(refused.error) or _ADVICE[None]}",
            error=refused.error,
            status=refused.status,
            retry_at=issuer.wall_clock() + seconds,
        )
        return self._error
