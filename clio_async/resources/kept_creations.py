"""The ids of what was created here: a record that answered one call is not what another call has created."""

from __future__ import annotations

__all__ = ["KeptCreations"]

_MOST = 4096


class KeptCreations:
    """Remembers the ids of the latest records that were created, by base URL and resource."""

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str | None, object], None] = {}

    def add(self, base: str, resource: str | None, number: object) -> None:
        """Remember one; forget the one that was remembered first, if there are too many."""
        self._ids[base, resource, number] = None
        if len(self._ids) > _MOST:
            del self._ids[next(iter(self._ids))]

    def has(self, base: str, resource: str | None, number: object) -> bool:
        """Whether one is remembered."""
        return (base, resource, number) in self._ids
