"""A small right token store, and wrong ones: each has one fault that the contract suite must find."""

from __future__ import annotations

import unicodedata
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.lowlevel import checkpoint
from attrs import evolve

from clio_async.auth.tokens import Token, TokenStore
from clio_async.errors import TokenStoreError
from clio_async.secrets import Secret


class Shared:
    """What lies outside the process."""

    def __init__(self) -> None:
        self.texts: dict[Any, str] = {}
        self.locks: dict[Any, anyio.Semaphore] = {}
        self.leases: dict[Any, tuple[int, bool]] = {}
        """Who had the lock last, and whether it is lent still."""


class SmallStore(TokenStore):
    """Right and simple: texts in a dictionary, and no lock."""

    def __init__(self, shared: Shared | None = None) -> None:
        self.shared = shared or Shared()

    def place(self, key: str) -> Any:
        return key

    def found(self, key: str) -> Token | None:
        text = self.shared.texts.get(self.place(key))
        return None if text is None else Token.from_json(text)

    def write(self, key: str, token: Token | None) -> None:
        if token is None:
            self.shared.texts.pop(self.place(key), None)
        else:
            self.shared.texts[self.place(key)] = token.to_json()

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return (found and found.revision) == (previous and previous.revision)

    async def load(self, key: str) -> Token | None:
        return self.found(key)

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        if not self.same(self.found(key), previous):
            return False
        self.write(key, token)
        return True


class LockedStore(SmallStore):
    """The small store with a right lock, and with an end."""

    closed = 0

    @asynccontextmanager
    async def lock(self, key: str):
        async with self.shared.locks.setdefault(self.place(key), anyio.Semaphore(1)):
            yield

    async def aclose(self) -> None:
        self.closed += 1


class LeasedStore(SmallStore):
    """The small store with a right lock that is lent for a time, and with what is put back after it was lost."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.mine: dict[str, int] = {}
        self.removed: set[str] = set()

    def lease(self, key: str) -> tuple[int, bool]:
        return self.shared.leases.get(key, (0, False))

    def lost(self, key: str) -> bool:
        return self.mine.get(key, self.lease(key)[0]) != self.lease(key)[0]

    def give_back(self, key: str, number: int) -> None:
        if self.lease(key)[0] == number:
            self.shared.leases[key] = (number, False)

    @asynccontextmanager
    async def lock(self, key: str):
        while self.lease(key)[1]:
            await checkpoint()
        number = self.lease(key)[0] + 1
        self.shared.leases[key] = (number, True)
        self.mine[key] = number
        try:
            yield
        finally:
            self.mine.pop(key)
            self.give_back(key, number)

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        if self.lost(key):
            return False
        if token is None:
            self.removed.add(key)
        return await super().save(key, token, previous=previous)

    async def restore(self, key: str, token: Token, *, found: Token | None) -> Token | None:
        if found is not None or key not in self.removed:
            await self.save(key, token, previous=found)
        return self.found(key)

    async def expire(self) -> None:
        for key, (number, _) in self.shared.leases.items():
            self.shared.leases[key] = (number, False)


# What is kept


class OneForAll(SmallStore):
    """Forgets whose a token is."""

    def place(self, key: str) -> Any:
        return "token"


class FoldsCase(SmallStore):
    """Compares keys without case, as some databases do."""

    def place(self, key: str) -> Any:
        return key.casefold()


class Trims(SmallStore):
    """Compares keys without blanks at the end, as some databases do."""

    def place(self, key: str) -> Any:
        return key.rstrip(" ")


class Cuts(SmallStore):
    """Has a column of fixed width for keys."""

    def place(self, key: str) -> Any:
        return key[:255]


class Normalizes(SmallStore):
    """Keeps names as a file system does that composes them."""

    def place(self, key: str) -> Any:
        return unicodedata.normalize("NFC", key)


class ReplacesSeparators(SmallStore):
    """Makes file names of keys by replacing what is not allowed in them."""

    def place(self, key: str) -> Any:
        return "".join(letter if letter.isalnum() else "_" for letter in key)


class RaisesForNothing(SmallStore):
    """Takes a token that was never saved for an error."""

    async def load(self, key: str) -> Token | None:
        return Token.from_json(self.shared.texts.get(key, "null"))


class ForgetsRevocation(SmallStore):
    """Has no column for what was added later."""

    def write(self, key: str, token: Token | None) -> None:
        super().write(key, token and evolve(token, revoked=False))


class RoundsTimes(SmallStore):
    """Keeps whole seconds."""

    def write(self, key: str, token: Token | None) -> None:
        super().write(key, token and evolve(token, obtained_at=float(int(token.obtained_at))))


class CutsTokens(SmallStore):
    """Has a column that is too narrow."""

    def write(self, key: str, token: Token | None) -> None:
        super().write(key, token and evolve(token, access_token=Secret(token.access_token.reveal()[:4096])))


class EmptyForNone(SmallStore):
    """Writes an empty text where there is none."""

    def write(self, key: str, token: Token | None) -> None:
        super().write(key, token and evolve(token, refresh_token=token.refresh_token or Secret("")))


class ReturnsItsOwnKind(SmallStore):
    """Returns a row instead of a token."""

    def found(self, key: str) -> Any:
        found = super().found(key)
        return found and Row(**{name: getattr(found, name) for name in Token.__annotations__})


class Row(Token):
    pass


# What is replaced


class NeverCompares(SmallStore):
    """Writes whatever it is given."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return True


