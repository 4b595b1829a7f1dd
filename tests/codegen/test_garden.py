"""What the generator makes of a made-up document, line by line: every rule and every table of the overlay is used."""

from __future__ import annotations

import ast
import copy
import hashlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import clio_async
from clio_async._codegen import methods, overlay
from clio_async._codegen.__main__ import generated, main
from clio_async._codegen.document import Api, read
from clio_async._codegen.tables import resource_text, schema_text
from clio_async._codegen.verbs import resource_modules
from clio_async.errors import FieldNotRequested
from clio_async.models import derived
from clio_async.models.registry import parse_resource, parse_schema
from clio_async.models.schema import Operation

from .garden import DOCUMENT, OVERLAY, PROSE

SPEC = json.dumps(DOCUMENT).encode()
PACKAGE = Path(clio_async.__file__).parent


@pytest.fixture
def gardened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the garden's overlay in the place of Clio's, table by table."""
    for name, table in OVERLAY.items():
        monkeypatch.setattr(overlay, name, table)


@pytest.fixture
def api(gardened: None) -> Api:
    return read(DOCUMENT)


@pytest.fixture
def files(gardened: None) -> dict[str, str]:
    return generated(SPEC)


def run(name: str, source: str) -> dict[str, Any]:
    """Run a generated module in its place in the package, without leaving it there."""
    package = "clio_async." + name.rpartition("/")[0].replace("/", ".")
    values: dict[str, Any] = {"__name__": f"{package}.made_up", "__package__": package}
    exec(compile(source, name, "exec", dont_inherit=True), values)
    return values


def annotated(source: str, name: str) -> dict[str, str]:
    """Return the annotated names of a class in a source, wherever it stands."""
    found = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef) and node.name == name)
    return {
        ast.unparse(line.target): ast.unparse(line.annotation) for line in found.body if isinstance(line, ast.AnnAssign)
    }


def heads(source: str, verb: str) -> list[str]:
    """Return the signatures of a verb: its overloads, if any, and the one of run time."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    written = sorted((node for node in found if node.name == verb), key=lambda node: node.lineno)
    return [f"({ast.unparse(node.args)}) -> {ast.unparse(node.returns or node)}" for node in written]


# -- what is read -------------------------------------------------------------------------------------------------


def test_the_garden_has_every_table_of_the_overlay() -> None:
    """Nothing of Clio's own overlay is left in these tests."""
    assert {name for name in vars(overlay) if name.isupper()} == OVERLAY.keys()


@pytest.mark.parametrize(
    ("schema", "lines"),
    [
        (
            "Plant_base",
            """\
id integer !
etag etag
name string
kind string : tree|herb
height decimal
age decimal hours
hardy boolean
planted_on date
watered_at datetime
nicknames string[]
soil object
remark json
leaf_count integer ~
leaf_colour string""",
        ),
        ("Bed", "id integer !\nspade -> Spade_base\nnext -> Bed\nlabel -> Bed_Label\ntrellis -> Trellis"),
        ("Bed_Label", "id string !\ntype string : Plant|Flowerbed"),
        ("Huks", "id integer !\nlayer_count integer ~ seconds\nhair -> Hair"),
        ("Spade_base", "id integer"),
        ("Lichen", "moss => Moss"),
        ("Weather", "rain decimal !\nwind string"),
    ],
)
def test_schemas_hold_kinds_flags_and_associations(api: Api, schema: str, lines: str) -> None:
    """Own attributes come first; the overlay says what is derived, never null, or of another kind."""
    assert lines == schema_text(api.schemas[schema])


def test_what_is_inherited_comes_first(api: Api) -> None:
    """A schema that builds upon another has its fields, and then its own."""
    more = "\nbed -> Bed_base\nseeds => Seed_base\nspade -> Spade_base"
    assert schema_text(api.schemas["Plant_base"]) + more == schema_text(api.schemas["Plant"])


def test_envelopes_and_errors_are_not_records(api: Api) -> None:
    """What only wraps records has no class."""
    assert [] == [name for name in api.schemas if name.endswith(("_Show", "_List")) or name == "Error"]


