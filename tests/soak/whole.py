"""All parts of a long run, one after the other, in the time that there is for all of them; and its log."""

from __future__ import annotations

import datetime as dt
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.sync.world import ROOT

__all__ = ["LOG", "SHARES", "soak"]

LOG = Path(ROOT) / "soak.log"

SHARES = {
    "limiters": 6,
    "sqlite": 6,
    "redis": 6,
    "threads": 6,
    "forks": 6,
    "async-forks": 6,
    "interleavings": 6,
    "writers": 8,
    "cancellations": 8,
    "worlds": 50,
}
"""The parts in their order, and how much of the time each of them gets. The last takes what the others leave."""


class _Log:
    """Tell what happens, and keep it with the time of day."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")

    def tell(self, line: str) -> None:
        print(line, flush=True)
        self._file.write(f"{dt.datetime.now().astimezone().isoformat(timespec='seconds')} {line}\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def soak(seconds: float, first: int, *, whole: bool = False, path: Path = LOG) -> int:
    """Run all parts, and append to the log what each did. Return the exit status: 1 if any of them failed."""
    log, began, failed, left = _Log(path), time.monotonic(), list[str](), dict(SHARES)
    length = "all of each part" if whole else f"{seconds:g} s"
    log.tell(f"soak begins: {length}, seeds from {first}; Python {platform.python_version()}, {platform.platform()}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    ended = "was interrupted"
    try:
        while left:
            part = next(iter(left))
            rest = max(seconds - (time.monotonic() - began), 0.0)
            share = rest * left[part] / sum(left.values())
            del left[part]
            if _part(log, part, share, first, whole=whole):
                failed.append(part)
        ended = f"FAILED in {', '.join(failed)}" if failed else "found nothing wrong"
    finally:
        log.tell(f"soak {ended} after {time.monotonic() - began:.0f} s; its log: {path}")
        log.close()
    return min(len(failed), 1)


def _part(log: _Log, part: str, seconds: float, first: int, *, whole: bool) -> int:
    """Run a part in a process of its own, and tell each line of it. Return its exit status."""
    command = [sys.executable, "-m", "tests.soak", "--part", part, "--seconds", f"{seconds:.1f}"]
    command += [f"--start={first}", *(["--whole"] if whole else [])]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        try:
            for line in process.stdout:
                log.tell(line.rstrip())
        except BaseException:
            process.terminate()
            raise
    return int(process.returncode)
