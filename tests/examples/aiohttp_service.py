"""The same for aiohttp's server: it prints what becomes of a firm's matters.

Run it with ``python -m aiohttp.web -P 8080 aiohttp_service:main``, behind whatever speaks https for it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import suppress

from aiohttp import web

from clio_async import Clio
from clio_async.webhooks import Event, FileSubscriptions, Receiver, SubscriptionStore
from clio_async.webhooks.aiohttp import handler

PATH = "/clio/webhooks"


def main(arguments: list[str]) -> web.Application:
    """Build the service from its environment."""
    clio = Clio(os.environ["CLIO_TOKEN"])
    return service(clio, os.environ["PUBLIC_URL"] + PATH, FileSubscriptions(os.environ["SUBSCRIPTIONS"]))


def service(clio: Clio, url: str, subscriptions: SubscriptionStore) -> web.Application:
    """Build the service. `url` is where Clio reaches its webhooks."""

    async def on_event(event: Event) -> None:
        matter = await event.read(clio, fields="id,description")
        print(event.id, matter.to_dict()["description"] if matter else "is gone")

    receiver = Receiver(subscriptions, on_event, invalidate=clio)

    async def kept(app: web.Application) -> AsyncGenerator[None]:
        async with clio:
            keeping = asyncio.create_task(
                clio.webhooks.keep(receiver, model="matter", url=url, store=subscriptions, fields="id,description")
            )
            yield
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    app = web.Application()
    app.router.add_post(PATH, handler(receiver))
    app.cleanup_ctx.append(kept)
    return app
