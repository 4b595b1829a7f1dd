"""Large bodies pass in constant memory, both ways."""

from __future__ import annotations

import subprocess
import sys

import pytest

MIB = 1024 * 1024

_SERVER = """
import socket, sys
size = int(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
block = memoryview(bytes(1 << 20))
taken = bytearray(1 << 20)
for _ in range(2):
    sock, _ = listener.accept()
    head = b""
    while b"\\r\\n\\r\\n" not in head:
        head += sock.recv(65536)
    head, _, body = head.partition(b"\\r\\n\\r\\n")
    if head.startswith(b"PUT"):
        left = size - len(body)
        while left:
            left -= sock.recv_into(taken)
        sock.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    else:
        sock.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n" % size)
        for _ in range(size // len(block)):
            sock.sendall(block)
    sock.close()
"""

_CLIENT = """
import resource, sys
import anyio
from clio_async.messages import Request
module, name, direction, backend, url, size = sys.argv[1:]
transport = getattr(__import__(module, fromlist=[name]), name)()


class Content:
    length = int(size)

    async def chunks(self):
        for _ in range(self.length >> 20):
            yield bytes(1 << 20)


async def main():
    async with transport:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        received = 0
        if direction == "up":
            assert (await transport.send(Request("PUT", url, content=Content()))).status == 200
        else:
            async with transport.stream(Request("GET", url)) as response:
                async for chunk in response.chunks():
                    received += len(chunk)
            assert received == int(size)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


anyio.run(main, backend=backend)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is another one elsewhere")
@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize(
    ("module", "name", "backend"),
    [
        ("clio_async.transport.aiohttp", "AiohttpTransport", "asyncio"),
        ("clio_async.transport.httpx2", "Httpx2Transport", "asyncio"),
        ("clio_async.transport.httpx2", "Httpx2Transport", "trio"),
    ],
)
def test_large_bodies_take_little_memory(module: str, name: str, backend: str, direction: str) -> None:
    """256 MiB to or from another process take less than 32 MiB, in a process that does nothing else."""
    size = str(256 * MIB)
    with subprocess.Popen([sys.executable, "-c", _SERVER, size], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            client = [sys.executable, "-c", _CLIENT, module, name, direction, backend, url, size]
            grown = int(subprocess.run(client, stdout=subprocess.PIPE, check=True, text=True, timeout=120).stdout)
        finally:
            server.kill()
    assert grown * 1024 < 32 * MIB
