"""Selections: what a read asks for, checked before it is sent, and the class of what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from attrs import evolve, field, frozen

from ..codec import Decoder, Ledger, Page, Plan, parse
from ..codec.structure import structure
from ..errors import InvalidArgument, SchemaError, UnknownField
from ..headers import Headers
from ..protocol import filters
from ..protocol.fields import format_fields, parse_fields, without
from ..protocol.shapes import is_dict, is_list
from . import registry
from .durations import made_of
from .plans import full, record_class, record_plan
from .projection import is_projection, made_class, projection_plan, projection_tree
from .record import Record, stamp, validators_of
from .schema import Field, default_tree
from .sharing import is_immutable

__all__ = [
    "BARE_IDS",
    "Fields",
    "Names",
    "Selection",
    "Unchecked",
    "both",
    "check_hash",
    "narrowed",
    "projected",
    "select",
    "select_own",
    "select_records",
    "unchecked",
    "widened",
]

T = TypeVar("T")

_KEPT = 1024
"""Selections that are kept for reuse."""


@frozen
class Unchecked:
    """The name of a field that this version of the package does not know. See `unchecked`."""

    name: str


def unchecked(name: str) -> Unchecked:
    """Ask for a field that Clio has added since this version of the package: its value comes in `record.extra`.

    :raises InvalidArgument: if it could not be a name in Clio's grammar.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidArgument(f"{name!r} is not a field name, nor a name with others in braces.")
    return Unchecked(name)


_NAME = re.compile(r"[A-Za-z_]\w*(?:\{[A-Za-z_]\w*(?:,[A-Za-z_]\w*)*\})?", re.ASCII)

Names: TypeAlias = str | Sequence[str | Unchecked] | None
"""A selection in Clio's grammar, or name by name; None for the default of the resource."""

Fields: TypeAlias = Names | type[Any]
"""What `fields=` takes: names, or an attrs class whose attributes are the names."""


class Answer(Protocol):
    """An answer with one record, as it came or as it is kept."""

    @property
    def body(self) -> bytes: ...

    @property
    def headers(self) -> Headers: ...

    @property
    def memo(self) -> dict[Any, Any]:
        """Decoded forms of the body."""
        ...


@frozen(eq=False)
class Selection(Generic[T]):
    """What one kind of read asks for, and how its answers are decoded."""

    text: str
    """In Clio's grammar, in one canonical order: ``id,etag,client{id,name}``."""
    query: str = field(repr=False)
    """The same as an encoded query: ``fields=…``."""
    decode: Callable[[bytes], T] = field(repr=False)
    """Decode an answer with one record.

    :raises DecodeError: if it is malformed.
    """
    decode_page: Callable[[bytes], Page[T]] = field(repr=False)
    """Decode an answer with a page of records.

    :raises DecodeError: if it is malformed.
    """
    covered: bool
    """Whether the tag of the record covers it all: own attributes that are not derived, and the `id` and `type` of
    associated records."""
    depends: tuple[str, ...]
    """The collections whose records it shows through associations: ``("/contacts",)`` for ``client{name}``."""
    record_type: type[T]
    ledger: Ledger = field(repr=False)
    """What was found to contradict the schema in answers to this selection."""
    shareable: bool
    """Whether what is decoded cannot change, so that one object may be given to many."""
    default_of: str | None = None
    """The schema whose default selection it is; None for what a caller asked for."""
    tree: Mapping[str, tuple[str, ...] | None] = field(factory=dict[str, "tuple[str, ...] | None"], repr=False)
    """What it names, with what stands in braces."""
    needed: tuple[str, ...] = ()
    """What it is of no use without."""

    def record(self, answer: Answer) -> T:
        """Return the record of an answer; one that cannot change is decoded once, and kept with the body.

        :raises DecodeError: if the answer is malformed.
        """
        found: T | None = answer.memo.get(self)
        if found is None:
            found = self.decode(answer.body)
            stamp(found, validators_of(answer.headers))
            if self.shareable:
                answer.memo[self] = found
        return found


def select(resource: str, fields: Fields = None, *, strict: bool = False) -> Selection[Any]:
    """Return the selection for a resource. It is made once for equal arguments.

    :raises UnknownField: if a name is not a field of the resource, or of the association in whose braces it stands.
    :raises InvalidArgument: if the selection is malformed, or a class asks for a type that the field does not have.
    """
    schema = registry.resource(resource).schema
    if schema is None:
        raise InvalidArgument(f"{resource} answers no records that fields could be selected of.")
    return select_records(schema, fields, strict=strict)


