"""What a list is asked for: order, size of a page, pages ahead. Everything is checked before anything is sent."""

from __future__ import annotations

from enum import Enum
from typing import Any
from urllib.parse import parse_qsl

import pytest
from attrs import evolve

from clio_async.errors import InvalidArgument
from clio_async.models import registry
from clio_async.resources import lists

from .fake import FakeClio, page

LISTS = [
    (resource, action)
    for resource in registry.resource_names()
    for action, operation in registry.resource(resource).operations.items()
    if operation.many
]


class Order(Enum):
    """Orders, as a program may name them."""

    BY_ID = "id(asc)"
    NEWEST = "id(desc)"


def walk(name: str = "matters", action: str = "list", **arguments: Any) -> Any:
    return getattr(getattr(FakeClio(), name), action)(**arguments)._walk


@pytest.mark.parametrize(
    ("arguments", "mode"),
    [
        ({}, "cursor"),
        ({"order": "id(asc)"}, "cursor"),
        ({"extra_query": {"order": "id(asc)"}}, "cursor"),
        ({"order": "id(desc)"}, "offset"),
        ({"order": "client.name(asc)"}, "offset"),
        ({"extra_query": {"order": "new(asc)"}}, "offset"),
        ({"extra_query": {"offset": 0}}, "offset"),
        ({"order": "id(asc)", "extra_query": {"offset": 0}}, "offset"),
        ({"name": "currencies"}, "linked"),
        ({"name": "currencies", "extra_query": {"order": "id(asc)"}}, "linked"),
        ({"name": "currencies", "extra_query": {"offset": 0}}, "offset"),
        ({"name": "report_presets"}, "linked"),
        ({"name": "folders", "action": "list_items"}, "cursor"),
        ({"name": "folders", "action": "list_items", "order": "name(asc)"}, "linked"),
        ({"name": "billable_matters", "action": "ids"}, "linked"),
        ({"order": "ID(asc)"}, "cursor"),
        ({"order": Order.BY_ID}, "cursor"),
        ({"order": Order.NEWEST}, "offset"),
        ({"order": "unheard_of(asc)"}, "offset"),
        ({"extra_query": {"order": ["id(asc)"]}}, "cursor"),
        ({"extra_query": {"order": Order.BY_ID}}, "cursor"),
        ({"extra_query": {"order": "ID(asc)"}}, "offset"),
    ],
)
def test_how_a_list_is_paged_follows_from_its_arguments(arguments: dict[str, Any], mode: str) -> None:
    """By cursor only in the order of ids and without an offset; a list without an order does not say."""
    assert mode == walk(**arguments).mode


@pytest.mark.parametrize("order", ["id(asc)", "ID(asc)", Order.BY_ID, "unheard_of(asc)"])
def test_the_order_on_the_wire_decides(order: Any) -> None:
    """However it was written; one that is not documented goes out as it is."""
    made = walk(order=order)
    sent = dict(parse_qsl(made.query))["order"]
    assert ("cursor" if sent == "id(asc)" else "offset") == made.mode
    assert "unheard_of(asc)" == order or "id(asc)" == sent


async def test_a_list_in_the_order_of_ids_has_no_ceiling_however_that_is_written() -> None:
    """Clio takes it by cursor, so what it says of its length is no reason to stop."""
    for order in ("ID(asc)", Order.BY_ID):
        first = page(1, link="https://app.clio.com/api/v4/matters.json?page_token=b")
        first["meta"]["records"] = 30_000
        assert 2 == len(await FakeClio(first, page(2)).matters.list(order=order, fields="id").collect())  # type: ignore[arg-type]


def test_a_page_token_is_no_argument() -> None:
    """A walk would not know where it is: there is `resume=`."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="resume="):
        clio.matters.list(extra_query={"page_token": "b"})
    assert [] == clio.calls


@pytest.mark.parametrize(("resource", "action"), LISTS)
def test_every_list_has_its_own_largest_page(resource: str, action: str) -> None:
    """200 for most, 2000 for users, 25 for billable clients; the default is 200 where that is allowed."""
    operation = registry.resource(resource).operations[action]
    most = operation.max_limit
    assert min(most, 200) == lists._limit(operation, None)
    assert [1, most] == [lists._limit(operation, size) for size in (1, most)]
    for wrong in (0, -1, most + 1, True, 1.0, "5"):
        with pytest.raises(InvalidArgument, match=f"1 to {most}"):
            lists._limit(operation, wrong)  # type: ignore[arg-type]


def test_the_known_exceptions() -> None:
    """The sizes that differ, by the document."""
    known = {(name, action): registry.resource(name).operations[action].max_limit for name, action in LISTS}
    assert {
        ("users", "list"): 2000,
        ("billable_matters", "list"): 1000,
        ("billable_matters", "ids"): 1000,
        ("jurisdiction_triggers", "list"): 1000,
        ("billable_clients", "list"): 25,
    } == {one: most for one, most in known.items() if most != 200}


@pytest.mark.parametrize("wrong", [-1, 2, True, False, 1.0, "1", None])
def test_at_most_one_page_is_read_ahead(wrong: Any) -> None:
    """0 or 1."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="prefetch is 0"):
        clio.matters.list(prefetch=wrong)
    assert [0, 1] == [walk(prefetch=ahead).prefetch for ahead in (0, 1)]


@pytest.mark.parametrize("wrong", [5, "offset=5", [("offset", 5)]])
def test_what_is_no_mapping_is_no_query(wrong: Any) -> None:
    """A typed error, whatever it is."""
    with pytest.raises(InvalidArgument, match="extra_query is a mapping"):
        FakeClio().matters.list(extra_query=wrong)


def test_a_resume_token_is_text() -> None:
    """Anything else is refused before anything is sent."""
    for wrong in (5, b"abc", ["x"], ""):
        with pytest.raises(InvalidArgument, match="resume"):
            FakeClio().matters.list(resume=wrong)  # type: ignore[arg-type]


async def test_a_list_without_a_size_is_asked_for_without_one() -> None:
    """As the document has it."""
    operation = registry.resource("matters").operations["list"]
    clio = FakeClio(page(1))
    bare = evolve(operation, max_limit=0)
    pages = lists.pages(clio, bare, lists.listed(bare, "id", strict=False), (), None, None, 0, {}, None)
    assert 1 == len(await pages.collect())
    assert "limit" not in clio.calls[0].parameters
