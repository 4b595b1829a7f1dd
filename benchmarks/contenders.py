"""Those who read a matter: this package, what a careful user writes by hand, and the clients of others.

Each is a context that yields a *reader*: it takes an address (this package a number) and returns what it read. All keep
their defaults, but for what makes them do the thing that is measured; where that is more than a cache, it is said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import anysqlite
import gidgethub.aiohttp
import githubkit
import hishel
import hishel.httpx
import httpx
import httpx2
import openai
import orjson
import stripe
from aiohttp_client_cache.backends.base import CacheBackend
from aiohttp_client_cache.session import CachedSession
from yarl import URL

from clio_async import Clio, Policy

Read: TypeAlias = Callable[[Any], Awaitable[Any]]
Opened: TypeAlias = AbstractAsyncContextManager[Read]

TOKEN = {"Authorization": "Bearer t"}
NAMED = ("Accept", "Accept-Encoding", "User-Agent")


@asynccontextmanager
async def ours(base: str, *, whole: bool = False, **options: Any) -> AsyncIterator[Read]:
    """Read with this package, which makes the address of a matter from its number. `whole` is past the cache."""
    async with Clio("t", base_url=base, **options) as clio:
        yield (clio.options(cache="bypass") if whole else clio).matters.get


@asynccontextmanager
async def stock() -> AsyncIterator[Read]:
    """A session and a dict of tags and bodies: `If-None-Match` by hand."""
    held: dict[str, tuple[str, Any]] = {}
    async with aiohttp.ClientSession(headers=TOKEN) as session:

        async def read(url: str) -> Any:
            known = held.get(url)
            async with session.get(url, headers={"If-None-Match": known[0]} if known else {}) as answer:
                if answer.status == 304 and known:
                    return known[1]
                held[url] = answer.headers["ETag"], orjson.loads(await answer.read())
                return held[url][1]

        yield read


@asynccontextmanager
async def plain_stock() -> AsyncIterator[Read]:
    """A session, and orjson."""
    async with aiohttp.ClientSession(headers=TOKEN) as session:

        async def read(url: str) -> Any:
            async with session.get(url) as answer:
                return orjson.loads(await answer.read())

        yield read


def tuned_session() -> aiohttp.ClientSession:
    """A session without what costs and is not needed here: cookies, time limits, headers that are made each time."""
    return aiohttp.ClientSession(
        headers={**TOKEN, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "tuned"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        skip_auto_headers=NAMED,
        trust_env=False,
    )


@asynccontextmanager
async def tuned() -> AsyncIterator[Read]:
    """The same with such a session, and addresses and headers that are made once."""
    held: dict[str, tuple[URL, dict[str, str], Any]] = {}
    async with tuned_session() as session:

        async def read(url: str) -> Any:
            known = held.get(url)
            if known is not None:
                async with session.get(known[0], headers=known[1]) as answer:
                    if answer.status == 304:
                        return known[2]
            ready = URL(url, encoded=True)
            async with session.get(ready) as answer:
                found = orjson.loads(await answer.read())
                held[url] = ready, {"If-None-Match": answer.headers["ETag"]}, found
                return found

        yield read


@asynccontextmanager
async def plain_tuned() -> AsyncIterator[Read]:
    """Such a session, addresses that are made once, and orjson."""
    ready: dict[str, URL] = {}
    async with tuned_session() as session:

        async def read(url: str) -> Any:
            made = ready.get(url)
            if made is None:
                made = ready[url] = URL(url, encoded=True)
            async with session.get(made) as answer:
                return orjson.loads(await answer.read())

        yield read


@asynccontextmanager
async def gidget(cache: dict[str, Any] | None) -> AsyncIterator[Read]:
    """The `GitHubAPI` of gidgethub over aiohttp; it validates what is in the mapping that it is given."""
    async with aiohttp.ClientSession() as session:
        api = gidgethub.aiohttp.GitHubAPI(session, "benchmark", oauth_token="t", cache=cache)

        yield api.getitem


@asynccontextmanager
async def client_cache(**options: Any) -> AsyncIterator[Read]:
    """A `CachedSession` of aiohttp-client-cache, in memory. With `refresh` it validates what it has."""
    async with CachedSession(cache=CacheBackend(), headers=TOKEN) as session:

        async def read(url: str) -> Any:
            async with session.get(url, **options) as answer:
                return await answer.json()

        yield read


@asynccontextmanager
async def hishel_cache(*, validated: bool, file: bool) -> AsyncIterator[Read]:
    """The client of hishel over httpx. Its cache is SQLite, in memory or in a file.

    As a private cache, by RFC 9111, it validates an answer like Clio's each time; by a policy without filters it
    answers from what it has.
    """
    policy: hishel.CachePolicy = hishel.FilterPolicy()
    if validated:
        policy = hishel.SpecificationPolicy(cache_options=hishel.CacheOptions(shared=False))
    with TemporaryDirectory() as folder:
        if file:
            storage = hishel.AsyncSqliteStorage(database_path=Path(folder, "hishel.db"))
        else:
            storage = hishel.AsyncSqliteStorage(connection=await anysqlite.connect(":memory:"))
        async with hishel.httpx.AsyncCacheClient(headers=TOKEN, storage=storage, policy=policy) as client:

            async def read(url: str) -> Any:
                return (await client.get(url)).json()

            yield read


@asynccontextmanager
async def github(base: str, *, cache: bool) -> AsyncIterator[Read]:
    """The client of githubkit, without its retries. Its cache is that of hishel, in memory, and always validates.

    Its models are those of GitHub alone: the body becomes a dict.
    """
    async with githubkit.GitHub("t", base_url=base, auto_retry=False, http_cache=cache) as client:

        async def read(url: str) -> Any:
            return (await client.arequest("GET", url)).json()

        yield read


@asynccontextmanager
async def bare(client: Any) -> AsyncIterator[Read]:
    """A client of httpx or httpx2."""
    async with client:

        async def read(url: str) -> Any:
            return (await client.get(url)).json()

        yield read


@asynccontextmanager
async def httpx_by_hand() -> AsyncIterator[Read]:
    """A client of httpx, and a dict of tags and bodies."""
    held: dict[str, tuple[str, Any]] = {}
    async with httpx.AsyncClient(headers=TOKEN) as client:

        async def read(url: str) -> Any:
            known = held.get(url)
            answer = await client.get(url, headers={"If-None-Match": known[0]} if known else {})
            if answer.status_code == 304 and known:
                return known[1]
            held[url] = answer.headers["ETag"], orjson.loads(answer.content)
            return held[url][1]

        yield read


@asynccontextmanager
async def stainless() -> AsyncIterator[Read]:
    """The client of openai, as it stands for all that one generator makes; the body becomes a dict."""
    async with openai.AsyncOpenAI(api_key="t", base_url="http://127.0.0.1") as client:
        yield partial(client.get, cast_to=object)


@asynccontextmanager
async def striped(base: str) -> AsyncIterator[Read]:
    """The client of stripe; the body becomes one of its objects."""
    parts = urlsplit(base)
    addresses: Any = {"api": f"{parts.scheme}://{parts.netloc}"}
    client = stripe.StripeClient("sk_test_t", base_addresses=addresses, http_client=stripe.HTTPXClient())

    async def read(url: str) -> Any:
        answer = await client.raw_request_async("get", url[len(addresses["api"]) :])
        return client.deserialize(answer, api_mode="V1")

    yield read


def validating(base: str) -> dict[str, Opened]:
    """Return those who validate what they have."""
    return {
        "clio_async": ours(base),
        "stock aiohttp": stock(),
        "tuned aiohttp": tuned(),
        "gidgethub": gidget({}),
        "githubkit": github(base, cache=True),
        "aiohttp-client-cache": client_cache(refresh=True),
        "httpx": httpx_by_hand(),
        "hishel, in memory": hishel_cache(validated=True, file=False),
        "hishel, in a file": hishel_cache(validated=True, file=True),
    }


def reading(base: str) -> dict[str, Opened]:
    """Return those who read in full."""
    return {
        "clio_async": ours(base, whole=True),
        "stock aiohttp": plain_stock(),
        "tuned aiohttp": plain_tuned(),
        "gidgethub": gidget(None),
        "githubkit": github(base, cache=False),
        "httpx": bare(httpx.AsyncClient(headers=TOKEN)),
        "httpx2": bare(httpx2.AsyncClient(headers=TOKEN)),
        "openai": stainless(),
        "stripe": striped(base),
    }


@asynccontextmanager
async def looked_up() -> AsyncIterator[Read]:
    """A dict."""
    async with plain_stock() as fetch:
        held: dict[str, Any] = {}

        async def read(url: str) -> Any:
            known = held.get(url)
            if known is None:
                known = held[url] = await fetch(url)
            return known

        yield read


def remembering(base: str) -> dict[str, Opened]:
    """Return those who answer what they have without a request."""
    return {
        "clio_async": ours(base, policy=Policy(fresh_for={"matters": 300})),
        "dict": looked_up(),
        "aiohttp-client-cache": client_cache(),
        "hishel, in memory": hishel_cache(validated=False, file=False),
        "hishel, in a file": hishel_cache(validated=False, file=True),
    }
