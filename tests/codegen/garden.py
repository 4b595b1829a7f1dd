"""A made-up API of a garden, in the form of Clio's document, and an overlay of its own.

Between them they use everything that the generator knows. The tests that have them need no other document.
"""

from __future__ import annotations

from typing import Any

PROSE = "A sentence that describes this and has no business in the package"

INTEGER = {"type": "integer", "description": PROSE}
NUMBER = {"type": "number", "format": "double", "description": PROSE}
BOOLEAN = {"type": "boolean", "description": PROSE}
STRING = {"type": "string", "description": PROSE}
DATE = {"type": "string", "format": "date", "description": PROSE}
INSTANT = {"type": "string", "format": "date-time", "description": PROSE}


def word(*values: str) -> dict[str, Any]:
    return STRING | {"enum": [*values]}


def thing(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": PROSE, "required": [*required], "properties": properties}


def several(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


SCHEMAS: dict[str, Any] = {
    "Plant_base": thing(
        id=INTEGER,
        etag=STRING,
        name=STRING,
        kind=word("tree", "herb,"),
        height=NUMBER,
        hardy=BOOLEAN,
        planted_on=DATE,
        watered_at=INSTANT,
        nicknames=several(STRING),
        soil=thing(),
        remark=STRING,
        leaf_count=INTEGER,
        leaf_colour=STRING,
    ),
    "Plant": {
        "allOf": [
            ref("Plant_base"),
            thing(bed=ref("Bed_base"), seeds=several(ref("Seed_base")), spade=ref("Spade_base")),
        ]
    },
    # An association stands before an own attribute, one of its own kind among them.
    "Bed": thing(spade=ref("Spade_base"), next=ref("Bed"), id=INTEGER, label=ref("Bed_Label"), trellis=ref("Trellis")),
    "Bed_base": thing(id=INTEGER),
    "Bed_Label": thing(id=STRING, type=word("Flowerbed", "Plant", "Stone")),
    "Seed_base": thing(id=INTEGER),
    "Seed": {"allOf": [ref("Seed_base"), thing(husk=ref("Huks"), hair=ref("Hair"))]},
    "Huks": thing(id=INTEGER, layer_count=INTEGER, hair=ref("Hair")),
    # Its place is known only when that of husks is.
    "Hair": thing(colour=STRING),
    "Spade_base": thing(id=INTEGER),
    # Two that name each other and nobody else: no order settles them.
    "Moss": thing(stone=ref("Lichen")),
    "Lichen": thing(moss=several(ref("Moss"))),
    "Weather": thing(rain=NUMBER, wind=STRING),
    # One that names itself is still of one module.
    "Trellis": thing(id=INTEGER, upper=ref("Trellis")),
    # Not records.
    "Error": thing(error=thing()),
    **{f"{name}_Show": thing(data=ref(name)) for name in ("Plant", "Seed", "Weather")},
    **{f"{name}_List": thing(data=several(ref(name))) for name in ("Plant", "Bed")},
}


def parameter(name: str, schema: Any = STRING, *, place: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "schema": schema, "description": PROSE} | more


ID = parameter("id", INTEGER, place="path", required=True)
BED_ID = parameter("bed_id", INTEGER, place="path", required=True)
FIELDS = parameter("fields")
PAGED = [FIELDS, parameter("page_token")]
VERSION = parameter("X-API-VERSION", place="header")
IF_NONE_MATCH = parameter("IF-NONE-MATCH", place="header")
IF_MATCH = parameter("IF-MATCH", place="header")


def operation(
    name: str, *parameters: Any, answer: str = "", status: str = "200", body: Any = None, form: str = "application/json"
) -> dict[str, Any]:
    content = {"application/json": {"schema": ref(answer) if answer else thing()}}
    made: dict[str, Any] = {
        "operationId": name,
        "summary": PROSE,
        "description": PROSE,
        "parameters": [VERSION, *parameters],
        "responses": {
            status: {"description": PROSE, "content": {} if status in {"204", "303"} else content},
            "404": {"description": PROSE, "content": {"application/json": {"schema": ref("Error")}}},
        },
    }
    return made if body is None else made | {"requestBody": {"content": {form: {"schema": thing(data=body)}}}}


BODY = thing(
    "name",
    "bed",
    name=STRING,
    bed=thing("id", id=INTEGER),
    kind=word("tree", "herb"),
    height=NUMBER,
    planted_on=DATE,
    nicknames=several(STRING),
    seeds=several(thing()),
    gardener=thing("id", id=INTEGER, name=STRING),
    spade=thing(id=STRING),
    soil=thing("acid", acid=STRING, layers=several(thing(depth=INTEGER))),
    fields=STRING,
)

FILTERS = [
    parameter("bed_id", INTEGER, description=f"{PROSE}. Use the keyword `null` for none."),
    parameter("custom_field_values", word("=", ">")),
    parameter("from", INSTANT),
    parameter("hardy", BOOLEAN, required=True),
    parameter("ids[]", INTEGER),
    parameter("kind", word("tree", "herb")),
    parameter("planted_on", word("=", ">")),
    parameter("shade[bed_id]", NUMBER),
]

PATHS: dict[str, Any] = {
    "/plants.json": {
        "get": operation(
            "Plant#index",
            *PAGED,
            IF_NONE_MATCH,
            parameter("limit", INTEGER, description="A number between 1 and 50."),
            *FILTERS,
            answer="Plant_List",
        ),
        "post": operation(
            "Plant#create", FIELDS, parameter("notify", BOOLEAN), answer="Plant_Show", status="201", body=BODY
        ),
    },
    "/plants/ids.json": {"get": operation("Plant#ids", *PAGED, answer="Plant_Show")},
    "/plants/{id}.json": {
        "get": operation("Plant#show", ID, FIELDS, IF_NONE_MATCH, answer="Plant_Show"),
        "patch": operation("Plant#update", ID, FIELDS, IF_MATCH, answer="Plant_Show", body=thing(name=STRING)),
        "delete": operation("Plant#destroy", ID, IF_MATCH, status="204"),
    },
    "/plants/{id}/label.json": {"get": operation("Plant#label", ID)},
    "/plants/{id}/photo.json": {"get": operation("Plant#photo", ID, status="303")},
    "/plants/{id}/prune.json": {"post": operation("Plant#prune", ID, IF_MATCH, status="204", body=thing(by=NUMBER))},
    "/plants/{id}/graft.json": {
        "post": operation("Plant#graft", ID, FIELDS, answer="Plant_Show", status="201", body=thing(onto=INTEGER))
    },
    "/plants/{id}/copy.json": {
        "post": operation("Plant#copy", ID, answer="Plant_Show", body=thing(to=INTEGER), form="multipart/form-data")
    },
    "/beds.json": {"get": operation("Bed#index", *PAGED, parameter("limit", INTEGER), answer="Bed_List")},
    "/beds/{id}/list.json": {"get": operation("Bed#list", ID, parameter("id", INTEGER), FIELDS, answer="Plant_List")},
    "/beds/{bed_id}/seeds/{id}.json": {"get": operation("Seed#show", BED_ID, ID, answer="Seed_Show")},
    "/weather.json": {"get": operation("Weather#show", parameter("day", DATE), answer="Weather_Show")},
}

DOCUMENT: dict[str, Any] = {"openapi": "3.0.0", "paths": PATHS, "components": {"schemas": SCHEMAS}}

_DIG = {"action": "dig", "method": "PUT", "status": 200, "answer": "empty"}

OVERLAY: dict[str, Any] = {
    "RESOURCE_NAMES": {"/beds/{bed_id}/seeds": "sown"},
    "ACTIONS": {"index": "list", "show": "get", "create": "create", "update": "update", "destroy": "delete"},
    "OPERATION_ACTIONS": {"Bed#list": "walk"},
    "RECORD_NAMES": {"Huks": "Husk"},
    "KINDS": {"Plant.remark": "json"},
    "NEVER_NULL": ("*.id", "Weather.*"),
    "MAYBE_NULL": ("Spade.id", "Weather.wind"),
    "DERIVED": ("*.*_count", "Plant.leaf_*"),
    "NOT_DERIVED": ("*.*_colour",),
    "READ_IN_FULL": ("Weather",),
    "DEFAULTS": {"Plant": ("name", "kind")},
    "KIND_ALIASES": {"Flowerbed": "Bed"},
    "COLLECTIONS": {"Seed": "/seeds", "Gnome": "/gnomes"},
    "ANSWERS": {"Plant#ids": "ids", "Plant#label": "text"},
    "DROPPED_PARAMETERS": {"Bed#list": ("id",)},
    "FILTER_KINDS": {"*.planted_on": "date", "*.custom_field_values": "json"},
    "COMPARISONS": ("*.planted_on", "*.custom_field_values"),
    "COMMA_LISTS": ("Plant#index.kind",),
    "WITHOUT_OFFSET": ("Bed#index",),
    "OPTIONAL_ATTRIBUTES": {"Plant#create": ("name",)},
    "BODY_KINDS": {"*.soil.acid": "json"},
    "EXTRA_OPERATIONS": (
        {"id": "Bed#dig", "resource": "beds", "path": "/beds/{id}/dig.json"} | _DIG,
        {"id": "Pond#dig", "resource": "ponds", "path": "/ponds/{id}/dig.json"} | _DIG,
    ),
    "STATE_MACHINE_DELETES": ("Plant#destroy",),
}
