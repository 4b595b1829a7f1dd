"""Whatever is cut, wherever: the file arrives, or what was begun is known; no more is sent again than was lost."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from clio_async import (
    ClioError,
    IncompleteUpload,
    NotSent,
    OutcomeUnknown,
    Progress,
    Request,
    Response,
    RetryPolicy,
    ServerError,
    SourceChanged,
    StorageRefused,
    TransportError,
    UploadHandle,
)
from clio_async.messages import Headers
from clio_async.testing import Fault, Faults, Regime

from .firm import KIB, MATTER, PART, THREE, Firm, stream

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_parts")]

FAULTS = {
    "refused": Fault.refused(),
    "lost before": Fault.lost_before(),
    "lost after": Fault.lost_after(),
    "broken": Fault.lost_after(keep=60),
    "500": Fault.status(500),
    "503 done": Fault.status(503, applied=True),
}
LAST = 4  # the index of the request that finishes; 0 makes the place, and between are the parts


async def uploaded(firm: Firm, source: Any = THREE, **values: Any) -> Any:
    values = {"parent": MATTER, "name": "x", "part_size": PART, "parallel": 1, **values}
    return await firm.clio.documents.upload(source, **values)


def told(firm: Firm) -> bool:
    """Whether every document without bytes is one that the caller could know of."""
    return all(firm.stored(number) is not None for number in firm.documents())


@pytest.mark.parametrize("retry", [RetryPolicy(), None], ids=["again", "once"])
@pytest.mark.parametrize("index", range(LAST + 1))
@pytest.mark.parametrize("fault", FAULTS)
async def test_one_cut_costs_one_part_at_most(fault: str, index: int, retry: RetryPolicy | None) -> None:
    """F61, F63: done, or an error leads to what is left; one part is sent again at most, never half a file done."""
    firm = Firm(retry=retry)
    firm.simulator.faults = Faults.scripted({index: FAULTS[fault]})
    ended: ClioError | None = None
    document: Any = None
    try:
        document = await uploaded(firm)
    except ClioError as error:
        ended = error
    if isinstance(ended, OutcomeUnknown):
        assert (0, "POST") == (index, ended.request.method if ended.request else "")
        assert "show_uncompleted" in str(ended)
        return
    if ended is not None and index == 0:
        assert isinstance(ended, NotSent | ServerError)
        assert [] == firm.documents()
        return
    if ended is not None:
        assert isinstance(ended, IncompleteUpload)
        assert ended.handle is not None
        assert firm.stored(ended.handle.document_id) is None or index == LAST
        document = await uploaded(firm, resume=UploadHandle.from_json(ended.handle.to_json()))
    assert THREE == firm.stored(document.id)
    assert [document.id] == firm.documents()
    assert len(firm.puts()) <= 4
    assert told(firm)


@pytest.mark.parametrize("parallel", [1, 3])
@pytest.mark.parametrize("part", [1, 2, 3])
async def test_what_has_arrived_is_kept_when_a_part_fails(part: int, parallel: int) -> None:
    """Parts that were under way are seen to their end, no other is begun; the next attempt sends the rest alone."""
    firm = Firm(retry=None)
    fault = Faults.when(lambda it: it.method == "PUT" and f"/{part}?" in it.url, Fault.lost_before())
    firm.simulator.faults = fault
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, parallel=parallel)
    handle = ended.value.handle
    assert isinstance(ended.value.__cause__, TransportError)
    assert handle is not None
    arrived = [number for number in (1, 2, 3) if number != part and (parallel == 3 or number < part)]
    assert arrived == [number for number, _ in handle.parts]
    before = len(firm.puts())
    await uploaded(firm, resume=handle)
    assert 3 - len(arrived) == len(firm.puts()) - before
    assert THREE == firm.stored(handle.document_id)


@pytest.mark.parametrize("kind", [bytes, io.BytesIO, stream, "path"], ids=["bytes", "file", "stream", "path"])
async def test_any_source_continues(kind: Any, tmp_path: Path) -> None:
    """A stream is read from its beginning, and what has arrived of it is compared and not sent again."""

    def source() -> Any:
        if kind == "path":
            path = tmp_path / "file"
            path.write_bytes(THREE)
            return path
        return kind(THREE)

    firm = Firm(retry=None)
    firm.simulator.faults = Faults.at_storage({1: Fault.lost_before()})
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, source())
    assert ended.value.handle is not None
    assert THREE == firm.stored((await uploaded(firm, source(), resume=ended.value.handle.to_json())).id)
    assert ["1", "2", "2", "3"] == [one.split()[1] for one in firm.puts()]


async def test_a_single_piece_starts_again() -> None:
    """There are no parts of it."""
    for source in (b"Dear Sir", stream(b"Dear Sir")):
        firm = Firm(retry=None)
        firm.simulator.faults = Faults.at_storage({0: Fault.lost_before()})
        with pytest.raises(IncompleteUpload) as ended:
            await uploaded(firm, source)
        again = stream(b"Dear Sir") if source != b"Dear Sir" else source
        document = await uploaded(firm, again, resume=ended.value.handle)
        assert b"Dear Sir" == firm.stored(document.id)
        assert 2 == len(firm.puts())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (THREE[:-1], "was begun with"),
        (THREE + b".", "was begun with"),
        (b"#" + THREE[1:], "a part that arrived differs"),
    ],
    ids=["shorter", "longer", "other"],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_another_file_continues_nothing(content: bytes, said: str, streamed: bool) -> None:
    """F64: one of another size, or with another part than has arrived: no byte of it is sent."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.at_storage({1: Fault.lost_before()})
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    before = firm.asked()
    source = stream(content) if streamed else content
    with pytest.raises(SourceChanged, match="size=" if streamed and len(content) != len(THREE) else said) as changed:
        await uploaded(firm, source, resume=ended.value.handle)
    assert changed.value.handle is not None
    assert streamed or ended.value.handle == changed.value.handle
    sent = firm.asked()[len(before) :]
    assert {"GET", "PATCH", "PUT 2"} >= {*sent} if streamed else {"GET"} >= {*sent}
    assert firm.stored(13) is None


