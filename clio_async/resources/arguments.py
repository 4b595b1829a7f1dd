"""Arguments to requests: paths and queries, checked against the registry before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from ..errors import InvalidArgument, MissingETag, UnknownFilter
from ..models import registry
from ..models.schema import Filter, Operation
from ..models.selection import Selection
from ..protocol import etags, filters
from ..protocol.shapes import is_mapping
from .bodies import check_times, completed, encoded, mapping, split
from .kinds import refuse_other, refuse_other_in, refuse_other_named
from .names import STRING_IDS

__all__ = [
    "check_merges",
    "check_times",
    "completed",
    "encoded",
    "etag_of",
    "guard",
    "id_of",
    "path",
    "query",
    "query_pairs",
    "settled",
    "split",
]


# -- paths --------------------------------------------------------------------------------------------------------


def id_of(operation: Operation, given: object, name: str = "id") -> str:
    """Return the id of a record, or of anything that has one, as it stands in a path.

    :raises InvalidArgument: if it cannot be an id of this resource.
    """
    if type(given) is int and given > 0:
        return str(given)
    refuse_other_in(given, operation.path, name)
    found = given if isinstance(given, int | str) else getattr(given, "id", None)
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return str(int(found))
    texts = name == "id" and operation.resource in STRING_IDS
    if texts and isinstance(found, str) and filters.text(name, found).strip("."):
        return quote(found, safe="")
    raise InvalidArgument(f"{name} is a positive integer, or a record that has one, not {filters.told(given)}.")


def path(operation: Operation, ids: tuple[object, ...]) -> str:
    """Fill the placeholders of an operation's path, in order."""
    form, names = _form(operation.path)
    if len(ids) == 1 and type(ids[0]) is int and ids[0] > 0:  # most reads
        return form % ids
    return form % tuple([id_of(operation, given, name) for given, name in zip(ids, names, strict=True)])


@cache
def _form(path: str) -> tuple[str, tuple[str, ...]]:
    """Return a path as a format, and the names of its placeholders."""
    return re.sub(r"\{\w+\}", "%s", path), tuple(re.findall(r"\{(\w+)\}", path))


# -- queries ------------------------------------------------------------------------------------------------------


def query_pairs(
    operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None
) -> list[tuple[str, str]]:
    """Return the names and values of a query, unencoded.

    :raises UnknownFilter: if a filter is none of the operation's. Clio would ignore it.
    :raises InvalidArgument: if a value cannot be sent, or a required one is absent.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        found = operation.filters.get(name)
        if found is None:
            where = f"{operation.resource}.{operation.action}"
            known = [*operation.filters, "fields", "limit", "resume", "extra_query"]
            raise UnknownFilter(name, known, where=where, hint=_HINTS.get(name, _HINT))
        if name == "ids":
            value = _own(operation, value)
        pairs += _written(found, value)
    more = mapping("extra_query", extra)
    for name, found in operation.filters.items():
        if found.required and name not in given and found.wire not in more:
            raise InvalidArgument(f"{operation.resource}.{operation.action} needs {name}=.")
    taken = dict(pairs)
    for name, value in more.items():
        if name in taken:
            raise InvalidArgument(f"{name} is given twice, as an argument and in extra_query=.")
        values = filters.items(name, value)
        pairs += [(filters.text("extra_query", name), filters.anything(name, one)) for one in values]
    return pairs


_HINT = "For one that Clio has added since, use extra_query=."
_HINTS: Mapping[str, str] = {
    **dict.fromkeys(
        ("page", "per_page", "page_token", "offset", "cursor"),
        "A list reads its pages by itself; resume= continues one.",
    ),
    **dict.fromkeys(("limit", "prefetch", "resume"), "list() takes it, this verb does not."),
}


def _own(operation: Operation, ids: Any) -> list[Any]:
    """Return ids, those of records among them, which have to be of the resource."""
    found = filters.items("ids", ids)
    for one in found:
        refuse_other(one, registry.collections_of(operation.schema or ""), "ids")
    return [_text_id(one) for one in found] if operation.resource in STRING_IDS else found


def _text_id(given: Any) -> str:
    number = filters.identity(given)
    if number is not None:
        return str(number)
    found = given if isinstance(given, str) else getattr(given, "id", None)
    if not isinstance(found, str) or not found.strip():
        raise InvalidArgument(f"ids are positive integers, texts, or records that have one, not {filters.told(given)}.")
    return filters.text("ids", found)


def settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters with their iterators read: one and the same list may be asked for again."""
    return {name: [*value] if isinstance(value, Iterator) else value for name, value in given.items()}


