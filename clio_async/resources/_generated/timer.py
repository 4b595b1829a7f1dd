# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of timer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import Required, TypedDict, Unpack

    from ...models._generated.timer import Timer
    from ..base import Associated

    T = TypeVar("T")

    class NewTimer(TypedDict, total=False):
        activity: Required[Associated]


class TimerResource(ResourceBase):
    """Clio's ``/timer``.

    Without ``fields=`` its records are read with id, etag, start_time, elapsed_time, created_at, updated_at,
    activity{id, type}.
    """

    __slots__ = ()
    _name = "timer"

    if TYPE_CHECKING:

        @overload
        async def get(self, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(self, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> Timer: ...

    async def get(self, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (), fields, {}, extra_query)

    async def delete(self, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        async def create(
            self,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTimer],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTimer],
        ) -> Timer: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: activity (required).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing
