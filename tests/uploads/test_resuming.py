"""What may be continued, and what may not: another file, a document that is gone, an id that is none."""

from __future__ import annotations

import functools
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from clio_async import (
    Clio,
    IncompleteUpload,
    InvalidArgument,
    MemoryTransport,
    NotFound,
    OutcomeUnknown,
    Progress,
    Request,
    Response,
    SourceChanged,
    StaticToken,
    UploadHandle,
)
from clio_async.testing import Fault, Faults, Regime

from .firm import BASE, MATTER, PART, THREE, Firm, stream, with_data

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_parts")]
SMALL = b"Dear Sir"


async def _last(firm: Firm, content: Any, **values: Any) -> UploadHandle:
    """Upload something, and return the handle that was told last."""
    seen: list[Progress] = []
    await firm.clio.documents.upload(
        content, parent=MATTER, name="x", part_size=PART, parallel=1, progress=seen.append, **values
    )
    assert seen[-1].handle is not None
    return seen[-1].handle


@pytest.mark.parametrize("content", [SMALL, THREE], ids=["one piece", "parts"])
@pytest.mark.parametrize("made", [bytes, stream], ids=["bytes", "stream"])
async def test_what_is_done_is_continued_by_its_own_file_alone(anyio_backend: str, content: bytes, made: Any) -> None:
    """Another file of the same size is refused, and so is one that is longer or shorter: no document is returned."""
    firm = Firm()
    handle = await _last(firm, made(content))
    assert ([1] if content is SMALL else [1, 2, 3]) == [*dict(handle.parts)]
    asked = len(firm.puts())
    again = await firm.clio.documents.upload(made(content), resume=handle.to_json())
    assert handle.document_id == again.id
    for other in (b"?" + content[1:], content[:-1] + b"?", content + b"?", content[:-1], b""):
        with pytest.raises(SourceChanged) as ended:
            await firm.clio.documents.upload(made(other), resume=handle)
        assert handle.document_id == ended.value.handle.document_id
    assert asked == len(firm.puts())


async def test_without_digests_the_size_is_compared(anyio_backend: str) -> None:
    """A handle that is older than the first part of a stream knows neither; Clio knows how much it has."""
    firm = Firm()
    handle = evolve(await _last(firm, stream(THREE)), parts=(), size=None)
    assert handle.document_id == (await firm.clio.documents.upload(stream(THREE), resume=handle)).id
    with pytest.raises(SourceChanged, match="of the size"):
        await firm.clio.documents.upload(stream(THREE + b"?"), resume=handle)


