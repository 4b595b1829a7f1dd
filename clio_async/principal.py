"""On whose behalf a request is made: `Principal`, and `Auth`, which proves it."""

from __future__ import annotations

import hashlib
from typing import Protocol

from attrs import Factory, field, frozen

from .errors import InvalidArgument
from .secrets import Secret

__all__ = ["Auth", "Principal"]


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


class Auth(Protocol):
    """What authorizes requests. A static token and OAuth grants implement it."""

    def principal(self, origin: str, /) -> Principal:
        """Return the identity under which answers are kept. It must not change when a token is refreshed."""
        ...

    async def access_token(self, *, deadline: float | None = None) -> Secret:
        """Return a token that is believed to be valid, waiting for a refresh if one is needed."""
        ...

    async def rejected(self, token: Secret, *, deadline: float | None = None) -> bool:
        """Say whether a request that was refused (401) with `token` is worth one more try with another token."""
        ...
