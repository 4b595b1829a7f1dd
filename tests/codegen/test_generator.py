"""The generator: what it writes says what the document says, the same every time, and current."""

from __future__ import annotations

import ast
import json
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clio_async._codegen import overlay
from clio_async._codegen.__main__ import generated, main
from clio_async._codegen.document import read
from clio_async._codegen.tables import resource_text, schema_text
from clio_async._codegen.verbs import resource_modules
from clio_async.models.registry import parse_resource, parse_schema

from .documents import CURRENT, OLDER, PACKAGE, parsed, present


def document(**paths: Any) -> dict[str, Any]:
    """A small document of the same kind as Clio's."""
    record = {"type": "object", "properties": {"id": {"type": "integer"}, "etag": {"type": "string"}}}
    schemas = {
        "Thing_base": record,
        "Thing": {
            "allOf": [
                {"$ref": "#/components/schemas/Thing_base"},
                {"type": "object", "properties": {"parent": {"$ref": "#/components/schemas/Thing_base"}}},
            ]
        },
        "Thing_Show": {"type": "object", "properties": {"data": {"$ref": "#/components/schemas/Thing"}}},
        "Thing_List": {"type": "object", "properties": {"data": {"type": "array"}}},
    }
    return {
        "paths": paths or {"/things/{id}.json": {"get": operation("Thing#show")}},
        "components": {"schemas": schemas},
    }


