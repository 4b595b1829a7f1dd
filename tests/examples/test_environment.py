"""What the examples take from their environment: each says it, and ends with one sentence where some is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from clio_async.cli.kept import token_directory
from tests.examples import aiohttp_service, fastapi_service, nightly_sync, poller
from tests.sync.world import LONG, ROOT

HERE = Path(__file__).parent
OAUTH = ["CLIO_CLIENT_ID", "CLIO_CLIENT_SECRET", "CLIO_REDIRECT_URI", "REDIS_URL"]
SERVICE = ["CLIO_TOKEN", "PUBLIC_URL", "SUBSCRIPTIONS"]
STARTED = {
    "poller": (["-m", "tests.examples.poller", "42"], ["CLIO_TOKEN"]),
    "nightly_sync": (["-m", "tests.examples.nightly_sync", "copies.sqlite"], OAUTH[:2]),
    "fastapi_service": (["-c", "from tests.examples.fastapi_service import app; app()"], SERVICE),
    "aiohttp_service": (["-c", "from tests.examples.aiohttp_service import main; main([])"], SERVICE),
    "shared_service": (["-c", "from tests.examples.shared_service import app; app()"], OAUTH),
    "prefork_worker": (["-c", "import tests.examples.prefork_worker"], [*OAUTH, "COPIES"]),
}
"""How each is started, and what it cannot do without. The rest takes everything from its caller."""


def started(arguments: list[str], **variables: str) -> tuple[int, str, str]:
    """Run a program with these variables alone; return its status, and what it printed."""
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=LONG, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", STARTED)
def test_what_is_missing_is_said_at_once(name: str) -> None:
    """One sentence names all of it; of what is there nothing is said."""
    arguments, names = STARTED[name]
    assert (1, "", f"The environment lacks {', '.join(names)}.\n") == started(arguments)
    given = dict.fromkeys(names[:-1], "given")
    assert (1, "", f"The environment lacks {names[-1]}.\n") == started(arguments, **given)


@pytest.mark.parametrize("name", ["poller", "nightly_sync"])
def test_an_argument_that_is_missing_is_named(name: str) -> None:
    """The sentence shows the whole command."""
    arguments, names = STARTED[name]
    status, out, said = started(arguments[:-1], **dict.fromkeys(names, "given"))
    assert (1, "") == (status, out)
    assert re.fullmatch(rf"Name the \w+ of the \w+: python {name}\.py .+\n", said)


def test_each_example_names_its_variables() -> None:
    """The docstring has every variable that the code reads, and no other; another server than Clio's can be named."""
    for name in STARTED:
        _, said, code = (HERE / f"{name}.py").read_text("utf-8").split('"""', 2)
        read = {*re.findall(r'"([A-Z]+(?:_[A-Z]+)+|SUBSCRIPTIONS|COPIES)"', code)}
        assert read == {*re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bSUBSCRIPTIONS\b|\bCOPIES\b", said)}, name
        assert {"CLIO_BASE_URL", "CLIO_REGION", *STARTED[name][1]} <= read


@pytest.mark.parametrize("example", [poller, fastapi_service, aiohttp_service])
def test_another_server_gets_the_token_in_place_of_clio(example: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """`CLIO_BASE_URL` is where requests go; else it is the region's server."""
    monkeypatch.setenv("CLIO_TOKEN", "token")
    monkeypatch.delenv("CLIO_BASE_URL", raising=False)
    monkeypatch.setenv("CLIO_REGION", "eu")
    assert "https://eu.app.clio.com/api/v4" == example.clio_of_environment().base_url
    monkeypatch.setenv("CLIO_BASE_URL", "http://127.0.0.1:8918/api/v4")
    assert "http://127.0.0.1:8918/api/v4" == example.clio_of_environment().base_url
    monkeypatch.delenv("CLIO_BASE_URL")
    monkeypatch.delenv("CLIO_REGION")
    assert "https://app.clio.com/api/v4" == example.clio_of_environment().base_url


def test_the_directory_of_copies_is_made(tmp_path: Path) -> None:
    """For its owner alone: what is in it is a firm's."""
    arguments, names = STARTED["prefork_worker"]
    given = dict.fromkeys(names, "given") | {
        "CLIO_REDIRECT_URI": "http://127.0.0.1/callback",
        "REDIS_URL": "redis://localhost:1/0",
        "COPIES": str(tmp_path / "of" / "firms"),
    }
    assert (0, "", "") == started(arguments, **given)
    assert 0o700 == (tmp_path / "of" / "firms").stat().st_mode & 0o777


def test_the_nightly_job_looks_where_login_has_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`XDG_STATE_HOME` says where that is, and `CLIO_TOKENS` says otherwise."""
    monkeypatch.delenv("CLIO_TOKENS", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert Path.home() / ".local/state/clio-async/tokens" == nightly_sync.tokens()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert token_directory(None) == nightly_sync.tokens()
    monkeypatch.setenv("CLIO_TOKENS", "/tokens")
    assert Path("/tokens") == nightly_sync.tokens()
