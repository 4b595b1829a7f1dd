"""Lists are walked page by page, to the end, once, and nowhere else (F55 to F58)."""

from __future__ import annotations

import contextlib
from typing import Any

import anyio
import pytest
from attrs import frozen

from clio_async.errors import (
    InvalidArgument,
    PaginationError,
    PaginationLoop,
    SchemaError,
    ServerError,
    UntrustedLink,
    UsageError,
)
from clio_async.pages import Pages
from clio_async.protocol.walks import BARREN
from tests.links import ELSEWHERE

from .fake import FakeClio, page

BASE = "https://app.clio.com/api/v4"
MATTERS = f"{BASE}/matters.json"


def link(token: str) -> str:
    return f"{MATTERS}?page_token={token}&limit=200"


async def drain(pages: Pages[Any], into: list[int]) -> None:
    """Note the ids of what a walk gives, as far as it gets."""
    async for record in pages:
        into.append(record.id)


def three_pages() -> list[Any]:
    return [page(1, 2, link=link("b")), page(3, 4, link=link("c")), page(5)]


async def test_a_list_is_walked_to_its_end() -> None:
    """Every record once, in order; the pages are asked for one after the other."""
    clio = FakeClio(*three_pages())
    assert [1, 2, 3, 4, 5] == [matter.id async for matter in clio.matters.list(fields="id")]
    assert [None, "b", "c"] == [call.parameters.get("page_token") for call in clio.calls]


async def test_nothing_is_asked_for_before_it_is_needed() -> None:
    """Making a list costs nothing, and the second page waits for the first to be used up."""
    clio = FakeClio(*three_pages())
    pages = clio.matters.list(fields="id")
    assert "<Pages of /matters.json>" == repr(pages)
    assert [] == clio.calls
    walk = aiter(pages)
    assert [1, 2] == [(await anext(walk)).id, (await anext(walk)).id]
    assert 1 == len(clio.calls)


async def test_by_page_and_collect_and_first() -> None:
    """Page by page, all at once, or one record: `first` asks for one only."""
    clio = FakeClio(*three_pages(), *three_pages(), page(1, link=link("b")), page())
    pages = clio.matters.list(fields="id", limit=50)
    assert [2, 2, 1] == [len(found) async for found in pages.by_page()]
    assert 5 == len(await pages.collect())
    first = await pages.first()
    assert first is not None
    assert 1 == first.id
    assert await pages.first() is None
    assert ["50", "1"] == [clio.calls[0].parameters["limit"], clio.calls[-1].parameters["limit"]]


async def test_the_first_record_may_be_on_a_later_page() -> None:
    """Filters may leave nothing of the first one; then the list is walked until there is one, or none at all."""
    clio = FakeClio(page(link=link("b")), page(link=link("c")), page(7, link=link("d")), page(link=link("b")), page())
    pages = clio.matters.list(fields="id", prefetch=1)
    token = pages.resume_token
    first = await pages.first()
    assert first is not None
    assert 7 == first.id
    assert ["1", "200", "200"] == [call.parameters["limit"] for call in clio.calls]
    assert await FakeClio(page(link=link("b")), page()).matters.list().first() is None
    assert token == pages.resume_token  # no walk of the caller's


async def test_the_first_record_of_a_resumed_walk_is_where_it_resumes() -> None:
    """Not that of the list."""
    clio = FakeClio(*three_pages())
    pages = clio.matters.list(fields="id")
    seen = []
    async for found in pages.by_page():
        seen += found
        if len(seen) == 4:
            break
    again = FakeClio(page(3, 4, link=link("c")), page())
    resumed = again.matters.list(fields="id", resume=pages.resume_token)
    first = await resumed.first()
    assert first is not None
    assert (3, "b") == (first.id, again.calls[0].parameters["page_token"])
    assert await resumed.first() is None


async def test_the_number_of_records_is_told_where_it_is_known() -> None:
    """What the last page said of it, unless the pages contradict it."""
    body = page(1, 2, link=link("b"))
    body["meta"]["records"] = 3
    last = page(3)
    last["meta"]["records"] = 3
    clio = FakeClio(body, last, page(1, 2, link=link("b")), {"data": []})
    pages = clio.matters.list(fields="id")
    assert pages.total is None
    assert [3, 3] == [pages.total async for _ in pages.by_page()]
    assert [None, None] == [pages.total async for _ in pages.by_page()]


