"""`clio-async login` and `clio-async logout`: what a user approves, kept in a directory of tokens."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Generator
from contextlib import contextmanager, suppress
from getpass import getpass
from pathlib import Path
from typing import Annotated, TypeAlias

import anyio
from attrs import frozen
from cyclopts import Parameter

from ..auth.loopback import check, loopback
from ..auth.oauth import OAuthApp, OAuthGrant
from ..auth.stores import FileTokenStore
from ..client import Clio
from ..errors import AuthorizationDeclined, ClioError, Forbidden, InvalidArgument, NotFound, StateMismatch
from ..secrets import Secret
from .exits import CANCELLED, USAGE, printable, stop
from .kept import Region, token_directory

__all__ = ["login", "logout"]

ClientId: TypeAlias = Annotated[str, Parameter(env_var="CLIO_CLIENT_ID", show_default=False)]
_SECRET = "CLIO_CLIENT_SECRET"  # noqa: S105 - the name of a variable


def login(
    *,
    client_id: ClientId = "",
    region: Region = "us",
    base_url: str | None = None,
    store: Path | None = None,
    key: str = "default",
    port: int = 8917,
    path: str = "/callback",
    browser: bool = True,
    paste: Annotated[bool, Parameter(negative="")] = False,
    timeout: float = 300.0,
) -> None:
    """Let a user approve the app in a browser, and keep the token.

    Args:
        client_id: The id of the app, from the developer portal. It has to be given.
        region: Where the account is.
        base_url: Another server than Clio's, with the prefix of its API.
        store: The directory of tokens; clio-async/tokens in $XDG_STATE_HOME or ~/.local/state unless given.
        key: The name under which the token is kept.
        port: The port of the redirect URI.
        path: The path of the redirect URI.
        browser: Open a browser. The address is printed in any case.
        paste: Let Clio show the code, to be pasted here: for a machine that the browser cannot reach.
        timeout: For how many seconds to wait for the browser.
    """
    with _exit_status():
        if not client_id:
            raise InvalidArgument("--client-id is missing (or set CLIO_CLIENT_ID).")
        if not timeout > 0:
            raise InvalidArgument("--timeout must be more than 0 seconds.")
        check(port, path)
        secret = _client_secret()
        # What cannot be is refused before a directory is made.
        _app(client_id, secret, OAuthApp.approval_page(region, base_url), region, base_url)
        made = _Login(client_id, secret, region, base_url, token_directory(store), key)
        if paste:
            made.paste()
        else:
            anyio.run(made.receive, port, path, browser, timeout)


def logout(*, store: Path | None = None, key: str = "default") -> None:
    """Have Clio end the access token that is stored, and forget it.

    Args:
        store: The directory of tokens; clio-async/tokens in $XDG_STATE_HOME or ~/.local/state unless given.
        key: The name under which the token is kept.
    """
    with _exit_status():
        anyio.run(_logout, token_directory(store), key)


async def _logout(directory: Path, key: str) -> None:
    store = FileTokenStore(directory)
    token = await store.load(key)
    if token is None:
        _say(f"Nothing is stored under {key!r} in {directory}.")
        return
    # Ending a token takes the token alone: the secret of the app is not sent.
    app = OAuthApp(token.client_id, Secret("not-needed"), redirect_uri="urn:none", base_url=token.origin)
    await app.deauthorize(store, key)
    _say(f"The access token stored under {key!r} was ended, and is forgotten.")
    _say("The app is still approved: the user can withdraw that in Clio's settings.")


@frozen
class _Login:
    """One app that one user is to approve."""

    client_id: str
    secret: Secret
    region: Region
    base_url: str | None
    directory: Path
    key: str

    async def receive(self, port: int, path: str, browser: bool, timeout: float) -> None:  # noqa: ASYNC109
        """Let the browser come back to a port of this machine."""
        store = await self._store()
        async with loopback(port=port, path=path) as receiver:
            app = self._app(receiver.redirect_uri)
            approval = app.authorize()
            _say(f"Open this address in a browser of this machine, and approve the app:\n\n  {approval.url}\n")
            _say(f"Waiting for {receiver.redirect_uri} …")
            if browser:
                _open(approval.url)
            grant = await app.exchange(
                await receiver.callback(approval.state, timeout=timeout), approval, store, self.key
            )
        await self._report(grant, receiver.redirect_uri)

    def paste(self) -> None:
        """Let the user bring what Clio's own page shows."""
        store = anyio.run(self._store)
        app = self._app(OAuthApp.approval_page(self.region, self.base_url))
        approval = app.authorize()
        _say(f"Open this address in any browser, and approve the app:\n\n  {approval.url}\n")
        _say("Then paste the address of the page that you are sent to, or its title (Success code=…):")
        pasted = Secret(_line())  # outside the event loop, which would hold back Ctrl-C

        async def finish() -> None:
            grant = await app.exchange(pasted.reveal(), approval, store, self.key)
            await self._report(grant, app.approval_uri)

        anyio.run(finish)

    async def _store(self) -> FileTokenStore:
        """Return the store, after a look whether it works: a code cannot be used twice."""
        store = FileTokenStore(self.directory)
        await store.load(self.key)
        return store

    def _app(self, redirect_uri: str) -> OAuthApp:
        return _app(self.client_id, self.secret, redirect_uri, self.region, self.base_url)

    async def _report(self, grant: OAuthGrant, redirect_uri: str) -> None:
        """Say who has approved, where the token is, and how it is used."""
        _say(f"The token is stored under {self.key!r} in {self.directory}.")
        try:
            region = self.region if self.base_url is None else None
            async with Clio(grant, region=region, base_url=self.base_url, timeout=20.0) as clio:
                user = await clio.users.who_am_i(fields="id,name")
            _say(f"The app was approved by {user.name} (user {user.id}).")
        except ClioError as error:
            _say(f"Who has approved the app cannot be read{self._reason(error)}")
        path = str(self.directory.absolute())
        where = f"region={self.region!r}" if self.base_url is None else f"base_url={self.base_url!r}"
        _say(_PROGRAM.format(app=self.client_id, redirect_uri=redirect_uri, where=where, key=self.key, path=path))

    def _reason(self, error: ClioError) -> str:
        if isinstance(error, Forbidden):
            return ": that needs the app's permission to read users. (Forbidden)"
        if isinstance(error, NotFound) and self.base_url is not None:
            return f": {self.base_url} is not Clio's API. Check --base-url, which ends in /api/v4. (NotFound)"
        return f". ({type(error).__name__})"


