"""Selections are checked before anything is sent, and say what a tag covers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, SchemaError, UnknownField
from clio_async.models import Contact, Matter, registry
from clio_async.models.plans import full
from clio_async.models.selection import BARE_IDS, select, select_records, unchecked
from clio_async.protocol.fields import format_fields, parse_fields

SNAPSHOT = Path(__file__).parent / "default_selections.txt"


def test_default_selections_are_pinned() -> None:
    """What a plain `get` reads of each resource changes only on purpose."""
    found = [
        f"{name} {'covered' if (one := select(name)).covered else 'in full'}: {one.text}"
        for name in registry.resource_names()
    ]
    assert SNAPSHOT.read_text().splitlines() == found


def test_the_default_selection_is_covered_by_the_tag_of_the_record() -> None:
    """Own attributes that are not derived, and the id (and type) of associated records: a changed client name is never
    hidden behind an unchanged matter."""
    chosen = select("matters")
    tree = parse_fields(chosen.text)
    assert chosen.covered
    assert () == chosen.depends
    assert "has_tasks" not in tree
    assert ("id", "type") == tree["client"]
    assert "relationships" not in tree
    assert chosen is select("matters", None) is select("matters", Matter)


def test_records_that_need_what_is_derived_are_read_in_full() -> None:
    """A bill without its balance is of no use; its default selection is not validated by the record's tag."""
    chosen = select("bills")
    assert not chosen.covered
    assert {"balance", "total", "paid"} <= {*parse_fields(chosen.text)}


@pytest.mark.parametrize(
    ("fields", "text", "covered", "depends"),
    [
        ("id", "id,etag", True, ()),
        ("description,id", "id,etag,description", True, ()),
        (["description", "client{id}"], "id,etag,description,client{id}", True, ()),
        ("client{type,id}", "id,etag,client{id,type}", True, ()),
        ("client{name}", "id,etag,client{name}", False, ("/contacts",)),
        ("client{etag}", "id,etag,client{etag}", False, ("/contacts",)),
        ("client", "id,etag,client", False, ("/contacts",)),
        ("has_tasks", "id,etag,has_tasks", False, ()),
        ("relationships{id}", "id,etag,relationships{id}", False, ("/relationships",)),
        ("client{company}", "id,etag,client{company}", False, ("/contacts",)),
        ("statute_of_limitations{matter}", "id,etag,statute_of_limitations{matter}", False, ("/tasks", "/matters")),
        (" client { id , name } ", "id,etag,client{id,name}", False, ("/contacts",)),
        ("client,client{id}", "id,etag,client{id}", True, ()),
        (["id", unchecked("brand_new{x}")], "id,etag,brand_new{x}", False, ()),
        ([unchecked("brand_new")], "id,etag,brand_new", False, ()),
    ],
)
def test_a_selection_is_canonical_and_knows_what_it_rests_on(
    fields: object, text: str, covered: bool, depends: tuple[str, ...]
) -> None:
    """Equal selections are equal texts; etag is always asked for; nested attributes are not covered by the tag."""
    chosen = select("matters", fields)  # type: ignore[arg-type]
    assert (text, covered, depends) == (chosen.text, chosen.covered, chosen.depends)
    assert chosen.shareable


def test_a_resource_without_etags_is_not_asked_for_one() -> None:
    """27 schemas have none (F22), one has not even an id."""
    assert "etag" not in parse_fields(select("billable_matters").text)
    assert "brand_new" == select("my_events", [unchecked("brand_new")]).text


@pytest.mark.parametrize(
    ("fields", "near"),
    [("clent", "client"), ("client{nam}", "name"), (["id", "display_nmber"], "display_number")],
)
def test_an_unknown_field_is_refused_with_the_nearest_right_name(fields: object, near: str) -> None:
    """Clio would answer 400 to the whole read; here it is known before."""
    with pytest.raises(UnknownField) as caught:
        select("matters", fields)  # type: ignore[arg-type]
    assert near in caught.value.near
    assert "unchecked" in str(caught.value)


@given(st.sampled_from([*registry.schema_names()]), st.data())
def test_a_misspelt_field_is_near_to_the_right_one(name: str, data: st.DataObject) -> None:
    """Law: with one letter too few, every field of every schema is offered among the nearest, also inside of braces."""
    fields = registry.schema(name).fields
    long = [field for field in fields if len(field) > 6]
    if not long:
        return
    right = data.draw(st.sampled_from(long))
    cut = data.draw(st.integers(1, len(right) - 2))
    wrong = right[:cut] + right[cut + 1 :]
    if wrong in fields:
        return
    with pytest.raises(UnknownField) as caught:
        select_records(name, wrong)
    assert right in caught.value.near
    assert f"of {name}" in str(caught.value)


@given(st.sampled_from([*registry.schema("Matter").associations]), st.data())
def test_a_misspelt_field_in_braces_is_near_to_the_right_one(outer: str, data: st.DataObject) -> None:
    """Law: the same inside of braces, where the error names the association."""
    inside = registry.schema(full(registry.schema("Matter").fields[outer].schema or "")).fields
    right = data.draw(st.sampled_from([*inside]))
    wrong = f"{right}_x"
    with pytest.raises(UnknownField) as caught:
        select("matters", f"id,{outer}{{{wrong}}}")
    assert right in caught.value.near or len(right) < 3
    assert f"of Matter.{outer}" in str(caught.value)


def test_braces_of_braces_say_what_to_do() -> None:
    """Clio refuses them; the advice is to name the inner one alone."""
    with pytest.raises(InvalidArgument, match="name the inner one only"):
        select("matters", "client{id,company{id}}")


