"""Webhooks: the generated verbs, the activation that Clio's document does not know, and webhooks that stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import Forbidden, InvalidArgument
from ..secrets import Secret
from ._generated.webhooks import Webhooks as GeneratedWebhooks
from .base import ExtraJson, ExtraQuery, HasId

if TYPE_CHECKING:
    from ..webhooks.subscriptions import SubscriptionStore
    from ._generated.webhooks import Events, Model
    from .subscriptions.ensured import Ensured
    from .subscriptions.telling import OnMissed

__all__ = ["Webhooks"]

_SENDABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class Webhooks(GeneratedWebhooks):
    __doc__ = GeneratedWebhooks.__doc__

    __slots__ = ()

    async def activate(
        self,
        id: int | HasId,
        secret: str | Secret,
        /,
        *,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
    ) -> None:
        """Activate one whose handshake was not answered at once: give back the ``X-Hook-Secret`` that Clio sent.

        See https://docs.developers.clio.com/guides/clio-manage/webhooks/.

        :raises InvalidArgument: if the secret is none that a header field could have carried.
        """
        text = secret.reveal() if isinstance(secret, Secret) else secret
        del secret
        sendable = isinstance(text, str) and _SENDABLE.fullmatch(text) is not None
        kept = Secret(text) if sendable else None
        del text  # a traceback may show it
        if kept is None:
            raise InvalidArgument("The secret is what Clio sent in X-Hook-Secret, as it came: one line, never empty.")
        writing = self._write("activate", (id,), None, None, extra_query, extra_json, headers={"X-Hook-Secret": kept})
        del extra_json  # a traceback may show it
        await writing

    async def ensure(
        self,
        *,
        model: Model | str | int,
        url: str,
        store: SubscriptionStore,
        events: Iterable[Events | str] | None = None,
        fields: str | Iterable[str] = "id,etag",
        days: float = 31,
        check_every: float = 1800.0,
    ) -> Ensured:
        """See to it that there is one webhook of this user for a model and an address, and that it stays.

        It is created, adopted, changed, renewed in the last third of its `days`, or replaced if Clio has suspended or
        forgotten it, and kept otherwise: call it again at `Ensured.next_at`, after `check_every` seconds or so, or let
        `keep` do that. One call is one request where there is nothing to do. Processes that share a `store` make one
        webhook, also at once; one that Clio has already for that address and model is adopted.

        Clio is given the `url` with ``subscription=<key>`` added to its query. `events` are created, updated and
        deleted unless said otherwise; `fields` is what Clio sends, and what it watches: nothing is told of an update of
        other fields. What Clio makes otherwise of either is logged once, and not asked for again. See
        https://docs.developers.clio.com/guides/clio-manage/webhooks/.

        When a webhook was suspended, gone or not looked after, `Ensured.missed_since` says since when events may be
        lost: up to 90 minutes before it was seen to be well last, since Clio gives up an event after an hour or so. The
        same if somebody else had narrowed what it sends, or changed its secret. One that was adopted may have missed
        anything since it was made: a `store` that is lost costs a long walk, and no change.
        `Ensured.close` tells of what changed since. Not looked after means that nobody called this for longer than
        that, so with a `check_every` of more than an hour there is such a gap each time. An event that was given up
        without the webhook being suspended, while somebody did look, is not seen by this.

        :raises InvalidArgument: for what Clio would refuse. Nothing was sent.
        :raises Forbidden: if the app may not have webhooks, or not read the model; it says which permissions it takes.
        :raises OutcomeUnknown: if Clio did not say whether the webhook was created or updated, and does not show that
            it was. Call again: it is looked for first.
        :raises PreconditionFailed: if Clio refuses an update again and again, as of a webhook that others change.
        :raises SubscriptionStoreError: if the store fails, or others work against this call.
        """
        from .subscriptions.ensuring import Ensuring
        from .subscriptions.slot import Slot
        from .subscriptions.wanted import interval, kind_of, seconds_of, wanted

        kind = kind_of(model)
        asked = wanted(kind, url, events, fields)
        every = interval(check_every)
        slot = Slot(self, self._caller, store, asked, seconds_of(days))
        try:
            return await Ensuring(slot, kind, every).ensure()
        except Forbidden as error:
            raise Forbidden(
                f"{error} A webhook for {kind.model} takes the app's permissions for Webhooks and {kind.permission}: "
                "tick both, then let the user approve the app again.",
                status=error.status,
                type=error.type,
                message=error.message,
                request=error.request,
                response=error.response,
                api_version=error.api_version,
            ) from error

    async def keep(
        self,
        on_missed: OnMissed,
        /,
        *,
        model: Model | str | int,
        url: str,
        store: SubscriptionStore,
        events: Iterable[Events | str] | None = None,
        fields: str | Iterable[str] = "id,etag",
        days: float = 31,
        check_every: float = 1800.0,
    ) -> None:
        """Keep a webhook until this is cancelled: `ensure` it in time, and close every gap.

        What changed in a gap is told to `on_missed`, a `Receiver` or a coroutine function, record by record, as events
        of the kind ``"missed"``, at the pace that the quota allows; only then is the gap noted as closed, so an event
        may come twice, and none is lost. How far that has come is in the store: whoever calls this next goes on there.
        A record that `on_missed` raises for is logged at ERROR, and told again after the others, with longer and longer
        pauses (up to an hour) until it succeeds: the gap stays so long. `Ensured.close` is one pass of this.

        Deletions cannot be seen so (but those of documents and folders, which go to the trash), and for payments
        nothing can: see `Ensured.unseen`. The log says so, at INFO, when a gap is closed for the first time: compare
        the ids that you know with ``get_many``.

        Where Clio cannot be reached, or has no room, it tries again later; where its answers cannot be read, or the
        store fails, for a quarter of an hour. All else ends it, and is typed: what `on_missed` raises does not, unless
        it is a `ReauthRequired` or a `TokenStoreError`. Gaps stay noted, and the next call closes them.

        :raises ReauthRequired: if the user has revoked the app. Another call is of use when the user has come back.
        :raises Forbidden: if the app may not have webhooks, or not read the model.
        :raises InvalidArgument: for what Clio would refuse.
        :raises SubscriptionStoreError: if the store goes on failing: call again when it is mended.
        :raises DecodeError: if Clio goes on answering with what cannot be read.
        """
        from .subscriptions.keeping import keep

        many = tuple(events) if isinstance(events, Iterable) and not isinstance(events, str) else events
        names = fields if isinstance(fields, str) else tuple(fields)

        async def ensure() -> Ensured:
            return await self.ensure(
                model=model, url=url, store=store, events=many, fields=names, days=days, check_every=check_every
            )

        await keep(ensure, on_missed, self._caller)
