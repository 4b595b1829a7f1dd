"""A program that looks at some matters every few minutes, and prints those that have changed.

It shows the cheapest way to watch a few records (`get_if_changed`: of what is as it was nothing is transferred), which
errors pass by themselves and which do not, and how to stop between two requests. Stop it with SIGTERM or Ctrl-C:

    CLIO_TOKEN=… python poller.py 42 43

It reads CLIO_TOKEN, and if they are set CLIO_REGION (us unless given) or CLIO_BASE_URL (another server, a simulator).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable

import anyio

from clio_async import Clio, NotFound, RateLimited, RecordETag, ServerError, TransportError, frozen

EVERY = 300.0
"""Seconds between two rounds. Each matter costs one request of the fifty a minute."""

log = logging.getLogger(__name__)


@frozen
class Brief:
    """What is shown of a matter: own attributes, so that its etag tells of all."""

    id: int
    etag: RecordETag
    display_number: str | None
    description: str | None


async def poll(clio: Clio, ids: Iterable[int], rounds: AsyncIterable[object], tell: Callable[[Brief], object]) -> None:
    """Look at these matters in each round, and tell of each that is not as it was.

    What may pass is logged, and tried again in the next round. Whatever else is raised ends it: a revoked token, say.
    """
    tags: dict[int, str] = {}
    wanted = [*ids]
    async for _ in rounds:
        for number in wanted:
            tag = tags.get(number)
            try:
                if tag is None:
                    brief: Brief | None = await clio.matters.get(number, fields=Brief)
                else:
                    brief = await clio.matters.get_if_changed(number, tag, fields=Brief)
            except NotFound:  # deleted, or hidden from this user
                if tags.pop(number, None):
                    log.warning("Matter %d is gone.", number)
            except (RateLimited, ServerError, TransportError) as error:
                log.warning("Matter %d is looked at again later. %s", number, error)
            else:
                if brief is not None and brief.etag != tag:
                    tell(brief)
                    tags[number] = brief.etag


async def every(seconds: float, stopped: anyio.Event) -> AsyncIterator[None]:
    """Yield at once, and then at these intervals, until `stopped` is set."""
    while not stopped.is_set():
        yield
        with anyio.move_on_after(seconds):
            await stopped.wait()


async def main() -> None:
    """Do what the command in the docstring asks for. A round that has begun is finished: it takes a few requests."""
    ids, clio = [int(text) for text in sys.argv[1:]], clio_of_environment()
    if not ids:
        sys.exit("Name the ids of the matters: python poller.py 42 43")
    stopped = anyio.Event()
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with clio, anyio.create_task_group() as tasks:

            async def listen() -> None:
                async for _ in signals:
                    stopped.set()

            tasks.start_soon(listen)
            await poll(clio, ids, every(EVERY, stopped), lambda brief: print(brief.id, brief.description, flush=True))
            tasks.cancel_scope.cancel()


def clio_of_environment() -> Clio:
    """Return a client for the account of the token."""
    (token,) = needed("CLIO_TOKEN")
    base_url = os.environ.get("CLIO_BASE_URL")
    return Clio(token, base_url=base_url, region=None if base_url else os.environ.get("CLIO_REGION", "us"))


def needed(*names: str) -> list[str]:
    """Return these variables of the environment, or end with a sentence that names all that are missing."""
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"The environment lacks {', '.join(missing)}.")
    return [os.environ[name] for name in names]


if __name__ == "__main__":
    anyio.run(main)
