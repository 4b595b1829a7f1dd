"""A server that answers who asked, over which connection: `python -m tests.workers.identity [certificate key]`.

``GET …/<meeting>/<size>/<who>.json`` is answered when `size` requests of that meeting are in, so that they are all
under way at once. The answer is ``{"data": {"who", "token", "connection"}}``. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


class Server:
    def __init__(self) -> None:
        self.numbers = count(1)
        self.meetings: defaultdict[str, list[asyncio.Event]] = defaultdict(list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self.numbers)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                body = await self.answer(head, number)
                fields = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(fields.encode() + body)
        writer.close()

    async def answer(self, head: str, number: int) -> bytes:
        *_, meeting, size, who = head.split(" ", 2)[1].partition("?")[0].removesuffix(".json").split("/")
        token = next(line for line in head.split("\r\n") if line.lower().startswith("authorization")).split()[-1]
        here = asyncio.Event()
        present = self.meetings[meeting]
        present.append(here)
        if len(present) == int(size):
            for each in self.meetings.pop(meeting):
                each.set()
        await here.wait()
        return json.dumps({"data": {"who": who, "token": token, "connection": number}}).encode()


async def main(*certificate: str) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    server = await asyncio.start_server(Server().serve, "127.0.0.1", 0, ssl=context, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def identity_server(*certificate: str) -> Iterator[str]:
    """Run it in a process of its own. Its base URL is what is yielded."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workers.identity", *certificate],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{process.stdout.readline().strip()}/api/v4"
    finally:
        process.stdin.close()
        process.stdout.close()
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
