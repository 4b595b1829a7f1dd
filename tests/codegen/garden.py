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
        age=NUMBER,
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
    "Bed_Label": thing(id=STRING, type=word("Stone")),
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
UPDATED = parameter("updated_since", INSTANT)
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


COLOURS = word(
    "red",
    "yellow",
    "green",
    "blue",
    "white, if hyphen-ated words make a line too long for any of these few lines",
    "no",
)
NO_NULL = INTEGER | {"description": f"{PROSE}. The keyword `null` is not valid for this field."}
BY_ID = INTEGER | {"description": f"{PROSE}. Use the keyword `null` to specify no association."}

BODY = thing(
    "name",
    "bed",
    "height",
    "bedding",
    name=STRING,
    bedding=STRING,
    bed=thing("id", id=INTEGER),
    kind=word("tree", "herb"),
    colour=COLOURS,
    height=NUMBER,
    age=NUMBER,
    planted_on=DATE,
    nicknames=several(STRING),
    seeds=several(thing()),
    gardener=thing("id", id=INTEGER, name=STRING),
    spade=thing(id=STRING),
    soil=thing("acid", acid=STRING, layers=several(thing(depth=INTEGER))),
    fence=thing(id=NO_NULL),
    pots=several(thing(id=NO_NULL)),
    hedge=thing(id=BY_ID),
    pond=STRING | {"description": "The keyword null is not valid."},
    owner=STRING,
    fields=STRING,
)
CHANGES = thing(
    "name", name=STRING, age=NUMBER, owner=STRING, custom_field_values=several(thing(id=INTEGER, value=STRING))
)
GRAFT = thing(onto=INTEGER, colour=word("a", "b", "c", "d", "e"), twig=word("a"))

FILTERS = [
    parameter("bed_id", INTEGER, description=f"{PROSE}. Use the keyword `null` for none."),
    parameter("custom_field_values", word("=", ">")),
    parameter("colour", COLOURS),
    parameter("from", INSTANT),
    parameter("hardy", BOOLEAN, required=True),
    parameter("ids[]", INTEGER),
    parameter("include_deleted", BOOLEAN),
    parameter("kind", word("tree", "herb"), required=True),
    parameter("planted_on", word("=", ">")),
    parameter("shade[bed_id]", NUMBER),
    parameter("tone", word("y")),
    UPDATED,
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
    "/plants/ids.json": {"get": operation("Plant#ids", *PAGED, parameter("hardy", BOOLEAN), answer="Plant_Show")},
    "/plants/{id}.json": {
        "get": operation("Plant#show", ID, FIELDS, IF_NONE_MATCH, answer="Plant_Show"),
        "patch": operation("Plant#update", ID, FIELDS, IF_MATCH, answer="Plant_Show", body=CHANGES),
        "delete": operation("Plant#destroy", ID, IF_MATCH, status="204"),
    },
    "/plants/{id}/label.json": {"get": operation("Plant#label", ID)},
    "/plants/{id}/scent.json": {"get": operation("Plant#scent", ID)},
    "/plants/{id}/photo.json": {"get": operation("Plant#photo", ID, parameter("day", DATE), status="303")},
    "/plants/{id}/prune.json": {"post": operation("Plant#prune", ID, IF_MATCH, status="204", body=thing(by=NUMBER))},
    "/plants/{id}/graft.json": {
        "post": operation("Plant#graft", ID, FIELDS, answer="Plant_Show", status="201", body=GRAFT)
    },
    "/plants/{id}/copy.json": {
        "post": operation("Plant#copy", ID, answer="Plant_Show", body=thing(to=INTEGER), form="multipart/form-data")
    },
    "/beds.json": {"get": operation("Bed#index", *PAGED, parameter("limit", INTEGER), UPDATED, answer="Bed_List")},
    "/beds/{id}/photo.json": {"get": operation("Bed#photo", ID, status="303")},
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
    "HAND_WRITTEN": ("weather",),
    "BY_HAND": ("Bed#dig",),
    "VERBS": {"photo": "photo_url", "Bed#photo": "portrait_url"},
    "KINDS": {"Plant.remark": "json"},
    "ENUMS": {"Bed_Label.type": ("Plant", "Flowerbed"), "Plant#graft.twig": tuple("abcde"), "*#index.tone": ("x",)},
    "UNITS": {"Plant.age": "hours", "*.layer_count": "seconds"},
    "NEVER_NULL": ("*.id", "Weather.*"),
    "MAYBE_NULL": ("Spade.id", "Weather.wind"),
    "DERIVED": ("*.*_count", "Plant.leaf_*"),
    "NOT_DERIVED": ("*.*_colour",),
    "READ_IN_FULL": ("Weather", "Huks"),
    "DEFAULTS": {"Plant": ("name", "kind")},
    "ATOMS": {"Plant": (("height", "planted_on"), ("kind", "name", "bed"))},
    "NEVER_MERGED": {"Plant": ("height",)},
    "PROPERTIES": {
        "Plant": (("grown_for", "dt.timedelta | None", "duration", "How long it has grown."),),
        "Weather": (("values", "CustomFieldsView", "custom_fields", "What was measured."),),
    },
    "KIND_ALIASES": {"Flowerbed": "Bed"},
    "COLLECTIONS": {"Seed": "/seeds", "Gnome": "/gnomes"},
    "ANSWERS": {"Plant#ids": "ids", "Plant#label": "text"},
    "DROPPED_PARAMETERS": {"Bed#list": ("id",)},
    "FILTER_KINDS": {"*.planted_on": "date", "*.custom_field_values": "json"},
    "COMPARISONS": ("*.planted_on", "*.custom_field_values"),
    "COMMA_LISTS": ("Plant#index.kind",),
    "WITHOUT_OFFSET": ("Bed#index",),
    "REQUIRED": ("Plant#create.bed*", "*.gardener.id", "*.acid", "Plant#index.hardy", "Plant#update.owner"),
    "NOT_REQUIRED": ("*.bedding",),
    "NEVER_CLEARED": ("Plant#*.owner",),
    "UNITS_OF_WRITES": {"Plant#create.age": "seconds", "Plant#*.age": "hours"},
    "MAY_BE_IGNORED": ("Plant#update.age", "*.owner"),
    "BODY_KINDS": {"*.soil.acid": "json"},
    "EXTRA_OPERATIONS": (
        {"id": "Bed#dig", "resource": "beds", "path": "/beds/{id}/dig.json"} | _DIG,
        {"id": "Pond#dig", "resource": "ponds", "path": "/ponds/{id}/dig.json"} | _DIG,
    ),
    "STATE_MACHINE_DELETES": ("Plant#destroy",),
}
