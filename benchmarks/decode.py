"""How dear is decoding? CPU of decoding a page of 200 records, as a multiple of `orjson.loads` of the same bytes.

    python benchmarks/decode.py

Both are measured in turns in one run, as CPU time of the thread; the figures are ratios of medians. Compared are plain
`orjson.loads`, which gives dicts of strings and floats, and `Selection.decode_page`, which gives immutable records with
exact decimals, dates and aware timestamps, every type checked. The last column is what a selection costs that nobody
has used before, its first record included.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import orjson

from clio_async.models import registry
from clio_async.models.plans import full
from clio_async.models.schema import Field
from clio_async.models.selection import Selection, select
from clio_async.protocol.fields import format_fields, parse_fields

WIDE = (
    "id,etag,number,issued_at,created_at,due_at,tax_rate,secondary_tax_rate,updated_at,subject,purchase_order,type,memo,"
    "start_at,end_at,balance,state,kind,total,paid,paid_at,pending,due,discount_services_only,can_update,credits_issued,"
    "shared,last_sent_at,services_secondary_tax,services_sub_total,services_tax,services_taxable_sub_total,"
    "services_secondary_taxable_sub_total,taxable_sub_total,secondary_taxable_sub_total,sub_total,tax_sum,"
    "secondary_tax_sum,total_tax,available_state_transitions,user{id,name},client{id,name,type},group{id,name},"
    "bill_theme{id,name},original_bill{id,number},destination_account{id,name},currency{id,code},interest{balance,rate}"
)
TEXTUAL = (
    "id,etag,name,first_name,middle_name,last_name,date_of_birth,type,created_at,updated_at,prefix,title,initials,"
    "clio_connect_email,locked_clio_connect_email,client_connect_user_id,primary_email_address,secondary_email_address,"
    "primary_phone_number,secondary_phone_number,ledes_client_id,has_clio_for_clients_permission,is_client,"
    "is_clio_for_client_user,is_co_counsel,is_bill_recipient,sales_tax_number,company{id,name},folder{id,name},"
    "primary_address{id,street,city,province,postal_code,country},avatar{id,url}"
)
LEAN = "id,etag,name,status,priority,due_at,created_at,updated_at,description,permission,matter{id},assignee{id}"
CASES = {
    "wide: bills": ("bills", WIDE),
    "wide: matters, as by default": ("matters", None),
    "wide: contacts": ("contacts", TEXTUAL),
    "lean: tasks": ("tasks", LEAN),
}


def made_up(field: Field, dice: random.Random) -> Any:
    """Return a likely JSON value of a field; one in ten is null."""
    if dice.random() < 0.1 and not field.never_null:
        return None
    words = ["Smith", "v.", "Jones,", "matter", "of", "the", "estate", "and", "its", "late", "appeal"]
    value = {
        "integer": lambda: dice.randrange(1, 10**9),
        "string": lambda: (
            dice.choice(field.enum) if field.enum else " ".join(dice.choices(words, k=dice.randint(1, 6)))
        ),
        "etag": lambda: f'"{dice.getrandbits(128):032x}"',
        "boolean": lambda: dice.random() < 0.5,
        "decimal": lambda: round(dice.random() * 10_000, 2),
        "date": lambda: f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "datetime": lambda: f"2025-10-{dice.randint(1, 28):02}T08:10:{dice.randrange(60):02}-04:00",
    }[field.kind]
    return [value()] if field.many else value()


def page(resource: str, text: str, records: int = 200, seed: int = 1) -> bytes:
    """Return the body of a page whose records hold what a selection asks for."""
    dice = random.Random(seed)
    schema = registry.resource(resource).schema or ""
    fields = registry.schema(schema).fields

    def one() -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, inner in parse_fields(text).items():
            field = fields[name]
            if field.schema is None or inner is None:
                record[name] = made_up(field, dice)
            else:
                nested = registry.schema(full(field.schema)).fields
                record[name] = {key: made_up(nested[key], dice) for key in inner}
        return record

    return orjson.dumps({"data": [one() for _ in range(records)], "meta": {"paging": {}, "records": records}})


def medians(*calls: Callable[[], object], rounds: int = 41) -> list[float]:
    """Call each in turn, and return the median of the seconds that each took."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for times, call in zip(taken, calls, strict=True):
            start = time.thread_time()
            call()
            times.append(time.thread_time() - start)
    return [statistics.median(times) for times in taken]


def main() -> None:
    """Print the table."""
    heads = f"{'values':>6} {'KB':>5} {'orjson ms':>10} {'ratio':>6} {'longest hold ms':>16} {'first ms':>9}"
    print(f"{'page of 200':32} {heads}")
    for title, (resource, text) in CASES.items():
        selection = select(resource, text)
        body = page(resource, selection.text)
        plain, ours = medians(partial(orjson.loads, body), partial(decoded, selection, body))
        values, size = body.count(b'":') // 200, len(body) // 1024
        print(
            f"{title:32} {values:6} {size:5} {plain * 1e3:10.2f} {ours / plain:6.2f} {hold(selection, body):16.2f} "
            f"{first(resource, selection.text):9.2f}"
        )


def decoded(selection: Selection[Any], body: bytes) -> list[Any]:
    """Decode a page whole."""
    return [record for piece in selection.decode_page(body).slices() for record in piece]


def hold(selection: Selection[Any], body: bytes) -> float:
    """Return the median, in milliseconds, of the longest stretch between two points where others may run."""
    longest: list[float] = []
    for _ in range(21):
        marks = [time.thread_time()]
        found = selection.decode_page(body)
        marks.append(time.thread_time())
        pieces = found.slices()
        while next(pieces, None) is not None:
            marks.append(time.thread_time())
        longest.append(max(after - before for before, after in pairwise(marks)))
    return statistics.median(longest) * 1e3


def first(resource: str, text: str) -> float:
    """Return the median, in milliseconds, of making a selection that was never made, and decoding a record with it."""
    tree = parse_fields(text)
    taken: list[float] = []
    for left_out in [name for name in tree if name not in {"id", "etag"}][:21]:
        fields = format_fields({name: inner for name, inner in tree.items() if name != left_out})
        body = orjson.dumps({"data": orjson.loads(page(resource, fields))["data"][0]})
        start = time.thread_time()
        select(resource, fields).decode(body)
        taken.append(time.thread_time() - start)
    return statistics.median(taken) * 1e3


if __name__ == "__main__":
    main()
