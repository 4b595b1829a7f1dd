"""Which requests may be sent once more, and when.

What became of an attempt (downwards) and what a second one could do (across) decide:

    ============================================  ========  ==========  ========
    the attempt ended as                          ``safe``  ``steady``  ``once``
    ============================================  ========  ==========  ========
    `NotSent`                                     again     again       again
    429, or 401 and there is a newer token        again     again       again
    502, 503, 504, whole or broken                again     again
    `MaybeSent`, `ResponseBroken` without status  again     again
    `ResponseBroken` with any other status        again
    anything else                                 final     final       final
    ============================================  ========  ==========  ========

``safe``
    GET, HEAD, OPTIONS.
``steady``
    Twice is the same as once. DELETE, unless it moves its record through states; PATCH with a strong `If-Match` that
    creates nothing (a second one is refused with 412); PATCH, PUT and DELETE for which the caller vouches
    (`Options.idempotent`) and that create nothing.
``once``
    All others: POST above all, and methods that are not known.

An attempt of a write in the rows in between leaves a doubt: it may have been applied. From then on a refusal is no
answer to the question what became of the write, since it may be its own doing. See `told`.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias, cast

import msgspec
from attrs import evolve

from ..errors import ClioError, MaybeSent, MaybeSentTimeout, NotSent, ResponseBroken, ResponseTooLarge
from ..messages import Headers, Request, Response
from ..options import RetryPolicy
from .etags import is_strong
from .rate_limit import asked_pause
from .versions import HEADER

__all__ = [
    "LEAST",
    "Came",
    "Care",
    "Ending",
    "Missed",
    "care_of",
    "creates_nothing",
    "ending_of",
    "may_repeat",
    "may_resend",
    "missed",
    "pause",
    "told",
    "unheard",
]

Came: TypeAlias = Response | ClioError
"""What came of an attempt."""

Care: TypeAlias = Literal["safe", "steady", "once"]
"""What a second attempt could do."""

Ending: TypeAlias = Literal["unsent", "open", "torn", "final"]
"""How an attempt ended. "open": a write may have been applied, or not. "torn": an answer with another status than a
gateway's did not arrive whole."""

LEAST = 0.01
"""Seconds that have to be left of a call for another attempt to be worth it."""

_RESENT = {401: 1, 429: 10}
"""How often a request is repeated after an answer that says that it was not acted on, by status."""

_GATEWAY = frozenset({502, 503, 504})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REPEATED: dict[Ending, frozenset[Care]] = {
    "unsent": frozenset({"safe", "steady", "once"}),
    "open": frozenset({"safe", "steady"}),
    "torn": frozenset({"safe"}),
    "final": frozenset(),
}
_VERSION = HEADER.lower()
_DOUBLINGS = 64  # of a pause; more would overflow


def may_resend(status: int, times: int) -> bool:
    """Say whether a request that was answered `status` for the `times`-th time, and not acted on, may be repeated."""
    return times <= _RESENT.get(status, 0)


def may_repeat(ending: Ending, care: Care) -> bool:
    """Say whether a request may be sent again after an attempt that ended so."""
    return care in _REPEATED[ending]


def ending_of(came: Came) -> Ending:
    """Say how an attempt ended."""
    if isinstance(came, Response):
        return "open" if came.status in _GATEWAY else "final"
    if isinstance(came, NotSent):
        return "unsent"
    if isinstance(came, MaybeSent):
        return "open"
    if isinstance(came, ResponseBroken):
        return "open" if came.status is None or came.status in _GATEWAY else "torn"
    return "final"


def care_of(request: Request, *, moves_states: bool) -> Care:
    """Say what a second attempt could do. `moves_states`: each DELETE of this record is another act."""
    method = request.method
    if method in _SAFE:
        return "safe"
    if method == "DELETE" and not moves_states:
        return "steady"
    vouched = request.options is not None and request.options.idempotent and method in {"PATCH", "PUT", "DELETE"}
    guarded = method == "PATCH" and _is_guarded(request.headers)
    return "steady" if (vouched or guarded) and creates_nothing(request.body) else "once"


def _is_guarded(headers: Headers) -> bool:
    """Say whether a write names the one version that it changes: then it cannot be carried out twice."""
    tag = headers.single("if-match")
    return tag is not None and is_strong(tag)


