"""One OAuth callback, received on 127.0.0.1: what counts, what is refused, and what a browser is told."""

from __future__ import annotations

import logging
import math
import re
import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from anyio.abc import SocketStream
from hypothesis import given
from hypothesis import strategies as st

from clio_async.auth import loopback as module
from clio_async.auth.loopback import Receiver, loopback
from clio_async.errors import ApprovalTimeout, AuthError, AuthorizationDeclined, InvalidArgument
from clio_async.secrets import Secret

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
STATE = "the-state+/="
RIGHT = "/callback?code=the%2Dcode&state=the-state%2B%2F%3D"


def port_of(receiver: Receiver) -> int:
    return int(receiver.redirect_uri.split(":")[2].split("/")[0])


def get(receiver: Receiver, target: str = RIGHT, *fields: str, method: str = "GET", host: str | None = None) -> bytes:
    own = (f"Host: 127.0.0.1:{port_of(receiver)}",) if host is None else (f"Host: {host}",) if host else ()
    return "\r\n".join((f"{method} {target} HTTP/1.1", *own, *fields, "", "")).encode("latin-1")


async def connected(receiver: Receiver) -> SocketStream:
    return await anyio.connect_tcp("127.0.0.1", port_of(receiver))


async def everything(stream: SocketStream) -> bytes:
    found = b""
    async with stream:
        try:
            while True:
                found += await stream.receive()
        except anyio.EndOfStream:
            return found


async def exchanged(receiver: Receiver, request: bytes) -> bytes:
    """Send bytes; return all that comes back until the other side ends."""
    with anyio.fail_after(60):
        stream = await connected(receiver)
        await stream.send(request)
        return await everything(stream)


class Tab:
    """A browser's tab: it loads one page, however long that takes."""

    page = b""

    async def load(self, receiver: Receiver, request: bytes) -> None:
        self.page = await exchanged(receiver, request)


def status(answer: bytes) -> int:
    return int(answer[9:12])


def text_of(answer: bytes) -> str:
    return answer.partition(b"\r\n\r\n")[2].decode()


@asynccontextmanager
async def waiting(**options: Any) -> AsyncIterator[Receiver]:
    """A receiver that waits for STATE: the block looks at what it answers meanwhile."""
    async with anyio.create_task_group() as tasks, loopback(port=0, **options) as receiver:
        tasks.start_soon(receiver.callback, STATE)
        await anyio.wait_all_tasks_blocked()
        yield receiver
        tasks.cancel_scope.cancel()


@BACKENDS
async def test_the_browser_is_told_when_the_block_has_ended(anyio_backend: str) -> None:
    """The URL is handed out while the page still loads; the page says that all went well once it did."""
    tab, again = Tab(), Tab()
    async with anyio.create_task_group() as tasks, loopback(port=0) as receiver:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/callback", receiver.redirect_uri)
        tasks.start_soon(tab.load, receiver, get(receiver))
        assert f"{receiver.redirect_uri}?{RIGHT.partition('?')[2]}" == await receiver.callback(STATE)
        tasks.start_soon(again.load, receiver, get(receiver, RIGHT.replace("code=", "code=another")))
        while receiver._over.statistics().tasks_waiting < 2:
            await anyio.lowlevel.checkpoint()
        assert (b"", b"") == (tab.page, again.page)
        assert "another" not in await receiver.callback(STATE)
    for page in (tab.page, again.page):  # reloading it changes nothing
        assert 200 == status(page)
        assert "The app is connected" in text_of(page)


@BACKENDS
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AuthorizationDeclined("no"), "The app was not approved"),
        (AuthError("secret reason"), "The login failed"),
        (ValueError("anything"), "The login failed"),
    ],
)
async def test_what_ends_the_block_is_what_the_page_says(anyio_backend: str, error: Exception, said: str) -> None:
    """The error comes out as itself, in no group, and no success is claimed."""
    tab = Tab()
    async with anyio.create_task_group() as tasks:
        with pytest.raises(type(error)) as caught:  # noqa: PT012
            async with loopback(port=0) as receiver:
                tasks.start_soon(tab.load, receiver, get(receiver, RIGHT.replace("code=the%2Dcode", "error=x")))
                await receiver.callback(Secret(STATE))
                raise error
    assert error is caught.value
    assert said in text_of(tab.page)
    assert "connected" not in text_of(tab.page)
    assert "reason" not in text_of(tab.page)


