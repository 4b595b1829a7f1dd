"""The storage as a transport sees it: in memory and on a socket of its own, whole and under faults."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import md5
from typing import Any, TypeAlias

import anyio
import pytest
from anyio.abc import SocketStream

from clio_async.errors import MaybeSent, NotSent, ResponseBroken, ResponseTooLarge
from clio_async.messages import Headers, Request
from clio_async.testing.simulator import Fault, Faults, Simulator, serve
from clio_async.testing.simulator.contents import PIECE
from clio_async.transport.memory import MemoryTransport

PATH = "/1/documents/7/701"
FIELDS = {"Content-Type": "text/plain"}
TEXT = bytes(range(256)) * 1024
Received: TypeAlias = tuple[int, Headers, bytes, str]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def in_memory(simulator: Simulator, request: Request) -> Received:
    """Return status, headers, body as far as it comes, and how it ended."""
    body = bytearray()
    async with MemoryTransport(simulator.handler).stream(request) as answer:
        try:
            async for piece in answer.chunks():
                assert piece
                body += piece
        except ResponseBroken:
            return answer.status, answer.headers, bytes(body), "broken"
        return answer.status, answer.headers, bytes(body), "whole"


async def read_head(stream: SocketStream) -> tuple[int, Headers, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += await stream.receive()
    head, _, rest = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    fields = [tuple(line.split(": ", 1)) for line in lines]
    return int(first.split()[1]), Headers([(name, value) for name, value in fields]), rest


async def on_a_socket(simulator: Simulator, request: Request) -> Received:
    """Return the same of the storage's own port."""
    async with served(simulator, request) as stream:
        status, headers, body = await read_head(stream)
        chunked, length = "transfer-encoding" in headers, int(headers.get("content-length", 0))
        try:
            while not body.endswith(b"0\r\n\r\n") if chunked else len(body) < length:
                body += await stream.receive()
        except anyio.EndOfStream:
            return status, headers, body, "broken"
        return status, headers, joined(body) if chunked else body, "whole"


def joined(body: bytes) -> bytes:
    made = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        made, body = made + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return made


@asynccontextmanager
async def served(simulator: Simulator, request: Request) -> AsyncGenerator[SocketStream]:
    """Send a request to the port where files are."""
    async with serve(simulator) as address:
        host, _, port = address.storage_url.removeprefix("http://").partition(":")
        assert int(port) != address.port
        async with await anyio.connect_tcp(host, int(port)) as stream:
            await stream.send(raw(request, f"{host}:{port}"))
            yield stream


def raw(request: Request, host: str) -> bytes:
    target = "/" + request.url.split("/", 3)[3]
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in request.headers.pairs]
    if request.body is not None:
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (request.body or b"")


SHELLS: dict[str, Callable[[Simulator, Request], Any]] = {"memory": in_memory, "socket": on_a_socket}


@pytest.fixture(params=SHELLS)
def exchange(request: pytest.FixtureRequest) -> Callable[[Simulator, Request], Any]:
    return SHELLS[request.param]


def simulator(*faults: Fault | None, content: bytes | int = TEXT) -> Simulator:
    made = Simulator(faults=Faults.at_storage(faults))
    if isinstance(content, int):
        made.storage.make(PATH, content)
    else:
        made.storage.files[PATH] = content
    return made


def getting(made: Simulator, **fields: str) -> Request:
    return Request("GET", made.storage.signed("GET", PATH, made.clock.now()), Headers(fields))


def putting(made: Simulator, body: bytes = TEXT, path: str = "/1/new") -> Request:
    url = made.storage.signed("PUT", path, made.clock.now(), fields=FIELDS.items())
    return Request("PUT", url, Headers(FIELDS), body)


async def test_a_file_comes_whole_and_in_part(exchange: Any) -> None:
    """The same bytes in memory and from a socket, with the length and the range that they are."""
    made = simulator()
    status, headers, body, end = await exchange(made, getting(made))
    assert (200, str(len(TEXT)), TEXT, "whole") == (status, headers["content-length"], body, end)
    status, headers, body, end = await exchange(made, getting(made, Range="bytes=7-70000"))
    assert (206, TEXT[7:70_001], "whole") == (status, body, end)