async def test_a_stream_that_became_shorter_continues_nothing() -> None:
    """Also where its size was never known."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.when(lambda it: "/1?" in it.url, Fault.lost_before())
    content = THREE + bytes(PART)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, stream(content), parallel=2)
    assert [2] == [number for number, _ in ended.value.handle.parts]
    assert None is ended.value.handle.size
    with pytest.raises(SourceChanged, match="shorter"):
        await uploaded(firm, stream(content[:KIB]), resume=ended.value.handle)
    with pytest.raises(SourceChanged, match="differs"):
        await uploaded(firm, content[:PART], resume=ended.value.handle)
    assert content == firm.stored((await uploaded(firm, content, resume=ended.value.handle)).id)


async def test_a_single_piece_that_grew_continues_nothing() -> None:
    """A stream of which more comes than the upload was begun with."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.at_storage({0: Fault.lost_before()})
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, b"Dear Sir")
    with pytest.raises(SourceChanged):
        await uploaded(firm, stream(b"Dear Sir or Madam"), resume=ended.value.handle)
    handle = ended.value.handle
    assert handle is not None
    unknown = UploadHandle(handle.principal, 13, handle.version_uuid, None, None, True)
    with pytest.raises(SourceChanged, match="more than"):
        await uploaded(firm, stream(bytes(9 * KIB)), resume=unknown)


async def test_what_is_finished_is_not_sent_again() -> None:
    """F63: all parts had arrived and the end was lost: then no byte is sent, and if it was done, nothing is told."""
    for fault in (Fault.lost_before(), Fault.lost_after()):
        firm = Firm(retry=None)
        firm.simulator.faults = Faults.when(lambda it: b'"fully_uploaded":true' in (it.body or b""), fault, times=6)
        with pytest.raises(IncompleteUpload) as ended:
            await uploaded(firm)
        assert isinstance(ended.value.__cause__, OutcomeUnknown)
        assert ended.value.handle is not None
        before = len(firm.asked())
        seen: list[Progress] = []
        document = await uploaded(firm, resume=ended.value.handle, progress=seen.append)
        assert THREE == firm.stored(document.id)
        assert (["GET", "PATCH"] if not fault.applied else ["GET", "GET"]) == firm.asked()[before:]
        assert ("done", len(THREE)) == (seen[-1].phase, seen[-1].done)


