"""The house: who may import whom, checked on the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import clio_async

ROOT = Path(clio_async.__file__).parent

# The rank of a module is that of the longest prefix that names it. A module imports lower ranks and its own folder.
RANKS = {
    "_version": 0,
    "messages": 0,
    "headers": 0,
    "errors": 0,
    "secrets": 0,
    "principal": 0,
    "options": 0,
    "stats": 0,
    "notices": 0,
    "protocol": 1,
    "codec": 2,
    "models": 2.5,  # its plans are made for the codec
    "transport.base": 2,
    "caches.base": 2,
    "middleware.base": 2,
    "transport": 3,
    "caches": 3,
    "middleware": 3,
    "auth": 4,  # it may use a transport
    "limiters.base": 2,
    "redis": 2,
    "limiters": 3,
    "events": 0,
    "hooks": 0,
    "logs": 0,
    "otel": 1,
    "detached": 0.75,
    "home": 0.5,
    "ending": 0,
    "outcomes": 0,
    "turns": 0,
    "transfers": 0,
    "ahead": 1,
    "subjects": 3,
    "storage": 3,
    "webhooks": 4.5,
    "walking": 3,
    "pages": 4,
    "batches": 4,
    "refreshed": 4,
    "changes": 4,
    "resources": 5,
    "core": 6,
    "writes": 6.2,
    "versions": 6.2,
    "asking": 6.4,
    "calls": 6.5,
    "bounded": 6.5,
    "client": 7,
    "": 8,
    "sync": 7.5,  # of which the package names some
    "testing": 8,
    "cli": 9,
    "_codegen": 9,
}
# The client, and a handler for whoever has its server.
AIOHTTP_HOMES = {"transport.aiohttp", "transport.aiohttp_sender", "webhooks.aiohttp"}
ASYNCIO_HOMES = {"transport.aiohttp", "transport.aiohttp_sender", "sync.loop"}


def rank(module: str) -> int:
    parts = module.split(".") if module else []
    while parts:
        name = ".".join(parts)
        if name in RANKS:
            return RANKS[name]
        parts.pop()
    return RANKS[""]


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def folder(module: str) -> str:
    return module.split(".")[0] if (ROOT / module.split(".")[0]).is_dir() else ""


def sources() -> list[tuple[str, ast.Module, bool]]:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        found.append((module_name(path), ast.parse(path.read_text()), path.name == "__init__.py"))
    return found


def imports(module: str, tree: ast.Module, is_package: bool) -> Iterator[tuple[str, bool]]:
    """Yield what a module imports: (name, whether it is one of ours, without the package's own name)."""
    package = module.split(".") if module else []
    if not is_package and package:
        package = package[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                ours = alias.name.split(".")[0] == "clio_async"
                yield alias.name.removeprefix("clio_async").lstrip("."), ours
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                target = ".".join([*base, *([node.module] if node.module else [])])
                yield from _resolved(target, node)
            elif (node.module or "").split(".")[0] == "clio_async":
                yield from _resolved((node.module or "").removeprefix("clio_async").lstrip("."), node)
            else:
                yield node.module or "", False


def _resolved(target: str, node: ast.ImportFrom) -> Iterator[tuple[str, bool]]:
    """`from . import x` may name a module or something that a module holds."""
    for alias in node.names:
        deeper = f"{target}.{alias.name}".strip(".")
        path = ROOT.joinpath(*deeper.split("."))
        yield (deeper if path.with_suffix(".py").exists() or path.is_dir() else target), True


SOURCES = sources()


NAMES = [name or "clio_async" for name, _, _ in SOURCES]


@pytest.mark.parametrize(("module", "tree", "is_package"), SOURCES, ids=NAMES)
def test_a_module_imports_lower_ranks_and_its_own_folder_only(module: str, tree: ast.Module, is_package: bool) -> None:
    """No arrow of the house points upwards."""
    upward = [
        name
        for name, ours in imports(module, tree, is_package)
        if ours and rank(name) >= rank(module) and not (folder(name) == folder(module) and rank(name) <= rank(module))
        # The base of a folder is lower than the rest of it, so nothing in a base may import its neighbours.
    ]
    assert [] == upward


def test_a_middleware_never_imports_another() -> None:
    """Layers meet in the chain alone."""
    crossing = [
        (module, name)
        for module, tree, is_package in SOURCES
        if module.startswith("middleware.")
        for name, ours in imports(module, tree, is_package)
        if ours and name.startswith("middleware.") and name not in {"middleware.base", module}
    ]
    assert [] == crossing


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("aiohttp", AIOHTTP_HOMES),
        ("asyncio", ASYNCIO_HOMES),
        ("httpx2", {"transport.httpx2"}),
        ("opentelemetry", {"otel"}),
    ],
)
def test_a_library_is_imported_in_its_home_alone(library: str, homes: set[str]) -> None:
    """The HTTP client and the event loop are details of one module each."""
    strays = [
        module
        for module, tree, is_package in SOURCES
        for name, ours in imports(module, tree, is_package)
        if not ours and name.split(".")[0] == library and module not in homes
    ]
    assert [] == strays


IMPURE = {"time", "random", "socket", "anyio", "os", "secrets", "threading", "logging"}


def test_protocol_has_no_await_clock_dice_or_socket() -> None:
    """Everything in protocol/ is a function of its arguments."""
    found = []
    for module, tree, is_package in SOURCES:
        if folder(module) != "protocol":
            continue
        found += [(module, "await") for node in ast.walk(tree) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]
        found += [(module, name) for name, ours in imports(module, tree, is_package) if not ours and name in IMPURE]
    assert [] == found


def test_the_check_sees_an_upward_import() -> None:
    """The control: a module of protocol/ that imports the client is caught."""
    tree = ast.parse("from ..client import Clio\nfrom . import urls")
    names = [name for name, ours in imports("protocol.urls", tree, False) if ours]
    assert ["client", "protocol"] == [names[0], folder(names[1])]
    assert rank("client") > rank("protocol.urls")
