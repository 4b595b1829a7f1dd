"""Read back what was written, and tell of what Clio has dropped: see `Options.verify`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from attrs import evolve

from ..codec import parse
from ..errors import ChangeIgnored, ClioError, OutcomeUnknown
from ..models import registry
from ..models.comparing import field_of
from ..models.likeness import different
from ..protocol.fields import format_fields, parse_fields, with_selection
from ..protocol.filters import encode
from ..protocol.shapes import is_dict

if TYPE_CHECKING:
    from ..resources.caller import Reread
    from .rereading import Reader, Seen

__all__ = ["verify", "widened"]


def widened(query: str, again: Reread) -> str:
    """Return the query of a write that is to be verified: its answer has to hold the id and the tag of the record."""
    said = dict(parse_qsl(query)).get("fields")
    if said is None:
        return query
    tree = parse_fields(said)
    tree = {**dict.fromkeys(registry.own_keys(again.operation.schema or "")), **tree}
    return with_selection(query, encode([("fields", format_fields(tree))]))


async def verify(reader: Reader, again: Reread, answer: bytes, found: Any) -> None:
    """Read what a write has sent, once, and compare.

    A text that was trimmed, a number or a time that was rounded was not dropped; nor is a change to something else,
    where it is known what the record showed before. Nothing is claimed of what records never show, of new rows of
    collections, of records without an etag, and if the tag is not that of the answer any more: then somebody has
    written meanwhile. Rows that others change under the same tag may be taken for a change that was dropped.

    :raises ChangeIgnored: if the record shows something else than was sent, or the server does not know it.
    :raises OutcomeUnknown: with `accepted`, if the record cannot be read.
    """
    told = parse(answer)
    data = told.get("data") if is_dict(told) else None
    if not is_dict(data) or not isinstance(data.get("etag"), str):
        return
    again = evolve(again, path=again.path.replace("{id}", str(data.get("id"))))
    unknown = _unknown(again)
    try:
        seen = await reader.read(again, more=unknown)
    except ClioError as failed:
        text = "The write was applied. Reading it back, to verify it, failed: read the record before relying on it."
        raise OutcomeUnknown(text, request=reader.template, current=found, accepted=True) from failed
    if seen is None or seen.tag != data["etag"]:
        return
    ignored = (*_different(again, seen, unknown), *_dropped(again, seen, unknown))
    if ignored:
        raise ChangeIgnored(_text(ignored), fields=ignored, record=seen.shown)


def _unknown(again: Reread) -> tuple[str, ...]:
    """Return the names that were sent although the API is not known to have them."""
    schema, known = again.operation.schema or "", registry.resource(again.operation.resource).operations.values()
    taken = {name for operation in known for name in operation.attributes}
    return tuple(name for name in again.sent if name not in taken and field_of(schema, name) is None)


def _different(again: Reread, seen: Seen, unknown: tuple[str, ...]) -> Iterable[str]:
    schema, sent = again.operation.schema or "", {k: v for k, v in again.sent.items() if k not in unknown}
    return different(schema, sent, seen.record, again.earlier)


def _dropped(again: Reread, seen: Seen, unknown: tuple[str, ...]) -> Iterable[str]:
    """Yield the unknown names that are none to the server, either, or that it shows with another value.

    A text may be shown in another form than it was sent in, so that nothing follows from that.
    """
    shown = seen.record.extra
    for name in unknown:
        if _is_other(again.sent[name], shown[name]) if name in shown else name not in seen.unclear:
            yield name


def _is_other(sent: object, shown: object) -> bool:
    plain = bool | int | float | Decimal | None
    return isinstance(sent, plain) and isinstance(shown, plain) and sent != shown


def _text(names: tuple[str, ...]) -> str:
    return (
        f"Clio accepted the write, and the record does not show {' and '.join(names)} as sent: that part was not done. "
        "The rest of it was."
    )