async def test_a_large_page_lets_others_run_between_slices() -> None:
    """The records of a page of 200 are built in slices; all of them arrive."""
    clio = FakeClio(page(*range(1, 201)))
    assert 200 == len(await clio.matters.list(fields="id").collect())


async def test_cursor_mode_unless_the_caller_orders_otherwise() -> None:
    """`order=id(asc)` makes Clio page by cursor, without the ceiling of 10 000; an own order, offset, or a list that
    has no such order is left alone."""
    clio = FakeClio(*[page()] * 5)
    await clio.matters.list().collect()
    await clio.matters.list(order="display_number(asc)").collect()
    await clio.matters.list(extra_query={"offset": 400}).collect()
    await clio.currencies.list().collect()
    await clio.users.list().collect()
    found = [call.parameters.get("order") for call in clio.calls]
    assert ["id(asc)", "display_number(asc)", None, None, "id(asc)"] == found
    assert "200" == clio.calls[4].parameters["limit"]


async def test_the_next_page_keeps_what_its_link_forgets() -> None:
    """The link's query is taken as it is; our own parameters that it lacks are added, so that no filter is lost."""
    clio = FakeClio(page(1, link=f"{MATTERS}?page_token=a%2Bb%3D"), page(2))
    await clio.matters.list(fields="id", status="open").collect()
    second = clio.calls[1]
    assert {
        "page_token": "a+b=",
        "status": "open",
        "fields": "id,etag",
        "limit": "200",
        "order": "id(asc)",
    } == second.parameters
    assert second.query.startswith("page_token=a%2Bb%3D&")


# -- where links may lead -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", ELSEWHERE)
@pytest.mark.parametrize("prefetch", [0, 1])
async def test_a_link_to_another_place_is_not_followed(foreign: str, prefetch: int) -> None:
    """Another host, scheme, port, user, path, or anything that parsers read differently: nothing is sent (F55)."""
    clio = FakeClio(page(1, 2, link=foreign))
    pages = clio.matters.list(fields="id", prefetch=prefetch)
    seen: list[int] = []
    with pytest.raises(UntrustedLink) as caught:
        await drain(pages, seen)
    assert [1, 2] == seen  # what came before it was delivered
    assert 1 == len(clio.calls)
    assert caught.value.resume_token == pages.resume_token is not None
    assert "pw" not in str(caught.value)


async def test_behind_a_gateway_the_query_of_clios_own_link_is_taken() -> None:
    """It goes to the gateway, like every request: a link contributes its query only (F55)."""
    clio = FakeClio(page(1, link=link("b")), page(2))
    clio.base_url = "https://gateway.example/clio"
    assert [1, 2] == [matter.id async for matter in clio.matters.list(fields="id")]
    assert ["/matters.json", "/matters.json"] == [call.path for call in clio.calls]
    assert "b" == clio.calls[1].parameters["page_token"]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("prefetch", [0, 1])
@pytest.mark.parametrize("meta", [7, [], {"paging": [link("c")]}, {"paging": {"next": {"href": link("c")}}}])
async def test_a_malformed_link_does_not_end_a_walk(meta: object, prefetch: int, strict: bool) -> None:
    """The records of its page come first, then an error, each time; the token leads to that page."""
    broken = page(3, 4)
    clio = FakeClio(page(1, 2, link=link("b")), {**broken, "meta": meta}, strict=strict)
    pages = clio.matters.list(fields="id", prefetch=prefetch)
    steps = pages.by_page()
    assert [[1, 2], [3, 4]] == [[matter.id for matter in await anext(steps)] for _ in range(2)]
    for _ in range(2):
        with pytest.raises(SchemaError) as caught:
            await anext(steps)
        assert "meta.paging.next" == caught.value.path
    again = FakeClio(page(3, 4, link=link("c")), page(5))
    assert [3, 4, 5] == [one.id for one in await again.matters.list(fields="id", resume=pages.resume_token).collect()]
    assert "b" == again.calls[0].parameters["page_token"]


