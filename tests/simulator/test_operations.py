"""Every operation that Clio has, asked for without the SDK."""

from __future__ import annotations

import json

import pytest
from attrs import evolve

from clio_async.messages import Response
from clio_async.models import registry
from clio_async.models.schema import Operation
from clio_async.testing.simulator import calls

from .caller import Caller, caller, error
from .operations import body_of, every_operation, path_of

OPERATIONS = {operation.id: operation for operation in every_operation()}


def ask(asks: Caller, operation: Operation) -> Response:
    body = {"data": body_of(operation)} if operation.method in {"POST", "PATCH"} else None
    headers: dict[str, str] = {}
    if operation.id == "Webhook#activate":
        headers["x_hook_secret"] = asks.simulator.record("webhooks", 1)["shared_secret"]
    if operation.resource == "timer" and operation.action != "create":
        asks.post("/timer.json", {"activity": {"id": 2}})
    return asks.ask(operation.method, path_of(operation, ids_of(asks, operation)), body, **headers)


def ids_of(asks: Caller, operation: Operation) -> dict[str, str]:
    if operation.id == "Contact#destroy":  # the client of a matter could not be
        made = asks.post("/contacts.json", body_of(OPERATIONS["Contact#create"]))
        return {"id": str(json.loads(made.body)["data"]["id"])}
    if "document_version_id" in operation.path:
        return {"document_version_id": str(asks.data("/documents/1/versions.json?fields=id")[0]["id"])}
    return {}


def test_there_are_as_many_as_in_the_document() -> None:
    """282, and the activation of webhooks, which the document forgot."""
    assert 282 + 1 == len(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_what_is_documented(name: str) -> None:
    """The status, and the shape: every field that was asked for, and no other."""
    operation = OPERATIONS[name]
    response = ask(caller(), operation)
    assert operation.status == response.status, response.body
    if operation.answer == "empty":
        assert b"" == response.body
    elif operation.answer == "redirect":
        assert response.headers["location"].startswith("https://")
        assert b"" == response.body
    elif operation.answer == "text":
        assert response.headers["content-type"].startswith("text/html")
    else:
        shows(operation, response)


def shows(operation: Operation, response: Response) -> None:
    assert "application/json; charset=utf-8" == response.headers["content-type"]
    body = json.loads(response.body)
    if operation.answer == "ids":
        assert {int} == {type(number) for number in body["data"]}
        return
    asked = registry.schema(operation.schema or "").fields
    if not operation.fields:
        asked = {field: asked[field] for field in registry.defaults(operation.resource)}
    records = body["data"] if isinstance(body["data"], list) else [body["data"]]
    assert records
    for record in records:
        assert set(asked) == set(record)
        for field, value in record.items():
            inner = asked[field].schema
            if isinstance(value, dict) and inner is not None:
                assert set(registry.schema(inner).own or value) == set(value)


CREATES = [
    operation.id
    for operation in OPERATIONS.values()
    if operation.action == "create" and "get" in registry.resource(operation.resource).operations
]


@pytest.mark.parametrize("name", CREATES)
def test_what_was_created_is_there(name: str) -> None:
    """It can be read by its id, and shows what was given."""
    asks = caller()
    operation = OPERATIONS[name]
    made = json.loads(ask(asks, operation).body)["data"]
    path = registry.resource(operation.resource).operations["get"].path.replace("{id}", str(made["id"]))
    shown = asks.data(f"{path}?fields={','.join(registry.schema(operation.schema or '').own)}")
    given = body_of(operation)
    for field in shown.keys() & given.keys():
        if isinstance(given[field], int | str) and field not in {"start_at", "end_at", "type"}:
            assert str(given[field]).casefold()[:10] == str(shown[field]).casefold()[:10]


def test_what_the_document_may_add_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that nobody taught the simulator is 501, never a wrong answer."""
    monkeypatch.setattr(calls, "_IRREGULAR", {})
    assert (501, "NotImplementedError") == error(caller().get("/bills/1/preview.json"))[:2]


LISTS = [name for name, operation in OPERATIONS.items() if operation.many or operation.answer == "redirect"]
VALUES = {
    "integer": "1",
    "boolean": "true",
    "date": "2026-01-01",
    "datetime": "2026-01-01T00:00:00Z",
    "decimal": "1",
    "json": "1",
    "string": "x",
}


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_has_an_answer(name: str) -> None:
    """With each documented value, null and nonsense: found, or refused in Clio's words."""
    asks = caller()
    operation = OPERATIONS[name]
    path = path_of(evolve(operation, fields=False), ids_of(asks, operation))
    for known in operation.filters.values():
        for value in (VALUES[known.kind], *known.enum[:8], "null", "nonsense", ""):
            answer = asks.get(f"{path}{'&' if '?' in path else '?'}{known.wire.format(1)}={value}&limit=2")
            if answer.status >= 400:
                assert error(answer)[0] in {400, 404, 422}
