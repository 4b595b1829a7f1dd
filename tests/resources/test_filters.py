"""The pure functions that write filters."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument
from clio_async.protocol import filters

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


class Region(Enum):
    LONDON = "london"


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT)))
def test_a_query_reads_back_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    """Law: encoding loses nothing, sorts by name, and keeps the order of repetitions."""
    text = filters.encode(pairs)
    assert sorted(pairs, key=lambda pair: pair[0]) == parse_qsl(text, keep_blank_values=True)
    assert text.isascii()
    assert text.isprintable()


def test_what_clio_writes_literally_stays_literal() -> None:
    """Braces and commas of a selection are not encoded, as in Clio's own links."""
    assert "fields=id,client{id,name}&order=id(asc)" == filters.encode(
        [("order", "id(asc)"), ("fields", "id,client{id,name}")]
    )


def test_members_of_enumerations_stand_for_their_values() -> None:
    """An enumeration of the caller is as good as the text."""
    assert "london" == filters.scalar("region", "string", Region.LONDON)


@pytest.mark.parametrize(
    ("number", "text"), [(Decimal("1E+3"), "1000"), (0.1, "0.1"), (Decimal("1.50"), "1.50"), (7, "7")]
)
def test_numbers_are_written_without_exponent(number: object, text: str) -> None:
    """A filter's number is exact, and in the form that Clio reads."""
    assert text == filters.anything("x", number)


def test_a_control_character_is_refused_wherever_it_stands() -> None:
    """CR, LF, NUL and DEL never reach a URL (F11)."""
    for character in "\r\n\x00\x7f\t":
        with pytest.raises(InvalidArgument) as caught:
            filters.text("query", f"secret{character}")
        assert "secret" not in str(caught.value)
