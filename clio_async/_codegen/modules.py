"""The package's own modules as syntax trees: what their names stand for, and what a class has from its bases."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

__all__ = ["PACKAGE", "Modules", "Part", "Place", "is_variable", "statements"]

PACKAGE = "clio_async"
Place: TypeAlias = tuple[str, str]
"""A module, by its full name, and a name in it; nothing for the name is the module itself."""


@frozen
class Part:
    """A class in the line of bases of another, and what stands there for the variables of its types."""

    module: str
    node: ast.ClassDef
    given: Mapping[str, tuple[str, ast.expr]]
    """By name of the variable: the module that says it, and the type."""


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what stands in a body, with what is there for type checkers alone, and for run time alone."""
    for node in body:
        if isinstance(node, ast.If):
            yield from statements([*node.body, *node.orelse])
        else:
            yield node


class Modules:
    """Reads modules: those that were written just now, and the others where the package is."""

    def __init__(self, written: Mapping[str, str], root: Path) -> None:
        self._written = written
        self._root = root
        self._names: dict[str, dict[str, ast.stmt | Place] | None] = {}

    def has(self, module: str) -> bool:
        """Whether a module is one of the package."""
        return self._bound(module) is not None

    def place(self, module: str, name: str) -> Place | None:
        """Return where a module has a name from: itself, or what it imports. None if it is built in."""
        found = (self._bound(module) or {}).get(name)
        if found is None:
            return None
        return found if isinstance(found, tuple) else (module, name)

    def home(self, module: str, name: str) -> Place | None:
        """Return where a name is defined, through all modules that pass it on. None if it is built in."""
        at = self.place(module, name)
        if at is None or at == (module, name) or not self.has(at[0]):
            return at
        return self.home(*at) or at

    def definition(self, at: Place) -> ast.stmt | None:
        """Return what defines a name where it is at home. None outside the package."""
        found = (self._bound(at[0]) or {}).get(at[1])
        return None if isinstance(found, tuple) else found

    def value(self, module: str, node: ast.expr) -> Any:
        """Return what a constant expression is.

        :raises TypeError: if it is none.
        """
        names = [found.id for found in ast.walk(node) if isinstance(found, ast.Name)]
        return eval(
            compile(ast.Expression(node), module, "eval"), {name: self._constant(module, name) for name in names}
        )

    def _constant(self, module: str, name: str) -> Any:
        at = self.home(module, name)
        node = None if at is None else self.definition(at)
        if at is None or not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            raise TypeError(f"{name} of {module} is no constant, and a default.")
        return self.value(at[0], node.value)

    def line(self, at: Place, given: Mapping[str, tuple[str, ast.expr]] | None = None) -> Iterator[Part]:
        """Yield a class and its bases, as far as they are of the package, in the order in which names are looked up."""
        module, name = at
        node = self.definition(at)
        if not isinstance(node, ast.ClassDef):
            raise TypeError(f"{name} of {module} is no class.")
        given = given or {}
        yield Part(module, node, given)
        for base in node.bases:
            yield from self._base(module, base, given)

    def _base(self, module: str, base: ast.expr, given: Mapping[str, tuple[str, ast.expr]]) -> Iterator[Part]:
        of = base.value if isinstance(base, ast.Subscript) else base
        home = self.home(module, ast.unparse(of))
        if home is None or not self.has(home[0]):  # Generic, ABC, object
            return
        passed = [given.get(ast.unparse(one), (module, one)) for one in map(_unquoted, _inside(base))]
        variables = self._variables(home)
        if len(variables) != len(passed):
            raise TypeError(
                f"{home[1]} is a base in {module}, which does not say what {', '.join(variables)} is there."
            )
        yield from self.line(home, dict(zip(variables, passed, strict=True)))

    def _variables(self, at: Place) -> list[str]:
        """Return the variables of the types of a class, in their order."""
        node = self.definition(at)
        bases = node.bases if isinstance(node, ast.ClassDef) else []
        generic = [base for base in bases if ast.unparse(base).startswith("Generic[")]
        names = [ast.unparse(one) for base in generic or bases for one in _inside(base)]
        return [name for name in dict.fromkeys(names) if is_variable(self.definition(self.home(at[0], name) or at))]

    def _bound(self, module: str) -> dict[str, ast.stmt | Place] | None:
        if module not in self._names:
            source, package = self._source(module)
            self._names[module] = None if source is None else dict(_bindings(ast.parse(source), package))
        return self._names[module]

    def _source(self, module: str) -> tuple[str | None, str]:
        """Return the text of a module, and the package that its relative imports begin at."""
        parts = module.split(".")
        if parts[0] != PACKAGE:
            return None, ""
        for path, package in (("/".join([*parts[1:], "__init__"]), parts), ("/".join(parts[1:]), parts[:-1])):
            name = f"{path}.py"
            if name in self._written:
                return self._written[name], ".".join(package)
            if (self._root / name).is_file():
                return (self._root / name).read_text("utf-8"), ".".join(package)
        return None, ""


def is_variable(node: ast.stmt | None) -> bool:
    """Whether a definition is that of the variable of a type."""
    return isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("TypeVar(")


def _inside(base: ast.expr) -> list[ast.expr]:
    """Return the types that a generic base is given."""
    if not isinstance(base, ast.Subscript):
        return []
    return base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]


def _unquoted(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.parse(node.value, mode="eval").body
    return node


def _bindings(tree: ast.Module, package: str) -> Iterator[tuple[str, ast.stmt | Place]]:
    for node in statements(tree.body):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, (alias.name, "")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, package)
            yield from ((alias.asname or alias.name, (source, alias.name)) for alias in node.names)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
