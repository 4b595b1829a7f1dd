"""Document automations: the generated verbs, and one that waits until the documents are there."""

# ruff: noqa: ASYNC109 - a job goes on without us, and the error says which
from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..transfers import OnProgress
from ._generated.document_automations import DocumentAutomations as GeneratedDocumentAutomations
from .base import ExtraJson, ExtraQuery, Fields, Names
from .jobs import PATIENCE, WaitsForJobs

if TYPE_CHECKING:
    from typing import Unpack

    from ..models._generated.document_automations import DocumentAutomation
    from ._generated.document_automations import NewDocumentAutomation

    T = TypeVar("T")

__all__ = ["DocumentAutomations"]


class DocumentAutomations(WaitsForJobs["DocumentAutomation"], GeneratedDocumentAutomations):
    __doc__ = GeneratedDocumentAutomations.__doc__

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
            **values: Unpack[NewDocumentAutomation],
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
            **values: Unpack[NewDocumentAutomation],
        ) -> DocumentAutomation: ...

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
        """Have documents made of a template, and wait until they are there.

            made = await clio.document_automations.run(matter=matter, document_template={"id": 7}, fields="documents")
            for document in made.documents or ():
                await clio.documents.download_to(document, f"{document.id}.docx")

        It takes what `create` takes, and `wait` says how it waits and what it raises. `timeout` begins when Clio has
        begun. No progress is known of it: `progress` is called with 0 of an unknown total. See
        https://docs.developers.clio.com/api-reference/ (Document Automations).

        :raises OutcomeUnknown: if it is not known whether one was begun. None is waited for then.
        """
        running = self._run(values, fields, timeout, progress, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await running
