"""One sweep: what it asks for, and what it makes of the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from attrs import evolve

from ...codec import Page, parse
from ...errors import ApiVersionGone, BadRequest, FilterIgnored, Forbidden, Gone, NotFound, SchemaError
from ...models.schema import Operation
from ...models.selection import Fields, Selection
from ...protocol import etags
from ...protocol.changes import OVERLAP
from ...protocol.conditional import Validator
from ...protocol.rate_limit import epoch
from ...protocol.sweeps import Counts, by_tags, goes_on, requests_for
from ...refreshed import Refreshed
from .. import arguments, lists
from ..base import Refreshes
from ..caller import ExtraQuery
from ..many import ById
from .lots import Lot, known, lots
from .places import Places, check_past
from .tags import Facts, agree

__all__ = ["Sweep"]

_AT_ONCE = 500
"""Records that are outdated at a time: a store in another process is asked with all of them."""

Answer: TypeAlias = tuple[Facts | None, Any]
"""What an answer shows of tags, and the record."""


class Sweep:
    """Finds out what has become of records. What it is given is taken apart when it is made, but for records that are
    the package's own: these do not change, and to look at all of them takes its time.

    :raises InvalidArgument: if an argument cannot be right.
    """

    def __init__(
        self,
        resource: Refreshes[Any],
        records: Iterable[object],
        fields: Fields,
        since: dt.datetime | None,
        confirm: bool,
        extra: ExtraQuery | None,
    ) -> None:
        self._caller = resource._caller.unkept("batch")  # noqa: SLF001 - of the resource that this is a part of
        self._places = Places.of(resource)
        self._since = self._places.checked(since, confirm, self._caller.wall_clock())
        self._confirm = confirm
        self._extra = self._places.extra_query(extra, since)
        operation = self._places.operation
        held, self._ids = known(operation, records)
        needed = self._places.required(self._extra)
        says = partial(self._places.said_by, needed=needed)
        names = tuple([found.name for found in needed])
        self._lots = lots(operation, held, fields, names, says, strict=self._caller.strict)
        self._now: dict[str, Any] = {}
        self._same: dict[str, object] = {}
        self._unlisted: dict[str, object] = {}
        self._gone: set[str] = set()

    async def run(self) -> Refreshed[Any, Any]:
        """Ask, and return what was found."""
        for each in self._lots:
            await self._ask(each if isinstance(each, Lot) else await each.lot())
        await self._outdate()
        return self._found()

    async def _ask(self, lot: Lot) -> None:
        """Ask about the records of one lot."""
        ids: Sequence[str] = [*lot.held]
        facts = await lot.all_facts()
        if self._since is not None:
            ids = await self._unsettled_by_list(lot, facts, self._since)
        alone = len(ids) == 1 and not self._extra and self._places.reading is not None
        if self._places.by_ids and not alone:
            await self._by_pages(lot, ids, facts)
        else:
            for text in ids:
                told = await self._singly(lot, text, _condition(facts.get(text)))
                if not told and self._places.by_ids:  # whether it is this record that is withheld, or all of them
                    await self._by_pages(lot, ids, facts)
        if self._confirm:
            for text in [text for text in ids if not self._is_settled(text)]:
                await self._singly(lot, text, None)

    async def _outdate(self) -> None:
        """Let no later read be given an older answer than was found here."""
        of = self._places.reading or self._places.listing
        paths = [
            arguments.path(of, (number,)) if of is self._places.reading else of.path
            for text, number in self._ids.items()
            if text not in self._same and text not in self._unlisted
        ]
        for start in range(0, len(paths), _AT_ONCE):
            await self._caller.outdate(of.resource, paths[start : start + _AT_ONCE])

    def _is_settled(self, text: str) -> bool:
        return text in self._same or text in self._now or text in self._gone

    def _found(self) -> Refreshed[Any, Any]:
        ids, gone = self._ids, self._gone
        told = self._now.keys() | self._same.keys() | self._unlisted.keys() | gone
        return Refreshed(
            changed=tuple([self._now[text] for text in ids if text in self._now]),
            unchanged=tuple([self._same[text] for text in ids if text in self._same]),
            missing=tuple([ids[text] for text in ids if text not in told]),
            gone=tuple([ids[text] for text in ids if text in gone]),
            unlisted=tuple([self._unlisted[text] for text in ids if text in self._unlisted]),
        )

    def _settle(self, lot: Lot, text: str, shown: Facts | None, record: Any) -> bool:
        """Take down what was read in full. Return whether it had changed."""
        if lot.unchanged(text, record, shown):
            self._same[text] = lot.held[text]
            return False
        self._now[text] = record
        return True

    # -- pages of ids -------------------------------------------------------------------------------------------------

    async def _by_pages(self, lot: Lot, ids: Sequence[str], facts: Mapping[str, Facts]) -> None:
        """Ask by ids: for tags, and then in full for what has changed; or all in full."""
        reading: ById[Answer] = ById(self._caller, self._places.listing, self._extra, partial(_shaped, lot), lot.given)
        tagged = [text for text in ids if text in facts]
        whole = [text for text in ids if text not in facts]
        counts = Counts(len(ids), len(tagged), len(whole))
        if tagged and by_tags(counts, reading.size, self._caller.spare()):
            whole += await self._by_tags(lot, reading, tagged, facts, counts)
        else:
            whole = [*ids]

        waiting = dict.fromkeys(whole)

        def take(answers: Mapping[str, Answer]) -> None:
            for text, (shown, record) in answers.items():
                if text in waiting:
                    del waiting[text]
                    self._settle(lot, text, shown, record)

        await reading.all(whole, lambda: lot.selection, take)

    async def _by_tags(
        self, lot: Lot, reading: ById[Answer], ids: Sequence[str], facts: Mapping[str, Facts], counts: Counts
    ) -> list[str]:
        """Ask for the tags of records, as long as that is worth while. Return what has to be read in full."""
        waiting = dict.fromkeys(ids)
        changed: list[str] = []
        compared = settled = 0  # the latter had changed and were read in full
        lean = lot.lean

        def choose() -> Selection[Any]:
            nonlocal lean
            whole, known_changed = counts.whole + len(changed), len(changed) + settled
            now = Counts(counts.records, len(waiting), whole, compared, known_changed)
            lean = lot.lean if by_tags(now, reading.size, self._caller.spare()) else None
            return lean or lot.selection

        def take(answers: Mapping[str, Answer]) -> None:
            nonlocal compared, settled
            for text, (shown, record) in answers.items():
                if text not in waiting:
                    continue
                del waiting[text]
                compared += 1
                if lean is None:
                    settled += self._settle(lot, text, shown, record)
                elif agree(facts[text], shown):
                    self._same[text] = lot.held[text]
                else:
                    changed.append(text)

        try:
            await reading.all(ids, choose, take)
        except BadRequest as error:
            if lean is None or error.type != "InvalidFields":
                raise
            return [*changed, *waiting]  # the server refuses what tags are asked for by: its records say more
        return changed

    # -- what has changed since ---------------------------------------------------------------------------------------

    async def _unsettled_by_list(self, lot: Lot, facts: Mapping[str, Facts], since: dt.datetime) -> list[str]:
        """Read the list of what has changed since, as long as it is the shorter way. Return what is still to be asked.

        It is of use for what the tags of the records alone cover: that is what their `updated_at` tells of.
        """
        others = [text for text in lot.held if text not in facts]
        waiting = dict.fromkeys(facts)
        if not lot.own_alone or self._spared(waiting, others) <= 1:
            return [*lot.held]
        given = {**lot.given, "updated_since": since - OVERLAP}
        listing = self._places.listing
        shaped = partial(_identified, lot, since)
        answers = lists.pages(self._caller, listing, lot.selection, (), None, None, 0, given, None, shaped)
        read = 0
        async for page in answers.by_page():
            for text, (shown, record) in page:
                if text in waiting:
                    del waiting[text]
                    self._settle(lot, text, shown, record)
            read += 1
            if not goes_on(read, answers.total, lists.size_of(listing), self._spared(waiting, others)):
                return [*others, *waiting]
        self._unlisted.update({text: lot.held[text] for text in waiting})
        return others

    def _spared(self, waiting: Mapping[str, None], others: Sequence[str]) -> int:
        """Return how many requests those that are waiting take, if the others are asked for in any case."""
        if not self._places.by_ids:
            return len(waiting)
        size = ById[Any](self._caller, self._places.listing, self._extra).size
        return requests_for(len(waiting) + len(others), size) - requests_for(len(others), size)

    # -- one by one ---------------------------------------------------------------------------------------------------

    async def _singly(self, lot: Lot, text: str, unless: Validator | None) -> bool:
        """Ask for one record alone. Return whether the answer tells anything."""
        operation = self._places.single
        selection = evolve(lot.selection, decode=partial(_decoded, operation, lot.selection, text))
        path = arguments.path(operation, (self._ids[text],))
        query = arguments.query(operation, lot.selection, {}, None)
        try:
            record = await self._caller.read(operation, path, query, selection, unless=unless)
        except ApiVersionGone:
            raise
        except (NotFound, Gone):
            self._gone.add(text)
        except Forbidden:
            return False
        else:
            if record is None:
                self._same[text] = lot.held[text]
            else:
                self._settle(lot, text, lot.facts_of(record), record)
        return True


def _decoded(operation: Operation, selection: Selection[Any], text: str, body: bytes) -> Any:
    """Decode the answer about one record.

    :raises FilterIgnored: if it is another one.
    :raises SchemaError: if whose it is cannot be told.
    """
    record = selection.decode(body)
    document: Any = parse(body)
    found = document["data"].get("id")  # as an object it was decoded
    if found is None:
        path = "data.id"
        raise SchemaError(f"{operation.path} was answered without an id: whose it is cannot be told.", path=path)
    if str(found) != text:
        raise FilterIgnored(f"{operation.path} was answered with another record than the one that was asked for.")
    return record


def _condition(facts: Facts | None) -> Validator | None:
    tag = None if facts is None else facts["etag"]
    return ("If-None-Match", tag) if tag is not None and etags.is_tag(tag) else None


def _shaped(lot: Lot, page: Page[Any]) -> Page[Answer]:
    tags = lot.tags
    return page.paired(lambda document: None if tags is None else tags.shown(document))


def _identified(lot: Lot, since: dt.datetime, page: Page[Any]) -> Page[tuple[str, Answer]]:
    now = None if page.date is None else epoch(page.date)
    if now is not None:
        check_past(since, now)
    return _shaped(lot, page).paired(lambda document: str(document.get("id")))
