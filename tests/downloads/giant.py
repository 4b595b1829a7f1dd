"""A gigabyte: a server of it, and a client that receives it and says how much memory that took.

Run as ``python -m tests.downloads.giant serve`` and ``python -m tests.downloads.giant receive URL PATH SIZE KIND``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio

from clio_async import Clio, Httpx2Transport
from clio_async.transport.base import Transport

BLOCK = 1 << 20
_NOISE = bytes(range(256)) * (BLOCK // 256)


def blocks(size: int) -> Iterator[bytes]:
    """Yield the bytes of a file in which no two blocks are alike."""
    for number in range(size // BLOCK):
        yield number.to_bytes(8, "big") + _NOISE[8:]


def digest(size: int) -> str:
    found = hashlib.blake2b()
    for block in blocks(size):
        found.update(block)
    return found.hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Clio, and the place where it keeps files. The number of a document is its size in blocks."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        number = re.search("[0-9]+", self.path.removeprefix("/api/v4"))
        assert number is not None
        if "download" in self.path:
            self.send_response(303)
            self.send_header("Location", f"/files/{number[0]}?X-Amz-Signature=secret")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        size = int(number[0]) * BLOCK
        if self.path.startswith("/api/"):
            record = json.dumps({"data": {"id": int(number[0]), "size": size}}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(record)))
            self.end_headers()
            self.wfile.write(record)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        for block in blocks(size):
            self.wfile.write(block)

    def log_message(self, *_: object) -> None:
        pass


def serve() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def peak() -> int:
    """Return the most memory that this process has had, in bytes. (`ru_maxrss` may be that of its parent.)"""
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


async def receive(url: str, path: str, size: str, kind: str) -> None:
    wire: Transport | None = None if kind == "aiohttp" else Httpx2Transport()
    async with Clio("token", base_url=f"{url}/api/v4", transport=wire) as clio:
        await clio.documents.download_to(4, path)  # libraries are imported
        before = peak()
        await clio.documents.download_to(int(size) // BLOCK, path)
        print(json.dumps({"extra": peak() - before}))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        anyio.run(receive, *sys.argv[2:], backend="trio" if sys.argv[-1] == "trio" else "asyncio")
