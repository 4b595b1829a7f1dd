"""`Receiver`: what becomes of a request that comes to a webhook, whatever web framework brings it."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, Protocol, TypeAlias, cast

import anyio
from attrs import evolve

from ..errors import BadSignature, HandshakeRefused, InvalidArgument, MalformedEvent, WebhookError
from ..logs import write
from ..messages import Headers
from ..protocol import webhooks as decide
from ..secrets import Secret
from ..turns import Turns
from .event import Event
from .handshakes import shaken
from .reply import Reply
from .seen import MemorySeen, Seen
from .subscriptions import Subscription, SubscriptionStore

__all__ = ["Invalidates", "OnEvent", "Receiver"]

OnEvent: TypeAlias = Callable[[Event], Awaitable[object]]


class Invalidates(Protocol):
    """What holds answers: a `Clio`."""

    def invalidate(self, resource: str, id: int, /) -> Awaitable[None]:
        """Have what is held of a record asked for anew."""
        ...


_DONE: Final = Reply(200)
_NO_SUCH: Final = Reply(404)
_NOT_ALLOWED: Final = Reply(405, (("Allow", "POST"),))
_TOO_LARGE: Final = Reply(413)
_BUSY: Final = Reply(503, (("Retry-After", "60"),))
_STATUSES: Final[dict[type[WebhookError], int]] = {BadSignature: 401, HandshakeRefused: 403, MalformedEvent: 400}
_ATTEMPTS: Final = 5  # to replace a subscription that others replace at the same time
_CLEARING: Final = 5.0  # seconds for a store to note how a handler ended


class Receiver:
    """Answer what Clio sends to our webhooks, and call `on_event` for each event that is proved to be Clio's.

    An event is acknowledged when `on_event` has returned. If that raises, or takes longer than `timeout` seconds, Clio
    is told so and sends it again: first after two minutes, five times, and suspends the webhook if it goes on. So keep
    it short, or let it put the event into a queue that outlives the process. It may be called more than once for one
    event, and never for two of one record at a time; events of different records are handled side by side, `parallel`
    at once. `waiting` more may wait; whatever comes then is sent away, and comes again.

    `invalidate` is a `Clio`, or a coroutine function that takes the name of a resource and an id: it is called before
    `on_event`. What an event says of the fields of a record is read by nobody.

    A receiver belongs to one event loop and to the `subscriptions` of one application: what the processes of that share
    is the store's to say, and `seen`'s.

    :raises InvalidArgument: for a bound that is none.
    """

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        on_event: OnEvent,
        *,
        invalidate: Invalidates | Callable[[str, int], Awaitable[object]] | None = None,
        seen: Seen | None = None,
        timeout: float | None = 60.0,
        max_body: int = 1024 * 1024,
        parallel: int = 32,
        waiting: int = 1000,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        if not callable(on_event) or not isinstance(subscriptions, SubscriptionStore):
            raise InvalidArgument("A Receiver takes a SubscriptionStore, and a coroutine function of an Event.")
        if max_body < 1 or parallel < 1 or waiting < 0 or (timeout is not None and not timeout > 0):
            raise InvalidArgument("The bounds of a Receiver are positive numbers; timeout=None is for none.")
        self.max_body = max_body
        self._subscriptions = subscriptions
        self._on_event = on_event
        self._invalidate = _invalidation(invalidate)
        self._seen = MemorySeen() if seen is None else seen
        self._timeout = timeout
        self._wall_clock = wall_clock
        self._turns = Turns()
        self._slots = anyio.Semaphore(parallel)
        self._room = parallel + waiting

    async def receive(
        self,
        method: str,
        target: str,
        headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]],
        body: bytes,
    ) -> Reply:
        """Return the answer to a request. `target` is its path and query, or the query alone.

        `body` is what came, byte for byte: no framework may have parsed it, and written it again. What the application
        or a store fails with is in the reply (500) and raised by nobody.

        :raises InvalidArgument: if `body` is not bytes.
        """
        if not isinstance(body, bytes | bytearray | memoryview):
            raise InvalidArgument(f"The body is the raw bytes of the request, not {type(body).__name__}.")
        if method != "POST":
            return _NOT_ALLOWED
        if len(body) > self.max_body:
            return _TOO_LARGE
        fields = headers if isinstance(headers, Headers) else Headers(headers)
        answering = self._received(target, fields, bytes(body))
        del target, headers, fields, body  # a traceback may show them
        try:
            return await answering
        except WebhookError as error:
            status = _STATUSES.get(type(error), 400)
            write(logging.WARNING, "webhook", status=status, error=type(error).__name__)
            return Reply(status)
        except Exception as error:
            return _failed(error)

    async def deliver(self, event: Event) -> None:
        """Handle an event that Clio did not send, such as one that was missed: in turn with the others of its record.

        It waits for its turn, however many wait, and raises what `on_event` raises.

        :raises TimeoutError: if that takes longer than `timeout`.
        """
        place = _place(event)
        async with self._turns.of(*_turn(event)), self._slots:
            with anyio.fail_after(self._timeout):
                await self._handle(event)
            await self._seen.release(f"{place}:{event.kind}", place, handled=True)

    async def _received(self, target: str, fields: Headers, body: bytes) -> Reply:
        named = decide.key_of(target)
        subscription = await (self._of_webhook(body) if named is None else self._subscriptions.get(named))
        if subscription is None:
            write(logging.WARNING, "webhook", status=404)
            return _NO_SUCH
        if decide.HANDSHAKE in fields.index:
            if named is None:  # the number of a webhook can be guessed, its key cannot
                raise HandshakeRefused("A handshake came to an address without the key of its subscription.")
            secret = decide.offered_secret(fields)
            await self._shake(subscription, secret, decide.read_handshake(body))
            return Reply(200, (("X-Hook-Secret", secret.reveal()),))
        event = _proved(subscription, fields, body)
        key = decide.digest(event.webhook_id or 0, body)
        del body, fields, target, subscription  # it may take a while until it is this event's turn
        return await self._in_turn(event, key)

    async def _of_webhook(self, body: bytes) -> Subscription | None:
        """Return the subscription of the webhook that a body names: its address has no key."""
        webhook_id = decide.webhook_of(body)
        if webhook_id is None:
            return None
        found = await self._subscriptions.all()
        return next((one for one in found if one.webhook_id == webhook_id), None)

    async def _shake(self, subscription: Subscription, secret: Secret, webhook_id: int) -> None:
        """Keep the secret of a handshake.

        :raises HandshakeRefused: if none is awaited.
        """
        known: Subscription | None = subscription
        for _ in range(_ATTEMPTS):
            if known is None:
                break
            new = shaken(known, secret, webhook_id, self._wall_clock())
            if new is known or await self._subscriptions.replace(known, new):
                write(logging.INFO, "handshake", resource=known.model, principal=known.principal[:8])
                return
            known = await self._subscriptions.get(subscription.key)
        raise HandshakeRefused("A handshake came for a subscription that others change without end, or have given up.")

    async def _in_turn(self, event: Event, key: str) -> Reply:
        """Handle an event when those of its record that came before have been handled."""
        if self._room == 0:
            write(logging.WARNING, "webhook", status=503, resource=event.model, principal=event.principal[:8])
            return _BUSY
        self._room -= 1
        try:
            async with self._turns.of(*_turn(event)), self._slots:
                return await self._once(event, key)
        except Exception as error:
            return _failed(error)
        finally:
            self._room += 1

    async def _once(self, event: Event, key: str) -> Reply:
        place = _place(event)
        # Without a tag, two changes of a record are told in the same bytes.
        claim = await self._seen.claim(key, place, always=event.etag is None)
        if claim in {"handled", "busy"}:
            return _DONE if claim == "handled" else _BUSY
        handled = False
        try:
            with anyio.fail_after(self._timeout):
                await self._handle(evolve(event, repeated=True) if claim == "again" else event)
            handled = True
        finally:
            with anyio.move_on_after(_CLEARING, shield=True):
                await self._seen.release(key, place, handled=handled)
        return _DONE

    async def _handle(self, event: Event) -> None:
        resource = event.resource
        if resource is not None and self._invalidate is not None:
            await self._invalidate(resource, event.id)
        await self._on_event(event)


def _turn(event: Event) -> tuple[str, str]:
    """Return the name of the queue that an event stands in: that of its record, as its principal sees it."""
    return f"{event.model}/{event.id}", event.principal


def _place(event: Event) -> str:
    return f"{event.webhook_id}:{event.id}"


def _proved(subscription: Subscription, fields: Headers, body: bytes) -> Event:
    """Return the event that a request tells of, if it is signed with the secret of the subscription."""
    signature = fields.single(decide.SIGNATURE)
    if subscription.secret is None or not decide.verify(body, signature, subscription.secret):
        raise BadSignature("A delivery came that is not signed with the secret of its subscription.")
    told = decide.read_event(body)
    if subscription.webhook_id not in {None, told.webhook_id}:
        raise MalformedEvent("A delivery came that is of another webhook than the subscription.")
    return Event(
        told.kind, subscription.model, told.id, told.etag, told.webhook_id, subscription.principal, subscription.key
    )


def _failed(error: Exception) -> Reply:
    write(logging.ERROR, "webhook", status=500, error=type(error).__name__)
    return Reply(500, error=error)


def _invalidation(given: object) -> Callable[[str, int], Awaitable[object]] | None:
    found = given if given is None or callable(given) else getattr(given, "invalidate", None)
    if given is not None and not callable(found):
        raise InvalidArgument("invalidate is a Clio, or a coroutine function of the name of a resource and an id.")
    return cast("Callable[[str, int], Awaitable[object]] | None", found)