RESOURCES = {
    "beds": """\
/beds Bed
Bed#index list GET /beds.json 200 list Bed versioned fields paged limit=200
?updated_since datetime
Bed#photo photo GET /beds/{id}/photo.json 303 redirect - versioned
Bed#list walk GET /beds/{id}/list.json 200 list Plant versioned fields
Bed#dig dig PUT /beds/{id}/dig.json 200 empty -""",
    "plants": """\
/plants Plant
Plant#index list GET /plants.json 200 list Plant versioned conditional fields paged offset limit=50
?bed_id integer nullable
?colour string : red|yellow|green|blue|white, if hyphen-ated words make a line too long for any of these few lines|no
?custom_field_values json wire=custom_field_values[{}] comparison
?from_ datetime wire=from
?hardy boolean required
?ids integer wire=ids[] many
?include_deleted boolean
?kind string comma : tree|herb
?planted_on date comparison
?shade_bed_id decimal wire=shade[bed_id]
?tone string : x
?updated_since datetime
Plant#create create POST /plants.json 201 record Plant versioned fields
?notify boolean
=name string
=bedding string
=bed object !
==id integer !
=kind string : tree|herb
=colour string : red|yellow|green|blue|white, if hyphen-ated words make a line too long for any of these few lines|no
=height decimal
=age decimal seconds
=planted_on date
=nicknames string[]
=seeds object[]
=gardener object
==id integer !
==name string
=spade object
==id string
=soil object
==acid json !
==layers object[]
===depth integer
=fence object never-null
==id integer never-null
=pots object[]
==id integer never-null
=hedge object null-by-id
==id integer null-by-id
=pond string never-null
=owner string never-null ignored
=fields string
Plant#ids ids GET /plants/ids.json 200 ids - versioned fields paged offset
?hardy boolean
Plant#show get GET /plants/{id}.json 200 record Plant versioned conditional fields
Plant#update update PATCH /plants/{id}.json 200 record Plant versioned if_match fields
=name string
=age decimal hours ignored
=owner string never-null ignored
=custom_field_values object[]
==id integer
==value string
Plant#destroy delete DELETE /plants/{id}.json 204 empty - versioned if_match
Plant#label label GET /plants/{id}/label.json 200 text - versioned
Plant#scent scent GET /plants/{id}/scent.json 200 empty - versioned
Plant#photo photo GET /plants/{id}/photo.json 303 redirect - versioned
?day date
Plant#prune prune POST /plants/{id}/prune.json 204 empty - versioned if_match
=by decimal
Plant#graft graft POST /plants/{id}/graft.json 201 record Plant versioned fields
=onto integer
=colour string : a|b|c|d|e
=twig string : a|b|c|d|e
Plant#copy copy POST /plants/{id}/copy.json 200 record Plant versioned""",
    "sown": """\
/beds/{bed_id}/seeds Seed
Seed#show get GET /beds/{bed_id}/seeds/{id}.json 200 record Seed versioned""",
    "weather": """\
/weather Weather
Weather#show get GET /weather.json 200 record Weather versioned
?day date""",
}


def test_resources_hold_operations_filters_and_bodies(api: Api) -> None:
    """One block for each operation: its answer and flags, its filters (?), its body (=), its names."""
    assert RESOURCES == {name: resource_text(found) for name, found in api.resources.items()}


def test_the_tables_of_the_garden_read_back(api: Api) -> None:
    """Law: parsing the text of a schema or resource gives an equal one, down to the last attribute."""
    for name, schema in api.schemas.items():
        assert dict(schema.fields) == dict(parse_schema(name, schema_text(schema)).fields)
    for name, resource in api.resources.items():
        again = parse_resource(name, resource_text(resource))
        assert (resource, dict(resource.operations)) == (again, dict(again.operations))


def test_a_schema_belongs_to_the_collections_of_the_kinds_it_names(api: Api) -> None:
    """By its resource, by the overlay, or by the values of its `type`; what the document does not know is left out."""
    shown = {"Bed": ("/beds",), "Plant": ("/plants",), "Seed": ("/seeds",), "Weather": ("/weather",)}
    assert shown | {"Bed_Label": ("/plants", "/beds")} == api.collections


