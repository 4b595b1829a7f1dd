"""Judgements on what `If-Match` does (RFC 9110 §13.1.1): https://docs.developers.clio.com/api-docs/etags."""

from __future__ import annotations

from .answers import Answer, Unanswered, asked, succeeded
from .exchanges import Evidence, Exchange
from .tags import body_tag

__all__ = [
    "etag_on_write",
    "if_match",
    "if_match_list",
    "if_match_required",
    "if_match_star",
    "if_match_weak",
    "moves_tag",
]


def _taken(evidence: Evidence, name: str) -> bool:
    """Say whether a PATCH was carried out, or refused for its condition."""
    status = asked(evidence, name).status
    if status not in {200, 412}:
        raise Unanswered(f"the server answered {status}")
    return status == 200


def if_match(evidence: Evidence) -> Answer:
    """Say whether `If-Match` is enforced, and which form of the tag it takes."""
    if _taken(evidence, "stale"):
        return Answer("ignored", "NOTHING: a stale tag was accepted. Nobody's change is safe from another's")
    own = _taken(evidence, "own-tag")
    if "header-tag" not in evidence.exchanges:
        text = "the tag" if own else "not even the etag of the body"
        return Answer("body" if own else "neither", f"{text}; the header has no other form")
    header = _taken(evidence, "header-tag")
    form = {(True, True): "both", (True, False): "body", (False, True): "header", (False, False): "neither"}[
        own, header
    ]
    texts = {"both": "the body's etag, and the header's", "body": "the body's etag, not the header's"}
    texts |= {"header": "the header's tag, not the body's", "neither": "neither the body's etag nor the header's"}
    return Answer(form, texts[form])


def if_match_weak(evidence: Evidence) -> Answer:
    """Say whether a weak tag is taken, against RFC 9110 §13.1.1."""
    header = evidence.exchanges.get("header-tag")
    target = succeeded(evidence, "target").headers.single("etag") or ""
    if header is not None and target.startswith("W/") and _taken(evidence, "header-tag"):
        return Answer(True, "yes, the header's own")
    found = _taken(evidence, "weak-tag")
    return Answer(found, "yes" if found else "no")


def if_match_star(evidence: Evidence) -> Answer:
    """Say whether ``If-Match: *`` is honoured."""
    found = _taken(evidence, "star")
    return Answer(found, "yes" if found else "no: nothing matches it")


def if_match_list(evidence: Evidence) -> Answer:
    """Say whether a list of tags is honoured."""
    found = _taken(evidence, "tag-list")
    return Answer(found, "yes" if found else "no: send one tag")


def if_match_required(evidence: Evidence) -> Answer:
    """Say whether a PATCH without `If-Match` is refused."""
    exchange = asked(evidence, "no-condition")
    if exchange.status == 428:
        return Answer(True, "yes (428)")
    if exchange.status != 200:
        raise Unanswered(f"the server answered {exchange.status}")
    return Answer(False, "no: the last writer wins")


def _written(evidence: Evidence) -> Exchange:
    for name in ("own-tag", "header-tag", "stale"):
        exchange = evidence.exchanges.get(name)
        if exchange is not None and exchange.status == 200 and not exchange.doubt:
            return exchange
    asked(evidence, "stale")
    raise Unanswered("no PATCH was carried out")


def etag_on_write(evidence: Evidence) -> Answer:
    """Say whether the answer to a PATCH carries an ETag."""
    found = _written(evidence).headers.single("etag") is not None
    return Answer(found, "yes" if found else "no")


def moves_tag(evidence: Evidence) -> Answer:
    """Say whether a PATCH that changes nothing gives the record another tag."""
    found = body_tag(_written(evidence)) != body_tag(succeeded(evidence, "target"))
    return Answer(found, "yes" if found else "no")
