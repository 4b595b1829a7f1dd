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
APIS = [HERE / "api.py", HERE / "sync_api.py"]
REFUSED = [HERE / "refused.py", HERE / "sync_refused.py"]
EXAMPLES = [found for found in sorted((ROOT / "tests" / "examples").glob("[a-z]*.py")) if "test_" not in found.name]
"""What is shown to applications: they check their code as strictly."""


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed here: it belongs to the group of tools for `make check`")
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_mypy_agrees() -> None:
    """Strictly, in every line of right use."""
    done = run("mypy", "--strict", *map(str, [*APIS, *EXAMPLES]))
    assert 0 == done.returncode, done.stdout


def test_pyright_agrees() -> None:
    """Strictly, too."""
    done = run("pyright", "--pythonpath", sys.executable, "--project", str(HERE))
    assert 0 == done.returncode, done.stdout


def test_every_example_is_looked_at_by_both() -> None:
    """One finds them by itself, the other one goes by a list."""
    listed = json.loads((HERE / "pyrightconfig.json").read_text())["include"]
    assert {*APIS, *EXAMPLES} == {(HERE / path).resolve() for path in listed}
    assert 7 <= len(EXAMPLES)


MARK = re.compile(r"  # type: ignore\[(?P<mypy>[^]]+)\]  # pyright: ignore\[(?P<pyright>[^]]+)\]$")


def marked(tool: str) -> dict[tuple[str, int], set[str]]:
    """Return the codes that the lines of wrong use are marked with, by file and number."""
    found = {
        (path.name, number): MARK.search(line)
        for path in REFUSED
        for number, line in enumerate(path.read_text().splitlines(), 1)
    }
    return {place: {*mark[tool].split(", ")} for place, mark in found.items() if mark}


def unmarked(directory: Path) -> list[str]:
    """Write wrong use without its marks, every line in its place; return the files."""
    for path in REFUSED:
        (directory / path.name).write_text("\n".join(MARK.sub("", line) for line in path.read_text().splitlines()))
    return [str(directory / path.name) for path in REFUSED]


def test_mypy_refuses_each_wrong_line(tmp_path: Path) -> None:
    """Exactly the marked lines are errors, of the codes that they are marked with."""
    done = run("mypy", "--strict", *unmarked(tmp_path))
    found: dict[tuple[str, int], set[str]] = {}
    for file, line, code in re.findall(r"^(?:.*/)?(\w+\.py):(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.MULTILINE):
        found.setdefault((file, int(line)), set()).add(code)
    assert marked("mypy") == found


def test_pyright_refuses_each_wrong_line(tmp_path: Path) -> None:
    """The same for the other checker."""
    unmarked(tmp_path)
    config = json.loads((HERE / "pyrightconfig.json").read_text())
    config |= {"include": [path.name for path in REFUSED], "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    done = run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(tmp_path))
    found: dict[tuple[str, int], set[str]] = {}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        place = (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        found.setdefault(place, set()).add(one["rule"])
    assert marked("pyright") == found


def test_every_statement_of_wrong_use_is_marked() -> None:
    """None is there that a checker might let pass unnoticed."""
    statements = {
        (path.name, statement.lineno)
        for path in REFUSED
        for function in ast.parse(path.read_text()).body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in function.body[1:]
    }
    assert 80 <= len(statements)
    assert {*marked("mypy")} == statements


def test_the_stubs_are_right_themselves() -> None:
    """A strict checker accepts what it reads the synchronous verbs from; the other one does so in `make check`."""
    done = run("mypy", "--strict", str(ROOT / "clio_async" / "sync" / "_generated"))
    assert 0 == done.returncode, done.stdout


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
