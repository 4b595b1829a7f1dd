"""`edit`: change a record that others may change meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..base import Fields, HasId, ResourceBase

if TYPE_CHECKING:
    from .edit import Edit

__all__ = ["EditsRecords"]


class EditsRecords(ResourceBase):
    """A resource whose records are read singly, changed, and guarded by their tags."""

    __slots__ = ()

    if not TYPE_CHECKING:  # each resource says which changes its records take

        def edit(
            self,
            target: int | str | HasId,
            change: Callable[[Any], Mapping[str, Any]] | None = None,
            /,
            *,
            fields: Fields = None,
            **options: int,
        ) -> Edit[Any] | Awaitable[Any]:
            """Read one, change it, and write what was changed, guarded by its etag.

                async with clio.matters.edit(42) as edit:
                    edit.set(location=f"{edit.record.location} (moved)")
                await clio.matters.edit(42, lambda matter: {"location": f"{matter.location} (moved)"})

            `edit.set`, and what the function returns, take what `update` does. Nothing is sent where nothing is
            changed, and nothing if the block or the function raises. `edit.result`, and what the second form returns,
            is the record as it was written. Where `fields` is a class it is one of that class, as `get` gives it; where
            `fields` are names, it holds them, and may show more.

            Somebody else may change the record meanwhile. The block is not repeated: what was set is merged with what
            they have changed, unless they have changed the same, or what belongs together with it. The function is
            called again with the record as it is then: up to `attempts` times, 20 by default. It is not async, so that
            nobody in this process has to wait for it for long.

            ``If-Match`` is known to guard the own attributes of a record. Rows of its collections are records of their
            own, and may change under the same tag. The block reads all that it may change when it begins, and a
            collection that is set once more just before it is written: only what comes between that and the write may
            go unseen.

            :raises EditConflict: if somebody else has changed the same, or changes it each time.
            :raises MissingETag: if the answer has no etag that could guard the write.
            :raises InvalidArgument: if the function is async, or returns no mapping.
            """
            from .edit import Edit, edit_by  # for a few calls alone

            if change is None:
                return Edit(self, target, fields, **options)
            return edit_by(self, target, change, fields, **options)
