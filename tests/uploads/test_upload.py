"""Uploads that go well: what is asked of Clio and of the storage, and what the caller is given."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import anyio
import pytest
from attrs import evolve, frozen

from clio_async import (
    IncompleteUpload,
    InvalidArgument,
    NotFound,
    Progress,
    Request,
    Response,
    UnknownField,
    UploadHandle,
)
from clio_async.models._generated.documents import Document
from clio_async.testing import Regime

from .firm import MATTER, PART, THREE, Firm, stream, with_data

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_parts")]
SMALL = b"Dear Sir"


@frozen
class Version:
    id: int
    size: int | None


@frozen
class Letter:
    id: int
    name: str
    latest_document_version: Version | None


@pytest.fixture
def firm() -> Firm:
    return Firm()


async def test_a_small_file_takes_three_requests(firm: Firm) -> None:
    """A place, the bytes, and that they are there; the document is that of the last answer."""
    document = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter", filename="letter.txt")
    assert ["POST", "PUT", "PATCH"] == firm.asked()
    assert (SMALL, "Letter") == (firm.stored(document.id), document.name)
    assert isinstance(document, Document)
    created, finished = firm.bodies
    assert {"name": "Letter", "parent": MATTER, "filename": "letter.txt"} == created
    assert {"uuid", "fully_uploaded"} == finished.keys()


async def test_the_document_is_what_was_asked_for(firm: Firm) -> None:
    """By names or as a class, and by default as a read gives it."""

    letter = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter", fields=Letter)
    assert isinstance(letter, Letter)
    assert letter.latest_document_version is not None
    assert ("Letter", len(SMALL)) == (letter.name, letter.latest_document_version.size)
    named = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter", fields=["id", "name"])
    assert "Letter" == named.name
    with_more = "id,latest_document_version{id,size}"
    shown = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter", fields=with_more)
    assert shown.latest_document_version is not None
    assert isinstance(shown.latest_document_version.id, int)
    read = await firm.clio.documents.get(letter.id)
    default = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter")
    assert read.to_dict().keys() == default.to_dict().keys()


async def test_a_record_may_be_the_parent(firm: Firm) -> None:
    """A matter, a contact, a folder; a document gets a new version."""
    clio = firm.clio
    for parent in (await clio.matters.get(1), await clio.contacts.get(1), await clio.folders.get(2)):
        await clio.documents.upload(SMALL, parent=parent, name="Letter")
    assert [13, 14, 15] == firm.documents()
    before = await clio.documents.get(13, fields="id,etag,latest_document_version{id}")
    after = await clio.documents.upload(THREE, parent=before, name="Letter", part_size=PART)
    assert (13, THREE) == (after.id, firm.stored(13))
    assert [13, 14, 15] == firm.documents()
    read = await clio.documents.get(13, fields="id,etag,latest_document_version{id}")
    assert before.etag != read.etag


async def test_other_values_reach_clio(firm: Firm) -> None:
    """Those of a creation, and what is not known of it yet."""
    more: Any = {"external_properties": [{"name": "Source", "value": "scan"}]}
    await firm.clio.documents.upload(
        SMALL, parent=MATTER, name="x", content_type="text/plain", extra_json={"new": 1}, **more
    )
    assert {"name": "x", "parent": MATTER, "content_type": "text/plain", "new": 1, **more} == firm.bodies[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"parent": None},
        {"name": None},
        {"parent": {"id": 1}},
        {"parent": 5},
        {"fields": "nonsense"},
        {"part_size": 5},
        {"parallel": 0},
        {"parallel": 101},
        {"parallel": True},
        {"nonsense": 1},
        {"multiparts": [], "extra_json": {"multiparts": []}},
    ],
    ids=str,
)
async def test_what_cannot_be_right_is_refused(firm: Firm, wrong: Any) -> None:
    """Before anything is sent."""
    given: Any = {"parent": MATTER, "name": "x", **wrong}
    with pytest.raises((InvalidArgument, UnknownField)):
        await firm.clio.documents.upload(SMALL, **given)
    assert [] == firm.asked()


async def test_parts_are_announced_with_their_lengths_and_digests(firm: Firm) -> None:
    """Numbers from 1, lengths as texts, MD5 in base64; sent is what was announced, and the header fields of each."""
    await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    parts = [THREE[:PART], THREE[PART : 2 * PART], THREE[2 * PART :]]
    announced = [
        {
            "part_number": number,
            "content_length": str(len(part)),
            "content_md5": base64.b64encode(hashlib.md5(part, usedforsecurity=False).digest()).decode(),
        }
        for number, part in enumerate(parts, 1)
    ]
    assert announced == firm.bodies[0]["multiparts"]
    assert ["POST", "PUT 1", "PUT 2", "PUT 3", "PATCH"] == sorted(firm.asked(), key=_order)
    for seen in firm.simulator.storage.requests:
        wanted = {"content-md5", "content-type", "x-amz-server-side-encryption"}
        assert wanted <= {*seen.fields}
        assert not {"authorization", "cookie", "x-api-version"} & {*seen.fields}


def _order(asked: str) -> int:
    return ["POST", "PUT 1", "PUT 2", "PUT 3", "PATCH"].index(asked)


async def test_addresses_come_fifty_at_a_time(firm: Firm) -> None:
    """One request for each fifty parts, the first of them with the place."""
    content = bytes(120 * 1000 + 1)
    document = await firm.clio.documents.upload(content, parent=MATTER, name="x", part_size=1000)
    assert content == firm.stored(document.id)
    numbers = [[part["part_number"] for part in body["multiparts"]] for body in firm.bodies[:-1]]
    assert [[*range(1, 51)], [*range(51, 101)], [*range(101, 122)]] == numbers
    assert 121 == len(firm.puts())


async def test_a_stream_announces_what_was_read(firm: Firm) -> None:
    """As many parts at a time as are sent at a time: none is announced that may not come."""
    document = await firm.clio.documents.upload(stream(THREE), parent=MATTER, name="x", part_size=PART, parallel=2)
    assert THREE == firm.stored(document.id)
    numbers = [[part["part_number"] for part in body["multiparts"]] for body in firm.bodies[:-1]]
    assert [[1, 2], [3]] == numbers


@pytest.mark.parametrize("parallel", [1, 2, 5])
async def test_parts_are_sent_side_by_side(parallel: int, anyio_backend: str) -> None:
    """As many as may be, and no more."""
    firm = Firm()
    most = now = 0
    right = firm.simulator.handler

    async def counted(request: Request) -> Response:
        nonlocal most, now
        if request.method != "PUT":
            return await right(request)
        now += 1
        most = max(most, now)
        await anyio.lowlevel.checkpoint()
        await anyio.lowlevel.checkpoint()
        now -= 1
        return await right(request)

    firm.simulator.handler = counted  # type: ignore[method-assign]
    content = bytes(7 * PART)
    await firm.clio.documents.upload(content, parent=MATTER, name="x", part_size=PART, parallel=parallel)
    assert (parallel, 0, 7) == (most, now, len(firm.puts()))


async def test_progress_is_told(firm: Firm) -> None:
    """From nothing to all, never less than before, in the caller's task; the handle grows by the parts that arrived."""
    seen: list[Progress] = []
    tasks: set[int] = set()

    def note(progress: Progress) -> None:
        seen.append(progress)
        tasks.add(anyio.get_current_task().id)

    document = await firm.clio.documents.upload(
        THREE, parent=MATTER, name="x", part_size=PART, parallel=1, progress=note
    )
    assert {anyio.get_current_task().id} == tasks
    assert ("uploading", 0) == (seen[0].phase, seen[0].done)
    assert [*sorted(one.done for one in seen)] == [one.done for one in seen]
    assert {len(THREE)} == {one.total for one in seen}
    assert ["finishing", "done"] == [one.phase for one in seen[-2:]]
    assert [len(THREE)] * 2 == [one.done for one in seen[-2:]]
    assert 0 == len(seen[0].handle.parts)  # type: ignore[union-attr]
    handle = seen[-1].handle
    assert handle is not None
    assert (document.id, [1, 2, 3]) == (handle.document_id, [number for number, _ in handle.parts])
    assert handle == UploadHandle.from_json(handle.to_json())


