"""The types of the public API, checked by two checkers: right use passes, wrong use is refused."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed here: it belongs to the group of tools for `make check`")
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_mypy_agrees() -> None:
    """Strictly, and no ignore comment is one too many: each marks an error that has to be found."""
    done = run("mypy", "--strict", "tests/typing/api.py")
    assert 0 == done.returncode, done.stdout


def test_pyright_agrees() -> None:
    """Strictly, with its own comments, each of which has to be needed."""
    done = run("pyright", "--pythonpath", sys.executable, "--project", str(HERE))
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
