"""`RedisServer`: no answer of another call, no wait beyond its time, no secret shown; on servers that come to harm."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import random
import socket
import ssl
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
import redis
import trustme
from anyio.lowlevel import checkpoint
from redis.asyncio.connection import Connection

from clio_async.errors import InvalidArgument, RedisUnavailable, UsageError
from clio_async.redis import RedisServer, Script
from clio_async.secrets import Secret

from .redis_server import RedisProcess, running

ECHO = Script.of("return ARGV[1]")
SET = Script.of("return redis.call('SET', KEYS[1], ARGV[1])")
GET = Script.of("return redis.call('GET', KEYS[1])")
PASSWORD = "pass-CANARY-word"


async def refusal(server: RedisServer, script: Script = ECHO, *arguments: str) -> RedisUnavailable:
    """Return what a call failed with, after a look at what it shows."""
    with pytest.raises(RedisUnavailable) as caught:
        await server.call(script, ["k"], arguments or ("x",))
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(pickle.loads(pickle.dumps(error)))
    assert "CANARY" not in shown
    assert "127.0.0.1" not in shown
    assert (None, None) == (error.__cause__, error.__context__)
    return error


def connected(process: RedisProcess) -> set[str]:
    """Return the connections of which the server knows, without the one that asks."""
    with process.client() as client:
        own = str(client.client_id())
        return {str(entry["id"]) for entry in client.client_list()} - {own}


async def test_a_script_runs_and_says_on_what_run_of_the_server(redis_url: str) -> None:
    """Values come back as bytes and numbers; keys get the prefix; every reply of one server names the same run."""
    async with RedisServer(Secret(redis_url), prefix="test-redis") as server:
        assert "test-redis" == server.prefix
        assert b"OK" == (await server.call(SET, ["k"], [1.5])).value
        first = await server.call(GET, ["k"])
        second = await server.call(Script.of("return {KEYS[1], #ARGV, ARGV[1], false}"), ["a"], [b"\xff", "ü"])
    assert (b"1.5", [b"test-redis:a", 2, b"\xff", None]) == (first.value, second.value)
    assert first.run == second.run
    assert len(first.run) > 40


async def test_a_forgotten_script_is_sent_again(redis_process: RedisProcess) -> None:
    """After SCRIPT FLUSH a call works as before."""
    async with RedisServer(redis_process.url) as server:
        assert b"1" == (await server.call(ECHO, [], [1])).value
        with redis_process.client() as client:
            client.script_flush()
        assert b"2" == (await server.call(ECHO, [], [2])).value


async def cancelled_after(steps: int, call: Callable[[], Awaitable[object]]) -> None:
    """Cancel a call when the event loop has gone round so many times."""
    task = asyncio.ensure_future(call())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


@pytest.mark.parametrize("is_warm", [True, False])
async def test_a_cancelled_call_leaves_no_answer_to_another(is_warm: bool, redis_url: str) -> None:
    """Wherever a call is cancelled, connecting included, the next one gets its own answer (F71)."""
    for steps in range(40):
        async with RedisServer(redis_url, connections=1, timeout=5.0) as server:
            if is_warm:
                await server.call(ECHO, [], ["first"])
            await cancelled_after(steps, lambda: server.call(ECHO, [], ["cancelled"]))
            for number in range(3):
                assert str(number).encode() == (await server.call(ECHO, [], [number])).value


async def test_a_crowd_that_is_cancelled_gets_no_foreign_answers(redis_url: str) -> None:
    """Thousands of calls on few connections, every third cancelled somewhere: each answer is that of its own call."""
    chance = random.Random(4)
    answered: list[bool] = []

    async def work(server: RedisServer, who: int) -> None:
        for number in range(60):
            text = f"{who}/{number}"

            async def call(text: str = text) -> None:
                answered.append(text.encode() == (await server.call(ECHO, [], [text])).value)

            if chance.random() < 0.33:
                await cancelled_after(chance.randrange(12), call)
            else:
                await call()

    async with RedisServer(redis_url, connections=7, timeout=30.0) as server, anyio.create_task_group() as tasks:
        for who in range(50):
            tasks.start_soon(work, server, who)
    assert len(answered) > 1500
    assert all(answered)


async def test_a_connection_kept_after_a_cancellation_gives_a_foreign_answer(redis_process: RedisProcess) -> None:
    """The control: without closing, the next call reads what was meant for the one before."""
    connection = Connection(host="127.0.0.1", port=redis_process.port, protocol=2, socket_timeout=None)
    await connection.connect()
    redis_process.freeze()

    async def call(text: str) -> object:
        await connection.send_command("ECHO", text)
        return await connection.read_response(disconnect_on_error=False)

    await cancelled_after(3, lambda: call("cancelled"))
    redis_process.thaw()
    assert b"cancelled" == await call("mine")
    await connection.disconnect()


async def test_a_frozen_server_costs_no_more_than_the_time_of_a_call(redis_process: RedisProcess) -> None:
    """A call ends in time on a connection that stands, on a new one, and in line for one; afterwards all is well."""
    async with RedisServer(redis_process.url, connections=1, timeout=0.3) as server:
        await server.call(SET, ["k"], ["before"])
        redis_process.freeze()
        errors: list[RedisUnavailable] = []

        async def fail() -> None:
            errors.append(await refusal(server))

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(fail)
        errors.append(await refusal(server))
        redis_process.thaw()
        assert ["did not answer within 0.3 s" in str(error) for error in errors] == [True] * 4
    async with RedisServer(redis_process.url, timeout=5.0) as server:
        assert b"before" == (await server.call(GET, ["k"])).value


async def test_a_late_answer_is_read_by_nobody(redis_process: RedisProcess) -> None:
    """What a frozen server says once it goes on is not the answer to the next call."""
    async with RedisServer(redis_process.url, connections=1, timeout=0.5) as server:
        await server.call(ECHO, [], ["first"])
        redis_process.freeze()
        await refusal(server, ECHO, "late")
        redis_process.thaw()
        for number in range(20):
            assert str(number).encode() == (await server.call(ECHO, [], [number])).value


async def test_a_restart_is_another_run(redis_process: RedisProcess) -> None:
    """A server that ended refuses; a new one is noticed before anything is sent, and has another run."""
    async with RedisServer(redis_process.url, timeout=2.0) as server:
        first = await server.call(ECHO, [], ["x"])
        redis_process.stop()
        assert "ConnectionError" in str(await refusal(server))
        redis_process.start()
        second = await server.call(ECHO, [], ["x"])
        redis_process.stop()
        redis_process.start()
        (pool,) = server._pools
        while pool._idle[0].is_silent():  # the event loop has not gone round since
            await checkpoint()
        third = await server.call(ECHO, [], ["x"])
    assert 3 == len({first.run, second.run, third.run})


async def test_a_replica_is_refused_and_becomes_another_run(redis_process: RedisProcess) -> None:
    """What a copy holds may be old; once it takes writes it is a server like any, and not what it was before."""
    with running() as other, redis_process.client() as client:
        async with RedisServer(redis_process.url, timeout=2.0) as server:
            first = await server.call(ECHO, [], ["x"])
        client.replicaof("127.0.0.1", other.port)
        async with RedisServer(redis_process.url, timeout=2.0) as server:
            assert "is a replica" in str(await refusal(server))
            client.replicaof("NO", "ONE")
            second = await server.call(ECHO, [], ["x"])
    assert first.run != second.run


async def passed(seconds: float) -> None:
    """Let the clock of the event loop go on by so much, without a wait."""
    loop = asyncio.get_running_loop()
    before = loop.time
    loop.time = lambda: before() + seconds  # type: ignore[method-assign]
    await checkpoint()


async def test_a_connection_that_stands_notices_a_time_as_a_replica(redis_process: RedisProcess) -> None:
    """Who was made a copy of another for a while holds what that one held: it says another run, on old lines, too."""
    with running() as other, redis_process.client() as client:
        async with RedisServer(redis_process.url, timeout=5.0) as server:
            first = await server.call(GET, ["k"])
            before = connected(redis_process)
            client.replicaof("127.0.0.1", other.port)
            await passed(1.0)
            assert "is a replica" in str(await refusal(server, GET))
            client.replicaof("NO", "ONE")
            second = await server.call(GET, ["k"])
            kept = connected(redis_process) - before
            client.replicaof("127.0.0.1", other.port)
            client.replicaof("NO", "ONE")
            await passed(1.0)
            third = await server.call(GET, ["k"])
            assert kept == connected(redis_process) - before  # the same connection
    assert 3 == len({first.run, second.run, third.run})


async def test_to_look_again_takes_no_round_trip_of_its_own() -> None:
    """The question of what it is goes out in one piece with the script."""
    async with speaking(*INFO, bulk(b"1"), INFO[1] + bulk(b"2")) as url, RedisServer(url, timeout=5.0) as server:
        assert (b"1", "1.2") == await server.call(ECHO, [], ["x"])
        await passed(1.0)
        assert (b"2", "1.2") == await server.call(ECHO, [], ["x"])


async def test_what_a_server_refuses_is_one_error_without_values(redis_process: RedisProcess) -> None:
    """WRONGTYPE, OOM, NOPERM, an error of the script and a lack of a password are told by their kind alone."""
    with redis_process.client() as client:
        client.set("clio_async:k", "CANARY")
        push = Script.of("return redis.call('LPUSH', KEYS[1], ARGV[1])")
        fail = Script.of("return redis.error_reply('SOME CANARY ' .. ARGV[1])")
        lower = Script.of("return redis.error_reply('Some CANARY')")
        async with RedisServer(redis_process.url, timeout=2.0) as server:
            await refusal(server, push)
            assert "refused (SOME)" in str(await refusal(server, fail))
            assert "could not be used (ResponseError)" in str(await refusal(server, lower))
            client.config_set("maxmemory", 1)
            await refusal(server, SET)
            client.config_set("maxmemory", 0)
            client.config_set("min-replicas-to-write", 1)
            await refusal(server, SET)
            client.config_set("min-replicas-to-write", 0)
            await server.call(SET, ["k"], ["x"])
        client.acl_setuser("poor", enabled=True, passwords=[f"+{PASSWORD}"], commands=["+eval"])
        client.config_set("requirepass", PASSWORD)
    poor = redis_process.url.replace("//", f"//poor:{PASSWORD}@")
    right, wrong = (redis_process.url.replace("//", f"//:{word}@") for word in (PASSWORD, f"{PASSWORD}2"))
    for url, why in [(redis_process.url, "Auth"), (wrong, "Auth"), (poor, "NoPermission")]:
        async with RedisServer(url, timeout=2.0) as server:
            assert why in str(await refusal(server))
            assert PASSWORD not in f"{vars(server)!r}{server!r}"
    async with RedisServer(right, timeout=2.0) as server:
        assert b"x" == (await server.call(GET, ["k"])).value


@asynccontextmanager
async def speaking(*answers: bytes) -> AsyncIterator[str]:
    """Listen, and give each command the next of these answers, again on each connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            if not await reader.read(65536):
                break
            writer.write(answer)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield f"redis://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def bulk(text: bytes) -> bytes:
    return b"$%d\r\n%b\r\n" % (len(text), text)


