"""Walking what has changed: marks, and which versions of records were given out before.

What has changed is told by the clock that `updated_at` is of and `updated_since` is compared with. `Date` may be of
another, and that may be wrong for hours. So the next walk begins with the latest `updated_at` that was there for sure
when the first page was made, and no later than the `Date` of that page, less an overlap: for what was being written
just then, for clocks of several machines, and for times that are cut to a second. What lies in the overlap comes again
in the next walk; so a mark remembers which versions of which records those were. In a quiet time it stands still.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from attrs import evolve, frozen

from ..errors import InvalidArgument
from .rate_limit import epoch

__all__ = [
    "OVERLAP",
    "REMEMBERED",
    "Mark",
    "Rest",
    "Version",
    "Walked",
    "bound_to",
    "read_mark",
    "version",
    "write_mark",
]

OVERLAP = timedelta(seconds=60)
"""How far the next walk begins before the latest change that is sure to have been there."""

REMEMBERED = 1_000
"""How many versions a mark remembers, of 8 bytes each: the latest. Others in the overlap come again."""

_DIGEST = 8
_CUT = timedelta(seconds=1)  # what may be missing of a time that is cut to a second
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_UNDATED = datetime.max.replace(tzinfo=UTC)
_NONE: frozenset[bytes] = frozenset()


class Version(NamedTuple):
    """A record as it was at one time."""

    digest: bytes | None
    """Of its id, etag and `updated_at`; None without an etag: a second may have seen several versions then."""
    at: datetime | None
    """Its `updated_at`."""


def version(record: Mapping[str, Any]) -> Version:
    """Return the version of a record that is given as a JSON object. Equal instants are equal, however written."""
    number, etag, at = record.get("id"), record.get("etag"), _instant(record.get("updated_at"))
    if not isinstance(etag, str) or not isinstance(number, int | str):
        return Version(None, at)
    text = json.dumps([number, etag, None if at is None else at.isoformat()])
    return Version(blake2b(text.encode(), digest_size=_DIGEST).digest(), at)


def _instant(text: object) -> datetime | None:
    """Return an instant in UTC, None if the text is none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# -- marks --------------------------------------------------------------------------------------------------------


@frozen
class Rest:
    """How far an unfinished walk has come."""

    token: str
    """Where its pages go on: a resume token."""
    since: datetime
    """Where the next walk begins, when this one is finished: no page that comes later changes it."""
    found: frozenset[bytes]
    """What the next mark will remember of the pages so far."""


@frozen
class Mark:
    """Where a walk begins."""

    since: datetime
    """What to ask for. In UTC, as all times of a mark are."""
    known: frozenset[bytes] = _NONE
    """Versions that were given out already."""
    rest: Rest | None = None

    @classmethod
    def of(cls, instant: datetime) -> Mark:
        """Return the mark of an instant.

        :raises InvalidArgument: if it has no time zone, or lies outside of the years 1 to 9999 in UTC.
        """
        if instant.tzinfo is None:
            raise InvalidArgument("since has no time zone. Say which: for example datetime.now(UTC).")
        try:
            return cls(instant.astimezone(UTC))
        except OverflowError:
            raise InvalidArgument("since lies outside of the years 1 to 9999.") from None


def bound_to(*parts: str) -> str:
    """Return the digest of what a mark is bound to."""
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def write_mark(mark: Mark, bound: str) -> str:
    """Write a mark as a text.

    It holds nothing secret: instants, and digests. That of an unfinished walk also holds its filters, in plain text.
    """
    content: dict[str, Any] = {
        "v": 1,
        "bound": bound,
        "since": mark.since.isoformat(),
        "known": _packed(mark.known),
    }
    if mark.rest is not None:
        rest = mark.rest
        content["rest"] = {"at": rest.token, "since": rest.since.isoformat(), "found": _packed(rest.found)}
    return _text(json.dumps(content, separators=(",", ":")).encode())


def read_mark(text: str, bound: str) -> Mark:
    """Read a mark.

    :raises InvalidArgument: if it is none, or was made for something else.
    """
    try:
        content = json.loads(_bytes(text))
        number, whose = content["v"], content["bound"]
        mark = Mark(_utc(content["since"]), _unpacked(content["known"]), _rest(content))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidArgument(
            "since is an aware datetime, or the text of Changes.mark; this text is no mark. "
            "For an instant that is a text: datetime.fromisoformat(…)."
        ) from None
    if number != 1:
        raise InvalidArgument("This is not a mark of this version of the package: begin with a datetime.")
    if whose != bound:
        raise InvalidArgument(
            "This mark was made for other changes: of another resource, principal or filter. Begin with a datetime."
        )
    return mark


def _rest(content: Any) -> Rest | None:
    if "rest" not in content:
        return None
    token, since, found = (content["rest"][name] for name in ("at", "since", "found"))
    if not isinstance(token, str):
        raise TypeError
    return Rest(token, _utc(since), _unpacked(found))


