"""A file is handed on by a service as it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

import httpx2
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse

from clio_async import Download

from .shelf import BODY, Shelf, cut, running
from .test_download import HEAD


async def test_a_service_streams_a_file(way: str) -> None:
    """The block of a dependency is open until the answer was sent, also across a connection that breaks."""
    async with running(Shelf(plan=[cut(HEAD + 100)]), way) as clio:
        app = FastAPI()

        async def opened(id: int) -> AsyncGenerator[Download]:
            async with clio.documents.download(id) as download:
                yield download

        async def file(download: Annotated[Download, Depends(opened)]) -> StreamingResponse:
            length = {} if download.size is None else {"Content-Length": str(download.size)}
            return StreamingResponse(download, media_type=download.content_type, headers=length)

        file.__annotations__["download"] = Annotated[Download, Depends(opened)]
        app.get("/files/{id}", response_model=None)(file)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as browser:
            answer = await browser.get("/files/42")
    assert (200, BODY, str(len(BODY))) == (answer.status_code, answer.content, answer.headers["content-length"])
