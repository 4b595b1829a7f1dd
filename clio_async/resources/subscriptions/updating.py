"""`Updating`: the end of a webhook is put off, and what it sends is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ...errors import NotFound, OutcomeUnknown, PreconditionFailed
from ...protocol.subscriptions import Plan
from ...webhooks.subscriptions import Subscription
from .ensured import Did
from .noting import FIELDS
from .slot import Slot

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook

__all__ = ["Patience", "Updating", "guarded"]

_REFUSALS = 5


class Patience:
    """Counts how often Clio has refused to change a webhook that it shows all the same."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._refusals = 0

    def refused(self, error: PreconditionFailed | NotFound) -> None:
        """Count a refusal.

        :raises PreconditionFailed: (or NotFound: the error itself) if there have been enough.
        """
        self._refusals += 1
        if self._refusals < _REFUSALS:
            return
        text = (
            f"Clio has refused {_REFUSALS} times to change the webhook for {self._model} ({error.status}), and has "
            "shown it again each time: somebody else may change it, or it cannot be changed. It is left as it is. Call "
            "again later."
        )
        error.args = (text, *error.args[1:])
        raise error


class Updating:
    """Updates a webhook of ours."""

    def __init__(self, slot: Slot, patience: Patience) -> None:
        self._slot = slot
        self._patience = patience
        self._unknown: OutcomeUnknown | None = None
        self.did: Did = "kept"
        """What was done last, or may have been."""

    async def update(self, plan: Plan[Subscription], record: Webhook) -> Webhook | None:
        """Renew or change a webhook, and return it. None: whether that was done is to be looked at.

        :raises OutcomeUnknown: if an earlier update has not come through, as far as Clio shows: what Clio cannot do now
            is not sent again at once.
        """
        if self._unknown is not None:
            raise self._unknown
        self.did = "changed" if plan.changes else "renewed"
        try:
            return await self._updated(plan, record)
        except OutcomeUnknown as error:
            self._unknown = error
        except (PreconditionFailed, NotFound) as error:
            self.did = "kept"
            self._patience.refused(error)
        return None

    async def _updated(self, plan: Plan[Subscription], record: Webhook) -> Webhook:
        changes: dict[str, Any] = {}
        if plan.changes:
            changes |= {"events": sorted(self._slot.wanted.events), "fields_": self._slot.wanted.fields}
        hooks, until, target = self._slot.hooks, self._slot.until, guarded(record)
        if not plan.renews:
            return await hooks.update(target, fields=FIELDS, **changes)
        renewed = await until(lambda end: hooks.update(target, fields=FIELDS, expires_at=end, **changes))
        return cast("Webhook", renewed)


def guarded(record: Webhook) -> Webhook | int:
    """Return what an update is for: the record, or its id if Clio tells no tag of it."""
    return record if getattr(record, "etag", None) else record.id
