"""Checks with several handles on one store, as processes have them."""

from __future__ import annotations

from ...auth.tokens import TokenStore
from .expect import ANN, BEN, OpenAnother, locks, must_hold, must_not_save, must_save, shared, token
from .locking import crowd
from .replacing import race, renew


@shared
async def another_handle_finds_what_was_saved(store: TokenStore, open_another: OpenAnother) -> None:
    """What one process saves or removes is so for every other, at once (F30)."""
    second = await open_another()
    kept = None
    for writer, reader in ((store, second), (second, store)) * 2:
        new = token()
        await must_hold(reader, ANN, kept)
        await must_save(writer, ANN, new, kept)
        await must_hold(reader, ANN, new)
        await must_hold(reader, BEN, None)
        kept = new
    await must_save(second, ANN, None, kept)
    await must_hold(store, ANN, None)


@shared
async def another_handle_obeys_a_save(store: TokenStore, open_another: OpenAnother) -> None:
    """A process that saw an older token overwrites nothing, whatever it remembers (F30)."""
    second = await open_another()
    first, newer = token(), token()
    await must_save(store, ANN, first, None)
    await must_hold(second, ANN, first)
    await must_not_save(second, ANN, token(), None, first, "another process has saved a token")
    await must_save(store, ANN, newer, first)
    await must_not_save(second, ANN, token(), first, newer, "another process has replaced the token")
    await must_not_save(second, ANN, None, first, newer, "another process has replaced the token")
    await must_save(store, ANN, None, newer)
    await must_not_save(second, ANN, token(), newer, None, "another process has removed the token")


@shared
async def what_was_saved_outlives_its_handle(store: TokenStore, open_another: OpenAnother) -> None:
    """A process that starts later finds the token, whole (F29)."""
    kept = token(refresh_token=None, account="Müller & Söhne", expires_at=1e9 + 0.25, revoked=True)
    await must_save(store, ANN, kept, None)
    second = await open_another()
    await must_hold(second, ANN, kept)
    await must_save(second, ANN, token(), kept)


@shared
async def of_saves_that_race_through_handles_one_wins(store: TokenStore, open_another: OpenAnother) -> None:
    """Of many that replace one token at once, in several processes, exactly one is told that it did (F30)."""
    await race([store, await open_another(), await open_another()])


@shared
async def renewals_that_race_through_handles_lose_nothing(store: TokenStore, open_another: OpenAnother) -> None:
    """Each renewal that any process saved followed the one before it (F30)."""
    await renew([store, await open_another()])


@shared
async def a_lock_keeps_other_handles_off(store: TokenStore, open_another: OpenAnother) -> None:
    """If locks are offered, one process at a time has the lock of a key (F30)."""
    if locks(store):
        await crowd([store, await open_another(), await open_another()])
