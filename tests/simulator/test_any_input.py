"""Whatever is asked, there is an answer in one of Clio's shapes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async.messages import Headers, Request
from clio_async.models import registry
from clio_async.testing.simulator import Regime, Simulator

from .caller import Caller

VALUES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["0", "1", "-1", "null", "true", "2025-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00-12:00", "id(asc)",
         "id,client{id}", "{", "}", ",", "1e9", "\x00", "9" * 4_500, "\ud800", "a{b{c}}", "=", ">=", ">=2025-01-01"]
    ),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(
        [
            "fields",
            "limit",
            "offset",
            "order",
            "page_token",
            "ids[]",
            "updated_since",
            "query",
            "status",
            "open_date[]",
            "custom_field_values[1]",
            "custom_field_values[3]",
            "custom_field_ids[]",
            "scope",
            "parent_id",
            "include_deleted",
            "document_version_id",
            "jurisdiction[id]",
            "external_property_name",
        ]
    ),
    st.sampled_from(
        sorted(
            {
                f.wire
                for name in ("matters", "tasks", "bills")
                for f in registry.resource(name).operations["list"].filters.values()
            }
        )
    ),
    st.text(max_size=4),
)
PATHS = st.one_of(
    st.sampled_from(
        [
            "/matters.json",
            "/tasks.json",
            "/bills",
            "/matters/1.json",
            "/tasks/2",
            "/contacts/3.json",
            "/users/who_am_i.json",
            "/timer.json",
            "/folders/list.json",
            "/documents.json",
            "/documents/1.json",
            "/documents/1/versions.json",
            "/documents/1/copy.json",
            "/documents/1/download.json",
            "/matters/1/contacts.json",
            "/billable_matters/ids.json",
            "/court_rules/matter_dockets/preview.json",
            "/webhooks.json",
            "/webhooks/1/activate.json",
            "/line_items/1.json",
            "/custom_fields.json",
        ]
    ),
    st.text(max_size=10).map(lambda text: "/" + quote(text, errors="replace")),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "type", "name", "_destroy", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        sorted(
            {
                name
                for kind in ("matters", "tasks", "contacts", "notes", "documents", "webhooks", "custom_fields")
                for name in registry.resource(kind).operations["create"].attributes
            }
        )
    ),
    JSON,
    max_size=4,
)
BODIES = st.one_of(
    ATTRIBUTES.map(lambda data: json.dumps({"data": data}).encode()),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=20),
)
HEADERS = st.dictionaries(
    st.sampled_from(["if-match", "if-none-match", "if-modified-since", "x-api-version", "accept-encoding"]),
    st.one_of(
        st.sampled_from(["*", '"x"', 'W/"x", "y"', "4.0.13", "Mon, 01 Jun 2026 12:00:00 GMT"]),
        st.text(st.characters(max_codepoint=255), max_size=8),
    ),
    max_size=3,
)
STATUSES = {200, 201, 204, 303, 304, 400, 403, 404, 410, 412, 422}


@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]), path=PATHS, headers=HEADERS, body=BODIES,
    query=st.lists(st.tuples(NAMES, VALUES), max_size=4), scope=st.sampled_from(["record", "representation"]),
)  # fmt: skip
@example("GET", "/matters.json", {}, b"", [("order", "client.name(asc)"), ("limit", "1")], "record")
@settings(max_examples=500, deadline=None)
def test_every_request_has_an_answer(
    method: str, path: str, headers: dict[str, str], body: bytes, query: list[tuple[str, str]], scope: Any
) -> None:
    """Nothing makes the simulator fail; a refusal has a type and a message, and writes nothing."""
    asks = Caller(Simulator(regime=Regime(tag_scope=scope), matters=12, contacts=6, tasks=12))
    text = "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in query)
    sent = Headers({"authorization": f"Bearer {asks.token}", **headers})
    before = [asks.simulator.record(name, 1) for name in ("matters", "tasks", "contacts")]
    response = asks.simulator.answer(Request(method, f"https://app.clio.com/api/v4{path}?{text}", sent, body))
    assert response.status in STATUSES
    if response.status >= 400:
        error = json.loads(response.body)["error"]
        assert error["type"]
        assert error["message"]
        assert before == [asks.simulator.record(name, 1) for name in ("matters", "tasks", "contacts")]
    elif response.body:
        assert "data" in json.loads(response.body)