INFO = (bulk(b"# Server\r\nrun_id:1"), bulk(b"role:master\r\nmaster_replid:2"))


@pytest.mark.parametrize(
    "answers",
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n",),
        (b"-ERR unknown command CANARY\r\n",),
        (b"HTTP/1.1 400 CANARY\r\n\r\n",),
        (bulk(b"run_id:1"), bulk(b"no role")),
        (bulk(b"role:master\r\nmaster_replid:2"), bulk(b"")),
        (b"$-1\r\n", b"$-1\r\n"),
        (*INFO, b"-READONLY You can't write against a read only replica.\r\n"),
        (*INFO, b"-OOM command not allowed\r\n"),
        (*INFO, b"-NOSCRIPT\r\n", b"-NOSCRIPT\r\n"),
        (*INFO, b"$99999999999999999999\r\n"),
        (*INFO, b"*x\r\n"),
        (*INFO, b"\xff\xfe\r\n"),
    ],
)
async def test_what_is_no_answer_is_an_error(answers: tuple[bytes, ...]) -> None:
    """A server that loads, refuses, or is none at all is unavailable, whatever it says."""
    async with speaking(*answers) as url, RedisServer(url) as server:
        await refusal(server)


async def test_what_came_unasked_is_not_read(redis_url: str) -> None:
    """A connection on which something came after the last answer is not used again."""
    async with (
        speaking(*INFO, bulk(b"1") + bulk(b"foreign"), bulk(b"2")) as url,
        RedisServer(url, timeout=5.0) as server,
    ):
        assert b"1" == (await server.call(ECHO, [], ["x"])).value
        (pool,) = server._pools
        while pool._idle[0].is_silent():
            await checkpoint()
        assert b"1" == (await server.call(ECHO, [], ["x"])).value  # of a new connection


