"""Webhooks that are to be kept: what has to be done about them, when to look again, and what may have been missed.

Moments are seconds since the epoch. See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, Literal, Protocol, TypeAlias, TypeVar

from attrs import frozen

__all__ = [
    "AWAITED",
    "DAY",
    "LEASE",
    "RETRIED",
    "SHORTEST",
    "Act",
    "Held",
    "Plan",
    "Shown",
    "Wanted",
    "decide",
    "is_claim",
    "keyed",
    "lives",
    "next_look",
    "renewal",
    "split_key",
]

DAY: Final = 86_400.0
AWAITED: Final = 600.0
"""Seconds for which a handshake is awaited. A webhook whose handshake did not come is given up then."""
LEASE: Final = 120.0
"""Seconds for which a webhook that is about to be created is left to whoever creates it."""
RETRIED: Final = 5_400.0
"""Seconds for which an event is on its way at most. Clio gives it up after about an hour of retries, so one that was
lost may be so much older than the moment at which its webhook was seen to be well."""
SHORTEST: Final = 3 * DAY
"""What a webhook lives unless it is asked for more."""
_SLACK: Final = 300.0
"""How far our clock may be ahead of Clio's."""
_NAME: Final = "subscription"

Act: TypeAlias = Literal["create", "adopt", "update", "keep", "wait"]


@frozen
class Wanted:
    """The webhook that there is to be."""

    url: str
    """Without a key."""
    model: str
    events: frozenset[str]
    fields: str


@frozen
class Shown:
    """A webhook as Clio shows it."""

    id: int
    url: str
    """Without its key."""
    key: str | None
    model: str
    events: frozenset[str]
    fields: str
    status: str
    expires_at: float | None
    mine: bool = True
    """Whether it is of the user who asks, as far as Clio says whose it is."""
    tells: bool = True
    """Whether Clio tells its secret."""


class Held(Protocol):
    """What is known of a subscription of our own: see `clio_async.webhooks.Subscription`."""

    @property
    def key(self) -> str: ...
    @property
    def webhook_id(self) -> int | None: ...
    @property
    def made_at(self) -> float | None: ...
    @property
    def seen_at(self) -> float | None: ...
    @property
    def renew_at(self) -> float | None: ...
    @property
    def covered_from(self) -> float | None: ...


H = TypeVar("H", bound=Held)


@frozen
class Plan(Generic[H]):
    """What is to be done.

    ``create`` one, in the place of the claim `held` if there is one; ``adopt`` the webhook `shown`; ``update`` `shown`,
    the one of `held`, if `renews` its end and if `changes` its events or fields; ``keep`` it as it is; ``wait`` for
    whoever creates `held`.
    """

    act: Act
    held: H | None = None
    shown: Shown | None = None
    renews: bool = False
    changes: bool = False
    repairs: bool = False
    """Whether what is created takes the place of one that was lost, expired, or suspended."""
    covered_from: float | None = None
    """Since when something may have been missed. None: nothing may have been."""
    superfluous: tuple[int, ...] = ()
    """Webhooks of ours that are to be deleted afterwards, by their ids."""
    spent: tuple[H, ...] = ()
    """What is to be forgotten afterwards."""


def split_key(url: str) -> tuple[str, str | None]:
    """Return an address without its key, and the key."""
    target, mark, query = url.partition("?")
    pairs = query.split("&") if mark else []
    keys = [pair.partition("=")[2] for pair in pairs if pair.partition("=")[0] == _NAME]
    rest = "&".join(pair for pair in pairs if pair.partition("=")[0] != _NAME)
    return (f"{target}?{rest}" if rest else target), (keys[0] or None if keys else None)


def keyed(url: str, key: str) -> str:
    """Return an address with a key, behind whatever query it has. A key is of characters that need no quoting."""
    return f"{url}{'&' if '?' in url else '?'}{_NAME}={key}"


def lives(shown: Shown, held: Held | None, now: float) -> bool:
    """Say whether a webhook sends events, or may soon.

    One that is pending may, as long as its handshake can be on its way. A status that nobody knows counts as good.
    """
    if shown.status == "suspended" or (shown.expires_at is not None and shown.expires_at <= now):
        return False
    if shown.status != "pending" or held is None:
        return True
    return held.made_at is not None and now < held.made_at + AWAITED


def is_claim(held: Held, now: float) -> bool:
    """Say whether somebody may be creating its webhook at this moment."""
    return held.webhook_id is None and held.made_at is not None and now < held.made_at + LEASE


