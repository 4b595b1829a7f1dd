"""The secret of a subscription is in no log, repr, error, traceback or pickle (row F37 of the fault table)."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from clio_async.secrets import Secret
from clio_async.webhooks.asgi import WebhookApp
from clio_async.webhooks.event import Event
from clio_async.webhooks.reply import Reply
from clio_async.webhooks.subscriptions import MemorySubscriptions, Subscription
from tests.canaries import Canaries, Records
from tests.webhooks.signing import Desk, delivery, desk_of, handshake, pending, sign, store_of, subscription
from tests.webhooks.test_asgi import _parts, _scope

PLANTED = Canaries(
    shared="canary-shared-0a9b8c7d6e5f4a3b2c1d",
    offered="canary-offered-9f8e7d6c5b4a39281706",
    payload="canary-of-a-client-who-is-private-77",
)
SHARED, OFFERED, PAYLOAD = (PLANTED.secrets[name] for name in ("shared", "offered", "payload"))


@pytest.fixture
def records() -> Iterator[Records]:
    found = Records(lambda: PLANTED)
    logger = logging.getLogger()
    level = logger.level
    logger.addHandler(found)
    logger.setLevel(logging.DEBUG)
    logging.getLogger("clio_async").setLevel(logging.DEBUG)
    yield found
    logger.removeHandler(found)
    logger.setLevel(level)
    logging.getLogger("clio_async").setLevel(logging.NOTSET)


class Broken(MemorySubscriptions):
    """It fails when a secret is to be kept."""

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        if old is not None:
            del old, new  # the frames of a store are its own; this one is careful
            raise OSError("the disk is full")
        return await super().replace(old, new)


async def _fail(event: Event) -> None:
    raise LookupError(f"the application failed at {event.id}")


def _signed(body: bytes) -> dict[str, str]:
    return {"X-Hook-Signature": sign(body, SHARED)}


async def _everything(desk: Desk) -> list[Reply]:
    """Post what is right and what is wrong of every kind."""
    body = delivery(client=PAYLOAD)
    asked = [
        (body, _signed(body)),
        (body, {"X-Hook-Signature": sign(body, OFFERED)}),
        (body, {"X-Hook-Signature": SHARED}),
        (body, {}),
        (handshake(), {"X-Hook-Secret": OFFERED}),
        (handshake(8), {"X-Hook-Secret": OFFERED}),
        (b"{}", {"X-Hook-Secret": OFFERED}),
        (b'{"data": "%s"}' % PAYLOAD.encode(), _signed(b'{"data": "%s"}' % PAYLOAD.encode())),
        (handshake(), {"X-Hook-Secret": OFFERED + "\n"}),
    ]
    replies = [await desk.post(content, fields) for content, fields in asked]
    return [*replies, await desk.post(body, _signed(body), target=f"?subscription={OFFERED}")]


def _shown(where: str, replies: list[Reply], desk: Desk) -> list[str]:
    hits = [hit for reply in replies for hit in PLANTED.in_object(where, reply)]
    hits += [hit for reply in replies if reply.error for hit in PLANTED.in_error(where, reply.error)]
    hits += [hit for event in desk.handled for hit in PLANTED.in_object(where, event)]
    for one in (desk.receiver, desk.store, WebhookApp(desk.receiver)):
        hits += PLANTED.in_object(where, one)
    return hits


async def test_nothing_shows_them(records: Records) -> None:
    """Whatever comes, in whatever state the subscription is, and whatever fails."""
    own = subscription(secret=Secret(SHARED))
    stores = {"known": await store_of(own), "awaited": await store_of(pending()), "broken": Broken()}
    assert await stores["broken"].replace(None, pending())
    for name, store in stores.items():
        for failing in (False, True):
            desk = desk_of(store, _fail if failing else None)
            assert [] == _shown(name, await _everything(desk), desk)
    assert [] == records.hits
    assert records.count > 20


async def test_an_error_that_leaves_an_asgi_application_does_not_show_them() -> None:
    """A server logs it with its traceback, and may show the locals of every frame: of ours, here."""
    store = Broken()
    assert await store.replace(None, pending())
    app = WebhookApp(desk_of(store).receiver)
    parts = _parts(handshake())
    scope = _scope(headers=[(b"x-hook-secret", OFFERED.encode())])

    async def receive() -> dict[str, object]:
        return parts.pop(0)

    async def send(message: object) -> None: ...

    with pytest.raises(OSError, match="full") as raised:
        await app(scope, receive, send)  # type: ignore[arg-type]
    del scope
    error = raised.value
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # this test's own frame
    assert [] == PLANTED.in_error("asgi", error)


def test_the_search_finds_them() -> None:
    """The control: what holds them in the open is found."""
    assert [] != PLANTED.in_object("open", {"secret": SHARED})
    assert [] != PLANTED.in_object("open", delivery(client=PAYLOAD))
