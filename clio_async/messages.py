"""The messages that pass through the chain: `Request` and `Response`.

They are immutable. A layer that changes nothing hands on the object it was given.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from attrs import define, field
from msgspec import DecodeError as MalformedJSON
from msgspec.json import Decoder

from .errors import DecodeError
from .headers import NO_HEADERS, SHOWN, Headers

if TYPE_CHECKING:
    from attrs import frozen as message

    from .options import Options
    from .principal import Auth, Principal

else:

    def message(cls: type) -> type:
        """Make a message class: frozen to type checkers, plain at run time.

        Three requests and two responses are made per call, and a frozen one takes a microsecond longer.
        """
        return define(cls, eq=False)


__all__ = ["NO_HEADERS", "Content", "Headers", "Request", "Response", "Source"]

Source: TypeAlias = Literal["network", "revalidated", "cache", "shared"]
"""Where an answer came from: sent in full, confirmed by a 304, not asked for (opted-in freshness), or another caller's
flight."""

_PICKLED = ("method", "deadline", "tags", "resource", "covered", "follows", "renewed", "validates")
# Response fields that never get into a pickle: cookies, and addresses that may be signed.
_HIDDEN = frozenset({"set-cookie", "location", "content-location", "link"})


class Content(Protocol):
    """A body that is produced while it is sent: a part of a file, say."""

    @property
    def length(self) -> int:
        """How many bytes there will be."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes, from the first one at each call: `length` of them, in pieces of any size.

        What this raises ends the exchange, and reaches the caller of the transport as it is.
        """
        ...


@message
class Request:
    """A request on its way to a transport.

    A transport reads `method`, `url`, `headers`, `body`, `content` and `deadline`, and of `principal` only whether two
    requests have the same one, to share its connections fairly. The rest is for the layers above it.
    """

    method: str
    """An upper-case method token."""
    url: str
    """The absolute URL, percent-encoded (RFC 3986), without a fragment."""
    headers: Headers = NO_HEADERS
    body: bytes | None = field(default=None, repr=False)
    deadline: float | None = None
    """The moment, on the client's monotonic clock (seconds), at which the call has to end."""
    principal: Principal | None = field(default=None, repr=False)
    """On whose behalf: part of every key under which something is kept."""
    auth: Auth | None = field(default=None, repr=False)
    """What proves it."""
    options: Options | None = field(default=None, repr=False)
    tags: tuple[str, ...] = field(default=(), repr=False)
    """A read: what its answer depends on. A write: what it changes. (Names of records and collections.)"""
    resource: str | None = None
    """The name of the resource in the registry, None for a path that is not in it."""
    covered: bool = field(default=True, repr=False)
    """Whether the tag of the record covers the whole selection (else only a tag of the representation does)."""
    generation: Any = field(default=None, repr=False)
    """What the cache said when the read began; equal generations may share a flight and be stored."""
    resent: Request | None = field(default=None, repr=False)
    """The request that this one repeats."""
    follows: bool = field(default=True, repr=False)
    """Whether a redirect is an instruction to go on; else it is the answer that was asked for."""
    renewed: bool = field(default=False, repr=False)
    """Whether it repeats one whose token was refused, with another token."""
    validates: bool = field(default=False, repr=False)
    """Whether the condition in it is that of a layer which keeps answers, and not the caller's."""
    content: Content | None = field(default=None, repr=False)
    """A body that is produced while it is sent, in the place of `body`. It passes no chain: files go to where they are
    kept, and not to the API."""

    def having(self, name: str, value: str) -> Request:
        """Return this request with one more header field."""
        return self.replace(headers=self.headers.having(name, value))

    def replace(
        self,
        *,
        headers: Headers | None = None,
        generation: Any = None,
        resent: Request | None = None,
        renewed: bool = False,
        validates: bool = False,
    ) -> Request:
        """Return this request with other headers, under another generation, or as a repetition; the rest is shared."""
        return Request(
            self.method,
            self.url,
            self.headers if headers is None else headers,
            self.body,
            self.deadline,
            self.principal,
            self.auth,
            self.options,
            self.tags,
            self.resource,
            self.covered,
            self.generation if generation is None else generation,
            self.resent if resent is None else resent,
            self.follows,
            self.renewed or renewed,
            self.validates or validates,
            self.content,
        )

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url.partition('?')[0]}>"

    def __copy__(self) -> Request:
        return self  # it is immutable; and what is pickled is less

    def __deepcopy__(self, memo: dict[int, Any]) -> Request:
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what may be shown, as `repr` does: errors hold requests, and end up in queues and result stores.

        Left out are who asked, the query, the body, and the values of fields that may hold a secret.
        """
        return {
            **dict.fromkeys(("body", "content", "principal", "auth", "options", "generation", "resent")),
            **{name: getattr(self, name) for name in _PICKLED},
            "url": self.url.partition("?")[0],
            "headers": self.headers.only(SHOWN),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)


@message
class Response:
    """A complete answer: the body is whole, decoded from its content coding, and capped in size."""

    status: int
    headers: Headers = NO_HEADERS
    body: bytes = field(default=b"", repr=False)
    source: Source = "network"
    verdict: str | None = None
    """What a layer found out beyond the status: ``"version-gone"`` for a 410 that means the API version,
    ``"version-unknown"`` for one of which nobody could tell whether it does, ``"again"`` for a request that was not
    acted on, and for which a second try may go better, ``"ambiguous"`` for a refusal of a write of which an earlier
    attempt may have been applied, ``"done"`` for one that was, ``"redirected"`` for the answer of another URL than the
    one that was asked."""
    memo: dict[Any, Any] = field(factory=dict[Any, Any], repr=False)
    """Decoded forms of `body`, shared by every answer that carries the same stored body."""
    wire_bytes: int = 0
    """Bytes of the body as they were transferred, before decoding."""

    def json(self) -> Any:
        """Return the body as JSON: a number with a fraction or an exponent as a `Decimal`, exactly as written.

        :raises DecodeError: if it is not JSON.
        """
        try:
            return Decoder(float_hook=Decimal).decode(self.body)
        except (MalformedJSON, UnicodeDecodeError, RecursionError, ArithmeticError):
            raise DecodeError(f"The answer ({self.status}) is not JSON.") from None

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.source} {len(self.body)} bytes>"

    def __copy__(self) -> Response:
        return self  # it is immutable; and what is pickled is less

    def __deepcopy__(self, memo: dict[int, Any]) -> Response:
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Pickle all but the fields that may hold a secret: a cookie, or where a redirect leads."""
        keep = ("status", "body", "source", "verdict", "wire_bytes")
        return {
            **{name: getattr(self, name) for name in keep},
            "headers": self.headers.only(self.headers.keys() - _HIDDEN),
            "memo": {},
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)