async def test_the_total_of_a_stream_is_known_at_its_end(firm: Firm) -> None:
    """Before that it is None."""
    seen: list[Progress] = []
    await firm.clio.documents.upload(
        stream(THREE), parent=MATTER, name="x", part_size=PART, parallel=1, progress=seen.append
    )
    assert None is seen[0].total
    assert {len(THREE)} == {one.total for one in seen if one.phase in {"finishing", "done"}}


async def test_an_own_version_is_seen_at_once(firm: Firm) -> None:
    """What is held of a document is asked for anew when a version of it was uploaded."""
    clio = firm.clio
    first = await clio.documents.get(1, fields="id,etag,size")
    await clio.documents.upload(SMALL, parent={"id": 1, "type": "Document"}, name="x")
    assert len(SMALL) == (await clio.documents.get(1, fields="id,etag,size")).size != first.size


async def test_a_client_that_wants_guards_uploads(anyio_backend: str) -> None:
    """Nobody else writes a version that has no bytes yet, so nothing is to be guarded."""
    firm = Firm(require_if_match=True)
    document = await firm.clio.documents.upload(SMALL, parent=MATTER, name="x")
    assert SMALL == firm.stored(document.id)


# -- servers that answer otherwise ---------------------------------------------------------------------------------


def _no_parts(request: Request, response: Response) -> Response:
    def change(data: Any) -> None:
        data.get("latest_document_version", {}).pop("multiparts", None)

    return with_data(response, change) if request.method == "POST" else response


