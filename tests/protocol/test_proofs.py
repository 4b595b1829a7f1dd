"""What a status of 2xx proves of a write."""

from __future__ import annotations

import pytest

from clio_async import Headers, Response
from clio_async.protocol.proofs import is_accepted, is_done

JSON, HTML = "application/json; charset=utf-8", "text/html"


@pytest.mark.parametrize(
    ("status", "kind", "body", "accepted", "done"),
    [
        (200, JSON, b'{"data": {"id": 1,', True, True),
        (200, JSON, b'{"data": {"id": "much"}}', True, True),
        (200, JSON, b'{"data": [{"id": 1}]}', True, True),
        (202, JSON, b'{"data": {"id": 1,', False, False),
        (202, JSON, b"", False, False),
        (200, JSON, b"", False, True),
        (204, None, b"", False, True),
        (200, HTML, b" ", False, True),
        (200, JSON, b"maintenance", False, True),
        (200, JSON, b'"\xff', False, True),
        (200, JSON, b"[]", False, True),
        (200, JSON, b'{"data": null}', False, True),
        (200, JSON, b'{"error": {"type": "X"}}', False, False),
        (200, JSON, b'{"data": {"id": 1}, "error": "x"}', False, False),
        (200, HTML, b"<html>maintenance</html>", False, False),
        (200, HTML, b'{"data": {"id": 1,', False, False),
        (200, None, b'{"data": {"id": 1,', True, True),
        (200, None, b" {}", False, True),
        (200, None, b"<html>maintenance</html>", False, False),
        (200, JSON, b"[" * 100_000, False, True),
    ],
)
def test_the_form_of_an_answer_says_whose_it_is(
    status: int, kind: str | None, body: bytes, accepted: bool, done: bool
) -> None:
    """JSON with a part of a record is the server's; a page, an error or nothing at all says nothing of a record."""
    response = Response(status, Headers([] if kind is None else [("Content-Type", kind)]), body)
    assert (accepted, done) == (is_accepted(response), is_done(response))


def test_a_deletion_that_was_found_to_be_done_is() -> None:
    """A later attempt was told that there is no such record any more."""
    assert is_accepted(Response(204, verdict="done"))
