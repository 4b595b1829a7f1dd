"""`SyncEdit`: a record that is being edited, by a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .seat import Seat

if TYPE_CHECKING:
    from ..resources.edits.edit import Edit

__all__ = ["SyncEdit", "edited"]

T = TypeVar("T")


class SyncEdit(Generic[T]):
    """A record that is being edited: ``with clio.matters.edit(42) as edit``. It does what `Edit` does.

    What was set is written at the end of the block, in one request that holds only what changed, guarded by the etag of
    the record as it was read. An exception in the block writes nothing.
    """

    __slots__ = ("_edit", "_seat")

    def __init__(self, seat: Seat, edit: Edit[T]) -> None:
        self._seat = seat
        self._edit = edit

    def __repr__(self) -> str:
        return repr(self._edit)

    @property
    def record(self) -> T:
        """The record as it was read.

        :raises UsageError: before the block.
        """
        return self._edit.record

    @property
    def result(self) -> T:
        """The record as it was written, or as it is if there was nothing to write.

        :raises UsageError: until the block has ended well.
        """
        return self._edit.result

    if not TYPE_CHECKING:  # each resource says what its records take

        def set(self, **changes: Any) -> None:
            """Change attributes, by the names and values that `update` takes. What is set again replaces what was.

            :raises InvalidArgument: if they cannot be sent.
            :raises UsageError: outside the block.
            """
            self._edit.set(**changes)

        def set_custom_fields(self, values: Mapping[Any, Any], /) -> None:
            """Change custom fields by name, or by the id of their definition; None clears.

            :raises UsageError: outside the block, or for records that have no custom fields.
            :raises InvalidArgument: if it is no mapping.
            """
            self._edit.set_custom_fields(values)

    def __enter__(self) -> Self:
        self._seat.run(self._edit.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seat.run(self._edit.__aexit__(kind, None, None))


def edited(
    seat: Seat, resource: Any, target: object, change: Callable[[Any], Mapping[str, Any]], options: Mapping[str, Any]
) -> Any:
    """Read a record, and write what `change` makes of it: it is called in this thread, and may call the client."""
    from ..resources.edits.edit import edit_by

    call = seat.call()
    return seat.run(edit_by(resource, target, change, **options, ask=call.ask), call)
