"""The server on real sockets, on asyncio and trio."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import anyio
import pytest
from anyio.abc import SocketStream

from clio_async.testing.simulator import Address, Fault, Faults, Simulator, serve

from .caller import Caller


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return request.param


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[SocketStream]:
    async with await anyio.connect_tcp(address.host, address.port) as stream:
        yield stream


async def read_all(stream: SocketStream) -> bytes:
    """Read until the other side ends the connection."""
    received = b""
    try:
        while True:
            received += await stream.receive()
    except anyio.EndOfStream:
        return received


async def read_one(stream: SocketStream) -> tuple[bytes, bytes]:
    """Read one answer that says its length."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += await stream.receive()
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += await stream.receive()
    return head, body


def message(asks: Caller, path: str = "/matters/1.json", method: str = "GET", body: bytes = b"", *fields: str) -> bytes:
    lines = [f"{method} /api/v4{path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {asks.token}", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_many_requests_on_one_connection() -> None:
    """A connection is kept, and every answer is that of the core."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address, connected(address) as stream:
        for number in (1, 2, 3):
            await stream.send(message(asks, f"/matters/{number}.json"))
            head, body = await read_one(stream)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert asks.get(f"/matters/{number}.json").body == body
        assert [1] == address.connections


async def test_a_write_and_a_304_over_the_wire() -> None:
    """PATCH with a body, then a validator that is confirmed without one."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address, connected(address) as stream:
        await stream.send(message(asks, "/matters/1.json", "PATCH", b'{"data":{"description":"wire"}}'))
        head, _ = await read_one(stream)
        etag = next(line for line in head.decode().split("\r\n") if line.startswith("ETag"))
        assert "wire" == asks.simulator.record("matters", 1)["description"]
        await stream.send(message(asks, "/matters/1.json", "GET", b"", etag.replace("ETag", "If-None-Match")))
        head, body = await read_one(stream)
        assert head.startswith(b"HTTP/1.1 304 Not Modified")
        assert b"" == body


async def test_pipelined_requests_are_answered_in_order() -> None:
    """Three requests in one packet, three answers in their order."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address, connected(address) as stream:
        await stream.send(b"".join(message(asks, f"/matters/{number}.json?fields=id") for number in (3, 1, 2)))
        await stream.send_eof()
        received = await read_all(stream)
    places = [received.index(b'{"data":{"id":%d}}' % number) for number in (3, 1, 2)]
    assert places == sorted(places)


async def test_a_half_closed_connection_is_answered() -> None:
    """A client that has said all it has to say still hears the answer, in a single byte or many."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address, connected(address) as stream:
        for byte in message(asks):
            await stream.send(bytes([byte]))
        await stream.send_eof()
        assert (await read_all(stream)).endswith(asks.get("/matters/1.json").body)


@pytest.mark.parametrize("raw", [b"", b"GET /api", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"])
async def test_a_request_that_ends_early_is_not_answered(raw: bytes) -> None:
    """Half a request changes nothing and gets nothing; the server lives on."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address:
        async with connected(address) as stream:
            await stream.send(raw) if raw else None
            await stream.send_eof()
            assert b"" == await read_all(stream)
        async with connected(address) as stream:
            await stream.send(message(asks))
            assert (await read_one(stream))[0].startswith(b"HTTP/1.1 200")
    assert 1 == asks.simulator.stats()["requests"]


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x02\x00\x01\x00" + b"\x00" * 64 + b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 70_000]
)
async def test_malformed_input_is_answered_with_a_typed_error(raw: bytes) -> None:
    """TLS, nonsense and endless heads get a 4xx in Clio's envelope, then the end."""
    async with serve(Simulator()) as address, connected(address) as stream:
        await stream.send(raw)
        received = await read_all(stream)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4")
    assert b"Connection: close" in head
    assert "BadRequest" == json.loads(body)["error"]["type"]


async def test_a_client_that_resets_does_not_disturb_others() -> None:
    """RST in the middle of a request, or before the answer: the next client is served."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address:
        for raw in (b"GET ", message(asks), b"nonsense\r\n\r\n"):
            rude = socket.create_connection((address.host, address.port))
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            rude.sendall(raw)
            rude.close()
        async with connected(address) as stream:
            await stream.send(message(asks))
            assert (await read_one(stream))[0].startswith(b"HTTP/1.1 200")


async def test_a_client_may_ask_before_it_sends() -> None:
    """`Expect: 100-continue` is answered at once, then the request."""
    asks = Caller(Simulator())
    body = b'{"data":{"description":"wire"}}'
    async with serve(asks.simulator) as address, connected(address) as stream:
        head = message(asks, "/matters/1.json", "PATCH", b"", "Expect: 100-continue", f"Content-Length: {len(body)}")
        await stream.send(head)
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == await stream.receive()
        await stream.send(body)
        assert (await read_one(stream))[0].startswith(b"HTTP/1.1 200")


async def test_chunks_and_compression() -> None:
    """An answer may come in chunks, or compressed for who accepts it."""
    asks = Caller(Simulator())
    async with serve(asks.simulator, framing="chunked") as address, connected(address) as stream:
        await stream.send(message(asks, "/matters.json", "GET", b"", "Connection: close"))
        assert (await read_all(stream)).endswith(b"\r\n0\r\n\r\n")
    async with serve(asks.simulator, gzip=True) as address, connected(address) as stream:
        await stream.send(message(asks, "/matters.json", "GET", b"", "Accept-Encoding: gzip"))
        assert asks.get("/matters.json").body == gzip.decompress((await read_one(stream))[1])


async def faulted(fault: Fault, method: str = "PATCH") -> tuple[bytes, bytes, Simulator]:
    """Return what arrives under a fault, and what would without."""
    asks = Caller(Simulator(faults=Faults.scripted([fault])))
    body = b'{"data":{"description":"mine"}}' if method == "PATCH" else b""
    async with serve(asks.simulator) as address:
        async with connected(address) as stream:
            await stream.send(message(asks, "/matters/2.json", method, body))
            await stream.send_eof()
            received = await read_all(stream)
        async with connected(address) as stream:
            await stream.send(message(asks, "/matters/2.json", method, body))
            await stream.send_eof()
            return received, await read_all(stream), asks.simulator


@pytest.mark.parametrize(
    ("fault", "applied"), [(Fault.refused(), False), (Fault.lost_before(), False), (Fault.lost_after(), True)]
)
async def test_a_lost_answer_is_an_end_without_bytes(fault: Fault, applied: bool) -> None:
    """Nothing arrives, whether the write was carried out or not."""
    received, _, simulator = await faulted(fault)
    assert b"" == received
    assert [fault.name, None] == [entry.fault for entry in simulator.entries()]
    first = simulator.entries()[0].status
    assert applied == (first == 200)


@pytest.mark.parametrize("keep", [1, 20, 200, 10_000])
async def test_an_answer_is_cut_where_the_fault_says(keep: int) -> None:
    """Exactly so many bytes arrive, and never all of them."""
    received, whole, _ = await faulted(Fault.lost_after(keep), "GET")
    assert len(received) == min(keep, len(whole) - 1)
    head = whole.index(b"\r\n\r\n") + 4
    received, whole, _ = await faulted(Fault.truncated(keep), "GET")
    assert len(received) == min(head + keep, len(whole) - 1)


async def test_delays_and_whole_answers_under_a_fault() -> None:
    """A delayed answer is whole; a status from a gateway arrives as it is."""
    received, whole, _ = await faulted(Fault.delayed(before=0.001, after=0.001), "GET")
    assert received.partition(b"\r\n\r\n")[2] == whole.partition(b"\r\n\r\n")[2]
    received, _, simulator = await faulted(Fault.status(502, html=True))
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway")
    assert 1 == simulator.stats()["statuses"]["502"]


async def test_an_empty_body_is_not_truncated() -> None:
    """A 204 has nothing to cut."""
    received, _, _ = await faulted(Fault.truncated(0), "DELETE")
    assert received.startswith(b"HTTP/1.1 204")


async def test_the_server_ends_with_its_block() -> None:
    """Open connections are closed, the port is free."""
    asks = Caller(Simulator())
    async with serve(asks.simulator) as address:
        stream = await anyio.connect_tcp(address.host, address.port)
        await stream.send(message(asks))
        await read_one(stream)
    with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
        await stream.receive()
    await stream.aclose()
    with pytest.raises(OSError, match=r"(?i)connect"):
        await anyio.connect_tcp(address.host, address.port)


def test_addresses_are_origins() -> None:
    """IPv6 has its brackets."""
    assert "http://127.0.0.1:80" == Address("127.0.0.1", 80).url
    assert "http://[::1]:80" == Address("::1", 80).url


# -- the control endpoint -----------------------------------------------------------------------------------------


async def control(address: Address, path: str, body: Any = None, token: str = "control") -> tuple[int, Any]:
    data = b"" if body is None else json.dumps(body).encode()
    line = f"{'GET' if body is None else 'POST'} /_simulator/{path} HTTP/1.1"
    head = f"{line}\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    async with connected(address) as stream:
        await stream.send(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        answered, content = await read_one(stream)
    return int(answered.split()[1]), json.loads(content)


async def test_another_process_can_act_as_another_user() -> None:
    """Change, delete, hide, read, issue and expire tokens, move the clock and versions: as in the process itself."""
    asks = Caller(Simulator())
    simulator = asks.simulator
    async with serve(simulator, control_token="control") as address:
        change = {"resource": "matters", "id": 2, "attributes": {"description": "theirs"}}
        status, answer = await control(address, "change", change)
        assert (200, simulator.record("matters", 2)["etag"]) == (status, answer["data"]["etag"])
        assert "theirs" == simulator.record("matters", 2)["description"]
        assert (await control(address, "record?resource=matters&id=2&fields=id,description"))[1] == {
            "data": {"id": 2, "description": "theirs"}
        }
        fields = {"name": "Court", "parent_type": "Matter", "field_type": "date"}
        added = await control(address, "add", {"resource": "custom_fields", "attributes": fields})
        assert (200, {"data": {"id": 13}}) == added
        assert "Court" == simulator.record("custom_fields", 13)["name"]
        await control(address, "delete", {"resource": "matters", "id": 3})
        assert 404 == asks.get("/matters/3.json").status
        await control(address, "hide", {"resource": "contacts", "id": 5, "user": 1})
        assert 404 == asks.get("/contacts/5.json").status
        token = (await control(address, "token", {"user": 2}))[1]["data"]["token"]
        asks.token = token
        assert 2 == asks.data("/users/who_am_i.json")["id"]
        await control(address, "expire", {"token": token})
        assert 401 == asks.get("/matters/1.json").status
        now = simulator.clock.now()
        await control(address, "advance", {"seconds": 90})
        assert now + 90 == simulator.clock.now()
        await control(address, "release", {"version": "4.0.14"})
        await control(address, "retire", {"version": "4.0.13"})
        asks.token = simulator.token()
        assert "4.0.14" == asks.get("/matters/1.json").headers["x-api-version"]
        assert 410 == asks.get("/matters/1.json", x_api_version="4.0.13").status


async def test_another_process_can_have_tokens_granted() -> None:
    """Register an app, approve, expire and revoke, let the user decline, and count: as in the process itself."""
    simulator = Simulator()
    async with serve(simulator, control_token="control") as address:

        async def done(path: str, body: Any) -> Any:
            status, answer = await control(address, path, body)
            assert 200 == status, answer
            return answer["data"]

        app = await done("app", {"client_id": "id", "client_secret": "secret", "redirect_uris": ["/oauth/approval"]})
        assert {"client_id": "id", "client_secret": "secret", "redirect_uris": ["/oauth/approval"]} == app
        uri = f"{address.url}/oauth/approval"

        async def redeemed(code: str) -> Any:
            form = {"client_id": "id", "client_secret": "secret", "grant_type": "authorization_code"}
            return await posted(address, {**form, "code": code, "redirect_uri": uri})

        url = (await done("approve", {"client_id": "id", "user": 2, "redirect_uri": uri}))["url"]
        assert url.startswith(f"{uri}?code=")
        browser = f"{address.url}/oauth/authorize?response_type=code&client_id=id&redirect_uri={uri}"
        for whole in ("url", "client_id"):
            assert (await done("approve", {whole: browser, "user": 2}))["url"].startswith(f"{uri}?code=")
        _, granted = await redeemed(url.partition("code=")[2])
        asks = Caller(simulator)
        asks.token = granted["access_token"]
        assert 2 == asks.data("/users/who_am_i.json")["id"]
        await done("expire_all", {"client_id": "id"})
        assert b"expired" in asks.get("/matters/1.json").body
        await done("revoke", {"user": 2, "client_id": "id"})
        assert b"revoked" in asks.get("/matters/1.json").body

        asked = f"/oauth/authorize?response_type=code&client_id=id&redirect_uri={uri}&redirect_on_decline=true"
        await done("declines", {})
        assert f"{uri}?error=access_denied" == (await location(address, asked))
        await done("approves_as", {"user": 3})
        status, granted = await redeemed((await location(address, asked)).partition("code=")[2])
        asks.token = granted["access_token"]
        assert (200, 3) == (status, asks.data("/users/who_am_i.json")["id"])
        assert 400 == (await redeemed("nonsense"))[0]
        calls = (await control(address, "token_calls"))[1]["data"]
        assert {"authorization_code": {"ok": 2, "invalid_grant": 1}} == calls
        wrong = [("app", {"redirect_uris": 5}), ("app", {"redirect_uris": [5]}), ("approve", {"client_id": "nobody"})]
        wrong += [("approve", {"client_id": "id", "redirect_uri": 5}), ("approve", {"client_id": []})]
        wrong += [("approve", {"url": 5}), ("approve", {"url": address.url}), ("approve", {})]
        wrong += [("approve", {"url": browser, "client_id": "id"})]
        wrong += [("revoke", {"x": 1}), ("declines", {"x": 1}), ("app", {"redirect_uris": ["http://x/é"]})]
        for path, body in wrong:
            assert 422 == (await control(address, path, body))[0]


async def posted(address: Address, form: dict[str, str]) -> tuple[int, Any]:
    data = urlencode(form)
    head = f"POST /oauth/token HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded"
    async with connected(address) as stream:
        await stream.send(f"{head}{kind}\r\nContent-Length: {len(data)}\r\n\r\n{data}".encode())
        answered, content = await read_one(stream)
    return int(answered.split()[1]), json.loads(content)


async def location(address: Address, target: str) -> str:
    async with connected(address) as stream:
        await stream.send(f"GET {target} HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n\r\n".encode())
        head, _ = await read_one(stream)
    assert head.startswith(b"HTTP/1.1 302 Found\r\n")
    return next(line[10:] for line in head.decode().split("\r\n") if line.startswith("Location: "))


async def test_the_control_endpoint_counts_what_clio_was_asked() -> None:
    """Its own requests are in neither the log nor the counts, cost no quota, and meet no fault."""
    asks = Caller(Simulator(faults=Faults.scripted({1: Fault.lost_before()})))
    async with serve(asks.simulator, control_token="control") as address:
        asks.get("/matters/1.json")
        asks.get("/matters/1.json", if_none_match="*")
        for _ in range(3):
            _, stats = await control(address, "stats")
            assert {"200": 1, "304": 1} == stats["data"]["statuses"]
        _, log = await control(address, "log?after=0")
    assert [304] == [entry["status"] for entry in log["data"]]


async def test_the_control_endpoint_is_guarded() -> None:
    """Without the right token 403, with nonsense 404 or 422; without any token there is no such path."""
    simulator = Simulator()
    async with serve(simulator, control_token="control") as address:
        assert 403 == (await control(address, "stats", token="nonsense"))[0]
        assert 404 == (await control(address, "nonsense"))[0]
        assert 404 == (await control(address, "change"))[0]
        right = {"resource": "matters", "id": 1, "attributes": {}}
        wrong = [
            {"resource": "x"},
            {"id": "x"},
            {"id": 9_999},
            {"attributes": {"x": 1}},
            {"attributes": 5},
            {"account": []},
        ]
        for body in ([], {}, *({**right, **change} for change in wrong)):
            status, answer = await control(address, "change", body)
            assert (422, "ArgumentError") == (status, answer["error"]["type"])
    async with serve(simulator) as address:
        assert 401 == (await control(address, "stats"))[0]


async def test_an_error_in_the_block_comes_out_as_itself() -> None:
    """The server's tasks are its own affair: what fails in a user's test is not wrapped in a group."""
    with pytest.raises(ZeroDivisionError):
        async with serve(Simulator()):
            raise ZeroDivisionError
