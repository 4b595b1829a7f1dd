"""Walking what has changed: marks, and which versions of records were given out before.

What has changed is told by the server's clock alone, which `updated_at` is of and `updated_since` is compared with. The
`Date` of the first page is where the next walk begins, less an overlap: for what was being written when the page was
made, for clocks of several machines, and for times that are cut to a second. What lies in the overlap would come again
in the next walk; so a mark remembers which versions of which records those were.
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
"""How far before the server's `Date` the next walk begins."""

REMEMBERED = 1_000
"""How many versions a mark remembers, of 8 bytes each. Others in the overlap come again."""

_DIGEST = 8
_CUT = timedelta(seconds=1)  # what may be missing of a time that is cut to a second
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
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
    """Where the next walk begins, when this one is finished."""
    found: frozenset[bytes]
    """What the next mark will remember of the pages so far."""


@frozen
class Mark:
    """Where a walk begins."""

    since: datetime
    """What to ask for. In UTC, as all times of a mark are."""
    before: datetime
    """What the walk before it asked for: where to begin if the server's clock has gone back meanwhile."""
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
            since = instant.astimezone(UTC)
        except OverflowError:
            raise InvalidArgument("since lies outside of the years 1 to 9999.") from None
        return cls(since, since)


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
        "before": mark.before.isoformat(),
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
        mark = Mark(_utc(content["since"]), _utc(content["before"]), _unpacked(content["known"]), _rest(content))
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

    Tell it when the first page came (`began`), let it `sift` what a page holds, and say when that is done with
    (`passed`): only then the next mark counts it as seen.
    """

    __slots__ = ("_given", "_mark", "_remembered", "_since", "astray")

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._since = None if mark.rest is None else mark.rest.since
        self._remembered = set(_NONE if mark.rest is None else mark.rest.found)
        self._given: list[Version] = []
        self.astray: Mark | None = None
        """Where to begin again: the server's clock has gone back behind what was asked for, or had been wrong."""

    def began(self, date: str | None, times: Iterable[object]) -> None:
        """Note the `Date` of the first page, or what its records have as `updated_at` where it has none.

        Later pages do not count. What changes while the walk goes on may be behind it already: it comes next time.
        """
        if self._since is not None:
            return
        mark, now = self._mark, None if date is None else epoch(date)
        if now is None or now < 0:
            latest = [found - OVERLAP for text in times if (found := _instant(text)) is not None and found > _FIRST]
            self._since = max([mark.since, *latest])
            return
        instant = datetime.fromtimestamp(now, UTC)
        self._since = instant - OVERLAP
        if instant < mark.since and mark.before < mark.since:
            again = min(mark.before, self._since)
            self.astray = Mark(again, again, mark.known)

    def sift(self, versions: Iterable[Version]) -> list[bool]:
        """Say which of the records of a page were not given out before."""
        self._given = [*versions]
        known = self._mark.known if self._mark.rest is None else self._mark.known | self._mark.rest.found
        return [found.digest is None or found.digest not in known for found in self._given]

    def passed(self) -> None:
        """Note that the caller is done with the page that was sifted last."""
        for found in self._given:
            if found.digest is not None and self._comes_again(found) and len(self._remembered) < REMEMBERED:
                self._remembered.add(found.digest)
        self._given = []

    def _comes_again(self, found: Version) -> bool:
        return found.at is None or self._since is None or found.at >= self._since - _CUT

    def mark(self, token: str | None) -> Mark:
        """Return where to begin next: where this walk goes on, by the resume token of its pages; None at its end."""
        since, found = self._since, frozenset(self._remembered)
        if since is None:
            return self._mark
        if token is not None:
            return evolve(self._mark, rest=Rest(token, since, found))
        return Mark(since, min(since, self._mark.since), found)
