"""Processes that share a cache, write and read: nobody is given what is older than a write that was acknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import redis as driver

from tests.redis_server import running
from tests.sync.world import ROOT

from .origin import origin
from .peer import NUMBER, OWN, PEERS, READERS
from .wrong import check

WHOLE = 600.0
"""For so many seconds does it go on if it may take as long as it wants."""
CONTROL = 3.0


def sqlite(end: float) -> str:
    """Let processes share one file. From time to time one is killed, and another takes its place."""
    with tempfile.TemporaryDirectory() as path:
        file = Path(path) / "cache.db"
        seen, killed = share(f"sqlite:{file}", end, kill=True)
        check(file.stat().st_size > 0, "there is no file")
        check(not [*file.parent.glob("*broken*")], "the file was set aside")
    return f"{told(seen)}; {killed} processes were killed meanwhile. {control()}"


def redis(end: float) -> str:
    """Let processes share one Redis. From time to time it is flushed."""
    with running() as server, server.client() as client:
        seen, flushed = share(server.url, end, kill=False, harm=client)
    return f"{told(seen)}; it was flushed {flushed} times meanwhile. {control()}"


def told(seen: Counter[str]) -> str:
    """Say what was done, if it was right."""
    return (
        f"{PEERS} processes with {READERS} readers and a writer each: {seen['writes']} writes, {seen['reads']} reads "
        f"({seen['fresh']} fresh, {seen['revalidated']} validated, {seen['requests']} requests): none was stale"
    )


def control() -> str:
    """Do the same with a cache for each process, which must be seen to be stale."""
    seen, _ = share("memory", time.monotonic() + CONTROL, kill=False, control=True)
    check(seen["stale"] > 0, "the control, a cache for each process, found nothing stale", seen)
    return f"With a cache for each, {seen['stale']} of {seen['reads']} were (the control)"


def share(
    store: str, end: float, *, kill: bool, harm: driver.Redis | None = None, control: bool = False
) -> tuple[Counter[str], int]:
    """Let processes use a store until the time is over. Return what they saw, and how often they were harmed."""
    seconds, harmed = min(end - time.monotonic(), WHOLE), 0
    with tempfile.NamedTemporaryFile() as board, origin() as base:
        board.write(bytes(NUMBER.size * (PEERS * OWN + 1)))
        board.flush()
        peers = [_peer(store, base, board.name, number) for number in range(PEERS)]
        lost: list[subprocess.Popen[str]] = []
        try:
            for peer in peers:
                check(peer.stdout is not None and peer.stdout.readline() == "ready\n", "a process did not begin")
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(left, 2.0))
                _alive(peers)
                if left > 4.0:  # those that were begun anew have something to do
                    if harm is not None:
                        harm.flushall()
                        harmed += 1
                    if kill:
                        number = harmed % PEERS
                        peers[number].kill()
                        lost.append(peers[number])
                        peers[number] = _peer(store, base, board.name, number)
                        harmed += 1
            seen: Counter[str] = Counter()
            for peer in peers:
                lines = peer.communicate(timeout=120)[0].splitlines()
                said = json.loads(lines[-1]) if lines else {"failed": ["it died"]}
                check(not said["failed"], "calls failed", said)
                seen.update(said["seen"])
        finally:
            for peer in [*peers, *lost]:
                peer.kill()
                peer.communicate()
    check(seen["foreign"] == 0, "answers of others", seen)
    check(control or seen["stale"] == seen["own stale"] == 0, "stale reads", seen)
    check(seen["writes"] > 0 and seen["reads"] > 0 and seen["fresh"] > 0, "hardly anything was done", seen)
    return seen, harmed


def _alive(peers: list[subprocess.Popen[str]]) -> None:
    check(all(peer.poll() is None for peer in peers), "a process has ended before its time")


def _peer(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.soak.peer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
