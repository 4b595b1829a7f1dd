"""How dear is decoding? A page of 200 records, from bytes to what a program works with.

The reference is `orjson.loads` alone: dicts of strings and floats. All contenders get the same bytes; those with types
get classes made from the same schema, in which everything may be null, as in Clio's document. What each leaves undone
(money as binary floats, dates as text, types that are not checked) is noted beside it.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import count, pairwise
from typing import Any, TypeAlias

import msgspec
import openai
import orjson
import pydantic
import stripe
from attrs import evolve, make_class
from cattrs.preconf.orjson import make_converter

from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread, case_of, race
from benchmarks.pages import LEAN, TEXTUAL, WIDE, hints, page
from clio_async.models.selection import Selection, select
from clio_async.protocol.fields import format_fields, parse_fields

OURS, REFERENCE = "clio_async", "orjson.loads"
CASES = {
    "A wide page: 200 bills of 58 values": ("bills", WIDE),
    "A lean page: 200 tasks of 12 values": ("tasks", LEAN),
    "A page of 200 contacts of 37 values, mostly text": ("contacts", TEXTUAL),
    "A page of 200 matters, as they are read by default": ("matters", None),
}
NOTES = {
    OURS: "immutable; exact decimals, aware times; every type checked",
    REFERENCE: "dicts; binary floats; times are text",
    "msgspec": "structs; every type checked, and a wrong one fails the page",
    "cattrs": "attrs classes; values converted, not checked",
    "pydantic": "models; validated, and a wrong value fails the page",
    "openai": "its BaseModel, as its client builds it; decimals by way of binary floats, a wrong value is kept",
    "stripe": "StripeObject, as its client builds it; binary floats, times are text",
}
PAGES = {OURS: 8, REFERENCE: 16, "msgspec": 16, "cattrs": 2, "pydantic": 4, "openai": 1, "stripe": 1}
"""Pages in a round; the dearest need fewer to be measured as well."""

Decode: TypeAlias = Callable[[bytes], Any]
Seen: TypeAlias = dict[str, list[tuple[float, float]]]
_numbers = count()


def decoded(selection: Selection[Any], body: bytes) -> list[Any]:
    """Decode a page whole."""
    return [record for piece in selection.decode_page(body).slices() for record in piece]


def _classes(made: Callable[[str, dict[str, Any]], type[Any]], shape: dict[str, Any]) -> type[Any]:
    """Return a class for records, and make one for each association."""
    own: dict[str, Any] = {}
    for name, hint in shape.items():
        inner = (
            made(f"{name}{next(_numbers)}", {key: of | None for key, of in hint.items()}) if _is_dict(hint) else hint
        )
        own[name] = inner | None
    return made(f"Record{next(_numbers)}", own)


def _is_dict(hint: Any) -> bool:
    return isinstance(hint, dict)


def with_msgspec(shape: dict[str, Any]) -> Decode:
    record = _classes(lambda name, own: msgspec.defstruct(name, [*own.items()]), shape)
    answer = msgspec.defstruct("Answer", [("data", list[record])])  # type: ignore[valid-type]
    decoder = msgspec.json.Decoder(answer)
    return lambda body: decoder.decode(body).data  # type: ignore[attr-defined]


def with_cattrs(shape: dict[str, Any]) -> Decode:
    def made(name: str, own: dict[str, Any]) -> type[Any]:
        cls = make_class(name, [*own], frozen=True)
        cls.__annotations__ = own
        for attribute in cls.__attrs_attrs__:  # type: ignore[attr-defined]
            object.__setattr__(attribute, "type", own[attribute.name])
        return cls

    record = _classes(made, shape)
    converter = make_converter()
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(str(value)))
    return lambda body: converter.structure(orjson.loads(body)["data"], list[record])  # type: ignore[valid-type]


def with_pydantic(shape: dict[str, Any]) -> Decode:
    record = _classes(lambda name, own: pydantic.create_model(name, **own), shape)
    answer = pydantic.create_model("Answer", data=list[record])  # type: ignore[valid-type]
    return lambda body: answer.model_validate_json(body).data  # type: ignore[attr-defined]


def with_openai(shape: dict[str, Any]) -> Decode:
    def made(name: str, own: dict[str, Any]) -> type[Any]:
        return pydantic.create_model(name, __base__=openai.BaseModel, **own)

    record = _classes(made, shape)
    answer = made("Answer", {"data": list[record]})  # type: ignore[valid-type]
    return lambda body: answer.construct(**json.loads(body)).data


def with_stripe(_: dict[str, Any]) -> Decode:
    def made(body: bytes) -> Any:
        whole = stripe.StripeObject.construct_from(json.loads(body), "key")
        return whole["data"]

    return made


PEERS: Mapping[str, Callable[[dict[str, Any]], Decode]] = {
    "msgspec": with_msgspec,
    "pydantic": with_pydantic,
    "cattrs": with_cattrs,
    "openai": with_openai,
    "stripe": with_stripe,
}


def contenders(resource: str, text: str | None) -> tuple[dict[str, Decode], bytes]:
    """Return who decodes, and the page."""
    selection = select(resource, text)
    shape = hints(resource, selection.text)
    found: dict[str, Decode] = {OURS: partial(decoded, selection), REFERENCE: lambda body: orjson.loads(body)["data"]}
    found |= {name: make(shape) for name, make in PEERS.items()}
    body = page(resource, selection.text)
    for name, decode in found.items():
        check(name, decode(body), orjson.loads(body)["data"])
    return found, body


def check(name: str, records: Any, plain: list[dict[str, Any]]) -> None:
    """Make sure that somebody's records say what is in the page, with the types that he is credited with."""
    assert len(records) == len(plain), name
    for record, known in zip(records, plain, strict=True):
        value = record["id"] if isinstance(record, dict) or name == "stripe" else record.id
        assert value == known["id"], name
    if name in {OURS, "msgspec", "cattrs", "pydantic"}:
        values = [getattr(records[0], key) for key in plain[0]]
        assert not any(isinstance(value, float) for value in values), name
        assert any(isinstance(value, datetime | date) for value in values), name


