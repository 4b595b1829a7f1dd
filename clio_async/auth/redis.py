"""Where tokens are kept for many machines: `RedisTokenStore`, in a Redis or Valkey."""

from __future__ import annotations

import hashlib
import json
import random as _random
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, TypeAlias

from ..errors import InvalidArgument, RedisUnavailable, TokenStoreError, UsageError
from ..notices import notify
from ..redis import RedisServer, Script
from ..secrets import Secret
from .redis_lease import EXTEND, GIVE_BACK, LITTER, TAKE, Lease, saving
from .tokens import Token, TokenStore

__all__ = ["RedisTokenStore"]

Seal: TypeAlias = Callable[[bytes], bytes]

_TIMEOUT = 1.0  # seconds for one call: they are rare, and what they lose is dear

# In the hash of a key: `revision`, with a sign before it, so that none is empty; `token`; or `removed`, so that nobody
# takes what was taken out for something that was lost. The lease is there, too.
_LOAD = Script.of("return redis.call('HMGET', KEYS[1], 'revision', 'token')")
_SAVE = Script.of("""
local holder, previous, revision, token, litter, again = unpack(ARGV)
local found = redis.call('HMGET', KEYS[1], 'revision', 'holder', 'removed')
if holder ~= '' and found[2] and found[2] ~= holder then return 0 end
if (found[1] or '') ~= previous then return 0 end
if again == '1' and found[3] then return 0 end
if revision ~= '' then
  redis.call('HSET', KEYS[1], 'revision', revision, 'token', token)
  redis.call('HDEL', KEYS[1], 'removed')
  redis.call('PERSIST', KEYS[1])
elseif found[1] then
  redis.call('HDEL', KEYS[1], 'revision', 'token')
  redis.call('HSET', KEYS[1], 'removed', '1')
  redis.call('PEXPIRE', KEYS[1], litter)
end
return 1
""")
_LEASES = {"take": Script.of(TAKE), "extend": Script.of(EXTEND), "give back": Script.of(GIVE_BACK)}


