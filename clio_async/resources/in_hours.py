"""`InHours`: a caller under a version of the API in which activities count hours."""

from __future__ import annotations

from typing import Any

from ..codec import Page
from ..errors import InvalidArgument, OutcomeUnknown, PreconditionFailed, PreconditionUnusable
from ..models.hours import count_hours, times_in_seconds
from ..models.schema import Operation
from ..models.selection import Selection
from ..options import Lane
from .caller import Caller

__all__ = ["InHours", "check_class"]


def check_class(schema: str | None, cls: Any, version: str | None) -> None:
    """Check that a class of the caller's has no time that would be made of hours as if they were seconds.

    :raises InvalidArgument: if it has.
    """
    places = times_in_seconds(schema, cls) if schema is not None and isinstance(cls, type) else ()
    if places:
        raise InvalidArgument(
            f"{', '.join(places)} cannot be a timedelta: in version {version} of the API it counts hours. Annotate it "
            "as Decimal | None, or read records of the package, whose duration is right."
        )


class InHours:
    """The same caller, all of whose records know that they count hours: so their durations are right."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __getattr__(self, name: str) -> Any:
        return getattr(self._caller, name)

    async def read(
        self, operation: Operation, path: str, query: str, selection: Selection[Any], **conditions: Any
    ) -> Any:
        """Read one record."""
        check_class(operation.schema, selection.record_type, self._caller.api_version)
        return count_hours(await self._caller.read(operation, path, query, selection, **conditions))

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[Any]) -> Page[Any]:
        """Read one page of a list."""
        check_class(operation.schema, selection.record_type, self._caller.api_version)
        return (await self._caller.read_page(operation, path, query, selection)).seen_by(count_hours)

    async def write(
        self, operation: Operation, path: str, query: str, body: bytes | None, selection: Any, **more: Any
    ) -> Any:
        """Write. The records in errors count hours, too."""
        if selection is not None:
            check_class(operation.schema, selection.record_type, self._caller.api_version)
        writing = self._caller.write(operation, path, query, body, selection, **more)
        del body, query, more  # they may hold a secret, and a traceback may show the locals of this frame
        try:
            return count_hours(await writing)
        except (OutcomeUnknown, PreconditionFailed, PreconditionUnusable) as error:
            count_hours(error.current)
            raise

    def unkept(self, lane: Lane | None = None) -> InHours:
        """Return the same caller, whose answers are not kept."""
        return InHours(self._caller.unkept(lane))

    def bounded(self) -> Caller:
        """Return the same caller, whose calls all end by one deadline."""
        return self._caller.bounded()  # its resources count hours by themselves
