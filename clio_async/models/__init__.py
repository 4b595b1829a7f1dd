"""Clio's records and what is known about them. The record classes are loaded when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._generated import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _generated

    return getattr(_generated, name)


def __dir__() -> list[str]:
    from . import _generated

    return sorted({*globals(), *_generated.MODULES})
