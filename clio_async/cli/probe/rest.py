"""Judgements on errors, and on what was moved."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from ...protocol.urls import origin
from .answers import Answer, Unanswered, asked
from .exchanges import Evidence, Exchange, body_kind, content, is_object
from .names import UNKNOWN, words

__all__ = ["error_body", "practice_areas", "token_error"]

_LONGEST = 12  # segments of a path
_REFUSALS = {409, 412, 422}


def error_body(evidence: Evidence) -> Answer:
    """Say what the body of a 422, 412 or 409 is: the first one that came."""
    for exchange in evidence.exchanges.values():
        if exchange.status in _REFUSALS:
            kind = body_kind(exchange)
            return Answer(kind, f"{kind} ({exchange.status})")
    asked(evidence, "limit")
    raise Unanswered("nothing was answered with 422, 412 or 409")


def token_error(evidence: Evidence) -> Answer:
    """Say what a 401 says of a token that there never was."""
    exchange = asked(evidence, "bad-token")
    if exchange.status != 401:
        raise Unanswered(f"the server answered {exchange.status}")
    kind = body_kind(exchange)
    if kind == "envelope":
        return Answer("envelope", "Clio's usual error")
    if kind != "oauth":
        return Answer(kind, f"an answer with another body: {kind}")
    text = _said(exchange).lower()
    if "expired" in text and "invalid" in text:
        return Answer("generic", "that it is refused, and not why")
    return Answer("cause", "why it is refused")


def _said(exchange: Exchange) -> str:
    found = content(exchange)
    return str(found.get("error_description")) if is_object(found) else ""


def practice_areas(evidence: Evidence) -> Answer:
    """Say whether the list of practice areas is at its documented place, or leads elsewhere."""
    exchange = asked(evidence, "practice-areas")
    if exchange.status == 200:
        return Answer("here", "at their documented place")
    if exchange.status not in {301, 302, 303, 307, 308}:
        raise Unanswered(f"the server answered {exchange.status}")
    location = exchange.headers.single("location") or ""
    return Answer("moved", f"moved ({exchange.status}), to {_place(evidence.base, location)}")


def _place(base: str, location: str) -> str:
    """Return where a redirect leads: the words of the API in its path, without query and ids."""
    try:
        there = urljoin(f"{base}/practice_areas.json", location)
        path = urlsplit(there).path
    except ValueError:
        return "nowhere that can be read"
    if not location or origin(there) != origin(base):
        return "another origin" if location else "nowhere"
    known = [_segment(part) for part in path.split("/")]
    return "/".join(known) + (".json" if path.endswith(".json") else "") if len(known) < _LONGEST else UNKNOWN


def _segment(part: str) -> str:
    text = "{id}" if re.fullmatch(r"[0-9]+", part.removesuffix(".json")) else part.removesuffix(".json")
    return text if text in words() else UNKNOWN
