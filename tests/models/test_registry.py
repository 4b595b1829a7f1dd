"""The registry knows every operation, path, schema and filter of the document."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from clio_async.errors import InvalidArgument
from clio_async.models import registry

OPERATIONS = [
    operation for name in registry.resource_names() for operation in registry.resource(name).operations.values()
]


def test_the_whole_document_is_there() -> None:
    """282 operations and the one that the document lacks, each with an id of its own."""
    assert 283 == len(OPERATIONS) == len({operation.id for operation in OPERATIONS})
    assert {"GET": 142, "POST": 49, "PATCH": 47, "DELETE": 44, "PUT": 1} == Counter(
        found.method for found in OPERATIONS
    )
    assert (272, 58, 48) == tuple(
        sum(getattr(found, flag) for found in OPERATIONS) for flag in ("versioned", "conditional", "if_match")
    )


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_every_path_is_found_again(suffix: str) -> None:
    """A request is matched with its operation and its placeholders, with and without ``.json``."""
    for operation in OPERATIONS:
        names = re.findall(r"\{(\w+)\}", operation.path)
        values = {name: str(number) for number, name in enumerate(names, 11)}
        path = operation.path.format(**values).removesuffix(".json") + suffix
        resource, found, parameters = registry.match(operation.method, path) or (None, None, None)
        assert (registry.resource(operation.resource), operation, values) == (resource, found, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nonsense"), ("PUT", "/matters/1"), ("GET", "matters"), ("GET", ""), ("GET", "/matters/1/2/3/4/5/6/7")],
)
def test_what_is_no_operation_matches_nothing(method: str, path: str) -> None:
    """Other servers and new endpoints are no errors here."""
    assert registry.match(method, path) is None


def test_a_literal_segment_wins_over_a_placeholder() -> None:
    """`/users/who_am_i` is not the user of that id."""
    found = registry.match("GET", "/users/who_am_i.json")
    assert found is not None
    assert "User#who_am_i" == found[1].id


def test_unknown_names_are_refused() -> None:
    """A resource or schema that does not exist is an invalid argument."""
    with pytest.raises(InvalidArgument):
        registry.resource("mattters")
    with pytest.raises(InvalidArgument):
        registry.schema("Mattter")


def test_what_clio_answers_by_default() -> None:
    """See https://docs.developers.clio.com/api-docs/fields."""
    assert ("id", "etag", "display_number") == registry.defaults("matters")
    assert ("id", "etag", "name") == registry.defaults("users")
    assert ("id",) == registry.defaults("billable_matters")


def test_a_schema_belongs_to_its_collections() -> None:
    """One for most, several for what may be a contact or a user, none for what is only ever nested."""
    assert ("/users",) == registry.collections_of("User_base")
    assert ("/contacts",) == registry.collections_of("Client")
    assert ("/contacts", "/users") == tuple(sorted(registry.collections_of("Participant")))
    assert () == registry.collections_of("Address_base")


def test_what_the_document_gets_wrong_is_corrected() -> None:
    """The overlay's corrections arrive in the registry."""
    matters = registry.resource("matters").operations["list"]
    assert (True, True, "open_date[]", ()) == (
        matters.filters["open_date"].comparison,
        matters.filters["open_date"].many,
        matters.filters["open_date"].wire,
        matters.filters["open_date"].enum,
    )
    assert matters.filters["status"].comma
    assert matters.filters["grant_id"].nullable
    assert not matters.filters["client_id"].nullable
    assert "from_" in registry.resource("calendar_entries").operations["list"].filters
    assert "date" == registry.resource("activities").operations["list"].filters["start_date"].kind
    assert "ids" == registry.resource("billable_matters").operations["ids"].answer
    assert registry.resource("billable_matters").operations["ids"].many
    assert 2000 == registry.resource("users").operations["list"].max_limit
    assert not registry.resource("contacts").operations["create"].attributes["name"].required
    assert "json" == registry.schema("CustomFieldValue").fields["value"].kind
    assert ("not_started", "in_progress", "failed", "completed") == (
        registry.resource("matter_dockets").operations["list"].filters["status"].enum
    )


def test_fields_are_own_or_associations() -> None:
    """An attribute that the document declares twice is the association it is in answers."""
    matter = registry.schema("Matter")
    assert {*matter.own} | {*matter.associations} == {*matter.fields}
    assert "Currency_base" == matter.associations["currency"].schema
    assert matter.fields["has_tasks"].derived
    assert not matter.fields["status"].derived


def test_a_delete_may_be_a_state_machine() -> None:
    """Deleting a bill twice is two acts; deleting a matter twice is one."""
    assert registry.is_state_machine(registry.resource("bills").operations["delete"])
    assert not registry.is_state_machine(registry.resource("matters").operations["delete"])


def test_what_belongs_together_is_told_of_a_record_and_of_its_own_attributes() -> None:
    """A group is found by either name of the schema; most records have none."""
    together = frozenset({"status", "open_date", "pending_date", "close_date"})
    assert together in registry.atoms("Matter")
    assert registry.atoms("Matter") == registry.atoms("Matter_base")
    assert () == registry.atoms("Group")


def test_rates_and_states_of_bills_are_told() -> None:
    """By either name of the schema; most records have none."""
    assert {"custom_rate"} == registry.never_merged("Matter") == registry.never_merged("Matter_base")
    assert "state" in registry.never_merged("Bill")
    assert frozenset() == registry.never_merged("Group")


def test_what_a_write_may_say_is_told() -> None:
    """Null that is refused or goes by the id, units of time, and what Clio may leave as it was."""
    matter = registry.resource("matters").operations["update"].attributes
    assert ("never", "by_id") == (matter["responsible_attorney"].null, matter["practice_area"].null)
    quantity = registry.resource("line_items").operations["update"].attributes["quantity"]
    assert ("hours", True) == (quantity.unit, quantity.may_be_ignored)
    description = matter["description"]
    assert ("", "", False) == (description.null, description.unit, description.may_be_ignored)
