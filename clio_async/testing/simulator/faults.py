"""Faults: what goes wrong with which request."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from ...messages import Headers, Request, Response
from .answers import HTML_TYPE, encoded, respond
from .storage import SIGNED, FileResponse, storage_error

__all__ = ["Exchange", "Fault", "Faults", "Plan"]


@frozen(kw_only=True)
class Fault:
    """What goes wrong with one exchange. The constructors below are the usual ones.

    The core carries out what changes the answer; the shell around it (memory or socket) what happens to the connection.
    """

    name: str
    applied: bool = True
    """Whether the request reaches the firm (and a write is carried out)."""
    wait_before: float = 0.0
    """Seconds until the request reaches the firm."""
    wait_after: float = 0.0
    """Seconds from there until the answer is sent."""
    drop: Literal["unsent", "response", "body"] | None = None
    """Where the connection ends: before the request left, after `keep` bytes of the response, or of its body."""
    keep: int = 0
    replace: Callable[[Response], Response] | None = field(default=None, repr=False)
    """What makes another answer of the right one."""
    take: int | None = None
    """Bytes of the request's body after which the connection ends; None: all of them arrive."""
    stall: tuple[int, float] | None = None
    """After how many bytes of the answer's body nothing comes for how many seconds. In memory: at the storage only."""
    then: Callable[[], object] | None = field(default=None, repr=False)
    """What happens once the answer is made: another change to the storage, for example."""

    @classmethod
    def refused(cls) -> Fault:
        """The connection is not made: nothing was sent. A server that has read the request drops it instead."""
        return cls(name="refused", applied=False, drop="unsent")

    @classmethod
    def lost_before(cls) -> Fault:
        """The connection ends after the request arrived and before it is carried out."""
        return cls(name="lost before", applied=False, drop="response")

    @classmethod
    def lost_after(cls, keep: int = 0) -> Fault:
        """The request is carried out, then the connection ends after `keep` bytes of the response."""
        return cls(name="lost after", drop="response", keep=keep)

    @classmethod
    def cut(cls, take: int) -> Fault:
        """The connection ends after `take` bytes of the request's body, which come to nothing."""
        return cls(name="cut", applied=False, drop="response", take=take)

    @classmethod
    def stalled(cls, after: int, seconds: float) -> Fault:
        """The body of the answer pauses for so many seconds after so many bytes."""
        return cls(name="stalled", stall=(after, seconds))

    @classmethod
    def storage(cls, status: int, code: str, *, applied: bool = False) -> Fault:
        """The storage refuses in XML, after or instead of what was asked: 503 ``SlowDown``, 500 ``InternalError``."""
        made = storage_error(status, code, f"injected {code}")
        return cls(name=f"{status} {code}", applied=applied, replace=lambda _: made)

    @classmethod
    def miscounted(cls, by: int) -> Fault:
        """The answer says that it has so many bytes more (or less) than it has."""
        return cls(name="miscounted", replace=lambda right: _counted(right, by))

    @classmethod
    def unmeasured(cls) -> Fault:
        """The answer of the storage does not say how long it is: it comes in chunks."""
        return cls(
            name="unmeasured",
            replace=lambda right: _with(right, without="content-length", adding=("Transfer-Encoding", "chunked")),
        )

    @classmethod
    def truncated(cls, keep: int) -> Fault:
        """The body ends after `keep` bytes, short of what its headers say."""
        return cls(name="truncated", drop="body", keep=keep)

    @classmethod
    def delayed(cls, *, before: float = 0.0, after: float = 0.0) -> Fault:
        """The request takes a while to reach the firm, or its answer to come back (seconds)."""
        return cls(name="delayed", wait_before=before, wait_after=after)

    @classmethod
    def status(cls, status: int, *, html: bool = False, applied: bool = False, retry_after: str | None = None) -> Fault:
        """A gateway answers in Clio's place, after (`applied`) or instead of Clio."""
        extra = () if retry_after is None else (("Retry-After", retry_after),)
        if html:
            made = respond(status, f"<html><title>{status}</title></html>".encode(), extra, type=HTML_TYPE)
        else:
            kind = "RateLimited" if status == 429 else "ServerError"
            made = respond(status, encoded({"error": {"type": kind, "message": f"injected {status}"}}), extra)
        return cls(name=f"status {status}", applied=applied, replace=lambda _: made)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Fault:
        """The answer leads elsewhere; the request is not carried out."""
        made = respond(status, b"", (("Location", location),))
        return cls(name="redirect", applied=False, replace=lambda _: made)

    @classmethod
    def garbage(cls, body: bytes = b'{"data": {"id": 1,') -> Fault:
        """The right status and headers, with another body."""
        return cls(name="garbage", replace=lambda right: _with(right, body=body))

    @classmethod
    def content_type(cls, value: str) -> Fault:
        """The right body under another content type."""
        return cls(
            name="content type",
            replace=lambda right: _with(right, without="content-type", adding=("Content-Type", value)),
        )

    @classmethod
    def repeated(cls, name: str, value: str) -> Fault:
        """One more header field, beside any of that name."""
        return cls(name="repeated", replace=lambda right: _with(right, adding=(name, value)))


