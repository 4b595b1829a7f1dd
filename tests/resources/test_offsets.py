"""Lists in an order of their own: Clio counts offsets, repeats what has moved, and ends at 10 000 (F57)."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from clio_async.errors import InvalidArgument, OffsetLimit, OffsetLimitWarning, UnprocessableEntity
from clio_async.pages import Pages
from clio_async.protocol.walks import BARREN

from .fake import Call, FakeClio, page

MATTERS = "https://app.clio.com/api/v4/matters.json"
ORDER = "display_number(asc)"


def link(token: object, name: str = "page_token", path: str = MATTERS) -> str:
    return f"{path}?{name}={token}"


class Long(FakeClio):
    """A list of some length, of which it says `told`; its links carry a token or the offset."""

    def __init__(self, length: int, told: int | None = None, carries: str = "page_token") -> None:
        super().__init__()
        self.length = length
        self.told = told
        self.carries = carries
        self.refuses = False

    def _answer(self) -> bytes:
        asked = self.calls[-1].parameters
        start, size = int(asked.get("page_token", asked.get("offset", 0))), int(asked.get("limit", 200))
        if self.refuses and start + size > 10_000:
            raise UnprocessableEntity("beyond 10000 records", status=422)
        ids = range(start + 1, min(start + size, self.length) + 1)
        path = f"https://app.clio.com/api/v4{self.calls[-1].path}"
        following = link(start + size, self.carries, path) if start + size < self.length else None
        body = page(*ids, link=following)
        body["meta"]["records"] = self.told
        self.answers = [body]
        return super()._answer()


@contextmanager
def quiet() -> Generator[None]:
    """No warning is given: where warnings are errors, one would only be logged."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        yield
    assert [] == given


async def rest(walk: AsyncIterator[list[Any]], into: list[Any]) -> None:
    async for found in walk:
        into += found


async def test_records_that_come_again_are_given_once() -> None:
    """What was pushed to a later page, or is updated and moves, comes once; order within the list is Clio's."""
    clio = FakeClio(page(9, 4, link=link("b")), page(4, 7, link=link("c")), page(9, 1))
    assert [[9, 4], [7], [1]] == [[one.id for one in p] async for p in clio.matters.list(order=ORDER).by_page()]


async def test_a_page_of_repetitions_is_passed_over() -> None:
    """As many new records as a page has were put in front of it; that is no circle until it goes on and on."""
    pages = [page(1, 2, link=link("x")), *[page(1, 2, link=link(n)) for n in range(BARREN - 1)], page(3)]
    assert [1, 2, 3] == [one.id for one in await FakeClio(*pages).matters.list(order=ORDER).collect()]


@pytest.mark.parametrize("carries", ["page_token", "offset"])
async def test_a_list_of_ten_thousand_is_walked_to_its_end(carries: str) -> None:
    """Nobody is warned."""
    clio = Long(10_000, told=10_000, carries=carries)
    with quiet():
        assert 10_000 == len(await clio.matters.list(fields="id", order=ORDER).collect())
    assert 50 == len(clio.calls)


@pytest.mark.parametrize(
    "arguments", [{"order": ORDER}, {"extra_query": {"offset": 0}}, {"prefetch": 1, "order": ORDER}]
)
async def test_a_longer_list_costs_a_collection_one_request(arguments: dict[str, Any]) -> None:
    """Where Clio says how long it is."""
    clio = Long(10_001, told=10_001)
    pages = clio.matters.list(fields="id", **arguments)
    with pytest.raises(OffsetLimit, match=r"10001 records.*Leave out order= and offset") as caught:
        await pages.collect()
    assert 1 == len(clio.calls)
    assert caught.value.resume_token is None
    assert 10_001 == pages.total


async def test_a_walk_is_told_at_the_first_page_and_gets_what_there_is() -> None:
    """Once; and the request that Clio would refuse is not sent."""
    clio = Long(10_300, told=10_300)
    pages = clio.matters.list(fields="id", order=ORDER)
    walk = pages.by_page()
    with pytest.warns(OffsetLimitWarning, match="10300 records") as told:
        seen = await anext(walk)
    assert 1 == len(told)
    with quiet(), pytest.raises(OffsetLimit, match="first 10000 only") as caught:
        await rest(walk, seen)
    assert [*range(1, 10_001)] == [one.id for one in seen]
    assert 50 == len(clio.calls)
    assert caught.value.resume_token is None
    with pytest.raises(OffsetLimit):  # a walk that is resumed there knows as much
        await clio.matters.list(fields="id", order=ORDER, resume=pages.resume_token).collect()
    assert 50 == len(clio.calls)


