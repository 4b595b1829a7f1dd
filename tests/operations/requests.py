"""What is wrong with a request that was sent, by Clio's OpenAPI document alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from clio_async import Request

from .document import Document, Operation, Parameter, Schema, nullity

__all__ = ["EXCUSED", "Checked", "Fault", "checked"]

PREFIX = "/api/v4"

EXCUSED = (
    # Where the document is known to be wrong: operation, place, kind of fault, why. A fault is no fault there.
    ("CalendarEntry#*", "path id", "type", "occurrences of a recurring entry have texts for ids, as its schema says"),
    ("CalendarEntry#index", "query ids[]", "type", "the same"),
    ("Activity#*", "body calendar_entry.id", "type", "the same"),
    ("Activity#index", "query start_date", "type", "a day: the prose says so, and the type an instant"),
    ("Activity#index", "query end_date", "type", "a day"),
    ("MatterDocket#preview", "query start_date", "type", "a day, as `start_date` of the docket itself"),
    ("MedicalRecordsRequest#index", "query treatment_*_date", "type", "days, as in the record"),
    ("ClioFile::Submission#index", "query submitted_*", "type", "days"),
    ("Communication#index", "query received_*", "type", "days"),
    ("Report#index", "query created_before", "type", "a day"),
    ("Task#*", "body due_at", "type", "a day, as in the record"),
    ("TaskType#*", "body deleted_at", "type", "an instant, as in the record"),
    ("Bill#index", "query query", "type", "a search text"),
    ("Allocation#index", "query parent_type", "type", "a word by the prose, a number by the type"),
    ("DocumentVersion#index", "query id", "required", "the id of the path, declared a second time"),
    ("MatterDocket#index", "query status", "enum", "the listed values end with the commas between them"),
    ("Task#*", "body cascading_offset_*", "enum", "two enumerations that are each under the name of the other"),
    ("DocumentArchive#create", "body items[].type", "type", "a kind is a word: Document or Folder"),
    ("Contact#*", "body custom_field_values[].id", "type", "kind and number, as in text_line-1"),
    ("Contact#*", "body custom_field_values[].value", "type", "of the type of the definition"),
    ("Matter#*", "body custom_field_values[].id", "type", "the same as of contacts"),
    ("Matter#*", "body custom_field_values[].value", "type", "the same as of contacts"),
    ("Note#*", "body notification_event_subscribers[].user_id", "type", "a number, as all ids of users"),
    ("Communication#*", "body notification_event_subscribers[].user_id", "type", "a number, as all ids of users"),
    ("TrustRequest#create", "body matter[].trust_amount", "type", "money, as of the whole request"),
    ("LineItem#update", "body discount.type", "type", "a word, as in the record"),
    ("CalendarVisibility#update", "body visible", "type", "a boolean, as in the record"),
)


class Fault(NamedTuple):
    """Something that the document does not allow."""

    operation: str
    place: str
    kind: str
    """``unknown``, ``type``, ``enum``, ``required``, ``null`` or ``form``."""
    text: str

    @property
    def excuse(self) -> tuple[str, str, str, str] | None:
        """Return the entry of `EXCUSED` that covers it."""
        for excuse in EXCUSED:
            pairs = zip((self.operation, self.place, self.kind), excuse, strict=False)
            if all(fnmatchcase(one.replace("[]", "()"), form.replace("[]", "()")) for one, form in pairs):
                return excuse
        return None


class Checked(NamedTuple):
    """A request, as the document sees it."""

    operation: Operation
    faults: list[Fault]
    """All, the excused ones among them."""
    named: frozenset[str]
    """The places that it fills: ``query ids[]``, ``body client.id``."""

    @property
    def wrong(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.excuse is None]


def checked(document: Document, request: Request) -> Checked:
    """Hold a request against the document."""
    parts = urlsplit(request.url)
    assert parts.path.startswith(PREFIX), parts.path
    found = document.find(request.method, parts.path.removeprefix(PREFIX))
    assert found is not None, f"the document has no {request.method} {parts.path}"
    operation, placeholders = found
    reader = _Reader(document, operation)
    reader.path(placeholders)
    reader.query(parts.query)
    reader.headers(request)
    reader.body(request.body)
    return Checked(operation, reader.faults, frozenset(reader.named))


_ORDINARY = frozenset({"accept", "accept-encoding", "authorization", "content-type", "user-agent"})
"""Header fields of HTTP itself, which no document of an API declares."""

_COMPARED = re.compile(r"(<=|>=|=|<|>)(\d{4}-\d\d-\d\d)")
_OPERATORS = ["=", "<", ">", "<=", ">="]
_DATES = [">DATE", ">=DATE", "=DATE", "<=DATE", "<DATE"]
_CUSTOM = re.compile(r"custom_field_values\[[1-9]\d*\]")


class _Reader:
    """Notes what one request fills, and what is wrong with it."""

    def __init__(self, document: Document, operation: Operation) -> None:
        self._document = document
        self._operation = operation
        self.faults: list[Fault] = []
        self.named: set[str] = set()

    def _note(self, place: str, kind: str, text: str) -> None:
        self.faults.append(Fault(self._operation.id, place, kind, text))

    # -- path, query, headers ---------------------------------------------------------------------------------

    def path(self, placeholders: dict[str, str]) -> None:
        declared = self._operation.of("path")
        assert {*declared} == {*placeholders}
        for name, text in placeholders.items():
            self._parameter(f"path {name}", declared[name], unquote(text))

    def query(self, text: str) -> None:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True) if text else []
        declared = self._operation.of("query")
        for name, count in Counter(name for name, _ in pairs).items():
            if count > 1 and not name.endswith("[]"):
                self._note(f"query {name}", "form", f"stands {count} times, and is no array")
        for name, value in pairs:
            known = "custom_field_values" if _CUSTOM.fullmatch(name) else name
            self.named.add(f"query {known}")
            if known not in declared and not (known == "offset" and "page_token" in declared):
                # (No operation declares `offset`. Those with pages take it.)
                self._note(f"query {known}", "unknown", "is not declared")
            elif known == "fields":
                self._fields(value)
            elif known == "custom_field_values":
                self._custom_field(name, declared[known], value)
            elif known in declared:
                self._parameter(f"query {known}", declared[known], value)
        for name, parameter in declared.items():
            if parameter.required and f"query {name}" not in self.named:
                self._note(f"query {name}", "required", "is required")

    def headers(self, request: Request) -> None:
        declared = self._operation.of("header")
        for name, value in request.headers.items():
            key = name.lower()
            if key in _ORDINARY:
                continue
            self.named.add(f"header {key}")
            if key not in declared:
                self._note(f"header {key}", "unknown", "is not declared")
            elif not value:
                self._note(f"header {key}", "form", "is empty")
        typed = request.headers.get("content-type")
        if typed != (None if request.body is None else "application/json"):
            self._note("header content-type", "form", f"is {typed}")

    def _parameter(self, place: str, declared: Parameter, text: str) -> None:
        enum = declared.schema.get("enum")
        if text == "null":
            # Ids may be null where the description says so; nothing else may.
            if not nullity({"description": declared.description}):
                self._note(place, "null", "is null")
        elif enum == _DATES:  # a date is compared with
            matched = _COMPARED.fullmatch(text)
            if matched is None or not _is_date(matched[2]):
                self._note(place, "form", f"is {text!r}, and no operator and date")
        elif enum is not None and "comma-separated" in declared.description:
            if not {*text.split(",")} <= {*enum}:
                self._note(place, "enum", f"is {text!r}, and none of {enum}")
        else:
            for kind, problem in _text_problems(declared.schema, text):
                self._note(place, kind, problem)

    def _custom_field(self, name: str, declared: Parameter, text: str) -> None:
        """Check a condition on a custom field: an operator may stand before the value, or several in brackets."""
        assert declared.schema["enum"] == _OPERATORS
        if name == declared.name or not text or re.fullmatch(r"(<=|>=|=|<|>|\[\])", text):
            self._note(f"query {declared.name}", "form", f"is {name}={text}")

    # -- fields -----------------------------------------------------------------------------------------------

    def _fields(self, text: str) -> None:
        """Check a selection: names of the answer's schema, one level of braces after those that hold records."""
        if self._operation.answer is None:
            self._note("query fields", "unknown", "is asked of an answer without records")
            return
        if not re.fullmatch(r"\w+(\{\w+(,\w+)*\})?(,\w+(\{\w+(,\w+)*\})?)*", text):
            self._note("query fields", "form", f"is not of the grammar: {text}")
            return
        known = self._document.properties(self._operation.answer)
        for name, inner in re.findall(r"(\w+)(?:\{([^}]*)\})?", text):
            self.named.add(f"query fields.{name}")
            if name not in known:
                self._note(f"query fields.{name}", "unknown", "is no field")
                continue
            of = self._document.resolve(known[name].get("items", known[name]))
            nested = self._document.properties(self._document.full(of))
            for key in inner.split(",") if inner else ():
                if key not in nested:
                    self._note(f"query fields.{name}.{key}", "unknown", "is no field")

    # -- bodies -----------------------------------------------------------------------------------------------

    def body(self, content: bytes | None) -> None:
        schema = self._operation.body
        if content is None or schema is None:
            if (content is None) is not (schema is None):
                self._note("body", "form", "is there, and none is declared" if schema is None else "is missing")
            return
        tree = json.loads(content, parse_float=Decimal)
        if [*tree] != ["data"]:
            self._note("body", "form", f"holds {[*tree]}, not data alone")
            return
        self._value("", schema, tree["data"])

    def _value(self, place: str, schema: Schema, value: Any) -> None:
        if place:
            self.named.add(f"body {place}")
        if value is None:
            self._null(place, schema)
        elif schema["type"] == "object":
            self._object(place, schema, value)
        elif schema["type"] == "array":
            if not isinstance(value, list):
                self._note(f"body {place}", "type", "is no array")
                return
            for item in value:
                self._value(f"{place}[]", schema["items"], item)
        else:
            for kind, problem in _problems(schema, value):
                self._note(f"body {place}", kind, problem)

    def _null(self, place: str, schema: Schema) -> None:
        of_id = schema.get("properties", {}).get("id", {})
        if nullity(schema) is False or nullity(of_id) is not None:
            self._note(f"body {place}", "null", "is null; at most its id may be")

    def _object(self, place: str, schema: Schema, value: Any) -> None:
        if not isinstance(value, dict):
            self._note(f"body {place}", "type", "is no object")
            return
        known = schema.get("properties")
        if known is None:
            return
        start = f"{place}." if place else ""
        for name, inner in value.items():
            if name in known:
                self._value(f"{start}{name}", known[name], inner)
            else:
                self._note(f"body {start}{name}", "unknown", "is not declared")
        for name in schema.get("required", ()):
            if name not in value:
                self._note(f"body {start}{name}", "required", "is required")