async def test_a_large_file_comes_piece_by_piece(exchange: Any) -> None:
    """One that nobody holds; and on `send` it is collected, as far as that takes it."""
    size = 40 * PIECE + 7
    made = simulator(content=size)
    status, headers, body, end = await exchange(made, getting(made))
    assert (200, str(size), size, "whole") == (status, headers["content-length"], len(body), end)
    part = await exchange(made, getting(made, Range="bytes=70000-"))
    assert body[70_000:] == part[2]
    transport = MemoryTransport(made.handler, max_body=size)
    assert body == (await transport.send(getting(made))).body
    small = MemoryTransport(made.handler, max_body=size - 1)
    with pytest.raises(ResponseTooLarge):
        await small.send(getting(made))
    assert size == made.entries()[-1].bytes_out


async def test_a_loop_over_a_large_file_may_be_left() -> None:
    """Nothing is left behind that would have to be closed."""
    made = simulator(content=40 * PIECE)
    async with MemoryTransport(made.handler).stream(getting(made)) as answer:
        async for piece in answer.chunks():
            assert PIECE == len(piece)
            break


@pytest.mark.parametrize("content", [TEXT, 40 * PIECE])
@pytest.mark.parametrize("keep", [0, 1, PIECE - 1, PIECE, PIECE + 1, 1 << 30])
async def test_a_body_is_cut_where_the_fault_says(exchange: Any, content: bytes | int, keep: int) -> None:
    """So many bytes arrive, the right ones, never all of them; then the connection breaks."""
    made = simulator(Fault.truncated(keep), content=content)
    _, headers, body, end = await exchange(made, getting(made))
    size = int(headers["content-length"])
    assert ("broken", min(keep, size - 1)) == (end, len(body))
    _, _, whole, end = await exchange(made, getting(made))
    assert "whole" == end
    assert whole[: len(body)] == body


@pytest.mark.parametrize("content", [TEXT, 40 * PIECE])
@pytest.mark.parametrize("by", [-1, -PIECE - 5, 5])
async def test_a_wrong_length_is_the_end_of_a_connection(exchange: Any, content: bytes | int, by: int) -> None:
    """Too long a one is never reached, too short a one is all that is read."""
    made = simulator(Fault.miscounted(by), content=content)
    size = len(content) if isinstance(content, bytes) else content
    _, headers, body, end = await exchange(made, getting(made))
    assert str(size + by) == headers["content-length"]
    assert ("broken" if by > 0 else "whole") == end
    assert min(size, size + by) == len(body) if exchange is in_memory else size + min(by, 0) <= len(body) <= size


async def test_an_answer_of_clio_may_be_miscounted_too() -> None:
    """What has no length in memory gets a wrong one."""
    made = Simulator(faults=Faults.scripted([Fault.miscounted(-10_000)]))
    asked = Request("GET", "https://app.clio.com/api/v4/matters/1.json")
    assert "0" == (await made.handler(asked)).headers["content-length"]


@pytest.mark.parametrize("content", [TEXT, 40 * PIECE, b"hello"])
async def test_a_length_may_be_missing(exchange: Any, content: bytes | int) -> None:
    """The body comes in chunks then, whole."""
    made = simulator(Fault.unmeasured(), None, content=content)
    _, headers, body, end = await exchange(made, getting(made))
    assert ("whole", None) == (end, headers.get("content-length"))
    assert body == (await exchange(made, getting(made)))[2]


@pytest.mark.parametrize("content", [TEXT, 40 * PIECE])
@pytest.mark.parametrize("after", [0, 5, PIECE, 1 << 30])
async def test_a_body_may_pause(exchange: Any, content: bytes | int, after: int) -> None:
    """It is the same body; also in chunks, and cut."""
    right = await exchange(made := simulator(content=content), getting(made))
    made = simulator(Fault.stalled(after, 0.001), content=content)
    assert right[2:] == (await exchange(made, getting(made)))[2:]
    made.faults = Faults.at_storage([Fault(name="both", drop="body", keep=7, stall=(3, 0.001))])
    assert (right[2][:7], "broken") == (await exchange(made, getting(made)))[2:]


async def test_a_pause_begins_where_the_fault_says() -> None:
    """So many bytes come, and no other for a while."""
    made = simulator(Fault.stalled(70_000, 60), content=TEXT)
    body = bytearray()
    async with MemoryTransport(made.handler).stream(getting(made)) as answer:
        with anyio.move_on_after(0.05):
            async for piece in answer.chunks():
                body += piece
    assert TEXT[:70_000] == body