async def test_a_process_may_end_anywhere() -> None:
    """F63: what `progress` was told last continues it: at most one part more is sent than there are."""
    for stop in range(6):
        firm = Firm()
        seen: list[Progress] = []

        def note(progress: Progress, stop: int = stop, seen: list[Progress] = seen) -> None:
            seen.append(progress)
            if len(seen) > stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await uploaded(firm, progress=note)
        handle = seen[-1].handle
        assert handle is not None
        document = await uploaded(firm, resume=handle.to_json())
        assert (THREE, [document.id]) == (firm.stored(document.id), firm.documents())
        assert len(firm.puts()) <= 4


async def test_who_forgets_where_it_stood_sends_all_again() -> None:
    """The control of F63: without the handle all is sent once more, and half a file is left behind."""
    firm = Firm()
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        seen.append(progress)
        if len(firm.puts()) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await uploaded(firm, progress=note)
    (orphan,) = firm.documents()
    document = await uploaded(firm)
    assert ({orphan, document.id}, 6) == ({*firm.documents()}, len(firm.puts()))
    assert (None, THREE) == (firm.stored(orphan), firm.stored(document.id))


async def test_a_cancellation_passes() -> None:
    """As it is; `progress` had the handle before the first byte."""
    firm = Firm()
    seen: list[Progress] = []
    right = firm.simulator.handler

    async def held(request: Request) -> Response:
        if request.method == "PUT" and len(firm.puts()) == 1:
            scope.cancel()
            await anyio.lowlevel.checkpoint()
        return await right(request)

    firm.simulator.handler = held  # type: ignore[method-assign]
    with anyio.CancelScope() as scope:
        await uploaded(firm, progress=seen.append)
    assert scope.cancelled_caught
    assert [1] == [number for number, _ in seen[-1].handle.parts]  # type: ignore[union-attr]
    firm.simulator.handler = right  # type: ignore[method-assign]
    assert THREE == firm.stored((await uploaded(firm, resume=seen[-1].handle)).id)


@pytest.mark.parametrize("at", [0, 1, 4])
async def test_progress_may_fail(at: int) -> None:
    """Then the upload ends, and its error leads to what was begun."""
    firm = Firm()
    left = at

    def note(_: Progress) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise LookupError("no bar to show it on")

    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, progress=note)
    assert isinstance(ended.value.__cause__, LookupError)
    assert THREE == firm.stored((await uploaded(firm, resume=ended.value.handle)).id)


async def test_what_fails_when_all_is_done_makes_nothing_undone() -> None:
    """The error of the last call of `progress` is the caller's own."""
    firm = Firm()

    def note(progress: Progress) -> None:
        if progress.phase == "done":
            raise LookupError

    with pytest.raises(LookupError):
        await uploaded(firm, progress=note)
    assert THREE == firm.stored(13)


# -- addresses -----------------------------------------------------------------------------------------------------


def _late(firm: Firm, when: Callable[[Request], bool], seconds: float, told: bool = True) -> None:
    """Let time pass before a request arrives; `told`: for the client, too."""
    right = firm.simulator.handler
    passed: list[int] = []

    async def carry(request: Request) -> Response:
        if not passed and when(request):
            passed.append(1)
            firm.simulator.clock.advance(seconds)
            firm.now += seconds if told else 0
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]


async def test_an_address_is_renewed_before_it_expires() -> None:
    """C9: after nine minutes those of all parts that are left are asked for, in one request; nothing is refused."""
    firm = Firm()
    _late(firm, lambda it: it.method == "PUT", 545)
    document = await uploaded(firm)
    assert THREE == firm.stored(document.id)
    assert ["POST", "PUT 1", "PATCH", "PUT 2", "PUT 3", "PATCH"] == firm.asked()
    assert [2, 3] == [part["part_number"] for part in firm.bodies[1]["multiparts"]]
    assert firm.bodies[1]["fully_uploaded"] is False


