"""What a store could be made to run."""

from __future__ import annotations

import ast
from pathlib import Path

import clio_async

ROOT = Path(clio_async.__file__).parent
RUNNERS = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "yaml"}
CALLS = {"eval", "exec", "compile", "__import__"}
# Decoders are compiled from the package's own schemas; the contract suites pickle errors to see that they can be.
KNOWN = {"codec/compiled.py", "testing/_transport/faults.py", "testing/_tokens/hiding.py"}


def runs_what_it_reads(tree: ast.AST) -> bool:
    """Say whether a module imports a format that runs code, or runs text itself."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.partition(".")[0] in RUNNERS for name in names):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            return True
    return False


def test_nothing_that_is_read_can_run() -> None:
    """F49: no module of the package unpickles, evaluates or loads YAML, but for those that are known."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if "_codegen" not in path.parts and runs_what_it_reads(ast.parse(path.read_text("utf-8")))
    }
    assert found <= KNOWN


def test_the_check_sees_what_runs() -> None:
    """The control of F49: each of these is seen, and plain JSON is not."""
    for text in ("import pickle", "from yaml import load", "eval('1')", "import marshal as m", "exec(text)"):
        assert runs_what_it_reads(ast.parse(text))
    assert not runs_what_it_reads(ast.parse("import json, re\nre.compile('x')\njson.loads('1')"))
