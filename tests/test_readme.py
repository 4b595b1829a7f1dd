"""The README: what it shows runs, and what it names is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import clio_async

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
REDIS = "redis://localhost:6379/0"
CLIENT = 'Clio("ACCESS-TOKEN", region="us")'


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve a firm whose token is the one in the README."""
    command = [sys.executable, "-m", "clio_async.cli", "simulate", "--matters", "100", "--token", "ACCESS-TOKEN"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"] + "/api/v4"
        server.terminate()


def run(source: str, place: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program as a user would, with warnings as errors. `place` is where it leaves its files."""
    command = [sys.executable, "-W", "error", "-c", source]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=place)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(example: str, base_url: str, redis_url: str, tmp_path: Path) -> None:
    """What the README shows runs as it stands, but for the addresses."""
    addressed = example.replace('region="us"', f'base_url="{base_url}"').replace(REDIS, redis_url)
    done = run(addressed, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_first_example_shows_a_validated_read(base_url: str) -> None:
    """It says of itself that a request transferred nothing."""
    assert EXAMPLES[0].count(CLIENT) == 1
    done = run(EXAMPLES[0].replace('region="us"', f'base_url="{base_url}"'))
    assert re.fullmatch(r"1 of \d+ requests transferred nothing\n", done.stdout)


def test_an_example_that_fails_is_seen() -> None:
    """Control: a program that does not run is told from one that does."""
    assert run("import clio_async.nothing").returncode == 1


def test_there_is_an_example_of_ten_lines() -> None:
    """The first thing to read is short."""
    assert 10 == len([line for line in EXAMPLES[0].splitlines() if line])


def test_it_opens_with_the_two_commands() -> None:
    """Who comes here first wants to see it run."""
    assert re.findall(r"^make \w+", README, re.MULTILINE)[:2] == ["make demo", "make test"]
    assert README.index("make demo") < 100


def test_every_command_exists() -> None:
    """Every `make` target that is named is one."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {"".join(pair) for pair in re.findall(r"^make ([\w-]+)|`make ([\w-]+)`", README, re.MULTILINE)}
    assert {"demo", "test", "check"} <= named <= targets


def test_the_layout_is_the_one_on_disk() -> None:
    """Every module and folder that the layout names exists, and every folder there is, is named."""
    tree = README.partition("## Layout")[2].partition("```\n")[2].partition("```")[0]
    package = Path(clio_async.__file__).parent
    named = set(re.findall(r"(?<![\w/])\w+(?:\.py|/)(?= )", tree.replace("\n", " ")[len("clio_async/") :]))
    missing = {name for name in named if not (package / name).exists()} - {"_generated/"}
    assert missing == set()
    folders = {f"{path.name}/" for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= named


def test_every_error_exists() -> None:
    """Every error of the table is public, and every public error of Clio's answers is in the table."""
    table = README.partition("## Errors")[2].partition("##")[0]
    names = set(re.findall(r"`([A-Z]\w+)`", table.partition("|---")[2]))
    assert names <= set(clio_async.__all__)
