"""Templates of documents: the generated verbs, and those that move bytes."""

from __future__ import annotations

from ._generated.document_templates import DocumentTemplates as GeneratedDocumentTemplates
from .files import DownloadsFiles

__all__ = ["DocumentTemplates"]


class DocumentTemplates(DownloadsFiles, GeneratedDocumentTemplates):
    __doc__ = GeneratedDocumentTemplates.__doc__

    __slots__ = ()
