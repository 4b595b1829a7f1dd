"""A Redis or Valkey server that processes and machines share: `RedisServer`. Stores, limiters and leases are upon it.

Whatever must hold together is one script, which the server runs as one step. A server that was restarted may come back
with what it held some time ago: so every reply names the run of the server that it is of.
"""

from __future__ import annotations

import hashlib
import math
import os
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeAlias

import anyio
import anyio.lowlevel
from anyio.abc import AsyncResource
from attrs import frozen

from .ending import ending
from .errors import InvalidArgument, RedisUnavailable, UsageError
from .home import Home, abandon
from .secrets import Secret

__all__ = ["RedisServer", "Reply", "Script"]

Argument: TypeAlias = bytes | str | int | float

_TRUSTED = 1.0  # seconds for which a connection's server is taken for what it was


@frozen
class Script:
    """A program in Lua, for the server. `digest` is its SHA-1, by which the server knows one that it has seen."""

    source: str
    digest: str

    @classmethod
    def of(cls, source: str) -> Script:
        """Return the script with its digest."""
        return cls(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


class Reply(NamedTuple):
    """What a script has returned. Strings are bytes."""

    value: Any
    run: str
    """The run of the server: another one after each restart, on each machine, and after each time as a replica."""


class RedisServer(AsyncResource):
    """Connections to one server, of this process and this event loop.

    It can be built anywhere, also before a fork: connections open at first use, and are never shared with a child. What
    is built upon it may share it. Whoever made it closes it; connections that are left are closed at the end of their
    event loop. `url` is ``redis://``, ``rediss://`` or ``unix://``, with user, password and database, and is shown
    nowhere. `prefix` begins every key. `timeout` is for how many seconds one call may take, with what it takes to
    connect, and `connections` how many there are at once in one event loop. It runs on asyncio alone, and needs the
    extra ``[redis]``.

    The server is Redis 5 or later, or Valkey: one that takes writes, not a replica, and neither a cluster nor a proxy
    that spreads keys over servers. Its user needs EVALSHA, EVAL, INFO and what the scripts call. A connection looks
    again at what the server is with the first call of each second. What somebody puts back in a server that goes on
    running (SWAPDB, COPY, RESTORE of an old dump) cannot be told from what it held: empty it of these keys before.

    :raises UsageError: without the extra.
    :raises InvalidArgument: for a URL that is none of these, or a bound that is not positive.
    """

    def __init__(
        self, url: str | Secret, *, prefix: str = "clio_async", timeout: float = 0.2, connections: int = 50
    ) -> None:
        url = url if isinstance(url, Secret) else Secret(url)  # a traceback may show what this frame holds
        if not 0 < timeout < math.inf or connections < 1:
            raise InvalidArgument("timeout is a number of seconds above zero, connections one or more.")
        connect = _connector(url, timeout)
        if connect is None:  # none of its frames is in the traceback: what they hold names the password
            raise InvalidArgument(
                "The URL of a Redis server is redis://, rediss:// or unix://, with options of redis-py."
            )
        self._connect = connect
        self._prefix = prefix
        self._timeout = timeout
        self._limit = connections
        self._pools: dict[_Pool, AsyncGenerator[None]] = {}  # one for each event loop; threads may come at once

    @property
    def prefix(self) -> str:
        """What every key begins with."""
        return self._prefix

    async def call(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument] = ()) -> Reply:
        """Run a script. `keys` are without the prefix, which is put before each, and a colon.

        A connection on which a call did not come to its end, by an error or a cancellation, is closed: no answer is
        ever given to another call. Nothing is tried a second time, but for a script that the server does not know yet.

        :raises RedisUnavailable: if it does not answer in time, or refuses. The message holds no secret.
        :raises UsageError: in an event loop that is not asyncio's.
        """
        pool = self._opened() or await self._open()
        prefix = self._prefix
        words = (len(keys), *[f"{prefix}:{key}" for key in keys], *arguments)
        try:
            with anyio.fail_after(self._timeout):
                return await pool.ask(script, words)
        except TimeoutError:
            why = f"did not answer within {self._timeout:g} s"
        except Exception as error:
            why = _told(error)
        # Outside of any handler: what the driver raises names the server, and its frames hold the password.
        raise RedisUnavailable(f"The Redis server {why}. See that it runs, and that its address and user are right.")

    async def aclose(self) -> None:
        """Close the connections of this process and event loop. Used again, it opens new ones."""
        for pool in tuple(self._pools):
            if pool.home.is_here():
                await self._pools.pop(pool).aclose()

    def _opened(self) -> _Pool | None:
        """Return the connections of this event loop, if there are any."""
        for pool in tuple(self._pools):
            if pool.home.is_here():
                return pool
        return None

    async def _open(self) -> _Pool:
        """Let there be connections in this event loop, which end with it."""
        if not _is_asyncio():
            raise UsageError("The driver of Redis runs on asyncio alone: run the client there, or go without a server.")
        for pool in tuple(self._pools):
            if pool.home.is_gone():
                self._leave(pool)
        pool = _Pool(self._connect, self._limit)
        self._pools[pool] = await ending(pool.end)
        return pool

    def _leave(self, pool: _Pool) -> None:
        """Let go of connections whose event loop has ended, or which are the parent's."""
        ends = self._pools.pop(pool, None)
        if pool.home.is_inherited():
            pool.detach()
            abandon((pool, ends))
        else:
            pool.close()


