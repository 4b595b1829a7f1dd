"""What is concluded from answers that the simulator does not give: from its own, with one of them replaced."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async.cli.probe.answers import Answer
from clio_async.cli.probe.exchanges import Evidence, Exchange
from clio_async.cli.probe.questions import answers
from clio_async.cli.probe.subject import asked_ids, places, value_in_other_case
from clio_async.headers import Headers
from clio_async.messages import Request, Response
from clio_async.testing import Regime

from .probing import asked, firm, no_pause, probed


@lru_cache
def honest(**regime: Any) -> Evidence:
    return anyio.run(probed, firm(Regime(**regime)), "matters/7")


def answer(body: object = None, status: int = 200, **fields: str) -> Exchange:
    """Make an answer; of the fields, ``_`` stands for ``-``."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = Headers({name.replace("_", "-"): value for name, value in fields.items()})
    return Exchange(name="made up", status=status, body=text, headers=headers)


def refusal(status: int, message: str = "", type: str = "ArgumentError") -> Exchange:
    return answer({"error": {"type": type, "message": message}}, status)


def judged(question: str, evidence: Evidence | None = None, /, **changed: Exchange) -> Answer:
    """Judge with some exchanges replaced; of their names, ``_`` stands for ``-``."""
    evidence = evidence or honest()
    made = {name.replace("_", "-"): exchange for name, exchange in changed.items()}
    return answers(evolve(evidence, exchanges={**evidence.exchanges, **made}))[question]


def page(*rows: object, next: str | None = None, records: int | None = None) -> Exchange:
    meta: dict[str, Any] = {"paging": {} if next is None else {"next": next}}
    return answer({"data": [*rows], "meta": meta if records is None else {**meta, "records": records}})


TOKEN = "http://localhost/api/v4/matters.json?page_token="
ROW = {"id": 1, "etag": '"a"', "updated_at": "2026-01-01T00:00:00Z", "status": "Open"}
SHOWN = {"data": {"id": 1, "etag": '"x"'}}
DISPLAYED = {"id": 13, "displayed": True, "parent_type": "Matter"}


def values(*held: object) -> Exchange:
    return answer({"data": {"id": 1, "custom_field_values": [*held]}})


FOUND: list[tuple[str, dict[str, Exchange], object]] = [
    ("validates", {"again": evolve(honest().exchanges["record"])}, False),
    ("last_modified", {"record": answer(SHOWN)}, False),
    ("no_store", {"record": answer(SHOWN, Cache_Control="private, No-Store")}, True),
    ("answered_version", {"cursor": answer(SHOWN, X_API_VERSION="4.1.0")}, "4.1.0"),
    ("gone_body", {"early-version": answer(b"gone", 410)}, "other"),
    ("gone_body", {"early-version": answer(b"<html>", 410)}, "html"),
    ("gone_body", {"early-version": page(), "never-version": answer(b"", 410)}, "empty"),
    ("gone_body", {"early-version": page(), "unlisted-version": answer(b"", 410)}, "empty"),
    ("retired", {"early-version": page()}, True),
    ("implicit_cursor", {"bare": page(ROW, next="/matters?offset=1")}, False),
    ("implicit_cursor", {"bare": page(ROW, next=TOKEN + "b"), "cursor-again": honest().exchanges["cursor"]}, False),
    ("next_suffix", {"cursor": page(ROW, next="/matters?x"), "bare": page(ROW, next="/matters.json")}, "other"),
    ("public_origin", {"cursor": page(ROW, next="http://user@localhost/")}, "other"),
    ("public_origin", {"cursor": page(ROW, next="https://\u0131.example/")}, "other"),
    ("public_origin", {"cursor": page(ROW, next="https://other.example/x?a@b")}, "other"),
    ("public_origin", {"cursor": page(ROW, next="https://eu.app.clio.com/x?a@b")}, "https://eu.app.clio.com"),
    ("records", {"cursor": page(ROW, next=TOKEN, records=2)}, "total"),
    ("records", {"cursor": page(ROW, next=TOKEN, records=1)}, "page"),
    ("limit_overflow", {"limit": page(*({"id": number} for number in range(200)))}, "clamp"),
    ("max_ids", {"ids-201": page({"id": 7_777}, {"id": 1})}, [1, 25]),
    ("max_ids", {"ids-201": page()}, [None, 1]),
    ("max_ids", {"ids-201": refusal(422), "ids-100": refusal(400), "ids-50": refusal(422)}, [None, 50]),
    ("ids_overflow", {"ids-201": refusal(422), "ids-100": refusal(400), "ids-50": refusal(422)}, "error"),
    ("ids_overflow", {"ids-201": page({"id": 1})}, "ignore"),
    ("max_url", {"ids-201": answer(b"", 414), "ids-100": answer(b"", 414), "ids-50": answer(b"", 414)}, [None, 23]),
    ("since_inclusive", {"since": page()}, False),
    ("shown_fractions", {"cursor": page({**ROW, "updated_at": "2026-01-01T00:00:00.5+02:00"})}, True),
    ("value_in_other_case", {"other-case": refusal(422)}, "error"),
    ("value_in_other_case", {"other-case": page({"id": 1, "status": None})}, "ignored"),
    ("unknown_value", {"unknown-value": refusal(400)}, "error"),
    (
        "refused_fields",
        {"whole": refusal(400, "x is wrong: location, and description,id")},
        ["description", "location"],
    ),
    ("invalid_fields", {"unknown-field": answer(b"<html>", 400)}, "bare"),
    ("custom_fields_redacted", {"definitions": refusal(403), "whole": values({"field_name": "Court"})}, False),
    ("custom_fields_redacted", {"definitions": refusal(403), "whole": values({"id": "a", "field_name": None})}, True),
    ("error_body", {"limit": answer(b"no", 409)}, "other"),
    ("token_error", {"bad-token": answer(b"<html>", 401)}, "html"),
    ("token_error", {"bad-token": answer({"error": "invalid_token"}, 401)}, "cause"),
    ("token_error", {"bad-token": answer({"error": "x", "error_description": "It has expired"}, 401)}, "cause"),
    ("practice_areas", {"practice-areas": answer(b"", 308)}, "moved"),
    ("retry_after", {}, None),
    ("etag_on_write", {"own-tag": refusal(412), "stale": answer(SHOWN, ETag='"a"')}, True),
    ("moves_tag", {"own-tag": answer(SHOWN)}, True),
    ("if_match", {"own-tag": refusal(412)}, "neither"),
    ("if_match", {"own-tag": refusal(412), "header-tag": refusal(412)}, "neither"),
    ("if_match_required", {"no-condition": answer(b"", 428)}, True),
]


