"""What an upload says to Clio, and hears: a place for the bytes, addresses to send them to, and that they are there.

See https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from ...errors import NotFound, OutcomeUnknown
from ...models import registry
from ...models.schema import Operation
from ...models.selection import Fields, Selection, both, projected, select_own, select_records
from ...protocol.fields import format_fields
from ...protocol.shapes import is_dict
from .. import arguments
from ..caller import Caller
from ..lists import pages
from .changed import Ended
from .pieces import Piece
from .versions import VERSION, Version, stated, version_of

__all__ = ["Place", "rows_of"]

_SCHEMA = "Document"
_WHOLE = f"{VERSION}{{uuid,put_url,put_headers}}"
_PARTS = f"{VERSION}{{uuid,put_url,put_headers,multiparts}}"
_STATE = f"deleted_at,{VERSION}{{uuid,size,fully_uploaded,put_url,put_headers}}"
_HELD = f"etag,deleted_at,{VERSION}{{uuid,fully_uploaded}}"
_LISTED = "id,uuid,size,fully_uploaded,put_url,put_headers{name,value},multiparts{part_number,put_url,put_headers}"
_SHOWN = ("uuid", "size", "fully_uploaded")


def rows_of(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """Return what Clio is told of parts."""
    return [
        {"part_number": piece.number, "content_length": str(piece.length)}
        | ({} if piece.digest is None else {"content_md5": b64encode(piece.digest).decode()})
        for piece in pieces
    ]


class Place:
    """One version of a document, for which bytes are to come."""

    def __init__(self, caller: Caller, fields: Fields) -> None:
        """Check what is to be read of the document in the end.

        :raises UnknownField: if that is not known.
        """
        self.document_id = 0
        self.uuid = ""
        self.new = True
        """Whether the document was made for it."""
        self._caller = caller
        self._fields = fields
        self._final = _final(fields, caller.strict)

    async def create(
        self, values: Mapping[str, Any], extra: Mapping[str, Any] | None, rows: list[dict[str, Any]] | None
    ) -> Callable[[], Version]:
        """Let Clio make the place. From then on the document is known, and its version if Clio says which it is.

        What is returned says where the bytes are to go; it raises `UnexpectedContent` if the answer does not.

        :raises OutcomeUnknown: if it is not known whether Clio did, or which document it is.
        """
        operation = _operation("create")
        given = {**values} if rows is None else {**values, "multiparts": rows}
        data = arguments.completed(operation, given, extra)
        body, named = arguments.encoded(operation, data)
        parent = data.get("parent")
        if is_dict(parent) and parent.get("type") == _SCHEMA:
            self.new = False
            named = (*named, f"/documents/{parent.get('id')}")
        selection = self._selection(_WHOLE if rows is None else _PARTS)
        asked_at = self._caller.now()
        record = await self._caller.write(
            operation, operation.path, selection.query, body, selection, if_match=None, named=named
        )
        given_id = getattr(record, "id", None)
        if type(given_id) is not int or not 0 < given_id < 2**63:  # it stands in paths from now on
            raise OutcomeUnknown("Clio made a document, and gave no id of it that could be one.", accepted=True)
        self.document_id = given_id
        uuid = getattr(getattr(record, VERSION, None), "uuid", None)
        self.uuid = uuid if isinstance(uuid, str) else ""
        return lambda: version_of(record, asked_at, self.uuid)

    async def ask(self, rows: list[dict[str, Any]] | None) -> Version:
        """Ask for further addresses: of those parts, or of the whole."""
        given: dict[str, Any] = {"uuid": self.uuid, "fully_uploaded": False}
        if rows is not None:
            given["multiparts"] = rows
        asked_at = self._caller.now()
        record = await self._update(given, self._selection(_WHOLE if rows is None else _PARTS))
        found = version_of(record, asked_at, self.uuid)
        return found if found.uuid is not None else await self._among_all()

    async def finish(self) -> tuple[Version, Any]:
        """Tell Clio that the bytes are there. Return what it says of the version, and the document for the caller."""
        record = await self._update({"uuid": self.uuid, "fully_uploaded": True}, self._final)
        return version_of(record, 0.0, self.uuid), self._shown(record)

    async def look(self) -> Version:
        """Read what became of the version. The answer may hold an address, and is not kept.

        :raises Ended: if the document is in the trash.
        """
        asked_at = self._caller.now()
        record = await self._read(_STATE)
        if _is_deleted(record):
            raise Ended(
                f"Document {self.document_id}, which the upload is for, is in Clio's trash: take it out of there with "
                f"documents.update({self.document_id}, restore=True), and continue the upload then."
            )
        found = version_of(record, asked_at, self.uuid)
        return found if found.uuid is not None else await self._among_all()

    async def read(self) -> Any:
        """Read the document for the caller."""
        path, final = f"/documents/{self.document_id}.json", self._final
        return self._shown(await self._caller.read(_operation("get"), path, final.query, final))

    async def there(self) -> Any:
        """Read the document as it stands; None if it is not there any more, or in the trash."""
        try:
            record = await self._read(_HELD)
        except NotFound:
            return None
        return None if _is_deleted(record) else record

    async def is_finished(self, record: Any) -> bool:
        """Say whether the version has its bytes, of a document that is there."""
        found = version_of(record, 0.0, self.uuid)
        return (found if found.uuid is not None else await self._among_all()).done is True

    async def holds_bytes(self, record: Any) -> bool:
        """Say whether a document that is there has any, of whatever version."""
        return version_of(record, 0.0, self.uuid).done is not False and await self._has_whole()

    async def _has_whole(self) -> bool:
        """Read whether any version has bytes. One of which Clio does not say that counts as having them."""
        return any([getattr(one, "fully_uploaded", None) is not False async for one in self._versions()])

    async def delete(self, tag: str | None) -> None:
        """Delete the document, if it still has that tag.

        :raises PreconditionFailed: if it has another one.
        """
        await self._caller.write(
            _operation("delete"), f"/documents/{self.document_id}.json", "", None, None, if_match=tag, named=()
        )

    async def _read(self, fields: str) -> Any:
        selection = self._selection(fields)
        path = f"/documents/{self.document_id}.json"
        return await self._unkept().read(_operation("get"), path, selection.query, selection)

    def _unkept(self) -> Caller:
        return self._caller.unhurried(None)

    async def _among_all(self) -> Version:
        """Read what is said of a version that is not the latest: somebody has begun another one since."""
        asked_at = self._caller.now()
        async for one in self._versions():
            if getattr(one, "uuid", None) == self.uuid:
                return stated(one, asked_at)
        return Version(None)

    def _versions(self) -> AsyncIterator[Any]:
        operation = registry.resource("document_versions").operations["list"]
        selection = select_records("DocumentVersion", _LISTED, strict=self._caller.strict)
        return aiter(pages(self._unkept(), operation, selection, (self.document_id,), None, None, 0, {}, None))

    async def _update(self, given: Mapping[str, Any], selection: Selection[Any]) -> Any:
        operation = _operation("update")
        body, named = arguments.encoded(operation, arguments.completed(operation, given, None))
        path = f"/documents/{self.document_id}.json"
        return await self._caller.write(
            _unguarded(operation), path, selection.query, body, selection, if_match=None, named=named
        )

    def _selection(self, fields: str) -> Selection[Any]:
        return select_records(_SCHEMA, f"id,{fields}", strict=self._caller.strict)

    def _shown(self, record: Any) -> Any:
        return projected(_SCHEMA, self._fields, record)


def _is_deleted(record: Any) -> bool:
    return getattr(record, "deleted_at", None) is not None


def _operation(action: str) -> Operation:
    return registry.resource("documents").operations[action]


def _unguarded(operation: Operation) -> Operation:
    """Return the operation as one that takes no guard: nobody else writes a version that has no bytes yet."""
    return evolve(operation, if_match=False)


def _final(fields: Fields, strict: bool) -> Selection[Any]:
    """Return a selection of what the caller wants, and of what tells whether the upload is done."""
    chosen = fields if fields is None or isinstance(fields, str | type) else tuple(fields)
    asked = select_records(_SCHEMA, chosen, strict=strict)
    known = registry.schema(_SCHEMA).fields[VERSION]
    inner = both(known, asked.tree[VERSION], _SHOWN) if VERSION in asked.tree else _SHOWN
    text = format_fields({**asked.tree, VERSION: inner})
    if asked.default_of is not None:
        return select_own(_SCHEMA, text, (VERSION, f"{VERSION}{{uuid}}"), strict=strict)
    more = () if chosen is None or isinstance(chosen, str | type) else chosen
    unknown = [name for name in more if not isinstance(name, str)]
    return select_records(_SCHEMA, (text, *unknown), strict=strict)
