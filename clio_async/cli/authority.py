"""On whose behalf a command asks, and where: by the environment, or by what `login` has stored."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from attrs import frozen
from cyclopts import Parameter

from ..auth.oauth import OAuthApp
from ..auth.stores import FileTokenStore
from ..client import Clio
from ..errors import InvalidArgument
from ..principal import Auth
from ..protocol import urls
from ..secrets import Secret
from .given import TOKEN, token_given
from .kept import Region, token_directory

__all__ = ["ANYBODY", "Access", "authority", "opened"]

_SECRET: Final = "CLIO_CLIENT_SECRET"  # noqa: S105 - the name of a variable
_Where: TypeAlias = tuple[Auth | Secret, str]


@Parameter(name="*")
@frozen(kw_only=True)
class Access:
    """What a command is told of the account: see `authority`."""

    region: Annotated[
        Region | None, Parameter(help="Where the account is; that of the stored token, or us, unless given.")
    ] = None
    base_url: Annotated[str | None, Parameter(help="Another server than Clio's, with the prefix of its API.")] = None
    store: Annotated[
        Path | None,
        Parameter(
            help="The directory of tokens that login has filled; clio-async/tokens in $XDG_STATE_HOME or "
            "~/.local/state unless given."
        ),
    ] = None
    key: Annotated[str, Parameter(help="The name under which the token is kept.")] = "default"


ANYBODY: Final = Access()
"""Whose token there is, where that is."""


async def authority(
    region: str | None, base_url: str | None, store: Path | None, key: str, *, otherwise: str = ""
) -> _Where:
    """Return what authorizes the requests, and where they go: the token of the environment, else the stored one.

    :raises InvalidArgument: if there is neither (`otherwise` says what else would do), or if the stored one is of
        another server than is named.
    """
    given = token_given()
    if given:
        return given, urls.base_url(region or "us", base_url)
    directory = token_directory(store)
    kept = FileTokenStore(directory)
    token = await kept.load(key)
    if token is None:
        raise InvalidArgument(
            f"There is no token: set {TOKEN}, or run clio-async login (nothing is stored under {key!r} in "
            f"{directory}){otherwise}."
        )
    named = region is not None or base_url is not None
    base = urls.base_url(region or "us", base_url) if named else f"{token.origin}/api/v4"
    if urls.origin(base) != token.origin:
        raise InvalidArgument(f"The stored token is of {token.origin}, and is not sent to {urls.origin(base)}.")
    secret = Secret(os.environ.get(_SECRET, ""))
    if not secret:
        return token.access_token, base  # nothing renews it
    app = OAuthApp(token.client_id, secret, redirect_uri="urn:none", base_url=token.origin)
    return await app.open(kept, key), base


@asynccontextmanager
async def opened(access: Access) -> AsyncGenerator[Clio, None]:
    """Open a client for a command that moves files: it waits its turn where quota is short."""
    auth, base = await authority(access.region, access.base_url, access.store, access.key)
    async with Clio(auth, base_url=base) as clio:
        yield clio.options(lane="batch")
