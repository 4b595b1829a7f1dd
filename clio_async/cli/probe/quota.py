"""Judgements on quota and clocks: https://docs.developers.clio.com/api-docs/rate-limits."""

from __future__ import annotations

from ...protocol.rate_limit import asked_pause, epoch, number, seconds_until, wrapped
from .answers import Answer, Unanswered, asked, succeeded
from .exchanges import Evidence, Exchange, body_kind

__all__ = ["clock_skew", "limited_body", "quota_4xx", "quota_304", "rate_limit", "rate_reset", "retry_after"]

_NONE = "answers have no X-RateLimit headers"


def _first(evidence: Evidence) -> Exchange:
    return asked(evidence, "cursor")


def rate_limit(evidence: Evidence) -> Answer:
    """Say what the limit is, and how long a window lasts at least: the longest time to its end that was seen."""
    limits = {number(each.headers, "x-ratelimit-limit") for each in evidence.exchanges.values()} - {None}
    if not limits:
        succeeded(evidence, "cursor")
        return Answer(None, f"unknown: {_NONE}")
    limit = max(found for found in limits if found is not None)
    longest = max((_to_reset(each) for each in evidence.exchanges.values()), default=0.0)
    return Answer(limit, f"{limit} requests for each token, in a window of {longest:.0f} s or more")


def _to_reset(exchange: Exchange) -> float:
    reset = number(exchange.headers, "x-ratelimit-reset")
    return 0.0 if reset is None else seconds_until(exchange.headers, reset, exchange.received_at)


def rate_reset(evidence: Evidence) -> Answer:
    """Say whether the end of a window is told. How it is rounded cannot be seen in windows that end with a second."""
    headers = _first(evidence).headers
    if number(headers, "x-ratelimit-limit") is None:
        raise Unanswered(_NONE)
    present = number(headers, "x-ratelimit-reset") is not None
    return Answer("present" if present else "absent", "X-RateLimit-Reset says so" if present else "it is not told")


def quota_304(evidence: Evidence) -> Answer:
    """Say whether a 304 costs quota: what is left before and after one between two others."""
    if asked(evidence, "again").status != 304:
        raise Unanswered("there was no 304")
    return _costs(evidence, ("record", "again", "bare"))


def quota_4xx(evidence: Evidence) -> Answer:
    """Say whether a refused request costs quota."""
    if not 400 <= asked(evidence, "unknown-field").status < 500:
        raise Unanswered("there was no refusal")
    return _costs(evidence, ("bare", "unknown-field", "offset"))


def _costs(evidence: Evidence, names: tuple[str, str, str]) -> Answer:
    """Judge the second of three requests. It does not matter whether an answer counts its own request, or not yet."""
    left = [number(asked(evidence, name).headers, "x-ratelimit-remaining") for name in names]
    before, between, after = left
    if before is None or between is None or after is None:
        raise Unanswered(_NONE)
    if before >= between >= after and before - after in {1, 2}:
        costs = before - after == 2
        return Answer(costs, "yes, like any other" if costs else "no")
    raise Unanswered("the count moved by other steps: a window ended, or others use this token")


def _refusal(evidence: Evidence) -> Exchange:
    if evidence.limited is None:
        raise Unanswered("no 429 came, and none is provoked")
    return evidence.limited


def retry_after(evidence: Evidence) -> Answer:
    """Say how a 429 tells when to go on."""
    headers = _refusal(evidence).headers
    if headers.single("retry-after") is None:
        return Answer("absent", "not by Retry-After")
    if (headers.single("retry-after") or "").isdecimal() and asked_pause(headers, 0.0) is not None:
        return Answer("seconds", "by Retry-After, in seconds")
    if epoch(headers["retry-after"]) is not None:
        return Answer("date", "by Retry-After, as a date")
    return Answer("other", "by a Retry-After that is neither a number of seconds nor a date")


def limited_body(evidence: Evidence) -> Answer:
    """Say what a 429 looks like."""
    refusal = _refusal(evidence)
    if wrapped(refusal.body) is None:
        kind = body_kind(refusal)
        return Answer(kind, f"429, {kind}")
    form = "wrapped" if refusal.status == 429 else f"wrapped-{refusal.status}"
    return Answer(form, f"{refusal.status}, and the error in base64")


def clock_skew(evidence: Evidence) -> Answer:
    """Say how far the server's clock is ahead of ours; 0 where that may be. `Date` tells whole seconds."""
    first = _first(evidence)
    date = epoch(first.headers.single("date") or "")
    if date is None:
        raise Unanswered("the answer has no Date")
    least, most = date - first.received_at, date + 1 - first.sent_at
    skew = 0 if least <= 0 <= most else round((least + most) / 2)
    return Answer(skew, f"{skew} s ahead of ours" if skew else "as ours")
