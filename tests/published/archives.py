"""What has to be in a wheel and in an sdist, and what may not."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = {"aiohttp", "anyio", "attrs", "cattrs", "msgspec"}
EXTRAS = {"httpx2", "redis", "otel", "cli"}
UNPUBLISHED = "clio_async/_codegen/"


def package_files() -> set[str]:
    """Return what of the checkout belongs into a wheel."""
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "clio_async").rglob("*") if path.is_file()}
    return {name for name in files if "__pycache__" not in name and not name.startswith(UNPUBLISHED)}


def wheel_problems(wheel: Path) -> Iterator[str]:
    """Say what is missing in a wheel, and what is too much."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(archive.read(metadata).decode())
    place = metadata.removesuffix("METADATA")
    ours = {name for name in names if not name.startswith(place)}
    yield from (f"the wheel lacks {name}" for name in sorted(package_files() - ours))
    yield from (f"the wheel has {name}" for name in sorted(ours - package_files()))
    for name in ("licenses/LICENSE", "entry_points.txt"):
        if place + name not in names:
            yield f"the wheel lacks {name}"
    yield from metadata_problems(told)


def metadata_problems(told: Message) -> Iterator[str]:
    """Say what of the metadata is not as it should be."""
    core, extras = set[str](), set(told.get_all("Provides-Extra", []))
    for line in told.get_all("Requires-Dist", []):
        requirement, _, marker = line.partition(";")
        if "extra" not in marker:
            core.update(re.findall(r"^[\w-]+", requirement))
    if core != CORE:
        yield f"the core requires {sorted(core)}"
    if extras != EXTRAS:
        yield f"the extras are {sorted(extras)}"
    if told["Requires-Python"] != ">=3.11":
        yield f"it is for Python {told['Requires-Python']}"
    if "clio_async" not in told.get_payload():
        yield "it has no description"


def sdist_problems(sdist: Path) -> Iterator[str]:
    """Say what is missing in an sdist, and what is too much."""
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    wanted = package_files() | {
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "pyproject.toml",
        "CONTRIBUTING.md",
    }
    yield from (f"the sdist lacks {name}" for name in sorted(wanted - names))
    strange = {name for name in names if name.startswith((".venv", "dist/")) or "__pycache__" in name}
    yield from (f"the sdist has {name}" for name in sorted(strange))
