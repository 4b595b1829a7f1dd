"""`download`: the bytes of one file, all of them or an error, whatever becomes of the connections."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from clio_async import Clio, Policy, Progress
from clio_async.errors import (
    Forbidden,
    IncompleteDownload,
    InvalidArgument,
    MaybeSent,
    NotFound,
    ResponseBroken,
    StorageRefused,
    TransportError,
    UnexpectedContent,
    UsageError,
)
from clio_async.messages import Headers, Request, Response
from clio_async.models._generated.documents import Document
from clio_async.testing.wire import Answer
from clio_async.transport.memory import MemoryTransport

from .shelf import BODY, LOGIN, TAG, Shelf, changes, chunked, cut, file, head, raw, refuses, running, unframed

OTHER = b"another file, and a shorter one"


SIZED = Document.from_dict({"id": 42, "size": len(BODY)})


async def whole(clio: Clio, target: Any = 42, **options: Any) -> bytes:
    async with clio.documents.download(target, **options) as found:
        return b"".join([piece async for piece in found])


async def test_the_bytes_come_as_they_are(way: str) -> None:
    """A download of a record costs one request to Clio and one to the storage, and says what it is of."""
    shelf = Shelf()
    seen: list[Progress] = []
    async with running(shelf, way) as clio:
        async with clio.documents.download(SIZED, progress=seen.append) as found:
            assert (0, 0, len(BODY), "text/plain") == (found.first, found.received, found.size, found.content_type)
            assert found.resume is None
            assert BODY == b"".join([piece async for piece in found])
            assert (len(BODY), None) == (found.received, found.resume)
            assert [] == [piece async for piece in found]
        assert ["/documents/42/download"] == shelf.asked
        assert [()] == shelf.fetched
        stats = clio.stats
        assert (1, len(BODY), 1) == (stats.storage_requests, stats.bytes_downloaded, stats.requests)
    assert ("done", len(BODY), len(BODY)) == (seen[-1].phase, seen[-1].done, seen[-1].total)
    assert {"downloading"} == {one.phase for one in seen[:-1]}


async def test_an_empty_file_is_one(way: str) -> None:
    """A file without bytes is received, and asked for once."""
    shelf = Shelf(b"", size=0)
    async with running(shelf, way) as clio:
        assert b"" == await whole(clio)
    assert 1 == len(shelf.fetched)


HEAD = len(head("200 OK", content_length=len(BODY), content_type="text/plain", etag=TAG))


@pytest.mark.parametrize("then", ["reset", "close"])
async def test_a_cut_at_every_byte_leaves_the_file_whole(way: str, then: str) -> None:
    """F1, F65: wherever the connection breaks, in the head or in the body, the same bytes come, and none of them twice
    from the storage."""
    shelf = Shelf(BODY[:24], size=24)
    length = HEAD - 1 + 24  # the length has one digit less
    async with running(shelf, way) as clio:
        for at in range(length):
            shelf.plan = [cut(at, then)]
            assert shelf.body == await whole(clio), at
    again = [fetched for fetched in shelf.fetched if fetched]
    assert {TAG} == {tag for _, tag in again}
    assert {f"bytes={first}-" for first in range(1, 24)} >= {first for first, _ in again}
    assert 24 > len(again) >= 1


async def test_progress_begins_the_count_of_attempts_anew(way: str) -> None:
    """However often the connection breaks, as long as bytes come the download goes on."""
    steps = 20
    shelf = Shelf(plan=[cut(HEAD + 10), *[cut(-(len(BODY) - 20 - 10 * n)) for n in range(steps)]])
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)
    assert steps + 2 == len(shelf.fetched)


async def test_without_progress_the_attempts_are_bounded(way: str) -> None:
    """Three attempts without a byte are enough: the error says how far it came, and another client goes on there."""
    empty = [raw("206 Partial Content", content_range=f"bytes 10-511/{len(BODY)}", etag=TAG, content_length=502)] * 2
    shelf = Shelf(plan=[cut(HEAD + 10), *[ended(step) for step in empty]])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
        error = caught.value
        assert (10, len(BODY)) == (error.received, error.size)
        assert isinstance(error.__cause__, ResponseBroken)
        assert error.resume is not None
        async with clio.documents.download(42, resume=error.resume) as rest:
            assert (10, 10) == (rest.first, rest.received)
            assert BODY[10:] == b"".join([piece async for piece in rest])


def ended(step: Any) -> Any:
    def answer(shelf: Shelf, request: Any) -> Any:
        found = step(shelf, request)
        return type(found)(found.data, "reset")

    return answer


async def test_a_client_that_repeats_nothing_takes_up_nothing(way: str) -> None:
    """`retry=None`: a cut ends the download at once. A cut before the first byte is the transport's error."""
    shelf = Shelf(plan=[cut(HEAD + 10)])
    async with running(shelf, way, retry=None) as clio:
        with pytest.raises(IncompleteDownload):
            await whole(clio)
        assert 1 == len(shelf.fetched)
        shelf.plan = [cut(20)]
        with pytest.raises(TransportError):
            await whole(clio)
        assert 2 == len(shelf.fetched)