async def test_a_server_without_parts_gets_one_piece(firm: Firm) -> None:
    """If the file can be read again."""
    seen: list[Progress] = []

    def forget(request: Request, response: Response) -> Response:
        if request.method == "POST":
            version = firm.simulator.firm().table("documents").get(13).written["#versions"][-1]  # type: ignore[union-attr]
            version.written["#parts"] = {}
        return _no_parts(request, response)

    firm.change = forget
    document = await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART, progress=seen.append)
    assert (THREE, ["POST", "PUT", "PATCH"]) == (firm.stored(document.id), firm.asked())
    assert {None} == {one.handle.part_size for one in seen if one.handle}
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(stream(THREE), parent=MATTER, name="x", part_size=PART)
    assert "in one piece" in str(ended.value.__cause__)


def _spoilt(request: Request, response: Response, spoil: Any) -> Response:
    if request.method != "POST":
        return response
    return with_data(response, lambda data: spoil(data, data["latest_document_version"]))


def _twice(_: Any, version: Any) -> None:
    version["multiparts"].append(version["multiparts"][0])


def _unnumbered(_: Any, version: Any) -> None:
    version["multiparts"][0]["part_number"] = "1"


def _plain(_: Any, version: Any) -> None:
    version["multiparts"][0]["put_url"] = "http://storage.example.com/part"


def _relative(_: Any, version: Any) -> None:
    version["multiparts"][0]["put_url"] = "/part"


def _nameless(_: Any, version: Any) -> None:
    version["multiparts"][0]["put_headers"][0]["name"] = None


def _folded(_: Any, version: Any) -> None:
    version["multiparts"][0]["put_headers"][0]["value"] = "a\r\nAuthorization: b"


def _no_uuid(_: Any, version: Any) -> None:
    del version["uuid"]


def _no_version(data: Any, _: Any) -> None:
    data["latest_document_version"] = None


@pytest.mark.parametrize(
    "spoil", [_twice, _unnumbered, _relative, _nameless, _folded, _no_uuid, _no_version], ids=lambda one: one.__name__
)
async def test_an_answer_that_is_no_use_is_told(firm: Firm, spoil: Any) -> None:
    """As an upload that was begun, with what leads to it: it can be taken away."""
    firm.change = lambda request, response: _spoilt(request, response, spoil)
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART, parallel=1)
    assert [] == firm.puts()
    assert ended.value.handle is not None
    assert "deleted" == await firm.clio.documents.abandon(ended.value.handle)


