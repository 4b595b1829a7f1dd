"""The storage by itself: signatures, ranges, conditions, digests, large files, and what it remembers."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator.contents import PIECE, Counted, Joined, Made, length_of, pieces_of, tag_of
from clio_async.testing.simulator.ranges import chosen
from clio_async.testing.simulator.storage import LIFE, Body, FileResponse, Storage

PATH = "/1/documents/7/701"
NOW = 1_800_000_000.0
TAG = '"0"'


def asked(
    storage: Storage, method: str = "GET", path: str = PATH, body: bytes | None = None, **fields: str
) -> Response:
    """Ask as the address says, with fields that are not under its signature."""
    headers = Headers({name.replace("_", "-"): value for name, value in fields.items()})
    return storage.answer(Request(method, storage.signed(method, path, NOW), headers, body), NOW)


def put(storage: Storage, body: bytes, signed: dict[str, str], sent: dict[str, str] | None = None) -> Response:
    url = storage.signed("PUT", PATH, NOW, fields=signed.items())
    return storage.answer(Request("PUT", url, Headers(signed if sent is None else sent), body), NOW)


def code(response: Response) -> tuple[int, str]:
    assert "application/xml" == response.headers["content-type"]
    return response.status, response.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def digest(body: bytes) -> bytes:
    return md5(body, usedforsecurity=False).digest()


# -- signatures ----------------------------------------------------------------------------------------------------

FIELDS = {"x-amz-server-side-encryption": "AES256", "Content-Type": "text/plain"}


def test_exactly_the_signed_fields_are_taken() -> None:
    """Each with its value, in any case of its name; none less, none more that has a meaning to the storage."""
    storage = Storage(0)
    assert 200 == put(storage, b"x", FIELDS).status
    assert 200 == put(storage, b"x", FIELDS, {name.upper(): value for name, value in FIELDS.items()}).status
    assert 200 == put(storage, b"x", FIELDS, {**FIELDS, "User-Agent": "x", "Accept": "*/*"}).status
    wrong = [{}, {**FIELDS, "Content-Type": "text/html"}, {"Content-Type": "text/plain"}]
    wrong += [{**FIELDS, name: "x"} for name in ("Content-MD5", "x-amz-acl", "Content-Encoding")]
    for sent in wrong:
        assert (403, "SignatureDoesNotMatch") == code(put(storage, b"x", FIELDS, sent))
    assert (403, "SignatureDoesNotMatch") == code(put(storage, b"x", {}, {"Content-Type": "text/plain"}))
    assert (403, "SignatureDoesNotMatch") == code(asked(storage, x_amz_date="x"))
    assert 200 == asked(storage, content_type="text/plain").status


def test_a_field_that_is_sent_twice_is_another_field() -> None:
    """Both values count."""
    storage = Storage(0)
    url = storage.signed("PUT", PATH, NOW, fields=FIELDS.items())
    headers = Headers([*FIELDS.items(), ("content-type", "text/plain")])
    assert (403, "SignatureDoesNotMatch") == code(storage.answer(Request("PUT", url, headers, b"x"), NOW))


@pytest.mark.parametrize("part", ["X-Amz-Date=", "X-Amz-Expires=", "X-Amz-SignedHeaders=", "X-Amz-Signature=", "/7/"])
def test_nothing_of_an_address_can_be_changed(part: str) -> None:
    """Path, time, life, fields and seal hold together."""
    storage = Storage(0)
    url = storage.signed("GET", PATH, NOW)
    assert 200 == storage.answer(Request("GET", url), NOW).status
    place = url.index(part) + len(part)
    changed = f"{url[:place]}{'1' if url[place] != '1' else '2'}{url[place + 1 :]}"
    assert (403, "SignatureDoesNotMatch") == code(storage.answer(Request("GET", changed), NOW))
    assert (403, "SignatureDoesNotMatch") == code(Storage(1).answer(Request("GET", url), NOW))


@pytest.mark.parametrize("life", [1, LIFE, 28_800])
def test_an_address_ends(life: int) -> None:
    """It works until its last second, and then not: 403 AccessDenied."""
    storage = Storage(0)
    url = storage.signed("GET", PATH, NOW, life=life)
    assert 200 == storage.answer(Request("GET", url), NOW + life - 1).status
    late = storage.answer(Request("GET", url), NOW + life)
    assert (403, "AccessDenied") == code(late)
    assert b"Request has expired" in late.body


def test_a_token_is_refused_and_other_secrets_are_noted() -> None:
    """Beside the signature a token is 400; a cookie or version passes, and a test can see that it came (F60)."""
    storage = Storage(0)
    assert (400, "InvalidArgument") == code(asked(storage, authorization="Bearer secret"))
    assert 200 == asked(storage, cookie="a=secret", x_api_version="4.0.13").status
    noted = storage.requests
    assert [("authorization",), ("cookie", "x-api-version")] == [request.fields for request in noted]
    assert [(400, "GET", PATH, 0), (200, "GET", PATH, 0)] == [
        (request.status, request.method, request.path, request.length) for request in noted
    ]
    assert "secret" not in repr(noted)
    assert "Signature" not in repr(noted)


# -- putting -------------------------------------------------------------------------------------------------------


def test_what_is_put_can_be_had() -> None:
    """With its type, its time, and the MD5 digest as its tag; until then there is nothing."""
    storage = Storage(0)
    url = storage.signed("PUT", PATH, NOW, fields=FIELDS.items())
    assert (404, "NoSuchKey") == code(asked(storage))
    tag = f'"{digest(b"hello").hex()}"'
    assert tag == storage.answer(Request("PUT", url, Headers(FIELDS), b"hello"), NOW).headers["etag"]
    answer = asked(storage)
    assert (b"hello", tag, "text/plain") == (answer.body, answer.headers["etag"], answer.headers["content-type"])
    assert "Fri, 15 Jan 2027 08:00:00 GMT" == answer.headers["last-modified"]
    assert ("5", "bytes") == (answer.headers["content-length"], answer.headers["accept-ranges"])
    assert {PATH: b"hello"} == storage.files
    assert 5 == storage.requests[1].length
    storage.files[PATH] = b"other"
    assert (b"other", f'"{digest(b"other").hex()}"') == (asked(storage).body, asked(storage).headers["etag"])
    storage.remove(PATH)
    assert (404, "NoSuchKey") == code(asked(storage))
    assert 200 == asked(storage, path="/1/documents/1/101").status


@pytest.mark.parametrize(
    ("text", "expected"),
    [(b64encode(digest(b"hello")).decode(), 200), (b64encode(digest(b"hullo")).decode(), 400), ("eA==", 400),
     ("é", 400), ("x" * 24, 400), ("", 400)],
)  # fmt: skip
def test_a_digest_is_checked(text: str, expected: int) -> None:
    """Base64 of sixteen bytes, those of what arrived; nothing is stored otherwise (F62)."""
    storage = Storage(0)
    response = put(storage, b"hello", {"Content-MD5": text})
    assert expected == response.status
    assert ([PATH] if expected == 200 else []) == list(storage.files)


def test_a_length_is_needed() -> None:
    """Chunks are refused: 411."""
    storage = Storage(0)
    sent = {**FIELDS, "Transfer-Encoding": "chunked"}
    assert (411, "MissingContentLength") == code(put(storage, b"", FIELDS, sent))


def test_a_length_may_be_signed() -> None:
    """Another number of bytes is then another request."""
    storage = Storage(0)
    url = storage.signed("PUT", PATH, NOW, fields=[("Content-Length", "5")])
    assert (403, "SignatureDoesNotMatch") == code(storage.answer(Request("PUT", url, body=b"hell"), NOW))
    assert 200 == storage.answer(Request("PUT", url, body=b"hello"), NOW).status


# -- getting -------------------------------------------------------------------------------------------------------

DATE = "Fri, 15 Jan 2027 08:00:00 GMT"
SIZE = 10


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ("bytes=0-0", (206, 0, 1)), ("bytes=2-4", (206, 2, 5)), ("bytes=2-", (206, 2, 10)),
        ("bytes=9-9", (206, 9, 10)), ("bytes=9-99", (206, 9, 10)), ("bytes=-3", (206, 7, 10)),
        ("bytes=-99", (206, 0, 10)), ("BYTES=2-4", (206, 2, 5)), ("bytes= 2-4 ", (206, 2, 5)),
        ("bytes=,2-4", (206, 2, 5)), ("bytes=10-", (416, 0, 0)), ("bytes=-0", (416, 0, 0)),
        ("bytes=10-11, 12-", (416, 0, 0)), ("bytes=0-0,2-4", (200, 0, 10)), ("bytes=0-0,10-", (200, 0, 10)),
        ("bytes=4-2", (200, 0, 10)), ("bytes=", (200, 0, 10)), ("bytes=-", (200, 0, 10)),
        ("bytes=a-", (200, 0, 10)), ("bytes=0-0,x", (200, 0, 10)), ("items=0-0", (200, 0, 10)),
        ("0-0", (200, 0, 10)), ("", (200, 0, 10)), ("bytes=+1-", (200, 0, 10)),
        ("bytes=٣-", (200, 0, 10)),
    ],
)  # fmt: skip
def test_ranges_are_read_as_the_rfc_says(asked_for: str, expected: tuple[int, int, int]) -> None:
    """RFC 9110 §14: one range is served, none that can be is 416, several or nonsense are the whole."""
    made = chosen("GET", Headers({"range": asked_for}), length=SIZE, tag=TAG, modified=0)
    assert expected == (made.status, made.first, made.end)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if-range": TAG}, 206), ({"if-range": '"1"'}, 200), ({"if-range": f"W/{TAG}"}, 200),
        ({"if-range": DATE}, 206), ({"if-range": "Fri, 15 Jan 2027 08:00:01 GMT"}, 200),
        ({"if-range": "nonsense"}, 200),
        ({"if-none-match": TAG}, 304), ({"if-none-match": f'"1", W/{TAG}'}, 304), ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"1"'}, 206), ({"if-none-match": '"1"', "if-modified-since": DATE}, 206),
        ({"if-modified-since": DATE}, 304), ({"if-modified-since": "Fri, 15 Jan 2027 07:59:59 GMT"}, 206),
        ({"if-modified-since": "nonsense"}, 206), ({"if-match": TAG}, 206), ({"if-match": f'"1", {TAG}'}, 206),
        ({"if-match": "*"}, 206), ({"if-match": '"1"'}, 412), ({"if-match": f"W/{TAG}"}, 412),
    ],
)  # fmt: skip
def test_conditions_come_before_ranges(fields: dict[str, str], status: int) -> None:
    """RFC 9110 §13: `If-Range` compares strongly, `If-None-Match` weakly, and the former only says whether to cut."""
    headers = Headers({"range": "bytes=2-4", **fields})
    made = chosen("GET", headers, length=SIZE, tag=TAG, modified=1_800_000_000)
    assert status == made.status


def test_a_head_has_no_range() -> None:
    """For it none is defined (RFC 9110 §14.2); it says what a GET would."""
    storage = Storage(0)
    storage.files[PATH] = b"0123456789"
    answer = asked(storage, "HEAD", range="bytes=2-4")
    assert (200, b"", "10") == (answer.status, answer.body, answer.headers["content-length"])
    made = storage.make(PATH, 5_000_000)
    answer = asked(storage, "HEAD")
    assert (b"", str(made.length)) == (answer.body, answer.headers["content-length"])


def test_an_empty_file_has_no_ranges() -> None:
    """Its suffix is all of it; a first byte it has not."""
    storage = Storage(0)
    storage.files[PATH] = b""
    assert [(200, "0"), (416, None), (416, None)] == [
        (answer.status, answer.headers.get("content-length"))
        for answer in (asked(storage, range=f"bytes={spec}") for spec in ("-5", "0-", "-0"))
    ]


def test_answers_say_what_they_are() -> None:
    """206 which bytes of how many, 416 of how many, 304 nothing but the tag, 412 in XML."""
    storage = Storage(0)
    storage.files[PATH] = b"0123456789"
    tag = asked(storage).headers["etag"]
    part = asked(storage, range="bytes=2-4")
    assert (206, b"234", "bytes 2-4/10") == (part.status, part.body, part.headers["content-range"])
    assert ("3", tag) == (part.headers["content-length"], part.headers["etag"])
    beyond = asked(storage, range="bytes=10-")
    assert (416, "InvalidRange") == code(beyond)
    assert "bytes */10" == beyond.headers["content-range"]
    same = asked(storage, if_none_match=tag)
    assert (304, b"", tag, None) == (same.status, same.body, same.headers["etag"], same.headers.get("content-length"))
    assert (412, "PreconditionFailed") == code(asked(storage, if_match='"x"'))


@given(st.binary(max_size=40), st.integers(0, 50), st.one_of(st.none(), st.integers(0, 50)))
def test_a_range_is_what_the_language_says(content: bytes, first: int, last: int | None) -> None:
    """The bytes of ``first-last`` are those of a slice; what is not there is 416, what is upside down the whole."""
    storage = Storage(0)
    storage.files[PATH] = content
    answer = asked(storage, range=f"bytes={first}-{'' if last is None else last}")
    if last is not None and last < first:
        assert (200, content) == (answer.status, answer.body)
    elif first >= len(content):
        assert 416 == answer.status
    else:
        expected = content[first:] if last is None else content[first : last + 1]
        assert (206, expected, str(len(expected))) == (answer.status, answer.body, answer.headers["content-length"])


@given(st.text(alphabet="bytes=0123456789-, ", max_size=20), st.integers(0, 12))
def test_any_range_is_answered(text: str, length: int) -> None:
    """Whatever is asked, the answer is the whole, a part that is there and not empty, or 416."""
    made = chosen("GET", Headers({"range": text.strip()}), length=length, tag=TAG, modified=0)
    assert made.status in {200, 206, 416}
    if made.status == 206:
        assert 0 <= made.first < made.end <= length
    if made.status == 200:
        assert (0, length) == (made.first, made.end)


# -- large files ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 3 * PIECE), st.data())
def test_a_made_file_is_the_same_from_anywhere(length: int, data: st.DataObject) -> None:
    """Any slice of it is that slice of the whole."""
    made = Made("key", length)
    whole = b"".join(pieces_of(made, 0, length))
    first = data.draw(st.integers(0, length))
    end = data.draw(st.integers(first, length))
    assert length == len(whole)
    assert whole[first:end] == b"".join(pieces_of(made, first, end))


def test_a_made_file_differs_from_place_to_place() -> None:
    """No two pieces are alike, so that a wrong offset shows; another size has another tag."""
    storage = Storage(0)
    made = storage.make(PATH, 8 * PIECE)
    assert 8 == len(set(pieces_of(made, 0, made.length)))
    tag = asked(storage).headers["etag"]
    storage.make(PATH, 8 * PIECE + 1)
    assert tag != asked(storage).headers["etag"]


def test_a_large_answer_is_made_piece_by_piece() -> None:
    """A TiB is there at once, and any part of it: nobody holds it."""
    storage = Storage(0)
    storage.make(PATH, 1 << 40)
    answer = asked(storage)
    assert isinstance(answer, FileResponse)
    assert (b"", str(1 << 40)) == (answer.body, answer.headers["content-length"])
    assert PIECE == len(next(iter(answer.pieces())))
    part = asked(storage, range=f"bytes={(1 << 40) - 7}-")
    assert (7, f"bytes {(1 << 40) - 7}-{(1 << 40) - 1}/{1 << 40}") == (len(part.body), part.headers["content-range"])


def test_what_is_too_large_to_keep_is_counted() -> None:
    """Its length and digest are there, in one piece and in parts; its bytes are not: 501."""
    storage = Storage(0, kept=4)
    tag = f'"{digest(b"hello").hex()}"'
    assert tag == put(storage, b"hello", {}).headers["etag"]
    assert (5, tag) == (length_of(storage.files[PATH]), tag_of(storage.files[PATH]))
    assert (501, "NotImplemented") == code(asked(storage))
    storage.files["/b"] = b"1234"
    both = f'"{digest(digest(b"hello") + digest(b"1234")).hex()}-2"'
    assert 9 == storage.join("/whole", [PATH, "/b"], NOW, type="text/plain")
    joined = storage.files["/whole"]
    assert isinstance(joined, Joined)
    assert (9, both) == (joined.length, tag_of(joined))
    assert both == asked(storage, "HEAD", "/whole").headers["etag"]
    assert (501, "NotImplemented") == code(asked(storage, path="/whole"))


async def test_a_body_may_have_been_counted_before() -> None:
    """What a shell has received takes the place of the bytes: its length and digest are checked as theirs."""
    storage = Storage(0)
    fields = [("Content-MD5", b64encode(digest(b"hello")).decode())]
    url = storage.signed("PUT", PATH, NOW, fields=fields)
    for file, status in ((Counted(5, digest(b"hello")), 200), (Counted(5, digest(b"hullo")), 400), (b"hello", 200)):
        body = Body(file)
        assert status == storage.answer(Request("PUT", url, Headers(fields), content=body), NOW).status
        assert ([b"hello"] if file == b"hello" else []) == [piece async for piece in body.chunks()]
    assert [5, 5, 5] == [request.length for request in storage.requests]


def test_a_copy_is_a_file_of_its_own() -> None:
    """With the tag and type of the original; nothing is copied where there is nothing."""
    storage = Storage(0)
    put(storage, b"hello", FIELDS)
    tag = asked(storage).headers["etag"]
    storage.copy(PATH, "/copy")
    storage.files[PATH] = b"other"
    answer = asked(storage, path="/copy")
    assert (b"hello", tag, "text/plain") == (answer.body, answer.headers["etag"], answer.headers["content-type"])
    storage.remove(PATH)
    storage.copy(PATH, "/nothing")
    assert "/nothing" not in storage.files