async def test_an_address_that_expired_is_renewed(way: str) -> None:
    """F65: a 403 after a cut costs one more request to Clio; to a new address it is final."""

    def expires(shelf: Shelf, request: Any) -> Any:
        shelf.expired.add(1)
        return cut(HEAD + 10)(shelf, request)

    shelf = Shelf(plan=[expires])
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio, SIZED)
        assert ["/documents/42/download"] * 2 == shelf.asked
        shelf.expired = {3}
        with pytest.raises(StorageRefused, match="AccessDenied") as caught:
            await whole(clio)
        assert (403, "AccessDenied") == (caught.value.status, caught.value.code)
        assert 3 == shelf.issued


async def test_a_new_address_that_is_refused_ends_a_download_that_had_begun(way: str) -> None:
    """What ends a download after its first bytes says so, and what continues it."""

    def expires(shelf: Shelf, request: Any) -> Any:
        shelf.expired |= {1, 2}
        return cut(HEAD + 10)(shelf, request)

    shelf = Shelf(plan=[expires])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
    assert isinstance(caught.value.__cause__, StorageRefused)
    assert (10, True) == (caught.value.received, caught.value.resume is not None)


async def test_what_fails_before_the_first_byte_is_told_as_it_is(way: str) -> None:
    """A download that has given nothing yet is not incomplete: it did not begin."""
    shelf = Shelf(plan=[cut(HEAD), refuses(404, "NoSuchKey")])
    async with running(shelf, way) as clio:
        with pytest.raises(StorageRefused, match="NoSuchKey"):
            await whole(clio)


@pytest.mark.parametrize("body", [OTHER, BODY[::-1], b""], ids=["shorter", "as long", "empty"])
async def test_two_files_are_never_mixed(way: str, body: bytes) -> None:
    """F65: a file that changed between two requests ends the stream."""
    shelf = Shelf(plan=[cut(HEAD + 100), changes(body, '"two"')])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload, match="changed") as caught:
            await whole(clio)
    assert (100, None) == (caught.value.received, caught.value.resume)


def heedless(tag: str | None, size: int = len(BODY)) -> Any:
    """Send the rest of a file without a look at `If-Range`."""
    shown = {} if tag is None else {"etag": tag}
    field = f"bytes 100-{size - 1}/{size}"
    return raw("206 Partial Content", BODY[::-1][100:size], content_range=field, **shown)


@pytest.mark.parametrize(
    ("answer", "mixed"),
    [(heedless('"two"'), True), (heedless(None), True), (heedless(TAG, 400), True), (heedless(TAG), False)],
    ids=["another tag", "no tag", "another size", "control"],
)
async def test_a_storage_that_ignores_the_condition_is_found_out(way: str, answer: Any, mixed: bool) -> None:
    """F65: a part counts only with the tag and the size of what came before it. (The control has both, and lies.)"""
    shelf = Shelf(plan=[cut(HEAD + 100), answer])
    async with running(shelf, way) as clio:
        if mixed:
            with pytest.raises(IncompleteDownload, match="changed"):
                await whole(clio)
        else:
            assert BODY[:100] + BODY[::-1][100:] == await whole(clio)


