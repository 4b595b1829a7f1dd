"""Operations that read: one record under its conditions, or a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from ...models import registry
from ...models.schema import Schema
from .answers import Refusal, encoded, http_date
from .call import Call, Outcome, not_found
from .conditions import header_tag, is_unmodified
from .draw import hexadecimal
from .filing import is_gone, is_trashed
from .lists import Page, read_page
from .older import filtered
from .regime import Regime
from .render import NULLED, rendered
from .rows import read_rows
from .selection import Selection, UnknownField, default_selection, selected
from .things import Record, Ref, Thing, family
from .values import whole
from .versions import versions_of
from .views import contacts_of

__all__ = [
    "digest",
    "found_record",
    "get",
    "list_page",
    "page_answer",
    "parent_of",
    "selection_of",
    "validators",
    "who_am_i",
]


def found_record(call: Call) -> Record:
    """Return the record that the path names."""
    record = _at(call)
    if record is None or is_gone(record, call.now):
        raise not_found()
    if record.table.name not in NULLED and call.viewer.hides(record):
        if call.regime.hidden_status == 403:
            raise Refusal(403, "ForbiddenError", "User is forbidden from taking that action")
        raise not_found()
    return record


def _at(call: Call) -> Record | None:
    text = call.params.get("id")
    if text is not None:
        if len(call.params) > 1:
            parent_of(call)
        return call.table.get(whole(text) or 0)
    if "matter_id" in call.params:
        return _client_of(call)
    if call.table.name == "timer":
        return call.table.get(call.firm.timers.get(call.grant.user, 0))
    return call.table.get(call.table.last)


def _client_of(call: Call) -> Record | None:
    held = parent_of(call).get("client")
    return call.firm.find(held) if isinstance(held, Ref) else None


def parent_of(call: Call) -> Record:
    """Return the record that a nested path begins with."""
    prefix, _, _ = call.operation.path.partition("{")
    text = next(iter(call.params.values()))
    found = registry.match("GET", f"{prefix}1")
    table = call.firm.table(found[0].name if found else call.resource.name)
    record = table.get(whole(text) or 0)
    if record is None:
        raise not_found()
    return record


def selection_of(call: Call) -> Selection:
    """Return what the answer shows.

    :raises Refusal: 400, for a field that is none.
    """
    schema = registry.schema(call.operation.schema or call.resource.schema or "")
    if not call.fields:
        return default_selection(call.resource.name, schema)
    try:
        found = selected(call.fields, schema, call.age)
    except UnknownField as error:
        raise error.said(call.regime.invalid_fields) from None
    refused = [*_refused(found, schema, call.regime)] if call.regime.refused_fields else []
    if refused:
        lists = call.regime.invalid_fields == "list"
        raise UnknownField(", ".join(dict.fromkeys(refused)) if lists else refused[0]).said(call.regime.invalid_fields)
    return found


def _refused(found: Selection, schema: Schema, regime: Regime) -> Iterator[str]:
    for choice in found:
        if f"{family(schema.name)}.{choice.field.name}" in regime.refused_fields:
            yield choice.field.name
        elif choice.inner is not None and choice.field.schema is not None:
            yield from _refused(choice.inner, registry.schema(choice.field.schema), regime)


def digest(body: bytes) -> str:
    """Return the tag of a representation."""
    return f'"{hexadecimal(body.decode())}"'


def get(call: Call) -> Outcome:
    """Answer one record: 200, or 304 when its validator is confirmed."""
    record = found_record(call)
    if is_trashed(record) and call.regime.trashed == "missing":
        raise not_found()
    return _shown(call, record)


def who_am_i(call: Call) -> Outcome:
    """Answer the user of the token."""
    user = call.firm.table("users").get(call.grant.user)
    if user is None:
        raise not_found()
    return _shown(call, user)


def _shown(call: Call, record: Record) -> Outcome:
    selection = selection_of(call)  # a bad selection is refused before any condition is looked at
    by_record = call.regime.tag_scope == "record"
    body = b"" if by_record else encoded({"data": rendered(record, selection, call.viewer)})
    tag = record.tag if by_record else digest(body)
    if _unmodified(call, record, tag):
        return Outcome(304, fields=validators(call, record, tag, 304))
    if by_record:
        body = encoded({"data": rendered(record, selection, call.viewer)})
    return Outcome(200, body, validators(call, record, tag, 200))


def _unmodified(call: Call, record: Record, tag: str) -> bool:
    headers = call.request.headers
    modified = record.updated().timestamp() if call.regime.last_modified else None
    formed = header_tag(tag, call.regime, status=304, user=call.grant.user)
    return is_unmodified(headers.get("if-none-match"), headers.get("if-modified-since"), formed, modified)


def validators(call: Call, record: Record, tag: str, status: int) -> list[tuple[str, str]]:
    """Return the header fields that name the state of a record."""
    formed = header_tag(tag, call.regime, status=status, user=call.grant.user)
    if call.regime.tag_scope == "representation":
        _remember(call, formed, record)
    fields = [("ETag", formed)]
    if call.regime.last_modified:
        fields.append(("Last-Modified", http_date(record.updated().timestamp())))
    return fields


SERVED: Final = 10_000
"""How many tags of representations are remembered."""


def _remember(call: Call, formed: str, record: Record) -> None:
    tag = formed.removeprefix("W/")
    call.served.pop(tag, None)
    call.served[tag] = (record.table.name, record.number, call.fields, call.grant.user)
    if len(call.served) > SERVED:
        del call.served[next(iter(call.served))]


def list_page(call: Call) -> Outcome:
    """Answer a page."""
    selection = selection_of(call)
    page = _nested(call) if call.params else None
    if page is None:
        operation, regime = filtered(call.operation, call.regime, call.age)
        page = read_page(call.table, operation, call.query, call.viewer, regime)
    return page_answer(call, page, [rendered(thing, selection, call.viewer) for thing in page.things])


def page_answer(call: Call, page: Page, data: list[Any]) -> Outcome:
    """Answer a page of which `data` is what is shown."""
    return Outcome(200, encoded({"data": data, "meta": _meta(call, page, len(data))}), page=page, ignored=page.ignored)


def _nested(call: Call) -> Page | None:
    """Return the page of a collection inside of a record, None if it has a table of its own."""
    parent = parent_of(call)
    rows = _rows_of(call, parent)
    if rows is None:
        return None
    return read_rows(rows, call.table, call.operation, call.query, call.regime, f"{parent.draw.key}/{call.table.name}")


def _rows_of(call: Call, parent: Record) -> Sequence[Thing] | None:
    name = call.table.name
    if name in {"matter_contacts", "matter_related_contacts"}:
        return contacts_of(parent, call.operation.schema or "", with_client=name == "matter_contacts")
    if name == "document_versions":
        return versions_of(parent)
    held = parent.schema.fields.get(call.resource.path.rpartition("/")[2])
    return None if held is None else [row for row in parent.value(held) if isinstance(row, Thing)]


def _meta(call: Call, page: Page, shown: int) -> dict[str, Any]:
    links = {"previous": page.previous, "next": page.next}
    paging = {name: _link(call, change) for name, change in links.items() if change}
    meta: dict[str, Any] = {"paging": paging}
    count = {"total": page.total, "page": shown, "absent": None}[call.regime.records]
    if count is not None:
        meta["records"] = count
    return meta


def _link(call: Call, change: Mapping[str, str]) -> str:
    """Return the absolute URL of another page: all parameters, with `change` among them."""
    scheme, _, rest = call.request.url.partition("?")[0].partition("://")
    host, _, path = rest.partition("/")
    origin = call.regime.public_origin or f"{scheme}://{host}"
    if call.regime.next_suffix is not None:
        path = path.removesuffix(".json") + (".json" if call.regime.next_suffix else "")
    kept = [
        (name, value) for name, values in call.query.items() for value in values if name not in {"page_token", "offset"}
    ]
    return f"{origin}/{path}?{urlencode([*kept, *change.items()])}"
