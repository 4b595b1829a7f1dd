"""Parts with real threads, processes and stores. Each returns what it did, or fails with what was wrong."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable

from . import fresh, load, quota

HANG = 300
"""So many seconds after its end a part must have ended; a child, after its fork."""

PARTS: dict[str, Callable[[float], str]] = {
    "threads": load.threads,
    "forks": load.forks,
    "async-forks": load.async_forks,
    "sqlite": fresh.sqlite,
    "redis": fresh.redis,
    "limiters": quota.limiters,
}


def play(part: str, seconds: float) -> int:
    """Run one part, and tell what came of it. Return the exit status."""
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    os.register_at_fork(after_in_child=lambda: signal.alarm(HANG))  # one that hangs does not outlive us for long
    if seconds < float("inf"):
        faulthandler.dump_traceback_later(seconds + HANG, exit=True)
    began = time.monotonic()
    try:
        told = PARTS[part](began + seconds)
    except Exception:
        traceback.print_exc()
        whole = f"--seconds {seconds:g}" if seconds < float("inf") else "--whole"
        print(
            f"{part}: FAILED after {time.monotonic() - began:.0f} s; again: python -m tests.soak --part {part} {whole}"
        )
        return 1
    finally:
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.flush()
    print(f"{part}, {time.monotonic() - began:.0f} s: {told}")
    return 0
