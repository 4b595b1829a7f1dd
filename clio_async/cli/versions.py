"""`clio-async versions`: where an API version stands, and an exit status for jobs that watch it."""

from __future__ import annotations

import json
import time
import traceback
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import anyio
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from ..client import Clio
from ..errors import APIError, ClioError, ClioWarning, InvalidArgument
from ..protocol.responses import shown
from ..protocol.version_document import published
from ..protocol.version_history import ApiVersion
from ..protocol.version_status import VersionState, VersionStatus, status_of
from ..protocol.versions import PINNED, checked
from ..transport.aiohttp import AiohttpTransport
from ..versions import fetch_document
from .authority import authority
from .exits import CANCELLED, USAGE, stop
from .kept import Region
from .output import rendered, write_out

__all__ = ["versions"]

_UNKNOWN: Final = 4
_EXITS: Final[dict[VersionState, int]] = {"current": 0, "newer_default": 1, "ending": 2, "gone": 3, "unknown": _UNKNOWN}
_SAID: Final[dict[VersionState, str]] = {
    "current": "No newer version is the default.",
    "newer_default": "A newer version is the default.",
    "ending": "A newer version is the default, and the end of guaranteed support is near or past.",
    "gone": "The version is not served: it is answered with 410.",
    "unknown": "The default version could not be found out.",
}
_EXACTNESS: Final = {"not before": " at the earliest", "not after": " at the latest"}


def versions(
    *,
    api_version: str = PINNED,
    region: Region | None = None,
    base_url: str | None = None,
    document: str | None = None,
    within: int = 90,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    store: Path | None = None,
    key: str = "default",
) -> None:
    """Say where an API version stands, by Clio's policy.

    Args:
        api_version: The version that your program asks for; the one that this package is made for unless given. "none"
            if it asks for none.
        region: Where the account is; that of the stored token, or us, unless given.
        base_url: Another server than Clio's, with the prefix of its API.
        document: The path or address of Clio's OpenAPI document, such as https://docs.developers.clio.com/openapi.json.
            The default version is read there; no token is needed and none is sent.
        within: From how many days before the end of guaranteed support the exit status is 2.
        as_json: Print JSON.
        store: The directory of tokens that login has filled; clio-async/tokens in $XDG_STATE_HOME or ~/.local/state
            unless given.
        key: The name under which the token is kept.
    """
    with _exit_status():
        pinned = None if api_version.lower() == "none" else checked(api_version)
        if within < 0:
            raise InvalidArgument("--within is a number of days: 0 or more.")
        if document is None:
            status = anyio.run(_ask, pinned, region, base_url, store, key, within)
        else:
            status = _read(document, pinned, within)
        if as_json:
            text = json.dumps(status.to_dict(), indent=2) + "\n"
        else:
            text = rendered(lambda console: _show(status, console))
        write_out(text)
        raise SystemExit(_EXITS[status.state])


@contextmanager
def _exit_status() -> Generator[None, None, None]:
    """End the process with a sentence where an error would, and never with a status that means something else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ClioWarning)  # an answer of another version is in what is shown
            yield
    except InvalidArgument as error:
        stop(USAGE, str(error))
    except (ClioError, OSError) as error:
        stop(_UNKNOWN, _without_words(error))
    except KeyboardInterrupt:
        stop(CANCELLED, "Cancelled.")
    except Exception:
        traceback.print_exc()  # the status of an uncaught error, 1, would mean that there is a newer default
        raise SystemExit(_UNKNOWN) from None


def _without_words(error: Exception) -> str:
    """Return the text of an error without what the server said in it: it may have said the token."""
    if not isinstance(error, APIError):
        return str(error)
    said = ": ".join(shown(part) for part in (error.type, error.message) if part)
    return str(error).replace(f" ({said})", "", 1)


async def _ask(
    pinned: str | None, region: str | None, base_url: str | None, store: Path | None, key: str, within: int
) -> VersionStatus:
    auth, base = await authority(region, base_url, store, key, otherwise=", or name a --document")
    async with Clio(auth, base_url=base, api_version=pinned, timeout=20.0) as clio:
        return await clio.versions.status(within=within)


def _read(document: str, pinned: str | None, within: int) -> VersionStatus:
    """Find the default version in a document."""
    is_url = document.startswith(("https://", "http://"))
    text = anyio.run(_fetch, document) if is_url else Path(document).read_bytes()
    default = published(text).default
    return status_of(pinned=pinned, default=default, today=datetime.now(UTC).date(), within=within)


async def _fetch(url: str) -> bytes:
    async with AiohttpTransport() as transport:
        return await fetch_document(transport.send, url, time.monotonic() + 20.0)


def _show(status: VersionStatus, console: Console) -> None:
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(status):
        facts.add_row(name, value)
    console.print(facts)
    _list("It would change", status.between, status, console)
    _list("Not yet the default", status.upcoming, status, console)
    for text in status.reserved:
        console.print(f"In any case: {text}")


def _facts(status: VersionStatus) -> list[tuple[str, str]]:
    facts = [
        ("Asked for", status.pinned or "none: the default version answers"),
        ("Answered", status.answered or "-"),
        ("Default", status.default or "-"),
        ("State", f"{status.state}. {_SAID[status.state]}"),
    ]
    if status.guaranteed_until is not None:
        how = _EXACTNESS.get(status.exactness or "", "")
        facts.append(("Supported", f"until {status.guaranteed_until}{how} ({_left(status.days_left or 0)})"))
    if status.notice_by is not None and status.notice_by > status.today:
        facts.append(("Notice", f"by {status.notice_by}, by e-mail, if it is to end then"))
    return facts


def _left(days: int) -> str:
    if days < 0:
        return f"guaranteed support ended {-days} {'day' if days == -1 else 'days'} ago"
    return f"{days} {'day' if days == 1 else 'days'}"


def _list(title: str, listed: tuple[ApiVersion, ...], status: VersionStatus, console: Console) -> None:
    if not listed:
        return
    table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
    for version in listed:
        since = f"default from {version.default_from}" if version.default_from else ""
        too = f" [also in {status.pinned}]" if version in status.back_filled else ""
        text = "\n".join(version.changes) or "See https://docs.developers.clio.com/api-docs/api-changelog."
        table.add_row(version.number, since, text + too)
    console.print(table)
