"""Checks of what is kept, and under which key."""

from __future__ import annotations

from ...auth.tokens import TokenStore
from ...secrets import Secret
from .expect import ANN, BEN, alone, must_hold, must_save, token


@alone
async def an_empty_store_has_no_token(store: TokenStore) -> None:
    """What was never saved is None, and not an error."""
    for key in (ANN, BEN, "", "*"):
        await must_hold(store, key, None)


@alone
async def a_token_comes_back_as_it_was(store: TokenStore) -> None:
    """Every field survives the store, exactly, and so does what is absent (F29)."""
    kept = None
    for changes in (
        {},
        {"refresh_token": None, "expires_at": None, "account": "", "user": ""},
        {"revoked": True, "renewals": 7},
        {"expires_at": 1234.5678901234, "obtained_at": 1e9 + 0.25},
        {"access_token": Secret("\"\\'\r\n\t/{}%s&<>"), "refresh_token": Secret("ü\u2028\U0001f600")},
        {"access_token": Secret("a" * 5_000), "refresh_token": Secret("b" * 5_000)},
        {"origin": "http://127.0.0.1:8080", "client_id": "ö' --", "grant": "g" * 300, "account": "Müller & Söhne"},
    ):
        new = token(**changes)
        await must_save(store, ANN, new, kept)
        await must_hold(store, ANN, new)
        kept = new


@alone
async def keys_do_not_meet(store: TokenStore) -> None:
    """Saving or removing the token of one firm leaves those of all others as they were (F39)."""
    keys = [ANN, BEN, ANN + "/", ANN[:-1], "firm-2/ann", "ann"]
    saved = {key: token(user=key) for key in keys}
    for key in keys:
        await must_save(store, key, saved[key], None)
    gone: set[str] = set()
    for key in keys:
        await must_save(store, key, None, saved[key])
        gone.add(key)
        for other in keys:
            await must_hold(store, other, None if other in gone else saved[other])


LONG = "k" * 20_000
HOSTILE = (
    ("a", "A", "a ", " a", "a\n", "a\t", ""),
    ("\xe9", "e\u0301", "\xc9", "e", "\xc3\xa9"),
    (LONG + "1", LONG + "2", LONG),
    (".", "..", "../a", "a/../b", "/etc/passwd", "a/b", "a\\b", "C:\\a", "CON", "-rf"),
    ("*", "?", "%", "_", "a%", "[a]", "a*", "$a", "~", "%2e%2e%2f"),
    ("'; DROP TABLE tokens; --", "a'--", '"a"', "{a}", "a:b", "a\U0001f600", "a\U0001f601", "\u202ea"),
    ("1", "01", "1.0", "1e0", "null", "None", "true"),
    ("\uff21", "\u0391", "ss", "\xdf", "i", "\u0131", "\u0130"),
)


@alone
async def hostile_keys_do_not_meet(store: TokenStore) -> None:
    """Keys that look alike once folded, cut, trimmed or escaped, or that mean something elsewhere, are kept apart."""
    for row in HOSTILE:
        saved = {key: token() for key in row}
        for key in row:
            await must_hold(store, key, None)
            await must_save(store, key, saved[key], None)
        for key in row:
            await must_hold(store, key, saved[key])
