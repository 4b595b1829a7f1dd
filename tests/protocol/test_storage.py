"""What the place where files are kept says, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument
from clio_async.headers import Headers
from clio_async.protocol.downloads import Position, is_same, read_resume, write_resume
from clio_async.protocol.storage import Part, code_of, coded, meaning, part_of, put_fields, strong_tag
from clio_async.protocol.urls import absolute_address

MEANINGS = [
    *[(status, None, "stored") for status in (200, 201, 204)],
    *[(status, None, "again") for status in (408, 429, 500, 502, 503, 504)],
    *[(status, None, "refused") for status in (100, 202, 205, 206, 301, 302, 303, 307, 308, 404, 405, 409, 410, 501)],
    *[(status, "AccessDenied", "expired") for status in (401, 403)],
    (403, None, "expired"),
    (412, None, "corrupt"),
    (400, None, "refused"),
    (400, "EntityTooSmall", "refused"),
    (400, "RequestTimeout", "again"),
    (400, "IncompleteBody", "again"),
    (409, "OperationAborted", "again"),
    (503, "SlowDown", "again"),
    (400, "BadDigest", "corrupt"),
    (400, "InvalidDigest", "corrupt"),
    (400, "XAmzContentSHA256Mismatch", "corrupt"),
    (400, "ExpiredToken", "expired"),
    (404, "RequestTimeout", "refused"),
    (307, "TemporaryRedirect", "refused"),
]


@pytest.mark.parametrize(("status", "code", "means"), MEANINGS)
def test_what_an_answer_means(status: int, code: str | None, means: str) -> None:
    """F61, F62: a status, and its code where that says more, decide what is done next."""
    assert means == meaning(status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>m</Message></Error>", "AccessDenied"),
        (b"<Error><Code>XAmzContentSHA256Mismatch</Code></Error>", "XAmzContentSHA256Mismatch"),
        (b"<Error><Code>f00dfacef00dface</Code></Error>", None),
        (b"<Error><Code>Deadbeef00112233</Code></Error>", None),
        (b"<Error><Code>" + b"A" * 60 + b"</Code></Error>", None),
        (b"<Error><Code>Access Denied</Code></Error>", None),
        (b"<Error><Code>Acc\xc3\xa9s</Code></Error>", None),
        (b"<Code>No", None),
        (b"", None),
    ],
)
def test_a_code_is_a_word(body: bytes, code: str | None) -> None:
    """F37: what is read out of an error is a word of letters, never anything that could be a signature."""
    assert code == code_of(body)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ([], ()),
        ([("Content-Type", "text/plain"), ("x-amz-meta", "")], (("Content-Type", "text/plain"), ("x-amz-meta", ""))),
        ([("content-length", "7")], ()),
        ([("Host", "Storage.example:443")], ()),
        ([("Content-Length", "8")], "another content-length"),
        ([("host", "other.example")], "another host"),
        ([("Authorization", "Bearer x")], "authorization"),
        ([("COOKIE", "x")], "cookie"),
        ([("Set-Cookie", "x")], "set-cookie"),
        ([("Proxy-Authorization", "x")], "proxy-authorization"),
        ([("Transfer-Encoding", "chunked")], "transfer-encoding"),
        ([("Connection", "close")], "connection"),
        ([("Expect", "100-continue")], "expect"),
        ([("X-API-VERSION", "4")], "x-api-version"),
        ([("a b", "x")], "no request can have"),
        ([("", "x")], "no request can have"),
        ([("a", "x\r\nb: y")], "no request can have"),
        ([("a", " x")], "no request can have"),
        ([("a", "x\u20ac")], "no request can have"),
        ([("a", None)], "no request can have"),
        ([(None, "a")], "no request can have"),
    ],
)
def test_exactly_the_given_fields_are_sent(given: list[tuple[str, str]], sent: object) -> None:
    """F59: the fields that Clio names go as they are, but none that proves an identity or says what is not true."""
    found = put_fields(given, 7, "storage.example:443")
    assert sent in found if isinstance(sent, str) else sent == found


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"Content-Range": "bytes 1-2/3"}, Part(1, 2, 3)),
        ({"Content-Range": "Bytes 0-0/*"}, Part(0, 0, None)),
        ({"Content-Range": "bytes 1-2/3", "Content-Length": "2"}, Part(1, 2, 3)),
        ({"Content-Range": "bytes 1-2/3", "Content-Length": "3"}, None),
        ({"Content-Range": "bytes 2-1/3"}, None),
        ({"Content-Range": "bytes 1-3/3"}, None),
        ({"Content-Range": "bytes */3"}, None),
        ({"Content-Range": "items 1-2/3"}, None),
        ({"Content-Range": "bytes 1-2/3, bytes 1-2/3"}, None),
        ({"Content-Range": "bytes 1-2/3 "}, None),
        ({"Content-Range": "bytes \u0661-2/3"}, None),
        ({"Content-Range": "bytes 1-2/" + "9" * 19}, None),
        ({}, None),
    ],
)
def test_which_part_an_answer_holds(fields: dict[str, str], part: Part | None) -> None:
    """F65: a part says where it belongs, without a contradiction, or it is none."""
    assert part == part_of(Headers(fields))


def test_two_ranges_are_none() -> None:
    """F65: an answer that says two things says nothing."""
    pairs = [("Content-Range", "bytes 1-2/3"), ("Content-Range", "bytes 0-1/3")]
    assert part_of(Headers(pairs)) is None


@pytest.mark.parametrize(
    ("tag", "strong"), [('"a"', True), ('""', True), ('W/"a"', False), ("a", False), ('"a', False), ('"a", "b"', False)]
)
def test_which_tags_are_strong(tag: str, strong: bool) -> None:
    """F65: only a strong tag says that bytes are the same (RFC 9110 §8.8.1)."""
    assert (tag if strong else None) == strong_tag(Headers({"ETag": tag}))
    assert strong_tag(Headers()) is None


@pytest.mark.parametrize(("coding", "is_coded"), [(None, False), ("identity", False), ("", False), ("gzip", True)])
def test_which_answers_are_encoded(coding: str | None, is_coded: bool) -> None:
    """Anything but the file itself is an encoding of it."""
    assert is_coded == coded(Headers({} if coding is None else {"Content-Encoding": coding}))


@pytest.mark.parametrize(
    ("base", "url", "fit"),
    [
        ("https://app.clio.com/api/v4", "https://s3.example/x?sig=1", True),
        ("https://app.clio.com/api/v4", "HTTPS://s3.example/x?sig=1", True),
        ("https://app.clio.com/api/v4", "http://s3.example/x", False),
        ("http://localhost/api/v4", "http://s3.example/x", True),
        ("https://app.clio.com/api/v4", "/x", False),
        ("https://app.clio.com/api/v4", "//s3.example/x", False),
        ("https://app.clio.com/api/v4", "", False),
        ("https://app.clio.com/api/v4", "https://user:word@s3.example/x", False),
        ("https://app.clio.com/api/v4", "https://s3.example:0/x", False),
        ("https://app.clio.com/api/v4", "https:x", False),
        ("https://app.clio.com/api/v4", "file:///etc/passwd", False),
        ("https://app.clio.com/api/v4", "https://s3.example/a b", False),
    ],
)
def test_which_addresses_are_used(base: str, url: str, fit: bool) -> None:
    """F59: an absolute https address without a user; plain http only where the API itself is asked in plain text."""
    assert (url.replace("HTTPS:", "https:") if fit else None) == absolute_address(base, url)


# -- continuing ----------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**15), st.from_regex(r'"[\x21\x23-\x7e]{0,40}"', fullmatch=True), st.booleans())
def test_a_text_says_where_a_download_stands(offset: int, tag: str, sized: bool) -> None:
    """What `write_resume` wrote is read again, for the same download alone."""
    position = Position(offset, tag, offset + 1 if sized else None)
    text = write_resume(position, "a", "b")
    assert position == read_resume(text, "a", "b")
    with pytest.raises(InvalidArgument, match="another download"):
        read_resume(text, "a", "c")


@pytest.mark.parametrize(
    "text", ["", "x", "e30", "bnVsbA", "W10", "ä", "====", write_resume(Position(0, '"t"', 1), "a")]
)
def test_what_is_no_such_text_is_refused(text: str) -> None:
    """Anything else is an `InvalidArgument`."""
    with pytest.raises(InvalidArgument, match="does not continue"):
        read_resume(text, "a")


@pytest.mark.parametrize(
    "position",
    [
        Position(-1, '"t"', None),
        Position(True, '"t"', None),
        Position(1, "t", None),
        Position(1, 'W/"t"', None),
        Position(1, None, None),  # type: ignore[arg-type]
        Position(2, '"t"', 2),
        Position(1, '"t"', "2"),  # type: ignore[arg-type]
    ],
)
def test_an_unsound_position_is_refused(position: Position) -> None:
    """A text that was tampered with leads nowhere."""
    with pytest.raises(InvalidArgument):
        read_resume(write_resume(position, "a"), "a")


@pytest.mark.parametrize(
    ("validator", "size", "same"),
    [('"t"', 9, True), ('"t"', None, True), ('"u"', 9, False), ('"t"', 8, False), (None, 9, False)],
)
def test_what_is_the_same_file(validator: str | None, size: int | None, same: bool) -> None:
    """F65: tag and size have to be those of the bytes that came before."""
    assert same == is_same(Position(1, '"t"', 9), validator, size)
    assert is_same(Position(1, '"t"', None), '"t"', 7)
