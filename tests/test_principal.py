"""`Principal`: two identities never share a fingerprint, and no token is in one (F34, F39, F40)."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from attrs import evolve, fields
from hypothesis import assume, example, given
from hypothesis import strategies as st

from clio_async.auth.static import StaticToken
from clio_async.errors import InvalidArgument
from clio_async.principal import Principal
from clio_async.secrets import Secret
from tests.origin import BASE, Origin, Wire, client

PART = st.one_of(
    st.sampled_from(["", "a", "b", "ab", "1", "1:a", ":", "0:", "2:ab", "\0", "\ud83d\ude00", "\U0001f600"]),
    st.text(max_size=5),
)
PARTS = st.tuples(PART, PART, PART, PART, PART)
NAMES = ("origin", "client_id", "account", "user", "grant")


def naive(parts: tuple[str, ...]) -> str:
    return hashlib.sha256(":".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@given(PARTS, PARTS)
@example(("a", "b", "", "", ""), ("a", "", "b", "", ""))
@example(("ab", "", "", "", ""), ("a", "b", "", "", ""))
@example(("a", "1:b", "", "", ""), ("a1:", "b", "", "", ""))
def test_fingerprints_are_injective(one, other):
    """Different parts, or the same text cut differently, are different principals (F40)."""
    first, second = Principal(*one), Principal(*other)
    assert (first.fingerprint == second.fingerprint) == (one == other) == (first == second)


def test_joined_parts_would_meet():
    """The control of F40: a fingerprint of joined parts is the same for two principals."""
    assert naive(("a:b", "c")) == naive(("a", "b:c"))


@given(PARTS)
def test_a_fingerprint_is_32_hex_digits_and_lasts(parts):
    """It is fit to be a key, the same in every process, and gives nothing away."""
    principal = Principal(*parts)
    assert len(principal.fingerprint) == 32
    assert {*principal.fingerprint} <= {*"0123456789abcdef"}
    again = pickle.loads(pickle.dumps(principal))
    assert (again, again.fingerprint) == (principal, principal.fingerprint)
    assert tuple(field.name for field in fields(Principal)) == (*NAMES, "fingerprint")


def test_the_fingerprint_never_changes_with_a_release():
    """A shared store is keyed by it: another formula would silently empty every cache."""
    assert Principal("https://h", "c", "a", "u", "g").fingerprint == "e086700eb8258e896bc302f6725aad65"


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=60))
def test_no_token_is_in_a_principal(token):
    """The identity of a bare token is a digest of it, never its text (F37, F40)."""
    principal = StaticToken(token).principal("https://h/api/v4")
    assume(token not in repr(StaticToken("another's").principal("https://h/api/v4")))  # "https://", for instance
    assert token not in f"{principal!r}{principal.fingerprint}"
    assert principal == StaticToken(token).principal("https://h/api/v4")
    assert principal != StaticToken(token).principal("https://other/api/v4")
    assert principal != StaticToken(token + "x").principal("https://h/api/v4")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [1, None, b"x"])
def test_parts_are_strings(name, value):
    """An id as a number is a typed error that says what to write: 1 and "1" must not be two principals."""
    with pytest.raises(InvalidArgument, match="strings"):
        Principal(**{"origin": "https://h", name: value})


TOKEN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


@given(TOKEN, TOKEN)
def test_another_bare_token_is_another_principal(one, other):
    """Without more knowledge, two tokens are two identities, and one token is one, hidden or not (F40)."""
    first, second = StaticToken(one).principal("https://h"), StaticToken(Secret(other)).principal("https://h")
    assert (first == second) == (first.fingerprint == second.fingerprint) == (one == other)


@given(PARTS, st.sampled_from(NAMES), PART)
def test_whatever_differs_makes_another_principal(parts, name, value):
    """Another region, app, account, user or approval is somebody else, whatever else is the same (F34, F40)."""
    principal = Principal(*parts)
    other = evolve(principal, **{name: value})
    same = value == getattr(principal, name)
    assert (other == principal) == (other.fingerprint == principal.fingerprint) == same


@given(PARTS, TOKEN, TOKEN)
def test_an_asserted_principal_survives_its_tokens(parts, one, other):
    """Who a token speaks for, if that is said, does not change with the token (F40)."""
    principal = Principal("https://h", *parts[1:])
    found = [StaticToken(token, principal=principal).principal("https://h") for token in (one, other)]
    assert found == [principal, principal]
    with pytest.raises(InvalidArgument, match="belongs to"):
        StaticToken(one, principal=principal).principal("https://elsewhere")


async def test_answers_outlive_a_token_whose_principal_is_asserted():
    """With another token of the same principal, what is held is confirmed; with another approval it is not asked about.

    A bare token is its own principal, so another one begins anew: the control.
    """
    origin = Origin()
    origin.put("/users/who_am_i", b"{}")
    wire = Wire(origin.answer)
    ann = Principal(BASE, "app", "1", "7", "first approval")
    root = client(wire)
    for auth in (
        StaticToken("token-1", principal=ann),
        StaticToken("token-2", principal=ann),
        StaticToken("token-2", principal=evolve(ann, grant="second approval")),
        StaticToken("token-2", principal=evolve(ann, user="8")),
        "token-1",
        "token-2",
        "token-2",
    ):
        await root.with_auth(auth, base_url=BASE).request("GET", "/users/who_am_i")
    tag = origin.tag("/users/who_am_i")
    assert wire.sent("If-None-Match") == [None, tag, None, None, None, None, tag]
