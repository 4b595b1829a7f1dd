"""The comparison of two documents: every kind of change, the laws of comparing, and Clio's own documents."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clio_async._codegen import overlay
from clio_async._codegen.__main__ import main
from clio_async._codegen.corrections import AS_WRITTEN
from clio_async._codegen.document import Api, read
from clio_async._codegen.drift import Change, diff
from clio_async._codegen.report import as_json, as_text, status
from clio_async._codegen.unreadable import Unreadable

from .documents import CURRENT, OLDER, parsed, present
from .garden import (
    BY_ID,
    DOCUMENT,
    INSTANT,
    INTEGER,
    NO_NULL,
    NUMBER,
    OVERLAY,
    STRING,
    operation,
    parameter,
    ref,
    several,
    thing,
    word,
)

pytestmark = pytest.mark.usefixtures("gardened")

Document: TypeAlias = dict[str, Any]


@pytest.fixture
def gardened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the garden's overlay in the place of Clio's, table by table."""
    for name, table in OVERLAY.items():
        monkeypatch.setattr(overlay, name, table)


def garden() -> Document:
    """A copy of the garden in which nothing is shared, to be changed at will, with more that is only compared."""
    document: Document = json.loads(json.dumps(DOCUMENT))
    document["servers"] = [{"url": "https://earth.example"}]
    document["components"]["schemas"] |= {
        "IdsResponse": thing(data=several(INTEGER)),
        "Husk_count": thing(
            size=INTEGER | {"format": "int64"}, age=INTEGER | {"format": "int64", "description": "Its age in seconds."}
        ),
    }
    verb(document, "/plants.json")["parameters"].append(parameter("sort", description="Sorts. Default: `id(asc)`."))
    sent(document)["properties"]["height"]["default"] = 1
    return json.loads(json.dumps(document))


def written(document: Document) -> Api:
    return read(document, AS_WRITTEN)


def schema(document: Document, name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]["properties"]


def verb(document: Document, path: str, method: str = "get") -> dict[str, Any]:
    return document["paths"][path][method]


def asked(document: Document, name: str, path: str = "/plants.json") -> dict[str, Any]:
    return next(found for found in verb(document, path)["parameters"] if found["name"] == name)


def sent(document: Document, path: str = "/plants.json", method: str = "post") -> dict[str, Any]:
    return verb(document, path, method)["requestBody"]["content"]["application/json"]["schema"]["properties"]["data"]


def drop(document: Document, name: str, path: str, method: str = "get") -> None:
    found = verb(document, path, method)
    found["parameters"] = [parameter for parameter in found["parameters"] if parameter["name"] != name]


