"""Ids in batches: every record is found, nothing counts as missing that is not, and few requests are made."""

from __future__ import annotations

from collections.abc import Iterable, Set

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.batches import MOST, ROOM, Batches, Bounds, is_too_many


@define
class Server:
    """Refuses more than `takes` ids; reads the first or the last `reads` of them; gives so many of the records."""

    exist: Set[str]
    takes: int = MOST
    reads: int = MOST
    gives: int = MOST
    last: bool = False
    asked: list[list[str]] = field(factory=list[list[str]])
    searched: int = 0

    def answer(self, batch: list[str]) -> set[str] | None:
        self.asked.append(batch)
        if len(batch) > self.takes:
            return None
        read = batch[-self.reads :] if self.last else batch[: self.reads]
        return {*sorted(text for text in read if text in self.exist)[: self.gives]}

    def read(self, ids: Iterable[str], bounds: Bounds | None = None) -> tuple[set[str], Bounds]:
        """Read ids as a client does; return what was found, and what was learnt."""
        batches = Batches(ids, bounds or Bounds())
        found: set[str] = set()
        while True:
            if batches.wants_witnesses:
                self.searched += 1
                some = sorted(self.exist)[:2]
                batches.witnesses(some)
                found |= {*some}
            batch = batches.next()
            if not batch:
                return found, batches.bounds
            answer = self.answer(batch)
            if answer is None:
                assert batches.refused()
            else:
                batches.answered(answer)
                found |= answer


def texts(*numbers: int) -> list[str]:
    return [str(number) for number in numbers]


def sizes(server: Server) -> list[int]:
    return [len(batch) for batch in server.asked]


@given(
    asked=st.lists(st.integers(1, 400), max_size=400),
    exist=st.sets(st.integers(1, 400)),
    takes=st.integers(1, 220),
    reads=st.integers(1, 220),
    gives=st.integers(1, 220),
    last=st.booleans(),
    bounds=st.sampled_from([None, Bounds(taken=50, refused=100), Bounds(taken=1, refused=2), Bounds(10, 201)]),
)
def test_what_exists_is_found(
    asked: list[int], exist: set[int], takes: int, reads: int, gives: int, last: bool, bounds: Bounds | None
) -> None:
    """Law: whatever a server refuses, passes over or holds back, and whatever was believed before, no record is taken
    for missing; and it takes no more requests than one for each id and a few."""
    server = Server(set(texts(*exist)), takes, reads, gives, last)
    found, learnt = server.read(texts(*asked), bounds)
    wanted = set(texts(*asked))
    assert wanted & server.exist == found & wanted
    assert all(len(batch) == len(set(batch)) <= MOST for batch in server.asked)
    assert len(server.asked) + server.searched <= len(wanted) + 20
    assert learnt.taken <= takes or bounds is not None
    assert learnt.read <= max(1, min(takes, reads))


