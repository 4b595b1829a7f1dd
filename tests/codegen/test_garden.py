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

import clio_async
from clio_async._codegen import overlay, verbs
from clio_async._codegen.__main__ import generated, main
from clio_async._codegen.document import Api, read
from clio_async._codegen.tables import resource_text, schema_text
from clio_async._codegen.verbs import resource_modules
from clio_async.errors import FieldNotRequested
from clio_async.models.registry import parse_resource, parse_schema

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
        ("Bed_Label", "id string !\ntype string : Flowerbed|Plant|Stone"),
        ("Huks", "id integer !\nlayer_count integer ~\nhair -> Hair"),
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
Bed#list walk GET /beds/{id}/list.json 200 list Plant versioned fields
Bed#dig dig PUT /beds/{id}/dig.json 200 empty -""",
    "plants": """\
/plants Plant
Plant#index list GET /plants.json 200 list Plant versioned conditional fields paged offset limit=50
?bed_id integer nullable
?custom_field_values json wire=custom_field_values[{}] comparison
?from_ datetime wire=from
?hardy boolean required
?ids integer wire=ids[] many
?kind string comma : tree|herb
?planted_on date comparison
?shade_bed_id decimal wire=shade[bed_id]
Plant#create create POST /plants.json 201 record Plant versioned fields
?notify boolean
=name string
=bed object !
==id integer !
=kind string : tree|herb
=height decimal
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
=fields string
Plant#ids ids GET /plants/ids.json 200 ids - versioned fields paged offset
Plant#show get GET /plants/{id}.json 200 record Plant versioned conditional fields
Plant#update update PATCH /plants/{id}.json 200 record Plant versioned if_match fields
=name string
Plant#destroy delete DELETE /plants/{id}.json 204 empty - versioned if_match
Plant#label label GET /plants/{id}/label.json 200 text - versioned
Plant#photo photo GET /plants/{id}/photo.json 303 redirect - versioned
Plant#prune prune POST /plants/{id}/prune.json 204 empty - versioned if_match
=by decimal
Plant#graft graft POST /plants/{id}/graft.json 201 record Plant versioned fields
=onto integer
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
    assert shown | {"Bed_Label": ("/beds", "/plants")} == api.collections


# -- what is written ----------------------------------------------------------------------------------------------


def test_the_registry_runs_and_holds_what_was_read(api: Api, files: dict[str, str]) -> None:
    """The written tables are Python, and carry the overlay's own with them."""
    schemas = run("models/_generated/schemas.py", files["models/_generated/schemas.py"])
    assert {name: schema_text(found) for name, found in api.schemas.items()} == schemas["SCHEMAS"]
    assert api.collections == schemas["COLLECTIONS"]
    assert {"Plant": ("name", "kind")} == schemas["DEFAULTS"]
    assert {"Weather"} == schemas["READ_IN_FULL"]
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


def test_what_calls_take_is_typed(files: dict[str, str]) -> None:
    """Filters and bodies are typed dictionaries; objects inside of bodies have their own."""
    source = files["resources/_generated/plants.py"]
    kind = "Literal['tree', 'herb'] | str"
    assert {
        "bed_id": "int | HasId | None",
        "custom_field_values": "Mapping[int, Any]",
        "from_": "dt.datetime",
        "hardy": "Required[bool]",
        "ids": "Iterable[int]",
        "kind": f"{kind} | Iterable[{kind}]",
        "planted_on": "Compared[dt.date]",
        "shade_bed_id": "Number",
    } == annotated(source, "PlantFilters")
    assert {
        "notify": "bool",
        "name": "str | None",
        "bed": "Required[Associated | None]",
        "kind": f"{kind} | None",
        "height": "Number | None",
        "planted_on": "dt.date | None",
        "nicknames": "Sequence[str] | None",
        "seeds": "Sequence[Mapping[str, Any]] | None",
        "gardener": "NewPlantGardener | HasId | None",
        "spade": "NewPlantSpade | HasId | None",
        "soil": "NewPlantSoil | None",
        "fields_": "str | None",
    } == annotated(source, "NewPlant")
    assert {"id": "Required[int | None]", "name": "str | None"} == annotated(source, "NewPlantGardener")
    layers = "Sequence[NewPlantSoilLayers] | None"
    assert {"acid": "Required[Any]", "layers": layers} == annotated(source, "NewPlantSoil")
    assert {"day": "dt.date"} == annotated(files["resources/_generated/weather.py"], "WeatherGetQuery")


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
    assert [f"(self, id: int | HasId, /, *, if_match: str | None=None, {query}) -> None"] == heads(source, "delete")
    update = heads(source, "update")
    assert all(head.startswith("(self, target: int | HasETag, /, *, if_match: str | None=None, ") for head in update)
    assert update[1].endswith("**changes: Unpack[PlantChanges]) -> Plant")
    assert ["T", "Plant", "Any"] == [head.rpartition("-> ")[2] for head in heads(source, "copy")]
    assert "(self, *, fields: type[T]" in heads(files["resources/_generated/beds.py"], "list")[0]