CHANGES: dict[str, tuple[Callable[[Document], Any], list[str]]] = {
    # Each changes the garden; what is told of it. `!` marks what can break a caller, after `/` on the way back.
    "operation": (
        lambda d: d["paths"].update({"/ponds.json": {"get": operation("Pond#index", answer="Bed_List")}}),
        ["added Pond#index /!"],
    ),
    "path": (
        lambda d: d["paths"].update(
            {"/herbs/{id}/graft.json": d["paths"].pop("/plants/{id}/graft.json")}
            | {"/herbs.json": {"get": operation("Herb#index", answer="Bed_List")}}
        ),
        [
            "added Herb#index /!",
            "! changed Plant#graft: address POST /plants/{id}/graft.json -> POST /herbs/{id}/graft.json /!",
        ],
    ),
    "answer": (
        lambda d: verb(d, "/plants.json", "post")["responses"].update(
            {"200": verb(d, "/plants.json", "post")["responses"].pop("201")}
        ),
        ["! changed Plant#create: answer 201 record Plant -> 200 record Plant /!"],
    ),
    "record of an answer": (
        lambda d: verb(d, "/beds.json")["responses"]["200"]["content"]["application/json"].update(
            schema=ref("Plant_List")
        ),
        ["! changed Bed#index: answer 200 list Bed -> 200 list Plant /!"],
    ),
    "version": (
        lambda d: drop(d, "X-API-VERSION", "/weather.json"),
        ["! changed Weather#show: takes X-API-VERSION yes -> no /"],
    ),
    "condition": (
        lambda d: drop(d, "IF-NONE-MATCH", "/plants/{id}.json"),
        ["! changed Plant#show: takes If-None-Match yes -> no /"],
    ),
    "guard": (
        lambda d: drop(d, "IF-MATCH", "/plants/{id}.json", "delete"),
        ["! changed Plant#destroy: takes If-Match yes -> no /"],
    ),
    "fields": (
        lambda d: drop(d, "fields", "/plants/{id}/graft.json", "post"),
        ["! changed Plant#graft: takes fields yes -> no /"],
    ),
    "pages": (
        lambda d: drop(d, "page_token", "/plants.json"),
        ["! changed Plant#index: takes page_token yes -> no /"],
    ),
    "limit": (
        lambda d: asked(d, "limit").update(description="A number between 1 and 49."),
        ["! changed Plant#index: greatest limit 50 -> 49 /"],
    ),
    "filter": (
        lambda d: verb(d, "/beds.json")["parameters"].append(parameter("wet", word("yes"))),
        ["added Bed#index filter wet /!"],
    ),
    "required filter": (
        lambda d: verb(d, "/beds.json")["parameters"].append(parameter("wet", STRING, required=True)),
        ["! added Bed#index filter wet /!"],
    ),
    "filter that is now required": (
        lambda d: asked(d, "from").update(required=True),
        ["! changed Plant#index filter from_: required no -> yes /"],
    ),
    "name of a filter": (
        lambda d: asked(d, "from").update(name="since"),
        ["! removed Plant#index filter from_ /", "added Plant#index filter since /!"],
    ),
    "brackets of a filter": (
        lambda d: asked(d, "ids[]").update(name="ids"),
        ["! changed Plant#index filter ids: name on the wire ids[] -> ids /!"],
    ),
    "type of a filter": (
        lambda d: asked(d, "hardy").update(schema=INTEGER),
        ["! changed Plant#index filter hardy: type boolean -> integer /!"],
    ),
    "null of a filter": (
        lambda d: asked(d, "bed_id").update(description=""),
        ["! changed Plant#index filter bed_id: takes null yes -> no /"],
    ),
    "value of a filter": (
        lambda d: asked(d, "kind")["schema"].update(enum=["tree", "bush"]),
        ["added Plant#index filter kind value bush /!", "! removed Plant#index filter kind value herb /"],
    ),
    "values of a filter": (
        lambda d: asked(d, "tone")["schema"].pop("enum"),
        ["changed Plant#index filter tone: values listed -> any /!"],
    ),
    "attribute": (
        lambda d: sent(d)["properties"].update(tall=STRING),
        ["added Plant#create body tall /!"],
    ),
    "attribute within another": (
        lambda d: sent(d)["properties"]["soil"]["properties"]["layers"]["items"]["properties"].update(
            clay=thing("id", id=INTEGER)
        ),
        ["added Plant#create body soil.layers.clay /!"],
    ),
    "required attribute": (
        lambda d: (sent(d)["properties"].update(tall=STRING), sent(d)["required"].append("tall")),
        ["! added Plant#create body tall /!"],
    ),
    "attribute that is now required": (
        lambda d: sent(d)["required"].append("kind"),
        ["! changed Plant#create body kind: required no -> yes /"],
    ),
    "type of an attribute": (
        lambda d: sent(d)["properties"].update(nicknames=STRING),
        ["! changed Plant#create body nicknames: type string[] -> string /!"],
    ),
    "null of an attribute": (
        lambda d: sent(d)["properties"]["hedge"]["properties"].update(id=NO_NULL),
        [
            "! changed Plant#create body hedge: null by_id -> never /",
            "! changed Plant#create body hedge.id: null by_id -> never /",
        ],
    ),
    "null of which more is known": (
        lambda d: sent(d)["properties"]["gardener"]["properties"].update(id=BY_ID),
        [
            "changed Plant#create body gardener: null - -> by_id /",
            "changed Plant#create body gardener.id: null - -> by_id /",
        ],
    ),
    "value of an attribute": (
        lambda d: sent(d)["properties"]["kind"]["enum"].remove("herb"),
        ["! removed Plant#create body kind value herb /"],
    ),
    "values of an attribute": (
        lambda d: sent(d)["properties"]["name"].update(enum=["Ivy"]),
        ["! changed Plant#create body name: values any -> listed /"],
    ),
    "record": (
        lambda d: d["components"]["schemas"].update(Gnome=thing(id=INTEGER)),
        ["added record Gnome /!"],
    ),
    "field": (
        lambda d: schema(d, "Weather").update(hail=NUMBER),
        ["added field Weather.hail /!"],
    ),
    "type of a field": (
        lambda d: schema(d, "Weather").update(rain=INTEGER),
        ["! changed field Weather.rain: type decimal -> integer /!"],
    ),
    "type of an association": (
        lambda d: schema(d, "Bed").update(spade=several(ref("Seed_base"))),
        ["! changed field Bed.spade: type Spade -> Seed[] /!"],
    ),
    "association of an attribute": (
        lambda d: schema(d, "Bed").update(label=STRING),
        ["! changed field Bed.label: type Bed_Label -> string /!"],
    ),
    "value of a field": (
        lambda d: schema(d, "Bed_Label")["type"].update(enum=["Stone", "Plant"]),
        ["added field Bed_Label.type value Plant /"],
    ),
    "values of a field": (
        lambda d: schema(d, "Hair")["colour"].update(enum=["red"]),
        ["changed field Hair.colour: values any -> listed /"],
    ),
    "items of bare ids": (
        lambda d: schema(d, "IdsResponse")["data"].update(items=STRING),
        ["! changed envelope IdsResponse.data: type integer[] -> string[] /!"],
    ),
    "bare ids that are one": (
        lambda d: schema(d, "IdsResponse").update(data=INTEGER),
        ["! changed envelope IdsResponse.data: type integer[] -> integer /!"],
    ),
    "property of an envelope": (
        lambda d: schema(d, "IdsResponse").update(meta=thing(pages=INTEGER)),
        ["added envelope IdsResponse.meta /!"],
    ),
    "record of an envelope": (
        lambda d: schema(d, "Bed_List")["data"].update(items=ref("Seed_base")),
        ["! changed envelope Bed_List.data: type Bed[] -> Seed[] /!"],
    ),
    "property of an object": (
        lambda d: schema(d, "Plant_base")["soil"]["properties"].update(acid=thing(ph=NUMBER)),
        ["added field Plant.soil.acid /!"],
    ),
    "header that is now required": (
        lambda d: asked(d, "X-API-VERSION", "/weather.json").update(required=True),
        ["! changed Weather#show header X-API-VERSION: required no -> yes /"],
    ),
    "guard that is required from the start": (
        lambda d: verb(d, "/beds.json")["parameters"].append(parameter("IF-MATCH", place="header", required=True)),
        [
            "changed Bed#index: takes If-Match no -> yes /!",
            "! changed Bed#index header IF-MATCH: required no -> yes /",
        ],
    ),
    "header": (
        lambda d: verb(d, "/beds.json")["parameters"].append(parameter("SHOE-SIZE", place="header")),
        ["added Bed#index header SHOE-SIZE /!"],
    ),
    "required header": (
        lambda d: verb(d, "/beds.json")["parameters"].append(parameter("HAT", place="header", required=True)),
        ["! added Bed#index header HAT /!"],
    ),
    "type of an id": (
        lambda d: asked(d, "id", "/plants/{id}.json").update(schema=STRING),
        ["! changed Plant#show path id: type integer -> string /!"],
    ),
    "default of a header": (
        lambda d: (
            asked(d, "X-API-VERSION", "/beds.json").update(description="The version. Default: latest version."),
            asked(d, "X-API-VERSION", "/weather.json")["schema"].update(default="4.0.9"),
        ),
        [
            "changed Bed#index header X-API-VERSION: default - -> latest version /!",
            'changed Weather#show header X-API-VERSION: default - -> "4.0.9" /!',
        ],
    ),
    "default of a filter": (
        lambda d: asked(d, "sort").update(description="Sorts. Default: `name(desc)`."),
        ["! changed Plant#index filter sort: default id(asc) -> name(desc) /!"],
    ),
    "default of an attribute": (
        lambda d: sent(d)["properties"]["height"].update(default=2),
        ["! changed Plant#create body height: default 1 -> 2 /!"],
    ),
    "default of a field": (
        lambda d: schema(d, "Hair")["colour"].update(default="red"),
        ['changed field Hair.colour: default - -> "red" /'],
    ),
    "deprecated": (
        lambda d: (
            verb(d, "/weather.json").update(deprecated=True),
            asked(d, "from").update(deprecated=True),
            schema(d, "Hair")["colour"].update(deprecated=True),
            d["components"]["schemas"]["Trellis"].update(deprecated=True),
        ),
        [
            "changed Weather#show: deprecated no -> yes /",
            "changed Plant#index filter from_: deprecated no -> yes /",
            "changed field Hair.colour: deprecated no -> yes /",
            "changed field Trellis: deprecated no -> yes /",
        ],
    ),
    "null of a field": (
        lambda d: schema(d, "Hair")["colour"].update(nullable=True),
        ["! changed field Hair.colour: nullable no -> yes /"],
    ),
    "null that may be sent": (
        lambda d: sent(d)["properties"]["colour"].update(nullable=True),
        ["changed Plant#create body colour: nullable no -> yes /!"],
    ),
    "format of what is sent": (
        lambda d: sent(d)["properties"]["seeds"]["items"].update(properties={"id": INTEGER | {"format": "int32"}}),
        ["added Plant#create body seeds.id /!"],
    ),
    "narrower format of a filter": (
        lambda d: asked(d, "ids[]").update(schema=INTEGER | {"format": "int32"}),
        ["! changed Plant#index filter ids: format - -> int32 /"],
    ),
    "narrower format of a field": (
        lambda d: schema(d, "Husk_count")["size"].update(format="int32"),
        ["changed field Husk_count.size: format int64 -> int32 /"],
    ),
    "format that makes another type": (
        lambda d: (
            schema(d, "Plant_base").update(planted_on=STRING | {"format": "date-time"}, remark=INSTANT),
            asked(d, "from").update(schema=STRING),
        ),
        [
            "! changed field Plant.planted_on: type date -> datetime /!",
            "! changed field Plant.remark: type string -> datetime /!",
            "! changed Plant#index filter from_: type datetime -> string /!",
        ],
    ),
    "other format of a text": (
        lambda d: (schema(d, "Hair")["colour"].update(format="uuid"), asked(d, "tone")["schema"].update(format="uuid")),
        [
            "changed field Hair.colour: format - -> uuid /",
            "! changed Plant#index filter tone: format - -> uuid /",
        ],
    ),
    "server": (
        lambda d: d["servers"].append({"url": "https://moon.example"}),
        ["added server https://moon.example /!"],
    ),
    "unit of a field": (
        lambda d: schema(d, "Husk_count")["age"].update(description="Its age in hours."),
        ["! changed field Husk_count.age: unit seconds -> hours /!"],
    ),
    "unit that is told": (
        lambda d: sent(d)["properties"]["age"].update(description="Its age in minutes, or hours. In Minutes!"),
        ["changed Plant#create body age: unit - -> minutes, hours /"],
    ),
}


