"""The ids of what was created here: a record that answered one call is not what another call has created."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..principal import Principal

__all__ = ["KeptCreations"]

_MOST = 4096


class KeptCreations:
    """Remembers the ids of the latest records that were created, by principal and resource.

    An id may be there in two firms: what one of them has created says nothing of the other's records.
    """

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: dict[tuple[Principal | None, str | None, object], None] = {}

    def add(self, whose: Principal | None, resource: str | None, number: object) -> None:
        """Remember one; forget the one that was remembered first, if there are too many."""
        self._ids[whose, resource, number] = None
        if len(self._ids) > _MOST:
            del self._ids[next(iter(self._ids))]

    def has(self, whose: Principal | None, resource: str | None, number: object) -> bool:
        """Whether one is remembered."""
        return (whose, resource, number) in self._ids
