"""A service that keeps a copy of a firm's matters, and is told by webhooks when to look again.

Run it with ``uvicorn --factory fastapi_service:app``, behind whatever speaks https for it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI

from clio_async import Clio
from clio_async.models import Matter
from clio_async.webhooks import Event, FileSubscriptions, Receiver, SubscriptionStore
from clio_async.webhooks.asgi import WebhookApp

PATH = "/clio/webhooks"
FIELDS = "id,etag,display_number,description,status"


def app() -> FastAPI:
    """Build the service from its environment."""
    clio = Clio(os.environ["CLIO_TOKEN"])
    return service(clio, os.environ["PUBLIC_URL"] + PATH, FileSubscriptions(os.environ["SUBSCRIPTIONS"]))


def service(clio: Clio, url: str, subscriptions: SubscriptionStore) -> FastAPI:
    """Build the service. `url` is where Clio reaches its webhooks: https, without a redirect."""
    matters: dict[int, Matter] = {}

    async def on_event(event: Event) -> None:
        matter = await event.read(clio, fields=FIELDS)  # the event is a hint: what the matter is now, Clio tells
        if matter is None:
            matters.pop(event.id, None)
        else:
            matters[event.id] = matter

    receiver = Receiver(subscriptions, on_event, invalidate=clio)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with clio, anyio.create_task_group() as tasks:

            async def keep() -> None:
                await clio.webhooks.keep(receiver, model="matter", url=url, store=subscriptions, fields=FIELDS)

            tasks.start_soon(keep)
            yield
            tasks.cancel_scope.cancel()

    app = FastAPI(lifespan=lifespan)
    app.add_route(PATH, WebhookApp(receiver))  # a route: a mount would answer with a redirect

    @app.get("/matters/{id}")
    async def show(id: int) -> dict[str, Any] | None:
        return matters[id].to_dict() if id in matters else None

    return app
