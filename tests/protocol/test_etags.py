"""`protocol.etags`: tags are opaque, compared byte for byte, and never sent in a form that means something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.messages import Headers
from clio_async.protocol import conditional
from clio_async.protocol.etags import is_strong, opaque, sendable, weakly_equal

ETAGC = [chr(code) for code in (0x21, *range(0x23, 0x7F), *range(0x80, 0x100))]  # RFC 9110 §8.8.3
OPAQUE = st.text(st.sampled_from(ETAGC), max_size=20).map(lambda text: f'"{text}"')
LATIN = st.text(st.characters(max_codepoint=255), max_size=20)


@given(OPAQUE)
def test_every_well_formed_tag_is_known(tag):
    """A quoted tag is strong, with `W/` before it weak; both can be sent and are equal weakly (RFC 9110 §8.8.3.2)."""
    assert is_strong(tag)
    assert not is_strong(f"W/{tag}")
    assert sendable(tag)
    assert sendable(f"W/{tag}")
    assert weakly_equal(tag, f"W/{tag}")
    assert opaque(f"W/{tag}") == tag


@given(OPAQUE, OPAQUE)
def test_different_tags_are_different(one, other):
    """Only the same opaque text is equal, whatever the strength."""
    assert weakly_equal(one, f"W/{other}") == (one == other)


@given(LATIN)
def test_what_is_sent_is_the_tag_byte_for_byte(tag):
    """A server's tag goes back unchanged or not at all, and is never `*` or a list of others (F21)."""
    found = conditional.validator(Headers([("ETag", tag)]))
    assert found in (("If-None-Match", tag), None)
    assert (found is not None) == sendable(tag)
    if found is not None:
        assert tag.strip(" \t") not in {"*", ""}
        assert "," not in tag or is_strong(tag) or is_strong(opaque(tag))
        assert not {*tag} & {*map(chr, range(0x21)), "\x7f"}


TAGS = [
    ('"abc"', True),
    ('W/"abc"', True),
    ('""', True),
    ("abc", True),
    ('""abc""', True),
    ('\\"abc\\"', True),
    ('w/"abc"', True),
    ('W"abc"', True),
    ('"a,b"', True),
    ('W/"a,b"', True),
    ("*", False),
    ('"a","b"', False),
    ("a,b", False),
    ('"a", "b"', False),
    ("", False),
    (" ", False),
    ('"a b"', False),
    ('"a"\n', False),
    ("a\r\nX: y", False),
    ('"a\0"', False),
    ("W/", True),
    ('"\xfc"', True),
    ('"a";', True),
    ("*,*", False),
]


@pytest.mark.parametrize(("tag", "expected"), TAGS)
def test_examples_of_tags(tag, expected):
    """Malformed tags go back as they came; what would be a list, a wildcard or two lines does not (F11, F21)."""
    assert sendable(tag) is expected


@pytest.mark.parametrize("tag", ["abc", 'W/"abc"', '"a', 'a"', '"a""', '"a"\n', "", "*", '"a b"', '"a","b"'])
def test_only_a_well_formed_strong_tag_is_strong(tag):
    """Nothing else is fit for `If-Match` (F20)."""
    assert not is_strong(tag)


def test_a_parser_of_lists_would_read_more_than_one_tag():
    """The control: an unquoted comma, sent as it is, is two tags to a server that splits (RFC 9110 §13.1.2)."""
    assert len(conditional._split_list("a,b")) == 2
    assert len(conditional._split_list('"a,b"')) == 1