_PROGRAM = """
This program uses it:

import asyncio
import os
import sys

from clio_async import Clio, FileTokenStore, OAuthApp


async def main():
    secret = os.environ.get("CLIO_CLIENT_SECRET") or sys.exit("Set CLIO_CLIENT_SECRET to the client secret of the app.")
    app = OAuthApp({app!r}, secret, redirect_uri={redirect_uri!r}, {where})
    grant = await app.open(FileTokenStore({path!r}), {key!r})
    async with Clio(grant, {where}) as clio:
        print((await clio.users.who_am_i()).name)


asyncio.run(main())
"""


def _app(client_id: str, secret: Secret, redirect_uri: str, region: Region, base_url: str | None) -> OAuthApp:
    return OAuthApp(client_id, secret, redirect_uri=redirect_uri, region=region, base_url=base_url)


def _client_secret() -> Secret:
    secret = Secret(os.environ.pop(_SECRET, ""))  # not for the browser, which inherits the rest
    if not secret and sys.stdin.isatty():
        secret = Secret(getpass("Client secret of the app: "))
    if not secret:
        raise InvalidArgument(f"There is no client secret: set {_SECRET}, or run this in a terminal to be asked.")
    return secret


def _open(url: str) -> None:
    """Open a browser in a thread that nobody waits for: one that runs in the terminal returns when it is left."""

    def run() -> None:
        with suppress(webbrowser.Error, OSError):  # the address is printed
            webbrowser.open(url)

    threading.Thread(target=run, daemon=True).start()


def _line() -> str:
    try:
        return input("> ")
    except EOFError:
        return ""


def _say(text: str) -> None:
    sys.stdout.write(f"{printable(text)}\n")
    sys.stdout.flush()


@contextmanager
def _exit_status() -> Generator[None, None, None]:
    """End the process with a sentence and a status where an error would."""
    try:
        yield
    except InvalidArgument as error:
        stop(USAGE, str(error))
    except AuthorizationDeclined as error:
        stop(1, f"The app was not approved ({error.error}). Nothing was stored.")
    except StateMismatch:
        stop(1, "That answer belongs to another approval. Nothing was stored: begin again, with the new address.")
    except ClioError as error:
        stop(1, str(error))
    except KeyboardInterrupt:
        stop(CANCELLED, "Cancelled.")