@BACKENDS
async def test_a_cancelled_login_is_no_success(anyio_backend: str) -> None:
    """The page is answered even then."""
    tab = Tab()
    async with anyio.create_task_group() as tasks:
        with anyio.CancelScope() as scope:
            async with loopback(port=0) as receiver:
                tasks.start_soon(tab.load, receiver, get(receiver))
                await receiver.callback(STATE)
                scope.cancel()
                await anyio.lowlevel.checkpoint()
    assert "The login failed" in text_of(tab.page)


@BACKENDS
@pytest.mark.parametrize(
    "query",
    [
        "code=forged&state=another",
        "code=forged",
        "code=forged&state=",
        "code=forged&state=the-state%2B%2F%3D&state=the-state%2B%2F%3D",
        "code=forged&state=the-state%2B%2F%3D&state=another",
        "code=forged&STATE=the-state%2B%2F%3D",
        "code=forged&state=%ff%fe",
        "code=forged&state=the-state%2B%2F%3D" + "&x=1" * 40,
        "",
    ],
)
async def test_another_state_is_told_so_and_ends_nothing(anyio_backend: str, query: str) -> None:
    """A forged callback is answered with a refusal; the right one that follows is taken."""
    tab = Tab()
    async with anyio.create_task_group() as tasks:
        async with loopback(port=0) as receiver:

            async def attack() -> None:
                answer = await exchanged(receiver, get(receiver, f"/callback?{query}"))
                assert 400 == status(answer)
                assert "ignored" in text_of(answer)
                assert "connected" not in text_of(answer)
                await tab.load(receiver, get(receiver))

            tasks.start_soon(attack)
            assert "forged" not in await receiver.callback(STATE)
        assert 1 == receiver.ignored
    assert "connected" in text_of(tab.page)


async def test_nothing_is_taken_before_a_state_is_known() -> None:
    """A callback that comes before anybody waits is ignored, also one with an empty state."""
    async with loopback(port=0) as receiver:
        for query in ("code=forged&state=", "code=forged", "code=forged&state=None"):
            assert 400 == status(await exchanged(receiver, get(receiver, f"/callback?{query}")))
        with pytest.raises(InvalidArgument, match="forged"):
            await receiver.callback("")


@BACKENDS
@pytest.mark.parametrize("ignored", [0, 1])
async def test_waiting_ends_with_the_time(anyio_backend: str, ignored: int) -> None:
    """What is raised says how long was waited, and whether other answers came."""
    async with loopback(port=0) as receiver:
        for _ in range(ignored):
            await exchanged(receiver, get(receiver, "/callback?code=forged&state=x"))
        with pytest.raises(AuthError) as caught:
            await receiver.callback(STATE, timeout=0)
    assert "within 0 s" in str(caught.value)
    assert bool(ignored) == ("1 with another state, ignored" in str(caught.value))
    assert f"check that {receiver.redirect_uri} is registered with the app." in str(caught.value)


async def test_a_callback_that_is_already_there_needs_no_time() -> None:
    """A second look at it gives the same."""
    async with anyio.create_task_group() as tasks, loopback(port=0) as receiver:
        tasks.start_soon(Tab().load, receiver, get(receiver))
        assert await receiver.callback(STATE, timeout=None) == await receiver.callback(STATE, timeout=0)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost", ""])
async def test_a_name_that_was_rebound_is_refused(host: str) -> None:
    """A page of another origin whose name now leads to 127.0.0.1 gets 403, even with the right state."""
    async with waiting() as receiver:
        answer = await exchanged(receiver, get(receiver, host=host.format(port=port_of(receiver))))
        assert 403 == status(answer)
        assert "connected" not in text_of(answer)
        two = (f"Host: 127.0.0.1:{port_of(receiver)}",)
        assert 403 == status(await exchanged(receiver, get(receiver, RIGHT, *two)))


async def test_both_names_of_the_loopback_are_its_own() -> None:
    """Some redirect URIs were registered with localhost."""
    async with waiting() as receiver:
        for host in ("127.0.0.1", "localhost", "LocalHost"):
            request = get(receiver, "/callback?state=x", host=f"{host}:{port_of(receiver)}")
            assert 400 == status(await exchanged(receiver, request))


