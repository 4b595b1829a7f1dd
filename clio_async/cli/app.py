"""The commands of `clio-async`, one module each."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App, CycloptsError

from .exits import USAGE
from .simulate import simulate

__all__ = ["app", "run"]

_LOGIN = """Let a user approve the app in a browser, and keep the token.

Register http://127.0.0.1:8917/callback with the app, or what --port and --path make of it; for --paste, register
/oauth/approval on the host of the region, such as https://app.clio.com/oauth/approval. The client secret is read from
CLIO_CLIENT_SECRET, or asked for. The status is 0 if the token is stored, 1 if it is not, 64 for a wrong argument.
"""
_PROBE = """Ask a server what no document says of it, in 20 requests at most, and print what to paste into a program.

The token is read from CLIO_TOKEN, or is the one that login has stored, or is asked for. Nothing is written without
--write-to. The status is 0 if anything could be read, 1 if nothing could, 64 for a wrong argument.
"""
_VERSIONS = """Say where an API version stands: what answers, what the default is, until when it is supported.

The token is read from CLIO_TOKEN, or is the one that login has stored (CLIO_CLIENT_SECRET lets it be renewed). Two or
three requests are sent. The status is 0 if no newer version is the default, 1 if one is, 2 within --within days of the
end of guaranteed support, 3 if the version is gone, 4 if it could not be found out, 64 for a wrong argument.
"""

_DOWNLOAD = """Download the file of a document: whole, or not at all.

The token is read from CLIO_TOKEN, or is the one that login has stored (CLIO_CLIENT_SECRET lets it be renewed). The path
of the file is printed. The status is 0 if it was written, 1 if not, 64 for a wrong argument, which a file is that would
be replaced, 69 if a library is missing, 130 after Ctrl-C.
"""
_REPORT = """Have a report made, wait until it is there, and download it.

The token is read from CLIO_TOKEN, or is the one that login has stored (CLIO_CLIENT_SECRET lets it be renewed). The path
of the file is printed. A report goes on at Clio when this ends: fetch it by its id then. The status is 0 if it was
written, 1 if not, 64 for a wrong argument, which a file is that would be replaced, 69 if a library is missing, 130
after Ctrl-C.
"""
_UPLOAD = """Upload a file as a document, or as a new version of one, and print the id of the document.

The token is read from CLIO_TOKEN, or is the one that login has stored (CLIO_CLIENT_SECRET lets it be renewed). An
upload that ends early, by Ctrl-C too, leaves a file NAME.clio-upload in this directory, which --resume takes. The
status is 0 if the document is there, 1 if not, 64 for a wrong argument, 69 if a library is missing, 130 after Ctrl-C.
"""

app = App(name="clio-async", help="Tools for the Clio Manage API v4.")
app.command(simulate)
# By name, so that the client is loaded only when it is called.
app.command("clio_async.cli.demo:demo", name="demo", help="Read a simulated firm and compare every count.")
app.command("clio_async.cli.download:download", name="download", help=_DOWNLOAD)
app.command("clio_async.cli.login:login", name="login", help=_LOGIN)
app.command("clio_async.cli.login:logout", name="logout", help="End the token that is stored, and forget it.")
app.command("clio_async.cli.probe:probe", name="probe", help=_PROBE)
app.command("clio_async.cli.report:report", name="report", help=_REPORT)
app.command("clio_async.cli.upload:upload", name="upload", help=_UPLOAD)
app.command("clio_async.cli.versions:versions", name="versions", help=_VERSIONS)


def run(arguments: Sequence[str]) -> None:
    """Run one command; a mistake in its arguments is printed and ends with status 64."""
    try:
        app(list(arguments), exit_on_error=False)
    except CycloptsError:
        raise SystemExit(USAGE) from None