class _Pool:
    """The connections of one event loop in one process. One that is lent out is in no list."""

    def __init__(self, connect: Callable[[], Any], limit: int) -> None:
        self.home = Home()
        self._connect = connect
        self._room = anyio.Semaphore(limit, fast_acquire=True)
        self._idle: list[_Line] = []
        self._lent: set[_Line] = set()
        self._closed = False

    async def ask(self, script: Script, words: Sequence[Argument]) -> Reply:
        async with self._room:
            line = self._kept() or _Line(self._connect())
            self._lent.add(line)
            try:
                reply = await line.ask(script, words)
            except BaseException:
                line.close()  # its answer may still come
                raise
            finally:
                self._lent.discard(line)
            if self._closed:
                line.close()
            else:
                self._idle.append(line)
            return reply

    def _kept(self) -> _Line | None:
        """Return a connection that waits, and that the server has not closed in the meantime."""
        while self._idle:
            line = self._idle.pop()
            if line.is_silent():
                return line
            line.close()
        return None

    async def end(self) -> None:
        """Close what waits at once, and what is in use when it comes back."""
        self.close()
        await anyio.lowlevel.checkpoint()  # the event loop closes sockets when it goes round

    def close(self) -> None:
        """Close as `end` does, also after the event loop has ended."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def detach(self) -> None:
        """Take this process off the connections of its parent, which go on there."""
        for line in (*self._idle, *self._lent):
            line.detach()


class _Line:
    """One connection, and the run of the server at its other end, which a restart and a time as a replica end."""

    __slots__ = ("_checked", "_connection", "_run", "_server")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._server = b""  # what it said of itself when the connection was made
        self._run = ""
        self._checked = 0.0

    async def ask(self, script: Script, words: Sequence[Argument]) -> Reply:
        now = anyio.current_time()
        if not self._run:
            await self._connection.connect()
            self._server = await self._tell(_packed(("INFO", "server")))
            self._run, self._checked = _run_of(self._server, await self._tell(_ROLE)), now
        command = _packed(("EVALSHA", script.digest, *words))
        if now >= self._checked + _TRUSTED:  # in one piece with the script, so that nothing comes between them
            self._run, self._checked = _run_of(self._server, await self._tell(_ROLE + command)), now
        else:
            await self._connection.send_packed_command(command)
        try:
            value = await self._read()
        except Exception as error:
            if not _is_unknown_script(error):
                raise
            value = await self._tell(_packed(("EVAL", script.source, *words)))
        return Reply(value, self._run)

    async def _tell(self, commands: bytes) -> Any:
        """Send commands, and return the first answer."""
        await self._connection.send_packed_command(commands)
        return await self._read()

    async def _read(self) -> Any:
        return await self._connection.read_response(disable_decoding=True, disconnect_on_error=False)

    def is_silent(self) -> bool:
        """Whether it is open, and nothing has come since the last answer."""
        reader = self._connection._reader  # noqa: SLF001  # no public look at it reads nothing
        return reader is not None and not reader.at_eof() and not reader._buffer  # noqa: SLF001

    def close(self) -> None:
        connection = self._connection
        writer = connection._writer  # noqa: SLF001
        connection._writer = connection._reader = None  # noqa: SLF001  # the driver would wait, or warn
        if writer is not None:
            with suppress(RuntimeError):  # its event loop has ended: garbage collection closes the socket
                writer.transport.abort()

    def detach(self) -> None:
        """Let the descriptor of this process name another socket.

        So the server sees the connection end when the parent ends it, and nothing that is done here reaches it.
        """
        writer = self._connection._writer  # noqa: SLF001
        descriptor = -1 if writer is None else writer.get_extra_info("socket").fileno()
        if descriptor >= 0:
            with socket.socket() as other:
                os.dup2(other.fileno(), descriptor, inheritable=False)


def _connector(url: Secret, timeout: float) -> Callable[[], Any] | None:
    """Return what makes connections, that are not open yet. None if the URL is none.

    The driver's own pool is not used: it gives a connection back that was cancelled, and does not know of forks.
    """
    try:
        from redis.asyncio.connection import Connection, parse_url
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise UsageError("redis is not installed: pip install 'clio-async[redis]'") from None
    ours = {
        "decode_responses": False,
        "health_check_interval": 0,
        "protocol": 2,
        **({"driver_info": None} if find_spec("redis.driver_info") else {"lib_name": None, "lib_version": None}),
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": timeout,
        "socket_timeout": None,  # one time-out stands around the whole call
    }
    with suppress(Exception):  # what it says repeats the URL
        settings: dict[str, Any] = {**parse_url(url.reveal()), **ours}
        kind: Any = settings.pop("connection_class", Connection)
        tls = getattr(kind(**settings), "ssl_context", None)
        if tls is not None:
            tls.get()  # reads the certificates, once

        def connect() -> Any:
            connection = kind(**settings)
            if tls is not None:
                connection.ssl_context = tls
            return connection

        return connect
    return None


def _packed(words: Sequence[Argument]) -> bytes:
    """Return a command as the server reads it; the driver takes longer to write one than the server to run it."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        text = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(text), text))
    return b"".join(parts)