async def test_a_range_behind_the_end_is_a_change(way: str) -> None:
    """F65: 416 says that the file has become shorter."""
    shelf = Shelf(plan=[cut(HEAD + 100), refuses(416, "InvalidRange")])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload, match="changed"):
            await whole(clio)


async def test_a_change_before_the_first_byte_is_none(way: str) -> None:
    """Nobody has seen a byte of the earlier file: so the later one is received."""
    shelf = Shelf(plan=[cut(HEAD), changes(OTHER, '"two"')])
    async with running(shelf, way) as clio:
        assert OTHER == await whole(clio)


@pytest.mark.parametrize("tag", [None, 'W/"weak"', "one", '"a", "b"'])
async def test_without_a_strong_tag_nothing_is_taken_up(way: str, tag: str | None) -> None:
    """F65: what cannot be told from a later file is not continued."""
    shelf = Shelf(tag=tag)
    start = len(head("200 OK", content_length=len(BODY), content_type="text/plain", **({"etag": tag} if tag else {})))
    shelf.plan = [cut(start + 100)]
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload, match="no ETag") as caught:
            await whole(clio)
    assert (100, None) == (caught.value.received, caught.value.resume)
    assert 1 == len(shelf.fetched)


@pytest.mark.parametrize(
    "answer",
    [
        raw("206 Partial Content", BODY[101:], content_range="bytes 101-511/512", etag=TAG),
        raw("206 Partial Content", BODY[:100], content_range="bytes 0-99/512", etag=TAG),
        raw("206 Partial Content", BODY[100:], content_range="bytes 100-510/512", etag=TAG),
        raw("206 Partial Content", BODY[100:], etag=TAG),
        raw("206 Partial Content", BODY[100:], content_range="bytes 100-511/300", etag=TAG),
    ],
    ids=["behind", "before", "of another length", "unsaid", "beyond the end"],
)
async def test_another_part_than_was_asked_for_is_no_part(way: str, answer: Any) -> None:
    """Bytes that belong somewhere else never get into the file."""
    shelf = Shelf(plan=[cut(HEAD + 100), answer])
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
    assert isinstance(caught.value.__cause__, ResponseBroken)
    assert 100 == caught.value.received


async def test_a_part_that_nobody_asked_for_is_refused(way: str) -> None:
    """A 206 to a request for the whole file is an error before the first byte."""
    shelf = Shelf(plan=[raw("206 Partial Content", BODY, content_range="bytes 0-511/512", etag=TAG)])
    async with running(shelf, way) as clio:
        with pytest.raises(ResponseBroken, match="another part"):
            await whole(clio)


async def test_a_part_may_be_shorter_than_the_rest(way: str) -> None:
    """RFC 9110 §14.2: a server may send less than was asked for. The rest is asked for, too."""
    part = raw("206 Partial Content", BODY[100:200], content_range="bytes 100-199/512", etag=TAG)
    shelf = Shelf(plan=[cut(HEAD + 100), part])
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)
    assert [(), ("bytes=100-", TAG), ("bytes=200-", TAG)] == shelf.fetched


@pytest.mark.parametrize("surplus", [b"", b"x"], ids=["fewer", "more"])
async def test_a_part_without_a_length_has_the_one_of_its_range(way: str, surplus: bytes) -> None:
    """A chunked part that is not as long as its range says is broken."""
    body = BODY[100:] + surplus if surplus else BODY[100:300]
    answer = chunked(body, status="206 Partial Content", content_range="bytes 100-511/512", etag=TAG)
    shelf = Shelf(plan=[cut(HEAD + 100), answer])
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)
    assert ("bytes=100-" if surplus else "bytes=300-", TAG) == shelf.fetched[-1]