def select_records(
    schema: str, fields: Fields = None, *, strict: bool = False, also: tuple[str, ...] = ()
) -> Selection[Any]:
    """Return the selection for records of a schema. See `select`.

    `also` are fields, as far as the schema has them, that the answer has to hold in any case, for whoever reads
    `Page.values`; a class that has no place for them does not get them.
    """
    check_hash(fields)
    if isinstance(fields, type):
        return _by_class(schema, cast("Hashable", fields), strict, also)
    if fields is None or isinstance(fields, str):
        return _by_names(schema, fields, strict, also)
    names = tuple(fields) if isinstance(fields, Iterable) else None
    if names is None or not all(isinstance(name, str | Unchecked) for name in names):
        raise InvalidArgument("fields is a text in Clio's grammar, a list of names, or an attrs class.")
    return _by_names(schema, names, strict, also)


def check_hash(fields: object) -> None:
    """Refuse a class, or a text, by which no selection can be kept.

    :raises InvalidArgument: if it has no hash, as where its own class defines `__eq__` alone.
    """
    if isinstance(fields, str | type) and type(fields).__hash__ is None:
        raise InvalidArgument(f"fields= has no hash: {type(fields).__name__} defines __eq__ without __hash__. Add one.")


def select_own(schema: str, fields: str, needed: tuple[str, ...], *, strict: bool = False) -> Selection[Any]:
    """Return a selection that the package chose, of which a server may refuse all but what is `needed`.

    See `select`. What is needed is written as `narrowed` takes it.
    """
    return _by_own(schema, fields, needed, strict)


@lru_cache(_KEPT)
def _by_own(schema: str, fields: str, needed: tuple[str, ...], strict: bool) -> Selection[Any]:
    return evolve(_by_names(schema, fields, strict, ()), default_of=schema, needed=needed)


@lru_cache(_KEPT)
def _by_names(
    schema: str, fields: str | tuple[str | Unchecked, ...] | None, strict: bool, also: tuple[str, ...]
) -> Selection[Any]:
    tree, more = _tree(schema, fields)
    tree = _with(schema, tree, also)
    made = _made(schema, tree, _apart(tree, more), record_plan(schema, tree), strict)
    return made if fields is not None else evolve(made, default_of=schema, needed=also)


@lru_cache(_KEPT)
def narrowed(selection: Selection[Any], names: frozenset[str]) -> Selection[Any] | None:
    """Return a default selection without what a server refuses of it: ``location``, or ``client{type}``.

    None if nothing would be left.
    """
    schema = selection.default_of or ""
    tree = without(selection.tree, names.difference(selection.needed))
    if tree == selection.tree:
        return selection
    if not tree:
        return None
    made = _made(schema, tree, (), record_plan(schema, tree), selection.ledger.strict)
    return evolve(made, default_of=schema, needed=selection.needed)


def widened(schema: str, fields: Fields, also: Iterable[str], *, strict: bool = False) -> Selection[Any]:
    """Return the default selection, with what the caller asks for, and with all that the fields `also` hold.

    It reads records of the package; `projected` makes of them what the caller asked for. See `select`.
    """
    check_hash(fields)
    chosen = fields if fields is None or isinstance(fields, str | type) else tuple(fields)
    return _wide(schema, cast("Hashable", chosen), frozenset(also), strict)


@lru_cache(_KEPT)
def _wide(schema: str, fields: Any, also: frozenset[str], strict: bool) -> Selection[Any]:
    asked = select_records(schema, fields, strict=strict)
    known = registry.schema(schema).fields
    tree: Tree = {}
    for one in (
        dict.fromkeys(registry.own_keys(schema)),
        default_selection(schema),
        asked.tree,
        _entire(schema, also),
    ):
        tree |= {name: both(known[name], tree[name], inner) if name in tree else inner for name, inner in one.items()}
    unchecked_names = () if fields is None or isinstance(fields, str | type) else fields
    more = tuple(sorted({found.name for found in unchecked_names if isinstance(found, Unchecked)}))
    ordered = _ordered(schema, tree)
    made = _made(schema, ordered, _apart(ordered, more), record_plan(schema, ordered), strict)
    needed = () if asked.default_of is not None else _needed(asked.tree)
    return made if more else evolve(made, default_of=schema, needed=(*registry.own_keys(schema), *needed))


