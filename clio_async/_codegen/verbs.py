"""Write the typed verbs of resources: one module for each, and the mixin that gives them to a client."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ..models.schema import Operation, Resource
from ..resources.names import STRING_IDS
from .document import Api
from .hints import TypedDicts, camel
from .records import record_places
from .tables import record_name
from .templates import render

__all__ = ["resource_modules"]

_WRITES = frozenset({"POST", "PATCH", "DELETE"})


def resource_modules(api: Api) -> dict[str, str]:
    """Return the source of each module of a resource, and of the package that loads them lazily."""
    places = record_places(api)
    modules = {f"{name}.py": render("resource", module=_module(found, places)) for name, found in api.resources.items()}
    names = [(name, class_name(name, places)) for name in api.resources]
    return modules | {"__init__.py": render("resources", resources=names)}


def class_name(resource: str, records: Mapping[str, str]) -> str:
    """Return the name of the class of a resource: ``BankAccounts``; where records are called so, too, another one."""
    name = camel(resource)
    return f"{name}Resource" if name in map(record_name, records) else name


@frozen
class Verb:
    """One method of a resource, as its template needs it."""

    action: str
    keyword: str
    positional: str
    named: tuple[str, ...]
    """Keyword-only arguments; ``fields`` is filled in by `head`."""
    rest: str
    """The name of the remaining keyword arguments."""
    unpacked: str
    """The typed dictionary of the remaining keyword arguments, or nothing when there are none."""
    record: str
    """The class of the records in the answer, or nothing."""
    answer: str
    """The return annotation, around the record class."""
    docstring: str
    call: str

    def head(self, fields: str, record: str) -> str:
        """Return the typed signature, for one type of `fields`."""
        named = [f"fields: {fields}" if name == "fields" else name for name in self.named]
        rest = [f"**{self.rest}: Unpack[{self.unpacked}]"] if self.unpacked else []
        return self._signature([*named, *rest], self.answer.format(record))

    @property
    def plain_head(self) -> str:
        """Return the signature as it is at run time."""
        named = ["fields: Fields = None" if name == "fields" else name for name in self.named]
        rest = [f"**{self.rest}: Any"] if self.unpacked else []
        answer = self.answer.format("Any") if self.record else "None"
        return self._signature([*named, *rest], answer)

    def _signature(self, keywords: list[str], answer: str) -> str:
        positional = ["self", *([self.positional, "/"] if self.positional else [])]
        star = ["*"] if self.named else []
        return f"{self.keyword} {self.action}({', '.join([*positional, *star, *keywords])}) -> {answer}"


@frozen
class Module:
    """The module of one resource, as its template needs it."""

    name: str
    class_name: str
    path: str
    records: list[tuple[str, str]]
    verbs: list[Verb]
    dicts: list[object] = field(factory=list[object])

    @property
    def generic(self) -> bool:
        """Whether any verb has a type that the caller chooses."""
        return any(verb.record for verb in self.verbs)


def _module(resource: Resource, places: Mapping[str, str]) -> Module:
    writer = _Writer(resource)
    operations = [found for found in resource.operations.values() if _by_rule(found)]
    verbs = [writer.verb(found) for found in operations]
    schemas = sorted({found.schema for found in operations if found.schema is not None})
    records = [(record_name(schema), places[schema]) for schema in schemas]
    return Module(
        resource.name, class_name(resource.name, places), resource.path, records, verbs, [*writer.dicts.written]
    )


def _by_rule(operation: Operation) -> bool:
    """Whether a verb follows the rules. The others are written by hand: downloads, previews, bare ids."""
    return operation.answer in {"record", "list"} or (operation.answer == "empty" and operation.method in _WRITES)


_EXTRA_QUERY = "extra_query: ExtraQuery | None = None"
_EXTRA_JSON = "extra_json: ExtraJson | None = None"
_IF_MATCH = "if_match: str | None = None"


class _Writer:
    """Turns operations into verbs, and collects the typed dictionaries that they need."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self.dicts = TypedDicts()

    def verb(self, operation: Operation) -> Verb:
        if operation.answer == "list":
            return self._list(operation)
        if operation.method == "GET":
            return self._read(operation)
        return self._update(operation) if operation.action == "update" else self._write(operation)

    def _ids(self, operation: Operation) -> tuple[str, str]:
        """Return the positional arguments for the placeholders of a path, and the tuple that passes them on."""
        names = [part[1 : part.index("}")] for part in operation.path.split("/") if part.startswith("{")]
        kind = "int | str | HasId" if self._resource.name in STRING_IDS else "int | HasId"
        return ", ".join(f"{name}: {kind}" for name in names), f"({''.join(f'{name}, ' for name in names)})"

    def _list(self, operation: Operation) -> Verb:
        record = record_name(operation.schema or "")
        positional, ids = self._ids(operation)
        kind = "" if operation.action == "list" else camel(operation.action)
        filters = self.dicts.filters(f"{record}{kind}Filters", operation.filters)
        rest = "filters" if filters else "{}"
        size = f"the size of a page, at most {operation.max_limit}" if operation.max_limit else "not taken here"
        return Verb(
            operation.action,
            "def",
            positional,
            ("fields", "limit: int | None = None", "resume: str | None = None", _EXTRA_QUERY),
            "filters",
            filters,
            record,
            "Pages[{}]",
            f"List them. `limit` is {size}; `resume` a token of `Pages.resume_token`.",
            f'return self._list("{operation.action}", {ids}, fields, limit, resume, {rest}, extra_query)',
        )

    def _read(self, operation: Operation) -> Verb:
        record = record_name(operation.schema or "")
        positional, ids = self._ids(operation)
        filters = self.dicts.filters(f"{record}{camel(operation.action)}Query", operation.filters)
        rest = "filters" if filters else "{}"
        return Verb(
            operation.action,
            "async def",
            positional,
            ("fields", _EXTRA_QUERY),
            "filters",
            filters,
            record,
            "{}",
            "Read one.",
            f'return await self._read("{operation.action}", {ids}, fields, {rest}, extra_query)',
        )

    def _update(self, operation: Operation) -> Verb:
        record = record_name(operation.schema or "")
        positional, _ = self._ids(operation)
        return Verb(
            operation.action,
            "async def",
            positional.replace("id:", "target:").replace("HasId", "HasETag"),
            (_IF_MATCH, "fields", _EXTRA_QUERY, _EXTRA_JSON),
            "changes",
            self.dicts.write(f"{record}Changes", operation),
            record,
            "{}",
            "Change one. A record is guarded by its etag; a bare id overwrites whatever is there.",
            _forgetful("self._update(target, fields, if_match, changes, extra_query, extra_json)", "changes", record),
        )

    def _write(self, operation: Operation) -> Verb:
        record = record_name(operation.schema) if operation.schema is not None else ""
        positional, ids = self._ids(operation)
        prefix = "New" if operation.action == "create" else camel(operation.action)
        body = self.dicts.write(f"{prefix}{record}", operation) if operation.attributes else ""
        guarded = operation.if_match
        named = [_IF_MATCH] * guarded + ["fields"] * bool(record) + [_EXTRA_QUERY] + [_EXTRA_JSON] * bool(body)
        passed = ["fields" if record else "None", "values" if body else "None", "extra_query"]
        passed += ["extra_json" if body else "None", "if_match"] if guarded else ["extra_json"] * bool(body)
        return Verb(
            operation.action,
            "async def",
            positional,
            tuple(named),
            "values",
            body,
            record,
            "{}",
            _DONE.get(operation.action, "Do what Clio's documentation says of this action."),
            _forgetful(
                f'self._write("{operation.action}", {ids}, {", ".join(passed)})', "values" if body else "", record
            ),
        )


def _forgetful(call: str, given: str, record: str) -> str:
    """Return statements that await a write, and do not show what was given in the frame meanwhile."""
    result = "return " * bool(record)
    if not given:
        return f"{result}await {call}"
    forgotten = f"del {given}, extra_json  # a traceback may show them"
    return f"writing = {call}\n        {forgotten}\n        {result}await writing"


_DONE = {"create": "Create one.", "delete": "Delete one.", "copy": "Copy one."}