def told(changes: list[Change]) -> list[str]:
    return [f"{'! ' * change.breaks}{' '.join(str(change).split())}" for change in changes]


@pytest.mark.parametrize("name", CHANGES)
def test_every_kind_of_change_is_told(name: str) -> None:
    """One line for each, which says what was and what is; and whether it can break a caller, there and back."""
    change, expected = CHANGES[name]
    document = garden()
    change(document)
    there = diff(written(garden()), written(document))
    back = diff(written(document), written(garden()))
    assert sorted(line.rpartition(" /")[0] for line in expected) == sorted(told(there))
    assert sorted(line.endswith("/!") for line in expected) == sorted(found.breaks for found in back)


def test_what_is_said_of_it_is_no_change() -> None:
    """Prose, titles and the order of things are not compared; nor is whether an association names `_base`."""
    document = garden()
    document["paths"] = dict(reversed(document["paths"].items()))
    verb(document, "/weather.json").update(summary="", description="")
    asked(document, "from")["description"] = "another"
    schema(document, "Bed")["next"] = ref("Bed_base")
    schema(document, "Weather")["rain"]["description"] = "another"
    schema(document, "Weather")["wind"]["description"] = "a text, and no number, of hours"
    asked(document, "kind")["schema"]["enum"].reverse()
    assert [] == diff(written(garden()), written(document))