async def test_a_pause_in_an_answer_of_clio_on_a_socket() -> None:
    """What has no length says it all the same."""
    made = Simulator(faults=Faults.scripted([Fault.stalled(3, 0.001)]))
    async with serve(made) as address, await anyio.connect_tcp(address.host, address.port) as stream:
        await stream.send(b"GET /api/v4/matters/1.json HTTP/1.1\r\nHost: x\r\n\r\n")
        status, headers, body = await read_head(stream)
        while len(body) < int(headers["content-length"]):
            body += await stream.receive()
    assert 401 == status
    assert body.startswith(b'{"error"')


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError")])
async def test_the_storage_may_be_out_of_order(exchange: Any, status: int, code: str) -> None:
    """In XML; the bytes are stored or not, as the fault says."""
    for applied in (False, True):
        made = simulator(Fault.storage(status, code, applied=applied))
        answered, _, body, _ = await exchange(made, putting(made))
        assert status == answered
        assert f"<Code>{code}</Code>".encode() in body
        assert applied == ("/1/new" in made.storage.files)


async def test_another_file_may_be_there_the_next_time(exchange: Any) -> None:
    """What `then` does is done when the answer is made: another range is of another file (F65)."""
    made = simulator()

    def change() -> None:
        made.storage.files[PATH] = b"other"

    made.faults = Faults.at_storage([Fault(name="changed", drop="body", keep=10, then=change)])
    _, headers, body, end = await exchange(made, getting(made))
    assert (TEXT[:10], "broken") == (body, end)
    resumed = await exchange(made, getting(made, Range="bytes=10-", **{"If-Range": headers["etag"]}))
    assert (200, b"other") == (resumed[0], resumed[2])


async def test_faults_of_the_storage_are_counted_by_themselves() -> None:
    """Requests to Clio, and those of another method, are not among them."""
    made = Simulator(faults=Faults.at_storage({1: Fault.storage(503, "SlowDown")}, "PUT"))
    clio = Request("GET", "https://app.clio.com/api/v4/matters/1.json")
    requests = [clio, putting(made), getting(made), clio, putting(made), putting(made)]
    statuses = [(await MemoryTransport(made.handler).send(request)).status for request in requests]
    assert [401, 200, 200, 401, 503, 200] == statuses


# -- what is sent --------------------------------------------------------------------------------------------------


class Content:
    """So many bytes of one letter, in pieces."""

    def __init__(self, length: int) -> None:
        self.length = length

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, self.length, PIECE):
            yield b"x" * min(PIECE, self.length - start)


async def test_a_file_is_put(exchange: Any) -> None:
    """The bytes are there, and the log says how many came."""
    made = simulator()
    status, headers, _, _ = await exchange(made, putting(made))
    assert (200, TEXT) == (status, made.storage.files["/1/new"])
    assert f'"{md5(TEXT, usedforsecurity=False).hexdigest()}"' == headers["etag"]
    assert len(TEXT) == made.entries()[-1].bytes_in == made.storage.requests[-1].length


async def test_a_stream_is_put_in_memory() -> None:
    """A request whose body is produced while it is sent."""
    made = simulator()
    request = putting(made)
    request = Request("PUT", request.url, request.headers, content=Content(200_000))
    assert 200 == (await MemoryTransport(made.handler).send(request)).status
    assert b"x" * 200_000 == made.storage.files["/1/new"]


async def test_an_upload_is_cut_in_memory() -> None:
    """It comes to nothing, and is in the log."""
    made = simulator(Fault.cut(10), Fault.refused())
    with pytest.raises(MaybeSent):
        await MemoryTransport(made.handler).send(putting(made))
    with pytest.raises(NotSent):
        await MemoryTransport(made.handler).send(putting(made))
    assert "/1/new" not in made.storage.files
    assert ["cut", "refused"] == [entry.fault for entry in made.entries()]


@pytest.mark.parametrize("take", [0, 10, PIECE, len(TEXT)])
async def test_an_upload_is_cut_on_a_socket(take: int) -> None:
    """The connection ends when so many bytes are there, without an answer; the next upload is whole."""
    made = simulator(Fault.cut(take))
    async with served(made, putting(made, TEXT[:take])) as stream:
        with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await stream.receive()
    assert "/1/new" not in made.storage.files
    assert ["cut"] == [entry.fault for entry in made.entries()]
    assert 200 == (await on_a_socket(made, putting(made)))[0]


async def test_an_upload_is_cut_in_the_middle_on_a_socket() -> None:
    """Though more was announced than ever comes."""
    made = simulator(Fault.cut(10))
    head = Request("PUT", putting(made).url, Headers({**FIELDS, "Content-Length": "100000"}))
    async with served(made, head) as stream:
        await stream.send(b"x" * 20)
        with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await stream.receive()
    assert [("cut", 503)] == [(entry.fault, entry.status) for entry in made.entries()]


