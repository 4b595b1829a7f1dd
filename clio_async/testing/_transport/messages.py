"""Checks: what is sent is what was given, what came back is what is returned, and nothing happens besides."""

from __future__ import annotations

import os
import zlib
from collections.abc import Generator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from gzip import compress

from ...errors import InvalidArgument, MaybeSent, NotSent, ResponseBroken, ResponseTooLarge
from ..wire import Answer, Received, serve
from .expect import Factory, failure, holds, ok, opened, reply, request, same

__all__ = ["CHECKS", "PLAIN_CHECKS"]

# What HTTP/1.1 needs, and the codings that a transport decodes.
_ADDED = {"host", "accept-encoding", "content-length", "connection"}


async def bytes_survive_both_ways(factory: Factory) -> None:
    """Bodies, header order, repetition and all bytes of ISO-8859-1 arrive as they were sent."""
    body = bytes(range(256)) * 300
    text = "".join(map(chr, [9, *range(0x20, 0x7F), *range(0x80, 0x100)])).strip()
    sent = (("ETag", f'"{text}"'), ("X-Many", "b"), ("x-many", "a"), ("X-Empty", ""))

    def echo(received: Received) -> Answer:
        fields = [pair for pair in received.fields if pair[0].lower() not in _ADDED]
        return Answer(reply(received.body, *fields))

    async with serve(echo) as server, opened(factory) as transport:
        response = await transport.send(request(f"{server.url}/x", "POST", *sent, body=body))
        same(body, server.received[0].body, "the body of the request")
        same(body, response.body, "the body of the answer")
        same(len(body), response.wire_bytes, "wire_bytes")
        fields = [pair for pair in server.received[0].fields if pair[0].lower() not in _ADDED]
        same([(name.lower(), value) for name, value in sent], [(name.lower(), value) for name, value in fields])
        found = [(name.lower(), value) for name, value in response.headers.pairs if name.lower() not in _ADDED]
        same([(name.lower(), value) for name, value in sent], found, "the fields of the answer")


async def the_url_is_sent_as_given(factory: Factory) -> None:
    """Nothing in a path or query is quoted, unquoted or normalized."""
    targets = ["/a%2Fb/%7Euser//c/../d?fields=id,client{id,name}&q=%C3%A4+b&e=&x=a:b@c/d?e|f^g`h\"<>'", "/?", "/?a"]
    async with serve(ok) as server, opened(factory) as transport:
        for target in targets:
            await transport.send(request(server.url + target))
        await transport.send(request(server.url))
        await transport.send(request(f"{server.url}?a=b"))
        same([*targets, "/", "/?a=b"], [received.target for received in server.received])


async def nothing_is_added_unasked(factory: Factory) -> None:
    """A transport adds what HTTP/1.1 needs, and says which codings it decodes; it replaces nothing."""
    async with serve(ok) as server, opened(factory) as transport:
        for method, body in (("GET", None), ("DELETE", None), ("POST", None), ("PATCH", b"{}"), ("PUT", b"")):
            await transport.send(request(server.url, method, body=body))
        await transport.send(request(server.url, "GET", ("accept-encoding", "identity")))
        for received in server.received:
            names = [name.lower() for name, _ in received.fields]
            holds(set(names) <= _ADDED, f"{received.method} adds {names}")
            same(len(set(names)), len(names), "each field once")
            same([server.url.removeprefix("http://")], received.values_of("host"))
        same(["gzip, deflate"], server.received[0].values_of("accept-encoding"))
        same(["identity"], server.received[-1].values_of("accept-encoding"))
        lengths = [received.values_of("content-length") for received in server.received]
        same([["0"], ["2"], ["0"]], lengths[2:5], "Content-Length of POST, PATCH, PUT")
        same([], lengths[0], "Content-Length of GET")


