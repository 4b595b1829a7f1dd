"""Which bytes of a file answer a request: RFC 9110, §13 (conditions) and §14 (ranges)."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Final

from attrs import frozen

from ...messages import Headers

__all__ = ["Chosen", "chosen"]

_RANGES: Final = re.compile(r"bytes=(.*)", re.IGNORECASE)
_SPEC: Final = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18})")
_TAGS: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


@frozen
class Chosen:
    """The status of an answer, and the bytes that it carries: from `first` to before `end`."""

    status: int
    first: int = 0
    end: int = 0


def chosen(method: str, headers: Headers, *, length: int, tag: str, modified: int) -> Chosen:
    """Choose what answers a GET or HEAD for a file of so many bytes.

    `tag` is its strong entity tag; `modified`, in whole seconds since the epoch, is when it was changed.
    """
    failed = _failed(headers, tag, modified)
    if failed:
        return Chosen(failed)
    whole = Chosen(200, 0, length)
    asked = _RANGES.fullmatch(headers.get("range", ""))
    if asked is None or method != "GET" or not _current(headers.get("if-range"), tag, modified):
        return whole
    return _sliced(asked[1], length) or whole


def _failed(headers: Headers, tag: str, modified: int) -> int:
    """Return the status of the first condition that fails, 0 if none does."""
    wanted, known = headers.get("if-match"), headers.get("if-none-match")
    if wanted is not None and wanted.strip() != "*" and tag not in _TAGS.findall(wanted):
        return 412
    if known is not None:
        tags = [each.removeprefix("W/") for each in _TAGS.findall(known)]
        return 304 if known.strip() == "*" or tag in tags else 0
    since = _moment(headers.get("if-modified-since"))
    return 304 if since is not None and modified <= since else 0


def _current(condition: str | None, tag: str, modified: int) -> bool:
    """Say whether `If-Range` names the file as it is: strongly, or by its exact time."""
    if condition is None:
        return True
    return condition == tag if '"' in condition else _moment(condition) == modified


def _moment(text: str | None) -> float | None:
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def _sliced(text: str, length: int) -> Chosen | None:
    """Return the one range that is asked for; None where the whole file is the answer."""
    specs = [_SPEC.fullmatch(each.strip(" \t")) for each in text.split(",") if each.strip(" \t")]
    found = [_bounds(spec, length) for spec in specs if spec is not None]
    if not specs or len(found) < len(specs) or None in found:
        return None
    satisfied = [bounds for bounds in found if bounds is not None and bounds[0] < bounds[1]]
    if not satisfied:
        return Chosen(416)
    return Chosen(206, *satisfied[0]) if len(found) == 1 else None


def _bounds(spec: re.Match[str], length: int) -> tuple[int, int] | None:
    """Return the bounds of one range, empty if it cannot be satisfied; None if it is no range, or has no bounds."""
    first, last, suffix = spec.groups()
    if suffix is not None:
        return None if int(suffix) and not length else (max(length - int(suffix), 0), length)
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, length) if last else length
