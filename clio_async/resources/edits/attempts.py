"""Attempts to write a record that others write, too: each with the tag that the record has then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, cast

from attrs import frozen

from ...errors import ClioError, EditConflict, InvalidArgument, PreconditionFailed, UnprocessableEntity
from ...models import registry
from ...protocol.merge import merge
from ..caller import ExtraJson
from .conflicts import collided, exhausted
from .subject import Change, Subject

__all__ = ["ATTEMPTS", "Merging", "Step", "attempted", "check_attempts"]

ATTEMPTS = 20
"""How often a write is tried that others are faster than, by default."""


@frozen(repr=False)
class Step:
    """What one attempt writes."""

    base: Any
    """The record that the change is one of."""
    change: Change
    data: Mapping[str, Any]
    """The part of it that is still to be written; empty if there is none."""
    adds: bool = False
    """Whether it gives the record values of custom fields. Clio refuses that (422) where somebody else just has."""


Plan: TypeAlias = Callable[[Any, PreconditionFailed | None], Awaitable[Step]]
"""What to write to the record as it is, and after which refusal."""


def check_attempts(attempts: object) -> None:
    """Check how often a write may be tried.

    :raises InvalidArgument: if that is no number of attempts.
    """
    if not isinstance(attempts, int) or isinstance(attempts, bool) or attempts < 1:
        raise InvalidArgument("attempts is how often a write is tried: 1 or more.")


async def attempted(subject: Subject[Any], current: Any, plan: Plan, attempts: int) -> Any:
    """Write to the record what is planned for it as it is (`current`); plan and write again while others are faster.

    :raises EditConflict: if they were each time, or if it cannot be planned.
    :raises PreconditionFailed: if the record could not be read after they were, in none of the attempts that were left.
    """
    step, refused = await plan(current, None), None
    attempt = 0
    while True:
        attempt += 1
        if not step.data:
            return current
        if current is not None:  # else it could not be read, and that was the attempt
            try:
                return await subject.write(step.change, step.data, current)
            except UnprocessableEntity as error:
                if not step.adds or attempt == attempts:
                    raise
                current, step = await _since_added(subject, plan, step, error)
                continue
            except PreconditionFailed as error:
                refused = error
        refused = cast("PreconditionFailed", refused)
        if attempt == attempts:
            if refused.current is None:
                raise refused
            raise exhausted(subject, step.base, refused.current, step.change, attempts, refused) from refused
        current = await subject.latest(refused, step.change, attempt)
        if current is not None:
            step = await plan(current, refused)


async def _since_added(subject: Subject[Any], plan: Plan, step: Step, refused: UnprocessableEntity) -> tuple[Any, Step]:
    """Return the record as it is now, and what is to be written to it, after values that it may have were refused.

    :raises UnprocessableEntity: if that is the same as before, or if the record cannot be read.
    """
    try:
        current = await subject.read(step.change.names)
        again = await plan(current, None)
    except EditConflict:
        raise
    except ClioError as failed:
        raise refused from failed
    if again.data == step.data:
        raise refused
    return current, again


class Merging:
    """Plans to merge what was changed in `base` with the record as it is.

    What the base does not show is as `filled` has it, if that is given.
    """

    def __init__(
        self,
        subject: Subject[Any],
        base: Any,
        changes: Mapping[str, Any],
        custom: Mapping[Any, Any],
        extra: ExtraJson | None = None,
        *,
        filled: Any = None,
    ) -> None:
        self._subject = subject
        self._base = base
        self._changes = changes
        self._custom = custom
        self._extra = extra
        self._filled = filled

    async def __call__(self, current: Any, refused: PreconditionFailed | None) -> Step:
        """Merge.

        :raises EditConflict: if somebody else has decided on the same.
        """
        subject, base = self._subject, self._base
        change = await self._changed(current)
        known = {} if self._filled is None else change.seen(self._filled)
        known |= change.seen(base)
        merged = merge(
            known,
            change.mine,
            change.seen(current),
            atoms=registry.atoms(subject.schema),
            never=registry.never_merged(subject.schema),
            moved=base.etag != current.etag,
        )
        if merged.collisions:
            raise collided(subject, base, current, change, merged, refused)
        data = change.only(merged.send)
        adds = bool(self._custom) and any("id" not in row for row in data.get("custom_field_values", ()))
        return Step(base, change, data, adds)

    async def _changed(self, current: Any) -> Change:
        """Return the change; which rows set custom fields depends on those that the record has."""
        changes = self._changes
        if self._custom:
            resource: Any = self._subject.resource
            found = await resource.custom_field_changes(current, self._custom, whole=True)
            rows = [_row_of(self._base, row) for row in found]
            changes = {**changes, "custom_field_values": [*changes.get("custom_field_values", ()), *rows]}
            if not changes["custom_field_values"]:
                del changes["custom_field_values"]
        return self._subject.change(changes, self._extra, self._base)


def _row_of(base: Any, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a value that is to be added as a change of the one that the base has of that custom field, if it has one.

    Somebody else has cleared that meanwhile.
    """
    if "id" in row:
        return row
    for held in getattr(base, "custom_field_values", None) or ():
        of, value = getattr(held, "custom_field", None), getattr(held, "value", None)
        if value is not None and getattr(of, "id", None) == row["custom_field"]["id"]:
            return {"id": held.id, "value": row["value"]}
    return row