def test_what_is_part_of_something_new_is_not_told_again() -> None:
    """An operation, record or object that has come or gone is one change, whatever it holds."""
    empty = garden()
    del empty["paths"]["/plants.json"]["post"]
    del sent(empty, "/plants/{id}.json", "patch")["properties"]["custom_field_values"]
    del empty["components"]["schemas"]["Moss"], empty["components"]["schemas"]["Lichen"]
    assert [
        "! removed Plant#create",
        "! removed Plant#update body custom_field_values",
        "! removed record Lichen",
        "! removed record Moss",
    ] == told(diff(written(garden()), written(empty)))


def test_the_overlay_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the overlay confirms, corrects or drops is compared as the document says it."""
    document = garden()
    sent(document)["required"].append("pond")
    asked(document, "planted_on")["schema"]["enum"].append(">=")
    asked(document, "id", "/beds/{id}/list.json")["required"] = False
    document["paths"]["/beds/{id}/list.json"]["get"]["parameters"][-2]["schema"] = STRING
    sent(document)["properties"]["owner"]["description"] = "The keyword null is not valid."
    schema(document, "Plant_base")["remark"] = INTEGER
    sent(document)["properties"]["soil"]["properties"]["acid"] = NUMBER
    schema(document, "Bed_Label")["type"]["enum"] = ["Stone", "Moss"]
    monkeypatch.setattr(overlay, "REQUIRED", ())
    assert [
        "! changed Bed#list filter id: type integer -> string",
        "added field Bed_Label.type value Moss",
        "! changed Plant#create body owner: null - -> never",
        "! changed Plant#create body pond: required no -> yes",
        "! changed Plant#create body soil.acid: type string -> decimal",
        "added Plant#index filter planted_on value >=",
        "! changed field Plant.remark: type string -> integer",
    ] == told(diff(written(garden()), written(document)))
    resources = [change.resource for change in diff(written(garden()), written(document))]
    assert ["beds"] * 2 + ["plants"] * 5 == resources


def test_what_has_moved_is_told_of_where_it_is_now() -> None:
    """A record that has become part of several others, and an operation under another path."""
    document = garden()
    schema(document, "Weather")["trellis"] = ref("Trellis")
    schema(document, "Trellis")["colour"] = STRING
    there, back = diff(written(garden()), written(document)), diff(written(document), written(garden()))
    assert {"shared", "weather"} == {change.resource for change in there}
    assert {"beds", "weather"} == {change.resource for change in back}


def test_a_document_that_has_learned_of_a_route_shows_it() -> None:
    """An operation that the overlay adds is not taken for one of the document."""
    document = garden()
    document["paths"]["/beds/{id}/dig.json"] = {"put": operation("Bed#dig", status="204")}
    assert ["added Bed#dig"] == told(diff(written(garden()), written(document)))
    assert 1 == sum(found.id == "Bed#dig" for found in read(document).resources["beds"].operations.values())


several_changes = st.lists(st.sampled_from(sorted(CHANGES)), unique=True, max_size=6)


def changed(names: list[str]) -> Document:
    """Return the garden with some changes, as far as they can be made together."""
    document = garden()
    for name in names:
        before = copy.deepcopy(document)
        try:
            CHANGES[name][0](document)
            written(document)
        except (KeyError, StopIteration, ValueError):
            document = before
    return document


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(several_changes, several_changes)
def test_comparing_is_the_same_both_ways(some: list[str], others: list[str]) -> None:
    """Laws: nothing has changed from a document to itself; what is added one way is removed the other way."""
    one, other = written(changed(some)), written(changed(others))
    assert [] == diff(one, one)
    there, back = diff(one, other), diff(other, one)
    turned: dict[str, Any] = {"added": "removed", "removed": "added", "changed": "changed"}
    # An operation that has moved is told of where it is now.
    again = [Change("", found.place, turned[found.kind], found.what, found.new, found.old) for found in back]
    assert sorted(evolve(found, resource="", breaks=False) for found in there) == sorted(again)
    assert {found.breaks for found in there if found.kind == "removed" and " value " not in found.place} <= {True}


# -- how it is told -----------------------------------------------------------------------------------------------

TOLD = [
    Change("beds", "Bed#index filter wet", "added"),
    Change("plants", "Plant#create body pond", "changed", "required", "no", "yes", breaks=True),
    Change("plants", "field Plant.name", "removed", breaks=True),
]


def test_what_breaks_comes_first() -> None:
    """Two parts, each by resource; each part says how many there are of it."""
    assert """\
