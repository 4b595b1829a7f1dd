"""The base of all records: what an answer contained, and nothing that it did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NewType, NoReturn, TypeVar, dataclass_transform

import attrs
import msgspec
from attrs import frozen

from ..codec.frozen import SECRET, JsonObject, thaw
from ..errors import FieldNotRequested
from ..protocol.shapes import is_array

if TYPE_CHECKING:
    from ..headers import Headers

__all__ = [
    "Record",
    "RecordETag",
    "RecordType",
    "Ref",
    "ResponseETag",
    "Validators",
    "blank_of",
    "stamp",
    "validators_of",
]

RecordETag = NewType("RecordETag", str)
"""The `etag` attribute of a record: what `If-Match` takes. The quotes are part of it.

See https://docs.developers.clio.com/api-docs/etags.
"""

ResponseETag = NewType("ResponseETag", str)
"""The `ETag` header of an answer: what `If-None-Match` takes. It may be weak, and name more than the record."""

_UNSET: Any = object()
_JSON = msgspec.json.Encoder(decimal_format="number")


@frozen
class Validators:
    """The header fields by which an answer can be validated later, exactly as they came."""

    etag: ResponseETag | None = None
    last_modified: str | None = None


def validators_of(headers: Headers) -> Validators:
    """Return the header fields by which an answer with one record can be validated later."""
    etag = headers.single("etag")
    return Validators(None if etag is None else ResponseETag(etag), headers.single("last-modified"))


@frozen
class Ref:
    """A reference to another record: the selection ``{id,name}``, without ``name`` where there is none."""

    id: int | str | None
    name: str | None = None
    type: str | None = None


def _frozen(_self: Any, _name: str, *_: Any) -> NoReturn:
    raise attrs.exceptions.FrozenInstanceError


class RecordType(type):
    """Makes slots of annotations, without a default or a constructor of their own: an unset slot was not asked for.

    A record class is made of two: one with the slots, whose instances take assignments, and on top of it the class
    itself, which refuses them. A record is filled as the first and then made one of the second. That costs half of
    going around immutability slot by slot.

    The attributes are those of an attrs class (`attrs.fields` works); they are computed when they are asked for, so
    that hundreds of classes cost little.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, init: bool = True) -> RecordType:
        if not bases:
            return super().__new__(mcs, name, bases, namespace)
        if init or bases[0].__dict__.get("__fields__"):
            raise TypeError(f"{name} cannot be a record class. A class of your own is an attrs class: see fields=.")
        slots = tuple(namespace.get("__annotations__", ()))
        blank = super().__new__(mcs, name, bases, {"__slots__": slots, "__init__": object.__init__})
        own = {"__slots__": (), "__fields__": slots, "__init__": bases[0].__dict__["__init__"]}
        return super().__new__(mcs, name, (blank,), namespace | own | {"__setattr__": _frozen, "__delattr__": _frozen})

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, init: bool = True) -> None:
        super().__init__(name, bases, namespace)

    @property
    def __attrs_attrs__(cls) -> tuple[attrs.Attribute[Any], ...]:
        return _attributes(cls)


@cache
def _attributes(cls: RecordType) -> tuple[attrs.Attribute[Any], ...]:
    fields = {name: attrs.field(type=hint) for name, hint in cls.__annotations__.items()}
    found: tuple[attrs.Attribute[Any], ...] = attrs.fields(
        attrs.make_class(cls.__name__, fields, init=False, repr=False, eq=False)
    )
    return found


def blank_of(cls: type[Any]) -> type[Any]:
    """Return the class with the slots of a record class, whose instances take assignments."""
    blank = cls.__base__
    assert blank is not None  # noqa: S101 - for the type checker
    return blank


