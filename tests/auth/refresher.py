"""One process of a service: `python -m tests.auth.refresher BASE_URL DIRECTORY CLIENT_ID`.

The first line that comes in is the client secret. Each line after it asks for one call; what became of it goes out.
"""

from __future__ import annotations

import sys

import anyio
from anyio.to_thread import run_sync

from clio_async import Clio
from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import FileTokenStore
from clio_async.errors import ClioError


async def main(base_url: str, directory: str, client_id: str) -> None:
    secret = sys.stdin.readline().strip()
    app = OAuthApp(client_id, secret, redirect_uri="http://127.0.0.1/callback", base_url=base_url)
    grant = await app.open(FileTokenStore(directory), "firm")
    async with Clio(grant, base_url=base_url, cache=None) as clio:
        print("ready", flush=True)
        while await run_sync(sys.stdin.readline):
            try:
                await clio.users.who_am_i()
                print("ok", flush=True)
            except ClioError as error:
                print(f"{type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
