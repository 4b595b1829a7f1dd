"""One process of a service: `python -m tests.auth.redis_worker BASE_URL REDIS_URL CLIENT_ID LEASE MODE`.

The first line that comes in is the client secret. Each line after it asks for one call; what became of it goes out. The
mode says what is special: "unlocked" goes without the lock, "asking" says so before it asks for a token and waits for a
line, "answered" stops itself when it has been given its first one.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import AbstractAsyncContextManager

import anyio
from anyio.to_thread import run_sync

from clio_async import AiohttpTransport, Clio, RedisTokenStore, TokenStore
from clio_async.auth.oauth import OAuthApp
from clio_async.errors import ClioError
from clio_async.messages import Request, Response


class Unlocked(RedisTokenStore):
    """A control: every process for itself."""

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        return TokenStore.lock(self, key)


class Special(AiohttpTransport):
    """A transport that does something about the first request for a token."""

    mode = ""

    async def send(self, request: Request) -> Response:
        mode = self.mode if request.url.endswith("/oauth/token") else ""
        if mode:
            self.mode = ""
        if mode == "asking":
            print("asking", flush=True)
            await run_sync(sys.stdin.readline)
        response = await super().send(request)
        if mode == "answered":
            os.kill(os.getpid(), signal.SIGSTOP)
        return response


async def main(base_url: str, redis_url: str, client_id: str, lease: str, mode: str) -> None:
    secret = sys.stdin.readline().strip()
    app = OAuthApp(client_id, secret, redirect_uri="http://127.0.0.1/callback", base_url=base_url)
    store = (Unlocked if mode == "unlocked" else RedisTokenStore)(redis_url, lease=float(lease))
    grant = await app.open(store, "firm")
    async with Special() as transport, Clio(grant, base_url=base_url, cache=None, transport=transport) as clio:
        transport.mode = mode
        print("ready", flush=True)
        while await run_sync(sys.stdin.readline):
            try:
                await clio.users.who_am_i()
                print("ok", flush=True)
            except ClioError as error:
                print(f"{type(error).__name__}: {error}", flush=True)
    await store.aclose()


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
