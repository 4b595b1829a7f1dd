"""The receiver behind an ASGI server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import anyio
import pytest

from clio_async.errors import InvalidArgument
from clio_async.webhooks.asgi import WebhookApp
from clio_async.webhooks.event import Event
from tests.webhooks.signing import (
    KEY,
    SECRET,
    Desk,
    delivery,
    desk_of,
    handshake,
    pending,
    sign,
    store_of,
    subscription,
)


def _scope(method: str = "POST", headers: Iterable[tuple[bytes, bytes]] = (), **more: Any) -> dict[str, Any]:
    query = f"subscription={KEY}".encode()
    return {"type": "http", "method": method, "path": "/x", "query_string": query, "headers": [*headers], **more}


def _parts(*chunks: bytes) -> list[dict[str, Any]]:
    last = len(chunks) - 1
    return [{"type": "http.request", "body": one, "more_body": n != last} for n, one in enumerate(chunks)]


async def _call(app: Any, scope: dict[str, Any], messages: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    left = [*messages]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    finally:
        assert [] == left or sent[0].get("status") in {404, 405, 413}
    return sent


def _signed(body: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"X-Hook-Signature", sign(body).encode())]  # servers write names in lower case; it does not matter


async def _desk() -> Desk:
    return desk_of(await store_of(subscription()))


@pytest.mark.parametrize("chunks", [1, 2, 7])
async def test_an_event_is_read_in_any_number_of_parts(chunks: int) -> None:
    """And answered with an empty body of a known length."""
    desk, body = await _desk(), delivery()
    size = -(-len(body) // chunks)
    parts = _parts(*[body[start : start + size] for start in range(0, len(body), size)])
    sent = await _call(WebhookApp(desk.receiver), _scope(headers=_signed(body)), parts)
    assert [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]},
        {"type": "http.response.body", "body": b""},
    ] == sent
    assert 1 == len(desk.handled)


async def test_a_handshake_is_echoed() -> None:
    """In the header field that it came in."""
    desk = desk_of(await store_of(pending()))
    sent = await _call(
        WebhookApp(desk.receiver), _scope(headers=[(b"x-hook-secret", SECRET.encode())]), _parts(handshake())
    )
    assert (200, (b"x-hook-secret", SECRET.encode())) == (sent[0]["status"], sent[0]["headers"][0])


async def test_another_method_is_answered_without_its_body() -> None:
    """Whatever is in it."""
    desk = await _desk()
    sent = await _call(WebhookApp(desk.receiver), _scope("PUT"), _parts(b"x"))
    assert (405, (b"allow", b"POST")) == (sent[0]["status"], sent[0]["headers"][0])


@pytest.mark.parametrize("said", [b"201", b"9" * 5000, None, b"5", b"x", b"\xb2"])
async def test_a_body_is_read_up_to_the_bound_whatever_it_says_of_its_length(said: bytes | None) -> None:
    """Neither a lie nor a stream without end fills the memory."""
    desk = desk_of(await store_of(subscription()), max_body=200)
    headers = [] if said is None else [(b"content-length", said)]
    sent = await _call(WebhookApp(desk.receiver), _scope(headers=headers), _parts(*[b"x" * 100] * 3))
    assert (413, (b"connection", b"close"), []) == (sent[0]["status"], sent[0]["headers"][0], desk.handled)


async def test_what_is_exactly_as_long_is_read() -> None:
    """The bound is a length that is taken."""
    body = delivery()
    desk = desk_of(await store_of(subscription()), max_body=len(body))
    headers = [*_signed(body), (b"content-length", str(len(body)).encode())]
    sent = await _call(WebhookApp(desk.receiver), _scope(headers=headers), _parts(body))
    assert (200, 1) == (sent[0]["status"], len(desk.handled))


async def test_who_hangs_up_within_the_body_is_not_answered() -> None:
    """And half a body is nothing."""
    desk = await _desk()
    parts = [*_parts(delivery()[:20], b"")[:1], {"type": "http.disconnect"}]
    assert [] == await _call(WebhookApp(desk.receiver), _scope(headers=_signed(delivery())), parts)
    assert [] == desk.handled


async def test_what_the_handler_fails_with_is_raised_when_the_answer_is_sent() -> None:
    """So that the server logs it, and Clio sends the event again."""

    async def fail(event: Event) -> None:
        raise LookupError("of the application")

    desk = desk_of(await store_of(subscription()), fail)
    sent: list[dict[str, Any]] = []
    parts = _parts(delivery())

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(LookupError, match="of the application"):
        await WebhookApp(desk.receiver)(_scope(headers=_signed(delivery())), receive, send)
    assert (500, b"") == (sent[0]["status"], sent[1]["body"])


async def test_a_body_that_does_not_come_is_waited_for_so_long() -> None:
    """And not for ever, however slowly it comes: anybody may ask."""
    desk = desk_of(await store_of(subscription()), body_timeout=20.0)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await anyio.sleep(3)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    began = anyio.current_time()
    await WebhookApp(desk.receiver)(_scope(), receive, send)
    assert (408, 20.0) == (sent[0]["status"], anyio.current_time() - began)


async def test_a_stranger_is_sent_away_before_the_body_comes() -> None:
    """Whoever does not know the key of a subscription is not listened to."""
    desk = await _desk()
    sent = await _call(WebhookApp(desk.receiver), _scope(query_string=b"subscription=guessed"), _parts(b"x"))
    assert (404, []) == (sent[0]["status"], desk.handled)

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing is read")

    async def send(message: dict[str, Any]) -> None: ...

    await WebhookApp(desk.receiver)(_scope(query_string=b"subscription=guessed"), receive, send)


async def test_at_the_root_it_takes_part_in_the_life_of_its_server() -> None:
    """A server that asks whether it may begin, and may end, is told so."""
    desk = await _desk()
    stages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = await _call(WebhookApp(desk.receiver), {"type": "lifespan"}, stages)
    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == [one["type"] for one in sent]


async def test_a_websocket_is_closed() -> None:
    """There is nothing to be said."""
    desk = await _desk()
    sent = await _call(WebhookApp(desk.receiver), {"type": "websocket"}, [{"type": "websocket.connect"}])
    assert [{"type": "websocket.close", "code": 1000}] == sent


async def test_what_asgi_may_have_one_day_is_not_guessed_at() -> None:
    """As its specification asks."""
    desk = await _desk()
    with pytest.raises(NotImplementedError, match="'webtransport'"):
        await WebhookApp(desk.receiver)({"type": "webtransport"}, None, None)  # type: ignore[arg-type]


def test_it_takes_a_receiver() -> None:
    """Not its handler."""
    with pytest.raises(InvalidArgument, match="Receiver"):
        WebhookApp(print)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"", b"a=%", b"\xff=\xfe", b"&" * 5000])
async def test_a_query_may_be_anything(raw: bytes) -> None:
    """What names no subscription leads to none."""
    desk = await _desk()
    sent = await _call(WebhookApp(desk.receiver), _scope(query_string=raw), _parts(b""))
    assert (404, []) == (sent[0]["status"], desk.handled)
