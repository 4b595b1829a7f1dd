"""What the types of the asynchronous client are in the synchronous one."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from .modules import PACKAGE, Modules, Place

__all__ = ["ASYNC_ONLY", "TYPES", "UNWRAPPED", "is_asynchronous", "is_awaited", "own_form"]

TYPES: Final[Mapping[Place, Place]] = {
    (f"{PACKAGE}.pages", "Pages"): (f"{PACKAGE}.sync.pages", "SyncPages"),
    (f"{PACKAGE}.changes", "Changes"): (f"{PACKAGE}.sync.pages", "SyncChanges"),
    (f"{PACKAGE}.resources.edits.edit", "Edit"): (f"{PACKAGE}.sync.edits", "SyncEdit"),
    (f"{PACKAGE}.resources.downloads.download", "Download"): (f"{PACKAGE}.sync.downloads", "SyncDownload"),
    (f"{PACKAGE}.resources.subscriptions.ensured", "Ensured"): (f"{PACKAGE}.sync.ensured", "SyncEnsured"),
    ("contextlib", "AbstractAsyncContextManager"): ("contextlib", "AbstractContextManager"),
    ("collections.abc", "AsyncIterable"): ("collections.abc", "Iterable"),
    ("collections.abc", "AsyncIterator"): ("collections.abc", "Iterator"),
}
"""What stands for a type. Everything else is the same in both, as far as it is not asynchronous."""

UNWRAPPED: Final = frozenset({("collections.abc", "Awaitable"), ("collections.abc", "Coroutine")})
"""What a synchronous call waits for: the last of the types in it is what is returned."""

ASYNC_ONLY: Final = frozenset({(f"{PACKAGE}.resources.uploads.source", "AsyncReader")})
"""What only the asynchronous client takes: it is left out of unions."""


def is_asynchronous(modules: Modules, at: Place) -> bool:
    """Whether a class of the package has methods that are to be awaited: then a caller is not given it as it is."""
    node = modules.definition(at)
    if not isinstance(node, ast.ClassDef):
        return False
    return any(is_awaited(one) for part in modules.line(at) for one in ast.walk(part.node))


def is_awaited(node: ast.AST) -> bool:
    """Whether a definition is one of what callers await or walk asynchronously."""
    public = isinstance(node, ast.AsyncFunctionDef) and (not node.name.startswith("_") or node.name.startswith("__a"))
    return public or (isinstance(node, ast.FunctionDef) and node.name == "__aiter__")


def own_form(modules: Modules, at: Place) -> bool:
    """Whether a name of the package is defined in terms of what differs: then a stub has a form of its own."""
    node = modules.definition(at)
    if isinstance(node, ast.ClassDef):
        return any(_differs(modules, at[0], base) for base in node.bases)
    return isinstance(node, ast.AnnAssign) and node.value is not None and _differs(modules, at[0], node.value)


def _differs(modules: Modules, module: str, node: ast.expr) -> bool:
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    homes = [home for name in names if (home := modules.home(module, name)) is not None]
    return any(home in TYPES or home in UNWRAPPED or home in ASYNC_ONLY or own_form(modules, home) for home in homes)