def test_irregular_reads_are_left_to_hand(files: dict[str, str]) -> None:
    """Bare ids, texts and redirects are in the registry, but have no written verb; nor have methods of no rule."""
    verbs_of_plants = {"list", "create", "get", "update", "delete", "prune", "graft", "copy"}
    plants = run("resources/_generated/plants.py", files["resources/_generated/plants.py"])["Plants"]
    assert verbs_of_plants == {name for name in vars(plants) if not name.startswith("_")}
    beds = run("resources/_generated/beds.py", files["resources/_generated/beds.py"])["Beds"]
    assert {"list", "walk"} == {name for name in vars(beds) if not name.startswith("_")}


def recording(resource: type[Any]) -> Any:
    """Make a resource that says what its verbs pass on."""

    def note(_: Any, *given: Any) -> tuple[Any, ...]:
        return given

    async def note_later(_: Any, *given: Any) -> tuple[Any, ...]:
        noted.append(given)
        return given

    noted: list[tuple[Any, ...]] = []
    later = dict.fromkeys(["_read", "_update", "_write"], note_later)
    recorder: Any = type("Recorder", (resource,), {"_list": note, "noted": noted} | later)
    return recorder.__new__(recorder)


async def test_verbs_pass_on_what_they_are_given(files: dict[str, str]) -> None:
    """Each calls the one method of the base that does its work, with its action, its ids and its arguments."""
    names = {"plants": "Plants", "beds": "Beds", "sown": "Sown", "weather": "WeatherResource"}
    made = {name: f"resources/_generated/{name}.py" for name in names}
    plants, beds, sown, weather = (recording(run(made[name], files[made[name]])[names[name]]) for name in names)
    assert ("list", (), None, 5, "token", {"hardy": True}, None) == plants.list(limit=5, resume="token", hardy=True)
    assert ("walk", (1,), "id", None, None, {}, {"a": "b"}) == beds.walk(1, fields="id", extra_query={"a": "b"})
    assert ("get", (1, 2), None, {}, None) == await sown.get(1, 2)
    assert ("get", (), None, {"day": "x"}, None) == await weather.get(day="x")
    assert ("create", (), None, {"name": "Ivy"}, None, {"c": 1}) == await plants.create(name="Ivy", extra_json={"c": 1})
    assert (7, None, '"e"', {"name": None}, None, None) == await plants.update(7, if_match='"e"', name=None)
    assert ("graft", (1,), "id", {"onto": 2}, None, None) == await plants.graft(1, fields="id", onto=2)
    assert ("copy", (1,), None, None, None) == await plants.copy(1)
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
    assert "at most 50;" in said["list"]
    assert "at most 200;" in (inspect.getdoc(beds.list) or "")
    assert "`limit` is not taken here;" in (inspect.getdoc(beds.walk) or "")
    assert ["Read one.", "Create one.", "Copy one."] == [said[name] for name in ("get", "create", "copy")]
    assert said["prune"].startswith("Do what Clio's documentation says")


def test_ids_may_be_texts_where_they_are(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resources of text ids take them; the control takes numbers alone."""
    assert "id: int | HasId," in resource_modules(api)["beds.py"]
    monkeypatch.setattr(verbs, "STRING_IDS", frozenset({"beds"}))
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


def test_no_order_of_sets_gets_into_the_files(tmp_path: Path) -> None:
    """Processes whose sets are ordered differently write the same bytes. Clio's own overlay takes the garden, too."""
    spec = tmp_path / "garden.json"
    spec.write_bytes(SPEC)
    written: list[dict[str, bytes]] = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        command = [sys.executable, "-m", "clio_async._codegen", str(spec), "--root", str(root)]
        subprocess.run(
            command,
            check=True,
            cwd=PACKAGE.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.DEVNULL,
        )
        written.append({path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.py")})
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
    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py")) == names
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
