"""Judgements on API versions: https://docs.developers.clio.com/api-docs/api-versioning-policy."""

from __future__ import annotations

from ...protocol.versions import HEADER, PINNED, spoken
from .answers import Answer, Unanswered, asked, succeeded
from .exchanges import BodyKind, Evidence, Exchange, body_kind

__all__ = ["EARLY", "NEVER", "UNLISTED", "answered_version", "default_version", "gone_body", "retired", "versions"]

UNLISTED = "4.0.11"
"""It was released, and does not stand in the OpenAPI document."""
EARLY = "4.0.4"
NEVER = "4.0.9999"

_BODIES: dict[BodyKind, str] = {
    "envelope": "Clio's usual error",
    "oauth": "an error as OAuth writes it",
    "html": "a page",
    "empty": "nothing",
    "other": "something else",
}


def _answered(exchange: Exchange) -> str:
    version = spoken(exchange.headers.single(HEADER.lower()))
    if version is None:
        raise Unanswered(f"the answer has no {HEADER}")
    return version


def answered_version(evidence: Evidence) -> Answer:
    """Say which version answers when the pinned one is asked for; None if it is that one."""
    version = _answered(succeeded(evidence, "cursor"))
    return Answer(None, "that one") if version == PINNED else Answer(version, f"{version}: update, or pin that")


def default_version(evidence: Evidence) -> Answer:
    """Say which version answers when none is asked for."""
    version = _answered(succeeded(evidence, "offset"))
    return Answer(version, version)


def _served(evidence: Evidence, name: str) -> Answer:
    status = asked(evidence, name).status
    if status not in {200, 410}:
        raise Unanswered(f"the server answered {status}")
    return Answer(status == 200, "yes" if status == 200 else "no: 410")


def versions(evidence: Evidence) -> Answer:
    """Say whether the version is served that the document leaves out."""
    return _served(evidence, "unlisted-version")


def retired(evidence: Evidence) -> Answer:
    """Say whether the earliest version that the document names is still served."""
    return _served(evidence, "early-version")


def gone_body(evidence: Evidence) -> Answer:
    """Say what a 410 looks like."""
    for name in ("early-version", "unlisted-version", "never-version"):
        exchange = evidence.exchanges.get(name)
        if exchange is not None and exchange.status == 410:
            kind = body_kind(exchange)
            return Answer(kind, _BODIES[kind])
    asked(evidence, "early-version")
    raise Unanswered("no version was answered with 410")
