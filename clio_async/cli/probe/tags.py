"""Judgements on tags and what goes with them: https://docs.developers.clio.com/api-docs/etags."""

from __future__ import annotations

import hashlib

from ...protocol.etags import opaque
from .answers import Answer, Unanswered, asked, data, succeeded, tag_of
from .exchanges import Evidence, Exchange

__all__ = ["body_tag", "last_modified", "no_store", "tag_form", "tag_scope", "validates"]

_DIGESTS = ("md5", "sha1", "sha256")
_FORMS = {
    "strong": "strong",
    "weak": "weak (W/) in a 200 and in a 304",
    "weak-200": "weak (W/) in a 200 and strong in a 304",
    "gzip": "with -gzip inside of its quotes",
    "other": "another text than the etag of the body; whether it differs by user takes the tokens of two users to see",
}


def body_tag(exchange: Exchange) -> str:
    """Return the `etag` of the record in an answer.

    :raises Unanswered: if there is none.
    """
    tag = data(exchange).get("etag")
    if not isinstance(tag, str):
        raise Unanswered("the record has no etag")
    return tag


def _second(evidence: Evidence) -> Exchange:
    """Return the same record in another selection."""
    whole = evidence.exchanges.get("whole")
    name = "whole" if whole is not None and whole.status == 200 else "other"
    return succeeded(evidence, name)


def tag_scope(evidence: Evidence) -> Answer:
    """Say whether the header depends on the selection: two selections of one record, read at once."""
    first, second = succeeded(evidence, "record"), _second(evidence)
    if body_tag(first) != body_tag(second):
        raise Unanswered("the record was changed meanwhile")
    if opaque(tag_of(first)) == opaque(tag_of(second)):
        return Answer("record", "the record: it is the same for two selections")
    if all(_is_digest(each) for each in (first, second)):
        return Answer("representation", "the representation: it is a digest of the bytes of the answer")
    return Answer(
        "representation",
        "it differs with the selection. That it covers all that is shown (a client's name) is not proven by that",
    )


def _is_digest(exchange: Exchange) -> bool:
    text = opaque(tag_of(exchange)).strip('"').lower()
    whole = (hashlib.new(name, exchange.body, usedforsecurity=False).hexdigest() for name in _DIGESTS)
    return len(text) >= 32 and any(each.startswith(text) for each in whole)


def tag_form(evidence: Evidence) -> Answer:
    """Say what the header makes of the `etag` in the body."""
    first = succeeded(evidence, "record")
    form = _form(evidence, tag_of(first), body_tag(first))
    return Answer(form, _FORMS[form])


def _form(evidence: Evidence, tag: str, own: str) -> str:
    if tag.startswith("W/"):
        again = evidence.exchanges.get("again")
        confirmed = again.headers.single("etag") if again is not None and again.status == 304 else None
        return "weak-200" if confirmed is not None and not confirmed.startswith("W/") else "weak"
    if tag == own:
        return "strong"
    if tag.endswith('-gzip"'):
        return "gzip"
    return "strong" if tag_scope(evidence).found == "representation" else "other"


def validates(evidence: Evidence) -> Answer:
    """Say whether an unchanged record is answered with 304."""
    again = asked(evidence, "again")
    if again.status not in {200, 304}:
        raise Unanswered(f"the server answered {again.status}")
    if again.status == 304:
        return Answer(True, "yes, with 304")
    if body_tag(again) != body_tag(succeeded(evidence, "record")):
        raise Unanswered("the record was changed meanwhile")
    return Answer(False, "no: it is sent in full again, though its etag is the same")


def last_modified(evidence: Evidence) -> Answer:
    """Say whether a record carries `Last-Modified`."""
    found = succeeded(evidence, "record").headers.lookup("last-modified") is not None
    return Answer(found, "yes" if found else "no")


def no_store(evidence: Evidence) -> Answer:
    """Say whether answers forbid storing."""
    found = "no-store" in (succeeded(evidence, "record").headers.lookup("cache-control") or "").lower()
    return Answer(found, "yes: nothing is kept, and every read is one in full" if found else "no")