# -- what is written ----------------------------------------------------------------------------------------------


def test_the_registry_runs_and_holds_what_was_read(api: Api, files: dict[str, str]) -> None:
    """The written tables are Python, and carry the overlay's own with them."""
    schemas = run("models/_generated/schemas.py", files["models/_generated/schemas.py"])
    assert {name: schema_text(found) for name, found in api.schemas.items()} == schemas["SCHEMAS"]
    assert api.collections == schemas["COLLECTIONS"]
    assert {"Plant": ("name", "kind")} == schemas["DEFAULTS"]
    assert {"Huks", "Weather"} == schemas["READ_IN_FULL"]
    assert {"Plant": (("height", "planted_on"), ("kind", "name", "bed"))} == schemas["ATOMS"]
    assert {"Plant": ("height",)} == schemas["NEVER_MERGED"]
    operations = run("models/_generated/operations.py", files["models/_generated/operations.py"])
    assert RESOURCES == operations["RESOURCES"]
    assert {"Plant#destroy"} == operations["STATE_MACHINE_DELETES"]
    assert ("beds", "walk") == operations["PATHS"]["GET /beds/{}/list"]
    assert ("sown", "get") == operations["PATHS"]["GET /beds/{}/seeds/{}"]
    assert sum(len(found.operations) for found in api.resources.values()) == len(operations["PATHS"])


def test_each_class_stands_where_it_is_used(files: dict[str, str]) -> None:
    """With its resource, with the only module that refers to it, or with those that several share."""
    beds, plants = dict.fromkeys(["Bed", "BedLabel", "Trellis"], "beds"), {"Plant": "plants"}
    shared = dict.fromkeys(["Lichen", "Moss", "Spade"], "shared")
    package = run("models/_generated/__init__.py", files["models/_generated/__init__.py"])
    rest = dict.fromkeys(["Hair", "Husk", "Seed"], "sown") | {"Weather": "weather"}
    assert beds | plants | shared | rest == package["MODULES"]
    assert ("Husk", "BedLabel") == (package["CLASSES"]["Huks"], package["CLASSES"]["Bed_Label"])


def test_records_are_annotated(files: dict[str, str]) -> None:
    """Every field has the Python type of its kind, and may be null unless the overlay knows better."""
    assert {
        "id": "int",
        "etag": "RecordETag | None",
        "name": "str | None",
        "kind": "Literal['tree', 'herb'] | str | None",
        "height": "Decimal | None",
        "age": "Decimal | None",
        "hardy": "bool | None",
        "planted_on": "dt.date | None",
        "watered_at": "dt.datetime | None",
        "nicknames": "tuple[str, ...] | None",
        "soil": "JsonObject | None",
        "remark": "Any",
        "leaf_count": "int | None",
        "leaf_colour": "str | None",
        "bed": "Bed | None",
        "seeds": "tuple[Seed, ...] | None",
        "spade": "Spade | None",
    } == annotated(files["models/_generated/plants.py"], "Plant")
    assert "from .sown import Seed\n" in files["models/_generated/plants.py"]
    assert {"rain": "Decimal", "wind": "str | None"} == annotated(files["models/_generated/weather.py"], "Weather")


def test_records_run(files: dict[str, str]) -> None:
    """A written class is a record: what was not asked for is not there; it says what its etag does not cover."""
    plant = run("models/_generated/plants.py", files["models/_generated/plants.py"])["Plant"]
    with pytest.raises(FieldNotRequested):
        _ = plant.__new__(plant).name
    first, rest = inspect.getdoc(plant).split("\n\n")
    assert "Clio's Plant." == first
    assert rest.endswith("not covered by the etag: leaf_count.")


