"""Operations that write, once their preconditions hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import jobs, writes
from .answers import Refusal, encoded
from .call import Call, Outcome, body_of
from .conditions import header_tag, if_match_holds, tags_in
from .following import follow, foreseen
from .hooks import permitted
from .older import in_seconds
from .reading import digest, found_record, selection_of, validators
from .render import Viewer, rendered
from .selection import default_selection, selected
from .things import Record, Ref

__all__ = ["create", "delete", "update", "written"]


def create(call: Call) -> Outcome:
    """Create a record: 201."""
    data = _meant(call, None)
    selection_of(call)
    if call.resource.name == "activities" and not data.get("user"):
        data = {**data, "user": {"id": call.viewer.user}}  # who logs time without saying whose logs their own
    made = writes.create(call.table, data, call.operation, call.regime, call.now)
    if call.resource.name == "webhooks":
        made.written["user"] = Ref("users", call.grant.user)  # it sees what its maker may see
    return written(call, made, 201)


def update(call: Call) -> Outcome:
    """Change a record: 200, or 412 when it is not what it was. Nothing is written then."""
    record = found_record(call)
    _precondition(call, record, required=call.regime.if_match_required)
    selection_of(call)
    data = _meant(call, record)
    foreseen(call, record, data)
    for part in [data] if call.regime.patch_atomic else _parts(record, data):
        changes = writes.read_changes(record, part, call.operation, call.regime)
        writes.apply(record, changes, call.regime, call.now)
    follow(call, record, data)
    if call.resource.name == "webhooks" and call.regime.hook_revived_by == "renewal":
        _revive(call, record)
    return written(call, record, 200)


def _meant(call: Call, record: Record | None) -> Mapping[str, Any]:
    """Return what a body says, in the units of today."""
    data = body_of(call)
    if call.resource.name == "webhooks":
        permitted(call.grant, record, data)
    return in_seconds(record, data, call.age) if call.resource.name == "activities" else data


def _revive(call: Call, webhook: Record) -> None:
    """Let a suspended webhook go on, now that somebody has changed it."""
    if webhook.get("status") == "suspended":
        writes.apply(webhook, {"status": "enabled"}, call.regime, call.now, checked=False)


def _parts(record: Record, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Split a body into own values and rows of collections."""
    rows = {name for name, field in record.schema.associations.items() if field.many}
    own = {name: value for name, value in data.items() if name not in rows}
    return [own, {name: value for name, value in data.items() if name in rows}]


def written(call: Call, record: Record, status: int) -> Outcome:
    """Answer a write with what it made of a record: a job that takes no time is done by now."""
    if status == 201:
        jobs.go_on(call.firm, call.jobs, call.now, moves_tag=call.regime.progress_moves_tag)
    body = encoded({"data": rendered(record, selection_of(call), call.viewer)})
    if not call.regime.etag_on_write:
        return Outcome(status, body)
    tag = record.tag if call.regime.tag_scope == "record" else digest(body)
    return Outcome(status, body, validators(call, record, tag, status))


def delete(call: Call) -> Outcome:
    """Delete a record: 204, or 200 with what it was."""
    record = found_record(call)
    _precondition(call, record, required=False)
    body = b""
    if call.operation.answer == "record":
        body = encoded({"data": rendered(record, selection_of(call), call.viewer)})
    writes.delete(record, call.regime, call.now)
    return Outcome(call.operation.status, body)


def _precondition(call: Call, record: Record, *, required: bool) -> None:
    """Evaluate `If-Match`, before anything is changed.

    :raises Refusal: 412 if it does not hold, 428 if there is none and there must be.
    """
    sent = call.request.headers.get("if-match")
    if sent is None and required:
        raise Refusal(428, "PreconditionRequired", "If-Match is required")
    if sent is None or call.regime.if_match == "ignored":
        return
    if not if_match_holds(sent, _current(call, record, sent), call.regime):
        raise Refusal(412, "PreconditionFailed", "The record was changed since it was read")


def _current(call: Call, record: Record, sent: str) -> list[str]:
    """Return the tags that name the record's present state, in the forms that the regime takes."""
    tags = [record.tag] if call.regime.if_match in {"body", "both"} else []
    if call.regime.if_match == "body":
        return tags
    if call.regime.tag_scope == "record":
        return [*tags, header_tag(record.tag, call.regime, status=304, user=call.grant.user)]
    return tags + [tag for tag in tags_in(sent) if _still_served(call, record, tag)]


def _still_served(call: Call, record: Record, tag: str) -> bool:
    """Say whether the tag of a representation names what its selection would show now."""
    table, number, fields, user = call.served.get(tag.removeprefix("W/"), ("", 0, "", 0))
    if (table, number) != (record.table.name, record.number):
        return False
    schema = record.schema
    selection = selected(fields, schema, call.age) if fields else default_selection(record.table.name, schema)
    body = encoded({"data": rendered(record, selection, Viewer(call.firm, user, call.regime, age=call.age))})
    now = header_tag(digest(body), call.regime, status=200, user=user)
    return now.removeprefix("W/") == tag.removeprefix("W/")
