"""The commands of `clio-async`, one module each."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App, CycloptsError

from .simulate import simulate

__all__ = ["app", "run"]

_LOGIN = """Let a user approve the app in a browser, and keep the token.

Register http://127.0.0.1:8917/callback with the app, or what --port and --path make of it; for --paste, register
/oauth/approval on the host of the region, such as https://app.clio.com/oauth/approval. The client secret is read from
CLIO_CLIENT_SECRET, or asked for. The status is 0 if the token is stored, 1 if it is not, 2 for a wrong argument.
"""

app = App(name="clio-async", help="Tools for the Clio Manage API v4.")
app.command(simulate)
# By name, so that the client is loaded only when it is called.
app.command("clio_async.cli.demo:demo", name="demo", help="Read a simulated firm and compare every count.")
app.command("clio_async.cli.login:login", name="login", help=_LOGIN)
app.command("clio_async.cli.login:logout", name="logout", help="End the token that is stored, and forget it.")


def run(arguments: Sequence[str]) -> None:
    """Run one command; a mistake in its arguments is printed and ends with status 2."""
    try:
        app(list(arguments), exit_on_error=False)
    except CycloptsError:
        raise SystemExit(2) from None