def test_records_say_more_of_themselves(files: dict[str, str]) -> None:
    """A property of the overlay is written with its docstring and its function; it needs no import at run time."""
    plant = run("models/_generated/plants.py", files["models/_generated/plants.py"])["Plant"]
    assert ("How long it has grown.", derived.duration.__name__) == (
        plant.grown_for.__doc__,
        plant.grown_for.fget.__code__.co_names[-1],
    )
    weather = files["models/_generated/weather.py"]
    assert "from ..custom_fields import CustomFieldsView\n" in weather
    assert (
        "CustomFieldsView"
        == run("models/_generated/weather.py", weather)["Weather"].values.fget.__annotations__["return"]
    )
    assert "derived" not in files["models/_generated/sown.py"].replace("Derived", "")


def test_what_calls_take_is_typed(files: dict[str, str]) -> None:
    """Filters and bodies are typed dictionaries; objects inside of bodies have their own."""
    source = files["resources/_generated/plants.py"]
    kind = "Literal['tree', 'herb'] | str"
    assert {
        "bed_id": "int | HasId | None",
        "colour": "Colour | str",
        "custom_field_values": "Mapping[int, Any]",
        "from_": "dt.datetime",
        "hardy": "Required[bool]",
        "ids": "Iterable[int | HasId]",
        "include_deleted": "bool",
        "kind": f"{kind} | Iterable[{kind}]",
        "planted_on": "Compared[dt.date]",
        "shade_bed_id": "Number",
        "tone": "Literal['x'] | str",
        "updated_since": "dt.datetime",
    } == annotated(source, "PlantFilters")
    assert {
        "notify": "bool",
        "name": "str | None",
        "bedding": "str | None",
        "bed": "Required[Associated]",
        "kind": f"{kind} | None",
        "colour": "Colour | str | None",
        "height": "Number | None",
        "age": "Number | dt.timedelta | None",
        "planted_on": "dt.date | None",
        "nicknames": "Sequence[str] | None",
        "seeds": "Sequence[Mapping[str, Any]] | None",
        "gardener": "NewPlantGardener | HasId | None",
        "spade": "NewPlantSpade | HasId | None",
        "soil": "NewPlantSoil | None",
        "fence": "Associated",
        "pots": "Sequence[Associated] | None",
        "hedge": "Associated | None",
        "pond": "str",
        "owner": "str",
        "fields_": "str | None",
    } == annotated(source, "NewPlant")
    assert {"id": "Required[int]", "name": "str | None"} == annotated(source, "NewPlantGardener")
    layers = "Sequence[NewPlantSoilLayers] | None"
    assert {"acid": "Required[Any]", "layers": layers} == annotated(source, "NewPlantSoil")
    assert {"day": "dt.date"} == annotated(files["resources/_generated/weather.py"], "WeatherQuery")


def test_verbs_are_overloaded_for_the_type_that_is_asked_for(files: dict[str, str]) -> None:
    """A class as `fields` is what comes back; a verb without a record has no `fields`, and one signature."""
    source = files["resources/_generated/plants.py"]
    query, names = (
        "extra_query: ExtraQuery | None=None",
        ["fields: type[T]", "fields: Names=None", "fields: Fields=None"],
    )
    answers = ["T", "Plant", "Any"]
    read_one = [f"(self, id: int | HasId, /, *, {name}, {query}) -> " for name in names]
    assert [head + answer for head, answer in zip(read_one, answers, strict=True)] == heads(source, "get")
    tag = "if_match: RecordETag | None=None"
    assert [f"(self, id: int | HasId, /, *, {tag}, {query}) -> None"] == heads(source, "delete")
    update, conflict = heads(source, "update"), "on_conflict: OnConflict='raise'"
    assert all(head.startswith(f"(self, target: int | HasETag, /, *, {tag}, {conflict}, fields: ") for head in update)
    assert update[1].endswith("**changes: Unpack[PlantChanges]) -> Plant")
    assert ["Plant"] == [head.rpartition("-> ")[2] for head in heads(source, "copy")]  # it takes no `fields`
    assert "(self, *, fields: type[T]" in heads(files["resources/_generated/beds.py"], "list")[0]