def _written(found: Filter, value: Any) -> list[tuple[str, str]]:
    name, wire, kind = found.name, found.wire, found.kind
    if wire.endswith("[{}]"):
        return [*_keyed(found, value)]
    if found.comparison:
        return [(wire, one) for one in filters.comparisons(name, kind, value)]
    if found.many:
        return [(wire, _spelt(found, one)) for one in filters.items(name, value)]
    if found.comma:
        return [(wire, ",".join(_spelt(found, one) for one in filters.items(name, value)))]
    return [(wire, _spelt(found, value))]


def _spelt(found: Filter, value: Any) -> str:
    """Write one value; a documented one in the case that Clio documents."""
    if found.name.endswith("_id"):
        refuse_other_named(value, found.name.removesuffix("_id"), found.name)
    text = filters.scalar(found.name, found.kind, value, nullable=found.nullable)
    if len(found.enum) < 2:  # a list of one is an example
        return text
    if found.comma:
        return ",".join(filters.documented(one, found.enum) for one in text.split(","))
    return filters.documented(text, found.enum)


def _keyed(found: Filter, value: Any) -> Iterator[tuple[str, str]]:
    """Write conditions on custom fields, by the ids of their definitions."""
    if not is_mapping(value) or not value:
        raise InvalidArgument(f"{found.name} maps ids of custom fields to values or conditions.")
    for key, wanted in value.items():
        number = filters.an_id(found.name, key)
        if isinstance(wanted, Mapping | tuple):
            text = _conditions(found.name, filters.comparisons(found.name, found.kind, wanted))
        else:
            text = filters.scalar(found.name, found.kind, wanted)
        yield found.wire.format(number), text


def _conditions(name: str, written: list[str]) -> str:
    """Write conditions that all have to hold as one value: ``[>=45, <=50]``."""
    if len(written) == 1:
        return written[0]
    if any(character in text for text in written for character in ",[]"):
        raise InvalidArgument(f"{name}: a value with a comma or a bracket cannot stand among several conditions.")
    return f"[{', '.join(written)}]"


def query(
    operation: Operation,
    selection: Selection[Any] | None,
    given: Mapping[str, Any],
    extra: Mapping[str, Any] | None,
    more: Iterable[tuple[str, str]] = (),
) -> str:
    """Return an encoded query: the selection, filters, and what the caller adds."""
    pairs = [*query_pairs(operation, given, extra), *more]
    if selection is None or not operation.fields or not selection.text:
        return filters.encode(pairs)
    if extra and "fields" in extra:
        raise InvalidArgument("extra_query= cannot say fields: there is an argument for it.")
    return filters.encode([*pairs, ("fields", selection.text)]) if pairs else selection.query


# -- preconditions ------------------------------------------------------------------------------------------------


def etag_of(given: object, if_match: str | None) -> str | None:
    """Return what `If-Match` is to hold: what was passed, or the record's own tag; None for a bare id.

    :raises MissingETag: if a record was given whose tag is absent, or if the tag is weak.
    :raises InvalidArgument: if it is no tag, or several. See `guard`.
    """
    if if_match is None and isinstance(given, int | str):
        return None
    tag = if_match if if_match is not None else getattr(given, "etag", None)
    if not isinstance(tag, str) or not tag:
        raise MissingETag(
            "The record has no etag: ask for it with fields=, or pass its id to write whatever is there now."
        )
    return guard(tag)


_PRINTABLE = re.compile("[!-~]*")


def guard(tag: str) -> str:
    """Return a tag as `If-Match` takes it: byte for byte, a malformed one, too, since servers compare texts.

    :raises MissingETag: if it is weak. That cannot guard a write (RFC 9110 §13.1.1).
    :raises InvalidArgument: if it is no tag, or several, or the ``*`` that any record matches.
    """
    if not isinstance(tag, str):
        raise InvalidArgument(f"if_match is the etag of a record, not {filters.told(tag)}.")
    if tag[:2] in {"W/", "w/"}:
        raise MissingETag("A weak etag cannot guard a write. Use the etag attribute of the record.")
    if tag == "*":
        raise InvalidArgument("if_match is the etag of a record. Any record matches *: pass the id alone for that.")
    if not _PRINTABLE.fullmatch(tag):
        raise InvalidArgument("if_match holds characters that no etag has.")
    if not etags.sendable(tag):
        raise InvalidArgument(
            "if_match is one etag, as the record has it, with its quotes. A list of them guards less."
        )
    return tag


def check_merges(target: object, if_match: str | None, on_conflict: object) -> None:
    """Refuse to merge what nothing is known of: changes are merged with what the record was when it was read.

    :raises InvalidArgument: if there is no such record, or the tag is another one's.
    """
    if on_conflict != "merge":
        raise InvalidArgument('on_conflict is "raise" or "merge".')
    if isinstance(target, int | str):
        raise InvalidArgument('on_conflict="merge" takes a record that was read. edit() reads it first.')
    if if_match is not None:
        raise InvalidArgument('on_conflict="merge" takes the etag of the record itself: leave out if_match=.')