async def test_the_first_record_needs_no_link() -> None:
    """Where there is one; an empty page has to say that no other follows."""
    assert await FakeClio({**page(1), "meta": 7}).matters.list().first() is not None
    with pytest.raises(SchemaError):
        await FakeClio({**page(), "meta": 7}).matters.list().first()


@pytest.mark.parametrize("relative", ["?page_token=b", "matters.json?page_token=b", "/api/v4/matters?page_token=b"])
async def test_a_relative_link_is_followed(relative: str) -> None:
    """From where the page was asked for, as any reference is."""
    clio = FakeClio(page(1, link=relative), page(2))
    assert [1, 2] == [matter.id async for matter in clio.matters.list(fields="id")]
    assert "b" == clio.calls[1].parameters["page_token"]


# -- circles ------------------------------------------------------------------------------------------------------


async def test_a_link_back_to_a_page_that_was_read_is_a_loop() -> None:
    """The walk ends, with what came before it delivered (F56)."""
    clio = FakeClio(page(1, link=link("b")), page(2, link=link("b")), page(3))
    seen: list[int] = []
    with pytest.raises(PaginationLoop):
        await drain(clio.matters.list(fields="id"), seen)
    assert [1, 2] == seen


async def test_pages_that_make_no_progress_are_a_loop() -> None:
    """Under `id(asc)` ids grow: the same records under a new token are not given out twice (F56)."""
    clio = FakeClio(page(1, 2, link=link("b")), page(1, 2, link=link("c")), page(3))
    seen: list[int] = []
    with pytest.raises(PaginationLoop):
        await drain(clio.matters.list(fields="id"), seen)
    assert [1, 2] == seen


async def test_a_page_that_begins_with_the_end_of_the_one_before_gives_the_rest() -> None:
    """No record comes twice, and the walk gets on (F57)."""
    clio = FakeClio(page(1, 2, link=link("b")), page(2, 3, link=link("c")), page(3, 4))
    assert [[1, 2], [3], [4]] == [[one.id for one in found] async for found in clio.matters.list().by_page()]


async def test_pages_that_go_back_are_told() -> None:
    """What a server that does not keep the order has left out nobody knows: that is no list to go on with."""
    clio = FakeClio(page(1, 9, link=link("b")), page(4, 12))
    pages = clio.matters.list(fields="id")
    with pytest.raises(PaginationLoop, match="ascend") as caught:
        await pages.collect()
    assert caught.value.resume_token == pages.resume_token
    orders: list[dict[str, Any]] = [{"order": "id(asc)"}, {"extra_query": {"order": "id(asc)"}}]
    for order in orders:
        clio = FakeClio(page(1, 9, link=link("b")), page(4, 12))
        with pytest.raises(PaginationLoop):
            await clio.matters.list(fields="id", **order).collect()


async def test_the_control_another_order_has_no_such_rule() -> None:
    """Ids may come in any order when the caller orders by something else."""
    clio = FakeClio(page(9, link=link("b")), page(3, link=link("c")), page(5))
    assert 3 == len(await clio.matters.list(fields="id", order="updated_at(asc)").collect())


@frozen
class NoId:
    display_number: str


async def test_records_are_told_apart_where_they_do_not_show_their_id() -> None:
    """A projection without it asks for it all the same: nothing comes twice, and a walk has to get on."""
    clio = FakeClio(page(1, link=link("b"), display_number="x"), page(1, 2, display_number="y"))
    assert ["x", "y"] == [one.display_number async for one in clio.matters.list(fields=NoId)]
    assert "id,display_number" == clio.calls[0].parameters["fields"]
    again = FakeClio(*[page(1, link=link("b"), display_number="x")] * 2)
    with pytest.raises(PaginationLoop):
        await again.matters.list(fields=NoId).collect()


