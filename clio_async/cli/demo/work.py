"""The work itself, through the public API: reads, guarded writes, versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from attrs import frozen

from ...client import Clio
from ...errors import ApiVersionGone, PreconditionFailed
from ...middleware.observe import capture_responses
from ...models.record import RecordETag, Ref
from ...options import TagScope
from .counts import Chapter, Claim, Part, Side, client_tally
from .server import Server
from .show import Screen

__all__ = ["Card", "Firm", "every_part", "steps"]

PAGE = 200
RETIRED = "4.0.12"
NEW_NAME = "Renamed & Partners"

T = TypeVar("T")


@frozen
class Card:
    """A matter with the name of its client, which is a record of its own."""

    id: int
    etag: RecordETag
    display_number: str
    description: str | None
    client: Ref | None


@frozen
class Firm:
    """Two clients of one firm, one with validators and one without, and where they report to."""

    server: Server
    clio: Clio
    bare: Clio
    screen: Screen
    chapter: Chapter
    scope: TagScope
    matters: int
    reads: int

    def claim(self, text: str, expected: object, found: object, *, shown: bool = True) -> None:
        """Note something that has to be so."""
        self.chapter.claims.append(Claim(text, expected, found, shown))

    async def in_both_ways(self, name: str, read: Callable[[Clio], Awaitable[T]]) -> T:
        """Do a part of the work with validators and without; the answers have to be the same."""
        self.screen.begin(name)
        found, validated = await self._counted(self.clio, read)
        other, bare = await self._counted(self.bare, read)
        self.chapter.parts.append(Part(name, validated, bare))
        self.claim(f"{name}: the same records with validators as without", True, found == other, shown=False)
        return found

    async def in_one_way(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do a part of the work that is no use without validators."""
        self.screen.begin(name)
        _, side = await self._counted(self.clio, lambda _: act())
        self.chapter.parts.append(Part(name, side))

    async def _counted(self, clio: Clio, act: Callable[[Clio], Awaitable[T]]) -> tuple[T, Side]:
        server, client, saved = await self.server.tally(), client_tally(clio.stats), clio.stats.bytes_saved
        started = perf_counter()
        result = await act(clio)
        seconds = perf_counter() - started
        return result, Side(
            client_tally(clio.stats).since(client),
            (await self.server.tally()).since(server),
            clio.stats.bytes_saved - saved,
            seconds,
        )

    async def every_matter(self, clio: Clio) -> list[Any]:
        """Read all matters, a page at a time."""
        found: list[Any] = []
        async for page in clio.matters.list().by_page():
            found += page
            self.screen.step()
        return found

    async def each(self, clio: Clio, ids: Iterable[int], fields: Any = None) -> dict[int, Any]:
        """Read matters one by one."""
        found: dict[int, Any] = {}
        for number in ids:
            found[number] = await clio.matters.get(number, fields=fields)
            self.screen.step()
        return found


def steps(matters: int, reads: int) -> int:
    """Return how many steps of the progress bar the work for one kind of tag takes."""
    return 2 * (pages(matters) + 5 * reads)