def _entire(schema: str, names: Iterable[str]) -> Tree:
    """Return fields with what there is to know of the records they hold, as far as one level of braces goes."""
    known = registry.schema(schema).fields
    return {name: _inside(known[name]) for name in names if name in known}


def _inside(found: Field) -> tuple[str, ...] | None:
    if found.schema is None:
        return None
    of = registry.schema(full(found.schema))
    if not found.many and registry.collections_of(found.schema) and "id" in of.fields:
        return tuple(key for key in ("id", "type") if key in of.fields)
    own = [name for name, held in of.own.items() if not held.derived]
    return (*own, *[name for name, held in of.associations.items() if not held.many])


def both(found: Field, one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return what two selections have in the braces of a field. Without braces Clio answers its defaults."""
    if found.schema is None or one == other:
        return one
    defaults = registry.default_fields(found.schema)
    return tuple(dict.fromkeys([*(defaults if one is None else one), *(defaults if other is None else other)]))


def _needed(tree: Mapping[str, tuple[str, ...] | None]) -> tuple[str, ...]:
    return (*tree, *[f"{name}{{{key}}}" for name, inner in tree.items() for key in inner or ()])


def projected(schema: str, fields: Fields, record: Any) -> Any:
    """Return what a caller who asked for `fields` is given of a record that holds them: one of his class, if it is one.

    :raises SchemaError: if his class refuses what it is called with.
    """
    if not isinstance(fields, type) or issubclass(fields, Record):
        return record
    plan, ledger = _plan_of(schema, cast("Hashable", fields))
    return structure(plan, record.to_dict(), fields.__name__, ledger)


@lru_cache(_KEPT)
def _plan_of(schema: str, cls: Any) -> tuple[Plan, Ledger]:
    return projection_plan(schema, cls), Ledger()


def _with(schema: str, tree: Tree, also: tuple[str, ...]) -> Tree:
    return _ordered(schema, dict.fromkeys(also) | tree) if also else tree


@lru_cache(_KEPT)
def _by_class(schema: str, cls: type[Any], strict: bool, also: tuple[str, ...]) -> Selection[Any]:
    if cls is record_class(schema):
        return _by_names(schema, None, strict, also)
    if issubclass(cls, Record):
        raise InvalidArgument(f"The records of this resource are {record_class(schema).__name__}, not {cls.__name__}.")
    if not is_projection(cls):
        raise InvalidArgument(f"{cls.__name__} is no attrs class: decorate it with clio_async.frozen.")
    shown = projection_tree(schema, cls)
    tree = _with(schema, _ordered(schema, shown), also)
    unused = frozenset(tree) - frozenset(shown)
    return _made(schema, tree, (), projection_plan(schema, cls, unused), strict)


Tree: TypeAlias = dict[str, tuple[str, ...] | None]


def _made(schema: str, tree: Tree, more: tuple[str, ...], plan: Plan, strict: bool) -> Selection[Any]:
    decoder: Decoder[Any] = Decoder(plan, Ledger(strict=strict))
    fields = registry.schema(schema).fields
    text = ",".join([*([format_fields(tree)] if tree else []), *more])
    return Selection(
        text=text,
        query=filters.encode([("fields", text)]),
        decode=decoder.record,
        decode_page=decoder.page,
        covered=not more and all(_covered(fields[name], inner) for name, inner in tree.items()),
        depends=_depends(schema, tree),
        record_type=made_class(plan),
        ledger=decoder.ledger,
        shareable=is_immutable(plan),
        tree=MappingProxyType(tree),
    )


def _tree(schema: str, fields: str | tuple[str | Unchecked, ...] | None) -> tuple[Tree, tuple[str, ...]]:
    """Return what is selected, in canonical order, and the unchecked names."""
    if fields is None:
        return _ordered(schema, default_selection(schema)), ()
    given = (fields,) if isinstance(fields, str) else fields
    more = tuple(sorted({found.name for found in given if isinstance(found, Unchecked)}))
    named = ",".join(found for found in given if not isinstance(found, Unchecked))
    tree = parse_fields(named) if named or not more else {}
    check_names(schema, tree)
    return _ordered(schema, dict.fromkeys(registry.own_keys(schema)) | tree), more


def _apart(tree: Tree, more: tuple[str, ...]) -> tuple[str, ...]:
    """Return the unchecked names that are not asked for anyway.

    :raises InvalidArgument: if one name would stand twice in the selection, and not say the same.
    """
    said = {name: name if inner is None else format_fields({name: inner}) for name, inner in tree.items()}
    for text in more:
        name = text.partition("{")[0]
        if said.setdefault(name, text) != text:
            raise InvalidArgument(f"fields= asks for {said[name]} and for {text}: write it once.")
    return tuple(text for text in more if text.partition("{")[0] not in tree)


def _ordered(schema: str, tree: Tree) -> Tree:
    """Put names in the order of the schema, so that equal selections are equal texts."""
    fields = registry.schema(schema).fields
    ordered: Tree = {}
    for name in (*registry.own_keys(schema), *fields):
        if name in tree:
            inner = tree[name]
            ordered[name] = inner if inner is None else tuple(_inner_order(fields[name], inner))
    return ordered


def _inner_order(association: Field, inner: tuple[str, ...]) -> Iterable[str]:
    names = registry.schema(full(association.schema or "")).fields
    return [name for name in names if name in inner]


def default_selection(schema: str) -> Tree:
    """Return what is read when nothing else is asked for."""
    return default_tree(registry.schema(schema), registry.schema, whole=registry.read_in_full(schema))


def check_names(schema: str, tree: Tree) -> None:
    """Refuse names that are not fields.

    :raises UnknownField: if a name, or one in braces, is none.
    :raises InvalidArgument: if an attribute that holds no record has braces.
    """
    fields = registry.schema(schema).fields
    for name, inner in tree.items():
        if name not in fields:
            raise _unknown(name, fields, schema, schema)
        of = fields[name].schema
        if inner is not None and of is None:
            raise InvalidArgument(f"{schema}.{name} holds a value, not a record: it takes no braces.")
        for key in inner or ():
            known = registry.schema(full(of or "")).fields
            if key not in known:
                raise _unknown(key, known, full(of or ""), f"{schema}.{name}")


def _unknown(name: str, known: Iterable[str], schema: str, where: str) -> UnknownField:
    made = made_of(schema, name)
    if made:
        return UnknownField(name, (), where=where, hint=f"It is made of {' and '.join(made)}: ask for both.")
    return UnknownField(name, known, where=where, hint=_HINT)


_HINT = "For a field that Clio has added since, use unchecked()."
_COVERED = frozenset({"id", "type"})


def _covered(found: Field, inner: tuple[str, ...] | None) -> bool:
    if found.schema is None:
        return not found.derived
    return not found.many and inner is not None and _COVERED.issuperset(inner)


def _depends(schema: str, tree: Tree) -> tuple[str, ...]:
    fields = registry.schema(schema).fields
    found: dict[str, None] = {}
    for name, inner in tree.items():
        of = fields[name].schema
        if of is None or (not fields[name].many and inner is not None and _COVERED.issuperset(inner)):
            continue
        found |= dict.fromkeys(registry.collections_of(of))
        nested = registry.schema(full(of)).associations
        for key in inner or ():
            if key in nested:
                found |= dict.fromkeys(registry.collections_of(nested[key].schema or ""))
    return tuple(found)


def _no_record(_body: bytes) -> int:
    raise SchemaError("The answer holds ids alone.", path="data")


def _ids(items: list[Any], start: int | None) -> list[int]:
    for index, item in enumerate(items, start or 0):
        if type(item) is not int:
            raise SchemaError(f"data[{index}] is not an id.", path=f"data[{index}]")
    return items


def _page_of_ids(body: bytes) -> Page[int]:
    tree = parse(body)
    data = tree.get("data") if is_dict(tree) else None
    if not is_list(data):
        raise SchemaError("data is not a list.", path="data")
    return Page(data, tree.get("meta"), _ids)


BARE_IDS: Selection[int] = Selection(
    text="",
    query="",
    decode=_no_record,
    decode_page=_page_of_ids,
    covered=True,
    depends=(),
    record_type=int,
    ledger=Ledger(),
    shareable=True,
)
"""For lists of ids alone."""
