"""Webhooks that are to be kept: what has to be done about them, and what may have been missed.

Moments are seconds since the epoch. See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, Literal, Protocol, TypeAlias, TypeVar

from attrs import frozen

from .hook_addresses import canonical
from .hook_forms import differs, form_of
from .hook_gaps import SLACK, is_lost, lost_at, lost_since

__all__ = [
    "AWAITED",
    "DAY",
    "LEASE",
    "SHORTEST",
    "Act",
    "Held",
    "Plan",
    "Shown",
    "Wanted",
    "decide",
    "is_claim",
    "lives",
]

DAY: Final = 86_400.0
AWAITED: Final = 600.0
"""Seconds for which a handshake is awaited. A webhook whose handshake did not come is given up then."""
LEASE: Final = 120.0
"""Seconds for which a webhook that is about to be created is left to whoever creates it."""
SHORTEST: Final = 3 * DAY
"""What a webhook lives unless it is asked for more."""

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
    """Without its key. This and other texts are empty where Clio does not tell them."""
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
    made_at: float | None = None
    """When it was created, by Clio's clock."""


class Held(Protocol):
    """What is known of a subscription of our own: see `clio_async.webhooks.Subscription`."""

    @property
    def key(self) -> str: ...
    @property
    def webhook_id(self) -> int | None: ...
    @property
    def secret(self) -> object | None: ...
    @property
    def fields(self) -> str: ...
    @property
    def events(self) -> tuple[str, ...]: ...
    @property
    def taken(self) -> str | None: ...
    @property
    def expires_at(self) -> float | None: ...
    @property
    def made_at(self) -> float | None: ...
    @property
    def seen_at(self) -> float | None: ...
    @property
    def renew_at(self) -> float | None: ...
    @property
    def covered_from(self) -> float | None: ...
    @property
    def walk(self) -> str | None: ...


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
    lost: bool = False
    """Whether what is kept or updated may have missed something up to now, besides what was known already."""
    walk: str | None = None
    """How far the walk over what was missed has come, for the webhook that takes the place of another."""
    superfluous: tuple[int, ...] = ()
    """Webhooks of ours that are to be deleted afterwards, by their ids."""
    spent: tuple[H, ...] = ()
    """What is to be forgotten afterwards."""


def lives(shown: Shown, held: Held | None, now: float) -> bool:
    """Say whether a webhook sends events that can be proved, or may soon.

    One that is pending, or whose secret nobody knows, may as long as its handshake can be on its way. A status that
    nobody knows counts as good.
    """
    if shown.status == "suspended" or (shown.expires_at is not None and shown.expires_at <= now):
        return False
    if held is None or (shown.status != "pending" and (shown.tells or held.secret is not None)):
        return True
    return held.made_at is not None and held.made_at - SLACK <= now < held.made_at + AWAITED


def is_claim(held: Held, now: float) -> bool:
    """Say whether somebody may be creating its webhook at this moment. None is that by a clock far ahead of ours."""
    if held.webhook_id is not None or held.made_at is None:
        return False
    return held.made_at - SLACK <= now < held.made_at + LEASE


def decide(wanted: Wanted, shown: Iterable[Shown], held: Sequence[H], now: float, watched: float) -> Plan[H]:
    """Say what is to be done about a webhook.

    `held` is what is known of it (more than one if a replacement was cut short), `shown` all webhooks that Clio shows.
    After a gap of more than `watched` seconds since somebody looked, nobody can say that it was well all the time.

    What is ours is known by its key, however Clio has written the rest of its address.
    """
    pairs, others = _paired(wanted, shown, held)
    alive = [pair for pair in pairs if lives(pair[1], pair[0], now)]
    if alive:
        return _living(wanted, pairs, min(alive, key=_worth), held, now, watched)
    there = {own.key for own, _ in pairs}
    claims = [one for one in held if one.webhook_id is None and one.key not in there]
    fresh = [one for one in claims if is_claim(one, now)]
    if fresh:
        return Plan("wait", fresh[0])
    dead = tuple(one.id for _, one in pairs)
    since = lost_since(pairs, others, held, now)
    walk = next((one.walk for one in held if one.walk is not None and one.covered_from == since), None)
    repairs = any(one.webhook_id is not None for one in held)
    foreign = [one for one in others if lives(one, None, now)]
    if foreign:
        best = min(foreign, key=lambda one: (one.status != "enabled", one.key is None, one.id))
        return Plan("adopt", shown=best, covered_from=since, walk=walk, superfluous=dead, spent=tuple(held))
    claim = claims[0] if claims else None
    spent = tuple(one for one in held if one is not claim)
    return Plan("create", claim, repairs=repairs, covered_from=since, walk=walk, superfluous=dead, spent=spent)


def _paired(wanted: Wanted, shown: Iterable[Shown], held: Sequence[H]) -> tuple[list[tuple[H, Shown]], list[Shown]]:
    """Return what is ours, with what is known of it, and what else of this user calls the same address.

    Where Clio does not tell addresses, ours is known by its id.
    """
    keys, ids = {one.key: one for one in held}, {one.webhook_id: one for one in held}
    pairs, others, address = list[tuple[H, Shown]](), list[Shown](), canonical(wanted.url)
    for one in shown:
        own = keys.get(one.key or "") or (None if one.url else ids.get(one.id))
        if own is not None and one.model in {wanted.model, ""}:
            pairs.append((own, one))
        elif own is None and one.mine and one.model == wanted.model and canonical(one.url) == address:
            others.append(one)
    return pairs, others


def _worth(pair: tuple[Held, Shown]) -> tuple[bool, float, int]:
    """Sort the best first: one that works, and the longest."""
    own, shown = pair
    mute = shown.status == "pending" or (own.secret is None and not shown.tells)
    return mute, -(shown.expires_at or 0.0), shown.id


def _living(
    wanted: Wanted,
    pairs: Sequence[tuple[H, Shown]],
    best: tuple[H, Shown],
    held: Sequence[H],
    now: float,
    watched: float,
) -> Plan[H]:
    own, shown = best
    renews = own.renew_at is not None and now >= own.renew_at and not _put_off(shown, own)
    refused = own.taken == form_of(shown.events, shown.fields) and not differs(wanted, own.events, own.fields)
    changes = differs(wanted, shown.events, shown.fields) and not refused
    lost = is_lost(own, shown, now, watched)
    return Plan(
        "update" if renews or changes else "keep",
        own,
        shown,
        renews,
        changes,
        covered_from=lost_at(own, shown.made_at, now) if lost else own.covered_from,
        lost=lost,
        superfluous=tuple(one.id for _, one in pairs if one is not shown),
        spent=tuple(one for one in held if one is not own and not is_claim(one, now)),
    )


def _put_off(shown: Shown, held: Held) -> bool:
    """Say whether somebody has renewed a webhook since its end was noted."""
    return shown.expires_at is not None and held.expires_at is not None and shown.expires_at > held.expires_at
