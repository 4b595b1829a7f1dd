"""Edits: read a record, change it, write what was changed, and come to terms with others who do the same."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ...errors import InvalidArgument, PreconditionFailed, UsageError
from ...models.selection import Fields
from ...protocol.merge import merge
from ...protocol.shapes import is_mapping
from ..base import ResourceBase
from ..caller import ExtraJson, ExtraQuery
from .attempts import ATTEMPTS, Merging, Step, attempted, check_attempts
from .subject import Subject

__all__ = ["Edit", "edit_by", "update_merging"]

T = TypeVar("T")


class Edit(Generic[T]):
    """A record that is being edited: ``async with clio.matters.edit(42) as edit``.

    What was set is written at the end of the block, in one request that holds only what changed, guarded by the etag of
    the record as it was read. If somebody else was faster, it is merged with what they did; see `EditConflict` for what
    cannot be. An exception in the block writes nothing.

    ``If-Match`` is known to guard the own attributes of a record, and which records it is associated with
    (https://docs.developers.clio.com/api-docs/etags). A collection, a nested object, and a total are read again just
    before what belongs to them is written: a change that comes between that and the write may go unseen.

    Others are noticed by what was read first. That is all that an edit may change, whatever `fields` says: the own
    attributes of the record, its custom fields, and the rows of its collections. Who has changed the same row during
    the block, or has set or cleared the same custom field, is an `EditConflict`.
    """

    def __init__(self, resource: ResourceBase, target: object, fields: Fields = None, attempts: int = ATTEMPTS) -> None:
        check_attempts(attempts)
        self._subject: Subject[T] = Subject(resource, target, fields)
        self._attempts = attempts
        self._changes: dict[str, Any] = {}
        self._custom: dict[Any, Any] = {}
        self._base: Any = None
        self._now: Any = None
        self._open = False

    def __repr__(self) -> str:
        return f"<edit of {self._subject.path}>"

    @property
    def record(self) -> T:
        """The record as it was read: one of the class that `fields` is; else it may show more than was asked for.

        :raises UsageError: before the block.
        """
        if self._base is None:
            raise UsageError("There is nothing to edit yet: the record is read when the block of edit(…) begins.")
        return self._subject.shown(self._base)

    @property
    def result(self) -> T:
        """The record as it was written, or as it is if there was nothing to write.

        It is one of the class that `fields` is. Of names, or without them, it may show more than was asked for.

        :raises UsageError: until the block has ended well.
        """
        if self._now is None:
            raise UsageError("The edit is written at the end of its block: until then there is no result.")
        return self._subject.shown(self._now)

    if not TYPE_CHECKING:  # each resource says what its records take

        def set(self, **changes: Any) -> None:
            """Change attributes, by the names and values that `update` takes. What is set again replaces what was.

            :raises InvalidArgument: if they cannot be sent.
            :raises UsageError: outside the block.
            """
            self._check_open()
            self._subject.change(changes, None, self._base)
            self._changes.update(changes)

        def set_custom_fields(self, values: Mapping[Any, Any], /) -> None:
            """Change custom fields by name, or by the id of their definition; None clears. See `custom_field_changes`.

            What the record has of them is read again just before it is written.

            :raises UsageError: outside the block, or for records that have no custom fields.
            :raises InvalidArgument: if it is no mapping.
            """
            self._check_open()
            if not hasattr(self._subject.resource, "custom_field_changes"):
                raise UsageError(f"{self._subject.update.resource} have no custom fields.")
            if not is_mapping(values):
                raise InvalidArgument("Custom fields are a mapping of names, or ids of definitions, to values.")
            self._custom.update(values)

    def _check_open(self) -> None:
        if not self._open:
            raise UsageError("An edit is made within its block: after it has begun, and before it ends.")

    async def __aenter__(self) -> Self:
        if self._base is not None:
            raise UsageError("An edit is for one block. Begin another one.")
        self._base = await self._subject.bounded().read(self._subject.rows)  # also where older answers would do
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        if kind is None:
            self._now = await self._written()

    async def _written(self) -> Any:
        if not self._changes and not self._custom:
            return self._base
        subject = self._subject.bounded()
        async with subject.caller.turn(subject.path):
            named = subject.change(self._changes, None, self._base)
            current = self._base
            if self._custom or named.unguarded(self._base):
                current = await subject.read([*named.names, *["custom_field_values"][: len(self._custom)]])
            step = Merging(subject, self._base, self._changes, self._custom, filled=current)
            return await attempted(subject, current, step, self._attempts)


async def edit_by(
    resource: ResourceBase,
    target: object,
    change: Callable[[Any], Mapping[str, Any]],
    fields: Fields = None,
    attempts: int = ATTEMPTS,
    ask: Callable[..., Awaitable[Any]] | None = None,
) -> Any:
    """Read a record, and write what `change` makes of it; read it and call again while others are faster.

    `ask` calls `change` elsewhere: in the thread that waits for this.

    :raises EditConflict: if others were faster each time.
    :raises InvalidArgument: if `change` is async, or does not return changes.
    """
    check_attempts(attempts)
    if not callable(change) or inspect.iscoroutinefunction(change):
        raise InvalidArgument(_SYNCHRONOUS)
    subject = Subject[Any](resource, target, fields).bounded()

    async def step(current: Any, _refused: PreconditionFailed | None) -> Step:
        shown = subject.shown(current)
        found = change(shown) if ask is None else await ask(change, shown)
        wanted = subject.change(_changes_of(found), None, current)
        held = wanted.seen(current)
        return Step(current, wanted, wanted.only(merge(held, wanted.mine, held).send))

    async with subject.caller.turn(subject.path):
        return subject.shown(await attempted(subject, await subject.read(), step, attempts))


async def update_merging(
    resource: ResourceBase,
    target: object,
    fields: Fields,
    changes: Mapping[str, Any],
    extra_query: ExtraQuery | None = None,
    extra_json: ExtraJson | None = None,
) -> Any:
    """Write changes of a record that was read; merge them with what others have changed since, if they have.

    :raises EditConflict: if they have changed the same, or what the record does not show.
    """
    subject = Subject[Any](resource, target, fields, extra_query).bounded()
    wanted = subject.change(changes, extra_json, target)
    merging = Merging(subject, target, changes, {}, extra_json)

    async def step(current: Any, refused: PreconditionFailed | None) -> Step:
        return Step(target, wanted, wanted.sent) if refused is None else await merging(current, refused)

    async with subject.caller.turn(subject.path):
        return subject.shown(await attempted(subject, target, step, ATTEMPTS))


_SYNCHRONOUS = (
    "edit(id, function) takes a function that returns changes, such as lambda matter: {'location': 'Berlin'}. It is no "
    "coroutine function: others in this process wait for it. Ask for what it needs before, or use the block of edit(…)."
)


def _changes_of(found: Any) -> Mapping[str, Any]:
    if inspect.isawaitable(found):
        if inspect.iscoroutine(found):
            found.close()
        raise InvalidArgument(_SYNCHRONOUS)
    if not is_mapping(found) or not all(isinstance(name, str) for name in found):
        raise InvalidArgument("The function returns what is to be changed, by name: {} for nothing.")
    return found