def _problems(schema: Schema, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a scalar of a body."""
    fits = {
        "string": isinstance(value, str),
        "integer": type(value) is int,
        "number": type(value) in {int, Decimal},
        "boolean": isinstance(value, bool),
    }
    if not fits[schema["type"]]:
        yield "type", f"is {value!r}, and no {schema['type']}"
    else:
        text = value if isinstance(value, str) else str(value).lower()
        yield from _text_problems(schema, text)


def _text_problems(schema: Schema, text: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a value that is written as a text."""
    enum = schema.get("enum")
    if enum is not None and text not in enum:
        yield "enum", f"is {text!r}, and none of {enum}"
    if not _FITS.get(_form(schema), _any)(text):
        yield "type", f"is {text!r}, and no {_form(schema)}"


def _form(schema: Schema) -> str:
    found: str = schema.get("format", schema["type"])
    return found


def _is_integer(text: str, limit: int) -> bool:
    return re.fullmatch(r"-?(0|[1-9]\d*)", text) is not None and -limit <= int(text) < limit


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and _reads(date.fromisoformat, text)


def _is_moment(text: str) -> bool:
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return re.fullmatch(shape, text) is not None and _reads(datetime.fromisoformat, text)


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _any(_text: str) -> bool:
    return True


_FITS: dict[str, Callable[[str], bool]] = {
    "int32": lambda text: _is_integer(text, 2**31),
    "int64": lambda text: _is_integer(text, 2**63),
    "boolean": {"true", "false"}.__contains__,
    "date": _is_date,
    "date-time": _is_moment,
}
