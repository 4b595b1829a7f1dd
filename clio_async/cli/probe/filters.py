"""Judgements on filters and selections: https://docs.developers.clio.com/api-docs/fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .answers import Answer, Unanswered, asked, data, rows, succeeded
from .exchanges import Evidence, Exchange, body_kind, content, is_list, is_object
from .subject import own_fields, subject, value_in_other_case

__all__ = [
    "UNKNOWN_FIELD",
    "custom_fields_redacted",
    "invalid_fields",
    "placeholders",
    "refused_fields",
    "shown_fractions",
    "since_in_seconds",
    "since_inclusive",
    "unknown_value",
    "value_case",
]

UNKNOWN_FIELD = "no_such_field"

_FRACTION = re.compile(r"\d\d:\d\d:\d\d\.\d")


def _found(evidence: Evidence, name: str) -> bool:
    wanted = subject(evidence)["id"]
    return any(row.get("id") == wanted for row in rows(succeeded(evidence, name)))


def since_inclusive(evidence: Evidence) -> Answer:
    """Say whether `updated_since` with the time that a record shows finds that record."""
    found = _found(evidence, "since")
    return Answer(found, "yes" if found else "no: ask from a moment earlier")


def since_in_seconds(evidence: Evidence) -> Answer:
    """Say whether the end of that second finds it, too."""
    found = _found(evidence, "since-later")
    return Answer(found, "yes, whole seconds are compared" if found else "no, fractions count")


def shown_fractions(evidence: Evidence) -> Answer:
    """Say whether any timestamp in the answers has a fraction of a second."""
    pages = [succeeded(evidence, name) for name in ("cursor", "offset")]
    shown = [row.get(name) for page in pages for row in rows(page) for name in ("created_at", "updated_at")]
    moments = [text for text in shown if isinstance(text, str)]
    if not moments:
        raise Unanswered("no timestamps were shown")
    found = any(_FRACTION.search(text) for text in moments)
    return Answer(found, "yes" if found else f"no, in none of {len(moments)}")


def value_case(evidence: Evidence) -> Answer:
    """Say what becomes of a documented value in another case."""
    value = value_in_other_case(evidence)
    exchange = asked(evidence, "other-case")
    if exchange.status in {400, 422}:
        return Answer("error", f"{value.text} is refused ({exchange.status})")
    others = [
        row for row in rows(succeeded(evidence, "other-case")) if _lower(row.get(value.field)) != value.text.lower()
    ]
    if others:
        return Answer("ignored", f"{value.text} filters nothing")
    return Answer("matched", f"{value.text} is taken for {value.text.lower()}")


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def unknown_value(evidence: Evidence) -> Answer:
    """Say what becomes of a value that no document names."""
    exchange = asked(evidence, "unknown-value")
    if exchange.status in {400, 422}:
        return Answer("error", f"it is refused ({exchange.status})")
    if rows(succeeded(evidence, "unknown-value")):
        return Answer("all", "it filters nothing")
    return Answer("nothing", "nothing is found")


def _message(exchange: Exchange) -> str:
    found = content(exchange)
    error = found.get("error") if is_object(found) else None
    message = error.get("message") if is_object(error) else None
    return message if isinstance(message, str) else ""


def refused_fields(evidence: Evidence) -> Answer:
    """Say which documented fields are refused all the same, by one request for all of them."""
    exchange = asked(evidence, "whole")
    if exchange.status == 200:
        return Answer([], "none: every own attribute in the document is taken")
    if exchange.status != 400:
        raise Unanswered(f"the server answered {exchange.status}")
    words = set(re.findall(r"[a-z0-9_]+", _message(exchange)))
    names = [name for name in own_fields(evidence.resource) if name in words - {"id", "type", "name"}]
    if not names:
        raise Unanswered("the request for all of them was refused, and the answer does not say for which")
    return Answer(names, f"{', '.join(names)} (there may be more)")


def invalid_fields(evidence: Evidence) -> Answer:
    """Say how a refusal names the field."""
    exchange = asked(evidence, "unknown-field")
    if exchange.status != 400:
        raise Unanswered(f"the server answered {exchange.status}")
    if body_kind(exchange) != "envelope":
        return Answer("bare", f"not at all: its body is {body_kind(exchange)}")
    text = _message(exchange)
    if UNKNOWN_FIELD not in text:
        return Answer("bare", "not at all")
    if text.startswith(UNKNOWN_FIELD):
        return Answer("name", "before the verdict")
    return Answer("list", "after the verdict")


# -- custom fields ----------------------------------------------------------------------------------------------------


def _values(evidence: Evidence) -> list[dict[str, Any]]:
    whole = evidence.exchanges.get("whole")
    held = data(succeeded(evidence, "whole" if whole is not None and whole.status == 200 else "other"))
    values = held.get("custom_field_values")
    if not is_list(values):
        raise Unanswered(f"{evidence.resource} have no custom fields")
    return [value for value in values if is_object(value)]


def custom_fields_redacted(evidence: Evidence) -> Answer:
    """Say whether the account hides custom fields: their definitions, and all of a value but its id."""
    definitions = asked(evidence, "definitions")
    if definitions.status != 403:
        succeeded(evidence, "definitions")
        return Answer(False, "no")
    values = _values(evidence)
    if not values:
        raise Unanswered("custom fields are forbidden (403), and the record has no values to look at")
    if all(value.get("field_name") is None for value in values):
        return Answer(True, "yes: definitions are forbidden, and values are shown without names")
    return Answer(False, "definitions are forbidden (403), values are shown")


def placeholders(evidence: Evidence) -> Answer:
    """Say what stands for a custom field that is displayed by default and has no value."""
    shown = [(_definition(value), value) for value in _values(evidence)]
    found = {_stands(next((value for of, value in shown if of == one), None)) for one in _displayed(evidence)} - {None}
    if not found:
        raise Unanswered("the record has a value in every custom field that is displayed by default, or there is none")
    if "null_id" in found:
        return Answer("null_id", "a value without an id")
    if "real_id" in found:
        return Answer("real_id", "a value with an id (unless somebody has emptied it)")
    return Answer("absent", "nothing")


def _displayed(evidence: Evidence) -> Iterator[Any]:
    kind = {"matters": "Matter", "contacts": "Contact"}.get(evidence.resource)
    for row in rows(succeeded(evidence, "definitions")):
        if row.get("displayed") is True and row.get("parent_type") == kind:
            yield row.get("id")


def _definition(value: dict[str, Any]) -> Any:
    field = value.get("custom_field")
    return field.get("id") if is_object(field) else None


def _stands(value: dict[str, Any] | None) -> str | None:
    """Return what a value is a placeholder for, None if it is a value."""
    if value is None:
        return "absent"
    if value.get("value") is not None:
        return None
    return "null_id" if value.get("id") is None else "real_id"
