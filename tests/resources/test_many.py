"""`get_many`: the records of many ids, in their order, in few requests."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async import Clio, FilterIgnored, Headers, InvalidArgument, Many, MemoryTransport, Request, Response
from clio_async.errors import (
    APIError,
    ApiVersionGone,
    BadRequest,
    Forbidden,
    NotFound,
    RateLimited,
    SchemaError,
    ServerError,
    UnknownField,
    UnprocessableEntity,
)
from clio_async.models import Matter
from clio_async.protocol.batches import Bounds
from clio_async.testing import Regime, Simulator

from .fake import FakeClio, page

BASE = "http://localhost/api/v4"
MATTERS = "https://app.clio.com/api/v4/matters.json"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@frozen
class NoId:
    display_number: str


def asked(clio: FakeClio) -> list[list[str]]:
    """The ids of each request."""
    return [[value for name, value in call.pairs if name == "ids[]"] for call in clio.calls]


def ids_of(records: Sequence[Any]) -> list[int]:
    return [record.id for record in records]


class Server(MemoryTransport):
    """A simulated Clio that notes which ids it is asked for."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(self._handle)
        self.simulator = simulator
        self.asked: list[list[str]] = []

    async def _handle(self, request: Request) -> Response:
        query = urlsplit(request.url).query
        self.asked.append([value for name, value in parse_qsl(query) if name == "ids[]"])
        return await self.simulator.handler(request)


def made(regime: Regime | None = None, **counts: int) -> tuple[Server, Clio]:
    simulator = Simulator(**{"matters": 500, **counts}, regime=regime or Regime())  # type: ignore[arg-type]
    server = Server(simulator)
    return server, Clio(simulator.token(), base_url=BASE, transport=server, limiter=None)


# -- what comes ---------------------------------------------------------------------------------------------------


async def test_records_come_in_the_order_of_the_ids() -> None:
    """Each at every place of its id, which is asked for once; what there is none of is missing."""
    server, clio = made()
    found = await clio.matters.get_many([3, 1, 900, 2, 3, 901, 900, 4])
    assert [3, 1, 2, 3, 4] == ids_of(found)
    assert (900, 901) == found.missing
    assert [["3", "1", "900", "2", "901", "4"], ["900", "901"]] == server.asked
    assert isinstance(found[0], Matter)
    assert found[0].description == (await clio.matters.get(3)).description


async def test_ids_may_be_records() -> None:
    """Or anything that has an id, from any iterable."""
    clio = FakeClio(page(1, 2, 3))
    assert [2, 3, 1] == ids_of(await clio.matters.get_many(iter((Matter(id=2), 3, Matter(id=1)))))
    missing = await FakeClio(page(1, 2)).matters.get_many([Matter(id=1), Matter(id=2)])
    assert () == missing.missing


async def test_ids_may_be_texts_where_the_resource_has_such() -> None:
    """An occurrence of a recurring calendar entry has one."""
    answer: dict[str, Any] = {"data": [{"id": "7"}, {"id": "8-2025"}], "meta": {}}
    clio = FakeClio(answer, page())
    found = await clio.calendar_entries.get_many(["8-2025", 7, "a b&c"], fields="id")
    assert ["8-2025", "7"] == [entry.id for entry in found]
    assert ("a b&c",) == found.missing
    assert ["8-2025", "7", "a b&c"] == asked(clio)[0]


async def test_a_class_without_an_id_will_do() -> None:
    """The id is asked for, and the class does not see it."""
    server, clio = made()
    found = await clio.matters.get_many([2, 1], fields=NoId)
    whole = await clio.matters.get_many([2, 1])
    assert [NoId(matter.display_number or "") for matter in whole] == [*found]
    assert 2 == len(server.asked)


async def test_no_ids_no_request() -> None:
    """An empty list is a filter that Clio would ignore."""
    clio = FakeClio()
    assert Many() == await clio.matters.get_many([])
    assert [] == clio.calls


