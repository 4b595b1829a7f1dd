"""Which file it is: where it can be had, and how large Clio says that it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from ...errors import Forbidden, NotFound
from ...models import registry
from ...secrets import Secret
from .. import arguments
from ..base import ResourceBase
from ..caller import Caller

__all__ = ["File"]


class File:
    """The file of a record, or of one version of a document."""

    def __init__(self, resource: ResourceBase, target: object, version: object = None) -> None:
        self._resource = resource
        self._target = target
        self._version = version
        operation = self._operation("download")
        path = arguments.path(operation, (target,))
        if version is not None:
            self._version = int(arguments.id_of(operation, version, "document_version_id"))
        self._filters: Mapping[str, Any] = {} if version is None else {"document_version_id": self._version}
        self.bound = ("download", self.caller.scope, path, arguments.query(operation, None, self._filters, None))
        """What it is, and on whose behalf it is received."""

    @property
    def caller(self) -> Caller:
        """The client."""
        return self._resource._caller  # noqa: SLF001 - it is one of us

    def _operation(self, action: str) -> Any:
        return self._resource._operation(action)  # noqa: SLF001

    async def locate(self) -> Secret:
        """Ask Clio for an address."""
        return await self._resource._redirect("download", (self._target,), self._filters, None)  # noqa: SLF001

    @cached_property
    def noted_size(self) -> int | None:
        """Bytes of the file as the caller's record has it, which may be out of date. None if there is none in it."""
        latest = getattr(self._target, "latest_document_version", None)
        if self._version is not None:
            return _size_of(latest) if getattr(latest, "id", None) == self._version else None
        found = _size_of(latest)
        return _size_of(self._target) if found is None else found

    async def size(self) -> int | None:
        """Ask Clio how many bytes the file has, whatever is kept of the record. None if Clio does not say.

        Where the record is hidden it is left to the download itself to say so.
        """
        with suppress(Forbidden, NotFound):
            return await self._size(self.caller.bounded())
        return None

    async def size_again(self) -> int | None:
        """Ask once more, in full: it has turned out that the first answer may be out of date."""
        return await self._size(self.caller.unhurried(None))

    async def _size(self, caller: Caller) -> int | None:
        if self._version is not None:
            return await self._size_of_version(caller)
        schema = registry.schema(self._operation("get").schema).fields
        if "size" not in schema:
            return None
        latest = "latest_document_version" in schema
        fields = "size,latest_document_version{id,size}" if latest else "size"
        found = await type(self._resource)(caller)._read("get", (self._target,), fields, {}, None)  # noqa: SLF001
        size = _size_of(getattr(found, "latest_document_version", None)) if latest else None
        return _size_of(found) if size is None else size

    async def _size_of_version(self, caller: Caller) -> int | None:
        from .._generated.document_versions import DocumentVersions  # hardly ever needed

        versions = DocumentVersions(caller)
        document = int(arguments.id_of(self._operation("get"), self._target))
        async for one in versions.list(document, fields="id,size"):
            if one.id == self._version:
                return _size_of(one)
        return None


def _size_of(record: object) -> int | None:
    size = getattr(record, "size", None)
    return size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None