def _utc(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _packed(digests: frozenset[bytes]) -> str:
    return _text(b"".join(sorted(digests)))


def _unpacked(text: str) -> frozenset[bytes]:
    content = _bytes(text)
    if len(content) % _DIGEST or len(content) > REMEMBERED * _DIGEST:
        raise ValueError
    return frozenset(content[start : start + _DIGEST] for start in range(0, len(content), _DIGEST))


# -- walks --------------------------------------------------------------------------------------------------------


class Walked:
    """The account of one walk from a mark.

    Tell it of each page when it is `read`, let it `sift` what a page holds, and say when that is done with (`passed`):
    only then the next mark counts it as seen.
    """

    __slots__ = ("_first", "_given", "_known", "_latest", "_mark", "_read", "_remembered", "_since")

    def __init__(self, mark: Mark) -> None:
        rest = mark.rest
        self._mark = mark
        self._since = mark.since if rest is None else rest.since
        self._known = mark.known if rest is None else mark.known | rest.found
        self._remembered = dict.fromkeys(_NONE if rest is None else rest.found, _FIRST)
        """What was seen and may come again, with its instant: of what an earlier part of the walk saw it is lost."""
        self._read = rest is not None
        self._first: datetime | None = None
        """The `Date` of the first page, if later ones may be compared with it."""
        self._latest: datetime | None = None
        """What the clock of `updated_at` had reached for certain when the first page was made."""
        self._given: list[Version] = []

    def read(self, date: str | None, times: Iterable[object]) -> None:
        """Take down the `Date` of a page, and what its records have as `updated_at`.

        A later page may hold what changed while the walk went on, when records on earlier pages changed as well. So its
        instants count less the time that has passed, as far as `Date` says; and not at all in a walk that goes on from
        a mark, as the server's `Date` may have been set right in between.
        """
        now, told = _date(date), [*times]
        if not self._read:
            self._read, self._first, passed = True, now, timedelta()
        elif self._first is None or now is None or now < self._first:
            return
        else:
            passed = now - self._first + _CUT
        seen = [found for found in map(_instant, told) if found is not None and found - _FIRST > passed]
        if seen:
            self._reached(max(seen) - passed)
        elif told and self._first is not None and not any(map(_instant, told)):
            self._reached(self._first)  # records that have no `updated_at`: there is nothing else to go by

    def _reached(self, instant: datetime) -> None:
        self._latest = instant if self._latest is None else max(self._latest, instant)

    def sift(self, versions: Iterable[Version]) -> list[bool]:
        """Say which of the records of a page were not given out before."""
        self._given = [*versions]
        return [found.digest is None or found.digest not in self._known for found in self._given]

    def passed(self) -> None:
        """Note that the caller is done with the page that was sifted last."""
        for found in self._given:
            if found.digest is not None:
                self._remembered[found.digest] = found.at or _UNDATED
        self._given = []
        if len(self._remembered) > 4 * REMEMBERED:  # one more than a mark holds tells that it was too many
            self._remembered = dict(_newest(self._remembered, REMEMBERED + 1))

    def mark(self, token: str | None) -> Mark:
        """Return where to begin next: where this walk goes on, by the resume token of its pages; None at its end."""
        if not self._read:
            return self._mark
        since = self._next()
        found = self._coming_again(since)
        if len(found) > REMEMBERED:
            since = self._next(settled=True)
            found = self._coming_again(since)
        known = frozenset(digest for digest, _ in _newest(found, REMEMBERED))
        return Mark(since, known) if token is None else evolve(self._mark, rest=Rest(token, since, known))

    def _next(self, *, settled: bool = False) -> datetime:
        """Return where the next walk begins: never before this one.

        If it is `settled` by the server's `Date` that nothing is being written any more that is as old as the latest,
        the overlap ends there: else a multitude that changed within it would come again in each walk of a quiet time.
        """
        latest, first = self._latest, self._first
        if latest is None:
            return self._since
        sure = latest - OVERLAP
        if first is not None:
            sure = min(latest - _CUT if settled else sure, first - OVERLAP)
        return max(self._since, sure)

    def _coming_again(self, since: datetime) -> dict[bytes, datetime]:
        return {digest: at for digest, at in self._remembered.items() if at == _FIRST or since - at <= _CUT}


def _newest(found: Mapping[bytes, datetime], most: int) -> list[tuple[bytes, datetime]]:
    return sorted(found.items(), key=lambda one: one[1], reverse=True)[:most]


def _date(text: str | None) -> datetime | None:
    """Return what a `Date` says, None if it is none of a server's."""
    now = None if text is None else epoch(text)
    return None if now is None or now < 0 else datetime.fromtimestamp(now, UTC)