class FirstSaveWins(SmallStore):
    """Takes previous=None for "do not compare"."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return previous is None or super().same(found, previous)


class UpsertsWhatIsGone(SmallStore):
    """Writes where nothing is, whatever the caller has seen."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return found is None or super().same(found, previous)


class RemovesAnything(SmallStore):
    """Compares when it writes, and not when it removes."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        return await super().save(key, token, previous=self.found(key) if token is None else previous)


class NeverRemoves(SmallStore):
    """Says that it has removed a token, and has not."""

    def write(self, key: str, token: Token | None) -> None:
        if token is not None:
            super().write(key, token)


class CannotRemoveNothing(SmallStore):
    """Counts the rows that a DELETE has met."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        return await super().save(key, token, previous=previous) and (token is not None or previous is not None)


class ComparesAllOfIt(SmallStore):
    """Compares texts instead of revisions."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return found == previous


class ComparesSecrets(SmallStore):
    """Compares the access tokens."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return (found and found.access_token) == (previous and previous.access_token)


class ComparesLoosely(SmallStore):
    """Compares revisions without case, as some databases do."""

    def same(self, found: Token | None, previous: Token | None) -> bool:
        return (found and found.revision.casefold()) == (previous and previous.revision.casefold())


class SaysNothing(SmallStore):
    """Does not say whether it has replaced anything."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> Any:
        await super().save(key, token, previous=previous)


class WritesAndRefuses(SmallStore):
    """Returns False, and has written all the same."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        saved = await super().save(key, token, previous=previous)
        if token is not None:
            self.write(key, token)
        return saved


class ChecksThenWaits(SmallStore):
    """Waits between comparing and writing: no compare-and-set."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        if not self.same(self.found(key), previous):
            return False
        for _ in range(3):
            await checkpoint()
        self.write(key, token)
        return True


# Locks


class LocksNobody(SmallStore):
    """Offers a lock that keeps nobody off."""

    @asynccontextmanager
    async def lock(self, key: str):
        yield


class LocksAll(LockedStore):
    """Has one lock for all keys."""

    @asynccontextmanager
    async def lock(self, key: str):
        async with self.shared.locks.setdefault("all", anyio.Semaphore(1)):
            yield


class KeepsTheLockAfterAnError(LockedStore):
    """Does not give back what was taken when something is raised."""

    @asynccontextmanager
    async def lock(self, key: str):
        lock = self.shared.locks.setdefault(key, anyio.Semaphore(1))
        await lock.acquire()
        yield
        lock.release()


class SwallowsErrors(LockedStore):
    """Hides what is raised under the lock."""

    @asynccontextmanager
    async def lock(self, key: str):
        async with super().lock(key):
            try:
                yield
            except RuntimeError:
                raise
            except Exception:
                pass


class GivesTheLockToTheCancelled(LockedStore):
    """Lets in whoever is cancelled while it waits."""

    @asynccontextmanager
    async def lock(self, key: str):
        lock = self.shared.locks.setdefault(key, anyio.Semaphore(1))
        try:
            await lock.acquire()
        except BaseException:
            yield
            raise
        try:
            yield
        finally:
            lock.release()


class TakesForTheCancelled(LockedStore):
    """Takes the lock in the end for whoever has left, and never gives it back."""

    @asynccontextmanager
    async def lock(self, key: str):
        lock = self.shared.locks.setdefault(key, anyio.Semaphore(1))
        try:
            await lock.acquire()
        except BaseException:
            self.shared.locks[key] = forever = anyio.Semaphore(1)
            forever.acquire_nowait()
            raise
        try:
            yield
        finally:
            if not lock.value:
                lock.release()


class LocksSaves(LockedStore):
    """Takes for a save the lock that its caller may hold."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        async with self.lock(key):
            return await super().save(key, token, previous=previous)


