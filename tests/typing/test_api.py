"""The types of the public API, checked by two checkers: right use passes, wrong use is refused."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
REFUSED = HERE / "refused.py"
EXAMPLES = [ROOT / "tests" / "examples" / f"{name}.py" for name in ("fastapi_service", "two_firms", "aiohttp_service")]
"""What is shown to applications: they check their code as strictly."""


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed here: it belongs to the group of tools for `make check`")
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_mypy_agrees() -> None:
    """Strictly, in every line of right use."""
    done = run("mypy", "--strict", str(HERE / "api.py"), *map(str, EXAMPLES))
    assert 0 == done.returncode, done.stdout


def test_pyright_agrees() -> None:
    """Strictly, too."""
    done = run("pyright", "--pythonpath", sys.executable, "--project", str(HERE))
    assert 0 == done.returncode, done.stdout


MARK = re.compile(r"  # type: ignore\[(?P<mypy>[^]]+)\]  # pyright: ignore\[(?P<pyright>[^]]+)\]$")


def marked(tool: str) -> dict[int, set[str]]:
    """Return the codes that the lines of wrong use are marked with, by number."""
    found = {number: MARK.search(line) for number, line in enumerate(REFUSED.read_text().splitlines(), 1)}
    return {number: {*mark[tool].split(", ")} for number, mark in found.items() if mark}


def unmarked(directory: Path) -> Path:
    """Write wrong use without its marks, every line in its place."""
    path = directory / "refused.py"
    path.write_text("\n".join(MARK.sub("", line) for line in REFUSED.read_text().splitlines()))
    return path


def test_mypy_refuses_each_wrong_line(tmp_path: Path) -> None:
    """Exactly the marked lines are errors, of the codes that they are marked with."""
    done = run("mypy", "--strict", str(unmarked(tmp_path)))
    found: dict[int, set[str]] = {}
    for line, code in re.findall(r"^.*refused\.py:(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.MULTILINE):
        found.setdefault(int(line), set()).add(code)
    assert marked("mypy") == found


def test_pyright_refuses_each_wrong_line(tmp_path: Path) -> None:
    """The same for the other checker."""
    unmarked(tmp_path)
    config = json.loads((HERE / "pyrightconfig.json").read_text())
    config |= {"include": ["refused.py"], "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    done = run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(tmp_path))
    found: dict[int, set[str]] = {}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        found.setdefault(one["range"]["start"]["line"] + 1, set()).add(one["rule"])
    assert marked("pyright") == found


def test_every_statement_of_wrong_use_is_marked() -> None:
    """None is there that a checker might let pass unnoticed."""
    functions = [node for node in ast.parse(REFUSED.read_text()).body if isinstance(node, ast.AsyncFunctionDef)]
    statements = {statement.lineno for function in functions for statement in function.body[1:]}
    assert 40 <= len(statements)
    assert {*marked("mypy")} == statements


def test_the_control_a_wrong_expectation_is_found(tmp_path: Path) -> None:
    """A file that expects the wrong type fails: the checkers do look."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from typing import assert_type\n"
        "from clio_async.models import Contact\n"
        "from clio_async.resources._generated import Resources\n"
        "async def read(clio: Resources) -> None:\n"
        "    assert_type(await clio.matters.get(1), Contact)\n"
    )
    done = run("mypy", "--strict", str(wrong))
    assert 1 == done.returncode
    assert "assert-type" in done.stdout
