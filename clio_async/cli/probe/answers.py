"""What a judgement says: an `Answer`, or why there is none; and how it takes what it needs from the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import frozen

from .exchanges import Evidence, Exchange, content, is_list, is_object

__all__ = ["Answer", "Judgement", "Unanswered", "asked", "data", "judged", "meta", "rows", "succeeded", "tag_of"]


@frozen
class Answer:
    """What was found out: a JSON value, and a sentence."""

    found: Any = None
    text: str = ""
    reason: str = ""
    """Why there is no answer; empty if there is one."""

    @property
    def is_known(self) -> bool:
        """Whether the question is answered."""
        return not self.reason


class Unanswered(Exception):
    """A question cannot be answered; the text says why."""


Judgement: TypeAlias = Callable[[Evidence], Answer]


def judged(judgement: Judgement, evidence: Evidence) -> Answer:
    """Return what a judgement says, whatever the server has answered."""
    try:
        return judgement(evidence)
    except Unanswered as why:
        return Answer(reason=str(why))


def asked(evidence: Evidence, name: str) -> Exchange:
    """Return an exchange that was answered, with whatever status.

    :raises Unanswered: if there is none.
    """
    exchange = evidence.exchanges.get(name)
    if exchange is None:
        raise Unanswered(evidence.skipped.get(name, "it was not asked"))
    if exchange.failure or exchange.doubt:
        raise Unanswered(exchange.failure or exchange.doubt)
    return exchange


def succeeded(evidence: Evidence, name: str) -> Exchange:
    """Return an exchange that was answered with 200.

    :raises Unanswered: if there is none.
    """
    exchange = asked(evidence, name)
    if exchange.status != 200:
        raise Unanswered(_status(exchange))
    return exchange


def _status(exchange: Exchange) -> str:
    why = {403: ": this token may not read that", 429: ": the quota was used up by others"}.get(exchange.status, "")
    return f"the server answered {exchange.status}{why}"


def _envelope(exchange: Exchange) -> dict[str, Any]:
    found = content(exchange)
    if not is_object(found):
        raise Unanswered("the answer is not JSON as Clio writes it")
    return found


def data(exchange: Exchange) -> dict[str, Any]:
    """Return the record of an answer.

    :raises Unanswered: if there is none.
    """
    found = _envelope(exchange).get("data")
    if not is_object(found):
        raise Unanswered("the answer holds no record")
    return found


def rows(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the records of a page.

    :raises Unanswered: if it is no page.
    """
    found = _envelope(exchange).get("data")
    if not is_list(found):
        raise Unanswered("the answer holds no list")
    return [row for row in found if is_object(row)]


def meta(exchange: Exchange) -> dict[str, Any]:
    """Return the `meta` of a page; empty if there is none.

    :raises Unanswered: if the answer is no JSON object.
    """
    found = _envelope(exchange).get("meta")
    return found if is_object(found) else {}


def tag_of(exchange: Exchange) -> str:
    """Return the ETag header.

    :raises Unanswered: if there is not exactly one.
    """
    tag = exchange.headers.single("etag")
    if tag is None:
        raise Unanswered("the answer has no ETag")
    return tag
