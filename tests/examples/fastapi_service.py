"""A service that keeps a copy of a firm's matters, and is told by webhooks when to look again.

Run it with ``uvicorn --factory fastapi_service:app``, behind whatever speaks https for it.

It reads CLIO_TOKEN, PUBLIC_URL (the https origin under which Clio reaches it) and SUBSCRIPTIONS (a directory, for what
it has subscribed to), and if they are set CLIO_REGION (us unless given) or CLIO_BASE_URL (another server, a simulator).
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI
from starlette.routing import Route

from clio_async import Clio, Forbidden, InvalidArgument, ReauthRequired
from clio_async.models import Matter
from clio_async.webhooks import Event, FileSubscriptions, Receiver, SubscriptionStore
from clio_async.webhooks.asgi import WebhookApp

PATH = "/clio/webhooks"
FIELDS = "id,etag,display_number,description,status"
LATER = 60.0
"""Seconds until what ended for a reason that may pass is begun again."""

log = logging.getLogger(__name__)


def app() -> FastAPI:
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


def service(clio: Clio, url: str, subscriptions: SubscriptionStore, *, later: float = LATER) -> FastAPI:
    """Build the service. `url` is where Clio reaches its webhooks: https, without a redirect."""
    matters: dict[int, Matter] = {}
    health = {"webhooks": "kept"}

    async def on_event(event: Event) -> None:
        matter = await event.read(clio, fields=FIELDS)  # the event is a hint: what the matter is now, Clio tells
        if isinstance(matter, Matter):
            matters[event.id] = matter
        else:
            matters.pop(event.id, None)

    receiver = Receiver(subscriptions, on_event, invalidate=clio)

    async def keep() -> None:
        while True:
            try:
                health["webhooks"] = "kept"
                await clio.webhooks.keep(receiver, model="matter", url=url, store=subscriptions, fields=FIELDS)
            except (ReauthRequired, Forbidden, InvalidArgument) as error:
                health["webhooks"] = type(error).__name__  # somebody has to approve the app anew, or to mend this
                log.exception("Webhooks are not kept any more.")
                return
            except Exception as error:
                health["webhooks"] = type(error).__name__
                log.exception("Webhooks are kept again later.")
                await anyio.sleep(later)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with clio, anyio.create_task_group() as tasks:
            tasks.start_soon(keep)
            yield
            tasks.cancel_scope.cancel()

    app = FastAPI(lifespan=lifespan)
    app.router.routes.append(Route(PATH, WebhookApp(receiver)))  # a route: a mount would answer with a redirect

    @app.get("/matters/{id}")
    async def show(id: int) -> dict[str, Any] | None:
        return matters[id].to_dict() if id in matters else None

    @app.get("/health")
    async def healthy() -> dict[str, str]:
        return health

    return app
