"""What the probe asks about, chosen from what it has seen: records, ids, and values to filter by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from attrs import frozen

from ...models import registry
from .answers import Unanswered, rows, succeeded
from .exchanges import Evidence

__all__ = [
    "CANDIDATES",
    "IDS",
    "Value",
    "asked_ids",
    "half_later",
    "known",
    "own_fields",
    "places",
    "subject",
    "value_in_other_case",
]

CANDIDATES = {"matters": "status", "contacts": "type", "tasks": "status"}
"""The resources that are tried, and a field of each by whose documented values it can be filtered."""
IDS = (201, 100, 50)
"""How many ids are asked for; fewer only where more were refused."""

_PLACES = (1, 25, 50, 51, 100, 101, 200, 201)


@frozen
class Value:
    """A documented value of a filter, written in another case than the document's."""

    field: str
    text: str


def subject(evidence: Evidence) -> dict[str, Any]:
    """Return the record that most questions are about: the first one.

    :raises Unanswered: if there is none.
    """
    found = rows(succeeded(evidence, "cursor"))
    if not found or not isinstance(found[0].get("id"), int):
        raise Unanswered(f"there are no {evidence.resource}")
    return found[0]


def known(evidence: Evidence) -> list[dict[str, Any]]:
    """Return the records that were seen, each once and with an id; first the subject.

    :raises Unanswered: if there is no subject.
    """
    first = subject(evidence)
    found = {first["id"]: first}
    for row in _second_page(evidence):
        if isinstance(row.get("id"), int):
            found.setdefault(row["id"], row)
    return [*found.values()]


def _second_page(evidence: Evidence) -> list[dict[str, Any]]:
    try:
        return rows(succeeded(evidence, "offset"))
    except Unanswered:
        return []


def own_fields(resource: str) -> list[str]:
    """Return the own attributes of a resource, as the document has them."""
    schema = registry.resource(resource).schema
    return list(registry.schema(schema).own) if schema else []


def half_later(text: str) -> str | None:
    """Return the last millisecond of the second that a timestamp names; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment.replace(microsecond=0) + timedelta(milliseconds=999)).isoformat(timespec="milliseconds")


def places(evidence: Evidence, number: int) -> list[tuple[int, int]]:
    """Return where ids of known records stand among so many: (place, id), the first and the last place for sure."""
    ids = [row["id"] for row in known(evidence)]
    wanted = [place for place in _PLACES if place < number]
    chosen = [1, number][: len(ids)] if len(ids) < 3 else [1, number, *reversed(wanted[1:])][: len(ids)]
    return list(zip(sorted(chosen), ids, strict=False))


def asked_ids(evidence: Evidence, number: int) -> list[int]:
    """Return so many ids: those of known records at their places, between them such as no record is likely to have."""
    held = dict(places(evidence, number))
    made_up: Iterator[int] = count(9_000_000_000)
    return [held.get(place) or next(made_up) for place in range(1, number + 1)]


def value_in_other_case(evidence: Evidence) -> Value:
    """Return a value as an answer shows it (``Open``) where the document has another case (``open``).

    Best is one that some of the known records have and others do not.

    :raises Unanswered: if no value has a case.
    """
    name = CANDIDATES[evidence.resource]
    documented = registry.resource(evidence.resource).operations["list"].filters[name].enum
    shown = [row[name].lower() for row in known(evidence) if isinstance(row.get(name), str)]
    if not shown:
        raise Unanswered(f"no {name} was shown")
    return Value(name, _other_case(_chosen(shown, [text.lower() for text in documented]), documented))


def _chosen(shown: Sequence[str], documented: Sequence[str]) -> str:
    """Return the value of the first record if another has another one, else one that no record has."""
    held = dict.fromkeys(shown)
    wanted = held if len(held) > 1 else [text for text in documented if text not in held]
    return next((text for text in wanted if text in documented), documented[0])


def _other_case(text: str, documented: Sequence[str]) -> str:
    return next(form for form in (text.capitalize(), text.upper()) if form not in documented)