@pytest.mark.parametrize(
    ("question", "changed", "expected"), FOUND, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_found(question: str, changed: dict[str, Exchange], expected: object) -> None:
    """One other answer is another conclusion."""
    said = judged(question, **changed)
    assert expected == said.found
    assert said.text or expected is None


REASONS: list[tuple[str, dict[str, Exchange], str]] = [
    ("tag_scope", {"record": answer(SHOWN, ETag='"x"')}, "was changed meanwhile"),
    ("tag_scope", {"record": answer({"data": {"id": 1}}, ETag='"x"')}, "no etag"),
    ("tag_scope", {"record": answer({"data": []}, ETag='"x"')}, "no record"),
    ("tag_form", {"record": answer(SHOWN)}, "has no ETag"),
    ("validates", {"again": refusal(503)}, "503"),
    ("validates", {"again": answer(SHOWN)}, "was changed meanwhile"),
    ("quota_304", {"again": answer(SHOWN)}, "there was no 304"),
    ("quota_4xx", {"unknown-field": answer(SHOWN)}, "there was no refusal"),
    ("default_version", {"offset": page(ROW)}, "no X-API-VERSION"),
    ("default_version", {"offset": answer(SHOWN, X_API_VERSION="<b>")}, "no X-API-VERSION"),
    ("versions", {"unlisted-version": refusal(500)}, "500"),
    ("gone_body", {"early-version": page()}, "no version was answered with 410"),
    ("clock_skew", {"cursor": page(ROW)}, "no Date"),
    ("rate_limit", {"cursor": refusal(500)}, "500"),
    (
        "implicit_cursor",
        {"bare": page(ROW, next=TOKEN + "b"), "cursor-again": page(ROW, next=TOKEN + "c")},
        "each time",
    ),
    ("implicit_cursor", {"bare": page(ROW, next="http://[")}, "no URL"),
    ("next_carries", {"offset": page(ROW, next="/matters?page=2")}, "neither"),
    ("next_carries", {"offset": page(ROW)}, "no link"),
    ("records", {"cursor": page(ROW, records=1)}, "no link"),
    ("max_ids", {"ids-201": refusal(500)}, "none of the lists"),
    ("since_inclusive", {"since": answer(SHOWN)}, "no list"),
    ("since_inclusive", {"since": answer(b"[1]")}, "not JSON as Clio"),
    ("since_inclusive", {"cursor": page({"id": "1"})}, "there are no matters"),
    ("shown_fractions", {"cursor": page({"id": 1}), "offset": page()}, "no timestamps"),
    ("value_in_other_case", {"cursor": page({"id": 1}), "offset": page()}, "no status was shown"),
    ("refused_fields", {"whole": refusal(400, "bad")}, "does not say for which"),
    ("refused_fields", {"whole": refusal(500)}, "500"),
    ("invalid_fields", {"unknown-field": page()}, "200"),
    ("placeholders", {"whole": answer(SHOWN)}, "have no custom fields"),
    (
        "placeholders",
        {"whole": values({"custom_field": {"id": 13}, "value": 0}), "definitions": page(DISPLAYED)},
        "every",
    ),
    ("placeholders", {"definitions": page({**DISPLAYED, "displayed": False})}, "or there is none"),
    ("custom_fields_redacted", {"definitions": refusal(403), "whole": values()}, "no values to look at"),
    ("custom_fields_redacted", {"definitions": refusal(500)}, "500"),
    (
        "error_body",
        {"limit": page(), "unknown-value": page(), "stale": page(), "weak-tag": page()},
        "nothing was answered",
    ),
    ("token_error", {"bad-token": page()}, "200"),
    ("practice_areas", {"practice-areas": refusal(403)}, "403"),
    ("if_match", {"stale": refusal(403)}, "403"),
    ("if_match_required", {"no-condition": refusal(422)}, "422"),
    ("etag_on_write", {"own-tag": refusal(412)}, "no PATCH was carried out"),
]


@pytest.mark.parametrize(
    ("question", "changed", "expected"), REASONS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_not_found_and_why(question: str, changed: dict[str, Exchange], expected: str) -> None:
    """An answer that does not tell is no answer."""
    said = judged(question, **changed)
    assert expected in said.reason
    assert not said.is_known


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("", "nowhere"),
        ("https://evil.example/x", "another origin"),
        ("/api/v4/areas/12.json?token=CANARY", "/api/v4/…/{id}.json"),
        ("/api/v4/practice_areas_with_categories.json?x", "/api/v4/practice_areas_with_categories.json"),
        ("/a" * 20, "…"),
        ("/\x1b[2J", "/…"),
        ("http://[", "nowhere that can be read"),
    ],
)
def test_a_place_is_shown_without_query_and_ids(location: str, place: str) -> None:
    """Where practice areas are is a path, and no more."""
    said = judged("practice_areas", **{"practice-areas": answer(b"", 307, Location=location)})
    assert f"moved (307), to {place}" == said.text