async def test_an_encoded_file_is_not_the_file(way: str) -> None:
    """A storage that compresses what was not to be compressed is refused."""
    shelf = Shelf(plan=[raw("200 OK", gzip.compress(BODY), content_encoding="gzip")])
    async with running(shelf, way) as clio:
        with pytest.raises(UnexpectedContent, match="encoding"):
            await whole(clio)
    assert shelf.storage is not None
    assert ["identity"] == shelf.storage.received[0].values_of("accept-encoding")


# -- sizes (F2) ----------------------------------------------------------------------------------------------------


async def test_a_file_without_a_length_is_compared_with_what_clio_says(way: str) -> None:
    """F2: where the storage does not say how large the file is, Clio does, in one request."""
    shelf = Shelf(plan=[chunked(BODY[:200], BODY[200:])])
    async with running(shelf, way) as clio:
        async with clio.documents.download(42) as found:
            assert len(BODY) == found.size
            assert BODY == b"".join([piece async for piece in found])
        assert ["/documents/42", "/documents/42/download"] == shelf.asked


async def test_a_noted_size_may_be_out_of_date_where_the_storage_has_none(way: str) -> None:
    """F2: a record that the caller had read earlier is not believed alone: Clio is asked."""
    shelf = Shelf(plan=[chunked(BODY[:200], BODY[200:])])
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio, Document.from_dict({"id": 42, "size": 200}))
        assert ["/documents/42/download", "/documents/42"] == shelf.asked


@pytest.mark.parametrize("size", [len(BODY), None], ids=["ours", "control"])
async def test_a_short_file_with_a_length_is_found_out(way: str, size: int | None) -> None:
    """F2: a storage that has kept half of a file sends half of it, in order. Clio is asked before, and once more."""
    shelf = Shelf(BODY[:10], size=size)
    async with running(shelf, way) as clio:
        if size is None:
            assert BODY[:10] == await whole(clio)
            return
        with pytest.raises(IncompleteDownload, match="another size") as caught:
            await whole(clio)
        assert (0, size, None) == (caught.value.received, caught.value.size, caught.value.resume)
        assert ["/documents/42", "/documents/42/download", "/documents/42"] == shelf.asked


async def test_a_version_that_comes_meanwhile_is_no_error(way: str) -> None:
    """F2: Clio is asked before the address is, so a new version may have come: its size is the true one then."""
    shelf = Shelf(plan=[changes(OTHER, '"two"')])
    async with running(shelf, way) as clio:
        assert OTHER == await whole(clio)
        assert ["/documents/42", "/documents/42/download", "/documents/42"] == shelf.asked


async def test_the_second_question_is_asked_in_full() -> None:
    """F2: what a tag might have hidden from the first one it does not hide from the one that decides."""
    seen: list[Request] = []

    def clio_is(request: Request) -> Response:
        seen.append(request)
        if "/download" in request.url:
            return Response(303, Headers({"Location": "https://storage.example/x"}))
        return json_response({"id": 42, "size": 3})

    storage = MemoryTransport(lambda _: Response(200, Headers({"Content-Length": "2"}), b"ab"))
    async with Clio("token-a", transport=MemoryTransport(clio_is), storage=storage) as clio:
        with pytest.raises(IncompleteDownload, match="another size"):
            await whole(clio)
    first, _, second = (request.options for request in seen)
    assert first is not None
    assert second is not None
    assert ("interactive", "validate", "bypass") == (first.lane, first.cache, second.cache)


def json_response(data: object) -> Response:
    return Response(200, Headers({"Content-Type": "application/json"}), json.dumps({"data": data}).encode())


@pytest.mark.parametrize("status", [403, 404])
async def test_a_record_that_is_hidden_hides_no_file(status: int) -> None:
    """F2: whether there is a file for this user says the download, and what it says is told."""

    def clio_is(request: Request) -> Response:
        if "/download" in request.url:
            return Response(303, Headers({"Location": "https://storage.example/x"}))
        return Response(status, Headers(), b"{}")

    storage = MemoryTransport(lambda _: Response(200, Headers({"Content-Length": "2"}), b"ab"))
    async with Clio("token-a", transport=MemoryTransport(clio_is), storage=storage) as clio:
        assert b"ab" == await whole(clio)
        with pytest.raises((Forbidden, NotFound)):  # but where it has to decide, it is an error
            await whole(clio, Document.from_dict({"id": 42, "size": 1}))


