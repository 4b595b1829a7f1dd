"""What a request is about: which record or list it reads, what it may change, and what its tag covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from .errors import InvalidArgument
from .protocol import urls
from .protocol.responses import SAFE

if TYPE_CHECKING:
    from .models.schema import Operation
    from .models.selection import Selection

__all__ = ["Subject", "subject_of"]


_CLIO = "/api/v4"  # how the prefix of Clio's API ends, wherever it is served


class Subject(NamedTuple):
    """What the layers have to know of a request beyond its message."""

    resource: str | None
    """The name of the resource, None for a path that is not in the registry."""
    covered: bool
    """Whether the tag of the record covers the whole selection."""
    tags: tuple[str, ...]
    """What a read depends on, or what a write may change."""
    follows: bool = True
    """Whether a redirect is an instruction to go on. There are operations whose answer is one."""


def subject_of(base: str, method: str, url: str) -> Subject:
    """Find out what a request is about that was written by hand.

    On another server than Clio, and on a path that is not a single record of the registry, a tag is what RFC 9110 says:
    of the representation.
    """
    from .models import registry  # a client that was only built needs none of its tables

    query = url.partition("?")[2]
    reads = method in SAFE
    tags = urls.read_tags(base, url) if reads else urls.write_tags(base, url)
    known = base.endswith(_CLIO)
    found = registry.match("GET" if method == "HEAD" else method, urls.resource_path(base, url)) if known else None
    if found is None:
        return Subject(None, True, tags)
    operation = found[1]
    if not reads:
        return Subject(operation.resource, True, tags)
    follows = operation.answer != "redirect"
    fields = dict(parse_qsl(query)).get("fields")
    selection = None if fields is None else _selection(operation, fields)
    if selection is not None:
        tags = (*tags, *[base + collection for collection in selection.depends])
    covered = fields is None or (selection is not None and selection.covered)  # the defaults are own attributes
    return Subject(operation.resource, operation.many or covered, tags, follows)


def _selection(operation: Operation, fields: str) -> Selection[Any] | None:
    from .models.selection import select_records  # which a client that only writes requests by hand never needs

    try:
        return None if operation.schema is None else select_records(operation.schema, fields)
    except InvalidArgument:
        return None
