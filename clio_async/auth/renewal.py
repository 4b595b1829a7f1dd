"""One attempt to renew a token: what the store holds decides whether the server is asked.

Nobody uses a token before it is saved: where each refresh token works once, what is saved is all that another process
has of the grant. If the store fails after the server has answered, this process holds the only copy. It is used then,
and saved as soon as the store lets it: to throw it away would end the grant for certain.

The lock may be lost while it is held: it is lent for some seconds where several machines share a store, and this
process may have been stopped. The store then saves nothing for us, though what it holds is what we have seen. So the
lock is taken again, and what is stored by then is compared anew.

A store may also come back empty, or with an older state. What this process holds is put back then, if it is newer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import anyio
from attrs import evolve, frozen

from ..errors import ResponseTooLarge, TransportError, UsageError
from ..principal import Channel
from ..protocol import oauth
from ..protocol.oauth import Granted, Life, Refused
from ..secrets import Secret
from .issuer import Issuer
from .tokens import Token, TokenStore

__all__ = ["SECONDS", "Broken", "Ended", "Held", "Outcome", "Renewal", "Renewed", "Why"]

SECONDS = 30.0
"""For one exchange with an authorization server."""
_ALL = 150.0  # seconds for an attempt: the wait for the lock, two exchanges, and what the store takes
_ROUNDS = 5  # in which somebody else may be faster
_LOCKS = 2  # times that the lock is taken: a lost one is taken again

Why: TypeAlias = Literal["revoked", "missing", "replaced", "final"]
"""revoked: the server refuses to renew it. missing: the store holds nothing. replaced: the store holds another
approval. final: no refresh token came with it."""


@frozen
class Held:
    """What a grant has: its token, and what is known of it."""

    token: Token
    life: Life
    over: str | None = None
    """The revision that the token replaces and the store may hold still; None: it is saved."""
    refused: Secret | None = None
    """The last access token that the API refused."""
    dead: Secret | None = None
    """A refresh token that the server refused."""


@frozen
class Renewed:
    """A token that holds now. adopted: somebody else had got it. kept: it is the one that was held."""

    how: Literal["refreshed", "adopted", "kept"]
    token: Token
    life: Life
    over: str | None = None


@frozen
class Ended:
    """The grant is gone."""

    why: Why
    dead: Secret | None = None


@frozen
class Broken:
    """The token could not be renewed now."""

    refused: Refused
    misuse: UsageError | None = None
    """The client that lent its channel sends nothing any more. Another one may."""


Outcome: TypeAlias = Renewed | Ended | Broken


class Renewal:
    """Renew what is held of a grant, once, under the lock of the store."""

    def __init__(
        self, issuer: Issuer, store: TokenStore, key: str, held: Held, channel: Channel, keep: Callable[[], None]
    ) -> None:
        self._issuer = issuer
        self._store = store
        self._key = key
        self._held = held
        self._channel = channel
        self._keep = keep  # from when there is something to lose
        self._found: Outcome | None = None  # what holds if the store fails from here on
        self._misuse: UsageError | None = None
        self._again: Held | None = None  # what is held, after the lock was lost
        self._how: Literal["refreshed", "adopted", "kept"] = "kept"  # how we came by a token that is to be saved

    async def run(self) -> Outcome:
        """Do it. It does not raise, unless it is cancelled."""
        held, failure = self._held, "the time was over"
        if held.over is not None:
            self._keep()
            self._found = Renewed(self._how, held.token, held.life, held.over)
        with anyio.move_on_after(_ALL):
            try:
                await self._locked()
            except Exception as error:
                failure = type(error).__name__
                if isinstance(self._found, Renewed) and self._found.how == "kept" and self._due(self._found.life):
                    self._found = await self._unlocked(self._found)
        found = self._found
        if found is None or (isinstance(found, Renewed) and found.how == "kept" and self._due(found.life)):
            return Broken(Refused(f"the token store failed ({failure})"))
        return found

    async def _locked(self) -> None:
        """Renew it under the lock; under another one, if that was lost and nothing could be saved."""
        for _ in range(_LOCKS):
            self._again = None
            async with self._store.lock(self._key):
                self._found = await self._renewed()
            if self._again is None:
                return
            self._held = self._again

    async def _renewed(self) -> Outcome:
        stored = await self._stored()
        if isinstance(stored, Ended):
            return stored
        if self._held.over is not None:
            held = self._held
            kept = await self._saved(Renewed(self._how, held.token, held.life, held.over), stored)
            if not isinstance(kept, Renewed) or kept.over is not None or not self._due(kept.life):
                return kept
            stored = kept.token
        elif (adopted := self._adopted(stored)) is not None:
            return adopted
        return await self._next(stored)

    async def _next(self, stored: Token) -> Outcome:
        """Return what comes after the stored token, saved."""
        refresh_token = stored.refresh_token
        if stored.revoked:
            return Ended("revoked", refresh_token)
        if refresh_token is None:
            return Ended("final")
        if refresh_token == self._held.dead:
            return await self._marked(stored, Ended("revoked", refresh_token))
        answer = await self._asked(stored, refresh_token)
        if isinstance(answer, Renewed):
            return await self._saved(answer, stored)
        if answer.gone:
            return await self._marked(stored, Ended("revoked", refresh_token))
        return Broken(answer, self._misuse)

    async def _unlocked(self, kept: Renewed) -> Outcome:
        """Renew the only copy without the store. No other process has its refresh token, or that token works often."""
        refresh_token = kept.token.refresh_token
        if refresh_token is None:
            return Ended("final")
        answer = await self._asked(kept.token, refresh_token)
        if isinstance(answer, Renewed):
            return evolve(answer, over=kept.over)
        return Ended("revoked", refresh_token) if answer.gone else Broken(answer, self._misuse)

    async def _asked(self, last: Token, refresh_token: Secret) -> Renewed | Refused:
        """Ask the server. After a lost reply the same refresh token is tried once more: most of them can be."""
        answer = await self._exchanged(last, refresh_token)
        if isinstance(answer, Refused) and answer.lost:
            answer = await self._exchanged(last, refresh_token)
        return answer

    async def _exchanged(self, last: Token, refresh_token: Secret) -> Renewed | Refused:
        issuer, channel = self._issuer, self._channel
        since, now = issuer.clock(), issuer.wall_clock()
        request = oauth.refresh_request(issuer.app, refresh_token, channel.clock() + SECONDS)
        self._keep()
        try:
            response = await channel.send(request)
        except Exception as error:
            self._misuse = error if isinstance(error, UsageError) else None
            lost = isinstance(error, TransportError) and not isinstance(error, ResponseTooLarge)
            return Refused(f"no complete answer came ({type(error).__name__})", lost=lost)
        answer = oauth.read_answer(response, issuer.wall_clock())
        if not isinstance(answer, Granted):
            return answer
        token = issuer.next(answer, now, last)
        return Renewed("refreshed", token, issuer.life_since(token, since), last.revision)

    async def _stored(self) -> Token | Ended:
        """Return what the store holds, if it is of this approval."""
        stored, ours = await self._store.load(self._key), self._held.token
        if stored is None or (stored.grant == ours.grant and stored.renewals < ours.renewals):
            stored = await self._store.restore(self._key, ours, found=stored)
        if stored is None:
            return Ended("missing")
        if stored.grant != ours.grant or not self._issuer.issued(stored):
            return Ended("replaced")
        return self._issuer.own(stored)

    def _adopted(self, stored: Token) -> Renewed | None:
        """Return the stored token, if somebody else has got it since, and it may be used."""
        held = self._held
        if stored.revision in {held.token.revision, held.over} or stored.revoked:
            return None
        life = self._issuer.life(stored)
        return None if stored.access_token == held.refused or self._due(life) else Renewed("adopted", stored, life)

    async def _saved(self, new: Renewed, stored: Token) -> Outcome:
        """Save a token over what is stored, unless somebody else has saved one that is as good.

        A mark that the grant was refused is no such thing: it was made by one who used the refresh token after us.
        """
        self._found = new
        for _ in range(_ROUNDS):
            if stored.revision == new.token.revision:  # the store failed after it had done its work
                return evolve(new, over=None)
            adopted = self._adopted(stored)
            if adopted is not None:
                return adopted
            if await self._store.save(self._key, new.token, previous=stored):
                return evolve(new, over=None)
            found = await self._stored()
            if isinstance(found, Ended):
                return found
            if found.revision == stored.revision:  # it was not replaced, though nobody has changed it
                self._again = evolve(self._held, token=new.token, life=new.life, over=new.over)
                self._how = new.how
                break
            stored = found
        return new

    async def _marked(self, stored: Token, ended: Ended) -> Outcome:
        """Mark the stored token, so that other processes do not ask again; unless one of them has another by now."""
        self._found = ended
        for again in (False, True):
            found = await self._stored()
            if isinstance(found, Ended):
                return found
            if found.revoked:
                break
            if found.revision != stored.revision:
                return Renewed("adopted", found, self._issuer.life(found))
            if again:  # it was not marked, though nobody has changed it
                self._again = evolve(self._held, dead=ended.dead)
            elif await self._store.save(self._key, self._issuer.marked(found), previous=found):
                break
        return ended

    def _due(self, life: Life) -> bool:
        return self._issuer.clock() >= life.advisory
