"""`clio-async probe`: ask a server what no document says of it."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from getpass import getpass
from json import dumps
from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter
from rich.console import Console

from ...auth.stores import FileTokenStore
from ...errors import InvalidArgument
from ...protocol.urls import base_url as checked_base
from ...protocol.urls import origin
from ...secrets import Secret
from ...transport.aiohttp import AiohttpTransport
from ...transport.base import Transport
from ..exits import exit_status, printable, stop
from ..given import TOKEN, checked_token, token_given
from ..kept import Region, token_directory
from ..output import rendered, write_out
from .answers import Answer
from .asking import READS, Asker
from .exchanges import Evidence
from .questions import answers
from .reads import read_all
from .report import report
from .show import show, show_questions
from .writes import MOST_WRITES, TRIED, Target, target_of, write_all

__all__ = ["examine", "probe"]

_WARNING = """\
This writes to {target}: up to 7 times a text of it is set to the value that it has, under each form of If-Match.
Nothing is to change by that, but Clio may note it (updated_at, the log of the record, webhooks). The record is read
before and after each write, and that ends it if anything has changed. Two of the writes have no tag to guard them
(If-Match: *, and none), and where tags are ignored, one more: should somebody change that text between such a write and
the read right before it, it is overwritten.
Take a record that nobody works on, of a trial account if you have one."""


def probe(
    *,
    region: Region | None = None,
    base_url: str | None = None,
    write_to: str | None = None,
    yes: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[Path | None, Parameter(name="--json")] = None,
    questions: Annotated[bool, Parameter(negative="")] = False,
    store: Path | None = None,
    key: str = "default",
) -> int:
    """Ask a server what no document says of it.

    Args:
        region: Where the account is; that of the stored token, or us, unless given.
        base_url: Another server than Clio's, with the prefix of its API.
        write_to: A record to try If-Match on, such as matters/42: a text of it is written as it is.
        yes: Do not ask before that.
        json: A file for a report, without token, ids and values of records.
        questions: Print what is asked, and what cannot be found out, and ask nothing.
        store: The directory of tokens that login has filled; clio-async/tokens in $XDG_STATE_HOME or ~/.local/state
            unless given.
        key: The name under which the token is kept.
    """
    if questions:
        return 0 if _is_printed(show_questions) else 1
    with exit_status():
        target = None if write_to is None else target_of(write_to)
        token, base = _authority(region, base_url, store, key)
        if target is not None and not _agreed(target, yes=yes):
            stop(1, "Nothing was asked.")
        evidence = anyio.run(_run, base, token, target)
    found = answers(evidence)
    is_kept = json is None or _is_kept(json, evidence, found)
    is_printed = _is_printed(lambda console: show(console, evidence, found))
    if not (is_kept and is_printed):
        return 1
    return 0 if any(exchange.status == 200 for exchange in evidence.exchanges.values()) else 1


async def examine(
    transport: Transport,
    base: str,
    token: Secret,
    *,
    target: Target | None = None,
    say: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
) -> Evidence:
    """Ask everything, and return what came. Times are seconds; `clock` is that of the transport.

    A `target` is written to, after everything that only reads.
    """
    asker = Asker(
        transport=transport,
        base=base,
        token=token,
        say=say,
        clock=clock,
        wall_clock=wall_clock,
        sleep=sleep,
        evidence=Evidence(base),
    )
    await read_all(asker)
    if target is None:
        for name in ("target", "stale", *TRIED):
            asker.skip(name, "it takes --write-to RESOURCE/ID")
    else:
        asker.most = asker.sent + MOST_WRITES
        await write_all(asker, target)
    return asker.evidence


async def _run(base: str, token: Secret, target: Target | None) -> Evidence:
    _say(
        f"Asking {base}, with {READS} requests at most" + (f", then writing to {target.resource} …" if target else " …")
    )
    async with AiohttpTransport() as transport:
        return await examine(transport, base, token, target=target, say=_say)


def _authority(region: str | None, base_url: str | None, store: Path | None, key: str) -> tuple[Secret, str]:
    """Return the access token and where it goes: that of the environment, the stored one, or one that is typed in."""
    named = region is not None or base_url is not None
    base = checked_base(region or "us", base_url)
    given = token_given()
    if given:
        return given, base
    directory = token_directory(store)
    kept = anyio.run(FileTokenStore(directory).load, key)
    if kept is not None:
        base = base if named else f"{kept.origin}/api/v4"
        if origin(base) != kept.origin:
            raise InvalidArgument(f"The stored token is of {kept.origin}, and is not sent to {origin(base)}.")
        return kept.access_token, base
    typed = _typed()  # outside the event loop, which would hold back Ctrl-C
    if not typed:
        raise InvalidArgument(
            f"There is no token: set {TOKEN}, or run clio-async login: nothing is stored under {key!r} in {directory}."
        )
    return typed, base


def _typed() -> Secret:
    """Return what is typed in; an empty token if nobody is there, or nothing is."""
    try:
        return checked_token(getpass("Access token: "), "That") if sys.stdin.isatty() else Secret("")
    except EOFError:
        return Secret("")


def _agreed(target: Target, *, yes: bool) -> bool:
    """Say what is going to be written, and ask whether it may be."""
    _say(_WARNING.format(target=f"{target.resource}/{target.id}"))
    if yes:
        return True
    if not sys.stdin.isatty():
        _say("Nobody is there to agree to that: say --yes.")
        return False
    _say("Go on? [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _is_kept(path: Path, evidence: Evidence, found: Mapping[str, Answer]) -> bool:
    """Write the report, before anything that may fail for other reasons."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    text = dumps(report(evidence, found, at=at, salt=secrets.token_bytes()), indent=2)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        _say(printable(f"clio-async: {path} cannot be written ({error.strerror})."))
        return False
    _say(printable(f"The report is in {path}."))
    return True


def _is_printed(show: Callable[[Console], None]) -> bool:
    try:
        write_out(rendered(show))
    except OSError as error:
        _say(f"clio-async: the answers cannot be printed ({error.strerror or error}).")
        return False
    return True


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