async def test_plain_http_is_for_loopback_alone(anyio_backend: str) -> None:
    """An address that is not https is not used by a client of an https server."""
    firm = Firm(base_url="https://clio.example/api/v4")
    firm.change = lambda request, response: _spoilt(request, response, _plain)
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART, parallel=1)
    assert "https" in str(ended.value.__cause__)
    assert [] == firm.puts()


async def test_a_part_without_an_address_is_told_of(firm: Firm) -> None:
    """Clio is asked once more for what it left out, and not again."""

    def change(request: Request, response: Response) -> Response:
        if request.method not in {"POST", "PATCH"}:
            return response
        return with_data(response, lambda data: data["latest_document_version"]["multiparts"].pop())

    firm.change = change
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    assert "no addresses" in str(ended.value.__cause__)
    assert ["POST", "PATCH"] == firm.asked()


async def test_header_fields_may_be_those_of_the_version(firm: Firm) -> None:
    """Where a part has none of its own."""
    right = firm.simulator.handler

    async def unsigned(request: Request) -> Response:
        if request.method in {"POST", "PATCH"}:
            data = json.loads(request.body or b"")
            for part in data["data"].get("multiparts", ()):
                part.pop("content_md5")
            request = evolve(request, body=json.dumps(data).encode())
        return await right(request)

    firm.simulator.handler = unsigned  # type: ignore[method-assign]

    def change(request: Request, response: Response) -> Response:
        def spoil(data: Any) -> None:
            for part in data["latest_document_version"].get("multiparts") or ():
                part.pop("put_headers")

        return with_data(response, spoil) if request.method in {"POST", "PATCH"} else response

    firm.change = change
    document = await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    assert THREE == firm.stored(document.id)


@pytest.mark.parametrize("latest", [None, {"uuid": "another"}, {"fully_uploaded": None}, {"size": 5}], ids=str)
async def test_what_the_answer_does_not_say_is_read(firm: Firm, latest: Any) -> None:
    """Nothing is called done that Clio does not show as done: then it is read, also among all versions."""

    def change(request: Request, response: Response) -> Response:
        if request.method != "PATCH" or response.status != 200:
            return response
        if latest is None:
            return with_data(response, lambda data: data.pop("latest_document_version"))
        return with_data(response, lambda data: data["latest_document_version"].update(latest))

    firm.change = change
    document = await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter")
    assert (SMALL, "Letter") == (firm.stored(document.id), document.name)
    assert ["POST", "PUT", "PATCH", "GET", "GET"] == firm.asked()


@pytest.mark.parametrize("latest", [{"fully_uploaded": False}, {"fully_uploaded": None}, {"size": 5}], ids=str)
async def test_what_clio_does_not_show_as_done_is_not_done(firm: Firm, latest: Any) -> None:
    """Neither in the answer nor when it is read."""

    def change(request: Request, response: Response) -> Response:
        if request.method not in {"PATCH", "GET"}:
            return response
        return with_data(response, lambda data: data["latest_document_version"].update(latest))

    firm.change = change
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(SMALL, parent=MATTER, name="Letter")
    assert "does not show" in str(ended.value.__cause__)


async def test_another_version_may_have_been_begun_since(firm: Firm) -> None:
    """Ours is found among all: its addresses, and that it is done."""
    theirs = Firm(simulator=firm.simulator)
    begun = 0

    async def meanwhile() -> None:
        nonlocal begun
        begun += 1
        await theirs.clio.documents.create(name="theirs", parent={"id": 13, "type": "Document"})

    right = firm.simulator.handler

    async def carry(request: Request) -> Response:
        if request.method == "PATCH" and begun < 2:
            firm.simulator.handler = right  # type: ignore[method-assign]
            await meanwhile()
            firm.simulator.handler = carry  # type: ignore[method-assign]
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]
    document = await firm.clio.documents.upload(stream(THREE), parent=MATTER, name="x", part_size=PART, parallel=2)
    assert 13 == document.id
    versions = await firm.clio.document_versions.list(13).collect()
    assert [(True, len(THREE)), (False, None), (False, None)] == [
        (one.fully_uploaded, one.size if one.fully_uploaded else None) for one in versions
    ]


# -- handles --------------------------------------------------------------------------------------------------------