@pytest.mark.parametrize(("text", "form"), [("soon", "other"), ("7", "seconds"), ("\u0661", "other")])
def test_a_retry_after_that_is_none_is_known_for_one(text: str, form: str) -> None:
    """A number is ASCII digits (F50)."""
    limited = answer(b"", 429, Retry_After=text)
    assert form == answers(evolve(honest(), limited=limited))["retry_after"].found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"value": None, "id": None}, "null_id"),
        ({"value": None, "id": "a-1"}, "real_id"),
        ({"custom_field": [1]}, "absent"),
    ],
)
def test_what_stands_for_no_value(value: dict[str, object], expected: str) -> None:
    """A value without id, one with an id, or none of that field."""
    held = {"custom_field": {"id": 13}, **value}
    assert expected == judged("placeholders", whole=values(held), definitions=page(DISPLAYED)).found


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        ({"tag_form": "weak", "if_match": "header"}, {"if_match": "neither"}),
        (
            {"tag_form": "weak", "if_match": "header", "if_match_weak": True},
            {"if_match": "header", "if_match_weak": True},
        ),
        ({"tag_form": "weak", "if_match": "both"}, {"if_match": "body", "if_match_weak": False}),
        (
            {"tag_form": "gzip", "if_match": "header"},
            {"if_match": "header", "if_match_star": True, "if_match_list": True},
        ),
        ({"tag_scope": "representation", "if_match": "header"}, {"if_match": "header", "if_match_list": True}),
        (
            {"tag_scope": "representation", "if_match": "both", "if_match_list": False},
            {"if_match": "both", "if_match_list": False},
        ),
        ({"tag_scope": "representation", "tag_form": "gzip"}, {"tag_scope": "representation", "tag_form": "gzip"}),
        (
            {"tag_scope": "representation", "tag_form": "weak-200"},
            {"tag_scope": "representation", "tag_form": "weak-200"},
        ),
        ({"implicit_cursor": False, "next_carries": "offset"}, {"implicit_cursor": False, "next_carries": "offset"}),
        ({"max_ids": 200}, {"max_ids": [100, 201], "ids_overflow": "error"}),
        ({"max_ids": 50, "ids_overflow": "ignore"}, {"max_ids": [50, 51], "ids_overflow": "ignore"}),
        ({"max_ids": 10}, {"max_ids": [None, 50], "ids_overflow": "error"}),
        ({"max_ids": 50, "max_url": 2_000}, {"max_ids": None, "max_url": [1079, 2111]}),
        ({"unknown_value": "all", "limit_overflow": "clamp", "error_body": "html"}, {"error_body": "html"}),
        ({"retired": frozenset()}, {"retired": True, "gone_body": "envelope"}),
        ({"since_inclusive": False, "since_in_seconds": True}, {"since_inclusive": False, "since_in_seconds": False}),
    ],
    ids=str,
)
def test_several_answers_at_once(regime: dict[str, Any], expected: dict[str, Any]) -> None:
    """Questions do not get in one another's way."""
    found = answers(honest(**regime))
    assert expected == {name: found[name].found for name in expected}
    assert all(found[name].is_known for name in expected)