@pytest.mark.parametrize(
    "fields",
    [
        "client{id,company{id}}",
        "client{",
        "client}",
        "client{}",
        "client{id",
        ",id",
        "id,",
        "id,,etag",
        "id etag",
        "client{id}name",
        "{id}",
        "id\r\nX-Evil: 1",
        "id\x00",
        "status{id}",
        "naïve",
        "client{id},{name}",
        "",
        [],
        Contact,
        int,
    ],
)
def test_a_malformed_selection_is_refused(fields: object) -> None:
    """One level of braces, names only, records of this resource only (F11)."""
    with pytest.raises(InvalidArgument):
        select("matters", fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a\r\n",
        "a&b",
        "a=b",
        "a{",
        "a}",
        "a}b{",
        "{a}",
        "a{}",
        "a{b",
        "a,b",
        "a{b,}",
        "a{b{c}}",
        "7",
        7,
        None,
    ],
)
def test_even_an_unchecked_name_is_a_name(name: Any) -> None:
    """`unchecked` skips the registry, not the grammar (F11)."""
    with pytest.raises(InvalidArgument):
        unchecked(name)


def test_an_unchecked_name_stands_once() -> None:
    """What is asked for anyway is not repeated, as when a later version of this package has learnt the name."""
    fields = ["description", unchecked("description"), unchecked("new"), unchecked("new"), unchecked("id")]
    assert "id,etag,description,new" == select("matters", fields).text
    assert "id,etag,client{name}" == select("matters", ["client{name}", unchecked("client{name}")]).text
    also = select_records("Matter", [unchecked("updated_at")], also=("updated_at",))
    assert "id,etag,updated_at" == also.text


@pytest.mark.parametrize(
    "fields",
    [
        ["client{id}", unchecked("client{new}")],
        ["client", unchecked("client{new}")],
        [unchecked("new"), unchecked("new{id}")],
    ],
)
def test_one_name_cannot_be_asked_for_in_two_ways(fields: list[Any]) -> None:
    """Nobody says what Clio would make of it."""
    with pytest.raises(InvalidArgument, match="write it once"):
        select("matters", fields)


def test_an_unchecked_field_comes_in_extra() -> None:
    """Clio grows without notice; what it added is reachable at once."""
    record = select("matters", ["id", unchecked("brand_new")]).decode(b'{"data":{"id":1,"etag":"x","brand_new":[1]}}')
    assert (1,) == record.extra["brand_new"]


def test_a_resource_that_answers_no_records_has_no_selection(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is none today; the registry could hold one tomorrow."""
    text = "/mute -\nMute#destroy delete DELETE /mute/{id}.json 204 empty - versioned"
    monkeypatch.setitem(registry.operations.RESOURCES, "mute", text)
    assert () == registry.defaults("mute")
    with pytest.raises(InvalidArgument):
        select("mute")


def test_strict_and_lenient_selections_are_apart() -> None:
    """Equal texts, different decoding."""
    strict, lenient = select("matters", "id", strict=True), select("matters", "id")
    assert strict is not lenient
    assert strict.text == lenient.text
    assert strict.ledger.strict


NAMES = st.sampled_from([*registry.schema("Matter").own])
INNER = st.lists(st.sampled_from([*registry.schema("Contact").own]), min_size=1, unique=True).map(tuple)


@given(st.dictionaries(NAMES, st.none(), min_size=1), st.none() | INNER)
def test_the_grammar_reads_what_it_writes(own: dict[str, None], inner: tuple[str, ...] | None) -> None:
    """Law: parse and format are inverse, and a canonical selection is its own canonical form."""
    tree = own | {"client": inner}
    assert tree == parse_fields(format_fields(tree))
    text = select("matters", format_fields(tree)).text
    assert text == select("matters", text).text


@given(st.text(alphabet="ab{},\n é", max_size=12))
def test_any_text_is_a_selection_or_an_invalid_argument(text: str) -> None:
    """Law: the grammar accepts exactly what a plain check accepts, and fails in one typed way."""
    name = r"\s*[ab]+\s*"
    item = rf"{name}(\{{{name}(,{name})*\}}\s*)?"
    valid = re.fullmatch(rf"{item}(,{item})*", text, re.ASCII) is not None
    try:
        parse_fields(text)
    except InvalidArgument:
        assert not valid
    else:
        assert valid


def test_a_selection_decodes_pages_too() -> None:
    """The records of a list are those of a read."""
    chosen = select("matters", "id")
    page = chosen.decode_page(json.dumps({"data": [{"id": 1, "etag": "x"}]}).encode())
    assert [[Matter(id=1, etag="x")]] == [*page.slices()]


@pytest.mark.parametrize("meta", ["7", "[]", "true", '{"paging":[]}', '{"paging":{"next":{}}}'])
def test_a_list_of_ids_does_not_end_by_a_malformed_link(meta: str) -> None:
    """As no other list does."""
    with pytest.raises(SchemaError, match=r"meta\.paging\.next"):
        _ = BARE_IDS.decode_page(b'{"data":[3,4],"meta":%s}' % meta.encode()).next
    assert BARE_IDS.decode_page(b'{"data":[3,4],"meta":{"paging":{}}}').is_last


def test_a_list_of_ids_holds_ids_alone() -> None:
    """Records are no ids, and there is no single one to read."""
    assert [[3, 4]] == [*BARE_IDS.decode_page(b'{"data":[3,4]}').slices()]
    for body in (b'{"data":{"id":3}}', b"[3]", b'{"data":[{"id":3}]}', b'{"data":[3,true]}'):
        with pytest.raises(SchemaError):
            [*BARE_IDS.decode_page(body).slices()]
    with pytest.raises(SchemaError):
        BARE_IDS.decode(b'{"data":3}')