async def statuses_are_values(factory: Factory) -> None:
    """No status is an error, and no redirect is followed."""
    statuses = ["200 OK", "301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
    statuses += ["404 Not Found", "412 Precondition Failed", "429 Too Many", "500 Oops", "503 Wait", "299 ", "599 X"]

    def answer(received: Received) -> Answer:
        if received.target == "/followed":
            return Answer(reply(b"followed"))
        return Answer(reply(b"{}", ("Location", "/followed"), status=statuses[int(received.target[1:])]))

    async with serve(answer) as server, opened(factory) as transport:
        for number, status in enumerate(statuses):
            for method in ("GET", "POST"):
                response = await transport.send(request(f"{server.url}/{number}", method))
                same((int(status[:3]), b"{}"), (response.status, response.body))
        same(2 * len(statuses), len(server.received), "requests")


async def cookies_are_not_kept(factory: Factory) -> None:
    """A cookie that was set is not sent back (F60)."""
    cookie = ("Set-Cookie", "a=b; Path=/")
    async with serve(lambda _: Answer(reply(b"{}", cookie))) as server, opened(factory) as transport:
        for _ in range(2):
            await transport.send(request(server.url))
        same([], [received for received in server.received if received.values_of("cookie")], "cookies kept")


@contextmanager
def _environment(**variables: str) -> Generator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


async def the_environment_is_not_read(factory: Factory) -> None:
    """Proxies that the environment names are not used (F38)."""
    async with serve(ok) as proxy, serve(ok) as server:
        names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy")
        with _environment(**dict.fromkeys(names, proxy.url), NO_PROXY="", no_proxy=""):
            async with opened(factory) as transport:
                await transport.send(request(server.url))
        same((0, 1), (len(proxy.received), len(server.received)), "requests at the proxy and the server")


async def empty_answers_have_no_body(factory: Factory) -> None:
    """204, 304 and answers to HEAD end with their head, whatever they declare; the connection is used again."""
    kinds = {"/204": "204 No Content", "/304": "304 Not Modified", "/head": "200 OK", "/none": "200 OK"}

    def answer(received: Received) -> Answer:
        declared = (("Content-Length", "5000"),) if received.target in {"/304", "/head"} else ()
        gzip = ("Content-Encoding", "gzip")
        return Answer(reply(b"", gzip, *declared, status=kinds[received.target], length=received.target == "/none"))

    async with serve(answer) as server, opened(factory) as transport:
        for path in (*kinds, *kinds):
            response = await transport.send(request(server.url + path, "HEAD" if path == "/head" else "GET"))
            same((int(kinds[path][:3]), b"", 0), (response.status, response.body, response.wire_bytes), path)
        same(1, server.counts["accepted"], "connections")


async def interim_answers_are_passed_over(factory: Factory) -> None:
    """1xx answers are not the answer."""
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    async with serve(lambda _: Answer(interim + reply(b"yes"))) as server, opened(factory) as transport:
        same(b"yes", (await transport.send(request(server.url))).body)
        same(b"yes", (await transport.send(request(server.url, "POST", body=b"x"))).body)


async def codings_are_decoded(factory: Factory) -> None:
    """Codings gzip (also in members) and deflate (also bare) are decoded, and counted as they were transferred."""
    text = b'{"data": []}' * 5000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {
        "/gzip": compress(text),
        "/x-gzip": compress(text[:7]) + compress(b"") + compress(text[7:]),
        "/deflate": zlib.compress(text),
        "/Deflate": bare.compress(text) + bare.flush(),
        "/identity": text,
    }

    def answer(received: Received) -> Answer:
        return Answer(reply(bodies[received.target], ("Content-Encoding", received.target[1:])))

    async with serve(answer) as server, opened(factory) as transport:
        for path, body in bodies.items():
            response = await transport.send(request(server.url + path))
            same((text, len(body)), (response.body, response.wire_bytes), path)


async def damaged_codings_yield_nothing(factory: Factory) -> None:
    """A coding that is damaged, unfinished, unknown, or not the only one makes a broken answer (F6)."""
    whole = compress(b"{}" * 100)
    wrong_sum = whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]
    bodies = [
        ("gzip", whole[:-1]), ("gzip", whole[:-8]), ("gzip", wrong_sum), ("gzip", whole + b"rest"), ("gzip", b"{}"),
        ("deflate", zlib.compress(b"{}")[:-1]), ("deflate", zlib.compress(b"{}") + b"rest"), ("deflate", b"\xff\xff"),
        ("br", b"{}"), ("zstd", b"{}"), ("gzip, gzip", compress(whole)), ("chunked", b"{}"),
    ]  # fmt: skip

    def answer(received: Received) -> Answer:
        coding, body = bodies[int(received.target[1:])]
        return Answer(reply(body, ("Content-Encoding", coding)))

    async with serve(answer) as server, opened(factory) as transport:
        for number in range(len(bodies)):
            error = await failure(ResponseBroken, transport.send(request(f"{server.url}/{number}")))
            same(200, error.status, "the status of a broken answer")