class LocksLoads(LockedStore):
    """Lets nobody load while somebody renews, not even whoever renews."""

    async def load(self, key: str) -> Token | None:
        async with self.lock(key):
            return await super().load(key)


class PutsBackWhatWasRemoved(LeasedStore):
    """Takes a token that was removed for one that was lost."""

    async def restore(self, key: str, token: Token, *, found: Token | None) -> Token | None:
        self.removed.clear()
        return await super().restore(key, token, found=found)


class PutsBackOverAnything(LeasedStore):
    """Does not look at what is there by now."""

    async def restore(self, key: str, token: Token, *, found: Token | None) -> Token | None:
        if key not in self.removed:
            self.write(key, token)
        return self.found(key)


# Locks that are lost


class NeverFences(LeasedStore):
    """Lets those save who have lost the lock."""

    def lost(self, key: str) -> bool:
        return False


class FencesWhileItIsHeld(LeasedStore):
    """Lets those save who have lost the lock, when it is free again."""

    def lost(self, key: str) -> bool:
        return self.lease(key)[1] and super().lost(key)


class FencesWhoRanOut(LeasedStore):
    """Takes nothing from those whose time is over, though nobody else came."""

    def lost(self, key: str) -> bool:
        return key in self.mine and not self.lease(key)[1]


class FreesAnothers(LeasedStore):
    """Gives back whatever lock there is."""

    def give_back(self, key: str, number: int) -> None:
        self.shared.leases[key] = (number, False)


# Secrets and handles


class ShowsItself(SmallStore):
    """Prints what it holds."""

    def __repr__(self) -> str:
        return f"ShowsItself({self.shared.texts})"


class RemembersTokens(SmallStore):
    """Asks the store once, and itself afterwards."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.own: dict[str, Token | None] = {}

    def found(self, key: str) -> Token | None:
        if key not in self.own:
            self.own[key] = super().found(key)
        return self.own[key]

    def write(self, key: str, token: Token | None) -> None:
        super().write(key, token)
        self.own[key] = token


class RemembersForComparing(RemembersTokens):
    """Loads from the store, and compares with what it remembers."""

    async def load(self, key: str) -> Token | None:
        self.own.setdefault(key, SmallStore.found(self, key))
        return SmallStore.found(self, key)


class KeepsToItself(SmallStore):
    """Shares nothing."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(None)


class StartsAnew(SmallStore):
    """Empties the store when it is opened."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.shared.texts.clear()


class LocksPerHandle(LockedStore):
    """Has locks that other processes do not see."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.outside, self.shared = self.shared, Shared()
        self.shared.texts = self.outside.texts


# Stores that fail, and show it wrongly


class Failing(TokenStore):
    """Fails as it should."""

    async def load(self, key: str) -> Token | None:
        raise TokenStoreError("The store is out of reach.")

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        raise TokenStoreError("The store is out of reach.")


class FailsUntyped(Failing):
    """Lets through what its driver raises."""

    async def load(self, key: str) -> Token | None:
        raise OSError(5, "the disk is broken")


class FailsAsIfEmpty(Failing):
    """Takes a fault for an absent token."""

    async def load(self, key: str) -> Token | None:
        return None


class FailsWithTheToken(Failing):
    """Names the token in the message."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        raise TokenStoreError(f"cannot write {token and token.to_json()}")


class FailsWithTheTokenAsCause(Failing):
    """Names the token in the message of the cause."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        try:
            raise ValueError(token and token.to_json())
        except ValueError:
            raise TokenStoreError("The store is out of reach.") from None


class FailsWithTheTokenInALocal(Failing):
    """Leaves the text in a frame."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        text = token and token.to_json()
        raise TokenStoreError("The store is out of reach." if text else "It is.")


class FailsWithTheTokenInAnAttribute(Failing):
    """Hands over the text beside the message."""

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        raise TokenStoreError("The store is out of reach.", error=token and token.to_json())


class FailsUnpicklably(Failing):
    """Raises what no queue can carry."""

    async def load(self, key: str) -> Token | None:
        raise _Unpicklable("The store is out of reach.")


class _Unpicklable(TokenStoreError):
    def __reduce__(self):
        raise TypeError("not to be pickled")
