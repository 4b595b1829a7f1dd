"""What webhooks send and watch, however that is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.hook_forms import differs, form_of, names_of
from clio_async.protocol.subscriptions import Wanted


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", set()),
        ("id", {"id"}),
        (" id , etag,", {"id", "etag"}),
        ("id,client{id,name},etag", {"id", "client", "client/id", "client/name", "etag"}),
        ("a{b{c},d}", {"a", "a/b", "a/b/c", "a/d"}),
        ("a}b{", {"a", "b"}),
    ],
)
def test_names_stand_with_those_that_lead_to_them(fields: str, expected: set[str]) -> None:
    """The name of a client is not that of the matter."""
    assert expected == names_of(fields)


@given(st.permutations(["id", "etag", "client{name,id}", "status"]), st.permutations(["created", "updated"]))
def test_the_order_does_not_matter(fields: list[str], events: list[str]) -> None:
    """Law: the same names in another order are the same."""
    wanted = Wanted("https://x.test/", "matter", frozenset(events), "id,etag,client{id,name},status")
    assert form_of(["updated", "created"], wanted.fields) == form_of(events, ",".join(fields))
    assert not differs(wanted, events, ",".join(fields))
    assert differs(wanted, events, ",".join(fields[1:]))
    assert differs(wanted, events[1:], ",".join(fields))
