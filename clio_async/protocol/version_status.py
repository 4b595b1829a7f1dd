"""What Clio's policy says of a version on a day: https://docs.developers.clio.com/api-docs/api-versioning-policy.

A version is supported for a year at least from the day on which a newer one was made the default, and its end is
announced 90 days ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from attrs import frozen

from ..errors import InvalidArgument
from .version_history import KNOWN_VERSIONS, RESERVED, ApiVersion, merged
from .versions import order

__all__ = ["NOTICE", "VersionState", "VersionStatus", "facts", "status_of"]

VersionState: TypeAlias = Literal["current", "newer_default", "ending", "gone", "unknown"]
Exactness: TypeAlias = Literal["exact", "not before", "not after"]

NOTICE = timedelta(days=90)
"""How long ahead Clio announces by e-mail that a version is removed."""


@frozen(kw_only=True)
class VersionStatus:
    """Where a version stands: what was seen, and what follows from the policy.

    `pinned`: the version that is asked for. None: none is, and the default one answers.
    `answered`: the version that answers when `pinned` is asked for. None: it was not asked for, or did not answer.
    `default`: the version that answers when none is asked for. None: it could not be found out.
    `state`: "current": there is no newer default version. "newer_default": there is. "ending": there is, and support is
    guaranteed for `within` more days at most, or not any more. "gone": 410. "unknown": what the default version is was
    not found out, and no newer one is known.
    `guaranteed_until`: until when it is supported, by the policy. None: nothing is known, or no version is asked for.
    `exactness`: whether `guaranteed_until` follows from a known date, or is the earliest or the latest that it can be.
    `today`: the day on which this is so, and `within`: the days before the end that count as "ending".
    `between`: the versions after `pinned`, up to the default one: what a move to it changes.
    `upcoming`: the versions that are known and not yet the default one.
    `back_filled`: the versions after `pinned` whose changes are in `pinned`, too.
    `reserved`: what the policy keeps open, whatever the dates say.
    """

    pinned: str | None
    answered: str | None
    default: str | None
    state: VersionState
    guaranteed_until: date | None
    exactness: Exactness | None
    today: date
    within: int
    between: tuple[ApiVersion, ...]
    upcoming: tuple[ApiVersion, ...]
    back_filled: tuple[ApiVersion, ...]
    reserved: tuple[str, ...] = RESERVED

    @property
    def days_left(self) -> int | None:
        """Days until the end of guaranteed support; negative if it is past."""
        return None if self.guaranteed_until is None else (self.guaranteed_until - self.today).days

    @property
    def notice_by(self) -> date | None:
        """The day by which Clio will have written, if the version is to end as early as it may."""
        return None if self.guaranteed_until is None else max(self.guaranteed_until, date.min + NOTICE) - NOTICE

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            **{name: getattr(self, name) for name in ("pinned", "answered", "default", "state", "exactness", "within")},
            **{name: _text(getattr(self, name)) for name in ("today", "guaranteed_until", "notice_by")},
            "days_left": self.days_left,
            **{name: [_shown(v) for v in getattr(self, name)] for name in ("between", "upcoming", "back_filled")},
            "reserved": list(self.reserved),
        }


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _shown(version: ApiVersion) -> dict[str, Any]:
    back = version.back_filled
    return {
        "number": version.number,
        "released": _text(version.released),
        "default_from": _text(version.default_from),
        "back_filled": back if back is True else _text(back),
        "changes": list(version.changes),
        "source": version.source,
    }


def status_of(
    *,
    pinned: str | None,
    default: str | None,
    today: date,
    answered: str | None = None,
    gone: bool = False,
    known: Iterable[ApiVersion] = KNOWN_VERSIONS,
    within: int = NOTICE.days,
) -> VersionStatus:
    """Return where a version stands. What was seen (`default`) comes before what `known` says of that day.

    :raises InvalidArgument: if `known` or `within` is not what it has to be.
    """
    known = facts(known, within)
    history = merged([ApiVersion(default), *known] if default is not None else known)
    newer = _defaults_after(pinned, default, history, today)
    until, exactness = _guarantee(pinned, default, history, newer, today)
    reached = default or (newer[-1].number if newer else None)
    later = [] if pinned is None else [v for v in history if order(v.number) > order(pinned)]
    return VersionStatus(
        pinned=pinned,
        answered=answered,
        default=default,
        state="gone" if gone else _state(pinned, default, newer, until, today, within),
        guaranteed_until=until,
        exactness=exactness,
        today=today,
        within=within,
        between=tuple(v for v in later if reached is not None and order(v.number) <= order(reached)),
        upcoming=tuple(v for v in history if _is_upcoming(v, default, today)),
        back_filled=tuple(v for v in later if v.effective(today)),
    )


def facts(known: Iterable[ApiVersion], within: int) -> tuple[ApiVersion, ...]:
    """Return what is known of versions, if it and the number of days can be worked with.

    :raises InvalidArgument: if not.
    """
    if not isinstance(within, int) or isinstance(within, bool) or within < 0:
        raise InvalidArgument("within is a number of days: 0 or more.")
    found = tuple(known) if isinstance(known, Iterable) else (None,)
    if not all(isinstance(each, ApiVersion) for each in found):
        raise InvalidArgument("known is a list of ApiVersion, such as [*KNOWN_VERSIONS, ApiVersion(…)].")
    return tuple(each for each in found if each is not None)


def _was_default(version: ApiVersion, today: date) -> bool:
    """Say whether a version is known to have become the default one."""
    return bool(_days([version], today))


def _defaults_after(
    pinned: str | None, default: str | None, history: Sequence[ApiVersion], today: date
) -> list[ApiVersion]:
    """Return the versions after `pinned` that are or were the default one, as far as known."""
    if pinned is None:
        return []
    later = [v for v in history if order(v.number) > order(pinned)]
    if default is None:
        return [v for v in later if _was_default(v, today)]
    return [v for v in later if v.number == default or (order(v.number) < order(default) and _was_default(v, today))]


def _guarantee(
    pinned: str | None, default: str | None, history: Sequence[ApiVersion], newer: list[ApiVersion], today: date
) -> tuple[date | None, Exactness | None]:
    """Return until when `pinned` is supported, and whether that day is exact.

    It is where the first newer default version is known, and since when. Else another one may have been designated as
    soon as an older one was last known to be the default: a year after that is the earliest end. Where nothing is known
    of the older ones, the year began on the first known day of a newer one at the latest.
    """
    if pinned is None:
        return None, None
    if default is not None and not newer:
        return _year_after(today), "not before"  # a newer default can be designated today at the earliest
    begun = newer[0].default_from if newer else None
    older = _days((v for v in history if order(v.number) <= order(pinned)), today)
    if begun is not None and begun <= today:
        *line, last = order(pinned)
        if order(newer[0].number) == (*line, last + 1) or any(begun - day == timedelta(days=1) for day in older):
            return _year_after(begun), "exact"  # no other can have been the default between the two
    if older:
        return _year_after(max(older)), "not before"
    first = min(_days(newer, today), default=None)
    return (None, None) if first is None else (_year_after(first), "not after")


def _days(versions: Iterable[ApiVersion], today: date) -> list[date]:
    """Return the days on which any of the versions is known to have been the default."""
    days = [day for version in versions for day in (version.default_from, version.default_seen)]
    return [day for day in days if day is not None and day <= today]


def _year_after(day: date) -> date:
    """Return the same day of the next year; for 29 February the one before, which promises no more than a year."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _state(
    pinned: str | None, default: str | None, newer: list[ApiVersion], until: date | None, today: date, within: int
) -> VersionState:
    if not newer:
        return "unknown" if default is None else "current"
    return "ending" if until is not None and (until - today).days <= within else "newer_default"


def _is_upcoming(version: ApiVersion, default: str | None, today: date) -> bool:
    if default is None:
        return version.default_from is not None and version.default_from > today
    return order(version.number) > order(default)