@pytest.mark.parametrize("says", [len(BODY) + 1, None], ids=["ours", "control"])
async def test_a_truncated_file_without_a_length_is_incomplete(way: str, says: int | None) -> None:
    """F2: chunks that end in order may still be fewer than the file has. Only its size shows it."""
    shelf = Shelf(plan=[chunked(BODY)], size=says)
    async with running(shelf, way) as clio:
        if says is None:
            assert BODY == await whole(clio)
            return
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
    assert (len(BODY), says) == (caught.value.received, caught.value.size)


@pytest.mark.parametrize("says", [len(BODY), None], ids=["ours", "control"])
async def test_a_cut_that_looks_like_an_end_is_found_out(says: int | None) -> None:
    """F2: of what only the end of its connection delimits, no cut can be seen; its size shows each of them. (Such
    answers are refused altogether unless the transport was told to take them.)"""
    shelf = Shelf(size=says)
    async with running(shelf, "lenient") as clio:
        for at in (0, 1, 100, len(BODY) - 1):
            shelf.plan = [unframed(BODY[:at])]
            if says is None:
                assert BODY[:at] == await whole(clio)
                continue
            if not at:  # nothing was given yet: it begins anew
                assert BODY == await whole(clio)
                continue
            with pytest.raises(IncompleteDownload) as caught:
                await whole(clio)
            assert (at, len(BODY)) == (caught.value.received, caught.value.size)
            shelf.plan = [unframed(BODY[:at], etag=TAG)]
            assert BODY == await whole(clio)


async def test_what_nothing_delimits_is_refused(way: str) -> None:
    """F2: a transport that was not told otherwise takes no answer that cannot be told from a truncated one."""
    shelf = Shelf(plan=[unframed(BODY)] * 3)
    async with running(shelf, way) as clio:
        with pytest.raises(ResponseBroken, match="allow_unframed"):
            await whole(clio)


@pytest.mark.parametrize("known", [True, False])
async def test_all_bytes_are_all_bytes(way: str, known: bool) -> None:
    """F2: where the size is known, an answer that breaks off behind the last byte has brought the whole file."""

    received = anyio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield head("200 OK", transfer_encoding="chunked") + b"200\r\n" + BODY
        await received.wait()

    shelf = Shelf(plan=[lambda _, __: Answer(endless(), "close")], size=len(BODY) if known else None)
    async with running(shelf, way) as clio:
        receiving = whole(clio, progress=lambda _: received.set())
        if known:
            assert BODY == await receiving
            assert 1 == len(shelf.fetched)
            return
        with pytest.raises(IncompleteDownload):
            await receiving


async def test_more_bytes_than_clio_says_are_not_given(way: str) -> None:
    """F2: bytes behind the end are of something else."""
    shelf = Shelf(plan=[chunked(BODY[:100], BODY[100:])], size=99)
    async with running(shelf, way) as clio:
        with pytest.raises(IncompleteDownload, match="More bytes"):
            await whole(clio)


@pytest.mark.parametrize(
    ("target", "asks"),
    [
        ({"id": 42, "size": len(BODY)}, False),
        ({"id": 42, "size": 1}, True),
        ({"id": 42, "size": 1, "latest_document_version": {"id": 1, "size": len(BODY)}}, False),
        ({"id": 42, "latest_document_version": {"id": 1, "size": 1}}, True),
    ],
)
async def test_the_size_of_the_record_is_compared(way: str, target: dict[str, Any], asks: bool) -> None:
    """F2: a record of another size than the file may be old: Clio is asked, and only then."""
    shelf = Shelf()
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio, Document.from_dict(target))
        assert asks == ("/documents/42" in shelf.asked)
        if asks:
            shelf.size = 1
            with pytest.raises(IncompleteDownload, match="another size") as caught:
                await whole(clio, Document.from_dict(target))
            assert (0, 1, None) == (caught.value.received, caught.value.size, caught.value.resume)