_ROLE = _packed(("INFO", "replication"))


def _run_of(*infos: bytes) -> str:
    """Return what names this run of the server, as the one that takes writes.

    A replica that is made the first one gets another replication id, also if it was the first one before.
    """
    found = dict(line.split(b":", 1) for info in infos for line in info.splitlines() if b":" in line)
    if found[b"role"] != b"master":
        raise _Replica
    return (found[b"run_id"] + b"." + found[b"master_replid"]).decode("ascii")


class _Replica(Exception):  # it is never seen
    """The server is a copy of another, which lags behind it."""


def _is_unknown_script(error: Exception) -> bool:
    from redis.exceptions import NoScriptError

    return isinstance(error, NoScriptError)


def _told(error: Exception) -> str:
    """Say what happened by the kind of error, and the word that the server's begin with. The rest may hold values."""
    from redis.exceptions import ResponseError

    if isinstance(error, _Replica):
        return "is a replica, and holds what was true some time ago"
    word = str(error).partition(" ")[0] if isinstance(error, ResponseError) else ""
    if word.isascii() and word.isalpha() and word.isupper():
        return f"refused ({word[:20]})"
    return f"could not be used ({type(error).__name__})"


def _is_asyncio() -> bool:
    token: Any = anyio.lowlevel.current_token()
    return hasattr(getattr(token, "native_token", token), "is_closed")
