"""Documents, folders and files: where they are, who may have them, for how long."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

import pytest

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Refusal, Regime
from clio_async.testing.simulator.storage import LIFE, ORIGIN

from .caller import Caller, caller, error

DOCUMENT = {"name": "Letter", "parent": {"id": 1, "type": "Matter"}}
VERSION = "id,version_number,fully_uploaded,uuid,put_url,put_headers,multiparts"


def fetched(asks: Caller, url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Response:
    return asks.simulator.answer(Request(method, url, Headers(headers), body))


def refused(response: Response) -> tuple[int, str]:
    assert "application/xml" == response.headers["content-type"]
    return response.status, response.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def put(asks: Caller, announced: Any, body: bytes, **more: str) -> Response:
    """Put bytes where a version, or a part of one, is to be put, with the fields that it says."""
    fields = {row["name"]: row["value"] for row in announced["put_headers"]}
    return asks.simulator.answer(Request("PUT", announced["put_url"], Headers({**fields, **more}), body))


def made(response: Response) -> Any:
    assert 201 == response.status, response.body
    return json.loads(response.body)["data"]


# -- downloads -----------------------------------------------------------------------------------------------------


def test_a_download_leads_to_another_origin() -> None:
    """303 without a body; the address is signed, and needs no token."""
    asks = caller()
    answer = asks.get("/documents/1/download.json")
    assert (303, b"") == (answer.status, answer.body)
    address = urlsplit(answer.headers["location"])
    assert ORIGIN == f"{address.scheme}://{address.netloc}"
    assert 200 == fetched(asks, answer.headers["location"]).status


def test_each_file_has_bytes_of_its_own() -> None:
    """Two documents, a template and an archive are four files."""
    asks = caller()
    asks.simulator.change("document_archives", 1, state="completed")
    paths = ("documents/1", "documents/2", "document_templates/1", "document_archives/1")
    urls = [asks.get(f"/{path}/download.json").headers["location"] for path in paths]
    assert 4 == len({fetched(asks, url).body for url in urls})


def test_storage_takes_no_token_beside_the_signature() -> None:
    """A bearer token that was carried along is refused in XML (F59)."""
    asks = caller()
    url = asks.get("/documents/1/download.json").headers["location"]
    assert (400, "InvalidArgument") == refused(fetched(asks, url, authorization=f"Bearer {asks.token}"))


def test_a_signature_is_for_one_file_one_method_and_a_time() -> None:
    """Another path, another method, no signature, and ten minutes later are all 403."""
    asks = caller()
    url = asks.get("/documents/1/download.json").headers["location"]
    wrong = "SignatureDoesNotMatch"
    assert (403, wrong) == refused(fetched(asks, url.replace("/documents/1/", "/documents/2/")))
    assert (403, wrong) == refused(fetched(asks, url, method="PUT", body=b"mine"))
    assert (403, wrong) == refused(fetched(asks, url.partition("?")[0]))
    asks.simulator.clock.advance(LIFE - 1)
    assert 200 == fetched(asks, url).status
    asks.simulator.clock.advance(1)
    assert (403, "AccessDenied") == refused(fetched(asks, url))


def test_the_log_holds_no_signature() -> None:
    """Who reads the log could have the file otherwise."""
    asks = caller()
    fetched(asks, asks.get("/documents/1/download.json").headers["location"])
    assert ["", ""] == [entry.query for entry in asks.simulator.entries()]


def test_storage_may_be_anywhere() -> None:
    """A test may serve it at an address that it can reach."""
    asks = caller()
    asks.simulator.storage.origin = "http://127.0.0.1:8080"
    url = asks.get("/documents/1/download.json").headers["location"]
    assert url.startswith("http://127.0.0.1:8080/")
    assert 200 == fetched(asks, url).status


def test_files_need_the_permission_of_documents() -> None:
    """403 without it, 404 for what is not there."""
    asks = caller()
    assert 404 == asks.get("/documents/999/download.json").status
    other = Caller(asks.simulator, permissions=["matters"])
    assert 403 == other.get("/documents/1/download.json").status


def test_a_bill_is_a_page() -> None:
    """A whole document of HTML, with the number of the bill."""
    asks = caller()
    answer = asks.get("/bills/3/preview.json")
    assert "text/html; charset=utf-8" == answer.headers["content-type"]
    assert answer.body.startswith(b"<!DOCTYPE html>")
    assert b"INV-00003" in answer.body
    assert 404 == asks.get("/bills/999/preview.json").status


DOCKET = {
    "jurisdiction[id]": "1",
    "trigger[id]": "1",
    "service_type[id]": "1",
    "start_date": "2026-06-01",
    "start_time": "2026-06-01T09:00:00Z",
}


def query(given: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in given.items())


def test_a_docket_is_previewed_with_all_five_parameters() -> None:
    """303 with all of them; 400 if one is missing or wrong, 404 if what it names is not there."""
    asks = caller()
    path = "/court_rules/matter_dockets/preview.json"
    assert 303 == asks.get(f"{path}?{query(DOCKET)}").status
    for name in DOCKET:
        rest = {key: value for key, value in DOCKET.items() if key != name}
        assert (400, "BadRequest", f"{name} is required") == error(asks.get(f"{path}?{query(rest)}"))
        assert 400 == asks.get(f"{path}?{query({**DOCKET, name: 'x'})}").status
    for name in ("jurisdiction[id]", "trigger[id]", "service_type[id]"):
        assert 404 == asks.get(f"{path}?{query({**DOCKET, name: '999'})}").status


# -- versions ------------------------------------------------------------------------------------------------------


def versions(asks: Caller, document: int, rest: str = "") -> list[dict[str, Any]]:
    return asks.data(f"/documents/{document}/versions.json?fields=id,document_id,version_number,fully_uploaded{rest}")


def test_versions_are_those_of_the_document() -> None:
    """Numbered from 1; the last is the latest of the document."""
    asks = caller()
    for document in range(1, 13):
        found = versions(asks, document)
        assert {document} == {version["document_id"] for version in found}
        assert [*range(1, len(found) + 1)] == [version["version_number"] for version in found]
        latest = asks.data(f"/documents/{document}.json?fields=latest_document_version{{id}}")
        assert {"id": found[-1]["id"]} == latest["latest_document_version"]
    assert 404 == asks.get("/documents/999/versions.json").status


def test_an_older_version_becomes_the_latest_again() -> None:
    """200 without a body; there is one version more, with the same bytes, and the document has another tag."""
    asks = caller()
    before, tag = versions(asks, 1), asks.data("/documents/1.json")["etag"]
    first = before[0]["id"]
    old = asks.get(f"/documents/1/download.json?document_version_id={first}").headers["location"]
    answer = asks.ask("POST", f"/documents/1/versions/{first}/save_as_latest_version.json")
    assert (200, b"") == (answer.status, answer.body)
    after = versions(asks, 1)
    assert (len(before) + 1, len(before) + 1) == (len(after), after[-1]["version_number"])
    new = asks.get("/documents/1/download.json").headers["location"]
    assert fetched(asks, old).body == fetched(asks, new).body
    assert tag != asks.data("/documents/1.json")["etag"]
    assert 404 == asks.ask("POST", "/documents/1/versions/5/save_as_latest_version.json").status
    assert 404 == asks.get("/documents/1/download.json?document_version_id=5").status
    assert 404 == asks.get("/documents/1/download.json?document_version_id=x").status


def test_versions_are_paged_by_a_count() -> None:
    """`limit` and what `next` carries work for rows as for records."""
    asks = caller()
    for _ in range(4):
        asks.ask("POST", f"/documents/1/versions/{versions(asks, 1)[0]['id']}/save_as_latest_version.json")
    whole = asks.data("/documents/1/versions.json?fields=id")
    assert whole == asks.walk("/documents/1/versions.json?fields=id&limit=2")
    assert whole[2:4] == asks.data("/documents/1/versions.json?fields=id&limit=2&offset=2")
    assert [3, 2] == [len(page) for page in asks.pages("/documents/1/versions.json?limit=3")][:2]


def test_a_document_is_uploaded() -> None:
    """The bytes go to storage; until they are there the document is in no list, nor can it be downloaded."""
    asks = caller()
    new = made(asks.post(f"/documents.json?fields=id,name,matter{{id}},latest_document_version{{{VERSION}}}", DOCUMENT))
    version = new["latest_document_version"]
    assert ("Letter", {"id": 1}, False) == (new["name"], new["matter"], version["fully_uploaded"])
    path = f"/documents/{new['id']}"
    assert [] == asks.data(f"/documents.json?ids[]={new['id']}")
    assert [new["id"]] == [it["id"] for it in asks.data(f"/documents.json?ids[]={new['id']}&show_uncompleted=true")]
    assert [] == versions(asks, new["id"], "&fully_uploaded=true")
    assert 404 == asks.get(f"{path}/download.json").status
    assert 200 == put(asks, version, b"Dear Sir").status
    wrong = {"uuid": "x", "fully_uploaded": True, "name": "Other"}
    assert (404, "UploadNotFoundError") == error(asks.patch(f"{path}.json", wrong))[:2]
    assert "Letter" == asks.data(f"{path}.json?fields=name")["name"]
    assert 200 == asks.patch(f"{path}.json", {"uuid": version["uuid"], "fully_uploaded": "true"}).status
    assert [new["id"]] == [it["id"] for it in asks.data(f"/documents.json?ids[]={new['id']}")]
    assert b"Dear Sir" == fetched(asks, asks.get(f"{path}/download.json").headers["location"]).body
    shown = asks.data(f"{path}.json?fields=latest_document_version{{size,put_url,fully_uploaded}}")
    assert {"size": 8, "put_url": None, "fully_uploaded": True} == shown["latest_document_version"]
    tag = asks.data(f"{path}.json")["etag"]
    assert 200 == asks.patch(f"{path}.json", {"uuid": version["uuid"], "fully_uploaded": True}).status
    assert tag == asks.data(f"{path}.json")["etag"]


FIELDS_OF_UPLOAD = f"fields=id,size,filename,content_type,latest_document_version{{{VERSION},size,content_type}}"


def announced(asks: Caller, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return made(asks.post(f"/documents.json?{FIELDS_OF_UPLOAD}", {**(data or DOCUMENT), **more}))


def patched(asks: Caller, document: dict[str, Any], **data: Any) -> Response:
    uuid = document["latest_document_version"]["uuid"]
    return asks.patch(f"/documents/{document['id']}.json?{FIELDS_OF_UPLOAD}", {"uuid": uuid, **data})


def after(response: Response) -> dict[str, Any]:
    assert 200 == response.status, response.body
    return json.loads(response.body)["data"]


def downloaded(asks: Caller, document: dict[str, Any]) -> bytes:
    return fetched(asks, asks.get(f"/documents/{document['id']}/download.json").headers["location"]).body


def part(number: int, body: bytes, **more: Any) -> dict[str, Any]:
    return {"part_number": number, "content_length": str(len(body)), **more}


def test_parts_have_addresses_of_their_own() -> None:
    """Those that were asked for at first, and those of a later update; one that is asked for again works anew."""
    asks = caller()
    new = announced(asks, multiparts=[part(1, b"first")])
    (first,) = new["latest_document_version"]["multiparts"]
    assert first["part_number"] == 1
    more = {"fully_uploaded": False, "multiparts": [part(2, b"a"), part(3, b"b")]}
    parts = after(patched(asks, new, **more))["latest_document_version"]["multiparts"]
    assert [2, 3] == [part["part_number"] for part in parts]
    assert 3 == len({part["put_url"].partition("?")[0] for part in (first, *parts)})
    asks.simulator.clock.advance(LIFE)
    assert (403, "AccessDenied") == refused(put(asks, first, b"first"))
    (again,) = after(patched(asks, new, multiparts=[part(1, b"first")]))["latest_document_version"]["multiparts"]
    assert 200 == put(asks, again, b"first").status


@pytest.mark.parametrize(
    "rows",
    [5, [{}], [5], [{"part_number": 1}], [{"part_number": 0, "content_length": "5"}], [part(10_001, b"x")],
     [{"part_number": True, "content_length": "5"}], [{"part_number": 1, "content_length": 5}],
     [{"part_number": 1, "content_length": "0"}], [{"part_number": 1, "content_length": "-5"}],
     [part(1, b"x", content_md5=5)], [part(number, b"x") for number in range(1, 52)]],
)  # fmt: skip
def test_parts_that_cannot_be_are_refused(rows: Any) -> None:
    """A number from 1 to 10 000, a length as a text, a digest as a text, fifty at most: else 422, and no document."""
    asks = caller()
    new = announced(asks)
    assert (422, "ArgumentError") == error(patched(asks, new, multiparts=rows))[:2]
    assert (422, "ArgumentError") == error(asks.post("/documents.json", {**DOCUMENT, "multiparts": rows}))[:2]
    assert new["id"] == asks.simulator.firm().table("documents").last


def test_fifty_parts_may_be_asked_for_and_the_highest_number() -> None:
    """The bounds themselves are in."""
    asks = caller()
    new = announced(asks, multiparts=[part(number, b"x") for number in range(9_951, 10_001)])
    assert 10_000 == new["latest_document_version"]["multiparts"][-1]["part_number"]


def in_parts(asks: Caller, *bodies: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    asks.simulator.storage.smallest_part = 5
    new = announced(asks, multiparts=[part(number, body) for number, body in enumerate(bodies, 1)])
    return new, new["latest_document_version"]["multiparts"]


def test_a_document_is_uploaded_in_parts() -> None:
    """In any order; the file is all of them by number, and its tag says how many there were."""
    asks = caller()
    bodies = [b"first", b"second", b"3"]
    new, parts = in_parts(asks, *bodies)
    for row, body in reversed([*zip(parts, bodies, strict=True)]):
        assert 200 == put(asks, row, body).status
    done = after(patched(asks, new, fully_uploaded="true"))
    assert 12 == done["size"] == done["latest_document_version"]["size"]
    assert [] == done["latest_document_version"]["multiparts"] == done["latest_document_version"]["put_headers"]
    answer = fetched(asks, asks.get(f"/documents/{new['id']}/download.json").headers["location"])
    assert b"firstsecond3" == answer.body
    assert answer.headers["etag"].endswith('-3"')
    assert ["/1/documents/13/1000001"] == list(asks.simulator.storage.files)


def test_parts_are_put_together_by_number() -> None:
    """Whatever the order in which they were asked for."""
    asks = caller()
    new = announced(asks, multiparts=[part(2, b"2"), part(1, b"first")])
    asks.simulator.storage.smallest_part = 5
    for row, body in zip(new["latest_document_version"]["multiparts"], (b"2", b"first"), strict=True):
        put(asks, row, body)
    assert 200 == patched(asks, new, fully_uploaded=True).status
    assert b"first2" == downloaded(asks, new)


def test_a_version_that_is_announced_changes_no_name() -> None:
    """A document that was renamed stays so until other bytes are there."""
    asks = caller()
    asks.simulator.change("documents", 2, filename="renamed.txt")
    announced(asks, {"name": "x", "parent": {"id": 2, "type": "Document"}, "filename": "scan.pdf"})
    assert "renamed.txt" == asks.data("/documents/2.json?fields=filename")["filename"]


def test_a_part_is_of_its_length_and_digest() -> None:
    """Another length is not under the signature; another digest is not that of the bytes (F62)."""
    asks = caller()
    digest = b64encode(md5(b"hello", usedforsecurity=False).digest()).decode()
    new = announced(asks, multiparts=[part(1, b"hello", content_md5=digest), part(2, b"hello", content_md5="eA==")])
    good, bad = new["latest_document_version"]["multiparts"]
    assert (403, "SignatureDoesNotMatch") == refused(put(asks, good, b"hello!"))
    assert (400, "BadDigest") == refused(put(asks, good, b"hullo"))
    assert (400, "InvalidDigest") == refused(put(asks, bad, b"hello"))
    assert {} == asks.simulator.storage.files
    assert 200 == put(asks, good, b"hello").status


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_half_upload_is_not_finished(status: Any) -> None:
    """Without bytes, with a part missing, or one that is too small: ``UploadNotFoundError``, and it stays open."""
    asks = caller(Regime(upload_not_found=status))
    nothing = announced(asks)
    new, parts = in_parts(asks, b"first", b"no", b"3")
    assert (status, "UploadNotFoundError") == error(patched(asks, nothing, fully_uploaded=True))[:2]
    assert (status, "UploadNotFoundError") == error(patched(asks, new, fully_uploaded=True))[:2]
    put(asks, parts[0], b"first")
    put(asks, parts[2], b"3")
    assert (status, "UploadNotFoundError") == error(patched(asks, new, fully_uploaded=True))[:2]
    put(asks, parts[1], b"no")
    assert (status, "UploadNotFoundError") == error(patched(asks, new, fully_uploaded=True, name="Other"))[:2]
    assert {"name": "Letter", "size": None} == asks.data(f"/documents/{new['id']}.json?fields=name,size")
    assert [] == asks.data(f"/documents.json?ids[]={new['id']}")
    (again,) = after(patched(asks, new, multiparts=[part(2, b"second")]))["latest_document_version"]["multiparts"]
    put(asks, again, b"second")
    assert 12 == after(patched(asks, new, fully_uploaded=True))["size"]


def test_bytes_in_one_piece_do_though_parts_were_asked_for() -> None:
    """Where no part has come, the file at the address of the whole is it."""
    asks = caller()
    new, _ = in_parts(asks, b"first", b"2")
    put(asks, new["latest_document_version"], b"whole")
    assert 5 == after(patched(asks, new, fully_uploaded=True))["size"]
    assert b"whole" == downloaded(asks, new)


def test_a_finish_may_take_its_time() -> None:
    """``UploadTimeoutError`` so many times; it is open until then, or done behind the first of them."""
    for meanwhile, shown in (("open", False), ("done", True)):
        asks = caller(Regime(slow_finish=(2, meanwhile)))  # type: ignore[arg-type]
        new = announced(asks)
        put(asks, new["latest_document_version"], b"Dear Sir")
        assert (422, "UploadTimeoutError") == error(patched(asks, new, fully_uploaded=True))[:2]
        assert [shown] == [version["fully_uploaded"] for version in versions(asks, new["id"])]
        statuses = [patched(asks, new, fully_uploaded=True).status for _ in range(3)]
        assert ([200, 200, 200] if shown else [422, 200, 200]) == statuses
        assert b"Dear Sir" == downloaded(asks, new)


@pytest.mark.parametrize(
    ("renewal", "by_get", "by_patch"), [("get", 200, 200), ("patch", 403, 200), ("never", 403, 403)]
)
def test_an_expired_address_is_renewed_or_not(renewal: Any, by_get: int, by_patch: int) -> None:
    """By every answer, by that to a PATCH, or never."""
    asks = caller(Regime(put_url_renewal=renewal))
    new = announced(asks)
    path = f"/documents/{new['id']}"
    asks.simulator.clock.advance(LIFE)
    assert 403 == put(asks, new["latest_document_version"], b"x").status
    for shown in (
        asks.data(f"{path}.json?{FIELDS_OF_UPLOAD}")["latest_document_version"],
        asks.data(f"{path}/versions.json?fields={VERSION}")[0],
    ):
        assert by_get == put(asks, shown, b"x").status
    shown = after(patched(asks, new, fully_uploaded=False))["latest_document_version"]
    assert by_patch == put(asks, shown, b"x").status


def test_an_address_may_live_for_hours() -> None:
    """Ten minutes, or eight hours: to put as to get."""
    asks = caller(Regime(address_life=28_800))
    new, url = announced(asks), asks.get("/documents/1/download.json").headers["location"]
    asks.simulator.clock.advance(28_799)
    assert (200, 200) == (put(asks, new["latest_document_version"], b"x").status, fetched(asks, url).status)
    asks.simulator.clock.advance(1)
    assert (403, 403) == (put(asks, new["latest_document_version"], b"x").status, fetched(asks, url).status)


def test_a_document_is_what_its_latest_complete_version_is() -> None:
    """Size, name, type and bytes follow a version once it is finished, and not before."""
    asks = caller()
    parent = {"name": "x", "parent": {"id": 2, "type": "Document"}, "filename": "scan.pdf"}
    before = asks.data("/documents/2.json?fields=size,filename,content_type")
    old = downloaded(asks, {"id": 2})
    assert len(old) == before["size"]
    new = announced(asks, parent)
    shown = {name: new[name] for name in before}
    assert before == shown
    assert ("application/pdf", None) == (
        new["latest_document_version"]["content_type"],
        new["latest_document_version"]["size"],
    )
    assert old == downloaded(asks, new)
    put(asks, new["latest_document_version"], b"%PDF")
    done = after(patched(asks, new, fully_uploaded=True))
    assert {"size": 4, "filename": "scan.pdf", "content_type": "application/pdf"} == {
        name: done[name] for name in before
    }
    assert b"%PDF" == downloaded(asks, new)
    asks.simulator.clock.advance(1)
    unfinished = announced(asks, parent)["latest_document_version"]["id"]
    assert 404 == asks.ask("POST", f"/documents/2/versions/{unfinished}/save_as_latest_version.json").status


def test_a_type_is_that_of_the_name_unless_it_is_said() -> None:
    """By the end of the name, from a table of its own and not of this machine; unknown ends are plain bytes."""
    asks = caller()
    for data, kind in (
        ({"name": "a.txt"}, "text/plain"), ({"name": "a.nonsense"}, "application/octet-stream"),
        ({"name": "a.txt", "filename": "b.png"}, "image/png"), ({"name": "a.txt", "content_type": "x/y"}, "x/y"),
    ):  # fmt: skip
        new = announced(asks, {**DOCUMENT, **data})["latest_document_version"]
        assert kind == new["content_type"]
        assert {"x-amz-server-side-encryption": "AES256", "Content-Type": kind} == {
            row["name"]: row["value"] for row in new["put_headers"]
        }


@pytest.mark.parametrize(
    ("resource", "id"), [("documents", 1), ("document_templates", 2), ("document_archives", 3), ("reports", 4)]
)
def test_a_file_may_be_given_by_a_test(resource: str, id: int) -> None:
    """Its bytes, or only their number; the record says how many, and has another tag."""
    asks = caller()
    if resource in ("reports", "document_archives"):
        asks.simulator.change(resource, id, state="completed")
    tag = asks.data(f"/{resource}/{id}.json")["etag"]
    for content, size in ((b"hello", 5), (70_000, 70_000)):
        path = asks.simulator.put_file(resource, id, content)
        url = asks.get(f"/{resource}/{id}/download.json").headers["location"]
        assert path == urlsplit(url).path
        assert size == len(fetched(asks, url).body)
        if resource != "reports":
            assert size == asks.data(f"/{resource}/{id}.json?fields=size")["size"]
    assert tag != asks.data(f"/{resource}/{id}.json")["etag"]
    with pytest.raises(Refusal, match="no files"):
        asks.simulator.put_file("matters", 1, b"")


def test_sizes_are_those_of_the_files() -> None:
    """What a made-up record says of its file is so."""
    asks = caller()
    for resource in ("documents", "document_templates", "document_archives"):
        for number in range(1, 4):
            if resource == "document_archives":
                asks.simulator.change(resource, number, state="completed")
            record = asks.data(f"/{resource}/{number}.json?fields=id,size")
            url = asks.get(f"/{resource}/{record['id']}/download.json").headers["location"]
            assert record["size"] == len(fetched(asks, url).body)


def test_an_automation_makes_a_document_that_can_be_had() -> None:
    """It is in the list, and has a file."""
    asks = caller()
    template = {"document_template": {"id": 1}, "matter": {"id": 1}, "filename": "a.docx", "formats": ["original"]}
    job = made(asks.post("/document_automations.json", template))["id"]
    asks.simulator.clock.advance(86_400)
    (document,) = asks.data(f"/document_automations/{job}.json?fields=documents{{id,size,filename}}")["documents"]
    assert [document["id"]] == [it["id"] for it in asks.data(f"/documents.json?ids[]={document['id']}")]
    assert document["size"] == len(downloaded(asks, document))


def test_a_document_in_a_document_is_a_version_of_it() -> None:
    """201 with the document that there was; no other is created."""
    asks = caller()
    before = versions(asks, 2)
    answer = made(asks.post("/documents.json", {"name": "x", "parent": {"id": 2, "type": "Document"}}))
    assert 2 == answer["id"]
    assert len(before) + 1 == len(versions(asks, 2))
    assert 13 == made(asks.post("/documents.json", DOCUMENT))["id"]
    assert 422 == asks.post("/documents.json", {"parent": {"id": 2, "type": "Document"}}).status
    assert len(before) + 1 == len(versions(asks, 2))


def test_a_copy_has_the_bytes_of_the_original() -> None:
    """201 with a new document, named as the old one unless told otherwise; it does not follow the old one."""
    asks = caller()
    names = asks.data("/documents/1.json?fields=name,filename")
    parent = {"id": 2, "type": "Folder"}
    copy = made(asks.post("/documents/1/copy.json?fields=id,name,filename,parent{id}", {"parent": parent}))
    assert {"id": 13, **names, "parent": {"id": 2}} == copy
    assert "Mine" == made(asks.post("/documents/1/copy.json?fields=name", {"parent": parent, "name": "Mine"}))["name"]
    one, other = (asks.get(f"/documents/{number}/download.json").headers["location"] for number in (1, 13))
    assert fetched(asks, one).body == fetched(asks, other).body
    assert 422 == asks.post("/documents/1/copy.json", {}).status
    before = len(asks.data("/documents.json"))
    assert 400 == asks.post("/documents/1/copy.json?fields=nonsense", {"parent": parent}).status
    assert before == len(asks.data("/documents.json"))
    unfinished = made(asks.post("/documents.json", DOCUMENT))["id"]
    asks.simulator.firm().table("documents").get(unfinished).written["#versions"] = ()
    assert 201 == asks.post(f"/documents/{unfinished}/copy.json", {"parent": parent}).status


@pytest.mark.parametrize(
    "parent",
    [5, {"id": 999, "type": "Matter"}, {"id": 1, "type": "Robot"}, {"type": "Matter"}, {"id": True}, {"id": "x"},
     {"id": 1, "type": [1]}],
)  # fmt: skip
def test_a_parent_has_to_be_there(parent: Any) -> None:
    """422 for what is no folder, matter, contact or document."""
    assert 422 == caller().post("/documents.json", {"name": "x", "parent": parent}).status


def test_a_parent_may_be_named_by_text() -> None:
    """An id is a number or its digits; a folder, unless a type is given."""
    asks = caller()
    new = made(asks.post("/documents.json?fields=parent{id}", {"name": "x", "parent": {"id": "3"}}))
    assert {"parent": {"id": 3}} == new


# -- folders -------------------------------------------------------------------------------------------------------

FIELDS = "fields=id,type,name,parent{id}"


def names_of(items: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(item["type"], item["id"]) for item in items]


def test_a_folder_shows_folders_and_documents_together() -> None:
    """Those that are in it, each as what it is; the root if no folder is named."""
    asks = caller()
    items = asks.data(f"/folders/list.json?{FIELDS}&parent_id=3")
    assert {"Folder", "Document"} == {item["type"] for item in items}
    assert all({"id": 3} == item["parent"] for item in items)
    for item in items:
        shown = asks.data(f"/{item['type'].lower()}s/{item['id']}.json?fields=name")
        assert shown["name"] == item["name"]
    root = asks.data(f"/folders/list.json?{FIELDS}&parent_id=1")
    assert root == asks.data(f"/folders/list.json?{FIELDS}")
    assert [("Folder", 2), ("Folder", 3)] == [name for name in names_of(root) if name[0] == "Folder"]


def test_a_folder_is_walked_by_cursor_only() -> None:
    """400 for an offset; page by page nothing is lost or doubled, in any order."""
    asks = caller()
    assert (400, "BadRequest") == error(asks.get("/folders/list.json?offset=0"))[:2]
    whole = asks.data(f"/folders/list.json?{FIELDS}&scope=descendants")
    assert 11 + 12 == len(set(names_of(whole)))
    for limit in (1, 3, 22, 23):
        assert whole == asks.walk(f"/folders/list.json?{FIELDS}&scope=descendants&limit={limit}")
    for order in ("id(desc)", "name(asc)", "updated_at(desc)", "received_at(asc)", "document_number(asc)"):
        path = f"/folders/list.json?{FIELDS}&scope=descendants&order={order}"
        assert sorted(names_of(whole)) == sorted(names_of(asks.walk(f"{path}&limit=4")))
    down = asks.data(f"/folders/list.json?{FIELDS}&scope=descendants&order=name(desc)")
    assert sorted((item["name"] or "" for item in down), key=str.casefold, reverse=True) == [
        item["name"] or "" for item in down
    ]


def test_the_scope_reaches_below() -> None:
    """`descendants` is everything below a folder, in all three lists."""
    asks = caller()
    below = {4, 5, 8, 9, 10, 11, 2}
    folders = asks.data("/folders.json?fields=id&parent_id=2&scope=descendants")
    assert [4, 5, 8, 9, 10, 11] == [folder["id"] for folder in folders]
    assert [4, 5] == [folder["id"] for folder in asks.data("/folders.json?fields=id&parent_id=2")]
    assert [4, 5] == [folder["id"] for folder in asks.walk("/folders.json?fields=id&parent_id=2&limit=1")]
    documents = asks.data("/documents.json?fields=id,parent{id}&parent_id=2&scope=descendants")
    everywhere = asks.data("/documents.json?fields=id,parent{id}")
    assert [document for document in everywhere if document["parent"]["id"] in below] == documents
    items = asks.data(f"/folders/list.json?{FIELDS}&parent_id=2&scope=descendants")
    assert len(folders) + len(documents) == len(items)


def test_folders_in_a_circle_do_not_end_the_world() -> None:
    """A folder that is inside of itself is in no other."""
    asks = caller()
    asks.patch("/folders/2.json", {"parent": {"id": 4, "type": "Folder"}})
    assert [] == asks.data("/folders.json?parent_id=12&scope=descendants")


def test_a_page_of_a_million_documents_costs_what_it_shows() -> None:
    """By id, neither the size of the folder nor that of the firm matters."""
    costs = []
    for count in (2_000, 1_000_000):
        asks = caller(counts={"documents": count, "folders": 200})
        asks.data("/folders/list.json?limit=20&fields=id,type,parent{id}&scope=descendants")
        asks.data("/documents.json?limit=20")
        costs.append(asks.simulator.stats()["records_made"])
    assert costs[1] < 5_000


def test_items_are_filtered_like_what_they_are() -> None:
    """By ids, by matter, by external properties."""
    asks = caller()
    asks.simulator.change("documents", 5, external_properties=[{"name": "Source", "value": "scan"}])
    found = asks.data(f"/folders/list.json?{FIELDS}&scope=descendants&external_property_name=Source")
    assert [("Document", 5)] == names_of(found)
    both = "external_property_name=Source&external_property_value="
    assert 1 == len(asks.data(f"/documents.json?{both}scan"))
    assert [] == asks.data(f"/documents.json?{both}mail")
    assert [("Folder", 4), ("Document", 4)] == names_of(asks.data(f"/folders/list.json?{FIELDS}&ids[]=4"))
    assert 422 == asks.get("/folders/list.json?parent_id=null").status


# -- trash ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["documents", "folders"])
def test_what_is_deleted_is_in_the_trash(resource: str) -> None:
    """It leaves the lists, unless deleted ones are asked for; `restore` brings it back; after 30 days it is gone."""
    asks = caller()
    path = f"/{resource}/5.json"
    asks.simulator.clock.advance(60)
    assert 204 == asks.delete(path).status
    assert 404 == asks.delete(path).status
    listed = f"/{resource}.json?ids[]=5&fields=id,deleted_at"
    assert [] == asks.data(listed)
    shown = [{"id": 5, "deleted_at": "2026-06-01T08:01:00-04:00"}]
    assert shown == asks.data(f"{listed}&include_deleted=true")
    assert shown == asks.data(f"{listed}&include_deleted=true&updated_since=2026-06-01T12:01:00Z")
    assert shown == [asks.data(f"{path}?fields=id,deleted_at")]
    assert 200 == asks.patch(path, {"restore": "true"}).status
    assert [{"id": 5, "deleted_at": None}] == asks.data(listed)
    asks.delete(path)
    asks.simulator.clock.advance(30 * 86_400)
    assert [] == asks.data(f"{listed}&include_deleted=true")
    assert 404 == asks.get(path).status
    assert 404 == asks.patch(path, {"restore": True}).status


def _in_trash(asks: Any, *paths: str) -> list[bool]:
    return [asks.data(f"{path}?fields=id,deleted_at")["deleted_at"] is not None for path in paths]


def test_what_is_in_a_folder_is_thrown_away_with_it() -> None:
    """However deep, and restored with it; what was in the trash before, or was restored alone, is not touched."""
    asks = caller()

    def made(resource: str, folder: int, name: str) -> int:
        body = {"name": name, "parent": {"id": folder, "type": "Folder"}}
        return int(json.loads(asks.post(f"/{resource}.json", body).body)["data"]["id"])

    outer = made("folders", 1, "outer")
    inner = made("folders", outer, "inner")
    deep, early, beside = (made("documents", place, "x") for place in (inner, inner, 1))
    paths = [f"/folders/{outer}.json", f"/folders/{inner}.json", *(f"/documents/{one}.json" for one in (deep, early))]
    other = f"/documents/{beside}.json"
    assert 204 == asks.delete(paths[3]).status
    assert 204 == asks.delete(paths[0]).status
    assert [True, True, True, True, False] == _in_trash(asks, *paths, other)
    assert 404 == asks.delete(paths[2]).status
    assert 200 == asks.patch(paths[0], {"restore": True}).status
    assert [False, False, False, True, False] == _in_trash(asks, *paths, other)

    assert 204 == asks.delete(paths[0]).status
    assert 200 == asks.patch(paths[2], {"restore": True}).status
    assert 204 == asks.delete(paths[2]).status
    assert 200 == asks.patch(paths[0], {"restore": True}).status
    assert [False, False, True, True, False] == _in_trash(asks, *paths, other)


def _of(asks: Caller, *paths: str) -> list[tuple[int | None, int | None]]:
    """Return the ids of matter and contact."""
    shown = [asks.data(f"{path}?fields=matter{{id}},contact{{id}}") for path in paths]
    return [((one["matter"] or {}).get("id"), (one["contact"] or {}).get("id")) for one in shown]


def test_what_is_in_a_folder_of_a_matter_is_of_the_matter() -> None:
    """However deep, shown and listed; a folder that moves takes along what it holds, and that is changed by it."""
    asks = caller()

    def new(resource: str, place: int, kind: str) -> int:
        return int(made(asks.post(f"/{resource}.json", {"name": "x", "parent": {"id": place, "type": kind}}))["id"])

    outer = new("folders", 42, "Matter")
    inner = new("folders", outer, "Folder")
    deep, beside = new("documents", inner, "Folder"), new("documents", 1, "Folder")
    paths = [f"/folders/{outer}.json", f"/folders/{inner}.json", f"/documents/{deep}.json"]
    assert [(42, None)] * 3 == _of(asks, *paths)
    assert [(None, None)] == _of(asks, f"/documents/{beside}.json")
    assert deep in [one["id"] for one in asks.data("/documents.json?fields=id&show_uncompleted=true&matter_id=42")]

    tags = [asks.get(path).headers["etag"] for path in paths]
    asks.patch(paths[0], {"parent": {"id": 7, "type": "Contact"}})
    assert [(None, 7)] * 3 == _of(asks, *paths)
    assert not {*tags} & {asks.get(path).headers["etag"] for path in paths}
    assert deep not in [one["id"] for one in asks.data("/documents.json?fields=id&show_uncompleted=true&matter_id=42")]
    assert deep in [one["id"] for one in asks.data("/documents.json?fields=id&show_uncompleted=true&contact_id=7")]

    asks.patch(paths[1], {"parent": {"id": 1, "type": "Folder"}})
    assert [(None, 7), (None, None), (None, None)] == _of(asks, *paths)
    asks.patch(f"/documents/{beside}.json", {"parent": {"id": outer, "type": "Folder"}})
    assert [(None, 7)] == _of(asks, f"/documents/{beside}.json")


def test_a_made_up_folder_is_of_no_matter() -> None:
    """So what is in it may be of any; and a folder of no matter that moves to another one changes nothing of that."""
    asks = caller()
    folders = [f"/folders/{number}.json" for number in range(1, 13)]
    documents = [f"/documents/{number}.json" for number in range(1, 13)]
    assert {(None, None)} == {*_of(asks, *folders)}
    before = _of(asks, *documents)
    assert any(matter for matter, _ in before)
    asks.patch(folders[4], {"parent": {"id": 3, "type": "Folder"}})
    assert before == _of(asks, *documents)


def test_a_test_may_say_whose_a_document_is() -> None:
    """What is said of the matter itself comes before what the place says, in whatever order."""
    asks = caller()
    place, matter = {"id": 3, "type": "Folder"}, {"id": 9}
    one = asks.simulator.add("documents", name="x", parent=place, matter=matter)
    other = asks.simulator.add("documents", name="x", matter=matter, parent=place)
    assert [(9, None)] * 2 == _of(asks, f"/documents/{one}.json", f"/documents/{other}.json")


def test_trash_may_be_out_of_sight() -> None:
    """Under another regime a GET answers 404 for it; it can be restored all the same."""
    asks = caller(Regime(trashed="missing"))
    asks.delete("/documents/5.json")
    assert 404 == asks.get("/documents/5.json").status
    assert 200 == asks.patch("/documents/5.json", {"restore": True}).status
    assert 200 == asks.get("/documents/5.json").status


def test_some_folders_stay() -> None:
    """The root and a locked folder are not deleted: 400 DeleteFailed."""
    asks = caller()
    asks.simulator.change("folders", 7, locked=True)
    for number in (1, 7):
        assert (400, "DeleteFailed") == error(asks.delete(f"/folders/{number}.json"))[:2]
