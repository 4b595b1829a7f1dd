"""`Receiver`: what becomes of a request that comes to a webhook, whatever web framework brings it."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol, cast

from ..errors import BadSignature, HandshakeRefused, InvalidArgument, MalformedEvent, WebhookError
from ..logs import write
from ..messages import Headers
from ..protocol import webhooks as decide
from ..secrets import Secret
from .bodies import Read
from .event import Event
from .gaps import Gaps
from .handling import Handling, OnEvent, place_of
from .handshakes import shaken
from .proving import proved
from .refusals import Refusals
from .reply import Reply
from .seen import MemorySeen, Seen
from .subscriptions import Subscription, SubscriptionStore

__all__ = ["Invalidates", "OnEvent", "Receiver"]


class Invalidates(Protocol):
    """What holds answers: a `Clio`."""

    def invalidate(self, resource: str, id: int, /) -> Awaitable[None]:
        """Have what is held of a record asked for anew."""
        ...


_NO_SUCH: Final = Reply(404)
_NOT_ALLOWED: Final = Reply(405, (("Allow", "POST"),))
_TOO_LARGE: Final = Reply(413)
_STATUSES: Final[dict[type[WebhookError], int]] = {BadSignature: 401, HandshakeRefused: 403, MalformedEvent: 400}
_ATTEMPTS: Final = 5  # to replace a subscription that others replace at the same time


class Receiver:
    """Answer what Clio sends to our webhooks, and call `on_event` for each event that is proved to be Clio's.

    An event is acknowledged when `on_event` has returned. If that raises, or takes longer than `timeout` seconds, Clio
    is told so and sends it again: first after two minutes, five times, and suspends the webhook if it goes on. So keep
    it short, or let it put the event into a queue that outlives the process. It may be called more than once for one
    event, and never for two of one record at a time. Where several of one record and kind wait one behind the other,
    it is called for the newest, and that acknowledges all of them: whoever reads the record then has what they tell.
    `on_event` must not call `deliver` of the same receiver, nor wait for an event of it.

    Events of different records are handled side by side, `parallel` at once. `waiting` more may wait; whatever comes
    then is sent away, and comes again. Of both, the events of one principal leave some to those of others, and whoever
    has none waiting may always have one wait. An eighth of all places is the most that one record takes.

    An event that was sent away (503), or failed (500), may be lost, should Clio give it up: so a gap is noted with its
    subscription, at most once a minute, which `clio.webhooks.keep` closes when it looks the next time. Nobody can tell
    whether Clio will come again, so it is closed also if the event was handled in the end: a walk over what changed in
    the hour and a half before it.

    Of what is refused or fails, ten a minute are logged for each status; the others are counted.

    `invalidate` is a `Clio`, or a coroutine function that takes the event (of several firms, `event.principal` says
    which one's it is): it is called before `on_event`, for every model that has a resource. What an event says of the
    fields of a record is read by nobody.

    `max_body` and `body_timeout` are for the adapters: how many bytes they read of a request, and for how many seconds.

    A receiver belongs to one event loop and to the `subscriptions` of one application: what the processes of that share
    is the store's to say, and `seen`'s.

    :raises InvalidArgument: for a bound that is none.
    """

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        on_event: OnEvent,
        *,
        invalidate: Invalidates | OnEvent | None = None,
        seen: Seen | None = None,
        timeout: float | None = 60.0,
        max_body: int = 1024 * 1024,
        body_timeout: float | None = 30.0,
        parallel: int = 32,
        waiting: int = 1000,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        if not callable(on_event) or not isinstance(subscriptions, SubscriptionStore):
            raise InvalidArgument("A Receiver takes a SubscriptionStore, and a coroutine function of an Event.")
        times = [one for one in (timeout, body_timeout) if one is not None]
        if max_body < 1 or parallel < 1 or waiting < 0 or not all(one > 0 for one in times):
            raise InvalidArgument("The bounds of a Receiver are positive numbers; None is for no timeout.")
        self.max_body = max_body
        self.body_timeout = body_timeout
        self._subscriptions = subscriptions
        self._wall_clock = wall_clock
        self._refusals = Refusals(wall_clock)
        self._gaps = Gaps(subscriptions, wall_clock)
        self._handling = Handling(
            on_event,
            _invalidation(invalidate),
            MemorySeen() if seen is None else seen,
            self._refusals,
            timeout=timeout,
            parallel=parallel,
            waiting=waiting,
        )

    async def receive(
        self,
        method: str,
        target: str,
        headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]],
        body: bytes | bytearray | memoryview,
    ) -> Reply:
        """Return the answer to a request. `target` is its path and query, or the query alone.

        `body` is what came, byte for byte: no framework may have parsed it, and written it again. What the application
        or a store fails with is in the reply (500) and raised by nobody.

        :raises InvalidArgument: if `body` is not bytes.
        """
        if not isinstance(body, bytes | bytearray | memoryview):
            raise InvalidArgument(f"The body is the raw bytes of the request, not {type(body).__name__}.")
        if method == "POST" and memoryview(body).nbytes > self.max_body:
            return _TOO_LARGE
        fields = headers if isinstance(headers, Headers) else Headers(headers)
        answering = self.answer(method, target, fields, partial(_given, bytes(body)))
        del target, headers, fields, body  # a traceback may show them
        return await answering

    async def answer(self, method: str, target: str, headers: Headers, read: Read) -> Reply:
        """Return the answer to a request whose body is still to come, as `receive` does.

        `read` is called if the body is needed: not for a key that is not known. What it returns instead of a body is
        the answer.
        """
        if method != "POST":
            return _NOT_ALLOWED
        answering = self._received(target, headers, read)
        del target, headers, read  # a traceback may show them
        try:
            return await answering
        except WebhookError as error:
            status = _STATUSES.get(type(error), 400)
            self._refusals.write(status, error=type(error).__name__)
            return Reply(status)
        except Exception as error:
            return self._refusals.failed(error)

    async def deliver(self, event: Event) -> None:
        """Handle an event that Clio did not send, such as one that was missed: in turn with the others of its record.

        It waits for its turn, however many wait, and for `on_event`, however long that takes, since nobody waits for an
        answer: set a bound where you need one. It raises what `on_event` raises.
        """
        await self._handling.deliver(event)

    async def _received(self, target: str, fields: Headers, read: Read) -> Reply:
        named = decide.key_of(target)
        found = None if named is None else await self._of_key(named)
        body = await read() if found is None or found else b""
        if isinstance(body, Reply):
            return body
        if found is None:
            found = await self._of_webhook(body)
        if not found:
            self._refusals.write(404)
            return _NO_SUCH
        if decide.HANDSHAKE in fields.index:
            if named is None:  # the number of a webhook can be guessed, its key cannot
                raise HandshakeRefused("A handshake came to an address without the key of its subscription.")
            secret = decide.offered_secret(fields)
            await self._shake(found[0], secret, decide.read_handshake(body))
            return Reply(200, (("X-Hook-Secret", secret.reveal()),))
        event = proved(found, fields, body)
        key = decide.digest(place_of(event), body)
        del body, fields, target, found, read  # it may take a while until it is this event's turn
        reply = await self._handling.reply_to(event, key)
        if reply.status >= 500:
            await self._gaps.note(event.subscription)
        return reply

    async def _of_key(self, key: str) -> Sequence[Subscription]:
        found = await self._subscriptions.get(key)
        return () if found is None else (found,)

    async def _of_webhook(self, body: bytes) -> Sequence[Subscription]:
        """Return the subscriptions that the webhook of a body may be of: its address has no key.

        Each region of Clio has numbers of its own for webhooks, so two may have the same.
        """
        webhook_id = decide.webhook_of(body)
        if webhook_id is None:
            return ()
        return [one for one in await self._subscriptions.all() if one.webhook_id == webhook_id]

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


async def _given(body: bytes) -> bytes:
    return body


def _invalidation(given: object) -> OnEvent | None:
    found = getattr(given, "invalidate", None)
    if callable(found):
        outdate = cast("Callable[[str, int], Awaitable[object]]", found)
        return lambda event: outdate(cast("str", event.resource), event.id)
    if given is not None and not callable(given):
        raise InvalidArgument("invalidate is a Clio, or a coroutine function of an Event.")
    return cast("OnEvent | None", given)
