"""The controls: a request that the document does not allow is found out, whatever is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clio_async import Headers, Request

from .document import SPEC, document
from .requests import checked

pytestmark = pytest.mark.skipif(
    not SPEC.exists(), reason=f"{SPEC.name} is not beside the project; it is not part of it"
)

NOTES = "/notes.json?type=Matter"
NOTE: dict[str, Any] = {"type": "Matter", "matter": {"id": 1}, "contact": {"id": 1}}


def request(method: str, path: str, data: Any = ..., **headers: str) -> Request:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is ...:
        return Request(method, f"https://app.clio.com/api/v4{path}", Headers(fields))
    typed = {"Content-Type": "application/json", **fields}
    return Request(method, f"https://app.clio.com/api/v4{path}", Headers(typed), json.dumps(data).encode())


def faults(one: Request) -> set[tuple[str, str]]:
    return {(fault.place, fault.kind) for fault in checked(document(), one).wrong}


GOOD = [
    request("GET", NOTES, X_API_VERSION="4.0.13", Authorization="Bearer x"),
    request("GET", f"{NOTES}&ids[]=1&ids[]=2&fields=id,matter%7Bid,client%7D&offset=20&has_time_entries=true"),
    request("GET", f"{NOTES}&updated_since=2025-03-30T01:59:59Z&limit=200&order=id(asc)&page_token=x"),
    request("GET", "/matters.json?open_date[]=%3E=2025-01-01&open_date[]=%3C2026-01-01&status=open,pending"),
    request("GET", "/matters.json?custom_field_values%5B12%5D=%3E%3D3.5&grant_id=null"),
    request("GET", "/notes/1.json", If_None_Match='"x"'),
    request("POST", "/notes.json?fields=id", {"data": NOTE}),
    request("PATCH", "/notes/1.json", {"data": {"date": "2025-03-30", "subject": None}}, If_Match='"x"'),
    request("DELETE", "/notes/1.json"),
    request("GET", "/calendar_entries/7-2025.json"),
]


@pytest.mark.parametrize("good", GOOD, ids=lambda one: f"{one.method} {one.url[26:]}")
def test_what_the_document_allows_is_no_fault(good: Request) -> None:
    """Arrays, comparisons, offsets, selections, conditions, nulls."""
    assert set() == faults(good)


BAD = [
    (request("GET", "/notes.json"), "query type", "required"),
    (request("GET", f"{NOTES}&matter=1"), "query matter", "unknown"),
    (request("GET", f"{NOTES}&ids=1"), "query ids", "unknown"),
    (request("GET", f"{NOTES}&ids[]=x"), "query ids[]", "type"),
    (request("GET", f"{NOTES}&ids[]=9223372036854775808"), "query ids[]", "type"),
    (request("GET", f"{NOTES}&limit=2147483648"), "query limit", "type"),
    (request("GET", f"{NOTES}&limit=1&limit=2"), "query limit", "form"),
    (request("GET", f"{NOTES}&limit=07"), "query limit", "type"),
    (request("GET", f"{NOTES}&order=id"), "query order", "enum"),
    (request("GET", f"{NOTES}&has_time_entries=True"), "query has_time_entries", "type"),
    (request("GET", f"{NOTES}&matter_id=null"), "query matter_id", "null"),
    (request("GET", f"{NOTES}&updated_since=2025-03-30"), "query updated_since", "type"),
    (request("GET", f"{NOTES}&updated_since=2025-03-30T01:59:59"), "query updated_since", "type"),
    (request("GET", f"{NOTES}&updated_since=2025-02-30T01:59:59Z"), "query updated_since", "type"),
    (request("GET", f"{NOTES}&fields=id,mater"), "query fields.mater", "unknown"),
    (request("GET", f"{NOTES}&fields=matter{{nam}}"), "query fields.matter.nam", "unknown"),
    (request("GET", f"{NOTES}&fields=matter{{client{{id}}}}"), "query fields", "form"),
    (request("GET", f"{NOTES}&fields="), "query fields", "form"),
    (request("GET", "/users/who_am_i.json?offset=1"), "query offset", "unknown"),
    (request("GET", "/matters.json?open_date[]=2025-01-01"), "query open_date[]", "form"),
    (request("GET", "/matters.json?open_date[]=%3E=2025-02-30"), "query open_date[]", "form"),
    (request("GET", "/matters.json?status=open,shut"), "query status", "enum"),
    (request("GET", "/matters.json?custom_field_values=x"), "query custom_field_values", "form"),
    (request("GET", "/matters.json?custom_field_values%5B1%5D=%3E%3D"), "query custom_field_values", "form"),
    (request("GET", "/notes/x.json"), "path id", "type"),
    (request("GET", NOTES, If_None_Match='"x"'), "header if-none-match", "unknown"),
    (request("GET", "/notes/1.json", If_Match='"x"'), "header if-match", "unknown"),
    (request("GET", NOTES, X_API_VERSION=""), "header x-api-version", "form"),
    (request("GET", "/documents/1/download.json", X_API_VERSION="4.0.13"), "header x-api-version", "unknown"),
    (request("GET", NOTES, Cookie="a=b"), "header cookie", "unknown"),
    (request("POST", "/notes.json"), "body", "form"),
    (request("DELETE", "/notes/1.json", {"data": {}}), "body", "form"),
    (request("POST", "/notes.json", NOTE), "body", "form"),
    (request("POST", "/notes.json", {"data": NOTE, "id": 1}), "body", "form"),
    (request("POST", "/notes.json", {"data": NOTE}, Content_Type="text/plain"), "header content-type", "form"),
    (request("POST", "/notes.json", {"data": []}), "body ", "type"),
    (request("POST", "/notes.json", {"data": NOTE | {"subjet": "x"}}), "body subjet", "unknown"),
    (request("POST", "/notes.json", {"data": NOTE | {"subject": 7}}), "body subject", "type"),
    (request("POST", "/notes.json", {"data": NOTE | {"date": "30.3.2025"}}), "body date", "type"),
    (request("POST", "/notes.json", {"data": NOTE | {"type": "Bill"}}), "body type", "enum"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": None}}), "body matter", "null"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": {"id": None}}}), "body matter.id", "null"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": {"id": "1"}}}), "body matter.id", "type"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": {"id": True}}}), "body matter.id", "type"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": {}}}), "body matter.id", "required"),
    (request("POST", "/notes.json", {"data": NOTE | {"matter": 1}}), "body matter", "type"),
    (request("POST", "/notes.json", {"data": {"type": "Matter", "contact": {"id": 1}}}), "body matter", "required"),
    (
        request("PATCH", "/contacts/1.json", {"data": {"addresses": {"id": 1}}}),
        "body addresses",
        "type",
    ),
    (
        request("PATCH", "/contacts/1.json", {"data": {"addresses": [{"strete": "x"}]}}),
        "body addresses[].strete",
        "unknown",
    ),
]


@pytest.mark.parametrize(("bad", "place", "kind"), BAD, ids=[f"{place} {kind}" for _, place, kind in BAD])
def test_a_fault_is_found(bad: Request, place: str, kind: str) -> None:
    """The one that is there, in its place, and no other."""
    assert {(place, kind)} == faults(bad)


def test_a_path_that_is_none_is_no_operation() -> None:
    """Nor is a method that a path does not take."""
    for method, path in (("GET", "/noets.json"), ("PUT", "/notes/1.json"), ("GET", "/notes/1/2.json")):
        with pytest.raises(AssertionError, match="the document has no"):
            checked(document(), request(method, path))
