"""What was asked and answered."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from attrs import asdict, define, field, frozen

from ...messages import Request, Response
from .faults import Fault
from .oauth import PREFIX
from .storage import SIGNED, FileResponse
from .tokens import fingerprint

__all__ = ["Entry", "Log"]

_OF_INTEREST: Final = ("if-match", "if-none-match", "if-modified-since", "x-api-version", "accept-encoding")


_OAUTH_SHOWN: Final = frozenset({"response_type", "client_id", "redirect_uri", "redirect_on_decline", "error"})


@frozen(kw_only=True)
class Entry:
    """One exchange. No secret is in it: of the token there is a fingerprint, of a code or a form nothing."""

    index: int
    at: float
    method: str
    path: str
    query: str
    status: int
    token: str | None
    headers: dict[str, str]
    bytes_in: int
    bytes_out: int
    """Bytes of the body, before any compression."""
    ignored: tuple[str, ...]
    """Query parameters that had no effect: unknown to Clio, or not simulated."""
    fault: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return asdict(self)


@define
class Log:
    """The last exchanges, and counts of all of them."""

    size: int = 10_000
    entries: deque[Entry] = field(init=False)
    statuses: Counter[int] = field(factory=Counter[int], init=False)
    methods: Counter[str] = field(factory=Counter[str], init=False)
    bytes_out: int = field(default=0, init=False)
    requests: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.entries = deque(maxlen=self.size)

    def add(
        self, request: Request, response: Response, *, at: float, ignored: tuple[str, ...], fault: Fault | None
    ) -> Entry:
        """Note one exchange."""
        address, _, query = request.url.partition("?")
        path = "/" + address.partition("://")[2].partition("/")[2]
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        found = ((name, request.headers.get(name)) for name in _OF_INTEREST)
        entry = Entry(
            index=self.requests,
            at=at,
            method=request.method,
            path=path,
            query=_shown(query) if path.startswith(PREFIX) else "" if SIGNED in query else query,
            status=response.status,
            token=fingerprint(bearer) if bearer else None,
            headers={name: value for name, value in found if value is not None},
            bytes_in=len(request.body or b"") if request.content is None else request.content.length,
            bytes_out=response.end - response.first if isinstance(response, FileResponse) else len(response.body),
            ignored=ignored,
            fault=fault.name if fault else None,
        )
        self._count(entry)
        return entry

    def _count(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.requests += 1
        self.statuses[entry.status] += 1
        self.methods[entry.method] += 1
        self.bytes_out += entry.bytes_out


def _shown(query: str) -> str:
    """Return the query of an OAuth endpoint without the values that somebody could use."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value if name in _OAUTH_SHOWN else "***") for name, value in pairs], errors="replace")
