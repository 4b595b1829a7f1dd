"""The end of an event loop, of which connections have to hear before it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable

__all__ = ["ending"]


async def ending(close: Callable[[], Awaitable[object]]) -> AsyncGenerator[None]:
    """Have `close` called when the event loop ends, or before: by `aclose` of what is returned.

    Whoever runs a loop to its end (`asyncio.run`, `trio.run`, a runner of tests) ends its asynchronous generators last,
    while it still works. So connections that nobody has closed are closed in time, and nothing is left to warn of.
    """
    ends = _ending(close)
    await anext(ends)
    return ends


async def _ending(close: Callable[[], Awaitable[object]]) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await close()
