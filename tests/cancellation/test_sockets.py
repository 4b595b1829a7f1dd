"""F71 over real sockets: no place, no connection and no descriptor is kept by a call that was cancelled."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .instants import HOWS, How
from .sweep import swept
from .wired import CALLS, KINDS, LOOPBACK, Server, served, wired

NAMES = [*(f"{name} over {kind}" for kind in KINDS for name in CALLS[kind]), *(f"transport {kind}" for kind in KINDS)]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as server:
        yield server


def descriptors() -> set[str]:
    """Return what this process has open: sockets, files and pipes."""
    found: set[str] = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            found.add(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115
        except OSError:  # the one of the directory itself
            continue
    return found


def kept_open(before: set[str]) -> set[Any]:
    """Return what is open now and was not before. The server's end of a connection closes a moment later."""
    for _ in range(400):
        if not descriptors() - before:
            break
        time.sleep(0.005)
    return descriptors() - before


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc here")
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("name", NAMES)
def test_a_call_over_a_socket_is_cancelled_at_every_instant(
    name: str, how: How, server: Server, tmp_path: Path
) -> None:
    """F71: it gives back its place and its connection, and the client goes on over others."""
    case = next(one for one in wired(server) if one.name == name)
    before = descriptors()
    assert swept(case, how, tmp_path)
    assert not kept_open(before)


@pytest.mark.parametrize("name", [name for name in NAMES if "httpx2" in name])
def test_the_same_on_trio(name: str, server: Server, tmp_path: Path) -> None:
    """It gives back its place and its connection there, too."""
    case = next(one for one in wired(server) if one.name == name)
    before = descriptors()
    assert swept(case, "scope", tmp_path, backend="trio")
    assert not kept_open(before)


@pytest.mark.parametrize("how", HOWS)
def test_a_login_is_cancelled_at_every_instant(how: How, tmp_path: Path) -> None:
    """Its port is given back."""
    before = descriptors()
    assert swept(LOOPBACK, how, tmp_path)
    assert not kept_open(before)