def creates_nothing(body: bytes | None) -> bool:
    """Say whether a body certainly creates no record.

    Every object in it, apart from the outermost one and its ``data``, names a record that is there: by an ``id``.
    ``{"id": null}`` clears a reference, unless it stands in a list. An id is a positive number, or a text that is not
    blank: others would be taken for none. What is no JSON object may mean anything.
    """
    if body is None:
        return True
    try:
        content: object = msgspec.json.decode(body)
        if not isinstance(content, dict):
            return False
        outer = cast("dict[str, Any]", content)
        data = outer.get("data")
        inner = cast("dict[str, Any]", data) if isinstance(data, dict) else {"data": data}
        return all(
            _names_what_is_there(value, listed=False)
            for value in (*inner.values(), *[outer[name] for name in outer if name != "data"])
        )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _names_what_is_there(value: object, *, listed: bool) -> bool:
    if isinstance(value, list):
        return all(_names_what_is_there(item, listed=True) for item in cast("list[object]", value))
    if not isinstance(value, dict):
        return True
    named = cast("dict[str, object]", value)
    if named == {"id": None}:
        return not listed
    return _is_id(named.get("id")) and all(_names_what_is_there(each, listed=False) for each in named.values())


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def pause(policy: RetryPolicy, times: int, came: Came, *, chance: float, now: float) -> float | None:
    """Return for how many seconds to wait before the `times`-th repetition. None: so long that it is not made.

    Any part of the policy's pause, `chance` (from 0 up to 1) says which, so that those who failed together do not come
    back together. What a `Retry-After` asks for comes on top; `now` is when the answer came, in seconds since the
    epoch. Where nothing was sent, the first repetition is made at once: most often an idle connection was closed.
    """
    if times == 1 and isinstance(came, NotSent) and not isinstance(came, TimeoutError):
        return 0.0
    longest = policy.longest_pause
    some = chance * min(longest, policy.first_pause * 2.0 ** min(times - 1, _DOUBLINGS))
    asked = asked_pause(came.headers, now) if isinstance(came, Response) else None
    if asked is None:
        return some
    return min(longest, asked + some) if asked <= longest else None


class Missed(NamedTuple):
    """The attempt for which a read had no time left. Times are seconds."""

    rest: float
    """For how long the server asked not to be asked."""
    needed: float
    """For how long a call may have to go on to make it."""


def missed(policy: RetryPolicy | None, came: Came, left: float, *, now: float) -> Missed | None:
    """Return the attempt that a read could not make within the `left` seconds of its call, None if that had time.

    How many attempts there were, and which pause was next, is not told by what `came`: the longest pause of the policy
    is what counts. A call with less left than that is taken for one cut short, though its attempts may be used up.
    """
    if policy is None or policy.attempts < 2 or ending_of(came) == "final":
        return None
    longest = pause(policy, policy.attempts - 1, came, chance=1.0, now=now)
    rest = pause(policy, policy.attempts - 1, came, chance=0.0, now=now)
    if longest is None or rest is None or left >= longest + LEAST:
        return None
    return Missed(rest, longest + LEAST)


def told(request: Request, came: Came, doubt: Came | None, *, moves_states: bool) -> Came:
    """Return what the last attempt means. `doubt` is an earlier one after which a write may have been applied.

    With a doubt, only success is the truth. A refusal gets the verdict ``"ambiguous"``; an error, which would say that
    nothing was done, is replaced by the doubt. A DELETE whose record is not there any more is done, with the verdict
    ``"done"``.
    """
    if doubt is None:
        return came
    if isinstance(came, Response):
        if came.status < 300:
            return came
        if request.method == "DELETE" and not moves_states and _is_away(request, came):
            return Response(204, verdict="done")
        return evolve(came, verdict="ambiguous")
    if isinstance(came, MaybeSent) or _was_accepted(came):
        return came
    if isinstance(came, TimeoutError):
        return MaybeSentTimeout("The request was sent and no status came back. The time was over before a second try.")
    return evolve(doubt, verdict="ambiguous") if isinstance(doubt, Response) else doubt


def unheard(doubt: Came) -> ClioError:
    """Return what is raised where a second attempt failed with an error that is none of this package."""
    if isinstance(doubt, ClioError):
        return doubt
    return MaybeSent(
        f"The request was sent and answered {doubt.status}. A second attempt failed before it was answered."
    )


def _is_away(request: Request, response: Response) -> bool:
    """Say whether an answer means that there is no such record. Where a version was sent, a 410 may mean that."""
    return response.status == 404 or (response.status == 410 and request.headers.lookup(_VERSION) is None)


def _was_accepted(error: ClioError) -> bool:
    status = error.status if isinstance(error, ResponseBroken | ResponseTooLarge) else None
    return status is not None and 200 <= status < 300