@pytest.mark.parametrize(("known", "fails"), [({7: 3, 8: len(BODY)}, False), ({8: 3}, True), ({7: 3}, False)])
async def test_the_size_is_that_of_the_version(way: str, known: dict[int, int], fails: bool) -> None:
    """F2: where a version is asked for, its own size counts; if Clio does not know it, the framing alone does."""
    shelf = Shelf(plan=[chunked(BODY)], versions=known)
    async with running(shelf, way) as clio:
        document = Document.from_dict({"id": 42, "size": 3, "latest_document_version": {"id": 7, "size": 3}})
        asked = ["/documents/42/versions", "/documents/42/download"]
        if fails:
            with pytest.raises(IncompleteDownload):
                await whole(clio, document, document_version_id=8)
        else:
            assert BODY == await whole(clio, document, document_version_id=8)
        assert asked == shelf.asked
        assert shelf.clio is not None
        assert "document_version_id=8" in shelf.clio.received[1].target
        if fails:
            with pytest.raises(IncompleteDownload, match="another size"):
                await whole(clio, document, document_version_id=8)
            assert [*asked, *asked, asked[0]] == shelf.asked
        else:
            assert BODY == await whole(clio, document, document_version_id=8)
            assert asked * 2 == shelf.asked


async def test_a_noted_version_is_compared(way: str) -> None:
    """F2: a record that holds the size of the very version is believed as one of the document is."""
    shelf = Shelf(versions={8: len(BODY)})
    document = Document.from_dict({"id": 42, "latest_document_version": {"id": 8, "size": 3}})
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio, document, document_version_id=8)
        assert "/documents/42/versions" in shelf.asked


@pytest.mark.parametrize("version", [None, 7])
async def test_no_size_that_is_kept_is_compared(way: str, version: int | None) -> None:
    """Also where a client may be given records again for a while (`Policy.fresh_for`): Clio is asked."""
    policy = Policy(fresh_for={"documents": 1e6, "document_versions": 1e6})
    shelf = Shelf(plan=[chunked(BODY)], size=5, versions={7: 5})
    fields = "latest_document_version{id,size}"
    async with running(shelf, way, policy=policy) as clio:
        await clio.documents.get(42, fields=fields)
        await clio.document_versions.list(42, fields="id,size").collect()
        shelf.size, shelf.versions = len(BODY), {7: len(BODY)}
        kept = (await clio.documents.get(42, fields=fields)).latest_document_version
        assert kept is not None
        assert 5 == kept.size
        assert BODY == await whole(clio, document_version_id=version)


async def test_a_report_has_no_size_at_clio(way: str) -> None:
    """Where Clio does not know sizes it is not asked; an archive has one."""
    shelf = Shelf(plan=[chunked(BODY), chunked(BODY)], size=len(BODY))
    async with running(shelf, way) as clio:
        async with clio.reports.download(42) as found:
            assert found.size is None
            assert "<Download 0 of ? bytes>" == repr(found)
            assert BODY == b"".join([piece async for piece in found])
        assert ["/reports/42/download"] == shelf.asked
        async with clio.document_archives.download(42) as found:
            assert len(BODY) == found.size


# -- continuing ----------------------------------------------------------------------------------------------------


async def test_a_stream_that_was_left_is_continued(way: str) -> None:
    """`Download.resume` continues what was left early, by another client of the same principal."""
    shelf = Shelf()
    async with running(shelf, way) as clio:
        async with clio.documents.download(42) as found:
            got = await anext(found)
            text = found.resume
        if text is None:  # all of it came at once
            assert BODY == got
            return
        async with clio.documents.download(42, resume=text) as rest:
            assert BODY == got + b"".join([piece async for piece in rest])


