"""What proves that a body is Clio's (row F67 of the fault table)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument
from clio_async.protocol import webhooks
from clio_async.protocol.webhooks import verify
from clio_async.secrets import Secret
from tests.canaries import Canaries
from tests.webhooks.signing import SECRET, delivery, sign

BODY = delivery(display_number="00001-Müller", description='a "b"\n', total=1.10)
MADE = hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()
HEX = MADE.hex()
STD = base64.b64encode(MADE).decode()
URL = base64.urlsafe_b64encode(MADE).decode()


@pytest.mark.parametrize(
    "signature",
    [HEX, HEX.upper(), HEX.encode(), STD, STD.rstrip("="), URL, URL.rstrip("="), STD.encode()],
    ids=["hex", "upper", "bytes", "base64", "unpadded", "urlsafe", "urlsafe-unpadded", "base64-bytes"],
)
@pytest.mark.parametrize("secret", [SECRET, Secret(SECRET)], ids=["text", "secret"])
def test_the_signature_of_the_raw_body_is_right_however_it_is_written(signature: str | bytes, secret: Any) -> None:
    """Hex in either case, base64 in either alphabet, padded or not."""
    assert verify(BODY, signature, secret) is True
    assert verify(memoryview(BODY), signature, secret) is True  # type: ignore[arg-type]


def _bodies() -> Iterator[tuple[str, bytes]]:
    """Bodies that are not the one that was signed."""
    for cut in range(0, len(BODY), 3):
        yield f"truncated at {cut}", BODY[:cut]
    for place in range(0, len(BODY), 4):
        yield f"changed at {place}", BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    parsed = json.loads(BODY)
    for name, options in {
        "compact": {"separators": (",", ":")},
        "indented": {"indent": 1},
        "sorted": {"sort_keys": True},
        "not escaped": {"ensure_ascii": False},
    }.items():
        yield f"written again, {name}", json.dumps(parsed, **options).encode()
    yield "utf-16", BODY.decode().encode("utf-16")
    yield "a line feed more", BODY + b"\n"
    yield "a space before", b" " + BODY
    yield "a byte order mark", b"\xef\xbb\xbf" + BODY
    yield "twice", BODY + BODY
    yield "empty", b""


def _signatures() -> Iterator[tuple[str, Any]]:
    """Signatures that are not that of the body."""
    yield "none", None
    yield "empty", ""
    yield "empty bytes", b""
    yield "a number", 42
    for cut in (1, 2, 32, 63):
        yield f"hex cut to {cut}", HEX[:cut]
        yield f"hex without the first {cut}", HEX[cut:]
    for place in range(0, 64, 4):
        yield f"hex changed at {place}", HEX[:place] + ("0" if HEX[place] != "0" else "1") + HEX[place + 1 :]
    for place in range(0, 43, 4):
        yield f"base64 changed at {place}", STD[:place] + ("A" if STD[place] != "A" else "B") + STD[place + 1 :]
    last = STD[42]
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        if other != last:
            yield f"base64 ends with {other}", STD[:42] + other + "="
    yield "prefixed", f"sha256={HEX}"
    yield "spaced", f" {HEX}"
    yield "with a line feed", HEX + "\n"
    yield "twice", f"{HEX}, {HEX}"
    yield "the words of another", HEX.replace("0", "o").replace("1", "l").replace("a", "а")  # noqa: RUF001
    yield "full-width digits", "".join(chr(ord(char) + 0xFEE0) for char in HEX)
    yield "a lone surrogate", "\ud800" + HEX[1:]
    yield "bytes that are no text", b"\xff" * 64
    yield "NULs", "\0" * 64
    yield "very long", HEX * 20_000
    yield "over-padded", f"{STD}="
    yield "padding alone", "=" * 44
    yield "sha1", hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    yield "sha512", hmac.new(SECRET.encode(), BODY, hashlib.sha512).hexdigest()
    yield "no key", hashlib.sha256(BODY).hexdigest()
    yield "key and body joined", hashlib.sha256(SECRET.encode() + BODY).hexdigest()
    yield "base64 of hex", base64.b64encode(HEX.encode()).decode()
    for name, secret in {
        "another": "another",
        "a space": " " + SECRET,
        "upper": SECRET.upper(),
        "cut": SECRET[:-1],
        "a letter more": SECRET + "x",
        "hex of it": SECRET.encode().hex(),
    }.items():
        yield f"signed with {name}", sign(BODY, secret)
    yield "signed with nothing", hmac.new(b"", BODY, hashlib.sha256).hexdigest()


FORGED = [*[(name, body, HEX) for name, body in _bodies()], *[(name, BODY, text) for name, text in _signatures()]]


def test_no_forgery_is_taken_for_clios() -> None:
    """F67: wrong verdicts: none, of some hundred bodies and signatures."""
    assert [] == [name for name, body, signature in FORGED if verify(body, signature, SECRET)]
    assert len(FORGED) >= 174


def test_a_check_of_the_values_takes_forgeries() -> None:
    """The control of F67: whoever signs what a parser and a writer have made of the body accepts other bytes."""

    def careless(body: bytes, signature: object) -> bool:
        try:
            again = json.dumps(json.loads(body)).encode()
        except ValueError:
            return False
        return sign(again) == signature

    assert careless(BODY, HEX)
    taken = [name for name, body, signature in FORGED if careless(body, signature)]
    assert [] != [name for name in taken if name.startswith("written again")]


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40).filter(str.strip), st.data())
def test_one_body_one_secret_one_signature(body: bytes, secret: str, data: st.DataObject) -> None:
    """The signature is right for its body and its secret, and for no other."""
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert verify(body, made, secret)
    other = data.draw(st.binary(max_size=200))
    assert verify(other, made, secret) is (other == body)
    key = data.draw(st.text(min_size=1, max_size=40).filter(str.strip))
    if key.encode().rstrip(b"\0") != secret.encode().rstrip(b"\0"):  # HMAC pads a key with NULs
        assert verify(body, made, key) is False
    text = data.draw(st.text(max_size=70) | st.binary(max_size=70))
    assert verify(body, text, secret) in {True, False}


@pytest.mark.parametrize("secret", ["", "  ", None, b"bytes", 42, "\ud800", Secret(""), Secret("\t")], ids=repr)
def test_a_secret_that_everybody_knows_is_refused(secret: Any) -> None:
    """With an empty secret every forger could sign."""
    with pytest.raises(InvalidArgument, match="shared_secret"):
        verify(BODY, HEX, secret)


@pytest.mark.parametrize("body", [BODY.decode(), json.loads(BODY), None, [1]], ids=["text", "dict", "none", "list"])
def test_what_a_parser_had_is_no_body(body: Any) -> None:
    """The message says what to give instead."""
    with pytest.raises(InvalidArgument, match="raw bytes"):
        verify(body, HEX, SECRET)


def test_the_comparison_is_one_of_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every signature of a right length is compared by hmac.compare_digest, as bytes of one length."""
    seen: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        assert isinstance(one, bytes)
        assert isinstance(other, bytes)
        seen.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(webhooks.hmac, "compare_digest", watched)
    assert verify(BODY, HEX, SECRET)
    assert verify(BODY, STD, SECRET)
    assert not verify(BODY, "0" * 64, SECRET)
    assert not verify(BODY, "A" * 43, SECRET)
    assert [(64, 64), (43, 43), (64, 64), (43, 43)] == seen


def test_no_error_shows_the_secret() -> None:
    """Neither its text nor the locals of its traceback."""
    canaries = Canaries(secret=SECRET)
    with pytest.raises(InvalidArgument) as raised:
        verify("text", HEX, SECRET)  # type: ignore[arg-type]
    # This test's own frame shows its globals to nobody, so what is searched is what the library holds.
    assert [] == canaries.in_text("message", str(raised.value))
    with pytest.raises(InvalidArgument) as raised:
        verify(BODY, HEX, "\ud800" + SECRET)
    assert [] == canaries.in_text("message", str(raised.value))