@pytest.mark.parametrize("parallel", [1, 3])
async def test_an_expired_address_is_replaced(parallel: int) -> None:
    """F61: 403 although the client's clock says otherwise: others are asked for, of the same version, once for all."""
    firm = Firm()
    _late(firm, lambda it: it.method == "PUT", 601, told=False)
    document = await uploaded(firm, parallel=parallel)
    assert (THREE, [document.id]) == (firm.stored(document.id), firm.documents())
    patches = [one for one in firm.asked() if one == "PATCH"]
    assert 2 == len(patches)
    assert 3 == len([one for one in firm.puts() if not one.endswith("403")])
    assert 1 == len(await firm.clio.document_versions.list(document.id).collect())


@pytest.mark.parametrize("renewal", ["get", "patch"])
async def test_the_address_of_a_single_piece_is_replaced(renewal: Any) -> None:
    """By an update or by a read, as the server has it; the version stays the same."""
    firm = Firm(Regime(put_url_renewal=renewal))
    _late(firm, lambda it: it.method == "PUT", 601, told=False)
    document = await uploaded(firm, b"Dear Sir")
    assert b"Dear Sir" == firm.stored(document.id)
    assert 1 == len(await firm.clio.document_versions.list(document.id).collect())


@pytest.mark.parametrize("refused", [400, 404, 405, 422])
async def test_an_update_without_parts_may_be_refused(refused: int) -> None:
    """Then the address is read."""
    firm = Firm()
    _late(firm, lambda it: it.method == "PUT", 601, told=False)
    right = firm.simulator.handler

    async def carry(request: Request) -> Response:
        if request.method == "PATCH" and b'"fully_uploaded":false' in (request.body or b""):
            return Response(refused, body=b"{}")
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]
    if refused in {400, 422}:
        assert b"Dear Sir" == firm.stored((await uploaded(firm, b"Dear Sir")).id)
        assert ["POST", "PUT 403", "GET", "PUT", "PATCH"] == firm.asked()
        return
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, b"Dear Sir")
    assert refused == getattr(ended.value.__cause__, "status", None)


async def test_no_version_is_begun_in_silence() -> None:
    """F61: where no other address can be had the upload ends, and says so; there is one version as before."""
    firm = Firm(Regime(put_url_renewal="never"))
    _late(firm, lambda it: it.method == "PUT", 601, told=False)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm, b"Dear Sir")
    refused = ended.value.__cause__
    assert isinstance(refused, StorageRefused)
    assert (403, True) == (refused.status, "gave no other" in str(refused.__cause__))
    assert ["POST", "PUT 403", "PATCH", "GET"] == firm.asked()
    assert 1 == len(await firm.clio.document_versions.list(13).collect())


async def test_a_caller_who_begins_anew_leaves_an_orphan() -> None:
    """The control for F61: with every refusal a new document, the first one is left behind."""
    firm = Firm()
    fields = "id,latest_document_version{uuid,put_url}"
    for _ in range(2):
        await firm.clio.documents.create(name="x", parent=MATTER, fields=fields)
    assert [13, 14] == firm.documents()
    assert not told(firm)


async def test_a_refusal_that_stays_ends_it() -> None:
    """403 to two other addresses as well: that is no matter of time."""
    firm = Firm()
    firm.simulator.faults = Faults.when(lambda it: it.method == "PUT", Fault.storage(403, "AccessDenied"), times=None)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    assert isinstance(ended.value.__cause__, StorageRefused)
    assert (403, 3) == (ended.value.__cause__.status, len(firm.puts()))


# -- damage --------------------------------------------------------------------------------------------------------


def _damaging(firm: Firm, times: int) -> None:
    """Let bytes change on their way."""
    right = firm.simulator.handler
    left = [times]

    async def carry(request: Request) -> Response:
        if request.method == "PUT" and left[0]:
            left[0] -= 1
            body = request.body or b""
            request = Request(request.method, request.url, request.headers, b"#" + body[1:])
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]


