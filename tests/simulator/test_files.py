"""Documents, folders and files: where they are, who may have them, for how long."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator import Regime
from clio_async.testing.simulator.storage import LIFE, ORIGIN

from .caller import Caller, caller, error

DOCUMENT = {"name": "Letter", "parent": {"id": 1, "type": "Matter"}}
VERSION = "id,version_number,fully_uploaded,uuid,put_url,put_headers,multiparts"


def fetched(asks: Caller, url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Response:
    return asks.simulator.answer(Request(method, url, Headers(headers), body))


def refused(response: Response) -> tuple[int, str]:
    assert "application/xml" == response.headers["content-type"]
    return response.status, response.body.decode().partition("<Code>")[2].partition("</Code>")[0]


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
    """A bearer token that was carried along is refused in XML (F66)."""
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
    assert 200 == fetched(asks, version["put_url"], method="PUT", body=b"Dear Sir").status
    wrong = {"uuid": "x", "fully_uploaded": True, "name": "Other"}
    assert (422, "ArgumentError") == error(asks.patch(f"{path}.json", wrong))[:2]
    assert "Letter" == asks.data(f"{path}.json?fields=name")["name"]
    assert 200 == asks.patch(f"{path}.json", {"uuid": version["uuid"], "fully_uploaded": "true"}).status
    assert [new["id"]] == [it["id"] for it in asks.data(f"/documents.json?ids[]={new['id']}")]
    assert b"Dear Sir" == fetched(asks, asks.get(f"{path}/download.json").headers["location"]).body
    shown = asks.data(f"{path}.json?fields=latest_document_version{{size,put_url,fully_uploaded}}")
    assert {"size": 8, "put_url": None, "fully_uploaded": True} == shown["latest_document_version"]
    tag = asks.data(f"{path}.json")["etag"]
    assert 200 == asks.patch(f"{path}.json", {"uuid": version["uuid"], "fully_uploaded": True}).status
    assert tag == asks.data(f"{path}.json")["etag"]


def test_parts_have_addresses_of_their_own() -> None:
    """Those that were asked for at first, and those of a later update."""
    asks = caller()
    given = {**DOCUMENT, "multiparts": [{"part_number": 1, "content_length": "5"}]}
    fields = f"fields=id,latest_document_version{{{VERSION}}}"
    new = made(asks.post(f"/documents.json?{fields}", given))
    (first,) = new["latest_document_version"]["multiparts"]
    assert first["part_number"] == 1
    more = {"uuid": new["latest_document_version"]["uuid"], "multiparts": [{"part_number": 2}, {"part_number": 3}]}
    shown = json.loads(asks.patch(f"/documents/{new['id']}.json?{fields}", more).body)["data"]
    parts = shown["latest_document_version"]["multiparts"]
    assert [2, 3] == [part["part_number"] for part in parts]
    assert 3 == len({part["put_url"].partition("?")[0] for part in (first, *parts)})
    for wrong in ({"multiparts": 5}, {"multiparts": [{}]}, {"multiparts": [5]}):
        assert 422 == asks.patch(f"/documents/{new['id']}.json", {**more, **wrong}).status
        assert 422 == asks.post("/documents.json", {**DOCUMENT, **wrong}).status


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
