"""The same for aiohttp's server: it prints what becomes of a firm's matters.

Run it with ``python -m aiohttp.web -P 8080 aiohttp_service:main``, behind whatever speaks https for it.

It reads CLIO_TOKEN, PUBLIC_URL (the https origin under which Clio reaches it) and SUBSCRIPTIONS (a directory, for what
it has subscribed to), and if they are set CLIO_REGION (us unless given) or CLIO_BASE_URL (another server, a simulator).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress

from aiohttp import web

from clio_async import Clio
from clio_async.webhooks import Event, FileSubscriptions, Receiver, SubscriptionStore
from clio_async.webhooks.aiohttp import handler

PATH = "/clio/webhooks"


def main(arguments: list[str]) -> web.Application:
    """Build the service from its environment."""
    _, origin, directory = needed("CLIO_TOKEN", "PUBLIC_URL", "SUBSCRIPTIONS")
    return service(clio_of_environment(), origin + PATH, FileSubscriptions(directory))


def clio_of_environment() -> Clio:
    """Return a client for the account of the token."""
    (token,) = needed("CLIO_TOKEN")
    base_url = os.environ.get("CLIO_BASE_URL")
    return Clio(token, base_url=base_url, region=None if base_url else os.environ.get("CLIO_REGION", "us"))


def needed(*names: str) -> list[str]:
    """Return these variables of the environment, or end with a sentence that names all that are missing."""
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"The environment lacks {', '.join(missing)}.")
    return [os.environ[name] for name in names]


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
