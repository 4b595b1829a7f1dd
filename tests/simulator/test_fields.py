"""The `fields` parameter: https://docs.developers.clio.com/api-docs/fields."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.models import registry

from .caller import caller, error


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/matters/1.json", ["id", "etag", "display_number"]),
        ("/matters/1", ["id", "etag", "display_number"]),
        ("/users/1.json", ["id", "etag", "name"]),
        ("/users/who_am_i.json", ["id", "etag", "name"]),
        ("/contacts/1.json", ["id", "etag"]),
        ("/tasks/1.json?fields=", ["id", "etag"]),
    ],
)
def test_defaults(path: str, names: list[str]) -> None:
    """Without `fields` there are id and etag, and one more for matters and users; `.json` does not matter."""
    assert names == list(caller().data(path))


def test_an_association_without_braces_has_its_own_defaults() -> None:
    """A client shows id and etag, a matter its number as well."""
    asks = caller()
    assert ["id", "etag"] == list(asks.data("/matters/1.json?fields=client")["client"])
    assert ["id", "etag", "display_number"] == list(asks.data("/tasks/1.json?fields=matter")["matter"])


def test_an_association_of_an_association_may_be_named() -> None:
    """At the second level a name gives defaults."""
    data = caller().data("/tasks/1.json?fields=matter{id,client}")
    assert ["id", "etag"] == list(data["matter"]["client"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("id,nonsense", "nonsense is not a valid field"),
        ("client{nonsense}", "nonsense is not a valid field"),
        ("client{id,company{name}}", "name} is not a valid field"),
        ("description{id}", "description is not a valid field"),
        ("client{id", "client{id is not a valid field"),
        ("client}id{", "client}id{ is not a valid field"),
        ("client{id}x", "client{id}x is not a valid field"),
        ("id,,etag", "(nothing) is not a valid field"),
        ("client{}", "(nothing) is not a valid field"),
        ("*", "* is not a valid field"),
    ],
)
def test_what_clio_does_not_take_is_invalid(fields: str, said: str) -> None:
    """Unknown names and braces at the wrong place are 400 InvalidFields, in lists and writes as well."""
    asks = caller()
    expected = (400, "InvalidFields", said)
    assert expected == error(asks.get(f"/matters/1.json?fields={quote(fields)}"))
    assert expected == error(asks.get(f"/matters.json?fields={quote(fields)}"))
    assert expected == error(asks.patch(f"/matters/1.json?fields={quote(fields)}", {"description": "x"}))
    assert "x" != asks.data("/matters/1.json?fields=description")["description"]


MATTER = registry.schema("Matter")
NAMES = st.lists(st.sampled_from(sorted(MATTER.fields)), min_size=1, max_size=6, unique=True)


@given(names=NAMES, encoded=st.booleans())
@settings(max_examples=50, deadline=None)
def test_a_selection_gives_what_it_names(names: list[str], encoded: bool) -> None:
    """Exactly the selected fields come back, in order, with commas encoded or not."""
    text = ",".join(names)
    assert names == list(caller().data(f"/matters/7.json?fields={quote(text) if encoded else text}"))


def test_redacted_can_always_be_asked_for() -> None:
    """`redacted` stands in no schema, is accepted everywhere, and appears on redacted records alone."""
    assert ["id"] == list(caller().data("/matters/1.json?fields=id,redacted"))
    assert {"id"} == set(caller().data("/matters/1.json?fields=client{id,redacted}")["client"])