@pytest.mark.parametrize("made", [bytes, stream], ids=["bytes", "stream"])
async def test_a_piece_that_arrived_is_not_sent_again(anyio_backend: str, made: Any) -> None:
    """F63: also where the file is one piece. Only Clio has to be told; and another file is refused."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.when(lambda it: it.method == "PATCH", Fault.status(404), times=1)
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(made(SMALL), parent=MATTER, name="x")
    handle = ended.value.handle
    with pytest.raises(SourceChanged):
        await firm.clio.documents.upload(made(SMALL.upper()), resume=handle)
    assert firm.stored(handle.document_id) is None
    document = await firm.clio.documents.upload(made(SMALL), resume=handle)
    assert (SMALL, 1) == (firm.stored(document.id), len(firm.puts()))


async def test_a_stream_that_the_storage_lost_is_sent_anew(anyio_backend: str) -> None:
    """It cannot be read again: the handle says that nothing has arrived, and the next time all of it is sent."""
    firm = Firm(retry=None)
    lost = b'{"error": {"type": "UploadNotFoundError", "message": "no"}}'
    right = firm.simulator.handler

    async def losing(request: Request) -> Response:
        return Response(422, body=lost) if request.method == "PATCH" else await right(request)

    firm.simulator.handler = losing  # type: ignore[method-assign]
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(stream(SMALL), parent=MATTER, name="x")
    assert () == ended.value.handle.parts
    with pytest.raises(IncompleteUpload):
        await firm.clio.documents.upload(stream(SMALL), resume=ended.value.handle)
    assert 2 == len(firm.puts())


async def test_what_is_in_the_trash_is_not_done(anyio_backend: str) -> None:
    """Its document is deleted: the error says how it comes back, and then the upload goes on."""
    firm = Firm()
    handle = await _last(firm, THREE)
    await firm.clio.documents.delete(handle.document_id)
    with pytest.raises(IncompleteUpload, match=r"in Clio's trash.*restore=True") as ended:
        await firm.clio.documents.upload(THREE, resume=handle)
    assert handle == ended.value.handle
    await firm.clio.documents.update(handle.document_id, restore=True, if_match=None)
    assert handle.document_id == (await firm.clio.documents.upload(THREE, resume=handle)).id


async def test_what_is_gone_is_not_said_to_go_on() -> None:
    """Where Clio does not show the document any more, the message says to begin anew."""
    firm = Firm(Regime(trashed="missing"))
    handle = await _last(firm, SMALL)
    await firm.clio.documents.delete(handle.document_id)
    with pytest.raises(IncompleteUpload, match="upload the file anew") as ended:
        await firm.clio.documents.upload(SMALL, resume=handle)
    assert "resume" not in str(ended.value)
    assert isinstance(ended.value.__cause__, NotFound)


@pytest.mark.parametrize("number", ["../users/1", 0, -5, 2**63, None, True, 1.5], ids=str)
async def test_an_id_that_is_none_stands_in_no_path(anyio_backend: str, number: Any) -> None:
    """It is not known which document was made: nothing more is sent."""
    firm = Firm()
    firm.change = lambda request, response: with_data(response, lambda data: data.update(id=number))
    warnings.simplefilter("ignore")  # that of a field which is not as documented; pytest takes it back
    with pytest.raises(OutcomeUnknown, match="show_uncompleted"):
        await firm.clio.documents.upload(SMALL, parent=MATTER, name="x")
    assert ["POST"] == firm.asked()


# -- arguments ------------------------------------------------------------------------------------------------------


async def _awaited(_: Progress) -> None: ...


class Awaited:
    async def __call__(self, _: Progress) -> None: ...


@pytest.mark.parametrize(
    "progress",
    [_awaited, functools.partial(_awaited), Awaited(), Awaited().__call__, "x", 5],
    ids=lambda one: str(one)[:9],
)
async def test_progress_is_no_coroutine_function(anyio_backend: str, tmp_path: Path, progress: Any) -> None:
    """It would never be awaited. Of an upload, a download and a job that is said before anything is sent."""
    firm = Firm()
    clio = firm.clio
    with pytest.raises(InvalidArgument, match="progress is"):
        await clio.documents.upload(SMALL, parent=MATTER, name="x", progress=progress)
    with pytest.raises(InvalidArgument, match="progress is"):
        await clio.documents.download_to(1, tmp_path / "x", progress=progress)
    with pytest.raises(InvalidArgument, match="progress is"):
        async with clio.documents.download(1, progress=progress):
            pass
    with pytest.raises(InvalidArgument, match="progress is"):
        await clio.reports.run(kind="revenue", format="csv", progress=progress)
    assert ([], []) == (firm.asked(), os.listdir(tmp_path))  # noqa: PTH208


async def test_what_progress_raises_at_the_end_says_what_is_done(anyio_backend: str) -> None:
    """The document is uploaded: the error comes through, with its number."""
    firm = Firm()

    def failing(progress: Progress) -> None:
        if progress.phase == "done":
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine") as ended:
        await firm.clio.documents.upload(SMALL, parent=MATTER, name="x", progress=failing)
    assert ["This was raised by progress= at the end. Document 13 is uploaded."] == ended.value.__notes__
    assert SMALL == firm.stored(13)


@pytest.mark.parametrize("parent", [42, None, "matter", {"id": 1}, object()], ids=lambda one: str(one)[:9])
async def test_a_parent_shows_how_it_is_named(anyio_backend: str, parent: Any) -> None:
    """With its type: an id alone says nothing."""
    firm = Firm()
    with pytest.raises(InvalidArgument, match=r'\{"id": 1, "type": "Matter"\}'):
        await firm.clio.documents.upload(SMALL, parent=parent, name="x")
    assert [] == firm.asked()


async def test_what_has_no_name_is_given_one(anyio_backend: str) -> None:
    """Bytes and streams have none; the message says where it goes. What extra_json holds is not judged."""
    firm = Firm()
    for source in (SMALL, stream(SMALL)):
        with pytest.raises(InvalidArgument, match=r"documents.upload\(\.\.\., name=\)"):
            await firm.clio.documents.upload(source, parent=MATTER)
    assert [] == firm.asked()
    document = await firm.clio.documents.upload(SMALL, extra_json={"parent": MATTER, "name": "x"})
    assert SMALL == firm.stored(document.id)


@pytest.mark.parametrize(("size", "part_size"), [(5000, 999), (5000, 5 * 1024**3 + 1), (5 * 1024**3 + 1, None)])
async def test_a_handle_cuts_as_clio_takes_it(anyio_backend: str, size: int, part_size: int | None) -> None:
    """Nothing is sent for one that does not."""
    firm = Firm()
    handle = evolve(await _last(firm, SMALL), size=size, part_size=part_size, parts=())
    before = firm.asked()
    with pytest.raises(InvalidArgument, match="as Clio does not take it"):
        await firm.clio.documents.upload(bytes(5000), resume=handle)
    assert before == firm.asked()


async def test_a_new_token_continues_as_the_same_principal(anyio_backend: str) -> None:
    """A plain one is somebody else, and the message says how it is not."""
    firm = Firm()
    handle = await _last(firm, SMALL)
    token = firm.simulator.token()

    def client(auth: Any) -> Clio:
        return Clio(auth, transport=MemoryTransport(firm.simulator.handler), base_url=BASE)

    with pytest.raises(InvalidArgument, match=r"StaticToken\(token, principal="):
        await client(token).documents.upload(SMALL, resume=handle)
    same = client(StaticToken(token, principal=firm.clio.principal))
    assert handle.document_id == (await same.documents.upload(SMALL, resume=handle)).id


# -- what is looked at ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", [True, False])
async def test_what_cannot_be_looked_at_is_not_gone(anyio_backend: str, new: bool) -> None:
    """404 for the list of versions says nothing of the document, which is there: it is raised, and nothing deleted."""
    firm = Firm()
    handle = await _last(firm, SMALL)
    handle = evolve(handle, new=new, version_uuid=handle.version_uuid if new else "another")

    def hidden(request: Request, response: Response) -> Response:
        return Response(404) if request.method == "GET" and "versions" in request.url else response

    firm.change = hidden
    with pytest.raises(NotFound):
        await firm.clio.documents.abandon(handle)
    assert [] == [one for one in firm.asked() if one.startswith("DELETE")]


@pytest.mark.parametrize("trashed", ["missing", None])
@pytest.mark.parametrize("new", [True, False])
async def test_what_is_in_the_trash_is_gone(anyio_backend: str, new: bool, trashed: Any) -> None:
    """It is not deleted once more, and a version of it is not said to be hidden."""
    firm = Firm() if trashed is None else Firm(Regime(trashed=trashed))
    handle = evolve(await _last(firm, SMALL), new=new)
    await firm.clio.documents.delete(handle.document_id)
    deleted = [one for one in firm.asked() if one.startswith("DELETE")]
    assert "gone" == await firm.clio.documents.abandon(handle)
    assert deleted == [one for one in firm.asked() if one.startswith("DELETE")]


async def test_what_is_deleted_meanwhile_is_gone(anyio_backend: str) -> None:
    """Between the read and the deletion."""
    firm = Firm()
    firm.simulator.faults = Faults.when(
        lambda it: it.method == "PUT", Fault.storage(400, "InvalidArgument"), times=None
    )
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(SMALL, parent=MATTER, name="x")
    firm.change = lambda request, response: Response(404) if request.method == "DELETE" else response
    assert "gone" == await firm.clio.documents.abandon(ended.value.handle)


async def test_a_change_that_was_hidden_is_found(anyio_backend: str, tmp_path: Path) -> None:
    """F64: of the same size, with the time of its last change set back."""
    firm = Firm()
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    before = path.stat()
    right = firm.simulator.handler

    async def changing(request: Request) -> Response:
        if request.method == "POST":
            path.write_bytes(SMALL.upper())
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return await right(request)

    firm.simulator.handler = changing  # type: ignore[method-assign]
    with pytest.raises(SourceChanged) as ended:
        await firm.clio.documents.upload(path, parent=MATTER, name="x")
    assert before.st_mtime_ns == path.stat().st_mtime_ns
    assert firm.stored(ended.value.handle.document_id) is None
