"""The other side: a simulator in a process of its own, and what another user does there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import anyio
import msgspec
from anyio.abc import ByteReceiveStream, Process
from anyio.streams.buffered import BufferedByteReceiveStream
from attrs import frozen

from ...client import Clio
from ...options import TagScope
from .counts import Tally, server_tally

__all__ = ["Server", "running"]


@frozen
class Server:
    """A simulated Clio, as another user and an operator see it."""

    base_url: str
    token: str
    """An access token for the firm."""
    control: Clio

    async def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        given: dict[str, Any] = {"params": arguments} if method == "GET" else {"json": arguments}
        answer = await self.control.request(method, path, **given)
        return msgspec.json.decode(answer.body)["data"]

    async def tally(self) -> Tally:
        """Return what the server has counted so far; asking for it does not count."""
        return server_tally(await self._ask("GET", "/stats"))

    async def record(self, resource: str, id: int, fields: str) -> dict[str, Any]:
        """Return a record as it is on the server."""
        found: dict[str, Any] = await self._ask("GET", "/record", resource=resource, id=id, fields=fields)
        return found

    async def change(self, resource: str, id: int, **attributes: Any) -> None:
        """Change a record as another user does."""
        await self._ask("POST", "/change", resource=resource, id=id, attributes=attributes)

    async def retire(self, version: str) -> None:
        """End the support of an API version."""
        await self._ask("POST", "/retire", version=version)


@asynccontextmanager
async def running(matters: int, seed: int, scope: TagScope) -> AsyncGenerator[Server, None]:
    """Run `clio-async simulate` while the block lasts.

    :raises RuntimeError: if it does not start.
    """
    options = {"matters": matters, "seed": seed, "tag-scope": scope}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "clio_async.cli", "simulate", *arguments]
    async with await anyio.open_process(command, stderr=subprocess.DEVNULL) as process:
        try:
            said = msgspec.json.decode(await _first_line(process))
            async with Clio(said["control_token"], base_url=f"{said['url']}/_simulator", cache=None) as control:
                yield Server(f"{said['url']}/api/v4", said["tokens"][0], control.options(api_version=None))
        finally:
            with suppress(ProcessLookupError):
                process.terminate()


async def _first_line(process: Process) -> bytes:
    output = cast("ByteReceiveStream", process.stdout)  # a pipe, unless told otherwise
    try:
        return await BufferedByteReceiveStream(output).receive_until(b"\n", 10_000)
    except anyio.IncompleteRead:
        raise RuntimeError("The simulator did not start: run `clio-async simulate` to see why.") from None
