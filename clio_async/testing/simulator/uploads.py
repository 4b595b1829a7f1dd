"""How a document gets its bytes: announced, put at the storage in one piece or in parts, and declared to be there.

See https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from . import writes
from .answers import Refusal
from .call import Call
from .contents import File, length_of
from .things import Record, Row
from .values import argument_error, is_list, is_object
from .versions import add_version, kind_of, path_of, replace_version, settled, versions_of

__all__ = ["MOST_PARTS", "announce", "foreseen_upload", "renew", "uploaded"]

_TRUE: Final = (True, "true")
MOST_PARTS: Final = 50
"""Parts that one request may ask for."""
LAST_NUMBER: Final = 10_000
ENCRYPTED: Final = ("x-amz-server-side-encryption", "AES256")
_PARTS: Final = "#parts"
_TRIES: Final = "#tries"


def foreseen_upload(call: Call, document: Record | None, data: Mapping[str, Any]) -> None:
    """Check what a write asks for besides, before anything is written.

    :raises Refusal: 422, if a part cannot be; ``UploadNotFoundError``, if there is no upload of its `uuid`, or the
        bytes of one that is declared to be there are not.
    """
    for part in _asked(data):
        _check_part(part)
    if document is None or not (data.get("fully_uploaded") in _TRUE or data.get("uuid") is not None):
        return
    version = _waiting(call, document, data.get("uuid"))
    if data.get("fully_uploaded") in _TRUE and not version.get("fully_uploaded"):
        if _file_of(call, document, version) is None:
            raise _missing(call)
        _tried(call, document, version)


def _asked(data: Mapping[str, Any]) -> Sequence[Any]:
    parts: Any = data.get("multiparts") or []
    if not is_list(parts):
        raise argument_error("multiparts are a list")
    if len(parts) > MOST_PARTS:
        raise argument_error(f"one request asks for {MOST_PARTS} multiparts at most")
    return parts


def _check_part(given: Any) -> None:
    part = given if is_object(given) else {}
    number, length, digest = part.get("part_number"), part.get("content_length"), part.get("content_md5")
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= LAST_NUMBER:
        raise argument_error(f"part_number is between 1 and {LAST_NUMBER}")
    if not isinstance(length, str) or not (length.isascii() and length.isdigit()) or not int(length):
        raise argument_error("content_length is a number of bytes, as a text")
    if digest is not None and not isinstance(digest, str):
        raise argument_error("content_md5 is a text")


def _missing(call: Call) -> Refusal:
    return Refusal(call.regime.upload_not_found, "UploadNotFoundError", "The upload was not found")


def _waiting(call: Call, document: Record, uuid: Any) -> Row:
    for version in versions_of(document):
        if version.get("uuid") == uuid:
            return version
    raise _missing(call)


def _tried(call: Call, document: Record, version: Row) -> None:
    """Count the requests that declare a version to be there, and end the first ones as the regime says.

    :raises Refusal: 422, if this is one of them.
    """
    if call.regime.slow_finish is None:
        return
    times, meanwhile = call.regime.slow_finish
    counted = version.copy()
    counted.written[_TRIES] = 1 + counted.written.get(_TRIES, 0)
    replace_version(document, counted)
    if counted.written[_TRIES] > times:
        return
    if meanwhile == "done":
        _finish(call, document, counted)
    raise Refusal(422, "UploadTimeoutError", "The upload took too long to be found")


def announce(call: Call, document: Record, data: Mapping[str, Any]) -> None:
    """Add a version to a document that waits for its bytes, with the addresses to put them to."""
    filename = data.get("filename") or data.get("name")
    kind = str(data.get("content_type") or kind_of(filename))
    version = add_version(document, filename=filename, content_type=kind)
    version.written["put_headers"] = _fields(version, ENCRYPTED, ("Content-Type", kind))
    _renew_address(call, document, version)
    _ask_parts(call, document, version, data)


def _renew_address(call: Call, document: Record, version: Row) -> None:
    sent = [(row.get("name"), row.get("value")) for row in version.written["put_headers"]]
    version.written["put_url"] = _signed(call, path_of(document, version), sent)


def _signed(call: Call, path: str, fields: list[tuple[str, str]]) -> str:
    return call.storage.signed("PUT", path, call.now, life=call.regime.address_life, fields=fields)


def _fields(owner: Row, *fields: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(_row(owner, "put_headers", name=name, value=value) for name, value in fields)


def _row(owner: Row, of: str, **values: Any) -> Row:
    row = owner.firm.new_row(owner, owner.schema.fields[of])
    row.written.update(values)
    return row


def _ask_parts(call: Call, document: Record, version: Row, data: Mapping[str, Any]) -> None:
    """Hand out an address for each part that is asked for, in the place of those of the request before."""
    parts = _asked(data)
    asked = {**version.written.get(_PARTS, {}), **{part["part_number"]: int(part["content_length"]) for part in parts}}
    version.written[_PARTS] = asked
    version.written["multiparts"] = tuple(_part(call, document, version, part) for part in parts)


def _part(call: Call, document: Record, version: Row, part: Mapping[str, Any]) -> Row:
    digest = part.get("content_md5")
    sent = [ENCRYPTED, ("Content-Type", version.get("content_type"))]
    sent += [] if digest is None else [("Content-MD5", digest)]
    path = _path_of_part(document, version, part["part_number"])
    url = _signed(call, path, [*sent, ("Content-Length", str(int(part["content_length"])))])
    return _row(
        version, "multiparts", part_number=part["part_number"], put_url=url, put_headers=_fields(version, *sent)
    )


def _path_of_part(document: Record, version: Row, number: int) -> str:
    return f"{path_of(document, version)}/{number}"


def _paths_of_parts(document: Record, version: Row) -> list[str]:
    return [_path_of_part(document, version, number) for number in sorted(version.written.get(_PARTS, {}))]


def _file_of(call: Call, document: Record, version: Row) -> list[File] | None:
    """Return the parts of what was put there, one if it came in one piece; None if anything is missing."""
    storage = call.storage
    parts = [storage.files.get(path) for path in _paths_of_parts(document, version)]
    if not any(part is not None for part in parts):
        parts = [storage.files.get(path_of(document, version))]
    found = [part for part in parts if part is not None]
    large = all(length_of(part) >= storage.smallest_part for part in found[:-1])
    return found if large and len(found) == len(parts) else None


def uploaded(call: Call, document: Record, data: Mapping[str, Any]) -> None:
    """Take in the bytes of a version, or hand out addresses for further parts of them."""
    version = _waiting(call, document, data["uuid"]).copy()
    if version.get("fully_uploaded"):
        return
    if data.get("fully_uploaded") in _TRUE:
        _finish(call, document, version)
        return
    if call.regime.put_url_renewal != "never":
        _renew_address(call, document, version)
    _ask_parts(call, document, version, data)
    replace_version(document, version)


def _finish(call: Call, document: Record, version: Row) -> None:
    made = version.copy()
    path, parts = path_of(document, version), _paths_of_parts(document, version)
    if any(part in call.storage.files for part in parts):
        call.storage.join(path, parts, call.now, type=version.get("content_type"))
    size = length_of(call.storage.files[path])
    made.written.update(fully_uploaded=True, put_url=None, put_headers=(), multiparts=(), size=size)
    replace_version(document, made)
    settled(document)
    writes.touch(document, call.now)


def renew(call: Call, document: Record) -> None:
    """Sign the addresses anew to which what is not there yet is put in one piece, if a read does so."""
    if call.regime.put_url_renewal != "get":
        return
    for version in versions_of(document):
        if not version.get("fully_uploaded"):
            made = version.copy()
            _renew_address(call, document, made)
            replace_version(document, made)
