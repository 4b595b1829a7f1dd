"""What is outdated when a record was changed by somebody else: the same as by a write of our own."""

from __future__ import annotations

from ..errors import InvalidArgument, UnknownOption
from ..models import registry
from ..protocol import urls
from . import arguments

__all__ = ["tags_of"]

_SINGLE = ("get", "update", "delete")


def tags_of(base: str, resource: str, id: object) -> tuple[str, ...]:
    """Return what answers about a record depend on: the record, and the lists it stands in. Without an id, the lists.

    :raises UnknownOption: for a resource that does not exist.
    :raises InvalidArgument: for an id that cannot be one, or a resource whose records lie under those of another.
    """
    names = registry.resource_names()
    if resource not in names:
        raise UnknownOption(str(resource)[:100], names, where="invalidate")
    found = registry.resource(resource)
    if "{" in found.path:
        raise InvalidArgument(f"The records of {resource} lie under others: invalidate the one that they lie under.")
    if id is None:
        return urls.write_tags(base, base + found.path)
    operation = next((found.operations[action] for action in _SINGLE if action in found.operations), None)
    if operation is None or "{" not in operation.path:
        raise InvalidArgument(f"{resource} has no records that are read by their id: leave the id out.")
    return urls.write_tags(base, base + arguments.path(operation, (id,)))
