"""What keeps the memory of this process from deciding what is measured."""

from __future__ import annotations

import ctypes


def steady_heap() -> None:
    """Keep glibc from giving memory back after each read of a socket: whether it does depends on luck, for all."""
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(-1, 64 << 20)  # M_TRIM_THRESHOLD
        libc.mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD
