"""Generated files: their head, their formatting, and whether they are current."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["formatted", "stale", "write"]

_STYLE = ["--isolated", "--quiet", "--config", "line-length=120", "--target-version", "py311"]


def formatted(files: Mapping[str, str], head: str) -> dict[str, str]:
    """Put `head` on top of every source, drop imports that it does not need, and format it as the project is."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, source in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{head}\n{source}", "utf-8")
        _ruff("check", "--select", "I,F401,TC005", "--fix", *_STYLE, folder)
        _ruff("format", *_STYLE, folder)
        return {name: (root / name).read_text("utf-8") for name in files}


def _ruff(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "ruff", *arguments], check=True)


def stale(root: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of files under `root` that are missing, differ from `files`, or should not be there."""
    present = {path.relative_to(root).as_posix() for path in root.rglob("_generated/*.py*")}
    return sorted(
        name
        for name in present | set(files)
        if name not in files or name not in present or (root / name).read_text("utf-8") != files[name]
    )


def write(root: Path, files: Mapping[str, str]) -> list[str]:
    """Make the generated folders under `root` hold `files` and nothing else; return the names of what changed."""
    changed = stale(root, files)
    for name in changed:
        path = root / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], "utf-8")
        else:
            path.unlink()
    return changed