@given(
    exist=st.sets(st.integers(1, 1_000), min_size=1),
    takes=st.integers(20, 220),
    reads=st.integers(20, 220),
    count=st.integers(1, 1_000),
)
def test_few_requests_are_made(exist: set[int], takes: int, reads: int, count: int) -> None:
    """Law: no more than twice the fewest that the server allows, and some to find out what that is."""
    server = Server(set(texts(*exist)), takes, reads)
    server.read(texts(*range(1, count + 1)))
    fewest = -(-count // min(takes, reads, MOST))
    assert len(server.asked) + server.searched <= 2 * fewest + 16


def test_all_that_fit_are_asked_for_at_once() -> None:
    """Nothing is known against 200, so 200 it is."""
    server = Server({*texts(*range(1, 1_001))})
    _, learnt = server.read(texts(*range(1, 1_001)))
    assert [MOST] * 5 == sizes(server)
    assert Bounds(taken=MOST, front=MOST, back=MOST, records=MOST) == learnt


def test_an_id_is_asked_for_once() -> None:
    """However often it is given."""
    server = Server({*texts(7)})
    server.read(texts(7, 7, 7))
    assert [texts(7)] == server.asked


def test_nothing_is_asked_for_nothing() -> None:
    """No ids, no request."""
    server = Server(set())
    server.read([])
    assert [] == server.asked


# -- refusals -----------------------------------------------------------------------------------------------------


def test_a_refused_batch_is_halved_and_what_was_taken_is_remembered() -> None:
    """The next call begins with what was taken, and is not refused again."""
    server = Server({*texts(*range(1, 2_001))}, takes=100)
    _, learnt = server.read(texts(*range(1, 601)))
    assert [200, 1, 100] == sizes(server)[:3]
    assert 100 == learnt.taken
    again = Server(server.exist, takes=100)
    again.read(texts(*range(1, 601)), learnt)
    assert [100] * 6 == sizes(again)


def test_more_is_tried_where_it_pays() -> None:
    """150 are taken: after 100 were, 150 saves a quarter of the requests, and the rest of the way does not."""
    server = Server({*texts(*range(1, 10_001))}, takes=150)
    server.read(texts(*range(1, 10_001)))
    assert [200, 1, 100, 150, 150] == sizes(server)[:5]
    assert 70 > len(server.asked)


@pytest.mark.parametrize(
    ("bounds", "remaining", "size"),
    [
        (Bounds(), 1_000, MOST),
        (Bounds(refused=200), 1_000, 100),
        (Bounds(refused=2), 1_000, 1),
        (Bounds(taken=50, refused=100), 50, 50),
        (Bounds(taken=50, refused=100), 150, 50),
        (Bounds(taken=50, refused=100), 200, 50),
        (Bounds(taken=50, refused=100), 250, 50),
        (Bounds(taken=50, refused=100), 550, 50),
        (Bounds(taken=50, refused=100), 600, 75),
        (Bounds(taken=50, refused=75), 10_000, 50),
        (Bounds(taken=99, refused=100), 10_000, 99),
        (Bounds(taken=1, refused=5), 5, 1),
        (Bounds(taken=1, refused=6), 6, 3),
    ],
)
def test_how_many_to_ask_for(bounds: Bounds, remaining: int, size: int) -> None:
    """A larger batch than was taken is tried if it saves four requests and a quarter of them."""
    assert size == bounds.size(remaining)


def test_a_refusal_of_one_id_is_no_matter_of_number() -> None:
    """Then `refused` says so: the error is real."""
    batches = Batches(texts(1, 2), Bounds())
    assert 2 == len(batches.next())
    assert batches.refused()
    assert texts(1) == batches.next()
    assert not batches.refused()


def test_a_smaller_number_than_was_taken_can_be_refused() -> None:
    """Ids of more digits make longer URLs: what was taken before does not hold any more, and halving begins anew."""
    learnt = Bounds(taken=100).having_refused(80)
    assert Bounds(taken=1, refused=80) == learnt
    assert 40 == learnt.size(80)


def test_what_was_refused_can_be_taken_later() -> None:
    """A larger batch that is answered takes a refusal back."""
    batch = texts(*range(1, 121))
    learnt = Bounds(taken=50, refused=100).having_answered(batch, {*texts(7, 9, 110)})
    assert Bounds(taken=120, refused=121, front=110, back=114, records=3) == learnt
    assert learnt == learnt.having_answered(batch, set())


def test_a_refused_batch_comes_before_the_rest() -> None:
    """In its order."""
    batches = Batches(texts(*range(1, 10)), Bounds(), most=6)
    batches.next()
    assert batches.refused(surely=True)
    assert texts(1, 2, 3) == batches.next()


def test_one_id_alone_tells_whether_their_number_was_refused() -> None:
    """It comes second, once in a call: if it is refused, too, halving would be in vain."""
    batches = Batches(texts(*range(1, 10)), Bounds(), most=8)
    assert 8 == len(batches.next())
    assert batches.refused()
    assert texts(1) == batches.next()
    batches.answered({"1"})
    assert texts(2, 3, 4, 5) == batches.next()
    assert batches.refused()
    assert texts(2, 3) == batches.next()


def test_a_refused_batch_is_asked_for_again_in_its_order() -> None:
    """With what was doubted in front, and without the witness."""
    batches = Batches(texts(*range(1, 8)), Bounds(), most=5)
    batches.next()
    batches.answered({"1"})  # 2 to 5 may have been passed over
    assert {*texts(1, 2, 3, 4, 5)} == {*batches.next()}
    assert batches.refused(surely=True)
    batches.bounds = Bounds(front=7, back=7, records=7)
    assert texts(2, 3, 4, 5, 6) == batches.next()


# -- ids that are passed over -------------------------------------------------------------------------------------


def test_what_stands_behind_the_last_answer_is_asked_for_again() -> None:
    """It may have been passed over: one more request tells, and that is within what is known to be read."""
    server = Server({*texts(*range(1, 149))})
    server.read(texts(*range(1, 151)))
    assert [texts(*range(1, 151)), texts(149, 150)] == server.asked


def test_ids_are_missing_between_two_that_were_answered_once_more_came() -> None:
    """Whether a server reads the first ids or the last: those between were read. But was all given that was found?"""
    server = Server({*texts(1, 3, 4, 6)})
    _, learnt = server.read(texts(1, 2, 3, 4, 5, 6))
    assert [texts(1, 2, 3, 4, 5, 6), texts(2, 5)] == server.asked
    assert (6, 4) == (learnt.read, learnt.records)
    again = Server(server.exist)
    again.read(texts(1, 2, 7, 8, 9), learnt)
    assert [texts(1, 2, 7, 8, 9)] == again.asked


@pytest.mark.parametrize(("asked", "came", "settled"), [(5, 3, True), (5, 4, False), (4, 4, True), (6, 0, False)])
def test_what_settles_a_batch(asked: int, came: int, settled: bool) -> None:
    """As many ids were read before; and fewer records came than are known to, or as many as could be."""
    assert settled is Bounds(front=5, back=7, records=4).settles(asked, came)


def test_doubted_ids_come_in_front_of_the_next_batch() -> None:
    """No request is made for them alone while there are others."""
    server = Server({*texts(*range(1, 199), *range(201, 399))})
    server.read(texts(*range(1, 399)))
    assert texts(199, 200, 201) == [text for text in server.asked[1] if text not in server.asked[0][:198]][:3]
    assert 3 == len(server.asked)


@pytest.mark.parametrize(
    "server",
    [
        Server({*texts(*range(1, 201))}, last=True, reads=1),
        Server({*texts(*range(1, 201))}, last=True, reads=25),
        Server({*texts(*range(1, 201))}, gives=25),
        Server({*texts(*range(1, 201))}, gives=1),
    ],
    ids=["last", "last 25", "gives 25", "gives 1"],
)
def test_records_that_are_held_back_are_found(server: Server) -> None:
    """A server that honours the last ids only, or cuts its answer: the control is that its first one lacks some."""
    first = server.answer(texts(*range(1, 201)))
    assert first is not None
    assert len(first) < 200
    server.asked.clear()
    found, _ = server.read(texts(*range(1, 206)))
    assert 200 == len(found)
    assert len(server.asked) + server.searched <= 205 // len(first) + 20


def test_ids_that_are_passed_over_are_found() -> None:
    """A server that reads the first 50 of any number, silently: the control is that its first answer lacks 150."""
    server = Server({*texts(*range(1, 201))}, reads=50)
    found, learnt = server.read(texts(*range(1, 201)))
    assert 200 == len(found)
    assert 50 == len(server.exist & set(server.asked[0][:50]))
    assert 50 == learnt.read
    assert 4 <= len(server.asked) <= 8


def test_witnesses_around_them_prove_that_ids_are_missing() -> None:
    """200 ids of which only two exist: they are asked for again, before and behind the others."""
    server = Server({*texts(3, 4)})
    found, learnt = server.read(texts(*range(1, 201)))
    assert {"3", "4"} == found
    assert [200, 200, 198] == sizes(server)
    assert texts(3, 4) == [server.asked[1][0], server.asked[1][-1]] or texts(4, 3) == [
        server.asked[1][0],
        server.asked[1][-1],
    ]
    assert 200 == learnt.read


def test_one_witness_stands_before_them_and_then_behind() -> None:
    """Where there is no other."""
    server = Server({*texts(100)})
    assert {"100"} == server.read(texts(*range(1, 201)))[0]
    assert 0 == server.searched
    assert ("100", "100") == (server.asked[1][0], server.asked[2][-1])
    assert [200, 200, 200, 199] == sizes(server)


def test_where_none_exists_witnesses_are_searched_for() -> None:
    """One request finds two records, one more proves that as many ids are read, and one that all 200 are missing."""
    server = Server({*texts(900, 901)})
    assert {"900", "901"} == server.read(texts(*range(1, 201)))[0]
    assert [200, 200, 200] == sizes(server)
    assert 1 == server.searched


def test_where_there_are_no_records_all_ids_are_missing() -> None:
    """An empty list needs no further proof."""
    server = Server(set())
    server.read(texts(*range(1, 201)))
    assert [200] == sizes(server)
    assert 1 == server.searched


def test_a_few_ids_are_asked_for_one_by_one_rather() -> None:
    """A search would cost more."""
    server = Server({*texts(900)})
    server.read(texts(1, 2, 3))
    assert [texts(1, 2, 3), *([text] for text in texts(1, 2, 3))] == server.asked
    assert 0 == server.searched


def test_a_witness_may_be_one_of_those_in_doubt() -> None:
    """The search finds what the first request passed over: no request holds it twice."""
    server = Server({*texts(150)}, reads=100)
    found, _ = server.read(texts(*range(1, 201)))
    assert {"150"} == found
    assert all(len(batch) == len(set(batch)) for batch in server.asked)


def test_witnesses_that_are_passed_over_stand_closer() -> None:
    """Half as far each time, until they are answered: then it is known how far the server reads."""
    server = Server({*texts(900, 901)}, reads=60)
    server.read(texts(*range(1, 201)))
    assert [200, 200, 100, 50] == sizes(server)[:4]
    assert 60 > max(sizes(server)[4:])


def test_witnesses_that_are_gone_do_no_harm() -> None:
    """Then ids are asked for one by one in the end: there is no loop."""
    batches = Batches(texts(*range(1, 201)), Bounds())
    requests = 0
    assert 200 == len(batches.next())
    batches.answered(set())
    assert batches.wants_witnesses
    batches.witnesses(["900", "901"])
    while batches.next():
        assert not batches.wants_witnesses
        requests += 1
        batches.answered(set())
    assert requests < 210


def test_one_witness_and_long_ids_end() -> None:
    """The room of a request, and no number, divides them: no request is repeated for ever."""
    server = Server({"a"})
    assert {"a"} == server.read(["a", *(f"{number}_{'x' * 2_000}" for number in range(20))])[0]
    assert len(server.asked) < 60


# -- length -------------------------------------------------------------------------------------------------------


def test_long_ids_make_smaller_batches() -> None:
    """The query stays below what gateways take."""
    ids = [f"{number}_{'x' * 90}" for number in range(150)]
    server = Server({*ids})
    server.read(ids)
    assert all(sum(len(f"&ids%5B%5D={text}") for text in batch) <= ROOM for batch in server.asked)
    assert 3 == len(server.asked)


def test_two_hundred_ids_of_ten_digits_fit() -> None:
    """Ids of Clio's length come 200 in a request."""
    server = Server(set())
    batches = Batches(texts(*range(1_700_000_000, 1_700_000_400)), Bounds())
    assert MOST == len(batches.next())
    assert [] == server.asked


def test_an_id_of_any_length_is_asked_for() -> None:
    """It stands alone then."""
    ids = ["y" * 5_000, "x" * 20_000, "z"]
    server = Server({*ids})
    assert set(ids) == server.read(ids)[0]
    assert [1, 1, 1] == sizes(server)


@pytest.mark.parametrize(
    ("status", "kind", "number"),
    [
        (413, None, True),
        (414, None, True),
        (431, None, True),
        (400, None, True),
        (422, "ArgumentError", True),
        (400, "InvalidFields", False),
        (422, "InvalidFields", False),
        (404, None, False),
        (429, None, False),
        (500, None, False),
    ],
)
def test_which_refusals_may_be_of_the_number(status: int, kind: str | None, number: bool) -> None:
    """Those of the length of a URL, and of values; not that of an unknown field."""
    assert number is is_too_many(status, kind)
