"""The README: what it shows runs, what it names is there, and it answers a newcomer's questions in their order."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import clio_async
from clio_async.testing.simulator import control

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
OTHERS = re.findall(r"^```py\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHELL = [
    line.partition("  #")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
REDIS = "redis://localhost:6379/0"
CLIENT = 'Clio("ACCESS-TOKEN", region="us")'
SERVED = "http://127.0.0.1:8918"

HEADINGS = [
    "Two commands",
    "Your first call",
    "Choosing fields",
    "Keeping copies current",
    "Writing safely",
    "Versions",
    "Many firms",
    "Threads",
    "Documents and reports",
    "Webhooks",
    "Your own tests",
    "Errors",
    "Limits",
    "Other clients",
    "Moving over",
    "Speed",
    "Layout and contributing",
]
"""What a newcomer asks, in that order."""

NOT_RUN = {
    "make demo": "its target is there; tests/test_demo.py runs what it does",
    "make test": "its target is there; this is part of it",
    "pip install CHECKOUT": "`make dist-test` installs the package in an environment of its own",
    "pip install 'CHECKOUT[cli]'": "the same",
    "clio-async login --client-id YOUR-CLIENT-ID --region us": "tests/cli/test_login.py plays the user",
}
"""The commands that are not run here, and why."""
SERVERS = [line for line in SHELL if line.startswith("clio-async simulate")]
COMMANDS = [line for line in SHELL if line not in {*NOT_RUN, *SERVERS}]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve a firm as the README says, at a port that is free."""
    command = [sys.executable, "-m", "clio_async.cli", *shlex.split(SERVERS[-1].replace("8918", "0"))[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
        server.terminate()


@pytest.fixture(scope="module")
def base_url(address: str) -> str:
    return address + "/api/v4"


def run(source: str, place: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program as a user would, with warnings as errors. `place` is where it leaves its files."""
    return execute([sys.executable, "-W", "error", "-c", source], place)


def execute(command: Sequence[str], place: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CLIO_TOKEN": "ACCESS-TOKEN", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=place, env=env)


@pytest.mark.parametrize("example", [example for example in EXAMPLES if "\ndef test_" not in example])
def test_every_example_runs(example: str, base_url: str, redis_url: str, tmp_path: Path) -> None:
    """What the README shows runs as it stands, but for the addresses."""
    addressed = example.replace('region="us"', f'base_url="{base_url}"').replace(REDIS, redis_url)
    done = run(addressed, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("loaded", ["once", "for good"])
def test_every_test_that_is_shown_passes(loaded: str, tmp_path: Path) -> None:
    """They are run by pytest, those with `async` on asyncio and on trio, with the plugin that the first line names, or
    that the settings name which are shown."""
    (example,) = [example for example in EXAMPLES if "\ndef test_" in example]
    (tmp_path / "test_shown.py").write_text(example)
    options = shlex.split(example.splitlines()[0].removeprefix("# pytest "))
    if loaded == "for good":
        found = re.search(r"`(addopts = [^`]+)` under `(\[tool\.pytest[^`]+)`", " ".join(README.split()))
        assert found is not None
        (tmp_path / "pyproject.toml").write_text(f"{found[2]}\n{found[1]}\n")
        options = []
    done = execute([sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider", *options], tmp_path)
    assert done.returncode == 0, done.stdout
    assert f"{example.count('def test_') + example.count('async def test_')} passed" in done.stdout


def test_the_first_example_shows_a_validated_read(base_url: str) -> None:
    """It says of itself that a request transferred nothing."""
    assert EXAMPLES[0].count(CLIENT) == 1
    done = run(EXAMPLES[0].replace('region="us"', f'base_url="{base_url}"'))
    assert re.fullmatch(r"1 of \d+ requests transferred nothing\n", done.stdout)


def test_an_example_that_fails_is_seen() -> None:
    """Control: a program that does not run is told from one that does."""
    assert run("import clio_async.nothing").returncode == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, address: str, tmp_path: Path) -> None:
    """Against the firm that is served, with its token. What asks before it writes is told yes."""
    program, *arguments = shlex.split(command.replace("--region us", "").replace(SERVED, address))
    (tmp_path / "brief.txt").write_text("May it please the court")
    if program == "clio-async":
        arguments += ["--yes"] * ("--write-to" in arguments) + ["--base-url", address + "/api/v4"]
        done = execute([sys.executable, "-m", "clio_async.cli", *arguments], tmp_path)
    elif shutil.which("curl") is None:
        pytest.skip("curl is not installed here, and the README shows it")
    else:
        done = execute(["curl", *arguments, "--fail"], tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.strip()


def test_every_server_that_is_started_starts() -> None:
    """The options are known: the first line says that it is ready."""
    for server in SERVERS:
        command = [sys.executable, "-m", "clio_async.cli", *shlex.split(server.replace("8918", "0"))[1:]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as started:
            assert started.stdout is not None
            assert ["ACCESS-TOKEN"] == json.loads(started.stdout.readline())["tokens"]
            started.terminate()
        assert 0 == started.returncode


def test_what_is_not_run_is_there_and_has_a_reason() -> None:
    """No command is listed that the README does not show; other code of Python is other libraries', and can be read."""
    assert {*NOT_RUN} <= {*SHELL}
    fences = re.findall(r"^```(\w*)$", README, re.MULTILINE)
    assert {"python", "py", "sh", ""} == {*fences}
    assert 1 == README.count("```\nclio_async/\n")  # the layout is the only block that is no program
    assert 2 * (len(EXAMPLES) + len(OTHERS) + fences.count("sh") + 1) == len(fences)
    for other in OTHERS:
        ast.parse("async def main():\n" + re.sub("^", "    ", other, flags=re.MULTILINE))
        assert "clio_async" not in other


def test_there_is_an_example_of_ten_lines() -> None:
    """The first thing to read is short."""
    assert 10 == len([line for line in EXAMPLES[0].splitlines() if line])


def test_it_opens_with_what_it_is_and_the_two_commands() -> None:
    """Who comes here first reads what it is, sees a program, and learns how to try it without a token."""
    first, second = README.partition("## ")[0], README.partition("## Two commands")[2].partition("\n## ")[0]
    assert len(first.splitlines()) <= 40
    assert "clio-async simulate" in first
    assert re.findall(r"^make \w+", second, re.MULTILINE) == ["make demo", "make test"]


def test_the_questions_are_answered_in_their_order() -> None:
    """The headings are those of a newcomer."""
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)
    assert HEADINGS == re.findall(r"^## (.+)$", prose, re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings of a page, as they are made where it is shown."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    }


def broken(text: str) -> set[str]:
    """Return the links of a page that lead nowhere: to a file or heading that is not there, or without an address."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    found = set()
    for link in [*re.findall(r"\]\(([^)\s]+)\)", prose), *re.findall(r"^\[\w+\]: (\S+)$", prose, re.MULTILINE)]:
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        if not (ROOT / path).exists() or (
            anchor and anchor not in anchors((ROOT / path).read_text() if path else text)
        ):
            found.add(link)
    named = set(re.findall(r"\[[^]]+\]\[(\w+)\]", prose))
    return found | (named - set(re.findall(r"^\[(\w+)\]: ", prose, re.MULTILINE)))


def test_every_link_leads_somewhere() -> None:
    """Files and headings of this checkout exist."""
    assert set() == broken(README)


def test_the_control_a_link_that_leads_nowhere_is_seen() -> None:
    """To a file, to a heading here and elsewhere, and to an address that is not given."""
    assert {"nothing.md", "#nothing", "README.md#nothing", "four"} == broken(
        "# Here\n[a](nothing.md) [b](#nothing) [c](README.md#nothing) [d][four] [e](#here) [f](README.md#limits)"
    )


def test_every_example_to_copy_is_named() -> None:
    """Who looks for one finds it here."""
    files = {path.name for path in (ROOT / "tests" / "examples").glob("[a-z]*.py") if not path.name.startswith("test_")}
    assert files == set(re.findall(r"\(tests/examples/(\w+\.py)\)", README))


def test_every_command_of_make_exists() -> None:
    """Every `make` target that is named is one."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {"".join(pair) for pair in re.findall(r"^make ([\w-]+)|`make ([\w-]+)`", README, re.MULTILINE)}
    assert {"demo", "test", "check"} <= named <= targets


def test_what_the_control_endpoint_knows_is_what_is_said() -> None:
    """The words that the README lists are those that the endpoint takes, all of them."""
    said = " ".join(README.split()).partition("under `/_simulator/`: POST")[2].partition(". Arguments")[0]
    posted, got = said.split("; and GET")
    listed = [("POST", name) for name in re.findall(r"`(\w+)`", posted)]
    listed += [("GET", name) for name in re.findall(r"`(\w+)`", got)]
    assert {*control._ACTS} == {*listed}


def test_the_layout_is_the_one_on_disk() -> None:
    """Every module and folder that the layout names exists, and every folder there is, is named."""
    tree = README.partition("```\nclio_async/\n")[2].partition("```")[0]
    package = Path(clio_async.__file__).parent
    named = set(re.findall(r"(?<![\w/])\w+(?:\.py|/)(?=[ ,:;)])", tree.replace("\n", " ")))
    assert {"client.py", "pages.py", "protocol/"} <= named
    missing = {name for name in named if not (package / name).exists()} - {"_generated/"}
    assert missing == set()
    folders = {f"{path.name}/" for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= named


def test_every_error_exists() -> None:
    """Every error of the table is public, and every public error of Clio's answers is in the table."""
    table = README.partition("## Errors")[2].partition("##")[0]
    names = set(re.findall(r"`([A-Z]\w+)`", table.partition("|---")[2].partition("\n\n")[0]))
    assert names <= set(clio_async.__all__)
    assert {error.__name__ for error in clio_async.APIError.__subclasses__()} <= names | {"APIError"}


def test_the_table_of_figures_has_its_place() -> None:
    """`make bench` writes it between two comments."""
    assert README.index("<!-- benchmarks -->") < README.index("<!-- /benchmarks -->")
