"""JSON values that do not change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import DecodeError
from ..protocol.shapes import is_array, is_mapping

__all__ = ["DEEPEST", "SECRET", "JsonObject", "freeze", "thaw"]

DEEPEST = 64
"""How deep values may be nested. Clio's reach five; the rest of the program recurses over them."""

SECRET = frozenset({"conference_password", "put_headers", "put_url", "shared_secret"})
"""Names of what opens something, wherever it stands: it is read, and neither shown nor pickled."""


class JsonObject(Mapping[str, Any]):
    """An immutable JSON object. It hashes, pickles (without secrets), and equals any mapping with the same items."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = {**items}

    def __getitem__(self, name: str) -> Any:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        shown = [f"{name!r}: {'***' if name in SECRET else repr(value)}" for name, value in self._items.items()]
        return f"{{{', '.join(shown)}}}"

    def __copy__(self) -> JsonObject:
        return self

    def __deepcopy__(self, _memo: Any) -> JsonObject:
        return self  # it is immutable; and what is pickled is less

    def __reduce__(self) -> tuple[type[JsonObject], tuple[dict[str, Any]]]:
        return JsonObject, ({name: value for name, value in self._items.items() if name not in SECRET},)


def freeze(value: Any, depth: int = 0) -> Any:
    """Return a JSON value with its objects and arrays made immutable.

    :raises DecodeError: if it is nested deeper than `DEEPEST`.
    """
    if depth > DEEPEST:
        raise DecodeError(f"The answer is nested deeper than {DEEPEST} levels.")
    if is_mapping(value):
        return JsonObject({key: freeze(item, depth + 1) for key, item in value.items()})
    if is_array(value):
        return tuple([freeze(item, depth + 1) for item in value])
    return value


def thaw(value: Any) -> Any:
    """Return a frozen JSON value as dicts and lists."""
    if is_mapping(value):
        return {key: thaw(item) for key, item in value.items()}
    if is_array(value):
        return [thaw(item) for item in value]
    return value