def test_an_edit_takes_what_an_update_does(files: dict[str, str]) -> None:
    """As a block or by a function, of the record or of the class that is asked for; custom fields only where they are.

    All of that is for type checkers: at run time there is one `edit` for all resources.
    """
    source = files["resources/_generated/plants.py"]
    target = "(self, target: int | HasId, "
    change = "change: Callable[[{}], PlantChanges | Mapping[str, Any]], /, *, "
    rest = ", attempts: int=20) -> Awaitable"
    assert [
        f"{target}/, *, fields: type[T]) -> PlantEdit[T]",
        f"{target}/, *, fields: Names=None) -> PlantEdit[Plant]",
        f"{target}{change.format('T')}fields: type[T]{rest}[T]",
        f"{target}{change.format('Plant')}fields: Names=None{rest}[Plant]",
        "(self, *given: Any, **options: Any) -> Any",
    ] == heads(source, "edit")
    assert ["(self, **changes: Unpack[PlantChanges]) -> None"] == heads(source, "set")
    assert ["(self, values: Mapping[Any, Any], /) -> None"] == heads(source, "set_custom_fields")
    assert "edit" not in vars(run("resources/_generated/plants.py", source)["Plants"])
    others = [files[f"resources/_generated/{name}.py"] for name in ("beds", "sown", "weather")]
    assert [[], [], []] == [heads(source, "edit") for source in others]


def test_what_cannot_be_read_or_guarded_has_no_edit(api: Api) -> None:
    """It takes an update that a tag guards, and the show of the same record, which shows the tag."""
    plants = api.resources["plants"]
    update, get = plants.operations["update"], plants.operations["get"]

    def edited(**others: Operation | None) -> bool:
        operations = {name: found for name, found in ({**plants.operations} | others).items() if found is not None}
        made = resource_modules(evolve(api, resources={"plants": evolve(plants, operations=operations)}))
        return "EditsRecords" in made["plants.py"].partition("class Plants(")[2].partition(":")[0]

    assert edited()
    assert not edited(update=None)
    assert not edited(get=None)
    assert not edited(update=evolve(update, if_match=False))
    assert not edited(get=evolve(get, path="/plants/{id}/whole.json"))
    assert not edited(get=evolve(get, schema="Seed"))
    assert not edited(update=evolve(update, schema="Seed"), get=evolve(get, schema="Seed"))  # it has no etag


def test_long_lists_of_values_get_a_name(files: dict[str, str]) -> None:
    """One name for equal values, wherever they are; a taken one is preceded by its owner's. No value is broken up."""
    source = files["resources/_generated/plants.py"]
    aliases = {name: values for name, values in annotated_aliases(source).items() if name != "T"}
    colours = (
        "red",
        "yellow",
        "green",
        "blue",
        "white, if hyphen-ated words make a line too long for any of these few lines",
    )
    assert {"Colour": (*colours, "no"), "GraftPlantColour": tuple("abcde")} == aliases
    hints = {"onto": "int | None", "colour": "GraftPlantColour | str | None", "twig": "GraftPlantColour | str | None"}
    assert hints == annotated(source, "GraftPlant")
    assert max(map(len, source.splitlines())) <= 120