Can break a caller: 2
  plants
    changed  Plant#create body pond: required no -> yes
    removed  field Plant.name
Break nobody: 1
  beds
    added    Bed#index filter wet
""" == as_text(TOLD)
    assert as_text(TOLD[:1]).startswith("Break nobody: 1\n")
    assert "No changes.\n" == as_text([])


def test_json_holds_all_that_is_known() -> None:
    """An array of objects, from which the changes can be made again."""
    assert TOLD == [Change(**found) for found in json.loads(as_json(TOLD))]
    assert [] == json.loads(as_json([]))


def test_the_status_tells_whether_a_caller_can_break() -> None:
    """0, 1 and 3; 2 is left to mistakes in the arguments."""
    assert (0, 1, 3) == (status([]), status(TOLD[:1]), status(TOLD))


def files(tmp_path: Path, *names: str) -> list[str]:
    found = [tmp_path / f"{index}.json" for index in range(len(names) + 1)]
    for path, given_names in zip(found, [[], *([name] for name in names)], strict=True):
        path.write_text(json.dumps(changed(given_names)))
    return [str(path) for path in found]


def test_it_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`diff OLD NEW` prints the changes and ends with their status; `--json` prints them as JSON."""
    old, new, broken = files(tmp_path, "field", "type of a field")
    assert (0, "No changes.\n") == (main(["diff", old, old]), capsys.readouterr().out)
    assert 1 == main(["diff", old, new])
    assert "Break nobody: 1\n  weather\n    added    field Weather.hail\n" == capsys.readouterr().out
    assert 3 == main(["diff", old, broken, "--json"])
    [told_of] = json.loads(capsys.readouterr().out)
    assert ("field Weather.rain", "type", "decimal", "integer") == tuple(
        told_of[key] for key in ("place", "what", "old", "new")
    )


