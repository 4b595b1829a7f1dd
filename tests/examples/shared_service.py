"""A web service that reads for many firms, in several processes: what they share is in Redis.

Run it with ``uvicorn --factory shared_service:app --workers 4``, behind whatever knows who may ask for which firm.

It reads CLIO_CLIENT_ID, CLIO_CLIENT_SECRET, CLIO_REDIRECT_URI and REDIS_URL, and if they are set CLIO_REGION (us unless
given) or CLIO_BASE_URL (another server, a simulator). The firms have approved the app before, with the same store.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException

from clio_async import Clio, OAuthApp, RedisCache, RedisLimiter, RedisServer, RedisTokenStore
from clio_async.errors import ClioError, NotFound, RateLimited, ReauthRequired


class Firms:
    """The clients of all firms, for one event loop."""

    def __init__(self, app: OAuthApp, server: RedisServer) -> None:
        self._app = app
        self._tokens = RedisTokenStore(server)  # one process renews a token, for all
        self._limiter = RedisLimiter(server)  # one quota, however many processes use it
        self._cache = RedisCache(server)  # what one has read, the others validate
        self._clio: Clio | None = None

    async def client(self, firm: str) -> Clio:
        """Return the client of a firm. It shares connections with all others, and neither answers nor quota."""
        grant = await self._app.open(self._tokens, firm)
        if self._clio is None:
            self._clio = Clio(grant, cache=self._cache, limiter=self._limiter)
        return self._clio.with_auth(grant)

    async def aclose(self) -> None:
        """Close what was opened. The stores have the server's connections, and none of their own."""
        if self._clio is not None:
            await self._clio.aclose()


def app() -> FastAPI:
    """Build the service from its environment: once in each process."""
    client_id, secret, back, redis = needed("CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET", "CLIO_REDIRECT_URI", "REDIS_URL")
    region, base_url = os.environ.get("CLIO_REGION", "us"), os.environ.get("CLIO_BASE_URL")
    return service(OAuthApp(client_id, secret, redirect_uri=back, region=region, base_url=base_url), redis)


def needed(*names: str) -> list[str]:
    """Return these variables of the environment, or end with a sentence that names all that are missing."""
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"The environment lacks {', '.join(missing)}.")
    return [os.environ[name] for name in names]


def service(oauth: OAuthApp, redis: str) -> FastAPI:
    """Build the service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with RedisServer(redis) as server:
            app.state.firms = firms = Firms(oauth, server)
            yield
            await firms.aclose()

    app = FastAPI(lifespan=lifespan)

    @app.get("/firms/{firm}/matters/{id}")
    async def show(firm: str, id: int) -> dict[str, Any]:
        try:
            clio = await app.state.firms.client(firm)
            matter = await clio.matters.get(id, fields="id,etag,display_number,description")
        except NotFound:
            raise HTTPException(404, "There is no such matter, or this user may not see it.") from None
        except ReauthRequired:
            raise HTTPException(403, "The firm has to approve this app again.") from None
        except RateLimited as error:
            wait = 1 if error.retry_at is None else max(1, round(error.retry_at - time.time()))
            raise HTTPException(503, "Too much is asked of Clio.", {"Retry-After": str(wait)}) from None
        except ClioError as error:  # the network, Clio itself, the store of the tokens
            raise HTTPException(502, type(error).__name__) from None
        return {"matter": matter.to_dict(), "served_by": os.getpid()}

    return app
