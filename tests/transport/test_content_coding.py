"""Bodies are decoded however they are cut, under a cap, and only if they are whole."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import ResponseBroken, ResponseTooLarge
from clio_async.protocol.content_coding import IncomingBody
from clio_async.testing._transport.bomb import bomb, peak

PIECE = 256 * 1024


def bare(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


def members(data: bytes) -> bytes:
    return gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])


CODINGS = {
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "members": ("gzip", members),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
}


def fed(coding: str, pieces: list[bytes], limit: int = 1 << 24) -> IncomingBody:
    body = IncomingBody(200, coding, limit)
    for piece in pieces:
        for _ in body.feed(piece):
            pass
    return body


@given(
    kind=st.sampled_from([*CODINGS]),
    data=st.binary(max_size=300) | st.builds(lambda size: b"ab" * size, st.integers(0, 2 * PIECE)),
    cuts=st.lists(st.integers(0, 400), max_size=4),
)
def test_any_cut_into_pieces_gives_the_same_body(kind: str, data: bytes, cuts: list[int]) -> None:
    """decode(encode(x)) is x, however the transfer was cut, and every byte of it is counted."""
    coding, encode = CODINGS[kind]
    wire = encode(data)
    places = [0, *sorted(cuts), len(wire)]
    body = fed(coding, [wire[start:end] for start, end in itertools.pairwise(places)])
    assert (data, len(wire)) == (body.finish(), body.wire_bytes)


@given(kind=st.sampled_from(["gzip", "deflate", "bare deflate"]), data=st.binary(max_size=200), cut=st.integers(1, 400))
def test_what_is_cut_is_broken(kind: str, data: bytes, cut: int) -> None:
    """No proper, non-empty beginning of a coded body is taken for a whole one."""
    coding, encode = CODINGS[kind]
    wire = encode(data)[:-cut]
    if not wire:
        assert fed(coding, [wire]).finish() == b""
        return
    with pytest.raises(ResponseBroken, match="before it is whole"):
        fed(coding, [wire]).finish()


@given(data=st.binary(min_size=1, max_size=60))
def test_noise_raises_nothing_untyped(data: bytes) -> None:
    """Whatever comes under whatever coding, the end is a body or a typed error."""
    for coding in ("gzip", "deflate"):
        with contextlib.suppress(ResponseBroken, ResponseTooLarge):
            assert isinstance(fed(coding, [data], limit=1 << 16).finish(), bytes)


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 4 * PIECE, 5 * PIECE + 7])
@pytest.mark.parametrize("kind", ["gzip", "deflate", "bare deflate"])
def test_nothing_is_left_inside_zlib(kind: str, size: int) -> None:
    """Bodies around the size of a piece come out whole."""
    coding, encode = CODINGS[kind]
    assert fed(coding, [encode(bytes(size))]).size == size


@pytest.mark.parametrize("kind", [*CODINGS])
def test_the_cap_is_exact(kind: str) -> None:
    """A body of the size of the cap is taken, one byte more is not."""
    coding, encode = CODINGS[kind]
    assert fed(coding, [encode(bytes(5000))], limit=5000).size == 5000
    with pytest.raises(ResponseTooLarge) as caught:
        fed(coding, [encode(bytes(5001))], limit=5000)
    assert (caught.value.status, caught.value.limit) == (200, 5000)


def test_what_decodes_to_nothing_ends_too() -> None:
    """Endless empty members are too large a body although nothing comes out."""
    with pytest.raises(ResponseTooLarge):
        fed("gzip", [gzip.compress(b"")] * 100, limit=1000)


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("gzip", gzip.compress(b"{}", mtime=0) + b"x"),
        ("deflate", zlib.compress(b"{}") + b"x"),
        ("deflate", bare(b"{}") + b"x"),
    ],
)
def test_nothing_may_follow_the_end(coding: str, wire: bytes) -> None:
    """Rubbish behind a whole body makes it a damaged one."""
    with pytest.raises(ResponseBroken):
        fed(coding, [wire]).finish()


def test_a_long_decode_lets_others_run() -> None:
    """There is a pause for each MiB that one piece of input decodes to."""
    body = IncomingBody(200, "gzip", 1 << 24)
    assert sum(1 for _ in body.feed(gzip.compress(bytes(8 << 20)))) == 8
    assert len(body.finish()) == 8 << 20


def test_a_bomb_costs_the_cap() -> None:
    """300 MB in 300 kB costs the cap and a little (F6); decoded at once, the control, it costs them all."""
    wire = bomb(300)
    assert len(wire) < 400_000
    cap = 2 << 20
    with peak() as cost, pytest.raises(ResponseTooLarge):
        fed("gzip", [wire], limit=cap)
    assert cost() <= cap + (16 << 20)
    small = gzip.compress(bytes(40 << 20))
    with peak() as cost:
        gzip.decompress(small)
    assert cost() > cap + (16 << 20)