async def test_a_handle_is_of_one_principal(firm: Firm) -> None:
    """Another one can neither continue nor end what it did not begin."""
    seen: list[Progress] = []
    await firm.clio.documents.upload(SMALL, parent=MATTER, name="x", progress=seen.append)
    handle = seen[0].handle
    assert handle is not None
    other = Firm(simulator=firm.simulator)
    before = firm.asked()
    with pytest.raises(InvalidArgument, match="another principal"):
        await other.clio.documents.abandon(handle)
    with pytest.raises(InvalidArgument, match="another principal"):
        await other.clio.documents.upload(SMALL, resume=handle.to_json())
    with pytest.raises(InvalidArgument, match="to_json"):
        await other.clio.documents.upload(SMALL, resume="nonsense")
    assert before == firm.asked()
    newer = firm.clio.options(api_version="4.0.12")
    assert SMALL == firm.stored((await newer.documents.upload(SMALL, resume=handle)).id)


async def test_what_is_not_there_cannot_be_continued(firm: Firm) -> None:
    """The document was deleted for good: the cause says so."""
    seen: list[Progress] = []
    await firm.clio.documents.upload(SMALL, parent=MATTER, name="x", progress=seen.append)
    assert seen[0].handle is not None
    firm.simulator.delete("documents", 13)
    firm.simulator.clock.advance(31 * 86_400)
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(SMALL, resume=seen[0].handle)
    assert isinstance(ended.value.__cause__, NotFound)


@pytest.mark.parametrize(
    "regime", [Regime(slow_finish=(2, "open")), Regime(slow_finish=(1, "done"))], ids=["open", "done"]
)
async def test_clio_may_need_a_while(regime: Regime) -> None:
    """UploadTimeoutError: it is told again, also where it has finished behind the first answer."""
    firm = Firm(regime)
    document = await firm.clio.documents.upload(SMALL, parent=MATTER, name="x")
    assert SMALL == firm.stored(document.id)
    assert ["POST", "PUT"] == firm.asked()[:2]
    assert 1 == len(firm.puts())


async def test_a_version_that_clio_does_not_show_cannot_be_continued(firm: Firm) -> None:
    """Neither as the latest nor among all, where others are looked at."""
    seen: list[Progress] = []
    await firm.clio.documents.upload(SMALL, parent=MATTER, name="x", progress=seen.append)
    handle = seen[0].handle
    assert handle is not None
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(SMALL, resume=evolve(handle, version_uuid="another"))
    assert "does not show the version" in str(ended.value.__cause__)
    assert 1 == len(firm.puts())


async def test_a_part_without_an_address_is_asked_for_again(firm: Firm) -> None:
    """An empty one is none."""

    def change(request: Request, response: Response) -> Response:
        if request.method != "POST":
            return response
        return with_data(response, lambda data: data["latest_document_version"]["multiparts"][0].update(put_url=""))

    firm.change = change
    document = await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    assert THREE == firm.stored(document.id)
    assert ["POST", "PATCH"] == firm.asked()[:2]


class Bare:
    """An iterator that has nothing to close."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = [*chunks]

    def __aiter__(self) -> Bare:
        return self

    async def __anext__(self) -> bytes:
        if not self._chunks:
            raise StopAsyncIteration
        return self._chunks.pop(0)


async def test_an_iterator_needs_no_more_than_its_next(firm: Firm) -> None:
    """It is no generator, and cannot be closed."""
    document = await firm.clio.documents.upload(Bare(b"Dear ", b"", b"Sir"), parent=MATTER, name="x")
    assert SMALL == firm.stored(document.id)


async def test_progress_is_told_within_a_piece(firm: Firm) -> None:
    """A large one is not silent until all of it has arrived."""
    seen: list[Progress] = []
    content = bytes(3 * 1024 * 1024)
    await firm.clio.documents.upload(content, parent=MATTER, name="x", progress=seen.append)
    assert 1 == len(firm.puts())
    assert ["uploading"] * 3 + ["finishing", "done"] == [one.phase for one in seen]
    assert [0, len(content), len(content)] == [one.done for one in seen[:3]]
