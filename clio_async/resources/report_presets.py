"""Report presets: the generated verbs, and one that waits until the report is there."""

# ruff: noqa: ASYNC109 - a job goes on without us, and the error says which
from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..transfers import OnProgress
from ._generated.report_presets import ReportPresets as GeneratedReportPresets
from .base import ExtraJson, ExtraQuery, Fields, HasId, Names
from .jobs import PATIENCE, Waiting

if TYPE_CHECKING:
    from ..models._generated.reports import Report

    T = TypeVar("T")

__all__ = ["ReportPresets"]


class ReportPresets(GeneratedReportPresets):
    __doc__ = GeneratedReportPresets.__doc__

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def run(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
        ) -> T: ...
        @overload
        async def run(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
        ) -> Report: ...

    async def run(
        self,
        id: int | HasId,
        /,
        *,
        fields: Fields = None,
        timeout: float | None = PATIENCE,
        progress: OnProgress | None = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
    ) -> Any:
        """Have a report made as the preset has it, and wait until it is there.

            report = await clio.report_presets.run(7)
            await clio.reports.download_to(report, "report.pdf")

        `fields` are those of the report. `reports.wait` says how it waits and what it raises; `timeout` begins when
        Clio has begun. See https://docs.developers.clio.com/api-reference/ (Report Presets).

        :raises OutcomeUnknown: if it is not known whether a report was begun. None is waited for then.
        """
        from .reports import Reports  # the report is one of those

        waiting = Waiting(Reports(self._caller), fields, timeout, progress)
        beginning = self.generate_report(id, extra_query=extra_query, extra_json=extra_json)
        del extra_json  # a traceback may show it
        return await waiting.for_new(beginning)