class RedisTokenStore(TokenStore):
    """Keep tokens in a Redis or Valkey, which the processes of many machines share.

    `server` is a URL, or a `RedisServer`, which stays yours; the connections for a URL are closed with the store.
    Nothing of a key is to be read in the server but its SHA-256. The tokens are there **with the secrets in clear
    text**, unless you give `seal` and `unseal`: functions of your own that encrypt bytes and decrypt them, with a key
    that is not in the server. Take a cipher that also authenticates, AES-GCM say; what was sealed for one key passes
    for no other. They run in the event loop, and what they raise is not shown.

    A token that is lost is a grant that is lost, so no token has an end in time, and the server must keep them:
    ``appendonly yes``, and a ``maxmemory-policy`` that evicts no key without one (``noeviction``, ``volatile-…``).
    Should it come back empty or with an older state all the same, each process puts its own token back when it is due:
    the newest one stands in the end. A server whose refresh tokens work once may have been asked with an older one by
    then; Clio Manage lets them be used again. What was removed (`OAuthApp.deauthorize`) stays removed for 90 days, and
    so does not return from a process that still holds it; but a server that was emptied since has lost that, too, and
    such a process puts its token back, though Clio has ended it.

    The lock is lent by the server for `lease` seconds at a time: a process that dies with it holds up the others for as
    long. One that was stopped for longer while it held it saves nothing, if another one has had the lock since; it has
    to take the lock again, and then to compare again.

    While the server is away, tokens are used for as long as they last, and each renewal that fails is tried again.

    :raises InvalidArgument: for a URL that is none, one of the two functions alone, or a lease that is not positive.
    :raises UsageError: without the extra ``clio-async[redis]``.
    """

    def __init__(
        self,
        server: str | Secret | RedisServer,
        *,
        prefix: str = "tokens",
        seal: Seal | None = None,
        unseal: Seal | None = None,
        lease: float = 10.0,
        random: Callable[[], float] = _random.random,
        name: Callable[[], str] = secrets.token_hex,
    ) -> None:
        server = Secret(server) if isinstance(server, str) else server  # a traceback may show what this frame holds
        if (seal is None) != (unseal is None):
            raise InvalidArgument("seal and unseal belong together: give both, or neither.")
        if not 0.01 <= lease <= 3600:
            raise InvalidArgument("lease is a number of seconds, from 0.01 up to 3600.")
        self._prefix = prefix  # first: it is shown
        self._owned = None if isinstance(server, RedisServer) else RedisServer(server, timeout=_TIMEOUT)
        self._server: RedisServer = self._owned or server  # type: ignore[assignment]
        self._seal = seal
        self._unseal = unseal
        self._lease = lease
        self._random = random
        self._name = name
        self._warned = False

    async def load(self, key: str) -> Token | None:
        """Return the token of a key, None if there is none.

        :raises TokenStoreError: if the server does not answer, or holds something else.
        """
        token = self._opened(key, await self._call(_LOAD, key))
        if token is False:
            raise TokenStoreError(
                "What the Redis server holds is no whole token of this key, or was sealed otherwise: "
                "see to the key of `unseal`, or let the user approve the app again."
            )
        return token

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        """Replace `previous` by `token`, if it is still what is stored.

        Under a lock that another process has had since, nothing is replaced.

        :raises TokenStoreError: if the server does not answer in time: it was replaced then, or not.
        """
        return await self._put(key, token, previous, again=False)

    async def restore(self, key: str, token: Token, *, found: Token | None) -> Token | None:
        """Put back what the server has lost, unless somebody has removed it. Return what is stored now.

        :raises TokenStoreError: if the server does not answer, or holds something else.
        """
        return token if await self._put(key, token, found, again=True) else await self.load(key)

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """Keep others, on other machines too, from renewing the token of a key for as long as the context lasts.

        It waits without end: put a deadline around it. The server gives the lock away when the process has ended.

        :raises TokenStoreError: if the server does not answer.
        """
        milliseconds = round(self._lease * 1000)

        async def ask(what: str, holder: str) -> bool:
            return _is_yes(await self._call(_LEASES[what], key, (holder, milliseconds, LITTER)))

        return Lease((self, key), ask, self._name(), self._lease, self._random)

    async def aclose(self) -> None:
        """Close the connections of this process and event loop, if they were made for a URL."""
        if self._owned is not None:
            await self._owned.aclose()

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._prefix!r})"

    async def _put(self, key: str, token: Token | None, previous: Token | None, *, again: bool) -> bool:
        # What was packed is kept in no local of a frame that raises: it may be the secrets in clear text.
        reply = await self._call(_SAVE, key, self._packed(key, token, previous, again))
        return _is_yes(reply)

    async def _call(self, script: Script, key: str, arguments: tuple[Any, ...] | None = ()) -> Any:
        failure: Exception | None = None
        if arguments is not None:
            place = f"{self._prefix}:{hashlib.sha256(_encoded(key)).hexdigest()}"
            try:
                return (await self._server.call(script, [place], arguments)).value
            except (RedisUnavailable, UsageError) as error:
                failure = error
        del arguments  # as its frames do, this one holds secrets; so nothing is raised from it, nor in its handler
        if isinstance(failure, UsageError):
            raise UsageError(str(failure))
        if failure is None:
            raise TokenStoreError("The token is no Unicode text, or `seal` has failed. It was not saved.")
        self._warn()
        raise TokenStoreError(f"The token store failed. {failure}")

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            notify("The Redis server of the token store failed: tokens are used while they last, and not renewed.")

    def _packed(
        self, key: str, token: Token | None, previous: Token | None, again: bool
    ) -> tuple[bytes | str | int, ...] | None:
        """Return the arguments of `_SAVE`, None if the token cannot be written. It raises nothing."""
        try:
            content = b"" if token is None else _heading(key) + token.to_json().encode()
            if token is not None and self._seal is not None:
                content = bytes(self._seal(content))
        except Exception:
            return None
        return saving((self, key)), _sign(previous), _sign(token), content, LITTER, int(again)

    def _opened(self, key: str, stored: Any) -> Token | Literal[False] | None:
        """Read what is stored. False if it is something else; it raises nothing."""
        heading = _heading(key)
        try:
            revision, content = stored
            if revision is None and content is None:
                return None
            if self._unseal is not None:
                content = bytes(self._unseal(content))
            token = Token.from_json(content[len(heading) :])
            return token if content.startswith(heading) and _sign(token) == revision else False
        except Exception:
            return False


def _heading(key: str) -> bytes:
    """Return the first line of what is stored: it says whose it is, so that no copy passes for another's."""
    return json.dumps(key).encode() + b"\n"


def _is_yes(reply: Any) -> bool:
    """Read what a script has answered that says yes or no.

    :raises TokenStoreError: if it is something else.
    """
    if reply not in (0, 1):
        raise TokenStoreError("The token store failed. The Redis server answered something that nobody has asked for.")
    return bool(reply)


def _sign(token: Token | None) -> bytes:
    return b"" if token is None else b"=" + _encoded(token.revision)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