def _counted(right: Response, by: int) -> Response:
    stated = int(right.headers.get("content-length", len(right.body))) + by
    return _with(right, without="content-length", adding=("Content-Length", str(max(stated, 0))))


def _with(
    right: Response, *, body: bytes | None = None, without: str = "", adding: tuple[str, str] | None = None
) -> Response:
    pairs = tuple(pair for pair in right.headers.pairs if pair[0].lower() != without)
    made = right.body if body is None else body
    headers = Headers((*pairs, *([adding] if adding else [])))
    if isinstance(right, FileResponse) and body is None:
        return evolve(right, headers=headers)
    return Response(right.status, headers, made, wire_bytes=len(made))


@frozen
class Exchange:
    """An answer, and what the shell has to do to it."""

    response: Response
    fault: Fault | None = None


Plan: TypeAlias = Callable[[int, Request], Fault | None]
"""Says what goes wrong with a request, given how many came before it since the plan was set."""


class Faults:
    """Ready plans. Any function of (index, request) is one."""

    @staticmethod
    def none(_index: int, _request: Request) -> Fault | None:
        """Nothing goes wrong."""
        return None

    @staticmethod
    def scripted(script: Sequence[Fault | None] | Mapping[int, Fault]) -> Plan:
        """Fault the request of each index; those beyond the script pass."""
        faults = script if isinstance(script, Mapping) else {i: fault for i, fault in enumerate(script) if fault}
        return lambda index, _: faults.get(index)

    @staticmethod
    def when(chosen: Callable[[Request], bool], fault: Fault, *, times: int | None = 1) -> Plan:
        """Fault the first `times` requests for which `chosen` is true (None: all of them)."""
        left = [times]

        def plan(_index: int, request: Request) -> Fault | None:
            if left[0] == 0 or not chosen(request):
                return None
            if left[0] is not None:
                left[0] -= 1
            return fault

        return plan

    @staticmethod
    def at_storage(script: Sequence[Fault | None] | Mapping[int, Fault], method: str | None = None) -> Plan:
        """Fault the request to the storage of each index, of those of one method if one is given."""
        faults = script if isinstance(script, Mapping) else {i: fault for i, fault in enumerate(script) if fault}
        seen = count()

        def plan(_index: int, request: Request) -> Fault | None:
            if SIGNED not in request.url or method not in (None, request.method):
                return None
            return faults.get(next(seen))

        return plan

    @staticmethod
    def seeded(seed: int, rate: float, faults: Iterable[Fault]) -> Plan:
        """Fault that share of the requests with one of `faults`. The same seed and index give the same fault."""
        choices = tuple(faults)

        def plan(index: int, _request: Request) -> Fault | None:
            dice = random.Random(f"{seed}/{index}")  # noqa: S311 - a reproducible plan, not a secret
            return dice.choice(choices) if dice.random() < rate else None

        return plan
