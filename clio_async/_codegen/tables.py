"""Write the registry as text tables: one line for each field, filter and attribute.

`models.registry` reads them back; the grammar is described there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..models.schema import Attribute, Field, Filter, Operation, Resource, Schema
from . import overlay
from .document import Api, plain
from .templates import render

__all__ = ["record_name", "resource_text", "schema_text", "tables"]


def schema_text(schema: Schema) -> str:
    """Write the fields of a schema, one to a line."""
    return "\n".join(_field_line(field) for field in schema.fields.values())


def _field_line(field: Field) -> str:
    if field.schema is not None:
        return f"{field.name} {'=>' if field.many else '->'} {field.schema}"
    words = [field.name, field.kind + ("[]" if field.many else "")]
    words += ["~"] * field.derived + ["!"] * field.never_null + [field.unit] * bool(field.unit)
    return " ".join(words) + _enum(field.enum)


def _enum(values: tuple[str, ...]) -> str:
    return f" : {'|'.join(values)}" if values else ""


def resource_text(resource: Resource) -> str:
    """Write a resource: its head, then each operation with its filters (?) and body (=)."""
    lines = [f"{resource.path} {resource.schema or '-'}"]
    for operation in resource.operations.values():
        lines.append(_operation_line(operation))
        lines += [_filter_line(found) for found in operation.filters.values()]
        lines += _attribute_lines(operation.attributes, 1)
    return "\n".join(lines)


_FLAGS = ("versioned", "conditional", "if_match", "fields", "paged", "offset")


def _operation_line(operation: Operation) -> str:
    words = [operation.id, operation.action, operation.method, operation.path]
    words += [str(operation.status), operation.answer, operation.schema or "-"]
    words += [flag for flag in _FLAGS if getattr(operation, flag)]
    return " ".join(words) + (f" limit={operation.max_limit}" if operation.max_limit else "")


def _filter_line(found: Filter) -> str:
    words = [f"?{found.name}", found.kind]
    words += [f"wire={found.wire}"] if found.wire != found.name else []
    words += [flag for flag in ("many", "comma", "required", "comparison", "nullable") if getattr(found, flag)]
    return " ".join(words) + _enum(found.enum)


_NULL = {"": "", "never": "never-null", "by_id": "null-by-id"}


def _attribute_lines(attributes: Mapping[str, Attribute], depth: int) -> Iterator[str]:
    for found in attributes.values():
        kind = found.kind + ("[]" if found.many else "")
        words = [f"{'=' * depth}{found.name}", kind] + ["!"] * found.required
        words += [word for word in (_NULL[found.null], found.unit, "ignored" * found.may_be_ignored) if word]
        yield " ".join(words) + _enum(found.enum)
        yield from _attribute_lines(found.attributes, depth + 1)


def tables(api: Api) -> dict[str, str]:
    """Return the source of the modules that hold the registry."""
    schemas = render(
        "schemas",
        schemas=[(name, schema_text(schema)) for name, schema in api.schemas.items()],
        collections=api.collections.items(),
        defaults=overlay.DEFAULTS.items(),
        read_in_full=sorted(overlay.READ_IN_FULL),
        atoms=overlay.ATOMS.items(),
        never_merged=overlay.NEVER_MERGED.items(),
    )
    operations = render(
        "operations",
        resources=[(name, resource_text(resource)) for name, resource in api.resources.items()],
        paths=sorted(_paths(api).items()),
        state_machines=sorted(overlay.STATE_MACHINE_DELETES),
    )
    return {"schemas.py": schemas, "operations.py": operations}


def _paths(api: Api) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for resource in api.resources.values():
        for operation in resource.operations.values():
            segments = operation.path.removesuffix(".json").split("/")
            shape = "/".join("{}" if segment.startswith("{") else segment for segment in segments)
            found[f"{operation.method} {shape}"] = (resource.name, operation.action)
    return found


def record_name(schema: str) -> str:
    """Return the name of the class that holds records of a schema."""
    name = plain(schema)
    return overlay.RECORD_NAMES.get(name, name.replace("_", ""))
