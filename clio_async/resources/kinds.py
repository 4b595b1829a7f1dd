"""Records that stand for their ids: of the right kind, or refused. The id of another kind would name a stranger."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from ..errors import InvalidArgument
from ..models import registry
from ..models.record import Record

__all__ = ["refuse_other", "refuse_other_in", "refuse_other_named"]


def refuse_other(record: object, collections: Collection[str], place: str) -> None:
    """Refuse a record that is of none of some collections. What is not known to be of any passes.

    :raises InvalidArgument: if it is of another.
    """
    if not isinstance(record, Record) or not collections:
        return
    own = registry.collections_of(record.__schema__)
    if own and not set(own) & set(collections):
        raise InvalidArgument(
            f"{place} is one of {' or '.join(sorted(collections))}, and a {type(record).__name__} is none: its id "
            "would be taken for that of another record. If the number is meant, pass it."
        )


def refuse_other_in(record: object, path: str, name: str) -> None:
    """Refuse a record that cannot be meant by a placeholder: ``{matter_id}`` in ``/matters/{matter_id}/contacts.json``.

    In a list, which has none for them, ids are those of its records.
    """
    if isinstance(record, Record):
        refuse_other(record, _before(path, name), name)


def refuse_other_named(record: object, name: str, place: str) -> None:
    """Refuse a record that no association of that name leads to."""
    if isinstance(record, Record):
        refuse_other(record, _named(name), place)


@cache
def _before(path: str, name: str) -> frozenset[str]:
    collection = path.partition(f"/{{{name}}}")[0].removesuffix(".json")
    return frozenset({collection}) & registry.all_collections()


@cache
def _named(name: str) -> frozenset[str]:
    return registry.collections_named(name) or frozenset({f"/{name}s"}) & registry.all_collections()