def decide(wanted: Wanted, shown: Iterable[Shown], held: Sequence[H], now: float, watched: float) -> Plan[H]:
    """Say what is to be done about a webhook.

    `held` is what is known of it (more than one if a replacement was cut short), `shown` all webhooks that Clio shows.
    After a gap of more than `watched` seconds since somebody looked, nobody can say that it was well all the time.
    """
    similar = [one for one in shown if one.model == wanted.model and one.url == wanted.url]
    ours = {one.key: one for one in held}
    pairs = [(ours[one.key], one) for one in similar if one.key in ours]
    alive = [pair for pair in pairs if lives(pair[1], pair[0], now)]
    if alive:
        return _living(wanted, pairs, min(alive, key=_worth), held, now, watched)
    there = {one.key for _, one in pairs}
    claims = [one for one in held if one.webhook_id is None and one.key not in there]
    fresh = [one for one in claims if is_claim(one, now)]
    if fresh:
        return Plan("wait", fresh[0])
    dead = tuple(one.id for _, one in pairs)
    since = _since(held, now)
    repairs = any(one.webhook_id is not None for one in held)
    foreign = [one for one in similar if one.key not in ours and one.mine and lives(one, None, now)]
    if foreign:
        best = min(foreign, key=lambda one: (one.status != "enabled", one.key is None, one.id))
        return Plan("adopt", shown=best, covered_from=since, superfluous=dead, spent=tuple(held))
    claim = claims[0] if claims else None
    spent = tuple(one for one in held if one is not claim)
    return Plan("create", claim, repairs=repairs, covered_from=since, superfluous=dead, spent=spent)


def _worth(pair: tuple[Held, Shown]) -> tuple[bool, float, int]:
    """Sort the best first: one that works, and the longest."""
    _, shown = pair
    return shown.status == "pending", -(shown.expires_at or 0.0), shown.id


def _living(
    wanted: Wanted,
    pairs: Sequence[tuple[H, Shown]],
    best: tuple[H, Shown],
    held: Sequence[H],
    now: float,
    watched: float,
) -> Plan[H]:
    own, shown = best
    renews = own.renew_at is not None and now >= own.renew_at
    changes = shown.events != wanted.events or shown.fields != wanted.fields
    unwatched = own.seen_at is not None and now - own.seen_at > watched
    return Plan(
        "update" if renews or changes else "keep",
        own,
        shown,
        renews,
        changes,
        covered_from=_lost_at(own) if unwatched else own.covered_from,
        superfluous=tuple(one.id for _, one in pairs if one is not shown),
        spent=tuple(one for one in held if one is not own and not is_claim(one, now)),
    )


def _since(held: Sequence[Held], now: float) -> float:
    """Return since when something may have been missed, if none of what is held lives.

    Where nothing is held, that begins now.
    """
    return _earliest(now - _SLACK, *[_lost_at(one) for one in held]) or 0.0


def _lost_at(held: Held) -> float | None:
    """Return since when events of a webhook may be lost: since it was seen to be well last, and a little before.

    It may have been suspended soon after that, or its receiver have been down until it expired. What never was well has
    missed what it was made to tell; of what was before it was made, it had nothing to tell.
    """
    if held.seen_at is None:
        return held.covered_from
    return _earliest(held.covered_from, max(held.seen_at - RETRIED, (held.made_at or 0.0) - _SLACK))


def _earliest(first: float | None, *others: float | None) -> float | None:
    return min((moment for moment in (first, *others) if moment is not None), default=None)


def renewal(expires_at: float, now: float, chance: float) -> float:
    """Return when to renew what expires then: at a random moment in the last third of its life, but not at its end.

    `chance` is a number from 0 up to 1: so that many that were made together are not renewed together.
    """
    life = max(expires_at - now, 0.0)
    return expires_at - life / 3 * (0.25 + 0.75 * chance)


def next_look(pending: float | None, renew_at: float | None, now: float, every: float, chance: float) -> float:
    """Return when to look at a webhook again: after `every` seconds or so, or to renew it.

    One that is `pending` for some seconds is looked at soon, and the less often the longer it has been.
    """
    if pending is not None:
        return now + (15.0 + max(pending, 0.0) / 2) * (0.75 + chance / 2)
    looked = now + every * (0.9 + 0.2 * chance)
    return looked if renew_at is None else max(min(looked, renew_at), now + 1.0)
