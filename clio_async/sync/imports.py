"""Imports and forks: a child waits for ever for what another thread of its parent was importing."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import _bootstrap, import_module
from typing import Any

__all__ = ["see_imports_through"]

_PREFIX = f"{__name__.partition('.')[0]}."
_LOCKS: Any = getattr(_bootstrap, "_module_locks", {})  # by name, of what is being looked for; nothing public tells


def see_imports_through() -> None:
    """Wait until no other thread is in the middle of importing a module of this package, with all that it imports.

    What is imported in full is there at once. Modules of others are left alone: one that serves for as long as the
    program runs may be imported by it.
    """
    for name in (*sys.modules, *_LOCKS):
        if name.startswith(_PREFIX):
            with suppress(Exception):  # whoever imports it is told
                import_module(name)
