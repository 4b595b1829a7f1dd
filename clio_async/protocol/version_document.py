"""What Clio's published document says of versions: https://docs.developers.clio.com/openapi.json.

The description of the document lists the minor versions, and marks the default one by a sentence under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec
from attrs import frozen

from ..errors import DecodeError

__all__ = ["PublishedVersions", "published"]

_HEADING = re.compile(r"(?:[-*]|#{1,6})[ \t]+\[?([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})\]?(?:\([^()\s]*\))?[ \t]*")
_MARK = re.compile(r"this is the default version", re.IGNORECASE)


@frozen
class PublishedVersions:
    """The versions that a document lists, oldest first, and the one that it says is the default."""

    default: str
    numbers: tuple[str, ...]


def published(text: str | bytes) -> PublishedVersions:
    """Read an OpenAPI document, or its description alone.

    :raises DecodeError: if it does not say which version is the default, or says it of several.
    """
    numbers: dict[str, bool] = {}
    for number, is_default in _lines(_description(text)):
        numbers[number] = numbers.get(number, False) or is_default
    marked = [number for number, is_default in numbers.items() if is_default]
    if len(marked) != 1:
        said = f"says of {len(marked)} versions that they are" if marked else "does not say which version is"
        raise DecodeError(f"The document {said} the default: is it Clio's OpenAPI document?")
    return PublishedVersions(marked[0], tuple(numbers))


def _description(text: str | bytes) -> str:
    """Return the description of a document in JSON; any other text as it is."""
    try:
        content: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return text if isinstance(text, str) else text.decode("utf-8", "replace")
    info = _object(_object(content).get("info"))
    description = info.get("description")
    return description if isinstance(description, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each heading that is a version, and the version again where it is marked as the default one."""
    number = ""
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
            number = heading[1]
            yield number, False
        elif number and _MARK.search(line):
            yield number, True