async def test_an_address_where_nobody_listens_is_an_error() -> None:
    """A refused connection fails at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with RedisServer(f"redis://u:{PASSWORD}@127.0.0.1:{port}") as server:
        assert "ConnectionError" in str(await refusal(server))


async def test_connections_are_bounded_and_all_closed(redis_process: RedisProcess) -> None:
    """At most so many are open at once, they are used again, and closing leaves none at the server."""
    server = RedisServer(redis_process.url, connections=3, timeout=5.0)
    async with anyio.create_task_group() as tasks:
        for number in range(30):
            tasks.start_soon(server.call, ECHO, [], [number])
    opened = connected(redis_process)
    await server.call(ECHO, [], ["x"])
    assert opened == connected(redis_process)
    assert 3 == len(opened)
    await server.aclose()
    while connected(redis_process):
        await checkpoint()
    await server.aclose()
    assert b"x" == (await server.call(ECHO, [], ["x"])).value  # used again, it opens anew
    await server.aclose()


async def test_a_call_under_way_outlives_the_close(redis_process: RedisProcess) -> None:
    """It gets its answer, and its connection is not kept."""
    async with RedisServer(redis_process.url, timeout=5.0) as server:
        await server.call(ECHO, [], ["x"])
        async with anyio.create_task_group() as tasks:

            async def call() -> None:
                assert b"y" == (await server.call(ECHO, [], ["y"])).value

            redis_process.freeze()
            tasks.start_soon(call)
            while not next(iter(server._pools))._lent:
                await checkpoint()
            await server.aclose()
            redis_process.thaw()
        while connected(redis_process):
            await checkpoint()


def in_loop(call: Callable[[], Awaitable[bytes]]) -> bytes:
    async def run() -> bytes:
        return await call()

    return asyncio.run(run())


def echo(server: RedisServer, text: str, *, close: bool = True) -> Callable[[], Awaitable[bytes]]:
    async def call() -> bytes:
        value: bytes = (await server.call(ECHO, [], [text])).value
        if close:
            await server.aclose()
        return value

    return call


def test_another_event_loop_has_connections_of_its_own(redis_process: RedisProcess) -> None:
    """One after the other, closed or not, and at the same time in another thread: each call gets its own answer."""
    server = RedisServer(redis_process.url, timeout=5.0)
    assert b"1" == in_loop(echo(server, "1"))
    assert b"2" == in_loop(echo(server, "2"))

    async def both() -> tuple[bytes, bytes]:
        mine = (await server.call(ECHO, [], ["mine"])).value
        theirs: list[bytes] = []
        thread = threading.Thread(target=lambda: theirs.append(in_loop(echo(server, "theirs"))))
        thread.start()
        while thread.is_alive():
            mine = (await server.call(ECHO, [], ["mine"])).value
        await server.aclose()
        return mine, theirs[0]

    assert (b"mine", b"theirs") == asyncio.run(both())
    assert {} == server._pools


def test_an_event_loop_that_ended_without_a_close_is_let_go(redis_process: RedisProcess) -> None:
    """The next one opens anew; what the old one had open is closed when it is collected."""
    server = RedisServer(redis_process.url, timeout=5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of sockets: they were not closed
        assert b"1" == in_loop(echo(server, "1", close=False))
        assert b"2" == in_loop(echo(server, "2"))
        gc.collect()
    assert {} == server._pools
    while connected(redis_process):
        pass


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_child_has_connections_of_its_own(redis_process: RedisProcess) -> None:
    """After a fork both go on, at the same time: no answer is the other's, and the parent's connection stays (F74)."""
    server = RedisServer(redis_process.url, connections=1, timeout=10.0)

    async def parent() -> None:
        await server.call(ECHO, [], ["before"])
        before = connected(redis_process)
        children = []
        for _ in range(5):
            child = os.fork()
            if child == 0:
                os._exit(in_child(server))
            children.append(child)
        for number in range(200):
            assert f"parent {number}".encode() == (await server.call(ECHO, [], [f"parent {number}"])).value
        assert [0] * 5 == [await anyio.to_thread.run_sync(ended, child) for child in children]
        assert before == connected(redis_process)
        assert b"after" == (await server.call(ECHO, [], ["after"])).value
        await server.aclose()

    asyncio.run(parent())


def in_child(server: RedisServer) -> int:
    """Return 0 if every answer is that of its own call."""
    try:
        asyncio.events._set_running_loop(None)
        texts = [f"child {os.getpid()} {number}" for number in range(50)]
        for text in texts[:3]:
            if in_loop(echo(server, text)) != text.encode():
                return 1

        async def many() -> bool:
            return [(await server.call(ECHO, [], [text])).value for text in texts] == [text.encode() for text in texts]

        return 0 if asyncio.run(many()) else 1
    except BaseException:
        traceback.print_exc()
        return 2


async def test_what_was_inherited_is_let_go_untouched(redis_process: RedisProcess) -> None:
    """The descriptors of a child are turned away from the parent's connections, which stay open; in this process."""
    server = RedisServer(redis_process.url, timeout=5.0)
    await server.call(ECHO, [], ["before"])
    (pool,) = server._pools
    (line,) = pool._idle
    sock = line._connection._writer.get_extra_info("socket")
    other = os.dup(sock.fileno())  # what the parent would have
    (at_server,) = connected(redis_process)
    pool.home._pid = -1
    assert b"mine" == (await server.call(ECHO, [], ["mine"])).value
    with socket.socket(fileno=other) as parents:
        assert redis_process.port == parents.getpeername()[1]
        with pytest.raises(OSError, match="not connected"):
            sock.getpeername()
        assert at_server in connected(redis_process)
    await server.aclose()
    line.close()
    pool.detach()  # what was closed has no descriptor