async def test_records_that_have_no_id_are_walked_all_the_same() -> None:
    """Then nothing can be said of them but whether the links lead in a circle."""
    events = f"{BASE}/internal_notifications/my_events.json?page_token="
    pages = [{"data": [{"event": {"id": 1}}], "meta": {"paging": {"next": events + token}}} for token in "bca"]
    clio = FakeClio(*pages, {"data": [{"event": {"id": 2}}]})
    assert [1, 1, 1, 2] == [one.event and one.event.id async for one in clio.my_events.list()]
    circle = FakeClio(*pages, pages[0])
    with pytest.raises(PaginationLoop):
        await circle.my_events.list().collect()
    assert 4 == len(circle.calls)


async def test_a_list_of_ids_alone_is_walked_like_any_other() -> None:
    """The ids are the records."""
    ids = f"{BASE}/billable_matters/ids.json?page_token="
    clio = FakeClio(
        {"data": [7, 3], "meta": {"paging": {"next": f"{ids}b"}}},
        {"data": [3, 1], "meta": {"paging": {"next": f"{ids}c"}}},
        {"data": [2]},
    )
    pages = clio.billable_matters.ids()
    assert [[7, 3], [1], [2]] == [found async for found in pages.by_page()]
    assert ["200", None] == [clio.calls[0].parameters.get(name) for name in ("limit", "fields")]


async def test_what_is_no_id_in_a_list_of_ids_is_told() -> None:
    """And the walk can be asked again."""
    clio = FakeClio({"data": [7, "x"]}, {"data": [7]})
    walk = clio.billable_matters.ids().by_page()
    with pytest.raises(SchemaError):
        await anext(walk)
    assert [7] == await anext(walk)


async def test_a_folder_and_a_document_may_have_one_id() -> None:
    """The contents of folders are of two tables: an id alone is not a record."""
    items = f"{BASE}/folders/list.json?page_token="
    rows = [
        {"id": number, "etag": "t", "type": kind} for number, kind in ((5, "Document"), (5, "Folder"), (6, "Folder"))
    ]
    clio = FakeClio({"data": rows[:1], "meta": {"paging": {"next": f"{items}b"}}}, {"data": rows})
    found = await clio.folders.list_items(fields="id").collect()
    assert [5, 5, 6] == [one.id for one in found]
    assert "id,etag,type" == clio.calls[0].parameters["fields"]
    odd = [{"id": 5, "etag": "t", "type": ["x"]}, {"id": 5, "etag": "t"}]
    clio = FakeClio({"data": odd, "meta": {"paging": {"next": f"{items}b"}}}, {"data": [*odd, rows[2]]})
    assert [5, 5, 6] == [one.id async for one in clio.folders.list_items(fields="id")]


async def test_endless_empty_pages_are_a_loop() -> None:
    """A few empty pages are passed over, no end of them is a loop (F56)."""
    empties = [page(link=link(f"e{number}")) for number in range(BARREN - 1)]
    assert 1 == len(await FakeClio(*empties, page(1)).matters.list(fields="id").collect())
    endless = [page(link=link(f"e{number}")) for number in range(200)]
    clio = FakeClio(*endless)
    with pytest.raises(PaginationLoop):
        await clio.matters.list(fields="id").collect()
    assert BARREN == len(clio.calls)


# -- steps that fail ----------------------------------------------------------------------------------------------


async def test_a_step_that_failed_can_be_done_again() -> None:
    """Whoever walks page by page may ask again after an error; nothing is missing, and nothing comes twice (F58)."""
    pages_read = three_pages()
    clio = FakeClio(pages_read[0], ServerError("down", status=503), *pages_read[1:])
    walk = clio.matters.list(fields="id").by_page()
    assert 2 == len(await anext(walk))
    with pytest.raises(ServerError):
        await anext(walk)
    assert [[3, 4], [5]] == [[matter.id for matter in found] async for found in walk]
    assert [] == [found async for found in walk]


async def test_an_error_that_lasts_is_raised_again() -> None:
    """A walk that came to a bad link or into a circle stays there: it does not begin anew, nor end as if it were
    whole.
    """
    for last in (page(2, link="https://evil.test"), page(1, link=link("c")), page(2, link=link("b"))):
        clio = FakeClio(page(1, link=link("b")), last)
        walk = clio.matters.list(fields="id").by_page()
        assert 1 == len(await anext(walk))
        for _ in range(3):
            with contextlib.suppress(PaginationError):
                await anext(walk)
        with pytest.raises(PaginationError):
            await anext(walk)
        assert 2 == len(clio.calls)


