"""Transports as one would write them in ten minutes: the controls of the suite."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from clio_async.errors import ClientClosed, MaybeSent, NotSent, ResponseBroken
from clio_async.messages import Headers, Request, Response
from clio_async.transport.base import StreamedResponse, Transport


def _data(request: Request) -> Any:
    return request.body if request.content is None else request.content.chunks()


class _Read:
    """An answer that was read before it is streamed."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self._body = response.body

    async def chunks(self) -> AsyncGenerator[bytes]:
        yield self._body


class NaiveTransport(Transport):
    """aiohttp as it comes."""

    def __init__(self, *, limit: int = 100, ssl: Any = True, **_: object) -> None:
        self._limit = limit
        self._ssl = ssl
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def send(self, request: Request) -> Response:
        if self._closed:
            raise ClientClosed("closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._limit, ssl=self._ssl),
                cookie_jar=aiohttp.CookieJar(unsafe=True),
                trust_env=True,
            )
        try:
            async with self._session.request(
                request.method, request.url, headers=dict(request.headers), data=_data(request)
            ) as response:
                body = await response.read()
                return Response(response.status, Headers(response.headers.items()), body, wire_bytes=len(body))
        except aiohttp.ClientConnectorError as error:
            raise NotSent(str(error)) from error
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
            raise ResponseBroken(str(error), status=200) from error
        except aiohttp.ClientError as error:
            raise MaybeSent(str(error)) from error

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        yield _Read(await self.send(request))

    async def aclose(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()
