"""A gzip bomb, and a measure of what it costs."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache

__all__ = ["bomb", "peak"]


@lru_cache(maxsize=1)
def bomb(megabytes: int) -> bytes:
    """Return a gzip member that holds so many MB of zeros in about a thousandth of that."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = bytes(1_000_000)
    return b"".join([squeeze.compress(zeros) for _ in range(megabytes)]) + squeeze.flush()


@contextmanager
def peak() -> Generator[Callable[[], int]]:
    """Measure the most memory (bytes, of Python's allocator) that was held at once inside the block."""
    most = 0
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield lambda: most
    finally:
        most = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
