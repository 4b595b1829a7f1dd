"""Servers whose links form any graph: every walk ends, gives nothing twice, and loses nothing silently (F56)."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clio_async.errors import PaginationLoop, UntrustedLink
from clio_async.protocol.walks import BARREN

from .fake import FakeClio, page

MATTERS = "https://app.clio.com/api/v4/matters.json"
ELSEWHERE = -1

IDS = st.lists(st.integers(1, 14), max_size=4)
NODES = st.lists(st.tuples(IDS, st.none() | st.integers(ELSEWHERE, 8)), min_size=1, max_size=8)
ORDERS = st.sampled_from([None, "display_number(asc)"])


class Graph(FakeClio):
    """Pages that point to each other."""

    def __init__(self, nodes: list[tuple[list[int], int | None]]) -> None:
        super().__init__()
        self.nodes = nodes
        self.visited: list[int] = []

    def _answer(self) -> bytes:
        here = int(self.calls[-1].parameters.get("page_token", 0))
        self.visited.append(here)
        ids, following = self.nodes[here]
        link = None if following is None else f"{MATTERS}?page_token={following % len(self.nodes)}"
        self.answers = [page(*ids, link="https://evil.test/x" if following == ELSEWHERE else link)]
        return super()._answer()


async def walked(clio: Graph, order: str | None, prefetch: int) -> tuple[list[int], str]:
    """Return the ids that a walk gives, and how it ends."""
    seen: list[int] = []
    more: dict[str, Any] = {} if order is None else {"order": order}
    try:
        async for matter in clio.matters.list(fields="id", prefetch=prefetch, **more):
            seen.append(matter.id)
    except (PaginationLoop, UntrustedLink) as error:
        return seen, type(error).__name__ if error.resume_token else "an error without a token"
    return seen, "the end"


@given(NODES, ORDERS)
@settings(deadline=None, max_examples=300)
def test_a_walk_through_any_graph_ends(nodes: list[tuple[list[int], int | None]], order: str | None) -> None:
    """Law: in one request more than there are pages, or by cursor for each id and some pages without any; each id comes
    once, and where the walk comes to the end of the list, every id of the pages it passed.
    """
    clio = Graph(nodes)
    seen, ended = anyio.run(walked, clio, order, 0)
    assert len(seen) == len({*seen})
    different = len({number for ids, _ in nodes for number in ids})
    assert len(clio.calls) <= (len(nodes) + 1 if order else (different + 1) * (BARREN + 1))
    came = {number for node in clio.visited for number in nodes[node][0]}
    if ended != "PaginationLoop" or order:
        assert came == {*seen}
    if order is None:
        assert {*seen} <= came
    ahead = Graph(nodes)
    assert (seen, ended) == anyio.run(walked, ahead, order, 1)
    assert clio.visited == ahead.visited


@given(NODES, ORDERS, st.integers(0, 8))
@settings(deadline=None, max_examples=200)
def test_a_walk_through_any_graph_can_be_resumed_at_any_page(
    nodes: list[tuple[list[int], int | None]], order: str | None, after: int
) -> None:
    """Law: what was given before the break and after it is what one walk gives; one page at most is read again."""
    whole = Graph(nodes)
    seen, ended = anyio.run(walked, whole, order, 0)
    assume(ended == "the end")
    more: dict[str, Any] = {} if order is None else {"order": order}
    clio = Graph(nodes)
    given: list[int] = []

    async def broken() -> None:
        pages = clio.matters.list(fields="id", **more)
        walk, last = pages.by_page(), list[int]()
        for _ in range(after):
            last = [matter.id for matter in await anext(walk, [])]
            given.extend(last)
        token = pages.resume_token
        if token is None:
            return
        del given[len(given) - len(last) :]  # what was not delivered whole comes again
        given.extend([matter.id for matter in await clio.matters.list(fields="id", resume=token, **more).collect()])

    anyio.run(broken)
    assert {*seen} == {*given}
    if order is None:  # in another order nobody knows after the break what came before it
        assert len(seen) == len(given)
    assert len(clio.calls) <= len(whole.calls) + 1


class Endless(FakeClio):
    """Each page leads to one that was never there before."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__()
        self.ids = ids

    def _answer(self) -> bytes:
        self.answers = [page(*self.ids, link=f"{MATTERS}?page_token={len(self.calls)}")]
        return super()._answer()


@pytest.mark.parametrize("prefetch", [0, 1])
@pytest.mark.parametrize(("ids", "order"), [([], None), ([], "id(desc)"), ([1, 2], None), ([1, 2], "id(desc)")])
async def test_pages_without_end_and_without_anything_new_end(ids: list[int], order: str | None, prefetch: int) -> None:
    """New tokens are no progress (F56)."""
    clio = Endless(ids)
    more: dict[str, Any] = {} if order is None else {"order": order}
    with pytest.raises(PaginationLoop):
        await clio.matters.list(fields="id", prefetch=prefetch, **more).collect()
    assert len(clio.calls) <= BARREN + 1
