"""Operations on files: downloads, previews, versions, copies.

See https://docs.developers.clio.com/api-reference/ (Documents, Document Versions, Reports, Bills, Matter Dockets).
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from ...models.schema import Filter
from . import writes
from .answers import HTML_TYPE, Refusal
from .archives import packed
from .call import Call, Outcome, body_of, not_found
from .changing import written
from .following import foreseen
from .papers import FILE, file_of
from .reading import found_record, get, list_page, parent_of, selection_of
from .things import Record, Row
from .uploads import announce, renew
from .values import instant, is_object, whole
from .versions import add_version, complete_of, path_of, version_of

__all__ = [
    "copy_document",
    "create_archive",
    "create_document",
    "download",
    "download_document",
    "download_finished",
    "get_document",
    "list_versions",
    "preview_bill",
    "preview_docket",
    "save_as_latest_version",
]


def _elsewhere(call: Call, path: str) -> Outcome:
    """Answer where the bytes are: 303."""
    return Outcome(
        303, fields=[("Location", call.storage.signed("GET", path, call.now, life=call.regime.address_life))]
    )


def download(call: Call) -> Outcome:
    """Answer where the file of a record is."""
    return _elsewhere(call, _path_of(call, found_record(call)))


def _path_of(call: Call, record: Record) -> str:
    return f"/{call.firm.account}/{call.table.name}/{record.number}"


def download_finished(call: Call) -> Outcome:
    """Answer where the file of a job is, once it has one."""
    record = found_record(call)
    if record.get("state") != "completed":
        status = call.regime.unfinished_download
        raise not_found() if status == 404 else Refusal(status, "ArgumentError", "It is not completed")
    path = _path_of(call, record)
    call.storage.offer(path, *file_of(record))
    return _elsewhere(call, path)


def download_document(call: Call) -> Outcome:
    """Answer where a version of a document is, the latest complete one unless another is named."""
    document = found_record(call)
    asked = call.query.get("document_version_id")
    version = complete_of(document) if asked is None else version_of(document, whole(asked[-1]) or 0)
    if version is None or not version.get("fully_uploaded"):
        raise not_found()
    return _elsewhere(call, path_of(document, version))


def create_archive(call: Call) -> Outcome:
    """Begin an archive of documents and folders, as they are now: 201."""
    data = body_of(call)
    selection_of(call)
    content = packed(call, data.get("items"))
    made = writes.create(call.table, data, call.operation, call.regime, call.now)
    made.written[FILE] = content
    return written(call, made, 201)


def get_document(call: Call) -> Outcome:
    """Answer a document."""
    renew(call, found_record(call))
    return get(call)


def list_versions(call: Call) -> Outcome:
    """Answer a page of the versions of a document."""
    renew(call, parent_of(call))
    return list_page(call)


def preview_bill(call: Call) -> Outcome:
    """Answer a bill as a page."""
    bill = found_record(call)
    title = escape(f"Invoice {bill.get('number')}")
    page = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title><style>body {{ font-family: serif }}</style></head>
<body><h1>{title}</h1><p>Total: {bill.get("total")}</p></body></html>
"""
    return Outcome(200, page.encode(), type=HTML_TYPE)


def preview_docket(call: Call) -> Outcome:
    """Answer where the preview of a docket is.

    :raises Refusal: 400, if one of what it needs is missing or of the wrong kind; 404, if one does not exist.
    """
    for known in call.operation.filters.values():
        if known.required and _read(known, call.query.get(known.wire, ("",))[-1]) is None:
            raise Refusal(400, "BadRequest", f"{known.wire} is required")
    for name, table in _OF_A_DOCKET.items():
        if call.firm.table(table).get(int(call.query[name][-1])) is None:
            raise not_found()
    return _elsewhere(call, f"/{call.firm.account}/docket_previews/{call.query['trigger[id]'][-1]}")


_OF_A_DOCKET: Final = {
    "jurisdiction[id]": "jurisdictions",
    "trigger[id]": "jurisdiction_triggers",
    "service_type[id]": "service_types",
}


def _read(known: Filter, text: str) -> Any:
    return whole(text) if known.kind == "integer" else instant(text)


def create_document(call: Call) -> Outcome:
    """Create a document without bytes, or a version of one, if that is its parent: 201."""
    data = body_of(call)
    selection_of(call)
    foreseen(call, None, data)
    document = _version_for(call, data) or writes.create(call.table, data, call.operation, call.regime, call.now)
    announce(call, document, data)
    return written(call, document, 201)


def _version_for(call: Call, data: Mapping[str, Any]) -> Record | None:
    """Return the document that the parent is; None if it is no document."""
    parent = data.get("parent")
    if not is_object(parent) or parent.get("type") != "Document":
        return None
    writes.drafted(call.table, data, call.operation, call.regime, call.now)
    return call.table.get(int(parent["id"]))


def copy_document(call: Call) -> Outcome:
    """Create a document with the latest version of another: 201.

    What the body leaves out is as it is there.
    """
    source = found_record(call)
    selection_of(call)
    data = {name: source.get(name) for name in ("name", "filename")} | dict(body_of(call))
    made = writes.create(call.table, data, call.operation, call.regime, call.now)
    latest = complete_of(source)
    if latest is not None:
        version = add_version(made, **_bytes_of(latest), filename=data.get("filename"), fully_uploaded=True)
        call.storage.copy(path_of(source, latest), path_of(made, version))
    return written(call, made, 201)


def _bytes_of(version: Row) -> dict[str, Any]:
    return {name: version.get(name) for name in ("size", "content_type")}


def save_as_latest_version(call: Call) -> Outcome:
    """Make a new latest version of a document with the bytes of an older one: 200 without a body."""
    document: Record = parent_of(call)
    version = version_of(document, whole(call.params["document_version_id"]) or 0)
    if version is None or not version.get("fully_uploaded"):
        raise not_found()
    made = add_version(document, **_bytes_of(version), filename=version.get("filename"), fully_uploaded=True)
    call.storage.copy(path_of(document, version), path_of(document, made))
    writes.touch(document, call.now)
    return Outcome(200)