def test_port_80_is_not_named_in_a_host() -> None:
    """A browser leaves out the default port."""
    assert {b"127.0.0.1:80", b"localhost:80", b"127.0.0.1", b"localhost"} == Receiver(80, "/")._hosts
    assert 2 == len(Receiver(81, "/")._hosts)


@BACKENDS
@pytest.mark.parametrize("target", ["/favicon.ico", "/", "/callback/", "/callback2?state=x", "/CALLBACK?state=x"])
async def test_there_is_one_page_only(anyio_backend: str, target: str) -> None:
    """Any other path is 404, and does not count as an answer."""
    async with waiting() as receiver:
        assert 404 == status(await exchanged(receiver, get(receiver, target)))
        assert 0 == receiver.ignored


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT", "BREW"])
async def test_only_get_is_answered(method: str) -> None:
    """Nothing else can bring a callback, and the refusal is fit for a HEAD: it has no body."""
    async with waiting() as receiver:
        answer = await exchanged(receiver, get(receiver, RIGHT, "Content-Length: 4", method=method) + b"body")
        assert 405 == status(answer)
        assert b"\r\nAllow: GET\r\n" in answer
        assert b"\r\nContent-Length: 0\r\n" in answer
        assert "" == text_of(answer)


@BACKENDS
async def test_a_refusal_arrives_although_more_is_sent(anyio_backend: str) -> None:
    """Who still sends when the answer is there is not cut off: the reset would take the answer along."""
    async with waiting() as receiver:
        request = get(receiver, RIGHT, "Content-Length: 30000000", method="POST")
        assert 405 == status(await exchanged(receiver, request + 30_000_000 * b"x"))


@BACKENDS
async def test_a_request_that_is_too_long_is_told_so(anyio_backend: str) -> None:
    """It is told, although it has not been read whole; a head of the greatest length is taken."""
    async with waiting() as receiver:
        filler = module._HEAD_LIMIT - len(get(receiver, "/x", "A: ")) + 4
        assert 404 == status(await exchanged(receiver, get(receiver, "/x", "A: " + filler * "x")))
        assert 431 == status(await exchanged(receiver, get(receiver, "/x", "A: " + (filler + 1) * "x")))
        assert 431 == status(await exchanged(receiver, get(receiver, RIGHT, "A: " + 500_000 * "x")))
        assert 431 == status(await exchanged(receiver, 100_000 * b"x"))


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /callback?state=x HTTP/1.0\r\nHost: HOST\r\n\r\n",
        b"GET /callback?state=x HTTP/2.0\r\nHost: HOST\r\n\r\n",
        b"GET  /callback HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"get /callback HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET http://127.0.0.1/callback HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /callback\x00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /call\xc3\xa9 HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost : HOST\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost: HOST\r\n folded\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost: HOST\nX: y\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost: HOST\r\nnonsense\r\n\r\n",
        b"GET /callback HTTP/1.1\r\nHost: HOST\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /callback HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
async def test_what_no_browser_sends_is_refused(request_: bytes) -> None:
    """One reading of a request, or none."""
    async with waiting() as receiver:
        request_ = request_.replace(b"HOST", f"127.0.0.1:{port_of(receiver)}".encode())
        assert 400 == status(await exchanged(receiver, request_))
        assert 0 == receiver.ignored


@given(st.binary(max_size=200) | st.from_regex(rb"GET [^ ]{0,20} HTTP/1\.1\r\n(Host: h:1\r\n)?([^\r]{0,20}\r\n){0,3}"))
def test_any_bytes_are_judged(head: bytes) -> None:
    """No request can raise, and a target comes only from a well-formed GET to the right host."""
    found = module._asked(head, {b"h:1"})
    if isinstance(found, Secret):
        assert head.startswith(b"GET " + found.reveal().encode())
        assert b"\r\nhost: h:1" in head.lower().replace(b"\t", b" ")
    else:
        assert b"connected" not in found.response()


