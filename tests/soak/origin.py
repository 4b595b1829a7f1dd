"""A server of numbers that are written, some of whose answers are slow: `python -m tests.soak.origin`.

GET …/matters/<id> answers with the number that the matter has when the request comes; every third answer leaves up to
20 ms later, when the matter may have another one long since. PATCH sets it.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from tests.sync.world import ROOT

NUMBERS: defaultdict[str, str] = defaultdict(lambda: "0")


class Origin(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.held = b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, ended, body = self.held.partition(b"\r\n\r\n")
        fields = {name.lower(): value for name, _, value in map(_field, head.decode("latin-1").split("\r\n")[1:])}
        if not ended or len(body) < int(fields.get("content-length", "0")):
            return
        self.held = b""  # nobody sends the next before this is answered
        method, path, _ = head.decode("latin-1").split(" ", 2)
        matter = path.split("?")[0].rpartition("/")[2].removesuffix(".json")
        if method == "PATCH":
            NUMBERS[matter] = json.loads(body)["data"]["description"]
        found = answer(matter, NUMBERS[matter], fields.get("if-none-match"))
        delay = random.uniform(0.0, 0.02) if method == "GET" and random.random() < 0.33 else 0.0
        asyncio.get_running_loop().call_later(delay, self.transport.write, found)  # type: ignore[attr-defined]


def _field(line: str) -> tuple[str, str, str]:
    name, colon, value = line.partition(":")
    return name, colon, value.strip()


def answer(id: str, number: str, known: str | None) -> bytes:
    tag = f'"{id}-{number}"'
    shown = f"ETag: {tag}\r\nX-API-VERSION: 4.0.13\r\nCache-Control: max-age=0, private, must-revalidate\r\n"
    if tag == known:
        return f"HTTP/1.1 304 Not Modified\r\n{shown}\r\n".encode()
    body = json.dumps({"data": {"id": int(id), "etag": tag, "description": number}}).encode()
    shown += f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\n{shown}\r\n\r\n".encode() + body


@contextmanager
def origin() -> Iterator[str]:
    """Run the server, and yield its base URL."""
    process = subprocess.Popen([sys.executable, "-m", __name__], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/api/v4"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Origin, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
