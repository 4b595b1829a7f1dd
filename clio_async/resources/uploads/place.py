"""What an upload says to Clio, and hears: a place for the bytes, addresses to send them to, and that they are there.

See https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from ...errors import UnexpectedContent
from ...models import registry
from ...models.schema import Operation
from ...models.selection import Fields, Selection, both, projected, select_own, select_records
from ...protocol.fields import format_fields
from ...protocol.shapes import is_dict
from ...secrets import Secret
from .. import arguments
from ..caller import Caller
from ..lists import pages
from .pieces import Piece

__all__ = ["Address", "Place", "Version", "rows_of"]

_SCHEMA = "Document"
_VERSION = "latest_document_version"
_WHOLE = f"{_VERSION}{{uuid,put_url,put_headers}}"
_PARTS = f"{_VERSION}{{uuid,put_url,put_headers,multiparts}}"
_STATE = f"{_VERSION}{{uuid,size,fully_uploaded,put_url,put_headers}}"
_LISTED = "id,uuid,size,fully_uploaded,put_url,put_headers{name,value},multiparts{part_number,put_url,put_headers}"
_SHOWN = ("uuid", "size", "fully_uploaded")


@frozen
class Address:
    """Where a piece is to be sent, and what along with it. Both are secret."""

    url: Secret
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    asked_at: float
    """When it was asked for (seconds, on the client's clock)."""


@frozen
class Version:
    """What Clio says of a version of a document."""

    uuid: str | None
    whole: Address | None = None
    """Where all of it is to be sent."""
    parts: Mapping[int, Address] = field(factory=dict[int, Address])
    done: bool | None = None
    """Whether its bytes are there; None if Clio does not say."""
    size: int | None = None


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
        self.document_id = getattr(record, "id", 0)
        uuid = getattr(getattr(record, _VERSION, None), "uuid", None)
        self.uuid = uuid if isinstance(uuid, str) else ""
        return lambda: _version(record, asked_at, self.uuid)

    async def ask(self, rows: list[dict[str, Any]] | None) -> Version:
        """Ask for further addresses: of those parts, or of the whole."""
        given: dict[str, Any] = {"uuid": self.uuid, "fully_uploaded": False}
        if rows is not None:
            given["multiparts"] = rows
        asked_at = self._caller.now()
        record = await self._update(given, self._selection(_WHOLE if rows is None else _PARTS))
        found = _version(record, asked_at, self.uuid)
        return found if found.uuid is not None else await self._among_all()

    async def finish(self) -> tuple[Version, Any]:
        """Tell Clio that the bytes are there. Return what it says of the version, and the document for the caller."""
        record = await self._update({"uuid": self.uuid, "fully_uploaded": True}, self._final)
        return _version(record, 0.0, self.uuid), self._shown(record)

    async def look(self) -> Version:
        """Read what became of the version. The answer may hold an address, and is not kept."""
        selection = self._selection(_STATE)
        asked_at = self._caller.now()
        path = f"/documents/{self.document_id}.json"
        record = await self._unkept().read(_operation("get"), path, selection.query, selection)
        found = _version(record, asked_at, self.uuid)
        return found if found.uuid is not None else await self._among_all()

    async def read(self) -> Any:
        """Read the document for the caller."""
        path, final = f"/documents/{self.document_id}.json", self._final
        return self._shown(await self._caller.read(_operation("get"), path, final.query, final))

    async def delete(self) -> None:
        """Delete the document."""
        await self._caller.write(
            _operation("delete"), f"/documents/{self.document_id}.json", "", None, None, if_match=None, named=()
        )

    def _unkept(self) -> Caller:
        return self._caller.unhurried(None)

    async def _among_all(self) -> Version:
        """Read what is said of a version that is not the latest: somebody has begun another one since."""
        operation = registry.resource("document_versions").operations["list"]
        selection = select_records("DocumentVersion", _LISTED, strict=self._caller.strict)
        asked_at, ids = self._caller.now(), (self.document_id,)
        async for one in pages(self._unkept(), operation, selection, ids, None, None, 0, {}, None):
            if getattr(one, "uuid", None) == self.uuid:
                return _stated(one, asked_at)
        return Version(None)

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


def _operation(action: str) -> Operation:
    return registry.resource("documents").operations[action]


def _unguarded(operation: Operation) -> Operation:
    """Return the operation as one that takes no guard: nobody else writes a version that has no bytes yet."""
    return evolve(operation, if_match=False)


def _final(fields: Fields, strict: bool) -> Selection[Any]:
    """Return a selection of what the caller wants, and of what tells whether the upload is done."""
    chosen = fields if fields is None or isinstance(fields, str | type) else tuple(fields)
    asked = select_records(_SCHEMA, chosen, strict=strict)
    known = registry.schema(_SCHEMA).fields[_VERSION]
    inner = both(known, asked.tree[_VERSION], _SHOWN) if _VERSION in asked.tree else _SHOWN
    text = format_fields({**asked.tree, _VERSION: inner})
    if asked.default_of is not None:
        return select_own(_SCHEMA, text, (_VERSION, f"{_VERSION}{{uuid}}"), strict=strict)
    more = () if chosen is None or isinstance(chosen, str | type) else chosen
    unknown = [name for name in more if not isinstance(name, str)]
    return select_records(_SCHEMA, (text, *unknown), strict=strict)


def _version(record: Any, asked_at: float, uuid: str) -> Version:
    """Return what a record says of a version; nothing if it shows another one."""
    shown = getattr(record, _VERSION, None)
    if not uuid or getattr(shown, "uuid", None) != uuid:
        return Version(None)
    return _stated(shown, asked_at)


def _stated(shown: Any, asked_at: float) -> Version:
    own = _headers(shown) or ()
    parts: dict[int, Address] = {}
    for row in getattr(shown, "multiparts", None) or ():
        number, headers = getattr(row, "part_number", None), _headers(row)
        if type(number) is not int or number in parts:
            raise UnexpectedContent("Clio gave two addresses for one part, or one for a part without a number.")
        found = _address(row, own if headers is None else headers, asked_at)
        if found is not None:
            parts[number] = found
    uuid, done, size = (getattr(shown, name, None) for name in _SAID)
    return Version(
        uuid if isinstance(uuid, str) else None,
        _address(shown, own, asked_at),
        parts,
        done if isinstance(done, bool) else None,
        size if type(size) is int and size >= 0 else None,
    )


_SAID = ("uuid", "fully_uploaded", "size")


def _address(shown: Any, headers: tuple[tuple[str, str], ...], asked_at: float) -> Address | None:
    url = getattr(shown, "put_url", None)
    return Address(Secret(url), headers, asked_at) if isinstance(url, str) and url else None


def _headers(shown: Any) -> tuple[tuple[str, str], ...] | None:
    """Return the header fields that belong to an address; None if there is nothing said of them."""
    found = getattr(shown, "put_headers", None)
    if found is None:
        return None
    pairs = tuple((getattr(one, "name", None), getattr(one, "value", None)) for one in found)
    if not all(isinstance(name, str) and isinstance(value, str) for name, value in pairs):
        raise UnexpectedContent("Clio gave header fields for an upload that have no name, or no value.")
    return pairs  # type: ignore[return-value]
