"""Lists are walked page by page, to the end, once, and nowhere else (F55 to F58)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, PaginationLoop, ServerError, UntrustedLink
from clio_async.pages import _EMPTY_PAGES, Pages
from clio_async.protocol.paging import next_query, read_resume_token, write_resume_token

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

FOREIGN = [
    "https://evil.test/api/v4/matters.json?page_token=b",
    "http://app.clio.com/api/v4/matters.json?page_token=b",
    "https://app.clio.com:8443/api/v4/matters.json?page_token=b",
    "https://app.clio.com@evil.test/api/v4/matters.json?page_token=b",
    "https://user:pw@app.clio.com/api/v4/matters.json?page_token=b",
    "https://app.clio.com.evil.test/api/v4/matters.json",
    "//evil.test/api/v4/matters.json",
    "/api/v4/matters.json?page_token=b",
    "https:\\\\app.clio.com/api/v4/matters.json",
    "https://app.clio.com\\@evil.test/api/v4/matters.json",
    "https://app.clio.com/api/v4/contacts.json?page_token=b",
    "https://app.clio.com/api/v4/../v4/matters.json",
    "https://app.clio.com/api/v4/matters.json/",
    "https://app.cl\u0456o.com/api/v4/matters.json",
    "https://app.clio.com%2eevil.test/api/v4/matters.json",
    "https://[::1/api/v4/matters.json",
    "https://app.clio.com/api/v4/matters.json?a\r\nX: y",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("foreign", [one for one in FOREIGN if one])
async def test_a_link_to_another_place_is_not_followed(foreign: str) -> None:
    """Another host, scheme, port, user, path, or anything that parsers read differently: nothing is sent (F55)."""
    clio = FakeClio(page(1, 2, link=foreign))
    pages = clio.matters.list(fields="id")
    seen: list[int] = []
    with pytest.raises(UntrustedLink) as caught:
        await drain(pages, seen)
    assert [1, 2] == seen  # what came before it was delivered
    assert 1 == len(clio.calls)
    assert caught.value.resume_token is not None
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "own",
    [
        f"{MATTERS}?page_token=b",
        f"{BASE}/matters?page_token=b",
        "https://APP.clio.com/api/v4/matters.json?page_token=b",
    ],
)
def test_the_control_a_link_to_our_own_place_is_followed(own: str) -> None:
    """With or without ``.json``; host names have no case."""
    assert "page_token=b&limit=1" == next_query(own, BASE, "/matters.json", "limit=1")


@given(st.text(max_size=40), st.sampled_from(["https://evil.test", "https://app.clio.com", "//x", "http:", ""]))
def test_any_link_is_followed_at_home_or_refused(rest: str, start: str) -> None:
    """Law: whatever a link is, its query goes to our own path or nothing goes anywhere (F55)."""
    try:
        query = next_query(start + rest, BASE, "/matters.json", "limit=1")
    except UntrustedLink:
        return
    assert (start + rest).lower().startswith("https://app.clio.com/api/v4/matters")
    assert query.isascii()
    assert query.isprintable()


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


async def test_the_control_another_order_has_no_such_rule() -> None:
    """Ids may come in any order when the caller orders by something else."""
    clio = FakeClio(page(9, link=link("b")), page(3, link=link("c")), page(5))
    assert 3 == len(await clio.matters.list(fields="id", order="updated_at(asc)").collect())


@frozen
class NoId:
    display_number: str


async def test_records_without_an_id_are_walked_all_the_same() -> None:
    """A projection that does not hold the id has no progress to check."""
    clio = FakeClio(page(1, link=link("b"), display_number="x"), page(2, display_number="y"))
    assert ["x", "y"] == [one.display_number async for one in clio.matters.list(fields=NoId)]


async def test_endless_empty_pages_are_a_loop() -> None:
    """A few empty pages are passed over, no end of them is a loop (F56)."""
    empties = [page(link=link(f"e{number}")) for number in range(_EMPTY_PAGES - 1)]
    assert 1 == len(await FakeClio(*empties, page(1)).matters.list(fields="id").collect())
    endless = [page(link=link(f"e{number}")) for number in range(200)]
    clio = FakeClio(*endless)
    with pytest.raises(PaginationLoop):
        await clio.matters.list(fields="id").collect()
    assert _EMPTY_PAGES == len(clio.calls)


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


def forged(content: object) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "é", "!!!!", forged([]), forged({}), forged("x"), forged({"v": 2, "bound": "x", "at": "a"})),
        *(forged({"v": 1, "bound": "x", "at": 3}), forged({"v": 1, "bound": "x", "at": "a b\r\n"})),
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """Malformed tokens are invalid arguments, not crashes."""
    with pytest.raises(InvalidArgument):
        read_resume_token(token, "Matter#index", "me", "q")


@given(st.text(), st.text(), st.text(), st.from_regex(r"\A[!-\[\]-~]{0,40}\Z"))
def test_a_token_gives_back_its_position(operation: str, scope: str, query: str, position: str) -> None:
    """Law: write and read are inverse."""
    token = write_resume_token(operation, scope, query, position)
    assert position == read_resume_token(token, operation, scope, query)
    assert token.isascii()
