"""The messages that pass through the chain: `Headers`, `Request`, `Response`.

They are immutable. A layer that changes nothing hands on the object it was given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from attrs import define, field
from msgspec import DecodeError as MalformedJSON
from msgspec.json import Decoder

from .errors import DecodeError

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


__all__ = ["Headers", "Request", "Response", "Source"]

Source: TypeAlias = Literal["network", "revalidated", "cache", "shared"]
"""Where an answer came from: sent in full, confirmed by a 304, not asked for (opted-in freshness), or another caller's
flight."""

_NONE: frozenset[str] = frozenset()

# Request fields whose values never appear in a repr. Everything else about a request is shown without its value.
_SHOWN = frozenset({"accept", "accept-encoding", "content-type", "if-match", "if-none-match", "x-api-version"})
# Response fields that never get into a pickle: cookies, and addresses that may be signed.
_HIDDEN = frozenset({"set-cookie", "location", "content-location", "link"})


class Headers(Mapping[str, str]):
    """Header fields: names compare without case; order, repetition and bytes are kept.

    Text is ISO-8859-1: one character is one byte on the wire (RFC 9110 §5.5). A repeated field reads as its values
    joined by ``", "`` (RFC 9110 §5.3); `single` is for fields that are not lists. The index is made on first look-up.
    """

    __slots__ = ("_index", "_pairs", "_repeated", "lines")

    _pairs: tuple[tuple[str, str], ...] | None
    lines: str | None
    """The fields as a transport writes them, once it has checked them: those of a client are the same in every call."""

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = cast("Mapping[str, str]", fields).items() if isinstance(fields, Mapping) else fields
        self._begin(tuple(pairs))

    def _begin(self, pairs: tuple[tuple[str, str], ...] | None) -> None:
        self._pairs = pairs
        self._index: dict[str, str] | None = None
        self._repeated: frozenset[str] = _NONE
        self.lines = None

    @classmethod
    def from_raw(cls, fields: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Make headers from the bytes of the wire, which are read when they are first looked at."""
        return _Received(fields)

    @property
    def base(self) -> Headers | None:
        """The headers that these extend by a field or more; None if they stand alone."""
        return None

    @property
    def added(self) -> tuple[tuple[str, str], ...]:
        """The fields that `base` does not have."""
        return self.pairs

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The fields as they were given, in order."""
        if self._pairs is None:
            self._pairs = self._late_pairs()
        return self._pairs

    if TYPE_CHECKING:  # what makes its pairs late says how

        def _late_pairs(self) -> tuple[tuple[str, str], ...]: ...

    def _made(self) -> dict[str, str]:
        index: dict[str, str] = {}
        repeated: set[str] = set()
        for name, value in self.pairs:
            key = name.lower()
            if key in index:
                index[key] = f"{index[key]}, {value}"
                repeated.add(key)
            else:
                index[key] = value
        if repeated:
            self._repeated = frozenset(repeated)
        self._index = index
        return index

    def __getitem__(self, name: str) -> str:
        index = self._index
        if index is None:
            index = self._made()
        return index[name.lower()]

    def lookup(self, name: str) -> str | None:
        """Return the value of a field, or None. `name` must be in lower case: this is the fast form of `get`."""
        index = self._index
        if index is None:
            index = self._made()
        return index.get(name)

    def single(self, name: str) -> str | None:
        """Return the value of a field that may stand once (ETag, Retry-After …), None when absent or ambiguous.

        `name` must be in lower case. A field that is repeated with one and the same value counts as one.
        """
        value = self.lookup(name)
        if value is not None and name in self._repeated:
            values = set(self.values_of(name))
            return values.pop() if len(values) == 1 else None
        return value

    def has_any(self, names: frozenset[str]) -> bool:
        """Say whether one of `names` (in lower case) is there."""
        return not names.isdisjoint(self.index)

    def values_of(self, name: str) -> tuple[str, ...]:
        """Return every value of a field, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    @property
    def index(self) -> Mapping[str, str]:
        """Values by name in lower case."""
        return self._made() if self._index is None else self._index

    def having(self, name: str, value: str) -> Headers:
        """Return these headers with one more field."""
        return _Extended(self, name, value)

    def only(self, names: Collection[str]) -> Headers:
        """Return the fields among `names`, which are lower-case."""
        return Headers([(name, value) for name, value in self.pairs if name.lower() in names])

    def __iter__(self) -> Iterator[str]:
        return iter(self.index)

    def __len__(self) -> int:
        return len(self.index)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Headers):
            return dict(self) == dict(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}: {value}" if name.lower() in _SHOWN else name for name, value in self.pairs)
        return f"Headers({shown})"

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[tuple[str, str], ...]]]:
        return Headers, (self.pairs,)


class _Received(Headers):
    """Headers from the wire. Most are looked up by name a few times, so the index is made without the pairs."""

    __slots__ = ("_raw",)

    def __init__(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        self._begin(None)
        self._raw = fields

    def _late_pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._raw])

    def _made(self) -> dict[str, str]:
        self._raw = fields = tuple(self._raw)  # an iterator could not be read again
        index = {_field_name(name): value.decode("latin-1") for name, value in fields}
        if len(index) != len(fields):  # some are repeated
            return super()._made()
        self._index = index
        return index


@lru_cache(256)  # answers repeat a dozen names
def _field_name(name: bytes) -> str:
    return name.decode("latin-1").lower()


class _Extended(Headers):
    """Headers with one field more: what a layer adds to a request, and hardly anybody looks up again."""

    __slots__ = ("_added", "_base", "_name")

    def __init__(self, base: Headers, name: str, value: str) -> None:
        self._begin(None)
        self._base = base
        self._name = name.lower()
        self._added = ((name, value),)

    @property
    def base(self) -> Headers | None:
        return self._base

    @property
    def added(self) -> tuple[tuple[str, str], ...]:
        return self._added

    def _late_pairs(self) -> tuple[tuple[str, str], ...]:
        return self._base.pairs + self._added

    def lookup(self, name: str) -> str | None:
        return super().lookup(name) if name == self._name else self._base.lookup(name)

    def single(self, name: str) -> str | None:
        return super().single(name) if name == self._name else self._base.single(name)


NO_HEADERS = Headers()


@message
class Request:
    """A request on its way to a transport.

    A transport reads `method`, `url`, `headers`, `body` and `deadline`, and of `principal` only whether two requests
    have the same one, to share its connections fairly. The rest is for the layers above it.
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
    """The request that this one repeats, after an answer that says it was not acted on."""

    def having(self, name: str, value: str) -> Request:
        """Return this request with one more header field."""
        return self.replace(headers=self.headers.having(name, value))

    def replace(
        self, *, headers: Headers | None = None, generation: Any = None, resent: Request | None = None
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
            **dict.fromkeys(("body", "principal", "auth", "options", "generation", "resent")),
            **{name: getattr(self, name) for name in ("method", "deadline", "tags", "resource", "covered")},
            "url": self.url.partition("?")[0],
            "headers": self.headers.only(_SHOWN),
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
    """What a layer found out beyond the status: ``"version-gone"`` for a 410 that means the API version, ``"again"``
    for a request that was not acted on, and for which a second try may go better."""
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
        except (MalformedJSON, UnicodeDecodeError, RecursionError):
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
