"""What was counted, on either side, and whether it agrees. Nothing here waits or prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from ...stats import Stats

__all__ = [
    "Chapter",
    "Claim",
    "Part",
    "Side",
    "Tally",
    "claims_of",
    "client_tally",
    "failures",
    "server_tally",
    "total",
]


@frozen
class Tally:
    """What one side saw of a stretch of work."""

    requests: int = 0
    not_modified: int = 0
    """Answers with status 304."""
    bytes: int = 0
    """Bytes of bodies, before any compression."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.requests + other.requests, self.not_modified + other.not_modified, self.bytes + other.bytes)

    def since(self, before: Tally) -> Tally:
        """Return what came after `before`."""
        return Tally(
            self.requests - before.requests, self.not_modified - before.not_modified, self.bytes - before.bytes
        )


def client_tally(stats: Stats) -> Tally:
    """Return the tally of a client's ledger."""
    return Tally(stats.requests, stats.revalidated, stats.bytes_received)


def server_tally(stats: Mapping[str, Any]) -> Tally:
    """Return the tally of a simulator's statistics."""
    return Tally(stats["requests"], stats["statuses"].get("304", 0), stats["bytes_out"])


@frozen
class Side:
    """A part of the work, done in one way."""

    client: Tally = Tally()
    """As the client counted."""
    server: Tally = Tally()
    """As the server counted, in a process of its own."""
    saved: int = 0
    """Bytes of bodies that did not have to be transferred."""
    seconds: float = 0.0

    def __add__(self, other: Side) -> Side:
        return Side(
            self.client + other.client,
            self.server + other.server,
            self.saved + other.saved,
            self.seconds + other.seconds,
        )

    @property
    def share(self) -> float:
        """The share of requests that were answered by a 304."""
        return self.client.not_modified / self.client.requests if self.client.requests else 0.0


@frozen
class Part:
    """A part of the work, with validators and, where it only reads, without."""

    name: str
    validated: Side
    bare: Side | None = None


def total(parts: Iterable[Part]) -> tuple[Side, Side]:
    """Return the sums, with validators and without, of those parts that were done in both ways."""
    validated, bare = Side(), Side()
    for part in parts:
        if part.bare is not None:
            validated, bare = validated + part.validated, bare + part.bare
    return validated, bare


@frozen
class Claim:
    """Something that has to be so."""

    text: str
    expected: object
    found: object
    shown: bool = True
    """Whether a person wants to read it although it holds."""

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.expected == self.found


@frozen
class Chapter:
    """All of the work against one server."""

    title: str
    parts: list[Part] = field(factory=list[Part])
    claims: list[Claim] = field(factory=list[Claim])

    def every_claim(self) -> list[Claim]:
        """Return the claims about the work, and those about each part's counts."""
        return [*self.claims, *(claim for part in self.parts for claim in claims_of(part))]


def claims_of(part: Part) -> Iterator[Claim]:
    """Yield that the client's counts are the server's, for each way of doing a part; and that what was saved was."""
    if part.bare is not None:
        received = part.validated.client.bytes + part.validated.saved
        yield Claim(f"{part.name}: bytes received and saved", part.bare.server.bytes, received, shown=False)
    for way, side in (("with validators", part.validated), ("without", part.bare)):
        if side is None:
            continue
        about = f"{part.name}, {way}"
        yield Claim(f"{about}: requests", side.server.requests, side.client.requests, shown=False)
        yield Claim(f"{about}: 304s", side.server.not_modified, side.client.not_modified, shown=False)
        yield Claim(f"{about}: bytes", side.server.bytes, side.client.bytes, shown=False)


def failures(claims: Iterable[Claim]) -> list[str]:
    """Return a line for each claim that does not hold."""
    return [f"{claim.text}: {claim.expected} expected, {claim.found} found" for claim in claims if not claim.holds]