@pytest.mark.parametrize("bad", [0, -1, True, 1.5, None, "7", "x", Matter(), Matter(id=0), [1]])
async def test_no_request_is_sent_with_a_wrong_id_in_the_list(bad: object) -> None:
    """Not even for the 10 000 before it."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="positive integer"):
        await clio.matters.get_many([*range(1, 10_000), bad])  # type: ignore[list-item]
    assert [] == clio.calls


@pytest.mark.parametrize("ids", [7, "123", b"123", {1: 2}, None, Matter(id=1)])
async def test_ids_are_several(ids: Any) -> None:
    """One id is no list of ids, and a text no list of digits."""
    with pytest.raises(InvalidArgument, match="several"):
        await FakeClio().matters.get_many(ids)


async def test_what_would_widen_the_list_is_refused() -> None:
    """And what is no field, no mapping, or stands inside of other records."""
    clio = FakeClio()
    for name in ("ids[]", "limit", "offset", "page_token"):
        with pytest.raises(InvalidArgument, match="leave out"):
            await clio.matters.get_many([1], extra_query={name: 1})
    with pytest.raises(InvalidArgument, match="mapping"):
        await clio.matters.get_many([1], extra_query=[("a", "b")])  # type: ignore[call-overload]
    with pytest.raises(UnknownField):
        await clio.matters.get_many([], fields="descripton")
    assert [] == clio.calls


async def test_a_required_filter_goes_into_the_query() -> None:
    """Notes are of matters or of contacts."""
    clio = FakeClio(page(1))
    with pytest.raises(InvalidArgument, match="type="):
        await clio.notes.get_many([1])
    await clio.notes.get_many([1], extra_query={"type": "Matter"})
    assert "Matter" == clio.calls[0].parameters["type"]


async def test_what_is_added_to_the_query_is_in_every_request() -> None:
    """Also what can be read once only."""
    clio = FakeClio(page(*range(1, 201)), page(201))
    await clio.matters.get_many(range(1, 202), fields="id", extra_query={"a[]": iter([8])})
    assert ["8", "8"] == [call.parameters["a[]"] for call in clio.calls]


# -- how many requests --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_two_hundred_in_a_request() -> None:
    """10 000 records come in 50 requests, and the next call needs no more."""
    server, clio = made(matters=10_000)
    found = await clio.matters.get_many(range(10_000, 0, -1), fields="id")
    assert [*range(10_000, 0, -1)] == ids_of(found)
    assert 50 == len(server.asked)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_ten_thousand_records_are_kept_current_in_51_requests() -> None:
    """50 pages tell which 100 have changed, one request reads them."""
    server, clio = made(matters=10_000)
    before = {matter.id: matter.etag for matter in await clio.matters.list(fields="id,etag").collect()}
    for number in range(50, 10_001, 100):
        server.simulator.change("matters", number, description="changed")
    server.asked.clear()
    now = {matter.id: matter.etag for matter in await clio.matters.list(fields="id,etag").collect()}
    stale = [number for number, etag in now.items() if etag != before[number]]
    fresh = await clio.matters.get_many(stale)
    assert 100 == len(fresh) == sum(matter.description == "changed" for matter in fresh)
    assert 51 == len(server.asked)


@pytest.mark.parametrize(
    ("regime", "first", "later"),
    [
        (Regime(), 3, 3),
        (Regime(max_ids=50), 3 + 10, 10),
        (Regime(max_ids=1), 8 + 500, 500),
        (Regime(max_url=2_000), 1 + 5, 5),
        (Regime(max_ids=50, error_body="html"), 3 + 10, 10),
        (Regime(records="absent"), 3, 3),
        (Regime(max_ids=50, ids_overflow="ignore"), 10, 10),
        (Regime(next_carries="offset", implicit_cursor=False), 3, 3),
    ],
    ids=range(8),
)
async def test_the_server_s_limit_is_learnt(regime: Regime, first: int, later: int) -> None:
    """A refused batch is halved; what was taken is remembered, for all clients of the same core."""
    server, clio = made(regime)
    ids = [*range(500, 0, -1)]
    assert ids == ids_of(await clio.matters.get_many(ids, fields="id,display_number,description,status,location"))
    assert first == len(server.asked)
    server.asked.clear()
    other = clio.with_auth(server.simulator.token(account=2))
    assert ids == ids_of(await other.matters.get_many(ids, fields="id,display_number,description,status,location"))
    assert later == len(server.asked)


@pytest.mark.parametrize("status", [413, 414, 431])
async def test_a_refusal_of_the_length_is_learnt_from(status: int) -> None:
    """By Clio or by a gateway before it: the ids are halved."""
    error = APIError("no", status=status, type="ArgumentError")
    clio = FakeClio(error, page(1, 2, 3), page(4, 5, 6))
    assert 6 == len(await clio.matters.get_many(range(1, 7), fields="id"))
    assert [6, 3, 3] == [len(ids) for ids in asked(clio)]


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refusal_that_may_be_one_of_the_number_is_learnt_from(status: int) -> None:
    """One id is asked for alone: it is answered, so it was the number, and the others are halved."""
    error = APIError("no", status=status, type="ArgumentError")
    clio = FakeClio(error, page(1), page(2, 3, 4, 5), page(6, 7, 8))
    assert 8 == len(await clio.matters.get_many(range(1, 9), fields="id"))
    assert [8, 1, 4, 3] == [len(ids) for ids in asked(clio)]


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("no", status=400, type="InvalidFields"),
        RateLimited("no", status=429),
        ServerError("no", status=503),
    ],
    ids=str,
)
async def test_any_other_refusal_is_raised_at_once(error: APIError) -> None:
    """It has nothing to do with the number of ids."""
    clio = FakeClio(error)
    with pytest.raises(type(error)):
        await clio.matters.get_many(range(1, 9))
    assert 1 == len(clio.calls)
    assert {} == clio.learned.batches


async def test_a_refusal_that_is_not_one_of_the_number_costs_one_more_request() -> None:
    """One id alone is refused, too: the first refusal is raised, says so, and nothing is learnt of it."""
    poison = UnprocessableEntity("no", status=422, type="ArgumentError")
    clio = FakeClio(page(*range(1, 201)))
    await clio.matters.get_many(range(1, 201), fields="id")
    clio.answers += [poison, APIError("second", status=400)]
    with pytest.raises(UnprocessableEntity) as caught:
        await clio.matters.get_many(range(1, 201), fields="id")
    assert poison is caught.value
    assert ["It is refused for the id 1 alone, too: the number of ids is not what is wrong."] == poison.__notes__
    assert 3 == len(clio.calls)
    assert {(FakeClio.base_url, "matters"): Bounds(200, 201, 200, 200, 200)} == clio.learned.batches


@pytest.mark.parametrize("place", [1, 2, 100, 101, 199, 200])
async def test_an_id_that_the_server_refuses_is_named(place: int) -> None:
    """One among 200: it is found in a bounded number of requests, and the error names it."""
    refusal = {"error": {"type": "ArgumentError", "message": "no"}}
    seen: list[list[str]] = []

    async def answer(request: Request) -> Response:
        seen.append([value for name, value in parse_qsl(urlsplit(request.url).query) if name == "ids[]"])
        refused = str(place) in seen[-1]
        body = refusal if refused else page(*map(int, seen[-1]))
        return Response(422 if refused else 200, Headers(), json.dumps(body).encode())

    clio = Clio("T", base_url=BASE, transport=MemoryTransport(answer), limiter=None)
    with pytest.raises(UnprocessableEntity) as caught:
        await clio.matters.get_many(range(1, 201), fields="id")
    assert [f"It is refused for the id {place} alone, too: the number of ids is not what is wrong."] == getattr(
        caught.value, "__notes__", []
    )
    assert len(seen) <= 24


async def test_a_single_id_that_is_refused_is_an_error() -> None:
    """As it came."""
    error = APIError("no", status=422)
    with pytest.raises(APIError) as caught:
        await FakeClio(error).matters.get_many([1])
    assert (error, []) == (caught.value, getattr(error, "__notes__", []))


async def test_an_error_in_the_middle_is_raised() -> None:
    """What was read before is lost: the call is to be repeated."""
    clio = FakeClio(page(*range(1, 201)), ServerError("down", status=503))
    with pytest.raises(ServerError):
        await clio.matters.get_many(range(1, 401), fields="id")
    clio.answers += [page(*range(1, 201)), page(*range(201, 401))]
    assert 400 == len(await clio.matters.get_many(range(1, 401), fields="id"))


async def test_a_server_may_give_shorter_pages() -> None:
    """The rest of a batch is read by its links, as far as records are lacking."""
    link = f"{MATTERS}?page_token=b"
    clio = FakeClio(page(1, 2, link=link), page(3, 4, link=f"{MATTERS}?page_token=c"))
    found = await clio.matters.get_many([4, 3, 2, 1], fields="id")
    assert [4, 3, 2, 1] == ids_of(found)
    assert 2 == len(clio.calls)


# -- ids that a server passes over, or ignores --------------------------------------------------------------------


@pytest.mark.parametrize("reads", [1, 7, 50, 199])
async def test_ids_that_are_passed_over_are_not_missing(reads: int) -> None:
    """A server that reads no more than some ids of a request, and says nothing of it."""
    server, clio = made(Regime(max_ids=reads, ids_overflow="ignore"), matters=300)
    wanted = [*range(310, 0, -1)]
    found = await clio.matters.get_many(wanted, fields="id")
    assert [number for number in wanted if number <= 300] == ids_of(found)
    assert [number for number in wanted if number > 300] == [*found.missing]
    assert len(server.asked) <= 310 // reads + 20


async def test_the_control_one_request_would_lack_some() -> None:
    """What such a server answers to 200 ids."""
    _, clio = made(Regime(max_ids=50, ids_overflow="ignore"))
    assert 50 == len(await clio.matters.list(ids=range(1, 201)).collect())


async def test_a_sweep_over_deleted_records_is_cheap() -> None:
    """None of 400 ids exists: a record is searched for, and proves that none was passed over."""
    server, clio = made()
    found = await clio.matters.get_many(range(1_001, 1_401), fields="id")
    assert (*range(1_001, 1_401),) == found.missing
    assert [200, 0, 200, 200, 200] == [len(ids) for ids in server.asked][:5]
    assert ["1", "2"] == [server.asked[2][0], server.asked[2][-1]]
    assert len(server.asked) <= 6
    server.asked.clear()
    await clio.matters.get_many(range(1_001, 1_401))
    assert [200, 200] == [len(ids) for ids in server.asked]


async def test_the_record_that_is_searched_for_may_be_among_them() -> None:
    """It is read once."""
    clio = FakeClio(page(), page(3), page(3), page(3), page())
    found = await clio.matters.get_many([1, 2, 3, 4], fields="id")
    assert [3] == ids_of(found)
    assert (1, 2, 4) == found.missing
    assert [["1", "2", "3", "4"], [], ["3", "1", "2", "4"], ["1", "2", "4", "3"], ["1", "2", "4"]] == asked(clio)


async def test_an_account_without_records_has_none_of_them() -> None:
    """One request for as many ids as one takes, and one more; none of them is asked for twice."""
    clio = FakeClio(page(), page(), page())
    found = await clio.matters.get_many(range(1, 401))
    assert 400 == len(found.missing)
    assert 3 == len(clio.calls)


async def test_a_list_that_seems_to_be_empty_proves_nothing_of_ids_that_were_not_asked_for() -> None:
    """A list may hold nothing without ids, and give what they name; then what was doubted is asked for again."""
    clio = FakeClio(page(), page(), page(*range(201, 401)), page(*range(1, 101)))
    found = await clio.matters.get_many(range(1, 401))
    assert [*range(1, 101), *range(201, 401)] == [matter.id for matter in found]
    assert (*range(101, 201),) == found.missing


@pytest.mark.parametrize(("status", "kind"), [(400, BadRequest), (404, NotFound), (422, APIError)])
async def test_a_list_that_is_refused_without_ids_is_no_error(status: int, kind: Any) -> None:
    """Without records that surely exist, ids are asked for in ever smaller numbers."""
    clio = FakeClio(page(), kind("no", status=status), *[page() for _ in range(4)])
    found = await clio.matters.get_many(range(1, 5))
    assert (1, 2, 3, 4) == found.missing


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("no", status=403),
        APIError("no", status=410),
        APIError("no", status=429),
        APIError("no", status=503),
        ApiVersionGone("no", status=410),
    ],
)
async def test_a_refusal_of_whoever_asks_is_an_error(error: APIError) -> None:
    """It is not of the list that is asked for without ids."""
    with pytest.raises(type(error)):
        await FakeClio(page(), error).matters.get_many(range(1, 5))


def test_ids_are_read_through_by_the_call() -> None:
    """In the thread that calls, before anything is awaited; what is wrong with them is told there, too."""
    clio = FakeClio()
    given = iter([1, 2])
    clio.matters.get_many(given).close()
    assert [] == [*given]
    with pytest.raises(InvalidArgument):
        clio.matters.get_many([0])


async def test_a_server_that_ignores_ids_is_found_out() -> None:
    """Records that were not asked for are not delivered, and the whole account is not walked."""
    clio = FakeClio(page(*range(1, 201), link=f"{MATTERS}?page_token=b"))
    with pytest.raises(FilterIgnored, match="get"):
        await clio.matters.get_many([1, 2, 3])
    assert 1 == len(clio.calls)


async def test_a_record_without_an_id_is_no_answer() -> None:
    """Whose it is cannot be told; in the search for any records, neither."""
    for clio in (FakeClio({"data": [{"etag": "x"}]}), FakeClio(page(), {"data": [{"etag": "x"}]})):
        with pytest.raises(SchemaError, match="without its id") as caught:
            await clio.matters.get_many([1, 2, 3, 4])
        assert "data[0].id" == caught.value.path


async def test_hidden_records_are_missing() -> None:
    """Like those that do not exist."""
    server, clio = made()
    server.simulator.hide("matters", 2, user=1)
    found = await clio.matters.get_many([1, 2, 3], fields="id")
    assert [1, 3] == ids_of(found)
    assert (2,) == found.missing


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("regime", dict(Regime.every()).values(), ids=dict(Regime.every()))
@pytest.mark.filterwarnings("ignore::clio_async.ApiVersionMismatch")
async def test_get_many_under_any_regime(regime: Regime) -> None:
    """What is unknown of Clio changes the number of requests at most."""
    server, clio = made(evolve(regime, rate_limit=None), matters=120)
    found = await clio.matters.get_many([*range(120, 0, -1), 121, 5])
    assert [*range(120, 0, -1), 5] == ids_of(found)
    assert (121,) == found.missing
    assert len(server.asked) <= 10
    assert all(len(urlsplit(entry.path).query) < 8_000 for entry in server.simulator.entries())


# -- Many ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers()), st.lists(st.integers(1)))
def test_many_is_a_sequence(records: list[int], missing: list[int]) -> None:
    """Law: it is what a tuple of its records is, and remembers what is missing; copies and pickles are equal."""
    many = Many(records, missing)
    assert tuple(records) == tuple(many) == many[:]
    assert [*reversed(records)] == [*reversed(many)]
    assert len(records) == len(many)
    assert bool(records) is bool(many)
    assert all(many[index] == record and record in many for index, record in enumerate(records))
    for other in (Many(records, missing), copy.copy(many), copy.deepcopy(many), pickle.loads(pickle.dumps(many))):
        assert many == other
        assert hash(many) == hash(other)
    assert many != Many([*records, 0], missing)
    assert many != Many(records, [*missing, 1])
    assert NotImplemented is many.__eq__(records)


def test_many_cannot_be_changed() -> None:
    """Like the records in it; and its repr shows no record."""
    many = Many(["a client's name"], [7])
    with pytest.raises(AttributeError):
        many.missing = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        many[0] = "x"  # type: ignore[index]
    assert "<Many: 1 records, 1 ids missing>" == repr(many)