async def requests_that_do_not_fit_are_refused(factory: Factory) -> None:
    """Controls and foreign characters never reach the wire, and the message does not show the value (F11)."""
    secret = "hunter2"  # noqa: S105
    async with serve(ok) as server, opened(factory) as transport:
        await _refusals(factory, server.url, secret)
        same(200, (await transport.send(request(server.url))).status)
        same(1, len(server.received), "requests that arrived")
        same(1, server.counts["accepted"], "connections that were made")


async def unfit_requests_are_refused(factory: Factory) -> None:
    """The same without a server: the check comes before any I/O."""
    await _refusals(factory, "http://127.0.0.1:9", "hunter2")


async def _refusals(factory: Factory, url: str, secret: str) -> None:
    bad = ["\r", "\n", "\0", "\x1b", "\x7f", "ł", "\ud800"]
    async with opened(factory) as transport:
        unfit = [request(url, "GET", ("X-A", f"{secret}{char}b")) for char in bad]
        unfit += [request(url, "GET", (f"X-{secret}{char}", "b")) for char in [*bad, " ", ":", "é"]]
        unfit += [request(f"{url}/{secret}{char}") for char in [*bad, " ", "#", "é"]]
        unfit += [request(url, f"G{char}{secret}") for char in [*bad, " ", ""]]
        unfit += [request(url, "GET", ("X-A", f" {secret}")), request(url, "GET", ("X-A", f"{secret}\t"))]
        unfit += [request(url, "GET", (name, secret)) for name in ("Host", "content-length", "Transfer-Encoding", "TE")]
        unfit += [
            request(f"{place}/{secret}") for place in ("ftp://a", "//a", "", "http://", "http://a:b@c", "http://a:0")
        ]
        unfit += [request(f"http://a:70000/{secret}"), request(f"http://a b/{secret}"), request(url, "")]
        for each in unfit:
            error = await failure(InvalidArgument, transport.send(each))
            holds(secret not in str(error), f"the message shows a value: {error}")
            holds(not isinstance(error, NotSent | MaybeSent), "an argument error is no transport error")
            await failure(InvalidArgument, _entered(transport.stream(each)))


async def _entered(context: AbstractAsyncContextManager[object]) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(context)


async def large_bodies_are_refused(factory: Factory) -> None:
    """What is declared too large is refused by its head, what turns out to be by its count (F7)."""
    piece = b"x" * 65536
    chunk = b"10000\r\n" + piece + b"\r\n"

    def endless(head: bytes, body: bytes) -> Iterator[bytes]:
        yield head
        while True:
            yield body

    def answer(received: Received) -> Answer:
        chunked = reply(b"", ("Transfer-Encoding", "chunked"), length=False)
        match received.target:
            case "/declared":
                return Answer(reply(b"", ("Content-Length", str(1 << 50)), length=False), "hang")
            case "/endless":
                return Answer(endless(chunked, chunk))
            case "/members":
                member = compress(b"") * 4096
                framed = b"%x\r\n%s\r\n" % (len(member), member)
                coded = reply(b"", ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"), length=False)
                return Answer(endless(coded, framed))
            case _:
                return Answer(reply(b"x" * (1 << 20 if received.target == "/fits" else (1 << 20) + 1)))

    async with serve(answer) as server, opened(factory, max_body=1 << 20) as transport:
        for path in ("/declared", "/endless", "/members", "/over"):
            error = await failure(ResponseTooLarge, transport.send(request(server.url + path)))
            same((200, 1 << 20), (error.status, error.limit), path)
        same(1 << 20, len((await transport.send(request(f"{server.url}/fits"))).body))
        await server.until(lambda: server.counts["open"] <= 1)


CHECKS = (
    bytes_survive_both_ways,
    the_url_is_sent_as_given,
    nothing_is_added_unasked,
    statuses_are_values,
    cookies_are_not_kept,
    the_environment_is_not_read,
    empty_answers_have_no_body,
    interim_answers_are_passed_over,
    codings_are_decoded,
    damaged_codings_yield_nothing,
    requests_that_do_not_fit_are_refused,
    large_bodies_are_refused,
)
PLAIN_CHECKS = (unfit_requests_are_refused,)
