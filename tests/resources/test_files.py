"""The verbs that move bytes: each resource that has files has them, and hands over what it was given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from clio_async import Clio, IncompleteUpload, InvalidArgument, MemoryTransport, Progress, Request, Response
from clio_async.testing.simulator import Fault, Jobs, Simulator

BASE = "https://app.clio.com/api/v4"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def firm() -> tuple[Simulator, Clio, list[Request]]:
    simulator = Simulator(matters=3, contacts=3, tasks=3, users=2, jobs=Jobs(seconds=0))
    seen: list[Request] = []

    async def watched(request: Request) -> Response:
        seen.append(request)
        return await simulator.handler(request)

    return simulator, Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(watched), retry=None), seen


async def read(clio: Any, resource: str, record: object, **options: Any) -> bytes:
    async with getattr(clio, resource).download(record, **options) as download:
        return b"".join([piece async for piece in download])


@frozen
class Card:
    """A projection."""

    id: int
    name: str | None


async def test_what_is_uploaded_is_downloaded(tmp_path: Path) -> None:
    """By record and by id, as a stream and into a file; an older version by its id."""
    _, clio, _ = firm()
    told: list[Progress] = []
    made = await clio.documents.upload(
        b"first", parent={"id": 1, "type": "Matter"}, name="a.txt", fields=Card, progress=told.append
    )
    assert Card(made.id, "a.txt") == made
    assert "done" == told[-1].phase
    document = await clio.documents.get(made, fields="id,latest_document_version{id}")
    assert document.latest_document_version is not None
    await clio.documents.upload(b"second", parent={"id": made.id, "type": "Document"}, name="a.txt", fields="id")
    assert b"second" == await read(clio, "documents", made)
    assert b"first" == await read(clio, "documents", made.id, document_version_id=document.latest_document_version)
    target = tmp_path / "a"
    told.clear()
    assert target == await clio.documents.download_to(made, target, progress=told.append)
    assert (b"second", "done") == (target.read_bytes(), told[-1].phase)
    await clio.documents.download_to(made, target, document_version_id=document.latest_document_version.id)
    assert b"first" == target.read_bytes()


@pytest.mark.parametrize("resource", ["reports", "document_archives", "document_templates"])
async def test_every_resource_with_files_has_the_verbs(resource: str, tmp_path: Path) -> None:
    """The bytes are those of the address that Clio gives."""
    simulator, clio, seen = firm()
    record: Any = 1
    if resource == "reports":
        record = await clio.reports.run(kind="revenue", format="csv")
    elif resource == "document_archives":
        record = await clio.document_archives.run(items=[{"id": 1, "type": "Document"}])
    else:
        simulator.add("document_templates", filename="A template")
    told: list[Progress] = []
    content = await read(clio, resource, record, progress=told.append)
    assert content
    assert "done" == told[-1].phase
    path = await getattr(clio, resource).download_to(record, tmp_path / "a", progress=told.append)
    assert content == path.read_bytes()
    elsewhere = [request for request in seen if not request.url.startswith(BASE)]
    assert 2 == len(elsewhere)
    assert not [request for request in elsewhere if "Authorization" in request.headers]


async def test_what_was_begun_is_continued_or_abandoned() -> None:
    """By the handle of the error, or its text; and only by the principal that began it."""
    simulator, clio, _ = firm()
    simulator.faults = lambda _, request: Fault.storage(400, "InvalidRequest") if request.method == "PUT" else None
    with pytest.raises(IncompleteUpload) as caught:
        await clio.documents.upload(b"x", parent={"id": 1, "type": "Matter"}, name="a.txt")
    handle = caught.value.handle
    assert handle is not None
    other = clio.with_auth(simulator.token(user=2))
    with pytest.raises(InvalidArgument, match="principal"):
        await other.documents.abandon(handle)
    with pytest.raises(IncompleteUpload) as second:
        await clio.documents.upload(b"y", parent={"id": 1, "type": "Matter"}, name="b.txt")
    simulator.faults = lambda *_: None
    assert second.value.handle is not None
    assert "deleted" == await clio.documents.abandon(second.value.handle)
    done = await clio.documents.upload(b"x", resume=handle.to_json())
    assert (handle.document_id, b"x") == (done.id, await read(clio, "documents", done))
