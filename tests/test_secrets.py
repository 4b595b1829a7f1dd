"""`secrets.Secret`: the text comes out of `reveal()` alone (F37)."""

from __future__ import annotations

import copy
import json
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.secrets import Secret

CANARY = "CANARY-4711"

WAYS_TO_SHOW = {
    "str": str,
    "repr": repr,
    "format": format,
    "f-string": lambda secret: f"{secret} {secret!s} {secret!r} {secret!a}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
    "in a list": lambda secret: str([secret, (secret,), {secret}, {"a": secret}]),
    "dir": lambda secret: str(dir(secret)),
    "ascii": ascii,
    "hash": lambda secret: str(hash(secret)),
    "digest": Secret.digest,
}
WAYS_OUT = {
    "json": json.dumps,
    "msgspec": msgspec.json.encode,
    "state": lambda secret: secret.__getstate__(),
    "vars": vars,
    "bytes": bytes,
    "iter": iter,
    "len": len,
    "format spec": lambda secret: format(secret, ">20"),
    "join": "".join,
    "add": lambda secret: secret + "",
    **{f"pickle {protocol}": lambda s, p=protocol: pickle.dumps(s, p) for protocol in range(6)},
}


@pytest.mark.parametrize("way", WAYS_TO_SHOW)
def test_showing_it_shows_nothing(way):
    """Every way to print it prints a placeholder or a digest."""
    assert CANARY not in WAYS_TO_SHOW[way](Secret(CANARY))


def test_a_secret_is_its_own_copy():
    """It is immutable: what holds it can be copied."""
    secret = Secret(CANARY)
    assert copy.copy(secret) is copy.deepcopy([secret])[0] is secret


@pytest.mark.parametrize("way", WAYS_OUT)
def test_there_is_no_way_out_by_accident(way):
    """What would write or copy it is a TypeError, and that does not name it either."""
    with pytest.raises(TypeError) as refused:
        WAYS_OUT[way](Secret(CANARY))
    assert CANARY not in str(refused.value)


def test_a_traceback_with_locals_shows_nothing():
    """Where a tool prints the locals of a frame, it prints the placeholder."""

    def fail(secret: Secret) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError) as raised:
        fail(Secret(CANARY))
    shown = "".join(traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())
    assert "Secret('***')" in shown
    assert CANARY not in shown


def test_a_plain_string_would_be_seen_there():
    """The control of F37: the same traceback shows a string."""

    def fail(secret: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError) as raised:
        fail(CANARY)
    assert CANARY in "".join(traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())


@given(st.text(max_size=20), st.text(max_size=20))
def test_secrets_are_equal_when_their_texts_are(one, other):
    """Equality, hash and digest agree, lone surrogates included; no secret equals a string."""
    first, second = Secret(one), Secret(other)
    assert (first == second) == (first.digest() == second.digest()) == (one == other)
    assert first == Secret(one)
    assert hash(first) == hash(Secret(one))
    assert first != one
    assert first.reveal() == one
    assert bool(first) == bool(one)
