"""A stub while it is written: signatures in their synchronous form, and all that they need to be imported."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from copy import deepcopy

from .modules import PACKAGE, Modules, Part, Place, is_variable
from .synchronous import ASYNC_ONLY, TYPES, UNWRAPPED, is_asynchronous, own_form

__all__ = ["Retyped"]


class Retyped:
    """Gives types their synchronous form, and collects what they need.

    `definitions` are those of the stub's own: what the package defines in terms of what differs.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.definitions: list[str] = []
        self.shadowing: frozenset[str] = frozenset()
        """Names of the class that is written: a built-in type of one of these is asked for by its full name."""
        self._imports: dict[str, tuple[Place, Place | None]] = {}
        """By the name in the stub: where from, and where it is at home."""
        self._own: set[str] = set()

    def signature(self, part: Part, node: ast.FunctionDef | ast.AsyncFunctionDef, body: ast.stmt) -> ast.FunctionDef:
        """Return a method, as a synchronous caller sees it."""
        arguments = deepcopy(node.args)
        for one in ast.walk(arguments):
            if isinstance(one, ast.arg) and one.annotation is not None:
                one.annotation = self.type(part.module, one.annotation, part.given)
        arguments.defaults = [self._default(part.module, one) for one in arguments.defaults]
        arguments.kw_defaults = [one and self._default(part.module, one) for one in arguments.kw_defaults]
        if node.returns is None:
            raise TypeError(f"{node.name} of {part.module} does not say what it returns.")
        self._check_answer(part, node)
        answer = self.type(part.module, node.returns, part.given)
        marks = [self.type(part.module, one) for one in node.decorator_list]
        return ast.FunctionDef(node.name, arguments, [body], marks, answer)

    def _check_answer(self, part: Part, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for one in ast.walk(node.returns or node):
            home = self.modules.home(part.module, one.id) if isinstance(one, ast.Name) else None
            if home is None or home in TYPES or own_form(self.modules, home):
                continue
            if is_asynchronous(self.modules, home):
                raise TypeError(f"{node.name} of {part.module} returns {home[1]}, which is asynchronous: see TYPES.")

    def _default(self, module: str, node: ast.expr) -> ast.expr:
        """Return a default that stands for itself."""
        return ast.parse(repr(self.modules.value(module, node)), mode="eval").body

    def type(self, module: str, node: ast.expr, given: Mapping[str, tuple[str, ast.expr]] | None = None) -> ast.expr:
        """Return a type in its synchronous form."""
        return _Types(self, module, given or {}).typed(deepcopy(node))

    def name(self, module: str, name: str) -> str:
        """Return the name in the stub of what a name of a module stands for; see that it is there."""
        at, home = self.modules.place(module, name), self.modules.home(module, name)
        if at is None or home is None:
            if name in self.shadowing and hasattr(builtins, name):
                return f"{self._imported('builtins', ('builtins', ''), None)}.{name}"
            return name
        if home in TYPES:
            return self._imported(TYPES[home][1], TYPES[home], None)
        node = self.modules.definition(home)
        if not is_variable(node) and not own_form(self.modules, home):
            return self._imported(name, at, home)
        if name not in self._own:
            self._own.add(name)
            self.definitions.append(self._form(home))
        return name

    def _form(self, home: Place) -> str:
        """Return the definition of a class, of an alias or of the variable of a type, in its synchronous form."""
        node = deepcopy(self.modules.definition(home))
        if isinstance(node, ast.ClassDef):
            node.bases = [self.type(home[0], base) for base in node.bases]
            part = Part(home[0], node, {})
            node.body = [
                self.signature(part, one, ast.Expr(ast.Constant(...))) if isinstance(one, ast.FunctionDef) else one
                for one in node.body
            ]
        else:
            assert isinstance(node, ast.AnnAssign | ast.Assign)
            assert node.value is not None
            node.value = self.type(home[0], node.value)
            if isinstance(node, ast.AnnAssign):
                node.annotation = self.type(home[0], node.annotation)
        return ast.unparse(ast.fix_missing_locations(node))

    def _imported(self, name: str, at: Place, home: Place | None) -> str:
        known = self._imports.setdefault(name, (at, home))
        if known[0] != at and known[1] != home:
            raise TypeError(f"Two things are called {name}: {'.'.join(known[0])} and {'.'.join(at)}.")
        return name

    def imports(self) -> Iterator[str]:
        """Yield the lines that import what is used."""
        for name, ((module, of), _) in sorted(self._imports.items()):
            renamed = "" if name in {of, module} else f" as {name}"
            yield f"from {_relative(module)} import {of}{renamed}" if of else f"import {module}{renamed}"


def _relative(module: str) -> str:
    """Return the name of a module as the stubs import it, which are in a folder of `sync`."""
    sync, ours = f"{PACKAGE}.sync.", f"{PACKAGE}."
    if module.startswith(sync):
        return f"..{module.removeprefix(sync)}"
    return f"...{module.removeprefix(ours)}" if module.startswith(ours) else module


class _Types(ast.NodeTransformer):
    def __init__(self, stub: Retyped, module: str, given: Mapping[str, tuple[str, ast.expr]]) -> None:
        self._stub = stub
        self._module = module
        self._given = given

    def typed(self, node: ast.expr) -> ast.expr:
        found: ast.expr = self.visit(node)
        return found

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._given:
            return self._stub.type(*self._given[node.id])
        return ast.parse(self._stub.name(self._module, node.id), mode="eval").body

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        sides = [side for side in (node.left, node.right) if self._home(side) not in ASYNC_ONLY]
        if len(sides) == 1:
            return self.typed(sides[0])
        return ast.BinOp(self.typed(node.left), node.op, self.typed(node.right))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if self._home(node.value) in UNWRAPPED:
            types = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return self.typed(types[-1])
        return ast.Subscript(self.typed(node.value), self.typed(node.slice))

    def _home(self, node: ast.expr) -> Place | None:
        return self._stub.modules.home(self._module, node.id) if isinstance(node, ast.Name) else None