def annotated_aliases(source: str) -> dict[str, tuple[str, ...]]:
    """Return the names of lists of values in a source, with the values."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.AnnAssign) and node.simple]
    return {
        ast.unparse(node.target): ast.literal_eval(node.value.slice)
        for node in found
        if isinstance(node.value, ast.Subscript)
    }


def test_irregular_reads_have_verbs_of_their_own(files: dict[str, str]) -> None:
    """Bare ids, texts and redirects are read each in its way; what is written by hand or not understood has no verb."""
    verbs_of_plants = {"list", "iter_changes", "ids", "label", "photo_url"}
    verbs_of_plants |= {"create", "get", "update", "delete", "prune", "graft", "copy"}
    plants = run("resources/_generated/plants.py", files["resources/_generated/plants.py"])["Plants"]
    assert verbs_of_plants == {name for name in vars(plants) if not name.startswith("_")}
    beds = run("resources/_generated/beds.py", files["resources/_generated/beds.py"])["Beds"]
    assert {"list", "iter_changes", "walk", "portrait_url"} == {name for name in vars(beds) if not name.startswith("_")}
    source, query = files["resources/_generated/plants.py"], "extra_query: ExtraQuery | None=None"
    walk = "resume: str | None=None, prefetch: int=0"
    assert [f"(self, *, {walk}, {query}, **filters: Unpack[PlantIdsFilters]) -> Pages[int]"] == heads(source, "ids")
    assert [f"(self, id: int | HasId, /, *, {query}) -> str"] == heads(source, "label")
    assert [f"(self, id: int | HasId, /, *, {query}, **filters: Unpack[PlantPhotoQuery]) -> Secret"] == (
        heads(source, "photo_url")
    )


def test_what_cannot_be_paged_takes_nothing_for_it(files: dict[str, str]) -> None:
    """A list without pages has neither their size nor a token; one whose pages have no size has no size."""
    assert heads(files["resources/_generated/beds.py"], "walk")[0].startswith(
        "(self, id: int | HasId, /, *, fields: type[T], extra_query: "
    )
    assert "limit" not in heads(files["resources/_generated/plants.py"], "ids")[0]


def test_resources_have_the_verbs_that_many_have(files: dict[str, str]) -> None:
    """By ids where a list can be narrowed to them, conditionally where a single record can be, and custom fields."""
    bases = {
        name: [ast.unparse(base) for base in node.bases]
        for name in ("plants", "beds", "sown", "weather")
        for node in ast.parse(files[f"resources/_generated/{name}.py"]).body
        if isinstance(node, ast.ClassDef)
    }
    assert {
        "plants": ["SetsCustomFields", "EditsRecords", "GetsMany['Plant']", "GetsIfChanged['Plant']", "ResourceBase"],
        "beds": ["ResourceBase"],
        "sown": ["ResourceBase"],
        "weather": ["ResourceBase"],
    } == bases


def test_a_class_by_hand_stands_for_the_generated_one(files: dict[str, str]) -> None:
    """The client takes it from its own module, which is above the generated ones."""
    package = run("resources/_generated/__init__.py", files["resources/_generated/__init__.py"])
    assert {
        "beds": (".beds", "Beds"),
        "plants": (".plants", "Plants"),
        "sown": (".sown", "Sown"),
        "weather": ("..weather", "WeatherResource"),
    } == package["RESOURCES"]
    assert "from ..weather import WeatherResource\n" in files["resources/_generated/__init__.py"]


def recording(resource: type[Any]) -> Any:
    """Make a resource that says what its verbs pass on."""

    def note(_: Any, *given: Any) -> tuple[Any, ...]:
        return given

    async def note_later(_: Any, *given: Any) -> tuple[Any, ...]:
        noted.append(given)
        return given

    noted: list[tuple[Any, ...]] = []
    now = dict.fromkeys(["_list", "_bare_ids", "_changes"], note)
    later = dict.fromkeys(["_read", "_update", "_write", "_text", "_redirect"], note_later)
    recorder: Any = type("Recorder", (resource,), {"noted": noted} | now | later)
    return recorder.__new__(recorder)


async def test_verbs_pass_on_what_they_are_given(files: dict[str, str]) -> None:
    """Each calls the one method of the base that does its work, with its action, its ids and its arguments."""
    names = {"plants": "Plants", "beds": "Beds", "sown": "Sown", "weather": "WeatherResource"}
    made = {name: f"resources/_generated/{name}.py" for name in names}
    plants, beds, sown, weather = (recording(run(made[name], files[made[name]])[names[name]]) for name in names)
    listed = plants.list(limit=5, resume="token", prefetch=2, hardy=True)
    assert ("list", (), None, 5, "token", 2, {"hardy": True}, None) == listed
    assert ("walk", (1,), "id", None, None, 0, {}, {"a": "b"}) == beds.walk(1, fields="id", extra_query={"a": "b"})
    assert ("ids", (), None, "token", 1, {"hardy": True}, None) == plants.ids(resume="token", prefetch=1, hardy=True)
    assert ((), "mark", "id", {"hardy": True}, None) == plants.iter_changes("mark", fields="id", hardy=True)
    assert ("label", (1,), {}, {"a": "b"}) == await plants.label(1, extra_query={"a": "b"})
    assert ("photo", (1,), {"day": "x"}, None) == await plants.photo_url(1, day="x")
    assert ("photo", (1,), {}, None) == await beds.portrait_url(1)
    assert ("get", (1, 2), None, {}, None) == await sown.get(1, 2)
    assert ("get", (), None, {"day": "x"}, None) == await weather.get(day="x")
    assert ("create", (), None, {"name": "Ivy"}, None, {"c": 1}) == await plants.create(name="Ivy", extra_json={"c": 1})
    assert (7, None, '"e"', {"name": None}, None, None, "raise") == await plants.update(7, if_match='"e"', name=None)
    merging = await plants.update(7, on_conflict="merge", name=None)
    assert (7, None, None, {"name": None}, None, None, "merge") == merging
    assert ("graft", (1,), "id", {"onto": 2}, None, None) == await plants.graft(1, fields="id", onto=2)
    assert ("copy", (1,), None, None, None, None) == await plants.copy(1)
    assert await plants.delete(1, if_match='"e"') is None
    assert await plants.prune(1, by=2) is None
    assert [
        ("delete", (1,), None, None, None, None, '"e"'),
        ("prune", (1,), None, {"by": 2}, None, None, None),
    ] == plants.noted[-2:]


def test_docstrings_say_what_a_verb_does(files: dict[str, str]) -> None:
    """A page's greatest size is told where there is one; an action of Clio's own is left to Clio's documentation."""
    plants = run("resources/_generated/plants.py", files["resources/_generated/plants.py"])["Plants"]
    beds = run("resources/_generated/beds.py", files["resources/_generated/beds.py"])["Beds"]
    said = {name: inspect.getdoc(getattr(plants, name)) or "" for name in ("list", "get", "create", "copy", "prune")}
    paged = "List them. `limit` is the size of a page, at most {}; `resume` a token of `Pages.resume_token`."
    assert paged.format(50) == said["list"].partition("\n")[0]
    assert paged.format(200) == (inspect.getdoc(beds.list) or "").partition("\n")[0]
    assert "List them." == (inspect.getdoc(beds.walk) or "").partition("\n")[0]
    ids = "List the ids alone. `resume` a token of `Pages.resume_token`."
    assert ids == (inspect.getdoc(plants.ids) or "").partition("\n")[0]
    assert "What is in the trash comes, too." in (inspect.getdoc(plants.iter_changes) or "")
    assert "Deletions cannot be seen." in (inspect.getdoc(beds.iter_changes) or "")
    firsts = [said[name].partition("\n")[0] for name in ("get", "create", "copy")]
    assert ["Read one.", "Create one.", "Copy one."] == firsts
    assert said["prune"].startswith("Do what Clio's documentation says")


