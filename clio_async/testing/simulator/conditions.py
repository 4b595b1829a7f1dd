"""Preconditions, as RFC 9110 §13 evaluates them, in every reading that Clio might have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

from .regime import Regime

__all__ = ["header_tag", "if_match_holds", "is_unmodified", "tags_in"]

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def header_tag(tag: str, regime: Regime, *, status: int, user: int) -> str:
    """Return the form that the ETag header has of a tag in quotes."""
    match regime.tag_form:
        case "weak":
            return f"W/{tag}"
        case "weak-200":
            return tag if status == 304 else f"W/{tag}"
        case "gzip":
            return f'{tag[:-1]}-gzip"'
        case "user":
            return f'{tag[:-1]}-{user}"'
        case _:
            return tag


def tags_in(field: str) -> list[str]:
    """Return the entity tags of a list; what is not a tag in quotes is passed over."""
    return _TAG.findall(field)


def _opaque(tag: str) -> str:
    return tag.removeprefix("W/")


def if_match_holds(field: str, current: Iterable[str], regime: Regime) -> bool:
    """Say whether `If-Match` allows a write to a record with one of the `current` tags."""
    if field.strip() == "*":
        return regime.if_match_star
    sent = tags_in(field)
    if len(sent) > 1 and not regime.if_match_list:
        return False
    return any(tag in sent and (regime.if_match_weak or not tag.startswith("W/")) for tag in current)


def is_unmodified(if_none_match: str | None, if_modified_since: str | None, tag: str, modified: float | None) -> bool:
    """Say whether a GET is to be answered with 304.

    Tags compare weakly. `If-Modified-Since` counts only without `If-None-Match` (RFC 9110 §13.1.3), and a date that
    cannot be read counts as none.
    """
    if if_none_match is not None:
        wanted = _opaque(tag)
        return if_none_match.strip() == "*" or any(_opaque(sent) == wanted for sent in tags_in(if_none_match))
    if if_modified_since is None or modified is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since).timestamp()
    except (ValueError, OverflowError):
        return False
    return int(modified) <= since
