"""Sweeps: what has become of known records."""

from __future__ import annotations

from .sweep import Sweep

__all__ = ["Sweep"]
