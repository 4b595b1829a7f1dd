"""Pages of made-up records, and classes for them in the manner of each contender."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import GenericAlias
from typing import Any

import orjson

from clio_async.models import registry
from clio_async.models.plans import full
from clio_async.models.schema import Field
from clio_async.protocol.fields import parse_fields

__all__ = ["LEAN", "TEXTUAL", "WIDE", "hints", "page"]

WIDE = (
    "id,etag,number,issued_at,created_at,due_at,tax_rate,secondary_tax_rate,updated_at,subject,purchase_order,type,memo,"
    "start_at,end_at,balance,state,kind,total,paid,paid_at,pending,due,discount_services_only,can_update,credits_issued,"
    "shared,last_sent_at,services_secondary_tax,services_sub_total,services_tax,services_taxable_sub_total,"
    "services_secondary_taxable_sub_total,taxable_sub_total,secondary_taxable_sub_total,sub_total,tax_sum,"
    "secondary_tax_sum,total_tax,available_state_transitions,user{id,name},client{id,name,type},group{id,name},"
    "bill_theme{id,name},original_bill{id,number},destination_account{id,name},currency{id,code},interest{balance,rate}"
)
"""A bill: 48 fields, and with the inside of its associations 58 values."""
TEXTUAL = (
    "id,etag,name,first_name,middle_name,last_name,date_of_birth,type,created_at,updated_at,prefix,title,initials,"
    "clio_connect_email,locked_clio_connect_email,client_connect_user_id,primary_email_address,secondary_email_address,"
    "primary_phone_number,secondary_phone_number,ledes_client_id,has_clio_for_clients_permission,is_client,"
    "is_clio_for_client_user,is_co_counsel,is_bill_recipient,sales_tax_number,company{id,name},folder{id,name},"
    "primary_address{id,street,city,province,postal_code,country},avatar{id,url}"
)
LEAN = "id,etag,name,status,priority,due_at,created_at,updated_at,description,permission,matter{id},assignee{id}"

_TYPES: dict[str, type[Any]] = {
    "integer": int,
    "string": str,
    "etag": str,
    "boolean": bool,
    "decimal": Decimal,
    "date": date,
    "datetime": datetime,
}
_WORDS = ["Smith", "v.", "Jones,", "matter", "of", "the", "estate", "and", "its", "late", "appeal"]


def _value(field: Field, dice: random.Random) -> Any:
    """Return a likely JSON value of a field; one in ten is null."""
    if dice.random() < 0.1 and not field.never_null:
        return None
    values: dict[str, Callable[[], Any]] = {
        "integer": lambda: dice.randrange(1, 10**9),
        "string": lambda: (
            dice.choice(field.enum) if field.enum else " ".join(dice.choices(_WORDS, k=dice.randint(1, 6)))
        ),
        "etag": lambda: f'"{dice.getrandbits(128):032x}"',
        "boolean": lambda: dice.random() < 0.5,
        "decimal": lambda: round(dice.random() * 10_000, 2),
        "date": lambda: f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "datetime": lambda: f"2025-10-{dice.randint(1, 28):02}T08:10:{dice.randrange(60):02}-04:00",
    }
    value = values[field.kind]
    return [value()] if field.many else value()


def _fields(resource: str) -> Any:
    return registry.schema(registry.resource(resource).schema or "").fields


def page(resource: str, text: str, records: int = 200, seed: int = 1) -> bytes:
    """Return the body of a page whose records hold what a selection asks for."""
    dice, fields = random.Random(seed), _fields(resource)

    def one() -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, inner in parse_fields(text).items():
            field = fields[name]
            if field.schema is None or inner is None:
                record[name] = _value(field, dice)
            else:
                nested = registry.schema(full(field.schema)).fields
                record[name] = {key: _value(nested[key], dice) for key in inner}
        return record

    return orjson.dumps({"data": [one() for _ in range(records)], "meta": {"paging": {}, "records": records}})


def hints(resource: str, text: str) -> dict[str, Any]:
    """Return the type of each field that a selection asks for; those of an association are in a dict of their own."""
    found: dict[str, Any] = {}
    for name, inner in parse_fields(text).items():
        field = _fields(resource)[name]
        if field.schema is None or inner is None:
            found[name] = GenericAlias(list, _TYPES[field.kind]) if field.many else _TYPES[field.kind]
        else:
            nested = registry.schema(full(field.schema)).fields
            found[name] = {key: _TYPES[nested[key].kind] for key in inner}
    return found