def test_connections_that_nobody_closed_end_with_their_event_loop(redis_process: RedisProcess) -> None:
    """A program that forgets `aclose` leaves no connection behind, and no warning."""
    server = RedisServer(redis_process.url, timeout=5.0)

    async def ask(text: str) -> bytes:
        return bytes((await server.call(ECHO, [], [text])).value)

    for text in ("first", "second"):
        assert text.encode() == asyncio.run(ask(text))
        assert any(not connected(redis_process) for _ in range(1_000))  # the server may hear of it a little later


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_trio_is_told_that_the_driver_cannot(redis_url: str) -> None:
    """On trio the first call says what to do."""
    server = RedisServer(redis_url)
    with pytest.raises(UsageError, match="runs on asyncio alone"):
        await server.call(ECHO, [], ["x"])
    await server.aclose()


def test_without_the_extra_it_says_what_to_install() -> None:
    """Building one without the driver names the extra."""
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "from clio_async import RedisServer, UsageError\n"
        "try: RedisServer('redis://localhost')\n"
        "except UsageError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "redis is not installed: pip install 'clio-async[redis]'" == done.stdout.strip()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        f"http://:{PASSWORD}@localhost",
        f"redis://:{PASSWORD}@localhost:port",
        f"redis://:{PASSWORD}@localhost?unknown=1",
        f"redis://:{PASSWORD}@localhost?db=x",
        f"rediss://:{PASSWORD}@localhost?ssl_ca_certs=/does/not/exist",
    ],
)
def test_a_wrong_url_is_refused_and_not_shown(url: str) -> None:
    """What cannot be an address is found when it is given."""
    with pytest.raises(InvalidArgument, match="redis://, rediss:// or unix://") as caught:
        RedisServer(url)
    frames = caught.value.__traceback__
    assert frames is not None
    inner = frames.tb_next  # the first one is the test's own
    shown = traceback.TracebackException(InvalidArgument, caught.value, inner, capture_locals=True)
    assert "CANARY" not in "".join(shown.format())
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


