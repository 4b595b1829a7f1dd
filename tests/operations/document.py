"""Clio's OpenAPI document as it is: its operations, and the schemas of what they take and answer.

Nothing of the package reads it here. What the package generated from it is held against this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from attrs import frozen

import clio_async

__all__ = ["CORRECTIONS", "SPEC", "Document", "Operation", "Parameter", "Schema", "document", "nullity"]

SPEC = Path(clio_async.__file__).parents[2] / "shared" / "clio" / "openapi-2026-04-08.json"

Schema: TypeAlias = Mapping[str, Any]

_MONEY = {"type": "number", "format": "double"}
CORRECTIONS: Mapping[tuple[str, str], Schema] = {
    # Where answers hold something else than is documented: money that is said to be whole, an id that is not.
    ("Bill", "taxable_sub_total"): _MONEY,
    ("Bill", "secondary_taxable_sub_total"): _MONEY,
    ("Bill", "services_taxable_sub_total"): _MONEY,
    ("Bill", "services_secondary_taxable_sub_total"): _MONEY,
    ("ExpenseCategory", "rate"): _MONEY,
    ("LegalAidUkBill", "profit_costs_ex_vat"): _MONEY,
    ("BankAccount", "currency_id"): {"type": "integer", "format": "int64"},
    # It has the type of the definition.
    ("CustomFieldValue", "value"): {"type": "object"},
}


@frozen
class Parameter:
    """What may stand in a path, a query or the header fields."""

    name: str
    place: str
    schema: Schema
    required: bool
    description: str


@frozen(eq=False)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    parameters: Mapping[tuple[str, str], Parameter]
    """By place and name; the names of header fields in lower case."""
    body: Schema | None
    """What ``data`` is in the body, None where there is no body."""
    status: int
    answer: Schema | None
    """The schema of one record in the answer, None where it holds none."""
    many: bool
    """The answer is a list of such records."""

    def __str__(self) -> str:
        return self.id

    def of(self, place: str) -> dict[str, Parameter]:
        return {name: found for (where, name), found in self.parameters.items() if where == place}


class Document:
    """The whole of it."""

    def __init__(self, text: bytes) -> None:
        tree = json.loads(text)
        self._schemas: dict[str, Any] = tree["components"]["schemas"]
        self._resolved: dict[str, Schema] = {}
        self._properties: dict[str, Mapping[str, Schema]] = {}
        found = [
            self._operation(path, method, said)
            for path, methods in tree["paths"].items()
            for method, said in methods.items()
        ]
        self.operations: dict[str, Operation] = {operation.id: operation for operation in found}
        assert len(found) == len(self.operations), "operation ids name one operation each"
        literal_first = sorted(found, key=lambda operation: operation.path.count("{"))
        self._patterns = [(operation.method, _pattern(operation.path), operation) for operation in literal_first]

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation of a request, and what stands in the placeholders of its path."""
        for known, pattern, operation in self._patterns:
            if known == method and (match := pattern.fullmatch(path)):
                return operation, match.groupdict()
        return None

    def resolve(self, schema: Schema) -> Schema:
        """Return a schema without a reference or ``allOf`` at its top. What comes later in ``allOf`` says more."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in self._resolved:
                self._resolved[name] = {"title": name, **self.resolve(self._schemas[name])}
            return self._resolved[name]
        if "allOf" not in schema:
            return schema
        parts = [self.resolve(part) for part in schema["allOf"]]
        properties = {name: said for part in parts for name, said in part.get("properties", {}).items()}
        return {"type": "object", "properties": properties}

    def named(self, title: str) -> Schema:
        """Return the schema of that name."""
        return self.resolve({"$ref": f"#/components/schemas/{title}"})

    def properties(self, schema: Schema) -> Mapping[str, Schema]:
        """Return the properties of an object, resolved and corrected."""
        found = self.resolve(schema)
        title = found.get("title", "")
        if title in self._properties:
            return self._properties[title]
        of = title.removesuffix("_base")
        said = found.get("properties", {}).items()
        made = {name: CORRECTIONS.get((of, name)) or self.resolve(one) for name, one in said}
        return self._properties.setdefault(title, made) if title else made

    def full(self, schema: Schema) -> Schema:
        """Return the schema with the associations of a ``_base``, too, where there is one."""
        name = self.resolve(schema).get("title", "").removesuffix("_base")
        return self.named(name) if name in self._schemas else schema

    def _operation(self, path: str, method: str, said: dict[str, Any]) -> Operation:
        status, answer, many = self._answer(said)
        return Operation(
            id=said["operationId"],
            method=method.upper(),
            path=path,
            parameters={_key(found): _parameter(found) for found in said.get("parameters", ())},
            body=self._body(said),
            status=status,
            answer=answer,
            many=many,
        )

    def _body(self, said: dict[str, Any]) -> Schema | None:
        if "requestBody" not in said:
            return None
        schema = said["requestBody"]["content"]["application/json"]["schema"]
        assert ["data"] == [*schema["properties"]] == schema["required"]
        data: Schema = schema["properties"]["data"]
        return data

    def _answer(self, said: dict[str, Any]) -> tuple[int, Schema | None, bool]:
        answers = said["responses"].items()
        status, found = next((code, found) for code, found in answers if code[0] == "2" or code == "303")
        schemas = [self.resolve(media["schema"]) for media in found.get("content", {}).values()]
        if not schemas:
            return int(status), None, False
        data = self.properties(schemas[0]).get("data")
        if data is None:  # four operations are said to answer a bare record, the index among them
            return int(status), schemas[0], said["operationId"].endswith("#index")
        many = data.get("type") == "array"
        return int(status), self.full(self.resolve(data["items"]) if many else data), many


def _key(found: dict[str, Any]) -> tuple[str, str]:
    return found["in"], found["name"].lower() if found["in"] == "header" else found["name"]


def _parameter(found: dict[str, Any]) -> Parameter:
    return Parameter(
        found["name"], found["in"], found["schema"], found.get("required", False), found.get("description", "")
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def nullity(said: Schema) -> bool | None:
    """Return whether a description allows the word null; None when it says nothing of it."""
    text = said.get("description", "").replace("`", "").lower()
    if "keyword null is not valid" in text:
        return False
    return True if "keyword null" in text else None


@cache
def _read() -> Document:
    return Document(SPEC.read_bytes())


def document() -> Document:
    """Return the document; skip the test where it is not at hand."""
    if not SPEC.exists():
        pytest.skip(f"{SPEC.name} is not beside the project; it is not part of it")
    return _read()
