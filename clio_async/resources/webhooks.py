"""Webhooks: the generated verbs, and the activation that Clio's document does not know."""

from __future__ import annotations

import re

from ..errors import InvalidArgument
from ..secrets import Secret
from ._generated.webhooks import Webhooks as GeneratedWebhooks
from .base import ExtraJson, ExtraQuery, HasId

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