@pytest.mark.parametrize("bounds", [{"timeout": 0}, {"timeout": float("nan")}, {"connections": 0}])
def test_bounds_are_positive(bounds: dict[str, int]) -> None:
    """No call without time, no server without a connection."""
    with pytest.raises(InvalidArgument, match="above zero"):
        RedisServer("redis://localhost", **bounds)


async def test_options_of_the_url_do_not_undo_ours(redis_process: RedisProcess) -> None:
    """A time-out, a protocol or a decoding that an address asks for changes nothing; the database counts."""
    url = f"{redis_process.url[:-2]}/3?protocol=3&decode_responses=yes&socket_timeout=60&retry_on_timeout=yes"
    async with RedisServer(url, timeout=0.5) as server:
        assert b"OK" == (await server.call(SET, ["k"], ["\xff"])).value
        redis_process.freeze()
        await refusal(server)
        redis_process.thaw()
    with redis.Redis.from_url(f"{redis_process.url[:-2]}/3") as client:
        assert "\xff".encode() == client.get("clio_async:k")


async def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    """An address may be a path."""
    path = tmp_path / "redis.sock"
    with running("--unixsocket", str(path)):
        async with RedisServer(f"unix://{path}", timeout=5.0) as server:
            assert b"x" == (await server.call(ECHO, [], ["x"])).value


async def test_tls_is_verified(redis_process: RedisProcess, tmp_path: Path) -> None:
    """`rediss://` speaks TLS with a server whose certificate is of an authority that is trusted, and no other."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", redis_process.port)
        while asked := await reader.read(65536):
            inner_writer.write(asked)
            writer.write(await inner_reader.read(65536))
        inner_writer.close()
        writer.close()

    async with await asyncio.start_server(pipe, "127.0.0.1", 0, ssl=context) as listening:
        url = f"rediss://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        async with RedisServer(url, timeout=5.0) as server:
            await refusal(server)
        async with RedisServer(f"{url}?ssl_ca_certs={bundle}", timeout=5.0) as server:
            assert server._connect().ssl_context is server._connect().ssl_context  # certificates are read once
            assert b"x" == (await server.call(ECHO, [], ["x"])).value
