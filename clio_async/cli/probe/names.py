"""The names that may be shown of what a server says. Any other could be a value: a person's, an id, a token."""

from __future__ import annotations

from functools import cache
from typing import Final

from ...models import registry

__all__ = ["HEADERS", "UNKNOWN", "fields", "words"]

UNKNOWN: Final = "…"
"""What stands for a name that is not known."""

_FIELDS: Final = """accept-ranges age allow alt-svc cache-control cf-cache-status cf-ray connection content-disposition
    content-encoding content-language content-length content-range content-security-policy content-type date deprecation
    etag expires keep-alive last-modified link location nel pragma referrer-policy report-to retry-after server
    server-timing set-cookie status strict-transport-security sunset transfer-encoding vary via warning www-authenticate
    x-api-version x-cache x-content-type-options x-correlation-id x-download-options x-frame-options
    x-permitted-cross-domain-policies x-powered-by x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset
    x-request-id x-runtime x-xss-protection"""
HEADERS: Final = frozenset(_FIELDS.split())
"""Header fields whose names are shown, in lower case."""

_AROUND: Final = """data meta paging next previous records error errors type message error_description metadata
    encodingDecoded"""
_ENVELOPE: Final = frozenset(_AROUND.split())
_PLACES: Final = frozenset({"", "api", "v4", "{id}", "practice_areas_with_categories"})


@cache
def fields() -> frozenset[str]:
    """Return the names in bodies: those of records, and those of what is around them."""
    return _ENVELOPE.union(*(registry.schema(name).fields for name in registry.schema_names()))


@cache
def words() -> frozenset[str]:
    """Return the segments of the paths of the API."""
    paths = (registry.resource(name).path for name in registry.resource_names())
    return _PLACES.union(*(path.split("/") for path in paths))
