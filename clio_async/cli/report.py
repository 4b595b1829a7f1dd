"""`clio-async report`: a report is asked for, waited for, and downloaded."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import anyio
from attrs import asdict, frozen
from cyclopts import Parameter

from ..errors import InvalidArgument, JobTimeout
from ..models import registry
from ..resources.jobs import PATIENCE
from .authority import ANYBODY, Access, opened
from .bars import Bars, say
from .exits import as_typed, exit_status, printable
from .output import write_out
from .targets import free, unreplaced

__all__ = ["report"]

Format: TypeAlias = Literal["csv", "html", "json", "pdf", "xlsx", "zip"]


@Parameter(name="*")
@frozen(kw_only=True)
class About:
    """What a report is about."""

    start_date: Annotated[date | None, Parameter(help="The first day that it is about.")] = None
    end_date: Annotated[date | None, Parameter(help="The last day that it is about.")] = None
    year: Annotated[str | None, Parameter(help="The year that it is about.")] = None
    client: Annotated[int | None, Parameter(help="The id of a contact that it is about.")] = None
    matter: Annotated[int | None, Parameter(help="The id of a matter that it is about.")] = None
    user: Annotated[int | None, Parameter(help="The id of a user that it is about.")] = None
    practice_area: Annotated[int | None, Parameter(help="The id of a practice area that it is about.")] = None
    originating_attorney: Annotated[int | None, Parameter(help="The id of a user that it is about.")] = None
    responsible_attorney: Annotated[int | None, Parameter(help="The id of a user that it is about.")] = None

    def values(self) -> dict[str, Any]:
        """Return what creates a report about that."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: {"id": value} if isinstance(value, int) else value for name, value in given.items()}


EVERYTHING: Final = About()


def report(
    kind: str,
    /,
    *,
    to: Path | None = None,
    format: Format = "csv",
    about: About = EVERYTHING,
    timeout: float = PATIENCE,
    force: Annotated[bool, Parameter(negative="")] = False,
    access: Access = ANYBODY,
) -> None:
    """Have a report made, wait until it is there, and download it.

    Args:
        kind: Which report, such as revenue or trust_ledger. Or the id of one that was begun earlier.
        to: The file to be written. It has to be given.
        format: The format of the report.
        timeout: For how many seconds to wait for it.
        force: Replace the file if there is one.
    """
    with exit_status():
        if to is None or to.is_dir():
            raise InvalidArgument("--to is missing, or a folder: it is the file that the report is written to.")
        if not timeout > 0:
            raise InvalidArgument("--timeout must be more than 0 seconds.")
        free(to, force=force)
        values = about.values()
        if kind.isdecimal() and values:
            raise InvalidArgument("A report that was begun earlier is about what it is about: name its id alone.")
        begun = int(kind) if kind.isdecimal() else None
        if begun is None:
            _check_kind(kind)
        values |= {"kind": kind, "format": format}
        write_out(printable(f"{anyio.run(_fetch, access, begun, values, to, timeout, force)}\n"))


async def _fetch(
    access: Access,
    begun: int | None,
    values: dict[str, Any],
    to: Path,
    timeout: float,  # noqa: ASYNC109 - it is that of the wait
    force: bool,
) -> Path:
    """Have it made, unless it was begun earlier; wait for it, and write it."""
    async with opened(access) as clio:
        number = begun
        if number is None:
            number = (await clio.reports.create(fields="id", **values)).id
            # Whatever happens now: the report goes on without us.
            say(printable(f"Report {number} was begun. Should this end early:  {_later(number, to, force)}"))
        with Bars() as bars:
            try:
                made = await clio.reports.wait(number, timeout=timeout, progress=bars)
            except JobTimeout as error:
                late = f"Report {number} was not finished after {timeout:g} s, and goes on at Clio. To wait again:"
                raise JobTimeout(f"{late}  {_later(number, to, force)}", record=error.record) from error.__cause__
            with unreplaced(to):
                return await clio.reports.download_to(made, to, overwrite=force, progress=bars)


def _later(number: int, to: Path, force: bool) -> str:
    """Return the command that waits for a report which was begun."""
    return f"clio-async report {number} --to {as_typed(to)}{' --force' if force else ''}"


def _check_kind(kind: str) -> None:
    """Refuse a report that Clio is not known to make.

    :raises InvalidArgument: if it is none.
    """
    known = registry.resource("reports").operations["create"].attributes["kind"].enum
    if kind not in known:
        near = get_close_matches(kind, known, n=3, cutoff=0.5)
        advice = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known)}."
        newer = "One that Clio has added since can be had in Python: clio.reports.run(kind=…)."
        raise InvalidArgument(f"{kind!r} is no known kind of report. {advice} {newer}")
