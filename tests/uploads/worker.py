"""A process that uploads: `python -m tests.uploads.worker '{"url": …}'`. What it has to say it prints, as JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio

from clio_async import Clio, Progress

MIB = 1024 * 1024


async def zeros(size: int) -> AsyncIterator[bytes]:
    chunk = bytes(MIB)
    for _ in range(size // MIB):
        yield chunk


def peak() -> int:
    """Return the most memory that this process has used so far, in bytes.

    That of `getrusage` may be of the process that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def work(given: Any) -> None:
    source: Any = Path(given["path"]) if "path" in given else zeros(given["size"])

    def die(progress: Progress) -> None:
        if progress.phase == "uploading" and progress.done >= given["dies_at"]:
            assert progress.handle is not None
            print(progress.handle.to_json(), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    async with Clio(given["token"], base_url=given["url"] + "/api/v4") as clio:
        options: Any = {"parent": {"id": 1, "type": "Matter"}, "fields": "id"}
        await clio.documents.upload(zeros(MIB), name="warm", **options)
        before = peak()
        progress = die if "dies_at" in given else None
        document = await clio.documents.upload(source, name="x", progress=progress, **given.get("more", {}), **options)
        print(json.dumps({"id": document.id, "grown": peak() - before}), flush=True)


if __name__ == "__main__":
    anyio.run(work, json.loads(sys.argv[1]), backend="asyncio")
