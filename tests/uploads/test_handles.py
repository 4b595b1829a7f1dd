"""`UploadHandle`: what continues an upload, as a text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import InvalidArgument, UploadHandle

DIGEST = "0123456789abcdef" * 2
NUMBERS = st.integers(1, 2**63 - 1)


@st.composite
def handles(draw: st.DrawFn) -> UploadHandle:
    part_size = draw(st.none() | NUMBERS)
    size = draw(st.none() | st.integers(0, 2**63 - 1))
    most = 0 if part_size is None else 10_000 if size is None else min(10_000, -(-size // part_size))
    numbers = draw(st.sets(st.integers(1, most), max_size=5)) if most else set[int]()
    digests = st.text("0123456789abcdef", min_size=32, max_size=32)
    parts = tuple((number, draw(digests)) for number in sorted(numbers))
    return UploadHandle(draw(st.text()), draw(NUMBERS), draw(st.text()), size, part_size, draw(st.booleans()), parts)


@given(handles())
def test_a_handle_comes_back(handle: UploadHandle) -> None:
    """From its text, as text or as bytes."""
    assert handle == UploadHandle.from_json(handle.to_json())
    assert handle == UploadHandle.from_json(handle.to_json().encode())


GOOD: dict[str, Any] = {
    "clio_async_upload": 1,
    "principal": "me",
    "document_id": 5,
    "version_uuid": "u",
    "size": 20,
    "part_size": 10,
    "new": True,
    "parts": [[2, DIGEST]],
}


def test_the_text_is_what_it_says() -> None:
    """A mark with the number of its form, and the attributes by name."""
    handle = UploadHandle("me", 5, "u", 20, 10, True, ((2, DIGEST),))
    assert GOOD == json.loads(handle.to_json())
    assert handle == UploadHandle.from_json(json.dumps(GOOD))


@pytest.mark.parametrize(
    "change",
    [
        {"principal": 1},
        {"document_id": 0},
        {"document_id": True},
        {"document_id": "5"},
        {"document_id": 2**63},
        {"version_uuid": None},
        {"size": -1},
        {"size": 1.5},
        {"part_size": 0},
        {"part_size": None},
        {"new": 1},
        {"parts": None},
        {"parts": [[3, DIGEST]]},
        {"parts": [[0, DIGEST]]},
        {"parts": [["2", DIGEST]]},
        {"parts": [[2, DIGEST], [2, DIGEST]]},
        {"parts": [[2]]},
        {"parts": [2]},
        {"parts": [[2, DIGEST.upper()]]},
        {"parts": [[2, DIGEST[1:]]]},
        {"parts": [[2, 5]]},
        {"size": None, "parts": [[10_001, DIGEST]]},
        {"more": 1},
        {"clio_async_upload": True},
        {"clio_async_upload": 0},
        {"clio_async_upload": "1"},
    ],
)
def test_nothing_else_is_a_handle(change: dict[str, Any]) -> None:
    """One wrong value, or one too many, is refused before anything is sent."""
    with pytest.raises(InvalidArgument, match="to_json"):
        UploadHandle.from_json(json.dumps(GOOD | change))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "x", b"\xff", "[" * 100_000, 5])
def test_what_is_no_object_is_no_handle(text: Any) -> None:
    """Nor does the error show it."""
    with pytest.raises(InvalidArgument, match="to_json") as refused:
        UploadHandle.from_json(text)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("name", [*GOOD])
def test_all_of_it_is_needed(name: str) -> None:
    """A handle that lacks something is none."""
    with pytest.raises(InvalidArgument, match="to_json"):
        UploadHandle.from_json(json.dumps({key: value for key, value in GOOD.items() if key != name}))


def test_a_later_form_is_told_apart() -> None:
    """Nothing is wrong with it but our age."""
    with pytest.raises(InvalidArgument, match="later version"):
        UploadHandle.from_json(json.dumps(GOOD | {"clio_async_upload": 2, "new_in_2": 1}))