@pytest.mark.parametrize("drop", ["unsent", "response"])
@pytest.mark.parametrize("keep", [0, 20])
async def test_a_large_answer_is_lost(drop: Any, keep: int) -> None:
    """Of its head so many bytes come, or none."""
    made = simulator(Fault(name="lost", drop=drop, keep=keep), content=40 * PIECE)
    async with served(made, getting(made)) as stream:
        received = b""
        try:
            while True:
                received += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            assert (keep if drop == "response" else 0) == len(received)


async def test_chunks_are_refused_before_they_are_read() -> None:
    """411, and the connection ends."""
    made = simulator()
    fields = {**FIELDS, "Transfer-Encoding": "chunked"}
    async with served(made, Request("PUT", putting(made).url, Headers(fields))) as stream:
        status, headers, body = await read_head(stream)
        await stream.send(b"5\r\nhello\r\n")
        while len(body) < int(headers["content-length"]):
            body += await stream.receive()
        with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await stream.receive()
    assert 411 == status
    assert b"MissingContentLength" in body


async def test_many_files_on_one_connection() -> None:
    """Put, get, put: each is what it is, a pause before the body is answered, and an empty file is a file."""
    made = simulator()
    async with served(made, putting(made, b"first")) as stream:
        assert 200 == (await read_head(stream))[0]
        waiting = Headers({**FIELDS, "Expect": "100-continue", "Content-Length": "6"})
        await stream.send(raw(Request("PUT", putting(made, path="/1/second").url, waiting), "x"))
        assert (100, b"") == (await read_head(stream))[::2]
        await stream.send(b"second")
        await read_head(stream)
        await stream.send(raw(putting(made, b"", path="/1/empty"), "x"))
        await read_head(stream)
    assert [b"first", b""] == [made.storage.files["/1/new"], made.storage.files.get("/1/empty", b"")]


async def test_the_api_takes_no_file() -> None:
    """Its bound on bodies stays; at the storage a larger one is read."""
    made = simulator()
    made.storage.kept = 0
    large = f"Content-Length: {100 << 20}\r\n"
    async with serve(made) as address, await anyio.connect_tcp(address.host, address.port) as stream:
        await stream.send(f"PUT /x HTTP/1.1\r\nHost: x\r\n{large}\r\n".encode())
        assert 413 == (await read_head(stream))[0]
    too_large = Request("PUT", putting(made).url, Headers({**FIELDS, "Content-Length": str(6 << 30)}))
    async with served(made, too_large) as stream:
        assert 413 == (await read_head(stream))[0]


async def test_a_large_upload_is_counted_and_not_kept() -> None:
    """Its length and digest are noted as it arrives."""
    made = simulator()
    made.storage.kept = 1_000
    status, headers, _, _ = await on_a_socket(made, putting(made))
    assert (200, f'"{md5(TEXT, usedforsecurity=False).hexdigest()}"') == (status, headers["etag"])
    assert not isinstance(made.storage.files["/1/new"], bytes)


async def test_the_origin_is_that_of_the_block() -> None:
    """While it is served the storage is at its second port, and afterwards where it was."""
    made = simulator()
    before = made.storage.origin
    async with serve(made) as address:
        assert address.storage_url == made.storage.origin
        assert address.storage_url != address.url
        assert getting(made).url.startswith(address.storage_url)
    assert before == made.storage.origin


async def test_another_process_can_give_files_and_see_what_came() -> None:
    """Bytes or a size are put for a record; sizes, tags and requests are shown, and neither bytes nor signatures."""
    made = simulator(content=b"")
    async with serve(made, control_token="control") as address:

        async def done(path: str, body: Any = None) -> Any:
            data = b"" if body is None else json.dumps(body).encode()
            method = "GET" if body is None else "POST"
            head = f"{method} /_simulator/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer control\r\n"
            async with await anyio.connect_tcp(address.host, address.port) as stream:
                await stream.send(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
                _, headers, answer = await read_head(stream)
                while len(answer) < int(headers["content-length"]):
                    answer += await stream.receive()
            return json.loads(answer)["data"]

        first = await done("put_file", {"resource": "documents", "id": 1, "text": "hello"})
        second = await done("put_file", {"resource": "reports", "id": 1, "size": 1 << 40})
        files = await done("files")
        assert [5, 1 << 40] == [files[each["path"]]["size"] for each in (first, second)]
        assert b"hello" == made.storage.files[first["path"]]
        made.answer(getting(made))
        (seen,) = await done("storage")
    assert {"method": "GET", "path": PATH, "status": 200, "fields": [], "length": 0} == seen