@pytest.mark.parametrize("wrong", [[], ["one.json"], ["--odd"]])
def test_a_mistake_in_the_arguments_ends_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed where the changes would be."""
    with pytest.raises(SystemExit) as caught:
        main(["diff", *wrong])
    said = capsys.readouterr()
    assert (2, "") == (caught.value.code, said.out)
    assert "usage: python -m clio_async._codegen diff" in said.err


def two_of_one_name(document: Document) -> None:
    verb(document, "/weather.json")["operationId"] = "Bed#index"


def in_itself(document: Document) -> None:
    document["components"]["schemas"]["Seed"]["allOf"].append(ref("Seed"))


UNREADABLE: dict[str, tuple[Callable[[Document], Any], str]] = {
    "several types": (
        lambda d: schema(d, "Weather").update(rain={"oneOf": [STRING, NUMBER]}),
        "field Weather.rain: the document gives no type, but oneOf",
    ),
    "no type": (lambda d: schema(d, "Weather").update(rain={}), "field Weather.rain: the document gives no type, but"),
    "no items": (
        lambda d: schema(d, "Plant_base")["nicknames"].pop("items"),
        "field Plant.nicknames: it has no 'items'",
    ),
    "list of a filter": (
        lambda d: asked(d, "ids[]").update(schema=several(STRING)),
        "Plant#index.ids: the document holds a type that the generator does not know",
    ),
    "type of an attribute": (
        lambda d: sent(d)["properties"]["soil"]["properties"].update(acid={"anyOf": []}),
        "Plant#create.soil.acid: the document gives no type, but anyOf",
    ),
    "two of one name": (two_of_one_name, "GET /weather.json: another operation is Bed#index, too"),
    "no name": (lambda d: verb(d, "/weather.json").pop("operationId"), "GET /weather.json: it has no 'operationId'"),
    "parameters of a path": (
        lambda d: d["paths"]["/weather.json"].update(parameters=[]),
        "PARAMETERS /weather.json: it is not of the form",
    ),
    "no schema": (
        lambda d: schema(d, "Bed").update(spade=ref("Shovel")),
        "field Bed.spade: there is no schema Shovel",
    ),
    "in itself": (in_itself, "it is nested too deep, or in itself"),
    "servers": (lambda d: d.update(servers=["https://moon.example"]), "servers: it is not of the form"),
    "nothing": (lambda d: d.clear(), "the document: it has no 'components'"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("verb", ["diff", "generate"])
def test_a_document_that_cannot_be_read_ends_with_2(
    name: str, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says which document, where in it, and what it is; nothing is compared or written."""
    change, expected = UNREADABLE[name]
    document = garden()
    change(document)
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(garden()))
    new.write_text(json.dumps(document))
    root = tmp_path / "root"
    arguments = ["diff", str(old), str(new)] if verb == "diff" else [str(new), "--root", str(root)]
    assert 2 == main(arguments)
    said = capsys.readouterr()
    [line] = said.err.splitlines()
    assert line.startswith(f"{new}: ")
    assert expected in line
    assert ("", False) == (said.out, root.exists())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "No such file or directory"),
        (b"no json", "it is no JSON: Expecting value"),
        (b'"\xff"', "it is no JSON: "),
        (b"[]", "the document: it is not of the form"),
        (b"[" * 200_000, "it is nested too deep"),
    ],
    ids=["missing", "text", "bytes", "list", "deep"],
)
def test_a_file_that_cannot_be_read_ends_with_2(
    content: bytes | None, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names the file, for the generator and for either document of a comparison."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(garden()))
    if content is not None:
        bad.write_bytes(content)
    for arguments in (["diff", str(good), str(bad)], ["diff", str(bad), str(good)], [str(bad), "--check"]):
        assert 2 == main(arguments)
        said = capsys.readouterr()
        [line] = said.err.splitlines()
        assert line.startswith(f"{bad}: {expected}")
        assert "" == said.out


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in items for place in [(value, key), *nodes(inner)]]