def test_docstrings_say_what_is_read_by_default(files: dict[str, str]) -> None:
    """Own attributes that are not derived, and the ids of single associations; the rest is named, too."""
    said = {
        name: inspect.getdoc(run(f"resources/_generated/{name}.py", files[f"resources/_generated/{name}.py"])[of]) or ""
        for name, of in {"plants": "Plants", "beds": "Beds", "weather": "WeatherResource", "sown": "Sown"}.items()
    }
    assert """\
Clio's ``/plants``.

Without ``fields=`` its records are read with id, etag, name, kind, height, age, hardy, planted_on, watered_at,
nicknames, soil, remark, leaf_colour, bed{id}, spade{id}.
To be asked for: leaf_count, seeds.""" == said["plants"]
    assert said["beds"].endswith("read with id, spade{id}, next{id}, label{id, type}, trellis{id}.")
    assert "Clio's ``/weather``." == said["weather"]  # it takes no `fields`
    assert "Clio's ``/beds/{bed_id}/seeds``." == said["sown"]


def test_a_record_that_is_read_in_full_is_told_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is derived is part of the default where the overlay says so."""
    assert "leaf_count, seeds." in resource_modules(api)["plants.py"]
    monkeypatch.setattr(overlay, "READ_IN_FULL", ("Plant",))
    assert "remark, leaf_count, leaf_colour, bed{id}" in resource_modules(api)["plants.py"]


def test_ids_may_be_texts_where_they_are(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resources of text ids take them; the control takes numbers alone."""
    assert "id: int | HasId," in resource_modules(api)["beds.py"]
    monkeypatch.setattr(methods, "STRING_IDS", frozenset({"beds"}))
    assert "id: int | str | HasId," in resource_modules(api)["beds.py"]


