"""Signed addresses and tokens: nowhere but where they belong."""

from __future__ import annotations

import logging
import pickle
import re
from typing import Any

import pytest

from clio_async import IncompleteUpload, Progress, Request, Response, UnexpectedContent
from clio_async.events import Hooks
from clio_async.testing import Fault, Faults

from ..canaries import Canaries, chain
from .firm import MATTER, PART, THREE, Firm, with_data

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_parts")]
SIGNATURE = re.compile(r"X-Amz-Signature=([0-9a-f]+)")


class Told(Hooks):
    """Keep all that hooks are told."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def call_ended(self, exchange: Any, begun: object, /) -> None:
        self.events.append(exchange)

    def attempted(self, attempt: Any, /) -> None:
        self.events.append(attempt)


def _no_name(request: Request, response: Response) -> Response:
    def spoil(data: Any) -> None:
        data["latest_document_version"]["multiparts"][1]["put_headers"][0]["name"] = None

    return with_data(response, spoil) if request.method == "POST" else response


def _twice(request: Request, response: Response) -> Response:
    def spoil(data: Any) -> None:
        rows = data["latest_document_version"]["multiparts"]
        rows.append(rows[0])

    return with_data(response, spoil) if request.method == "POST" else response


def _is_put(request: Request) -> bool:
    return request.method == "PUT"


def _is_patch(request: Request) -> bool:
    return request.method == "PATCH"


WRONG: dict[str, Any] = {
    "refused": Faults.when(_is_put, Fault.storage(403, "AccessDenied"), times=None),
    "denied": Faults.when(_is_put, Fault.storage(400, "InvalidArgument"), times=None),
    "lost": Faults.when(_is_put, Fault.status(503), times=None),
    "not found": Faults.when(_is_patch, Fault.status(404), times=None),
    "unknown": Faults.when(_is_patch, Fault.status(502), times=None),
    "nameless": _no_name,
    "twice": _twice,
    "progress": None,
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_no_error_shows_an_address(wrong: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its text, attributes, pickle, and traceback with locals; nor does a log, a word of progress, or a handle."""
    caplog.set_level(logging.DEBUG)
    told = Told()
    firm = Firm(hooks=[told], retry=None)
    if wrong in {"nameless", "twice"}:
        firm.change = WRONG[wrong]
    elif WRONG[wrong] is not None:
        firm.simulator.faults = WRONG[wrong]
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        seen.append(progress)
        if wrong == "progress" and progress.done:
            raise LookupError

    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART, progress=note)
    answers = [firm.simulator.record("documents", 13, fields="latest_document_version{put_url,multiparts}")]
    signatures = {*SIGNATURE.findall(str(answers)), *SIGNATURE.findall(" ".join(one.url for one in firm.requests))}
    assert signatures
    token = firm.requests[0].headers["authorization"].removeprefix("Bearer ")
    canaries = Canaries(token=token, **{f"signature{number}": one for number, one in enumerate(signatures)})
    error = ended.value
    hits = [hit for one in chain(error) for hit in canaries.in_object(type(one).__name__, one)]
    hits += [hit for one in chain(error) for hit in canaries.in_value(type(one).__name__, vars(one))]
    hits += canaries.in_lines("traceback", _own_frames(error))
    for record in caplog.records:
        hits += canaries.in_record(record)
    assert told.events
    hits += canaries.in_value("hooks", told.events)
    hits += canaries.in_object("progress", seen)
    assert error.handle is not None
    hits += canaries.in_text("handle", error.handle.to_json())
    assert [] == hits
    assert error.handle == pickle.loads(pickle.dumps(error)).handle


def _unnumbered(version: Any) -> None:
    version["multiparts"][1]["part_number"] = None


def _doubled(version: Any) -> None:
    version["multiparts"].append(version["multiparts"][0])


def _unnamed(version: Any) -> None:
    version["multiparts"][1]["put_headers"][0]["name"] = None


def _unvalued(version: Any) -> None:
    version["put_headers"][0]["value"] = None


@pytest.mark.parametrize("spoil", [_unnumbered, _doubled, _unnamed, _unvalued], ids=lambda one: one.__name__)
async def test_no_frame_shows_header_fields(spoil: Any) -> None:
    """They prove as much as an address does: a traceback with locals has none of them, whatever is wrong with them."""
    firm = Firm(retry=None)
    secret = {"name": "x-amz-security-token", "value": "hunter2-7f3a9c1e5b8d2046af91-session"}

    def change(request: Request, response: Response) -> Response:
        def spoilt(data: Any) -> None:
            version = data["latest_document_version"]
            version["put_headers"] = [{"name": "x-amz-acl", "value": "private"}, secret]
            for row in version["multiparts"]:
                row["put_headers"] = [*row["put_headers"], secret]
            spoil(version)

        return with_data(response, spoilt) if request.method == "POST" else response

    firm.change = change
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    assert isinstance(ended.value.__cause__, UnexpectedContent)
    lines = [line for line in _own_frames(ended.value) if not line.startswith(("decode", "_carry"))]
    assert any(line.startswith("stated ") for line in lines)
    assert [] == Canaries(header="hunter2-7f3a9c1e5b8d2046af91-session").in_lines("traceback", lines)


def _own_frames(error: BaseException) -> list[str]:
    """Return the locals of the package's frames, for all errors of a chain; tests may hold what they want."""
    found: list[str] = []
    for one in chain(error):
        step = one.__traceback__
        while step is not None:
            frame = step.tb_frame
            name = frame.f_code.co_filename
            if "/clio_async/" in name and "/testing/" not in name:
                found += [f"{frame.f_code.co_name} {key}={value!r}" for key, value in frame.f_locals.items()]
            step = step.tb_next
    return found


async def test_the_storage_sees_no_token() -> None:
    """F59, F60: nor a cookie, nor the version of the API: neither of a part, nor of one that is sent again."""
    firm = Firm()
    firm.simulator.faults = Faults.at_storage({1: Fault.lost_before()})
    await firm.clio.documents.upload(THREE, parent=MATTER, name="x", part_size=PART)
    puts = [request for request in firm.requests if request.method == "PUT"]
    assert 4 == len(puts)
    token = firm.requests[0].headers["authorization"].removeprefix("Bearer ")
    for request in puts:
        names = {name.lower() for name, _ in request.headers.pairs}
        assert {"content-md5", "content-type", "x-amz-server-side-encryption", "accept-encoding"} >= names
        assert [] == Canaries(token=token).in_value("put", [*request.headers.pairs, request.url])


async def test_no_address_is_kept() -> None:
    """What was read with an address in it is not in the cache afterwards."""
    firm = Firm(retry=None)
    firm.simulator.faults = Faults.at_storage({0: Fault.lost_before()})
    with pytest.raises(IncompleteUpload) as ended:
        await firm.clio.documents.upload(b"Dear Sir", parent=MATTER, name="x")
    await firm.clio.documents.upload(b"Dear Sir", resume=ended.value.handle)
    assert "GET" in firm.asked()
    assert 0 == len(firm.clio._core.store)  # type: ignore[arg-type]
