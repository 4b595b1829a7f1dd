"""On whose behalf a request is made: `Principal`, and `Auth`, which proves it by way of a `Channel`."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from attrs import Factory, field, frozen

from .errors import InvalidArgument
from .secrets import Secret

if TYPE_CHECKING:
    from .events import TokenRefresh
    from .messages import Request, Response

__all__ = ["Auth", "Channel", "Principal"]


def _fingerprint(principal: Principal) -> str:
    parts = (principal.origin, principal.client_id, principal.account, principal.user, principal.grant)
    if not all(isinstance(part, str) for part in parts):
        raise InvalidArgument("The parts of a Principal are strings: give str(user_id), not the number.")
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@frozen
class Principal:
    """An identity that may share cached answers with nobody else.

    Permissions are frozen into a grant when a user approves an app, so another app or a new approval is another
    principal, while a refreshed access token is not (https://docs.developers.clio.com/api-docs/permissions).
    `fingerprint` is what caches, flights and limiters are keyed by: 32 hex digits that give nothing away.
    """

    origin: str
    """Scheme, host, port and prefix of the API: the region is part of the identity."""
    client_id: str = ""
    account: str = ""
    user: str = ""
    grant: str = ""
    fingerprint: str = field(init=False, eq=False, default=Factory(_fingerprint, takes_self=True))


@frozen(eq=False)
class Channel:
    """What an `Auth` may use of the client that asks it for a token."""

    send: Callable[[Request], Awaitable[Response]]
    """Exchange a request with an authorization server: over the client's transport, past its cache, quota and auth."""
    detach: Callable[[Callable[[Callable[[], None]], Awaitable[None]]], None]
    """Run a job in a task of its own, which nobody's cancellation ends. A client that closes cuts it short, unless it
    has called what it was given: then it is waited for, up to half a minute."""
    clock: Callable[[], float]
    """Monotonic seconds, as in `deadline`."""
    wall_clock: Callable[[], float]
    """Seconds since the epoch."""
    random: Callable[[], float]
    """A number from 0 up to 1, for jitter."""
    refreshed: Callable[[TokenRefresh], None]
    """To be told of each attempt to renew a token."""


class Auth(Protocol):
    """What authorizes requests. A static token and OAuth grants implement it.

    It may have an attribute `over`. While that is true the grant is known to be gone, and no answer of it is given.
    """

    def principal(self, base: str, /) -> Principal:
        """Return the identity under which answers are kept. It must not change when a token is refreshed.

        `base` is scheme, host and prefix of the API.

        :raises InvalidArgument: if tokens of this grant must not be sent there.
        """
        ...

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        """Return a token that is believed to be valid, waiting for a refresh if one is needed.

        :raises ReauthRequired: if the grant is gone.
        :raises AuthError: if no token can be had now.
        :raises NotSentTimeout: if `deadline` (on the channel's clock) passes first.
        """
        ...

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        """Say whether a request that was refused (401) with `token` is worth one more try with another token.

        `again` says that the request was such a try itself: it is not repeated, whatever the answer.
        Raises what `access_token` raises.
        """
        ...
