"""What is logged, under the name ``clio_async``: an allow-list.

Only what `FIELDS` names gets into a record, so a header, a body or a query cannot. A line reads
``call method=GET url=https://app.clio.com/api/v4/matters/42 status=200 …``; the same fields, and nothing else, are
under ``record.clio`` for handlers that write JSON. Calls, attempts and waits for quota are logged at DEBUG, renewed
tokens at INFO; pauses that the server asked for, and grants that are gone or could not be renewed, at WARNING.

Of a path, the words of Clio's API and numbers are shown. A path that is not in the registry may hold anything, a token
too, so it is shown as three dots.
"""

from __future__ import annotations

import logging
import re
from logging import DEBUG, INFO, WARNING
from typing import TYPE_CHECKING

from .hooks import Hooks

if TYPE_CHECKING:
    from .events import Attempt, Exchange, QuotaPause, QuotaWait, RefreshOutcome, TokenRefresh

__all__ = ["FIELDS", "Log", "known_method", "shown", "write"]

FIELDS = (
    "method",
    "url",
    "resource",
    "status",
    "source",
    "error",
    "ms",
    "bytes",
    "request_id",
    "principal",
    "lane",
    "seconds",
    "outcome",
    "unlogged",
)
"""What a record can hold. `url` has no query, `principal` is the start of a fingerprint, `error` a class, `unlogged`
how many of the same kind were not logged before.
"""

_log = logging.getLogger("clio_async")
_log.addHandler(logging.NullHandler())  # without it, warnings would go to stderr where logging is not configured

_LEVELS: dict[RefreshOutcome, int] = {"refreshed": INFO, "adopted": INFO, "failed": WARNING, "revoked": WARNING}
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE"})
_UNFIT = re.compile(r"[^A-Za-z0-9._:/\[\]-]")
_LONGEST = 200
_ORIGIN = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+(?=/|$)")
_NUMBER = re.compile(r"[0-9]{1,20}")


def write(level: int, event: str, /, **given: object) -> None:
    """Log what happened, with those of the given fields that may be logged and are not None."""
    fields = {name: shown(given[name]) for name in FIELDS if given.get(name) is not None}
    text = " ".join([event, *[f"{name}={value}" for name, value in fields.items()]])
    _log.log(level, "%s", text, extra={"clio": fields})


def shown(value: object) -> str | int | float:
    """Return a value fit for a log: a number, or a short word of harmless characters, whoever it comes from."""
    if isinstance(value, float):
        return round(value, 3)
    return value if isinstance(value, int) else _UNFIT.sub("?", str(value)[:_LONGEST])


def known_method(method: str) -> str:
    """Return a method of HTTP as it is, and any other as ``_OTHER``."""
    return method if method in _METHODS else "_OTHER"


def _url(path: str, template: str | None) -> str:
    """Return origin and path. What is neither a word of the template nor a number is three dots."""
    found = _ORIGIN.match(path)
    if found is None:
        return "..."
    origin = found[0]
    if template is None:
        return f"{origin}/..."
    words = template.strip("/").split("/")
    given = [part for part in path[len(origin) :].removesuffix(".json").split("/") if part]
    prefix, given = given[: -len(words)], given[-len(words) :]
    start = origin if not prefix else f"{origin}/api/v4" if prefix == ["api", "v4"] else f"{origin}/..."
    return "/".join([start, *map(_segment, words, given)])


def _segment(word: str, given: str) -> str:
    if not word.startswith("{"):
        return word
    return given if _NUMBER.fullmatch(given) else "..."


class Log(Hooks):
    """Log what happens. Every `Watch` has one; it does nothing unless the level is enabled."""

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        if _log.isEnabledFor(DEBUG):
            self._write_one("call", exchange, exchange.bytes, source=exchange.source)

    def attempted(self, attempt: Attempt, /) -> None:
        if _log.isEnabledFor(DEBUG):
            self._write_one("attempt", attempt, attempt.wire_bytes)

    def waited(self, wait: QuotaWait, /) -> None:
        if _log.isEnabledFor(DEBUG):
            seconds = wait.ended - wait.started
            write(DEBUG, "wait", principal=wait.principal[:8], lane=wait.lane, seconds=seconds, outcome=wait.outcome)

    def paused(self, pause: QuotaPause, /) -> None:
        if _log.isEnabledFor(WARNING):
            write(WARNING, "pause", principal=pause.principal[:8], seconds=pause.seconds)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        level = _LEVELS[refresh.outcome]
        if _log.isEnabledFor(level):
            seconds = refresh.ended - refresh.started
            write(level, "refresh", principal=refresh.principal[:8], seconds=seconds, outcome=refresh.outcome)

    def _write_one(self, event: str, seen: Exchange | Attempt, size: int, source: str | None = None) -> None:
        write(
            DEBUG,
            event,
            method=known_method(seen.method),
            url=_url(seen.path, seen.template),
            resource=seen.resource,
            status=seen.status,
            source=source,
            error=seen.error,
            ms=(seen.ended - seen.started) * 1000,
            bytes=size,
            request_id=seen.request_id,
            principal=seen.principal[:8] or None,
        )
