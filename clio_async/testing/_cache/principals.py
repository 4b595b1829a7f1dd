"""Checks that principals never meet."""

from __future__ import annotations

from ...caches.base import CacheStore
from .expect import ANN, BEN, OTHER, RECORD, TAGS, URL, alone, answer, find, keep, must, must_find, must_not_find


@alone
async def principals_never_see_each_other(store: CacheStore) -> None:
    """One URL, two users: each finds its own answer, and nothing as long as it has none (F39)."""
    await keep(store, ANN, URL, TAGS, answer(b"of Ann"))
    await must_not_find(store, BEN, "Ann has stored an answer")
    await keep(store, BEN, URL, TAGS, answer(b"of Ben"))
    await must_find(store, ANN, b"of Ann")
    await must_find(store, BEN, b"of Ben")


# No two of these pairs are the same, and all of a row become the same when they are joined or cleaned up.
LONG = "x" * 20_000
HOSTILE: tuple[tuple[tuple[str, str], ...], ...] = (
    (("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc")),
    (("a", ":b:c"), ("a:", "b:c"), ("a:b", ":c"), ("a:b:", "c")),
    (("a", "\0b"), ("a\0", "b"), ("a", "b"), ("a\0b", "")),
    (("a/b", "c"), ("a", "b/c"), ("a", "b//c"), ("a", "/b/c")),
    (("a|b", "c"), ("a", "b|c"), ("a,b", "c"), ("a", "b,c")),
    (("A", "K"), ("a", "k"), ("a", "K"), ("A", "k"), ("a", "\N{KELVIN SIGN}")),
    (("\xe9", "x"), ("e\u0301", "x"), ("e", "\u0301x"), ("\xc3\xa9", "x")),
    (("a", LONG + "1"), ("a", LONG + "2"), (LONG + "1", "a"), (LONG + "2", "a")),
    (("a", " b"), ("a", "b "), ("a ", "b"), ("a", "b\n"), ("a", "b\r\n"), ("a", "b\t")),
    (("*", "?"), ("%", "_"), ("a*", "b"), ("a", "[b]"), ("a", "b%"), ("a", "b*")),
    (("a'--", "b"), ("a", "'; DROP TABLE entries; --"), ("a", '"b"'), ("a\\", "b"), ("a", "\\b")),
    (("{a}", "b"), ("a", "{b}"), ("a}", "{b"), ("\U0001f600", "\U0001f601"), ("\u202ea", "b")),
)


@alone
async def hostile_names_do_not_meet(store: CacheStore) -> None:
    """Principals and keys that look alike once joined, folded, cut or escaped are kept apart (F39, F11)."""
    for row in HOSTILE:
        for number, (principal, key) in enumerate(row):
            await keep(store, principal, key, TAGS, answer(b"%d" % number, key))
        for number, (principal, key) in enumerate(row):
            await must_find(store, principal, b"%d" % number, key)


@alone
async def hostile_tags_do_not_meet(store: CacheStore) -> None:
    """Outdating a tag for one principal outdates no other pair of principal and tag that looks like it (F39)."""
    for row in HOSTILE:
        for principal, tag in row:
            await keep(store, principal, URL + tag, (tag,), answer(key=URL + tag))
        gone: set[tuple[str, str]] = set()
        for pair in row:
            await store.delete_tags([pair[1]], principal=pair[0])
            gone.add(pair)
            for principal, tag in row:
                found = await find(store, principal, URL + tag, (tag,))
                must((found is None) == ((principal, tag) in gone), f"After {pair!r}, {(principal, tag)!r} is wrong.")


@alone
async def a_tag_named_like_a_principal_is_only_a_tag(store: CacheStore) -> None:
    """Tags and principals are different things, whatever they are called (F39)."""
    await keep(store, ANN, URL, TAGS, answer(b"kept"))
    await keep(store, BEN, URL, (ANN,), answer(b"kept"))
    await store.delete_tags([ANN, ANN + RECORD, f"{ANN}:{RECORD}"])
    await must_find(store, ANN, b"kept")
    await keep(store, BEN, URL, (ANN,), answer(b"kept"))
    await store.purge(ANN)
    await must_find(store, BEN, b"kept", tags=(ANN,))


@alone
async def a_purge_forgets_one_principal(store: CacheStore) -> None:
    """After `purge` a principal finds nothing, and no read that it has under way is kept; others stay (F31, F35)."""
    for principal in (ANN, BEN):
        await keep(store, principal, URL, TAGS, answer(b"before"))
        await keep(store, principal, f"{URL}&x=1", (OTHER,), answer(b"before"))
    begun = {principal: (await store.begin(principal, URL, TAGS)).generation for principal in (ANN, BEN)}
    await store.purge(ANN)
    await must_not_find(store, ANN, "It was purged")
    must(await find(store, ANN, f"{URL}&x=1", (OTHER,)) is None, "A purge left an answer.")
    await must_find(store, BEN, b"before")
    kept = await store.commit(ANN, URL, TAGS, begun[ANN], answer(b"late"))
    must(not kept, "A read was kept that a purge overtook.")
    must(await store.commit(BEN, URL, TAGS, begun[BEN], answer(b"late")), "A purge refused another's read.")
    await keep(store, ANN, URL, TAGS, answer(b"after"))
    await must_find(store, ANN, b"after")
