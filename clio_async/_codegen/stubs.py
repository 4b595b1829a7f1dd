"""Write the types of the synchronous client: a stub for each resource, made of the asynchronous class."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..sync.absent import VERBS
from ..sync.words import synchronous
from . import overlay
from .document import Api
from .modules import PACKAGE, Modules, Part, statements
from .records import record_places
from .retyped import Retyped
from .verbs import class_name

__all__ = ["FOLDER", "stubs"]

FOLDER = "sync/_generated"
_WIDTH = 117  # behind the quotes
_ROOT = Path(__file__).parent.parent
_RESOURCES = f"{PACKAGE}.resources"


def stubs(api: Api, written: Mapping[str, str], root: Path = _ROOT) -> dict[str, str]:
    """Return the source of each stub, by its path in the package.

    `written` has the modules that were generated just now; all others are read under `root`.

    :raises TypeError: for a verb whose types have no synchronous form.
    """
    modules = Modules(written, root)
    places = record_places(api)
    names = {name: class_name(name, places) for name in api.resources}
    made = {f"{FOLDER}/{name}.pyi": _resource(modules, name, of) for name, of in names.items()}
    return made | {f"{FOLDER}/__init__.pyi": _package(names)}


def _package(names: Mapping[str, str]) -> str:
    imports = [f"from .{name} import {of}" for name, of in names.items()]
    members = [f"    @property\n    def {name}(self) -> {of}: ..." for name, of in names.items()]
    head = '"""The resources of a synchronous client, as type checkers see them."""'
    text = '    """Gives a synchronous client one attribute for each resource of Clio."""'
    return "\n".join([head, "", *imports, "", "class Resources:", text, "", *members, ""])


def _resource(modules: Modules, name: str, of: str) -> str:
    by_hand = f"{_RESOURCES}.{name}"  # until it is written, the generated one stands for it
    here = by_hand if name in overlay.HAND_WRITTEN and modules.has(by_hand) else f"{_RESOURCES}._generated.{name}"
    line = [*{(part.module, part.node.name): part for part in reversed([*modules.line((here, of))])}.values()][::-1]
    stub = Retyped(modules)
    docstring = next(ast.get_docstring(part.node) or "" for part in line if "._generated." in part.module)
    verbs = _verbs(line)
    stub.shadowing = frozenset(verbs)
    body: list[ast.stmt] = [_text(docstring, 4)]
    for verb, found in verbs.items():
        if (name, verb) not in VERBS:
            body += _verb(stub, verb, found)
    made = ast.ClassDef(of, [], [], body, [])
    parts = [f'"""The verbs of {name}, for synchronous callers."""', *stub.imports(), *stub.definitions]
    return "\n\n".join([*parts, ast.unparse(ast.fix_missing_locations(made)), ""])


def _verbs(line: Sequence[Part]) -> dict[str, list[tuple[Part, ast.FunctionDef | ast.AsyncFunctionDef]]]:
    """Return all definitions of each public verb, those of the class itself first."""
    found: dict[str, list[tuple[Part, ast.FunctionDef | ast.AsyncFunctionDef]]] = {}
    for part in line:
        for node in statements(part.node.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append((part, node))
    return found


def _verb(
    stub: Retyped, name: str, found: Sequence[tuple[Part, ast.FunctionDef | ast.AsyncFunctionDef]]
) -> Iterator[ast.stmt]:
    """Yield a verb: its overloads, where it has some, else its only signature."""
    first = found[0][0]
    own = [node for part, node in found if part is first]
    overloads = [node for node in own if "overload" in map(ast.unparse, node.decorator_list)]
    docstring = next((text for _, node in found if (text := ast.get_docstring(node)) is not None), None)
    if docstring is None:
        raise TypeError(f"{name} of {first.module} has no docstring.")
    for number, node in enumerate(overloads or own):
        yield stub.signature(first, node, _text(docstring, 8) if number == 0 else _NOTHING)


_NOTHING = ast.Expr(ast.Constant(...))


def _text(docstring: str, depth: int) -> ast.Expr:
    """Return a docstring as it stands at a depth."""
    lines = [" " * depth + line if line else line for line in _fitted(synchronous(docstring), _WIDTH - depth)]
    end = "\n" + " " * depth if len(lines) > 1 else ""
    return ast.Expr(ast.Constant("\n".join(lines).lstrip() + end))


def _fitted(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a text. Words that do not fit begin the next one: some are longer than they were."""
    rest = ""
    for line in text.split("\n"):
        if rest and (not line or line.startswith((" ", ":"))):
            yield rest
            rest = ""
        found = f"{rest} {line}" if rest else line
        end = len(found) if len(found) <= width else found.rindex(" ", 0, width + 1)
        yield found[:end]
        rest = found[end:].strip()
    if rest:
        yield rest
