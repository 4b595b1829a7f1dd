"""Where the records of a resource can be asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from attrs import frozen

from ...errors import InvalidArgument
from ...models import registry
from ...models.schema import Operation

__all__ = ["Places"]

_EARLIEST = 1900


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

    def checked(self, since: object, confirm: bool) -> dt.datetime | None:
        """Return `since`, if the list can be asked for what has changed since.

        :raises InvalidArgument: if it cannot, or that is no time; or if `confirm` needs what the resource lacks.
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
        return since
