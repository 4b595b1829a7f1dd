"""What a client takes before it does anything, and what each tenant takes.

Times are processor time of fresh interpreters, in turns, with all modules compiled, as pip leaves them. Memory is that
of each of so many tenants, with their tokens, without what is made once for all of them: beside others by how much a
process grows, since much of theirs is taken by libraries in C; in the curve by what tracemalloc counts.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread, case_of
from clio_async import Clio
from clio_async.auth.oauth import OAuthApp
from clio_async.auth.stores import MemoryTokenStore
from clio_async.auth.tokens import Token
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.urls import REGIONS
from clio_async.secrets import Secret
from clio_async.transport.memory import MemoryTransport

OURS, REFERENCE = "clio_async", "import aiohttp"
TENANTS = 1_000
GROWTH = (10, 100, 1_000, 10_000, 100_000)
TOKEN = 60
"""Characters of a token."""
IMPORTS = {
    OURS: "import clio_async",
    REFERENCE: "import aiohttp",
    "requests": "import requests",
    "httpx": "import httpx",
    "gidgethub": "import gidgethub.aiohttp",
    "aiohttp-client-cache": "import aiohttp_client_cache",
    "openai": "import openai",
    "stripe": "import stripe",
}
CLIENTS = {
    OURS: "from clio_async import Clio; Clio('t')",
    REFERENCE: "import aiohttp",
    "clio_async, and its first resource": "from clio_async import Clio; Clio('t').matters",
    "clio_async, and its first selection": (
        "from clio_async import Clio; Clio('t').matters\n"
        "from clio_async.models.selection import select; select('matters')"
    ),
    "httpx": "import httpx; httpx.AsyncClient()",
    "openai": "import openai; openai.AsyncOpenAI(api_key='t')",
    "openai, and its first resource": "import openai; openai.AsyncOpenAI(api_key='t').chat",
    "stripe": "import stripe; stripe.StripeClient('t')",
}
NOTES = {
    OURS: "the names alone: what is used is loaded then",
    "aiohttp-client-cache": "aiohttp is in it",
    "gidgethub": "aiohttp is in it",
}
CLIENT_NOTES = {
    OURS: "aiohttp is in it, and the whole chain",
    "clio_async, and its first resource": "and the tables of the API, and the codec",
}

Tenant: TypeAlias = Callable[[int], Awaitable[Any]]
"""Makes one tenant's client."""


# -- time ----------------------------------------------------------------------------------------------------------


def seconds(code: str, environment: dict[str, str]) -> tuple[float, float]:
    """Return the processor time, and the time, that `code` takes in a new interpreter."""
    timed = (
        "import time; used, began = time.process_time(), time.perf_counter()\n"
        f"{code}\nprint([time.process_time() - used, time.perf_counter() - began])"
    )
    command = [sys.executable, "-c", timed]
    ran = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
    used, passed = json.loads(ran.stdout)
    return used, passed


def turns(
    programs: Mapping[str, str], rounds: int, environment: dict[str, str]
) -> dict[str, list[tuple[float, float]]]:
    """Run each by turns, after a first time that does not count."""
    for code in programs.values():
        seconds(code, environment)
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, code in programs.items():
            seen[name].append(seconds(code, environment))
    return seen


def of_imports(effort: Effort) -> Iterator[Case]:
    """Measure what it takes to begin.

    All modules are compiled before, as they are after an installation: otherwise a package that is run from its
    sources would be compared with one that pip has compiled.
    """
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def case(name: str, programs: Mapping[str, str], limit: float, notes: Mapping[str, str]) -> Case:
            seen = turns(programs, effort.rounds, environment)
            goal = Goal(f"cpu/{REFERENCE}", limit)
            return case_of(name, seen, REFERENCE, goals=[goal], scale=1e3, unit="ms", notes=notes)

        yield case("Import of the package", IMPORTS, 0.35, NOTES)
        yield case("Import, and a first client", CLIENTS, 1.15, CLIENT_NOTES)


# -- memory --------------------------------------------------------------------------------------------------------


def name(kind: str, number: int) -> str:
    """Return a token of its own."""
    return f"{kind}-{number}-".ljust(TOKEN, "x")


def answer(request: Request) -> Response:
    """Answer as Clio does, with what is left of the quota."""
    quota = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49", "X-RateLimit-Reset": "4000000000"}
    tag = {"ETag": 'W/"0123456789abcdef0123456789abcdef"', "X-API-VERSION": "4.0.13"}
    body = b'{"data":{"id":1,"etag":"\\"0123456789abcdef\\"","name":"Ann"}}'
    return Response(200, Headers({**quota, **tag}), body, wire_bytes=len(body))


def plain(root: Clio) -> Tenant:
    """A tenant with a token that somebody else looks after."""

    async def make(number: int) -> Clio:
        return root.with_auth(name("access", number))

    return make


def an_app() -> OAuthApp:
    """The application that all tenants have granted something to."""
    return OAuthApp("app", "secret", redirect_uri="https://example.com/back")


def granted(root: Clio, app: OAuthApp, store: MemoryTokenStore) -> Tenant:
    """A tenant with a grant, whose tokens are in the same process, too."""

    async def make(number: int) -> Clio:
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

    return make


def called(make: Tenant) -> Tenant:
    """A tenant that has made a call."""

    async def made(number: int) -> Any:
        clio = await make(number)
        await clio.users.who_am_i(fields="id,etag,name")
        return clio

    return made


# What only those have who measure is imported where it is made: the tests of this package weigh its own tenants alone.


async def a_session(number: int) -> Any:
    import aiohttp

    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {name('access', number)}"})


