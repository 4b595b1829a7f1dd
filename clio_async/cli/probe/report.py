"""What is kept of a run: answers, and of each exchange no more than its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._version import __version__
from ...protocol.urls import origin
from ...protocol.versions import PINNED
from .answers import Answer
from .exchanges import Evidence, Exchange, body_kind, content, digest, shape
from .names import HEADERS, UNKNOWN
from .questions import QUESTIONS, UNASKED

__all__ = ["report"]

_NUMBER = re.compile(r"\d+")
_HEX = re.compile(r"[0-9A-Za-z]+")
_SIGNS = re.compile(r"[^0-9A-Za-z<>\"/_-]")


def report(evidence: Evidence, answers: Mapping[str, Answer], *, at: str, salt: bytes) -> dict[str, Any]:
    """Return a report as JSON values: no token, no id, no value of a record, no text that the server wrote.

    `at` is the time. Equal bodies have equal digests, under the `salt` of this run.
    """
    return {
        "format": 1,
        "at": at,
        "product": f"clio_async {__version__}",
        "server": origin(evidence.base),
        "api_version": PINNED,
        "resource": evidence.resource,
        "answers": {name: _answer(QUESTIONS[name].text, answer) for name, answer in answers.items()},
        "unasked": dict(UNASKED),
        "exchanges": [_exchange(each, salt) for each in evidence.exchanges.values()],
    }


def _answer(question: str, answer: Answer) -> dict[str, Any]:
    if not answer.is_known:
        return {"question": question, "unanswered": answer.reason}
    return {"question": question, "found": answer.found, "text": answer.text}


def _exchange(exchange: Exchange, salt: bytes) -> dict[str, Any]:
    path, _, query = exchange.target.partition("?")
    names = sorted({part.partition("=")[0].replace("%5B%5D", "[]") for part in query.split("&") if part})
    made: dict[str, Any] = {
        "name": exchange.name,
        "method": exchange.method,
        "path": _NUMBER.sub("{id}", path),
        "parameters": names,
    }
    if exchange.failure:
        return {**made, "failure": exchange.failure}
    found = content(exchange)
    return {
        **made,
        "status": exchange.status,
        "milliseconds": round(1000 * (exchange.received_at - exchange.sent_at)),
        "headers": sorted({_header(name.lower()) for name, _ in exchange.headers.pairs}),
        "etag": _tag_form(exchange),
        "bytes": len(exchange.body),
        "digest": digest(exchange.body, salt),
        "body": shape(found) if found is not None else body_kind(exchange),
    }


def _tag_form(exchange: Exchange) -> str | None:
    """Return what a tag looks like: its quotes and signs, and how many letters and digits are in it."""
    tag = exchange.headers.single("etag")
    if tag is None:
        return None
    weak = "W/" if tag.startswith("W/") else ""
    text = _SIGNS.sub("?", tag.removeprefix("W/"))
    return weak + _HEX.sub(lambda found: f"<{len(found[0])}>", text)[:80]


def _header(name: str) -> str:
    return name if name in HEADERS else UNKNOWN