@given(st.text(), st.text(max_size=60))
def test_a_state_must_be_the_same(state: str, query: str) -> None:
    """No query bears a state but by naming it, once."""
    from urllib.parse import urlencode

    if "state" not in query:
        assert not module._bears(query, Secret(state))
    if state.isascii():
        assert module._bears(urlencode({"code": "x", "state": state}), Secret(state))
        assert not module._bears(urlencode({"code": "x", "state": state + "x"}), Secret(state))


@BACKENDS
async def test_silent_connections_keep_nobody_waiting(anyio_backend: str) -> None:
    """Connections held in reserve, half requests, and one that was reset, do not stand before the real one."""
    tab = Tab()
    async with anyio.create_task_group() as tasks:
        async with loopback(port=0) as receiver:
            silent = [await connected(receiver) for _ in range(3)]
            await silent[1].send(get(receiver)[:-2])
            with socket.create_connection(("127.0.0.1", port_of(receiver))) as reset:
                reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            tasks.start_soon(tab.load, receiver, get(receiver))
            await receiver.callback(STATE)
        for stream in silent:
            assert b"" == await everything(stream)
    assert "connected" in text_of(tab.page)


async def arrived(receiver: Receiver) -> anyio.CancelScope:
    """Return what bounds the time of the connection that came last."""
    while not receiver._reading:
        await anyio.lowlevel.checkpoint()
    return [*receiver._reading][-1]


@BACKENDS
@pytest.mark.parametrize("request_", [b"", b"GET /callback HTTP/1.1\r\n", b"GET /x HTTP/1.1\r\n\r\n"])
async def test_a_connection_has_little_time(anyio_backend: str, request_: bytes) -> None:
    """A request that does not come whole in time is given up, and so is a client that does not hang up."""
    async with waiting() as receiver, await connected(receiver) as stream:
        scope = await arrived(receiver)
        assert 0 < scope.deadline - anyio.current_time() <= 10
        if request_:
            await stream.send(request_)
        if request_.endswith(b"\r\n\r\n"):
            assert 403 == status(await stream.receive())
        scope.deadline = -math.inf
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        while receiver._reading:
            await anyio.lowlevel.checkpoint()


@BACKENDS
async def test_an_answer_that_is_held_has_all_the_time(anyio_backend: str) -> None:
    """The exchange may take longer than a request may, and the page still says what became of it."""
    tab = Tab()
    async with anyio.create_task_group() as tasks, loopback(port=0) as receiver:
        tasks.start_soon(tab.load, receiver, get(receiver))
        await receiver.callback(STATE)
        (await arrived(receiver)).deadline = -math.inf
        await anyio.wait_all_tasks_blocked()
    assert "connected" in text_of(tab.page)


@BACKENDS
async def test_a_crowd_of_silent_connections_is_thinned(anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many a page opens, the newest is served, and few are kept (the control: all, if there is room)."""
    for room, kept in ((4, 4), (100, 20)):
        monkeypatch.setattr(module, "_CROWD", room)
        async with waiting() as receiver:
            silent = [await connected(receiver) for _ in range(20)]
            await anyio.wait_all_tasks_blocked()
            while len(receiver._reading) != kept:
                await anyio.lowlevel.checkpoint()
            assert 404 == status(await exchanged(receiver, get(receiver, "/x")))
            for stream in silent[: 20 - kept]:
                assert b"" == await everything(stream)
            for stream in silent:
                await stream.aclose()


@BACKENDS
async def test_a_browser_that_left_delays_nobody(anyio_backend: str) -> None:
    """Its page has nowhere to go; the block ends all the same."""
    async with loopback(port=0) as receiver:
        left = socket.create_connection(("127.0.0.1", port_of(receiver)))
        left.sendall(get(receiver))
        await receiver.callback(STATE)
        left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        left.close()


async def test_a_browser_that_does_not_read_delays_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last page is given some time to leave, and no more."""

    async def stuck(self: Any, item: bytes) -> None:
        await anyio.sleep_forever()

    monkeypatch.setattr(module, "_GOODBYE", 0)
    async with loopback(port=0) as receiver, await connected(receiver) as stream:
        await stream.send(get(receiver))
        await receiver.callback(STATE)
        monkeypatch.setattr(type(stream), "send", stuck)
        receiver._over.set()
        await anyio.wait_all_tasks_blocked()


@pytest.mark.parametrize("page", [page for page in vars(module).values() if isinstance(page, module._Page)])
def test_a_page_is_on_its_own_and_is_not_kept(page: module._Page) -> None:
    """Nothing is loaded, framed, sent on or stored, and no script runs."""
    head, _, body = page.response().partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert fields[b"Content-Security-Policy"].startswith(b"default-src 'none'; ")
    assert b"frame-ancestors 'none'" in fields[b"Content-Security-Policy"]
    assert (b"no-store", b"no-referrer", b"close") == tuple(
        fields[name] for name in (b"Cache-Control", b"Referrer-Policy", b"Connection")
    )
    assert str(len(body)).encode() == fields[b"Content-Length"]
    assert not re.search(rb"<(script|link|img|style|a|form|iframe)|http", body)


async def test_it_listens_on_the_loopback_alone() -> None:
    """The socket is bound to 127.0.0.1; another address of this machine, which 0.0.0.0 would answer, is refused."""
    async with loopback(port=0) as receiver:
        with socket.create_connection(("127.0.0.1", port_of(receiver)), timeout=5):
            pass
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port_of(receiver)), timeout=5)
    with socket.create_server(("0.0.0.0", 0)) as control:
        socket.create_connection(("127.0.0.2", control.getsockname()[1]), timeout=5).close()