async def an_httpx(number: int) -> Any:
    import httpx

    return httpx.AsyncClient(headers={"Authorization": f"Bearer {name('access', number)}"})


async def an_openai(number: int) -> Any:
    import openai

    return openai.AsyncOpenAI(api_key=name("access", number))


async def weighed(make: Tenant, tenants: int) -> float:
    """Return the bytes of one tenant."""
    for number in (-1, -2):  # what is made once is not theirs
        await closed(await make(number))
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        made = [await make(number) for number in range(tenants)]
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for one in made:
        await closed(one)
    return (after - before) / tenants


async def closed(one: Any) -> None:
    """Close what somebody else's library has opened."""
    if not isinstance(one, Clio):
        await (one.aclose() if hasattr(one, "aclose") else one.close())


KINDS: dict[str, tuple[str, int, str]] = {
    OURS: ("plain", TENANTS, "a token of its own"),
    "aiohttp": ("session", TENANTS, "a session and its connector"),
    "clio_async, with a grant": ("granted", TENANTS, "with its OAuth tokens, held in the same process"),
    "clio_async, after a call": ("called", TENANTS, "with the state of its quota"),
    "clio_async, after a call that is kept": ("kept", TENANTS, "and with the answer in the cache"),
    "httpx": ("httpx", 50, "a client; the TLS context is most of it; of 50"),
    "openai": ("openai", 50, "a client; the TLS context is most of it; of 50"),
}


async def of_kind(kind: str, tenants: int) -> float:
    """Return the KiB that each tenant of a kind adds to this process."""
    makers: dict[str, Tenant] = {"session": a_session, "httpx": an_httpx, "openai": an_openai}
    if kind in makers:
        return await resident(makers[kind], tenants)
    async with Clio("root", transport=MemoryTransport(answer)) as root, a_cacheless() as bare:
        makers = {"plain": plain(root), "granted": granted(root, an_app(), MemoryTokenStore())}
        makers |= {"called": called(plain(bare)), "kept": called(plain(root))}
        return await resident(makers[kind], tenants)


async def resident(make: Tenant, tenants: int) -> float:
    """Return by how many KiB a process grows with each tenant."""
    early = [await make(-number) for number in range(1, 11)]  # what is made once is not theirs
    gc.collect()
    before = pages()
    made = [await make(number) for number in range(tenants)]
    gc.collect()
    grown = (pages() - before) * os.sysconf("SC_PAGE_SIZE") / 1024 / tenants
    for one in (*early, *made):
        await closed(one)
    return grown


def pages() -> int:
    """Return how much memory this process holds, what libraries in C have taken included."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def of_memory(effort: Effort) -> Case:
    """Measure what a tenant takes that waits for work: each kind in a process of its own, by turns."""
    seen: dict[str, list[float]] = {who: [] for who in KINDS}
    for _ in range(max(2, effort.rounds // 2)):
        for who, (kind, tenants, _) in KINDS.items():
            command = [sys.executable, "-m", __name__, kind, str(tenants)]
            ran = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parent.parent)
            seen[who].append(float(ran.stdout))

    def figure(who: str) -> Figure:
        ratios = [own / other for own, other in zip(seen[who], seen["aiohttp"], strict=True)]
        return Figure(who, Spread.of(seen[who]), cpu_ratio=Spread.of(ratios), note=KINDS[who][2])

    return Case(
        "Memory of an idle tenant, one of 1 000",
        tuple(figure(who) for who in KINDS),
        reference="aiohttp",
        unit="KiB",
        goals=(Goal("cpu", 2.0),),
        note="by how much the process grows with each",
    )


def a_cacheless() -> Clio:
    return Clio("bare", transport=MemoryTransport(answer), cache=None)


async def of_growth(effort: Effort) -> list[Curve]:
    """Measure what a tenant takes among ever more: memory, the time to make it, and that of a call."""
    sizes: list[tuple[float, float]] = []
    making: list[tuple[float, float]] = []
    calling: list[tuple[float, float]] = []
    for tenants in [one for one in GROWTH if one <= effort.times(GROWTH[-1], 100)]:
        async with a_cacheless() as root:
            sizes.append((tenants, await weighed(plain(root), tenants)))
        async with a_cacheless() as root:
            make = plain(root)
            await called(make)(-1)
            gc.collect()
            used = time.process_time()
            made = [await make(number) for number in range(tenants)]
            making.append((tenants, (time.process_time() - used) / tenants * 1e6))
            for clio in made:  # each has been there before
                await clio.users.who_am_i(fields="id,etag,name")
            chosen = [made[number * 7919 % tenants] for number in range(5_000)]
            used = time.process_time()
            for clio in chosen:
                await clio.users.who_am_i(fields="id,etag,name")
            calling.append((tenants, (time.process_time() - used) / len(chosen) * 1e6))
    times = {"to make one": tuple(making), "a call of one": tuple(calling)}
    return [
        Curve("Memory of a tenant, by how many there are", "tenants", "bytes", {OURS: tuple(sizes)}, logarithmic=True),
        Curve(
            "CPU of a tenant, by how many there are",
            "tenants",
            "µs",
            times,
            logarithmic=True,
            note="calls are answered in memory, without a cache, by tenants in no order",
        ),
    ]


async def run(effort: Effort) -> AsyncIterator[Case | Curve]:
    """Measure."""
    for case in of_imports(effort):
        yield case
    yield of_memory(effort)
    for curve in await of_growth(effort):
        yield curve


if __name__ == "__main__":
    print(asyncio.run(of_kind(sys.argv[1], int(sys.argv[2]))))
