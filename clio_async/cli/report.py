"""`clio-async report`: a report is asked for, waited for, and downloaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import anyio
from attrs import asdict, frozen
from cyclopts import Parameter

from ..errors import InvalidArgument
from ..resources.jobs import PATIENCE
from .authority import ANYBODY, Access, opened
from .bars import Bars, say
from .exits import exit_status, printable
from .output import write_out
from .targets import free

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
        values |= {"kind": kind, "format": format}
        write_out(printable(f"{anyio.run(_fetch, access, begun, values, to, timeout)}\n"))


async def _fetch(
    access: Access,
    begun: int | None,
    values: dict[str, Any],
    to: Path,
    timeout: float,  # noqa: ASYNC109 - it is that of the wait
) -> Path:
    """Have it made, unless it was begun earlier; wait for it, and write it."""
    async with opened(access) as clio:
        number = begun
        if number is None:
            number = (await clio.reports.create(fields="id", **values)).id
            # Whatever happens now: the report goes on without us.
            say(printable(f"Report {number} was begun. Should this end early:  clio-async report {number} --to {to}"))
        with Bars() as bars:
            made = await clio.reports.wait(number, timeout=timeout, progress=bars)
            return await clio.reports.download_to(made, to, progress=bars)
