"""`upload`: a file becomes a document, or a version of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgument
from ...protocol import upload_plan as decide
from ...protocol.filters import told
from ...protocol.shapes import is_mapping
from ...protocol.upload_plan import PART_SIZE
from ...transfers import heard
from .place import Place
from .run import Upload
from .source import opened
from .whose import own

if TYPE_CHECKING:
    from ...models.selection import Fields
    from ...transfers import OnProgress, UploadHandle
    from ..base import ResourceBase
    from ..caller import ExtraJson
    from .source import Source

__all__ = ["upload"]


async def upload(
    documents: ResourceBase,
    source: Source,
    *,
    parent: Any = None,
    name: str | None = None,
    size: int | None = None,
    part_size: int = PART_SIZE,
    parallel: int = 4,
    resume: UploadHandle | str | None = None,
    progress: OnProgress | None = None,
    fields: Fields = None,
    extra_json: ExtraJson | None = None,
    **values: Any,
) -> Any:
    """Upload a file and return its document. `values` are further ones of ``documents.create``.

    With `resume` the document is there already, and what else would be said of it is not used. One that ends by a
    cancellation leaves what `progress` was told last; before it was told anything, ``documents.list`` shows what may
    be there, with ``show_uncompleted=True``.

    :raises InvalidArgument: if it cannot be uploaded as it is asked for. Nothing was begun, or continued.
    :raises OSError: if the file cannot be opened, or read. Nothing was begun, or continued.
    :raises IncompleteUpload: if it was begun and not finished.
    :raises SourceChanged: if the file changed while it was read, or is not the one that the upload had begun with.
    :raises OutcomeUnknown: if it is not known whether it was begun.
    """
    caller = documents._caller  # noqa: SLF001 - of the resource whose verb this is
    if type(parallel) is not int or not 1 <= parallel <= 100:
        raise InvalidArgument("parallel is how many parts are sent at a time: from 1 to 100.")
    handle = None if resume is None else own(resume, caller)
    if handle is None:
        _check_parent(parent, extra_json)
    elif not decide.can_be(handle.size, handle.part_size):
        raise InvalidArgument("The handle is of an upload that cuts the file as Clio does not take it.")
    run = Upload(caller, Place(caller, fields), parallel, heard(progress))
    del progress
    async with opened(source, size) as file:
        if handle is not None:
            return await run.again(file, handle, part_size)
        if name is None and file.name is None and extra_json is None:
            raise InvalidArgument("What is uploaded has no name of its own: documents.upload(..., name=) gives it one.")
        given = {"parent": parent, "name": file.name if name is None else name, **values}
        given = {key: value for key, value in given.items() if value is not None or key in values}
        return await run.anew(file, part_size, given, extra_json)


def _check_parent(parent: Any, extra_json: ExtraJson | None) -> None:
    named = "type" in parent if is_mapping(parent) else getattr(parent, "id", None) is not None
    if not named and (parent is not None or extra_json is None):
        raise InvalidArgument(
            'parent is what the document belongs to: a record, such as a matter, or {"id": 1, "type": "Matter"}, '
            f"not {told(parent)}."
        )
