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
    """Refuses more than `takes` ids, and passes over those behind the first `reads`."""

    exist: Set[str]
    takes: int = MOST
    reads: int = MOST
    asked: list[list[str]] = field(factory=list[list[str]])
    searched: int = 0

    def answer(self, batch: list[str]) -> set[str] | None:
        self.asked.append(batch)
        return None if len(batch) > self.takes else {text for text in batch[: self.reads] if text in self.exist}

    def read(self, ids: Iterable[str], bounds: Bounds | None = None) -> tuple[set[str], Bounds]:
        """Read ids as a client does; return what was found, and what was learnt."""
        batches = Batches(ids, bounds or Bounds())
        found: set[str] = set()
        while True:
            if batches.wants_witness:
                self.searched += 1
                first = min(self.exist, default=None)
                batches.witness(first)
                found |= {first} if first is not None else set()
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
    bounds=st.sampled_from([None, Bounds(taken=50, refused=100), Bounds(taken=1, refused=2), Bounds(10, 201)]),
)
def test_what_exists_is_found(asked: list[int], exist: set[int], takes: int, reads: int, bounds: Bounds | None) -> None:
    """Law: whatever a server refuses or passes over, and whatever was believed before, no record is taken for missing;
    and it takes no more requests than one for each id and a few."""
    server = Server(set(texts(*exist)), takes, reads)
    found, learnt = server.read(texts(*asked), bounds)
    wanted = set(texts(*asked))
    assert wanted & server.exist == found & wanted
    assert all(len(batch) == len(set(batch)) <= MOST for batch in server.asked)
    assert len(server.asked) + server.searched <= len(wanted) + 20
    assert learnt.taken <= takes or bounds is not None
    assert learnt.reach <= max(1, min(takes, reads))


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
    assert Bounds(taken=MOST, reach=MOST) == learnt


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
    assert [200, 100] == sizes(server)[:2]
    assert 100 == learnt.taken
    again = Server(server.exist, takes=100)
    again.read(texts(*range(1, 601)), learnt)
    assert [100] * 6 == sizes(again)


def test_more_is_tried_where_it_pays() -> None:
    """150 are taken: after 100 were, 150 saves a quarter of the requests, and the rest of the way does not."""
    server = Server({*texts(*range(1, 10_001))}, takes=150)
    server.read(texts(*range(1, 10_001)))
    assert [200, 100, 150, 150] == sizes(server)[:4]
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
    assert Bounds(taken=120, refused=121, reach=7) == Bounds(taken=50, refused=100).having_taken(120, 7)


def test_a_refused_batch_comes_before_the_rest() -> None:
    """In its order."""
    batches = Batches(texts(*range(1, 10)), Bounds(), most=6)
    batches.next()
    assert batches.refused()
    assert texts(1, 2, 3) == batches.next()


def test_a_refused_batch_is_asked_for_again_in_its_order() -> None:
    """With what was doubted in front, and without the witness."""
    batches = Batches(texts(*range(1, 8)), Bounds(), most=5)
    batches.next()
    batches.answered({"1"})  # 2 to 5 may have been passed over
    assert texts(2, 3, 4, 5, 1) == batches.next()
    assert batches.refused()
    batches.bounds = Bounds()
    assert texts(2, 3, 4, 5, 1) == batches.next()
    batches.answered({"2", "1"})
    assert texts(6, 7) == batches.next()
    assert batches.refused()
    assert texts(6) == batches.next()


# -- ids that are passed over -------------------------------------------------------------------------------------


def test_what_stands_behind_the_last_answer_is_asked_for_again() -> None:
    """It may have been passed over: one more request tells, and that is within what is known to be read."""
    server = Server({*texts(*range(1, 149))})
    server.read(texts(*range(1, 151)))
    assert [texts(*range(1, 151)), texts(149, 150)] == server.asked


def test_what_stands_before_a_place_that_was_answered_is_missing() -> None:
    """Also in another request: the place is what counts."""
    server = Server({*texts(3, 5)})
    _, learnt = server.read(texts(1, 2, 3))
    server.read(texts(8, 9, 10), learnt)
    assert [texts(1, 2, 3), texts(8, 9, 10)] == server.asked


def test_doubted_ids_come_in_front_of_the_next_batch() -> None:
    """No request is made for them alone while there are others."""
    server = Server({*texts(*range(1, 199), *range(201, 399))})
    server.read(texts(*range(1, 399)))
    assert 2 == len(server.asked)
    assert texts(199, 200, 201) == server.asked[1][:3]


def test_ids_that_are_passed_over_are_found() -> None:
    """A server that reads the first 50 of any number, silently: the control is that its first answer lacks 150."""
    server = Server({*texts(*range(1, 201))}, reads=50)
    found, learnt = server.read(texts(*range(1, 201)))
    assert 200 == len(found)
    assert 50 == len(server.exist & set(server.asked[0][:50]))
    assert 50 == learnt.reach
    assert 4 <= len(server.asked) <= 8


def test_a_witness_behind_them_proves_that_ids_are_missing() -> None:
    """200 ids of which only the first exists: it is asked for again, behind the others."""
    server = Server({*texts(1)})
    found, learnt = server.read(texts(*range(1, 201)))
    assert {"1"} == found
    assert [200, 200] == sizes(server)
    assert "1" == server.asked[1][-1]
    assert 0 == server.searched
    assert 200 == learnt.reach


def test_where_none_exists_a_witness_is_searched_for() -> None:
    """One request finds a record, and one more proves that all 199 others are missing."""
    server = Server({*texts(900)})
    assert set() == server.read(texts(*range(1, 201)))[0] - {"900"}
    assert [200, 200] == sizes(server)
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
    assert [texts(1, 2, 3), texts(2, 3), texts(3)] == server.asked
    assert 0 == server.searched


def test_a_witness_may_be_one_of_those_in_doubt() -> None:
    """The search finds what the first request passed over: it is asked for at the end, once."""
    server = Server({*texts(150)}, reads=100)
    found, _ = server.read(texts(*range(1, 201)))
    assert {"150"} == found
    assert all(len(batch) == len(set(batch)) for batch in server.asked)


def test_a_witness_that_is_passed_over_stands_further_in_front() -> None:
    """Half as far each time, until it is answered: then it is known how far the server reads."""
    server = Server({*texts(900)}, reads=60)
    server.read(texts(*range(1, 201)))
    assert [200, 200, 100, 50] == sizes(server)[:4]
    assert 60 > max(sizes(server)[4:])


def test_a_witness_that_is_gone_does_no_harm() -> None:
    """Each request settles one id at least, and another witness is searched for."""
    batches = Batches(texts(*range(1, 201)), Bounds())
    searched = requests = 0
    while True:
        if batches.wants_witness:
            searched += 1
            batches.witness("900" if searched == 1 else "901")
        batch = batches.next()
        if not batch:
            break
        requests += 1
        batches.answered({"901"} & {*batch})
    assert 2 == searched
    assert requests < 12


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
