"""What Clio says of a version of a document: whether its bytes are there, and where they are to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from attrs import field, frozen

from ...errors import UnexpectedContent
from ...secrets import Secret

__all__ = ["VERSION", "Address", "Version", "stated", "version_of"]

VERSION = "latest_document_version"
"""The field of a document that is read and written."""
_SAID = ("uuid", "fully_uploaded", "size")


class PutFields(NamedTuple):
    """Header fields, which do not show themselves: a traceback may show what is read here."""

    pairs: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "PutFields(***)"


_NONE = PutFields(())


@frozen
class Address:
    """Where a piece is to be sent, and what along with it. Both are secret."""

    url: Secret
    fields: PutFields
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


def version_of(record: Any, asked_at: float, uuid: str) -> Version:
    """Return what a record says of a version; nothing if it shows another one."""
    shown = getattr(record, VERSION, None)
    if not uuid or getattr(shown, "uuid", None) != uuid:
        return Version(None)
    return stated(shown, asked_at)


def stated(shown: Any, asked_at: float) -> Version:
    """Return what is said of one version.

    :raises UnexpectedContent: if that cannot be.
    """
    own = _headers(shown) or _NONE
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


def _address(shown: Any, fields: PutFields, asked_at: float) -> Address | None:
    url = getattr(shown, "put_url", None)
    return Address(Secret(url), fields, asked_at) if isinstance(url, str) and url else None


def _headers(shown: Any) -> PutFields | None:
    """Return the header fields that belong to an address; None if there is nothing said of them."""
    if getattr(shown, "put_headers", None) is None:
        return None
    fields = PutFields(tuple(_pair(one) for one in shown.put_headers))
    if not all(isinstance(name, str) and isinstance(value, str) for name, value in fields.pairs):
        raise UnexpectedContent("Clio gave header fields for an upload that have no name, or no value.")
    return fields


def _pair(one: Any) -> Any:
    return getattr(one, "name", None), getattr(one, "value", None)