async def test_a_text_continues_its_own_download_alone(way: str) -> None:
    """`resume` is bound to document, version, principal and API version, and what it continues may have changed."""
    shelf = Shelf(plan=[cut(HEAD + 10)])
    async with running(shelf, way, retry=None) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
        text = caught.value.resume
        before = len(shelf.asked)
        other = clio.with_auth("token-of-somebody-else")
        for one, target, options in ((other, 42, {}), (clio, 43, {}), (clio, 42, {"document_version_id": 1})):
            with pytest.raises(InvalidArgument, match="another download"):
                await whole(one, target, resume=text, **options)
        assert before == len(shelf.asked)
        shelf.plan = [changes(OTHER, '"two"')]
        with pytest.raises(IncompleteDownload, match="changed"):
            await whole(clio, resume=text)


async def test_a_download_is_read_in_its_block(way: str) -> None:
    """Behind its block, and after it has failed, a download gives nothing, and says so."""
    shelf = Shelf(plan=[file, refuses(404, "NoSuchKey"), cut(HEAD + 9)])
    async with running(shelf, way, retry=None) as clio:
        async with clio.documents.download(42) as found:
            pass
        with pytest.raises(UsageError, match="block"):
            await anext(found)
        with pytest.raises(StorageRefused, match="NoSuchKey"):
            await whole(clio)
        async with clio.documents.download(42) as found:
            assert BODY[:9] == await anext(found)
            for error in (IncompleteDownload, UsageError):
                with pytest.raises(error):
                    await anext(found)


async def test_a_wait_that_was_cut_short_hides_no_end(way: str) -> None:
    """A caller who gives up one read and reads on gets the rest of the file, or an error; never a shorter file."""

    def slow(shelf: Shelf, request: Any) -> Any:
        return cut(HEAD + 10, "hang")(shelf, request)

    shelf = Shelf(plan=[slow])
    async with running(shelf, way) as clio, clio.documents.download(42) as found:
        got = [await anext(found)]
        with anyio.move_on_after(0):
            await anext(found)
        got += [piece async for piece in found]
        assert BODY == b"".join(got)


# -- what Clio answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("location", ["https://user@storage.example/x", "ftp://storage.example/x", None])
async def test_an_address_that_is_none_is_not_used(location: str | None) -> None:
    """A redirect to where no file may be fetched ends the download before a byte is sent there."""
    fields = {} if location is None else {"Location": location}
    api = MemoryTransport(lambda _: Response(303, Headers(fields)))
    async with Clio("token-a", transport=api) as clio:
        with pytest.raises(UnexpectedContent):
            await whole(clio, SIZED)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("resource", ["documents", "reports"])
async def test_no_page_of_clios_is_taken_for_a_file(way: str, status: int, resource: str) -> None:
    """F2: a redirect within Clio leads to no file but as a 303: the page to sign in on is never one. (The control is
    the 303, which is believed. Where Clio names a size the page is found out all the same.)"""
    shelf = Shelf(redirect=(f"{status} Elsewhere", "/login"))
    async with running(shelf, way) as clio:
        downloading = getattr(clio, resource).download(42)
        if (status, resource) == (303, "reports"):
            async with downloading as found:
                assert LOGIN == b"".join([piece async for piece in found])
            return
        with pytest.raises(IncompleteDownload if status == 303 else UnexpectedContent):
            async with downloading:
                pass
        assert ("/login" in shelf.asked) == (status == 303)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_any_redirect_to_another_server_leads_to_the_file(way: str, status: int) -> None:
    """A server that says it in another way than Clio's documentation is understood."""
    shelf = Shelf(redirect=(f"{status} Elsewhere", None))
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)


async def test_what_clio_refuses_is_clios_error() -> None:
    """A document that is not there is `NotFound`, and the storage is left alone."""

    def storage(_: Request) -> Response:
        raise AssertionError

    api = MemoryTransport(lambda _: Response(404, Headers(), b"{}"))
    async with Clio("token-a", transport=api, storage=MemoryTransport(storage)) as clio:
        with pytest.raises(NotFound):
            await whole(clio)


