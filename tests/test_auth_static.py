"""`StaticToken`: one token, one origin, never shown."""

from __future__ import annotations

import traceback

import pytest

from clio_async.auth.static import StaticToken
from clio_async.errors import InvalidArgument
from clio_async.messages import Request, Response
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret

CANARY = "CANARY-4711"


async def _nothing_to_send(request: Request) -> Response:
    raise AssertionError("a static token needs no authorization server")


CHANNEL = Channel(_nothing_to_send, lambda job: None, lambda: 0.0, lambda: 0.0, lambda: 0.5, lambda event: None)


@pytest.mark.parametrize("token", [CANARY, Secret(CANARY), "~!@#$%^&*()_+{}|:<>?", "x" * 5000])
async def test_a_token_is_given_as_it_is(token):
    """It is what was given, as often as it is asked for, and there is no other."""
    auth = StaticToken(token)
    given = await auth.access_token(CHANNEL, deadline=1.0)
    assert given == await auth.access_token(CHANNEL)
    assert given.reveal() == (token.reveal() if isinstance(token, Secret) else token)
    assert await auth.rejected(given, CHANNEL, deadline=1.0) is False


BAD = [
    "",
    Secret(""),
    None,
    5,
    b"abc",
    ["x"],
    f"{CANARY} x",
    f"{CANARY}\r\nX: y",
    f"{CANARY}\0",
    f"Bearer {CANARY}",
    f"{CANARY}ü",
]


@pytest.mark.parametrize("token", BAD, ids=lambda token: type(token).__name__)
def test_what_is_no_token_is_refused_before_anything_is_sent(token):
    """Empty, cut into lines, or with a scheme before it: an error that says why (F11)."""
    with pytest.raises(InvalidArgument, match="access token"):
        StaticToken(token)


@pytest.mark.parametrize("token", [f"{CANARY} x", Secret(f"{CANARY}\n")], ids=["str", "Secret"])
def test_a_refused_token_is_not_shown_by_our_frames(token):
    """A tool that prints the locals of each frame finds no token in ours (F37)."""
    try:
        StaticToken(token)
    except InvalidArgument as refused:
        ours = refused.__traceback__.tb_next
        shown = "".join(traceback.TracebackException(type(refused), refused, ours, capture_locals=True).format())
    assert "static.py" in shown
    assert CANARY not in shown


def test_it_does_not_show_the_token():
    """Neither as text nor by its attributes (F37)."""
    auth = StaticToken(CANARY)
    assert CANARY not in f"{auth!r} {auth!s} {[getattr(auth, name) for name in auth.__slots__]!r}"


def test_a_known_principal_is_kept_and_bound_to_its_origin():
    """A replaced token keeps its answers; a token of another region is never sent (F34, F40)."""
    principal = Principal("https://eu.app.clio.com/api/v4", account="1", user="2")
    first, second = (StaticToken(token, principal=principal) for token in ("one", "two"))
    assert first.principal(principal.origin) is second.principal(principal.origin) is principal
    with pytest.raises(InvalidArgument, match="check region="):
        first.principal("https://app.clio.com/api/v4")