async def test_a_walk_that_is_cancelled_between_two_slices_keeps_what_it_read() -> None:
    """The page is not asked for again."""
    clio = FakeClio(page(*range(1, 201)))
    walk = clio.matters.list(fields="id").by_page()
    with anyio.CancelScope() as scope:
        scope.cancel()
        await anext(walk)
    assert scope.cancelled_caught
    assert 200 == len(await anext(walk))
    assert 1 == len(clio.calls)


async def test_two_tasks_do_not_share_a_step() -> None:
    """Both would get the same page: the second is told, and each may have a walk of its own."""
    clio = FakeClio(page(*range(1, 201)), page(1), page(1))
    pages = clio.matters.list(fields="id")
    walk = aiter(pages)
    told: list[str] = []

    async def step() -> None:
        try:
            await anext(walk)
        except UsageError as error:
            told.append(str(error))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(step)
        tasks.start_soon(step)
    assert 1 == len(told)
    assert "a walk for each" in told[0]
    assert [2, 3] == [(await anext(walk)).id, (await anext(walk)).id]


# -- resuming -----------------------------------------------------------------------------------------------------


async def test_a_walk_resumes_where_it_stopped() -> None:
    """Also in another process: the token is a text. The page that was not used up comes again, whole (F58)."""
    clio = FakeClio(*three_pages())
    pages = clio.matters.list(fields="id", status="open")
    seen = []
    async for matter in pages:
        seen.append(matter.id)
        if matter.id == 3:
            break
    token = pages.resume_token
    again = FakeClio(*three_pages()[1:])
    rest = again.matters.list(fields="id", status="open", resume=token)
    assert [3, 4, 5] == [matter.id async for matter in rest]
    assert "b" == again.calls[0].parameters["page_token"]
    assert rest.resume_token is None


async def test_a_walk_resumes_after_an_error() -> None:
    """The page that failed is the next one to be read (F58)."""
    pages_read = three_pages()
    clio = FakeClio(pages_read[0], ServerError("down", status=503), *pages_read[1:])
    pages = clio.matters.list(fields="id")
    with pytest.raises(ServerError):
        await pages.collect()
    resumed = clio.matters.list(fields="id", resume=pages.resume_token)
    assert [3, 4, 5] == [matter.id for matter in await resumed.collect()]


async def test_a_resumed_walk_goes_on_behind_what_was_given() -> None:
    """Also where the server begins the page with the record that the one before ended with."""
    clio = FakeClio(page(1, 2, link=link("b")), ServerError("down", status=503))
    pages = clio.matters.list(fields="id")
    with pytest.raises(ServerError):
        await pages.collect()
    again = FakeClio(page(2, 3, link=link("c")), page(3, link=link("d")))
    seen: list[int] = []
    with pytest.raises(PaginationLoop):
        await drain(again.matters.list(fields="id", resume=pages.resume_token), seen)
    assert [3] == seen


async def test_before_the_first_page_a_token_stands_for_the_beginning() -> None:
    """Nothing was delivered, so nothing is skipped."""
    token = FakeClio().matters.list(fields="id").resume_token
    assert 5 == len(await FakeClio(*three_pages()).matters.list(fields="id", resume=token).collect())


def test_a_token_is_bound_to_its_list() -> None:
    """Another principal or version, resource, selection or filter: refused before anything is sent."""
    token = FakeClio().matters.list(fields="id", status="open").resume_token
    FakeClio().matters.list(fields="id", status="open", resume=token)
    for wrong in (
        lambda: FakeClio(scope="other").matters.list(fields="id", status="open", resume=token),
        lambda: FakeClio().matters.list(fields="id", resume=token),
        lambda: FakeClio().matters.list(fields="description", status="open", resume=token),
        lambda: FakeClio().contacts.list(fields="id", resume=token),
    ):
        with pytest.raises(InvalidArgument, match="another list"):
            wrong()
