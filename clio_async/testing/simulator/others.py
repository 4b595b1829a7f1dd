"""Operations that are unlike those of other resources, on no files.

See https://docs.developers.clio.com/api-reference/ for each.
"""

from __future__ import annotations

from hmac import compare_digest

from . import jobs, writes
from .answers import encoded
from .call import Call, Outcome, body_of
from .changing import create, written
from .items import read_items
from .lists import Page, read_page
from .reading import found_record, page_answer, selection_of
from .render import rendered
from .things import Record, Ref
from .values import argument_error

__all__ = ["activate", "copy_list", "generate_report", "ids", "list_items", "metrics", "start_timer"]


def list_items(call: Call) -> Outcome:
    """Answer a page of folders and documents."""
    selection = selection_of(call)
    page = read_items(call)
    return page_answer(call, page, [rendered(thing, selection, call.viewer) for thing in page.things])


def ids(call: Call) -> Outcome:
    """Answer a page of bare ids."""
    page: Page = read_page(call.table, call.operation, call.query, call.viewer, call.regime)
    return page_answer(call, page, [thing.number for thing in page.things])


def metrics(call: Call) -> Outcome:
    """Answer one record that is nobody's, by a path that is like that of a list."""
    return Outcome(200, encoded({"data": rendered(found_record(call), selection_of(call), call.viewer)}))


def copy_list(call: Call) -> Outcome:
    """Create a list of task templates with those of another: 201. What the body leaves out is as it is there."""
    source = found_record(call)
    selection_of(call)
    kept = {name: source.get(name) for name in ("name", "description", "practice_area")}
    changes = writes.read_changes(source, body_of(call), call.operation, call.regime)
    made = call.table.add(call.now)
    made.written.update({**kept, "creator": Ref("users", call.grant.user), **changes})
    for template in list(call.firm.children("task_templates", "task_template_list", source.number)):
        _copy_template(template, made, call.now)
    return written(call, made, 201)


def _copy_template(template: Record, target: Record, now: float) -> None:
    made = template.table.add(now)
    names = [name for name in template.schema.fields if name not in {"id", "etag", "created_at", "updated_at"}]
    made.written.update(
        {name: template.get(name) for name in names}, task_template_list=Ref(target.table.name, target.number)
    )


def generate_report(call: Call) -> Outcome:
    """Start a report of a preset: 201 with the report."""
    preset = found_record(call)
    selection_of(call)
    made = call.firm.table("reports").add(call.now)
    made.written.update({name: preset.get(name) for name in ("name", "kind", "format", "category")}, source="presets")
    jobs.start(made, call.now)
    preset.written["last_generated_at"] = made.born()
    preset.table.keep(preset)
    return written(call, made, 201)


def start_timer(call: Call) -> Outcome:
    """Start the timer of the user: 201. It takes the place of one that runs."""
    outcome = create(call)
    call.firm.timers[call.grant.user] = call.table.last
    return outcome


def activate(call: Call) -> Outcome:
    """End a webhook's handshake: 200 without a body, if the secret is the one that was sent.

    :raises Refusal: 422, if it is not, or the webhook is suspended and the regime wants another address for that.
    """
    webhook = found_record(call)
    if webhook.get("status") == "suspended" and call.regime.hook_revived_by != "activation":
        raise argument_error("The webhook is suspended")
    given = call.request.headers.get("x-hook-secret", "")
    if not compare_digest(given.encode(), str(webhook.get("shared_secret")).encode()):
        raise argument_error("X-Hook-Secret is not the secret of the webhook")
    writes.apply(webhook, {"status": "enabled"}, call.regime, call.now)
    return Outcome(200)