# -- the files ----------------------------------------------------------------------------------------------------


def test_no_prose_of_the_document_gets_into_the_package(files: dict[str, str]) -> None:
    """Every schema, field, parameter, operation and answer of the garden is described; none of it is copied."""
    assert SPEC.decode().count(PROSE) > 100
    assert [] == [name for name, source in files.items() if PROSE in source or "between 1 and" in source]


def test_every_file_is_headed_by_the_digest_of_its_document(files: dict[str, str]) -> None:
    """The digest is that of the bytes; other bytes of the same meaning have another, and nothing else changes."""
    spaced = SPEC + b"\n"
    others = generated(spaced)
    assert files.keys() == others.keys()
    for name, source in files.items():
        first, second, rest = source.split("\n", 2)
        assert "# Written by" in first
        assert f"# Source: sha256 {hashlib.sha256(SPEC).hexdigest()}" == second
        assert [first, f"# Source: sha256 {hashlib.sha256(spaced).hexdigest()}", rest] == others[name].split("\n", 2)


GENERATE = """
import sys
from clio_async._codegen import __main__, overlay
from tests.codegen.garden import OVERLAY
vars(overlay).update(OVERLAY)
sys.exit(__main__.main())
"""


def test_no_order_of_sets_gets_into_the_files(tmp_path: Path) -> None:
    """Processes whose sets are ordered differently write the same bytes."""
    spec = tmp_path / "garden.json"
    spec.write_bytes(SPEC)
    written: list[dict[str, bytes]] = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", GENERATE, str(spec), "--root", str(root)],
            check=True,
            cwd=PACKAGE.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.DEVNULL,
        )
        written.append({path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.py*")})
    assert written[0] == written[1] != {}


def test_check_tells_the_garden_of_today_from_that_of_yesterday(
    gardened: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` passes on current files, fails on a changed document or overlay, and changes nothing."""
    spec, root = tmp_path / "garden.json", tmp_path / "package"
    spec.write_bytes(SPEC)
    arguments = [str(spec), "--root", str(root)]
    assert 0 == main(arguments)
    names = [line.removeprefix("wrote ") for line in capsys.readouterr().out.splitlines()]
    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py*")) == names
    before = {name: (root / name).read_bytes() for name in names}
    assert (0, "") == (main([*arguments, "--check"]), capsys.readouterr().out)
    grown = copy.deepcopy(DOCUMENT)
    grown["components"]["schemas"]["Weather"]["properties"]["hail"] = {"type": "boolean"}
    spec.write_text(json.dumps(grown))
    assert 1 == main([*arguments, "--check"])
    assert [f"stale {name}" for name in names] == capsys.readouterr().out.splitlines()
    assert before == {name: (root / name).read_bytes() for name in names}
    assert 0 == main(arguments)
    assert "bool" == annotated((root / "models/_generated/weather.py").read_text(), "Weather")["hail"]


def test_check_finds_a_changed_overlay(
    gardened: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A correction reaches the files that it concerns, and only those."""
    spec, root = tmp_path / "garden.json", tmp_path / "package"
    spec.write_bytes(SPEC)
    assert 0 == main([str(spec), "--root", str(root)])
    monkeypatch.setattr(overlay, "NEVER_NULL", ("*.id",))
    capsys.readouterr()
    assert 1 == main([str(spec), "--root", str(root), "--check"])
    stale = ["stale models/_generated/schemas.py", "stale models/_generated/weather.py"]
    assert stale == capsys.readouterr().out.splitlines()