def pages(matters: int) -> int:
    """Return how many requests reading all matters takes."""
    return -(-matters // PAGE)


def spread(ids: Sequence[int], count: int) -> list[int]:
    """Return `count` of `ids`, evenly spread."""
    return [ids[index * len(ids) // count] for index in range(count)]


async def every_part(firm: Firm) -> None:
    """Do all of the work."""
    chosen = await listing(firm)
    await reading(firm, chosen)
    await writing(firm, chosen)
    await versions(firm, chosen[0])


async def listing(firm: Firm) -> list[int]:
    """Read all matters; return those that are read one by one later."""
    matters = await firm.in_both_ways("all, in pages of 200", firm.every_matter)
    ids = [matter.id for matter in matters]
    firm.claim(f"{firm.matters:,} matters were listed, each once", [firm.matters] * 2, [len(ids), len(set(ids))])
    asked = firm.chapter.parts[-1].validated.server.requests
    firm.claim(f"that took {pages(firm.matters)} requests", pages(firm.matters), asked)
    return spread(ids, firm.reads)


async def reading(firm: Firm, chosen: list[int]) -> None:
    """Read matters again and again, while another user changes some of them and a client's name."""
    own = await firm.in_both_ways(f"{len(chosen)}, one by one", lambda clio: firm.each(clio, chosen))
    await firm.in_both_ways("the same again", lambda clio: firm.each(clio, chosen))
    _validated(firm, "nothing had changed: every read was validated, none transferred", len(chosen))
    cards = await firm.in_both_ways("with their client's name", lambda clio: firm.each(clio, chosen, Card))

    edited = set(chosen[:: max(2, len(chosen) // 12)])
    client = cards[chosen[-1]].client.id
    renamed = {number for number, card in cards.items() if card.client.id == client}
    await _change(firm.server, edited, client)

    later = await firm.in_both_ways("after the changes", lambda clio: firm.each(clio, chosen))
    _validated(firm, "every unchanged matter was validated", len(chosen) - len(edited))
    seen = _differing(own, later)
    firm.claim(f"{len(edited)} matters changed by another user: exactly these are seen", edited, seen)

    later = await firm.in_both_ways("with names, after", lambda clio: firm.each(clio, chosen, Card))
    unchanged = len(chosen) - len(edited | renamed)
    _validated(firm, _NAMES[firm.scope], unchanged if firm.scope == "representation" else 0)
    seen = {number for number, card in later.items() if card.client.name == NEW_NAME}
    firm.claim(f"a client renamed, in {len(renamed)} of the matters: exactly these show it", renamed, seen)
    firm.claim("nothing else is seen to have changed", edited | renamed, _differing(cards, later))


_NAMES = {
    "record": "a matter's tag does not cover its client's name: all were read in full",
    "representation": "the tag covers the client's name: all that is unchanged was validated",
}


async def _change(server: Server, edited: Iterable[int], client: int) -> None:
    for number in edited:
        await server.change("matters", number, description=f"Changed by another user ({number})")
    await server.change("contacts", client, name=NEW_NAME)


def _validated(firm: Firm, text: str, expected: int) -> None:
    """Claim how many answers of the last part were 304s, by the server's count."""
    firm.claim(f"{text} (304: {expected})", expected, firm.chapter.parts[-1].validated.server.not_modified)


def _differing(before: dict[int, Any], after: dict[int, Any]) -> set[int]:
    return {number for number in before if before[number] != after[number]}


async def writing(firm: Firm, chosen: list[int]) -> None:
    """Update a matter under `If-Match`, and another one that somebody else has changed meanwhile."""
    quiet, contested = chosen[0], chosen[1]
    outcome: list[object] = []

    async def write() -> None:
        matter = await firm.clio.matters.get(quiet)
        await firm.clio.matters.update(matter, description="Ours")
        outcome.append((await firm.clio.matters.get(quiet)).description)
        stale = await firm.clio.matters.get(contested)
        await firm.server.change("matters", contested, description="Theirs")
        try:
            await firm.clio.matters.update(stale, description="Ours")
        except PreconditionFailed as refused:
            outcome.append(refused.status)
        outcome.append((await firm.server.record("matters", contested, "description"))["description"])
        current = await firm.clio.matters.get(contested)
        await firm.clio.matters.update(current, description=f"{current.description}, then ours")

    await firm.in_one_way("updates and a conflict", write)
    firm.claim("updated with If-Match, and the next read shows it", ["Ours"], outcome[:1])
    firm.claim(
        "an update of what another user changed is refused (412), their text stands", [412, "Theirs"], outcome[1:]
    )
    held = await firm.server.record("matters", contested, "description")
    firm.claim("read again and updated: nothing of either is lost", "Theirs, then ours", held["description"])


async def versions(firm: Firm, id: int) -> None:
    """Pin a version, see it answer, and see it gone."""
    pinned = firm.clio.options(api_version=RETIRED)
    answered: list[str | None] = []
    refused: list[int] = []

    async def read() -> None:
        with capture_responses() as seen:
            await pinned.matters.get(id)
        answered.extend(exchange.api_version for exchange in seen)
        await firm.server.retire(RETIRED)
        try:
            await pinned.matters.get(id)
        except ApiVersionGone as gone:
            refused.append(gone.status)

    await firm.in_one_way("a version that ends", read)
    firm.claim(f"version {RETIRED} was pinned, and answered", [RETIRED], answered)
    firm.claim("when it has ended it is not taken for a record that is gone (410)", [410], refused)
