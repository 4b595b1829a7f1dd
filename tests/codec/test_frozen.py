"""JSON values that cannot be changed."""

from __future__ import annotations

import copy
import pickle

import pytest

from clio_async.codec import JsonObject, freeze, thaw
from clio_async.codec.frozen import DEEPEST
from clio_async.errors import DecodeError


def test_freezing_goes_all_the_way_and_thawing_back() -> None:
    """Objects and arrays are immutable at every depth; thawing gives the plain values again."""
    value = {"a": [1, {"b": None}], "c": "x"}
    frozen = freeze(value)
    assert isinstance(frozen["a"], tuple)
    assert isinstance(frozen["a"][1], JsonObject)
    assert value == thaw(frozen)


def test_a_frozen_object_behaves_like_a_value() -> None:
    """It compares to any mapping, hashes, prints, copies and pickles."""
    frozen = freeze({"a": 1, "b": [2]})
    assert frozen == {"a": 1, "b": (2,)}
    assert hash(frozen) == hash(freeze({"b": [2], "a": 1}))
    assert "{'a': 1, 'b': (2,)}" == repr(frozen)
    assert 2 == len(frozen)
    assert frozen == pickle.loads(pickle.dumps(frozen)) == copy.deepcopy(frozen)
    with pytest.raises(TypeError):
        frozen["a"] = 2


def test_what_opens_something_is_not_shown() -> None:
    """At any depth, wherever it stands; it is there to be read."""
    frozen = freeze({"a": [{"put_url": "x9", "put_headers": [{"value": "x9"}]}], "shared_secret": "x9"})
    assert "{'a': ({'put_url': ***, 'put_headers': ***},), 'shared_secret': ***}" == repr(frozen)
    assert ("x9", "x9") == (frozen["shared_secret"], frozen["a"][0]["put_url"])
    assert b"x9" not in pickle.dumps(frozen)
    assert freeze({"a": [{}]}) == pickle.loads(pickle.dumps(frozen))
    assert frozen is copy.copy(frozen) is copy.deepcopy(frozen)


def test_depth_is_bounded() -> None:
    """What is nested too deep is refused with a typed error, before anything recurses over it."""
    value: object = 1
    for _ in range(DEEPEST + 2):
        value = [value]
    with pytest.raises(DecodeError):
        freeze(value)
