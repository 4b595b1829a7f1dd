"""What is looked for in a wheel and an sdist is found to be missing, or too much."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

from .archives import package_files, sdist_problems, wheel_problems

INFO = "clio_async-1.dist-info/"
METADATA = """\
Metadata-Version: 2.4
Requires-Python: >=3.11
Requires-Dist: aiohttp>=3
Requires-Dist: anyio
Requires-Dist: attrs>=25.1
Requires-Dist: cattrs
Requires-Dist: msgspec
Requires-Dist: redis>=5; extra == 'redis'
Provides-Extra: cli
Provides-Extra: httpx2
Provides-Extra: otel
Provides-Extra: redis

clio_async is …
"""


def wheel(place: Path, *, without: str = "", besides: str = "", metadata: str = METADATA) -> Path:
    """Write a wheel of empty files."""
    names = {*package_files(), INFO + "licenses/LICENSE", INFO + "entry_points.txt"}
    with zipfile.ZipFile(made := place / "made.whl", "w") as archive:
        for name in sorted({*names, besides} - {without, ""}):
            archive.writestr(name, "")
        archive.writestr(INFO + "METADATA", metadata)
    return made


def test_a_wheel_that_holds_the_package_is_well(tmp_path: Path) -> None:
    """Nothing is missing, and nothing too much."""
    assert [] == [*wheel_problems(wheel(tmp_path))]


def test_what_a_wheel_lacks_or_has_too_much_is_said(tmp_path: Path) -> None:
    """The mark of typed packages, a stub, tests, the generator, a licence, a sixth dependency."""
    assert ["the wheel lacks clio_async/py.typed"] == [*wheel_problems(wheel(tmp_path, without="clio_async/py.typed"))]
    stub = "clio_async/sync/_generated/matters.pyi"
    assert [f"the wheel lacks {stub}"] == [*wheel_problems(wheel(tmp_path, without=stub))]
    for name in ("tests/conftest.py", "clio_async/_codegen/overlay.py"):
        assert [f"the wheel has {name}"] == [*wheel_problems(wheel(tmp_path, besides=name))]
    licence = "licenses/LICENSE"
    assert [f"the wheel lacks {licence}"] == [*wheel_problems(wheel(tmp_path, without=INFO + licence))]
    sixth = METADATA.replace("Provides-Extra: cli", "Requires-Dist: pydantic\nProvides-Extra: cli")
    assert ["the core requires ['aiohttp', 'anyio', 'attrs', 'cattrs', 'msgspec', 'pydantic']"] == [
        *wheel_problems(wheel(tmp_path, metadata=sixth))
    ]
    fewer = METADATA.replace("Provides-Extra: otel\n", "").replace(">=3.11", ">=3.9").replace("clio_async is", "")
    assert ["the extras are ['cli', 'httpx2', 'redis']", "it is for Python >=3.9", "it has no description"] == [
        *wheel_problems(wheel(tmp_path, metadata=fewer))
    ]


def test_what_an_sdist_lacks_or_has_too_much_is_said(tmp_path: Path) -> None:
    """The changelog, and an environment that was swept in."""
    names = {*package_files(), "README.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml", ".venv/x"}
    with tarfile.open(made := tmp_path / "made.tar.gz", "w:gz") as archive:
        for name in sorted(names):
            archive.addfile(tarfile.TarInfo(f"clio_async-1/{name}"), io.BytesIO())
    assert ["the sdist lacks CHANGELOG.md", "the sdist has .venv/x"] == [*sdist_problems(made)]
