"""Lists: https://docs.developers.clio.com/api-docs/paging."""

from __future__ import annotations

import json
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.testing.simulator import Regime

from .caller import caller, error

ORDERS = ["", "&order=id(asc)", "&order=id(desc)", "&order=display_number(asc)", "&order=client.name(desc)",
          "&order=close_date(asc)", "&order=clients(asc)", "&order=matter_stage.name(asc)"]  # fmt: skip


@given(
    count=st.integers(0, 40), limit=st.integers(1, 50), order=st.sampled_from(ORDERS),
    deleted=st.sets(st.integers(1, 40), max_size=8), added=st.integers(0, 5),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_a_walk_ends_and_covers_every_record_once(
    count: int, limit: int, order: str, deleted: set[int], added: int
) -> None:
    """For any limit and order, in both modes, with records deleted and added, no record is missing or doubled."""
    asks = caller(matters=count, contacts=10)
    for _ in range(added):
        asks.post("/matters.json", {"client": {"id": 1}, "description": "new"})
    gone = {number for number in deleted if number <= count + added}
    for number in gone:
        asks.simulator.delete("matters", number)
    pages = list(asks.pages(f"/matters.json?limit={limit}{order}"))
    ids = [record["id"] for page in pages for record in page]
    assert sorted(ids) == [number for number in range(1, count + added + 1) if number not in gone]
    assert all(len(page) == limit for page in pages[:-1])
    assert pages[-1] or pages == [[]]
    if order in {"", "&order=id(asc)"}:
        assert ids == sorted(ids)
    if order == "&order=id(desc)":
        assert ids == sorted(ids, reverse=True)


def test_a_cursor_walk_is_not_disturbed_by_writes() -> None:
    """Records that exist throughout are seen once, whatever is deleted or added between two pages."""
    asks = caller(matters=50)
    seen = []
    for page in asks.pages("/matters.json?limit=7"):
        seen += [record["id"] for record in page]
        if len(seen) == 14:
            asks.simulator.delete("matters", 3)
            asks.simulator.delete("matters", 15)
            asks.post("/matters.json", {"client": {"id": 1}, "description": "new"})
    assert seen == [*range(1, 15), *range(16, 52)]


def test_next_is_absolute_and_carries_every_parameter() -> None:
    """`next` repeats the query with a token, on the host and path that were asked."""
    asks = caller(matters=10)
    path = "/matters.json?limit=3&fields=id,client{id}&status=open,pending&ids[]=1&ids[]=2&ids[]=3&ids[]=4"
    response = asks.simulator.answer(asks.request("GET", path, origin="http://127.0.0.1:8080"))
    address = urlsplit(json.loads(response.body)["meta"]["paging"]["next"])
    assert ("http", "127.0.0.1:8080", "/api/v4/matters.json") == (address.scheme, address.netloc, address.path)
    query = parse_qs(address.query)
    assert query.pop("page_token")
    assert {
        "limit": ["3"],
        "fields": ["id,client{id}"],
        "status": ["open,pending"],
        "ids[]": ["1", "2", "3", "4"],
    } == query


def test_the_number_of_records_is_that_of_the_list() -> None:
    """`records` counts what the whole list has; on the last page there is no `next`."""
    asks = caller(matters=10)
    body = json.loads(asks.get("/matters.json").body)
    assert {"paging": {}, "records": 10} == body["meta"]
    assert 2 == json.loads(asks.get("/matters.json?ids[]=1&ids[]=9&ids[]=99").body)["meta"]["records"]


def test_a_total_that_would_cost_the_whole_firm_is_left_out() -> None:
    """A filter that has to look at every record of a large firm gives no total."""
    assert "records" not in json.loads(caller(matters=5_000).get("/matters.json?status=open&limit=1").body)["meta"]


@pytest.mark.parametrize("text", ["0", "201", "-1", "many", "٣", "1e2", "9" * 5_000, ""])
def test_a_limit_out_of_bounds_is_refused(text: str) -> None:
    """A limit is a number from 1 to 200."""
    assert (422, "ArgumentError") == error(caller().get(f"/matters.json?limit={text}"))[:2]


def test_users_come_in_larger_pages() -> None:
    """The limit of users is 2 000."""
    asks = caller(users=1_500)
    assert 1_500 == len(asks.data("/users.json"))
    assert (422, "ArgumentError") == error(asks.get("/users.json?limit=2001"))[:2]


def test_offset_mode_reads_forwards_and_back() -> None:
    """An offset gives the records from there on, a link to the next page and one back."""
    asks = caller(matters=10)
    body = json.loads(asks.get("/matters.json?limit=4&offset=4").body)
    assert [5, 6, 7, 8] == [record["id"] for record in body["data"]]
    for link, first in (("next", 9), ("previous", 1)):
        address = urlsplit(body["meta"]["paging"][link])
        assert first == asks.data(f"/matters.json?{address.query}")[0]["id"]


def test_offset_mode_ends_at_ten_thousand_records() -> None:
    """What lies beyond is 422 ArgumentError; a cursor goes on."""
    asks = caller(matters=10_300)
    assert 10_000 == asks.data("/matters.json?offset=9999&limit=1")[0]["id"]
    assert (422, "ArgumentError") == error(asks.get("/matters.json?offset=10000&limit=1"))[:2]
    pages = asks.pages("/matters.json?order=display_number(asc)")
    assert 10_000 == sum(len(page) for page in islice(pages, 50))
    with pytest.raises(KeyError, match="data"):
        next(pages)
    assert 10_300 == len(asks.walk("/matters.json?order=id(asc)"))


@pytest.mark.parametrize(
    "token", ["x", "aTIuMjFmYTE3OTRlYzZj", "%FF", "https://app.clio.com/api/v4/matters.json", "LjA", "w4k"]
)
def test_a_page_token_that_was_not_given_out_is_invalid(token: str) -> None:
    """A made-up token, or the link itself in its place, is refused."""
    assert (422, "ArgumentError", "An invalid argument was supplied: page_token is invalid") == error(
        caller().get(f"/matters.json?page_token={token}")
    )


def test_a_page_token_is_of_one_list() -> None:
    """The token of one resource is not one of another."""
    asks = caller()
    following = json.loads(asks.get("/matters.json?limit=1").body)["meta"]["paging"]["next"]
    assert 422 == asks.get(f"/contacts.json?{urlsplit(following).query}").status


@pytest.mark.parametrize("order", ["id", "nonsense(asc)", "id(up)", "id(asc),name(asc)"])
def test_an_unknown_order_is_refused(order: str) -> None:
    """An order is one that the list has."""
    assert (422, "ArgumentError") == error(caller().get(f"/matters.json?order={order}"))[:2]


def test_a_list_without_orders_ignores_one() -> None:
    """Where Clio declares no order, the parameter has no effect."""
    asks = caller()
    ids = [entry["id"] for entry in asks.data("/calendar_entries.json?order=id(desc)")]
    assert [str(number) for number in range(1, 101)] == ids
    assert ("order",) == asks.simulator.entries()[-1].ignored


@pytest.mark.parametrize("offset", ["x", "-1", "٣"])
def test_an_offset_is_a_number(offset: str) -> None:
    """Anything else is refused."""
    assert (422, "ArgumentError") == error(caller().get(f"/matters.json?offset={offset}"))[:2]


def test_regimes_of_paging() -> None:
    """Each answer to what is unknown about paging gives another list."""
    by_offset = caller(Regime(implicit_cursor=False), matters=30)
    assert [*range(1, 31)] == [record["id"] for record in by_offset.walk("/matters.json?limit=7")]
    assert 422 == caller(Regime(implicit_cursor=False), matters=10_500).get("/matters.json?offset=10000").status
    body = json.loads(caller(Regime(next_carries="offset")).get("/matters.json?offset=0&limit=5").body)
    assert "offset=5" in body["meta"]["paging"]["next"]
    assert "page_token" not in body["meta"]["paging"]["next"]
    for suffix, path in ((True, "/api/v4/matters.json"), (False, "/api/v4/matters")):
        body = json.loads(caller(Regime(next_suffix=suffix)).get("/matters?limit=5").body)
        assert path == urlsplit(body["meta"]["paging"]["next"]).path
    body = json.loads(caller(Regime(public_origin="https://clio.example")).get("/matters?limit=5").body)
    assert body["meta"]["paging"]["next"].startswith("https://clio.example/api/v4/matters?")
    assert 5 == json.loads(caller(Regime(records="page")).get("/matters?limit=5").body)["meta"]["records"]
    assert "records" not in json.loads(caller(Regime(records="absent")).get("/matters?limit=5").body)["meta"]
    clamped = caller(Regime(limit_overflow="clamp"), matters=300)
    assert [200, 1] == [len(clamped.data(f"/matters.json?limit={limit}")) for limit in (500, 0)]


def test_a_cursor_may_count_records() -> None:
    """Then a deletion between two pages hides a record, though a quiet walk is whole."""
    asks = caller(Regime(cursor_stable=False), matters=20)
    assert [*range(1, 21)] == [record["id"] for record in asks.walk("/matters.json?limit=7")]
    seen: list[int] = []
    for page in asks.pages("/matters.json?limit=7"):
        seen += [record["id"] for record in page]
        if len(seen) == 7:
            asks.simulator.delete("matters", 3)
    assert {8} == {*range(1, 21)} - {*seen}


@pytest.mark.parametrize("name", ["matter_stage.name", "statute_of_limitations.due_at", "client.name", "clients"])
def test_an_order_by_what_some_records_lack_holds_all_of_them(name: str) -> None:
    """Those without come first going up, and last going down; nobody is lost."""
    asks = caller(matters=30)
    asks.simulator.change("matters", 7, matter_stage=None)
    up = [row["id"] for row in asks.data(f"/matters.json?order={name}(asc)")]
    down = [row["id"] for row in asks.data(f"/matters.json?order={name}(desc)")]
    assert [*range(1, 31)] == sorted(up) == sorted(down)
