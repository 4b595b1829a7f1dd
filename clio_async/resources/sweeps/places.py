"""Where the records of a resource can be asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from ...errors import InvalidArgument
from ...models import registry
from ...models.schema import Filter, Operation
from ..many import checked as checked_extra

__all__ = ["Places", "check_past"]

_EARLIEST = 1900
_AHEAD = 60.0
"""Seconds that two clocks may differ by."""


@frozen
class Places:
    """The operations by which records are found: a list, a single record, or both."""

    list: Operation | None
    reading: Operation | None

    @classmethod
    def of(cls, resource: Any) -> Places:
        """Return those of a resource.

        :raises InvalidArgument: if its records are not found by their own ids.
        """
        known = registry.resource(resource._name).operations  # noqa: SLF001
        found = {action: resource._operation(action) for action in ("list", "get") if action in known}  # noqa: SLF001
        places = cls(found.get("list"), found.get("get"))
        if not places.by_ids and "{id}" not in places.single.path:
            raise InvalidArgument(f"{places.single.path} holds no id of its records: read them by get().")
        return places

    @property
    def by_ids(self) -> bool:
        """Whether the list can be narrowed to ids."""
        return self.list is not None and "ids" in self.list.filters

    @property
    def listing(self) -> Operation:
        """The list, where there is one."""
        assert self.list is not None  # noqa: S101 - for the type checker
        return self.list

    @property
    def single(self) -> Operation:
        """What reads one record, where there is such."""
        assert self.reading is not None  # noqa: S101 - for the type checker
        return self.reading

    @property
    def operation(self) -> Operation:
        """What tells which records are meant."""
        return self.listing if self.by_ids else self.single

    def extra_query(self, extra: Any, since: object) -> dict[str, Any]:
        """Return `extra_query`, empty if there is none.

        :raises InvalidArgument: if it cannot be used, or is not to go with `since`.
        """
        if not extra:
            return {}
        if not self.by_ids:
            raise InvalidArgument(f"refresh asks for {self.operation.resource} one by one: leave out extra_query=.")
        found = checked_extra(self.listing, extra, "refresh", self.listing.filters)
        if since is not None:
            raise InvalidArgument(
                "refresh takes since= or extra_query=: of what has changed since, a narrowed list leaves something out."
            )
        return found

    def required(self, extra: Mapping[str, Any]) -> tuple[Filter, ...]:
        """Return the filters that the list cannot do without, and that `extra_query` does not say."""
        filters = () if self.list is None else self.list.filters.values()
        return tuple(found for found in filters if found.required and found.wire not in extra)

    def said_by(self, record: object, needed: tuple[Filter, ...]) -> tuple[Any, ...]:
        """Return what a record says of filters: its `type`, and the id of its `conversation`.

        :raises InvalidArgument: if it does not.
        """
        return tuple([self._said_by(record, found) for found in needed])

    def _said_by(self, record: object, needed: Filter) -> Any:
        name, inner = needed.name.removesuffix("_id"), needed.name.endswith("_id")
        found = getattr(record, name, None)
        value = getattr(found, "id", None) if inner else found
        if value is None:
            hint = f'with their {f"{name}{{id}}" if inner else name}, or say extra_query={{"{needed.wire}": …}}'
            raise InvalidArgument(f"{self.operation.resource}.list needs {needed.name}=: refresh records {hint}.")
        return value

    def checked(self, since: object, confirm: bool, now: float) -> dt.datetime | None:
        """Return `since`, if the list can be asked for what has changed since. `now` is in seconds since the epoch.

        :raises InvalidArgument: if it cannot, or that is no time, or is yet to come; or if `confirm` needs what the
            resource lacks.
        """
        name = self.operation.resource
        if confirm and self.reading is None:
            raise InvalidArgument(f"Single {name} cannot be read, so confirm=True can ask for none of them.")
        if since is None:
            return None
        if not isinstance(since, dt.datetime) or since.utcoffset() is None or since.year < _EARLIEST:
            raise InvalidArgument("since is an aware datetime: when the copies were known to be current.")
        if self.list is None or "updated_since" not in self.list.filters:
            raise InvalidArgument(f"{name} cannot be asked what has changed: leave out since=.")
        check_past(since, now)
        return since


def check_past(since: dt.datetime, now: float) -> None:
    """Refuse a time that is yet to come: nothing would be found to have changed since.

    :raises InvalidArgument: if it is later than `now`, by more than clocks may differ.
    """
    if since.timestamp() > now + _AHEAD:
        raise InvalidArgument("since is yet to come: when the copies were known to be current, by the server's clock.")
