"""An event loop on which no moment passes while a task can go on."""

from __future__ import annotations

import async_solipsism


class VirtualLoop(async_solipsism.EventLoop):
    """Virtual time that passes in steps of a microsecond at least.

    In the original, a scope of anyio that ends within half a step waits for that again and again, and forever.
    """

    def __init__(self) -> None:
        super().__init__()
        clock = self._selector.clock
        advance = clock.advance
        clock.advance = lambda seconds: advance(max(seconds, clock.resolution))