async def test_damage_is_found_and_mended() -> None:
    """F62: the storage compares what arrived with what was announced; the part is sent once more."""
    firm = Firm()
    _damaging(firm, 1)
    document = await uploaded(firm)
    assert THREE == firm.stored(document.id)
    assert ["PUT 1 400", "PUT 1", "PUT 2", "PUT 3"] == firm.puts()


async def test_damage_that_stays_ends_it() -> None:
    """F62: a second time, and nothing is called done."""
    firm = Firm()
    _damaging(firm, 2)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    assert isinstance(ended.value.__cause__, StorageRefused)
    assert "BadDigest" == ended.value.__cause__.code
    assert ["PUT 1 400", "PUT 1 400"] == firm.puts()
    assert firm.stored(13) is None


async def test_without_a_digest_damage_arrives() -> None:
    """The control for F62: the storage cannot know."""
    firm = Firm()
    _damaging(firm, 1)
    made = await firm.clio.documents.create(
        name="x", parent=MATTER, fields="id,latest_document_version{uuid,put_url,put_headers}"
    )
    version: Any = made.latest_document_version
    headers = [(one.name, one.value) for one in version.put_headers]
    await firm.simulator.handler(Request("PUT", version.put_url, Headers(headers), b"Dear Sir"))
    await firm.clio.documents.update(made.id, uuid=version.uuid, fully_uploaded=True)
    assert b"#ear Sir" == firm.stored(made.id)


# -- a file that changes -------------------------------------------------------------------------------------------


def _meddling(firm: Firm, meddle: Callable[[], object], number: int) -> None:
    """Let somebody change the file when the `number`-th request is there."""
    right = firm.simulator.handler
    left = [number]

    async def carry(request: Request) -> Response:
        left[0] -= 1
        if not left[0]:
            meddle()
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]


def _rewritten(path: Path) -> None:
    path.write_bytes(b"#" * len(THREE))


def _replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(THREE)
    other.rename(path)


