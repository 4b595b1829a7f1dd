"""A process with a warm client, whose children end in all orderly ways: `python -m tests.workers.parent how base`."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import warnings
from collections.abc import Callable

from clio_async import AiohttpTransport, Clio, Httpx2Transport

from .load import LoopThread, alone, traffic


def main(how: str, base: str) -> None:
    new: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    if how == "uvloop":
        import uvloop

        new = uvloop.new_event_loop
    clio = Clio("t", base_url=base, transport=Httpx2Transport() if how == "httpx2" else AiohttpTransport())
    thread = LoopThread(new)
    run = thread.begin
    print(run(traffic(clio, "before", 3, "before", 3))().to_json(), flush=True)
    held = run(traffic(clio, "held", 3, "after", 6))  # they wait until the others are there, after all forks
    for number, step in enumerate(("ignore", "drop", "use", "close", "use and close")):
        pid = os.fork()
        if pid == 0:
            in_child(clio, step, f"child-{number}")
            if step == "drop":
                del clio, held, thread, run
                gc.collect()
            if how == "uvloop":
                os._exit(0)  # with a connection open elsewhere its loops crash at the end of a child, whoever uses them
            return
        _, status = os.waitpid(pid, 0)
        if status:
            print(f"a child that had to {step} ended with {status}", file=sys.stderr)
    print(run(traffic(clio, "after", 3, "after", 6))().to_json(), flush=True)
    print(held().to_json(), flush=True)
    print(run(traffic(clio, "again", 3, "again", 3))().to_json(), flush=True)
    run(clio._core.transport.aclose())()
    run(clio.aclose())()
    thread.end()


def in_child(clio: Clio, step: str, name: str) -> None:
    if "use" in step:
        alone(traffic(clio, name, 2, name, 2))
    if "close" in step:
        alone(clio.aclose())
        alone(clio._core.transport.aclose())


if __name__ == "__main__":
    warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
    main(*sys.argv[1:])