async def test_a_hook_of_progress_that_fails_ends_the_download(way: str) -> None:
    """What the caller's own callback raises reaches the caller. Bytes that were given to nobody are not counted, and
    none of those behind them are given: a caller who reads on would miss them."""
    told: list[int] = []

    def fails(progress: Progress) -> None:
        told.append(progress.done)
        if len(told) == 2:
            raise LookupError

    async with running(Shelf(plan=[cut(HEAD + 100)]), way) as clio:
        async with clio.documents.download(42, progress=fails) as found:
            got = await anext(found)
            with pytest.raises(LookupError):
                await anext(found)
            assert len(got) == found.received < told[1]
            text = found.resume
            with pytest.raises(UsageError, match="failed"):
                await anext(found)
        async with clio.documents.download(42, resume=text) as rest:
            assert BODY == got + b"".join([piece async for piece in rest])


async def test_two_tasks_do_not_read_one_download(way: str) -> None:
    """The second one is told at once; the first one goes on."""
    shelf = Shelf(plan=[cut(HEAD, "hang")])
    async with running(shelf, way) as clio, clio.documents.download(42) as found, anyio.create_task_group() as tasks:
        tasks.start_soon(anext, found)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(UsageError, match="Another task"):
            await anext(found)
        tasks.cancel_scope.cancel()
    async with running(shelf, way) as clio, clio.documents.download(42) as found:
        got: list[bytes] = []
        with anyio.move_on_after(0):
            got.append(await anext(found))
        assert BODY == b"".join([*got, *[piece async for piece in found]])  # a wait that was cut short is over


@pytest.mark.parametrize("size", [len(BODY), None])
async def test_a_storage_without_ranges_sends_what_is_known_once_more(way: str, size: int | None) -> None:
    """F65: the whole file under the same strong tag is the same file: what is received of it already is left out."""
    shelf = Shelf(plan=[cut(HEAD + 100), heedless_of_ranges, cut(HEAD + 300)], size=size)
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)
        shelf.plan = [cut(HEAD + 100), shorter, heedless_of_ranges]
        assert BODY == await whole(clio)


async def test_fewer_bytes_than_are_known_are_no_end(way: str) -> None:
    """F2, F65: where nobody says how large a file is, one that ends before what had come of it is broken."""
    begun = head("200 OK", transfer_encoding="chunked", etag=TAG) + b"64\r\n" + BODY[:100] + b"\r\n"
    shelf = Shelf(plan=[lambda _, __: Answer(begun, "reset"), shorter, heedless_of_ranges], size=None)
    async with running(shelf, way) as clio:
        assert BODY == await whole(clio)
    assert 3 == len(shelf.fetched)


def heedless_of_ranges(shelf: Shelf, _: Any) -> Answer:
    pieces = [shelf.body[:40], shelf.body[40:120], shelf.body[120:]]
    return chunked(*pieces, etag=shelf.tag)(shelf, _)


def shorter(shelf: Shelf, _: Any) -> Answer:
    return chunked(shelf.body[:50], etag=shelf.tag)(shelf, _)


async def test_an_address_that_cannot_be_renewed_says_why_it_had_to_be(way: str) -> None:
    """The refusal of the storage is the context of Clio's error, which is the cause of the download's."""

    def expires(shelf: Shelf, request: Any) -> Any:
        shelf.expired.add(1)
        shelf.redirect = ("302 Found", "/login")
        return cut(HEAD + 10)(shelf, request)

    async with running(Shelf(plan=[expires]), way) as clio:
        with pytest.raises(IncompleteDownload) as caught:
            await whole(clio)
    cause = caught.value.__cause__
    assert isinstance(cause, UnexpectedContent)
    assert isinstance(cause.__context__, StorageRefused)


async def test_a_silent_storage_is_given_up() -> None:
    """An error of the transport before the first byte reaches the caller as it is."""

    def silent(_: Request) -> Response:
        raise MaybeSent("silence")

    api = MemoryTransport(lambda _: Response(303, Headers({"Location": "https://storage.example/x"})))
    async with Clio("token-a", transport=api, storage=MemoryTransport(silent), retry=None) as clio:
        with pytest.raises(MaybeSent):
            await whole(clio, SIZED)