def _appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _truncated(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(KIB)


def _removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "meddle", [_rewritten, _replaced, _appended, _truncated, _removed], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("part_size", [PART, 100 * KIB], ids=["parts", "one piece"])
async def test_a_file_that_changes_is_not_finished(
    meddle: Callable[[Path], None], number: int, part_size: int, tmp_path: Path
) -> None:
    """F64: rewritten, replaced, appended to, cut or removed while it is sent: refused, and nothing is called done."""
    if part_size > PART and number > 1:
        return  # by then all of it was read
    path = tmp_path / "file"
    path.write_bytes(THREE)
    firm = Firm()
    _meddling(firm, lambda: meddle(path), number)
    with pytest.raises(SourceChanged) as ended:
        await uploaded(firm, path, part_size=part_size)
    assert ended.value.handle is not None
    assert {"uuid", "fully_uploaded"} not in [body.keys() for body in firm.bodies]
    assert firm.stored(13) is None


@pytest.mark.parametrize("kind", [io.BytesIO, bytearray])
async def test_memory_that_changes_is_not_finished(kind: Any) -> None:
    """F64: nothing but the digest of what was read first tells."""
    source = kind(THREE)

    def meddle() -> None:
        if isinstance(source, bytearray):
            source[-1] = 7
        else:
            source.seek(len(THREE) - 1)
            source.write(b"7")

    firm = Firm()
    _meddling(firm, meddle, 2)
    with pytest.raises(SourceChanged, match="was changed"):
        await uploaded(firm, source)
    assert firm.stored(13) is None


async def test_memory_that_becomes_shorter_is_not_finished() -> None:
    """F64: what is announced is not there any more."""
    source = io.BytesIO(THREE)
    firm = Firm()
    _meddling(firm, lambda: source.truncate(KIB), 1)
    with pytest.raises(SourceChanged, match="shorter"):
        await uploaded(firm, source)


async def test_a_piece_that_is_sent_again_is_the_same() -> None:
    """F64: between two attempts to send a single piece."""
    source = bytearray(b"Dear Sir")
    firm = Firm()
    firm.simulator.faults = Faults.at_storage({0: Fault.lost_before()})

    def meddle() -> None:
        source[0] = 7

    _meddling(firm, meddle, 2)
    with pytest.raises(SourceChanged, match="was changed"):
        await uploaded(firm, source)


async def test_a_file_that_changes_may_be_taken_without_notice(tmp_path: Path) -> None:
    """The control for F64: part by part, by hand, a file is accepted that never was."""
    path = tmp_path / "file"
    path.write_bytes(b"a" * 8)
    first = path.read_bytes()[:4]
    path.write_bytes(b"b" * 8)
    firm = Firm()
    document = await uploaded(firm, first + path.read_bytes()[4:])
    assert b"aaaabbbb" == firm.stored(document.id)


# -- the end -------------------------------------------------------------------------------------------------------


def _lose(firm: Firm, parts: list[int], times: int = 1) -> None:
    """Let the storage lose parts just before Clio is told that they are there."""
    right = firm.simulator.handler
    left = [times]

    async def carry(request: Request) -> Response:
        if b'"fully_uploaded":true' in (request.body or b"") and left[0]:
            left[0] -= 1
            for path in [*firm.simulator.storage.files]:
                if path.startswith("/1/documents/13/") and int(path.rpartition("/")[2]) in {*parts, 1_000_001}:
                    firm.simulator.storage.remove(path)
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("content", [THREE, b"Dear Sir"], ids=["parts", "one piece"])
async def test_what_clio_does_not_find_is_sent_again(status: Any, content: bytes) -> None:
    """UploadNotFoundError, whatever its status: told once more first, since it may be late; then sent, once."""
    firm = Firm(Regime(upload_not_found=status))
    _lose(firm, [2])
    document = await uploaded(firm, content)
    assert content == firm.stored(document.id)
    count = 3 if content is THREE else 1
    assert 2 * count == len(firm.puts())


async def test_what_clio_never_finds_is_not_done() -> None:
    """All is sent twice, and no third time."""
    firm = Firm()
    _lose(firm, [2], times=99)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    assert "UploadNotFoundError" == getattr(ended.value.__cause__, "type", None)
    assert 6 == len(firm.puts())
    streamed = Firm()
    _lose(streamed, [2], times=99)
    with pytest.raises(IncompleteUpload):
        await uploaded(streamed, stream(THREE))
    assert 3 == len(streamed.puts())


@pytest.mark.parametrize("fault", [Fault.lost_after(), Fault.status(500), Fault.status(502)], ids=lambda one: one.name)
async def test_the_end_is_told_a_bounded_number_of_times(fault: Fault) -> None:
    """F63: six times, then it is left to the caller."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.when(lambda it: it.method == "PATCH", fault, times=None)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    assert isinstance(ended.value.__cause__, OutcomeUnknown | ServerError)
    assert 6 == len([one for one in firm.asked() if one.startswith("PATCH")])


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_other_refusals_of_the_end_are_final(status: int) -> None:
    """They are not of the kind that passes, and the cause says which."""
    firm = Firm()
    firm.simulator.faults = Faults.when(lambda it: it.method == "PATCH", Fault.status(status), times=None)
    with pytest.raises(IncompleteUpload) as ended:
        await uploaded(firm)
    assert status == getattr(ended.value.__cause__, "status", None)


async def test_a_lost_end_that_was_done_may_be_refused() -> None:
    """ "Already marked as fully uploaded" is an error to Clio: then what is there is read."""
    firm = Firm()
    right = firm.simulator.handler
    ends = 0

    async def carry(request: Request) -> Response:
        nonlocal ends
        if b'"fully_uploaded":true' in (request.body or b""):
            ends += 1
            if ends > 1:
                return Response(422, body=b'{"error": {"type": "ArgumentError", "message": "already"}}')
        return await right(request)

    firm.simulator.handler = carry  # type: ignore[method-assign]
    firm.simulator.faults = Faults.none
    with contextlib.suppress(ClioError):
        await uploaded(firm, b"first")
    ends = 0
    answered: list[int] = []

    def lose(request: Request, response: Response) -> Response:
        if b'"fully_uploaded":true' in (request.body or b"") and not answered:
            answered.append(1)
            return Response(502)
        return response

    firm.change = lose
    document = await uploaded(firm, b"Dear Sir")
    assert (b"Dear Sir", 2) == (firm.stored(document.id), ends)