R = TypeVar("R", bound="Record")


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False)
class Record(metaclass=RecordType):
    """One record of Clio, as an answer held it. It is deeply immutable, hashes, copies and pickles.

    An attribute that was not in the answer is not `None` but absent: reading it raises `FieldNotRequested`, and
    ``"name" in record`` tells. `None` is Clio's null. Two records are equal when what is there is equal.

    What opens something (`shared_secret`, `put_url`, `put_headers`, `conference_password`) is shown by no ``repr``, and
    is in no pickle: in a record that comes out of one it is absent. `to_dict` and `to_json` hold it.
    """

    __slots__ = ("__weakref__", "_counts_hours", "_extra", "_validators")
    __fields__: ClassVar[tuple[str, ...]] = ()
    __schema__: ClassVar[str] = ""

    if TYPE_CHECKING:
        _extra: JsonObject
        _validators: Validators | None
        _counts_hours: bool
    else:  # a checker would take any misspelt attribute for right

        def __getattr__(self, name: str) -> Any:
            if name in self.__fields__:
                raise FieldNotRequested(_not_requested(type(self).__name__, name))
            if name == "_extra":
                return _NOTHING
            if name == "_validators":
                return None
            if name == "_counts_hours":
                return False
            found = getattr(type(self), name, None)
            if isinstance(found, property) and found.fget is not None:
                return found.fget(self)  # it raised FieldNotRequested, which Python took for a missing attribute
            from difflib import get_close_matches  # for a mistake alone

            near = get_close_matches(name, self.__fields__, n=1)
            advice = f" Did you mean {near[0]!r}?" if near else ""
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}.{advice}")

    def __init__(self, **values: Any) -> None:
        """Make a record that holds `values`, as they are. `from_dict` takes what JSON holds."""
        for name, value in values.items():
            if name not in self.__fields__:
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
            object.__setattr__(self, name, value)

    @property
    def extra(self) -> Mapping[str, Any]:
        """What the answer held beyond what this version of the package knows, as immutable JSON values."""
        return self._extra

    @property
    def validators(self) -> Validators | None:
        """The ETag and Last-Modified of the answer that held this record alone; None for a record of a list."""
        return self._validators

    @property
    def redacted(self) -> bool:
        """Whether Clio withheld the attributes because the user may not see them.

        See https://docs.developers.clio.com/api-docs/permissions.
        """
        return self._extra.get("redacted") is True

    def __contains__(self, name: object) -> bool:
        return any(name == found for found, _ in self._present())

    def _present(self) -> Iterator[tuple[str, Any]]:
        cls: type[Record] = type(self)
        slots: object = super(cls, self)  # past __getattr__, which would make an error of each absent one
        for name in self.__fields__:
            value = getattr(slots, name, _UNSET)
            if value is not _UNSET:
                yield name, value

    def __repr__(self) -> str:
        present = [f"{name}={'***' if name in SECRET else repr(value)}" for name, value in self._present()]
        more = [f"extra={self._extra!r}"] if self._extra else []
        return f"{type(self).__name__}({', '.join([*present, *more])})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return [*self._present()] == [*other._present()] and self._extra == other._extra

    def __hash__(self) -> int:
        return hash((type(self), *self._present(), self._extra))

    def __copy__(self: R) -> R:
        return self

    def __deepcopy__(self: R, _memo: Any) -> R:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        more = (True,) if self._counts_hours else ()
        values = {name: value for name, value in self._present() if name not in SECRET}
        return _revived, (type(self), values, self._extra, self._validators, *more)

    def to_dict(self) -> dict[str, Any]:
        """Return what is there as a plain dict: records become dicts, tuples lists, values stay Python values."""
        more: dict[str, Any] = thaw(self._extra)
        return {name: _unstructured(value) for name, value in self._present()} | more

    def to_json(self) -> bytes:
        """Return what is there as JSON text: numbers exact, timestamps in ISO 8601 with their offset."""
        return _JSON.encode(self.to_dict())

    @classmethod
    def from_dict(cls: type[R], values: Mapping[str, Any]) -> R:
        """Make a record of what `to_dict` returned or a JSON parser made of `to_json`.

        :raises SchemaError: if a value contradicts the schema.
        """
        from .plans import from_dict

        return from_dict(cls, values)


_NOTHING = JsonObject({})


def _not_requested(record: str, name: str) -> str:
    return (
        f"{record}.{name} was not in the answer. Ask for it with fields=: {name!r} if the {record} itself is read, "
        f"in braces after its name if another record leads to it, as in 'client{{{name}}}'."
    )


def _revived(
    cls: type[R], values: dict[str, Any], extra: JsonObject, validators: Validators | None, counts_hours: bool = False
) -> R:
    record = cls(**values)
    if extra:
        object.__setattr__(record, "_extra", extra)
    if validators is not None:
        object.__setattr__(record, "_validators", validators)
    if counts_hours:
        object.__setattr__(record, "_counts_hours", True)
    return record


def stamp(record: object, validators: Validators) -> None:
    """Give a record the validators of its answer, before anybody else has seen it. Other objects stay as they are."""
    if isinstance(record, Record):
        object.__setattr__(record, "_validators", validators)


def _unstructured(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if is_array(value):
        return [_unstructured(item) for item in value]
    return thaw(value)