async def of_page(title: str, resource: str, text: str | None, effort: Effort) -> tuple[Case, Seen]:
    """Race over a page."""
    decoders, body = contenders(resource, text)
    pages = {name: effort.times(PAGES[name]) for name in decoders}
    steps = {name: partial(_repeated, decode, body, pages[name]) for name, decode in decoders.items()}
    seen = await race(steps, pages, effort.rounds)
    goals = [Goal(f"cpu/{REFERENCE}", 3.5)] if text in {WIDE, LEAN} else []
    return case_of(title, seen, REFERENCE, goals=goals, scale=1e3, unit="ms", notes=NOTES), seen


def _repeated(decode: Decode, body: bytes, pages: int) -> None:
    for _ in range(pages):
        decode(body)


def of_hold(seen: Seen, effort: Effort) -> Case:
    """Measure the longest stretch of a page in which nothing else of an event loop can run."""
    selection = select("bills", WIDE)
    body = page("bills", selection.text)
    longest = [hold(selection, body) * 1e3 for _ in range(effort.times(21, 2))]
    others = [Figure(who, Spread.of([cpu * 1e3 for cpu, _ in took])) for who, took in seen.items() if who != OURS]
    note = "the others have no place within a page at which they could let others run"
    return Case(
        "The longest time for which a wide page holds the event loop",
        (Figure(OURS, Spread.of(longest), note="records are built 64 at a time"), *others),
        unit="ms",
        goals=(Goal("cpu", 3.0),),
        note=note,
    )


def hold(selection: Selection[Any], body: bytes) -> float:
    """Return the seconds of processor time of the longest stretch between two points where others may run."""
    marks = [time.thread_time()]
    found = selection.decode_page(body)
    marks.append(time.thread_time())
    pieces = found.slices()
    while next(pieces, None) is not None:
        marks.append(time.thread_time())
    return max(after - before for before, after in pairwise(marks))


def of_first(effort: Effort) -> Case:
    """Measure what a selection costs that nobody has used before, its first record included: each has other fields."""
    tree = parse_fields(WIDE)
    left_out = [name for name in tree if name not in {"id", "etag"}][: effort.times(40, 2)]
    texts = [format_fields({name: inner for name, inner in tree.items() if name != gone}) for gone in left_out]
    bodies = [page("bills", text, records=1) for text in texts]
    alone = [orjson.dumps({"data": orjson.loads(body)["data"][0]}) for body in bodies]
    select("bills", WIDE).decode_page(page("bills", WIDE, records=1))  # the tables and classes of bills are loaded
    makers: dict[str, Callable[[str, bytes, bytes], Any]] = {
        OURS: lambda text, _, one: select("bills", text).decode(one),
        "msgspec": lambda text, body, _: with_msgspec(hints("bills", text))(body),
        "pydantic": lambda text, body, _: with_pydantic(hints("bills", text))(body),
        "cattrs": lambda text, body, _: with_cattrs(hints("bills", text))(body),
    }
    seen: dict[str, list[float]] = {name: [] for name in makers}
    for text, body, one in zip(texts, bodies, alone, strict=True):
        for name, make in makers.items():
            began = time.process_time()
            make(text, body, one)
            seen[name].append((time.process_time() - began) * 1e3)
    return Case(
        "The first record of a selection that is new (wide)",
        tuple(Figure(name, Spread.of(took)) for name, took in seen.items()),
        unit="ms",
        goals=(Goal("cpu", 2.0),),
        note="the others make their classes of the same fields",
    )


async def of_width(effort: Effort) -> Curve:
    """Measure a page with ever more fields."""
    names = [*parse_fields(WIDE).items()]
    lines: dict[str, list[tuple[float, float]]] = {}
    for width in (2, 6, 12, 24, 36, 48):
        _, seen = await of_page("", "bills", format_fields(dict(names[:width]) | {"created_at": None}), effort)
        for who in (OURS, REFERENCE, "msgspec", "pydantic", "cattrs"):
            lines.setdefault(who, []).append((width, Spread.of([cpu for cpu, _ in seen[who]]).median / 200 * 1e6))
    told = {who: tuple(line) for who, line in lines.items()}
    return Curve("CPU to decode a record, by the number of its fields", "fields", "µs", told)


async def run(effort: Effort) -> AsyncIterator[Case | Curve]:
    """Measure."""
    wide: Seen = {}
    for title, (resource, text) in CASES.items():
        case, seen = await of_page(title, resource, text, effort)
        wide = wide or seen
        yield case
    yield of_hold(wide, effort)
    yield of_first(effort)
    yield await of_width(evolve(effort, rounds=max(2, effort.rounds // 2)))
