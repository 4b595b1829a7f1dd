"""What pools are made of, beside places: ears, and where they belong."""

from __future__ import annotations

import contextlib
import select
import socket

import anyio
import pytest

from clio_async.errors import WrongEventLoop
from clio_async.home import Home
from clio_async.testing._transport.expect import reply
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport.gate import is_silent

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


def test_a_socket_is_silent_until_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes and the end are both heard; where nobody can listen, silence is assumed."""
    near, far = socket.socketpair()
    with near, far:
        assert is_silent(near.fileno())
        far.send(b"x")
        assert not is_silent(near.fileno())
        near.recv(1)
        far.close()
        assert not is_silent(near.fileno())
        monkeypatch.delattr(select, "poll")
        assert is_silent(near.fileno())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_home_knows_whether_it_is_gone(backend: str) -> None:
    """While its loop runs it must be used there; when that has ended, or in a child, it is gone."""

    async def made() -> Home:
        home = Home()
        assert home.is_here()
        assert not home.is_gone()
        home.check()
        with pytest.raises(WrongEventLoop):
            await anyio.to_thread.run_sync(anyio.run, checked, home)
        return home

    async def checked(home: Home) -> bool:
        home.check()
        return home.is_here()

    home = anyio.run(made, backend=backend)
    assert home.is_gone()
    assert not anyio.run(checked, home)
    home._pid = -1
    assert home.is_inherited()
    assert home.is_gone()


@BACKENDS
async def test_the_wire_server_waits_for_slow_readers() -> None:
    """It sends as much as it is told to, however slowly that is read, and however it was asked."""

    def answer(received: Received) -> Answer:
        return Answer([reply(bytes(30_000_000)), received.body], "close")

    async with serve(answer) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        async with await anyio.connect_tcp(host, int(port)) as stream:
            await stream.send(b"POST /a b HTTP/1.1\r\nX-A: 1\r\nContent-Le")
            await anyio.wait_all_tasks_blocked()
            await stream.send(b"ngth: 3\r\n\r\na")
            await anyio.wait_all_tasks_blocked()
            await stream.send(b"bc")
            await server.until(lambda: server.received)
            await anyio.wait_all_tasks_blocked()
            data = b""
            with contextlib.suppress(anyio.EndOfStream):
                while True:
                    data += await stream.receive(1 << 20)
        assert data.endswith(b"\0abc")
        assert len(data) > 30_000_000
        assert (
            server.received[0].method, server.received[0].target, server.received[0].values_of("x-a"),
        ) == ("POST", "/a", ["1"])  # fmt: skip
