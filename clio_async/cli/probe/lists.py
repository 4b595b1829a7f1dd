"""Judgements on pages: https://docs.developers.clio.com/api-docs/paging."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from ...protocol.urls import REGIONS, origin
from .answers import Answer, Unanswered, asked, meta, rows, succeeded
from .exchanges import Evidence, Exchange, is_object
from .subject import IDS, places

__all__ = [
    "ids_overflow",
    "implicit_cursor",
    "limit_overflow",
    "max_ids",
    "max_url",
    "next_carries",
    "next_suffix",
    "page_link",
    "page_token",
    "public_origin",
    "records",
]

_FORMS = {
    (True, False): (None, "as it was asked for"),
    (True, True): (True, "always with .json"),
    (False, False): (False, "always without .json"),
    (False, True): ("other", "with .json where it was asked without, and without where it was asked with"),
}


def page_link(exchange: Exchange, *names: str) -> str:
    """Return the first of the named links that a page has, ``next`` unless others are named.

    :raises Unanswered: if it has none.
    """
    paging = meta(exchange).get("paging")
    for name in names or ("next",):
        link = paging.get(name) if is_object(paging) else None
        if isinstance(link, str):
            return link
    raise Unanswered("the page has no link to another: there are too few records, or it says no more")


def _query(link: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(link).query)
    except ValueError:
        raise Unanswered("the link to the next page is no URL") from None


def page_token(exchange: Exchange) -> str | None:
    """Return the cursor in the link to the next page, None if that leads by another way."""
    return _query(page_link(exchange)).get("page_token", [None])[-1]


def implicit_cursor(evidence: Evidence) -> Answer:
    """Say whether a list without `order` is read by cursor: whether it leads to the same place as ``id(asc)``."""
    ordered, bare = succeeded(evidence, "cursor"), succeeded(evidence, "bare")
    first, second = page_token(ordered), page_token(bare)
    if second is None:
        return Answer(False, "no, by offset: ask for order=id(asc)")
    if first == second:
        return Answer(True, "yes: its cursor is that of order=id(asc)")
    if page_token(succeeded(evidence, "cursor-again")) != first:
        raise Unanswered("the cursor is another one each time, so it does not tell")
    return Answer(False, "no: its page_token is not that of order=id(asc), so ask for that")


def next_carries(evidence: Evidence) -> Answer:
    """Say what leads on from a page that was asked for by offset."""
    link = page_link(succeeded(evidence, "offset"), "next", "previous")
    found = next((name for name in ("page_token", "offset") if name in _query(link)), None)
    if found is None:
        raise Unanswered("the link names neither a page_token nor an offset")
    return Answer(found, found)


def next_suffix(evidence: Evidence) -> Answer:
    """Say whether `next` says ``.json``: for a list that was asked with it, and one without."""
    forms = [_ends(page_link(succeeded(evidence, name))) for name in ("cursor", "bare")]
    found, text = _FORMS[forms[0], forms[1]]
    return Answer(found, text)


def _ends(link: str) -> bool:
    return link.partition("?")[0].endswith(".json")


def public_origin(evidence: Evidence) -> Answer:
    """Say where `next` leads; None for the origin that was asked."""
    there = origin(page_link(succeeded(evidence, "cursor")))
    if there == origin(evidence.base):
        return Answer(None, "at the origin that was asked")
    if there not in REGIONS.values():
        return Answer("other", "somewhere that is not shown here")
    return Answer(there, f"at {there}: only its query is followed")


def records(evidence: Evidence) -> Answer:
    """Say what `meta.records` counts, by a page of one record that is not the last."""
    page = succeeded(evidence, "cursor")
    page_link(page)
    count = meta(page).get("records")
    if not isinstance(count, int):
        return Answer("absent", "it is not there")
    return Answer("page", "the records of the page") if count <= len(rows(page)) else Answer("total", "all that match")


def limit_overflow(evidence: Evidence) -> Answer:
    """Say what becomes of a `limit` above 200."""
    exchange = asked(evidence, "limit")
    if exchange.status in {400, 422}:
        return Answer("error", f"{exchange.status}")
    shown = len(rows(succeeded(evidence, "limit")))
    return Answer("clamp", f"it is lowered to {shown}" if shown == 200 else f"no error; {shown} came")


def _outcomes(evidence: Evidence) -> list[tuple[int, Exchange]]:
    """Return what was answered for so many ids, most first."""
    names = [(number, f"ids-{number}") for number in IDS]
    return [(number, asked(evidence, name)) for number, name in names if name in evidence.exchanges]


def _bound(evidence: Evidence) -> tuple[int | None, int | None, str | None]:
    """Return (the most ids that are known to be read, the fewest that are not, what became of those)."""
    taken: int | None = None
    refused: int | None = None
    for number, exchange in _outcomes(evidence):
        if exchange.status in {400, 422}:
            refused = number
        elif exchange.status == 200:
            return _read(evidence, number, exchange, refused)
    return taken, refused, None if refused is None else "error"


def _read(
    evidence: Evidence, number: int, exchange: Exchange, refused: int | None
) -> tuple[int | None, int | None, str | None]:
    came = [row.get("id") for row in rows(exchange)]
    missing = [place for place, wanted in places(evidence, number) if wanted not in came]
    if missing:
        read = [place for place, wanted in places(evidence, number) if place < missing[0] and wanted in came]
        return (read[-1] if read else None), missing[0], "ignore"
    return number, refused, None if refused is None else "error"


def max_ids(evidence: Evidence) -> Answer:
    """Say how many `ids[]` are read; None if no bound was met."""
    if f"ids-{IDS[0]}" not in evidence.exchanges:
        asked(evidence, f"ids-{IDS[0]}")
    taken, beyond, _ = _bound(evidence)
    if beyond is None:
        if taken is None:
            raise Unanswered("none of the lists of ids was answered with records")
        return Answer(None, f"{taken} at least")
    return Answer([taken, beyond], f"{taken or 'fewer'} are read, {beyond} are not")


def ids_overflow(evidence: Evidence) -> Answer:
    """Say what becomes of more `ids[]` than are read."""
    max_ids(evidence)
    became = _bound(evidence)[2]
    if became is None:
        raise Unanswered(f"no bound was met with {IDS[0]} ids")
    return Answer(became, "the list is refused" if became == "error" else "the rest is passed over in silence")


def max_url(evidence: Evidence) -> Answer:
    """Say whether the longest URL that was sent got through; None if so. It is that of many `ids[]`."""
    asked(evidence, f"ids-{IDS[0]}")
    lengths = [
        (exchange.status == 414, len(evidence.base) + len(exchange.target)) for _, exchange in _outcomes(evidence)
    ]
    refused = [length for long, length in lengths if long]
    if not refused:
        return Answer(None, f"{max(length for _, length in lengths):,} characters got through")
    through = [length for long, length in lengths if not long]
    text = f"{min(refused):,} characters are too many (414)"
    return Answer(
        [max(through, default=None), min(refused)], text + (f", {max(through):,} got through" if through else "")
    )