@BACKENDS
async def test_a_port_that_is_taken_is_said(anyio_backend: str) -> None:
    """It is a typed error that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AuthError, match=rf"Port {port} of 127\.0\.0\.1 .*in use.*another port"):
            async with loopback(port=port):
                pass


async def test_a_fixed_port_and_path_can_be_used_again_at_once() -> None:
    """The redirect URI is registered exactly, so the next login must get the same one."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for _ in range(3):
        tab = Tab()
        async with anyio.create_task_group() as tasks, loopback(port=port, path="/a/b") as receiver:
            assert f"http://127.0.0.1:{port}/a/b" == receiver.redirect_uri
            tasks.start_soon(tab.load, receiver, get(receiver, RIGHT.replace("/callback", "/a/b")))
            await receiver.callback(STATE)
        assert 200 == status(tab.page)


@pytest.mark.parametrize("port", [-1, 65_536, True, "8080", 1.0, None])
async def test_a_port_must_be_one(port: Any) -> None:
    """Nothing is opened for what is none."""
    with pytest.raises(InvalidArgument, match="port"):
        async with loopback(port=port):
            pass


@pytest.mark.parametrize("path", ["", "callback", "/a b", "/a?b", "/a#b", "/%61", "/a\r\n", "/é", "//a{}", None])
async def test_a_path_must_be_one(path: Any) -> None:
    """It is compared as it is, by the authorization server and here."""
    with pytest.raises(InvalidArgument, match="path"):
        async with loopback(port=0, path=path):
            pass


async def test_the_code_and_the_state_are_shown_nowhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in logs, pages, reprs, errors or tracebacks with locals (F37)."""
    caplog.set_level(logging.DEBUG)
    tab, forged = Tab(), Tab()
    async with anyio.create_task_group() as tasks:
        with pytest.raises(ValueError, match="boom") as caught:  # noqa: PT012
            async with loopback(port=0) as receiver:
                await forged.load(receiver, get(receiver, "/callback?code=hunter2&state=hunter3<b>"))
                tasks.start_soon(tab.load, receiver, get(receiver, "/callback?code=hunter2&state=the-state%2B%2F%3D"))
                assert "hunter2" in await receiver.callback(STATE)
                raise ValueError("boom")
        with pytest.raises(ApprovalTimeout) as late:
            async with loopback(port=0) as receiver:
                await receiver.callback(Secret("hunter3"), timeout=0)
    frames = [
        frame
        for error in (caught.value, late.value)
        for frame in traceback.TracebackException.from_exception(error, capture_locals=True).stack
        if frame.filename == module.__file__
    ]
    assert "callback" in {frame.name for frame in frames}
    held = [frame.locals for frame in frames]
    shown = f"{caplog.text}{capfd.readouterr()}{vars(receiver)}{held}{caught.value!r}{late.value!r}"
    for secret in ("hunter2", "hunter3", STATE):
        assert secret not in shown
        assert secret.encode() not in tab.page + forged.page
