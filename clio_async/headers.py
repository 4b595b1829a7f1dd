"""Header fields: `Headers`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

__all__ = ["NO_HEADERS", "SHOWN", "Headers"]

_NONE: frozenset[str] = frozenset()

SHOWN = frozenset({"accept", "accept-encoding", "content-type", "if-match", "if-none-match", "x-api-version"})
"""Request fields whose values may be shown. Any other is shown without its value."""


class Headers(Mapping[str, str]):
    """Header fields: names compare without case; order, repetition and bytes are kept.

    Text is ISO-8859-1: one character is one byte on the wire (RFC 9110 §5.5). A repeated field reads as its values
    joined by ``", "`` (RFC 9110 §5.3); `single` is for fields that are not lists. The index is made on first look-up.
    """

    __slots__ = ("_index", "_pairs", "_repeated", "lines", "traits")

    _pairs: tuple[tuple[str, str], ...] | None
    lines: str | None
    """The fields as a transport writes them, once it has checked them: those of a client are the same in every call."""
    traits: tuple[str, bool] | None
    """What they mean for the keeping of answers, once that is known: see `protocol.conditional.traits`."""

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = cast("Mapping[str, str]", fields).items() if isinstance(fields, Mapping) else fields
        self._begin(tuple(pairs))

    def _begin(self, pairs: tuple[tuple[str, str], ...] | None) -> None:
        self._pairs = pairs
        self._index: dict[str, str] | None = None
        self._repeated: frozenset[str] = _NONE
        self.lines = None
        self.traits = None

    @classmethod
    def from_raw(cls, fields: Iterable[tuple[bytes, bytes]], parsed: Parsed | None = None) -> Headers:
        """Make headers from the bytes of the wire, which are read when they are first looked at.

        `parsed` is what a parser has made of the same bytes: most answers are looked up in it a few times, and no more.
        """
        return _Received(fields, parsed)

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

    def differs(self, held: Mapping[str, str], besides: frozenset[str]) -> bool:
        """Say whether a field has another value than in `held`, or is not there. The names are in lower case.

        Those `besides` do not count.
        """
        return any(held.get(name) != value and name not in besides for name, value in self.index.items())

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
        shown = ", ".join(f"{name}: {value}" if name.lower() in SHOWN else name for name, value in self.pairs)
        return f"Headers({shown})"

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[tuple[str, str], ...]]]:
        return Headers, (self.pairs,)


class Parsed(Protocol):
    """Header fields as a parser hands them over, decoded in its own way: text that is not ASCII is read again."""

    def getall(self, name: str, default: None, /) -> list[str] | None:
        """Return every value of a field, whatever the case of its name."""
        ...

    def items(self) -> Iterable[tuple[str, str]]: ...


class _Received(Headers):
    """Headers from the wire. Most are looked up by name a few times, so the index is made without the pairs."""

    __slots__ = ("_parsed", "_raw")

    def __init__(self, fields: Iterable[tuple[bytes, bytes]], parsed: Parsed | None) -> None:
        self._begin(None)
        self._raw = fields
        self._parsed = parsed

    def lookup(self, name: str) -> str | None:
        if self._parsed is not None:
            values = self._parsed.getall(name, None)
            if values is None:
                return None
            if len(values) == 1 and values[0].isascii():
                return values[0]
        return super().lookup(name)

    def differs(self, held: Mapping[str, str], besides: frozenset[str]) -> bool:
        if self._parsed is None or self._index is not None:
            return super().differs(held, besides)
        for name, value in self._parsed.items():
            key = name.lower()
            if (held.get(key) != value or not value.isascii()) and key not in besides:  # the index tells
                return super().differs(held, besides)
        return False

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