@pytest.mark.parametrize("carries", ["page_token", "offset"])
@pytest.mark.parametrize("prefetch", [0, 1])
async def test_without_a_total_a_walk_counts(carries: str, prefetch: int) -> None:
    """It is not told before, but the refused request is not sent either."""
    clio = Long(10_001, carries=carries)
    pages = clio.matters.list(fields="id", order=ORDER, prefetch=prefetch)
    with quiet(), pytest.raises(OffsetLimit, match="goes on"):
        await pages.collect()
    assert 50 == len(clio.calls)


async def test_pages_that_do_not_fit_into_ten_thousand_end_before() -> None:
    """66 pages of 150; what they reach is what is compared with the length of the list."""
    clio = Long(9_950, told=9_950)
    with pytest.warns(OffsetLimitWarning):
        await anext(clio.matters.list(fields="id", order=ORDER, limit=150).by_page())
    with quiet():
        assert 9_900 == len(await Long(9_900, told=9_900).matters.list(fields="id", order=ORDER, limit=150).collect())


@pytest.mark.parametrize("offset", [9_900, "9900"])
async def test_an_offset_counts(offset: object) -> None:
    """Where a caller begins behind the first record, what Clio would refuse is refused before anything is sent."""
    clio = Long(20_000, told=20_000)
    pages: Pages[Any] = clio.matters.list(fields="id", extra_query={"offset": offset})
    with pytest.raises(OffsetLimit):
        await pages.collect()
    assert [] == clio.calls
    first = await pages.first()
    assert (1, "1", "9900") == (len(clio.calls), clio.calls[0].parameters["limit"], clio.calls[0].parameters["offset"])
    assert first is not None
    assert 9_901 == first.id
    with pytest.raises(OffsetLimit):
        await clio.matters.list(extra_query={"offset": 10_000}).first()
    assert 1 == len(clio.calls)


async def test_by_cursor_a_list_has_no_end() -> None:
    """The control: neither a warning nor an error, whatever it says of its length."""
    clio = Long(10_400, told=10_400)
    with quiet():
        assert 10_400 == len(await clio.matters.list(fields="id").collect())


async def test_a_list_without_an_order_is_read_on_until_it_is_refused() -> None:
    """Nobody knows how Clio pages it: by cursor it goes on, by offset the refusal is told for what it is."""
    clio = Long(10_300, told=10_300)
    with quiet():
        assert 10_300 == len(await clio.activity_descriptions.list(fields="id").collect())
    clio = Long(10_300, told=10_300)
    clio.refuses = True
    with quiet(), pytest.raises(OffsetLimit, match=r"goes on.*Narrow it") as caught:
        await clio.activity_descriptions.list(fields="id").collect()
    assert isinstance(caught.value.__cause__, UnprocessableEntity)
    assert 51 == len(clio.calls)


async def test_a_list_without_an_order_whose_links_count_is_by_offset() -> None:
    """Its first link says so."""
    clio = Long(10_300, told=10_300, carries="offset")
    with quiet(), pytest.raises(OffsetLimit, match="10300"):
        await clio.activity_descriptions.list(fields="id").collect()
    assert 1 == len(clio.calls)


async def test_another_refusal_is_what_it_is() -> None:
    """A filter that Clio does not take has nothing to do with the length of a list."""
    clio = FakeClio(UnprocessableEntity("no such calendar", status=422), UnprocessableEntity("no", status=422))
    for pages in (clio.activity_descriptions.list(), clio.matters.list(order=ORDER)):
        with pytest.raises(UnprocessableEntity):
            await pages.collect()
    by_cursor = Long(10_300)
    by_cursor.refuses = True  # for whatever reason: there is no ceiling
    with pytest.raises(UnprocessableEntity):
        await by_cursor.matters.list(fields="id").collect()


def test_a_list_that_takes_no_offset_is_not_sent_one() -> None:
    """It would be answered with 400."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match=r"folders\.list_items takes no offset"):
        clio.folders.list_items(extra_query={"offset": 5})
    assert [] == clio.calls


async def test_a_list_that_takes_no_offset_has_no_ceiling() -> None:
    """Whatever its order."""
    clio = Long(10_200, told=10_200)
    with quiet():
        assert 10_200 == len(await clio.folders.list_items(fields="id", order="name(asc)").collect())


def sizes(calls: list[Call]) -> list[list[str]]:
    return [[value for name, value in call.pairs if name == "limit"] for call in calls]


async def test_a_page_may_be_larger_than_this_package_knows() -> None:
    """What extra_query says of it is sent once, and counts."""
    clio = Long(10_500)
    with quiet(), pytest.raises(OffsetLimit):
        await clio.matters.list(fields="id", order=ORDER, extra_query={"limit": 4_000}).collect()
    assert [["4000"]] * 2 == sizes(clio.calls)
    await clio.matters.list(fields="id", extra_query={"limit": 4_000}).first()
    assert ["1"] == sizes(clio.calls)[-1]
