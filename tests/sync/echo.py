"""A server that answers each request with what was asked and by whom, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .world import ROOT


class Echo(asyncio.Protocol):
    """Answer a GET of /matters/<id> with that id, and the token that came with it as the description."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.held = b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            self.transport.write(answer(head.decode("latin-1")))  # type: ignore[attr-defined]


def answer(head: str) -> bytes:
    line, *fields = head.split("\r\n")
    number = line.split("?")[0].split(" ")[1].rpartition("/")[2].removesuffix(".json")
    token = next((field.split("Bearer ")[1] for field in fields if "Bearer " in field), "")
    body = json.dumps({"data": {"id": int(number), "description": token}}).encode()
    shown = f"Content-Type: application/json\r\nX-API-VERSION: 4.0.13\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\n{shown}\r\n\r\n".encode() + body


@contextmanager
def echoing() -> Iterator[int]:
    """Run the server, and yield its port."""
    process = subprocess.Popen([sys.executable, "-m", "tests.sync.echo"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