def operation(name: str, *, status: str = "200", envelope: str = "Thing_Show", **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{envelope}"}}} if envelope else {}
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    answer = {"description": "", "content": content}
    return {"operationId": name, "tags": ["T"], "parameters": [parameter], "responses": {status: answer}, **more}


def test_the_written_files_are_current() -> None:
    """What is checked in is what the generator makes of the document today."""
    assert 0 == main([str(present(CURRENT)), "--check"])


def test_the_output_depends_on_the_document_alone() -> None:
    """Two runs give the same bytes, each headed by the digest of the source."""
    spec = json.dumps(document()).encode()
    first = generated(spec)
    assert first == generated(spec)
    assert all("# Source: sha256 " in source for source in first.values())
    for source in first.values():
        ast.parse(source)


def test_an_older_document_needs_no_other_code() -> None:
    """The copy of 2025-08-13 generates, too."""
    assert "resources/_generated/matters.py" in generated(present(OLDER).read_bytes())
    api = read(parsed(OLDER))
    assert 278 == sum(len(resource.operations) for resource in api.resources.values())


def test_the_tables_read_back_as_they_were_written() -> None:
    """Law: parsing the text of a schema or resource gives an equal one."""
    api = read(parsed(CURRENT))
    for name, schema in api.schemas.items():
        assert schema == parse_schema(name, schema_text(schema))
        assert dict(schema.fields) == dict(parse_schema(name, schema_text(schema)).fields)
    for name, resource in api.resources.items():
        again = parse_resource(name, resource_text(resource))
        assert resource == again
        for action, found in resource.operations.items():
            assert found == again.operations[action]
            assert dict(found.filters) == dict(again.operations[action].filters)
            assert found.attributes == again.operations[action].attributes


def prose(found: Any) -> Iterator[str]:
    """Yield all that the document says in words, of whatever it says it."""
    if isinstance(found, dict):
        for key, value in found.items():
            told = key in {"description", "summary", "title"} and isinstance(value, str)
            yield from [value] if told else prose(value)
    elif isinstance(found, list):
        for value in found:
            yield from prose(value)


def runs(text: str) -> set[str]:
    """Return every run of six words."""
    words = re.findall(r"[\w']+", text.lower())
    return {" ".join(words[start : start + 6]) for start in range(len(words) - 5)}


def test_no_sentence_of_the_document_is_copied() -> None:
    """No six words in a row of any description, summary or title are in a generated file, in whatever form."""
    told = [*prose(parsed(CURRENT))]
    assert len(told) > 8000
    theirs = set().union(*map(runs, told))
    written = {path.name: runs(path.read_text()) for path in PACKAGE.rglob("_generated/*.py")}
    assert [] == [(name, sorted(found & theirs)[0]) for name, found in written.items() if found & theirs]


def test_six_words_in_a_row_would_be_found() -> None:
    """The control: neither case, nor the ends of lines, nor marks between them hide words that were copied."""
    theirs = runs("The unique identifier for a single Matter associated with the *Note*.")
    assert theirs & runs('"""Say this: the unique\n    identifier, for a single matter!"""')
    assert not theirs & runs("the unique identifier for a matter")


def test_check_finds_what_is_stale_missing_or_left_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` writes nothing and names each file; a plain run makes the folders exact."""
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document()))
    root = tmp_path / "package"
    arguments = [str(spec), "--root", str(root)]
    assert 1 == main([*arguments, "--check"])
    assert not root.exists()
    assert 0 == main(arguments)
    assert 0 == main([*arguments, "--check"])
    (root / "models/_generated/things.py").write_text("x = 1\n")
    (root / "models/_generated/forgotten.py").write_text("x = 1\n")
    capsys.readouterr()
    assert 1 == main([*arguments, "--check"])
    assert ["stale models/_generated/forgotten.py", "stale models/_generated/things.py"] == (
        capsys.readouterr().out.splitlines()
    )
    assert 0 == main(arguments)
    assert not (root / "models/_generated/forgotten.py").exists()


def test_it_runs_as_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m clio_async._codegen` ends with the status that `main` returns."""
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document()))
    monkeypatch.setattr("sys.argv", ["codegen", str(spec), "--check", "--root", str(tmp_path)])
    monkeypatch.delitem(sys.modules, "clio_async._codegen.__main__")
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("clio_async._codegen", run_name="__main__")
    assert 1 == caught.value.code


def test_a_type_that_the_generator_does_not_know_stops_it() -> None:
    """Nothing is guessed of a document that uses more of OpenAPI than Clio's does."""
    odd = document()
    odd["components"]["schemas"]["Thing_base"]["properties"]["x"] = {"type": "null"}
    with pytest.raises(ValueError, match="does not know"):
        read(odd)


@pytest.mark.parametrize("name", ["to_dict", "class", "extra"])
def test_a_field_that_would_hide_a_method_stops_it(name: str) -> None:
    """A record's own names are not up for grabs."""
    odd = document()
    odd["components"]["schemas"]["Thing_base"]["properties"][name] = {"type": "string"}
    with pytest.raises(ValueError, match=name):
        generated(json.dumps(odd).encode())


def test_a_resource_without_a_regular_operation_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its collection could not be told."""
    monkeypatch.setattr(overlay, "EXTRA_OPERATIONS", ())
    with pytest.raises(ValueError, match="no regular operation"):
        read(document(**{"/things/{id}/polish.json": {"post": operation("Thing#polish")}}))


def test_names_give_way() -> None:
    """A Python keyword and a verb's own argument take an underscore; a class that is called like a record, a suffix."""
    body = {"schema": {"properties": {"data": {"type": "object", "properties": {"fields": {"type": "string"}}}}}}
    listing = operation("Thing#index", envelope="Thing_List")
    listing["parameters"] = [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in ("from", "rate_for[user_id]", "limit")
    ]
    listing["parameters"][2]["description"] = "no bound is told"
    making = operation("Thing#create", status="201", requestBody={"content": {"application/json": body}})
    making["parameters"] = []
    api = read(document(**{"/thing.json": {"get": listing, "post": making}}))
    filters = api.resources["thing"].operations["list"].filters
    assert {"from_": "from", "rate_for_user_id": "rate_for[user_id]"} == {key: one.wire for key, one in filters.items()}
    assert 200 == api.resources["thing"].operations["list"].max_limit
    source = resource_modules(api)["thing.py"]
    assert "class ThingResource(" in source
    assert "fields_: str | None" in source


def test_a_body_in_another_form_only_is_not_taken() -> None:
    """Clio declares forms beside JSON; a write that has only them has no body here."""
    making = operation("Thing#create", status="201", requestBody={"content": {"multipart/form-data": {}}})
    making["parameters"] = []
    api = read(document(**{"/things.json": {"post": making}}))
    assert {} == api.resources["things"].operations["create"].attributes


def test_two_operations_of_one_name_stop_it() -> None:
    """Neither would be lost silently: one of them needs another name."""
    listing, other = operation("Thing#index", envelope="Thing_List"), operation("Thing#list", envelope="Thing_List")
    with pytest.raises(ValueError, match=r"Thing#index and Thing#list are both things\.list"):
        read(document(**{"/things.json": {"get": listing}, "/things/list.json": {"get": other}}))


def test_two_filters_of_one_name_stop_it() -> None:
    """`a[b]` and `a_b` would be one argument."""
    listing = operation("Thing#index", envelope="Thing_List")
    listing["parameters"] = [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in ("user[id]", "user_id")
    ]
    with pytest.raises(ValueError, match="Thing#index has two filters that would be user_id"):
        read(document(**{"/things.json": {"get": listing}}))
