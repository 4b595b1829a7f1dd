"""The methods of a resource: what each operation can be called by."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.schema import Operation, Resource
from ..resources.names import STRING_IDS
from . import overlay
from .docstrings import told
from .hints import TypedDicts, camel
from .signatures import EditClass, Verb
from .tables import record_name

__all__ = ["Methods"]

_EXTRA_QUERY = "extra_query: ExtraQuery | None = None"
_EXTRA_JSON = "extra_json: ExtraJson | None = None"
_IF_MATCH = "if_match: RecordETag | None = None"
_ON_CONFLICT = 'on_conflict: OnConflict = "raise"'
_LIMIT = "limit: int | None = None"
_WALK = ("resume: str | None = None", "prefetch: int = 0")


class Methods:
    """Turns operations into verbs, and collects the typed dictionaries that they need."""

    def __init__(self, resource: Resource, taken: list[str]) -> None:
        self._resource = resource
        self.dicts = TypedDicts(taken)

    def verbs(self, operation: Operation) -> Iterator[Verb]:
        """Yield what an operation can be called by: nothing when the document does not say what it answers."""
        if operation.answer == "list":
            yield self._list(operation)
            if operation.action == "list" and "updated_since" in operation.filters:
                yield self._changes(operation)
        elif operation.answer == "ids":
            yield self._ids_alone(operation)
        elif operation.answer in {"text", "redirect"}:
            yield self._elsewhere(operation)
        elif operation.method == "GET":
            if operation.answer == "record":
                yield self._read(operation)
        elif operation.id not in overlay.BY_HAND:
            yield self._update(operation) if operation.action == "update" else self._write(operation)

    def _ids(self, operation: Operation) -> tuple[str, str]:
        """Return the positional arguments for the placeholders of a path, and the tuple that passes them on."""
        names = [part[1 : part.index("}")] for part in operation.path.split("/") if part.startswith("{")]
        kind = "int | str | HasId" if self._resource.name in STRING_IDS else "int | HasId"
        passed = f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"
        return ", ".join(f"{name}: {kind}" for name in names), passed

    def _filters(self, operation: Operation, suffix: str) -> tuple[str, str]:
        """Return the typed dictionary of the filters, and what passes them on."""
        record = record_name(operation.schema or self._resource.schema or "")
        kind = "" if operation.action in {"list", "get"} else camel(operation.action)
        filters = self.dicts.filters(f"{record}{kind}{suffix}", operation.filters)
        return filters, "filters" if filters else "{}"

    def _list(self, operation: Operation) -> Verb:
        positional, ids = self._ids(operation)
        filters, rest = self._filters(operation, "Filters")
        walk, walked = _walk(operation)
        return Verb(
            operation.action,
            "def",
            positional,
            "",
            ("fields", *walk, _EXTRA_QUERY),
            "filters",
            filters,
            record_name(operation.schema or ""),
            "Pages[{}]",
            told(f"List them.{_size(operation)}", operation),
            f'return self._list("{operation.action}", {ids}, fields, {walked}, {rest}, extra_query)',
        )

    def _changes(self, operation: Operation) -> Verb:
        positional, ids = self._ids(operation)
        record = record_name(operation.schema or "")
        deleted = "include_deleted" in operation.filters
        seen = "What is in the trash comes, too." if deleted else "Deletions cannot be seen."
        return Verb(
            "iter_changes",
            "def",
            positional,
            "since: dt.datetime | str",
            ("fields", _EXTRA_QUERY),
            "filters",
            f"{record}Filters",
            record,
            "Changes[{}]",
            f"Walk what has changed since an instant, or a mark of `Changes.mark`. {seen}\n\n{_ITS_FILTERS}",
            f"return self._changes({ids}, since, fields, filters, extra_query)",
        )

    def _ids_alone(self, operation: Operation) -> Verb:
        positional, ids = self._ids(operation)
        filters, rest = self._filters(operation, "Filters")
        walk, walked = _walk(operation)
        return Verb(
            operation.action,
            "def",
            positional,
            "",
            (*walk, _EXTRA_QUERY),
            "filters",
            filters,
            "",
            "Pages[int]",
            told(f"List the ids alone.{_size(operation)}", operation),
            f'return self._bare_ids("{operation.action}", {ids}, {walked}, {rest}, extra_query)',
        )

    def _elsewhere(self, operation: Operation) -> Verb:
        """Write a verb whose answer is not JSON: a page, or an address that leads to a file."""
        positional, ids = self._ids(operation)
        filters, rest = self._filters(operation, "Query")
        name = overlay.VERBS.get(operation.id, overlay.VERBS.get(operation.action, operation.action))
        answer, docstring = _ELSEWHERE[operation.answer]
        return Verb(
            name,
            "async def",
            positional,
            "",
            (_EXTRA_QUERY,),
            "filters",
            filters,
            "",
            answer,
            told(docstring, operation),
            f'return await self._{operation.answer}("{operation.action}", {ids}, {rest}, extra_query)',
        )

    def _read(self, operation: Operation) -> Verb:
        positional, ids = self._ids(operation)
        filters, rest = self._filters(operation, "Query")
        return Verb(
            operation.action,
            "async def",
            positional,
            "",
            ("fields", _EXTRA_QUERY),
            "filters",
            filters,
            record_name(operation.schema or ""),
            "{}",
            told("Read one.", operation),
            f'return await self._read("{operation.action}", {ids}, fields, {rest}, extra_query)',
        )

    def _update(self, operation: Operation) -> Verb:
        record = record_name(operation.schema or "")
        positional, _ = self._ids(operation)
        return Verb(
            operation.action,
            "async def",
            positional.replace("id:", "target:").replace("HasId", "HasETag"),
            "",
            (_IF_MATCH, _ON_CONFLICT, "fields", _EXTRA_QUERY, _EXTRA_JSON),
            "changes",
            self.dicts.write(f"{record}Changes", operation),
            record,
            "{}",
            told(_UPDATE + _ROWS * _has_rows(operation), operation),
            _forgetful(
                "self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)",
                "changes",
                record,
            ),
        )

    def edit(self, update: Operation) -> EditClass:
        """Return the type of an edit of records that an update changes."""
        positional, _ = self._ids(update)
        record = record_name(update.schema or "")
        custom = "custom_field_values" in update.attributes
        return EditClass(record, f"{record}Changes", positional.removeprefix("id: "), custom)

    def _write(self, operation: Operation) -> Verb:
        record = record_name(operation.schema) if operation.schema is not None else ""
        positional, ids = self._ids(operation)
        prefix = "New" if operation.action == "create" else camel(operation.action)
        body = self.dicts.write(f"{prefix}{record}", operation) if operation.attributes else ""
        json = [_EXTRA_JSON] * (operation.method != "DELETE")
        chosen = record if operation.fields else ""
        named = [_IF_MATCH] * operation.if_match + ["fields"] * bool(chosen) + [_EXTRA_QUERY, *json]
        passed = ["fields" if chosen else "None", "values" if body else "None", "extra_query"]
        passed += ["extra_json" if json else "None", "if_match"] if operation.if_match else ["extra_json"] * bool(json)
        call = f'self._write("{operation.action}", {ids}, {", ".join(passed)})'
        return Verb(
            operation.action,
            "async def",
            positional,
            "",
            tuple(named),
            "values",
            body,
            chosen,
            "{}" if chosen else record or "None",
            told(_DONE.get(operation.action, "Do what Clio's documentation says of this action."), operation),
            _forgetful(call, "values" if body else "", record, forgets=bool(json), chosen=bool(chosen)),
        )


def _has_rows(operation: Operation) -> bool:
    return any(found.many and "id" in found.attributes for found in operation.attributes.values())


def _walk(operation: Operation) -> tuple[list[str], str]:
    """Return the arguments that a walk through pages takes here, and what passes them on."""
    taken = [_LIMIT] * bool(operation.max_limit) + [*_WALK] * operation.paged
    names = (
        "limit" if operation.max_limit else "None",
        *(("resume", "prefetch") if operation.paged else ("None", "0")),
    )
    return taken, ", ".join(names)


def _size(operation: Operation) -> str:
    size = f"`limit` is the size of a page, at most {operation.max_limit}" if operation.max_limit else ""
    token = "`resume` a token of `Pages.resume_token`" if operation.paged else ""
    told = "; ".join(part for part in (size, token) if part)
    return f" {told}." * bool(told)


def _forgetful(call: str, given: str, record: str, *, forgets: bool = True, chosen: bool = True) -> str:
    """Return statements that await a write, and do not show what was given in the frame meanwhile."""
    result = "return " * bool(record) if chosen or not record else f"found: {record} = "
    returned = "\n        return found" * (bool(record) and not chosen)
    forgotten = [name for name in (given, "extra_json" * forgets) if name]
    if not forgotten:
        return f"{result}await {call}{returned}"
    forgetting = f"del {', '.join(forgotten)}  # a traceback may show it"
    return f"writing = {call}\n        {forgetting}\n        {result}await writing{returned}"


_ITS_FILTERS = "        It takes the filters of `list`.\n        "

_UPDATE = """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else has
        changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that."""

_ROWS = """
        Rows are merged only where the tag of the record moves with them, which is not known of Clio: use `edit` for
        rows."""

_DONE = {
    "create": "Create one.",
    "delete": "Delete one.",
    "copy": "Copy one.",
    "generate_report": "Begin a report as the preset has it.",
    "save_as_latest_version": "Make an older version the latest one.",
}

_ELSEWHERE = {
    "text": ("str", "Return it as an HTML document."),
    "redirect": ("Secret", "Return the signed address that it can be had at for some minutes, without a token."),
}