async def test_a_tag_that_moves_with_every_write_is_read_again() -> None:
    """Where a PATCH that changes nothing gives a record another tag, each condition is made of the present one."""
    simulator = firm(Regime())

    def touch(request: Request) -> Response:
        made = simulator.answer(request)
        if request.method == "PATCH" and made.status == 200:
            simulator.change("matters", 7, location=f"{len(simulator.entries())}")
            shown = json.loads(made.body)
            shown["data"]["etag"] = simulator.record("matters", 7)["etag"]
            return evolve(made, body=json.dumps(shown).encode())
        return made

    evidence = await asked(touch, "matters/7", wall_clock=simulator.clock.now, sleep=no_pause)
    found = answers(evidence)
    assert [True, "body", True, True, False] == [
        found[name].found for name in ("moves_tag", "if_match", "if_match_list", "if_match_star", "if_match_required")
    ]


@pytest.mark.parametrize(
    "text", [None, "", " led by a space", "two  spaces", "<b>bold</b>", "a & b", "two\nlines", "x" * 501]
)
async def test_what_a_server_might_tidy_is_not_written(text: str | None) -> None:
    """A text that could come out otherwise than it went in is left alone; the next attribute is taken, or none."""
    simulator = firm(Regime())
    simulator.change("matters", 7, description=text, location="Plain")
    await probed(simulator, "matters/7")
    assert (text, "Plain") == tuple(simulator.record("matters", 7)[name] for name in ("description", "location"))
    assert "PATCH" in {entry.method for entry in simulator.entries()}
    simulator = firm(Regime())
    simulator.change("matters", 7, description=text, location=None)
    evidence = await probed(simulator, "matters/7")
    assert {"GET"} == {entry.method for entry in simulator.entries()}
    assert "no short plain text" in answers(evidence)["if_match"].reason


@pytest.mark.parametrize("resource", ["matters", "contacts", "tasks"])
def test_a_value_is_asked_for_in_a_case_that_is_not_documented(resource: str) -> None:
    """One that some of the known records have and others do not; else one that none has."""
    name = "type" if resource == "contacts" else "status"
    shown = {"matters": ("Open", "Closed"), "contacts": ("Person", "Company"), "tasks": ("pending", "complete")}[
        resource
    ]

    def value(*held: str) -> str:
        cursor = page({"id": 1, name: held[0]})
        offset = page(*({"id": 1 + number, name: text} for number, text in enumerate(held)))
        return value_in_other_case(Evidence("", resource, {"cursor": cursor, "offset": offset})).text

    assert shown[0].lower() == value(shown[0], shown[1]).lower()
    assert shown[0].lower() != value(shown[0], shown[0]).lower()
    assert value(shown[0], shown[1]) not in {"open", "closed", "Person", "Company", "pending", "complete"}


@pytest.mark.parametrize("number", [201, 100, 50])
@pytest.mark.parametrize("known", [1, 2, 3, 8])
def test_known_ids_stand_at_both_ends_of_the_list(number: int, known: int) -> None:
    """So many ids, all different; those of known records at the places that are said, the last one among them."""
    offset = page({"id": "x"}, {"id": 1}, *({"id": 10 + each} for each in range(known - 1)))
    evidence = Evidence("", "matters", {"cursor": page({"id": 1}), "offset": offset})
    sent, held = asked_ids(evidence, number), places(evidence, number)
    assert number == len({*sent})
    assert {(place, sent[place - 1]) for place, _ in held} == {*held}
    assert [1, *([number] if known > 1 else [])] == [held[0][0], *([held[-1][0]] if known > 1 else [])]
    assert {one for one in sent if one < 1_000} == {one for _, one in held}


async def test_a_record_without_a_tag_or_a_time_is_asked_about_all_the_same() -> None:
    """What needs the tag or the time has that for a reason."""
    simulator = firm(Regime())

    def bare(request: Request) -> Response:
        made = simulator.answer(request)
        pairs = [pair for pair in made.headers.pairs if pair[0] != "ETag"]
        return evolve(made, headers=Headers(pairs), body=made.body.replace(b'"updated_at":"', b'"updated_at":"x'))

    found = answers(await asked(bare, wall_clock=simulator.clock.now, sleep=no_pause))
    assert "there was no record with an ETag" == found["validates"].reason
    assert "the record does not say when it was changed" == found["since_inclusive"].reason
    assert "matched" == found["value_in_other_case"].found
