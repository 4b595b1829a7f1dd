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
        ("from clio_async.testing import Simulator", ("aiohttp", "httpx2", "rich", "cyclopts")),
    ],
)
def test_importing_brings_in_no_more_than_is_used(code: str, absent: tuple[str, ...]) -> None:
    """The package alone imports no HTTP client and no model; a client no record class; nobody an extra."""
    program = f"{code}\nimport sys\nprint(*sorted(set({absent!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "" == done.stdout.strip()
