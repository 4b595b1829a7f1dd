# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of timer, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.timer import Timer
from ...resources._generated.timer import NewTimer
from ...resources.base import ExtraJson, ExtraQuery, Names

T = TypeVar("T")

class TimerResource:
    """Clio's ``/timer``.

    Without ``fields=`` its records are read with id, etag, start_time, elapsed_time, created_at, updated_at,
    activity{id, type}.
    """

    @overload
    def get(self, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T:
        """Read one."""

    @overload
    def get(self, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> Timer: ...
    def delete(self, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""

    @overload
    def create(
        self,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewTimer],
    ) -> T:
        """Create one.

        Takes: activity (required).
        """

    @overload
    def create(
        self,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewTimer],
    ) -> Timer: ...
