"""The commands of `clio-async`, one module each."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App

from .simulate import simulate

__all__ = ["app", "run"]

app = App(name="clio-async", help="Tools for the Clio Manage API v4.")
app.command(simulate)
# By name, so that the client is loaded only when it is called.
app.command("clio_async.cli.demo:demo", name="demo", help="Read a simulated firm and compare every count.")


def run(arguments: Sequence[str]) -> None:
    """Run one command; a mistake in its arguments is printed and ends with status 1."""
    app(list(arguments))
