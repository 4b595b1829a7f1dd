"""Look at what was built, install it in environments of its own, and use it there: `python -m tests.published dist`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.test_dependencies import NEEDED, WITH_THEM

from .archives import sdist_problems, wheel_problems

HERE = Path(__file__).parent


def run(*command: str | Path, place: str) -> None:
    """Run a command in a folder; end all if it fails."""
    print("$", *[Path(word).name if isinstance(word, Path) else word for word in command], flush=True)
    subprocess.run([*command], cwd=place, check=True)


def clean(place: str, name: str, wheel: Path, extras: str = "") -> Path:
    """Make an environment in which the wheel alone is installed. Return its folder of programs."""
    where = Path(place, name)
    venv.create(where, with_pip=True)
    programs = where / "bin"
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", f"clio-async{extras} @ {wheel.as_uri()}", place=place)
    run(*pip, "check", place=place)
    return programs


def strangers(programs: Path) -> set[str]:
    """Return what came along that nobody has looked at (F78)."""
    listed = subprocess.run(
        [programs / "python", "-m", "pip", "--disable-pip-version-check", "list", "--format=json"],
        capture_output=True,
        check=True,
    )
    names = {one["name"].lower().replace("_", "-") for one in json.loads(listed.stdout)}
    return names - {*NEEDED, *WITH_THEM, "clio-async", "pip", "setuptools"}


def main(built: Path) -> int:
    """Check the archives in a folder. The exit status is 1 if anything is wrong."""
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    version = wheel.name.split("-")[1]
    problems = [*wheel_problems(wheel), *sdist_problems(sdist)]
    print(*problems, sep="\n", end="\n" * bool(problems))
    if problems:
        return 1
    with tempfile.TemporaryDirectory() as place:
        core = clean(place, "core", wheel)
        if found := strangers(core):
            print(f"not only what is known was installed, but also {', '.join(sorted(found))}")
            return 1
        run(core / "python", "-I", "-W", "error", HERE / "use.py", version, place=place)
        program = shutil.copy(HERE / "typed.py", place)  # beside the checkout, they would check that
        for checker in (
            ("mypy", "--strict", "--no-incremental", "--config-file=", "--python-executable", core / "python"),
            ("pyright", "--pythonpath", core / "python"),
        ):
            run(Path(sys.executable).parent / checker[0], *checker[1:], program, place=place)
        whole = clean(place, "whole", wheel, "[httpx2,redis,otel,cli]")
        run(whole / "python", "-I", "-W", "error", HERE / "use.py", version, "all", place=place)
        run(whole / "clio-async", "--version", place=place)
        run(whole / "clio-async", "demo", place=place)
    print(f"{wheel.name} and {sdist.name}: installed, used, and typed")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
