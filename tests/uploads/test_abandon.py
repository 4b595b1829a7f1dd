"""What an upload has begun is taken away, and what is finished never is."""

from __future__ import annotations

from typing import Any

import pytest

from clio_async import Headers, IncompleteUpload, PreconditionFailed, Progress, Request, Response, UploadHandle
from clio_async.resources.uploads.place import Place
from clio_async.testing import Regime

from .firm import MATTER, Firm, with_data

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_parts")]
SMALL = b"Dear Sir"


@pytest.fixture
def firm() -> Firm:
    return Firm()


async def _begun(firm: Firm, parent: Any = MATTER) -> UploadHandle:
    """Begin an upload, and let it end before a byte was sent."""
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        raise KeyError("stop")

    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(SMALL, parent=parent, name="x", progress=stop)
    assert ended.value.handle is not None
    return ended.value.handle


async def test_a_new_document_is_taken_away(firm: Firm) -> None:
    """It is deleted; a second time it is gone."""
    handle = await _begun(firm)
    assert "deleted" == await firm.clio.documents.abandon(handle.to_json())
    assert firm.simulator.record("documents", handle.document_id, fields="deleted_at")["deleted_at"] is not None
    assert "gone" == await firm.clio.documents.abandon(handle)


async def test_of_a_document_that_is_not_there_nothing_is_taken_away() -> None:
    """Clio answers 404 where the trash is not shown."""
    firm = Firm(Regime(trashed="missing"))
    handle = await _begun(firm)
    assert "deleted" == await firm.clio.documents.abandon(handle)
    assert "gone" == await firm.clio.documents.abandon(handle)


@pytest.mark.parametrize("new", [True, False])
async def test_what_was_finished_is_not_taken_away(firm: Firm, new: bool) -> None:
    """The handle of an upload that went on to its end takes nothing away, and says so."""
    handle = await _begun(firm, MATTER if new else {"id": 1, "type": "Document"})
    assert new is handle.new
    document = await firm.clio.documents.upload(SMALL, resume=handle)
    assert "finished" == await firm.clio.documents.abandon(handle.to_json())
    assert [] == [one for one in firm.asked() if one.startswith("DELETE")]
    assert SMALL == firm.stored(document.id)
    assert firm.simulator.record("documents", document.id, fields="deleted_at")["deleted_at"] is None


async def test_what_has_the_bytes_of_another_version_is_not_taken_away(firm: Firm) -> None:
    """Nor what has those of a version behind a newer one that has none."""
    handle = await _begun(firm)
    document: Any = {"id": handle.document_id, "type": "Document"}
    await firm.clio.documents.upload(SMALL, parent=document, name="x")
    assert "finished" == await firm.clio.documents.abandon(handle)
    await _begun(firm, document)
    assert "finished" == await firm.clio.documents.abandon(handle)
    assert [] == [one for one in firm.asked() if one.startswith("DELETE")]


async def test_new_versions_without_bytes_go_with_the_document(firm: Firm) -> None:
    """There is nothing in any of them."""
    handle = await _begun(firm)
    await _begun(firm, {"id": handle.document_id, "type": "Document"})
    assert "deleted" == await firm.clio.documents.abandon(handle)


def _finishing(firm: Firm, handle: UploadHandle) -> Any:
    """Return what stands before the server, and finishes the upload between the read and the deletion."""
    answer = firm.simulator.handler

    async def handler(request: Request) -> Response:
        if request.method == "DELETE" and firm.stored(handle.document_id) is None:
            await firm.clio.documents.upload(SMALL, resume=handle)
        return await answer(request)

    return handler


async def test_what_is_finished_meanwhile_is_not_taken_away(firm: Firm) -> None:
    """The deletion is guarded by the tag that the document had without its bytes."""
    handle = await _begun(firm)
    firm.simulator.handler = _finishing(firm, handle)  # type: ignore[method-assign]
    assert "finished" == await firm.clio.documents.abandon(handle)
    assert 1 == firm.asked().count("DELETE 412")
    assert firm.simulator.record("documents", handle.document_id, fields="deleted_at")["deleted_at"] is None


async def test_control_without_the_tag_it_would_be(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deletion without a guard takes the file away that was finished meanwhile."""
    handle = await _begun(firm)
    firm.simulator.handler = _finishing(firm, handle)  # type: ignore[method-assign]
    guarded = Place.delete
    monkeypatch.setattr(Place, "delete", lambda place, _: guarded(place, None))
    assert "deleted" == await firm.clio.documents.abandon(handle)
    assert firm.simulator.record("documents", handle.document_id, fields="deleted_at")["deleted_at"] is not None


@pytest.mark.parametrize("changes", [False, True])
async def test_a_tag_that_is_always_refused(firm: Firm, changes: bool) -> None:
    """It guards nothing if the document keeps it; if others change the document all the time, that is raised."""
    handle = await _begun(firm)
    answer, refused = firm.simulator.handler, 0

    async def handler(request: Request) -> Response:
        nonlocal refused
        if request.method == "DELETE" and "If-Match" in request.headers:
            refused += 1
            if changes:
                firm.simulator.change("documents", handle.document_id, name=f"name {refused}")
            body = b'{"error": {"type": "PreconditionFailed", "message": "no"}}'
            return Response(412, Headers([("Content-Type", "application/json")]), body)
        return await answer(request)

    firm.simulator.handler = handler  # type: ignore[method-assign]
    if changes:
        with pytest.raises(PreconditionFailed):
            await firm.clio.documents.abandon(handle)
    else:
        assert "deleted" == await firm.clio.documents.abandon(handle)
    assert (5 if changes else 1) == refused


async def test_a_document_without_a_tag_is_deleted_without_one(firm: Firm) -> None:
    """An answer may leave it out."""
    handle = await _begun(firm)
    firm.change = lambda request, response: (
        with_data(response, lambda data: data.pop("etag", None)) if request.method == "GET" else response
    )
    assert "deleted" == await firm.clio.documents.abandon(handle)
    (deletion,) = [one for one in firm.requests if one.method == "DELETE"]
    assert "If-Match" not in deletion.headers


async def test_a_version_cannot_be_taken_away(firm: Firm) -> None:
    """Clio shows one without bytes to nobody; its document stays."""
    handle = await _begun(firm, {"id": 1, "type": "Document"})
    assert "hidden" == await firm.clio.documents.abandon(handle)
    assert [] == [one for one in firm.asked() if one.startswith("DELETE")]
