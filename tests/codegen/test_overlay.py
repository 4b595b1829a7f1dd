"""The overlay: every entry names something of the current document, and still corrects it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain

import pytest

from clio_async._codegen import overlay
from clio_async._codegen.corrections import AS_WRITTEN
from clio_async._codegen.document import Api, plain, read
from clio_async.models import derived
from clio_async.models.schema import Attribute, Field, Filter, Operation

from .documents import CURRENT, parsed


@pytest.fixture(scope="module")
def written() -> Api:
    """What the document says."""
    return read(parsed(CURRENT), AS_WRITTEN)


@pytest.fixture(scope="module")
def corrected() -> Api:
    return read(parsed(CURRENT))


def operations(api: Api) -> dict[str, Operation]:
    return {found.id: found for resource in api.resources.values() for found in resource.operations.values()}


def fields(api: Api) -> dict[str, Field]:
    """Return the own attributes, which alone the overlay corrects, by their places."""
    return {
        f"{plain(schema.name)}.{name}": found for schema in api.schemas.values() for name, found in schema.own.items()
    }


def filters(api: Api) -> dict[str, Filter]:
    return {f"{one.id}.{name}": found for one in operations(api).values() for name, found in one.filters.items()}


def attributes(api: Api) -> dict[str, Attribute]:
    return dict(chain.from_iterable(inside(one.id, one.attributes) for one in operations(api).values()))


def inside(place: str, found: Mapping[str, Attribute]) -> Iterator[tuple[str, Attribute]]:
    for name, attribute in found.items():
        yield f"{place}.{name}", attribute
        yield from inside(f"{place}.{name}", attribute.attributes)


def idle(patterns: Iterable[str], places: Iterable[str]) -> list[str]:
    """Return the patterns that match none of the places."""
    places = [*places]
    return [pattern for pattern in patterns if not any(fnmatchcase(place, pattern) for place in places)]


def test_every_table_is_looked_at_here() -> None:
    """A table that is added to the overlay needs a test of its own: this list is what the others cover."""
    assert {
        *("RESOURCE_NAMES", "ACTIONS", "OPERATION_ACTIONS", "HAND_WRITTEN", "BY_HAND", "VERBS", "RECORD_NAMES"),
        *("KINDS", "ENUMS", "UNITS", "NEVER_NULL", "MAYBE_NULL", "DERIVED", "NOT_DERIVED", "READ_IN_FULL", "DEFAULTS"),
        *("ATOMS", "PROPERTIES", "KIND_ALIASES", "COLLECTIONS", "ANSWERS", "DROPPED_PARAMETERS", "FILTER_KINDS"),
        *("COMPARISONS", "COMMA_LISTS", "WITHOUT_OFFSET", "REQUIRED", "NOT_REQUIRED", "NEVER_CLEARED"),
        *("UNITS_OF_WRITES", "MAY_BE_IGNORED", "BODY_KINDS", "EXTRA_OPERATIONS", "STATE_MACHINE_DELETES"),
        "NEVER_MERGED",
    } == {name for name in vars(overlay) if name.isupper()}


def test_names_are_of_what_there_is(corrected: Api) -> None:
    """Paths, actions, operations, resources and schemas that are named exist."""
    known = operations(corrected)
    assert {*overlay.RESOURCE_NAMES} <= {found.path for found in corrected.resources.values()}
    assert {*overlay.RESOURCE_NAMES.values(), *overlay.HAND_WRITTEN} <= {*corrected.resources}
    assert {*overlay.ACTIONS} <= {found.partition("#")[2] for found in known}
    named = {*overlay.OPERATION_ACTIONS, *overlay.ANSWERS, *overlay.DROPPED_PARAMETERS, *overlay.WITHOUT_OFFSET}
    assert named | {*overlay.BY_HAND, *overlay.STATE_MACHINE_DELETES} <= {*known}
    assert {*overlay.VERBS} <= {*known, *(found.action for found in known.values())}
    schemas = {plain(name) for name in corrected.schemas}
    assert {*overlay.RECORD_NAMES, *overlay.READ_IN_FULL, *overlay.DEFAULTS, *overlay.ATOMS} <= schemas
    assert {*overlay.PROPERTIES, *overlay.COLLECTIONS, *overlay.KIND_ALIASES.values()} <= schemas
    paths = {found.path for found in corrected.resources.values()}
    assert {*overlay.COLLECTIONS.values()} <= paths
    kinds = {value for place, found in fields(corrected).items() if place.endswith(".type") for value in found.enum}
    assert {*overlay.KIND_ALIASES} <= kinds


def test_every_pattern_matches(written: Api, corrected: Api) -> None:
    """A misspelt pattern would correct nothing, silently."""
    known = fields(written)
    for table in (overlay.KINDS, overlay.UNITS, overlay.NEVER_NULL, overlay.DERIVED):
        assert [] == idle(table, known)
    assert [] == idle(overlay.MAYBE_NULL, [place for place in known if not idle_all(overlay.NEVER_NULL, place)])
    assert [] == idle(overlay.NOT_DERIVED, [place for place in known if not idle_all(overlay.DERIVED, place)])
    asked = filters(written)
    for table in (overlay.FILTER_KINDS, overlay.COMPARISONS, overlay.COMMA_LISTS):
        assert [] == idle(table, asked)
    sent = attributes(written)
    for table in (overlay.NEVER_CLEARED, overlay.UNITS_OF_WRITES, overlay.MAY_BE_IGNORED, overlay.BODY_KINDS):
        assert [] == idle(table, sent)
    assert [] == idle(overlay.ENUMS, [*known, *asked, *sent])


def idle_all(patterns: Iterable[str], place: str) -> bool:
    return len(idle(patterns, [place])) == len([*patterns])


def test_what_is_required_is_required_by_the_document(written: Api) -> None:
    """The overlay confirms what the document requires; it requires nothing of its own, and takes back what it has."""
    needed = [place for place, found in (filters(written) | attributes(written)).items() if found.required]
    assert [] == idle(overlay.REQUIRED, needed)
    confirmed = [place for place in needed if not idle_all(overlay.REQUIRED, place)]
    assert [] == idle(overlay.NOT_REQUIRED, confirmed)


def test_every_correction_still_corrects(written: Api, corrected: Api) -> None:
    """When Clio mends its document, the entry has done its work, and goes."""
    for table, before, after in (
        (overlay.KINDS, fields(written), fields(corrected)),
        (overlay.FILTER_KINDS, filters(written), filters(corrected)),
        (overlay.BODY_KINDS, attributes(written), attributes(corrected)),
    ):
        changed = [place for place, found in before.items() if place in after and found.kind != after[place].kind]
        assert [] == idle(table, changed)
    before, after = (fields(api) | filters(api) | attributes(api) for api in (written, corrected))
    assert [] == idle(
        overlay.ENUMS, [place for place in before if place in after and before[place].enum != after[place].enum]
    )
    said = operations(written)
    assert {} == {name: found for name, found in overlay.ANSWERS.items() if said[name].answer == found}
    assert [] == [found["id"] for found in overlay.EXTRA_OPERATIONS if found["id"] in said]
    for name, parameters in overlay.DROPPED_PARAMETERS.items():
        assert {*parameters} <= {found.wire for found in said[name].filters.values()}


def test_groups_are_of_attributes_that_somebody_can_change(corrected: Api) -> None:
    """Each group has two or more attributes of the record or its update, one of them to be written; none has two."""
    for name, groups in overlay.ATOMS.items():
        schema = corrected.schemas.get(name) or corrected.schemas[f"{name}_base"]
        updates = [
            found for found in operations(corrected).values() if found.action == "update" and found.schema == name
        ]
        writable = {key for found in updates for key in found.attributes}
        assert [] == [key for group in groups for key in group if key not in schema.fields and key not in writable]
        assert all(len(group) > 1 and writable.intersection(group) for group in groups), name
        every = [key for group in groups for key in group]
        assert len(every) == len({*every})


def test_rates_states_and_spans_are_groups() -> None:
    """Start and end, quantity and price, status and its date, what a bill comes to: nobody merges halves of them."""

    def together(schema: str, *names: str) -> bool:
        return any({*names} <= {*group} for group in overlay.ATOMS[schema])

    assert together("CalendarEntry", "start_at", "end_at", "all_day")
    assert together("Activity", "quantity", "price")
    assert together("LineItem", "quantity", "price", "discount")
    assert together("Task", "status", "completed_at")
    assert together("Matter", "status", "open_date", "pending_date", "close_date")
    assert together("Bill", "state", "issued_at", "discount", "tax_rate", "total")
    assert together("ActivityRate", "rate", "flat_rate")
    assert together("Matter", "custom_rate", "billing_method")


def test_whatever_is_charged_is_never_merged(corrected: Api) -> None:
    """Each rate, price and discount that an update takes, and the state of a bill, and nothing else."""
    charged = re.compile(r"rate|price|discount|interest")
    written: dict[str, set[str]] = {}
    for found in operations(corrected).values():
        if found.action == "update" and found.schema is not None:
            names = {name for name in found.attributes if charged.search(name)}
            written |= {found.schema: names} if names else {}
    written["Bill"].add("state")
    assert written == {name: {*names} for name, names in overlay.NEVER_MERGED.items()}


def test_properties_are_functions_of_records(corrected: Api) -> None:
    """What a property calls exists, and hides no field."""
    for name, found in overlay.PROPERTIES.items():
        for attribute, _, function, docstring in found:
            assert function in derived.__all__
            assert attribute not in corrected.schemas[name].fields
            assert docstring.endswith(".")
