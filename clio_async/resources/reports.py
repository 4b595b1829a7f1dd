"""Reports: the generated verbs, and one that waits until a report is there."""

# ruff: noqa: ASYNC109 - a job goes on without us, and the error says which
from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..transfers import OnProgress
from ._generated.reports import Reports as GeneratedReports
from .base import ExtraJson, ExtraQuery, Fields, Names
from .files import DownloadsFiles
from .jobs import PATIENCE, WaitsForJobs

if TYPE_CHECKING:
    from typing import Unpack

    from ..models._generated.reports import Report
    from ._generated.reports import NewReport

    T = TypeVar("T")

__all__ = ["Reports"]


class Reports(DownloadsFiles, WaitsForJobs["Report"], GeneratedReports):
    __doc__ = GeneratedReports.__doc__

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def run(
            self,
            *,
            fields: type[T],
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewReport],
        ) -> T: ...
        @overload
        async def run(
            self,
            *,
            fields: Names = None,
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewReport],
        ) -> Report: ...

    async def run(
        self,
        *,
        fields: Fields = None,
        timeout: float | None = PATIENCE,
        progress: OnProgress | None = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Have a report made, and wait until it is there. `download_to` fetches it then.

            report = await clio.reports.run(kind="revenue", format="csv")
            await clio.reports.download_to(report, "revenue.csv")

        It takes what `create` takes, and `wait` says how it waits and what it raises. `timeout` begins when Clio has
        begun. See https://docs.developers.clio.com/api-reference/ (Reports).

        :raises OutcomeUnknown: if it is not known whether a report was begun. None is waited for then.
        """
        running = self._run(values, fields, timeout, progress, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await running