ODD: list[Callable[[], Any]] = [
    lambda: None,
    lambda: 0,
    lambda: True,
    lambda: "x",
    list,
    dict,
    lambda: [None],
    lambda: ["x"],
    lambda: {"x": None},
    lambda: ref("Bed"),
    lambda: ref("?"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_unreadable_or_compared(data: st.DataObject) -> None:
    """Law: whatever stands at any place of a document, it is compared both ways, or said to be unreadable."""
    document = garden()
    places = nodes(document)
    for number in data.draw(st.lists(st.integers(0, len(places) - 1), min_size=1, max_size=3)):
        holder, key = places[number]
        holder[key] = data.draw(st.sampled_from([*ODD]))()
    try:
        found = written(document)
    except Unreadable:
        return
    assert len(diff(written(garden()), found)) == len(diff(found, written(garden())))


# -- Clio's documents ---------------------------------------------------------------------------------------------


@pytest.fixture
def clios(monkeypatch: pytest.MonkeyPatch) -> list[Change]:
    """What changed from 2025-08-13 to 2026-04-08, read with Clio's own overlay."""
    present(OLDER), present(CURRENT)
    monkeypatch.undo()
    return diff(written(parsed(OLDER)), written(parsed(CURRENT)))


def places(changes: list[Change], kind: str, *, within: str = "") -> set[str]:
    return {change.place for change in changes if change.kind == kind and within in change.place}


def test_the_sizes_of_the_two_documents() -> None:
    """154 paths and 277 operations, 156 and 282; the older one has 388 schemas, the newer one 392."""
    sizes = [
        (len(found["paths"]), sum(map(len, found["paths"].values())), len(found["components"]["schemas"]))
        for found in (parsed(OLDER), parsed(CURRENT))
    ]
    assert [(154, 277, 388), (156, 282, 392)] == sizes


def test_operations_that_clio_added(clios: list[Change]) -> None:
    """Bank transactions can be written, submissions be listed, an old version be made the latest; none is gone."""
    added = {place for place in places(clios, "added") if " " not in place}
    assert {
        *("BankTransaction#create", "BankTransaction#update", "BankTransaction#destroy"),
        *("ClioFile::Submission#index", "DocumentVersion#save_as_latest_version"),
    } == added
    assert set() == {place for place in places(clios, "removed") if " " not in place}


def test_filters_that_clio_added_and_removed(clios: list[Change]) -> None:
    """Three filters came, and three orders; one order went, which is all that can break a caller between the two."""
    came = {place for place in places(clios, "added", within=" filter ") if " value " not in place}
    assert {
        "BankAccount#index filter status",
        "BankTransaction#index filter unreconciled_only",
        "Bill#index filter bill_number",
    } == came
    orders = {place.partition("(")[0] for place in places(clios, "added", within="filter order value")}
    assert {
        "Folder#index filter order value updated_at",
        "Matter#index filter order value clients",
        "RelatedContacts#index filter order value contact.name",
    } == orders
    gone = {f"User#index filter order value email({way})" for way in ("asc", "desc")}
    assert gone == places(clios, "removed") == {change.place for change in clios if change.breaks}
    assert set() == places(clios, "changed")


def test_bodies_that_clio_widened(clios: list[Change]) -> None:
    """What a bank account belongs to, the fields of a set, and know-your-customer values."""
    came = {place for place in places(clios, "added", within=" body ") if " value " not in place}
    assert came == {
        f"{resource}#{verb} body {attribute}"
        for verb in ("create", "update")
        for resource, attribute in [
            ("BankAccount", "client"),
            ("BankAccount", "matter"),
            ("Contact", "kyc_field_values"),
            ("Matter", "kyc_field_values"),
            ("CustomFieldSet", "custom_field_ids"),
        ]
    }


def test_values_that_clio_added(clios: list[Change]) -> None:
    """Three kinds of report, wherever they are told of; six of log entries, four of subjects."""
    values = places(clios, "added", within=" value ")
    kinds = {place.rpartition(" ")[2] for place in values if "kind value" in place}
    assert {"currency_conversion_gain_loss", "matter_ledger_full", "potential_trust_to_office"} == kinds
    assert 3 * 6 == len([place for place in values if "kind value" in place])  # asked, sent and answered
    assert 6 == len([place for place in values if place.startswith("field LogEntry.type ")])
    subjects = {place.rpartition(" ")[2] for place in values if place.startswith("field PolymorphicObject.type ")}
    assert {"Communication", "Conversation", "Document", "TextMessageConversation"} == subjects


def test_records_and_fields_that_clio_added(clios: list[Change]) -> None:
    """Two records and eighteen fields."""
    assert {"record ClioFileSubmissionsReport", "record KycFieldValue"} == places(clios, "added", within="record ")
    came = {
        place
        for place in places(clios, "added", within="field ")
        if place.startswith("field ") and " value " not in place
    }
    assert came == {
        *("field Matter.kyc_field_values", "field Contact.kyc_field_values", "field Comment.deleted_at"),
        *(f"field CalendarEntry.{name}" for name in ("start_date", "start_time", "end_date", "end_time")),
        *("field BillingSetting.apply_secondary_tax_by_default", "field LegalAidUkBill.fee_code"),
        *(f"field LaukCivilControlledRate.{name}" for name in ("matter_type_1", "matter_type_2")),
        *(
            f"field Lauk{of}ControlledRate.post_dec25_{name}"
            for of in ("Civil", "Criminal")
            for name in ("exceptional", "fee")
        ),
    }


def test_what_an_even_older_document_had_otherwise_is_the_same_in_both(clios: list[Change]) -> None:
    """What changed before 2025-08-13 is no change between the two: both have it already."""
    for document in (parsed(OLDER), parsed(CURRENT)):
        api = written(document)
        operations = {found.id: found for resource in api.resources.values() for found in resource.operations.values()}
        assert {"locked", "currency_id"} <= {*operations["Document#index"].filters, *operations["Matter#index"].filters}
        for name in ("Matter#create", "Matter#update"):
            assert "responsible_staff" in operations[name].attributes
        assert "description_text_type" in operations["TaskTemplate#create"].attributes
        communication = operations["Communication#create"].attributes
        assert ("date" in communication, communication["received_at"].required) == (False, True)
        bill = operations["MedicalBill#update"].attributes
        assert ("mark_balance_as_lien" in bill, "mark_balance_type_as" in bill) == (False, True)
        assert "draft" in operations["Task#index"].filters["status"].enum
        fields = {
            name: api.schemas[name].fields for name in ("Matter", "Contact", "ActivityDescription", "ExpenseCategory")
        }
        assert all("currency" in found for found in fields.values())
        assert {"responsible_staff", "attorney_allocation"} <= {*fields["Matter"]}
        assert "payment_source_type" in api.schemas["Payment_base"].fields
        assert "multi_currency_billing" in api.schemas["BillingSetting_base"].fields
        assert "document_versions" not in api.schemas["Document"].fields
        assert "total_outstanding_balance_by_currency" not in api.schemas["OutstandingClientBalance"].fields


def test_clios_documents_compare_the_same_both_ways(clios: list[Change]) -> None:
    """The law, on them."""
    back = diff(written(parsed(CURRENT)), written(parsed(OLDER)))
    assert [] == diff(written(parsed(CURRENT)), written(parsed(CURRENT)))
    assert places(clios, "added") == places(back, "removed")
    assert places(clios, "removed") == places(back, "added")
    assert (71, 71) == (len(clios), len(back))
