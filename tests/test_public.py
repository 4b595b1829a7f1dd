"""The public names, and what it costs to import them."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest

import clio_async
from clio_async import errors


def test_the_names_all_lead_somewhere() -> None:
    """What __all__ says can be had, each once, and dir() shows it."""
    assert sorted(set(clio_async.__all__)) == dir(clio_async)
    assert all(getattr(clio_async, name) is not None for name in clio_async.__all__)
    assert clio_async.frozen is attrs.frozen


def test_every_error_is_public() -> None:
    """Whoever catches an error can name it."""
    assert set(errors.__all__) <= {*clio_async.__all__}


def test_a_name_that_does_not_exist_says_so() -> None:
    """Like that of any module."""
    with pytest.raises(AttributeError, match="no attribute 'Clyo'"):
        _ = clio_async.Clyo


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import clio_async", ("aiohttp", "anyio", "attr", "cattrs", "httpx2", "msgspec", "clio_async.models")),
        ("from clio_async import Clio; Clio('t')", ("httpx2", "clio_async.models._generated.matters")),
        (
            "from clio_async import SyncClio; SyncClio('t')",
            (
                "httpx2",
                "redis",
                "clio_async.caches.sqlite",
                "clio_async.models._generated.matters",
                "clio_async.resources.documents",
            ),
        ),
        ("from clio_async.testing import Simulator", ("aiohttp", "httpx2", "rich", "cyclopts")),
    ],
)
def test_importing_brings_in_no_more_than_is_used(code: str, absent: tuple[str, ...]) -> None:
    """The package alone imports no HTTP client and no model; a client no record class; nobody an extra."""
    program = f"{code}\nimport sys\nprint(*sorted(set({absent!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "" == done.stdout.strip()


@pytest.mark.parametrize(
    "code", ["from clio_async import *\nClio, UploadHandle, frozen", "import clio_async; dir(clio_async)"]
)
@pytest.mark.parametrize(("installed", "found"), [(True, "True"), (False, "False")])
def test_all_names_can_be_imported_with_and_without_extras(code: str, installed: bool, found: str) -> None:
    """A name that needs an extra is left out where that is missing; asked for by name, it says what is missing."""
    block = "" if installed else "import sys\nsys.modules['httpx2'] = None\n"
    program = f"{block}{code}\nimport clio_async\nprint('Httpx2Transport' in clio_async.__all__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (0, found) == (done.returncode, done.stdout.strip()), done.stderr
    named = f"{block}from clio_async import Httpx2Transport"
    asked = subprocess.run([sys.executable, "-c", named], capture_output=True, text=True, check=False)
    assert installed or "httpx2" in asked.stderr.splitlines()[-1]
    assert installed == (asked.returncode == 0)


@pytest.mark.parametrize("kind", [clio_async.Progress, clio_async.UploadHandle])
def test_help_names_the_fields(kind: type) -> None:
    """What `help` shows of a class is its docstring: every field is in it, with its unit."""
    assert [] == [name for name in kind.__annotations__ if f"`{name}`" not in (kind.__doc__ or "")]
    assert "bytes" in (kind.__doc__ or "")
