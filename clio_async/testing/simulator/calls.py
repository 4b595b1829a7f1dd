"""The operations: what each answers once it is known who asks, for what, in which version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import files, jobs, others
from .answers import Refusal
from .call import Call, Outcome
from .changing import create, delete, update
from .reading import get, list_page, who_am_i
from .tokens import allows

__all__ = ["carry_out"]


def carry_out(call: Call) -> Outcome:
    """Answer a call.

    :raises Refusal: if it is refused. Nothing was written then.
    """
    write = call.operation.method != "GET"
    closed = call.regime.custom_fields_redacted and call.resource.name == "custom_fields"
    if closed or not allows(call.grant, call.resource.name, write=write):
        raise Refusal(403, "ForbiddenError", "User is forbidden from taking that action")
    act = _IRREGULAR.get(call.operation.id) or _ACTIONS.get(call.operation.action)
    if act is None:
        raise Refusal(501, "NotImplementedError", f"The simulator does not carry out {call.operation.id}")
    if call.operation.action == "get":
        jobs.looked_at(call.firm, call.resource.name, call.params.get("id", ""))
    jobs.go_on(call.firm, call.jobs, call.now, moves_tag=call.regime.progress_moves_tag)
    return act(call)


_ACTIONS: Final[dict[str, Callable[[Call], Outcome]]] = {
    "get": get,
    "list": list_page,
    "create": create,
    "update": update,
    "delete": delete,
    "who_am_i": who_am_i,
}
_IRREGULAR: Final[dict[str, Callable[[Call], Outcome]]] = {
    "BillableMatter#ids": others.ids,
    "Bill#preview": files.preview_bill,
    "Document#copy": files.copy_document,
    "Document#create": files.create_document,
    "Document#download": files.download_document,
    "Document#show": files.get_document,
    "DocumentArchive#create": files.create_archive,
    "DocumentArchive#download": files.download_finished,
    "DocumentTemplate#download": files.download,
    "DocumentVersion#index": files.list_versions,
    "DocumentVersion#save_as_latest_version": files.save_as_latest_version,
    "EventMetrics#index": others.metrics,
    "Folder#list": others.list_items,
    "MatterDocket#preview": files.preview_docket,
    "Report#download": files.download_finished,
    "ReportPreset#generate_report": others.generate_report,
    "TaskTemplateList#copy": others.copy_list,
    "Timer#create": others.start_timer,
    "Webhook#activate": others.activate,
}
