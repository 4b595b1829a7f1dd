"""What a client takes before it does anything, and what each tenant takes: `python -m benchmarks.footprint`.

Import times are medians of fresh interpreters, as multiples of that of aiohttp; memory is what tracemalloc counts, for
each of a thousand tenants, their tokens included.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory
from typing import TypeAlias

import anyio

from clio_async import Clio
from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import MemoryTokenStore
from clio_async.auth.tokens import Token
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.urls import REGIONS
from clio_async.secrets import Secret
from clio_async.transport.memory import MemoryTransport

TENANTS = 1_000
TOKEN = 60
"""Characters of a token."""
ROUNDS = 7
STEPS = {
    "import aiohttp": "import aiohttp",
    "import clio_async": "import clio_async",
    "and a first client": "from clio_async import Clio; Clio('t')",
    "and its first resource": "from clio_async import Clio; Clio('t').matters",
    "and a first selection": "from clio_async.models.selection import select; select('matters')",
}

Tenants: TypeAlias = list[Clio]


def seconds(code: str, environment: dict[str, str]) -> float:
    """Return the processor time that `code` takes in a new interpreter."""
    timed = f"import time; begin = time.process_time(); {code}; print(time.process_time() - begin)"
    command = [sys.executable, "-c", timed]
    return float(subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout)


def steps() -> list[dict[str, float]]:
    """Return the time of each step, round by round.

    All modules are compiled before, as they are after an installation: otherwise a package that is run from its
    sources would be compared with one that pip has compiled.
    """
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for code in STEPS.values():
            seconds(code, environment)
        return [{name: seconds(code, environment) for name, code in STEPS.items()} for _ in range(ROUNDS)]


def name(kind: str, number: int) -> str:
    """Return a token of its own."""
    return f"{kind}-{number}-".ljust(TOKEN, "x")


def answer(request: Request) -> Response:
    """Answer as Clio does, with what is left of the quota."""
    quota = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49", "X-RateLimit-Reset": "4000000000"}
    tag = {"ETag": 'W/"0123456789abcdef0123456789abcdef"', "X-API-VERSION": "4.0.13"}
    body = b'{"data":{"id":1,"etag":"\\"0123456789abcdef\\"","name":"Ann"}}'
    return Response(200, Headers({**quota, **tag}), body, wire_bytes=len(body))


async def static(root: Clio, number: int, _: OAuthApp, __: MemoryTokenStore) -> Clio:
    """A tenant with a token that somebody else looks after."""
    return root.with_auth(name("access", number))


async def granted(root: Clio, number: int, app: OAuthApp, store: MemoryTokenStore) -> Clio:
    """A tenant with a grant, whose tokens are in the same process, too."""
    token = Token(
        access_token=Secret(name("access", number)),
        refresh_token=Secret(name("refresh", number)),
        expires_at=1e12 + number,
        obtained_at=1e9 + number,
        origin=REGIONS["us"],
        client_id="app",
        grant=name("grant", number)[:43],
        revision=name("revision", number)[:43],
    )
    await store.save(f"firm-{number}", token, previous=None)
    return root.with_auth(await app.open(store, f"firm-{number}"))


@asynccontextmanager
async def core(**options: object) -> AsyncGenerator[tuple[Clio, OAuthApp, MemoryTokenStore]]:
    """Open what all tenants share."""
    app = OAuthApp("app", "secret", redirect_uri="https://example.com/back")
    async with Clio("root", transport=MemoryTransport(answer), **options) as root:  # type: ignore[arg-type]
        yield root, app, MemoryTokenStore()


async def per_tenant(make: Callable[..., object], *, call: bool, tenants: int = TENANTS, **options: object) -> float:
    """Return the bytes of one tenant, after a call where it makes one."""
    async with core(**options) as (root, app, store):
        for number in (-1, -2):  # what is made once is not theirs
            await (await make(root, number, app, store)).users.who_am_i(fields="id,etag,name")  # type: ignore[misc]
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            made: Tenants = []
            for number in range(tenants):
                clio: Clio = await make(root, number, app, store)  # type: ignore[misc]
                if call:
                    await clio.users.who_am_i(fields="id,etag,name")
                made.append(clio)
            del clio
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        return (after - before) / len(made)


ROWS: dict[str, tuple[Callable[..., object], bool, dict[str, object]]] = {
    "idle tenant": (static, False, {}),
    "  after a call": (static, True, {"cache": None}),
    "idle tenant, OAuth": (granted, False, {}),
    "  after a call, OAuth": (granted, True, {"cache": None}),
    "  with its answer kept": (granted, True, {}),
}
"""What is made, whether it makes a call, and options of the client."""


def main() -> None:
    """Print the table."""
    rounds = steps()
    reference = statistics.median(one["import aiohttp"] for one in rounds)
    for step in STEPS:
        taken = statistics.median(one[step] for one in rounds)
        print(f"{step:24}{taken * 1e3:8.1f} ms{taken / reference:8.2f}")
    for row, (make, call, options) in ROWS.items():
        size = anyio.run(lambda make=make, call=call, options=options: per_tenant(make, call=call, **options))
        print(f"{row:24}{size:8.0f} bytes")


if __name__ == "__main__":
    main()
